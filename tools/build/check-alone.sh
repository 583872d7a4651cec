#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Compile each C++ source by itself, so that none lives on what its neighbours in
# the unity file include; and each header of the DDI by itself, in C++ and in C, and
# in C behind Linux's own headers.
#
#   check-alone.sh MIRROR [clang]
#
# Takes the flags of the objects that module.sh built in MIRROR.  With "clang",
# clang checks the C++ sources with its thread-safety analysis; of the flags it gets
# those that choose the language, macros and include paths.  Prints KTAP.
set -uo pipefail

mirror=$1
with=${2:-gcc}
number=0
bad=0

# recorded OBJECT SOURCE: into $compiler and $flags, what Kbuild recorded for the
# object, less the source, the output, the dependency file and objtool.
recorded() {
	local command word words=() skip=0 cmd
	cmd=$mirror/$(dirname "$1")/.$(basename "$1").cmd
	command=$(sed -n 's/^\(saved\)\{0,1\}cmd_[^ ]* := //p' "$cmd" | head -n 1)
	[ -n "$command" ] || {
		echo "1..1"
		echo "not ok 1 $mirror has $1"
		exit 1
	}
	eval "words=(${command%% ; *})"
	compiler=${words[0]}
	flags=()
	for word in "${words[@]:1}"; do
		if [ $skip = 1 ]; then
			skip=0
			continue
		fi
		case $word in
		-o) skip=1 ;;
		-c|-Wp,-MMD,*|*"/$2"|"$2") ;;
		*) flags+=("$word") ;;
		esac
	done
}
kdir=$(readlink -f "$(cat "$mirror/kdir")")

# try WHAT ARGUMENTS...: one point, whether the compiler takes it
try() {
	local what=$1 output
	shift
	number=$((number + 1))
	if output=$(cd "$kdir" && "$compiler" "${flags[@]}" -fsyntax-only "$@" 2>&1); then
		echo "ok $number $what ($with)"
	else
		sed 's/^/# /' <<<"$output" | head -n 20
		echo "not ok $number $what ($with)"
		bad=1
	fi
}

recorded streams_unity.o streams_unity.cc
if [ "$with" = clang ]; then
	compiler=clang++
	kept=(-Wno-unknown-warning-option -Wthread-safety -Werror -Wall -Wextra -Wno-unused-parameter -mno-sse -mno-80387)
	for ((i = 0; i < ${#flags[@]}; i++)); do
		case ${flags[i]} in
		-include) kept+=("${flags[i]}" "${flags[i + 1]}") ;;
		-I*|-D*|-std=*|-nostdinc*|-ffreestanding|-fno-exceptions|-fno-rtti|-fno-threadsafe-statics) kept+=("${flags[i]}") ;;
		-fshort-wchar|-funsigned-char|-fno-strict-aliasing|-m64) kept+=("${flags[i]}") ;;
		esac
	done
	flags=("${kept[@]}")
fi

mapfile -t sources < <(cd "$mirror" && find perimeter streams_core modules drivers -name '*.cc' | sort)
headers=()
[ "$with" = clang ] || mapfile -t headers < <(cd "$mirror/include" && find sys -name '*.h' | sort)
echo "KTAP version 1"
together=$((${#headers[@]} > 0 ? 2 : 0)) # points with all headers in one file
echo "1..$((${#sources[@]} + 3 * ${#headers[@]} + together))"
for source in "${sources[@]}"; do
	try "$source alone" "$mirror/$source"
done

# including LINE...: try a file of these #include lines; in what comes from it
# a module's author would see every warning
including() {
	local language=$1 what=$2
	shift 2
	try "$what" -Wall -Wextra -Wno-unused-parameter -Werror -x "$language" - \
		< <(printf '#include <%s>\n' "$@")
}

for header in "${headers[@]}"; do
	including c++ "$header alone, C++" "$header" "$header"
done
if [ ${#headers[@]} -gt 0 ]; then
	including c++ "all headers, C++" "${headers[@]}"
	recorded modules/nullmod/nullmod.o nullmod.c
	flags+=(-Wstrict-prototypes)
	mapfile -t backwards < <(printf '%s\n' "${headers[@]}" | sort -r)
	including c "all headers backwards, C" "${backwards[@]}"
fi
for header in "${headers[@]}"; do
	including c "$header alone, C" "$header" "$header"
done
linux=(linux/module.h linux/mutex.h linux/semaphore.h linux/slab.h linux/string.h linux/fs.h
	linux/interrupt.h linux/poll.h linux/uio.h linux/sched/signal.h linux/ctype.h linux/timer.h
	linux/delay.h linux/netdevice.h linux/byteorder/generic.h)
flags+=(-Wno-sign-compare -Wno-missing-field-initializers -Wno-shift-negative-value -Wno-type-limits)
for header in "${headers[@]}"; do
	including c "$header behind Linux's, C" "${linux[@]}" "$header"
done
exit $bad
