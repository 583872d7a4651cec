#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What `make install` puts into a folder is enough for who builds against it, and
# `make uninstall` takes all of it away again, and nothing else.
#
#   check-install.sh MODULES	(a folder of build/, with the modules of one kernel)
#
# Nothing of the machine is touched: DESTDIR is a folder beside MODULES.
set -euo pipefail
cd "$(dirname "$0")/../.."
modules=$(cd "$1" && pwd)
# The variables of the make that called are not for the makes that are called here.
unset MAKEFLAGS MFLAGS MAKELEVEL
# shellcheck source=tools/build/points.sh
. tools/build/points.sh

kernel=$(cat "$modules/kdir")
release=$(cat "$kernel/include/config/kernel.release")
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
work=$(dirname "$modules")/installed
dest=$work/root
extra=$dest/lib/modules/$release/extra
share=$dest/usr/src/streams-$version
prefix=$dest/usr/local

# The modules are there already: `all` is not made again.
installed() {
	make -o all "$@" KDIR="$kernel" OUT="$modules" BUILD="$work" DESTDIR="$dest" >"$work/log" 2>&1 ||
		tail -n 20 "$work/log" >>"$found"
}

# there FILE...: those that are not are found
there() {
	local file
	for file; do
		[ -s "$file" ] || echo "missing: ${file#"$dest"}" >>"$found"
	done
}

# builds WHAT FOLDER: a module of one's own, against what is installed
builds() {
	make -C "$kernel" M="$2" STREAMS="$share" PAHOLE="$share/tools/build/pahole" modules \
		>"$2.log" 2>&1 </dev/null || tail -n 20 "$2.log" >>"$found"
	! grep -i warning "$2.log" >>"$found" || true
	compgen -G "$2/*.ko" >/dev/null || echo "no module was made" >>"$found"
	point "$1 builds against what is installed"
}

rm -rf "$work"
mkdir -p "$work"
installed install
mapfile -t names < <(sed -n 's/^BUILT_MODULE_NAME\[[0-9]*\]="\(.*\)"/\1/p' dkms.conf)
for name in "${names[@]}"; do
	compgen -G "$extra/$name.ko*" >/dev/null || echo "missing: $name.ko" >>"$found"
done
there "$share/$release/Module.symvers" "$share/$release/strm/generated/layout.h" \
	"$share/include/sys/mac_provider.h" "$dest/etc/modprobe.d/streams.conf" \
	"$prefix"/lib/lib{streams,dlpi}.{a,so,so.1} \
	"$prefix"/bin/{strconf,strchg,strstat,dlpiutil,dlsnoop} "$prefix/include/libdlpi.h" \
	"$prefix"/include/sys/{dlpi,stropts}.h
point "modules, headers, libraries and commands are installed"

for page in tools/*/man/*.[1-9] modules/*/*.7 drivers/*/*.7; do
	there "$prefix/share/man/man${page##*.}/${page##*/}"
done
sed -n 's/^\t\(dlpi_[a-z_]*\);$/\1/p' tools/libdlpi/libdlpi.map >"$work/functions"
while read -r function; do
	there "$prefix/share/man/man3/$function.3"
done <"$work/functions"
[ -s "$work/functions" ] || echo "libdlpi.map has no functions" >>"$found"
grep -hoE '^\.so .*' "$prefix"/share/man/man*/* | sort -u | while read -r _ page; do
	there "$prefix/share/man/$page"
done
point "every manual page is installed, and leads somewhere"

gcc -std=gnu11 -Wall -Wextra -Werror -I"$prefix/include" -o "$work/hello" \
	selftests/demo/hello.c -L"$prefix/lib" -ldlpi -lstreams >>"$found" 2>&1 || true
point "the program of dlpi.rst builds against what is installed"

cp -r selftests/oot/net "$work/net"
builds "a network driver" "$work/net"

# As Documentation/writing-a-driver.rst says it.
mkdir "$work/own"
cp drivers/e1000g/*.{c,h,cc,hh} "$work/own"
rm -f "$work"/own/*_unity.cc
( cd "$work/own" && sources=(*.cc) && printf '#include "%s"\n' "${sources[@]}" >e1000g_all.cc )
cat >"$work/own/Kbuild" <<-'END'
	obj-m := own_e1000g.o
	own_e1000g-y := e1000g_linux.o e1000g_all.o
	include $(STREAMS)/include/strm/Kbuild.cxx
END
builds "a copy of e1000g" "$work/own"

# Somebody else's, called much like ours.
printf '%s\n' lib/modules/"$release"/extra/streams_{foo.ko,looper.ko.xz} usr/local/share/man/man3/dlpi_own.3 \
	>"$work/foreign"
( cd "$dest" && xargs touch <"$work/foreign" )
installed uninstall
( cd "$dest" && find . ! -type d ! -path './lib/modules/*/modules.*' -printf '%P\n' ) | LC_ALL=C sort |
	diff "$work/foreign" - >>"$found" || true
point "uninstall takes away what is ours, and that alone"
echo "1..$number"
exit $bad
