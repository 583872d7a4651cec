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
// The head waits for that outside of all perimeters, by looking: a queue that was
// found idle after the message went in has passed it on.  It is not a promise that
// goes beyond: what a module keeps on its queue, for want of room or memory, takes
// the time it takes; and a stream that is never idle holds nobody for long.
#include <streams_core/head/head.hh>

namespace strm {

namespace {

constexpr unsigned pause_microseconds = 20;
constexpr unsigned most_pauses = 5000;

// Downwards, as the request goes, and at each level what goes back up.
bool busy_below(StreamHead &head)
{
	BottomHalvesOff off; // q_next is read under RCU
	for (queue_t *q = load_acquire(head.wr()->q_next); q; q = load_acquire(q->q_next)) {
		if (waits_outside(q) || service_due(q) || waits_outside(OTHERQ(q)))
			return true;
	}
	return false;
}

} // namespace

void settle(StreamHead &head)
{
	for (unsigned i = 0; i < most_pauses && busy_below(head); i++)
		lin_usleep_range(pause_microseconds, 2 * pause_microseconds);
}

} // namespace strm
