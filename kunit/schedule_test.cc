// SPDX-License-Identifier: GPL-2.0-only
//
// When a service procedure runs, how often, and when it does not.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

void a_service_procedure_runs_in_softirq_and_once(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	int at_once;
	{
		BottomHalvesOff off;
		qenable(pair.rd());
		at_once = pair.up.services;
	}
	EXPECT_EQ(test, at_once, 0);
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 1);
	EXPECT_EQ(test, pair.down.services, 0);
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 1);
}

void enabling_what_is_scheduled_already_adds_no_run(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	{
		BottomHalvesOff off;
		for (int i = 0; i < 5; i++)
			qenable(pair.rd());
	}
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 1);
}

void enabling_while_it_runs_runs_it_again(kunit *test)
{
	for (int flags : List{ D_MP, sole_pair }) {
		Pair pair(serving, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		pair.up.on_service = [](Watch &watch, queue_t *q) {
			if (watch.services == 1) {
				qenable(q);
				qenable(q);
				if (watch.services != 1)
					watch.seen.add('!'); // it ran inside itself
			}
		};
		qenable(pair.rd());
		EXPECT(test, eventually([&] { return pair.up.services >= 2; }));
		strm_test_softirqs();
		EXPECT_EQ(test, pair.up.services, 2);
		EXPECT_TEXT(test, pair.up.seen, "");
	}
}

void queues_are_served_in_the_order_of_enabling(kunit *test)
{
	Pair one(serving), two(serving), three(serving);
	if (!EXPECT(test, one && two && three))
		return;
	Text order;
	const auto note = [](Watch &watch, queue_t *q) {
		static_cast<Text *>(watch.more)->add(static_cast<char>('a' + q->q_maxpsz));
	};
	int number = 0;
	for (Pair *pair : List{ &one, &two, &three }) {
		pair->up.more = &order;
		pair->up.on_service = note;
		pair->rd()->q_maxpsz = number++;
	}
	{
		BottomHalvesOff off;
		qenable(three.rd());
		qenable(one.rd());
		qenable(two.rd());
		qenable(three.rd());
	}
	strm_test_softirqs();
	EXPECT_TEXT(test, order, "cab");
}

void a_queue_without_service_procedure_is_not_scheduled(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	qenable(pair.rd());
	EXPECT_EQ(test, putq(pair.rd(), letter('a')), 1);
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 0);
}

void before_qprocson_nothing_is_served(kunit *test)
{
	Pair pair(serving, D_MP, nullptr, false);
	if (!EXPECT(test, bool(pair)))
		return;
	qenable(pair.rd());
	putq(pair.rd(), letter('a'));
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 0);
}

void queueing_before_qprocson_loses_no_wake_up(kunit *test)
{
	Pair pair(serving, D_MP, nullptr, false);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.up.on_service = [](Watch &watch, queue_t *q) {
		while (mblk_t *mp = getq(q)) {
			watch.seen.add(letter_of(mp));
			freemsg(mp);
		}
	};
	putq(pair.rd(), letter('a'));
	pair.get().procs_on();
	putq(pair.rd(), letter('b'));
	strm_test_softirqs();
	EXPECT_TEXT(test, pair.up.seen, "ab");
}

void what_is_scheduled_is_not_served_after_close(kunit *test)
{
	Pair pair(serving, sole_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	{
		BottomHalvesOff off;
		qenable(pair.rd());
		qenable(pair.wr());
		pair.close(); // sole and open: it does not sleep
	}
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 0);
	EXPECT_EQ(test, pair.down.services, 0);
}

void enabling_a_closed_queue_does_nothing(kunit *test)
{
	for (int flags : List{ D_MP, sole_pair }) {
		Pair pair(serving, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		QueuePair &kept = pair.get();
		if (!EXPECT(test, kept.try_get()))
			return;
		pair.close();
		strm_test_softirqs();
		const int services = pair.up.services;
		qenable(kept.rd());
		strm_test_softirqs();
		EXPECT_EQ(test, pair.up.services, services);
		kept.put();
	}
}

// It runs and enables itself; the close finds it so, or between two runs.
void a_service_that_enables_itself_ends_with_close(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.up.on_service = [](Watch &, queue_t *q) { qenable(q); };
	qenable(pair.rd());
	EXPECT(test, eventually([&] { return load_relaxed(pair.up.services) > 100; }));
	pair.close();
	const int services = pair.up.services;
	strm_test_softirqs();
	strm_test_pause();
	EXPECT_EQ(test, pair.up.services, services);
}

void a_section_runs_before_it_ends_what_it_has_scheduled(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	int inside, after;
	{
		BottomHalvesOff off; // no softirq comes to its help
		{
			Section section;
			qenable(pair.rd());
			inside = pair.up.services;
		}
		after = pair.up.services;
	}
	EXPECT_EQ(test, inside, 0);
	EXPECT_EQ(test, after, 1);
}

void an_inner_section_leaves_the_work_to_the_outer(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	int after_inner, after_outer;
	{
		BottomHalvesOff off;
		{
			Section outer;
			{
				Section inner;
				qenable(pair.rd());
			}
			after_inner = pair.up.services;
		}
		after_outer = pair.up.services;
	}
	EXPECT_EQ(test, after_inner, 0);
	EXPECT_EQ(test, after_outer, 1);
}

void a_section_with_endless_work_ends_and_softirq_goes_on(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	pair.up.on_service = [](Watch &watch, queue_t *q) {
		if (watch.services < 1000)
			qenable(q);
	};
	int after;
	{
		BottomHalvesOff off;
		{
			Section section;
			qenable(pair.rd());
		}
		after = pair.up.services;
	}
	EXPECT(test, after > 0 && after < 1000);
	EXPECT(test, eventually([&] { return load_relaxed(pair.up.services) == 1000; }));
}

// Plain D_MP lets everything be concurrent, except this.  A second CPU enables
// the queue all the while.
struct Collisions {
	queue_t *q;
	int inside = 0;
	Atomic<u32> seen{};
};

void enable_many(void *data)
{
	for (int i = 0; i < 5000; i++)
		qenable(static_cast<Collisions *>(data)->q);
}

void one_thread_at_most_is_in_a_service_procedure(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	Collisions collisions{ pair.rd() };
	pair.up.more = &collisions;
	pair.up.on_service = [](Watch &watch, queue_t *) {
		auto &it = *static_cast<Collisions *>(watch.more);
		if (__atomic_exchange_n(&it.inside, 1, __ATOMIC_RELAXED))
			it.seen.fetch_add(1);
		__atomic_store_n(&it.inside, 0, __ATOMIC_RELAXED);
	};
	strm_test_thread *other = strm_test_start(enable_many, &collisions, 1);
	enable_many(&collisions);
	strm_test_join(other);
	EXPECT(test, eventually([&] { return load_relaxed(pair.up.services) > 0; }));
	EXPECT_EQ(test, collisions.seen.relaxed(), 0);
}

// ------------------------------------------------------------------------ fairness

// Streams that are never done, until they are told.
struct Busy {
	Pair one{ serving }, two{ serving };
	bool over = false;

	Busy()
	{
		if (!*this)
			return;
		for (Pair *pair : List{ &one, &two }) {
			pair->up.more = this;
			pair->up.on_service = [](Watch &watch, queue_t *q) {
				if (!load_relaxed(static_cast<Busy *>(watch.more)->over))
					qenable(q);
			};
		}
	}
	~Busy() { store_relaxed(over, true); }
	explicit operator bool() { return one && two; }
	void begin()
	{
		qenable(one.rd());
		qenable(two.rd());
	}
	// Both at one time: they run in softirq, on this CPU.
	int lead()
	{
		BottomHalvesOff off;
		return one.up.services - two.up.services;
	}
};

void busy_queues_take_turns(kunit *test)
{
	Busy busy;
	if (!EXPECT(test, bool(busy)))
		return;
	int lead, turns;
	{
		BottomHalvesOff off;
		{
			Section section;
			busy.begin();
		}
		lead = busy.lead();
		turns = busy.one.up.services;
	}
	EXPECT(test, turns > 1);
	EXPECT(test, lead >= -1 && lead <= 1);
	EXPECT(test, eventually([&] { return load_relaxed(busy.one.up.services) > turns + 200; }));
	lead = busy.lead();
	EXPECT(test, lead >= -1 && lead <= 1);
}

// Who comes while others are busy waits for one turn of each.
void a_late_queue_waits_for_one_turn_of_each(kunit *test)
{
	struct Wait {
		Busy busy{};
		int begun = 0, ended = 0;
	} wait;
	Pair late(serving);
	if (!EXPECT(test, wait.busy && late))
		return;
	late.up.more = &wait;
	late.up.on_service = [](Watch &watch, queue_t *) {
		auto &it = *static_cast<Wait *>(watch.more);
		it.ended = it.busy.one.up.services + it.busy.two.up.services;
	};
	wait.busy.begin();
	EXPECT(test, eventually([&] { return load_relaxed(wait.busy.one.up.services) > 100; }));
	{
		BottomHalvesOff off;
		wait.begun = wait.busy.one.up.services + wait.busy.two.up.services;
		qenable(late.rd());
	}
	EXPECT(test, eventually([&] { return load_relaxed(late.up.services) == 1; }));
	EXPECT(test, wait.ended - wait.begun <= 2);
}

// A system call on one stream does its own work, and not that of others.
void a_section_does_not_wait_for_busy_queues(kunit *test)
{
	Busy busy;
	Pair mine(serving);
	if (!EXPECT(test, busy && mine))
		return;
	busy.begin();
	EXPECT(test, eventually([&] { return load_relaxed(busy.one.up.services) > 100; }));
	int before, after, services;
	{
		BottomHalvesOff off;
		before = busy.one.up.services + busy.two.up.services;
		{
			Section section;
			qenable(mine.rd());
		}
		services = mine.up.services;
		after = busy.one.up.services + busy.two.up.services;
	}
	EXPECT_EQ(test, services, 1);
	EXPECT_EQ(test, after, before);
}

// What was scheduled before, elsewhere, is wanted now: the section runs it.
void a_section_runs_what_waits_for_a_softirq_already(kunit *test)
{
	for (int flags : List{ D_MP, sole_pair }) {
		Pair pair(serving, flags);
		if (!EXPECT(test, bool(pair)))
			return;
		int waiting, after;
		{
			BottomHalvesOff off; // the softirq cannot come
			qenable(pair.rd());
			waiting = pair.up.services;
			{
				Section section;
				qenable(pair.rd());
			}
			after = pair.up.services;
		}
		EXPECT_EQ(test, waiting, 0);
		EXPECT_EQ(test, after, 1);
		strm_test_softirqs();
		EXPECT_EQ(test, pair.up.services, 1);
	}
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_schedule_cases[] = {
	CASE(a_service_procedure_runs_in_softirq_and_once),
	CASE(enabling_what_is_scheduled_already_adds_no_run),
	CASE(enabling_while_it_runs_runs_it_again),
	CASE(queues_are_served_in_the_order_of_enabling),
	CASE(a_queue_without_service_procedure_is_not_scheduled),
	CASE(before_qprocson_nothing_is_served),
	CASE(queueing_before_qprocson_loses_no_wake_up),
	CASE(what_is_scheduled_is_not_served_after_close),
	CASE(enabling_a_closed_queue_does_nothing),
	CASE(a_service_that_enables_itself_ends_with_close),
	CASE(a_section_runs_before_it_ends_what_it_has_scheduled),
	CASE(an_inner_section_leaves_the_work_to_the_outer),
	CASE(a_section_with_endless_work_ends_and_softirq_goes_on),
	CASE(one_thread_at_most_is_in_a_service_procedure),
	CASE(busy_queues_take_turns),
	CASE(a_late_queue_waits_for_one_turn_of_each),
	CASE(a_section_does_not_wait_for_busy_queues),
	CASE(a_section_runs_what_waits_for_a_softirq_already),
	{ nullptr, nullptr },
};
