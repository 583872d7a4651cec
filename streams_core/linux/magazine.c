// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small messages, and the few that lie ready on each CPU.
 *
 * A small message is one object: message block, data block and a buffer of 88
 * bytes (<strm/object.h>).  Each CPU has a magazine of free ones: the one that was
 * freed last, @spare, and a stack of up to 64 others.  allocb() takes the first
 * that there is, freemsg() puts one back where there is room; both are straight
 * code without a lock, a locked instruction, or interrupts turned off.  What is
 * not straight, or is traced, goes to message/allocate.cc.
 *
 * Free objects stay constructed: all that is the same for every message
 * remains in them.  So allocb() writes the two pointers into the buffer, and
 * freeb() what the life of a message may have changed.  It gives back only what
 * is in one piece: a message block that still has the data block it was made
 * with (b_own), and to which nobody else refers.
 *
 * @spare is for the common case, that a message is freed before the next one is
 * allocated.  It changes by compare and exchange, one instruction, which need not
 * be locked because no other CPU takes part.  Between load and exchange anything
 * may happen, migration to another CPU included; an object that is there again
 * is as free as it was.
 *
 * The stack takes more than one instruction.  Preemption is off while it is
 * changed: that leaves softirq and hard interrupts on this CPU.  Whoever changes
 * it sets @busy; whoever finds it set takes no part, but goes to the slab.  Test
 * and set need not be one step: an interrupt between the two finds @busy clear,
 * uses the stack, and is done with it before we go on; and we have read nothing
 * of it before @busy was set.  The barriers keep the compiler to that order;
 * between a CPU and its own interrupts it is all that is needed.
 *
 * An empty stack is filled, and a full one drained, by half, with one call of the
 * slab's bulk functions.  These want interrupts on, so that one in a hard
 * interrupt has the slab serve it alone; and on PREEMPT_RT, where the slab cannot
 * be used there, gets what lies ready, or nothing.
 *
 * Memory in a magazine belongs to nobody yet, so a small object is never charged
 * to a memory cgroup, whoever asks for it; the high water marks of the queues
 * bound how many a stream can hold.  Larger messages are charged.
 *
 * With KASAN or KMSAN there are no magazines: what is reused at once hides what
 * those are there to find.
 */
#include <linux/bug.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <strm/object.h>
#include <streams_core/rules/rules.h>
#include "shim.h"
#include "trace.h"

#define STACK		64
#define BATCH		32

#ifndef magazines_off /* the test suites have their own */
#define magazines_off() (IS_ENABLED(CONFIG_KASAN) || IS_ENABLED(CONFIG_KMSAN))
#endif

/* The slow way, in message/allocate.cc. */
mblk_t *strm_allocb_slow(size_t size);
void strm_freeb_slow(mblk_t *bp);

/* Changed by its own CPU alone; others read the counts. */
struct magazine {
	mblk_t		*spare;
	unsigned long	allocated;
	unsigned long	freed;
	unsigned int	busy;		/* somebody is at what follows */
	unsigned int	height;
	mblk_t		*stack[STACK];
	unsigned long	failed;
	long		external;
};

static DEFINE_PER_CPU_ALIGNED(struct magazine, magazines);

/* Written when the module is loaded. */
static struct kmem_cache *object_cache;
static enum cpuhp_state hotplug_state;

static __always_inline bool claim(void)
{
	preempt_disable();
	if (unlikely(this_cpu_read(magazines.busy))) {
		preempt_enable();
		return false;
	}
	this_cpu_write(magazines.busy, 1);
	barrier(); /* nothing of the magazine is read before */
	return true;
}

static __always_inline void release(void)
{
	barrier(); /* all of the magazine is written before */
	this_cpu_write(magazines.busy, 0);
	preempt_enable();
}

static __always_inline mblk_t *take_spare(void)
{
	mblk_t *mp;

	if (magazines_off())
		return NULL;
	mp = this_cpu_read(magazines.spare);
	if (likely(mp) && likely(this_cpu_cmpxchg(magazines.spare, mp, NULL) == mp))
		return mp;
	return NULL;
}

/* @mp is constructed. */
static __always_inline bool put_spare(mblk_t *mp)
{
	if (magazines_off() || this_cpu_read(magazines.spare))
		return false;
	return likely(!this_cpu_cmpxchg(magazines.spare, NULL, mp));
}

static mblk_t *pop(void)
{
	unsigned int height;
	mblk_t *mp = NULL;

	if (magazines_off() || !claim())
		return NULL;
	height = this_cpu_read(magazines.height);
	if (height) {
		mp = this_cpu_read(magazines.stack[height - 1]);
		this_cpu_write(magazines.height, height - 1);
	}
	release();
	return mp;
}

/* @mp is constructed. */
static bool push(mblk_t *mp)
{
	unsigned int height;

	if (magazines_off() || !claim())
		return false;
	height = this_cpu_read(magazines.height);
	if (height < STACK) {
		this_cpu_write(magazines.stack[height], mp);
		this_cpu_write(magazines.height, height + 1);
	}
	release();
	return height < STACK;
}

static __always_inline mblk_t *hand_out(mblk_t *mp)
{
	unsigned char *buffer = ((struct strm_object *)mp)->buffer;

	this_cpu_inc(magazines.allocated);
	mp->b_rptr = buffer;
	mp->b_wptr = buffer;
	return mp;
}

static noinline mblk_t *allocate(size_t size)
{
	mblk_t *mp = NULL;

	if (size <= STRM_SMALL_BUFFER && !trace_strm_allocb_enabled())
		mp = pop();
	return mp ? hand_out(mp) : strm_allocb_slow(size);
}

mblk_t *strm_allocb(size_t size, uint_t pri)
{
	if (likely(size <= STRM_SMALL_BUFFER) && !trace_strm_allocb_enabled()) {
		mblk_t *mp = take_spare();

		if (likely(mp))
			return hand_out(mp);
	}
	return allocate(size);
}

/* The stack is full: half of it, and @mp, go to the slab. */
static void drain(mblk_t *mp)
{
	void *surplus[BATCH];
	unsigned int n = 0;

	if (strm_in_hard_context()) {
		strm_free_later(mp);
		return;
	}
	if (!irqs_disabled() && claim()) {
		unsigned int height = this_cpu_read(magazines.height);

		while (n < BATCH - 1 && height > 0)
			surplus[n++] = this_cpu_read(magazines.stack[--height]);
		this_cpu_write(magazines.height, height);
		release();
	}
	surplus[n++] = mp;
	if (n == 1)
		kmem_cache_free(object_cache, mp);
	else
		kmem_cache_free_bulk(object_cache, n, surplus);
}

/* @mp is constructed. */
static noinline void free_object(mblk_t *mp)
{
	if (!push(mp))
		drain(mp);
}

static __always_inline void take_back(mblk_t *mp)
{
	this_cpu_inc(magazines.freed);
	if (unlikely(!put_spare(mp)))
		free_object(mp);
}

/* A block in one piece, alone, and with nothing behind it; makes it constructed. */
static __always_inline bool whole(mblk_t *bp)
{
	struct datab *data = bp->b_datap;

	if (unlikely((unsigned long)bp->b_next | (unsigned long)bp->b_prev |
		     (unsigned long)bp->b_cont))
		return false;
	if (unlikely(data != bp->b_own))
		return false;
	/* Pairs with drop_reference() of whoever had the others. */
	if (unlikely(smp_load_acquire(&data->db_ref) != 1))
		return false;
	data->db_type = M_DATA;
	bp->b_band = 0;
	bp->b_pending = 0;
	bp->b_flag = 0;
	return true;
}

static __always_inline void free_block(mblk_t *bp)
{
	if (likely(whole(bp)))
		take_back(bp);
	else
		strm_freeb_slow(bp);
}

static noinline void traced_freeb(mblk_t *bp, const void *caller)
{
	trace_strm_freeb(bp, caller);
	free_block(bp);
}

/* For the rule checker, which marks what is freed and keeps it for a while. */
static noinline void watched_freeb(mblk_t *bp, const void *caller)
{
	if (strm_rules_freeing(bp, caller))
		return;
	trace_strm_freeb(bp, caller);
	strm_freeb_slow(bp);
}

void strm_freeb(mblk_t *bp)
{
	if (strm_rules_enabled())
		watched_freeb(bp, __builtin_return_address(0));
	else if (trace_strm_freeb_enabled())
		traced_freeb(bp, __builtin_return_address(0));
	else
		free_block(bp);
}

static noinline void watched_freemsg(mblk_t *mp, const void *caller)
{
	while (mp) {
		mblk_t *next = mp->b_cont;

		watched_freeb(mp, caller);
		mp = next;
	}
}

static noinline void free_blocks(mblk_t *mp, const void *caller)
{
	while (mp) {
		mblk_t *next = mp->b_cont;

		mp->b_cont = NULL;
		trace_strm_freeb(mp, caller);
		free_block(mp);
		mp = next;
	}
}

void strm_freemsg(mblk_t *mp)
{
	if (unlikely(!mp))
		return;
	if (strm_rules_enabled())
		watched_freemsg(mp, __builtin_return_address(0));
	else if (trace_strm_freeb_enabled())
		free_blocks(mp, __builtin_return_address(0));
	else if (likely(whole(mp)))
		take_back(mp);
	else if (!mp->b_cont)
		strm_freeb_slow(mp);
	else
		free_blocks(mp, __builtin_return_address(0));
}

/* Puts @n constructed objects on the stack, and back what has no room. */
static void stow(void **objects, unsigned int n)
{
	if (claim()) {
		unsigned int height = this_cpu_read(magazines.height);

		while (n > 0 && height < STACK)
			this_cpu_write(magazines.stack[height++], objects[--n]);
		this_cpu_write(magazines.height, height);
		release();
	}
	if (n)
		kmem_cache_free_bulk(object_cache, n, objects);
}

/* One object for the caller, and with it some for the magazine. */
static mblk_t *refill(gfp_t gfp)
{
	void *fresh[BATCH];
	unsigned int i, n = 0;

	if (strm_in_hard_context())
		return NULL;
	if (!magazines_off() && !irqs_disabled() && !this_cpu_read(magazines.busy))
		n = kmem_cache_alloc_bulk(object_cache, gfp, BATCH, fresh);
	if (!n) {
		fresh[0] = kmem_cache_alloc(object_cache, gfp);
		if (!fresh[0])
			return NULL;
		n = 1;
	}
	for (i = 0; i < n; i++)
		strm_construct(fresh[i]);
	if (n > 1)
		stow(fresh + 1, n - 1);
	return fresh[0];
}

/* A small object for message/allocate.cc, as allocb() would have it. */
struct msgb *strm_object_alloc(enum lin_gfp gfp)
{
	mblk_t *mp = take_spare();

	if (!mp)
		mp = pop();
	if (!mp)
		mp = refill(gfp_of(gfp) & ~__GFP_ACCOUNT);
	return mp ? hand_out(mp) : NULL;
}

/* It is constructed. */
void strm_object_free(struct msgb *mp)
{
	if (strm_rules_enabled()) {
		strm_count_block(-1);
		strm_rules_keep(mp);
	} else {
		take_back(mp);
	}
}

void strm_count_block(int change)
{
	if (change > 0)
		this_cpu_inc(magazines.allocated);
	else
		this_cpu_inc(magazines.freed);
}

void strm_count_failure(void)
{
	this_cpu_inc(magazines.failed);
	if (strm_rules_enabled())
		strm_rules_obstacle();
}

void strm_count_external(int change)
{
	this_cpu_add(magazines.external, change);
}

/*
 * Only the sums mean anything: a message may be freed on another CPU.  The freed are
 * counted first, so that never more seem to be freed than were allocated.
 */
void strm_message_counts(struct strm_message_sums *sum)
{
	int cpu;

	*sum = (struct strm_message_sums){};
	for_each_possible_cpu(cpu)
		sum->freed += READ_ONCE(per_cpu_ptr(&magazines, cpu)->freed);
	/*
	 * Pairs with whatever hands a block from who allocated it to who frees it, the
	 * lock of a queue in most cases: who is seen to have freed has allocated.
	 */
	smp_rmb();
	for_each_possible_cpu(cpu) {
		const struct magazine *magazine = per_cpu_ptr(&magazines, cpu);

		sum->allocated += READ_ONCE(magazine->allocated);
		sum->failed += READ_ONCE(magazine->failed);
		sum->external += READ_ONCE(magazine->external);
	}
}

/* Nobody uses this magazine: its CPU is dead, or the module goes. */
static int empty_magazine(unsigned int cpu)
{
	struct magazine *magazine = per_cpu_ptr(&magazines, cpu);

	if (magazine->height)
		kmem_cache_free_bulk(object_cache, magazine->height, (void **)magazine->stack);
	magazine->height = 0;
	if (magazine->spare)
		kmem_cache_free(object_cache, magazine->spare);
	magazine->spare = NULL;
	return 0;
}

int strm_magazine_init(void)
{
	int state;

	BUILD_BUG_ON(sizeof(struct strm_object) != STRM_OBJECT_SIZE);
	object_cache = kmem_cache_create_usercopy("streams_message", STRM_OBJECT_SIZE, 64, 0,
						  offsetof(struct strm_object, buffer),
						  STRM_SMALL_BUFFER, NULL);
	if (!object_cache)
		return -ENOMEM;
	state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "streams:magazine", NULL,
					  empty_magazine);
	if (state < 0) {
		kmem_cache_destroy(object_cache);
		return state;
	}
	hotplug_state = state;
	return 0;
}

void strm_magazine_exit(void)
{
	int cpu;

	if (strm_rules_enabled())
		strm_rules_message_exit();
	cpuhp_remove_state_nocalls(hotplug_state);
	strm_finish_freeing();
	for_each_possible_cpu(cpu)
		empty_magazine(cpu);
	kmem_cache_destroy(object_cache);
}
