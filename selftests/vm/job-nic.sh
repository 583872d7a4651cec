#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: give each network card to whom it belongs, by its address on the bus
# (selftests/nic/host.py), then do as job-selftests.sh does, once for each card of ours.
pci=/sys/bus/pci/devices
of_slot() { basename "$pci/0000:00:$1.0"/0000:*:00.0; }

# belongs DEVICE DRIVER
belongs() {
	echo "$2" >"$pci/$1/driver_override" || exit 1
}

belongs "$(of_slot 08)" streams_e1000g
belongs "$(of_slot 09)" streams_e1000g
belongs 0000:00:10.0 e1000
belongs 0000:00:11.0 e1000e
belongs 0000:00:12.0 streams_e1000g
modprobe e1000 && modprobe e1000e || exit 1
for interface in /sys/class/net/*; do
	[ ! -e "$interface/device" ] || ip link set "$(basename "$interface")" up || exit 1
done
for interface in /sys/class/net/*; do
	[ -e "$interface/device" ] || continue
	for _ in $(seq 100); do
		[ "$(cat "$interface/carrier")" = 1 ] && break
		sleep 0.1
	done
done

# Where everything takes long, the second card has only what is about its own kind of
# interrupt, link, filter and bus, and some frames.  So has the third everywhere, which is
# much like it, and is in no slot that cards can be pulled out of.
crawls=$(grep -oE 'test.slow=([5-9]|[0-9]{2,})' /proc/cmdline)
mkdir -p /test/selftests
for card in n0 n1 x1; do
	for program in /test/nic/*; do
		words=
		case $crawls/$card/$(basename "$program") in
		*/x1/ping|*/x1/link|test*/n1/ping|test*/n1/link|test*/n1/plug|test*/n1/filter) ;;
		*/x1/transfer|test*/n1/transfer) words=" -v bound" ;;
		*/x1/*|test*/n1/*) continue ;;
		esac
		wrapper=/test/selftests/$card-$(basename "$program")
		printf '#!/bin/sh\nNIC_CARD=%s exec %s%s\n' "$card" "$program" "$words" >"$wrapper"
		chmod +x "$wrapper"
	done
done
# A port tells of errors in the configuration space that PCI Express has added.  A kernel
# that does not see it cannot do all that a card may live to see.
[ "$(wc -c <$pci/0000:00:08.0/config)" = 4096 ] || export STREAMS_MUST=0
. /test/job-selftests.sh
