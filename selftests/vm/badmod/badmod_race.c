// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two threads increment one plain word: KCSAN must report the race.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static long shared;
static struct task_struct *threads[2];

static int racer(void *unused)
{
	while (!kthread_should_stop()) {
		int i;

		for (i = 0; i < 10000; i++) {
			shared++;
			barrier();
		}
		cond_resched();
	}
	return 0;
}

static void stop_threads(void)
{
	int i;

	for (i = 0; i < 2; i++)
		if (!IS_ERR_OR_NULL(threads[i]))
			kthread_stop(threads[i]);
}

static int __init badmod_race_init(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		threads[i] = kthread_run(racer, NULL, "badmod_race/%d", i);
		if (IS_ERR(threads[i])) {
			stop_threads();
			return PTR_ERR(threads[i]);
		}
	}
	return 0;
}

static void __exit badmod_race_exit(void)
{
	stop_threads();
}

module_init(badmod_race_init);
module_exit(badmod_race_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Races on purpose, to test the test harness");
