// SPDX-License-Identifier: GPL-2.0-only
//
// A request that putmsg() sends has been looked at when it returns.
//
// Programs put a DLPI or TPI request and then get a message without waiting: the
// acknowledgement has to be at the stream head, in front of data.  As a rule it is:
// put procedures, and the service procedures that they enable, run inside the
// system call (perimeter/runner.hh).  But where another CPU is in a perimeter on the
// way, the message waits there, or what qwriter() was given does, and that CPU will
// run it when it leaves: in a few microseconds, unless somebody opens or closes there.
//
// The head waits for that outside of all perimeters, by looking at the queues in the
// order in which the request and then its answer pass them, down and up again.  What
// waits outside of one is counted until its procedure has returned, and so is counted
// at the next before it is not counted here: a look that finds nobody all the way
// has been overtaken by the answer.
//
// It is not a promise that goes beyond: what a module keeps on its queue, for want of
// room or memory, takes the time it takes, and the service procedure of the driver's
// read side, which may be busy with what comes in, is nobody's answer.
#include <streams_core/head/head.hh>

namespace strm {

namespace {

constexpr long shortest_sleep = 20; // microseconds, as all of these
constexpr long longest_sleep = 1000;
// What waits to be let in always is, if the other CPU's softirq is late.
constexpr long patience = default_ioctl_seconds * 1000000L;
// A service procedure may be busy for ever, with other messages.
constexpr long patience_with_services = 100000;

// A queue that was passed once need not be looked at again: other messages may keep it
// busy.  It is remembered by its place, as it may be gone; with a module pushed or popped
// the places are others, and the walk begins anew.
class Walk {
public:
	// True when the head is reached again.
	bool go_on(StreamHead &head, bool services)
	{
		BottomHalvesOff off; // q_next is read under RCU
		const unsigned length = length_below(head);

		if (length != length_) {
			length_ = length;
			passed_ = 0;
		}
		return around(head, services) && length_below(head) == length;
	}

private:
	static queue_t *next(queue_t *q) { return load_acquire(q->q_next); }

	static unsigned length_below(StreamHead &head)
	{
		unsigned length = 0;

		for (queue_t *q = next(head.wr()); q; q = next(q))
			length++;
		return length;
	}

	bool around(StreamHead &head, bool services)
	{
		queue_t *bottom = head.wr();

		place_ = 0;
		for (queue_t *q = next(bottom); q; q = next(q)) {
			bottom = q;
			if (!pass(q, services))
				return false;
		}
		if (!pass(OTHERQ(bottom), false))
			return false;
		for (queue_t *q = next(OTHERQ(bottom)); q; q = next(q)) {
			if (!pass(q, services))
				return false;
		}
		return true;
	}

	bool pass(queue_t *q, bool services)
	{
		if (place_++ < passed_)
			return true;
		if (services ? is_busy(q) : waits_outside(q))
			return false;
		passed_ = place_;
		return true;
	}

	unsigned length_ = 0;
	unsigned place_ = 0;
	unsigned passed_ = 0;
};

} // namespace

void settle(StreamHead &head)
{
	Walk walk;
	long pause = shortest_sleep;

	for (long waited = 0; waited < patience; waited += pause) {
		if (walk.go_on(head, waited < patience_with_services) || lin_signal_pending())
			return;
		lin_usleep_range(static_cast<unsigned long>(pause),
				 static_cast<unsigned long>(2 * pause));
		pause = min(pause + pause / 4, longest_sleep);
	}
}

} // namespace strm
