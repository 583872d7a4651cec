/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/ioccom.h>: numbers of ioctls.  Composed as Linux does, so that a program which
 * includes <sys/ioctl.h> computes the same.
 */
#ifndef _SYS_IOCCOM_H
#define _SYS_IOCCOM_H

/* Linux's header, when it came first, has all of these. */
#ifndef _IOC
#define _IOC(dir, group, number, size)						\
	((unsigned int)(dir) << 30 | (unsigned int)(size) << 16 |		\
	 (unsigned int)(group) << 8 | (unsigned int)(number))
#define _IO(group, number)		_IOC(0U, group, number, 0)
#define _IOW(group, number, type)	_IOC(1U, group, number, sizeof(type))
#define _IOR(group, number, type)	_IOC(2U, group, number, sizeof(type))
#define _IOWR(group, number, type)	_IOC(3U, group, number, sizeof(type))
#endif

#endif /* _SYS_IOCCOM_H */
