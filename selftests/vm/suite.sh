#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The steps that `make check` and its parts are made of; the Makefile says which
# step waits for which.
#
#   suite.sh kernel KERNEL		have the kernel
#   suite.sh build KERNEL		build the modules against it, in build/KERNEL
#   suite.sh objects KERNEL		the object gates, and each C++ source alone
#   suite.sh oot KERNEL			the sample modules of selftests/oot, built and run
#   suite.sh rules KERNEL		modules that break the rules, and the rule checker
#   suite.sh programs			the test programs, static, in build/selftests
#   suite.sh kunit|selftests|perimeters|nic|badmod|demo|bench KERNEL	a VM
#
# A step prints to its log and leaves its points in $STEP_KTAP (tools/build/step.sh).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${BUILD:-$top/build}
# The variables of the make that called are not for the makes that are called here.
unset MAKEFLAGS MFLAGS MAKELEVEL
step=$1
name=${2:-}
kernel_dir() { "$here/kernel.sh" "$name"; }
die() { echo "$*" >&2; exit 1; }

# With these every program that runs in a VM is compiled.
program_flags=(-std=gnu11 -O2 -g -Wall -Wextra -Werror -D_GNU_SOURCE= -static -pthread
	-I"$top/include/uapi" -I"$top/tools/libdlpi" -I"$top/selftests")

# Emulated machines with a debugging kernel are that much slower.
slowness() {
	case $name in
	kasan|kcsan)	echo 8 ;;
	*)		echo 3 ;;
	esac
}

modules_of() {
	local module
	[ -e "$1/streams.ko" ] || die "no modules in $1: the build failed"
	for module in "$1"/streams*.ko; do
		printf '%s\0%s\0' -m "$module"
	done
}

do_kernel() {
	local kernel
	kernel=$(kernel_dir)
	echo "$kernel: $(cat "$kernel/release")"
}

do_build() {
	local kernel kunit=()
	kernel=$(kernel_dir)
	if grep -q '^CONFIG_KUNIT=[ym]' "$kernel/build/.config" && compgen -G "$top/kunit/*_test.c*" >/dev/null; then
		kunit=(kunit)
	fi
	"$top/tools/build/module.sh" "$kernel/build" "$build/$name" "${kunit[@]}"
}

do_objects() {
	local kernel status=0
	kernel=$(kernel_dir)
	{
		echo "KTAP version 1"
		echo "1..2"
		"$top/tools/build/check-objects.sh" "$build/$name" "$kernel/build" | sed 's/^/    /' &&
			echo "ok 1 objects of $name" || echo "not ok 1 objects of $name"
		"$top/tools/build/check-alone.sh" "$build/$name" | sed 's/^/    /' &&
			echo "ok 2 sources alone for $name" || echo "not ok 2 sources alone for $name"
	} >"$STEP_KTAP" || status=1
	cat "$STEP_KTAP"
	return $status
}

# Third parties see a folder of headers, Module.symvers, and nothing else.
do_oot() {
	local kernel sample program out log module contents=()
	kernel=$(kernel_dir)
	mapfile -d '' -t contents < <(modules_of "$build/$name")
	[ ${#contents[@]} -gt 0 ] || exit 1
	for sample in "$top"/selftests/oot/*/; do
		out=$build/oot-$name/$(basename "$sample")
		log=$out.log
		rm -rf "$out"
		mkdir -p "$(dirname "$out")"
		cp -r "$sample" "$out"
		make -C "$kernel/build" M="$out" STREAMS="$build/$name" \
			PAHOLE="$top/tools/build/pahole" modules 2>&1 | tee "$log"
		! grep -i warning "$log" || die "a warning is an error here"
		compgen -G "$out/*.ko" >/dev/null || die "$sample made no module"
		for module in "$out"/*.ko; do
			contents+=(-m "$module")
		done
	done
	for program in "$top"/selftests/oot/*.c; do
		out=$build/oot-$name/test-$(basename "$program" .c)
		gcc "${program_flags[@]}" "-isystem$("$here/kernel.sh" source)/tools/testing/selftests" \
			-o "$out" "$program" "$top/tools/libstreams/libstreams.c"
		contents+=(-f "$out:/test/oot/$(basename "$program" .c)")
	done
	vm oot $((60 * $(slowness))) "${contents[@]}" -- -c "test.slow=$(slowness) streams.rules=1"
}

# The modules break the rules on purpose: what the rule checker says of them is what
# the job looks at, and no trouble.  Where there is lockdep, it has to say something too.
do_rules() {
	local kernel module out=$build/rules-$name contents=() expected=(-R)
	kernel=$(kernel_dir)
	[ "$name" != kasan ] || expected=(-e "possible circular locking")
	mkdir -p "$out"
	rsync -rlpc --delete --exclude '*.o' "$top/selftests/rules/wrong/" "$out/wrong/"
	make -C "$kernel/build" M="$out/wrong" STREAMS="$build/$name" \
		PAHOLE="$top/tools/build/pahole" modules
	contents+=(-f "$build/selftests/rules/rules:/test/rules/rules")
	for module in "$build/$name"/streams{,_loop}.ko "$out"/wrong/*.ko; do
		contents+=(-m "$module")
	done
	vm rules $((60 * $(slowness))) "${contents[@]}" -- -c "test.slow=$(slowness)" "${expected[@]}"
}

do_programs() {
	local source out kselftest flags program bits made=0
	source=$("$here/kernel.sh" source)
	kselftest=$source/tools/testing/selftests
	out=$build/selftests
	mkdir -p "$out"
	make -s -C "$top/tools" O="$build/tools"
	flags=("${program_flags[@]}" -isystem "$kselftest")
	for program in "$top"/selftests/*.c "$top"/selftests/bench/*.c \
			"$top"/selftests/{demo,nic,perimeters,rules}/*.c; do
		[ -e "$program" ] || continue
		bits=()
		[[ $program != *_32.c ]] || bits=(-m32)
		made=$out${program#"$top"/selftests}
		made=${made%.c}
		mkdir -p "$(dirname "$made")"
		if [ ${#bits[@]} -gt 0 ] && ! echo 'int main(void) { return 0; }' |
			gcc -m32 -static -x c -o /dev/null - 2>/dev/null; then
			echo "no 32-bit compiler here: $(basename "$program") is left out"
			continue
		fi
		# a program of 32 bits talks to the kernel itself
		if [ ${#bits[@]} -gt 0 ]; then
			gcc "${flags[@]}" "${bits[@]}" -o "$made" "$program"
		else
			gcc "${flags[@]}" -o "$made" "$program" "$build"/tools/lib{dlpi,streams}.a
		fi
		echo "$made"
	done
	[ -n "$made" ] || die "no programs in selftests/"
}

# vm JOB LIMIT INITRD-ARGUMENTS... -- RUN-ARGUMENTS...
vm() {
	local job=$1 limit=$2 kernel initrd contents=()
	shift 2
	while [ "$1" != -- ]; do
		contents+=("$1")
		shift
	done
	shift
	kernel=$(kernel_dir)
	initrd=$build/initrd/$step-$name.gz
	"$here/initrd.sh" "$initrd" "$kernel" "$here/job-$job.sh" "${contents[@]}"
	"$here/run.sh" -t "$limit" "$@" "$step-$name" "$kernel" "$initrd"
}

do_kunit() {
	[ -e "$build/$name/kunit/streams_kunit.ko" ] || die "no suites built for $name"
	vm kunit $((80 * $(slowness))) -m "$build/$name/kunit/streams_kunit.ko" -- -K
}

do_selftests() {
	local program helper out contents=() words=${TEST_WORDS:-}
	mapfile -d '' -t contents < <(modules_of "$build/$name")
	[ ${#contents[@]} -gt 0 ] || exit 1
	# Where there is lockdep, all that is right is watched, too.
	[ "$name" != kasan ] || words+=" streams.rules=1"
	# modules that programs load when they need them
	for helper in busy hardirq; do
		out=$build/$helper-$name
		mkdir -p "$out"
		rsync -rlpc "$top/selftests/$helper/" "$out/"
		make -C "$(kernel_dir)/build" M="$out" STREAMS="$build/$name" \
			PAHOLE="$top/tools/build/pahole" modules
		contents+=(-m "$out/$helper.ko")
	done
	for program in "$top"/selftests/${ONLY:-*}.c; do
		program=$build/selftests/$(basename "$program" .c)
		[ ! -x "$program" ] || contents+=(-f "$program:/test/selftests/$(basename "$program")")
	done
	vm selftests $((150 * $(slowness))) "${contents[@]}" -f "$build/tools/strstat" -- \
		-c "test.slow=$(slowness) test.limit=$((50 * $(slowness))) $words"
}

# Every word of flags, with modules that watch their perimeters.
do_perimeters() {
	local contents=() witness=$build/witness-$name words=${TEST_WORDS:-}
	mapfile -d '' -t contents < <(modules_of "$build/$name")
	[ ${#contents[@]} -gt 0 ] || exit 1
	mkdir -p "$witness"
	rsync -rlpc "$top/selftests/perimeters/witness/" "$witness/"
	make -C "$(kernel_dir)/build" M="$witness" STREAMS="$build/$name" \
		PAHOLE="$top/tools/build/pahole" modules
	# Under KASAN a scene takes long; the other kernels play it for every word.
	[ "$name" != kasan ] || words+=" test.share=2"
	vm selftests $((300 * $(slowness))) "${contents[@]}" -m "$witness/witness.ko" \
		-f "$build/selftests/perimeters/perimeters:/test/selftests/perimeters" -- \
		-c "test.slow=$(slowness) test.limit=$((280 * $(slowness))) $words"
}

# The driver of network cards, against the kernel's own on the same wire.
do_nic() {
	local program contents=()
	( cd "$top/selftests/nic" && python3 -m unittest -q -b test_frames )
	mapfile -d '' -t contents < <(modules_of "$build/$name")
	[ ${#contents[@]} -gt 0 ] || exit 1
	for program in "$top"/selftests/nic/${ONLY:-*}.c; do
		program=$build/selftests/nic/$(basename "$program" .c)
		[ ! -x "$program" ] || contents+=(-f "$program:/test/nic/$(basename "$program")")
	done
	vm nic $((150 * $(slowness))) "${contents[@]}" -f "$here/job-selftests.sh" -- -n \
		-c "test.slow=$(slowness) test.limit=$((100 * $(slowness))) suspend.pm_test_delay=1 ${TEST_WORDS:-}"
}

# Each detector on the kernel that has it must speak up.
do_badmod() {
	local kernel wrong out=$build/badmod-$name contents=() expected=()
	kernel=$(kernel_dir)
	case $name in
	kasan)
		wrong="leak locks"
		expected=(-e "suspected memory leak" -e "unreferenced object" -e "possible circular locking")
		;;
	kcsan)
		wrong=race
		expected=(-e "KCSAN: data-race in racer")
		;;
	*)	die "$name has no detector to test" ;;
	esac
	mkdir -p "$out"
	rsync -rlpc "$here/badmod/" "$out/"
	make -C "$kernel/build" M="$out" modules
	for wrong in $wrong; do
		contents+=(-m "$out/badmod_$wrong.ko")
	done
	vm badmod 200 "${contents[@]}" -- "${expected[@]}"
}

# Two cards on one wire: one that Linux's e1000 knows, one that it leaves to ours.
demo_cards() {
	local wire="hubport,hubid=0"
	echo "-netdev $wire,id=linux -device e1000,netdev=linux,mac=52:54:00:00:00:01,romfile=" \
		"-netdev $wire,id=streams -device e1000e,netdev=streams,mac=52:54:00:00:00:02,romfile="
}

do_demo() {
	local file contents=()
	mapfile -d '' -t contents < <(modules_of "$build/$name")
	[ ${#contents[@]} -gt 0 ] || exit 1
	for file in "$top"/selftests/demo/*.sh "$build"/selftests/demo/* "$build"/tools/{str,dl}*; do
		[ -f "$file" ] && contents+=(-f "$file")
	done
	vm demo 180 "${contents[@]}" -- ${LIVE:+-l} -q "$(demo_cards)"
}

# Three cards of one chip on one wire, for job-wire.sh.
wire_cards() {
	local slot
	for slot in 10 11 12; do
		printf -- '-netdev hubport,hubid=0,id=n%s -device e1000,netdev=n%s,addr=0x%s,mac=52:54:00:00:00:%s,romfile= ' \
			$slot $slot $slot $slot
	done
}

# boot_to_count MACHINE TURN: the machine, with the plugin; -i makes it deterministic.
# Machines are 1 and 2, by their CPUs, and wire, of one CPU, with network cards.
boot_to_count() {
	local started=$SECONDS cpus=$1 cards="" initrd=$build/initrd/bench-$name.gz
	if [ "$1" = wire ]; then
		cpus=1 cards=$(wire_cards) initrd=$build/initrd/wire-$name.gz
	fi
	if ! STEP_KTAP=$out/$1.$2.ktap "$here/run.sh" -i -s "$cpus" -t 560 \
		-q "-plugin $out/plugin.so,out=$out/$1.$2.counts $cards" \
		"bench-$name-$1-$2" "$kernel" "$initrd" >"$out/$1.$2.log" 2>&1; then
		cat "$out/$1.$2.log"
		return 1
	fi
	echo "counted on machine $1, $2 of ${BOOTS:-3} ($((SECONDS - started)) s)"
}

# The same machine, booted several times over, must count the same to the last
# instruction; what it counted, report.py puts beside the goals.  BOOTS=1 is for
# the impatient; PROFILE names rows of which all functions are to be listed.
do_bench() {
	local kernel row machine boot out=$build/bench-$name
	local vm contents=() boots=() words=()
	kernel=$(kernel_dir)
	mapfile -d '' -t contents < <(modules_of "$build/$name")
	[ ${#contents[@]} -gt 0 ] || exit 1
	mkdir -p "$out/kbench"
	( cd "$top/selftests/bench" && python3 -m unittest -q -b test_counts )
	gcc -std=gnu11 -O2 -g -Wall -Wextra -Wno-unused-parameter -Werror -shared -fPIC -fvisibility=hidden \
		-o "$out/plugin.so" "$top/selftests/bench/plugin/plugin.c"
	rsync -rlpc "$top"/selftests/bench/{kbench/,marks.h} "$out/kbench/"
	make -s -C "$kernel/build" M="$out/kbench" STREAMS="$build/$name" PAHOLE="$top/tools/build/pahole" modules
	"$here/initrd.sh" "$build/initrd/bench-$name.gz" "$kernel" "$here/job-bench.sh" "${contents[@]}" \
		-m "$out/kbench/kbench.ko" -f "$build/selftests/bench/rows"
	"$here/initrd.sh" "$build/initrd/wire-$name.gz" "$kernel" "$here/job-wire.sh" "${contents[@]}" \
		-f "$build/selftests/bench/wire"
	for boot in $(seq "${BOOTS:-3}"); do
		boot_to_count 2 "$boot" &
		vm=$!
		boot_to_count 1 "$boot"
		boot_to_count wire "$boot"
		wait $vm
		for machine in 1 2 wire; do
			boots+=("$machine:$out/$machine.$boot.counts:$build/logs/bench-$name-$machine-$boot.results")
		done
	done
	for row in ${PROFILE:-}; do
		words+=(--profile "$row")
	done
	python3 "$top/selftests/bench/report.py" --json "$build/bench.json" \
		--kernel "$(cat "$kernel/release")" "${words[@]}" "${boots[@]}"
}

case $step in
kernel|build|objects|oot|rules|programs|kunit|selftests|perimeters|nic|badmod|demo|bench)
	"do_$step"
	;;
*)	die "suite.sh: no step is called $step" ;;
esac
