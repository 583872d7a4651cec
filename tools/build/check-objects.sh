#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Refuse modules that hold what has no place in a kernel, or lack what must be there.
#
#   check-objects.sh MIRROR KDIR
#
# MIRROR is a folder that module.sh built in.  Prints KTAP, one point a rule.
set -uo pipefail

mirror=$1
kdir=$2
# shellcheck source=tools/build/points.sh
. "$(dirname "$0")/points.sh"

config() { grep -q "^CONFIG_$1=y" "$kdir/.config"; }

each_module() {
	local module
	for module in "${modules[@]}"; do
		"$@" "$module" | sed "s|^|$(basename "$module"): |" >>"$found"
	done
}

sections() { readelf -SW "$1" | grep -oE '\]  ?[._a-zA-Z][^ ]*' | sed 's/^\] *//'; }

# KASAN and KCSAN register what they instrument through a constructor of their own.
constructors() {
	nm "$1" | grep -E ' _?_GLOBAL__(sub_)?[ID]_'
	if ! config KASAN && ! config KCSAN && ! config UBSAN; then
		sections "$1" | grep -E '^\.(init_array|fini_array|ctors|dtors)'
	fi
}

# UML compiles its own C with unwind frames.
unwinding() {
	sections "$1" | grep -x '\.gcc_except_table'
	config UML || sections "$1" | grep -x '\.eh_frame'
}

runtime() {
	nm -u "$1" | grep -E ' (_Z.*|__cxa_.*|atexit|__dso_handle|_Unwind_.*|__gxx_.*|_ZT[IVS].*)$'
}

unique() { nm "$1" | awk 'NF == 3 && $2 == "u"'; }

# x87, MMX, SSE and AVX registers: the kernel has not saved the user's.
floating() {
	# the address of an instruction can be spelled like one: fadd
	objdump -d --no-show-raw-insn "$1" | sed 's/^ *[0-9a-f]*://' |
		grep -E '%([xyz]?mm[0-9]|st\b)|^[[:space:]]*f(ld|st|add|mul|div)[a-z]*\b' | head -n 3
	nm -u "$1" | grep -E ' __((add|sub|mul|div|float|fix)[a-z]*[sdx]f[0-9si]*)$'
}

cxx_objects() {
	local object count=0
	for object in $(tr ' ' '\n' <"${1%.ko}.mod" | sort -u); do
		[ -e "$mirror/${object#"$mirror"/}" ] || [ -e "$object" ] || continue
		[ -e "${object%.o}.cc" ] && count=$((count + 1))
	done
	[ "$count" -le 1 ] || echo "$count C++ objects"
}

retpolines() {
	objdump -d --no-show-raw-insn "$1" | grep -E '\b(call|jmp)q? +\*%' | head -n 3
	modinfo -F retpoline "$1" | grep Y >/dev/null || echo "not marked as built with retpolines"
}

endbr() {
	objdump -d --no-show-raw-insn "$1" | grep '\bendbr64' >/dev/null || echo "no ENDBR64 in it"
}

# What debuggers and tracers of memory accesses add is not ours to judge.
straight_way() {
	"$(dirname "$0")/straight.py" "$mirror/streams.ko" strm_put strm_putnext
}

# Not grep -q before a pipe's end: it would end the writer with SIGPIPE.
section_present() { sections "$2" | grep -x -e "$1" >/dev/null || echo "no $1"; }

mapfile -t modules < <(find "$mirror" -maxdepth 2 -name 'streams*.ko' | sort)
echo "KTAP version 1"
if [ ${#modules[@]} -eq 0 ]; then
	echo "1..1"
	echo "not ok 1 there are modules in $mirror"
	exit 1
fi

each_module constructors
point "no global constructors"
each_module unwinding
point "no exception tables or unwind frames"
each_module runtime
point "nothing of a C++ runtime is called for"
each_module unique
point "no unique symbols"
each_module cxx_objects
point "at most one C++ object in a module"
if ! config UML; then
	each_module floating
	point "no floating point or vector registers"
fi
if config UNWINDER_ORC; then
	each_module section_present .orc_unwind
	point "ORC unwind tables"
fi
if config RETPOLINE || config MITIGATION_RETPOLINE; then
	each_module retpolines
	point "indirect branches through retpolines"
fi
if config RETHUNK || config MITIGATION_RETHUNK; then
	each_module section_present .return_sites
	point "returns through thunks"
fi
if config X86_KERNEL_IBT; then
	each_module endbr
	point "indirect branch tracking"
fi
if config DEBUG_INFO_BTF_MODULES && [ -e "$kdir/vmlinux" ]; then
	each_module section_present .BTF
	point "BTF"
fi
if ! config UML && ! config KASAN && ! config KCSAN && ! config PREEMPT_RT; then
	straight_way >>"$found"
	point "a message goes straight in without lock, fence or call"
fi
echo "1..$number"
exit $bad
