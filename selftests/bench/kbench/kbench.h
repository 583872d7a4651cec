/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver kbench measures, and how it is asked to: by I_STR, with one of
 * these as the command.
 */
#ifndef _KBENCH_H
#define _KBENCH_H

#define KBENCH_REPETITIONS	200

enum kbench_command {
	KBENCH_EMPTY = 'k' << 8,	/* the loop around an operation */
	KBENCH_SPIN,			/* spin_lock() and spin_unlock() */
	KBENCH_KMALLOC,			/* kmalloc(128) and kfree() */
	KBENCH_SKB,			/* alloc_skb(64) and kfree_skb() */
	KBENCH_ALLOCB,			/* allocb(64) and freemsg() */
	KBENCH_DUPMSG,			/* dupmsg() of 64 bytes and freemsg() */
	KBENCH_COPYMSG,			/* copymsg() of 64 bytes and freemsg() */
	KBENCH_PUTQ,			/* putq() and getq() */
	KBENCH_CALL,			/* a procedure that does nothing, called by its address */
	KBENCH_PUT,			/* put() to it */
	KBENCH_PUT_SOLE,		/* the same, exclusive in its perimeter */
	KBENCH_PUT_OUTER,		/* the same, with an outer perimeter */
	KBENCH_QWRITER,			/* the same, which calls qwriter() */
	KBENCH_QWRITER_OUTER,		/* the same, for the outer perimeter */
};

#endif /* _KBENCH_H */
