#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run one step of a check: its output goes to a log, one line to the terminal,
# and its outcome as KTAP to a file, so that every other step still runs.
#
#   step.sh NAME command...
#
# BUILD names the build folder.  A step that writes $STEP_KTAP itself (a VM with
# many tests in it) is counted by that file; if it leaves none, or fails without
# a failing point in it, a point of its own is added.
set -uo pipefail

name=$1
shift
build=${BUILD:-build}
mkdir -p "$build/logs" "$build/results"
log=$build/logs/$name.log
export STEP_KTAP=$build/results/$name.ktap
rm -f "$STEP_KTAP"
here=$(dirname "$0")

start=$SECONDS
printf '  %-9s %s\n' "..." "$name"
"$@" >"$log" 2>&1 </dev/null
status=$?
took=$((SECONDS - start))

if [ ! -s "$STEP_KTAP" ]; then
	points=""
	{
		echo "KTAP version 1"
		echo "1..1"
		[ $status -eq 0 ] && echo "ok 1 $name" || echo "not ok 1 $name"
	} >"$STEP_KTAP"
else
	points=$(python3 "$here/ktap.py" --quiet "$STEP_KTAP")
	counted=$?
	if [ $status -ne 0 ] && [ $counted -eq 0 ]; then
		echo "not ok 9999 $name: exit status $status" >>"$STEP_KTAP"
	fi
	[ $counted -eq 0 ] || status=1
fi

if [ $status -eq 0 ]; then
	printf '  %-9s %s (%d s)%s\n' ok "$name" $took "${points:+ $points}"
else
	printf '  %-9s %s (%d s)%s\n' FAILED "$name" $took "${points:+ $points}"
	python3 "$here/ktap.py" --failures "$STEP_KTAP" | sed 's/^/            /'
	echo "            last lines of $log:"
	tail -n 40 "$log" | sed 's/^/            | /'
fi
exit 0
