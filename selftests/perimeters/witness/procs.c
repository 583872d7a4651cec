// SPDX-License-Identifier: GPL-2.0-only
/*
 * The procedures of a witness, module or driver.
 *
 * What a program writes goes down to the driver and comes back; each procedure
 * says where it is, looks at what comes, and sometimes does mischief.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include "watch.h"

#define PATIENCE	(30 * HZ)	/* for an answer, on a machine of any speed */

struct note *note_in(mblk_t *mp)
{
	struct note *note = (struct note *)mp->b_rptr;

	if (DB_TYPE(mp) != M_DATA && DB_TYPE(mp) != M_PROTO)
		return NULL;
	return MBLKL(mp) >= sizeof(*note) && note->magic == NOTE_MAGIC ? note : NULL;
}

/* ------------------------------------------------------------ put, service */

static void pass_on(struct witness *w, queue_t *q, mblk_t *mp)
{
	if (w->module)
		putnext(q, mp);
	else if (side_of(q) == 0)
		putnext(q, mp);
	else
		qreply(q, mp);
}

static void kernel_note(struct witness *w, queue_t *q, mblk_t *mp, struct note *note)
{
	if (w->module && side_of(q) == 1) {
		note->hop++;
		putnext(q, mp);
	} else {
		freemsg(mp);
	}
}

static bool is_from(const struct witness *w, const struct note *note)
{
	return note->from == w->index && note->generation == w->generation;
}

static void answer(struct witness *w, queue_t *q, mblk_t *mp, struct note *note)
{
	if (note->op == NOTE_ASK && !w->module) {
		note->op = NOTE_ANSWER;
		qreply(q, mp);
		return;
	}
	if (note->op == NOTE_ANSWER && is_from(w, note))
		atomic_set(&w->answered, 1);
	else if (note->op != NOTE_WAKE && w->module)
		goto pass;
	freemsg(mp);
	return;
pass:
	putnext(q, mp);
}

static void other_message(struct witness *w, queue_t *q, mblk_t *mp)
{
	if (w->module) {
		putnext(q, mp);
	} else if (DB_TYPE(mp) == M_IOCTL) {
		miocnak(q, mp, 0, EINVAL);
	} else if (DB_TYPE(mp) == M_FLUSH && (*mp->b_rptr & FLUSHR)) {
		*mp->b_rptr &= ~FLUSHW;
		qreply(q, mp);
	} else {
		freemsg(mp);
	}
}

int witness_put(queue_t *q, mblk_t *mp)
{
	struct witness *w = q->q_ptr;
	struct note *note = note_in(mp);
	struct visit visit;

	enter(&visit, w, q, ENTRY_PUT);
	count(puts);
	dally();
	if (note && note->op == NOTE_USER)
		let_send(4);
	if (!note) {
		other_message(w, q, mp);
	} else {
		arrival(w, q, note);
		if (note->op == NOTE_KERNEL)
			kernel_note(w, q, mp, note);
		else if (note->op != NOTE_USER)
			answer(w, q, mp, note);
		else if (note->lane == LANE_SERVICE)
			putq(q, mp);
		else
			pass_on(w, q, mp);
	}
	mischief(&visit, q);
	leave(&visit);
	return 0;
}

/* served - false where there is no room ahead */
static bool served(struct witness *w, queue_t *q, mblk_t *mp)
{
	struct note *note = note_in(mp);

	if (note && note->op == NOTE_KERNEL) {
		arrival(w, q, note);
		kernel_note(w, q, mp, note);
		return true;
	}
	if (!w->module && side_of(q) == 1) {
		if (!canput(RD(q)))
			return false;
		putq(RD(q), mp);
		return true;
	}
	if (!canputnext(q))
		return false;
	putnext(q, mp);
	return true;
}

/* Interrupts may queue as fast as it serves: the rest is for the next time. */
int witness_srv(queue_t *q)
{
	struct witness *w = q->q_ptr;
	struct visit visit;
	int budget = 64;
	mblk_t *mp;

	enter(&visit, w, q, ENTRY_SERVICE);
	count(services);
	if (atomic_inc_return(&w->in_service[side_of(q)]) != 1)
		violation(w, "two threads in the service of side %d", side_of(q));
	dally();
	while (budget-- > 0 && (mp = getq(q))) {
		if (!served(w, q, mp)) {
			putbq(q, mp);
			break;
		}
	}
	if (budget < 0)
		qenable(q);
	/* there may be room for what the write side holds back */
	if (!w->module && side_of(q) == 0)
		qenable(WR(q));
	atomic_dec(&w->in_service[side_of(q)]);
	mischief(&visit, q);
	leave(&visit);
	return 0;
}

/* ------------------------------------------------------------- open, close */

static struct witness *take_witness(queue_t *q, bool module)
{
	for (unsigned int i = 0; i < MOST_WITNESSES; i++) {
		struct witness *w = &witnesses[i];

		if (atomic_cmpxchg(&w->used, 0, 1))
			continue;
		WRITE_ONCE(w->generation, w->generation + 1);
		w->kind = kind_of(q);
		w->rq = q;
		w->module = module;
		memset(w->last, 0, sizeof(w->last));
			callbacks_init(w);
		sources_init(w);
		return w;
	}
	return NULL;
}

static void give_witness(struct witness *w)
{
	WRITE_ONCE(w->generation, w->generation + 1);
	atomic_set_release(&w->used, 0);
}

static void linger(void)
{
	if (atomic_read(&knobs.dally) && below(4) == 0)
		usleep_range(50, 500);
}

static bool ask(struct witness *w)
{
	mblk_t *mp;
	struct note *note;

	if (!w->module) {
		answer_in(w, 1 + below(2));
		return true;
	}
	mp = allocb(sizeof(*note), BPRI_MED);
	if (!mp)
		return false;
	note = (struct note *)mp->b_wptr;
	mp->b_wptr += sizeof(*note);
	*note = (struct note){ .magic = NOTE_MAGIC, .op = NOTE_ASK, .from = w->index,
			       .generation = w->generation };
	putnext(WR(w->rq), mp);
	return true;
}

/*
 * Waits as an author must: the condition, qwait(), the condition again.  In a
 * shared perimeter the answer may come in between; there somebody has to call
 * again, and nudge_in() does.
 */
static int wait_for_answer(struct visit *visit, struct witness *w, queue_t *q, bool mute)
{
	const bool shared = !visit->inner_alone;
	int go_on = 1;

	count(waits);
	atomic_set(&w->answered, 0);
	w->deadline = jiffies + PATIENCE;
	if (!mute && !ask(w))
		return 0;
	while (!atomic_read(&w->answered)) {
		nudge_in(w, shared ? 2 : PATIENCE + HZ);
		step_out(visit);
		if (mute)
			go_on = qwait_sig(q);
		else
			qwait(q);
		step_in(visit);
		if (!go_on)
			break;
		if (!mute && time_after(jiffies, w->deadline)) {
			violation(w, "qwait() was not called back to see the answer");
			break;
		}
	}
	if (go_on)
		return 0;
	count(signals);
	if (!signal_pending(current))
		violation(w, "qwait_sig() tells of a signal that there is not");
	return EINTR;
}

/* Who is alone in open and close keeps the perimeter; others give it up to go. */
static void go_off(struct visit *visit, struct witness *w, queue_t *q)
{
	callbacks_close(w);
	if (!visit->inner_alone)
		step_out(visit);
	qprocsoff(q);
	atomic_set(&w->on, 0);
	if (atomic_read(&w->writers))
		violation(w, "%d qwriter() after qprocsoff()", atomic_read(&w->writers));
	if (!visit->inner_alone)
		step_in(visit);
}

/* What stays on the queues is lost with them, and accounted for. */
static void count_the_rest(queue_t *q)
{
	for (mblk_t *mp; (mp = getq(q)); freemsg(mp)) {
		struct note *note = note_in(mp);

		if (!note || note->op != NOTE_USER || note->thread >= NOTE_MAYFLY)
			continue;
		count(flushed_service);
	}
}

static void end(struct visit *visit, struct witness *w, queue_t *q)
{
	const bool early = below(2);

	if (early)
		sources_stop(w);
	go_off(visit, w, q);
	linger();
	if (!early)
		sources_stop(w);
	count_the_rest(q);
	count_the_rest(WR(q));
}

static dev_t new_minor(dev_t dev)
{
	static atomic_t minors = ATOMIC_INIT(1000);

	return makedevice(getmajor(dev), atomic_inc_return(&minors) % 100000 + 16);
}

static bool by_chance(void)
{
	return (int)below(100) < atomic_read(&knobs.waits);
}

static int open_first(struct witness *w, struct visit *visit, queue_t *q)
{
	const bool mute = atomic_read(&knobs.mute), early = !visit->inner_alone || below(2);
	int error = 0;

	q->q_ptr = w;
	WR(q)->q_ptr = w;
	linger();
	atomic_set(&w->on, 1);
	qprocson(q);
	if (early)
		sources_start(w);
	if (mute || by_chance())
		error = wait_for_answer(visit, w, q, mute);
	if (!early)
		sources_start(w);
	if (error)
		end(visit, w, q);
	return error;
}

int witness_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	struct witness *w = q->q_ptr;
	struct visit visit;
	int error = 0;

	if (w) {
		enter(&visit, w, q, ENTRY_PLUMBING);
		count(reopens);
		linger();
		leave(&visit);
		return 0;
	}
	w = take_witness(q, sflag == MODOPEN);
	if (!w)
		return ENOSR;
	if (sflag == CLONEOPEN)
		*devp = new_minor(*devp);
	enter(&visit, w, q, ENTRY_PLUMBING);
	count(opens);
	let_send(16);
	error = open_first(w, &visit, q);
	leave(&visit);
	if (error)
		give_witness(w);
	return error;
}

int witness_close(queue_t *q, int flag, cred_t *crp)
{
	struct witness *w = q->q_ptr;
	struct visit visit;

	enter(&visit, w, q, ENTRY_PLUMBING);
	count(closes);
	let_send(16);
	if ((visit.inner_alone || visit.outer_alone) && atomic_read(&w->writers))
		violation(w, "close before %d qwriter() ran", atomic_read(&w->writers));
	linger();
	if (by_chance())
		wait_for_answer(&visit, w, q, false);
	end(&visit, w, q);
	leave(&visit);
	give_witness(w);
	return 0;
}
