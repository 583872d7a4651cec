#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: measure what frames cost.  Three cards of one chip on one wire, by their
# addresses on the bus: ours, the kernel's own, and where the frames come from.  No
# other protocol is to send anything, and what boots in the background to have finished.
rate=8000	# interrupts in a second, at most; the same for both drivers
pci=/sys/bus/pci/devices

for interface in all default; do
	echo 1 >/proc/sys/net/ipv6/conf/$interface/disable_ipv6 2>/dev/null
done
for card in 10:streams_e1000g 11:e1000 12:e1000; do
	echo "${card#*:}" >"$pci/0000:00:${card%:*}.0/driver_override" || exit 1
done
modprobe e1000 InterruptThrottleRate=$rate,$rate || exit 1
modprobe streams && modprobe streams_e1000g itr=$rate || exit 1
for interface in /sys/class/net/*; do
	[ ! -e "$interface/device" ] || ip link set "$(basename "$interface")" up || exit 1
done
sleep 5
address=52:54:00:00:00
wire $address:10 $address:11 $address:12 $address:13 || exit 1
grep -i ' [tw] ' /proc/kallsyms
exit 0
