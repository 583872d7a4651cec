// SPDX-License-Identifier: GPL-2.0-only
/*
 * echo: a driver that sends back what is written to it.
 *
 * Messages come back as they were: parts, bands and priorities.  What the reader
 * has no room for waits on the write queue, so that a writer who does not read
 * is held.  A few ioctls let a program see how modules and drivers answer, also
 * when they do not answer at all.
 */
#include <sys/ddi.h>
#include <sys/kmem.h>
#include <sys/modctl.h>
#include <sys/stream.h>
#include <sys/strsun.h>

#define ECHO_UPPER	(('e' << 8) | 1)	/* I_STR: the data in upper case */
#define ECHO_NAK	(('e' << 8) | 2)	/* I_STR: refused with EDOM */
#define ECHO_MUTE	(('e' << 8) | 3)	/* I_STR: never answered */
#define ECHO_HANGUP	(('e' << 8) | 4)	/* I_STR: acknowledged; M_HANGUP follows */
#define ECHO_ERROR	(('e' << 8) | 5)	/* I_STR: acknowledged; M_ERROR follows */
#define ECHO_FLUSHED	(('e' << 8) | 6)	/* I_STR: int, M_FLUSH messages seen */
#define ECHO_TGET	(('e' << 8) | 0x10)	/* copies out the pair { 1, 2 } */
#define ECHO_TSET	(('e' << 8) | 0x11)	/* copies a pair in, returns the sum */

#define ECHO_NODES	8
#define ECHO_CLONES	1024

struct echo_pair {
	int a;
	int b;
};

/* Of one stream; inside its perimeter. */
struct echo {
	minor_t minor;
	int flushed;
};

/*
 * Minor numbers in use.  Opens and closes of different streams overlap (the
 * perimeter is one stream's), so a number is claimed by exchanging its byte.
 */
static unsigned char echo_used[ECHO_NODES + ECHO_CLONES];

static int echo_claim(minor_t minor)
{
	return !__atomic_exchange_n(&echo_used[minor], 1, __ATOMIC_ACQUIRE);
}

static int echo_claim_clone(minor_t *minor)
{
	for (*minor = ECHO_NODES; *minor < ECHO_NODES + ECHO_CLONES; (*minor)++) {
		if (echo_claim(*minor))
			return 0;
	}
	return ENXIO;
}

static int echo_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	minor_t minor = getminor(*devp);
	struct echo *echo;
	int error;

	if (q->q_ptr)
		return 0;
	echo = kmem_zalloc(sizeof(*echo), KM_SLEEP);
	if (sflag == CLONEOPEN)
		error = echo_claim_clone(&minor);
	else
		error = minor < ECHO_NODES && echo_claim(minor) ? 0 : ENXIO;
	if (error) {
		kmem_free(echo, sizeof(*echo));
		return error;
	}
	echo->minor = minor;
	q->q_ptr = echo;
	WR(q)->q_ptr = echo;
	*devp = makedevice(getmajor(*devp), minor);
	qprocson(q);
	return 0;
}

static int echo_close(queue_t *q, int flag, cred_t *crp)
{
	struct echo *echo = q->q_ptr;

	qprocsoff(q);
	__atomic_store_n(&echo_used[echo->minor], 0, __ATOMIC_RELEASE);
	q->q_ptr = NULL;
	WR(q)->q_ptr = NULL;
	kmem_free(echo, sizeof(*echo));
	return 0;
}

static void echo_upper(queue_t *q, mblk_t *mp)
{
	mblk_t *bp;
	unsigned char *p;

	for (bp = mp->b_cont; bp; bp = bp->b_cont) {
		for (p = bp->b_rptr; p < bp->b_wptr; p++) {
			if (*p >= 'a' && *p <= 'z')
				*p -= 'a' - 'A';
		}
	}
	miocack(q, mp, ((struct iocblk *)mp->b_rptr)->ioc_count, 0);
}

static void echo_return_int(queue_t *q, mblk_t *mp, int value)
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

static void echo_then_error(queue_t *q, mblk_t *mp)
{
	mblk_t *error = allocb(2, BPRI_HI);

	if (!error) {
		miocnak(q, mp, 0, ENOSR);
		return;
	}
	DB_TYPE(error) = M_ERROR;
	*error->b_wptr++ = EPROTO;
	*error->b_wptr++ = EPROTO;
	miocack(q, mp, 0, 0);
	qreply(q, error);
}

static void echo_copyout(queue_t *q, mblk_t *mp)
{
	mblk_t *data = allocb(sizeof(struct echo_pair), BPRI_MED);

	if (!data) {
		miocnak(q, mp, 0, ENOSR);
		return;
	}
	*(struct echo_pair *)data->b_rptr = (struct echo_pair){ 1, 2 };
	mcopyout(mp, NULL, sizeof(struct echo_pair), NULL, data);
	qreply(q, mp);
}

static void echo_ioctl(queue_t *q, mblk_t *mp)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;
	struct echo *echo = q->q_ptr;
	int transparent = iocp->ioc_count == TRANSPARENT;

	switch (iocp->ioc_cmd) {
	case ECHO_TGET:
	case ECHO_TSET:
		if (!transparent)
			break;
		if (iocp->ioc_cmd == ECHO_TGET) {
			echo_copyout(q, mp);
		} else {
			mcopyin(mp, NULL, sizeof(struct echo_pair), NULL);
			qreply(q, mp);
		}
		return;
	}
	if (transparent) {
		miocnak(q, mp, 0, EINVAL);
		return;
	}
	switch (iocp->ioc_cmd) {
	case ECHO_UPPER:
		echo_upper(q, mp);
		break;
	case ECHO_NAK:
		miocnak(q, mp, 0, EDOM);
		break;
	case ECHO_MUTE:
		freemsg(mp);
		break;
	case ECHO_HANGUP:
		miocack(q, mp, 0, 0);
		putnextctl(RD(q), M_HANGUP);
		break;
	case ECHO_ERROR:
		echo_then_error(q, mp);
		break;
	case ECHO_FLUSHED:
		echo_return_int(q, mp, echo->flushed);
		break;
	default:
		miocnak(q, mp, 0, EINVAL);
	}
}

/* The head has moved the data of a transparent ioctl, or could not. */
static void echo_iocdata(queue_t *q, mblk_t *mp)
{
	struct copyresp *response = (struct copyresp *)mp->b_rptr;
	struct echo_pair *pair;

	if (response->cp_rval) {
		freemsg(mp);
		return;
	}
	if (response->cp_cmd != ECHO_TSET) {
		miocack(q, mp, 0, 0);
		return;
	}
	if (!mp->b_cont || !pullupmsg(mp->b_cont, sizeof(*pair))) {
		miocnak(q, mp, 0, EINVAL);
		return;
	}
	pair = (struct echo_pair *)mp->b_cont->b_rptr;
	miocack(q, mp, 0, pair->a + pair->b);
}

static void echo_flush(queue_t *q, mblk_t *mp)
{
	struct echo *echo = q->q_ptr;

	echo->flushed++;
	if (*mp->b_rptr & FLUSHW) {
		if (*mp->b_rptr & FLUSHBAND)
			flushband(q, mp->b_rptr[1], FLUSHDATA);
		else
			flushq(q, FLUSHDATA);
		*mp->b_rptr &= ~FLUSHW;
	}
	if (*mp->b_rptr & FLUSHR)
		qreply(q, mp);
	else
		freemsg(mp);
}

/* Behind what is queued already, or the order would change. */
static void echo_data(queue_t *q, mblk_t *mp)
{
	if (!q->q_first && bcanputnext(RD(q), mp->b_band))
		qreply(q, mp);
	else if (!putq(q, mp))
		qreply(q, mp);
}

static int echo_wput(queue_t *q, mblk_t *mp)
{
	switch (DB_TYPE(mp)) {
	case M_DATA:
	case M_PROTO:
		echo_data(q, mp);
		break;
	case M_PCPROTO:
		qreply(q, mp);
		break;
	case M_FLUSH:
		echo_flush(q, mp);
		break;
	case M_IOCTL:
		echo_ioctl(q, mp);
		break;
	case M_IOCDATA:
		echo_iocdata(q, mp);
		break;
	default:
		freemsg(mp);
	}
	return 0;
}

static int echo_wsrv(queue_t *q)
{
	mblk_t *mp;

	while ((mp = getq(q)) != NULL) {
		if (!bcanputnext(RD(q), mp->b_band)) {
			putbq(q, mp);
			break;
		}
		qreply(q, mp);
	}
	return 0;
}

/* The reader has made room: the write side goes on. */
static int echo_rsrv(queue_t *q)
{
	qenable(WR(q));
	return 0;
}

static int echo_rput(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
	return 0;
}

static struct module_info echo_info = {
	.mi_idnum = 0x4543,
	.mi_idname = "echo",
	.mi_minpsz = 0,
	.mi_maxpsz = INFPSZ,
	.mi_hiwat = STRHIGH,
	.mi_lowat = STRLOW,
};

static struct qinit echo_rinit = {
	.qi_putp = echo_rput,
	.qi_srvp = echo_rsrv,
	.qi_qopen = echo_open,
	.qi_qclose = echo_close,
	.qi_minfo = &echo_info,
};

static struct qinit echo_winit = {
	.qi_putp = echo_wput,
	.qi_srvp = echo_wsrv,
	.qi_minfo = &echo_info,
};

static struct streamtab echo_tab = { &echo_rinit, &echo_winit, NULL, NULL };

static const struct strm_driver echo_driver = {
	.d_name = "echo",
	.d_str = &echo_tab,
	.d_flag = D_MP | D_MTQPAIR,
	.d_minors = ECHO_NODES,
	.d_mode = 0666,
};

STRM_MODINFO(description, "STREAMS driver that sends back what is written");
STREAMS_DRIVER(echo_driver, "echo", "GPL");
