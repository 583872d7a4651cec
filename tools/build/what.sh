# SPDX-License-Identifier: GPL-2.0-only
#
# For tests in the shell: one line of KTAP for each thing that is said of a program.
# Source it with $work, a folder for the log, set.
# shellcheck shell=sh disable=SC2154 # $work is the caller's
n=0 failed=0

# what NAME COMMAND...: one result line; the output of a failure follows it
what() {
	n=$((n + 1)) name=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		echo "ok $n $name"
	else
		echo "not ok $n $name"
		grep -v '^ok' "$work/log" | head -n 20 | sed 's/^/# /'
		failed=$((failed + 1))
	fi
}

# all_said: the end; fails if something did
all_said() {
	[ $failed -eq 0 ] || { echo "# $failed of $n failed"; return 1; }
}
