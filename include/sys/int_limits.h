/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/int_limits.h>: limits of the integers of a given width. */
#ifndef _SYS_INT_LIMITS_H
#define _SYS_INT_LIMITS_H

/* Linux has most of these under the same name. */
#ifndef INT8_MAX
#define INT8_MAX	127
#define INT16_MAX	32767
#define INT32_MAX	2147483647
#define INT64_MAX	9223372036854775807LL
#define UINT8_MAX	255
#define UINT16_MAX	65535
#define UINT32_MAX	4294967295U
#define UINT64_MAX	18446744073709551615ULL
#endif
#ifndef INT8_MIN
#define INT8_MIN	(-128)
#define INT16_MIN	(-32767 - 1)
#define INT32_MIN	(-2147483647 - 1)
#define INT64_MIN	(-9223372036854775807LL - 1)
#endif
#ifndef INTPTR_MAX
#define INTPTR_MAX	9223372036854775807L
#endif
#ifndef UINTPTR_MAX
#define UINTPTR_MAX	18446744073709551615UL
#endif

#endif /* _SYS_INT_LIMITS_H */
