// SPDX-License-Identifier: GPL-2.0-only
/* timeout(9F): a thread that calls what is due, in a softirq of one CPU or another. */
#include <stdlib.h>
#include "door.h"

#define TICK	500	/* microseconds */

struct timer {
	struct timer	*next;
	unsigned long	id;
	unsigned long	due;		/* tick */
	void		(*func)(void *arg);
	void		*arg;
};

static struct {
	unsigned int	lock;		/* with bottom halves off */
	struct timer	*first;
	unsigned long	tick;
	unsigned long	last_id;
	int		stop;
	struct machine_thread *thread;
} wheel;

static void lock_wheel(void)
{
	lin_local_bh_disable();
	machine_spin(&wheel.lock);
}

static void unlock_wheel(void)
{
	machine_unspin(&wheel.lock);
	lin_local_bh_enable();
}

timeout_id_t strm_timeout(void (*func)(void *arg), void *arg, clock_t ticks)
{
	struct timer *timer = malloc(sizeof(*timer));
	unsigned long id;

	lock_wheel();
	id = ++wheel.last_id;
	*timer = (struct timer){ wheel.first, id, wheel.tick + ticks, func, arg };
	wheel.first = timer;
	unlock_wheel();
	return (timeout_id_t)id;
}

static struct timer *take_timer(int (*wanted)(struct timer *timer, unsigned long id),
				unsigned long id)
{
	struct timer *found = NULL;

	lock_wheel();
	for (struct timer **link = &wheel.first; *link; link = &(*link)->next) {
		if (!wanted(*link, id))
			continue;
		found = *link;
		*link = found->next;
		break;
	}
	unlock_wheel();
	return found;
}

static int is_it(struct timer *timer, unsigned long id)
{
	return timer->id == id;
}

static int is_due(struct timer *timer, unsigned long id)
{
	return (long)(wheel.tick - timer->due) >= 0;
}

clock_t strm_untimeout_at_once(timeout_id_t id)
{
	struct timer *timer = take_timer(is_it, (unsigned long)id);

	if (!timer)
		return -1;
	free(timer);
	return 0;
}

static void run_wheel(void *arg)
{
	struct timer *timer;

	while (!__atomic_load_n(&wheel.stop, __ATOMIC_RELAXED)) {
		machine_sleep(TICK);
		lock_wheel();
		wheel.tick++;
		unlock_wheel();
		machine_move(wheel.tick % lin_nr_cpu_ids());
		lin_local_bh_disable();
		while ((timer = take_timer(is_due, 0))) {
			timer->func(timer->arg);
			free(timer);
		}
		lin_local_bh_enable();
	}
}

void machine_start_timers(void)
{
	wheel.stop = 0;
	wheel.thread = machine_run(0, run_wheel, NULL);
}

void machine_stop_timers(void)
{
	__atomic_store_n(&wheel.stop, 1, __ATOMIC_RELAXED);
	machine_join(wheel.thread);
	if (wheel.first)
		machine_fail("a timeout is left behind");
}
