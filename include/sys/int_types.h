/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/int_types.h>: integers of a given width.  The types are Linux's own. */
#ifndef _SYS_INT_TYPES_H
#define _SYS_INT_TYPES_H

typedef signed char		int8_t;
typedef short			int16_t;
typedef int			int32_t;
typedef long long		int64_t;
typedef unsigned char		uint8_t;
typedef unsigned short		uint16_t;
typedef unsigned int		uint32_t;
typedef unsigned long long	uint64_t;
typedef long			intptr_t;
typedef unsigned long		uintptr_t;
typedef long long		intmax_t;
typedef unsigned long long	uintmax_t;

#endif /* _SYS_INT_TYPES_H */
