/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/sockio.h>: programs for Solaris include it for ioctls of sockets, which are
 * those of Linux here.
 */
#ifndef _SYS_SOCKIO_H
#define _SYS_SOCKIO_H

#ifndef __KERNEL__
#include <sys/ioctl.h>
#endif

#endif /* _SYS_SOCKIO_H */
