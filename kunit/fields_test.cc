// SPDX-License-Identifier: GPL-2.0-only
//
// strqget(), strqset(), and a stream that is frozen meanwhile.
#include <kunit/test.hh>
#include <sys/errno.h>

namespace strm::testing {

namespace {

// Served by nobody: what is put on it stays.
struct Shelved : Pair {
	Shelved() : Pair(passing, D_MP, nullptr, false) {}
};

size_t size_of(queue_t *q, qfields_t what, uchar_t band = 0)
{
	size_t value = 12345;
	return strqget(q, what, band, &value) ? 54321 : value;
}

mblk_t *pointer_of(queue_t *q, qfields_t what, uchar_t band = 0)
{
	mblk_t *value = nullptr;
	return strqget(q, what, band, &value) ? nullptr : value;
}

void what_may_be_set_and_what_may_not(kunit *test)
{
	constexpr struct {
		qfields_t what;
		uchar_t band;
		int set, get;
	} rows[] = {
		{ QHIWAT, 0, 0, 0 },
		{ QLOWAT, 0, 0, 0 },
		{ QMAXPSZ, 0, 0, 0 },
		{ QMINPSZ, 0, 0, 0 },
		{ QCOUNT, 0, EPERM, 0 },
		{ QFIRST, 0, EPERM, 0 },
		{ QLAST, 0, EPERM, 0 },
		{ QFLAG, 0, EPERM, 0 },
		{ QSTRUIOT, 0, EINVAL, EINVAL },
		{ QBAD, 0, EINVAL, EINVAL },
		{ qfields_t(99), 0, EINVAL, EINVAL },
		{ qfields_t(-1), 0, EINVAL, EINVAL },
		// of a band
		{ QHIWAT, 2, 0, 0 },
		{ QLOWAT, 2, 0, 0 },
		{ QMAXPSZ, 2, EINVAL, EINVAL },
		{ QMINPSZ, 2, EINVAL, EINVAL },
		{ QCOUNT, 2, EPERM, 0 },
		{ QFIRST, 2, EPERM, 0 },
		{ QLAST, 2, EPERM, 0 },
		{ QFLAG, 2, EPERM, 0 },
		{ QSTRUIOT, 2, EINVAL, EINVAL },
		{ QBAD, 2, EINVAL, EINVAL },
	};

	for (const auto &row : rows) {
		Shelved shelf;
		if (!EXPECT(test, bool(shelf)))
			return;
		queue_t *q = shelf.rd();
		u64 room = 0; // of any field
		EXPECT_EQ(test, strqset(q, row.what, row.band, 7), row.set);
		if (row.set && row.get)
			EXPECT_EQ(test, q->q_nband, 0); // what is refused makes no band
		EXPECT_EQ(test, strqget(q, row.what, row.band, &room), row.get);
		if (row.get)
			EXPECT_EQ(test, room, 0);
		if (!row.set)
			EXPECT_EQ(test, room, 7);
	}
}

void a_field_is_that_of_the_queue_or_of_the_band(kunit *test)
{
	Shelved shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();
	putq(q, letter('a'));
	putq(q, letter('b', M_PCPROTO));
	putq(q, spell("cd|e"));
	for (char c : List{ 'x', 'y', 'z' })
		putq(q, letter(c, M_DATA, 2));

	EXPECT_EQ(test, size_of(q, QCOUNT), 5);
	EXPECT_EQ(test, size_of(q, QCOUNT, 1), 0);
	EXPECT_EQ(test, size_of(q, QCOUNT, 2), 3);
	EXPECT_EQ(test, letter_of(pointer_of(q, QFIRST)), 'b');
	EXPECT_EQ(test, letter_of(pointer_of(q, QLAST)), 'c');
	EXPECT_EQ(test, pointer_of(q, QFIRST, 1), nullptr);
	EXPECT_EQ(test, pointer_of(q, QLAST, 1), nullptr);
	EXPECT_EQ(test, letter_of(pointer_of(q, QFIRST, 2)), 'x');
	EXPECT_EQ(test, letter_of(pointer_of(q, QLAST, 2)), 'z');
	uint_t flag = 0;
	EXPECT_EQ(test, strqget(q, QFLAG, 0, &flag), 0);
	EXPECT_EQ(test, flag, q->q_flag);
	EXPECT_EQ(test, strqset(q, QHIWAT, 2, 3), 0);
	putq(q, letter('w', M_DATA, 2));
	EXPECT_EQ(test, strqget(q, QFLAG, 2, &flag), 0);
	EXPECT_EQ(test, flag, QB_FULL);
	EXPECT_EQ(test, size_of(q, QHIWAT), test_hiwat);
	EXPECT_EQ(test, size_of(q, QHIWAT, 1), test_hiwat);
	EXPECT_EQ(test, size_of(q, QHIWAT, 2), 3);
}

void a_band_without_a_record_is_made(kunit *test)
{
	Shelved shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();
	strm_test_fail_allocation(2);
	EXPECT_EQ(test, strqset(q, QHIWAT, 2, 7), EAGAIN);
	strm_test_fail_allocation(1);
	EXPECT_EQ(test, strqget(q, QHIWAT, 2, nullptr), EAGAIN);
	strm_test_fail_allocation(0);
	EXPECT_EQ(test, strqset(q, QHIWAT, 2, 7), 0);
	EXPECT_EQ(test, size_of(q, QHIWAT, 1), test_hiwat);
	EXPECT_EQ(test, size_of(q, QHIWAT, 2), 7);
	EXPECT_EQ(test, size_of(q, QLOWAT, 3), test_lowat);
	EXPECT_EQ(test, q->q_nband, 3);
}

// Marks count from the next message on, and setting them enables nobody.
void new_marks_enable_nobody(kunit *test)
{
	for (uchar_t band : List{ 0, 1 }) {
		Pair head(serving);
		Pair driver(serving, D_MP, &head);
		if (!EXPECT(test, head && driver))
			return;
		queue_t *q = driver.wr();
		for (int i = 0; i < 10; i++)
			putq(q, letter('a', M_DATA, band));
		EXPECT_EQ(test, strqset(q, QHIWAT, band, 5), 0);
		putq(q, letter('a', M_DATA, band));
		EXPECT_EQ(test, bcanputnext(head.wr(), band), 0);
		strm_test_softirqs();
		head.down.services = 0;
		EXPECT_EQ(test, strqset(q, QHIWAT, band, 1000), 0);
		EXPECT_EQ(test, strqset(q, QLOWAT, band, 900), 0);
		strm_test_softirqs();
		EXPECT_EQ(test, head.down.services, 0);
		EXPECT_EQ(test, bcanputnext(head.wr(), band), 0);
		freemsg(getq(q));
		strm_test_softirqs();
		EXPECT_EQ(test, head.down.services, 1);
		EXPECT_EQ(test, bcanputnext(head.wr(), band), 1);
	}
}

// -------------------------------------------------------------------- freezing

// A head, a module that serves, a driver; and somebody on another CPU, where
// there is one, who does something with them.
struct Frozen {
	Pair head{ serving };
	Pair driver{ serving, D_MP, &head };
	Pair module{ serving, D_MP, &head };
	void (*act)(Frozen &) = nullptr;
	Atomic<u32> begun, done;

	Frozen()
	{
		if (*this)
			strm_test_softirqs();
	}
	explicit operator bool() { return head && driver && module; }

	// Freezes, lets the other begin, gives it time, and thaws.  True where the
	// other was not done before that.
	template <typename Check> bool around(void (*what)(Frozen &), Check check)
	{
		act = what;
		strm_test_thread *other = strm_test_start(run, this, 1);
		if (!other)
			return false;
		freezestr(module.wr());
		begun.release(1);
		for (int i = 0; i < 200000; i++)
			lin_cpu_relax();
		const bool waited = done.acquire() == 0 && check();
		unfreezestr(module.wr());
		strm_test_join(other);
		return waited;
	}

	static void run(void *data)
	{
		Frozen &it = *static_cast<Frozen *>(data);
		while (!it.begun.acquire())
			strm_test_pause();
		it.act(it);
		it.done.release(1);
	}
};

void others_wait_while_a_stream_is_frozen(kunit *test)
{
	constexpr struct {
		void (*act)(Frozen &it);
		const char *on_queue, *put; // afterwards
		int services;
	} rows[] = {
		{ [](Frozen &it) { putq(it.module.wr(), letter('b')); }, "ab", "", 0 },
		{ [](Frozen &it) { putbq(it.module.wr(), letter('b')); }, "ba", "", 0 },
		{ [](Frozen &it) { insq(it.module.wr(), nullptr, letter('b')); }, "ab", "", 0 },
		{ [](Frozen &it) { freemsg(getq(it.module.wr())); }, "", "", 0 },
		{ [](Frozen &it) { flushq(it.module.wr(), FLUSHALL); }, "", "", 0 },
		{ [](Frozen &it) { putnext(it.head.wr(), letter('b')); }, "a", "b", 0 },
		{ [](Frozen &it) { put(it.module.wr(), letter('b')); }, "a", "b", 0 },
		{ [](Frozen &it) { strqset(it.module.wr(), QHIWAT, 0, 7); }, "a", "", 0 },
		{ [](Frozen &it) { freezestr(it.head.rd()), unfreezestr(it.head.rd()); }, "a", "",
		  0 },
	};

	for (const auto &row : rows) {
		Frozen it;
		if (!EXPECT(test, bool(it)))
			return;
		queue_t *q = it.module.wr();
		putq(q, letter('a'));
		freemsg(getq(q)); // QWANTR is gone
		putq(q, letter('a'));
		strm_test_softirqs();
		it.module.down.services = 0;
		const bool waited = it.around(row.act, [&] {
			return q->q_first && q->q_first == q->q_last && q->q_hiwat == test_hiwat &&
			       it.module.down.seen.length == 0;
		});
		EXPECT(test, waited);
		EXPECT_TEXT(test, queued(q), row.on_queue);
		EXPECT_TEXT(test, it.module.down.seen, row.put);
		EXPECT_EQ(test, it.module.down.services, row.services);
	}
}

// Enabled while it is frozen, by its freezer or by another: it runs afterwards.
void no_service_procedure_begins_in_a_frozen_stream(kunit *test)
{
	Frozen it;
	if (!EXPECT(test, bool(it)))
		return;
	it.module.down.services = 0;
	const auto not_served = [&] {
		qenable(it.module.wr());
		return load_relaxed(it.module.down.services) == 0;
	};
	EXPECT(test, it.around(
			     [](Frozen &that) {
				     qenable(that.module.wr()), putq(that.module.rd(), letter('a'));
			     },
			     not_served));
	EXPECT(test, eventually([&] { return load_relaxed(it.module.down.services) > 0; }));
}

void the_freezer_itself_reads_and_changes_queues(kunit *test)
{
	Frozen it;
	if (!EXPECT(test, bool(it)))
		return;
	queue_t *q = it.module.wr();
	Text letters;

	freezestr(q);
	putq(q, letter('b'));
	putbq(q, letter('a'));
	insq(q, nullptr, letter('d'));
	insq(q, pointer_of(q, QLAST), letter('c'));
	letters = queued(q);
	mblk_t *mp = pointer_of(q, QFIRST);
	rmvq(q, mp);
	freemsg(mp);
	freemsg(getq(q));
	strqset(q, QHIWAT, 0, 2);
	putq(q, letter('e'));
	const bool full = q->q_flag & QFULL;
	putq(it.driver.rd(), letter('z')); // another queue of the stream
	unfreezestr(q);

	EXPECT_TEXT(test, letters, "abcd");
	EXPECT(test, full);
	EXPECT_TEXT(test, queued(q), "cde");
	EXPECT_TEXT(test, queued(it.driver.rd()), "z");
	EXPECT_EQ(test, q->q_flag & QFROZEN, 0);
	putnext(it.head.wr(), letter('f'));
	EXPECT_TEXT(test, it.module.down.seen, "f");
}

// A pair that comes or goes waits, and is not left frozen.
void plumbing_waits_while_a_stream_is_frozen(kunit *test)
{
	Frozen it;
	if (!EXPECT(test, bool(it)))
		return;
	EXPECT(test, it.around(
			     [](Frozen &that) {
				     Pair late(passing, D_MP, &that.head);
				     if (late)
					     late.down.on_put = pass;
				     putnext(that.head.wr(), letter('b'));
			     },
			     [&] { return it.head.wr()->q_next == it.module.wr(); }));
	EXPECT_TEXT(test, it.module.down.seen, "b");
	putnext(it.head.wr(), letter('c'));
	EXPECT_TEXT(test, it.module.down.seen, "bc");
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_fields_cases[] = {
	CASE(what_may_be_set_and_what_may_not),
	CASE(a_field_is_that_of_the_queue_or_of_the_band),
	CASE(a_band_without_a_record_is_made),
	CASE(new_marks_enable_nobody),
	CASE(others_wait_while_a_stream_is_frozen),
	CASE(no_service_procedure_begins_in_a_frozen_stream),
	CASE(the_freezer_itself_reads_and_changes_queues),
	CASE(plumbing_waits_while_a_stream_is_frozen),
	{ nullptr, nullptr },
};
