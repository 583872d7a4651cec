// SPDX-License-Identifier: GPL-2.0-only
//
// One queue: the order of its messages, its counters, and what enables it.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

mblk_t *sized(size_t bytes, int type = M_DATA, unsigned char band = 0)
{
	mblk_t *mp = allocb(bytes, BPRI_MED);
	if (mp) {
		mp->b_datap->db_type = static_cast<unsigned char>(type);
		mp->b_band = band;
		__builtin_memset(mp->b_wptr, 's', bytes);
		mp->b_wptr += bytes;
	}
	return mp;
}

// A queue that serves nobody: what is put on it stays.
struct Shelf : Pair {
	Shelf() : Pair(serving, D_MP, nullptr, false) {}
};

qband_t *band_record(queue_t *q, int band)
{
	qband_t *record = q->q_bandp;
	while (record && --band)
		record = record->qb_next;
	return record;
}

void order_is_priority_then_bands_then_band_zero(kunit *test)
{
	Shelf shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();

	putq(q, letter('a'));
	putq(q, letter('b', M_PROTO, 2));
	putq(q, letter('c', M_DATA, 1));
	putq(q, letter('d', M_PCPROTO, 9));
	putq(q, letter('e', M_DATA, 2));
	putq(q, letter('f'));
	putq(q, letter('g', M_FLUSH));
	putq(q, letter('h', M_DATA, 255));
	EXPECT_TEXT(test, queued(q), "dghbecaf");
	EXPECT_EQ(test, q->q_first->b_band, 0); // of high priority: no band
	EXPECT_EQ(test, qsize(q), 8);
	EXPECT_EQ(test, q->q_nband, 255);
}

void putbq_goes_in_front_of_its_own_kind_only(kunit *test)
{
	Shelf shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();

	for (char c : List{ 'a', 'b' })
		putq(q, letter(c));
	for (char c : List{ 'c', 'd' })
		putq(q, letter(c, M_DATA, 3));
	for (char c : List{ 'e', 'f' })
		putq(q, letter(c, M_PCPROTO));
	putbq(q, letter('1'));
	putbq(q, letter('2', M_DATA, 3));
	putbq(q, letter('3', M_PCPROTO));
	putbq(q, letter('4', M_DATA, 1));
	EXPECT_TEXT(test, queued(q), "3ef2cd41ab");
}

void getq_then_putbq_leaves_the_queue_as_it_was(kunit *test)
{
	Shelf shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();

	putq(q, letter('a', M_DATA, 2));
	putq(q, letter('b', M_DATA, 2));
	putq(q, letter('c'));
	putbq(q, getq(q));
	EXPECT_TEXT(test, queued(q), "abc");
	EXPECT_EQ(test, band_record(q, 2)->qb_count, 2);
	EXPECT_EQ(test, q->q_count, 1);
}

void insq_keeps_the_order_or_refuses(kunit *test)
{
	Shelf shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();
	// "Ab2a0": priority, band 2, band 0, around which to insert.
	putq(q, letter('P', M_PCPROTO));
	putq(q, letter('T', M_DATA, 2));
	putq(q, letter('Z'));
	mblk_t *priority = q->q_first, *two = priority->b_next, *zero = two->b_next;

	const struct {
		mblk_t *before;
		int type;
		unsigned char band;
		int accepted;
	} rows[] = {
		{ priority, M_PCPROTO, 0, 1 }, { priority, M_DATA, 2, 0 },
		{ two, M_PCPROTO, 0, 1 },      { two, M_DATA, 2, 1 },
		{ two, M_DATA, 3, 1 },	       { two, M_DATA, 1, 0 },
		{ two, M_DATA, 0, 0 },	       { zero, M_DATA, 2, 1 },
		{ zero, M_DATA, 1, 1 },	       { zero, M_DATA, 0, 1 },
		{ zero, M_DATA, 3, 0 },	       { zero, M_PCPROTO, 0, 0 },
		{ nullptr, M_DATA, 0, 1 },     { nullptr, M_DATA, 1, 0 },
		{ nullptr, M_PCPROTO, 0, 0 },
	};
	for (const auto &row : rows) {
		mblk_t *mp = letter('x', row.type, row.band);
		EXPECT_EQ(test, insq(q, row.before, mp), row.accepted);
		EXPECT_EQ(test, qsize(q), 3 + row.accepted);
		if (row.accepted) {
			EXPECT_EQ(test, mp->b_next, row.before);
			rmvq(q, mp);
		}
		EXPECT_TEXT(test, queued(q), "PTZ");
		freemsg(mp);
	}
}

void bytes_and_blocks_are_counted_by_band(kunit *test)
{
	Shelf shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();

	putq(q, spell("ab|<cde|f"));	  // 6 bytes, 3 blocks, whatever their types
	putq(q, sized(10, M_PCPROTO, 7)); // counts in the queue itself
	putq(q, sized(20, M_DATA, 2));
	putq(q, sized(0, M_DATA, 2));
	EXPECT_EQ(test, q->q_count, 16);
	EXPECT_EQ(test, q->q_mblkcnt, 4);
	EXPECT_EQ(test, q->q_nband, 2);
	EXPECT_EQ(test, band_record(q, 1)->qb_count, 0);
	EXPECT_EQ(test, band_record(q, 2)->qb_count, 20);
	EXPECT_EQ(test, band_record(q, 2)->qb_mblkcnt, 2);
	while (mblk_t *mp = getq(q))
		freemsg(mp);
	EXPECT_EQ(test, q->q_count, 0);
	EXPECT_EQ(test, q->q_mblkcnt, 0);
	EXPECT_EQ(test, band_record(q, 2)->qb_count, 0);
	EXPECT_EQ(test, band_record(q, 2)->qb_mblkcnt, 0);
}

void band_records_inherit_the_water_marks(kunit *test)
{
	Shelf shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();
	q->q_hiwat = 77;
	q->q_lowat = 33;
	putq(q, letter('a', M_DATA, 3));
	for (int band = 1; band <= 3; band++) {
		qband_t *record = band_record(q, band);
		if (!EXPECT(test, record != nullptr))
			return;
		EXPECT_EQ(test, record->qb_hiwat, 77);
		EXPECT_EQ(test, record->qb_lowat, 33);
	}
}

void queueing_without_memory_for_a_band_is_refused(kunit *test)
{
	Shelf shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();
	int (*const operations[])(queue_t *, mblk_t *) = {
		putq,
		putbq,
		[](queue_t *queue, mblk_t *mp) { return insq(queue, nullptr, mp); },
	};

	for (auto *operation : operations) {
		mblk_t *mp = letter('a', M_DATA, 2);
		strm_test_fail_allocation(1);
		EXPECT_EQ(test, operation(q, mp), 0);
		strm_test_fail_allocation(0);
		EXPECT_EQ(test, q->q_first, nullptr);
		EXPECT_EQ(test, q->q_nband, 0);
		EXPECT_EQ(test, letter_of(mp), 'a');
		freemsg(mp);
	}
}

void full_begins_at_the_high_mark_in_bytes(kunit *test)
{
	for (unsigned char band : List{ 0, 1 }) {
		Shelf shelf;
		if (!EXPECT(test, bool(shelf)))
			return;
		queue_t *q = shelf.rd();
		const auto full = [&] {
			return band ? (band_record(q, band)->qb_flag & QB_FULL) != 0 :
				      (q->q_flag & QFULL) != 0;
		};

		putq(q, sized(test_hiwat - 1, M_DATA, band));
		EXPECT(test, !full());
		putq(q, sized(1, M_DATA, band));
		EXPECT(test, full());
		EXPECT_EQ(test, bcanput(q, band), 0);
		EXPECT_EQ(test, bcanput(q, band ? 0 : 1), 1);
		mblk_t *mp = q->q_last;
		rmvq(q, mp); // one below the high mark: no longer full
		freemsg(mp);
		EXPECT(test, !full());
	}
}

void full_begins_at_the_high_mark_in_blocks(kunit *test)
{
	Shelf shelf;
	if (!EXPECT(test, bool(shelf)))
		return;
	queue_t *q = shelf.rd();

	for (size_t i = 1; i < test_hiwat; i++)
		putq(q, sized(0));
	EXPECT_EQ(test, q->q_flag & QFULL, 0);
	putq(q, sized(0));
	EXPECT_EQ(test, q->q_flag & QFULL, QFULL);
	freemsg(getq(q));
	EXPECT_EQ(test, q->q_flag & QFULL, 0);
}

void getq_of_an_empty_queue_asks_for_enabling_by_putq(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	queue_t *q = pair.rd();
	pair.up.on_service = [](Watch &, queue_t *queue) { freemsg(getq(queue)); };

	putq(q, letter('a')); // enables: a new queue counts as found empty
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 1);
	EXPECT_EQ(test, q->q_flag & QWANTR, 0);

	putq(q, letter('b')); // the last getq() found a message: it does not
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 1);
	freemsg(getq(q));
	EXPECT_EQ(test, getq(q), nullptr);
	EXPECT_EQ(test, q->q_flag & QWANTR, QWANTR);
	putq(q, letter('c'));
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 2);
}

// Solaris clears QWANTR in getq() alone: a service procedure that returns
// without having looked is called again by the next putq().
void putq_enables_until_getq_has_found_a_message(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	for (int i = 1; i <= 3; i++) {
		putq(pair.rd(), letter('a'));
		strm_test_softirqs();
		EXPECT_EQ(test, pair.up.services, i);
	}
}

void banded_and_priority_messages_enable_unasked(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	queue_t *q = pair.rd();
	int services = 0;
	const auto enabled_by = [&](mblk_t *mp) {
		putq(q, mp);
		strm_test_softirqs();
		const bool enabled = pair.up.services != services;
		services = pair.up.services;
		return enabled;
	};

	enabled_by(letter('a'));
	freemsg(getq(q)); // QWANTR is gone
	EXPECT(test, !enabled_by(letter('b')));
	EXPECT(test, enabled_by(letter('c', M_DATA, 1)));
	EXPECT(test, enabled_by(letter('d', M_PCPROTO)));

	noenable(q);
	EXPECT(test, !enabled_by(letter('e', M_DATA, 1)));
	EXPECT(test, enabled_by(letter('f', M_PCPROTO)));
	while (mblk_t *mp = getq(q))
		freemsg(mp);
	EXPECT(test, !enabled_by(letter('g')));
	enableok(q);
	while (mblk_t *mp = getq(q))
		freemsg(mp);
	EXPECT(test, enabled_by(letter('h')));
}

void putbq_enables_for_priority_or_when_asked_for(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	queue_t *q = pair.rd();
	const auto enabled_by = [&](mblk_t *mp) {
		const int before = pair.up.services;
		putbq(q, mp);
		strm_test_softirqs();
		return pair.up.services != before;
	};

	putq(q, letter('a'));
	strm_test_softirqs();
	freemsg(getq(q)); // QWANTR is gone
	EXPECT(test, !enabled_by(letter('b')));
	EXPECT(test, !enabled_by(letter('c', M_DATA, 4)));
	EXPECT(test, enabled_by(letter('d', M_PCPROTO)));
	const auto empty = [&] {
		while (mblk_t *mp = getq(q))
			freemsg(mp);
	};
	empty();
	EXPECT(test, enabled_by(letter('e')));

	noenable(q);
	empty();
	EXPECT(test, !enabled_by(letter('f')));
	EXPECT(test, enabled_by(letter('g', M_PCPROTO)));
}

void insq_enables_when_asked_for(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	queue_t *q = pair.rd();
	const auto enabled_by = [&](mblk_t *mp) {
		const int before = pair.up.services;
		insq(q, nullptr, mp);
		strm_test_softirqs();
		return pair.up.services != before;
	};

	EXPECT(test, enabled_by(letter('a')));
	freemsg(getq(q)); // QWANTR is gone
	EXPECT(test, !enabled_by(letter('b')));
	while (mblk_t *mp = getq(q))
		freemsg(mp);
	noenable(q);
	EXPECT(test, !enabled_by(letter('c')));
}

void noenable_does_not_stop_qenable(kunit *test)
{
	Pair pair(serving);
	if (!EXPECT(test, bool(pair)))
		return;
	noenable(pair.rd());
	qenable(pair.rd());
	strm_test_softirqs();
	EXPECT_EQ(test, pair.up.services, 1);
}

// Band 0, band 1, priority; of data types and others.
void fill_for_flush(queue_t *q)
{
	putq(q, letter('a'));
	putq(q, letter('b', M_PROTO));
	putq(q, letter('c', M_DELAY));
	putq(q, letter('d', M_CTL));
	putq(q, letter('e', M_DATA, 1));
	putq(q, letter('f', M_SETOPTS, 1));
	putq(q, letter('g', M_PCPROTO));
	putq(q, letter('h', M_IOCACK));
}

void flushq_and_flushband_free_what_they_name(kunit *test)
{
	constexpr int queue = -1; // flushq() and not a band
	constexpr struct {
		int band;
		int flag;
		const char *left;
	} rows[] = {
		{ queue, FLUSHALL, "" },     { queue, FLUSHDATA, "hfd" },
		{ 0, FLUSHALL, "ef" },	     { 0, FLUSHDATA, "hefd" },
		{ 1, FLUSHALL, "ghabcd" },   { 1, FLUSHDATA, "ghfabcd" },
		{ 2, FLUSHALL, "ghefabcd" }, { 255, FLUSHALL, "ghefabcd" },
	};

	for (const auto &row : rows) {
		Shelf shelf;
		if (!EXPECT(test, bool(shelf)))
			return;
		queue_t *q = shelf.rd();
		fill_for_flush(q);
		if (row.band == queue)
			flushq(q, row.flag);
		else
			flushband(q, static_cast<uchar_t>(row.band), row.flag);
		EXPECT_TEXT(test, queued(q), row.left);
		EXPECT_EQ(test, qsize(q), __builtin_strlen(row.left));
		EXPECT_EQ(test, q->q_count + band_record(q, 1)->qb_count,
			  __builtin_strlen(row.left));
	}
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_queue_cases[] = {
	CASE(order_is_priority_then_bands_then_band_zero),
	CASE(putbq_goes_in_front_of_its_own_kind_only),
	CASE(getq_then_putbq_leaves_the_queue_as_it_was),
	CASE(insq_keeps_the_order_or_refuses),
	CASE(bytes_and_blocks_are_counted_by_band),
	CASE(band_records_inherit_the_water_marks),
	CASE(queueing_without_memory_for_a_band_is_refused),
	CASE(full_begins_at_the_high_mark_in_bytes),
	CASE(full_begins_at_the_high_mark_in_blocks),
	CASE(getq_of_an_empty_queue_asks_for_enabling_by_putq),
	CASE(putq_enables_until_getq_has_found_a_message),
	CASE(banded_and_priority_messages_enable_unasked),
	CASE(putbq_enables_for_priority_or_when_asked_for),
	CASE(insq_enables_when_asked_for),
	CASE(noenable_does_not_stop_qenable),
	CASE(flushq_and_flushband_free_what_they_name),
	{ nullptr, nullptr },
};
