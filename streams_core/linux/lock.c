// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks.  The lock class is a static object of the C++ side, so that lockdep
 * tells the locks apart although all are taken here.
 */
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include "shim.h"

void lin_spin_lock_init(struct lin_spinlock *lock, const char *name,
			struct lin_lock_class *key)
{
	spinlock_t *spin = to_linux(spinlock_t, lock);

	spin_lock_init(spin);
	lockdep_set_class_and_name(spin, (struct lock_class_key *)key, name);
}

void lin_spin_lock_bh(struct lin_spinlock *lock) __acquires(lock)
{
	spin_lock_bh(to_linux(spinlock_t, lock));
}

void lin_spin_unlock_bh(struct lin_spinlock *lock) __releases(lock)
{
	spin_unlock_bh(to_linux(spinlock_t, lock));
}

void lin_raw_spin_lock_init(struct lin_raw_spinlock *lock, const char *name,
			    struct lin_lock_class *key)
{
	raw_spinlock_t *spin = to_linux(raw_spinlock_t, lock);

	raw_spin_lock_init(spin);
	lockdep_set_class_and_name(spin, (struct lock_class_key *)key, name);
}

unsigned long lin_raw_spin_lock_irqsave(struct lin_raw_spinlock *lock) __acquires(lock)
{
	unsigned long flags;

	raw_spin_lock_irqsave(to_linux(raw_spinlock_t, lock), flags);
	return flags;
}

void lin_raw_spin_unlock_irqrestore(struct lin_raw_spinlock *lock,
				    unsigned long flags) __releases(lock)
{
	raw_spin_unlock_irqrestore(to_linux(raw_spinlock_t, lock), flags);
}

void lin_mutex_init(struct lin_mutex *mutex, const char *name, struct lin_lock_class *key)
{
	__mutex_init(to_linux(struct mutex, mutex), name, (struct lock_class_key *)key);
}

void lin_mutex_lock(struct lin_mutex *mutex)
{
	mutex_lock(to_linux(struct mutex, mutex));
}

int lin_mutex_lock_interruptible(struct lin_mutex *mutex)
{
	return mutex_lock_interruptible(to_linux(struct mutex, mutex)) ? -ERESTARTSYS : 0;
}

int lin_mutex_trylock(struct lin_mutex *mutex)
{
	return mutex_trylock(to_linux(struct mutex, mutex));
}

void lin_mutex_unlock(struct lin_mutex *mutex)
{
	mutex_unlock(to_linux(struct mutex, mutex));
}
