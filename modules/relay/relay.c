// SPDX-License-Identifier: GPL-2.0-only
/*
 * relay: queues every message and passes it on from its service procedure, as
 * far as flow control allows.
 *
 * The shape of every module that must not overrun its neighbour.  Messages of
 * high priority are not subject to flow control and overtake.  The perimeter
 * (D_MTQPAIR, exclusive) keeps put, service and close of one stream apart.
 */
#include <sys/modctl.h>
#include <sys/stream.h>

static int relay_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	qprocson(q);
	return 0;
}

/*
 * What is still queued is passed on: a pop loses nothing.  It goes before
 * qprocsoff(), which passes on what waits at the perimeter: so the order stays.
 */
static void relay_empty(queue_t *q)
{
	mblk_t *mp;

	while ((mp = getq(q)) != NULL)
		putnext(q, mp);
}

static int relay_close(queue_t *q, int flag, cred_t *crp)
{
	relay_empty(q);
	relay_empty(WR(q));
	qprocsoff(q);
	return 0;
}

static void relay_flush(queue_t *q, mblk_t *mp)
{
	unsigned char mine = STRM_READ_SIDE(q) ? FLUSHR : FLUSHW;
	unsigned char other = STRM_READ_SIDE(q) ? FLUSHW : FLUSHR;

	if (*mp->b_rptr & FLUSHBAND) {
		if (*mp->b_rptr & mine)
			flushband(q, mp->b_rptr[1], FLUSHDATA);
		if (*mp->b_rptr & other)
			flushband(OTHERQ(q), mp->b_rptr[1], FLUSHDATA);
	} else {
		if (*mp->b_rptr & mine)
			flushq(q, FLUSHDATA);
		if (*mp->b_rptr & other)
			flushq(OTHERQ(q), FLUSHDATA);
	}
	putnext(q, mp);
}

static int relay_put(queue_t *q, mblk_t *mp)
{
	if (DB_TYPE(mp) == M_FLUSH)
		relay_flush(q, mp);
	else if (DB_TYPE(mp) >= QPCTL)
		putnext(q, mp);
	else if (!putq(q, mp))
		putnext(q, mp);	/* no memory for a band: late is worse than early */
	return 0;
}

static int relay_srv(queue_t *q)
{
	mblk_t *mp;

	while ((mp = getq(q)) != NULL) {
		if (!bcanputnext(q, mp->b_band)) {
			putbq(q, mp);
			break;
		}
		putnext(q, mp);
	}
	return 0;
}

static struct module_info relay_info = {
	.mi_idnum = 0x5245,
	.mi_idname = "relay",
	.mi_minpsz = 0,
	.mi_maxpsz = INFPSZ,
	.mi_hiwat = STRHIGH,
	.mi_lowat = STRLOW,
};

static struct qinit relay_rinit = {
	.qi_putp = relay_put,
	.qi_srvp = relay_srv,
	.qi_qopen = relay_open,
	.qi_qclose = relay_close,
	.qi_minfo = &relay_info,
};

static struct qinit relay_winit = {
	.qi_putp = relay_put,
	.qi_srvp = relay_srv,
	.qi_minfo = &relay_info,
};

static struct streamtab relay_tab = { &relay_rinit, &relay_winit, NULL, NULL };

static const struct fmodsw relay = { "relay", &relay_tab, D_MP | D_MTQPAIR };

STRM_MODINFO(description, "STREAMS module that queues and serves every message");
STREAMS_MODULE(relay, "relay", "GPL");
