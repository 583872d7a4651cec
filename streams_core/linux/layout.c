// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sizes and alignments of the kernel objects that C++ and modules embed, generated
 * the way the kernel generates asm-offsets.h.
 */
#define COMPILE_OFFSETS
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/kbuild.h>
#include <linux/kconfig.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <streams_core/ddi/sync.h>

#define OBJECT(name, type)						\
	do {								\
		DEFINE(LIN_##name##_SIZE, sizeof(type));		\
		DEFINE(LIN_##name##_ALIGN, __alignof__(type));		\
	} while (0)

int main(void)
{
	OBJECT(SPINLOCK, spinlock_t);
	OBJECT(RAW_SPINLOCK, raw_spinlock_t);
	OBJECT(MUTEX, struct mutex);
	OBJECT(WAITQUEUE, wait_queue_head_t);
	OBJECT(WAIT_ENTRY, wait_queue_entry_t);
	OBJECT(COMPLETION, struct completion);
	OBJECT(RCU_HEAD, struct rcu_head);
	OBJECT(TASKLET, struct tasklet_struct);
	OBJECT(DELAYED_WORK, struct delayed_work);
	OBJECT(XARRAY, struct xarray);
	OBJECT(KMUTEX, struct strm_spin);
	OBJECT(KRWLOCK, struct strm_rw);
	OBJECT(KSEMA, struct strm_semaphore);
	/* Without lockdep the key is empty, and an empty object has no size. */
	DEFINE(LIN_LOCK_CLASS_SIZE, sizeof(struct lock_class_key) ?: 8);
	DEFINE(LIN_KMALLOC_MAX_SIZE, KMALLOC_MAX_SIZE);
	DEFINE(LIN_PREEMPT_RT, IS_ENABLED(CONFIG_PREEMPT_RT));
	return 0;
}
