// SPDX-License-Identifier: GPL-2.0-only
//
// Counters that show a promise of the perimeters broken.
#pragma once

#include <machine.h>
#include <strm/atomic.hh>

namespace strm::test {

[[noreturn]] void broken(const char *promise, const void *where);

void spin(u32 turns);

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
	void begin_shared(); // bottom halves are off
	void end_shared();
	void begin_alone();
	void end_alone();
	// Shared, and may be asleep.
	void begin_process();
	void end_process();
	bool idle() const;

private:
	void look_shared() const;
	void look_alone() const;

	struct alignas(64) Visits {
		u32 count;
	};
	Visits visits_[MOST_CPUS] = {};
	alignas(64) u32 owned_ = 0;
	// Written by owners, the same twice.  Plain, so that ThreadSanitizer sees
	// whether the protocol orders what is done inside.
	u64 written_[2] = {};
	Atomic<u32> processes_{};
};

// What one producer sends, at a place where it comes by in order.  `busy` is plain: no
// two are under way at the same time, and each is ordered after the one before.
class Lane {
public:
	void begin(u32 number, bool all);
	void end(u32 number)
	{
		busy_ = false;
		store_relaxed(last_, number);
	}
	u32 last() const { return load_relaxed(last_); }

private:
	u32 last_ = 0;
	bool busy_ = false;
};

} // namespace strm::test
