#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Install the Debian packages that a set of make targets needs.
#
#   deps.sh build|headers|test|bench|lint|docs ...
#
# Installs only what is missing, as root or through sudo, and says what it does.
# STREAMS_NO_INSTALL=1 turns an installation into an error that names the packages.
set -euo pipefail

declare -A sets=(
	[build]="build-essential bc bison flex kmod libelf-dev libssl-dev cpio xz-utils pahole rsync"
	[headers]="linux-headers-amd64 linux-headers-6.12-amd64 linux-headers-6.12-rt-amd64 linux-headers-rt-amd64"
	[test]="qemu-system-x86 busybox-static strace gcc-multilib python3 spin"
	[bench]="valgrind"
	[docs]="python3-sphinx perl"
	[lint]="clang clang-format sparse codespell perl python3 shellcheck"
)

missing=()
for set in "$@"; do
	for package in ${sets[$set]:?unknown set of packages: $set}; do
		[[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) == *"ok installed" ]] ||
			missing+=("$package")
	done
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "${STREAMS_NO_INSTALL:-0}" = 1 ]; then
	echo "deps: these Debian packages are missing: ${missing[*]}" >&2
	exit 1
fi
command -v apt-get >/dev/null || {
	echo "deps: no apt-get here; install by hand what these Debian packages hold: ${missing[*]}" >&2
	exit 1
}
sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
echo "deps: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
mkdir -p build
log=build/apt.log
if ! { "${sudo[@]}" apt-get update &&
       "${sudo[@]}" apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "deps: apt-get failed; the whole log is in $log" >&2
	exit 1
fi
