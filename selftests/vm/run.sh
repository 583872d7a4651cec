#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Boot a VM with a kernel and an initramfs, and judge what came of it.
#
#   run.sh [options] NAME KERNEL INITRD
#
#   -t SECONDS   hard time limit (default 300)
#   -c WORDS     more for the kernel's command line
#   -q WORDS     more for QEMU's command line
#   -s CPUS      number of CPUs (default 2; with -i, 1)
#   -i           deterministic: virtual time counted in instructions
#   -e REGEX     expect a report in the kernel's log that matches (may be repeated)
#   -R           reports of the rule checker are what the job is about, and no trouble
#   -l           live: show the results on the terminal while they come
#   -K           the test points are in the kernel's log (KUnit)
#   -n           network cards, and somebody on the host who pulls their cables (../nic/host.py)
#
# KERNEL is a directory of kernel.sh.  Logs: $BUILD/logs/NAME.console (the
# kernel's) and NAME.results (the job's).  Test points go to $STEP_KTAP, or
# NAME.ktap beside the logs: the job's own, one for the end of the VM and one
# for a clean kernel log.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
limit=300 words="" qwords="" cpus="" icount=0 expect=() live=0 points=() cards=""
while getopts "t:c:q:s:ie:RlKn" option; do
	case $option in
	t) limit=$OPTARG ;;
	c) words=$OPTARG ;;
	q) qwords=$OPTARG ;;
	s) cpus=$OPTARG ;;
	i) icount=1 ;;
	e) expect+=(--expect "$OPTARG") ;;
	R) expect+=(--rules) ;;
	l) live=1 ;;
	K) points=(--console-has-points) ;;
	n) cards=1 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
name=$1 kernel=$2 initrd=$3
cpus=${cpus:-$((2 - icount))}
logs=${BUILD:-build}/logs
mkdir -p "$logs"
console=$logs/$name.console
results=$logs/$name.results
ktap=${STEP_KTAP:-$logs/$name.ktap}

# /dev/kvm may be there, and even make a VM, on a CPU that cannot run one.
accelerator() {
	if [ $icount = 1 ]; then
		echo "-accel tcg,thread=single -icount shift=0,sleep=off -seed 1" \
			"-rtc base=2024-01-01T00:00:00,clock=vm -cpu max,-rdrand,-rdseed,-erms,-fsrm"
	elif grep -qwE 'vmx|svm' /proc/cpuinfo && [ -w /dev/kvm ]; then
		echo "-accel kvm -cpu host"
	else
		echo "-accel tcg,thread=multi -cpu max"
	fi
}

qemu() {
	local append="console=ttyS0 ignore_loglevel vm.results=ttyS1 panic=-1 oops=panic $words"
	append+=" sysctl.kernel.hung_task_all_cpu_backtrace=1" # who keeps others waiting, too
	[ $icount = 1 ] && append+=" nokaslr tsc=reliable clocksource=tsc mitigations=off noreplace-smp"
	# shellcheck disable=SC2046,SC2086 # lists of words
	exec timeout -k 5 "$limit" qemu-system-x86_64 -M q35 $(accelerator) -smp "$cpus" -m 1024 \
		-kernel "$kernel/image" -initrd "$initrd" -append "$append" \
		-display none -nodefaults -no-reboot -monitor none \
		-serial "file:$console" -serial "file:$results" $qwords \
		2> >(grep -v 'warning: hub [0-9]* is not connected to host network' >&2)
}

# What QEMU needs to be told of the cards; the path of a socket has to be short.
if [ -n "$cards" ]; then
	cards=$(mktemp -d "${TMPDIR:-/tmp}/streams-vm.XXXXXX")
	trap 'rm -rf "$cards"' EXIT
	qwords+=" $(python3 "$here/../nic/host.py" words "$cards" | tr '\n' ' ')"
fi

# User Mode Linux writes its results through hostfs; its console wants a pipe.
uml() {
	exec timeout -k 5 "$limit" "$kernel/image" mem=256M initrd="$initrd" ignore_loglevel panic=-1 \
		con0=null,fd:1 con=null ssl=null "vm.results=hostfs:$(realpath "$results")" $words > >(cat >"$console") 2>&1
}

run() {
	: >"$console"
	: >"$results"
	status=0
	if [ -n "$cards" ]; then
		python3 "$here/../nic/host.py" serve "$cards" >"$logs/$name.host" 2>&1 &
	fi
	if grep -q '^CONFIG_UML=y' "$kernel/build/.config"; then
		( uml </dev/null ) || status=$?
	elif [ $live = 1 ]; then
		( qemu </dev/null ) & vm=$!
		tail -n +1 -F --pid=$vm "$results" 2>/dev/null | sed -u '/^VM-END/d; s/\r$//' || true
		wait $vm || status=$?
	else
		( qemu </dev/null ) || status=$?
	fi
}

# An emulator that translates code may trip over a kernel that patches itself while it
# boots.  Before /init nothing of ours has run, and a second start tells as much.
started=$SECONDS
run
if ! grep -q 'Run /init as init process' "$console"; then
	cp "$console" "$console.1"
	echo "$name: the kernel ended before /init ran ($console.1): once more"
	run
fi
took=$((SECONDS - started))

python3 "$here/verdict.py" --results "$results" --console "$console" --ktap "$ktap" --name "$name" \
	--status "$status" --limit "$limit" "${expect[@]}" "${points[@]}" >"$logs/$name.verdict" &&
	python3 "$here/../../tools/build/ktap.py" "$ktap" >>"$logs/$name.verdict" && good=0 || good=1
[ $live = 1 ] && [ $good = 0 ] && exit 0
if [ $good -ne 0 ] && [ $live = 0 ]; then
	echo "--- the last 40 lines of $console"
	tail -n 40 "$console"
	echo "--- the last 20 lines of $results"
	tail -n 20 "$results"
fi
cat "$logs/$name.verdict"
echo "$name: $([ $good = 0 ] && echo good || echo BAD) after $took s"
exit $good
