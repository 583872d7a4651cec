/* SPDX-License-Identifier: GPL-2.0-only */
/* What the C files of this room share. */
#ifndef _STRM_SHIM_H
#define _STRM_SHIM_H

#include <linux/build_bug.h>
#include <linux/gfp.h>
#include <linux/kconfig.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <strm/linux.h>

/*
 * to_linux() - the kernel's type of one of our opaque objects.  Same object,
 * same size: that is asserted here, next to the cast that relies on it.
 */
#define to_linux(type, object) ({					\
	BUILD_BUG_ON(sizeof(type) > sizeof(*(object)));			\
	(type *)(object);						\
})

static inline gfp_t gfp_of(enum lin_gfp gfp)
{
	switch (gfp) {
	case LIN_GFP_KERNEL:
		return GFP_KERNEL;
	case LIN_GFP_TRY:
		return GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	case LIN_GFP_USER:
		return GFP_KERNEL_ACCOUNT;
	case LIN_GFP_ATOMIC:
		break;
	}
	return GFP_ATOMIC | __GFP_NOWARN;
}

/*
 * Is this a hard interrupt, or something like it, on PREEMPT_RT too?  Then neither a
 * spinlock_t nor the slab, which has some, may be used.  On PREEMPT_RT it is wherever
 * the scheduler may not take the CPU away; holders of a spinlock_t are not there.
 *
 * Elsewhere all of that is allowed, and the answer no; but a kernel with
 * PROVE_RAW_LOCK_NESTING reports it, and so has to be told the same as PREEMPT_RT.
 */
static inline bool strm_in_hard_context(void)
{
#ifdef CONFIG_PROVE_RAW_LOCK_NESTING
	if (in_hardirq() && !current->hardirq_threaded && !current->irq_config)
		return true;
#endif
	return IS_ENABLED(CONFIG_PREEMPT_RT) && !preemptible();
}

/* memory.c */
void strm_free_later(const void *memory);
void strm_finish_freeing(void);

#endif /* _STRM_SHIM_H */
