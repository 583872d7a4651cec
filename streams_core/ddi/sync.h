/* SPDX-License-Identifier: GPL-2.0-only */
/* What the opaque locks of <sys/ksynch.h> are to Linux. */
#ifndef _STRM_DDI_SYNC_H
#define _STRM_DDI_SYNC_H

#include <linux/atomic.h>
#include <linux/lockdep.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>

struct task_struct;

struct strm_spin {
	spinlock_t lock;	/* held by whoever holds the mutex */
	/* Who holds @lock, or NULL.  Others read it only to see that it is not they. */
	struct task_struct *owner;
	bool irq;	/* interrupts are off while it is held; set once */
};

/* rwlock.c says how it works. */
struct strm_rw {
	spinlock_t lock;	/* held by the writer, and by who comes in */
	atomic_t readers;
	struct task_struct *writer;
	bool wanted;
	bool irq;
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	struct lockdep_map dep_map;
#endif
};

struct strm_semaphore {
	struct semaphore semaphore;
};

void strm_hold(bool irq);
void strm_unhold(bool irq);

#endif /* _STRM_DDI_SYNC_H */
