#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Render what is written about STREAMS.
#
#   render.sh html OUT		Documentation/ as HTML, OUT/index.html; a warning is an error
#   render.sh man OUT		a manual page of section 9 for each function and structure
#
# kernel-doc is the kernel's own, from Debian's linux-source.
set -euo pipefail
cd "$(dirname "$0")/../.."

out=$2
STREAMS_KERNEL_SOURCE=$(selftests/vm/kernel.sh source)
export STREAMS_KERNEL_SOURCE
mkdir -p "$out"

case $1 in
html)
	PYTHONDONTWRITEBYTECODE=1 sphinx-build -q -E -W --keep-going -c tools/docs -d "$out/.doctrees" \
		Documentation "$out"
	;;
man)
	rm -f "$out"/*.9
	find include/sys include/strm/perimeters.h -name '*.h' -print0 | sort -z |
		xargs -0 perl "$STREAMS_KERNEL_SOURCE/scripts/kernel-doc" -man |
		sed -E '/^\.TH/s/"[^"]*" 9 "(\w+ )?(\w+)" ("[^"]*").*/"\2" 9 "\2" \3 "Linux MT STREAMS"/' |
		perl "$STREAMS_KERNEL_SOURCE/scripts/split-man.pl" "$out" 2>/dev/null
	;;
*)	echo "render.sh: what is $1?" >&2; exit 2 ;;
esac
