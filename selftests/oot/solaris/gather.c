// SPDX-License-Identifier: GPL-2.0-only
/*
 * gather: for readers who would be woken too often.
 *
 * Data that comes up in small messages is put together and sent on when there is
 * enough of it, or a while after the first has come.  The timer belongs to the
 * perimeter: so there is no lock, and a put procedure that has enough takes the timer
 * away, even one that waits to enter.
 */
#include <sys/types.h>
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/stream.h>
#include <sys/stropts.h>
#include <sys/strsun.h>
#include <sys/conf.h>
#include <sys/modctl.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>
#include "gather.h"

typedef struct gather {
	queue_t		*g_rq;
	mblk_t		*g_mp;		/* what has come */
	timeout_id_t	g_timeid;	/* sends it */
	bufcall_id_t	g_bufid;	/* until there is memory for one block */
} gather_t;

static int gatheropen(queue_t *, dev_t *, int, int, cred_t *);
static int gatherclose(queue_t *, int, cred_t *);
static int gatherrput(queue_t *, mblk_t *);
static int gatherrsrv(queue_t *);
static int gatherwput(queue_t *, mblk_t *);

static struct module_info gatherminfo = { 0x4761, "gather", 0, INFPSZ, 4096, 1024 };

static struct qinit gatherrinit = {
	gatherrput, gatherrsrv, gatheropen, gatherclose, NULL, &gatherminfo, NULL
};

static struct qinit gatherwinit = {
	gatherwput, NULL, NULL, NULL, NULL, &gatherminfo, NULL
};

static struct streamtab gatherinfo = { &gatherrinit, &gatherwinit, NULL, NULL };

static struct fmodsw fsw = { "gather", &gatherinfo, D_NEW | D_MP | D_MTQPAIR };

static struct modlstrmod modlstrmod = {
	&mod_strmodops, "one message of many", &fsw
};

static struct modlinkage modlinkage = { MODREV_1, { (void *)&modlstrmod, NULL } };

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
gatheropen(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	gather_t *g;

	if (q->q_ptr != NULL)
		return (0);
	if (sflag != MODOPEN)
		return (EINVAL);
	g = kmem_zalloc(sizeof (gather_t), KM_SLEEP);
	g->g_rq = q;
	q->q_ptr = WR(q)->q_ptr = g;
	qprocson(q);
	return (0);
}

/*
 * The timer, if it runs, is stopped.
 */
static void
gather_stop(gather_t *g)
{
	if (g->g_timeid != 0)
		(void) quntimeout(g->g_rq, g->g_timeid);
	g->g_timeid = 0;
}

/*
 * What has come is a message.
 */
static void
gather_done(gather_t *g)
{
	mblk_t *mp = g->g_mp;

	gather_stop(g);
	g->g_mp = NULL;
	if (mp != NULL && !putq(g->g_rq, mp))
		freemsg(mp);
}

/*ARGSUSED*/
static int
gatherclose(queue_t *q, int flag, cred_t *crp)
{
	gather_t *g = q->q_ptr;
	mblk_t *mp;

	gather_done(g);
	if (g->g_bufid != 0)
		qunbufcall(q, g->g_bufid);
	while ((mp = getq(q)) != NULL)
		putnext(q, mp);
	qprocsoff(q);
	q->q_ptr = WR(q)->q_ptr = NULL;
	kmem_free(g, sizeof (gather_t));
	return (0);
}

static void
gather_time(void *arg)
{
	gather_t *g = arg;

	g->g_timeid = 0;
	gather_done(g);
}

static void
gather_memory(void *arg)
{
	gather_t *g = arg;

	g->g_bufid = 0;
	qenable(g->g_rq);
}

/*
 * Without memory for a timer it goes up as it came.
 */
static void
gather_data(gather_t *g, mblk_t *mp)
{
	if (g->g_mp == NULL)
		g->g_mp = mp;
	else
		linkb(g->g_mp, mp);
	if (g->g_timeid == 0)
		g->g_timeid = qtimeout(g->g_rq, gather_time, g, drv_usectohz(GATHER_USEC));
	if (g->g_timeid == 0 || msgdsize(g->g_mp) >= GATHER_SIZE)
		gather_done(g);
}

static int
gatherrput(queue_t *q, mblk_t *mp)
{
	gather_t *g = q->q_ptr;

	if (mp->b_datap->db_type == M_DATA) {
		gather_data(g, mp);
		return (0);
	}
	if (mp->b_datap->db_type == M_FLUSH && (*mp->b_rptr & FLUSHR)) {
		gather_stop(g);
		freemsg(g->g_mp);
		g->g_mp = NULL;
		flushq(q, FLUSHDATA);
	}
	if (mp->b_datap->db_type >= QPCTL) {
		putnext(q, mp);
		return (0);
	}
	gather_done(g);		/* it came before this */
	if (!putq(q, mp))
		freemsg(mp);
	return (0);
}

static int
gatherrsrv(queue_t *q)
{
	gather_t *g = q->q_ptr;
	mblk_t *mp, *one;

	while ((mp = getq(q)) != NULL) {
		if (!canputnext(q)) {
			(void) putbq(q, mp);
			break;
		}
		if (mp->b_datap->db_type == M_DATA && mp->b_cont != NULL) {
			if ((one = msgpullup(mp, -1)) == NULL && g->g_bufid == 0)
				g->g_bufid = qbufcall(q, msgsize(mp), BPRI_MED, gather_memory, g);
			if (one == NULL && g->g_bufid != 0) {
				(void) putbq(q, mp);
				break;
			}
			if (one != NULL) {
				freemsg(mp);
				mp = one;
			}
		}
		putnext(q, mp);
	}
	return (0);
}

static int
gatherwput(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
	return (0);
}
