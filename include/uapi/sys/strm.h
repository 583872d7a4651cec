/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/strm.h>: the ioctls behind getmsg, putmsg and isastream.
 *
 * They are system calls elsewhere.  Here they are ioctls under a magic of their
 * own, because 'S' is shared with the CD-ROM drivers: a descriptor that answers
 * STRM_ISASTREAM is a stream, and no other driver is ever asked to eject.
 *
 * One layout serves 32-bit and 64-bit programs: pointers travel as 64 bits.
 * Programs use libstreams, not this file.
 */
#ifndef _SYS_STRM_H
#define _SYS_STRM_H

#include <sys/stropts.h>
#ifndef __KERNEL__
#include <stdint.h>
#endif

struct strm_strbuf {
	int32_t		maxlen;
	int32_t		len;
	uint64_t	buf;
};

struct strm_msg {
	struct strm_strbuf	ctl;
	struct strm_strbuf	data;
	int32_t			band;
	uint32_t		flags;	/* as the function's: RS_HIPRI or MSG_* */
	uint32_t		has;	/* STRM_HAS_*: the pointers that were not null */
	uint32_t		pad;	/* 0 */
};

#define STRM_HAS_CTL	1
#define STRM_HAS_DATA	2

/*
 * The encoding of <linux/ioctl.h> for every architecture of ours, written out:
 * kernel modules come here without that header.
 */
#define __STRM_MAGIC		0xF5
#define __STRM_IO(nr)		((__STRM_MAGIC << 8) | (nr))
#define __STRM_SIZED(dir, nr)	(((dir) << 30) | (48U << 16) | __STRM_IO(nr))

#define STRM_GETMSG	__STRM_SIZED(3U, 1)	/* returns MORECTL|MOREDATA; all written back */
#define STRM_GETPMSG	__STRM_SIZED(3U, 2)
#define STRM_PUTMSG	__STRM_SIZED(1U, 3)
#define STRM_PUTPMSG	__STRM_SIZED(1U, 4)
#define STRM_ISASTREAM	__STRM_IO(5)		/* returns 1, whatever state the stream is in */

__STR_SIZE(struct strm_strbuf, 16);
__STR_AT(struct strm_strbuf, len, 4);
__STR_AT(struct strm_strbuf, buf, 8);
__STR_SIZE(struct strm_msg, 48);
__STR_AT(struct strm_msg, data, 16);
__STR_AT(struct strm_msg, band, 32);
__STR_AT(struct strm_msg, flags, 36);
__STR_AT(struct strm_msg, has, 40);

#endif /* _SYS_STRM_H */
