// SPDX-License-Identifier: GPL-2.0-only
/* kmutex_t, and how the holder of a lock is kept from being interrupted. */
#include <linux/bottom_half.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <streams_core/rules/rules.h>
#include "local.h"
#include "sync.h"
#include <sys/mutex.h>

/* PREEMPT_RT has no interrupts to turn off: its handlers are threads. */
#ifdef CONFIG_PREEMPT_RT
static __always_inline void hold(bool irq)
{
	local_bh_disable();
	strm_rules_lock(1);
}

static __always_inline void unhold(bool irq)
{
	strm_rules_lock(-1);
	local_bh_enable();
}
#else
/*
 * Bottom halves or interrupts go off with the first lock that a context takes and
 * come on again with the last, whatever the order in which locks are released.
 * Bottom halves are counted by Linux; interrupts here.
 *
 * Each CPU has its own, and with interrupts off nobody else is on it.
 */
struct interrupts_off {
	unsigned int locks;	/* locks held that have interrupts off */
	unsigned long flags;	/* as they were before the first of them */
	bool softirqs_owed;	/* bottom halves came on, when softirqs could not run */
};

static DEFINE_PER_CPU(struct interrupts_off, interrupts_off);

static noinline void softirqs_now(void)
{
	local_bh_disable();
	local_bh_enable();
}

static __always_inline void interrupts_on_again(struct interrupts_off *off)
{
	unsigned long flags = off->flags;
	bool owed = off->softirqs_owed && !irqs_disabled_flags(flags);

	off->softirqs_owed = false;
	local_irq_restore(flags);
	if (unlikely(owed))
		softirqs_now();
}

static __always_inline void hold(bool irq)
{
	struct interrupts_off *off;
	unsigned long flags;

	if (!irq) {
		local_bh_disable();
		strm_rules_lock(1);
		return;
	}
	local_irq_save(flags);
	strm_rules_lock(1);
	off = this_cpu_ptr(&interrupts_off);
	if (!off->locks++)
		off->flags = flags;
}

static __always_inline void unhold(bool irq)
{
	strm_rules_lock(-1);
	if (irq) {
		struct interrupts_off *off = this_cpu_ptr(&interrupts_off);

		if (!--off->locks)
			interrupts_on_again(off);
	} else if (irqs_disabled()) {
		/* a lock with interrupts off is still held */
		_local_bh_enable();
		this_cpu_write(interrupts_off.softirqs_owed, true);
	} else {
		local_bh_enable();
	}
}
#endif

void strm_hold(bool irq)
{
	hold(irq);
}

void strm_unhold(bool irq)
{
	unhold(irq);
}

static struct strm_spin *to_spin(const kmutex_t *mp)
{
	return to_linux(struct strm_spin, (kmutex_t *)mp);
}

void strm_mutex_init_class(kmutex_t *mp, kmutex_type_t type, void *cookie, const char *name,
			   struct strm_lock_class *lock_class)
{
	struct strm_spin *spin = to_spin(mp);

	spin_lock_init(&spin->lock);
	lockdep_set_class_and_name(&spin->lock, (struct lock_class_key *)lock_class, name);
	spin->owner = NULL;
	spin->irq = cookie;
}

void strm_mutex_init_plain(kmutex_t *mp, char *name, kmutex_type_t type, void *cookie)
{
	static struct strm_lock_class one_for_all;

	strm_mutex_init_class(mp, type, cookie, "kmutex_t", &one_for_all);
}

/* The holder may destroy it: nobody else can want it, and the CPU must get free. */
void strm_mutex_destroy(kmutex_t *mp)
{
	if (mutex_owned(mp))
		mutex_exit(mp);
}

void mutex_enter(kmutex_t *mp) __acquires(mp)
{
	struct strm_spin *spin = to_spin(mp);

	WARN_ONCE(READ_ONCE(spin->owner) == current, "streams: entered by who is inside\n");
	hold(spin->irq);
	spin_lock(&spin->lock);
	WRITE_ONCE(spin->owner, current);
}

/* On one CPU Linux's spin locks are always free: the owner says that this one is not. */
int mutex_tryenter(kmutex_t *mp)
{
	struct strm_spin *spin = to_spin(mp);

	if (READ_ONCE(spin->owner))
		return 0;
	hold(spin->irq);
	if (!spin_trylock(&spin->lock)) {
		unhold(spin->irq);
		return 0;
	}
	WRITE_ONCE(spin->owner, current);
	__release(&spin->lock); /* sparse cannot know what the caller learns from 1 */
	return 1;
}

void mutex_exit(kmutex_t *mp) __releases(mp)
{
	struct strm_spin *spin = to_spin(mp);
	bool irq = spin->irq; /* once it is free it may be gone */

	WRITE_ONCE(spin->owner, NULL);
	spin_unlock(&spin->lock);
	unhold(irq);
}

int mutex_owned(const kmutex_t *mp)
{
	return READ_ONCE(to_spin(mp)->owner) == current;
}
