// SPDX-License-Identifier: GPL-2.0-only
//
// The perimeter, step by step on one CPU: claims, the gate, the FIFO behind it,
// and who gets the perimeter next.  The last two cases use a second CPU where
// there is one.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

constexpr int put_shared = D_MP | D_MTQPAIR | D_MTPUTSHARED;

unsigned claims(Pair &pair)
{
	return strm_gate_sum(pair.perimeter().gate());
}

// But for FENCED and BACKLOG, which say how to come in beside others.
u32 gate(Pair &pair)
{
	return load_relaxed(pair.perimeter().gate()->word) &
	       ~u32(STRM_GATE_FENCED | STRM_GATE_BACKLOG);
}

bool enters(Pair &pair, Access access)
{
	BottomHalvesOff off;
	const bool entered = pair.perimeter().try_enter(access, false);
	if (entered)
		pair.perimeter().leave(access);
	return entered;
}

void shared_claims_are_counted(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	for (unsigned i = 1; i <= 3; i++) {
		pair.perimeter().enter(S);
		EXPECT_EQ(test, claims(pair), i);
	}
	EXPECT(test, !enters(pair, X)); // never without waiting
	EXPECT_EQ(test, gate(pair), 0);
	for (unsigned i = 3; i-- > 0;) {
		pair.perimeter().exit(S);
		EXPECT_EQ(test, claims(pair), i);
	}
}

void a_put_procedure_runs_inside_one_claim(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	unsigned inside = 0;
	pair.up.more = &inside;
	pair.up.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
		*static_cast<unsigned *>(watch.more) = strm_gate_sum(q->q_gate);
		freemsg(mp);
	};
	put(pair.rd(), letter('a'));
	EXPECT_EQ(test, inside, 1);
	EXPECT_EQ(test, claims(pair), 0);
}

void an_owner_waits_for_the_last_shared_claim(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.perimeter().enter(S);
	pair.perimeter().enter(S);
	Insider owner(pair.perimeter(), X);
	EXPECT(test, owner.waits());
	EXPECT_EQ(test, gate(pair), STRM_GATE_PENDING);
	pair.perimeter().exit(S);
	strm_test_softirqs();
	EXPECT(test, owner.waits());
	pair.perimeter().exit(S);
	EXPECT(test, owner.is_inside());
	EXPECT_EQ(test, claims(pair), 0);
	EXPECT(test, !enters(pair, S));
	EXPECT(test, owner.has_left());
	EXPECT_EQ(test, gate(pair), 0);
	EXPECT(test, enters(pair, S));
}

void newcomers_queue_behind_who_waits(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.perimeter().enter(S);
	Insider owner(pair.perimeter(), X);
	EXPECT(test, owner.waits());
	for (char c : List{ 'a', 'b', 'c' })
		put(pair.rd(), letter(c));
	EXPECT_TEXT(test, pair.up.seen, "");
	pair.perimeter().exit(S);
	EXPECT(test, owner.is_inside());
	put(pair.rd(), letter('d'));
	EXPECT_TEXT(test, pair.up.seen, "");
	EXPECT(test, owner.has_left());
	EXPECT_TEXT(test, pair.up.seen, "abcd");
	put(pair.rd(), letter('e'));
	EXPECT_TEXT(test, pair.up.seen, "abcde");
}

void the_fifo_interleaves_messages_and_processes(kunit *test)
{
	Pair pair(passing, sole_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.perimeter().enter(X);
	put(pair.rd(), letter('a'));
	Insider first(pair.perimeter(), X);
	EXPECT(test, first.waits());
	put(pair.wr(), letter('b'));
	put(pair.rd(), letter('c'));
	Insider second(pair.perimeter(), X);
	EXPECT(test, second.waits());
	put(pair.rd(), letter('d'));

	pair.perimeter().exit(X);
	EXPECT(test, first.is_inside());
	EXPECT_TEXT(test, pair.up.seen, "a");
	EXPECT(test, first.has_left());
	EXPECT(test, second.is_inside());
	EXPECT_TEXT(test, pair.up.seen, "ac");
	EXPECT_TEXT(test, pair.down.seen, "b");
	EXPECT(test, second.has_left());
	EXPECT_TEXT(test, pair.up.seen, "acd");
	EXPECT_EQ(test, gate(pair), STRM_GATE_SOLE);
}

void an_owned_perimeter_lets_nobody_in(kunit *test)
{
	for (int flags : List{ sole_pair, put_shared }) {
		Pair pair(passing, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		pair.perimeter().enter(X);
		EXPECT(test, !enters(pair, X));
		if (!pair.perimeter().sole())
			EXPECT(test, !enters(pair, S));
		put(pair.rd(), letter('a'));
		EXPECT_TEXT(test, pair.up.seen, "");
		pair.perimeter().exit(X);
		EXPECT_TEXT(test, pair.up.seen, "a");
	}
}

// Back into the perimeter that the thread is in: later, in order, and not on
// the stack of the first.
void coming_back_to_a_sole_perimeter_is_deferred(kunit *test)
{
	Pair pair(passing, sole_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.up.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
		const size_t length = watch.seen.length;
		if (letter_of(mp) == 'x') {
			put(q, letter('1'));
			put(q, letter('2'));
		} else if (letter_of(mp) == '1') {
			put(q, letter('3'));
		}
		if (watch.seen.length != length)
			watch.services = -1; // something ran inside this call
		freemsg(mp);
	};
	put(pair.rd(), letter('x'));
	EXPECT_TEXT(test, pair.up.seen, "x123");
	EXPECT_EQ(test, pair.up.services, 0);
}

void a_neighbours_reply_comes_after_the_procedure_that_asked(kunit *test)
{
	Pair head(passing);
	Pair driver(passing, D_MP, &head);
	Pair module(passing, sole_pair, &head);
	if (!EXPECT(test, head && driver && module))
		return;
	driver.down.on_put = [](Watch &, queue_t *q, mblk_t *mp) { qreply(q, mp); };
	module.up.on_put = pass;
	module.down.more = &module.up;
	module.down.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
		putnext(q, mp);
		if (static_cast<Watch *>(watch.more)->seen.length)
			watch.services = -1;
	};
	putnext(head.wr(), letter('a'));
	EXPECT_EQ(test, module.down.services, 0);
	EXPECT_TEXT(test, driver.down.seen, "a");
	EXPECT_TEXT(test, module.up.seen, "a");
	EXPECT_TEXT(test, head.up.seen, "a");
}

void a_shared_perimeter_is_entered_again_at_once(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.up.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
		if (letter_of(mp) == 'x') {
			put(q, letter('1'));
			watch.seen.add('>');
		}
		freemsg(mp);
	};
	put(pair.rd(), letter('x'));
	EXPECT_TEXT(test, pair.up.seen, "x1>");
}

struct Numbers {
	int next = 0;
	int out_of_order = 0;
};

mblk_t *numbered(int i)
{
	mblk_t *mp = allocb(sizeof(int), BPRI_MED);
	if (mp) {
		__builtin_memcpy(mp->b_wptr, &i, sizeof(i));
		mp->b_wptr += sizeof(i);
	}
	return mp;
}

void expect_next(Watch &watch, queue_t *, mblk_t *mp)
{
	auto &numbers = *static_cast<Numbers *>(watch.more);
	int i;
	__builtin_memcpy(&i, mp->b_rptr, sizeof(i));
	numbers.out_of_order += i != numbers.next++;
	freemsg(mp);
}

void a_long_fifo_is_continued_in_softirq_in_order(kunit *test)
{
	Pair pair(passing, sole_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	Numbers numbers;
	pair.up.more = &numbers;
	pair.up.on_put = expect_next;
	pair.perimeter().enter(X);
	for (int i = 0; i < 300; i++)
		put(pair.rd(), numbered(i));
	EXPECT_EQ(test, numbers.next, 0);
	int after_leaving, after_one_more;
	{
		BottomHalvesOff off;
		pair.perimeter().leave(X);
		after_leaving = numbers.next;
		put(pair.rd(), numbered(300)); // behind the others
		after_one_more = numbers.next;
	}
	EXPECT(test, after_leaving > 0 && after_leaving < 300);
	EXPECT_EQ(test, after_one_more, after_leaving);
	EXPECT(test, eventually([&] { return numbers.next == 301; }));
	EXPECT_EQ(test, numbers.out_of_order, 0);
	EXPECT_EQ(test, gate(pair), STRM_GATE_SOLE);
}

void a_service_procedure_waits_for_the_owner(kunit *test)
{
	Pair pair(serving, sole_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.perimeter().enter(X);
	qenable(pair.rd());
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 0);
	qenable(pair.rd()); // it has not run yet: one run serves both
	pair.perimeter().exit(X);
	strm_test_softirqs();
	EXPECT(test, pair.up.services >= 1 && pair.up.services <= 2);
	const int services = pair.up.services;
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, services);
}

// Put is shared, service is not: the gate closes for it.
void an_exclusive_service_runs_alone_and_in_its_turn(kunit *test)
{
	Pair pair(serving, put_shared);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.up.on_service = [](Watch &watch, queue_t *q) {
		watch.seen.add(strm_gate_sum(q->q_gate) ? '!' : 's');
	};
	pair.perimeter().enter(S);
	put(pair.rd(), letter('a'));
	qenable(pair.rd());
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 0);
	put(pair.rd(), letter('b'));
	EXPECT_TEXT(test, pair.up.seen, "a");
	pair.perimeter().exit(S);
	EXPECT(test, eventually([&] { return gate(pair) == 0; }));
	EXPECT_TEXT(test, pair.up.seen, "asb");
}

void an_owner_that_goes_on_shared_lets_others_in(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.perimeter().enter(X);
	EXPECT(test, !enters(pair, S));
	pair.perimeter().downgrade();
	EXPECT_EQ(test, claims(pair), 1);
	EXPECT(test, enters(pair, S));
	pair.perimeter().exit(S);
	EXPECT_EQ(test, claims(pair), 0);
	EXPECT_EQ(test, gate(pair), 0);
}

void downgrade_admits_who_waits_for_shared_entry(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.perimeter().enter(X);
	Insider one(pair.perimeter(), S), two(pair.perimeter(), S);
	EXPECT(test, one.waits() && two.waits());
	Insider owner(pair.perimeter(), X);
	EXPECT(test, owner.waits());
	Insider late(pair.perimeter(), S);
	EXPECT(test, late.waits());

	pair.perimeter().downgrade();
	EXPECT(test, one.is_inside() && two.is_inside());
	EXPECT_EQ(test, claims(pair), 3);
	EXPECT(test, owner.waits());
	EXPECT(test, late.waits());
	pair.perimeter().exit(S);
	EXPECT(test, one.has_left());
	EXPECT(test, owner.waits());
	EXPECT(test, two.has_left());
	EXPECT(test, owner.is_inside());
	EXPECT(test, late.waits());
	EXPECT(test, owner.has_left());
	EXPECT(test, late.is_inside());
	EXPECT(test, late.has_left());
	EXPECT(test, eventually([&] { return gate(pair) == 0; }));
	EXPECT_EQ(test, claims(pair), 0);
}

void owners_get_the_perimeter_in_the_order_they_came(kunit *test)
{
	for (int flags : List{ sole_pair, D_MP }) {
		Pair pair(passing, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		pair.perimeter().enter(X);
		Insider one(pair.perimeter(), X);
		EXPECT(test, one.waits());
		Insider two(pair.perimeter(), X);
		EXPECT(test, two.waits());
		pair.perimeter().exit(X);
		EXPECT(test, one.is_inside());
		EXPECT(test, two.waits());
		EXPECT(test, one.has_left());
		EXPECT(test, two.is_inside());
	}
}

Text letters_and_free(Entry *entry)
{
	Text text;
	while (entry) {
		auto *mp = reinterpret_cast<mblk_t *>(entry);
		entry = entry->next;
		mp->b_next = nullptr;
		mp->b_prev = nullptr;
		text.add(letter_of(mp));
		freemsg(mp);
	}
	return text;
}

// Two pairs in one perimeter, as D_MTPERMOD has it.
void retire_takes_what_is_aimed_at_one_pair(kunit *test)
{
	Pair one(passing, sole_pair);
	if (!EXPECT(test, bool(one)))
		return;
	Pair two(passing, sole_pair, nullptr, true, &one.perimeter());
	if (!EXPECT(test, bool(two)))
		return;
	Perimeter &perimeter = one.perimeter();
	Atomic<u32> retired;
	Entry *taken;

	perimeter.enter(X);
	put(one.rd(), letter('1'));
	put(two.rd(), letter('x'));
	put(one.wr(), letter('2'));
	put(two.rd(), letter('y'));
	put(one.rd(), letter('3'));
	EXPECT(test, !perimeter.retire(one.rd(), one.wr(), &retired, 1, taken));
	EXPECT_TEXT(test, letters_and_free(taken), "123");
	EXPECT_EQ(test, retired.relaxed(), 0);
	put(two.rd(), letter('z')); // the FIFO still has an end to append to
	EXPECT(test, perimeter.retire(one.rd(), one.wr(), &retired, 1, taken));
	EXPECT_EQ(test, taken, nullptr);
	EXPECT_EQ(test, retired.relaxed(), 1);

	alignas(8) Entry entry{};
	entry.aim(one.rd(), Entry::Tag::Message);
	EXPECT_EQ(test, perimeter.defer(entry, false, retired), Perimeter::Deferred::Gone);
	perimeter.exit(X);
	EXPECT_TEXT(test, two.up.seen, "xyz");
	EXPECT_TEXT(test, one.up.seen, "");
}

void a_waiting_process_survives_retire(kunit *test)
{
	Pair pair(passing, sole_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	Atomic<u32> retired;
	Entry *taken;
	pair.perimeter().enter(X);
	Insider waiting(pair.perimeter(), X);
	EXPECT(test, waiting.waits());
	EXPECT(test, pair.perimeter().retire(pair.rd(), pair.wr(), &retired, 1, taken));
	pair.perimeter().exit(X);
	EXPECT(test, waiting.is_inside());
}

void deferring_to_an_open_perimeter_enters_it(kunit *test)
{
	for (int flags : List{ sole_pair, D_MP }) {
		Pair pair(passing, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		Atomic<u32> retired;
		alignas(8) Entry entry{};
		entry.aim(pair.rd(), Entry::Tag::Message);
		Perimeter::Deferred answer;
		{
			BottomHalvesOff off;
			answer = pair.perimeter().defer(entry, false, retired);
			if (answer == Perimeter::Deferred::Entered)
				pair.perimeter().leave(pair.get().access(EntryPoint::Put));
		}
		EXPECT_EQ(test, answer, Perimeter::Deferred::Entered);
		EXPECT_EQ(test, gate(pair) & ~u32(STRM_GATE_SOLE), 0);
	}
}

void without_memory_there_is_no_perimeter(kunit *test)
{
	for (int flags : List{ D_MP | D_MTQPAIR, D_MP }) {
		strm_test_fail_allocation(1);
		EXPECT_EQ(test, Perimeter::create(modes(flags)), nullptr);
	}
	strm_test_fail_allocation(1);
	Pair pair(passing);
	EXPECT(test, !pair);
}

// ----------------------------------------------------------------- two CPUs

constexpr int rounds = 2000;

// Nothing here is atomic that the perimeter has to protect.
struct Arena {
	Pair *pair;
	int total = 0;
	int inside = 0;
	Atomic<u32> collisions{};
	Atomic<u32> sharers{};
};

void alone_in_put(Watch &watch, queue_t *, mblk_t *mp)
{
	auto &arena = *static_cast<Arena *>(watch.more);
	if (load_relaxed(arena.inside))
		arena.collisions.fetch_add(1);
	store_relaxed(arena.inside, 1);
	store_relaxed(arena.total, load_relaxed(arena.total) + 1);
	store_relaxed(arena.inside, 0);
	freemsg(mp);
}

void put_many(void *data)
{
	auto &arena = *static_cast<Arena *>(data);
	for (int i = 0; i < rounds; i++)
		put(arena.pair->rd(), letter('a'));
}

void two_putters_are_never_inside_a_sole_perimeter_together(kunit *test)
{
	Pair pair(passing, sole_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	Arena arena{ &pair };
	pair.up.more = &arena;
	pair.up.on_put = alone_in_put;
	strm_test_thread *other = strm_test_start(put_many, &arena, 1);
	put_many(&arena);
	strm_test_join(other);
	EXPECT(test, eventually([&] { return load_relaxed(arena.total) == 2 * rounds; }));
	EXPECT_EQ(test, arena.collisions.relaxed(), 0);
}

void together_in_put(Watch &watch, queue_t *, mblk_t *mp)
{
	auto &arena = *static_cast<Arena *>(watch.more);
	arena.sharers.fetch_add(1);
	if (load_relaxed(arena.inside))
		arena.collisions.fetch_add(1);
	arena.sharers.fetch_sub(1);
	freemsg(mp);
}

void an_owner_is_never_inside_with_a_sharer(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	Arena arena{ &pair };
	pair.up.more = &arena;
	pair.up.on_put = together_in_put;
	strm_test_thread *other = strm_test_start(put_many, &arena, 1);
	for (int i = 0; i < rounds / 20; i++) {
		pair.perimeter().enter(X);
		store_relaxed(arena.inside, 1);
		if (arena.sharers.relaxed())
			arena.collisions.fetch_add(1);
		store_relaxed(arena.inside, 0);
		pair.perimeter().exit(X);
		put(pair.rd(), letter('b'));
	}
	strm_test_join(other);
	EXPECT_EQ(test, arena.collisions.relaxed(), 0);
	EXPECT(test, eventually([&] { return gate(pair) == 0; }));
	EXPECT_EQ(test, claims(pair), 0);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_perimeter_cases[] = {
	CASE(shared_claims_are_counted),
	CASE(a_put_procedure_runs_inside_one_claim),
	CASE(an_owner_waits_for_the_last_shared_claim),
	CASE(newcomers_queue_behind_who_waits),
	CASE(the_fifo_interleaves_messages_and_processes),
	CASE(an_owned_perimeter_lets_nobody_in),
	CASE(coming_back_to_a_sole_perimeter_is_deferred),
	CASE(a_neighbours_reply_comes_after_the_procedure_that_asked),
	CASE(a_shared_perimeter_is_entered_again_at_once),
	CASE(a_long_fifo_is_continued_in_softirq_in_order),
	CASE(a_service_procedure_waits_for_the_owner),
	CASE(an_exclusive_service_runs_alone_and_in_its_turn),
	CASE(an_owner_that_goes_on_shared_lets_others_in),
	CASE(downgrade_admits_who_waits_for_shared_entry),
	CASE(owners_get_the_perimeter_in_the_order_they_came),
	CASE(retire_takes_what_is_aimed_at_one_pair),
	CASE(a_waiting_process_survives_retire),
	CASE(deferring_to_an_open_perimeter_enters_it),
	CASE(without_memory_there_is_no_perimeter),
	CASE(two_putters_are_never_inside_a_sole_perimeter_together),
	CASE(an_owner_is_never_inside_with_a_sharer),
	{ nullptr, nullptr },
};
