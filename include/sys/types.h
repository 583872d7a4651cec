/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/types.h> for STREAMS modules and drivers: the type names of the DDI.
 *
 * Self-contained: a module includes no Linux header.  Each type is the one that
 * Linux itself gives to that name, so that the few C files which meet both
 * (hardware shims, the core's own) see no conflict.
 */
#ifndef _SYS_TYPES_H
#define _SYS_TYPES_H

#include <sys/isa_defs.h>
#include <sys/int_types.h>

/* What is compiled against these headers is kernel code. */
#ifndef _KERNEL
#define _KERNEL		1
#endif

typedef __SIZE_TYPE__		size_t;
typedef long			ssize_t;
typedef long			ptrdiff_t;

typedef unsigned char		uchar_t;
typedef unsigned short		ushort_t;
typedef unsigned int		uint_t;
typedef unsigned long		ulong_t;
typedef unsigned int		uint;
typedef unsigned short		ushort;
typedef unsigned long		ulong;
typedef unsigned char		unchar;
typedef unsigned char		u_char;
typedef unsigned short		u_short;
typedef unsigned int		u_int;
typedef unsigned long		u_long;
typedef long long		longlong_t;
typedef unsigned long long	u_longlong_t;
typedef char			*caddr_t;
typedef long			off_t;
typedef long long		offset_t;
typedef unsigned long long	u_offset_t;
typedef long			clock_t;
typedef long			time_t;
typedef long long		hrtime_t;
typedef int			key_t;
typedef int			pid_t;
typedef unsigned int		uid_t;
typedef unsigned int		gid_t;
typedef int			id_t;
typedef unsigned int		mode_t;
typedef unsigned long		ino_t;
typedef short			index_t;
typedef int			processorid_t;

/* Device numbers, encoded as Linux does inside the kernel: 12 bits and 20. */
typedef unsigned int		dev_t;
typedef unsigned int		major_t;
typedef unsigned int		minor_t;

typedef int			t_scalar_t;
typedef unsigned int		t_uscalar_t;

typedef enum { B_FALSE = 0, B_TRUE = 1 } boolean_t;

/* What timeout() returns. */
typedef void			*timeout_id_t;

/* Credentials of whoever made a request; opaque. */
typedef struct strm_cred	cred_t;

#ifndef NULL
#ifdef __cplusplus
#define NULL	__null
#else
#define NULL	((void *)0)
#endif
#endif

#endif /* _SYS_TYPES_H */
