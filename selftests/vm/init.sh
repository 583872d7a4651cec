#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The first process in a test VM: mount what is needed, run /job, say how it went.
#
# Results go where vm.results= on the kernel's command line says: a serial line
# (the kernel's console is another) or a file of UML's host.  The last line is
# "VM-END <status>"; a VM that does not say it has not ended well.
export PATH=/bin:/sbin:/test HOME=/ TERM=dumb
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
mount -t tmpfs tmpfs /tmp
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts 2>/dev/null
mount -t tmpfs tmpfs /dev/shm
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null

results=$(sed -n 's/.*\bvm\.results=\([^ ]*\).*/\1/p' /proc/cmdline)
case $results in
hostfs:*)
	results=${results#hostfs:}
	mkdir /host
	mount -t hostfs -o "${results%/*}" none /host
	results=/host/${results##*/}
	;;
*)
	results=/dev/$results
	stty -F "$results" -opost
	;;
esac
ip link set lo up 2>/dev/null || ifconfig lo 127.0.0.1 2>/dev/null

sh /job >"$results" 2>&1 </dev/null
status=$?

# A report that a worker prints a moment later belongs to the run as well.
sleep 1
echo "VM-END $status" >>"$results"
sync
sleep 0.2
poweroff -f
