// SPDX-License-Identifier: GPL-2.0-only
/*
 * One runs something with bottom halves off, and others wait until it is over, in
 * any context but hard interrupts, and on another CPU.
 *
 * They spin: with bottom halves off nobody preempts the one that runs.  But for
 * PREEMPT_RT: there it may be preempted, and by who waits.  So it holds a spin lock,
 * which lends it the priority of those who wait, and lets them sleep.
 */
#include <linux/processor.h>
#include <linux/spinlock.h>
#include "shim.h"

#ifdef CONFIG_PREEMPT_RT

void lin_turn_init(struct lin_turn *turn)
{
	spin_lock_init(to_linux(spinlock_t, turn));
}

/*
 * Nobody has it, as nobody waits before it has begun: lockdep need not know what is
 * held already, the turn of another's that we are called from, for example.  But who
 * has waited for the one before, where several use a turn, may not be gone yet.
 */
void lin_turn_begin(struct lin_turn *turn)
{
	if (!spin_trylock(to_linux(spinlock_t, turn)))
		spin_lock(to_linux(spinlock_t, turn));
}

void lin_turn_end(struct lin_turn *turn)
{
	spin_unlock(to_linux(spinlock_t, turn));
}

/* Nested: who waits may be in a turn of its own. */
void lin_turn_wait(struct lin_turn *turn)
{
	spin_lock_nested(to_linux(spinlock_t, turn), SINGLE_DEPTH_NESTING);
	spin_unlock(to_linux(spinlock_t, turn));
}

#else

void lin_turn_init(struct lin_turn *turn)
{
}

void lin_turn_begin(struct lin_turn *turn)
{
}

void lin_turn_end(struct lin_turn *turn)
{
}

/* For a moment: the caller looks again whether it is over. */
void lin_turn_wait(struct lin_turn *turn)
{
	cpu_relax();
}

#endif
