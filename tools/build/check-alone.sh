#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Compile each C++ source by itself, so that none lives on what its neighbours in
# the unity file include.
#
#   check-alone.sh MIRROR [clang]
#
# Takes the flags of the unity object that module.sh built in MIRROR.  With
# "clang", clang checks the same with its thread-safety analysis; of the flags it
# gets those that choose the language, macros and include paths.  Prints KTAP.
set -uo pipefail

mirror=$1
with=${2:-gcc}
number=0
bad=0
command=$(sed -n 's/^\(saved\)\{0,1\}cmd_[^ ]*streams_unity\.o := //p' "$mirror/.streams_unity.o.cmd")
[ -n "$command" ] || {
	echo "1..1"
	echo "not ok 1 $mirror has a C++ object"
	exit 1
}
kdir=$(readlink -f "$(cat "$mirror/kdir")")

# What Kbuild recorded, less the output, the dependency file and objtool.
words=()
eval "words=(${command%% ; *})"
flags=()
compiler=${words[0]}
skip=0
for word in "${words[@]:1}"; do
	if [ $skip = 1 ]; then
		skip=0
		continue
	fi
	case $word in
	-o) skip=1 ;;
	-c|-Wp,-MMD,*|*/streams_unity.cc) ;;
	*) flags+=("$word") ;;
	esac
done

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
echo "KTAP version 1"
echo "1..${#sources[@]}"
for source in "${sources[@]}"; do
	number=$((number + 1))
	if output=$(cd "$kdir" && "$compiler" "${flags[@]}" -fsyntax-only "$mirror/$source" 2>&1); then
		echo "ok $number $source alone ($with)"
	else
		sed 's/^/# /' <<<"$output" | head -n 20
		echo "not ok $number $source alone ($with)"
		bad=1
	fi
done
exit $bad
