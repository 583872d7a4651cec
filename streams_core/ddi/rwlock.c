// SPDX-License-Identifier: GPL-2.0-only
/*
 * krwlock_t.  Linux's rwlock_t cannot turn a writer into a reader, so it is made
 * of a spin lock and a count:
 *
 *   a reader comes in by taking the lock, counting itself, and releasing the lock;
 *	it leaves by counting down
 *   a writer takes the lock, waits until the count is 0, and keeps the lock
 *   a writer becomes a reader by counting itself and releasing the lock
 *   a reader becomes the writer if it gets the lock at once and is the only one
 *
 * @readers grows only under the lock, so that a writer that has seen 0 is alone.
 * @writer and @wanted are written under the lock.  While a reader is inside
 * @writer is NULL; so who leaves learns from it what he is.  The spin lock is
 * fair, and with it this one.
 *
 * On PREEMPT_RT a writer that spins could keep a reader from its CPU, for ever.  There
 * readers keep the spin lock as well, one at a time, so that every wait is for that
 * lock, and lends its holder the priority of who waits.
 */
#include <linux/kconfig.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include "local.h"
#include "sync.h"
#include <sys/rwlock.h>

#define READERS_KEEP_LOCK IS_ENABLED(CONFIG_PREEMPT_RT)

static struct strm_rw *to_rw(krwlock_t *rwlp)
{
	return to_linux(struct strm_rw, rwlp);
}

/* To lockdep the lock inside is a subclass of the whole. */
void strm_rw_init_class(krwlock_t *rwlp, krw_type_t type, void *cookie, const char *name,
			struct strm_lock_class *lock_class)
{
	struct strm_rw *rw = to_rw(rwlp);

	spin_lock_init(&rw->lock);
	lockdep_set_class_and_subclass(&rw->lock, (struct lock_class_key *)lock_class, 1);
	lockdep_init_map(&rw->dep_map, name, (struct lock_class_key *)lock_class, 0);
	atomic_set(&rw->readers, 0);
	rw->writer = NULL;
	rw->wanted = false;
	rw->irq = cookie;
}

void strm_rw_init_plain(krwlock_t *rwlp, char *name, krw_type_t type, void *cookie)
{
	static struct strm_lock_class one_for_all;

	strm_rw_init_class(rwlp, type, cookie, "krwlock_t", &one_for_all);
}

void rw_destroy(krwlock_t *rwlp)
{
	WARN_ONCE(rw_lock_held(rwlp), "streams: a lock is destroyed while somebody has it\n");
}

/*
 * The spin lock is taken in one call and given back in another, by who has become a
 * writer: sparse, which counts along, is told that nothing happens.
 */
static void take(struct strm_rw *rw)
{
	spin_lock(&rw->lock);
	__release(&rw->lock);
}

static void give_back(struct strm_rw *rw)
{
	__acquire(&rw->lock);
	spin_unlock(&rw->lock);
}

/* The caller has the lock and is counted as a reader. */
static void let_others_in(struct strm_rw *rw)
{
	if (!READERS_KEEP_LOCK)
		give_back(rw);
}

/* The caller has the lock. */
static void become_writer(struct strm_rw *rw)
{
	/* pairs with the release in leave(): what readers did is done */
	atomic_cond_read_acquire(&rw->readers, !VAL);
	WRITE_ONCE(rw->writer, current);
}

static void leave(struct strm_rw *rw)
{
	atomic_dec_return_release(&rw->readers);
	if (READERS_KEEP_LOCK)
		give_back(rw);
}

/* The caller has the lock still. */
static void no_writer(struct strm_rw *rw)
{
	WRITE_ONCE(rw->writer, NULL);
	WRITE_ONCE(rw->wanted, false);
}

void rw_enter(krwlock_t *rwlp, krw_t how)
{
	struct strm_rw *rw = to_rw(rwlp);

	strm_hold(rw->irq);
	if (how == RW_READER) {
		rwsem_acquire_read(&rw->dep_map, 0, 0, _RET_IP_);
		take(rw);
		atomic_inc(&rw->readers);
		let_others_in(rw);
	} else {
		rwsem_acquire(&rw->dep_map, 0, 0, _RET_IP_);
		take(rw);
		WRITE_ONCE(rw->wanted, true);
		become_writer(rw);
	}
}

/* Who holds the lock with no writer about gives it back soon: that is no reason to fail. */
static bool try_lock(struct strm_rw *rw)
{
	while (!READ_ONCE(rw->wanted)) {
		if (spin_trylock(&rw->lock)) {
			__release(&rw->lock);
			return true;
		}
		if (READERS_KEEP_LOCK)
			break;
		cpu_relax();
	}
	return false;
}

int rw_tryenter(krwlock_t *rwlp, krw_t how)
{
	struct strm_rw *rw = to_rw(rwlp);

	strm_hold(rw->irq);
	if (!try_lock(rw))
		goto failed;
	if (how == RW_READER) {
		atomic_inc(&rw->readers);
		let_others_in(rw);
		rwsem_acquire_read(&rw->dep_map, 0, 1, _RET_IP_);
		return 1;
	}
	if (atomic_read(&rw->readers)) {
		give_back(rw);
		goto failed;
	}
	WRITE_ONCE(rw->wanted, true);
	become_writer(rw);
	rwsem_acquire(&rw->dep_map, 0, 1, _RET_IP_);
	return 1;

failed:
	strm_unhold(rw->irq);
	return 0;
}

void rw_exit(krwlock_t *rwlp)
{
	struct strm_rw *rw = to_rw(rwlp);
	bool irq = rw->irq; /* once it is free it may be gone */

	rwsem_release(&rw->dep_map, _RET_IP_);
	if (READ_ONCE(rw->writer)) {
		no_writer(rw);
		give_back(rw);
	} else {
		leave(rw);
	}
	strm_unhold(irq);
}

void rw_downgrade(krwlock_t *rwlp)
{
	struct strm_rw *rw = to_rw(rwlp);

	lock_downgrade(&rw->dep_map, _RET_IP_);
	atomic_inc(&rw->readers);
	no_writer(rw);
	let_others_in(rw);
}

int rw_tryupgrade(krwlock_t *rwlp)
{
	struct strm_rw *rw = to_rw(rwlp);

	if (!READERS_KEEP_LOCK && !try_lock(rw))
		return 0;
	if (atomic_read(&rw->readers) != 1) {
		give_back(rw);
		return 0;
	}
	WRITE_ONCE(rw->wanted, true);
	atomic_dec(&rw->readers);
	become_writer(rw);
	rwsem_release(&rw->dep_map, _RET_IP_);
	rwsem_acquire(&rw->dep_map, 0, 1, _RET_IP_);
	return 1;
}

int rw_read_locked(krwlock_t *rwlp)
{
	return atomic_read(&to_rw(rwlp)->readers) != 0;
}

int rw_lock_held(krwlock_t *rwlp)
{
	return rw_read_locked(rwlp) || READ_ONCE(to_rw(rwlp)->writer);
}

int rw_write_held(krwlock_t *rwlp)
{
	return READ_ONCE(to_rw(rwlp)->writer) == current;
}
