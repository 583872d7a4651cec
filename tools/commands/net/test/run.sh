#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What can be said of dlsnoop and dlpiutil without a kernel: frames in words, filters,
# capture files, and how they take their command lines.
#
#   run.sh INCLUDE OUT	(OUT holds dlsnoop and dlpiutil)
# shellcheck disable=SC2086 # lists of words
set -eu
here=$(cd "$(dirname "$0")" && pwd)
include=$1
out=$(cd "$2" && pwd)
CC=${CC:-cc}
work=$out/test-net
warn="-Wall -Wextra -Werror"
# shellcheck source=tools/build/what.sh
. "$here/../../../build/what.sh"

rm -rf "$work"
mkdir -p "$work"

pieces() {
	$CC -std=gnu11 $warn -O1 -g -fsanitize=address,undefined -D_GNU_SOURCE -I"$include" \
		-o "$work/net" "$here/../"*.c "$here/net.c" && "$work/net" "$here/frames.txt"
}

# exits STATUS COMMAND...
exits() {
	wanted=$1 status=0
	shift
	"$@" </dev/null || status=$?
	[ $status = "$wanted" ] || { echo "$*: $status"; return 1; }
}

# A capture of three frames of a machine that counts from the other end: an ARP request,
# a ping, and a frame that was cut.
big_endian_capture() {
	printf '\241\262\303\324\0\2\0\4\0\0\0\0\0\0\0\0\0\0\377\377\0\0\0\1'
	printf '\0\0\0\7\0\0\0\144\0\0\0\52\0\0\0\52'
	printf '\377\377\377\377\377\377\2\0\0\0\0\1\10\6\0\1\10\0\6\4\0\1'
	printf '\2\0\0\0\0\1\12\0\0\1\0\0\0\0\0\0\12\0\0\2'
	printf '\0\0\0\7\0\0\1\144\0\0\0\56\0\0\0\56'
	printf '\2\0\0\0\0\2\2\0\0\0\0\1\10\0\105\0\0\40\0\1\0\0\100\1\146\326'
	printf '\12\0\0\1\12\0\0\2\10\0\0\0\0\1\0\1abcd'
	printf '\0\0\0\10\0\0\0\144\0\0\0\20\0\0\5\334'
	printf '\2\0\0\0\0\2\2\0\0\0\0\1\10\0\105\0'
}

printed() {
	big_endian_capture >"$work/in.pcap"
	cat >"$work/wanted" <<-END
	   0.000000  42 bytes, ARP: who has 10.0.0.2? tell 10.0.0.1
	   0.000256  46 bytes, IPv4 10.0.0.1 -> 10.0.0.2: ICMP echo request, id 1, number 1, 4 bytes
	   1.000000  1500 bytes, IPv4 cut short
	END
	"$out/dlsnoop" -r "$work/in.pcap" | diff "$work/wanted" -
}

# What is written is the same again, and what is left of it after a filter is less.
written() {
	"$out/dlsnoop" -q -r "$work/in.pcap" -w "$work/copy.pcap" &&
	"$out/dlsnoop" -r "$work/copy.pcap" | diff "$work/wanted" - &&
	[ "$(wc -c <"$work/copy.pcap")" = "$(wc -c <"$work/in.pcap")" ] &&
	[ "$(od -An -tx4 -N4 "$work/copy.pcap")" = " a1b2c3d4" ]
}

filtered() {
	[ "$("$out/dlsnoop" -r "$work/in.pcap" icmp | wc -l)" = 1 ] &&
	[ "$("$out/dlsnoop" -r "$work/in.pcap" 'arp or icmp' | wc -l)" = 2 ] &&
	[ "$("$out/dlsnoop" -r "$work/in.pcap" not arp | wc -l)" = 2 ] &&
	"$out/dlsnoop" -er "$work/in.pcap" arp | grep -q '02:00:00:00:00:01 -> broadcast' &&
	[ "$("$out/dlsnoop" -c 1 -r "$work/in.pcap" | wc -l)" = 1 ] &&
	"$out/dlsnoop" -r "$work/in.pcap" -w - icmp | "$out/dlsnoop" -xr - >"$work/dump" &&
	grep -qF '0010   00 20 00 01 00 00 40 01  66 d6 0a 00 00 01 0a 00  . ....@.f.......' "$work/dump"
}

lines_of_dlsnoop() {
	exits 2 "$out/dlsnoop" && exits 2 "$out/dlsnoop" -r "$work/in.pcap" nonsense &&
	exits 2 "$out/dlsnoop" -c 0 -r "$work/in.pcap" && exits 2 "$out/dlsnoop" -p all nix0 &&
	exits 1 "$out/dlsnoop" -r "$work/none.pcap" && exits 1 "$out/dlsnoop" -r "$work/wanted" &&
	exits 1 "$out/dlsnoop" nosuchlink0
}

lines_of_dlpiutil() {
	exits 2 "$out/dlpiutil" && exits 2 "$out/dlpiutil" nonsense && exits 2 "$out/dlpiutil" info &&
	exits 2 "$out/dlpiutil" send nix0 01 && exits 2 "$out/dlpiutil" send -r nix0 &&
	exits 2 "$out/dlpiutil" send -r nix0 0 && exits 2 "$out/dlpiutil" info nix0 nix1 &&
	exits 2 "$out/dlpiutil" send -s 65536 nix0 01 && exits 1 "$out/dlpiutil" info nosuchlink0 &&
	exits 1 "$out/dlpiutil" info nolink && exits 0 "$out/dlpiutil" list
}

# Somebody else's reader: the head is that of version 2.4 and of Ethernet, the frames are
# those that went in.
foreign() {
	"$out/dlsnoop" -q -r "$work/in.pcap" -w "$work/whole.pcap" 'arp or icmp' &&
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here/../../../../selftests/nic" python3 - "$work" <<-END
	import frames, itertools, struct, sys
	with open(sys.argv[1] + "/whole.pcap", "rb") as file:
	    head = struct.unpack("=IHHiIII", file.read(24))
	written = list(frames.records(sys.argv[1] + "/whole.pcap"))
	wanted = list(itertools.islice(frames.records(sys.argv[1] + "/in.pcap"), 2))
	assert head[:3] == (0xA1B2C3D4, 2, 4) and head[6] == 1, head
	assert head[5] >= 65535, head
	assert [len(frame) for frame in wanted] == [42, 46] and written == wanted, written
	END
}

# Who names an interface of Linux, or a driver that is not loaded, is told what to do.
hints() {
	! "$out/dlsnoop" lo 2>"$work/hint" &&
	grep -q "streams_netdev.* netdev$(cat /sys/class/net/lo/ifindex)\$" "$work/hint" &&
	! "$out/dlpiutil" info nosuchlink0 2>"$work/hint" &&
	grep -q 'modprobe streams_nosuchlink)' "$work/hint" &&
	! "$out/dlpiutil" info nolink- 2>"$work/hint" && [ "$(wc -l <"$work/hint")" = 2 ]
}

echo 1..8
what "frames, filters, files and text" pieces
what "a capture in words" printed
what "a capture written again" written
what "a part of a capture" filtered
what "a capture as others read it" foreign
what "command lines of dlsnoop" lines_of_dlsnoop
what "command lines of dlpiutil" lines_of_dlpiutil
what "hints for who names no link" hints

all_said
