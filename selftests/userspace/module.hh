// SPDX-License-Identifier: GPL-2.0-only
//
// A STREAMS module that does in its procedures what modules may do, and looks each
// time who else is inside.
#pragma once

#include "inside.hh"
#include <streams_core/queue/queue.hh>

namespace strm::test {

constexpr int most_flows = 16;
constexpr int depth = 3; // modules on a stream

// What a message carries.
struct Payload {
	u32 flow;
	u32 number;
	u32 dice;      // what modules do with it
	bool reflects; // it comes back from the driver
};

inline Payload &payload_of(mblk_t *mp)
{
	return *reinterpret_cast<Payload *>(mp->b_rptr);
}

// A module, of which there may be many instances.
struct Kind {
	int flags;
	bool queues; // has a service procedure, and gives everything to it
	Modes modes;
	Perimeter *shared = nullptr; // D_MTPERMOD
	Perimeter *outer = nullptr;
	Inside inside; // of `shared`
	Inside around; // of `outer`

	void begin(int its_flags, bool its_queues);
	void end();
};

// The numbers of qtimeout(), of one queue.
struct Timer {
	enum State : u32 { Free, Arming, Armed, Cancelling };

	Atomic<u32> state;
	Atomic<timeout_id_t> id;
};

struct Instance {
	Kind &kind;
	QueuePair &pair;
	Inside own[2]; // of the perimeters that no other instance has
	Lane lanes[2][most_flows];
	Timer timers[2];
	u32 calm;	     // one message in so many makes it do anything but pass it on
	Atomic<u32> writers; // that wait, of both queues
	bool closed = false;

	Inside &inside(const queue_t *q);
	bool is_read(const queue_t *q) const { return q == pair.rd(); }
};

// A stream: a head, modules that come and go, and a driver.
class Stream {
public:
	void begin(int its_number);
	void end();
	queue_t *writer() { return head_->wr(); }
	// For a message, and for one that comes back.
	bool has_room() { return bcanputnext(head_->wr(), 0) && bcanputnext(driver_->rd(), 0); }

	// A process that has the stream for itself does these.
	void push(Kind &kind, Random &random);
	void pop(int which);
	void reopen(int which, Random &random);
	int pushed() const { return pushed_; }

	Lane down[most_flows]; // at the driver
	Lane up[most_flows];   // at the head, of what was reflected

private:
	QueuePair *head_ = nullptr;
	QueuePair *driver_ = nullptr;
	Instance *modules_[depth] = {};
	int pushed_ = 0;
};

// How often what was done.
struct Done {
	Atomic<u64> writers, timers, cancelled, waits;
};
extern Done done;

} // namespace strm::test
