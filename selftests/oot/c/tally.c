// SPDX-License-Identifier: GPL-2.0-only
/*
 * tally: counts the data messages that pass, and tells by an ioctl.
 *
 * It shows three things that most modules need: state of each stream in q_ptr,
 * a perimeter that guards it (D_MTQPAIR: open, close and both put procedures of
 * one stream exclude each other, so that plain additions do), and an ioctl that
 * is answered here while all others are passed on.
 */
#include <sys/ddi.h>
#include <sys/kmem.h>
#include <sys/modctl.h>
#include <sys/strsun.h>
#include "tally.h"

static int tally_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	if (q->q_ptr)
		return 0;	/* another open of a stream that we are on */
	if (sflag != MODOPEN)
		return EINVAL;
	q->q_ptr = kmem_zalloc(sizeof(struct tally), KM_SLEEP);
	WR(q)->q_ptr = q->q_ptr;
	qprocson(q);
	return 0;
}

static int tally_close(queue_t *q, int flag, cred_t *crp)
{
	qprocsoff(q);
	kmem_free(q->q_ptr, sizeof(struct tally));
	q->q_ptr = NULL;
	WR(q)->q_ptr = NULL;
	return 0;
}

static void tally_get(queue_t *q, mblk_t *mp)
{
	mblk_t *answer = allocb(sizeof(struct tally), BPRI_MED);

	if (!answer) {
		miocnak(q, mp, 0, ENOSR);
		return;
	}
	*(struct tally *)answer->b_wptr = *(struct tally *)q->q_ptr;
	answer->b_wptr += sizeof(struct tally);
	freemsg(mp->b_cont);	/* what the caller sent along */
	mp->b_cont = answer;
	miocack(q, mp, sizeof(struct tally), 0);
}

static void tally_ioctl(queue_t *q, mblk_t *mp)
{
	const struct iocblk *iocp = (struct iocblk *)mp->b_rptr;

	if (iocp->ioc_count == TRANSPARENT) {
		putnext(q, mp);
		return;
	}
	switch (iocp->ioc_cmd) {
	case TALLY_GET:
		tally_get(q, mp);
		break;
	case TALLY_CLEAR:
		bzero(q->q_ptr, sizeof(struct tally));
		miocack(q, mp, 0, 0);
		break;
	default:
		putnext(q, mp);	/* for somebody below */
	}
}

static int tally_wput(queue_t *q, mblk_t *mp)
{
	struct tally *tally = q->q_ptr;

	if (DB_TYPE(mp) == M_IOCTL) {
		tally_ioctl(q, mp);
		return 0;
	}
	if (DB_TYPE(mp) == M_DATA || DB_TYPE(mp) == M_PROTO) {
		tally->down_messages++;
		tally->down_bytes += msgdsize(mp);
	}
	putnext(q, mp);
	return 0;
}

static int tally_rput(queue_t *q, mblk_t *mp)
{
	struct tally *tally = q->q_ptr;

	if (DB_TYPE(mp) == M_DATA || DB_TYPE(mp) == M_PROTO) {
		tally->up_messages++;
		tally->up_bytes += msgdsize(mp);
	}
	putnext(q, mp);
	return 0;
}

static struct module_info tally_info = {
	.mi_idnum = 0x5459,
	.mi_idname = "tally",
	.mi_minpsz = 0,
	.mi_maxpsz = INFPSZ,
	.mi_hiwat = STRHIGH,
	.mi_lowat = STRLOW,
};

static struct qinit tally_rinit = {
	.qi_putp = tally_rput,
	.qi_qopen = tally_open,
	.qi_qclose = tally_close,
	.qi_minfo = &tally_info,
};

static struct qinit tally_winit = {
	.qi_putp = tally_wput,
	.qi_minfo = &tally_info,
};

static struct streamtab tally_tab = { &tally_rinit, &tally_winit, NULL, NULL };

static const struct fmodsw tally = { "tally", &tally_tab, D_MP | D_MTQPAIR };

STRM_MODINFO(description, "STREAMS module that counts what passes");
STREAMS_MODULE(tally, "tally", "GPL");
