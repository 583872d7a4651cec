// SPDX-License-Identifier: GPL-2.0-only
//
// What stands for the queue room in these tests: pairs of queues that messages are
// put to through linux/hop.c, turned away from, deferred, serviced and closed; and
// counters that show a promise that was broken.
#pragma once

#include <machine.h>
#include <perimeter/perimeter.hh>
#include <strm/atomic.hh>
#include <sys/stream.h>

extern "C" void strm_put(queue_t *q, mblk_t *mp);

namespace strm::test {

[[noreturn]] void broken(const char *promise, const void *where);

// Random numbers of one thread, from a seed that is printed.
class Random {
public:
	explicit Random(u64 seed) : state_(seed * 0x9e3779b97f4a7c15 + 1) {}
	u32 below(u32 limit)
	{
		state_ ^= state_ << 13;
		state_ ^= state_ >> 7;
		state_ ^= state_ << 17;
		return static_cast<u32>((state_ >> 32) * limit >> 32);
	}
	bool one_in(u32 times) { return below(times) == 0; }

private:
	u64 state_;
};

// Who is inside a perimeter.  Shared visits are counted for each CPU with plain
// stores: a locked instruction would hide what the test is for.
class Inside {
public:
	void begin_shared();
	void end_shared();
	void begin_alone();
	void end_alone();
	// Shared, and asleep: on no CPU.
	void begin_process() { processes_.fetch_add(1), look_shared(); }
	void end_process() { look_shared(), processes_.fetch_sub(1); }
	bool idle() const;

private:
	void look_shared() const;
	void look_alone() const;

	struct alignas(64) Visits {
		u32 count;
	};
	Visits visits_[NR_CPUS] = {};
	alignas(64) u32 owned_ = 0;
	// Written by owners, the same twice.  Plain, so that ThreadSanitizer sees
	// whether the protocol orders what is done inside.
	u64 written_[2] = {};
	Atomic<u32> processes_{};
};

// What one producer puts to one queue arrives in order: written by deliveries alone,
// of which no two are under way at the same time.
struct Lane {
	u32 last = 0;
	u32 busy = 0;
};

constexpr int most_flows = 32;
constexpr int most_rooms = 6;

struct Message {
	alignas(8) mblk_t block;
	u32 flow;
	u32 number;
	u32 spin;		// how long the put procedure takes
	signed char then;	// the room that it is put to next, or -1
	bool enable;		// the put procedure enables the service procedure
	u32 in_use;		// its producer waits for 0
};

inline Message &message_of(mblk_t *mp)
{
	return *STRM_CONTAINER(mp, Message, block);
}

struct Room;

// One queue of a module between open and close.  Memory goes by RCU.
struct Pair {
	queue_t queue;
	Room *room;
	Perimeter *perimeter;
	Access put, service, open_close;
	Atomic<u32> retired;
	u32 closed; // nothing runs any more
	Work work;
	Entry entry;
	Atomic<u32> enabled; // times; whoever brings it from 0 has the work
	lin_rcu_head rcu;
};

// A place where there is a pair most of the time.
struct Room {
	Pair *pair = nullptr;
	Inside *inside = nullptr; // of the perimeter
	Perimeter *perimeter = nullptr; // that pairs share; else each has its own
	int flags = 0;
	Lane lanes[most_flows] = {};
	u32 services = 0; // by the service procedure, of which one runs at a time
	u32 serving = 0;
	Atomic<u32> wanted_services{};

	void open();
	void close();
	void take(Message &message); // bottom halves are off
};

void spin(u32 turns);

} // namespace strm::test
