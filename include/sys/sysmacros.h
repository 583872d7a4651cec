/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/sysmacros.h>: arithmetic that drivers do all the time. */
#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H

#include <sys/types.h>

/* Device numbers, 12 bits and 20: getmajor(9F), getminor(9F), makedevice(9F). */
#ifndef getmajor
#define getmajor(dev)		((major_t)((dev) >> 20))
#define getminor(dev)		((minor_t)((dev) & 0xfffff))
#define makedevice(major, minor) ((dev_t)((major) << 20 | ((minor) & 0xfffff)))
#endif
#define MAXMAJ			0xfff
#define MAXMIN			0xfffff
#define L_MAXMAJ		MAXMAJ
#define L_MAXMIN		MAXMIN

#ifndef MIN
#define MIN(a, b)		((a) < (b) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b)		((a) < (b) ? (b) : (a))
#endif
#ifndef ABS
#define ABS(a)			((a) < 0 ? -(a) : (a))
#endif
#ifndef SIGNOF
#define SIGNOF(a)		((a) < 0 ? -1 : (a) > 0)
#endif

/* Any unit */
#ifndef howmany
#define howmany(x, y)		(((x) + ((y) - 1)) / (y))
#endif
#ifndef roundup
#define roundup(x, y)		((((x) + ((y) - 1)) / (y)) * (y))
#endif

/* A unit that is a power of two, of the type of @x */
#define ISP2(x)			(((x) & ((x) - 1)) == 0)
#define IS_P2ALIGNED(v, a)	((((uintptr_t)(v)) & ((uintptr_t)(a) - 1)) == 0)
#define P2ALIGN(x, align)	((x) & -(align))
#define P2CROSS(x, y, align)	(((x) ^ (y)) > (align) - 1)
#define P2ROUNDUP(x, align)	(-(-(x) & -(align)))
#define P2END(x, align)		(-(~(x) & -(align)))
#define P2PHASE(x, align)	((x) & ((align) - 1))
#define P2NPHASE(x, align)	(-(x) & ((align) - 1))
#define P2BOUNDARY(off, len, align) (((off) ^ ((off) + (len) - 1)) > (align) - 1)
#define P2SAMEHIGHBIT(x, y)	(((x) ^ (y)) < ((x) & (y)))

/* The same, of a type that is named */
#define P2ALIGN_TYPED(x, align, type)	((type)(x) & -(type)(align))
#define P2ROUNDUP_TYPED(x, align, type)	(-(-(type)(x) & -(type)(align)))
#define P2PHASE_TYPED(x, align, type)	((type)(x) & ((type)(align) - 1))
#define P2NPHASE_TYPED(x, align, type)	(-(type)(x) & ((type)(align) - 1))

#ifndef offsetof
#define offsetof(type, member)	__builtin_offsetof(type, member)
#endif

#define lobyte(x)		((unsigned char)(x))
#define hibyte(x)		((unsigned char)((x) >> 8))

#ifndef A_CNT
#define A_CNT(array)		(sizeof(array) / sizeof((array)[0]))
#endif

#endif /* _SYS_SYSMACROS_H */
