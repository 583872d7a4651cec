// SPDX-License-Identifier: GPL-2.0-only
//
// Coming in and going out; the protocol is told in perimeter.hh.  Who works through
// the FIFO is in drain.cc.
#include <perimeter/perimeter.hh>

namespace strm {

namespace {

// Claims that fence for themselves before a perimeter without owners is opened, for
// each CPU: together they cost about what the interrupts cost, when it has to be closed
// again.
constexpr u32 fenced_claims_per_cpu = 128;

constinit LockClass perimeter_lock_class{ "streams_perimeter", {} };
constinit LockClass outer_lock_class{ "streams_outer", {} };
constinit LockClass watchers_lock_class{ "streams_qwait", {} };
constinit void *perimeter_cache; // written at module load and unload only, as is:
constinit u32 fenced_claims;

void trace_wait(const Perimeter *perimeter, u32 appeared, u32 word)
{
	if (appeared & STRM_GATE_PENDING)
		lin_trace_exclusive_wait_begin(perimeter, word);
	if (appeared & STRM_GATE_OWNED)
		lin_trace_exclusive_wait_end(perimeter, word);
}

} // namespace

const constinit Atomic<u32> Perimeter::never_retired;

int perimeter_init()
{
	fenced_claims = fenced_claims_per_cpu * u32(lin_nr_cpu_ids());
	perimeter_cache = lin_kmem_cache_create("streams_perimeter", sizeof(Perimeter),
						alignof(Perimeter));
	return perimeter_cache ? 0 : -12;
}

void perimeter_exit()
{
	lin_kmem_cache_destroy(perimeter_cache);
}

Perimeter *Perimeter::make(LockClass &kind, const Modes &modes, Perimeter *outer)
{
	const bool sole = modes.sole();
	const Counter counter = sole ? Counter{ strm_gate_no_claims(), nullptr } : take_counter();
	void *memory = counter.claims ? lin_kmem_cache_alloc(perimeter_cache, LIN_GFP_USER) :
					nullptr;
	if (!memory) {
		if (counter.block)
			give_counter(counter);
		return nullptr;
	}

	lin_count(LIN_STAT_perimeters_made);
	auto *perimeter = new (memory) Perimeter(kind, modes);
	perimeter->gate_.claims = counter.claims;
	perimeter->block_ = counter.block;
	perimeter->work_.work.run = run_drain;
	perimeter->work_.perimeter = perimeter;
	perimeter->fence_.request.done = fence_done;
	perimeter->fence_.perimeter = perimeter;
	perimeter->nested_.aim(perimeter, Entry::Tag::Nested);
	lin_init_waitqueue_head(&perimeter->watchers_, watchers_lock_class.name,
				&watchers_lock_class.key);
	if (outer) {
		outer->get();
		perimeter->outer_ = outer;
		perimeter->gate_.outer = outer->gate();
	}
	perimeter->gate_.word = perimeter->idle() | (sole ? STRM_GATE_SOLE : STRM_GATE_FENCED);
	return perimeter;
}

Perimeter *Perimeter::create(const Modes &modes, Perimeter *outer)
{
	return make(perimeter_lock_class, modes, outer);
}

Perimeter *Perimeter::create_outer()
{
	return make(outer_lock_class, modes(D_MP), nullptr);
}

Perimeter &Perimeter::of(strm_gate *gate)
{
	static_assert(__builtin_offsetof(Perimeter, gate_) == 0);
	return *reinterpret_cast<Perimeter *>(gate);
}

void Perimeter::get()
{
	refs_.fetch_add(1);
}

void Perimeter::put()
{
	if (refs_.fetch_sub(1) != 1)
		return;
	Perimeter *outer = outer_;
	if (block_)
		give_counter({ gate_.claims, block_ });
	lin_kmem_cache_free(perimeter_cache, this);
	lin_count(LIN_STAT_perimeters_freed);
	if (outer)
		outer->put();
}

Access Perimeter::access_of(const Entry &entry) const
{
	switch (entry.tag()) {
	case Entry::Tag::Message:
		return modes_.put;
	case Entry::Tag::Service:
		return modes_.service;
	case Entry::Tag::Callback:
		return modes_.callback;
	case Entry::Tag::Writer:
	case Entry::Tag::OuterWriter:
		return Access::Exclusive;
	case Entry::Tag::Waiter:
		return entry.target<Waiter>()->access;
	case Entry::Tag::Nested:
		return Access::Shared;
	}
	return Access::Exclusive;
}

// The word of a counted gate says what the other fields say.  Always an exchange: it
// must be visible before the counters are summed up, and pairs with (D) of who claims
// and who leaves.  It also orders what was done inside before an opening.
void Perimeter::publish()
{
	const u32 was = load_relaxed(gate_.word);

	if (was & STRM_GATE_SOLE) {
		// Who enters and leaves changes OWNED beside us.
		u32 found = was;
		u32 word;
		do {
			word = found & ~u32(STRM_GATE_PENDING | STRM_GATE_WATCHED);
			word |= fifo_.empty() ? 0 : STRM_GATE_PENDING;
			word |= watched_ ? STRM_GATE_WATCHED : 0;
			if (word == found)
				return; // the line is not taken from who is inside
		} while (!__atomic_compare_exchange_n(&gate_.word, &found, word, false,
						      __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
		return;
	}

	u32 word = idle();
	word |= owned_ ? STRM_GATE_OWNED : 0;
	word |= exclusive_ ? STRM_GATE_PENDING : 0;
	word |= draining_ || !fifo_.empty() ? STRM_GATE_BACKLOG : 0;
	word |= careful_ ? STRM_GATE_FENCED : 0;
	word |= watched_ ? STRM_GATE_WATCHED : 0;
	if (word == was)
		return;
	if (word == idle())
		fenced_ = false; // who comes in from now on may not be in the sum
	__atomic_exchange_n(&gate_.word, word, __ATOMIC_SEQ_CST);
	if (strm_trace_perimeter_on) [[unlikely]]
		trace_wait(this, word & ~was, word);
}

bool Perimeter::owned() const
{
	return load_relaxed(gate_.word) & STRM_GATE_OWNED;
}

// Of a sole perimeter, unless its word has one of these.
bool Perimeter::take_sole(u32 obstacles)
{
	u32 word = load_relaxed(gate_.word);
	do {
		if (word & obstacles)
			return false;
	} while (!__atomic_compare_exchange_n(&gate_.word, &word, word | STRM_GATE_OWNED, false,
					      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	return true;
}

// Of a counted perimeter: nobody comes in any more, PENDING says so.  Is everybody out?
bool Perimeter::become_owner()
{
	if (sole())
		return take_sole(STRM_GATE_OWNED);
	if (!fenced_) {
		ask_for_fence();
		return false;
	}
	if (strm_gate_sum(&gate_) != 0)
		return false;
	owned_ = true;
	careful_ = true;
	store_relaxed(fenced_count_, 0u);
	return true;
}

void Perimeter::ask_for_fence()
{
	if (fencing_)
		return;
	fencing_ = true;
	careful_ = true; // the gate is not open before it is done
	publish();
	lin_count(LIN_STAT_gate_closes);
	get();
	fence_request(fence_.request);
}

void Perimeter::fence_done(FenceRequest &request)
{
	Perimeter *perimeter = reinterpret_cast<GateFence &>(request).perimeter;
	{
		SpinGuard guard(perimeter->lock_);
		perimeter->fencing_ = false;
		perimeter->fenced_ = true;
		perimeter->advance();
	}
	perimeter->put();
}

// Enough claims have paid for the next fence.  On PREEMPT_RT no round is cheap
// (fence.cc), and gates stay as they are.
void Perimeter::fenced_claim()
{
	if constexpr (LIN_PREEMPT_RT)
		return;
	const u32 count = load_relaxed(fenced_count_) + 1; // some are not counted
	store_relaxed(fenced_count_, count);
	if (count >= fenced_claims)
		open_now();
}

void Perimeter::open_now()
{
	SpinGuard guard(lock_);
	store_relaxed(fenced_count_, 0u);
	if (fencing_ || exclusive_ || owned_)
		return;
	careful_ = false;
	publish();
}

bool Perimeter::try_enter_here(Access access, bool backlog)
{
	if (sole())
		return take_sole(STRM_GATE_OWNED | STRM_GATE_PENDING);
	if (access == Access::Exclusive)
		return false;

	const u32 word = strm_gate_claim(&gate_);
	if (word & (STRM_GATE_OWNED | STRM_GATE_PENDING) ||
	    ((word & STRM_GATE_BACKLOG) && backlog)) {
		give_back();
		return false;
	}
	if (word & STRM_GATE_FENCED)
		fenced_claim();
	return true;
}

void Perimeter::give_back()
{
	if (!strm_gate_give_back(&gate_))
		kick();
}

bool Perimeter::pass_outer()
{
	return !outer_ || outer_->try_enter_here(Access::Shared, false);
}

void Perimeter::release_outer()
{
	if (outer_)
		outer_->give_back();
}

// The outer one second: whoever has left the inner one, with a writer that waits at the
// outer one, is seen there.
bool Perimeter::try_enter(Access access, bool backlog)
{
	if (!try_enter_here(access, backlog))
		return false;
	if (pass_outer())
		return true;
	if (sole())
		turn_back();
	else
		give_back();
	return false;
}

// The owner of a sole perimeter has not passed the outer gate.
void Perimeter::turn_back()
{
	SpinGuard guard(lock_);
	leave_locked(Access::Exclusive);
	advance(); // somebody may have queued up behind it
}

// As try_enter_here(), and exclusively too, if nobody waits.
bool Perimeter::enter_locked(Access access, bool backlog)
{
	if (sole())
		return fifo_.empty() && take_sole(STRM_GATE_OWNED);

	const bool somebody = draining_ || !fifo_.empty();
	if (owned_ || exclusive_ || (somebody && (backlog || access == Access::Exclusive)))
		return false;
	if (access == Access::Shared) {
		strm_gate_count(&gate_);
		return true;
	}
	exclusive_++;
	publish();
	const bool alone = become_owner();
	exclusive_--;
	publish();
	return alone;
}

// Undoes enter_locked().
void Perimeter::leave_locked(Access access)
{
	if (sole())
		__atomic_and_fetch(&gate_.word, ~u32(STRM_GATE_OWNED), __ATOMIC_RELEASE);
	else if (access == Access::Shared)
		strm_gate_uncount(&gate_);
	else
		owned_ = false;
}

Perimeter::Deferred Perimeter::defer(Entry &entry, bool backlog, const Atomic<u32> &retired)
{
	const Access access = access_of(entry);
	SpinGuard guard(lock_);

	if (retired.relaxed())
		return Deferred::Gone;
	if (enter_locked(access, backlog)) {
		if (pass_outer())
			return Deferred::Entered;
		leave_locked(access);
	}
	push(entry);
	advance();
	return Deferred::Queued;
}

bool Perimeter::put_off(Entry &entry, const Atomic<u32> &retired)
{
	SpinGuard guard(lock_);

	if (retired.relaxed())
		return false;
	push(entry);
	advance();
	return true;
}

void Perimeter::leave(Access access)
{
	if (access == Access::Shared) {
		if (!strm_gate_give_back(&gate_))
			left();
		release_outer();
		return;
	}
	if (leave_sole())
		return;
	if (load_relaxed(gate_.word) & STRM_GATE_WATCHED)
		wake_watchers();
	drain();
}

// Nobody waits, or watches.
bool Perimeter::leave_sole()
{
	u32 owned = idle() | STRM_GATE_SOLE | STRM_GATE_OWNED;

	if (load_relaxed(gate_.word) != owned ||
	    !__atomic_compare_exchange_n(&gate_.word, &owned, owned & ~u32(STRM_GATE_OWNED), false,
					 __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		return false;
	release_outer();
	return true;
}

void Perimeter::enter(Access access)
{
	Waiter waiter(access);
	{
		BottomHalvesOff off;
		if (try_enter(access, false))
			return;
		if (defer(waiter.entry, false, never_retired) == Deferred::Entered)
			return;
	}
	lin_count(LIN_STAT_perimeter_sleeps);
	lin_wait_for_completion(&waiter.granted);
}

void Perimeter::exit(Access access)
{
	BottomHalvesOff off;

	if (access == Access::Shared) {
		give_back();
		release_outer();
	} else if (!leave_sole()) {
		drain();
	}
}

void Perimeter::downgrade()
{
	SpinGuard guard(lock_);
	strm_gate_count(&gate_);
	owned_ = false;
	publish();
	advance();
}

void Perimeter::lend_outer()
{
	BottomHalvesOff off;
	release_outer();
}

void Perimeter::claim_outer_again()
{
	if (outer_)
		outer_->count_again();
}

// One claim more beside another, of somebody who may give it back on another CPU.  Under
// the lock: it must not come in between the counters that a sum adds up.
void Perimeter::count_again()
{
	SpinGuard guard(lock_);
	strm_gate_count(&gate_);
}

// The claim of the caller is in the sum.
Perimeter::Writing Perimeter::begin_writing()
{
	SpinGuard guard(lock_);

	if (owned())
		return Writing::Owned;
	if (exclusive_ || !fenced_)
		return Writing::Refused;
	exclusive_++;
	publish();
	owned_ = strm_gate_sum(&gate_) == 1;
	exclusive_--;
	careful_ = true;
	store_relaxed(fenced_count_, 0u);
	publish();
	return owned_ ? Writing::Alone : Writing::Refused;
}

void Perimeter::defer_writer(Entry &entry, Perimeter *held)
{
	SpinGuard guard(lock_);

	if (held)
		held->outer_writers_.fetch_add(1); // under this lock; see next_to_run()
	push(entry);
	if (!fenced_)
		ask_for_fence();
}

void Perimeter::end_writing(Writing how)
{
	if (how != Writing::Alone)
		return;
	SpinGuard guard(lock_);
	owned_ = false;
	publish();
	advance();
}

bool Perimeter::retire(const void *low, const void *high, Atomic<u32> *retired, int count,
		       Entry *&taken)
{
	SpinGuard guard(lock_);

	taken = fifo_.take([&](const Entry &entry) {
		if (entry.tag() == Entry::Tag::Waiter || entry.tag() == Entry::Tag::Nested)
			return false;
		const void *queue = queue_of_entry(entry);
		return queue >= low && queue <= high;
	});
	for (const Entry *entry = taken; entry; entry = entry->next)
		exclusive_ -= exclusive(*entry);
	publish();
	if (taken)
		return false;
	for (int i = 0; i < count; i++)
		retired[i].set_relaxed(1);
	advance(); // what was in front may have been taken
	return true;
}

Perimeter::Picture Perimeter::picture()
{
	constexpr int most_counted = 1000; // a long FIFO holds up who has more to do
	Picture now{};
	int left = most_counted;

	now.word = load_relaxed(gate_.word);
	now.claims = sole() ? 0 : strm_gate_sum(&gate_);
	now.references = refs_.relaxed();

	SpinGuard guard(lock_);
	fifo_.for_each([&](const Entry &entry) {
		if (--left < 0)
			return false;
		now.waiting[static_cast<uintptr_t>(entry.tag())]++;
		return true;
	});
	return now;
}

} // namespace strm

// From hop.c: a claim was undone, and the gate was not open.
extern "C" void strm_gate_kick(strm_gate *gate)
{
	strm::Perimeter::of(gate).kick();
}

// A procedure has returned, and the gate is not open.
extern "C" void strm_gate_left(strm_gate *gate)
{
	strm::Perimeter::of(gate).left();
}

extern "C" void strm_gate_fenced_claim(strm_gate *gate)
{
	strm::Perimeter::of(gate).fenced_claim();
}

// The owner of a sole perimeter leaves, and somebody waits, or watches.
extern "C" void strm_gate_leave_alone(strm_gate *gate)
{
	strm::Perimeter::of(gate).leave(strm::Access::Exclusive);
}

// It has not passed the outer gate, and somebody waits behind it.
extern "C" void strm_gate_turn_back(strm_gate *gate)
{
	strm::Perimeter::of(gate).turn_back();
}
