// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sends messages from everywhere but a process: timers, a tasklet, timeout(),
 * and hard interrupts of an hrtimer and an irq_work.
 *
 * Each numbers what it sends on each CPU for each target, and sends no more while
 * much of that has not arrived.  What they send is in proportion to what processes
 * do, so that on a slow machine they do not take all of its time.
 *
 * The hrtimer and the irq_work are hard interrupts but for PREEMPT_RT, where what
 * has to allocate memory is a softirq or a thread.
 */
#include "watch.h"

#define UNDER_WAY	16
#define MOST_ALLOWED	4096

static atomic_t allowed;

/* let_send - a process has come by */
void let_send(int more)
{
	if (atomic_read(&allowed) < MOST_ALLOWED)
		atomic_add(more, &allowed);
}

static mblk_t *next_note(struct witness *w, unsigned int number)
{
	struct way *way = &w->ways[number];
	unsigned int most = UNDER_WAY * max(atomic_read(&knobs.burst), 1);
	struct note *note;
	mblk_t *mp;

	if ((unsigned int)atomic_read(&way->sent) - atomic_read(&way->arrived) >= most)
		return NULL;
	mp = allocb(sizeof(*note), BPRI_MED);
	if (!mp) {
		count(no_memory);
		return NULL;
	}
	note = (struct note *)mp->b_wptr;
	mp->b_wptr += sizeof(*note);
	*note = (struct note){ .magic = NOTE_MAGIC, .op = NOTE_KERNEL, .way = number,
			       .from = w->index, .generation = w->generation,
			       .seq = atomic_inc_return(&way->sent) };
	return mp;
}

/* Bottom halves are off, or it is a hard interrupt: one source at a time on a CPU. */
void send(struct witness *w, enum source from, enum target to)
{
	const int cpu = raw_smp_processor_id() % CPUS;
	queue_t *q = queue_at(w, to % 2 ? 0 : 1);
	mblk_t *mp = next_note(w, (from * TARGETS + to) * CPUS + cpu);

	if (!mp)
		return;
	switch (to) {
	case PUT_WRITE:
	case PUT_READ:
		/* who waits to be alone already comes before this message */
		note_in(mp)->waiting = atomic_read(&inner_of(w, q)->waiting);
		put(q, mp);
		break;
	case NEXT_WRITE:
	case NEXT_READ:
		putnext(q, mp);
		break;
	default:
		putq(q, mp);
	}
}

/* A driver has nobody below; what a module would put up could end in a program. */
static void hammer(struct witness *w, enum source source)
{
	const bool hard = source == FROM_HRTIMER || source == FROM_IRQ_WORK;
	enum target target = below(TARGETS);

	if (target == NEXT_WRITE && !w->module)
		target = NEXT_READ;
	if (target == NEXT_READ && (w->module || (!hard && !canputnext(w->rq))))
		target = PUT_READ;
	atomic_dec(&allowed);
	if (hard)
		count(from_hardirq);
	else
		count(from_softirq);
	for (int n = atomic_read(&knobs.burst); n > 0; n--)
		send(w, source, target);
	if (below(4) == 0)
		qenable(queue_at(w, below(2)));
}

static bool sending(struct witness *w)
{
	return atomic_read(&knobs.sources) && !atomic_read(&w->stop) &&
	       atomic_read(&allowed) > 0;
}

static enum hrtimer_restart on_hrtimer(struct hrtimer *hrtimer)
{
	struct witness *w = container_of(hrtimer, struct witness, hrtimer);
	unsigned int period = max(atomic_read(&knobs.period), 20);

	if (atomic_read(&w->stop))
		return HRTIMER_NORESTART;
	if (sending(w)) {
		hammer(w, FROM_HRTIMER);
		irq_work_queue(&w->irq_work);
	} else {
		period *= 8;
	}
	hrtimer_forward_now(hrtimer, ns_to_ktime(1000ULL * (period + below(period))));
	return HRTIMER_RESTART;
}

static void on_irq_work(struct irq_work *work)
{
	struct witness *w = container_of(work, struct witness, irq_work);
	mblk_t *mp = allocb(below(2000), BPRI_MED);

	if (sending(w))
		hammer(w, FROM_IRQ_WORK);
	if (mp)
		freeb(mp);
}

static void on_timer(struct timer_list *timer)
{
	struct witness *w = container_of(timer, struct witness, timer);

	if (sending(w)) {
		hammer(w, FROM_TIMER);
		tasklet_schedule(&w->tasklet);
	}
	if (!atomic_read(&w->stop))
		mod_timer(&w->timer, jiffies + 1 + below(2));
}

static void on_tasklet(struct tasklet_struct *tasklet)
{
	struct witness *w = container_of(tasklet, struct witness, tasklet);

	if (sending(w))
		hammer(w, FROM_TASKLET);
}

static void on_timeout(void *arg)
{
	struct witness *w = arg;

	if (sending(w))
		hammer(w, FROM_TIMEOUT);
	if (!atomic_read(&w->stop))
		WRITE_ONCE(w->timeout, timeout(on_timeout, w, 1 + below(3)));
}

static void to_own_queue(struct witness *w, enum note_op op)
{
	mblk_t *mp = allocb(sizeof(struct note), BPRI_MED);

	if (!mp)
		return;
	*(struct note *)mp->b_wptr = (struct note){ .magic = NOTE_MAGIC, .op = op,
						    .from = w->index,
						    .generation = w->generation };
	mp->b_wptr += sizeof(struct note);
	put(WR(w->rq), mp);
}

static void on_nudge(struct timer_list *timer)
{
	to_own_queue(container_of(timer, struct witness, nudge), NOTE_WAKE);
}

static void on_answer(struct timer_list *timer)
{
	to_own_queue(container_of(timer, struct witness, answer), NOTE_ANSWER);
}

/* nudge_in - let a message come to the write queue that says nothing */
void nudge_in(struct witness *w, unsigned long ticks)
{
	mod_timer(&w->nudge, jiffies + ticks);
}

/* answer_in - what a driver waits for */
void answer_in(struct witness *w, unsigned long ticks)
{
	mod_timer(&w->answer, jiffies + ticks);
}

void sources_init(struct witness *w)
{
	atomic_set(&w->stop, 0);
	for (int i = 0; i < WAYS; i++) {
		atomic_set(&w->ways[i].sent, 0);
		atomic_set(&w->ways[i].arrived, 0);
		atomic_set(&w->ways[i].last, 0);
		atomic_set(&w->ways[i].last_below, 0);
		atomic_set(&w->last_above[i], 0);
	}
	hrtimer_init(&w->hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	w->hrtimer.function = on_hrtimer;
	w->irq_work = IRQ_WORK_INIT(on_irq_work);
	timer_setup(&w->timer, on_timer, 0);
	timer_setup(&w->nudge, on_nudge, 0);
	timer_setup(&w->answer, on_answer, 0);
	tasklet_setup(&w->tasklet, on_tasklet);
	w->timeout = 0;
}

void sources_start(struct witness *w)
{
	hrtimer_start(&w->hrtimer, ms_to_ktime(1), HRTIMER_MODE_REL);
	mod_timer(&w->timer, jiffies + 1);
	/* it may have been called, and have started the next one, before this is written */
	cmpxchg(&w->timeout, 0, timeout(on_timeout, w, 1));
}

/* Each starts the next one, so they are stopped in that order. */
void sources_stop(struct witness *w)
{
	timeout_id_t last;

	atomic_set(&w->stop, 1);
	hrtimer_cancel(&w->hrtimer);
	irq_work_sync(&w->irq_work);
	del_timer_sync(&w->timer);
	tasklet_kill(&w->tasklet);
	del_timer_sync(&w->nudge);
	del_timer_sync(&w->answer);
	do {
		last = READ_ONCE(w->timeout);
		untimeout(last);
	} while (last != READ_ONCE(w->timeout));
}

/* sources_settled - what was sent has arrived */
bool sources_settled(struct witness *w, bool complain)
{
	for (int i = 0; i < WAYS; i++) {
		unsigned int sent = atomic_read(&w->ways[i].sent);
		unsigned int arrived = atomic_read(&w->ways[i].arrived);

		if (sent == arrived)
			continue;
		if (complain)
			violation(w, "way %d: of %u messages %u have arrived", i, sent, arrived);
		return false;
	}
	return true;
}
