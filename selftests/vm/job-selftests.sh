#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM: load the modules, run every program in /test/selftests, unload, and
# look for what was not given back: after each program, streams, queue pairs,
# perimeters and messages; in the end, memory.
. /live.sh
word() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
limit=$(word test.limit)
STREAMS_SLOW=$(word test.slow)
STREAMS_SHARE=$(word test.share)
STREAMS_MUST=${STREAMS_MUST:-1} # all drivers are here, and this is root
export STREAMS_SLOW STREAMS_SHARE STREAMS_MUST
failed=0
number=0

point() {
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number $2"
	else
		echo "not ok $number $2"
		failed=1
	fi
}

names() {
	for module in /lib/modules/*/extra/streams*.ko; do
		basename "$module" .ko
	done
}

# Unload in whatever order the references allow; the framework last.
unload() {
	for _ in 1 2 3; do
		for name in $(names | grep -vx streams | sort -r); do
			[ -d "/sys/module/$name" ] && rmmod "$name" 2>/dev/null
		done
	done
	as_before "$empty" || return 1
	rmmod streams
	for name in $(names); do
		[ -d "/sys/module/$name" ] || continue
		echo "# $name stays: $(cat "/sys/module/$name/refcnt") references"
		return 1
	done
}

kmemleak=/sys/kernel/debug/kmemleak
# kmemleak reports what is older than five seconds and is found twice.
leaks() {
	sleep 6
	echo scan >$kmemleak
	sleep 1
	echo scan >$kmemleak
	cat $kmemleak >/tmp/leaks
	sed 's/^/# /' /tmp/leaks
	[ ! -s /tmp/leaks ]
}

set -- /test/selftests/*
echo "1..$(($# + 2 + $([ -w $kmemleak ] && echo 1 || echo 0)))"
[ -w $kmemleak ] && echo scan >$kmemleak && echo clear >$kmemleak

status=0
modprobe streams || status=1
empty=$(live)
for name in $(names); do
	modprobe "$name" || status=1
done
point $status "the modules load"

for program; do
	name=$(basename "$program")
	before=$(live)
	echo "    # Subtest: $name"
	{ timeout -s KILL "${limit:-120}" "$program" 2>&1; echo $? >/tmp/status; } | sed 's/^/    /'
	as_before "$before" || echo 1 >/tmp/status
	point "$(cat /tmp/status)" "$name"
done

unload
point $? "the modules unload"
if [ -w $kmemleak ]; then
	leaks
	point $? "nothing is left allocated"
fi
exit $failed
