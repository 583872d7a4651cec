/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/stream.h> for programs, which include it as they did on System V: it has
 * <sys/stropts.h>, and the types of messages by their names, which filters and network
 * tools know.  Queues, messages and what is done to them are no matter of programs; the
 * header that modules and drivers include by this name is another one.
 */
#ifndef _SYS_STREAM_H
#define _SYS_STREAM_H

#ifdef __KERNEL__
#error "this is for programs; modules and drivers have a <sys/stream.h> of their own"
#endif

#include <sys/stropts.h>
#include <sys/types.h>

/* Message types.  0x80 and above are high priority. */
#define QPCTL		0x80

#define M_DATA		0x00
#define M_PROTO		0x01
#define M_BREAK		0x08
#define M_PASSFP	0x09
#define M_EVENT		0x0a
#define M_SIG		0x0b
#define M_DELAY		0x0c
#define M_CTL		0x0d
#define M_IOCTL		0x0e
#define M_SETOPTS	0x10
#define M_RSE		0x11

#define M_IOCACK	0x81
#define M_IOCNAK	0x82
#define M_PCPROTO	0x83
#define M_PCSIG		0x84
#define M_READ		0x85
#define M_FLUSH		0x86
#define M_STOP		0x87
#define M_START		0x88
#define M_HANGUP	0x89
#define M_ERROR		0x8a
#define M_COPYIN	0x8b
#define M_COPYOUT	0x8c
#define M_IOCDATA	0x8d
#define M_PCRSE		0x8e
#define M_STOPI		0x8f
#define M_STARTI	0x90
#define M_PCEVENT	0x91
#define M_UNHANGUP	0x92
#define M_CMD		0x93

#define INFPSZ		(-1)		/* no limit of packet size */

#endif /* _SYS_STREAM_H */
