/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/fcntl.h>: the flags of open(2), with Linux's values. */
#ifndef _SYS_FCNTL_H
#define _SYS_FCNTL_H

#include <sys/types.h>

/* Linux's header has these, with the same values. */
#ifndef O_RDONLY
#define O_RDONLY	00
#define O_WRONLY	01
#define O_RDWR		02
#endif
#ifndef O_EXCL
#define O_EXCL		0200
#endif
#ifndef O_NOCTTY
#define O_NOCTTY	0400
#endif
#ifndef O_APPEND
#define O_APPEND	02000
#endif
#ifndef O_NONBLOCK
#define O_NONBLOCK	04000
#endif
#ifndef O_NDELAY
#define O_NDELAY	O_NONBLOCK
#endif

#endif /* _SYS_FCNTL_H */
