// SPDX-License-Identifier: GPL-2.0-only
//
// A perimeter: who may be inside a module at the same time.
//
// There are two kinds.
//
// A *counted* perimeter is entered shared by most (put procedures of D_MP or
// D_MTPUTSHARED).  A shared claim is one increment of a per-CPU counter and one
// load of the gate, without a fence:
//
//	enter:	claims[this CPU]++;  (A) then load the gate; not 0: undo, turn away
//	leave:	claims[this CPU]--;  (C) then load the gate; not 0: kick
//
// Whoever wants to be alone takes a ticket: an Entry in the FIFO, with PENDING
// set in the gate.  Newcomers turn away from then on, to the same FIFO.  Then
// every other CPU executes a fence ((B), fence.cc), which matches both (A) and
// (C): an entrant's increment is visible or it sees PENDING; a leaver's
// decrement is visible or it sees PENDING and kicks.  When the fence is done
// and the sum of the counters is 0, the perimeter is *owned*.
//
// A *sole* perimeter is entered exclusively by all (the default of D_MTQPAIR
// and D_MTPERMOD), so that counters are of no use: OWNED in the gate is taken
// by one compare and exchange, and given back by another while nobody waits.
//
// An owner works through the FIFO on its way out: messages and services that
// were turned away run in the order in which they came; a process that waits is
// handed the perimeter.  When the FIFO is empty the gate opens, under the lock
// under which every ticket is taken, so that none is left behind.  A long FIFO
// is continued in softirq.
//
// A thread that comes back to a perimeter that it owns finds it owned, and is
// turned away like any other: there is no recursion into an owned perimeter,
// and its message is delivered when the outermost procedure has returned.
//
// The perimeter knows queues only as opaque targets of entries.
#pragma once

#include <perimeter/counters.hh>
#include <perimeter/fence.hh>
#include <perimeter/modes.hh>
#include <perimeter/runner.hh>
#include <strm/atomic.hh>
#include <strm/gate.h>

namespace strm {

// Something that was turned away and waits in the FIFO of a perimeter.
//
// `what` is a pointer with a tag in its low bits.  A message has its Entry where
// its links lie (message.hh): while it waits here it is on no queue.
struct Entry {
	enum class Tag : uintptr_t { Message, Service, Waiter };

	Entry *next;
	uintptr_t what;

	static constexpr uintptr_t tag_mask = 7;

	Tag tag() const { return static_cast<Tag>(what & tag_mask); }
	template <typename T> T *target() const { return reinterpret_cast<T *>(what & ~tag_mask); }
	void aim(const void *target, Tag tag)
	{
		what = reinterpret_cast<uintptr_t>(target) | static_cast<uintptr_t>(tag);
	}
};

// Runs a message or service that was turned away.  The queue room provides it.
// The perimeter is owned, bottom halves are off.
void run_entry(Entry &entry);

class Perimeter : NoCopy {
public:
	// Process context.  A null pointer without memory.
	static Perimeter *create(bool sole);
	void get();
	// Any context.  The last one frees: whoever may still look at the gate has
	// a queue pair to do so, which holds a reference until its own grace period
	// is over.
	void put();

	strm_gate *gate() { return &gate_; }
	static Perimeter &of(strm_gate *gate);
	bool sole() const { return load_relaxed(gate_.word) & STRM_GATE_SOLE; }

	// Enter, or fail without waiting.  Bottom halves are off.  Exclusive
	// entry into a counted perimeter always fails here: defer() it.
	[[nodiscard]] bool try_enter(Access access);

	// Leave what try_enter(), enter() or running as an entry has given.
	// Leaving exclusively works through the FIFO.  Bottom halves are off.
	void leave(Access access);

	// Wait in the FIFO.  Bottom halves are off.  Gone: `retired` was set, the
	// entry is the caller's.  Retry: the perimeter can be entered now.
	enum class Deferred { Queued, Retry, Gone };
	[[nodiscard]] Deferred defer(Entry &entry, Access access, const Atomic<u32> &retired);

	// Process context: enter, and sleep until it is possible.  No signal
	// ends the wait: close cannot fail.
	void enter(Access access);
	void exit(Access access); // leave(), for a caller with bottom halves on

	// Exclusive instead of shared, and back.  Between giving up the shared
	// claim and being alone others may be alone inside.
	void upgrade(Access held);
	void downgrade(Access held);

	// The owner takes out of the FIFO what is aimed at `low` up to `high`.
	// Where there was nothing, `retired` is set, in the same breath: from then
	// on defer() answers Gone, and the result is true.
	[[nodiscard]] bool retire(const void *low, const void *high, Atomic<u32> &retired,
				  Entry *&taken);

	// For who looks, as it is at this moment; 1000 of the FIFO are counted.
	struct Picture {
		u32 word, claims, references;
		u32 messages, services, processes; // that wait
	};
	Picture picture();

	// A shared claim was given back, or undone, and the gate is not open.
	void kick();

private:
	struct Waiter;

	// What the runner, the fence engine and RCU hand back leads to here.
	struct DrainWork {
		Work work; // first, here and below
		Perimeter *perimeter;
	};
	struct GateFence {
		FenceRequest request;
		Perimeter *perimeter;
	};
	static void run_drain(Work &work);
	static void fence_done(FenceRequest &request);

	explicit Perimeter(LockClass &kind) : lock_(kind) {}
	void wait_to_enter(Access access);
	void drain();
	void append(Entry &entry) STRM_REQUIRES(lock_);
	[[nodiscard]] bool take_ticket(Access access) STRM_REQUIRES(lock_);
	void close_gate() STRM_REQUIRES(lock_);
	void open_gate() STRM_REQUIRES(lock_);
	Entry *next_to_run() STRM_REQUIRES(lock_);
	void admit_shared() STRM_REQUIRES(lock_);

	// Read by every message; its own cache line.
	alignas(64) strm_gate gate_{};

	// Written when somebody is turned away.
	alignas(64) SpinLock lock_;
	Entry *first_ STRM_GUARDED_BY(lock_) = nullptr;
	Entry **last_ STRM_GUARDED_BY(lock_) = &first_;
	bool fenced_ STRM_GUARDED_BY(lock_) = false;
	CounterBlock *block_ = nullptr; // that gate_.claims is from; immutable
	GateFence fence_{};		// the fence engine's while the gate closes
	DrainWork work_{};		// the runner's while a softirq owns the perimeter
	Atomic<u32> refs_{ 1 };
};

int perimeter_init();
void perimeter_exit(); // every perimeter is freed by then

} // namespace strm
