// SPDX-License-Identifier: GPL-2.0-only
/*
 * crmod: line ends, for devices that want a carriage return with each line feed.
 *
 * Input: CR becomes NL.  Output: NL becomes CR NL.  On request the device
 * control characters DC3 and DC1 in the output become M_STOP and M_START.
 */
#include <sys/types.h>
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/debug.h>
#include <sys/cmn_err.h>
#include <sys/kmem.h>
#include <sys/stream.h>
#include <sys/stropts.h>
#include <sys/strsun.h>
#include <sys/conf.h>
#include <sys/ksynch.h>
#include <sys/modctl.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>
#include "crmod.h"

#define	DC1	0x11
#define	DC3	0x13

typedef struct crmod {
	kmutex_t	cr_lock;	/* protects the next two */
	bufcall_id_t	cr_bufid;	/* until there is memory */
	timeout_id_t	cr_timeid;	/* or until then */
	queue_t		*cr_rq;
	int		cr_flags;	/* protected by the perimeter */
} crmod_t;

static int crmodopen(queue_t *, dev_t *, int, int, cred_t *);
static int crmodclose(queue_t *, int, cred_t *);
static int crmodrput(queue_t *, mblk_t *);
static int crmodwput(queue_t *, mblk_t *);
static int crmodsrv(queue_t *);

static struct module_info crmodminfo = {
	0x434d,			/* mi_idnum */
	"crmod",		/* mi_idname */
	0,			/* mi_minpsz */
	INFPSZ,			/* mi_maxpsz */
	2048,			/* mi_hiwat */
	512			/* mi_lowat */
};

static struct qinit crmodrinit = {
	crmodrput,		/* qi_putp */
	crmodsrv,		/* qi_srvp */
	crmodopen,		/* qi_qopen */
	crmodclose,		/* qi_qclose */
	NULL,			/* qi_qadmin */
	&crmodminfo,		/* qi_minfo */
	NULL			/* qi_mstat */
};

static struct qinit crmodwinit = {
	crmodwput, crmodsrv, NULL, NULL, NULL, &crmodminfo, NULL
};

static struct streamtab crmodinfo = {
	&crmodrinit, &crmodwinit, NULL, NULL
};

static struct fmodsw fsw = {
	"crmod",
	&crmodinfo,
	D_NEW | D_MP | D_MTQPAIR
};

static struct modlstrmod modlstrmod = {
	&mod_strmodops, "CR and NL mapping module", &fsw
};

static struct modlinkage modlinkage = {
	MODREV_1, (void *)&modlstrmod, NULL
};

int
_init(void)
{
	return (mod_install(&modlinkage));
}

int
_fini(void)
{
	return (mod_remove(&modlinkage));
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&modlinkage, modinfop));
}

/*ARGSUSED*/
static int
crmodopen(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	crmod_t *cr;

	if (q->q_ptr != NULL)
		return (0);		/* already attached */
	if (sflag != MODOPEN)
		return (EINVAL);

	cr = kmem_zalloc(sizeof (crmod_t), KM_SLEEP);
	mutex_init(&cr->cr_lock, NULL, MUTEX_DRIVER, NULL);
	cr->cr_flags = CR_IN | CR_OUT;
	cr->cr_rq = q;
	q->q_ptr = WR(q)->q_ptr = cr;
	qprocson(q);
	return (0);
}

/*ARGSUSED*/
static int
crmodclose(queue_t *q, int flag, cred_t *crp)
{
	crmod_t *cr = q->q_ptr;
	bufcall_id_t bufid;
	timeout_id_t timeid;

	ASSERT(cr != NULL);
	qprocsoff(q);
	mutex_enter(&cr->cr_lock);
	bufid = cr->cr_bufid;
	timeid = cr->cr_timeid;
	mutex_exit(&cr->cr_lock);
	if (bufid != 0)
		unbufcall(bufid);
	if (timeid != 0)
		(void) untimeout(timeid);
	flushq(q, FLUSHALL);
	flushq(WR(q), FLUSHALL);
	q->q_ptr = WR(q)->q_ptr = NULL;
	mutex_destroy(&cr->cr_lock);
	kmem_free(cr, sizeof (crmod_t));
	return (0);
}

/*
 * There may be memory again: both sides have another try.
 */
static void
crmod_again(void *arg)
{
	crmod_t *cr = arg;

	mutex_enter(&cr->cr_lock);
	cr->cr_bufid = 0;
	cr->cr_timeid = 0;
	mutex_exit(&cr->cr_lock);
	qenable(cr->cr_rq);
	qenable(WR(cr->cr_rq));
}

static void
crmod_wait(crmod_t *cr, size_t size)
{
	mutex_enter(&cr->cr_lock);
	if (cr->cr_bufid == 0 && cr->cr_timeid == 0) {
		cr->cr_bufid = bufcall(size, BPRI_MED, crmod_again, cr);
		if (cr->cr_bufid == 0)
			cr->cr_timeid = timeout(crmod_again, cr, drv_usectohz(100000));
	}
	mutex_exit(&cr->cr_lock);
}

/*
 * Output as the device wants it, in a new block; NULL if there is no memory.
 */
static mblk_t *
crmod_out(mblk_t *mp)
{
	size_t size = 0;
	mblk_t *bp, *nmp;
	uchar_t *p;

	for (bp = mp; bp != NULL; bp = bp->b_cont) {
		for (p = bp->b_rptr; p < bp->b_wptr; p++)
			size += (*p == '\n') ? 2 : 1;
	}
	if ((nmp = allocb(size, BPRI_MED)) == NULL)
		return (NULL);
	for (bp = mp; bp != NULL; bp = bp->b_cont) {
		for (p = bp->b_rptr; p < bp->b_wptr; p++) {
			if (*p == '\n')
				*nmp->b_wptr++ = '\r';
			*nmp->b_wptr++ = *p;
		}
	}
	nmp->b_flag = mp->b_flag;
	nmp->b_band = mp->b_band;
	freemsg(mp);
	return (nmp);
}

/*
 * Input as programs want it, in place; NULL if it is shared and there is no
 * memory for a copy.
 */
static mblk_t *
crmod_in(mblk_t *mp)
{
	mblk_t *bp;
	uchar_t *p;

	for (bp = mp; bp != NULL; bp = bp->b_cont) {
		if (bp->b_datap->db_ref > 1) {
			if ((bp = copymsg(mp)) == NULL)
				return (NULL);
			freemsg(mp);
			mp = bp;
			break;
		}
	}
	for (bp = mp; bp != NULL; bp = bp->b_cont) {
		for (p = bp->b_rptr; p < bp->b_wptr; p++) {
			if (*p == '\r')
				*p = '\n';
		}
	}
	return (mp);
}

/*
 * Device control characters act at once, ahead of what is queued.
 */
static void
crmod_dc(queue_t *q, mblk_t *mp)
{
	uchar_t *from, *to;

	for (; mp != NULL; mp = mp->b_cont) {
		if (mp->b_datap->db_ref > 1)
			continue;	/* not ours to change */
		for (from = to = mp->b_rptr; from < mp->b_wptr; from++) {
			if (*from == DC3 && putnextctl(q, M_STOP))
				continue;
			if (*from == DC1 && putnextctl(q, M_START))
				continue;
			*to++ = *from;
		}
		mp->b_wptr = to;
	}
}

static void
crmod_ioctl(queue_t *q, mblk_t *mp)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;
	crmod_t *cr = q->q_ptr;
	int error;

	switch (iocp->ioc_cmd) {
	case CRMOD_SET:
		if ((error = miocpullup(mp, sizeof (int))) != 0) {
			miocnak(q, mp, 0, error);
			break;
		}
		if ((*(int *)mp->b_cont->b_rptr & ~CR_ALL) != 0) {
			miocnak(q, mp, 0, EINVAL);
			break;
		}
		cr->cr_flags = *(int *)mp->b_cont->b_rptr;
		miocack(q, mp, 0, 0);
		break;

	case CRMOD_GET:
		if ((error = miocpullup(mp, sizeof (int))) != 0) {
			miocnak(q, mp, 0, error);
			break;
		}
		*(int *)mp->b_cont->b_rptr = cr->cr_flags;
		miocack(q, mp, sizeof (int), 0);
		break;

	default:
		putnext(q, mp);
		break;
	}
}

/*
 * Ordinary messages stay in order; there may be no memory for a new band.
 */
static void
crmod_queue(queue_t *q, mblk_t *mp)
{
	if (mp->b_datap->db_type >= QPCTL)
		putnext(q, mp);
	else if (!putq(q, mp))
		freemsg(mp);
}

static int
crmodwput(queue_t *q, mblk_t *mp)
{
	crmod_t *cr = q->q_ptr;

	switch (mp->b_datap->db_type) {
	case M_FLUSH:
		if (*mp->b_rptr & FLUSHW)
			flushq(q, FLUSHDATA);
		putnext(q, mp);
		break;

	case M_IOCTL:
		crmod_ioctl(q, mp);
		break;

	case M_DATA:
		if (cr->cr_flags & CR_DC)
			crmod_dc(q, mp);
		crmod_queue(q, mp);
		break;

	default:
		crmod_queue(q, mp);
		break;
	}
	return (0);
}

static int
crmodrput(queue_t *q, mblk_t *mp)
{
	switch (mp->b_datap->db_type) {
	case M_FLUSH:
		if (*mp->b_rptr & FLUSHR)
			flushq(q, FLUSHDATA);
		putnext(q, mp);
		break;

	default:
		crmod_queue(q, mp);
		break;
	}
	return (0);
}

/*
 * Both sides: the direction tells what to do with data.
 */
static int
crmodsrv(queue_t *q)
{
	crmod_t *cr = q->q_ptr;
	int mapped = (q->q_flag & QREADR) ? CR_IN : CR_OUT;
	mblk_t *mp, *nmp;

	while ((mp = getq(q)) != NULL) {
		if (mp->b_datap->db_type < QPCTL && !bcanputnext(q, mp->b_band)) {
			(void) putbq(q, mp);
			break;
		}
		if (mp->b_datap->db_type == M_DATA && (cr->cr_flags & mapped)) {
			nmp = (mapped == CR_IN) ? crmod_in(mp) : crmod_out(mp);
			if (nmp == NULL) {
				(void) putbq(q, mp);
				crmod_wait(cr, 2 * msgdsize(mp));
				break;
			}
			mp = nmp;
		}
		putnext(q, mp);
	}
	return (0);
}
