// SPDX-License-Identifier: GPL-2.0-only
/*
 * frame: messages over a stream of bytes.
 *
 * Downstream each message gets a header that tells its length.  Upstream the
 * bytes are put together again, however they were cut on the way, and each frame
 * becomes one message.  A stream that is out of step gets M_ERROR.
 *
 * The headers come from a small pool of the module's own and are sent without a
 * copy; the free routine gives them back.
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
#include "frame.h"

typedef struct header {
	struct header	*h_next;
	frtn_t		h_frtn;
	uchar_t		h_bytes[FRAME_HDR];
} header_t;

static kmutex_t frame_lock;		/* protects the next two */
static header_t *frame_free;
static int frame_out;			/* headers that are on their way */
static header_t frame_pool[FRAME_POOL];

typedef struct frame {
	kmutex_t	f_lock;		/* protects f_id */
	timeout_id_t	f_id;		/* until there is memory */
	queue_t		*f_rq;
	mblk_t		*f_part;	/* what has come of the next frame */
	boolean_t	f_lost;		/* out of step */
} frame_t;

static int frameopen(queue_t *, dev_t *, int, int, cred_t *);
static int frameclose(queue_t *, int, cred_t *);
static int framerput(queue_t *, mblk_t *);
static int framersrv(queue_t *);
static int framewput(queue_t *, mblk_t *);
static int framewsrv(queue_t *);

static struct module_info frameminfo = { 0x4652, "frame", 0, INFPSZ, 8192, 2048 };

static struct qinit framerinit = {
	framerput, framersrv, frameopen, frameclose, NULL, &frameminfo, NULL
};

static struct qinit framewinit = {
	framewput, framewsrv, NULL, NULL, NULL, &frameminfo, NULL
};

static struct streamtab frameinfo = { &framerinit, &framewinit, NULL, NULL };

static struct fmodsw fsw = { "frame", &frameinfo, D_NEW | D_MP | D_MTQPAIR };

static struct modlstrmod modlstrmod = {
	&mod_strmodops, "messages over a stream of bytes", &fsw
};

static struct modlinkage modlinkage = { MODREV_1, { (void *)&modlstrmod, NULL } };

static void
frame_give(void *arg)
{
	header_t *h = arg;

	mutex_enter(&frame_lock);
	h->h_next = frame_free;
	frame_free = h;
	frame_out--;
	mutex_exit(&frame_lock);
}

int
_init(void)
{
	int error, i;

	mutex_init(&frame_lock, NULL, MUTEX_DRIVER, NULL);
	for (i = 0; i < FRAME_POOL; i++) {
		frame_pool[i].h_frtn.free_func = (void (*)())frame_give;
		frame_pool[i].h_frtn.free_arg = (char *)&frame_pool[i];
		frame_pool[i].h_next = frame_free;
		frame_free = &frame_pool[i];
	}
	if ((error = mod_install(&modlinkage)) != 0)
		mutex_destroy(&frame_lock);
	return (error);
}

int
_fini(void)
{
	int error, out;

	mutex_enter(&frame_lock);
	out = frame_out;
	mutex_exit(&frame_lock);
	if (out != 0)
		return (EBUSY);
	if ((error = mod_remove(&modlinkage)) == 0)
		mutex_destroy(&frame_lock);
	return (error);
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&modlinkage, modinfop));
}

/*ARGSUSED*/
static int
frameopen(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	frame_t *f;

	if (q->q_ptr != NULL)
		return (0);
	if (sflag != MODOPEN)
		return (EINVAL);
	f = kmem_zalloc(sizeof (frame_t), KM_SLEEP);
	mutex_init(&f->f_lock, NULL, MUTEX_DRIVER, NULL);
	f->f_rq = q;
	q->q_ptr = WR(q)->q_ptr = f;
	qprocson(q);
	return (0);
}

/*ARGSUSED*/
static int
frameclose(queue_t *q, int flag, cred_t *crp)
{
	frame_t *f = q->q_ptr;
	timeout_id_t id;

	qprocsoff(q);
	mutex_enter(&f->f_lock);
	id = f->f_id;
	mutex_exit(&f->f_lock);
	if (id != 0)
		(void) untimeout(id);
	freemsg(f->f_part);
	q->q_ptr = WR(q)->q_ptr = NULL;
	mutex_destroy(&f->f_lock);
	kmem_free(f, sizeof (frame_t));
	return (0);
}

static void
frame_again(void *arg)
{
	frame_t *f = arg;

	mutex_enter(&f->f_lock);
	f->f_id = 0;
	mutex_exit(&f->f_lock);
	qenable(f->f_rq);
	qenable(WR(f->f_rq));
}

/*
 * Without memory: both sides have another try in a tenth of a second.
 */
static void
frame_wait(frame_t *f)
{
	mutex_enter(&f->f_lock);
	if (f->f_id == 0)
		f->f_id = timeout(frame_again, f, drv_usectohz(100000));
	mutex_exit(&f->f_lock);
}

static header_t *
frame_take(void)
{
	header_t *h;

	mutex_enter(&frame_lock);
	if ((h = frame_free) != NULL) {
		frame_free = h->h_next;
		frame_out++;
	}
	mutex_exit(&frame_lock);
	return (h);
}

/*
 * A header, from the pool or, if that is empty, like any other block.
 */
static mblk_t *
frame_header(size_t length)
{
	header_t *h = frame_take();
	mblk_t *mp;

	if (h == NULL) {
		mp = allocb(FRAME_HDR, BPRI_MED);
	} else {
		mp = esballoc(h->h_bytes, FRAME_HDR, BPRI_MED, &h->h_frtn);
		if (mp == NULL)
			frame_give(h);
	}
	if (mp == NULL)
		return (NULL);
	*mp->b_wptr++ = FRAME_MAGIC;
	*mp->b_wptr++ = 0;
	*mp->b_wptr++ = (length >> 8) & 0xff;
	*mp->b_wptr++ = length & 0xff;
	return (mp);
}

/*
 * Send a message as one frame, or the first frame's worth of it.  Returns what
 * is left; *sent tells whether there was memory.
 */
static mblk_t *
frame_send(queue_t *q, mblk_t *mp, boolean_t *sent)
{
	size_t length = msgdsize(mp);
	mblk_t *hdr, *rest = NULL;

	*sent = B_FALSE;
	if (length > FRAME_MAX) {
		if ((rest = dupmsg(mp)) == NULL)
			return (mp);
		length = FRAME_MAX;
	}
	if ((hdr = frame_header(length)) == NULL) {
		freemsg(rest);
		return (mp);
	}
	if (rest != NULL) {
		(void) adjmsg(mp, FRAME_MAX - (ssize_t)msgdsize(mp));
		(void) adjmsg(rest, FRAME_MAX);
	}
	linkb(hdr, mp);
	putnext(q, hdr);
	*sent = B_TRUE;
	return (rest);
}

static int
framewsrv(queue_t *q)
{
	mblk_t *mp;
	boolean_t sent;

	while ((mp = getq(q)) != NULL) {
		if (!canputnext(q)) {
			(void) putbq(q, mp);
			break;
		}
		if (mp->b_datap->db_type != M_DATA) {
			putnext(q, mp);
			continue;
		}
		mp = frame_send(q, mp, &sent);
		if (!sent) {
			(void) putbq(q, mp);
			frame_wait(q->q_ptr);
			break;
		}
		if (mp != NULL)
			(void) putbq(q, mp);
	}
	return (0);
}

static int
framewput(queue_t *q, mblk_t *mp)
{
	if (mp->b_datap->db_type == M_FLUSH && (*mp->b_rptr & FLUSHW))
		flushq(q, FLUSHDATA);
	if (mp->b_datap->db_type >= QPCTL)
		putnext(q, mp);
	else if (!putq(q, mp))
		freemsg(mp);
	return (0);
}

/*
 * Without its empty blocks, which adjmsg() leaves.
 */
static mblk_t *
frame_trim(mblk_t *mp)
{
	mblk_t *rest;

	while (mp != NULL && mp->b_rptr == mp->b_wptr) {
		rest = unlinkb(mp);
		freeb(mp);
		mp = rest;
	}
	return (mp);
}

static void
frame_lost(queue_t *q)
{
	frame_t *f = q->q_ptr;

	f->f_lost = B_TRUE;
	freemsg(f->f_part);
	f->f_part = NULL;
	cmn_err(CE_NOTE, "frame: out of step");
	if (!putnextctl1(q, M_ERROR, EPROTO))
		cmn_err(CE_WARN, "frame: and no memory to say so");
}

/*
 * The length of the frame that f_part begins with: 0 or more, -1 if it is not
 * there yet, -2 if it is none, -3 without memory.
 */
static ssize_t
frame_length(frame_t *f)
{
	mblk_t *mp;
	ssize_t length;

	if (f->f_part == NULL || msgdsize(f->f_part) < FRAME_HDR)
		return (-1);
	if (MBLKL(f->f_part) < FRAME_HDR) {
		if ((mp = msgpullup(f->f_part, FRAME_HDR)) == NULL)
			return (-3);
		freemsg(f->f_part);
		f->f_part = mp;
	}
	mp = f->f_part;
	length = mp->b_rptr[2] << 8 | mp->b_rptr[3];
	if (mp->b_rptr[0] != FRAME_MAGIC || mp->b_rptr[1] != 0 || length > FRAME_MAX)
		return (-2);
	return (msgdsize(mp) < FRAME_HDR + length ? -1 : length);
}

/*
 * Cut the first frame off f_part and send it up.
 */
static boolean_t
frame_deliver(queue_t *q, ssize_t length)
{
	frame_t *f = q->q_ptr;
	mblk_t *mp;
	ssize_t rest = msgdsize(f->f_part) - FRAME_HDR - length;

	if (rest == 0) {
		mp = f->f_part;
		f->f_part = NULL;
	} else {
		if ((mp = dupmsg(f->f_part)) == NULL)
			return (B_FALSE);
		(void) adjmsg(f->f_part, FRAME_HDR + length);
		f->f_part = frame_trim(f->f_part);
		(void) adjmsg(mp, -rest);
	}
	(void) adjmsg(mp, FRAME_HDR);
	if (length > 0)
		mp = frame_trim(mp);
	putnext(q, mp);
	return (B_TRUE);
}

/*
 * Bytes that have come: to the others of the frame that is not complete.
 */
static void
frame_gather(frame_t *f, mblk_t *mp)
{
	mp = frame_trim(mp);
	if (mp == NULL)
		return;
	if (f->f_part == NULL)
		f->f_part = mp;
	else
		linkb(f->f_part, mp);
}

static int
framersrv(queue_t *q)
{
	frame_t *f = q->q_ptr;
	ssize_t length;
	mblk_t *mp;

	for (;;) {
		if (!canputnext(q))
			return (0);
		length = f->f_lost ? -1 : frame_length(f);
		if (length == -2) {
			frame_lost(q);
			continue;
		}
		if (length == -3 || (length >= 0 && !frame_deliver(q, length))) {
			frame_wait(f);
			return (0);
		}
		if (length >= 0)
			continue;
		if ((mp = getq(q)) == NULL)
			return (0);
		if (mp->b_datap->db_type != M_DATA)
			putnext(q, mp);
		else if (f->f_lost)
			freemsg(mp);
		else
			frame_gather(f, mp);
	}
}

static int
framerput(queue_t *q, mblk_t *mp)
{
	if (mp->b_datap->db_type == M_FLUSH && (*mp->b_rptr & FLUSHR))
		flushq(q, FLUSHDATA);
	if (mp->b_datap->db_type >= QPCTL)
		putnext(q, mp);
	else if (!putq(q, mp))
		freemsg(mp);
	return (0);
}
