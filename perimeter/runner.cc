// SPDX-License-Identifier: GPL-2.0-only
//
// Per-CPU lists of work.  See runner.hh.
#include <perimeter/runner.hh>
#include <strm/atomic.hh>

namespace strm {

namespace {

// Work done before somebody else gets the CPU.
constexpr int runner_budget = 64;

struct Runner {
	Runner(LockClass &kind, void (*tasklet_run)(unsigned long)) : lock(kind)
	{
		lin_tasklet_init(&tasklet, tasklet_run, reinterpret_cast<unsigned long>(this));
	}

	RawLock lock;
	Work *first STRM_GUARDED_BY(lock) = nullptr;
	Work **last STRM_GUARDED_BY(lock) = &first;
	// Sections open on this CPU.  Written with bottom halves off by this CPU
	// alone; a hard interrupt that reads it does so on the same CPU.
	Atomic<int> sections;
	lin_tasklet tasklet;
};

constinit LockClass runner_lock_class{ "streams_runner", {} };
constinit Runner *runners; // per-CPU; set before the first use, cleared after the last

Runner &this_runner()
{
	return *static_cast<Runner *>(lin_this_cpu_ptr(runners));
}

Work *take(Runner &runner)
{
	IrqGuard guard(runner.lock);
	Work *work = runner.first;
	if (work) {
		runner.first = work->next;
		if (!runner.first)
			runner.last = &runner.first;
	}
	return work;
}

bool idle(Runner &runner)
{
	IrqGuard guard(runner.lock);
	return !runner.first;
}

// Bottom halves are off.
void run_some(Runner &runner)
{
	for (int budget = runner_budget; budget > 0; budget--) {
		Work *work = take(runner);
		if (!work)
			return;
		work->run(*work);
	}
	if (!idle(runner))
		lin_tasklet_schedule(&runner.tasklet);
}

// After a CPU went away its tasklet, and so its list, is run by another CPU:
// therefore the list comes with the tasklet and is not looked up.
void run_tasklet(unsigned long data)
{
	run_some(*reinterpret_cast<Runner *>(data));
}

} // namespace

void runner_add(Work &work)
{
	// Which CPU's list it is does not matter for correctness, only that the
	// list's own tasklet is raised; a migration in between is harmless, as
	// is a section that ends in between: see ~Section().
	lin_preempt_disable();
	Runner &runner = this_runner();
	{
		IrqGuard guard(runner.lock);
		work.next = nullptr;
		*runner.last = &work;
		runner.last = &work.next;
	}
	if (runner.sections.relaxed() == 0)
		lin_tasklet_schedule(&runner.tasklet);
	lin_preempt_enable();
}

Section::Section()
{
	lin_local_bh_disable();
	Atomic<int> &sections = this_runner().sections;
	sections.set_relaxed(sections.relaxed() + 1);
}

Section::~Section()
{
	Runner &runner = this_runner();

	if (runner.sections.relaxed() == 1)
		run_some(runner);
	runner.sections.set_relaxed(runner.sections.relaxed() - 1);
	// (A) A hard interrupt that came after run_some() saw an open section and
	// did not raise the tasklet.  It is over before this line looks, and one
	// that comes after the line above raises it itself.
	if (runner.sections.relaxed() == 0 && !idle(runner))
		lin_tasklet_schedule(&runner.tasklet);
	lin_local_bh_enable();
}

int runner_init()
{
	runners = static_cast<Runner *>(lin_alloc_percpu(sizeof(Runner), alignof(Runner)));
	if (!runners)
		return -12;
	for (int cpu = 0; cpu < lin_nr_cpu_ids(); cpu++) {
		if (void *runner = lin_per_cpu_ptr(runners, cpu))
			new (runner) Runner(runner_lock_class, run_tasklet);
	}
	return 0;
}

// A list that is not empty has its tasklet raised, and the kill waits for that.
void runner_stop()
{
	for (int cpu = 0; cpu < lin_nr_cpu_ids(); cpu++) {
		if (auto *runner = static_cast<Runner *>(lin_per_cpu_ptr(runners, cpu)))
			lin_tasklet_kill(&runner->tasklet);
	}
}

void runner_exit()
{
	lin_free_percpu(runners);
	runners = nullptr;
}

} // namespace strm
