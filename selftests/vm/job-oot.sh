#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: the sample modules of selftests/oot, which I_PUSH loads by itself.
modprobe streams_loop || exit 1
/test/oot || exit 1
for module in upcase tally linecut streams_loop streams; do
	rmmod $module || exit 1
done
