#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Check the models of the perimeters with spin, exhaustively; the outcome is KTAP.
#
#   run.sh [PATTERN]	all, or those of which the name matches the shell pattern
#
# Three kinds of points:
#
#   holds NAME MODEL THREADS [DEFINE...]
#	no state breaks a promise
#   breaks PROMISE DEFINE MODEL THREADS [DEFINE...]
#	a mutant: without what DEFINE takes away, that promise is broken
#   happens NUMBER WHAT MODEL THREADS [DEFINE...]
#	what see(NUMBER) in the model marks is reached, so that the runs that hold
#	have seen it
#
# build/model/NAME keeps what a point was made of; there `spin -t -p -g model.pml` tells
# how an error came about.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=${BUILD:-$here/../../build}/model
only=${1:-*}
number=0
status=0

# In seconds and MB, for one run.
limit=200
memory=2500

# check NAME MODEL THREADS [DEFINE...]: 0: no error; 1: an error; 2: nothing is known
check() {
	local dir=$work/${1//[^a-zA-Z0-9]/-} model=$2 threads=$3 define
	local mode=(-DSAFETY -DNOCLAIM -DCOLLAPSE) how=()
	shift 3
	rm -rf "$dir" && mkdir -p "$dir" && cd "$dir" || return 2
	{
		echo "#define THREADS live = $(grep -o run <<<"$threads" | wc -l); $threads"
		for define in "$@"; do
			echo "#define ${define/=/ }"
			# Is there a run without an end?  None here has a state to come back to.
			[ "$define" != ENDS ] || mode=(-DNP) how=(-l)
		done
		echo "#include \"$here/$model.pml\""
	} >model.pml
	# Compiling takes longer than running, so it is not optimized.
	if ! spin -a model.pml >spin.log 2>&1 ||
		! gcc -O0 -w -DNOFAIR -DMEMLIM=$memory "${mode[@]}" -o pan pan.c >>spin.log 2>&1; then
		cat spin.log >&2
		return 2
	fi
	timeout $limit ./pan -n -m20000 -w22 "${how[@]}" >pan.log 2>&1
	rm -f pan pan.?
	grep -E "State-vector|states, stored" pan.log | tr '\n' ' ' >&2
	echo >&2
	if grep -qE "max search depth|reached -DMEMLIM|out of memory|truncated|not enough memory" pan.log; then
		return 2
	elif grep -q "errors: 0" pan.log && ! grep -q "not completed" pan.log; then
		return 0
	elif grep -q "errors: 1" pan.log; then
		return 1
	fi
	return 2
}

# point NAME GOOD [WHY]
point() {
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number $1"
	else
		echo "not ok $number $1${3:+: $3}"
		status=1
	fi
}

skip() {
	# shellcheck disable=SC2053 # a pattern it shall be
	[[ $1 != $only ]] || return 1
	number=$((number + 1))
	echo "ok $number $1 # SKIP not asked for"
}

holds() {
	local name="$2: $1"
	skip "$name" && return
	echo "$name" >&2
	check "$name" "${@:2}"
	case $? in
	0) point "$name" 0 ;;
	1) point "$name" 1 "$(grep -m1 pan:1 "$work/${name//[^a-zA-Z0-9]/-}/pan.log")" ;;
	*) point "$name" 1 "no result" ;;
	esac
}

breaks() {
	local name="$3: $1 breaks with $2" log
	skip "$name" && return
	echo "$name" >&2
	check "$name" "$3" "$4" "$2" "${@:5}"
	if [ $? -ne 1 ]; then
		point "$name" 1 "the mutant lives"
		return
	fi
	log=$work/${name//[^a-zA-Z0-9]/-}/pan.log
	grep pan:1 "$log" | grep -q "$1"
	point "$name" $? "another promise is broken: $(grep -m1 pan:1 "$log")"
}

happens() {
	local name="$3: it happens that $2"
	skip "$name" && return
	echo "$name" >&2
	check "$name" "$3" "$4" "SEEN=$1" "${@:5}"
	if [ $? -ne 1 ]; then
		point "$name" 1 "it does not"
		return
	fi
	grep pan:1 "$work/${name//[^a-zA-Z0-9]/-}/pan.log" | grep -q "$1!=$1"
	point "$name" $? "something else is wrong"
}

echo "KTAP version 1"
echo "1..$(grep -cE '^(holds|breaks|happens) ' "$0")"

# --- one counted perimeter ---------------------------------------------------------
one="run sender(0,0);run service(1)"
two="run sender(0,0);run sender(1,1)"
three="run guest(0,1,1);run service(2)"

holds "an open gate is closed" gate "$one" FIRST=0
holds "a gate that is fenced is closed" gate "$one"
holds "two senders" gate "$two;run service(1)" FIRST=0 MESSAGES=1
holds "two senders, fenced" gate "$two;run service(1)" MESSAGES=1
holds "two processes that want to be alone" gate \
	"run sender(0,0);run process(1,0);run process(0,1)" FIRST=0
holds "closed, opened by count, closed again" gate \
	"run sender(0,0);run process(1,0);run service(1)" SETTLES=1 MESSAGES=1
holds "closed while a fence is under way" gate \
	"run sender(0,0);run service(0);run service(1)" FIRST=0 MESSAGES=1
holds "a claim is given back on another CPU" gate \
	"run sender(0,0);run guest(0,1,1);run service(1)" MESSAGES=1
holds "the same, from an open gate" gate \
	"run sender(0,0);run guest(0,1,1);run service(1)" FIRST=0 MESSAGES=1
holds "qwriter" gate "$two" QWRITER
holds "qwriter beside an exclusive entry" gate "$one" QWRITER
holds "qwriter from an open gate" gate "$one" QWRITER FIRST=0
holds "too deeply nested" gate "$one" DEEP=1 FIRST=0
holds "what was written inside is seen" gate "$one" DATA
holds "the same, from an open gate" gate "$one" DATA FIRST=0
holds "a second claim for a claimant" gate "$three" TWICE CPUS=3
holds "turned away, and the queue is gone" gate "$one" GONE
holds "all comes to an end" gate "$one" ENDS MESSAGES=1

happens 1 "a fence is asked for" gate "$one" FIRST=0
happens 2 "a newcomer passes the drainer" gate "$two;run service(1)"
happens 3 "the gate has opened meanwhile" gate "$one" FIRST=0
happens 4 "a writer runs at once" gate "$one" QWRITER

# The orders that perimeter.hh names.
breaks alone NO_A gate "$one" FIRST=0
breaks alone NO_B gate "$one" FIRST=0
breaks none_left NO_C gate "$one" FIRST=0
breaks alone NO_ENTER_MB gate "$one"
breaks none_left NO_LEAVE_MB gate "$one"
breaks alone NO_EXCHANGE gate "$one"
breaks alone NO_OPEN_RELEASE gate "$one" DATA
breaks alone NO_LEAVE_RELEASE gate "$one" DATA
# Who looks when.  A kick after an undo is needed only if nothing follows: whoever defers
# looks under the lock.
breaks none_left NO_RECHECK gate "$one"
breaks none_left NO_LOOK_EXCLUSIVE gate "$one"
breaks none_left NO_UNDO_KICK gate "$one" GONE
breaks alone UNDO_ELSEWHERE gate "run sender(0,0);run guest(1,1,1);run service(2)" CPUS=3 MESSAGES=1
breaks alone COUNT_UNLOCKED gate "$three" TWICE CPUS=3
# When the sum can be trusted.
breaks alone NO_FENCED_CHECK gate "$one" FIRST=0
breaks alone KEEP_FENCED gate "$one" SETTLES=1
breaks none_left OPEN_UNLOCKED gate "$one" SETTLES=1
breaks alone WRITER_UNFENCED gate "$two" QWRITER FIRST=0
# The order of messages.
breaks order EARLY_COUNT gate "$one"
breaks order OPEN_EARLY gate "$one"
breaks order BACKLOG_IGNORED gate "$one"
breaks order WRITER_OPENS gate "$one" QWRITER
breaks non-progress TRIES_AGAIN gate "$one" ENDS MESSAGES=1

# --- inner and outer ones ------------------------------------------------------------
both="run sender(0);run sender(1)"
outside="$both;run process_outside(0,0)"
inside="$both;run process(0,1)"

holds "an open procedure with D_MTOCEXCL" nesting "$outside"
holds "the same, and writers" nesting "$outside" WRITES=1 MESSAGES=1
holds "writers of one stream" nesting "run sender(0);run process_outside(0,0)" WRITES=1
holds "a process inside, and writers" nesting "$inside" WRITES=1 MESSAGES=1
holds "two processes inside, and writers" nesting \
	"run sender(0);run process(0,1);run process(0,2)" WRITES=1
holds "a perimeter for each queue" nesting "$both;run process_of_both(1)" WRITES=1 MESSAGES=1

happens 1 "the outer gate opens before the place is taken" nesting "$outside"
happens 2 "an inner perimeter parks" nesting "$outside"
happens 3 "an owner has to turn back" nesting "$inside" WRITES=1 MESSAGES=1
happens 4 "a writer runs at once" nesting "$inside" WRITES=1 MESSAGES=1
happens 5 "a process runs what waits" nesting "$outside"

breaks none_left NO_KICK nesting "$outside"
breaks none_left NO_PARK nesting "$outside"
breaks none_left PARK_UNCHECKED nesting "$outside"
breaks order OUTER_FIRST nesting "$inside" WRITES=1 MESSAGES=1
breaks order NO_STOP nesting "$inside" WRITES=1 MESSAGES=1
breaks order WRITER_LAST nesting "$outside" WRITES=1
breaks none_left DRAIN_UNCLAIMED nesting "$outside"
breaks none_left GRANT_UNCLAIMED nesting "$inside" WRITES=1 MESSAGES=1
breaks none_left WAIT_WITH_CLAIM nesting "$inside" WRITES=1 MESSAGES=1
breaks none_left NOT_LENT nesting "$both;run process_of_both(1)" WRITES=1 MESSAGES=1

exit $status
