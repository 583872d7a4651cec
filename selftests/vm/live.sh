# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the VM, sourced by jobs: what the framework has alive, and whether it is as
# much as before.

live() {
	grep '^live_' /sys/kernel/debug/streams/stat
}

# as_before LIVE: it is so again, at the latest in a while.  What is freed is freed
# after a grace period or two, and another CPU may be at it.
as_before() {
	for _ in $(seq 50); do
		[ "$(live)" = "$1" ] && return 0
		sleep 0.1
	done
	# shellcheck disable=SC2086,SC2046 # in one line
	{
		echo "# alive before:" $1
		echo "# alive after: " $(live)
	}
	return 1
}

