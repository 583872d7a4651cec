// SPDX-License-Identifier: GPL-2.0-only
//
// Flow control along a stream of the test's own: a head that serves, a module
// that does not, and a driver that does.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

mblk_t *bytes(size_t count, unsigned char band = 0)
{
	mblk_t *mp = allocb(count, BPRI_MED);
	if (mp) {
		mp->b_band = band;
		__builtin_memset(mp->b_wptr, 'f', count);
		mp->b_wptr += count;
	}
	return mp;
}

struct Chain {
	Pair head{ serving };
	Pair driver{ serving, D_MP, &head };
	Pair module{ passing, D_MP, &head };

	Chain()
	{
		if (!*this)
			return;
		module.down.on_put = pass;
		driver.down.on_put = keep;
		settle();
	}
	explicit operator bool() const { return head && driver && module; }

	// Each push enables the head once: not what a test wants to count.
	void settle()
	{
		strm_test_softirqs();
		head.down.services = 0;
		driver.down.services = 0;
	}
	queue_t *top() { return head.wr(); }
	queue_t *bottom() { return driver.wr(); }
};

void canputnext_looks_past_a_queue_without_service(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	EXPECT_EQ(test, canputnext(chain.top()), 1);
	putq(chain.bottom(), bytes(test_hiwat));
	EXPECT_EQ(test, canputnext(chain.top()), 0);
	EXPECT_EQ(test, canput(chain.module.wr()), 0);
	EXPECT_EQ(test, canputnext(chain.module.wr()), 0);
	EXPECT_EQ(test, canput(chain.bottom()), 0);
	EXPECT_EQ(test, chain.bottom()->q_flag & QWANTW, QWANTW);
	EXPECT_EQ(test, chain.module.wr()->q_flag & QWANTW, 0);
}

void putnext_does_not_look_at_flow_control(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	putq(chain.bottom(), bytes(test_hiwat));
	putnext(chain.top(), bytes(1));
	EXPECT_EQ(test, qsize(chain.bottom()), 2);
}

void a_full_band_closes_that_band_alone(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	for (unsigned char full : List{ 0, 1, 3 }) {
		putq(chain.bottom(), bytes(test_hiwat, full));
		for (unsigned char band : List{ 0, 1, 2, 3, 200 })
			EXPECT_EQ(test, bcanputnext(chain.top(), band), band != full);
		flushq(chain.bottom(), FLUSHALL);
	}
}

void there_is_no_room_beyond_the_end_nor_in_no_queue(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	EXPECT_EQ(test, canputnext(chain.bottom()), 0);
	EXPECT_EQ(test, bcanput(nullptr, 0), 0);
	EXPECT_EQ(test, bcanput(nullptr, 5), 0);
}

void backq_is_the_queue_that_puts_here(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	EXPECT_EQ(test, backq(chain.bottom()), chain.module.wr());
	EXPECT_EQ(test, backq(chain.module.wr()), chain.top());
	EXPECT_EQ(test, backq(chain.top()), nullptr);
	EXPECT_EQ(test, backq(chain.head.rd()), chain.module.rd());
	EXPECT_EQ(test, backq(chain.driver.rd()), nullptr);
	EXPECT(test, SAMESTR(chain.top()));
	EXPECT(test, !SAMESTR(chain.bottom()));
}

// Three messages that fill the driver's queue; below the low mark once two of
// them are gone.
void fill_bottom(Chain &chain, unsigned char band)
{
	for (size_t count : List{ 40, 40, 40 })
		putq(chain.bottom(), bytes(count, band));
}

void the_writer_is_enabled_below_the_low_mark_and_once(kunit *test)
{
	for (unsigned char band : List{ 0, 2 }) {
		Chain chain;
		if (!EXPECT(test, bool(chain)))
			return;
		fill_bottom(chain, band);
		EXPECT_EQ(test, bcanputnext(chain.top(), band), 0);
		chain.settle();

		freemsg(getq(chain.bottom())); // 80 bytes: not full, above the low mark
		strm_test_softirqs();
		EXPECT_EQ(test, bcanput(chain.bottom(), band), 1);
		EXPECT_EQ(test, chain.head.down.services, 0);
		freemsg(getq(chain.bottom())); // 40 bytes
		strm_test_softirqs();
		EXPECT_EQ(test, chain.head.down.services, 1);
		freemsg(getq(chain.bottom()));
		strm_test_softirqs();
		EXPECT_EQ(test, chain.head.down.services, 1);
	}
}

void nobody_is_enabled_who_has_not_asked(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	fill_bottom(chain, 0);
	chain.settle();
	while (mblk_t *mp = getq(chain.bottom()))
		freemsg(mp);
	strm_test_softirqs();
	EXPECT_EQ(test, chain.head.down.services, 0);
}

void a_low_mark_of_zero_enables_at_each_removal(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	chain.bottom()->q_lowat = 0;
	fill_bottom(chain, 0);
	EXPECT_EQ(test, canputnext(chain.top()), 0);
	chain.settle();
	freemsg(getq(chain.bottom()));
	strm_test_softirqs();
	EXPECT_EQ(test, chain.head.down.services, 1);
}

void every_way_of_removal_enables_the_writer(kunit *test)
{
	void (*const ways[])(queue_t * q) = {
		[](queue_t *q) {
			while (mblk_t *mp = getq(q))
				freemsg(mp);
		},
		[](queue_t *q) {
			while (mblk_t *mp = q->q_first) {
				rmvq(q, mp);
				freemsg(mp);
			}
		},
		[](queue_t *q) { flushq(q, FLUSHALL); },
		[](queue_t *q) { flushq(q, FLUSHDATA); },
		[](queue_t *q) { flushband(q, q->q_first->b_band, FLUSHALL); },
	};

	for (unsigned char band : List{ 0, 1 }) {
		for (auto *way : ways) {
			Chain chain;
			if (!EXPECT(test, bool(chain)))
				return;
			fill_bottom(chain, band);
			EXPECT_EQ(test, bcanputnext(chain.top(), band), 0);
			chain.settle();
			way(chain.bottom());
			strm_test_softirqs();
			EXPECT_EQ(test, chain.head.down.services, 1);
		}
	}
}

void the_nearest_service_procedure_behind_is_enabled(kunit *test)
{
	Pair head(serving);
	Pair driver(serving, D_MP, &head);
	Pair queueing(serving, D_MP, &head);
	if (!EXPECT(test, head && driver && queueing))
		return;
	for (size_t count : List{ 60, 60 })
		putq(driver.wr(), bytes(count));
	EXPECT_EQ(test, canputnext(queueing.wr()), 0);
	strm_test_softirqs();
	head.down.services = 0;
	queueing.down.services = 0;
	flushq(driver.wr(), FLUSHALL);
	strm_test_softirqs();
	EXPECT_EQ(test, queueing.down.services, 1);
	EXPECT_EQ(test, head.down.services, 0);
}

// Upwards it is the same: the head's read queue holds the driver.
void the_read_side_holds_the_driver(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	chain.module.up.on_put = pass;
	chain.head.up.on_put = keep;
	putnext(chain.driver.rd(), bytes(test_hiwat));
	EXPECT_EQ(test, qsize(chain.head.rd()), 1);
	EXPECT_EQ(test, canputnext(chain.driver.rd()), 0);
	strm_test_softirqs();
	chain.driver.up.services = 0;
	freemsg(getq(chain.head.rd()));
	strm_test_softirqs();
	EXPECT_EQ(test, chain.driver.up.services, 1);
}

// Messages that wait at a perimeter are on no queue, and still hold writers off.
void what_waits_at_a_perimeter_holds_the_writer(kunit *test)
{
	Pair head(serving);
	Pair module(passing, sole_pair, &head);
	if (!EXPECT(test, head && module))
		return;
	strm_test_softirqs();
	head.down.services = 0;
	module.perimeter().enter(Access::Exclusive);
	int sent = 0;
	while (sent < 5000 && canputnext(head.wr())) {
		putnext(head.wr(), letter('a'));
		sent++;
	}
	EXPECT(test, sent > 100 && sent < 5000);
	strm_test_softirqs();
	EXPECT_EQ(test, head.down.services, 0);
	module.perimeter().exit(Access::Exclusive);
	EXPECT(test, eventually([&] { return head.down.services == 1; }));
	EXPECT_EQ(test, canputnext(head.wr()), 1);
}

// The whole of it: what is written in excess of the marks waits, and all comes
// through in order.
void a_held_back_module_delivers_all_in_order(kunit *test)
{
	Pair head(serving);
	Pair driver(serving, D_MP, &head);
	Pair relay(serving, D_MP, &head);
	if (!EXPECT(test, head && driver && relay))
		return;
	relay.down.on_put = keep;
	relay.down.on_service = [](Watch &, queue_t *q) {
		while (mblk_t *mp = getq(q)) {
			if (!canputnext(q)) {
				putbq(q, mp);
				return;
			}
			putnext(q, mp);
		}
	};
	driver.down.on_put = [](Watch &, queue_t *q, mblk_t *mp) { putq(q, mp); };

	driver.wr()->q_hiwat = 5;
	driver.wr()->q_lowat = 2;
	for (char c = 'a'; c <= 'z'; c++)
		putnext(head.wr(), letter(c));
	strm_test_softirqs();
	EXPECT_EQ(test, qsize(driver.wr()), 5);
	EXPECT_EQ(test, qsize(relay.wr()), 21);
	Text got;
	while (mblk_t *mp = getq(driver.wr())) {
		got.add(letter_of(mp));
		freemsg(mp);
		strm_test_softirqs();
		EXPECT(test, qsize(driver.wr()) <= 5);
	}
	EXPECT_TEXT(test, got, "abcdefghijklmnopqrstuvwxyz");
}

// ------------------------------------------------------------ who is back-enabled

// The flags that a service procedure finds when it has been back-enabled.
struct Found {
	uint_t queue = 0, band[3] = {};
};

void note_flags(Watch &watch, queue_t *q)
{
	Found &found = *static_cast<Found *>(watch.more);
	found = {};
	found.queue = q->q_flag & QBACK;
	int band = 1;
	for (const qband_t *it = q->q_bandp; it && band < 3; it = it->qb_next, band++)
		found.band[band] = it->qb_flag & QB_BACK;
}

// QBACK, or QB_BACK of the band that has room again, while the service procedure
// runs and no longer.
void a_back_enabled_queue_is_marked_while_it_is_served(kunit *test)
{
	for (unsigned char band : List{ 0, 1, 2 }) {
		Chain chain;
		Found found;
		if (!EXPECT(test, bool(chain)))
			return;
		chain.head.down.more = &found;
		chain.head.down.on_service = note_flags;
		putq(chain.top(), bytes(1, 2)); // it has records of both bands
		fill_bottom(chain, band);
		EXPECT_EQ(test, bcanputnext(chain.top(), band), 0);
		chain.settle();
		found = { QBACK, { 0, QB_BACK, QB_BACK } };
		flushq(chain.bottom(), FLUSHALL);
		strm_test_softirqs();
		EXPECT_EQ(test, chain.head.down.services, 1);
		EXPECT_EQ(test, found.queue, band == 0 ? QBACK : 0);
		EXPECT_EQ(test, found.band[1], band == 1 ? QB_BACK : 0);
		EXPECT_EQ(test, found.band[2], band == 2 ? QB_BACK : 0);

		qenable(chain.top()); // by itself
		strm_test_softirqs();
		EXPECT_EQ(test, chain.head.down.services, 2);
		EXPECT_EQ(test, found.queue | found.band[1] | found.band[2], 0);
	}
}

// Several bands at once: one run, and the marks of all of them.
void a_flush_marks_every_band_that_has_room_again(kunit *test)
{
	Chain chain;
	Found found;
	if (!EXPECT(test, bool(chain)))
		return;
	chain.head.down.more = &found;
	chain.head.down.on_service = note_flags;
	putq(chain.top(), bytes(1, 2));
	for (unsigned char band : List{ 0, 2 }) {
		fill_bottom(chain, band);
		EXPECT_EQ(test, bcanputnext(chain.top(), band), 0);
	}
	chain.settle();
	flushq(chain.bottom(), FLUSHALL);
	strm_test_softirqs();
	EXPECT_EQ(test, chain.head.down.services, 1);
	EXPECT_EQ(test, found.queue, QBACK);
	EXPECT_EQ(test, found.band[1], 0);
	EXPECT_EQ(test, found.band[2], QB_BACK);
}

// The queue that decides is another one when a pair with a service procedure
// comes in between, or goes: whoever waits is told, and looks at that one.
void who_decides_follows_the_plumbing(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	fill_bottom(chain, 0);
	EXPECT_EQ(test, canputnext(chain.top()), 0);
	chain.settle();
	{
		Pair relay(serving, D_MP, &chain.head);
		if (!EXPECT(test, bool(relay)))
			return;
		strm_test_softirqs();
		EXPECT_EQ(test, chain.head.down.services, 1);
		EXPECT_EQ(test, canputnext(chain.top()), 1);
		EXPECT_EQ(test, canput(chain.module.wr()), 0);
		putq(relay.wr(), bytes(test_hiwat));
		EXPECT_EQ(test, canputnext(chain.top()), 0);
		EXPECT_EQ(test, relay.wr()->q_flag & QWANTW, QWANTW);
		flushq(chain.bottom(), FLUSHALL);
		EXPECT_EQ(test, canputnext(chain.top()), 0);
		chain.settle();
	}
	strm_test_softirqs();
	EXPECT(test, chain.head.down.services >= 1);
	EXPECT_EQ(test, canputnext(chain.top()), 1);
}

// The same two places further down: those in between learn of it.
void who_decides_is_known_further_up(kunit *test)
{
	Chain chain;
	Pair relay(serving, D_MP, &chain.head, false);
	if (!EXPECT(test, chain && relay))
		return;
	putq(chain.bottom(), bytes(test_hiwat));
	EXPECT_EQ(test, canputnext(chain.top()), 0);
	relay.get().place_below(chain.module.get());
	EXPECT_EQ(test, canputnext(chain.top()), 0);
	relay.get().procs_on();
	EXPECT_EQ(test, chain.module.wr()->q_next, relay.wr());
	EXPECT_EQ(test, canputnext(chain.top()), 1);
	EXPECT_EQ(test, canputnext(chain.module.wr()), 1);
	putq(relay.wr(), bytes(test_hiwat));
	flushq(chain.bottom(), FLUSHALL);
	EXPECT_EQ(test, canputnext(chain.top()), 0);
	EXPECT_EQ(test, relay.wr()->q_flag & QWANTW, QWANTW);
	relay.close();
	EXPECT_EQ(test, canputnext(chain.top()), 1);
	EXPECT_EQ(test, canputnext(chain.module.wr()), 1);
}

// ---------------------------------------------------------------- control messages

// What has come to a watched queue, by type.
void note_type(Watch &watch, queue_t *, mblk_t *mp)
{
	auto &types = *static_cast<Text *>(watch.more);
	types.add(static_cast<char>(mp->b_datap->db_type));
	types.add(static_cast<char>('0' + MBLKL(mp)));
	types.add(MBLKL(mp) ? letter_of(mp) : '-');
	freemsg(mp);
}

void control_messages_are_of_any_type_but_data(kunit *test)
{
	constexpr struct {
		int type;
		bool refused;
	} rows[] = {
		{ M_DATA, true },   { M_PROTO, true }, { M_PCPROTO, true }, { M_DELAY, false },
		{ M_BREAK, false }, { M_CTL, false },  { M_FLUSH, false },  { M_HANGUP, false },
		{ M_ERROR, false }, { M_STOP, false }, { M_START, false },
	};

	for (const auto &row : rows) {
		Pair head(passing);
		Pair module(passing, D_MP, &head);
		Text here, next;
		if (!EXPECT(test, head && module))
			return;
		module.up.more = &here;
		module.up.on_put = note_type;
		head.up.more = &next;
		head.up.on_put = note_type;
		EXPECT_EQ(test, putctl(module.rd(), row.type), !row.refused);
		EXPECT_EQ(test, putctl1(module.rd(), row.type, 'p'), !row.refused);
		EXPECT_EQ(test, putnextctl(module.rd(), row.type), !row.refused);
		EXPECT_EQ(test, putnextctl1(module.rd(), row.type, 'p'), !row.refused);
		const auto type = static_cast<char>(row.type);
		const char both[] = { type, '0', '-', type, '1', 'p', 0 };
		EXPECT_TEXT(test, here, row.refused ? "" : both);
		EXPECT_TEXT(test, next, row.refused ? "" : both);
	}
}

void qreply_goes_to_the_next_queue_of_the_other_side(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	qreply(chain.module.wr(), letter('u'));
	qreply(chain.module.rd(), letter('d'));
	EXPECT_TEXT(test, chain.head.up.seen, "u");
	EXPECT_TEXT(test, chain.driver.down.seen, "d");
	EXPECT_TEXT(test, chain.module.up.seen, "");
	EXPECT_TEXT(test, chain.module.down.seen, "");
}

// A message to nobody is freed, and a stray one harms nothing.
void a_message_beyond_the_end_is_freed(kunit *test)
{
	Chain chain;
	if (!EXPECT(test, bool(chain)))
		return;
	putnext(chain.bottom(), letter('a'));
	qreply(chain.driver.rd(), letter('b'));
	EXPECT_EQ(test, putnextctl(chain.bottom(), M_FLUSH), 1);
	EXPECT_TEXT(test, chain.head.up.seen, "");
	EXPECT_TEXT(test, chain.driver.down.seen, "");
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_flow_cases[] = {
	CASE(canputnext_looks_past_a_queue_without_service),
	CASE(putnext_does_not_look_at_flow_control),
	CASE(a_full_band_closes_that_band_alone),
	CASE(there_is_no_room_beyond_the_end_nor_in_no_queue),
	CASE(backq_is_the_queue_that_puts_here),
	CASE(the_writer_is_enabled_below_the_low_mark_and_once),
	CASE(nobody_is_enabled_who_has_not_asked),
	CASE(a_low_mark_of_zero_enables_at_each_removal),
	CASE(every_way_of_removal_enables_the_writer),
	CASE(the_nearest_service_procedure_behind_is_enabled),
	CASE(the_read_side_holds_the_driver),
	CASE(what_waits_at_a_perimeter_holds_the_writer),
	CASE(a_held_back_module_delivers_all_in_order),
	CASE(a_back_enabled_queue_is_marked_while_it_is_served),
	CASE(a_flush_marks_every_band_that_has_room_again),
	CASE(who_decides_follows_the_plumbing),
	CASE(who_decides_is_known_further_up),
	CASE(control_messages_are_of_any_type_but_data),
	CASE(qreply_goes_to_the_next_queue_of_the_other_side),
	CASE(a_message_beyond_the_end_is_freed),
	{ nullptr, nullptr },
};
