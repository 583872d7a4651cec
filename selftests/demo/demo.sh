#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# STREAMS at work, for somebody who has never seen it.  Every line that begins
# with $ is a command, and what follows it is its output.
# Ends with a failure if something does not go as it is told.

PATH=$PATH:$(cd "$(dirname "$0")" && pwd)
extra=/lib/modules/$(uname -r)/extra
status=0

say() {
	echo
	for line; do
		echo "# $line"
	done
}

# run COMMAND: one that works; refused COMMAND: one that must not
run() {
	echo "\$ $1"
	eval "$1" 2>&1 || { echo "demo: that should have worked"; status=1; }
}

refused() {
	echo "\$ $1"
	! eval "$1" 2>&1 || { echo "demo: that should have been refused"; status=1; }
}

load() {
	if [ -d "$extra" ]; then
		run "modprobe $1"
	else
		run "insmod /modules/$1.ko"
	fi
}

# Descriptors outlive a command only when the shell itself opens them.
open_streams() {
	echo "\$ exec 3<>/dev/streams/loop0 4<>/dev/streams/loop1"
	exec 3<>/dev/streams/loop0 4<>/dev/streams/loop1 || exit 1
}

open_hub() {
	echo "\$ exec 5<>/dev/streams/hub 6<>/dev/streams/hub 7<>/dev/streams/hub"
	exec 5<>/dev/streams/hub 6<>/dev/streams/hub 7<>/dev/streams/hub || exit 1
}

close_5() {
	echo "\$ exec 5>&-"
	exec 5>&-
}

close_6_7() {
	echo "\$ exec 6>&- 7>&-"
	exec 6>&- 7>&-
}

close_4() {
	echo "\$ exec 4>&-"
	exec 4>&-
}

close_3() {
	echo "\$ exec 3>&-"
	exec 3>&-
}

# Its link comes up a moment after the card; QEMU's then takes another one to listen.
wait_for_eth0() {
	for _ in $(seq 100); do
		[ "$(cat /sys/class/net/eth0/carrier)" = 1 ] && break
		sleep 0.1
	done
	sleep 2
}

# The commands in the background have opened their streams when the last module is pushed.
wait_for_bufmod() {
	for _ in $(seq 100); do
		grep -q bufmod /sys/kernel/debug/streams/streams && break
		sleep 0.1
	done
	sleep 1
}

# Those in the background have this many streams of a driver; then they set them up.
wait_for_streams() {
	for _ in $(seq 100); do
		[ "$(grep -c "^stream $2 " /sys/kernel/debug/streams/streams)" -ge "$1" ] && break
		sleep 0.1
	done
	sleep 1
}

echo "Linux MT STREAMS on Linux $(uname -r), $(grep -c ^processor /proc/cpuinfo) CPUs"

say "1. Load the framework, drivers, and modules to push on their streams."
[ -d "$extra" ] || load streams
load streams_loop
load streams_nullmod
load streams_relay
load streams_hub
load streams_reword

say "2. The driver's nodes are there.  loop0 and loop1 are joined: what is written to" \
	"   one is read from the other.  Each open of \"loop\" would make a stream of its own."
run "ls -l /dev/streams/loop /dev/streams/loop0 /dev/streams/loop1"
open_streams
run "echo 'hello, bob' >&3; head -n 1 <&4"

say "3. Push modules on the stream of descriptor 3: messages now pass through them." \
	"   strconf lists a stream from the top to the driver."
run "strchg -h nullmod,relay <&3"
run "strconf <&3"
run "echo 'hello through two modules' >&3; head -n 1 <&4"
refused "strchg -h nosuch <&3"
run "strchg -p <&3; strconf <&3"

say "4. A message has a control part, a data part, or both, and keeps its boundaries." \
	"   Descriptor 3 is ann, 4 is bob."
run "demo parts"

say "5. Messages have priorities: what is urgent overtakes."
run "demo bands"

say "6. A writer is held when its reader does not keep up; nothing is lost."
run "demo flow"

say "7. See where messages wait: bob has a message that he has not read."
run "echo 'read me later' >&3"
run "cat /sys/kernel/debug/streams/streams"
run "head -n 1 <&4"

say "8. A perimeter says how many threads may be inside a module.  The hub joins any" \
	"   number of streams: one list, statistics for all, and a perimeter around the whole" \
	"   driver (D_MTPERMOD).  There is no lock in drivers/hub/hub.c."
open_hub
run "echo 'good morning, all' >&5; head -n 1 <&6; head -n 1 <&7"
run "demo hub"
close_5
run "cat <&6; cat <&7; echo the leader has closed: the others are at the end"
close_6_7

say "9. reword replaces words.  Its rules are common to all streams: messages read them in" \
	"   an outer perimeter that they share, and who changes them is alone in it (qwriter)."
run "strchg -h reword <&4"
run "demo rules cat=dog tea=coffee"
run "echo 'a cat drinks tea' >&3; head -n 1 <&4"
run "printf 'the c' >&3; echo 'at comes in pieces' >&3; head -n 1 <&4"
run "demo storm"
run "strstat | grep -E '^(writers_deferred|gate_closes|fence_rounds) '"
run "demo rules"
refused "rmmod streams_reword"
run "strchg -p <&4"

say "10. Two network cards are on one wire.  Linux's own driver has the first, ours takes the" \
	"    other: e1000g0.  Programs talk to it by DLPI; each open of it is a stream."
run "modprobe e1000; ip address add 10.0.0.1/24 dev eth0; ip link set eth0 up"
load streams_e1000g
run "dlpiutil monitor -c 5 e1000g0"
run "dlpiutil info e1000g0"
wait_for_eth0

say "11. Somebody answers to 10.0.0.2: a program on two streams of e1000g0, one for ARP, one" \
	"    for IP.  On a third stream frames are captured: the module pfmod lets those through" \
	"    that are wanted, bufmod gathers them, so that one read brings many."
load streams_pfmod
load streams_bufmod
run "responder e1000g0 10.0.0.2 & responder=\$!"
run "dlsnoop -q -w ping.pcap e1000g0 arp or icmp & snoop=\$!"
wait_for_bufmod
run "awk '/^stream/ { ours = /e1000g/; if (ours) print }
    ours && /^  [a-z]/ { print \"  \" \$1, \$3, \$4, \$5 }' /sys/kernel/debug/streams/streams | uniq"
run "ping -c 2 10.0.0.2"
run "kill \$snoop; wait \$snoop"
run "kill \$responder; wait \$responder"
run "ls -l ping.pcap; dlsnoop -r ping.pcap"
run "[ \$(dlsnoop -r ping.pcap icmp and src 10.0.0.2 | grep -c 'echo reply') = 2 ] && echo both were answered"
run "dlpiutil statistics e1000g0 | head -n 4"

say "12. Links without a card, to try things out: loopeth0 and loopeth1 are the ends of a" \
	"    wire.  hello is the program that Documentation/dlpi.rst shows."
load streams_loopeth
run "hello loopeth1 & hearer=\$!"
wait_for_streams 1 loopeth
run "hello loopeth0 'good morning' && wait \$hearer"
run "dlpiutil receive -s 0x88b5 -c 1 -w 20 loopeth1 & receiver=\$!"
wait_for_streams 1 loopeth
run "dlpiutil send -s 0x88b5 loopeth0 68 65 6c 6c 6f && wait \$receiver"
run "dlpiutil receive -r -p -c 1 -w 20 loopeth1 >raw & receiver=\$!"
wait_for_streams 1 loopeth
run "dlpiutil send -r loopeth0 02 00 00 00 00 99 02 00 00 00 00 98 88 b5 77 68 6f && wait \$receiver"
run "grep '02 00 00 00 00 99 02 00  00 00 00 98 88 b5 77 68' raw"

say "13. What dlsnoop sees: of one type and for us alone (-S, -p none), frame by frame (-B);" \
	"    or of all types and for all groups (-p multi).  Twenty bytes are kept of each (-s)."
run "dlsnoop -xB -S 0x88b5 -p none -s 20 -c 1 loopeth1 >ours 2>&1 & ours=\$!"
run "dlsnoop -x -p multi -s 20 -c 3 loopeth1 >groups & groups=\$!"
wait_for_streams 2 loopeth
run "dlpiutil send -s 0x88b5 -d 02:00:00:00:00:99 loopeth0 6e 6f 74 20 66 6f 72 20 75 73"
run "dlpiutil send -s 0x88b5 -d 01:00:5e:00:00:01 loopeth0 61 20 67 72 6f 75 70 20 75 73"
run "dlpiutil send -s 0x88b6 loopeth0 61 20 74 79 70 65 20 74 6f 6f"
run "dlpiutil send -s 0x88b5 loopeth0 65 76 65 72 79 62 6f 64 79 21"
run "wait \$ours && wait \$groups; cat ours; cat groups"
run "[ \$(grep -cE 'through loopeth|eryb\$' ours) = 2 ] && [ \$(grep -c ' 24 bytes' ours) = 1 ]"
run "[ \$(grep -cE '(grou|type|eryb)\$' groups) = 3 ] && echo as it was asked for"

say "14. What is in use cannot be unloaded."
refused "rmmod streams_loop"
refused "rmmod streams_nullmod"

say "15. bob goes.  ann reads what he left, then the end; writing fails."
run "echo 'goodbye, ann' >&4"
close_4
run "cat <&3"
refused "echo 'too late' >&3"
close_3

say "16. Nobody uses it any more: unload."
run "rmmod streams_loop && rmmod streams_nullmod && rmmod streams_relay"
run "rmmod streams_hub && rmmod streams_reword"
run "rmmod streams_e1000g && rmmod streams_loopeth && rmmod streams_dlpi && rmmod streams_pfmod && rmmod streams_bufmod"
run "sleep 1; strstat | grep '^live_'"
strstat | grep -qE '^live_(streams|pairs) .* [1-9]' && { echo "demo: something is left"; status=1; }
run "rmmod streams"
refused "ls /dev/streams"
run "lsmod | grep streams || echo none of ours is loaded"
echo
[ $status = 0 ] && echo "That is all." || echo "The demo did not go as it should."
exit $status
