// SPDX-License-Identifier: GPL-2.0-only
//
// Service procedures: when they are scheduled, and how they run.
//
// Three bits say what is to be done about a queue's service procedure:
//
//	Listed	its work is on a runner's list
//	Wanted	the procedure is to run, once more if it runs now
//	Running	it runs, or waits at its perimeter to
//
// Listed and Running hold a reference of the pair each.  Only who sets Running
// runs the procedure, so no two threads are ever in it.
//
// No wake-up is lost: whoever sets Wanted also sees to it that the work is listed,
// unless Running is set, and then service_done() finds Wanted and lists the work.
// Who takes the work off its list and finds Running set leaves Wanted to the same
// service_done().
//
// A system call has run what it enabled when it ends (perimeter/runner.hh).  A
// queue that was on some CPU's list already may wait there for a softirq that has
// no time: therefore a Section remembers it, and runs it from where it is; the
// list will find nothing wanted.
#include <streams_core/queue/queue.hh>
#include <strm/rules.hh>

namespace strm {

void forget_back_enabled(queue_t *q);

namespace {

enum Schedule : u32 { Listed = 1, Wanted = 2, Running = 4 };

// Applies `step` to the bits until nobody came in between; returns what was there.
template <typename Step> u32 change(QueueState &state, Step step)
{
	u32 found = state.schedule.relaxed();
	while (!state.schedule.compare_exchange(found, step(found))) {}
	return found;
}

} // namespace

// The procedure has run, or will not.
void service_done(queue_t *q)
{
	QueueState &state = inner(q);
	QueuePair &pair = QueuePair::of(q);
	const bool closed = pair.retired(q).relaxed(); // then there is no next time

	const u32 found = change(state, [closed](u32 bits) -> u32 {
		if (closed)
			return bits & Listed;
		if ((bits & (Wanted | Listed)) == Wanted)
			return Wanted | Listed;
		return bits & (Wanted | Listed);
	});
	if (!closed && (found & (Wanted | Listed)) == Wanted)
		runner_add(state.work); // with the reference that Running had
	else
		pair.put();
}

bool service_due(queue_t *q)
{
	return inner(q).schedule.acquire() & (Wanted | Running);
}

namespace {

// Inside the perimeter.
void run_service(queue_t *q)
{
	QueuePair &pair = QueuePair::of(q);

	if (frozen(q)) [[unlikely]]
		wait_while_frozen(q);
	if (pair.retired(q).relaxed())
		return;
	lin_count(LIN_STAT_services);
	if (strm_trace_queue_on) [[unlikely]]
		lin_trace_service_begin(q);
	{
		Inside inside(q, STRM_IN_SERVICE);
		q->q_qinfo->qi_srvp(q);
	}
	if (strm_trace_queue_on) [[unlikely]]
		lin_trace_service_end(q);
	forget_back_enabled(q);
}

// Running is set.
void enter_and_run(queue_t *q)
{
	Entry &entry = inner(q).entry;

	entry.aim(q, Entry::Tag::Service);
	switch (enter_or_defer(q, EntryPoint::Service, entry)) {
	case Perimeter::Deferred::Queued:
		lin_count(LIN_STAT_services_deferred);
		return; // service_deferred() goes on
	case Perimeter::Deferred::Entered:
		run_service(q);
		leave_perimeters(q, EntryPoint::Service);
		break;
	case Perimeter::Deferred::Gone:
		break;
	}
	service_done(q);
}

queue_t *queue_of(Work &work)
{
	return STRM_CONTAINER(&work, QueueState, work)->queue;
}

// Off a runner's list.
void service_work(Work &work)
{
	queue_t *q = queue_of(work);

	const u32 found = change(inner(q), [](u32 bits) -> u32 {
		return (bits & (Wanted | Running)) == Wanted ? Running : bits & ~u32(Listed);
	});
	if ((found & (Wanted | Running)) == Wanted)
		enter_and_run(q); // with the reference that Listed had
	else
		QueuePair::of(q).put();
}

// Where it is, for a Section that has wanted it.
void service_now(Work &work)
{
	queue_t *q = queue_of(work);

	if (!QueuePair::of(q).try_get())
		return;
	const u32 found = change(inner(q), [](u32 bits) -> u32 {
		return (bits & (Wanted | Running)) == Wanted ? (bits & Listed) | Running : bits;
	});
	if ((found & (Wanted | Running)) == Wanted)
		enter_and_run(q);
	else
		QueuePair::of(q).put();
}

} // namespace

void service_deferred(queue_t *q)
{
	run_service(q);
	service_done(q);
}

// Looked at twice: the service procedure may have put back in between what it had.
bool drained(queue_t *q)
{
	QueueState &state = inner(q);

	return !load_acquire(q->q_first) && !state.deferred.acquire() &&
	       !(state.schedule.acquire() & Running) && !load_acquire(q->q_first);
}

const char *schedule_name(u32 schedule)
{
	if (schedule & Running)
		return schedule & Wanted ? "again" : "running";
	return schedule & Wanted ? "queued" : "idle";
}

void schedule_init(queue_t *q)
{
	QueueState &state = inner(q);
	state.queue = q;
	state.work.run = service_work;
}

} // namespace strm

using namespace strm;

extern "C" void qenable(queue_t *q)
{
	QueueState &state = inner(q);
	QueuePair &pair = QueuePair::of(q);

	if (!has_service(q) || !(load_relaxed(q->q_flag) & QPROCS))
		return;

	// Exchanged even where nothing changes: the full order of it makes what
	// the caller did before visible to the run that it relies on.
	const u32 found = change(state, [](u32 bits) -> u32 {
		return bits & Running ? bits | Wanted : bits | Wanted | Listed;
	});
	if (strm_trace_queue_on) [[unlikely]]
		lin_trace_enable(q, schedule_name(found));
	if (found & Running)
		return;
	if (found & Listed) {
		section_wants(state.work, service_now);
		return;
	}
	// Who finds a queue from its neighbour may be late: the last reference may
	// be gone, and then nothing is to be run.
	lin_count(LIN_STAT_enables);
	if (pair.try_get())
		runner_add(state.work);
	else
		state.schedule.release(0);
}
