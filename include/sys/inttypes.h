/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/inttypes.h>: integers of a given width, their limits and conversions. */
#ifndef _SYS_INTTYPES_H
#define _SYS_INTTYPES_H

#include <sys/int_types.h>
#include <sys/int_limits.h>

#define PRId8		"d"
#define PRId16		"d"
#define PRId32		"d"
#define PRId64		"lld"
#define PRIdPTR		"ld"
#define PRIu8		"u"
#define PRIu16		"u"
#define PRIu32		"u"
#define PRIu64		"llu"
#define PRIuPTR		"lu"
#define PRIx8		"x"
#define PRIx16		"x"
#define PRIx32		"x"
#define PRIx64		"llx"
#define PRIxPTR		"lx"
#define PRIo8		"o"
#define PRIo16		"o"
#define PRIo32		"o"
#define PRIo64		"llo"

#endif /* _SYS_INTTYPES_H */
