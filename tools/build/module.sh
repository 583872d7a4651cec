#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build the modules against one kernel, in a copy of the sources of its own.
#
#   module.sh KDIR OUT [kunit] [extra make arguments]
#
# OUT becomes a mirror of the sources with the .ko files in it, so that copies
# for several kernels live side by side.  With "kunit", OUT/kunit/streams_kunit.ko
# is built too.  A warning of the compiler, objtool, modpost or pahole is an error.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
kdir=$1
out=$2
shift 2
kunit=0
if [ "${1:-}" = kunit ]; then
	kunit=1
	shift
fi

# Compared by content and stamped with the time of the copy, so that a checkout
# of an older state is seen by make as well as a newer one.
mirror() {
	local room rooms=()
	mkdir -p "$out"
	for room in Kbuild include perimeter streams_core modules drivers kunit; do
		[ -e "$top/$room" ] && rooms+=("$top/$room")
	done
	rsync -rlpc --delete --exclude='*.o' --exclude='*.ko' --exclude='.*.cmd' --exclude='*.mod' \
		--exclude='*.mod.c' --exclude='*.order' --exclude=Module.symvers --exclude='*.s' \
		--exclude='core_*.c' --exclude='*_unity.cc' --exclude='.*.d' \
		--exclude=include/strm/generated --exclude=config.stamp --exclude=kdir "${rooms[@]}" "$out/"
}

# A mirror that was built against another kernel starts afresh.
same_kernel() {
	local stamp
	stamp=$(readlink -f "$kdir"; cat "$kdir/include/config/kernel.release" "$kdir/.config" | sha256sum)
	if [ "$(cat "$out/config.stamp" 2>/dev/null)" != "$stamp" ]; then
		rm -rf "$out"
		mkdir -p "$out"
		echo "$stamp" >"$out/config.stamp"
	fi
}

# Say what the kernel's build says, less what is neither news nor ours.
quietly() {
	grep --line-buffered -v -e '^make.*directory' -e '^Skipping BTF generation' \
		-e '^  MODPOST' -e '^  BTF' -e '\.mod\.o$' -e '\.module-common\.o$' || true
}

# A build that fails leaves no module of an earlier one, which a test would then take.
build() {
	local m=$1 arch=()
	shift
	grep -q '^CONFIG_UML=y' "$kdir/.config" && arch=(ARCH=um)
	if ! make -C "$kdir" M="$m" "${arch[@]}" PAHOLE="$top/tools/build/pahole" \
		-j"$(nproc)" "$@" modules 2>&1 </dev/null | tee "$log" | quietly; then
		rm -f "$m"/*.ko
		return 1
	fi
	if grep -qi 'warning' "$log"; then
		echo "module.sh: a warning is an error here" >&2
		rm -f "$m"/*.ko "$m"/*.o
		return 1
	fi
}

[ -e "$kdir/.config" ] || {
	echo "module.sh: $kdir has no .config: not a kernel to build modules against" >&2
	exit 1
}
# Not ours to pass on: make would hand its own variables to the kernel's build.
unset MAKEFLAGS MFLAGS MAKELEVEL
same_kernel
readlink -f "$kdir" >"$out/kdir"
out=$(cd "$out" && pwd)
log=$out/build.log
mirror
build "$out" "$@"
# What would not work in a kernel is refused here, not only in a check.
if ! "$top/tools/build/check-objects.sh" "$out" "$kdir" >"$out/objects.log"; then
	grep -B 20 '^not ok' "$out/objects.log" >&2
	rm -f "$out"/*.ko
	exit 1
fi
if [ "$kunit" = 1 ]; then
	log=$out/build-kunit.log
	build "$out/kunit" "$@"
fi
