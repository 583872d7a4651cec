// SPDX-License-Identifier: GPL-2.0-only
//
// Service procedures: when they are scheduled, and how they run.
//
// No wake-up is lost: qenable() finds the queue Idle and puts it on a list, or
// Queued, which will run after now, or Running, which it turns into Again, and
// then service_done() puts it on the list once more.
#include <streams_core/queue/queue.hh>

namespace strm {

namespace {

enum Schedule : u32 { Idle, Queued, Running, Again };

// The procedure has run, or will not.
void service_done(queue_t *q)
{
	strm_queue &state = inner(q);
	QueuePair &pair = QueuePair::of(q);
	u32 found = Running;

	if (state.schedule.compare_exchange(found, Idle)) {
		pair.put();
		return;
	}
	// Again.  A closed queue has no next time.
	if (pair.retired().relaxed()) {
		state.schedule.release(Idle);
		pair.put();
		return;
	}
	state.schedule.exchange(Queued);
	runner_add(state.work);
}

// Inside the perimeter.
void run_service(queue_t *q)
{
	QueuePair &pair = QueuePair::of(q);

	if (pair.retired().relaxed())
		return;
	if (strm_trace_queue_on) [[unlikely]]
		lin_trace_service(q, pair.name());
	q->q_qinfo->qi_srvp(q);
}

void service_work(Work &work)
{
	queue_t *q = STRM_CONTAINER(&work, strm_queue, work)->queue;
	strm_queue &state = inner(q);
	QueuePair &pair = QueuePair::of(q);
	Perimeter &perimeter = pair.perimeter();
	const Access access = pair.access(EntryPoint::Service);

	state.schedule.exchange(Running);
	for (;;) {
		if (perimeter.try_enter(access)) {
			run_service(q);
			perimeter.leave(access);
			break;
		}
		state.entry.aim(q, Entry::Tag::Service);
		switch (perimeter.defer(state.entry, access, pair.retired())) {
		case Perimeter::Deferred::Queued:
			return; // service_deferred() goes on
		case Perimeter::Deferred::Gone:
			service_done(q);
			return;
		case Perimeter::Deferred::Retry:
			continue;
		}
	}
	service_done(q);
}

} // namespace

void service_deferred(queue_t *q)
{
	run_service(q);
	service_done(q);
}

void schedule_init(queue_t *q)
{
	strm_queue &state = inner(q);
	state.queue = q;
	state.work.run = service_work;
}

} // namespace strm

using namespace strm;

extern "C" void qenable(queue_t *q)
{
	strm_queue &state = inner(q);
	QueuePair &pair = QueuePair::of(q);

	if (!has_service(q) || !(load_relaxed(q->q_flag) & QPROCS))
		return;

	// Exchanged even where nothing changes: the full order of it makes what
	// the caller did before visible to the run that it relies on.
	u32 found = state.schedule.relaxed();
	u32 wanted;
	do {
		wanted = found == Idle || found == Queued ? Queued : Again;
	} while (!state.schedule.compare_exchange(found, wanted));
	if (found != Idle)
		return;
	// Who finds a queue from its neighbour may be late: the last reference may
	// be gone, and then nothing is to be run.
	if (pair.try_get())
		runner_add(state.work);
	else
		state.schedule.release(Idle);
}
