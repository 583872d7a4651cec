#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: the sample modules of selftests/oot, which I_PUSH loads by itself.
. /live.sh
STREAMS_SLOW=$(sed -n 's/.*\btest.slow=\([^ ]*\).*/\1/p' /proc/cmdline)
export STREAMS_SLOW
modprobe streams || exit 1
empty=$(live)
modprobe streams_loop || exit 1
for program in /test/oot/*; do
	$program || exit 1
done
for module in /sys/module/streams/holders/*; do
	rmmod "$(basename "$module")" || exit 1
done
as_before "$empty" && rmmod streams
