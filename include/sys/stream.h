/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/stream.h>: messages, queues and the functions that STREAMS modules and
 * drivers call, with the names and values of Solaris (sections 9E, 9F and 9S).
 *
 * For authors in C and in C++.  The contexts named below:
 *
 *   process    open and close procedures; may sleep
 *   stream     put and service procedures, and callbacks inside a perimeter:
 *              bottom halves are off, nothing sleeps
 *   interrupt  a hard interrupt handler
 */
#ifndef _SYS_STREAM_H
#define _SYS_STREAM_H

#include <sys/types.h>
#include <sys/model.h>
#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------- messages */

struct module;

/**
 * struct datab - a reference counted data block, datab(9S)
 * @db_base: first byte of the buffer
 * @db_lim: first byte after the buffer
 * @db_ref: message blocks that point here; read it through DB_REF()
 * @db_type: message type, M_DATA ...
 * @db_floor: value of @db_ref at which the buffer goes; the framework's own
 * @db_pad: unused
 * @db_uses: what keeps the memory of this block alive; the framework's own
 * @db_free: what gives an external buffer back; the framework's own
 * @db_arg: for @db_free
 */
struct datab {
	unsigned char	*db_base;
	unsigned char	*db_lim;
	unsigned char	db_ref;
	unsigned char	db_type;
	unsigned char	db_floor;
	unsigned char	db_pad;
	unsigned int	db_uses;
	int		(*db_free)(struct datab *db);
	void		*db_arg;
};

struct queue;

/**
 * struct msgb - a message block, msgb(9S)
 * @b_next: next message on a queue
 * @b_prev: previous message on a queue
 * @b_cont: next block of the same message
 * @b_rptr: first unread byte
 * @b_wptr: first unwritten byte
 * @b_datap: the data block
 * @b_band: priority band, 0 to 255
 * @b_pending: where a deferred message goes on; the framework's own
 * @b_flag: MSGMARK ...
 * @b_size_class: which cache this block came from; the framework's own
 * @b_own: the data block to be freed together with; the framework's own
 * @b_writer: what qwriter() will call with a message that waits; the framework's own
 */
typedef struct msgb {
	struct msgb	*b_next;
	struct msgb	*b_prev;
	struct msgb	*b_cont;
	unsigned char	*b_rptr;
	unsigned char	*b_wptr;
	struct datab	*b_datap;
	unsigned char	b_band;
	unsigned char	b_pending;
	unsigned short	b_flag;
	unsigned int	b_size_class;
	union {
		struct datab *b_own;
		void (*b_writer)(struct queue *q, struct msgb *mp);
	};
} mblk_t;

typedef struct datab dblk_t;

/*
 * A free routine takes one pointer, of whatever type its author finds handy: as
 * on Solaris, C is not told which.  C++ always is.
 */
#ifdef __cplusplus
typedef void strm_free_func_t(caddr_t arg);
#else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
typedef __typeof__(void ()) strm_free_func_t;
#pragma GCC diagnostic pop
#endif

/**
 * struct free_rtn - gives an external buffer back, free_rtn(9S)
 * @free_func: called when the last message that refers to the buffer is freed
 * @free_arg: its argument
 */
typedef struct free_rtn {
	strm_free_func_t *free_func;
	caddr_t		free_arg;
} frtn_t;

/* b_flag */
#define MSGMARK		0x01	/* last byte of the message is marked */
#define MSGNOLOOP	0x02	/* do not send it back at the stream head */
#define MSGDELIM	0x04	/* message ends a record */
#define MSGMARKNEXT	0x10
#define MSGNOTMARKNEXT	0x20

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

/* allocb() priorities; accepted, without effect, as on Solaris. */
#define BPRI_LO		1
#define BPRI_MED	2
#define BPRI_HI		3

#define NOPID		((pid_t)-1)	/* nobody's: allocb_cred() */
#define STR_NOSIG	0x01		/* allocb_wait(): let signals wait */

typedef uintptr_t	bufcall_id_t;	/* odd, and never 0 */

#define DB_BASE(mp)	((mp)->b_datap->db_base)
#define DB_LIM(mp)	((mp)->b_datap->db_lim)
#define DB_REF(mp)	__atomic_load_n(&(mp)->b_datap->db_ref, __ATOMIC_ACQUIRE)
#define DB_TYPE(mp)	((mp)->b_datap->db_type)
#define MBLKL(mp)	((mp)->b_wptr - (mp)->b_rptr)
#define MBLKSIZE(mp)	((mp)->b_datap->db_lim - (mp)->b_datap->db_base)
#define MBLKHEAD(mp)	((mp)->b_rptr - (mp)->b_datap->db_base)
#define MBLKTAIL(mp)	((mp)->b_datap->db_lim - (mp)->b_wptr)
/* Are @len bytes at offset @off within the data of the block? */
#define MBLKIN(mp, off, len) \
	(MBLKL(mp) >= 0 && (size_t)(off) <= (size_t)MBLKL(mp) && \
	 (size_t)(len) <= (size_t)MBLKL(mp) - (size_t)(off))

#define datamsg(type)	((type) == M_DATA || (type) == M_PROTO || \
			 (type) == M_PCPROTO || (type) == M_DELAY)

/* --------------------------------------------------------------- queues */

struct strm_gate;

/* Entry points: open(9E), close(9E), put(9E), srv(9E). */
typedef int (*strm_open_t)(struct queue *q, dev_t *devp, int oflag, int sflag, cred_t *crp);
typedef int (*strm_close_t)(struct queue *q, int flag, cred_t *crp);
typedef int (*strm_put_t)(struct queue *q, mblk_t *mp);
typedef int (*strm_srv_t)(struct queue *q);

/**
 * struct module_info - limits and names, module_info(9S)
 * @mi_idnum: module number
 * @mi_idname: module name, at most FMNAMESZ characters
 * @mi_minpsz: smallest packet accepted, in bytes
 * @mi_maxpsz: largest packet accepted, in bytes; INFPSZ for any
 * @mi_hiwat: high water mark, in bytes
 * @mi_lowat: low water mark, in bytes
 */
struct module_info {
	ushort_t	mi_idnum;
	const char	*mi_idname;
	ssize_t		mi_minpsz;
	ssize_t		mi_maxpsz;
	size_t		mi_hiwat;
	size_t		mi_lowat;
};

/**
 * struct qinit - the procedures of one queue, qinit(9S)
 * @qi_putp: put procedure
 * @qi_srvp: service procedure, or NULL
 * @qi_qopen: open procedure; of the read side only
 * @qi_qclose: close procedure; of the read side only
 * @qi_qadmin: unused
 * @qi_minfo: limits and name
 * @qi_mstat: statistics, or NULL
 */
struct qinit {
	strm_put_t	qi_putp;
	strm_srv_t	qi_srvp;
	strm_open_t	qi_qopen;
	strm_close_t	qi_qclose;
	int		(*qi_qadmin)(void);
	struct module_info *qi_minfo;
	void		*qi_mstat;
};

/**
 * struct streamtab - the queues of a module or driver, streamtab(9S)
 * @st_rdinit: read side
 * @st_wrinit: write side
 * @st_muxrinit: lower read side of a multiplexor, or NULL
 * @st_muxwinit: lower write side of a multiplexor, or NULL
 */
struct streamtab {
	struct qinit	*st_rdinit;
	struct qinit	*st_wrinit;
	struct qinit	*st_muxrinit;
	struct qinit	*st_muxwinit;
};

/**
 * struct qband - flow control of one band above 0, qband(9S)
 * @qb_next: record of the next higher band
 * @qb_count: bytes queued
 * @qb_mblkcnt: message blocks queued
 * @qb_hiwat: high water mark, in bytes
 * @qb_lowat: low water mark, in bytes
 * @qb_flag: QB_FULL ...
 */
typedef struct qband {
	struct qband	*qb_next;
	size_t		qb_count;
	size_t		qb_mblkcnt;
	size_t		qb_hiwat;
	size_t		qb_lowat;
	uint_t		qb_flag;
} qband_t;

#define QB_FULL		0x01
#define QB_WANTW	0x02
#define QB_BACK		0x04

/**
 * struct queue - one direction of a module, driver or stream head, queue(9S)
 * @q_qinfo: procedures and limits
 * @q_next: next queue in this direction
 * @q_putp: put procedure now in force; the framework's own
 * @q_gate: gate of the perimeter; the framework's own
 * @q_ptr: for the module's own use
 * @q_nfsrv: where flow control looks for who puts here: this queue, or the
 *	nearest one after it that has a service procedure
 * @q_private: the rest of the queue; the framework's own
 * @q_maxpsz: largest packet accepted, in bytes
 * @q_first: first message
 * @q_last: last message
 * @q_count: bytes of band 0 and of high priority messages
 * @q_mblkcnt: message blocks of band 0 and of high priority messages
 * @q_flag: QREADR ...
 * @q_hiwat: high water mark, in bytes
 * @q_lowat: low water mark, in bytes
 * @q_bandp: records of the bands above 0
 * @q_nband: number of those records
 * @q_minpsz: smallest packet accepted, in bytes
 *
 * The first 64 bytes are what a passing message reads, the second 64 what
 * queueing one writes.
 */
typedef struct queue {
	struct qinit	*q_qinfo;
	struct queue	*q_next;
	strm_put_t	q_putp;
	struct strm_gate *q_gate;
	void		*q_ptr;
	struct queue	*q_nfsrv;
	void		*q_private;
	ssize_t		q_maxpsz;

	mblk_t		*q_first;
	mblk_t		*q_last;
	size_t		q_count;
	size_t		q_mblkcnt;
	size_t		q_hiwat;
	size_t		q_lowat;
	struct qband	*q_bandp;
	uint_t		q_flag;
	uchar_t		q_nband;
	ssize_t		q_minpsz;
} queue_t;

/* q_flag; the framework's to write, under the queue's lock */
#define QENAB		0x0001	/* service procedure is scheduled */
#define QWANTR		0x0002	/* a getq() found nothing: enable on putq() */
#define QWANTW		0x0004	/* a canput() failed: back-enable when there is room */
#define QFULL		0x0008	/* at or above the high water mark */
#define QREADR		0x0010	/* a read queue */
#define QNOENB		0x0040	/* putq() shall not enable */
#define QBACK		0x0100	/* has been back-enabled */
#define QPROCS		0x0200	/* between qprocson() and qprocsoff() */
#define QWCLOSE		0x0400	/* qprocsoff() has begun */
#define QCHOKED		0x0800	/* too much waits here, in all bands: send no more */
#define QFROZEN		0x1000	/* between freezestr() and unfreezestr() */

/*
 * A queue pair lies in memory as read queue, write queue.
 */
#define STRM_READ_SIDE(q) (__atomic_load_n(&(q)->q_flag, __ATOMIC_RELAXED) & QREADR)
#define RD(q)		(STRM_READ_SIDE(q) ? (q) : (q) - 1)
#define WR(q)		(STRM_READ_SIDE(q) ? (q) + 1 : (q))
#define OTHERQ(q)	(STRM_READ_SIDE(q) ? (q) + 1 : (q) - 1)
#define _RD(q)		((q) - 1)
#define _WR(q)		((q) + 1)

#define FLUSHALL	1	/* flushq(): every message */
#define FLUSHDATA	0	/* flushq(): data messages only */

/* M_FLUSH: first byte; the second is the band with FLUSHBAND */
#ifndef FLUSHR
#define FLUSHR		0x01
#define FLUSHW		0x02
#define FLUSHRW		0x03
#endif
#ifndef FLUSHBAND
#define FLUSHBAND	0x04
#endif

#define INFPSZ		(-1)	/* no limit of packet size */
#ifndef FMNAMESZ
#define FMNAMESZ	8
#endif
#define NOERROR		0xff	/* in M_ERROR: leave this side as it is */

/* open(9E): sflag, and the minor number that asks for any */
#define MODOPEN		0x1
#define CLONEOPEN	0x2

/* Watermarks of the stream head */
#define STRHIGH		5120
#define STRLOW		1024

/* -------------------------------------------------------------- ioctls */

#define TRANSPARENT	((size_t)-1)

/**
 * struct iocblk - M_IOCTL, M_IOCACK, M_IOCNAK; iocblk(9S)
 * @ioc_cmd: command
 * @ioc_cr: credentials of the caller
 * @ioc_id: identifies the ioctl; keep it in the answer
 * @ioc_flag: data model of the caller
 * @ioc_count: bytes of data, or TRANSPARENT
 * @ioc_rval: what ioctl(2) returns
 * @ioc_error: error number, or 0
 */
struct iocblk {
	int		ioc_cmd;
	cred_t		*ioc_cr;
	uint_t		ioc_id;
	uint_t		ioc_flag;
	size_t		ioc_count;
	int		ioc_rval;
	int		ioc_error;
};

/**
 * struct copyreq - M_COPYIN, M_COPYOUT; copyreq(9S)
 * @cq_cmd: command, as in the M_IOCTL
 * @cq_cr: credentials, as in the M_IOCTL
 * @cq_id: identifies the ioctl
 * @cq_flag: data model of the caller
 * @cq_private: comes back in cp_private
 * @cq_addr: user address
 * @cq_size: bytes to copy
 */
struct copyreq {
	int		cq_cmd;
	cred_t		*cq_cr;
	uint_t		cq_id;
	uint_t		cq_flag;
	mblk_t		*cq_private;
	caddr_t		cq_addr;
	size_t		cq_size;
};

/**
 * struct copyresp - M_IOCDATA; copyresp(9S)
 * @cp_cmd: command, as in the M_IOCTL
 * @cp_cr: credentials, as in the M_IOCTL
 * @cp_id: identifies the ioctl
 * @cp_flag: data model of the caller
 * @cp_private: cq_private of the request
 * @cp_rval: NULL, or the copy failed
 */
struct copyresp {
	int		cp_cmd;
	cred_t		*cp_cr;
	uint_t		cp_id;
	uint_t		cp_flag;
	mblk_t		*cp_private;
	caddr_t		cp_rval;
};

#define IOC_MODELS	DATAMODEL_MASK
#define IOC_ILP32	DATAMODEL_ILP32
#define IOC_LP64	DATAMODEL_LP64
#define IOC_NATIVE	DATAMODEL_NATIVE
#define IOC_NONE	DATAMODEL_NONE

/**
 * struct stroptions - M_SETOPTS; stroptions(9S)
 * @so_flags: which of the others count: SO_READOPT ...
 * @so_readopt: read and protocol mode, as I_SRDOPT
 * @so_wroff: room to leave before written data, in bytes
 * @so_minpsz: smallest packet, in bytes
 * @so_maxpsz: largest packet, in bytes
 * @so_hiwat: high water mark, in bytes
 * @so_lowat: low water mark, in bytes
 * @so_band: band that the marks are for, with SO_BAND
 * @so_erropt: as I_SERROPT
 * @so_maxblk: largest message block, in bytes
 * @so_copyopt: unused
 * @so_tail: room to leave after written data, in bytes
 */
struct stroptions {
	uint_t		so_flags;
	short		so_readopt;
	ushort_t	so_wroff;
	ssize_t		so_minpsz;
	ssize_t		so_maxpsz;
	size_t		so_hiwat;
	size_t		so_lowat;
	uchar_t		so_band;
	ushort_t	so_erropt;
	ssize_t		so_maxblk;
	ushort_t	so_copyopt;
	ushort_t	so_tail;
};

#define SO_READOPT	0x000001
#define SO_WROFF	0x000002
#define SO_MINPSZ	0x000004
#define SO_MAXPSZ	0x000008
#define SO_HIWAT	0x000010
#define SO_LOWAT	0x000020
#define SO_MREADON	0x000040
#define SO_MREADOFF	0x000080
#define SO_NDELON	0x000100
#define SO_NDELOFF	0x000200
#define SO_ISTTY	0x000400
#define SO_ISNTTY	0x000800
#define SO_TOSTOP	0x001000
#define SO_TONSTOP	0x002000
#define SO_BAND		0x004000
#define SO_DELIM	0x008000
#define SO_NODELIM	0x010000
#define SO_ERROPT	0x040000
#define SO_COPYOPT	0x080000
#define SO_MAXBLK	0x100000
#define SO_TAIL		0x200000

/* ------------------------------------------------------ message functions */

/**
 * allocb() - get a message block and a buffer, allocb(9F)
 * @size: bytes of buffer
 * @pri: without effect
 *
 * The block is M_DATA, empty (b_rptr and b_wptr at the start of the buffer).
 *
 * Context: any, interrupt included; does not sleep.
 * Return: the block, or NULL without memory.
 */
mblk_t *allocb(size_t size, uint_t pri);

/**
 * allocb_cred() - allocb() on somebody's behalf, allocb_cred(9F)
 * @size: bytes of buffer
 * @cr: credentials, or NULL; the data block holds a reference of its own
 * @cpid: process, or NOPID
 *
 * Context: any, interrupt included; does not sleep.
 * Return: the block, or NULL without memory.
 */
mblk_t *allocb_cred(size_t size, cred_t *cr, pid_t cpid);

/**
 * allocb_tmpl() - allocb() on the behalf of whom a message is from, allocb_tmpl(9F)
 * @size: bytes of buffer
 * @tmpl: message; its type and its credentials are the new block's too
 *
 * Context: any, interrupt included; does not sleep.
 * Return: the block, or NULL without memory.
 */
mblk_t *allocb_tmpl(size_t size, const mblk_t *tmpl);

/**
 * msg_getcred() - on whose behalf a message was sent, msg_getcred(9F)
 * @mp: message
 * @cpidp: gets the process, NOPID where there is none; or NULL
 *
 * An M_IOCTL of the stream head has those of the caller.  copyb() and
 * msgpullup() copy them, dupb() shares them.
 *
 * Context: any.
 * Return: the credentials, good as long as @mp is; NULL where @mp has none.
 */
cred_t *msg_getcred(const mblk_t *mp, pid_t *cpidp);

/* struct module of the .ko that a file is linked into */
extern struct module __this_module;

/**
 * esballoc() - a message block around a buffer of one's own, esballoc(9F)
 * @base: first byte of the buffer
 * @size: bytes of buffer
 * @pri: without effect
 * @fr_rtnp: gives the buffer back; stays as it is until then
 *
 * The free routine is called once, some time after the last block that refers
 * to the buffer is freed, in softirq with no lock held.  It does not sleep.  The
 * module that calls esballoc() is not unloaded before the routine has returned.
 *
 * Context: any, interrupt included; does not sleep.
 * Return: the block, empty as allocb()'s; NULL without memory, and where the
 * module is being unloaded: then the routine is not called.
 */
#define esballoc(base, size, pri, fr_rtnp) \
	strm_esballoc((base), (size), (pri), (fr_rtnp), &__this_module)

/**
 * desballoc() - esballoc(), with the free routine called at once, esballoc(9F)
 * @base: first byte of the buffer
 * @size: bytes of buffer
 * @pri: without effect
 * @fr_rtnp: gives the buffer back
 *
 * The free routine is called by the freeb() that frees the last block, in the
 * context of its caller and under the locks that it holds.
 *
 * Context: any, interrupt included; does not sleep.
 * Return: as esballoc().
 */
#define desballoc(base, size, pri, fr_rtnp) \
	strm_desballoc((base), (size), (pri), (fr_rtnp), &__this_module)

/**
 * esballoca() - esballoc() of what nobody may write to, esballoc(9F)
 * @base: first byte of the buffer
 * @size: bytes of buffer
 * @pri: without effect
 * @fr_rtnp: gives the buffer back
 *
 * DB_REF() of the block is 2 from the start, so that whoever wants to change the
 * data copies it.
 *
 * Context: any, interrupt included; does not sleep.
 * Return: as esballoc().
 */
#define esballoca(base, size, pri, fr_rtnp) \
	strm_esballoca((base), (size), (pri), (fr_rtnp), &__this_module)

/**
 * desballoca() - desballoc() of what nobody may write to, esballoc(9F)
 * @base: first byte of the buffer
 * @size: bytes of buffer
 * @pri: without effect
 * @fr_rtnp: gives the buffer back
 *
 * Context: any, interrupt included; does not sleep.
 * Return: as esballoc().
 */
#define desballoca(base, size, pri, fr_rtnp) \
	strm_desballoca((base), (size), (pri), (fr_rtnp), &__this_module)

mblk_t *strm_esballoc(unsigned char *base, size_t size, uint_t pri, frtn_t *fr_rtnp,
		      struct module *owner);
mblk_t *strm_desballoc(unsigned char *base, size_t size, uint_t pri, frtn_t *fr_rtnp,
		       struct module *owner);
mblk_t *strm_esballoca(unsigned char *base, size_t size, uint_t pri, frtn_t *fr_rtnp,
		       struct module *owner);
mblk_t *strm_desballoca(unsigned char *base, size_t size, uint_t pri, frtn_t *fr_rtnp,
			struct module *owner);

/**
 * allocb_wait() - allocb() that waits for memory, allocb_wait(9F)
 * @size: bytes of buffer
 * @pri: without effect
 * @flags: STR_NOSIG, or 0 to give up at a signal
 * @error: on failure gets EINTR, or ENOSR where @size is more than can ever be had;
 *	or NULL
 *
 * Context: process.
 * Return: the block, or NULL.
 */
mblk_t *allocb_wait(size_t size, uint_t pri, uint_t flags, int *error);

/**
 * allocb_cred_wait() - allocb_cred() that waits for memory, allocb_cred_wait(9F)
 * @size: bytes of buffer
 * @flags: STR_NOSIG, or 0 to give up at a signal
 * @error: as allocb_wait()
 * @cr: credentials, or NULL
 * @cpid: process, or NOPID
 *
 * Context: process.
 * Return: the block, or NULL.
 */
mblk_t *allocb_cred_wait(size_t size, uint_t flags, int *error, cred_t *cr, pid_t cpid);

/**
 * testb() - would allocb() find memory now, testb(9F)
 * @size: bytes of buffer
 * @pri: without effect
 *
 * Somebody else may have it the moment after.
 *
 * Context: any, interrupt included.
 * Return: 1 it would, 0 it would not.
 */
int testb(size_t size, uint_t pri);

/**
 * bufcall() - be called when there is memory, bufcall(9F)
 * @size: bytes of buffer that allocb() did not find
 * @pri: without effect
 * @func: called once, when memory of that size has been found; others may be
 *	faster, so that allocb() can fail again
 * @arg: its argument
 *
 * @func runs with bottom halves off and outside of all perimeters; it may put
 * and enable.  Cancel with unbufcall() what may not run any more, in the close
 * procedure at the latest.  The module that calls bufcall() is not unloaded
 * before @func has returned.
 *
 * Context: any, interrupt included.
 * Return: an id for unbufcall(); 0 where there is no memory for the request, where
 * no memory of that size can ever be had, or where the module is being unloaded.
 */
#define bufcall(size, pri, func, arg) \
	strm_bufcall((size), (pri), (func), (arg), &__this_module)

/**
 * esbbcall() - be called when esballoc() may find memory, esbbcall(9F)
 * @pri: without effect
 * @func: as for bufcall()
 * @arg: its argument
 *
 * Context: any, interrupt included.
 * Return: as bufcall().
 */
#define esbbcall(pri, func, arg) \
	strm_bufcall(0, (pri), (func), (arg), &__this_module)

bufcall_id_t strm_bufcall(size_t size, uint_t pri, void (*func)(void *arg), void *arg,
			  struct module *owner);

/**
 * unbufcall() - undo a bufcall() or an esbbcall(), unbufcall(9F)
 * @id: what that returned
 *
 * When it returns the function does not run and will not run; it waits for one
 * that runs on another CPU.  Called from the function itself, or for a request
 * that is done, it does nothing.  Hold no lock that the function takes.
 *
 * Context: any, interrupt included; in a hard interrupt on PREEMPT_RT it does not wait.
 */
void unbufcall(bufcall_id_t id);

/**
 * freeb() - free one message block, freeb(9F)
 * @bp: block; its b_cont is not followed
 *
 * The buffer goes with the last block that refers to it.
 *
 * Context: any, interrupt included.
 */
void freeb(mblk_t *bp);

/**
 * freemsg() - free a message, all of its blocks, freemsg(9F)
 * @mp: message, or NULL
 *
 * Context: any, interrupt included.
 */
void freemsg(mblk_t *mp);

/**
 * dupb() - another message block for the same data, dupb(9F)
 * @bp: block to share
 *
 * At 255 references the data is copied instead.
 *
 * Context: any, interrupt included.
 * Return: the new block, or NULL without memory.
 */
mblk_t *dupb(mblk_t *bp);

/**
 * dupmsg() - dupb() for every block of a message, dupmsg(9F)
 * @mp: message to share
 *
 * Context: any, interrupt included.
 * Return: the new message, or NULL without memory; never part of it.
 */
mblk_t *dupmsg(mblk_t *mp);

/**
 * copyb() - copy a message block and its data, copyb(9F)
 * @bp: block to copy
 *
 * The copy's data is aligned as the original's is.
 *
 * Context: any, interrupt included.
 * Return: the copy, or NULL without memory.
 */
mblk_t *copyb(mblk_t *bp);

/**
 * copymsg() - copy a message, copymsg(9F)
 * @mp: message to copy
 *
 * Context: any, interrupt included.
 * Return: the copy, or NULL without memory; never part of it.
 */
mblk_t *copymsg(mblk_t *mp);

/**
 * linkb() - append a message to another, linkb(9F)
 * @mp: message to append to
 * @bp: message to append
 *
 * Context: any, interrupt included.
 */
void linkb(mblk_t *mp, mblk_t *bp);

/**
 * unlinkb() - take the first block off a message, unlinkb(9F)
 * @mp: message; afterwards one block
 *
 * Context: any, interrupt included.
 * Return: the rest, or NULL.
 */
mblk_t *unlinkb(mblk_t *mp);

/**
 * rmvb() - take a given block out of a message, rmvb(9F)
 * @mp: message
 * @bp: block to take out; it is not freed
 *
 * Context: any, interrupt included.
 * Return: what is left, NULL where @bp was all, (mblk_t *)-1 where @bp is not
 * in @mp.
 */
mblk_t *rmvb(mblk_t *mp, mblk_t *bp);

/**
 * freemsgchain() - free messages that are linked by b_next, freemsgchain(9F)
 * @mp: first message, or NULL
 *
 * Context: any, interrupt included.
 */
void freemsgchain(mblk_t *mp);

/**
 * msgdsize() - bytes in the M_DATA blocks of a message, msgdsize(9F)
 * @mp: message
 *
 * Context: any.
 * Return: bytes.
 */
size_t msgdsize(const mblk_t *mp);

/**
 * msgsize() - bytes in all blocks of a message, msgsize(9F)
 * @mp: message
 *
 * Context: any.
 * Return: bytes.
 */
size_t msgsize(const mblk_t *mp);

/**
 * pullupmsg() - make the first bytes of a message contiguous and aligned, pullupmsg(9F)
 * @mp: message
 * @len: bytes, or -1 for the leading blocks of one type
 *
 * Context: any, interrupt included.
 * Return: 1; 0 without memory or where the message is shorter, unchanged.
 */
int pullupmsg(mblk_t *mp, ssize_t len);

/**
 * msgpullup() - a copy whose first bytes are contiguous, msgpullup(9F)
 * @mp: message; stays as it is
 * @len: bytes, or -1 for the leading blocks of one type
 *
 * Context: any, interrupt included.
 * Return: the new message, or NULL.
 */
mblk_t *msgpullup(mblk_t *mp, ssize_t len);

/**
 * adjmsg() - trim bytes off a message, adjmsg(9F)
 * @mp: message
 * @len: bytes; positive off the front, negative off the end
 *
 * Stays within the leading blocks that have the type of the first: their front,
 * or their end.
 *
 * Context: any, interrupt included.
 * Return: 1, or 0 with nothing changed where there are fewer bytes.
 */
int adjmsg(mblk_t *mp, ssize_t len);

/* -------------------------------------------------------- queue functions */

/**
 * put() - give a message to a queue, put(9F)
 * @q: queue, which the caller keeps from going away
 * @mp: message; the stream's when this returns
 *
 * Enters the perimeters of @q.  Where they are taken the message waits and is
 * put later, in order; put() returns at once in either case.
 *
 * Context: any, interrupt included (the message is then put from softirq).
 * No lock of the caller may be held that the next module could need.
 */
void put(queue_t *q, mblk_t *mp);

/**
 * putnext() - give a message to the next queue in this direction, putnext(9F)
 * @q: queue that the caller runs on
 * @mp: message; the stream's when this returns
 *
 * Context: any, interrupt included; see put().
 */
void putnext(queue_t *q, mblk_t *mp);

/**
 * qreply() - send a message back the way it came, qreply(9F)
 * @q: queue that the message came in by
 * @mp: message; the stream's when this returns
 *
 * Context: any, interrupt included; see put().
 */
void qreply(queue_t *q, mblk_t *mp);

/**
 * putq() - queue a message and schedule its service, putq(9F)
 * @q: the caller's own queue, which has a service procedure
 * @mp: message
 *
 * Context: any, interrupt included.
 * Return: 1; 0 without memory for a band record, the message still the caller's.
 */
int putq(queue_t *q, mblk_t *mp);

/**
 * putbq() - put a message back at the front of its band, putbq(9F)
 * @q: the caller's own queue
 * @mp: message; not of high priority, or the service procedure loops for ever
 *
 * Context: process, stream.
 * Return: 1; 0 without memory for a band record, the message still the caller's.
 */
int putbq(queue_t *q, mblk_t *mp);

/**
 * getq() - take the first message off a queue, getq(9F)
 * @q: the caller's own queue
 *
 * Context: process, stream.
 * Return: the message; NULL where there is none, and the next putq() enables.
 */
mblk_t *getq(queue_t *q);

/**
 * insq() - put a message at a given place of a queue, insq(9F)
 * @q: the caller's own queue
 * @emp: message to go before, or NULL for the end
 * @mp: message
 *
 * Context: process, stream.
 * Return: 1; 0 where the order of priorities would break, the message still the
 * caller's.
 */
int insq(queue_t *q, mblk_t *emp, mblk_t *mp);

/**
 * rmvq() - take a given message off a queue, rmvq(9F)
 * @q: the caller's own queue
 * @mp: message, which is on @q
 *
 * Context: process, stream.
 */
void rmvq(queue_t *q, mblk_t *mp);

/**
 * flushq() - free messages on a queue, flushq(9F)
 * @q: the caller's own queue
 * @flag: FLUSHALL, or FLUSHDATA for M_DATA, M_PROTO, M_PCPROTO and M_DELAY
 *
 * Context: process, stream.
 */
void flushq(queue_t *q, int flag);

/**
 * flushband() - free the messages of one band, flushband(9F)
 * @q: the caller's own queue
 * @pri: band; 0 with FLUSHALL takes high priority messages too
 * @flag: FLUSHALL or FLUSHDATA
 *
 * Context: process, stream.
 */
void flushband(queue_t *q, uchar_t pri, int flag);

/**
 * canput() - is there room at or after a queue, canput(9F)
 * @q: queue to begin at
 *
 * Looks at the nearest queue that has a service procedure.  Where it is full,
 * the caller's service procedure is enabled when there is room again.
 *
 * Context: process, stream.
 * Return: 1 there is room, 0 there is none.
 */
int canput(queue_t *q);

/**
 * canputnext() - is there room after a queue, canputnext(9F)
 * @q: queue that the caller runs on
 *
 * Context: process, stream.
 * Return: 1 there is room, 0 there is none.
 */
int canputnext(queue_t *q);

/**
 * bcanput() - canput() for one band, bcanput(9F)
 * @q: queue to begin at
 * @pri: band
 *
 * Context: process, stream.
 * Return: 1 there is room, 0 there is none.
 */
int bcanput(queue_t *q, uchar_t pri);

/**
 * bcanputnext() - canputnext() for one band, bcanputnext(9F)
 * @q: queue that the caller runs on
 * @pri: band
 *
 * Context: process, stream.
 * Return: 1 there is room, 0 there is none.
 */
int bcanputnext(queue_t *q, uchar_t pri);

/* strqget(), strqset(): the fields of a queue, or of one band of it */
typedef enum qfields {
	QHIWAT,		/* size_t: high water mark, in bytes */
	QLOWAT,		/* size_t: low water mark, in bytes */
	QMAXPSZ,	/* ssize_t: largest packet, in bytes; of the queue alone */
	QMINPSZ,	/* ssize_t: smallest packet, in bytes; of the queue alone */
	QCOUNT,		/* size_t: bytes queued */
	QFIRST,		/* mblk_t *: first message */
	QLAST,		/* mblk_t *: last message */
	QFLAG,		/* uint_t: q_flag, or qb_flag */
	QSTRUIOT,	/* of synchronous STREAMS, which Linux has not */
	QBAD
} qfields_t;

/**
 * strqget() - read a field of a queue or of a band, strqget(9F)
 * @q: queue
 * @what: the field
 * @pri: band, or 0 for the queue itself
 * @valp: where to store it; of the type that qfields_t names
 *
 * Context: process, stream.
 * Return: 0; EINVAL for a field that there is not, or not of a band; EAGAIN
 * without memory for a band record.
 */
int strqget(queue_t *q, qfields_t what, uchar_t pri, void *valp);

/**
 * strqset() - change a field of a queue or of a band, strqset(9F)
 * @q: queue
 * @what: QHIWAT, QLOWAT, QMAXPSZ or QMINPSZ
 * @pri: band, or 0 for the queue itself
 * @val: new value
 *
 * Nobody is back-enabled by it.  With freezestr() several changes are one.
 *
 * Context: process, stream.
 * Return: 0; EPERM for a field that is not to be changed; EINVAL for one that
 * there is not, or not of a band; EAGAIN without memory for a band record.
 */
int strqset(queue_t *q, qfields_t what, uchar_t pri, intptr_t val);

/**
 * freezestr() - let nothing move in a stream, freezestr(9F)
 * @q: a queue of the stream
 *
 * Until unfreezestr() nobody but the caller puts messages on a queue of the
 * stream or takes them off, and nobody enters a procedure of its modules; who
 * tries waits.  The caller reads and changes queues (strqget(), strqset(),
 * insq(), rmvq(), getq(), putq(), flushq()), and calls nothing else: above all
 * not putnext() nor qprocsoff(), and not freezestr() again.
 *
 * Context: process, stream; bottom halves are off from here on: do not sleep.
 */
void freezestr(queue_t *q);

/**
 * unfreezestr() - let the stream go on, unfreezestr(9F)
 * @q: the queue that freezestr() was called with
 *
 * Context: the thread that called freezestr().
 */
void unfreezestr(queue_t *q);

/**
 * qenable() - schedule the service procedure of a queue, qenable(9F)
 * @q: queue
 *
 * Context: any, interrupt included.
 */
void qenable(queue_t *q);

/**
 * noenable() - keep putq() from scheduling the service procedure, noenable(9F)
 * @q: the caller's own queue
 *
 * Context: process, stream.
 */
void noenable(queue_t *q);

/**
 * enableok() - undo noenable(), enableok(9F)
 * @q: the caller's own queue
 *
 * Context: process, stream.
 */
void enableok(queue_t *q);

/**
 * qsize() - number of messages on a queue, qsize(9F)
 * @q: the caller's own queue
 *
 * Context: process, stream.
 * Return: messages.
 */
int qsize(queue_t *q);

/**
 * backq() - the queue behind a queue, backq(9F)
 * @q: queue
 *
 * Context: process, stream.
 * Return: the queue that puts to @q, or NULL.
 */
queue_t *backq(queue_t *q);

/**
 * putctl() - put a control message without data to a queue, putctl(9F)
 * @q: queue
 * @type: message type; not a data type, M_DELAY excepted
 *
 * Context: any, interrupt included; see put().
 * Return: 1; 0 for a data type or without memory.
 */
int putctl(queue_t *q, int type);

/**
 * putctl1() - put a control message of one byte to a queue, putctl1(9F)
 * @q: queue
 * @type: message type; not a data type, M_DELAY excepted
 * @param: the byte
 *
 * Context: any, interrupt included; see put().
 * Return: 1; 0 for a data type or without memory.
 */
int putctl1(queue_t *q, int type, int param);

/**
 * putnextctl() - putctl() to the next queue, putnextctl(9F)
 * @q: queue that the caller runs on
 * @type: message type; not a data type, M_DELAY excepted
 *
 * Context: any, interrupt included; see put().
 * Return: 1; 0 for a data type or without memory.
 */
int putnextctl(queue_t *q, int type);

/**
 * putnextctl1() - putctl1() to the next queue, putnextctl1(9F)
 * @q: queue that the caller runs on
 * @type: message type; not a data type, M_DELAY excepted
 * @param: the byte
 *
 * Context: any, interrupt included; see put().
 * Return: 1; 0 for a data type or without memory.
 */
int putnextctl1(queue_t *q, int type, int param);

/**
 * qprocson() - begin to take messages, qprocson(9F)
 * @q: the read queue that open was called with
 *
 * From here on put and service procedures run.  Before it messages flow around
 * the module.  An open procedure that succeeds without it has it called then.
 *
 * Context: open procedures; no lock held that put or service would take.
 */
void qprocson(queue_t *q);

/**
 * qprocsoff() - take no more messages, qprocsoff(9F)
 * @q: the read queue that close was called with
 *
 * When it returns no put or service procedure of the pair runs or will run;
 * messages flow around the module.  Idempotent.
 *
 * Context: close procedures; may sleep; no lock held that put or service take.
 */
void qprocsoff(queue_t *q);

#define SAMESTR(q)	(!!(q)->q_next)

#include <strm/perimeters.h>

#ifdef __cplusplus
}
#endif

#endif /* _SYS_STREAM_H */
