#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The promises of libdlpi that need no kernel: its header, exported names, and what it
# does with a driver of the test's own.
#
#   run.sh INCLUDE OUT	(OUT holds libdlpi.so.1 and libdlpi.a)
# shellcheck disable=SC2086 # lists of words
set -eu
here=$(cd "$(dirname "$0")" && pwd)
include=$1
out=$(cd "$2" && pwd)
CC=${CC:-cc} CXX=${CXX:-c++}
work=$out/test-dlpi
warn="-Wall -Wextra -Werror"
# shellcheck source=tools/build/what.sh
. "$here/../../build/what.sh"

rm -rf "$work"
mkdir -p "$work"

compiles() {
	compiler=$1
	shift
	echo '#include <libdlpi.h>' >"$work/header.c"
	$compiler $warn -I"$include" -I"$here/.." -fsyntax-only "$@" "$work/header.c"
}

# The map is the list: each of its names is there, and no other.
exported_names() {
	sed -n 's/^\t\(dlpi_[a-z_]*\);$/\1@@LIBDLPI_1.0/p' "$here/../libdlpi.map" >"$work/wanted"
	nm -D --defined-only "$out/libdlpi.so.1" | awk '$2 != "A" { print $3 }' |
		LC_ALL=C sort >"$work/names"
	[ -s "$work/names" ] && diff "$work/wanted" "$work/names"
}

# Every function of the header is in the library.
declared_names() {
	grep -o '\<dlpi_[a-z_]*(' "$here/../libdlpi.h" | tr -d '(' | grep -v '_t$' | LC_ALL=C sort -u |
		sed 's/$/@@LIBDLPI_1.0/' >"$work/declared"
	diff "$work/declared" "$work/names"
}

library() {
	wrap=
	for call in open close poll ioctl scandir clock_gettime; do
		wrap="$wrap -Wl,--wrap=$call"
	done
	$CC -std=gnu11 $warn -O1 -g -fsanitize=address,undefined -D_GNU_SOURCE -I"$include" \
		-I"$here/.." -o "$work/library" "$here/../"*.c "$here/library.c" \
		"$here/provider.c" $wrap &&
		"$work/library"
}

# What is installed is all that a program needs; when it is removed, nothing is left.
tools() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$here/../.." O="$out" \
		DESTDIR="$work/root" PREFIX=/usr LIBDIR=/usr/lib "$1"
}
program() {
	compiler=$1
	shift
	for source in program filter; do
		$compiler $warn -I"$work/root/usr/include" -fsyntax-only "$@" "$here/$source.c" || return
	done
}
installed() {
	tools install && program "$CC" && program "$CC" -m32 -std=c99 -pedantic &&
		program "$CXX" -x c++ -std=c++11 && tools uninstall &&
		[ -z "$(find "$work/root" -type f -o -type l)" ]
}

# A message has one type, whatever header gives it its name.
message_types() {
	for header in "$here/../../include/sys/stream.h" "$include/../sys/stream.h"; do
		grep -E '^#define (QPCTL|INFPSZ|M_[A-Z]+)\b' "$header" | sed 's/[[:space:]]*\/\*.*//' |
			tr -s '\t' ' ' >"$work/types"
		[ -s "$work/types" ] || return
		[ ! -e "$work/types.before" ] || diff "$work/types.before" "$work/types" || return
		mv "$work/types" "$work/types.before"
	done
}

echo 1..8
what "the header in C" compiles "$CC" -std=c99 -pedantic
what "the header in C, 32 bits" compiles "$CC" -m32
what "the header in C++" compiles "$CXX" -x c++ -std=c++11
what "exactly the public names, versioned" exported_names
what "... and these are what the header has" declared_names
what "with a driver of its own" library
what "programs need nothing but what is installed" installed
what "types of messages are those of modules" message_types

all_said
