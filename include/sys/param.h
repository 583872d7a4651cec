/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/param.h>: limits of the system, and hz. */
#ifndef _SYS_PARAM_H
#define _SYS_PARAM_H

#include <sys/types.h>
#include <sys/sysmacros.h>
#include <sys/callout.h>

#ifndef TRUE
#define TRUE		1
#define FALSE		0
#endif

#ifndef HZ
#define HZ		hz
#endif

#define NODEV		((dev_t)-1)
#define NBBY		8		/* bits of a byte */

#ifndef MAXPATHLEN
#define MAXPATHLEN	1024
#endif
#ifndef MAXNAMELEN
#define MAXNAMELEN	256
#endif

#ifndef INT_MAX
#define INT_MAX		2147483647
#define INT_MIN		(-INT_MAX - 1)
#define UINT_MAX	4294967295U
#define LONG_MAX	9223372036854775807L
#define LONG_MIN	(-LONG_MAX - 1L)
#define ULONG_MAX	18446744073709551615UL
#endif
#ifndef SHRT_MAX
#define SHRT_MAX	32767
#define SHRT_MIN	(-SHRT_MAX - 1)
#define USHRT_MAX	65535
#endif

/* Sleep priorities: accepted where a function takes one, without effect. */
#define PZERO		25
#define PCATCH		0x8000

#define setbit(a, i)	((a)[(i) / NBBY] |= 1 << ((i) % NBBY))
#define clrbit(a, i)	((a)[(i) / NBBY] &= ~(1 << ((i) % NBBY)))
#define isset(a, i)	((a)[(i) / NBBY] & (1 << ((i) % NBBY)))
#define isclr(a, i)	(!isset(a, i))

#endif /* _SYS_PARAM_H */
