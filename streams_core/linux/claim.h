/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Claim and release of a gate: the whole of what a message pays to enter and to
 * leave a perimeter shared.  perimeter/perimeter.hh has the protocol.
 *
 * In C, because only here is an increment of a per-CPU counter one instruction.
 */
#ifndef _STRM_CLAIM_H
#define _STRM_CLAIM_H

#include <linux/compiler.h>
#include <linux/kcsan-checks.h>
#include <linux/percpu.h>
#include <asm/barrier.h>
#include <strm/gate.h>
#include "shim.h"

#define strm_claims(gate) ((unsigned int __percpu __force *)(gate)->claims)

/*
 * The counter is decremented after all that was done inside.  x86 keeps stores
 * in order; others need the fence.
 */
static __always_inline void strm_release_order(void)
{
#ifdef CONFIG_X86
	kcsan_release();
	barrier();
#else
	smp_mb(); /* what was done inside, before the decrement; matches strm_gate_sum() */
#endif
}

/*
 * Bottom halves are off; the gate has counters.  @idle is what the word of an open
 * gate is: 0, or STRM_GATE_NESTED.
 */
static __always_inline bool strm_claim(struct strm_gate *gate, unsigned int idle)
{
	this_cpu_inc(*strm_claims(gate));
	barrier(); /* (A): matches the fence (B) of perimeter/fence.cc */
	return likely(smp_load_acquire(&gate->word) == idle);
}

/* False: the gate is not open, and somebody may wait for this to be known. */
static __always_inline bool strm_give_back(struct strm_gate *gate, unsigned int idle)
{
	strm_release_order();
	this_cpu_dec(*strm_claims(gate));
	barrier(); /* (C): matches the fence (B) of perimeter/fence.cc */
	return likely(READ_ONCE(gate->word) == idle);
}

/* After a procedure has returned. */
static __always_inline void strm_unclaim(struct strm_gate *gate, unsigned int idle)
{
	if (unlikely(!strm_give_back(gate, idle)))
		strm_gate_left(gate);
}

#endif /* _STRM_CLAIM_H */
