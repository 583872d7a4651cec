// SPDX-License-Identifier: GPL-2.0-only
/* kcondvar_t: a wait queue from which each cv_signal() takes exactly one. */
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>
#include <strm/rules.h>
#include "local.h"
#include <sys/callout.h>
#include <sys/condvar.h>

static wait_queue_head_t *to_wq(kcondvar_t *cvp)
{
	return to_linux(wait_queue_head_t, cvp);
}

void cv_init(kcondvar_t *cvp, char *name, kcv_type_t type, void *arg)
{
	init_waitqueue_head(to_wq(cvp));
}

void cv_destroy(kcondvar_t *cvp)
{
	WARN_ONCE(!list_empty_careful(&to_wq(cvp)->head),
		  "streams: a condition variable is destroyed while somebody waits\n");
}

/*
 * Under the lock of the wait queue.  The entry is taken off even where its task is
 * awake at this moment, for another reason: the signal is used up, and off the queue
 * is how the task knows.
 */
static int take_off(struct wait_queue_entry *entry, unsigned int mode, int sync, void *key)
{
	list_del_init(&entry->entry);
	default_wake_function(entry, mode, sync, key);
	return 1;
}

/* True if somebody has taken it off already. */
static bool stop_waiting(wait_queue_head_t *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;
	bool woken;

	__set_current_state(TASK_RUNNING);
	spin_lock_irqsave(&wq->lock, flags);
	woken = list_empty(&entry->entry);
	list_del_init(&entry->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
	return woken;
}

/* As cv_timedwait_sig(); @ticks may be MAX_SCHEDULE_TIMEOUT. */
static clock_t sleep_on(kcondvar_t *cvp, kmutex_t *mp, unsigned int state, long ticks)
{
	wait_queue_head_t *wq = to_wq(cvp);
	bool woken, signalled = false;

	DEFINE_WAIT_FUNC(entry, take_off);

	if (strm_rules_on)
		strm_rules_sleeping("cv_wait");
	if (ticks <= 0)
		return -1;
	prepare_to_wait_exclusive(wq, &entry, state);
	mutex_exit(mp);
	while (ticks && !list_empty_careful(&entry.entry)) {
		signalled = signal_pending_state(state, current);
		if (signalled)
			break;
		ticks = schedule_timeout(ticks);
		set_current_state(state);
	}
	woken = stop_waiting(wq, &entry);
	mutex_enter(mp);
	if (woken)
		return ticks ?: 1;
	return signalled ? 0 : -1;
}

void cv_wait(kcondvar_t *cvp, kmutex_t *mp)
{
	sleep_on(cvp, mp, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

int cv_wait_sig(kcondvar_t *cvp, kmutex_t *mp)
{
	return sleep_on(cvp, mp, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT) > 0;
}

clock_t cv_timedwait(kcondvar_t *cvp, kmutex_t *mp, clock_t until)
{
	return sleep_on(cvp, mp, TASK_UNINTERRUPTIBLE, until - ddi_get_lbolt());
}

clock_t cv_timedwait_sig(kcondvar_t *cvp, kmutex_t *mp, clock_t until)
{
	return sleep_on(cvp, mp, TASK_INTERRUPTIBLE, until - ddi_get_lbolt());
}

clock_t cv_reltimedwait(kcondvar_t *cvp, kmutex_t *mp, clock_t ticks, time_res_t res)
{
	return sleep_on(cvp, mp, TASK_UNINTERRUPTIBLE, ticks);
}

clock_t cv_reltimedwait_sig(kcondvar_t *cvp, kmutex_t *mp, clock_t ticks, time_res_t res)
{
	return sleep_on(cvp, mp, TASK_INTERRUPTIBLE, ticks);
}

void cv_signal(kcondvar_t *cvp)
{
	wake_up(to_wq(cvp));
}

void cv_broadcast(kcondvar_t *cvp)
{
	wake_up_all(to_wq(cvp));
}
