#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Make an initramfs: busybox, modules, programs and the job to run.
#
#   initrd.sh OUT KERNEL JOB [-m MODULE.ko]... [-f FILE[:PATH]]...
#
# KERNEL is a directory of kernel.sh, whose own modules come along; JOB is the
# shell script that init.sh runs.  Modules lie where modprobe finds them, without
# their debug information; files lie in /test unless PATH says otherwise.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=$1
kernel=$2
job=$3
shift 3

root=$(mktemp -d "${TMPDIR:-/tmp}/streams-initrd.XXXXXX")
trap 'rm -rf "$root"' EXIT
release=$(cat "$kernel/release")
modules=$root/lib/modules/$release

put_module() {
	objcopy --strip-debug "$1" "$modules/extra/$(basename "$1")"
}

put_file() {
	local to=${1#*:}
	[ "$to" != "$1" ] || to=/test/$(basename "$1")
	mkdir -p "$root/$(dirname "$to")"
	cp -L "${1%%:*}" "$root/$to"
}

mkdir -p "$root"/{bin,sbin,dev,proc,sys,tmp,test,etc} "$modules/extra"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do
	[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
# The kernel calls its helpers by their customary paths.
ln -sf /bin/busybox "$root/sbin/modprobe"
cp "$here/init.sh" "$root/init"
cp "$job" "$root/job"
cp "$here/live.sh" "$root/live.sh"
chmod +x "$root/init" "$root/job"
: >"$root/etc/passwd"
echo "root:x:0:0:root:/:/bin/sh" >>"$root/etc/passwd"
echo "nobody:x:65534:65534:nobody:/:/bin/sh" >>"$root/etc/passwd"

for module in "$kernel"/modules/*.ko; do
	[ -e "$module" ] && put_module "$module"
done
while [ $# -gt 0 ]; do
	case $1 in
	-m)	put_module "$2"; shift 2 ;;
	-f)	put_file "$2"; shift 2 ;;
	*)	echo "initrd.sh: what is $1?" >&2; exit 2 ;;
	esac
done
: >"$modules/modules.order"
: >"$modules/modules.builtin"
: >"$modules/modules.builtin.modinfo"
PATH=$PATH:/sbin:/usr/sbin depmod -b "$root" "$release"

mkdir -p "$(dirname "$out")"
( cd "$root" && find . -print0 | sort -z | cpio --quiet -0 -o -H newc -R 0:0 ) | gzip -1 >"$out.new"
mv "$out.new" "$out"
