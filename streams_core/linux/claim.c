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

int strm_gate_try_share(struct strm_gate *gate)
{
	if (strm_claim(gate))
		return 1;
	strm_unclaim(gate);
	return 0;
}

void strm_gate_unshare(struct strm_gate *gate)
{
	strm_unclaim(gate);
}

/* The perimeter's owner counts a claim for somebody. */
void strm_gate_count(struct strm_gate *gate)
{
	this_cpu_inc(*strm_claims(gate));
}

/* Claims may be given back on another CPU: only the sum means anything. */
unsigned int strm_gate_sum(const struct strm_gate *gate)
{
	unsigned int sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(strm_claims(gate), cpu));
	return sum;
}
