#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The rules of the house that a compiler does not check: who may include whom,
# what is Linux's alone, and that the door between C and C++ holds no dead wood.
# Prints KTAP, one point a rule.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

# shellcheck source=tools/build/points.sh
. tools/build/points.sh

sources() { find "$@" -type f \( -name '*.c' -o -name '*.cc' -o -name '*.h' -o -name '*.hh' \) 2>/dev/null; }

# "file: header" for every #include of the files that sources() finds
includes() {
	sources "$@" | xargs -r grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"][^>"]+' |
		sed -E 's/:[^<"]*[<"]/: /'
}

# room FOLDER ALLOWED...: the files of FOLDER include nothing but these, as path prefixes
room() {
	local folder=$1 allowed
	shift
	allowed=$(IFS='|'; echo "$*")
	includes "$folder" | grep -vE ": ($allowed)" |
		while IFS= read -r line; do
			# a header beside the file, named alone
			[ -e "$(dirname "${line%%:*}")/${line#*: }" ] || echo "$line"
		done >>"$found"
	point "$folder includes only what is below it"
}

ddi='sys/ stropts\.h'
# shellcheck disable=SC2086 # $ddi is a list
{
	room include/sys $ddi 'strm/(generated/layout|perimeters)\.h'
	room include/uapi $ddi 'linux/' 'stddef\.h' 'stdint\.h'
	room include/strm strm/ $ddi 'linux/(init|module)\.h'
	room perimeter perimeter/ strm/ $ddi
	room streams_core/message streams_core/message/ perimeter/runner\.hh strm/ $ddi
	room streams_core/queue streams_core/queue/ streams_core/message/ perimeter/ strm/ $ddi
	room streams_core/plumbing streams_core/plumbing/ streams_core/queue/ streams_core/message/ perimeter/ strm/ $ddi
	room streams_core/ddi linux/ streams_core/linux/shim.h streams_core/rules/rules.h strm/ $ddi
	room streams_core/rules linux/ streams_core/linux/shim.h streams_core/rules/ streams_core/queue/ streams_core/message/ perimeter/ strm/ $ddi
	room streams_core/head streams_core/head/ streams_core/plumbing/ streams_core/queue/ \
		streams_core/message/ perimeter/ strm/ $ddi
}

includes modules drivers | grep -vE '_linux\.c: ' | grep -vE ': (sys/|stropts\.h|strm/(module|message|cxx|atomic)\.hh)' |
	while IFS= read -r line; do
		[ -e "$(dirname "${line%%:*}")/${line#*: }" ] || echo "$line"
	done >>"$found"
point "modules and drivers see the DDI alone"

includes include perimeter streams_core modules drivers | grep -E ': (linux|asm|uapi|net|trace)/' |
	grep -vE '^(streams_core/linux/|streams_core/ddi/|streams_core/rules/[a-z]+\.[ch]:|include/uapi/|include/strm/modlink\.h:|drivers/[^/]+/[^/]+_linux\.c)' >>"$found"
point "only the rooms in C include Linux"

sources include perimeter streams_core modules drivers | xargs -r grep -nE '\bstd::' >>"$found"
point "nothing of std::"

# Prototypes of the door: lin_name( at the end of a declaration.
declared=$(sed 's|/\*.*\*/||; /^[[:space:]]*\*/d; /^[[:space:]]*\/\*/d' include/strm/linux.h |
	grep -oE '\blin_[a-z0-9_]+[[:space:]]*\(' | tr -d ' \t(' | sort -u)
core=$(sources perimeter streams_core modules drivers include kunit | grep -v '^include/strm/linux\.h$')
mapfile -t shims < <(sources streams_core/linux perimeter | grep '\.c$')
for name in $declared; do
	defining=$(grep -lE "^([a-z].*[ *])?$name\(" "${shims[@]}" /dev/null 2>/dev/null | head -n 1)
	if [ -z "$defining" ] && ! grep -qE "static.*\b$name\(" include/strm/linux.h; then
		echo "$name is declared and not defined"
	fi
	# shellcheck disable=SC2086 # a list of files
	uses=$(grep -hoE "\b$name\b" $core /dev/null | wc -l)
	# the definition is one of them, where it is not an inline of linux.h itself
	if [ "$uses" -lt 2 ] && [ "$(grep -coE "\b$name\b" include/strm/linux.h)" -lt 2 ]; then
		echo "$name is not used"
	fi
done >>"$found"
[ -n "$declared" ] || echo "include/strm/linux.h declares nothing" >>"$found"
point "every lin_* that is declared is defined and used"

# dkms.conf must name what Kbuild builds.
{
	echo streams
	find modules drivers -mindepth 1 -maxdepth 1 -type d -printf 'streams_%f\n' 2>/dev/null
} | sort >"$found.built"
sed -n 's/^BUILT_MODULE_NAME\[[0-9]*\]="\(.*\)"/\1/p' dkms.conf | sort >"$found.named"
diff "$found.built" "$found.named" >>"$found"
rm -f "$found.built" "$found.named"
point "dkms.conf names every module"

sed -n '/^```c$/,/^```$/p' README.md | sed '1d;$d' | diff - selftests/oot/c/upcase.c >>"$found"
point "the README shows the sample as it is compiled"

find include perimeter streams_core modules drivers kunit selftests tools -type f \
	\( -name '*.c' -o -name '*.cc' -o -name '*.h' -o -name '*.hh' -o -name '*.sh' -o -name '*.py' -o -name 'Kbuild*' \) \
	-exec sh -c 'head -n 3 "$1" | grep -q SPDX-License-Identifier || echo "$1"' sh {} \; |
	grep -v '/generated/' >>"$found"
point "every source says its licence"
echo "1..$number"
exit $bad
