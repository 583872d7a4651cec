/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/bufmod.h>: what programs say to the buffer module, bufmod(7), and what
 * stands before each message in a chunk.  Programs and kernel modules include
 * this file.
 */
#ifndef _SYS_BUFMOD_H
#define _SYS_BUFMOD_H

#include <sys/stropts.h>
#ifndef __KERNEL__
#include <stdint.h>
#include <sys/time.h>		/* struct timeval */
#endif

#define SBIOC			('B' << 8)
#define SBIOCSTIME		(SBIOC | 1)	/* struct timeval: a chunk waits that long */
#define SBIOCGTIME		(SBIOC | 2)
#define SBIOCCTIME		(SBIOC | 3)	/* a chunk waits until it is full */
#define SBIOCSCHUNK		(SBIOC | 4)	/* uint: bytes of a chunk */
#define SBIOCGCHUNK		(SBIOC | 5)
#define SBIOCSSNAP		(SBIOC | 6)	/* uint: bytes kept of a message, 0: all */
#define SBIOCGSNAP		(SBIOC | 7)
#define SBIOCSFLAGS		(SBIOC | 8)	/* uint: SB_SEND_ON_WRITE ... */
#define SBIOCGFLAGS		(SBIOC | 9)

#define SB_SEND_ON_WRITE	1	/* a chunk goes up when something is written */
#define SB_NO_HEADER		2	/* no struct sb_hdr before a message */
#define SB_NO_PROTO_CVT		4	/* M_PROTO stays M_PROTO, and outside of chunks */
#define SB_DEFER_CHUNK		8	/* the first message of an interval is not held */
#define SB_NO_DROPS		16	/* when nobody reads: hold, rather than drop */

#define SB_DFLT_CHUNK		8192	/* bytes of a chunk, until SBIOCSCHUNK */

/* A time of 32 bits, for 64-bit programs as well; what libraries name so, if they do. */
#ifndef _SYS_TIMEVAL32
#define _SYS_TIMEVAL32
struct timeval32 {
	int32_t		tv_sec;
	int32_t		tv_usec;
};
#endif

/* Before each message of a chunk. */
struct sb_hdr {
	uint32_t	sbh_origlen;	/* bytes of the message as it came */
	uint32_t	sbh_msglen;	/* bytes of it that follow */
	uint32_t	sbh_totlen;	/* bytes from here to the next header */
	uint32_t	sbh_drops;	/* messages dropped so far */
	struct timeval32 sbh_timestamp;	/* when it came, since 1970 */
};

__STR_SIZE(struct sb_hdr, 24);
__STR_AT(struct sb_hdr, sbh_msglen, 4);
__STR_AT(struct sb_hdr, sbh_totlen, 8);
__STR_AT(struct sb_hdr, sbh_drops, 12);
__STR_AT(struct sb_hdr, sbh_timestamp, 16);

#endif /* _SYS_BUFMOD_H */
