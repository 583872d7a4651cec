// SPDX-License-Identifier: GPL-2.0-only
/*
 * loop: a driver whose streams are joined two by two: what one end writes the
 * other end reads.
 *
 * loop0 is joined to loop1, loop2 to loop3 and so on; these exist as nodes.  The
 * clone node gives a fresh end that is joined to nothing until LOOP_SET.
 *
 * Each end reaches into the other: one table for all, and a stream that must not
 * close while its peer puts into it.  That is what a perimeter of the whole
 * driver is for (D_MTPERMOD): no lock appears below.
 */
#include <sys/ddi.h>
#include <sys/kmem.h>
#include <sys/modctl.h>
#include <sys/stream.h>
#include <sys/strsun.h>

#define LOOP_SET	(('l' << 8) | 1)	/* I_STR, int: join to that minor */
#define LOOP_MINOR	(('l' << 8) | 2)	/* I_STR, int: which minor am I */

#define LOOP_NODES	16
#define LOOP_ENDS	1024

/* An open stream: its read queue, and the end that it is joined to. */
struct loop_end {
	queue_t *rq;
	struct loop_end *peer;
	mblk_t *hangup;		/* sent to the peer at close, which must not fail */
};

/* All of it inside the perimeter of the driver. */
static struct loop_end loop_ends[LOOP_ENDS];

static minor_t loop_minor(const struct loop_end *end)
{
	return end - loop_ends;
}

static struct loop_end *loop_free_clone(void)
{
	struct loop_end *end;

	for (end = &loop_ends[LOOP_NODES]; end < &loop_ends[LOOP_ENDS]; end++) {
		if (!end->rq)
			return end;
	}
	return NULL;
}

static void loop_join(struct loop_end *a, struct loop_end *b)
{
	a->peer = b;
	b->peer = a;
	/* What was written before there was anybody to read it. */
	qenable(WR(a->rq));
	qenable(WR(b->rq));
}

static int loop_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	minor_t minor = getminor(*devp);
	struct loop_end *end;
	struct loop_end *other;

	if (q->q_ptr)
		return 0;
	if (sflag == CLONEOPEN)
		end = loop_free_clone();
	else
		end = minor < LOOP_NODES ? &loop_ends[minor] : NULL;
	if (!end || end->rq)
		return ENXIO;

	end->hangup = allocb(0, BPRI_HI);
	if (!end->hangup)
		return ENOSR;
	DB_TYPE(end->hangup) = M_HANGUP;
	end->rq = q;
	q->q_ptr = end;
	WR(q)->q_ptr = end;
	*devp = makedevice(getmajor(*devp), loop_minor(end));
	qprocson(q);

	if (loop_minor(end) < LOOP_NODES) {
		other = &loop_ends[loop_minor(end) ^ 1];
		if (other->rq)
			loop_join(end, other);
	}
	return 0;
}

static int loop_close(queue_t *q, int flag, cred_t *crp)
{
	struct loop_end *end = q->q_ptr;
	struct loop_end *peer = end->peer;

	qprocsoff(q);
	end->peer = NULL;
	end->rq = NULL;
	q->q_ptr = NULL;
	WR(q)->q_ptr = NULL;
	if (peer) {
		peer->peer = NULL;
		/* First, or a writer finds room for what nobody will read. */
		putnext(peer->rq, end->hangup);
		flushq(WR(peer->rq), FLUSHALL);
	} else {
		freemsg(end->hangup);
	}
	end->hangup = NULL;
	return 0;
}

static void loop_return_int(queue_t *q, mblk_t *mp, int value)
{
	mblk_t *data = allocb(sizeof(value), BPRI_MED);

	if (!data) {
		miocnak(q, mp, 0, ENOSR);
		return;
	}
	*(int *)data->b_rptr = value;
	mioc2ack(mp, data, sizeof(value), 0);
	qreply(q, mp);
}

static int loop_set(struct loop_end *end, mblk_t *data)
{
	int minor;

	if (!data || !pullupmsg(data, sizeof(minor)))
		return EINVAL;
	minor = *(int *)data->b_rptr;
	if (minor < 0 || minor >= LOOP_ENDS || !loop_ends[minor].rq)
		return ENXIO;
	if (&loop_ends[minor] == end)
		return EINVAL;
	if (end->peer || loop_ends[minor].peer)
		return EBUSY;
	loop_join(end, &loop_ends[minor]);
	return 0;
}

static void loop_ioctl(queue_t *q, mblk_t *mp)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;
	struct loop_end *end = q->q_ptr;
	int error = EINVAL;

	if (iocp->ioc_count != TRANSPARENT) {
		switch (iocp->ioc_cmd) {
		case LOOP_SET:
			error = loop_set(end, mp->b_cont);
			break;
		case LOOP_MINOR:
			loop_return_int(q, mp, loop_minor(end));
			return;
		}
	}
	if (error)
		miocnak(q, mp, 0, error);
	else
		miocack(q, mp, 0, 0);
}

/* The write side of this end is the read side of the other. */
static void loop_flush(queue_t *q, mblk_t *mp)
{
	struct loop_end *end = q->q_ptr;
	unsigned char what = *mp->b_rptr;

	if (what & FLUSHW) {
		if (what & FLUSHBAND)
			flushband(q, mp->b_rptr[1], FLUSHDATA);
		else
			flushq(q, FLUSHDATA);
	}
	if ((what & FLUSHR) && end->peer) {
		if (what & FLUSHBAND)
			flushband(WR(end->peer->rq), mp->b_rptr[1], FLUSHDATA);
		else
			flushq(WR(end->peer->rq), FLUSHDATA);
	}
	if (what & FLUSHR) {
		*mp->b_rptr &= ~FLUSHW;
		qreply(q, mp);
	} else {
		freemsg(mp);
	}
}

static void loop_data(queue_t *q, mblk_t *mp)
{
	struct loop_end *end = q->q_ptr;

	if (!q->q_first && end->peer && bcanputnext(end->peer->rq, mp->b_band)) {
		putnext(end->peer->rq, mp);
	} else if (!putq(q, mp)) {
		mp->b_band = 0; /* no memory for a band: kept all the same */
		putq(q, mp);
	}
}

/*
 * No flow control holds these, so that without a reader only one is kept, as the
 * stream head does.
 */
static void loop_priority(queue_t *q, mblk_t *mp)
{
	struct loop_end *end = q->q_ptr;

	if (end->peer)
		putnext(end->peer->rq, mp);
	else if ((q->q_first && DB_TYPE(q->q_first) >= QPCTL) || !putq(q, mp))
		freemsg(mp);
}

static int loop_wput(queue_t *q, mblk_t *mp)
{
	switch (DB_TYPE(mp)) {
	case M_FLUSH:
		loop_flush(q, mp);
		break;
	case M_IOCTL:
		loop_ioctl(q, mp);
		break;
	case M_DATA:
	case M_PROTO:
		loop_data(q, mp);
		break;
	case M_PCPROTO:
		loop_priority(q, mp);
		break;
	default:
		freemsg(mp);
	}
	return 0;
}

static int loop_wsrv(queue_t *q)
{
	struct loop_end *end = q->q_ptr;
	mblk_t *mp;

	while (end->peer && (mp = getq(q)) != NULL) {
		if (DB_TYPE(mp) < QPCTL && !bcanputnext(end->peer->rq, mp->b_band)) {
			putbq(q, mp);
			break;
		}
		putnext(end->peer->rq, mp);
	}
	return 0;
}

/* This end's reader has made room: the other end's writer goes on. */
static int loop_rsrv(queue_t *q)
{
	struct loop_end *end = q->q_ptr;

	if (end->peer)
		qenable(WR(end->peer->rq));
	return 0;
}

static int loop_rput(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
	return 0;
}

static struct module_info loop_info = {
	.mi_idnum = 0x4c4f,
	.mi_idname = "loop",
	.mi_minpsz = 0,
	.mi_maxpsz = INFPSZ,
	.mi_hiwat = STRHIGH,
	.mi_lowat = STRLOW,
};

static struct qinit loop_rinit = {
	.qi_putp = loop_rput,
	.qi_srvp = loop_rsrv,
	.qi_qopen = loop_open,
	.qi_qclose = loop_close,
	.qi_minfo = &loop_info,
};

static struct qinit loop_winit = {
	.qi_putp = loop_wput,
	.qi_srvp = loop_wsrv,
	.qi_minfo = &loop_info,
};

static struct streamtab loop_tab = { &loop_rinit, &loop_winit, NULL, NULL };

static const struct strm_driver loop_driver = {
	.d_name = "loop",
	.d_str = &loop_tab,
	.d_flag = D_MP | D_MTPERMOD,
	.d_minors = LOOP_NODES,
	.d_mode = 0666,
};

STRM_MODINFO(description, "STREAMS driver that joins streams two by two");
STREAMS_DRIVER(loop_driver, "loop", "GPL");
