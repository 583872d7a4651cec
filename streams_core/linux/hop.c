// SPDX-License-Identifier: GPL-2.0-only
/*
 * One hop: claim, call the put procedure, release.
 *
 * The straight way alone, and in C for the sake of the per-CPU counter.  What
 * cannot go straight goes to queue/put.cc.
 */
#include <linux/preempt.h>
#include <sys/stream.h>
#include "claim.h"
#include "trace.h"

void strm_put_outside(queue_t *q, mblk_t *mp);
void strm_putnext_outside(queue_t *q, mblk_t *mp);
void strm_put_turned_away(queue_t *q, mblk_t *mp);
void strm_put_nowhere(queue_t *q, mblk_t *mp);

/* Bottom halves off, and no hard interrupt: a read side section of RCU. */
static __always_inline bool inside(void)
{
	return likely(in_softirq() && !in_hardirq() && !in_nmi());
}

static __always_inline void enter(queue_t *q, mblk_t *mp)
{
	struct strm_gate *gate = q->q_gate;

	trace_strm_put(q, mp);
	if (likely(gate->claims)) {
		if (strm_claim(gate)) {
			strm_put_t procedure = READ_ONCE(q->q_putp);

			procedure(q, mp);
			strm_unclaim(gate);
			return;
		}
		strm_unclaim(gate);
	}
	strm_put_turned_away(q, mp);
}

void strm_put(queue_t *q, mblk_t *mp)
{
	if (inside())
		enter(q, mp);
	else
		strm_put_outside(q, mp);
}

void strm_putnext(queue_t *q, mblk_t *mp)
{
	queue_t *next;

	if (!inside()) {
		strm_putnext_outside(q, mp);
		return;
	}
	next = smp_load_acquire(&q->q_next); /* pairs with link(), unlink() in pair.cc */
	if (likely(next))
		enter(next, mp);
	else
		strm_put_nowhere(q, mp);
}
