#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: with the rules watched, the modules of selftests/rules/wrong, which
# I_PUSH loads by itself, and what must come of them.
. /live.sh
STREAMS_SLOW=$(sed -n 's/.*\btest.slow=\([^ ]*\).*/\1/p' /proc/cmdline)
export STREAMS_SLOW
dmesg | grep -q KernelAddressSanitizer && export STREAMS_KASAN=1
modprobe streams rules=1 || exit 1
[ "$(cat /sys/module/streams/parameters/rules)" = Y ] || exit 1
empty=$(live)
modprobe streams_loop || exit 1
failed=0
for program in /test/rules/*; do
	$program || failed=1
done
for module in /sys/module/streams/holders/*; do
	rmmod "$(basename "$module")" || exit 1
done
as_before "$empty" && rmmod streams && exit $failed
