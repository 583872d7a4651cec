// SPDX-License-Identifier: GPL-2.0-only
//
// A request that putmsg() sends has been looked at when it returns.
//
// Programs put a DLPI or TPI request and then get a message without waiting: the
// acknowledgement has to be at the stream head, in front of data.  As a rule it is:
// put procedures, and the service procedures that they enable, run inside the
// system call (perimeter/runner.hh).  But where another CPU is in a perimeter on the
// way, the message waits there, or what qwriter() was given does, and that CPU will
// run it when it leaves: in a few microseconds, as nothing sleeps in a perimeter.
//
// The head waits for that outside of all perimeters, by looking at the queues in the
// order in which the request and then its answer pass them, down and up again.  What
// waits outside of one is counted until its procedure has returned, and so is counted
// at the next before it is not counted here: a look that finds nobody all the way
// has been overtaken by the answer.
//
// It is not a promise that goes beyond: what a module keeps on its queue, for want of
// room or memory, takes the time it takes, the service procedure of the driver's read
// side, which may be busy with what comes in, is nobody's answer, and a stream that
// is never idle holds nobody for long.
#include <streams_core/head/head.hh>

namespace strm {

namespace {

constexpr unsigned pause_microseconds = 20;
constexpr unsigned most_pauses = 5000;

bool passed_downwards(queue_t *head, queue_t *&bottom)
{
	for (queue_t *q = load_acquire(head->q_next); q; q = load_acquire(q->q_next)) {
		if (is_busy(q))
			return false;
		bottom = q;
	}
	return true;
}

bool passed_upwards(queue_t *bottom)
{
	if (waits_outside(bottom))
		return false;
	for (queue_t *q = load_acquire(bottom->q_next); q; q = load_acquire(q->q_next)) {
		if (is_busy(q))
			return false;
	}
	return true;
}

bool answered(StreamHead &head)
{
	BottomHalvesOff off; // q_next is read under RCU
	queue_t *bottom = head.wr();

	return passed_downwards(head.wr(), bottom) && passed_upwards(OTHERQ(bottom));
}

} // namespace

void settle(StreamHead &head)
{
	for (unsigned i = 0; i < most_pauses && !answered(head); i++)
		lin_usleep_range(pause_microseconds, 2 * pause_microseconds);
}

} // namespace strm
