// SPDX-License-Identifier: GPL-2.0-only
/* Claims, out of line, for those who are not in a hurry. */
#include <linux/cpumask.h>
#include "claim.h"

/*
 * What a sole gate counts in, before its word turns the claim away: so that a
 * message need not ask first whether there is a counter.
 */
static DEFINE_PER_CPU(unsigned int, no_claims);

unsigned int *strm_gate_no_claims(void)
{
	return (unsigned int __force *)&no_claims;
}

/*
 * A claim that does not rely on the fence (B) of who closes the gate: returns the
 * gate's word, and the claim stays, whatever that is.
 */
unsigned int strm_gate_claim(struct strm_gate *gate)
{
	this_cpu_inc(*strm_claims(gate));
	smp_mb(); /* (D): matches the exchange in Perimeter::publish() */
	return smp_load_acquire(&gate->word);
}

/* False: somebody may wait for this to be known. */
int strm_gate_give_back(struct strm_gate *gate)
{
	return strm_give_back(gate, gate->outer ? STRM_GATE_NESTED : 0);
}

/* The perimeter's owner counts a claim for somebody. */
void strm_gate_count(struct strm_gate *gate)
{
	this_cpu_inc(*strm_claims(gate));
}

/* It, or whoever else has the perimeter's lock, takes one of its own back. */
void strm_gate_uncount(struct strm_gate *gate)
{
	strm_release_order();
	this_cpu_dec(*strm_claims(gate));
}

/*
 * Claims may be given back on another CPU: only the sum means anything, and only
 * under the perimeter's lock, after the gate has been closed.  Whose claim is not in
 * it sees that; and what was done inside is seen by who finds the sum 0.
 */
unsigned int strm_gate_sum(const struct strm_gate *gate)
{
	unsigned int sum = 0;
	int cpu;

	smp_mb(); /* matches (D): the gate's word, before the counters */
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(strm_claims(gate), cpu));
	smp_mb(); /* matches strm_release_order() */
	return sum;
}
