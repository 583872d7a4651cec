// SPDX-License-Identifier: GPL-2.0-only
//
// Queues that are choked: for what waits at the perimeter, or for what all bands
// hold together.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

constexpr size_t choking = 16384; // message blocks, with marks as low as a test's
constexpr unsigned char spread = 200;

// A head that writes, and a queue below it that keeps what it gets.
struct Ends {
	Pair head{ serving };
	Pair below{ serving, D_MP, &head };

	explicit operator bool() const { return bool(head) && bool(below); }
	queue_t *q() { return below.wr(); }
	bool choked() { return load_relaxed(q()->q_flag) & QCHOKED; }

	// Messages without data, as many in each band as it may have before it is
	// full.
	bool fill()
	{
		for (size_t i = 0; i < choking; i++) {
			if (!putq(q(), letter('a', M_DATA, static_cast<unsigned char>(i % spread))))
				return false;
		}
		return true;
	}
	void take(size_t messages)
	{
		while (messages--)
			freemsg(getq(q()));
	}
};

void all_bands_together_are_bounded(kunit *test)
{
	Ends ends;
	if (!EXPECT(test, bool(ends)))
		return;
	queue_t *writer = ends.head.wr();
	noenable(ends.q());
	strqset(ends.q(), QHIWAT, 0, 4096);
	for (unsigned char band = 1; band < spread; band++)
		strqset(ends.q(), QHIWAT, band, 4096);
	EXPECT(test, bcanputnext(writer, 250));
	EXPECT(test, ends.fill());
	EXPECT(test, ends.choked());
	// Not one of them is full, and one is not even there.
	EXPECT(test, !(ends.q()->q_flag & QFULL));
	for (int band : List{ 0, 1, 7, 199, 250 })
		EXPECT_EQ(test, bcanputnext(writer, static_cast<uchar_t>(band)), 0);

	const int before = ends.head.down.services;
	ends.take(choking / 2 - 1);
	EXPECT(test, ends.choked());
	ends.take(1);
	EXPECT(test, !ends.choked());
	for (int band : List{ 0, 1, 7, 199, 250 })
		EXPECT_EQ(test, bcanputnext(writer, static_cast<uchar_t>(band)), 1);
	strm_test_softirqs();
	EXPECT_EQ(test, ends.head.down.services, before + 1); // once, for all that asked
	flushq(ends.q(), FLUSHALL);
}

void what_is_gone_chokes_nobody(kunit *test)
{
	Ends ends;
	if (!EXPECT(test, bool(ends)))
		return;
	choke(ends.q()); // by somebody who is late
	EXPECT(test, !ends.choked());
	EXPECT_EQ(test, canputnext(ends.head.wr()), 1);
}

void a_freezer_unchokes(kunit *test)
{
	Ends ends;
	if (!EXPECT(test, bool(ends)))
		return;
	noenable(ends.q());
	EXPECT(test, ends.fill() && ends.choked());
	freezestr(ends.q());
	flushq(ends.q(), FLUSHALL);
	const bool choked = ends.choked();
	unfreezestr(ends.q());
	EXPECT(test, !choked);
	EXPECT_EQ(test, canputnext(ends.head.wr()), 1);
}

void a_queue_without_service_decides_while_it_is_choked(kunit *test)
{
	Pair head(serving);
	Pair middle(passing, D_MP, &head);
	Pair end(serving, D_MP, &middle);
	if (!EXPECT(test, head && middle && end))
		return;
	// Pairs are linked right below the head: `end` is between the two others.
	queue_t *q = middle.wr();
	EXPECT_EQ(test, number(head.wr()->q_next->q_nfsrv), number(end.wr()));
	{
		SpinGuard guard(inner(q).lock);
		inner(q).blocks = choking; // as if it held them
	}
	choke(q);
	EXPECT_EQ(test, number(q->q_nfsrv), number(q));
	EXPECT_EQ(test, canput(q), 0);
	{
		SpinGuard guard(inner(q).lock);
		inner(q).blocks = 0;
	}
	unchoke(q);
	EXPECT_EQ(test, canput(q), 1);
}

void a_pair_that_is_gone_decides_nothing(kunit *test)
{
	Pair above(passing); // asks whoever decides below
	Pair below(serving, D_MP, &above);
	Pair gone(passing, D_MP, &above);
	if (!EXPECT(test, above && below && gone))
		return;
	QueuePair &pair = gone.get();
	const bool held = pair.try_get();
	queue_t *q = gone.wr();
	gone.close();
	EXPECT(test, held);
	EXPECT_EQ(test, number(above.wr()->q_nfsrv), number(below.wr()));
	choke(q);
	EXPECT_EQ(test, number(above.wr()->q_next), number(below.wr()));
	EXPECT_EQ(test, number(above.wr()->q_nfsrv), number(below.wr()));
	EXPECT_EQ(test, canput(above.wr()), 1);
	pair.put();
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_choke_cases[] = {
	CASE(all_bands_together_are_bounded),
	CASE(what_is_gone_chokes_nobody),
	CASE(a_freezer_unchokes),
	CASE(a_queue_without_service_decides_while_it_is_choked),
	CASE(a_pair_that_is_gone_decides_nothing),
	{ nullptr, nullptr },
};
