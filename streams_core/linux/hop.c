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
#include <streams_core/rules/rules.h>
#include "trace.h"

void strm_put_outside(queue_t *q, mblk_t *mp);
void strm_putnext_outside(queue_t *q, mblk_t *mp);
void strm_put_turned_away(queue_t *q, mblk_t *mp);
void strm_put_deep(queue_t *q, mblk_t *mp);
void strm_put_nowhere(queue_t *q, mblk_t *mp);
int strm_room_from(queue_t *q, uchar_t pri);
int strm_room_after(queue_t *q, uchar_t pri);

/*
 * Bottom halves off, and no hard interrupt: a read side section of RCU.  Procedures have
 * locks that sleep on PREEMPT_RT: there interrupts and preemption must be on.
 */
static __always_inline bool inside(void)
{
#ifdef CONFIG_PREEMPT_RT
	return likely(in_softirq() && preemptible());
#else
	unsigned int count = preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK);

	return likely(count - 1 < SOFTIRQ_MASK);
#endif
}

/*
 * How many put procedures are on this CPU's stack.  Shared perimeters are entered
 * again at once, so that two modules which answer each other would go on until the
 * stack is full: beyond the limit a message waits for softirq.  Sixteen modules down
 * to a driver that answers, and up again, are well below it.
 */
#define DEEPEST 40
static DEFINE_PER_CPU(unsigned int, depth);

/*
 * The claim is counted and the word was not 0.  That of a gate with another around it
 * never is; and a gate that is FENCED asks for a fence here, instead of sending one to
 * all CPUs when it closes.
 */
static bool claimed(struct strm_gate *gate, unsigned int idle)
{
	unsigned int word = smp_load_acquire(&gate->word); /* (A), as strm_claim() */

	if (word == idle)
		return true;
	if (word & (STRM_GATE_SOLE | STRM_GATE_OWNED | STRM_GATE_PENDING | STRM_GATE_BACKLOG))
		return false;
	smp_mb(); /* (D): matches the exchange in Perimeter::publish() */
	word = smp_load_acquire(&gate->word); /* pairs with publish() that opens */
	if (word & (STRM_GATE_OWNED | STRM_GATE_PENDING | STRM_GATE_BACKLOG))
		return false;
	if (word & STRM_GATE_FENCED)
		strm_gate_fenced_claim(gate);
	return true;
}

/* A claim that failed. */
static void undo(struct strm_gate *gate, unsigned int idle)
{
	if (!strm_give_back(gate, idle))
		strm_gate_kick(gate);
}

/* @watched is a constant: the straight way asks the key of the rule checker once. */
static __always_inline void call(queue_t *q, mblk_t *mp, bool watched)
{
	strm_put_t procedure = READ_ONCE(q->q_putp);

	if (watched && strm_rules_enabled())
		strm_rules_put(q, mp, procedure);
	else
		procedure(q, mp);
}

/*
 * The outer gate comes second: whoever has left the inner one with a writer that waits
 * at the outer one is seen there.  And it is given back last.
 */
static bool claim_outer(struct strm_gate *outer)
{
	if (!outer || strm_claim(outer, 0) || claimed(outer, 0))
		return true;
	undo(outer, 0);
	return false;
}

static void unclaim_outer(struct strm_gate *outer)
{
	if (outer)
		strm_unclaim(outer, 0);
}

static bool enter_beside(queue_t *q, mblk_t *mp, struct strm_gate *gate)
{
	const unsigned int idle = gate->outer ? STRM_GATE_NESTED : 0;

	if (!claimed(gate, idle) || !claim_outer(gate->outer)) {
		undo(gate, idle);
		return false;
	}
	call(q, mp, true);
	strm_unclaim(gate, idle);
	unclaim_outer(gate->outer);
	return true;
}

/*
 * Into a sole gate by one compare and exchange, and out by another, unless somebody
 * has come meanwhile.  What was claimed of it is in the counter that means nothing.
 */
static bool enter_alone(queue_t *q, mblk_t *mp, struct strm_gate *gate)
{
	const unsigned int idle = STRM_GATE_SOLE | (gate->outer ? STRM_GATE_NESTED : 0);
	const unsigned int owned = idle | STRM_GATE_OWNED;

	this_cpu_dec(*strm_claims(gate));
	/* A look first: a failed exchange would take the line from who is inside. */
	if (READ_ONCE(gate->word) != idle || cmpxchg_acquire(&gate->word, idle, owned) != idle)
		return false;
	if (!claim_outer(gate->outer)) {
		if (cmpxchg_release(&gate->word, owned, idle) != owned)
			strm_gate_turn_back(gate);
		return false;
	}
	call(q, mp, true);
	if (unlikely(cmpxchg_release(&gate->word, owned, idle) != owned))
		strm_gate_leave_alone(gate);
	else
		unclaim_outer(gate->outer);
	return true;
}

/* Not straight in. */
static noinline void turned_away(queue_t *q, mblk_t *mp, struct strm_gate *gate)
{
	if (!(READ_ONCE(gate->word) & STRM_GATE_SOLE ? enter_alone(q, mp, gate) :
						       enter_beside(q, mp, gate)))
		strm_put_turned_away(q, mp);
}

static __always_inline void enter(queue_t *q, mblk_t *mp, bool watched)
{
	struct strm_gate *gate = q->q_gate;

	this_cpu_inc(depth);
	if (unlikely(this_cpu_read(depth) > DEEPEST)) {
		strm_put_deep(q, mp);
	} else if (unlikely(!strm_claim(gate, 0))) {
		turned_away(q, mp, gate);
	} else {
		call(q, mp, watched);
		strm_unclaim(gate, 0);
	}
	this_cpu_dec(depth);
}

/* Nothing comes back from here: who is not traced keeps no register for it. */
static noinline void traced_put(queue_t *q, mblk_t *mp)
{
	trace_strm_put(q, mp);
	enter(q, mp, true);
}

static noinline void traced_putnext(queue_t *next, mblk_t *mp)
{
	trace_strm_putnext(next, mp);
	enter(next, mp, true);
}

static __always_inline void do_put(queue_t *q, mblk_t *mp, bool watched)
{
	if (!inside())
		strm_put_outside(q, mp);
	else if (trace_strm_put_enabled())
		traced_put(q, mp);
	else
		enter(q, mp, watched);
}

static noinline void watched_put(queue_t *q, mblk_t *mp)
{
	if (strm_rules_freed(mp, q, "put"))
		return;
	strm_rules_passing(q, "put");
	do_put(q, mp, true);
}

void strm_put(queue_t *q, mblk_t *mp)
{
	if (strm_rules_enabled())
		watched_put(q, mp);
	else
		do_put(q, mp, false);
}

static __always_inline void do_putnext(queue_t *q, mblk_t *mp, bool watched)
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
		enter(next, mp, watched);
}

static noinline void watched_putnext(queue_t *q, mblk_t *mp)
{
	if (strm_rules_freed(mp, q, "putnext"))
		return;
	strm_rules_passing(q, "putnext");
	strm_rules_next(q, "putnext");
	do_putnext(q, mp, true);
}

void strm_putnext(queue_t *q, mblk_t *mp)
{
	if (strm_rules_enabled())
		watched_putnext(q, mp);
	else
		do_putnext(q, mp, false);
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

static __always_inline int room_after(queue_t *q, uchar_t pri)
{
	queue_t *next;
	bool found;

	preempt_disable(); /* a read side section of RCU */
	next = smp_load_acquire(&q->q_next); /* pairs with link(), unlink() in pair.cc */
	found = next && room(smp_load_acquire(&next->q_nfsrv), pri); /* pairs with set_flow() */
	preempt_enable();
	return found || strm_room_after(q, pri);
}

static noinline int watched_room_after(queue_t *q, uchar_t pri)
{
	strm_rules_next(q, "canputnext");
	return room_after(q, pri);
}

int strm_bcanputnext(queue_t *q, uchar_t pri)
{
	return strm_rules_enabled() ? watched_room_after(q, pri) : room_after(q, pri);
}
