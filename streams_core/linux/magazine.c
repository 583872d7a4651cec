// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small messages, and the few that lie ready on each CPU.
 *
 * A small message is one object: message block, data block and a buffer of 88
 * bytes (<strm/object.h>).  Each CPU keeps up to 64 free ones in its magazine, a
 * stack.  allocb() takes the top one, freemsg() puts one back; both are straight
 * code without a lock, a locked instruction, or interrupts turned off.  What is
 * not straight, or is traced, goes to message/allocate.cc.
 *
 * Free objects stay constructed: all that is the same for every message
 * remains in them.  So allocb() writes the two pointers into the buffer, and
 * freeb() what the life of a message may have changed.  It gives back only what
 * is in one piece: a message block that still has the data block it was made
 * with (b_own), and to which nobody else refers.
 *
 * Who may come in between.  The magazine is its CPU's alone, and preemption is
 * off while it is changed: that leaves softirq and hard interrupts on this CPU.
 * Whoever changes it sets @busy; whoever finds it set takes no part, but goes to
 * the slab.  Test and set need not be one step: an interrupt between the two
 * finds @busy clear, uses the magazine, and is done with it before we go on;
 * and we have read nothing of it before @busy was set.  The barriers keep the
 * compiler to that order; between a CPU and its own interrupts it is all that is
 * needed.
 *
 * The height of the stack is the difference of two counters which statistics
 * want anyway: what was ever pushed, and what was ever popped.
 *
 * An empty magazine is filled, and a full one drained, by half, with one call of
 * the slab's bulk functions.  These want interrupts on, so that one in a hard
 * interrupt has the slab serve it alone.
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
#include "shim.h"
#include "trace.h"

#define MAGAZINE	64
#define BATCH		32

#define MAGAZINES_USED	(!IS_ENABLED(CONFIG_KASAN) && !IS_ENABLED(CONFIG_KMSAN))

/* The slow way, in message/allocate.cc. */
mblk_t *strm_allocb_slow(size_t size);
void strm_freeb_slow(mblk_t *bp);

/* Written by its own CPU alone, but for the reading of the counts. */
struct magazine {
	unsigned int	busy;
	unsigned long	pushed;
	unsigned long	popped;
	mblk_t		*objects[MAGAZINE];	/* the first @pushed - @popped */

	/* Counts: pushed and popped are not all for messages, and not all messages. */
	unsigned long	refilled;	/* pushed from the slab */
	unsigned long	drained;	/* popped to the slab */
	unsigned long	made;		/* allocated without the magazine */
	unsigned long	unmade;		/* freed without it */
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

/* Claimed. */
static __always_inline unsigned long height(void)
{
	return this_cpu_read(magazines.pushed) - this_cpu_read(magazines.popped);
}

static __always_inline mblk_t *pop(void)
{
	unsigned long top;
	mblk_t *mp;

	if (!MAGAZINES_USED || unlikely(!claim()))
		return NULL;
	top = height();
	if (unlikely(!top)) {
		release();
		return NULL;
	}
	mp = this_cpu_read(magazines.objects[top - 1]);
	this_cpu_inc(magazines.popped);
	release();
	return mp;
}

/* @mp is constructed. */
static __always_inline bool push(mblk_t *mp)
{
	unsigned long top;

	if (!MAGAZINES_USED || unlikely(!claim()))
		return false;
	top = height();
	if (unlikely(top >= MAGAZINE)) {
		release();
		return false;
	}
	this_cpu_write(magazines.objects[top], mp);
	this_cpu_inc(magazines.pushed);
	release();
	return true;
}

static __always_inline mblk_t *hand_out(mblk_t *mp)
{
	unsigned char *buffer = ((struct strm_object *)mp)->buffer;

	mp->b_rptr = buffer;
	mp->b_wptr = buffer;
	return mp;
}

mblk_t *strm_allocb(size_t size, uint_t pri)
{
	if (likely(size <= STRM_SMALL_BUFFER) && !trace_strm_allocb_enabled()) {
		mblk_t *mp = pop();

		if (likely(mp))
			return hand_out(mp);
	}
	return strm_allocb_slow(size);
}

/* A block in one piece, and alone. */
static __always_inline bool give_back(mblk_t *bp)
{
	struct datab *data = bp->b_datap;

	if (trace_strm_freeb_enabled())
		return false;
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
	return push(bp);
}

void strm_freeb(mblk_t *bp)
{
	if (unlikely(!give_back(bp)))
		strm_freeb_slow(bp);
}

static noinline void free_blocks(mblk_t *mp)
{
	while (mp) {
		mblk_t *next = mp->b_cont;

		mp->b_cont = NULL;
		strm_freeb(mp);
		mp = next;
	}
}

void strm_freemsg(mblk_t *mp)
{
	if (unlikely(!mp))
		return;
	if (unlikely(!give_back(mp)))
		free_blocks(mp);
}

/* The magazine is full: half of it, and @mp, go to the slab. */
static void drain(mblk_t *mp)
{
	void *surplus[BATCH];
	unsigned int n = 0;

	if (!irqs_disabled() && claim()) {
		unsigned long top = height();

		for (n = 0; n < BATCH - 1 && n < top; n++)
			surplus[n] = this_cpu_read(magazines.objects[top - 1 - n]);
		this_cpu_add(magazines.popped, n);
		this_cpu_add(magazines.drained, n);
		release();
	}
	this_cpu_inc(magazines.unmade);
	if (!n) {
		kmem_cache_free(object_cache, mp);
		return;
	}
	surplus[n++] = mp;
	kmem_cache_free_bulk(object_cache, n, surplus);
}

/* Puts @n constructed objects into the magazine, and back what has no room. */
static void stow(void **objects, unsigned int n)
{
	unsigned int stowed = 0;

	if (claim()) {
		unsigned long top = height();

		while (stowed < n && top + stowed < MAGAZINE) {
			this_cpu_write(magazines.objects[top + stowed], objects[n - 1 - stowed]);
			stowed++;
		}
		this_cpu_add(magazines.pushed, stowed);
		this_cpu_add(magazines.refilled, stowed);
		release();
	}
	if (stowed < n)
		kmem_cache_free_bulk(object_cache, n - stowed, objects);
}

/* One object for the caller, and with it some for the magazine. */
static mblk_t *refill(gfp_t gfp)
{
	void *fresh[BATCH];
	unsigned int i, n = 0;

	if (MAGAZINES_USED && !irqs_disabled() && !this_cpu_read(magazines.busy))
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
	this_cpu_inc(magazines.made);
	return fresh[0];
}

/* A small object for message/allocate.cc, as allocb() would have it. */
struct msgb *strm_object_alloc(enum lin_gfp gfp)
{
	mblk_t *mp = pop();

	if (!mp)
		mp = refill(gfp == LIN_GFP_ATOMIC ? GFP_ATOMIC | __GFP_NOWARN : GFP_KERNEL);
	return mp ? hand_out(mp) : NULL;
}

/* It is constructed. */
void strm_object_free(struct msgb *mp)
{
	if (!push(mp))
		drain(mp);
}

void strm_count_block(int change)
{
	if (change > 0)
		this_cpu_inc(magazines.made);
	else
		this_cpu_inc(magazines.unmade);
}

void strm_count_failure(void)
{
	this_cpu_inc(magazines.failed);
}

void strm_count_external(int change)
{
	this_cpu_add(magazines.external, change);
}

/* Only the sums mean anything: a message may be freed on another CPU. */
void strm_message_counts(struct strm_message_sums *sum)
{
	int cpu;

	*sum = (struct strm_message_sums){};
	for_each_possible_cpu(cpu) {
		const struct magazine *magazine = per_cpu_ptr(&magazines, cpu);

		sum->allocated += READ_ONCE(magazine->popped) - READ_ONCE(magazine->drained) +
				  READ_ONCE(magazine->made);
		sum->freed += READ_ONCE(magazine->pushed) - READ_ONCE(magazine->refilled) +
			      READ_ONCE(magazine->unmade);
		sum->failed += READ_ONCE(magazine->failed);
		sum->external += READ_ONCE(magazine->external);
	}
}

/* Nobody uses this magazine: its CPU is dead, or the module goes. */
static int empty_magazine(unsigned int cpu)
{
	struct magazine *magazine = per_cpu_ptr(&magazines, cpu);
	unsigned long n = magazine->pushed - magazine->popped;

	if (n)
		kmem_cache_free_bulk(object_cache, n, (void **)magazine->objects);
	magazine->popped += n;
	magazine->drained += n;
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

	cpuhp_remove_state_nocalls(hotplug_state);
	for_each_possible_cpu(cpu)
		empty_magazine(cpu);
	kmem_cache_destroy(object_cache);
}
