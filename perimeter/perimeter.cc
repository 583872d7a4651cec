// SPDX-License-Identifier: GPL-2.0-only
//
// The protocol that perimeter.hh tells in prose.
#include <perimeter/perimeter.hh>

namespace strm {

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

namespace {

// Entries run by one owner before it leaves the rest to the softirq.
constexpr int drain_budget = 64;

constinit LockClass perimeter_lock_class{ "streams_perimeter", {} };
constinit void *perimeter_cache; // written at module load and unload only

} // namespace

int perimeter_init()
{
	perimeter_cache = lin_kmem_cache_create("streams_perimeter", sizeof(Perimeter),
						alignof(Perimeter));
	return perimeter_cache ? 0 : -12;
}

void perimeter_exit()
{
	lin_kmem_cache_destroy(perimeter_cache);
}

Perimeter *Perimeter::create(bool sole)
{
	void *memory = lin_kmem_cache_alloc(perimeter_cache, LIN_GFP_USER);
	if (!memory)
		return nullptr;

	lin_count(LIN_STAT_perimeters_made);
	auto *perimeter = new (memory) Perimeter(perimeter_lock_class);
	perimeter->work_.work.run = run_drain;
	perimeter->work_.perimeter = perimeter;
	perimeter->fence_.request.done = fence_done;
	perimeter->fence_.perimeter = perimeter;
	if (sole) {
		perimeter->gate_.word = STRM_GATE_SOLE;
		perimeter->gate_.claims = strm_gate_no_claims();
		return perimeter;
	}
	const Counter counter = take_counter();
	perimeter->gate_.claims = counter.claims;
	perimeter->block_ = counter.block;
	if (!counter.claims) {
		lin_count(LIN_STAT_perimeters_freed);
		lin_kmem_cache_free(perimeter_cache, perimeter);
		return nullptr;
	}
	return perimeter;
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
	if (!sole())
		give_counter({ gate_.claims, block_ });
	lin_kmem_cache_free(perimeter_cache, this);
	lin_count(LIN_STAT_perimeters_freed);
}

bool Perimeter::try_enter(Access access)
{
	if (!sole())
		return access == Access::Shared && strm_gate_try_share(&gate_);

	u32 open = STRM_GATE_SOLE;
	return __atomic_compare_exchange_n(&gate_.word, &open, STRM_GATE_SOLE | STRM_GATE_OWNED,
					   false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void Perimeter::leave(Access access)
{
	if (access == Access::Shared) {
		strm_gate_unshare(&gate_);
		return;
	}
	if (sole()) {
		u32 owned = STRM_GATE_SOLE | STRM_GATE_OWNED;
		if (__atomic_compare_exchange_n(&gate_.word, &owned, STRM_GATE_SOLE, false,
						__ATOMIC_RELEASE, __ATOMIC_RELAXED))
			return;
	}
	drain();
}

void Perimeter::append(Entry &entry)
{
	entry.next = nullptr;
	*last_ = &entry;
	last_ = &entry.next;
}

// From here on newcomers turn away.  Exchange, and not a store: it must be
// visible before the fence is asked for.
void Perimeter::close_gate()
{
	if (gate_.word & STRM_GATE_PENDING)
		return;
	fenced_ = false;
	lin_count(LIN_STAT_gate_closes);
	__atomic_exchange_n(&gate_.word, STRM_GATE_PENDING, __ATOMIC_SEQ_CST);
	fence_request(fence_.request);
}

// The release pairs with the acquiring loads of those who come in: strm_claim()
// of claim.h, and the exchange of try_enter().
void Perimeter::open_gate()
{
	fenced_ = false;
	store_release(gate_.word, sole() ? u32(STRM_GATE_SOLE) : 0u);
}

// May the caller append to the FIFO and rely on somebody to run it?  If not,
// it can enter right now.
bool Perimeter::take_ticket(Access access)
{
	if (!sole()) {
		if (access == Access::Shared && !(load_relaxed(gate_.word) & STRM_GATE_PENDING))
			return false;
		close_gate();
		return true;
	}

	u32 word = load_relaxed(gate_.word);
	do {
		if (!(word & STRM_GATE_OWNED))
			return false;
	} while (!__atomic_compare_exchange_n(&gate_.word, &word, word | STRM_GATE_PENDING, false,
					      __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return true;
}

Perimeter::Deferred Perimeter::defer(Entry &entry, Access access, const Atomic<u32> &retired)
{
	SpinGuard guard(lock_);

	if (retired.relaxed())
		return Deferred::Gone;
	if (!take_ticket(access))
		return Deferred::Retry;
	append(entry);
	return Deferred::Queued;
}

void Perimeter::enter(Access access)
{
	{
		BottomHalvesOff off;
		if (try_enter(access))
			return;
	}
	wait_to_enter(access);
}

void Perimeter::wait_to_enter(Access access)
{
	Waiter waiter(access);

	for (;;) {
		BottomHalvesOff off;
		if (try_enter(access))
			return;
		SpinGuard guard(lock_);
		if (take_ticket(access)) {
			append(waiter.entry);
			break;
		}
	}
	lin_count(LIN_STAT_perimeter_sleeps);
	lin_wait_for_completion(&waiter.granted);
}

void Perimeter::exit(Access access)
{
	BottomHalvesOff off;
	leave(access);
}

void Perimeter::upgrade(Access held)
{
	if (held == Access::Exclusive)
		return;
	exit(Access::Shared);
	enter(Access::Exclusive);
}

void Perimeter::downgrade(Access held)
{
	if (held == Access::Exclusive)
		return;
	BottomHalvesOff off;
	SpinGuard guard(lock_);
	admit_shared();
}

// The owner becomes one shared claim.  Processes that wait for shared entry
// come in beside it; whoever is next after them gets the perimeter when the
// claims are gone.
void Perimeter::admit_shared()
{
	strm_gate_count(&gate_);
	while (first_ && first_->tag() == Entry::Tag::Waiter &&
	       first_->target<Waiter>()->access == Access::Shared) {
		auto *waiter = next_to_run()->target<Waiter>();
		strm_gate_count(&gate_);
		lin_complete(&waiter->granted);
	}
	if (first_)
		store_release(gate_.word, u32(STRM_GATE_PENDING)); // fenced_ stays true
	else
		open_gate();
}

Entry *Perimeter::next_to_run()
{
	Entry *entry = first_;
	if (entry) {
		first_ = entry->next;
		if (!first_)
			last_ = &first_;
	}
	return entry;
}

// The caller owns the perimeter and has nothing more to do in it.
void Perimeter::drain()
{
	for (int budget = drain_budget; budget > 0; budget--) {
		Entry *entry;
		{
			SpinGuard guard(lock_);
			entry = next_to_run();
			if (!entry) {
				open_gate();
				return;
			}
			if (entry->tag() == Entry::Tag::Waiter) {
				auto *waiter = entry->target<Waiter>();
				if (waiter->access == Access::Shared)
					admit_shared();
				lin_complete(&waiter->granted);
				return;
			}
		}
		run_entry(*entry);
	}
	lin_count(LIN_STAT_drains_continued);
	runner_add(work_.work); // still owned
}

void Perimeter::kick()
{
	{
		SpinGuard guard(lock_);
		if (load_relaxed(gate_.word) != STRM_GATE_PENDING || !fenced_ ||
		    strm_gate_sum(&gate_) != 0)
			return;
		store_relaxed(gate_.word, u32(STRM_GATE_PENDING | STRM_GATE_OWNED));
	}
	runner_add(work_.work);
}

void Perimeter::run_drain(Work &work)
{
	reinterpret_cast<DrainWork &>(work).perimeter->drain();
}

void Perimeter::fence_done(FenceRequest &request)
{
	Perimeter *perimeter = reinterpret_cast<GateFence &>(request).perimeter;
	{
		SpinGuard guard(perimeter->lock_);
		perimeter->fenced_ = true;
	}
	perimeter->kick();
}

Perimeter::Picture Perimeter::picture()
{
	constexpr int most_counted = 1000; // a long FIFO holds up who has more to do
	Picture now{ .word = load_relaxed(gate_.word),
		     .claims = sole() ? 0 : strm_gate_sum(&gate_),
		     .references = refs_.relaxed(),
		     .messages = 0,
		     .services = 0,
		     .processes = 0 };
	int left = most_counted;

	SpinGuard guard(lock_);
	for (const Entry *entry = first_; entry && left > 0; entry = entry->next, left--) {
		switch (entry->tag()) {
		case Entry::Tag::Message:
			now.messages++;
			break;
		case Entry::Tag::Service:
			now.services++;
			break;
		case Entry::Tag::Waiter:
			now.processes++;
			break;
		}
	}
	return now;
}

bool Perimeter::retire(const void *low, const void *high, Atomic<u32> &retired, Entry *&taken)
{
	SpinGuard guard(lock_);
	Entry **tail = &taken;

	taken = nullptr;
	for (Entry **link = &first_; *link;) {
		Entry *entry = *link;
		const void *target = entry->target<void>();
		if (entry->tag() == Entry::Tag::Waiter || target < low || target > high) {
			link = &entry->next;
			continue;
		}
		*link = entry->next;
		entry->next = nullptr;
		*tail = entry;
		tail = &entry->next;
	}
	last_ = &first_;
	while (*last_)
		last_ = &(*last_)->next;
	if (taken)
		return false;
	retired.set_relaxed(1);
	return true;
}

} // namespace strm

// From claim.c: a leaver, or an entrant that turned away, saw the gate not open.
extern "C" void strm_gate_kick(strm_gate *gate)
{
	strm::Perimeter::of(gate).kick();
}
