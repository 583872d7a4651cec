// SPDX-License-Identifier: GPL-2.0-only
//
// Who works through the FIFO of a perimeter, and when.
//
// Somebody is always responsible for an entry that waits: the procedure that owns
// the perimeter (it drains on its way out), or the drainer (draining_), or the last
// of those who are inside, who will find PENDING and kick.  advance() is called
// wherever none of these may be left, and makes one.
#include <perimeter/perimeter.hh>

namespace strm {

namespace {

// Entries run in one go before the rest is left to softirq.
constexpr int drain_budget = 64;

constexpr const char *name_of(Entry::Tag tag)
{
	switch (tag) {
	case Entry::Tag::Message:
		return "message";
	case Entry::Tag::Service:
		return "service";
	case Entry::Tag::Callback:
		return "callback";
	case Entry::Tag::Writer:
	case Entry::Tag::OuterWriter:
		return "qwriter";
	case Entry::Tag::Waiter:
		return "process";
	case Entry::Tag::Nested:
		return "inner";
	}
	return "";
}

} // namespace

void Perimeter::push(Entry &entry)
{
	fifo_.push(entry);
	exclusive_ += exclusive(entry);
	publish();
	if (strm_trace_perimeter_on) [[unlikely]]
		lin_trace_defer(this, load_relaxed(gate_.word), name_of(entry.tag()));
}

Entry &Perimeter::pop()
{
	Entry &entry = fifo_.pop();
	exclusive_ -= exclusive(entry);
	return entry;
}

// Nobody inside: the claims have gone, or a fence is done, or an entry has come.
void Perimeter::advance()
{
	if (draining_ || owned() || fifo_.empty())
		return;
	if (exclusive(*fifo_.front())) {
		if (!become_owner())
			return;
	} else {
		strm_gate_count(&gate_);
	}
	draining_ = true;
	publish();
	if (pass_outer() || park())
		hand_to_runner();
}

void Perimeter::hand_to_runner()
{
	get();
	runner_add(work_.work);
}

void Perimeter::run_drain(Work &work)
{
	Perimeter *perimeter = reinterpret_cast<DrainWork &>(work).perimeter;
	perimeter->drain();
	perimeter->put();
}

// The outer gate is closed, or shall not be passed yet.  True: it has opened
// meanwhile, and we have a claim; else admit() goes on when it is our turn.
bool Perimeter::park()
{
	get();
	if (outer_->defer(nested_, false, never_retired) == Deferred::Queued)
		return false;
	put();
	return true;
}

void Perimeter::kick()
{
	lin_smp_mb(); // (D): the claim is gone before the look at who waits
	if (!(load_relaxed(gate_.word) & STRM_GATE_PENDING))
		return;
	SpinGuard guard(lock_);
	advance();
}

void Perimeter::left()
{
	if (load_relaxed(gate_.word) & STRM_GATE_WATCHED)
		wake_watchers();
	kick();
}

// The caller owns the perimeter, or is the drainer with a claim, and has nothing more
// to do in it.  With an outer one, it has a claim of that.
void Perimeter::drain()
{
	int budget = drain_budget;

	if (strm_trace_perimeter_on) [[unlikely]]
		lin_trace_drain_begin(this, load_relaxed(gate_.word));
	for (;;) {
		Entry *batch;
		{
			SpinGuard guard(lock_);
			batch = next_to_run(budget);
		}
		if (!batch)
			break; // whoever is responsible now, it is not we
		budget += run(batch);
	}
	if (strm_trace_perimeter_on) [[unlikely]]
		lin_trace_drain_end(this, load_relaxed(gate_.word),
				    unsigned(drain_budget - budget));
}

// What was taken in one turn of the lock, unless somebody comes who wants to be before
// the rest.  Returns how many were given back.
int Perimeter::run(Entry *batch)
{
	while (batch) {
		Entry *entry = batch;
		batch = entry->next;
		run_entry(*entry, batch);
		const u32 word = load_relaxed(gate_.word);
		if (word & STRM_GATE_WATCHED)
			wake_watchers();
		if (batch && ((!(word & STRM_GATE_SOLE) && (word & STRM_GATE_PENDING)) ||
			      outer_wants_us_out(0))) {
			SpinGuard guard(lock_);
			return give_back_batch(batch);
		}
	}
	return 0;
}

// One, and what follows it where nobody wants to be alone in between.
Entry *Perimeter::take_batch(int &budget)
{
	Entry *first = &pop();
	Entry **last = &first->next;

	if (joins_others(*first) && (sole() || !exclusive_)) {
		while (budget > 0 && !fifo_.empty() && joins_others(*fifo_.front())) {
			*last = &pop();
			last = &(*last)->next;
			budget--;
		}
	}
	*last = nullptr;
	return first;
}

bool Perimeter::joins_others(const Entry &entry) const
{
	switch (entry.tag()) {
	case Entry::Tag::Message:
	case Entry::Tag::Service:
	case Entry::Tag::Callback:
		return sole() || !exclusive(entry);
	case Entry::Tag::Writer:
	case Entry::Tag::OuterWriter:
	case Entry::Tag::Waiter:
	case Entry::Tag::Nested:
		break;
	}
	return false;
}

int Perimeter::give_back_batch(Entry *batch)
{
	int count = 0;

	for (const Entry *entry = batch; entry; entry = entry->next) {
		exclusive_ += exclusive(*entry);
		count++;
	}
	fifo_.push_front(*batch);
	publish();
	return count;
}

Entry *Perimeter::next_to_run(int &budget)
{
	while (!fifo_.empty()) {
		if (exclusive(*fifo_.front()) ? !turn_exclusive() : !turn_shared()) {
			release_outer();
			return nullptr;
		}
		// Asked only now: who has left, and made us the owner, may have left a
		// writer behind.
		if (outer_wants_us_out(budget)) {
			draining_ = true;
			publish();
			const bool again = park();
			release_outer(); // the claim that we had
			if (!again)
				return nullptr;
			continue;
		}
		if (budget-- == 0) {
			draining_ = true;
			publish();
			get();
			lin_count(LIN_STAT_drains_continued);
			runner_add_later(work_.work);
			return nullptr;
		}
		const Entry::Tag tag = fifo_.front()->tag();
		if (tag != Entry::Tag::Waiter && tag != Entry::Tag::Nested) {
			Entry *batch = take_batch(budget);
			publish();
			return batch;
		}
		if (!admit(pop()))
			return nullptr;
	}
	rest();
	return nullptr;
}

// A writer of one of our queues waits at the outer perimeter: nobody gets in here
// before it.  Or others want that, and we have had a share of what we want.
bool Perimeter::outer_wants_us_out(int budget) const
{
	return outer_ &&
	       (outer_writers_.acquire() ||
		(budget != drain_budget &&
		 load_relaxed(outer_->gate_.word) & (STRM_GATE_PENDING | STRM_GATE_OWNED)));
}

// From being the drainer under a claim to being the owner.  False: somebody else is
// inside, and will kick.
bool Perimeter::turn_exclusive()
{
	if (owned())
		return true;
	strm_gate_uncount(&gate_);
	draining_ = false;
	if (become_owner())
		return true;
	publish();
	return false;
}

bool Perimeter::turn_shared()
{
	if (owned_) {
		strm_gate_count(&gate_);
		owned_ = false;
		draining_ = true;
	}
	return true;
}

// Who asked for it is inside now.  False: it is the owner, and so we are not.
bool Perimeter::admit(Entry &entry)
{
	if (entry.tag() == Entry::Tag::Nested) {
		strm_gate_count(&gate_);
		publish();
		// It has the reference that it took when it parked.
		runner_add(entry.target<Perimeter>()->work_.work);
		return true;
	}

	auto *waiter = entry.target<Waiter>();
	const bool alone = waiter->access == Access::Exclusive;
	if (alone) {
		draining_ = false; // the owner is, from now on
	} else {
		strm_gate_count(&gate_);
		if (outer_)
			outer_->count_again(); // beside ours
	}
	publish();
	lin_complete(&waiter->granted);
	return !alone;
}

// Nobody waits: the gate opens, under the lock under which every ticket is taken.
void Perimeter::rest()
{
	draining_ = false;
	if (sole()) {
		publish();
		__atomic_and_fetch(&gate_.word, ~u32(STRM_GATE_OWNED), __ATOMIC_RELEASE);
	} else {
		if (!owned_)
			strm_gate_uncount(&gate_);
		owned_ = false;
		publish();
	}
	release_outer();
}

// All that waits now, for an owner of the outer perimeter, beside whom nobody is in
// here.  What comes meanwhile waits for its turn.
void Perimeter::run_waiting()
{
	int count = 0;
	{
		SpinGuard guard(lock_);
		fifo_.for_each([&](const Entry &) {
			count++;
			return true;
		});
	}
	while (count-- > 0) {
		BottomHalvesOff off;
		Entry *entry;
		{
			SpinGuard guard(lock_);
			entry = fifo_.empty() ? nullptr : &pop();
			publish();
		}
		if (!entry)
			break;
		run_entry(*entry, nullptr);
	}
	SpinGuard guard(lock_);
	advance(); // the one that nobody was responsible for may have been taken
}

} // namespace strm
