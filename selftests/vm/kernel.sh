#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Provide a kernel to test with, and say where it is.
#
#   kernel.sh debian-6.12 | debian-6.1 | debian-6.12-rt | debian-6.1-rt | uml | kasan | kcsan
#   kernel.sh source		the unpacked source alone (for kselftest_harness.h)
#
# Prints one directory, which holds
#   image      what boots (bzImage, or the UML executable)
#   build      what modules are built against (KDIR)
#   modules/   loadable modules of the kernel itself, where it has some (.ko)
#   release    its release string
#
# A Debian kernel is unpacked, never installed.  The others are built from
# Debian's linux-source-6.12 with config/*.config.  Everything is kept in
# ${STREAMS_CACHE:-~/.cache/linux-mt-streams}, keyed by the version of the
# source, the configuration and the recipe, so that a second checkout does not
# pay again; a change of any of them makes a new one.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${STREAMS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/linux-mt-streams}
recipe=3		# raise when the steps below change what they make
jobs=$(nproc)
mkdir -p "$cache"

say() { echo "kernel: $*" >&2; }
die() { say "$*"; exit 1; }

# known PACKAGE: its candidate version; a machine whose package lists are missing
# or too old gets new ones
known() {
	local version sudo=()
	version=$(apt-cache policy "$1" | sed -n 's/ *Candidate: //p')
	if [ -z "${version/(none)/}" ]; then
		[ "$(id -u)" = 0 ] || sudo=(sudo)
		say "apt-get update, for $1"
		"${sudo[@]}" apt-get update >/dev/null || true
		version=$(apt-cache policy "$1" | sed -n 's/ *Candidate: //p')
	fi
	[ -n "${version/(none)/}" ] || die "Debian has no package $1 for this machine"
	echo "$version"
}

# fetch PACKAGE FOLDER: download one package and unpack it
fetch() {
	local tmp
	tmp=$(mktemp -d "$cache/fetch.XXXXXX")
	known "$1" >/dev/null
	say "downloading $1"
	( cd "$tmp" && apt-get download "$1" ) >"$tmp/log" 2>&1 || {
		cat "$tmp/log" >&2
		rm -rf "$tmp"
		die "cannot download $1"
	}
	dpkg -x "$tmp"/*.deb "$2"
	rm -rf "$tmp"
}

# debian SERIES [FLAVOUR]: the unmodified kernel that the installed headers belong to
debian() {
	local series=$1 flavour=${2:-} headers release dir
	# 6.1.0-56-amd64, 6.12.117+deb12-amd64; not -cloud-, and -rt- only when asked
	headers=$(find /usr/src -maxdepth 1 -regextype posix-extended -regex \
		".*/linux-headers-${series/./\\.}\\.[0-9]+(-[0-9]+)?(\\+deb[0-9]+)?$flavour-amd64" | sort -V | tail -n 1)
	[ -n "$headers" ] || die "no headers for $series$flavour in /usr/src (make deps)"
	release=${headers#/usr/src/linux-headers-}
	dir=$cache/debian-$release-r$recipe
	if [ ! -e "$dir/ok" ]; then
		rm -rf "$dir"
		mkdir -p "$dir"
		fetch "linux-image-$release" "$dir/root"
		ln -s "root/boot/vmlinuz-$release" "$dir/image"
		mkdir "$dir/modules"
		find "$dir/root" \( -name 'e1000*.ko*' -o -name failover.ko\* -o -name tun.ko\* \
			-o -name kunit.ko\* -o -name veth.ko\* \) -exec cp -t "$dir/modules" {} +
		find "$dir/modules" -name '*.xz' -exec unxz {} +
		rm -rf "$dir/root/lib" "$dir/root/usr"
		ln -s "$headers" "$dir/build"
		echo "$release" >"$dir/release"
		touch "$dir/ok"
	fi
	echo "$dir"
}

# source_tree: linux-source-6.12, unpacked once for a version
source_tree() {
	local version dir
	exec 8>"$cache/lock.unpack"	# two kernels may want it at once
	flock 8
	version=$(known linux-source-6.12)
	dir=$cache/source-$version-r$recipe
	if [ ! -e "$dir/ok" ]; then
		rm -rf "$dir"
		mkdir -p "$dir"
		fetch linux-source-6.12 "$dir/deb"
		say "unpacking the source of $version"
		tar -C "$dir" --strip-components=1 -xf "$dir"/deb/usr/src/linux-source-6.12.tar.xz
		rm -rf "$dir/deb"
		# On hosts with large vector state UML's user space dies at once unless
		# its buffer for floating point state is larger (in bytes; the macro divides).
		sed -i 's/DEFINE_LONGS(HOST_FP_SIZE, .*/DEFINE_LONGS(HOST_FP_SIZE, 11264);/' \
			"$dir/arch/x86/um/user-offsets.c"
		grep -q 11264 "$dir/arch/x86/um/user-offsets.c" || die "HOST_FP_SIZE has moved: look at user-offsets.c"
		touch "$dir/ok"
	fi
	echo "$dir"
}

# options_granted WANTED HAVE: a kernel that silently lacks its detector would pass every test
options_granted() {
	local option all=0
	while read -r option; do
		case $option in
		CONFIG_*=n) ! grep -q "^${option%=n}=" "$2" ;;
		*) grep -qxF "$option" "$2" ;;
		esac || { say "$option does not take effect"; all=1; }
	done < <(grep '^CONFIG_' "$1")
	return $all
}

# kmake TARGET...: make in the source, for the kernel that built() is at
kmake() {
	make -C "$source" ARCH="$arch" O="$dir/o" KBUILD_BUILD_USER=streams KBUILD_BUILD_HOST=streams \
		-j "$jobs" "$@" >>"$dir/log" 2>&1 </dev/null || {
		tail -n 30 "$dir/log" >&2
		die "the $name kernel does not build: $dir/log"
	}
}

# built NAME ARCH TARGET IMAGE CONFIG...: a kernel of our own configuration
built() {
	local name=$1 arch=$2 target=$3 image=$4 source key dir start
	shift 4
	source=$(source_tree)
	key=$( { basename "$source"; echo "$arch $target"; cat "${@/#/$here/config/}"; } | sha256sum | cut -c1-16)
	dir=$cache/$name-$key
	if [ ! -e "$dir/ok" ]; then
		rm -rf "$dir"
		mkdir -p "$dir/o"
		start=$SECONDS
		say "building the $name kernel ($dir/log; several minutes)"
		cat "${@/#/$here/config/}" >"$dir/config"
		kmake KCONFIG_ALLCONFIG="$dir/config" allnoconfig
		options_granted "$dir/config" "$dir/o/.config" || die "the $name kernel would lack what it is for"
		# shellcheck disable=SC2086 # one or two targets
		kmake $target
		ln -s "o/$image" "$dir/image"
		ln -s o "$dir/build"
		mkdir "$dir/modules"
		find "$dir/o" -name '*.ko' -exec cp -t "$dir/modules" {} +
		cat "$dir/o/include/config/kernel.release" >"$dir/release"
		# What is left serves to build modules against.
		find "$dir/o" -path "$dir/o/scripts" -prune -o -path "$dir/o/tools" -prune -o \
			\( -name '*.o' -o -name '*.a' -o -name '.*.cmd' -o -name '*.ko' \) \
			! -name 'module*' ! -path '*/arch/x86/um/*' -type f -exec rm -f {} +
		rm -f "$dir/o/.tmp_vmlinux"* "$dir/o/vmlinux.unstripped"
		say "the $name kernel took $((SECONDS - start)) s"
		touch "$dir/ok"
	fi
	echo "$dir"
}

provide() {
	case $1 in
	debian-6.12)	debian 6.12 ;;
	debian-6.12-rt)	debian 6.12 -rt ;;
	debian-6.1)	debian 6.1 ;;
	debian-6.1-rt)	debian 6.1 -rt ;;
	source)		source_tree ;;
	uml)		built uml um "linux modules" linux uml.config ;;
	kasan|kcsan)	built "$1" x86_64 "bzImage modules" arch/x86/boot/bzImage base.config "$1.config" ;;
	*)		die "no kernel is called $1" ;;
	esac
}

[ $# -eq 1 ] || die "usage: kernel.sh debian-6.12[-rt]|debian-6.1[-rt]|uml|kasan|kcsan"
exec 9>"$cache/lock.$1"
flock 9
provide "$1"
