// SPDX-License-Identifier: GPL-2.0-only
/*
 * busy: while this is loaded every CPU has a tasklet that is never done, so that
 * ksoftirqd runs all the time, and whatever is left to a softirq waits for it.  It
 * ends by itself if nobody unloads it, a test that died.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/smp.h>

static DEFINE_PER_CPU(struct tasklet_struct, burner);
static unsigned long deadline;
static bool over;

static void burn(struct tasklet_struct *tasklet)
{
	udelay(200);
	if (!READ_ONCE(over) && time_before(jiffies, deadline))
		tasklet_schedule(tasklet);
}

static void start(void *unused)
{
	tasklet_schedule(this_cpu_ptr(&burner));
}

static int __init busy_init(void)
{
	int cpu;

	deadline = jiffies + 60 * HZ;
	for_each_possible_cpu(cpu)
		tasklet_setup(per_cpu_ptr(&burner, cpu), burn);
	on_each_cpu(start, NULL, 1);
	return 0;
}

static void __exit busy_exit(void)
{
	int cpu;

	WRITE_ONCE(over, true);
	for_each_possible_cpu(cpu)
		tasklet_kill(per_cpu_ptr(&burner, cpu));
}

module_init(busy_init);
module_exit(busy_exit);
MODULE_DESCRIPTION("keeps ksoftirqd busy, for a test");
MODULE_LICENSE("GPL");
