# shellcheck shell=bash disable=SC2034 # who sources this reads what it sets
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by the checks: one KTAP point a rule.  A check collects what breaks the
# rule in $found and then calls point.  At the end $number is the count of points
# and $bad says whether one failed.
number=0
bad=0
found=$(mktemp)
trap 'rm -f "$found"' EXIT

# point NAME: good if nothing was collected in $found
point() {
	number=$((number + 1))
	if [ -s "$found" ]; then
		sed 's/^/# /' "$found" | head -n 20
		echo "not ok $number $1"
		bad=1
	else
		echo "ok $number $1"
	fi
	: >"$found"
}
