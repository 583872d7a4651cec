// SPDX-License-Identifier: GPL-2.0-only
//
// What is put with interrupts off, or in a hard interrupt, is done in softirq,
// in order.
#include <kunit/test.hh>
#include <sys/ksynch.h>

namespace strm::testing {

namespace {

// Interrupts are off, as a driver has them off: by a mutex that its handler takes too.
class InterruptsOff : NoCopy {
public:
	InterruptsOff()
	{
		mutex_init(&mutex_, NULL, MUTEX_DRIVER, this);
		mutex_enter(&mutex_);
	}
	~InterruptsOff()
	{
		mutex_exit(&mutex_);
		mutex_destroy(&mutex_);
	}

private:
	kmutex_t mutex_;
};

struct Stage {
	Pair head{ serving };
	Pair driver{ serving, D_MP, &head };
	Text at_once; // what head and driver had seen when the handler returned

	Stage()
	{
		if (!*this)
			return;
		strm_test_softirqs();
		head.up.services = 0;
		driver.up.services = 0;
	}
	explicit operator bool() const { return head && driver; }
};

// Runs `act` with interrupts off, in either way.
template <typename Act> void interrupted(Stage &stage, bool hard, Act act)
{
	struct Call {
		Stage &stage;
		Act &act;
	} call{ stage, act };
	const auto run = [](void *data) {
		auto &it = *static_cast<Call *>(data);
		it.act(it.stage);
		for (Watch *watch : List{ &it.stage.head.up, &it.stage.driver.up }) {
			for (size_t i = 0; i < watch->seen.length; i++)
				it.stage.at_once.add(watch->seen.chars[i]);
		}
	};

	if (hard) {
		strm_test_in_interrupt(run, &call);
	} else {
		InterruptsOff off;
		run(&call);
	}
	strm_test_softirqs();
}

void putnext_from_an_interrupt_is_delivered_later_in_order(kunit *test)
{
	for (bool hard : List{ false, true }) {
		Stage stage;
		if (!EXPECT(test, bool(stage)))
			return;
		interrupted(stage, hard, [](Stage &it) {
			for (char c : List{ 'a', 'b', 'c' })
				putnext(it.driver.rd(), letter(c));
		});
		EXPECT_TEXT(test, stage.at_once, "");
		EXPECT(test, eventually([&] { return stage.head.up.seen.length == 3; }));
		EXPECT_TEXT(test, stage.head.up.seen, "abc");
	}
}

void put_from_an_interrupt_is_delivered_later_in_order(kunit *test)
{
	for (bool hard : List{ false, true }) {
		Stage stage;
		if (!EXPECT(test, bool(stage)))
			return;
		interrupted(stage, hard, [](Stage &it) {
			for (char c : List{ 'a', 'b', 'c' })
				put(it.driver.rd(), letter(c));
		});
		EXPECT_TEXT(test, stage.at_once, "");
		EXPECT(test, eventually([&] { return stage.driver.up.seen.length == 3; }));
		EXPECT_TEXT(test, stage.driver.up.seen, "abc");
	}
}

void putq_from_an_interrupt_queues_and_serves_later(kunit *test)
{
	for (bool hard : List{ false, true }) {
		Stage stage;
		if (!EXPECT(test, bool(stage)))
			return;
		stage.driver.up.on_service = [](Watch &, queue_t *q) {
			while (mblk_t *mp = getq(q))
				putnext(q, mp);
		};
		interrupted(stage, hard, [](Stage &it) {
			for (char c : List{ 'a', 'b', 'c' }) {
				if (putq(it.driver.rd(), letter(c)) != 1)
					it.at_once.add('!');
			}
		});
		EXPECT_TEXT(test, stage.at_once, "");
		EXPECT(test, eventually([&] { return stage.head.up.seen.length == 3; }));
		EXPECT_TEXT(test, stage.head.up.seen, "abc");
		EXPECT(test, stage.driver.up.services > 0);
	}
}

void mixed_calls_keep_their_order(kunit *test)
{
	Stage stage;
	if (!EXPECT(test, bool(stage)))
		return;
	stage.driver.up.on_put = pass;
	interrupted(stage, true, [](Stage &it) {
		putnext(it.driver.rd(), letter('a'));
		put(it.driver.rd(), letter('b'));
		qreply(it.driver.wr(), letter('c'));
	});
	EXPECT(test, eventually([&] { return stage.head.up.seen.length == 3; }));
	EXPECT_TEXT(test, stage.head.up.seen, "abc");
}

void qenable_from_an_interrupt_serves_in_softirq(kunit *test)
{
	for (bool hard : List{ false, true }) {
		Stage stage;
		if (!EXPECT(test, bool(stage)))
			return;
		stage.driver.up.on_service = [](Watch &watch, queue_t *) {
			watch.seen.add(lin_cannot_enter() ? '!' : 's');
		};
		interrupted(stage, hard, [](Stage &it) { qenable(it.driver.rd()); });
		EXPECT_TEXT(test, stage.at_once, "");
		EXPECT(test, eventually([&] { return stage.driver.up.services == 1; }));
		EXPECT_TEXT(test, stage.driver.up.seen, "s");
	}
}

void no_procedure_runs_with_interrupts_off(kunit *test)
{
	Stage stage;
	if (!EXPECT(test, bool(stage)))
		return;
	stage.driver.up.on_put = [](Watch &watch, queue_t *, mblk_t *mp) {
		watch.services += lin_cannot_enter();
		freemsg(mp);
	};
	interrupted(stage, true, [](Stage &it) { put(it.driver.rd(), letter('a')); });
	EXPECT(test, eventually([&] { return stage.driver.up.seen.length == 1; }));
	EXPECT_EQ(test, stage.driver.up.services, 0);
}

// The handler puts, the driver closes, and only then softirq comes.  A sole
// perimeter with nobody inside is entered without sleeping.
void a_message_for_a_pair_that_closed_meanwhile_is_freed(kunit *test)
{
	Pair head(serving);
	Pair driver(serving, D_MP | D_MTQPAIR, &head);
	if (!EXPECT(test, head && driver))
		return;
	{
		InterruptsOff off;
		put(driver.rd(), letter('a'));
		putq(driver.rd(), letter('b'));
		putnext(driver.rd(), letter('c'));
		lin_local_bh_disable(); // softirq shall not come before the close
	}
	driver.close();
	lin_local_bh_enable();
	strm_test_softirqs();
	EXPECT_TEXT(test, head.up.seen, "");
	EXPECT_TEXT(test, driver.up.seen, "");
	EXPECT_EQ(test, driver.up.services, 0);
}

void an_interrupt_that_finds_no_stream_frees(kunit *test)
{
	Stage stage;
	if (!EXPECT(test, bool(stage)))
		return;
	interrupted(stage, true, [](Stage &it) { putnext(it.head.rd(), letter('a')); });
	EXPECT_TEXT(test, stage.head.up.seen, "");
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_interrupt_cases[] = {
	CASE(putnext_from_an_interrupt_is_delivered_later_in_order),
	CASE(put_from_an_interrupt_is_delivered_later_in_order),
	CASE(putq_from_an_interrupt_queues_and_serves_later),
	CASE(mixed_calls_keep_their_order),
	CASE(qenable_from_an_interrupt_serves_in_softirq),
	CASE(no_procedure_runs_with_interrupts_off),
	CASE(a_message_for_a_pair_that_closed_meanwhile_is_freed),
	CASE(an_interrupt_that_finds_no_stream_frees),
	{ nullptr, nullptr },
};
