#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tests in user space, with a time budget for each, as KTAP.
#
#	check.sh FOLDER		of the programs, that `make` has built
#
# SEED=n repeats a run, as far as threads let it: the seed of each is in its output.
set -uo pipefail
programs=$1
seed=${SEED:-$(date +%N | sed 's/^0*//')}
cpus=$(nproc)
[ "$cpus" -gt 8 ] && cpus=8
[ "$cpus" -lt 2 ] && cpus=2
count=0
failed=0

point() { # status, name
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count $2"
	else
		echo "not ok $count $2"
		failed=1
	fi
}

# ThreadSanitizer wants its place in memory, which a kernel may give to something else.
fixed=()
setarch -R true 2>/dev/null && fixed=(setarch -R)

# VARIANT TEST CPUS SECONDS INTERRUPTS
run() {
	timeout $(($4 * 4 + 60)) "${fixed[@]}" "$programs/$1/stress" "$2" "$3" "$4" "$seed" "$5" 2>&1
}

good() {
	run "$@"
	point $? "$2 on $3 CPUs, $1, $5"
}

# What is broken on purpose is found: in one of a few runs, since it takes bad luck.
found() {
	local tries output
	for tries in 1 2 3 4 5; do
		output=$(run "$@")
		if [ $? -eq 1 ]; then
			echo "${output//BROKEN/as it should be}"
			point 0 "$2 on $3 CPUs finds what $5 breaks"
			return
		fi
	done
	point 1 "$2 on $3 CPUs finds what $5 breaks, in $tries runs"
}

echo "KTAP version 1"
echo "1..9"
echo "# SEED=$seed"
good plain stress "$cpus" 7 signals
good plain stress $((2 * cpus)) 5 membarrier
good tsan stress "$cpus" 10 membarrier
good asan stress "$cpus" 4 signals
good plain tight 2 3 signals
good plain tight 2 3 membarrier
found plain tight 2 3 no-fence
found plain tight 2 3 no-barrier
good plain recovery "$cpus" 3 signals
exit $failed
