// SPDX-License-Identifier: GPL-2.0-only
//
// Outer perimeters, perimeters of one queue, qwriter() and qwait(), and what happens
// beside a drainer: step by step on one CPU.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

constexpr int shared_outer = D_MP | D_MTOUTPERIM;
constexpr int sole_outer = D_MP | D_MTQPAIR | D_MTOUTPERIM;
constexpr int shared_pair = D_MP | D_MTQPAIR | D_MTPUTSHARED;

u32 bits(Perimeter &perimeter)
{
	return load_relaxed(perimeter.gate()->word);
}

bool idle(Perimeter &perimeter)
{
	return !(bits(perimeter) &
		 (STRM_GATE_OWNED | STRM_GATE_PENDING | STRM_GATE_BACKLOG | STRM_GATE_WATCHED)) &&
	       (perimeter.sole() || strm_gate_sum(perimeter.gate()) == 0);
}

bool idle(Pair &pair)
{
	return idle(pair.perimeter()) && idle(pair.write_perimeter()) &&
	       (!pair.perimeter().outer() || idle(*pair.perimeter().outer()));
}

// ------------------------------------------------------------ outer perimeters

void a_message_has_a_claim_of_both_perimeters(kunit *test)
{
	for (int flags : List{ shared_outer, sole_outer }) {
		Pair pair(passing, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		pair.up.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
			Perimeter &inner = perimeter_of(q);
			watch.services = int(strm_gate_sum(inner.outer()->gate()));
			watch.seen.add(inner.is_owned() ? 'X' : 'S');
			freemsg(mp);
		};
		put(pair.rd(), letter('a'));
		EXPECT_EQ(test, pair.up.services, 1);
		EXPECT_TEXT(test, pair.up.seen, flags == sole_outer ? "aX" : "aS");
		EXPECT(test, idle(pair));
	}
}

void who_finds_the_outer_gate_closed_waits_at_the_inner_one(kunit *test)
{
	for (int flags : List{ shared_outer, sole_outer, sole_outer | D_MTPUTSHARED }) {
		Pair one(passing, flags);
		if (!EXPECT(test, bool(one)))
			return;
		Perimeter &outer = *one.perimeter().outer();
		Pair two(passing, flags, nullptr, true, nullptr, &outer);
		if (!EXPECT(test, bool(two)))
			return;

		outer.enter(X);
		for (char c : List{ 'a', 'b', 'c' }) {
			put(one.rd(), letter(c));
			put(two.rd(), letter(c));
		}
		EXPECT_TEXT(test, one.up.seen, "");
		// One place for each inner perimeter, whatever waits there.
		EXPECT_EQ(test, outer.picture().count(Entry::Tag::Nested), 2);
		EXPECT_EQ(test, one.perimeter().picture().count(Entry::Tag::Message), 3);
		outer.exit(X);
		EXPECT(test, eventually([&] { return idle(one) && idle(two); }));
		EXPECT_TEXT(test, one.up.seen, "abc");
		EXPECT_TEXT(test, two.up.seen, "abc");
	}
}

void an_outer_owner_waits_for_claims_of_all_instances(kunit *test)
{
	Pair one(passing, sole_outer);
	if (!EXPECT(test, bool(one)))
		return;
	Perimeter &outer = *one.perimeter().outer();
	Pair two(passing, sole_outer, nullptr, true, nullptr, &outer);
	if (!EXPECT(test, bool(two)))
		return;

	one.perimeter().enter(X);
	two.perimeter().enter(X);
	Insider owner(outer, X);
	EXPECT(test, owner.waits());
	one.perimeter().exit(X);
	EXPECT(test, owner.waits());
	put(one.rd(), letter('a'));
	EXPECT_TEXT(test, one.up.seen, ""); // nobody gets in before it
	two.perimeter().exit(X);
	EXPECT(test, owner.is_inside());
	EXPECT(test, owner.has_left());
	EXPECT(test, eventually([&] { return idle(one) && idle(two); }));
	EXPECT_TEXT(test, one.up.seen, "a");
}

// ------------------------------------------------------------ D_MTPERQ

void the_two_queues_of_a_pair_exclude_only_themselves(kunit *test)
{
	Pair pair(passing, D_MP | D_MTPERQ);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.perimeter().enter(X);
	put(pair.rd(), letter('r'));
	put(pair.wr(), letter('w'));
	EXPECT_TEXT(test, pair.up.seen, "");
	EXPECT_TEXT(test, pair.down.seen, "w");
	pair.perimeter().exit(X);
	EXPECT_TEXT(test, pair.up.seen, "r");
}

void open_and_close_exclude_both_queues(kunit *test)
{
	for (int flags : List{ D_MTPERQ, D_MTPERQ | D_MTPUTSHARED, D_MTPERQ | D_MTOUTPERIM }) {
		Pair pair(passing, D_MP | flags);
		if (!EXPECT(test, bool(pair)))
			return;
		pair.get().enter_open_close();
		put(pair.rd(), letter('r'));
		put(pair.wr(), letter('w'));
		EXPECT_TEXT(test, pair.up.seen, "");
		EXPECT_TEXT(test, pair.down.seen, "");
		pair.get().exit_open_close();
		EXPECT(test, eventually([&] { return idle(pair); }));
		EXPECT_TEXT(test, pair.up.seen, "r");
		EXPECT_TEXT(test, pair.down.seen, "w");
	}
}

// ------------------------------------------------------------ qwriter()

void note_and_free(queue_t *q, mblk_t *mp)
{
	Watch &watch = watch_of(q);
	Perimeter &inner = perimeter_of(q);
	const bool outer = inner.outer() && inner.outer()->is_owned();

	watch.seen.add(outer ? 'O' : inner.is_owned() ? 'I' : '-');
	freemsg(mp);
}

template <int perimeter> void write_on(Watch &, queue_t *q, mblk_t *mp)
{
	qwriter(q, mp, note_and_free, perimeter);
}

void a_lone_caller_is_called_at_once(kunit *test)
{
	constexpr struct {
		int flags;
		bool outer;
	} rows[] = {
		{ D_MP, false },	{ sole_pair, false },
		{ shared_pair, false }, { shared_outer, true },
		{ sole_outer, true },	{ shared_outer, false },
		{ sole_outer, false },	{ D_MP | D_MTPERQ | D_MTOUTPERIM, true },
	};

	for (const auto &row : rows) {
		Pair pair(passing, row.flags);
		if (!EXPECT(test, bool(pair)))
			return;
		pair.up.on_put = row.outer ? write_on<PERIM_OUTER> : write_on<PERIM_INNER>;
		put(pair.rd(), letter('a'));
		EXPECT_TEXT(test, pair.up.seen, row.outer ? "aO" : "aI");
		EXPECT(test, idle(pair));
		put(pair.rd(), letter('b'));
		EXPECT_TEXT(test, pair.up.seen, row.outer ? "aObO" : "aIbI");
	}
}

// Another is inside: the writer waits for it, and everybody else for the writer.
void a_writer_waits_for_who_is_inside(kunit *test)
{
	Pair pair(passing, shared_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.up.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
		if (letter_of(mp) == 'w')
			write_on<PERIM_INNER>(watch, q, mp);
		else
			freemsg(mp);
	};
	pair.perimeter().enter(S);
	put(pair.rd(), letter('w'));
	EXPECT_TEXT(test, pair.up.seen, "w");
	put(pair.rd(), letter('a'));
	put(pair.rd(), letter('b'));
	EXPECT_TEXT(test, pair.up.seen, "w");
	pair.perimeter().exit(S);
	EXPECT(test, eventually([&] { return idle(pair); }));
	EXPECT_TEXT(test, pair.up.seen, "wIab");
}

// What putmsg() goes by: a message, and a writer, count until they have run.
void what_waits_outside_can_be_seen(kunit *test)
{
	Pair pair(passing, shared_outer);
	if (!EXPECT(test, bool(pair)))
		return;
	const auto waits = [&pair] {
		BottomHalvesOff off;
		return waits_outside(pair.rd());
	};
	pair.up.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
		letter_of(mp) == 'w' ? write_on<PERIM_OUTER>(watch, q, mp) : freemsg(mp);
	};

	EXPECT(test, !waits());
	pair.perimeter().enter(S);
	put(pair.rd(), letter('w'));
	EXPECT_TEXT(test, pair.up.seen, "w");
	EXPECT(test, waits());
	pair.perimeter().exit(S);
	EXPECT(test, eventually([&] { return idle(pair); }));
	EXPECT_TEXT(test, pair.up.seen, "wO");
	EXPECT(test, !waits());

	pair.perimeter().enter(X);
	put(pair.rd(), letter('a'));
	EXPECT_TEXT(test, pair.up.seen, "wO");
	EXPECT(test, waits());
	pair.perimeter().exit(X);
	EXPECT(test, eventually([&] { return idle(pair); }));
	EXPECT_TEXT(test, pair.up.seen, "wOa");
	EXPECT(test, !waits());
}

void a_writer_runs_before_what_came_earlier(kunit *test)
{
	Pair pair(passing, shared_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.up.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
		if (letter_of(mp) != 'w') {
			freemsg(mp);
			return;
		}
		write_on<PERIM_INNER>(watch, q, mp);
		put(q, letter('a')); // waits behind the first, and not before the second
		write_on<PERIM_INNER>(watch, q, letter('v'));
	};
	pair.perimeter().enter(S);
	put(pair.rd(), letter('w'));
	pair.perimeter().exit(S);
	EXPECT(test, eventually([&] { return idle(pair); }));
	EXPECT_TEXT(test, pair.up.seen, "wIIa");
}

// In the FIFO of an owned perimeter a message waits; the owner's qwriter(PERIM_OUTER)
// comes after it and runs before it.
void nothing_gets_between_an_outer_writer_and_its_function(kunit *test)
{
	for (int flags : List{ sole_outer, shared_outer, sole_outer | D_MTPUTSHARED }) {
		Pair one(passing, flags);
		if (!EXPECT(test, bool(one)))
			return;
		Perimeter &outer = *one.perimeter().outer();
		Pair two(passing, flags, nullptr, true, nullptr, &outer);
		if (!EXPECT(test, bool(two)))
			return;
		one.up.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
			if (letter_of(mp) == 'w') {
				put(q, letter('a')); // later, where put is exclusive
				write_on<PERIM_OUTER>(watch, q, mp);
				put(q, letter('b'));
				watch.seen.add('.');
			} else {
				freemsg(mp);
			}
		};
		two.perimeter().enter(S);
		put(one.rd(), letter('w'));
		strm_test_softirqs();
		const bool recurses = flags != sole_outer;
		EXPECT_TEXT(test, one.up.seen, recurses ? "wa." : "w.");
		put(one.rd(), letter('c'));
		two.perimeter().exit(two.perimeter().sole() ? X : S);
		EXPECT(test, eventually([&] { return idle(one) && idle(two); }));
		EXPECT_TEXT(test, one.up.seen, recurses ? "wa.Obc" : "w.Oabc");
	}
}

void a_writer_that_waits_runs_before_close(kunit *test)
{
	for (int flags :
	     List{ D_MP, shared_pair, shared_outer, sole_outer, shared_outer | D_MTOCEXCL,
		   sole_outer | D_MTPUTSHARED | D_MTOCEXCL }) {
		const bool outer = flags & D_MTOUTPERIM;
		Pair one(passing, flags);
		if (!EXPECT(test, bool(one)))
			return;
		Pair two(passing, flags, nullptr, true, outer ? nullptr : &one.perimeter(),
			 one.perimeter().outer());
		if (!EXPECT(test, bool(two)))
			return;
		one.up.on_put = outer ? write_on<PERIM_OUTER> : write_on<PERIM_INNER>;

		const Access held = two.perimeter().sole() ? X : S;
		two.perimeter().enter(held);
		put(one.rd(), letter('w'));
		EXPECT_TEXT(test, one.up.seen, "w");
		struct Closer {
			Pair &pair;
			Text seen;
			Atomic<u32> inside;
		} closer{ one, {}, {} };
		strm_test_thread *thread = strm_test_start(
			[](void *arg) {
				auto &me = *static_cast<Closer *>(arg);
				me.pair.get().enter_open_close();
				me.seen = me.pair.up.seen;
				me.inside.release(1);
				me.pair.get().exit_open_close();
			},
			&closer, 0);
		EXPECT(test, strm_test_asleep(thread));
		EXPECT_EQ(test, closer.inside.relaxed(), 0);
		two.perimeter().exit(held);
		strm_test_join(thread);
		EXPECT_TEXT(test, closer.seen, outer ? "wO" : "wI");
		EXPECT(test, eventually([&] { return idle(one); }));
	}
}

// The function of a writer writes again, and puts to itself.
void a_writer_may_write(kunit *test)
{
	for (int flags : List{ shared_pair, sole_outer, shared_outer }) {
		Pair pair(passing, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		pair.up.on_put = [](Watch &, queue_t *q, mblk_t *mp) {
			if (letter_of(mp) != 'w') {
				freemsg(mp);
				return;
			}
			qwriter(
				q, mp,
				[](queue_t *own, mblk_t *message) {
					put(own, letter('x'));
					qwriter(own, message, note_and_free, PERIM_INNER);
					watch_of(own).seen.add('.');
				},
				perimeter_of(q).outer() ? PERIM_OUTER : PERIM_INNER);
		};
		put(pair.rd(), letter('w'));
		EXPECT(test, eventually([&] { return idle(pair); }));
		EXPECT_TEXT(test, pair.up.seen, pair.perimeter().outer() ? "wO.x" : "wI.x");
	}
}

// The data block of a message survives the wait for a writer, where its function is in
// the place of a pointer to it.
void the_message_of_a_writer_is_whole(kunit *test)
{
	Pair pair(passing, shared_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.up.on_put = [](Watch &, queue_t *q, mblk_t *mp) {
		qwriter(
			q, mp, [](queue_t *own, mblk_t *message) { watch_of(own).more = message; },
			PERIM_INNER);
	};
	for (int shape = 0; shape < 3; shape++) {
		mblk_t *mp = shape == 1 ? allocb(4000, BPRI_MED) : letter('a');
		mblk_t *dup = shape == 2 ? dupb(mp) : nullptr;
		mblk_t *sent = dup ? dup : mp;
		void *own = sent->b_own;
		pair.up.more = nullptr;
		pair.perimeter().enter(S);
		put(pair.rd(), sent);
		pair.perimeter().exit(S);
		EXPECT(test, eventually([&] { return pair.up.more != nullptr; }));
		EXPECT_EQ(test, pair.up.more, sent);
		EXPECT_EQ(test, sent->b_own, own);
		EXPECT(test, !sent->b_next && !sent->b_prev);
		freemsg(mp);
		if (dup)
			freemsg(dup);
	}
}

// ------------------------------------------------------------ beside the drainer

// One queue's backlog does not hold up another's messages once nobody wants to be
// alone; its own stay behind it.
void others_pass_while_shared_entries_wait(kunit *test)
{
	Pair one(passing, D_MP);
	if (!EXPECT(test, bool(one)))
		return;
	Pair two(passing, D_MP, nullptr, true, &one.perimeter());
	if (!EXPECT(test, bool(two)))
		return;
	struct Both {
		Pair *one, *two;
	} both{ &one, &two };
	one.up.more = &both;
	one.up.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
		auto &pairs = *static_cast<Both *>(watch.more);
		if (letter_of(mp) == 'a') { // the drainer runs this, with 'b' behind it
			put(pairs.two->rd(), letter('x'));
			put(q, letter('c'));
			watch.seen.add('.');
		}
		freemsg(mp);
	};
	one.perimeter().enter(X);
	put(one.rd(), letter('a'));
	put(one.rd(), letter('b'));
	one.perimeter().exit(X);
	EXPECT(test, eventually([&] { return idle(one); }));
	EXPECT_TEXT(test, one.up.seen, "a.bc");
	EXPECT_TEXT(test, two.up.seen, "x");
}

void claims_that_fence_open_the_gate(kunit *test)
{
	Pair pair(passing, D_MP);
	if (!EXPECT(test, bool(pair)))
		return;
	EXPECT_EQ(test, bits(pair.perimeter()), STRM_GATE_FENCED);
	for (int i = 0; i < 150 * lin_nr_cpu_ids(); i++)
		put(pair.rd(), allocb(0, BPRI_MED));
	EXPECT_EQ(test, bits(pair.perimeter()), 0);
	pair.perimeter().enter(X);
	pair.perimeter().exit(X);
	EXPECT_EQ(test, bits(pair.perimeter()), STRM_GATE_FENCED);
}

// Two modules that answer each other for ever would fill the stack.
void what_goes_too_deep_waits_for_softirq(kunit *test)
{
	constexpr int hops = 5000;
	Pair head(passing);
	Pair driver(passing, D_MP, &head);
	Pair module(passing, D_MP, &head);
	if (!EXPECT(test, head && driver && module))
		return;
	struct Course {
		int left = hops;
		int depth = 0;
		int deepest = 0;
	} course;
	const auto bounce = [](Watch &watch, queue_t *q, mblk_t *mp) {
		auto &it = *static_cast<Course *>(watch.more);
		if (it.left-- <= 0) {
			freemsg(mp);
			return;
		}
		it.deepest = it.deepest > ++it.depth ? it.deepest : it.depth;
		qreply(q, mp);
		it.depth--;
	};
	driver.down.more = module.up.more = &course;
	driver.down.on_put = bounce;
	module.up.on_put = bounce;
	putnext(module.wr(), letter('a'));
	EXPECT(test, eventually([&] { return course.left < 0; }));
	EXPECT(test, course.deepest >= 34 && course.deepest <= 64);
	EXPECT(test, eventually([&] { return idle(driver) && idle(module); }));
}

// ------------------------------------------------------------ qwait()

struct Waiting {
	explicit Waiting(Pair &which, bool interruptible) : pair(which), signals(interruptible) {}

	Pair &pair;
	bool signals;
	int answer = -1;
	Atomic<u32> inside, returned;

	static void run(void *arg)
	{
		auto &me = *static_cast<Waiting *>(arg);
		QueuePair &pair = me.pair.get();
		pair.enter_open_close();
		me.inside.release(1);
		me.answer = pair.wait_outside(me.signals);
		me.returned.release(1);
		pair.exit_open_close();
	}
};

void qwait_ends_when_a_procedure_has_returned(kunit *test)
{
	for (int flags : List{ D_MP, sole_pair, D_MP | D_MTPERQ, D_MP | D_MTPERMOD, shared_pair,
			       sole_outer, sole_outer | D_MTOCEXCL, shared_outer | D_MTOCEXCL }) {
		Pair pair(passing, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		Waiting waiting(pair, false);
		strm_test_thread *thread = strm_test_start(Waiting::run, &waiting, 0);
		EXPECT(test, eventually([&] { return waiting.inside.acquire() != 0; }));
		EXPECT(test, strm_test_asleep(thread));
		EXPECT_EQ(test, waiting.returned.relaxed(), 0);
		put(pair.wr(), letter('a')); // it is outside: this gets in
		EXPECT_TEXT(test, pair.down.seen, "a");
		EXPECT(test, eventually([&] { return waiting.returned.acquire() != 0; }));
		strm_test_join(thread);
		EXPECT_EQ(test, waiting.answer, 1);
		EXPECT(test, eventually([&] { return idle(pair); }));
	}
}

// Its leaving runs what waited, and that is what it waits for.
void qwait_sees_what_its_own_leaving_has_run(kunit *test)
{
	for (int flags : List{ sole_pair, sole_outer | D_MTOCEXCL }) {
		Pair pair(passing, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		pair.get().enter_open_close();
		put(pair.rd(), letter('a'));
		EXPECT_TEXT(test, pair.up.seen, "");
		EXPECT_EQ(test, pair.get().wait_outside(false), 1);
		EXPECT_TEXT(test, pair.up.seen, "a");
		pair.get().exit_open_close();
	}
}

// What came before an exclusive entry into the outer perimeter is done before it.
void what_waits_runs_before_an_open_that_owns_the_outer_perimeter(kunit *test)
{
	Pair one(passing, sole_outer | D_MTOCEXCL);
	if (!EXPECT(test, bool(one)))
		return;
	Perimeter &outer = *one.perimeter().outer();
	outer.enter(X);
	put(one.rd(), letter('a'));
	put(one.wr(), letter('b'));
	struct Opener {
		Pair &pair;
		Text seen;
	} opener{ one, {} };
	strm_test_thread *thread = strm_test_start(
		[](void *arg) {
			auto &me = *static_cast<Opener *>(arg);
			me.pair.get().enter_open_close();
			me.seen = me.pair.up.seen;
			me.seen.add(me.pair.down.seen.chars[0]);
			me.pair.get().exit_open_close();
		},
		&opener, 0);
	EXPECT(test, strm_test_asleep(thread));
	outer.exit(X);
	strm_test_join(thread);
	EXPECT_TEXT(test, opener.seen, "ab");
	EXPECT(test, eventually([&] { return idle(one); }));
}

// ------------------------------------------------------------ who goes takes along what waits

void nothing_waits_for_a_head_that_is_gone(kunit *test)
{
	Watch watch;
	static constinit Modes shared = modes(D_MP);
	Perimeter *perimeter = Perimeter::create(shared);
	auto *head = create_pair<QueuePair>(
		{ "head", &passing, &passing, shared, *perimeter, nullptr, nullptr });
	head->rd()->q_ptr = &watch;
	head->wr()->q_ptr = &watch;
	head->procs_on();
	perimeter->enter(X); // as a drainer that is late
	{
		BottomHalvesOff off;
		strm_put_deep(head->rd(), letter('a'));
	}
	head->head_off();
	EXPECT_EQ(test, perimeter->picture().count(Entry::Tag::Message), 0);
	perimeter->exit(X);
	head->empty();
	head->put();
	perimeter->put();
}

void run_waiting_leaves_nothing_behind(kunit *test)
{
	Pair pair(serving, D_MP | D_MTQPAIR | D_MTPUTSHARED | D_MTOUTPERIM | D_MTOCEXCL);
	if (!EXPECT(test, bool(pair)))
		return;
	Perimeter &inner = pair.perimeter();
	inner.outer()->enter(X);
	strm_gate_count(inner.gate()); // a message on its way in, before the outer gate
	qenable(pair.rd());
	strm_test_softirqs();
	qenable(pair.wr());
	strm_test_softirqs();
	EXPECT_EQ(test, inner.picture().count(Entry::Tag::Service), 2);
	pair.up.on_service = [](Watch &, queue_t *q) { put(WR(q), letter('n')); };
	inner.run_waiting();
	EXPECT_EQ(test, pair.up.services, 1);
	EXPECT_EQ(test, pair.down.services, 1);
	inner.outer()->exit(X);
	{
		// it passes the outer gate, and leaves
		BottomHalvesOff off;
		if (!strm_gate_give_back(inner.gate()))
			inner.left();
	}
	EXPECT(test, eventually([&] { return idle(pair); }));
	EXPECT_TEXT(test, pair.down.seen, "n");
}

void no_writer_is_left_after_qprocsoff(kunit *test)
{
	Pair pair(serving, sole_outer);
	if (!EXPECT(test, bool(pair)))
		return;
	Perimeter &outer = *pair.perimeter().outer();
	outer.enter(S); // another stream's message
	pair.up.on_service = [](Watch &, queue_t *q) {
		qwriter(
			q, letter('w'),
			[](queue_t *at, mblk_t *mp) {
				watch_of(at).seen.add('w');
				freemsg(mp);
			},
			PERIM_OUTER);
	};
	pair.get().enter_open_close();
	qenable(pair.rd());
	strm_test_softirqs();
	EXPECT_EQ(test, pair.perimeter().picture().count(Entry::Tag::Service), 1);
	pair.get().procs_off();
	pair.get().exit_open_close();
	EXPECT_EQ(test, outer.picture().count(Entry::Tag::OuterWriter), 0);
	outer.exit(S);
	EXPECT(test, eventually([&] { return idle(outer); }));
	EXPECT_TEXT(test, pair.up.seen, "");
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_nested_cases[] = {
	CASE(a_message_has_a_claim_of_both_perimeters),
	CASE(who_finds_the_outer_gate_closed_waits_at_the_inner_one),
	CASE(an_outer_owner_waits_for_claims_of_all_instances),
	CASE(the_two_queues_of_a_pair_exclude_only_themselves),
	CASE(open_and_close_exclude_both_queues),
	CASE(a_lone_caller_is_called_at_once),
	CASE(a_writer_waits_for_who_is_inside),
	CASE(what_waits_outside_can_be_seen),
	CASE(a_writer_runs_before_what_came_earlier),
	CASE(nothing_gets_between_an_outer_writer_and_its_function),
	CASE(a_writer_that_waits_runs_before_close),
	CASE(a_writer_may_write),
	CASE(the_message_of_a_writer_is_whole),
	CASE(others_pass_while_shared_entries_wait),
	CASE(claims_that_fence_open_the_gate),
	CASE(what_goes_too_deep_waits_for_softirq),
	CASE(qwait_ends_when_a_procedure_has_returned),
	CASE(qwait_sees_what_its_own_leaving_has_run),
	CASE(what_waits_runs_before_an_open_that_owns_the_outer_perimeter),
	CASE(nothing_waits_for_a_head_that_is_gone),
	CASE(run_waiting_leaves_nothing_behind),
	CASE(no_writer_is_left_after_qprocsoff),
	{ nullptr, nullptr },
};
