// SPDX-License-Identifier: GPL-2.0-only
/*
 * reword: replaces words in the text that comes up, by rules that all streams
 * have in common.
 *
 * A word may come in pieces, so the end of a message can be the beginning of a
 * word: it is kept back until more comes, or for a tenth of a second.
 *
 * Two perimeters.  What is one stream's (the word that is kept back, the timer,
 * counts) is inside the inner perimeter, which one thread at a time enters
 * (D_MTQPAIR).  The rules are all streams'.  They are read often and changed
 * seldom: every procedure reads them inside the outer perimeter, shared with all
 * other streams (D_MTOUTPERIM), and who changes them is alone in it by qwriter().
 * So every message meets one whole table, and no lock appears below.
 */
#include <sys/ddi.h>
#include <sys/kmem.h>
#include <sys/modctl.h>
#include <sys/stream.h>
#include <sys/strsun.h>
#include <sys/reword.h>

#define REWORD_IDLE_US	100000

/* Of one stream; inside its inner perimeter. */
struct reword {
	queue_t *rq;
	uint_t length;		/* of the word so far; REWORD_LONG if no rule can match */
	char word[REWORD_LONGEST];
	timeout_id_t idle;	/* the word is over if nothing more has come by then */
	bufcall_id_t memory;	/* there was none for the text that is queued */
	struct reword_stat stat;
};

#define REWORD_LONG	(REWORD_LONGEST + 1)

/* Read inside the outer perimeter; changed by who is alone in it. */
static struct reword_rule reword_rules[REWORD_RULES];
static uint_t reword_count;
static uint_t reword_tables;

/* ------------------------------------------------------------------- text */

/* Where text goes; with a null pointer it is only counted. */
struct reword_text {
	uchar_t *to;
	size_t size;
};

static void reword_say(struct reword_text *text, const void *from, size_t size)
{
	if (text->to)
		bcopy(from, text->to + text->size, size);
	text->size += size;
}

static int reword_is_letter(uchar_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static const struct reword_rule *reword_find(const char *word, uint_t length)
{
	uint_t i;

	for (i = 0; i < reword_count; i++) {
		if (strlen(reword_rules[i].reword_from) == length &&
		    bcmp(reword_rules[i].reword_from, word, length) == 0)
			return &reword_rules[i];
	}
	return NULL;
}

static void reword_end(struct reword *rw, struct reword_text *text)
{
	const struct reword_rule *rule = NULL;

	if (rw->length && rw->length != REWORD_LONG) {
		rule = reword_find(rw->word, rw->length);
		if (rule)
			reword_say(text, rule->reword_to, strlen(rule->reword_to));
		else
			reword_say(text, rw->word, rw->length);
	}
	rw->stat.reword_words += rw->length != 0;
	rw->stat.reword_replaced += rule ? 1 : 0;
	rw->length = 0;
}

static void reword_letter(struct reword *rw, struct reword_text *text, uchar_t c)
{
	if (rw->length < REWORD_LONGEST) {
		rw->word[rw->length++] = c;
		return;
	}
	if (rw->length == REWORD_LONGEST)
		reword_say(text, rw->word, rw->length);
	rw->length = REWORD_LONG;
	reword_say(text, &c, 1);
}

static void reword_scan(struct reword *rw, struct reword_text *text, const mblk_t *mp)
{
	const uchar_t *p;

	for (; mp; mp = mp->b_cont) {
		for (p = mp->b_rptr; p < mp->b_wptr; p++) {
			if (reword_is_letter(*p)) {
				reword_letter(rw, text, *p);
			} else {
				reword_end(rw, text);
				reword_say(text, p, 1);
			}
		}
	}
}

/* --------------------------------------------------------------- messages */

static void reword_idle(void *arg);
static void reword_memory(void *arg);

static void reword_stop_idle(struct reword *rw)
{
	if (rw->idle)
		quntimeout(rw->rq, rw->idle);
	rw->idle = NULL;
}

static void reword_start_idle(struct reword *rw)
{
	if (!rw->idle)
		rw->idle = qtimeout(rw->rq, reword_idle, rw, drv_usectohz(REWORD_IDLE_US));
}

/* Where not even qbufcall() has memory, time must do. */
static void reword_wait_for_memory(struct reword *rw, size_t size)
{
	if (!rw->memory)
		rw->memory = qbufcall(rw->rq, size, BPRI_MED, reword_memory, rw);
	if (!rw->memory)
		reword_start_idle(rw);
}

/* A word is kept back: is it a word of some text that goes on? */
static int reword_keeps(const struct reword *rw)
{
	return rw->length && rw->length != REWORD_LONG;
}

/* The word that is kept back goes on as it is; 0 without memory. */
static int reword_finish(struct reword *rw)
{
	struct reword_text text;
	mblk_t *mp;

	if (reword_keeps(rw)) {
		mp = allocb(REWORD_LONGEST, BPRI_MED);
		if (!mp) {
			reword_wait_for_memory(rw, REWORD_LONGEST);
			return 0;
		}
		text = (struct reword_text){ mp->b_wptr, 0 };
		reword_end(rw, &text);
		mp->b_wptr += text.size;
		putnext(rw->rq, mp);
	}
	rw->length = 0;
	reword_stop_idle(rw);
	return 1;
}

/* The size is found first, with all that a scan changes put back after it. */
static size_t reword_size(struct reword *rw, const mblk_t *mp)
{
	struct reword before = *rw;
	struct reword_text text = { NULL, 0 };

	reword_scan(rw, &text, mp);
	*rw = before;
	return text.size;
}

static int reword_change_text(struct reword *rw, mblk_t *mp)
{
	struct reword_text text;
	size_t size = reword_size(rw, mp);
	mblk_t *made = allocb(size, BPRI_MED);

	if (!made) {
		reword_wait_for_memory(rw, size);
		return 0;
	}
	reword_stop_idle(rw);
	text = (struct reword_text){ made->b_wptr, 0 };
	reword_scan(rw, &text, mp);
	made->b_wptr += text.size;
	freemsg(mp);
	rw->stat.reword_messages++;
	if (size)
		putnext(rw->rq, made);
	else
		freemsg(made);
	if (reword_keeps(rw))
		reword_start_idle(rw);
	return 1;
}

/*
 * Text is data of band 0 without a mark, which would lose its place.  Whatever else
 * comes ends a word, and goes on unchanged.  0 without memory, and @mp is the
 * caller's.
 */
static int reword_pass(struct reword *rw, mblk_t *mp)
{
	if (DB_TYPE(mp) == M_DATA && mp->b_band == 0 && mp->b_flag == 0 && msgdsize(mp))
		return reword_change_text(rw, mp);
	if (!reword_finish(rw))
		return 0;
	putnext(rw->rq, mp);
	return 1;
}

/* As far as there is room, or all of it; 0 without memory. */
static int reword_serve(struct reword *rw, int all)
{
	mblk_t *mp;

	while ((mp = getq(rw->rq)) != NULL) {
		if (!all && !bcanputnext(rw->rq, mp->b_band)) {
			putbq(rw->rq, mp);
			break;
		}
		if (!reword_pass(rw, mp)) {
			putbq(rw->rq, mp);
			return 0;
		}
	}
	return 1;
}

/* -------------------------------------- callbacks, inside both perimeters */

static void reword_idle(void *arg)
{
	struct reword *rw = arg;

	rw->idle = NULL;
	if (rw->rq->q_first)
		qenable(rw->rq);
	else if (canputnext(rw->rq))
		reword_finish(rw);	/* else the service procedure, when there is room */
}

static void reword_memory(void *arg)
{
	struct reword *rw = arg;

	rw->memory = 0;
	qenable(rw->rq);
}

/* ------------------------------------------------------------------ ioctls */

static int reword_is_word(const char *text, int empty_is_one)
{
	uint_t i;

	for (i = 0; i <= REWORD_LONGEST && text[i]; i++) {
		if (!empty_is_one && !reword_is_letter(text[i]))
			return 0;
	}
	return i <= REWORD_LONGEST && (i || empty_is_one);
}

/* Looked at before anybody is alone: who is may not fail. */
static int reword_check(mblk_t *mp)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;
	const struct reword_rule *rule;
	size_t count = iocp->ioc_count / sizeof(*rule);
	int error;

	if (drv_priv(iocp->ioc_cr))
		return EPERM;
	if (iocp->ioc_count == TRANSPARENT || iocp->ioc_count % sizeof(*rule) ||
	    count > REWORD_RULES)
		return EINVAL;
	if (!count)
		return 0;
	error = miocpullup(mp, iocp->ioc_count);
	if (error)
		return error;
	for (rule = (struct reword_rule *)mp->b_cont->b_rptr; count; rule++, count--) {
		if (!reword_is_word(rule->reword_from, 0) || !reword_is_word(rule->reword_to, 1))
			return EINVAL;
	}
	return 0;
}

/* Alone in the outer perimeter: no procedure of the module runs in any stream. */
static void reword_set(queue_t *q, mblk_t *mp)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;

	reword_count = iocp->ioc_count / sizeof(struct reword_rule);
	if (reword_count)
		bcopy(mp->b_cont->b_rptr, reword_rules, iocp->ioc_count);
	miocack(q, mp, 0, ++reword_tables & 0x7fffffff);
}

static void reword_answer(queue_t *q, mblk_t *mp, const void *from, size_t size)
{
	mblk_t *data = allocb(size, BPRI_MED);

	if (!data) {
		miocnak(q, mp, 0, ENOSR);
		return;
	}
	bcopy(from, data->b_rptr, size);
	mioc2ack(mp, data, size, reword_tables & 0x7fffffff);
	qreply(q, mp);
}

static void reword_answer_stat(queue_t *q, mblk_t *mp)
{
	struct reword *rw = q->q_ptr;
	struct reword_stat stat = rw->stat;

	stat.reword_rules = reword_count;
	stat.reword_tables = reword_tables;
	reword_answer(q, mp, &stat, sizeof(stat));
}

static void reword_ioctl(queue_t *q, mblk_t *mp)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;
	int transparent = iocp->ioc_count == TRANSPARENT;
	int error;

	switch (iocp->ioc_cmd) {
	case REWORD_SET:
		error = reword_check(mp);
		if (error)
			miocnak(q, mp, 0, error);
		else
			qwriter(q, mp, reword_set, PERIM_OUTER);
		break;
	case REWORD_GET:
		if (transparent)
			miocnak(q, mp, 0, EINVAL);
		else
			reword_answer(q, mp, reword_rules, reword_count * sizeof(*reword_rules));
		break;
	case REWORD_STAT:
		if (transparent)
			miocnak(q, mp, 0, EINVAL);
		else
			reword_answer_stat(q, mp);
		break;
	default:
		putnext(q, mp);
	}
}

/* -------------------------------------------------------- the procedures */

static int reword_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	struct reword *rw;

	if (q->q_ptr)
		return 0;
	if (sflag != MODOPEN)
		return EINVAL;
	rw = kmem_zalloc(sizeof(*rw), KM_SLEEP);
	rw->rq = q;
	q->q_ptr = rw;
	WR(q)->q_ptr = rw;
	qprocson(q);
	return 0;
}

/*
 * What is here goes on: a pop loses nothing.  Where there is no memory for that,
 * qwait_sig() leaves the perimeters until reword_memory() has been there, or until
 * whoever waits has had enough.
 */
static int reword_close(queue_t *q, int flag, cred_t *crp)
{
	struct reword *rw = q->q_ptr;

	while (!reword_serve(rw, 1) || !reword_finish(rw)) {
		if (!qwait_sig(q))
			break;
	}
	reword_stop_idle(rw);
	if (rw->memory)
		qunbufcall(q, rw->memory);
	qprocsoff(q);
	q->q_ptr = NULL;
	WR(q)->q_ptr = NULL;
	kmem_free(rw, sizeof(*rw));
	return 0;
}

static void reword_flush(queue_t *q, mblk_t *mp)
{
	struct reword *rw = q->q_ptr;
	int banded = *mp->b_rptr & FLUSHBAND;

	if (!(*mp->b_rptr & FLUSHR))
		return;
	if (banded)
		flushband(q, mp->b_rptr[1], FLUSHDATA);
	else
		flushq(q, FLUSHDATA);
	if (!banded || mp->b_rptr[1] == 0) {
		rw->length = 0;
		reword_stop_idle(rw);
	}
}

/* High priority overtakes what is queued; behind a hangup nobody would read on. */
static void reword_urgent(queue_t *q, mblk_t *mp)
{
	if (DB_TYPE(mp) == M_FLUSH)
		reword_flush(q, mp);
	else if (DB_TYPE(mp) == M_HANGUP && !q->q_first)
		reword_finish(q->q_ptr);
	putnext(q, mp);
}

static int reword_rput(queue_t *q, mblk_t *mp)
{
	if (DB_TYPE(mp) >= QPCTL) {
		reword_urgent(q, mp);
		return 0;
	}
	if (!q->q_first && bcanputnext(q, mp->b_band) && reword_pass(q->q_ptr, mp))
		return 0;
	if (!putq(q, mp))
		putnext(q, mp);	/* no memory for a band: late is worse than early */
	return 0;
}

/* Also when there is room again for a word that was kept back. */
static int reword_rsrv(queue_t *q)
{
	struct reword *rw = q->q_ptr;

	if (reword_serve(rw, 0) && !q->q_first && reword_keeps(rw))
		reword_start_idle(rw);
	return 0;
}

static int reword_wput(queue_t *q, mblk_t *mp)
{
	if (DB_TYPE(mp) == M_IOCTL)
		reword_ioctl(q, mp);
	else
		putnext(q, mp);
	return 0;
}

static struct module_info reword_info = {
	.mi_idnum = 0x5257,
	.mi_idname = "reword",
	.mi_minpsz = 0,
	.mi_maxpsz = INFPSZ,
	.mi_hiwat = STRHIGH,
	.mi_lowat = STRLOW,
};

static struct qinit reword_rinit = {
	.qi_putp = reword_rput,
	.qi_srvp = reword_rsrv,
	.qi_qopen = reword_open,
	.qi_qclose = reword_close,
	.qi_minfo = &reword_info,
};

static struct qinit reword_winit = {
	.qi_putp = reword_wput,
	.qi_minfo = &reword_info,
};

static struct streamtab reword_tab = { &reword_rinit, &reword_winit, NULL, NULL };

static const struct fmodsw reword = { "reword", &reword_tab, D_MP | D_MTQPAIR | D_MTOUTPERIM };

STRM_MODINFO(description, "STREAMS module that replaces words");
STREAMS_MODULE(reword, "reword", "GPL");
