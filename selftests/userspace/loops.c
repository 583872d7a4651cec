// SPDX-License-Identifier: GPL-2.0-only
#include <streams_core/linux/claim.h>
#include "loops.h"

/* Unrolled, so that the loop itself counts little. */
#define REPEAT(times, what)						\
	do {								\
		for (unsigned long left_ = (times) / 8; left_; left_--) { \
			what; what; what; what; what; what; what; what; \
		}							\
	} while (0)

void loop_empty(unsigned long times)
{
	REPEAT(times, asm volatile("nop"));
}

void loop_claim(struct strm_gate *gate, unsigned long times)
{
	REPEAT(times, ({
		if (!strm_claim(gate, 0))
			machine_fail("the gate is not open");
		barrier();
		strm_unclaim(gate, 0);
	}));
}

static __always_inline void lock(struct loop_lock *lock)
{
	unsigned int free = 0;

	while (!__atomic_compare_exchange_n(&lock->value, &free, 1, 0, __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED)) {
		free = 0;
		lin_cpu_relax();
	}
}

/* The way of the kernel's spin lock where nobody waits: cmpxchg, and a store of a byte. */
void loop_spin(struct loop_lock *it, unsigned long times)
{
	REPEAT(times, ({
		lock(it);
		barrier();
		__atomic_store_n((unsigned char *)&it->value, 0, __ATOMIC_RELEASE);
	}));
}

/* The same with a store of the word, for which some processors need not wait. */
void loop_test_and_set(struct loop_lock *it, unsigned long times)
{
	REPEAT(times, ({
		lock(it);
		barrier();
		__atomic_store_n(&it->value, 0, __ATOMIC_RELEASE);
	}));
}

void spin_around(struct loop_lock *it, void (*what)(unsigned int turns), unsigned int turns)
{
	lock(it);
	what(turns);
	__atomic_store_n((unsigned char *)&it->value, 0, __ATOMIC_RELEASE);
}
