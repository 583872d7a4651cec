// SPDX-License-Identifier: GPL-2.0-only
/* What kind of context this is, and how to run something in another. */
#include <linux/bottom_half.h>
#include <linux/interrupt.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include "shim.h"

void lin_local_bh_disable(void)
{
	local_bh_disable();
}

void lin_local_bh_enable(void)
{
	local_bh_enable();
}

void lin_preempt_disable(void)
{
	preempt_disable();
}

void lin_preempt_enable(void)
{
	preempt_enable();
}

/*
 * A put or service procedure must not run here: interrupts are off.  On PREEMPT_RT
 * preemption as well must be on: only then does turning bottom halves off keep others,
 * and procedures have locks that sleep.
 */
int lin_cannot_enter(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return !preemptible();
	return in_hardirq() || in_nmi() || irqs_disabled();
}

/* Bottom halves are off, and this is no hard interrupt. */
int lin_in_softirq(void)
{
	return in_softirq() && !in_hardirq() && !in_nmi();
}

/* Where the caller may be preempted it means nothing a moment later. */
int lin_smp_processor_id(void)
{
	return raw_smp_processor_id();
}

void lin_cpu_relax(void)
{
	cpu_relax();
}

/* The task that this is, or that an interrupt has come in the middle of. */
const void *lin_current(void)
{
	return current;
}

void lin_call_rcu(struct lin_rcu_head *head, void (*func)(struct lin_rcu_head *head))
{
	call_rcu(to_linux(struct rcu_head, head), (rcu_callback_t)func);
}

void lin_rcu_barrier(void)
{
	rcu_barrier();
}

void lin_synchronize_rcu(void)
{
	synchronize_rcu();
}

void lin_tasklet_init(struct lin_tasklet *tasklet, void (*func)(unsigned long),
		      unsigned long data)
{
	tasklet_init(to_linux(struct tasklet_struct, tasklet), func, data);
}

void lin_tasklet_schedule(struct lin_tasklet *tasklet)
{
	tasklet_schedule(to_linux(struct tasklet_struct, tasklet));
}

void lin_tasklet_kill(struct lin_tasklet *tasklet)
{
	tasklet_kill(to_linux(struct tasklet_struct, tasklet));
}

void lin_smp_mb(void)
{
	smp_mb(); /* what it is paired with is said by the caller */
}

/* The interrupts of a fence; one round at a time, so one csd for each CPU. */
static DEFINE_PER_CPU(call_single_data_t, fence_csd);

int lin_ipi_init(void (*func)(void *data))
{
	int cpu;

	for_each_possible_cpu(cpu)
		INIT_CSD(per_cpu_ptr(&fence_csd, cpu), func, NULL);
	return 0;
}

/*
 * Interrupt every other online CPU; @outstanding counts up before each.  A CPU
 * that is going away runs what it was sent; one that is gone runs nothing, and
 * needs no fence.
 */
void lin_ipi_other_cpus(unsigned int *outstanding)
{
	int this_cpu, cpu;

	preempt_disable();
	this_cpu = smp_processor_id();
	for_each_online_cpu(cpu) {
		if (cpu == this_cpu)
			continue;
		__atomic_fetch_add(outstanding, 1, __ATOMIC_SEQ_CST);
		if (smp_call_function_single_async(cpu, per_cpu_ptr(&fence_csd, cpu))) {
			WARN_ON_ONCE(cpu_online(cpu));
			__atomic_fetch_sub(outstanding, 1, __ATOMIC_SEQ_CST);
		}
	}
	preempt_enable();
}
