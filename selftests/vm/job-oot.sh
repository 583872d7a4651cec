#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: the sample modules of selftests/oot, which I_PUSH loads by itself.
. /live.sh
modprobe streams || exit 1
empty=$(live)
modprobe streams_loop || exit 1
/test/oot || exit 1
for module in upcase tally linecut streams_loop; do
	rmmod $module || exit 1
done
as_before "$empty" && rmmod streams
