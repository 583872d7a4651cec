/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/mkdev.h>: device numbers; they are in <sys/sysmacros.h>. */
#ifndef _SYS_MKDEV_H
#define _SYS_MKDEV_H

#include <sys/sysmacros.h>

#endif /* _SYS_MKDEV_H */
