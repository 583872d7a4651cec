/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/strsun.h>: the usual ways to answer an ioctl and to make a reply in
 * place.  Everything here is written in terms of <sys/stream.h>.
 */
#ifndef _SYS_STRSUN_H
#define _SYS_STRSUN_H

#include <sys/stream.h>

/**
 * miocack() - answer an M_IOCTL with success, miocack(9F)
 * @wq: queue that it came in by
 * @mp: the M_IOCTL
 * @count: bytes of data in @mp->b_cont to return, 0 for none
 * @rval: what ioctl(2) returns
 */
static inline void miocack(queue_t *wq, mblk_t *mp, int count, int rval)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;

	if (count == 0 && mp->b_cont) {
		freemsg(mp->b_cont);
		mp->b_cont = NULL;
	}
	DB_TYPE(mp) = M_IOCACK;
	iocp->ioc_count = count;
	iocp->ioc_error = 0;
	iocp->ioc_rval = rval;
	qreply(wq, mp);
}

/**
 * miocnak() - answer an M_IOCTL with an error, miocnak(9F)
 * @wq: queue that it came in by
 * @mp: the M_IOCTL
 * @count: ignored, as on Solaris an error brings no data
 * @error: error number; 0 becomes EINVAL at the stream head
 */
static inline void miocnak(queue_t *wq, mblk_t *mp, int count, int error)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;

	(void)count;
	if (mp->b_cont) {
		freemsg(mp->b_cont);
		mp->b_cont = NULL;
	}
	DB_TYPE(mp) = M_IOCNAK;
	iocp->ioc_count = 0;
	iocp->ioc_error = error;
	iocp->ioc_rval = 0;
	qreply(wq, mp);
}

/**
 * mioc2ack() - turn an M_IOCTL into an M_IOCACK that brings data, mioc2ack(9F)
 * @mp: the M_IOCTL; send it with qreply()
 * @dp: block with the data, or NULL; replaces what @mp->b_cont has
 * @count: bytes of data in @dp
 * @rval: what ioctl(2) returns
 */
static inline void mioc2ack(mblk_t *mp, mblk_t *dp, size_t count, int rval)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;

	if (mp->b_cont)
		freemsg(mp->b_cont);
	mp->b_cont = dp;
	if (dp)
		dp->b_wptr = dp->b_rptr + count;
	DB_TYPE(mp) = M_IOCACK;
	iocp->ioc_count = count;
	iocp->ioc_error = 0;
	iocp->ioc_rval = rval;
}

/**
 * mcopyin() - turn an M_IOCTL or M_IOCDATA into an M_COPYIN, mcopyin(9F)
 * @mp: the message; send it with qreply()
 * @state: comes back in cp_private
 * @size: bytes to copy
 * @addr: user address; NULL takes it from the data of a transparent M_IOCTL
 */
static inline void mcopyin(mblk_t *mp, void *state, size_t size, void *addr)
{
	struct copyreq *cq = (struct copyreq *)mp->b_rptr;

	if (!addr && mp->b_cont)
		addr = *(void **)mp->b_cont->b_rptr;
	if (mp->b_cont) {
		freemsg(mp->b_cont);
		mp->b_cont = NULL;
	}
	DB_TYPE(mp) = M_COPYIN;
	mp->b_wptr = mp->b_rptr + sizeof(*cq);
	cq->cq_private = (mblk_t *)state;
	cq->cq_size = size;
	cq->cq_addr = (caddr_t)addr;
}

/**
 * mcopyout() - turn an M_IOCTL or M_IOCDATA into an M_COPYOUT, mcopyout(9F)
 * @mp: the message; send it with qreply()
 * @state: comes back in cp_private
 * @size: bytes to copy
 * @addr: user address; NULL takes it from the data of a transparent M_IOCTL
 * @data: message with the bytes; NULL leaves what @mp->b_cont has
 */
static inline void mcopyout(mblk_t *mp, void *state, size_t size, void *addr, mblk_t *data)
{
	struct copyreq *cq = (struct copyreq *)mp->b_rptr;

	if (!addr && mp->b_cont)
		addr = *(void **)mp->b_cont->b_rptr;
	if (data) {
		if (mp->b_cont)
			freemsg(mp->b_cont);
		mp->b_cont = data;
		data->b_wptr = data->b_rptr + size;
	}
	DB_TYPE(mp) = M_COPYOUT;
	mp->b_wptr = mp->b_rptr + sizeof(*cq);
	cq->cq_private = (mblk_t *)state;
	cq->cq_size = size;
	cq->cq_addr = (caddr_t)addr;
}

#endif /* _SYS_STRSUN_H */
