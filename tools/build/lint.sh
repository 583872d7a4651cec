#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One tool that reads the sources without running them.
#
#   lint.sh checkpatch|clang-format|clang|sparse|kernel-doc|docs|shellcheck|codespell|python
#
# Prints what the tool says; fails if it says anything.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}

# what a build generates is none of them
files() {
	local pattern
	for pattern in "$@"; do
		find . \( -path ./build -o -path ./.git -o -path '*/generated' \) -prune -o \
			-type f -name "$pattern" ! -name 'core_*.c' ! -name '*_unity.cc' ! -name '*.mod.c' -print
	done | sed 's|^\./||' | sort -u
}

kernel_source() { selftests/vm/kernel.sh source; }

# Types that fight what this project is: names given by the DDI, a C++ core, a
# module outside the tree with its own MAINTAINERS.
checkpatch() {
	local ignored=NEW_TYPEDEFS,CAMELCASE,LINUX_VERSION_CODE,FILE_PATH_CHANGES,AVOID_EXTERNS
	ignored+=,PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE,SPLIT_STRING,NON_OCTAL_PERMISSIONS
	ignored+=,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE,CONFIG_DESCRIPTION,MULTIPLE_ASSIGNMENTS
	ignored+=,MACRO_WITH_FLOW_CONTROL,SPDX_LICENSE_TAG,UAPI_INCLUDE,PREFER_FALLTHROUGH
	# Error numbers of the DDI are positive; exports.c is the one place for its
	# kind; the comparison with LINUX_VERSION_CODE has its constant on the right.
	ignored+=,USE_NEGATIVE_ERRNO,EXPORT_SYMBOL,CONSTANT_COMPARISON,CONST_STRUCT
	# Names of the DDI that Linux would like to see no more; a macro of it that is
	# nothing here; a line that goes on, as CE_CONT wants it.
	ignored+=,STRCPY,STRNCPY,STRLCPY,NAKED_SSCANF,SYMBOLIC_PERMS,ENOSYS,PREFER_KERNEL_TYPES
	ignored+=,MACRO_ARG_UNUSED,LOGGING_CONTINUATION
	local c status=0
	# Trace headers have a layout of their own everywhere, and what is written for
	# Solaris looks as it does there.  What stands for the kernel's headers in user
	# space defines what others shall not.
	mapfile -t c < <(files '*.c' '*.h' | grep -v -e '/trace\.h$' -e '^selftests/oot/solaris/' \
		-e '^selftests/userspace/include/')
	perl "$(kernel_source)/scripts/checkpatch.pl" --no-tree --no-summary --terse --show-types --strict \
		--max-line-length=100 --ignore "$ignored" -f "${c[@]}" \
		2> >(grep -vE 'uninitialized value \$root|^find: ./include' >&2) || status=1
	rm -f .checkpatch-camelcase.*
	return $status
}

clang_format() {
	local cxx
	mapfile -t cxx < <(files '*.cc' '*.hh')
	clang-format --dry-run -Werror "${cxx[@]}"
}

clang_analysis() { tools/build/check-alone.sh "$(readlink -f "$build")/debian-6.12" clang; }

# The kernel's headers have reports of their own; ours are those with our path.
sparse_shims() {
	local mirror log kdir
	mirror=$(readlink -f "$build")/debian-6.12
	kdir=$(cat "$mirror/kdir")
	log=$build/logs/sparse.all
	unset MAKEFLAGS MFLAGS MAKELEVEL
	make -C "$kdir" M="$mirror" PAHOLE="$PWD/tools/build/pahole" C=2 CHECK="sparse -Wsparse-error" \
		modules >"$log" 2>&1 </dev/null || true
	grep -q "  CHECK   $mirror/streams_core/ddi" "$log" || {
		tail -n 20 "$log"
		echo "sparse did not run"
		return 1
	}
	! grep -E "^$mirror/.*(warning|error):" "$log"
}

kernel_doc() {
	local headers out
	headers=$(find include/sys -name '*.h'; echo include/strm/linux.h include/strm/perimeters.h)
	# shellcheck disable=SC2086 # a list of files
	out=$(perl "$(kernel_source)/scripts/kernel-doc" -none $headers 2>&1) || { echo "$out"; return 1; }
	[ -z "$out" ] || { echo "$out"; return 1; }
}

scripts() {
	files '*.sh'
	echo .ci/run tools/build/pahole | tr ' ' '\n'
}

case ${1:-} in
checkpatch)	checkpatch ;;
clang-format)	clang_format ;;
clang)		clang_analysis ;;
sparse)		sparse_shims ;;
kernel-doc)	kernel_doc ;;
docs)		tools/docs/render.sh html "$build/docs" ;;
shellcheck)	scripts | xargs shellcheck --severity=warning ;;
codespell)	files '*.c' '*.cc' '*.h' '*.hh' '*.sh' '*.py' '*.rst' '*.md' 'README*' | xargs codespell -L systm ;;
python)		files '*.py' | xargs -n 1 python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' ;;
*)		echo "lint.sh: what is ${1:-nothing}?" >&2; exit 2 ;;
esac
