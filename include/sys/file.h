/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/file.h>: how a file was opened, as the oflag of open(9E) says it.
 *
 * FREAD and FWRITE are bits of their own, as in System V; the others have
 * the values of open(2).
 */
#ifndef _SYS_FILE_H
#define _SYS_FILE_H

#include <sys/types.h>

#define FOPEN		(-1)
#define FREAD		0x01
#define FWRITE		0x02
#define FEXCL		0x80
#define FAPPEND		0x400
#define FNDELAY		0x800		/* O_NDELAY and O_NONBLOCK are one in Linux */
#define FNONBLOCK	0x800
#define FSYNC		0x101000

/* ddi_copyin(9F), ddi_copyout(9F): the address is the kernel's. */
#define FKIOCTL		0x80000000U

#endif /* _SYS_FILE_H */
