#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: run every program in /test/bench.  What boots in the background is
# given time to finish: each of its instructions would be counted as ours.
for module in /lib/modules/*/extra/streams*.ko; do
	modprobe "$(basename "$module" .ko)" || exit 1
done
sleep 5
status=0
for program in /test/bench/*; do
	"$program" || { echo "# $program: exit status $?"; status=1; }
done
exit $status
