// SPDX-License-Identifier: GPL-2.0-only
//
// Per-CPU lists of work.  See runner.hh.
#include <perimeter/runner.hh>
#include <strm/atomic.hh>

namespace strm {

namespace {

// Work done before somebody else gets the CPU.
constexpr int runner_budget = 64;
// The same for what a system call wants done, its own streams' work.
constexpr int section_budget = 256;
constexpr int most_wishes = 8;

// What one turn may do: so many items, and no more when it has taken too long since the
// first few.  An item may be long (a network driver's has 64 frames), and bottom halves
// are off.  Not too soon either: what a system call wants done it should do itself, as
// long as it can, or it floods a softirq that has less of the CPU than it has.
class Turn {
public:
	explicit Turn(int items) : most_(items) {}

	bool next()
	{
		if (done_ == most_ || (done_ != 0 && done_ % few == 0 && late()))
			return false;
		done_++;
		return true;
	}

private:
	static constexpr int few = 8;
	static constexpr unsigned too_long = 100; // milliseconds

	bool late()
	{
		const unsigned long now = lin_jiffies();

		if (done_ == few)
			begun_ = now;
		return static_cast<long>(now - begun_) > lin_msecs_to_jiffies(too_long);
	}

	const int most_;
	int done_ = 0;
	unsigned long begun_ = 0;
};

struct WorkList {
	Work *first = nullptr;
	Work **last = &first;

	void add(Work &work)
	{
		work.next = nullptr;
		store_relaxed(*last, &work); // `first`, maybe; pairs with idle()
		last = &work.next;
	}
	Work *take()
	{
		Work *work = first;
		if (work) {
			store_relaxed(first, work->next);
			if (!work->next)
				last = &first;
		}
		return work;
	}
	void move_to(WorkList &other)
	{
		if (!first)
			return;
		store_relaxed(*other.last, first);
		other.last = last;
		first = nullptr;
		last = &first;
	}
};

// The section that is open on this CPU.  Touched with bottom halves off by this
// CPU alone, and never in a hard interrupt: no lock.
struct OpenSection {
	int depth = 0;
	WorkList list;

	// What was on a list already.  When there is no place left it waits for
	// that list's turn.
	struct Wish {
		Work *work;
		void (*now)(Work &work);
	};
	Wish wishes[most_wishes] = {};
	int wished = 0;

	void run();
};

struct Runner {
	Runner(LockClass &kind, void (*tasklet_run)(unsigned long)) : lock(kind)
	{
		lin_tasklet_init(&tasklet, tasklet_run, reinterpret_cast<unsigned long>(this));
	}

	RawLock lock;
	WorkList list STRM_GUARDED_BY(lock);
	lin_tasklet tasklet;
	OpenSection section;
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
	return runner.list.take();
}

// Of the tasklet's list, in the tasklet: what is added from now on raises it again.
bool idle(Runner &runner) STRM_NO_ANALYSIS
{
	return !load_relaxed(runner.list.first);
}

void add_to(Runner &runner, Work &work)
{
	{
		IrqGuard guard(runner.lock);
		runner.list.add(work);
	}
	lin_tasklet_schedule(&runner.tasklet);
}

// After a CPU went away its tasklet, and so its list, is run by another CPU:
// therefore the list comes with the tasklet and is not looked up.
void run_tasklet(unsigned long data)
{
	Runner &runner = *reinterpret_cast<Runner *>(data);

	for (Turn turn(runner_budget); turn.next();) {
		Work *work = take(runner);
		if (work)
			work->run(*work);
		if (idle(runner))
			return;
	}
	if (!idle(runner))
		lin_tasklet_schedule(&runner.tasklet);
}

// What the work itself adds is done too.
void OpenSection::run()
{
	for (Turn turn(section_budget); turn.next();) {
		if (Work *work = list.take()) {
			work->run(*work);
		} else if (wished) {
			const Wish wish = wishes[--wished];
			wish.now(*wish.work);
		} else {
			return;
		}
	}
	wished = 0;
}

} // namespace

void runner_add(Work &work)
{
	// Which CPU's list it is does not matter for correctness, only that the
	// list's own tasklet is raised; a migration in between is harmless.
	lin_preempt_disable();
	Runner &runner = this_runner();
	if (lin_in_softirq() && runner.section.depth)
		runner.section.list.add(work);
	else
		add_to(runner, work);
	lin_preempt_enable();
}

void runner_add_later(Work &work)
{
	lin_preempt_disable();
	add_to(this_runner(), work);
	lin_preempt_enable();
}

void section_wants(Work &work, void (*now)(Work &work))
{
	if (!lin_in_softirq())
		return;
	OpenSection &section = this_runner().section;
	for (int i = 0; i < section.wished; i++) {
		if (section.wishes[i].work == &work)
			return;
	}
	if (section.depth && section.wished < most_wishes)
		section.wishes[section.wished++] = { &work, now };
}

Section::Section()
{
	lin_local_bh_disable();
	this_runner().section.depth++;
}

Section::~Section()
{
	Runner &runner = this_runner();

	if (runner.section.depth == 1)
		runner.section.run();
	if (--runner.section.depth == 0 && runner.section.list.first) {
		{
			IrqGuard guard(runner.lock);
			runner.section.list.move_to(runner.list);
		}
		lin_tasklet_schedule(&runner.tasklet);
	}
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

namespace {

// False: nothing was left.
bool run_rest(Runner &runner)
{
	BottomHalvesOff off;
	bool any = false;

	while (Work *work = take(runner)) {
		work->run(*work);
		any = true;
	}
	return any;
}

} // namespace

// The kill waits for a tasklet that is raised, but one that raises itself again
// meanwhile, for want of budget, is not run any more.
void runner_stop()
{
	for (bool again = true; again;) {
		again = false;
		for (int cpu = 0; cpu < lin_nr_cpu_ids(); cpu++) {
			auto *runner = static_cast<Runner *>(lin_per_cpu_ptr(runners, cpu));
			if (!runner)
				continue;
			lin_tasklet_kill(&runner->tasklet);
			again |= run_rest(*runner);
		}
	}
}

void runner_exit()
{
	lin_free_percpu(runners);
	runners = nullptr;
}

} // namespace strm
