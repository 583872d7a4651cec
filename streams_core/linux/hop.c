// SPDX-License-Identifier: GPL-2.0-only
/*
 * One hop: claim, call the put procedure, release.  And the question before it:
 * is there room?
 *
 * The straight way alone, and in C for the sake of the per-CPU counter.  What
 * cannot go straight goes to queue/put.cc and queue/flow.cc.  It is written so
 * that one register is saved across the call of the procedure: the gate.
 */
#include <linux/preempt.h>
#include <sys/stream.h>
#include "claim.h"
#include "trace.h"

void strm_put_outside(queue_t *q, mblk_t *mp);
void strm_putnext_outside(queue_t *q, mblk_t *mp);
void strm_put_turned_away(queue_t *q, mblk_t *mp);
void strm_put_nowhere(queue_t *q, mblk_t *mp);
int strm_room_from(queue_t *q, uchar_t pri);
int strm_room_after(queue_t *q, uchar_t pri);

/* Bottom halves off, and no hard interrupt: a read side section of RCU. */
static __always_inline bool inside(void)
{
#ifdef CONFIG_PREEMPT_RT
	return likely(in_softirq() && !in_hardirq() && !in_nmi());
#else
	unsigned int count = preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK);

	return likely(count - 1 < SOFTIRQ_MASK);
#endif
}

/*
 * A claim that failed is undone: of a sole gate in the counter that means nothing,
 * and without a look at who waits.
 */
static noinline void turned_away(queue_t *q, mblk_t *mp, struct strm_gate *gate)
{
	if (READ_ONCE(gate->word) & STRM_GATE_SOLE)
		this_cpu_dec(*strm_claims(gate));
	else
		strm_unclaim(gate);
	strm_put_turned_away(q, mp);
}

static __always_inline void enter(queue_t *q, mblk_t *mp)
{
	struct strm_gate *gate = q->q_gate;
	strm_put_t procedure;

	if (unlikely(!strm_claim(gate))) {
		turned_away(q, mp, gate);
		return;
	}
	procedure = READ_ONCE(q->q_putp);
	procedure(q, mp);
	strm_unclaim(gate);
}

/* Nothing comes back from here: who is not traced keeps no register for it. */
static noinline void traced_put(queue_t *q, mblk_t *mp)
{
	trace_strm_put(q, mp);
	enter(q, mp);
}

static noinline void traced_putnext(queue_t *next, mblk_t *mp)
{
	trace_strm_putnext(next, mp);
	enter(next, mp);
}

void strm_put(queue_t *q, mblk_t *mp)
{
	if (!inside())
		strm_put_outside(q, mp);
	else if (trace_strm_put_enabled())
		traced_put(q, mp);
	else
		enter(q, mp);
}

void strm_putnext(queue_t *q, mblk_t *mp)
{
	queue_t *next;

	if (!inside()) {
		strm_putnext_outside(q, mp);
		return;
	}
	next = smp_load_acquire(&q->q_next); /* pairs with link(), unlink() in pair.cc */
	if (unlikely(!next))
		strm_put_nowhere(q, mp);
	else if (trace_strm_putnext_enabled())
		traced_putnext(next, mp);
	else
		enter(next, mp);
}

/* Is there room for band @pri in the queue that decides?  0: look closer. */
static __always_inline bool room(const queue_t *q, uchar_t pri)
{
	unsigned int flag = READ_ONCE(q->q_flag);

	if (unlikely(flag & QCHOKED))
		return false;
	return pri ? pri > READ_ONCE(q->q_nband) : !(flag & QFULL);
}

int strm_bcanput(queue_t *q, uchar_t pri)
{
	bool found;

	if (!q)
		return 0;
	preempt_disable(); /* a read side section of RCU */
	found = room(smp_load_acquire(&q->q_nfsrv), pri); /* pairs with set_flow() */
	preempt_enable();
	return found || strm_room_from(q, pri);
}

int strm_bcanputnext(queue_t *q, uchar_t pri)
{
	queue_t *next;
	bool found;

	preempt_disable(); /* a read side section of RCU */
	next = smp_load_acquire(&q->q_next); /* pairs with link(), unlink() in pair.cc */
	found = next && room(smp_load_acquire(&next->q_nfsrv), pri); /* pairs with set_flow() */
	preempt_enable();
	return found || strm_room_after(q, pri);
}
