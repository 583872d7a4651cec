// SPDX-License-Identifier: GPL-2.0-only
/*
 * timeout(9F) on the kernel's timer wheel.
 *
 * A callout is found by its number, so that a number which is over is just not
 * found.  It is in the table until its function has returned: whoever finds it holds
 * a reference and waits for the timer.
 */
#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/mempool.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <strm/rules.h>
#include "local.h"
#include <sys/callout.h>

#define BUCKETS		256
#define RESERVE		64	/* callouts for when there is no memory */

struct callout {
	struct timer_list timer;
	struct hlist_node node;		/* in its bucket, under the bucket's lock */
	refcount_t users;		/* 1 for being in a bucket */
	unsigned int id;
	void (*func)(void *arg);
	void *arg;
	/* Whom the function runs on top of.  Others read it to see that it is not they. */
	struct task_struct *runner;
};

struct bucket {
	raw_spinlock_t lock;
	struct hlist_head callouts;
};

static struct bucket buckets[BUCKETS];
static atomic_t last_id = ATOMIC_INIT(0);
static struct kmem_cache *cache;
static mempool_t *pool;

static struct bucket *bucket_of(unsigned int id)
{
	return &buckets[id % BUCKETS];
}

static struct callout *look_up(struct bucket *bucket, unsigned int id)
{
	struct callout *callout;

	hlist_for_each_entry(callout, &bucket->callouts, node) {
		if (callout->id == id)
			return callout;
	}
	return NULL;
}

/* Numbers fit an int, are not 0, and come round when 2^31 - 1 others were given out. */
static void give_id(struct callout *callout)
{
	struct bucket *bucket;
	unsigned long flags;
	unsigned int id;
	bool taken;

	do {
		id = (unsigned int)atomic_inc_return(&last_id) & INT_MAX;
		bucket = bucket_of(id);
		raw_spin_lock_irqsave(&bucket->lock, flags);
		taken = !id || look_up(bucket, id);
		if (!taken) {
			callout->id = id;
			hlist_add_head(&callout->node, &bucket->callouts);
		}
		raw_spin_unlock_irqrestore(&bucket->lock, flags);
	} while (taken);
}

static struct callout *find(unsigned int id)
{
	struct bucket *bucket = bucket_of(id);
	struct callout *callout;
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	callout = look_up(bucket, id);
	if (callout)
		refcount_inc(&callout->users);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	return callout;
}

static void put_callout(struct callout *callout)
{
	if (!refcount_dec_and_test(&callout->users))
		return;
	if (strm_in_hard_context())
		strm_free_later(callout);
	else
		mempool_free(callout, pool);
}

/* By whoever the timer belonged to: its function, or who stopped it. */
static void forget(struct callout *callout)
{
	struct bucket *bucket = bucket_of(callout->id);
	unsigned long flags;

	raw_spin_lock_irqsave(&bucket->lock, flags);
	hlist_del(&callout->node);
	raw_spin_unlock_irqrestore(&bucket->lock, flags);
	put_callout(callout);
	lin_count(LIN_STAT_timeouts_freed);
}

static void fire(struct timer_list *timer)
{
	struct callout *callout = container_of(timer, struct callout, timer);

	WRITE_ONCE(callout->runner, current);
	callout->func(callout->arg);
	WRITE_ONCE(callout->runner, NULL);
	forget(callout);
}

timeout_id_t strm_timeout(void (*func)(void *arg), void *arg, clock_t ticks)
{
	struct callout *callout = NULL;
	unsigned int id;

	if (strm_rules_on)
		strm_rules_obstacle(); /* it will be called back */
	if (!strm_in_hard_context())
		callout = mempool_alloc(pool, GFP_ATOMIC | __GFP_NOWARN);
	if (!callout) {
		pr_warn_ratelimited("streams: timeout: no memory, %ps will not be called\n", func);
		return NULL;
	}
	lin_count(LIN_STAT_timeouts_made);
	refcount_set(&callout->users, 1);
	callout->func = func;
	callout->arg = arg;
	callout->runner = NULL;
	timer_setup(&callout->timer, fire, TIMER_PINNED);
	callout->timer.expires = jiffies + clamp(ticks, 1L, (long)MAX_JIFFY_OFFSET);
	give_id(callout);
	id = callout->id; /* once it is armed it may be gone */
	add_timer(&callout->timer);
	return (timeout_id_t)(uintptr_t)id;
}

/* The function runs on this very CPU, below us: it cannot end before we do. */
static bool runs_below(const struct callout *callout)
{
	return READ_ONCE(callout->runner) == current ||
	       (in_hardirq() &&
		(READ_ONCE(callout->timer.flags) & TIMER_CPUMASK) == raw_smp_processor_id());
}

/*
 * True if it was pending; otherwise its function has returned, or runs below us.
 *
 * timer_delete_sync() would tell lockdep that we wait for any callout, as all are of
 * one class: one that cancels another would look like a deadlock.  On PREEMPT_RT the
 * function must be let run, and only timer_delete_sync() does; where that cannot be
 * done, in a hard interrupt, nobody waits.
 */
static bool stop(struct callout *callout)
{
	int stopped;

	if (IS_ENABLED(CONFIG_PREEMPT_RT)) {
		if (runs_below(callout) || strm_in_hard_context())
			return try_to_del_timer_sync(&callout->timer) > 0;
		return timer_delete_sync(&callout->timer);
	}
	do {
		stopped = try_to_del_timer_sync(&callout->timer);
		if (stopped >= 0 || runs_below(callout))
			break;
		cpu_relax();
	} while (true);
	return stopped > 0;
}

static bool stop_at_once(struct callout *callout)
{
	return try_to_del_timer_sync(&callout->timer) > 0;
}

static clock_t cancel(timeout_id_t id, bool (*stopped)(struct callout *callout))
{
	uintptr_t number = (uintptr_t)id;
	struct callout *callout = number && number <= INT_MAX ? find(number) : NULL;
	clock_t left = -1;

	if (!callout)
		return -1;
	if (stopped(callout)) {
		left = max_t(long, callout->timer.expires - jiffies, 0);
		forget(callout);
	}
	put_callout(callout);
	return left;
}

clock_t strm_untimeout(timeout_id_t id)
{
	return cancel(id, stop);
}

/* Waits for nobody: -1 also where the function runs, or is just about to. */
clock_t strm_untimeout_at_once(timeout_id_t id)
{
	return cancel(id, stop_at_once);
}

int strm_callout_init(void)
{
	int i;

	for (i = 0; i < BUCKETS; i++) {
		raw_spin_lock_init(&buckets[i].lock);
		INIT_HLIST_HEAD(&buckets[i].callouts);
	}
	cache = kmem_cache_create("streams_callout", sizeof(struct callout), 0, 0, NULL);
	if (!cache)
		return -ENOMEM;
	pool = mempool_create_slab_pool(RESERVE, cache);
	if (!pool) {
		kmem_cache_destroy(cache);
		return -ENOMEM;
	}
	return 0;
}

/*
 * Nobody calls timeout() any more: every module that could is unloaded.  If one of
 * them has left a callout behind, it is stopped here, before its time if we are lucky.
 */
void strm_callout_exit(void)
{
	struct callout *callout;
	struct hlist_node *next;
	int i;

	for (i = 0; i < BUCKETS; i++) {
		hlist_for_each_entry_safe(callout, next, &buckets[i].callouts, node) {
			pr_warn("streams: timeout %u was not cancelled\n", callout->id);
			strm_untimeout((timeout_id_t)(uintptr_t)callout->id);
		}
	}
	synchronize_rcu(); /* softirq has left fire() */
	strm_finish_freeing();
	mempool_destroy(pool);
	kmem_cache_destroy(cache);
}
