/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/stropts.h>: the ioctls, flags and structures of the stream head.
 *
 * Programs and kernel modules include this same file.  Numbers and layouts are
 * those of System V and of the header that glibc shipped until 2.29, so that a
 * program compiled against either keeps working; everything a program may test
 * with #ifdef is a macro.
 */
#ifndef _SYS_STROPTS_H
#define _SYS_STROPTS_H

#include <sys/types.h>
#ifndef __KERNEL__
#include <sys/ioctl.h>		/* POSIX wants ioctl() declared here */

/* Types that Solaris has in <sys/types.h>.  Define the guard if you have them already. */
#ifndef __uint_t_defined
#define __uint_t_defined
typedef unsigned char	uchar_t;
typedef unsigned short	ushort_t;
typedef unsigned int	uint_t;
typedef unsigned long	ulong_t;
#endif
#endif

/* ---- ioctls of the stream head ------------------------------------------- */

#define __STR_IOC	('S' << 8)

#define I_NREAD		(__STR_IOC | 0x01)	/* messages waiting, bytes in the first */
#define I_PUSH		(__STR_IOC | 0x02)	/* push the module of this name */
#define I_POP		(__STR_IOC | 0x03)	/* pop the topmost module */
#define I_LOOK		(__STR_IOC | 0x04)	/* name of the topmost module */
#define I_FLUSH		(__STR_IOC | 0x05)	/* discard what is queued: FLUSHR, FLUSHW */
#define I_SRDOPT	(__STR_IOC | 0x06)	/* set the read mode: RNORM ... RPROTNORM */
#define I_GRDOPT	(__STR_IOC | 0x07)	/* get the read mode */
#define I_STR		(__STR_IOC | 0x08)	/* an ioctl for a module or the driver */
#define I_SETSIG	(__STR_IOC | 0x09)	/* ask for SIGPOLL: S_INPUT ... S_BANDURG */
#define I_GETSIG	(__STR_IOC | 0x0a)	/* what SIGPOLL was asked for */
#define I_FIND		(__STR_IOC | 0x0b)	/* is the module of this name on the stream? */
#define I_LINK		(__STR_IOC | 0x0c)	/* link a stream below a multiplexor */
#define I_UNLINK	(__STR_IOC | 0x0d)	/* undo I_LINK */
#define I_RECVFD	(__STR_IOC | 0x0e)	/* receive a passed file */
#define I_E_RECVFD	I_RECVFD
#define I_PEEK		(__STR_IOC | 0x0f)	/* look at the first message, leave it */
#define I_FDINSERT	(__STR_IOC | 0x10)	/* send a message that names another stream */
#define I_SENDFD	(__STR_IOC | 0x11)	/* pass a file */
#define I_SWROPT	(__STR_IOC | 0x13)	/* set the write mode: SNDZERO, SNDPIPE */
#define I_GWROPT	(__STR_IOC | 0x14)	/* get the write mode */
#define I_LIST		(__STR_IOC | 0x15)	/* names of the modules and the driver, top first */
#define I_PLINK		(__STR_IOC | 0x16)	/* link that outlives the upper stream */
#define I_PUNLINK	(__STR_IOC | 0x17)	/* undo I_PLINK */
#define I_ANCHOR	(__STR_IOC | 0x18)	/* forbid popping at and below here */
#define I_FLUSHBAND	(__STR_IOC | 0x1c)	/* as I_FLUSH, for one band */
#define I_CKBAND	(__STR_IOC | 0x1d)	/* is there a message in this band? */
#define I_GETBAND	(__STR_IOC | 0x1e)	/* band of the first message */
#define I_ATMARK	(__STR_IOC | 0x1f)	/* is the first message marked? */
#define I_SETCLTIME	(__STR_IOC | 0x20)	/* how long close waits for output, in ms */
#define I_GETCLTIME	(__STR_IOC | 0x21)
#define I_CANPUT	(__STR_IOC | 0x22)	/* can this band be written? */
#define I_SERROPT	(__STR_IOC | 0x23)	/* do errors persist? RERRNORM ... */
#define I_GERROPT	(__STR_IOC | 0x24)
#define I_ESETSIG	(__STR_IOC | 0x25)	/* I_SETSIG for another process or group */
#define I_EGETSIG	(__STR_IOC | 0x26)

/* Private to illumos; named here because they must not be wrapped in I_STR. */
#define __I_PUSH_NOCTTY	(__STR_IOC | 0x27)
#define _I_MUXID2FD	(__STR_IOC | 0x2e)
#define _I_INSERT	(__STR_IOC | 0x2f)
#define _I_REMOVE	(__STR_IOC | 0x30)
#define _I_GETPEERCRED	(__STR_IOC | 0x31)
#define _I_PLINK_LH	(__STR_IOC | 0x32)
#define _I_CMD		(__STR_IOC | 0x33)

/* ---- their arguments ------------------------------------------------------ */

#define FMNAMESZ	8	/* longest name of a module */

/* I_FLUSH; FLUSHBAND belongs to the M_FLUSH message */
#define FLUSHR		0x01
#define FLUSHW		0x02
#define FLUSHRW		0x03
#define FLUSHBAND	0x04

/* I_SRDOPT: what a read returns, and what it does with control parts */
#define RNORM		0x0000	/* a stream of bytes */
#define RMSGD		0x0001	/* one message; the rest of it is discarded */
#define RMSGN		0x0002	/* one message; the rest of it stays */
#define RMODEMASK	0x0003
#define RPROTDAT	0x0004	/* the control part is data too */
#define RPROTDIS	0x0008	/* the control part is discarded */
#define RPROTNORM	0x0010	/* a control part: EBADMSG */

/* I_SWROPT */
#define SNDZERO		0x001	/* write of no bytes sends an empty message */
#define SNDPIPE		0x002	/* SIGPIPE when a write fails */

/* I_SERROPT */
#define RERRNORM	0x001
#define RERRNONPERSIST	0x002
#define WERRNORM	0x004
#define WERRNONPERSIST	0x008

/* I_SETSIG */
#define S_INPUT		0x0001
#define S_HIPRI		0x0002
#define S_OUTPUT	0x0004
#define S_WRNORM	S_OUTPUT
#define S_MSG		0x0008
#define S_ERROR		0x0010
#define S_HANGUP	0x0020
#define S_RDNORM	0x0040
#define S_RDBAND	0x0080
#define S_WRBAND	0x0100
#define S_BANDURG	0x0200	/* SIGURG instead of SIGPOLL, with S_RDBAND */

/* I_ATMARK */
#define ANYMARK		0x01
#define LASTMARK	0x02

/* I_UNLINK, I_PUNLINK: everything that is linked */
#ifndef MUXID_ALL
#define MUXID_ALL	(-1)
#endif

/* getmsg, putmsg, I_PEEK, I_FDINSERT */
#define RS_HIPRI	1

/* getpmsg, putpmsg */
#define MSG_HIPRI	0x01
#define MSG_ANY		0x02
#define MSG_BAND	0x04

/* result of getmsg and getpmsg: more of this part is waiting */
#define MORECTL		1
#define MOREDATA	2

/* poll(2), I_STR: no time limit */
#ifndef INFTIM
#define INFTIM		(-1)
#endif

/* ---- structures ----------------------------------------------------------- */

/* One part of a message: getmsg, putmsg and others. */
struct strbuf {
	int	maxlen;		/* room in buf; -1: leave this part alone */
	int	len;		/* bytes in buf; -1: no such part */
	char	*buf;
};

/* I_STR */
struct strioctl {
	int	ic_cmd;
	int	ic_timout;	/* seconds; 0: 15 s, INFTIM: for ever */
	int	ic_len;		/* bytes sent, then bytes received */
	char	*ic_dp;
};

/* I_PEEK */
struct strpeek {
	struct strbuf	ctlbuf;
	struct strbuf	databuf;
	unsigned int	flags;	/* RS_HIPRI or 0 */
};

/* I_FDINSERT */
struct strfdinsert {
	struct strbuf	ctlbuf;
	struct strbuf	databuf;
	unsigned int	flags;	/* RS_HIPRI or 0 */
	int		fildes;	/* the stream to name */
	int		offset;	/* where in the control part */
};

/* I_RECVFD */
struct strrecvfd {
	int	fd;
	uid_t	uid;
	gid_t	gid;
	char	fill[8];
};

/* I_LIST */
struct str_mlist {
	char	l_name[FMNAMESZ + 1];
};

struct str_list {
	int			sl_nmods;
	struct str_mlist	*sl_modlist;
};

/* _I_INSERT and _I_REMOVE */
struct strmodconf {
	int			pos;		/* 0 is right below the stream head */
	char			*mod_name;
};

/* I_FLUSHBAND */
struct bandinfo {
	unsigned char	bi_pri;
	int		bi_flag;	/* FLUSHR, FLUSHW, FLUSHRW */
};

/* I_ESETSIG, I_EGETSIG */
struct strsigset {
	pid_t	ss_pid;			/* a process; negative: a group */
	int	ss_events;
};

/* ---- the layouts are promises --------------------------------------------- */

#if defined(__cplusplus) && __cplusplus >= 201103L
#define __STR_ASSERT(expr)	static_assert(expr, #expr)
#elif !defined(__cplusplus) && __STDC_VERSION__ >= 201112L
#define __STR_ASSERT(expr)	_Static_assert(expr, #expr)
#else
#define __STR_ASSERT(expr)	extern int __str_assert[(expr) ? 1 : -1]
#endif

#define __STR_SIZE(type, size)		__STR_ASSERT(sizeof(type) == (size))
#define __STR_AT(type, member, at)	__STR_ASSERT(__builtin_offsetof(type, member) == (at))

__STR_SIZE(struct strrecvfd, 20);
__STR_AT(struct strrecvfd, fill, 12);
__STR_SIZE(struct str_mlist, 9);
__STR_SIZE(struct bandinfo, 8);
__STR_AT(struct bandinfo, bi_flag, 4);
__STR_SIZE(struct strsigset, 8);
__STR_AT(struct strsigset, ss_events, 4);

#ifdef __LP64__
__STR_SIZE(struct strbuf, 16);
__STR_AT(struct strbuf, len, 4);
__STR_AT(struct strbuf, buf, 8);
__STR_SIZE(struct strioctl, 24);
__STR_AT(struct strioctl, ic_timout, 4);
__STR_AT(struct strioctl, ic_len, 8);
__STR_AT(struct strioctl, ic_dp, 16);
__STR_SIZE(struct strpeek, 40);
__STR_AT(struct strpeek, databuf, 16);
__STR_AT(struct strpeek, flags, 32);
__STR_SIZE(struct strfdinsert, 48);
__STR_AT(struct strfdinsert, flags, 32);
__STR_AT(struct strfdinsert, fildes, 36);
__STR_AT(struct strfdinsert, offset, 40);
__STR_SIZE(struct str_list, 16);
__STR_AT(struct str_list, sl_modlist, 8);
#else
__STR_SIZE(struct strbuf, 12);
__STR_SIZE(struct strioctl, 16);
__STR_SIZE(struct strpeek, 28);
__STR_SIZE(struct strfdinsert, 36);
__STR_SIZE(struct str_list, 8);
#endif

#ifdef __KERNEL__

/* What a 32-bit program hands to a 64-bit kernel. */
struct strbuf32 {
	int32_t		maxlen;
	int32_t		len;
	uint32_t	buf;
};

struct strioctl32 {
	int32_t		ic_cmd;
	int32_t		ic_timout;
	int32_t		ic_len;
	uint32_t	ic_dp;
};

struct strpeek32 {
	struct strbuf32	ctlbuf;
	struct strbuf32	databuf;
	uint32_t	flags;
};

struct strfdinsert32 {
	struct strbuf32	ctlbuf;
	struct strbuf32	databuf;
	uint32_t	flags;
	int32_t		fildes;
	int32_t		offset;
};

struct str_list32 {
	int32_t		sl_nmods;
	uint32_t	sl_modlist;
};

struct strmodconf32 {
	int32_t		pos;
	uint32_t	mod_name;
};

__STR_SIZE(struct strbuf32, 12);
__STR_SIZE(struct strioctl32, 16);
__STR_SIZE(struct strpeek32, 28);
__STR_AT(struct strpeek32, flags, 24);
__STR_SIZE(struct strfdinsert32, 36);
__STR_AT(struct strfdinsert32, fildes, 28);
__STR_SIZE(struct str_list32, 8);
__STR_SIZE(struct strmodconf32, 8);

#else /* !__KERNEL__ */

#ifdef __cplusplus
extern "C" {
#endif

int isastream(int __fd);

int getmsg(int __fd, struct strbuf *__restrict __ctl, struct strbuf *__restrict __data,
	   int *__restrict __flags);
int getpmsg(int __fd, struct strbuf *__restrict __ctl, struct strbuf *__restrict __data,
	    int *__restrict __band, int *__restrict __flags);
int putmsg(int __fd, const struct strbuf *__ctl, const struct strbuf *__data, int __flags);
int putpmsg(int __fd, const struct strbuf *__ctl, const struct strbuf *__data, int __band,
	    int __flags);

#ifdef __cplusplus
}
#endif

#endif /* __KERNEL__ */

#endif /* _SYS_STROPTS_H */
