// SPDX-License-Identifier: GPL-2.0-only
/* Sleeping, and being woken. */
#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <linux/futex.h>
#include "door.h"

struct sleeper {
	struct sleeper	*next;
	struct sleeper	*prev;		/* NULL: on no queue */
	unsigned int	*asleep;	/* of its thread */
};

struct waitqueue {
	unsigned int	lock;
	struct sleeper	head;		/* a ring */
};

static __thread unsigned int asleep;

/* Wakes who waits with this number, of those that wait for a word to change. */
void machine_wake(unsigned int *word, unsigned int number)
{
	syscall(SYS_futex, word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, INT_MAX, NULL, NULL,
		1u << number % 32);
}

void machine_wait_while(unsigned int *word, unsigned int value, unsigned int number)
{
	syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, value, NULL, NULL,
		1u << number % 32);
}

/* --------------------------------------------------------------- completions */

void lin_init_completion(struct lin_completion *completion)
{
	_Static_assert(sizeof(sem_t) <= sizeof(*completion), "");
	sem_init((sem_t *)completion, 0, 0);
}

void lin_complete(struct lin_completion *completion)
{
	sem_post((sem_t *)completion);
}

void lin_wait_for_completion(struct lin_completion *completion)
{
	machine_may_sleep("wait_for_completion()");
	while (sem_wait((sem_t *)completion) < 0 && errno == EINTR)
		;
}

/* --------------------------------------------------------------- wait queues */

static void lock_queue(struct waitqueue *queue)
{
	lin_local_bh_disable();
	machine_spin(&queue->lock);
}

static void unlock_queue(struct waitqueue *queue)
{
	machine_unspin(&queue->lock);
	lin_local_bh_enable();
}

static void take_out(struct sleeper *sleeper)
{
	sleeper->next->prev = sleeper->prev;
	sleeper->prev->next = sleeper->next;
	__atomic_store_n(&sleeper->prev, NULL, __ATOMIC_RELEASE);
}

void lin_init_waitqueue_head(struct lin_waitqueue *opaque, const char *name,
			     struct lin_lock_class *key)
{
	struct waitqueue *queue = (struct waitqueue *)opaque;

	_Static_assert(sizeof(*queue) <= sizeof(*opaque), "");
	queue->lock = 0;
	queue->head.next = &queue->head;
	queue->head.prev = &queue->head;
}

void lin_init_wait(struct lin_wait_entry *entry)
{
	*(struct sleeper *)entry = (struct sleeper){ .asleep = &asleep };
}

void lin_prepare_to_wait(struct lin_waitqueue *opaque, struct lin_wait_entry *entry,
			 int interruptible)
{
	struct waitqueue *queue = (struct waitqueue *)opaque;
	struct sleeper *sleeper = (struct sleeper *)entry;

	lock_queue(queue);
	if (!sleeper->prev) {
		sleeper->next = &queue->head;
		sleeper->prev = queue->head.prev;
		sleeper->prev->next = sleeper;
		queue->head.prev = sleeper;
	}
	/* Full order: the caller looks next whether it has to sleep. */
	__atomic_exchange_n(&asleep, 1, __ATOMIC_SEQ_CST);
	unlock_queue(queue);
}

void lin_finish_wait(struct lin_waitqueue *opaque, struct lin_wait_entry *entry)
{
	struct waitqueue *queue = (struct waitqueue *)opaque;
	struct sleeper *sleeper = (struct sleeper *)entry;

	__atomic_store_n(&asleep, 0, __ATOMIC_RELAXED);
	lock_queue(queue);
	if (sleeper->prev)
		take_out(sleeper);
	unlock_queue(queue);
}

void lin_wake_up_poll(struct lin_waitqueue *opaque, unsigned int events)
{
	struct waitqueue *queue = (struct waitqueue *)opaque;

	lock_queue(queue);
	while (queue->head.next != &queue->head) {
		struct sleeper *sleeper = queue->head.next;

		take_out(sleeper);
		__atomic_store_n(sleeper->asleep, 0, __ATOMIC_SEQ_CST);
		machine_wake(sleeper->asleep, 0);
	}
	unlock_queue(queue);
}

/* Nothing here sleeps for a time. */
long lin_schedule_timeout(long jiffies)
{
	machine_may_sleep("schedule_timeout()");
	while (__atomic_load_n(&asleep, __ATOMIC_ACQUIRE))
		machine_wait_while(&asleep, 1, 0);
	return jiffies;
}

long lin_msecs_to_jiffies(unsigned int milliseconds)
{
	return milliseconds;
}

/* And none passes. */
unsigned long lin_jiffies(void)
{
	return 0;
}

int lin_signal_pending(void)
{
	return 0;
}
