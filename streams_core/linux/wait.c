// SPDX-License-Identifier: GPL-2.0-only
/* Sleeping, and being woken. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>
#include "shim.h"

void lin_init_waitqueue_head(struct lin_waitqueue *wq, const char *name,
			     struct lin_lock_class *key)
{
	__init_waitqueue_head(to_linux(wait_queue_head_t, wq), name,
			      (struct lock_class_key *)key);
}

void lin_init_wait(struct lin_wait_entry *entry)
{
	init_wait(to_linux(wait_queue_entry_t, entry));
}

void lin_prepare_to_wait(struct lin_waitqueue *wq, struct lin_wait_entry *entry,
			 int interruptible)
{
	prepare_to_wait(to_linux(wait_queue_head_t, wq), to_linux(wait_queue_entry_t, entry),
			interruptible ? TASK_INTERRUPTIBLE : TASK_UNINTERRUPTIBLE);
}

void lin_finish_wait(struct lin_waitqueue *wq, struct lin_wait_entry *entry)
{
	finish_wait(to_linux(wait_queue_head_t, wq), to_linux(wait_queue_entry_t, entry));
}

/* Sleepers are woken whatever the events; pollers if they want one of them. */
void lin_wake_up_poll(struct lin_waitqueue *wq, unsigned int events)
{
	__wake_up(to_linux(wait_queue_head_t, wq), TASK_NORMAL, 0,
		  events ? poll_to_key((__force __poll_t)events) : NULL);
}

void lin_poll_wait(struct file *file, struct lin_waitqueue *wq,
		   struct poll_table_struct *table)
{
	poll_wait(file, to_linux(wait_queue_head_t, wq), table);
}

long lin_schedule_timeout(long jiffies)
{
	return schedule_timeout(jiffies);
}

void lin_msleep(unsigned int milliseconds)
{
	msleep(milliseconds);
}

void lin_msleep_interruptible(unsigned int milliseconds)
{
	msleep_interruptible(milliseconds);
}

void lin_usleep_range(unsigned long least, unsigned long most)
{
	usleep_range(least, most);
}

long lin_msecs_to_jiffies(unsigned int milliseconds)
{
	return msecs_to_jiffies(milliseconds);
}

unsigned long lin_jiffies(void)
{
	return jiffies;
}

int lin_signal_pending(void)
{
	return signal_pending(current);
}

void lin_send_sigpipe(void)
{
	send_sig(SIGPIPE, current, 0);
}

void lin_init_completion(struct lin_completion *completion)
{
	init_completion(to_linux(struct completion, completion));
}

void lin_complete(struct lin_completion *completion)
{
	complete(to_linux(struct completion, completion));
}

void lin_wait_for_completion(struct lin_completion *completion)
{
	wait_for_completion(to_linux(struct completion, completion));
}
