#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: measure, and say what lies at which address.  What boots in the
# background is given time to finish: each of its instructions would be counted.
for module in /lib/modules/*/extra/*.ko; do
	modprobe "$(basename "$module" .ko)" || exit 1
done
sleep 5
rows || exit 1
grep -i ' [tw] ' /proc/kallsyms
exit 0
