#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The promises of libstreams that need no kernel: layouts, exported names, and
# the binding of a library that only another library uses.
#
#   run.sh INCLUDE OUT	(OUT holds libstreams.so.1 and libstreams.a)
# shellcheck disable=SC2086 # lists of words
set -eu
here=$(cd "$(dirname "$0")" && pwd)
include=$1
out=$(cd "$2" && pwd)
CC=${CC:-cc} CXX=${CXX:-c++}
work=$out/test
warn="-Wall -Wextra -Werror"
# shellcheck source=tools/build/what.sh
. "$here/../../build/what.sh"

rm -rf "$work"
mkdir -p "$work/plain" "$work/freestanding/sys"

compiles() {
	compiler=$1
	shift
	$compiler $warn -I"$include" -fsyntax-only "$@" "$here/layout.c"
}

exported_names() {
	nm -D --defined-only "$out/libstreams.so.1" | awk '$2 != "A" { print $3 }' |
		LC_ALL=C sort >"$work/names"
	sed 's/$/@@STREAMS_1.0/' >"$work/wanted" <<-END
	getmsg
	getpmsg
	isastream
	putmsg
	putpmsg
	END
	diff "$work/wanted" "$work/names"
}

# indirect DIR LIB: program -> libmiddle -> LIB, all found in DIR
indirect() {
	$CC $warn -I"$include" -fPIC -shared -o "$1/libmiddle.so" "$here/middle.c" "$2" \
		-Wl,-rpath,"$1" &&
	$CC $warn -o "$1/indirect" "$here/indirect.c" "$1/libmiddle.so" -Wl,-rpath,"$1" &&
	! readelf -d "$1/indirect" | grep -q libstreams
}

# What a kernel module has under the name of <sys/types.h>, if nothing else.
cat >"$work/freestanding/sys/types.h" <<'END'
typedef __INT32_TYPE__ int32_t;
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef int pid_t;
typedef int t_scalar_t;
typedef unsigned int t_uscalar_t;
END
kernel="-DKERNEL_VIEW -ffreestanding -nostdinc -I$work/freestanding"

echo 1..11
what "layouts in C" compiles "$CC" -std=c99 -pedantic
what "layouts in C11" compiles "$CC" -std=c11
what "layouts in C++" compiles "$CXX" -x c++ -std=c++11
what "layouts in C, 32 bits" compiles "$CC" -m32
what "layouts in C, in the kernel" compiles "$CC" $kernel
what "layouts in C++, in the kernel" compiles "$CXX" -x c++ -std=gnu++20 -nostdinc++ $kernel
what "exactly the public names, versioned" exported_names

mkdir "$work/versioned"
cp "$out/libstreams.so.1" "$work/versioned/"
what "a program that uses a library that uses libstreams" \
	indirect "$work/versioned" "$work/versioned/libstreams.so.1"
what "... gets libstreams" "$work/versioned/indirect"
what "... gets libstreams when bound at start" env LD_BIND_NOW=1 "$work/versioned/indirect"

# The control: without versions the stubs of the C library win, and the same
# program says so; else this test would prove nothing.
unversioned() {
	$CC $warn -I"$include" -fPIC -shared -Wl,-soname,libstreams.so.1 \
		-o "$work/plain/libstreams.so.1" "$here/../libstreams.c" &&
	indirect "$work/plain" "$work/plain/libstreams.so.1" &&
	! LC_ALL=C "$work/plain/indirect" >"$work/stubs" &&
	[ "$(grep -c "Function not implemented; expected Device not a stream" "$work/stubs")" = 8 ]
}
what "... and would get the stubs if libstreams had no versions" unversioned

all_said
