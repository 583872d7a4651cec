// SPDX-License-Identifier: GPL-2.0-only
/* Locks. */
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include "door.h"

void machine_spin(unsigned int *lock)
{
	unsigned int turns = 0;

	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE)) {
		while (__atomic_load_n(lock, __ATOMIC_RELAXED)) {
			if (++turns % 64 == 0)
				sched_yield(); /* its owner may not be running */
			else
				lin_cpu_relax();
		}
	}
}

void machine_unspin(unsigned int *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

void lin_spin_lock_init(struct lin_spinlock *lock, const char *name, struct lin_lock_class *key)
{
	memset(lock, 0, sizeof(*lock));
}

void lin_spin_lock_bh(struct lin_spinlock *lock)
{
	lin_local_bh_disable();
	machine_spin((unsigned int *)lock);
}

void lin_spin_unlock_bh(struct lin_spinlock *lock)
{
	machine_unspin((unsigned int *)lock);
	lin_local_bh_enable();
}

void lin_raw_spin_lock_init(struct lin_raw_spinlock *lock, const char *name,
			    struct lin_lock_class *key)
{
	memset(lock, 0, sizeof(*lock));
}

unsigned long lin_raw_spin_lock_irqsave(struct lin_raw_spinlock *lock)
{
	machine_irqs_off();
	machine_spin((unsigned int *)lock);
	return 0;
}

void lin_raw_spin_unlock_irqrestore(struct lin_raw_spinlock *lock, unsigned long flags)
{
	machine_unspin((unsigned int *)lock);
	machine_irqs_on();
}

/* As in linux/turn.c without PREEMPT_RT: who waits spins. */
void lin_turn_init(struct lin_turn *turn)
{
}

void lin_turn_begin(struct lin_turn *turn)
{
}

void lin_turn_end(struct lin_turn *turn)
{
}

void lin_turn_wait(struct lin_turn *turn)
{
	sched_yield();
}
