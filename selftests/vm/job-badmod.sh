#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: load the modules that do wrong on purpose (badmod/), give the
# detectors time, and look for leaks as job-selftests.sh does.
kmemleak=/sys/kernel/debug/kmemleak
[ -w $kmemleak ] && echo scan >$kmemleak && echo clear >$kmemleak
for module in /lib/modules/*/extra/badmod_*.ko; do
	name=$(basename "$module" .ko)
	modprobe "$name" || exit 1
	sleep 2
	rmmod "$name" || exit 1
done
if [ -w $kmemleak ]; then
	sleep 6
	echo scan >$kmemleak
	sleep 1
	echo scan >$kmemleak
	cat $kmemleak
fi
exit 0
