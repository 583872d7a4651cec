// SPDX-License-Identifier: GPL-2.0-only
//
// A perimeter: who may be inside a module at the same time.
//
// There are two kinds.
//
// A *counted* perimeter is entered shared by most (put procedures of D_MP or
// D_MTPUTSHARED; every outer perimeter).  A shared claim is one increment of a
// per-CPU counter and one load of the gate, without a fence:
//
//	enter:	claims[this CPU]++;  (A) then load the gate; not 0: undo, turn away
//	leave:	claims[this CPU]--;  (C) then load the gate; not 0: kick
//
// Whoever wants to be alone is an Entry in the FIFO, with PENDING in the gate.
// Newcomers turn away from then on, to the same FIFO.  Every other CPU executes a
// fence ((B), fence.cc), which matches both (A) and (C): an entrant's increment is
// visible or it sees PENDING; a leaver's decrement is visible or it sees PENDING
// and kicks.  When the fence is done and the sum of the counters is 0, the
// perimeter is *owned*.
//
// The fence is dear.  So a perimeter that was owned opens as FENCED: who claims
// executes a fence of its own (D), the sum can be trusted at any time, and closing
// sends no interrupt.  After a number of such claims without an owner in between
// the gate becomes 0, and claims are cheap again.  A new perimeter begins FENCED,
// so that one that sees little traffic never sends an interrupt at all.
//
// A *sole* perimeter is entered exclusively by all (D_MTPERQ, D_MTQPAIR and
// D_MTPERMOD, unless put is shared), so that counters are of no use: OWNED in the
// gate is taken by one compare and exchange, and given back by another while
// nobody waits.
//
// The FIFO has one *drainer* at a time.  An owner is it on its way out; where nobody
// owns the perimeter, it is a softirq.  It runs exclusive entries as the owner, and
// shared ones under a claim of its own, so that others run beside it: once only
// shared entries wait (BACKLOG), a newcomer turns away only if there is something
// in the FIFO for the same queue.  A process that waits is handed what it asked for.
// When the FIFO is empty the gate opens, under the lock under which every ticket is
// taken, so that none is left behind.
//
// A thread that comes back to a perimeter that it owns finds it owned, and is
// turned away like any other: there is no recursion into an owned perimeter,
// and its message is delivered when the outermost procedure has returned.
//
// A module's *outer* perimeter is a counted one around the inner perimeters of all
// its queues (NESTED).  To be inside is to have a claim of the outer one as well.
// Who finds the outer one closed waits in the FIFO of the inner one, and that
// *parks*: it takes one place in the outer FIFO, whatever waits in its own.  So an
// exclusive entry into the outer perimeter costs the same however many streams
// there are.  Nobody waits for an inner perimeter with a claim of the outer one, so
// that they cannot wait for each other.  Who owns the outer perimeter is alone in
// all inner ones, and enters none of them.
//
// The perimeter knows queues only as opaque targets of entries.
#pragma once

#include <perimeter/counters.hh>
#include <perimeter/fence.hh>
#include <perimeter/fifo.hh>
#include <perimeter/modes.hh>
#include <perimeter/runner.hh>
#include <strm/atomic.hh>
#include <strm/gate.h>

namespace strm {

// Runs what was turned away: a message, a service, a callback or a writer.  The
// queue room provides it.  It is inside, with the access that the entry asks for;
// bottom halves are off.  `next` is what will be run after it by the same drainer,
// unless it has to wait; or a null pointer.
void run_entry(Entry &entry, const Entry *next);

// Whose it is, of those: a queue.  The queue room provides it.
const void *queue_of_entry(const Entry &entry);

class Perimeter : NoCopy {
public:
	// Process context.  A null pointer without memory.  `outer` is kept, with a
	// reference, as long as the perimeter is there.
	static Perimeter *create(const Modes &modes, Perimeter *outer = nullptr);
	static Perimeter *create_outer();
	void get();
	// Any context.  The last one frees: whoever may still look at the gate has
	// a queue pair to do so, which holds a reference until its own grace period
	// is over.
	void put();

	strm_gate *gate() { return &gate_; }
	static Perimeter &of(strm_gate *gate);
	Perimeter *outer() { return outer_; }
	bool sole() const { return load_relaxed(gate_.word) & STRM_GATE_SOLE; }

	// Enter, or fail without waiting.  Bottom halves are off.  Exclusive
	// entry into a counted perimeter always fails here: defer() it.
	// `backlog`: there is something in the FIFO that must come first.
	[[nodiscard]] bool try_enter(Access access, bool backlog);

	// Leave what try_enter(), defer() or enter() has given.  Leaving exclusively
	// works through the FIFO.  Bottom halves are off.
	void leave(Access access);

	// Enter, or wait in the FIFO until run_entry() is called inside.  Bottom
	// halves are off.  Gone: `retired` was set, the entry is the caller's.
	enum class Deferred : u8 { Queued, Entered, Gone };
	[[nodiscard]] Deferred defer(Entry &entry, bool backlog, const Atomic<u32> &retired);

	// Wait in the FIFO until softirq, even where the perimeter could be entered.
	[[nodiscard]] bool put_off(Entry &entry, const Atomic<u32> &retired); // false: Gone

	// Process context: enter, and sleep until it is possible.  No signal
	// ends the wait: close cannot fail.
	void enter(Access access);
	void exit(Access access); // leave(), for a process

	// Process context: the owner goes on with a shared claim.
	void downgrade();

	// A process that has entered two perimeters of a queue pair, one after the other,
	// gives the outer claim of the first up before it waits for the second, and has
	// it again as soon as that has one.
	void lend_outer();
	void claim_outer_again();

	// qwriter().  The caller is inside, bottom halves are off.  Owned, Alone: it is
	// the only one there, until end_writing().
	enum class Writing : u8 { Owned, Alone, Refused };
	[[nodiscard]] Writing begin_writing();
	void end_writing(Writing how);
	// Else a Writer waits.  `held`: the inner perimeter, into which nobody goes
	// before it; that is told when it has run.
	void defer_writer(Entry &entry, Perimeter *held);
	void writer_has_run() { outer_writers_.fetch_sub(1); }
	bool is_owned() const { return load_relaxed(gate_.word) & STRM_GATE_OWNED; }

	// The owner, or the owner of the outer perimeter, takes out of the FIFO what
	// is for queues from `low` to `high`.  Where there was nothing, `retired` is
	// set, one after the other, in the same breath: from then on defer() answers
	// Gone, and the result is true.
	[[nodiscard]] bool retire(const void *low, const void *high, Atomic<u32> *retired,
				  int count, Entry *&taken);

	// The owner of the outer perimeter runs what waits here now.  Bottom halves on.
	void run_waiting();

	// qwait(): a procedure that returns in one of two perimeters, which may be one,
	// later than a Watcher is made, ends its wait().
	class Watcher;

	// For who looks, as it is at this moment; 1000 of the FIFO are counted.
	struct Picture {
		u32 word, claims, references;
		u32 waiting[8]; // by Entry::Tag
		u32 count(Entry::Tag tag) const { return waiting[static_cast<uintptr_t>(tag)]; }
	};
	Picture picture();

	// A shared claim was given back, or undone, and the gate is not open.
	void kick();
	void left(); // the same, by a procedure
	void fenced_claim();
	void turn_back();
	void open_now(); // before the first use: nobody will ever be exclusive

private:
	struct Waiter;
	static const Atomic<u32> never_retired;

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

	Perimeter(LockClass &kind, const Modes &modes) : lock_(kind), modes_(modes) {}
	static Perimeter *make(LockClass &kind, const Modes &modes, Perimeter *outer);
	u32 idle() const { return gate_.outer ? u32(STRM_GATE_NESTED) : 0u; }
	Access access_of(const Entry &entry) const;
	bool exclusive(const Entry &entry) const { return access_of(entry) == Access::Exclusive; }

	bool try_enter_here(Access access, bool backlog);
	bool enter_locked(Access access, bool backlog) STRM_REQUIRES(lock_);
	void leave_locked(Access access) STRM_REQUIRES(lock_);
	bool leave_sole();
	void give_back();
	bool take_sole(u32 obstacles);
	bool become_owner() STRM_REQUIRES(lock_);
	bool pass_outer();
	void release_outer();
	void count_again();

	void push(Entry &entry) STRM_REQUIRES(lock_);
	Entry &pop() STRM_REQUIRES(lock_);
	void publish() STRM_REQUIRES(lock_);
	void ask_for_fence() STRM_REQUIRES(lock_);
	bool owned() const STRM_REQUIRES(lock_);

	void advance() STRM_REQUIRES(lock_);
	bool outer_wants_us_out(int budget) const;
	bool park() STRM_REQUIRES(lock_);
	void hand_to_runner();
	void drain();
	int run(Entry *batch);
	Entry *take_batch(int &budget) STRM_REQUIRES(lock_);
	int give_back_batch(Entry *batch) STRM_REQUIRES(lock_);
	bool joins_others(const Entry &entry) const;
	Entry *next_to_run(int &budget) STRM_REQUIRES(lock_);
	bool turn_exclusive() STRM_REQUIRES(lock_);
	bool turn_shared() STRM_REQUIRES(lock_);
	bool admit(Entry &entry) STRM_REQUIRES(lock_);
	void rest() STRM_REQUIRES(lock_);
	void wake_watchers();
	u32 watch();
	void unwatch();

	// Read by every message; its own cache line.
	alignas(64) strm_gate gate_{};

	// Written when somebody is turned away.
	alignas(64) SpinLock lock_;
	Fifo fifo_ STRM_GUARDED_BY(lock_);
	u32 exclusive_ STRM_GUARDED_BY(lock_) = 0; // of these entries
	// Somebody works through the FIFO, or will: a procedure that owns the
	// perimeter is not counted, its leave() comes.
	bool draining_ STRM_GUARDED_BY(lock_) = false;

	// Of a counted perimeter.  `owned_` is OWNED of the word, `careful_` is FENCED.
	// `fenced_`: all claims are in the sum, since a fence has been executed by all
	// while the gate was closed, and it has not been open since.
	bool owned_ STRM_GUARDED_BY(lock_) = false;
	bool careful_ STRM_GUARDED_BY(lock_) = true;
	bool fenced_ STRM_GUARDED_BY(lock_) = true;
	bool fencing_ STRM_GUARDED_BY(lock_) = false; // that fence is under way
	u32 watched_ STRM_GUARDED_BY(lock_) = 0;      // processes in qwait()
	const Modes modes_;
	u32 fenced_count_ = 0; // some of the claims since the last owner; whoever is there writes

	Perimeter *outer_ = nullptr;	// immutable
	Entry nested_{};		// in the FIFO of the outer one while it is parked
	Atomic<u32> outer_writers_;	// of our queues, in the outer FIFO; see next_to_run()
	CounterBlock *block_ = nullptr; // that gate_.claims is from; immutable
	GateFence fence_{};		// the fence engine's while fencing_
	DrainWork work_{};		// the runner's; it has a reference then
	Atomic<u32> refs_{ 1 };

	Atomic<u32> returns_; // of procedures, while it is watched
	lin_waitqueue watchers_;
};

// A process that waits its turn.  Lives on its stack.
struct Perimeter::Waiter {
	explicit Waiter(Access wanted) : access(wanted)
	{
		entry.aim(this, Entry::Tag::Waiter);
		lin_init_completion(&granted);
	}

	alignas(8) Entry entry{};
	Access access;
	lin_completion granted;
};

class [[nodiscard]] Perimeter::Watcher : NoCopy {
public:
	Watcher(Perimeter &first, Perimeter &second);
	~Watcher();
	bool wait(bool interruptible); // false: a signal has come; process context

private:
	bool over() const;

	Perimeter *watched_[2];
	u32 since_[2];
};

int perimeter_init();
void perimeter_exit(); // every perimeter is freed by then

} // namespace strm
