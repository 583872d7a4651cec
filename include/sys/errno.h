/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/errno.h>: error numbers, with Linux's values.  The DDI uses them as
 * positive numbers.
 */
#ifndef _SYS_ERRNO_H
#define _SYS_ERRNO_H

#ifndef EPERM
#define EPERM		1
#define ENOENT		2
#define ESRCH		3
#define EINTR		4
#define EIO		5
#define ENXIO		6
#define E2BIG		7
#define EBADF		9
#define EAGAIN		11
#define ENOMEM		12
#define EACCES		13
#define EFAULT		14
#define EBUSY		16
#define EEXIST		17
#define ENODEV		19
#define ENOTDIR		20
#define EINVAL		22
#define EMFILE		24
#define ENOTTY		25
#define ENOSPC		28
#define EPIPE		32
#define EDOM		33
#define ERANGE		34
#define EDEADLK		35
#define ENAMETOOLONG	36
#define ENOSTR		60
#define ENODATA		61
#define ETIME		62
#define ENOSR		63
#define ENOLINK		67
#define EPROTO		71
#define EBADMSG		74
#define EOVERFLOW	75
#define EMSGSIZE	90
#define EOPNOTSUPP	95
#define ENOTSUP		EOPNOTSUPP
#define ENOBUFS		105
#define ETIMEDOUT	110
#define EALREADY	114
#endif

#endif /* _SYS_ERRNO_H */
