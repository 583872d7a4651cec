// SPDX-License-Identifier: GPL-2.0-only
/*
 * The suites, streams_<room>, and what their C++ needs from C.
 *
 * A suite has one case with a parameter, and the parameters are the table that
 * its C++ file ends with: so a case is named once, and one that is missing from
 * the table is an unused function, which does not compile.
 *
 * No KUNIT_ASSERT here nor in C++: it ends the thread, and destructors of the
 * frames above would not run.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "check.h"

void strm_test_fail(struct kunit *test, const char *file, int line, const char *text)
{
	KUNIT_FAIL(test, "%s:%d: %s\n", file, line, text);
}

void strm_test_fail_equal(struct kunit *test, const char *file, int line, const char *text,
			  long long left, long long right)
{
	KUNIT_FAIL(test, "%s:%d: %s: %lld is not %lld\n", file, line, text, left, right);
}

void strm_test_fail_text(struct kunit *test, const char *file, int line, const char *text,
			 const char *left, const char *right)
{
	KUNIT_FAIL(test, "%s:%d: %s: \"%s\" is not \"%s\"\n", file, line, text, left, right);
}

void strm_test_softirqs(void)
{
	local_bh_disable();
	local_bh_enable();
}

void strm_test_pause(void)
{
	schedule_timeout_uninterruptible(1);
}

struct interrupt {
	struct hrtimer timer;
	struct completion done;
	void (*func)(void *arg);
	void *arg;
};

static enum hrtimer_restart in_interrupt_now(struct hrtimer *timer)
{
	struct interrupt *interrupt = container_of(timer, struct interrupt, timer);

	interrupt->func(interrupt->arg);
	complete(&interrupt->done);
	return HRTIMER_NORESTART;
}

/*
 * A hard interrupt as a driver's handler is one: on PREEMPT_RT it would be a thread, so
 * that lockdep lets it have the slab and locks.
 */
void strm_test_in_interrupt(void (*func)(void *arg), void *arg)
{
	struct interrupt interrupt = { .func = func, .arg = arg };

	init_completion(&interrupt.done);
	hrtimer_init_on_stack(&interrupt.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	interrupt.timer.function = in_interrupt_now;
	hrtimer_start(&interrupt.timer, 0, HRTIMER_MODE_REL_PINNED);
	wait_for_completion(&interrupt.done);
	hrtimer_cancel(&interrupt.timer);
	destroy_hrtimer_on_stack(&interrupt.timer);
}

struct strm_test_thread {
	struct task_struct *task;
	struct completion started;
	struct completion finished;
	void (*func)(void *arg);
	void *arg;
};

static int thread_main(void *data)
{
	struct strm_test_thread *thread = data;

	complete(&thread->started);
	thread->func(thread->arg);
	complete(&thread->finished);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

struct strm_test_thread *strm_test_start(void (*func)(void *arg), void *arg, int elsewhere)
{
	struct strm_test_thread *thread = kzalloc(sizeof(*thread), GFP_KERNEL);
	unsigned int here = raw_smp_processor_id();
	unsigned int there = cpumask_any_but(cpu_online_mask, here);

	if (!thread)
		return NULL;
	thread->func = func;
	thread->arg = arg;
	init_completion(&thread->started);
	init_completion(&thread->finished);
	thread->task = kthread_create(thread_main, thread, "streams_test");
	if (IS_ERR(thread->task)) {
		kfree(thread);
		return NULL;
	}
	kthread_bind(thread->task, elsewhere && there < nr_cpu_ids ? there : here);
	wake_up_process(thread->task);
	wait_for_completion(&thread->started);
	return thread;
}

int strm_test_asleep(struct strm_test_thread *thread)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (READ_ONCE(thread->task->__state) == TASK_UNINTERRUPTIBLE)
			return 1;
		if (completion_done(&thread->finished))
			return 0;
		strm_test_pause();
	}
	return 0;
}

void strm_test_join(struct strm_test_thread *thread)
{
	wait_for_completion(&thread->finished);
	kthread_stop(thread->task);
	kfree(thread);
}

void strm_test_signal(void)
{
	allow_signal(SIGTERM);
	send_sig(SIGTERM, current, 1);
}

int strm_test_module_references(void)
{
	return module_refcount(THIS_MODULE);
}

/* What was freed after a grace period may itself free something after one. */
static void let_all_be_freed(void)
{
	strm_test_softirqs();
	rcu_barrier();
	strm_test_softirqs();
	rcu_barrier();
}

/*
 * A case stays on one CPU, so that strm_test_softirqs() runs what it has
 * raised.  Another CPU may end the last fence: hence the second look.
 */
static void run_case(struct kunit *test)
{
	const struct strm_case *it = test->param_value;
	int before, tries;

	migrate_disable();
	before = strm_test_live();
	it->run(test);
	strm_test_fail_allocation(0);
	for (tries = 0; tries < 20; tries++) {
		let_all_be_freed();
		if (strm_test_live() == before)
			break;
		strm_test_pause();
	}
	KUNIT_EXPECT_EQ_MSG(test, strm_test_live(), before, "%s: objects left or freed twice",
			    it->name);
	migrate_enable();
}

#define STRM_SUITE(room)							\
static const void *next_##room(const void *last, char *name)			\
{										\
	const struct strm_case *it = last;					\
										\
	it = it ? it + 1 : strm_##room##_cases;					\
	if (!it->name)								\
		return NULL;							\
	strscpy(name, it->name, KUNIT_PARAM_DESC_SIZE);				\
	return it;								\
}										\
static struct kunit_case cases_of_##room[] = {					\
	{ .run_case = run_case, .name = #room, .generate_params = next_##room },\
	{}									\
};										\
static struct kunit_suite suite_##room = {					\
	.name = "streams_" #room,						\
	.test_cases = cases_of_##room,						\
};										\
kunit_test_suite(suite_##room)

/* Every suite, one a line. */
STRM_SUITE(message);
STRM_SUITE(buffer);
STRM_SUITE(bufcall);
STRM_SUITE(strsun);
STRM_SUITE(magazine);
STRM_SUITE(ddi);
STRM_SUITE(sync);
STRM_SUITE(queue);
STRM_SUITE(rules);
STRM_SUITE(fields);
STRM_SUITE(model);
STRM_SUITE(flow);
STRM_SUITE(choke);
STRM_SUITE(nested);
STRM_SUITE(perimeter);
STRM_SUITE(modes);
STRM_SUITE(callback);
STRM_SUITE(counters);
STRM_SUITE(schedule);
STRM_SUITE(plumbing);
STRM_SUITE(registry);
STRM_SUITE(interrupt);
STRM_SUITE(failure);
STRM_SUITE(e1000g);
STRM_SUITE(e1000g_chip);
STRM_SUITE(dlpi_provider);
STRM_SUITE(dlpi_frames);
STRM_SUITE(dlpi_flow);
STRM_SUITE(dlpi_states);
STRM_SUITE(pfmod);
STRM_SUITE(bufmod);
