// SPDX-License-Identifier: GPL-2.0-only
//
// What happens when there is too much, or no memory: rings that are full, readers that
// are slow, news that wait, and requests that make no sense.
#include <kunit/dlpi_test.hh>

namespace strm::testing {

namespace {

constexpr size_t small_frame = 60;

// A raw frame that can be told from others.
mblk_t *numbered_frame(int number, size_t bytes = small_frame)
{
	mblk_t *mp = allocb(bytes, BPRI_MED);
	if (!mp)
		return nullptr;
	__builtin_memset(mp->b_wptr, 0, bytes);
	__builtin_memcpy(mp->b_wptr, played_address, mac_size);
	dlpi::store_be16(mp->b_wptr + 12, 0x800);
	dlpi::store_be16(mp->b_wptr + 14, static_cast<u32>(number));
	mp->b_wptr += bytes;
	return mp;
}

int number_of(const mblk_t *mp)
{
	return mp ? dlpi::load_be16(mp->b_rptr + 14) : -1;
}

// Attached, raw, bound to 0x800.
struct Raw : DlpiStream {
	explicit Raw(Nic &nic) : DlpiStream(nic, true)
	{
		good = open_error() == 0 && bind(0x800) == 0;
		if (good)
			send(mkiocb(DLIOCRAW));
		good = good && core().raw;
	}
	// Frames that its reader has not yet taken.
	int unread() { return qsize(head().rd()); }
	bool good;
};

// Counts the calls of mc_tx.
struct CountingNic : Nic {
	CountingNic()
	{
		unplug();
		callbacks.mc_tx = counted;
		plug();
	}
	static mblk_t *counted(void *arg, mblk_t *chain)
	{
		auto &nic = *static_cast<CountingNic *>(static_cast<Nic *>(arg));
		int frames = 0;
		for (const mblk_t *mp = chain; mp; mp = mp->b_next)
			frames++;
		nic.calls++;
		nic.most = max(nic.most, frames);
		while (chain && nic.room) {
			mblk_t *mp = chain;
			chain = mp->b_next;
			mp->b_next = nullptr;
			nic.sent.add(mp);
			nic.room--;
		}
		return chain;
	}
	void make_room(int frames)
	{
		room = frames;
		mac_tx_update(mh);
		strm_test_softirqs();
	}
	int calls = 0;
	int most = 0; // frames in one call
};

// ---------------------------------------------------------------- a full ring

void frames_without_room_wait_and_go_in_order(kunit *test)
{
	CountingNic nic;
	Raw s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	nic.room = 3;
	for (int i = 0; i < 100; i++)
		s.send(numbered_frame(i));
	EXPECT_EQ(test, nic.sent.count(), 3);
	// The fourth was tried, and once more with the stream listed; the others never.
	EXPECT_EQ(test, nic.calls, 5);
	let_some_time_pass();
	EXPECT_EQ(test, nic.calls, 5);
	EXPECT_EQ(test, qsize(s.driver_write()), 97);
	EXPECT_EQ(test, s.core().device->starved.length(), 1);

	nic.make_room(10);
	EXPECT_EQ(test, nic.sent.count(), 13);
	EXPECT_EQ(test, s.core().device->starved.length(), 1);
	nic.make_room(1000);
	EXPECT_EQ(test, nic.most, int(dlpi::transmit_batch));
	EXPECT_EQ(test, s.core().device->starved.length(), 0);
	EXPECT_EQ(test, s.core().sent, 100);
	for (int i = 0; i < 100; i++) {
		mblk_t *mp = nic.sent.take();
		if (!EXPECT_EQ(test, number_of(mp), i))
			i = 100;
		freemsg(mp);
	}
}

void a_writer_is_held_while_too_much_waits(kunit *test)
{
	CountingNic nic;
	Raw s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	nic.room = 0;
	int sent = 0;
	while (sent < 1000 && canputnext(s.head().wr()))
		s.send(numbered_frame(sent++, 1514));
	EXPECT_EQ(test, sent, int(dlpi::writer_hiwat / 1514 + 1));
	EXPECT_EQ(test, nic.sent.count(), 0);
	nic.make_room(1000);
	EXPECT_EQ(test, canputnext(s.head().wr()), 1);
	EXPECT_EQ(test, nic.sent.count(), sent);
}

// Neither high priority nor a band goes past the bounds.
void who_is_not_held_loses_what_is_too_much(kunit *test)
{
	CountingNic nic;
	Raw s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	nic.room = 0;
	constexpr int many = 300;
	for (int i = 0; i < many; i++) {
		mblk_t *mp = numbered_frame(i, 1514);
		mp->b_band = 7;
		s.send(mp);
	}
	const int kept = qsize(s.driver_write());
	EXPECT_EQ(test, kept, int(2 * dlpi::writer_hiwat / 1514 + 1));
	EXPECT_EQ(test, s.core().device->refused.relaxed(), many - kept);
	nic.make_room(1);
	mblk_t *mp = nic.sent.take();
	if (EXPECT(test, mp != nullptr))
		EXPECT_EQ(test, mp->b_band, 0);
	freemsg(mp);
}

// A band would be counted apart at the stream head, and there go past the marks.
void frames_that_arrive_in_a_band_are_like_others(kunit *test)
{
	Nic nic;
	Raw s(nic), other(nic);
	if (!EXPECT(test, nic && s.good && other.good))
		return;
	EXPECT_EQ(test, other.ask(dl_promiscon_req_t{ DL_PROMISCON_REQ, DL_PROMISC_PHYS }), 0);
	mblk_t *mp = numbered_frame(1);
	mp->b_band = 9;
	nic.receive(mp);
	mp = numbered_frame(2);
	mp->b_band = 9;
	s.send(mp);
	for (int number : List{ 1, 2 }) {
		mp = getq(other.head().rd());
		EXPECT_EQ(test, number_of(mp), number);
		if (mp)
			EXPECT_EQ(test, mp->b_band, 0);
		freemsg(mp);
	}
}

void all_who_wait_for_room_get_their_turn(kunit *test)
{
	CountingNic nic;
	Raw a(nic), b(nic), c(nic);
	if (!EXPECT(test, nic && a.good && b.good && c.good))
		return;
	nic.room = 0;
	for (Raw *s : List{ &a, &b, &c })
		s->send(numbered_frame(1));
	EXPECT_EQ(test, a.core().device->starved.length(), 3);
	nic.make_room(1);
	nic.make_room(1);
	nic.make_room(1);
	EXPECT_EQ(test, a.core().device->starved.length(), 0);
	for (Raw *s : List{ &a, &b, &c })
		EXPECT_EQ(test, s->core().sent, 1);
}

// After a flush nothing may be left that says that somebody waits, but nobody does.
void a_flushed_queue_fills_again(kunit *test)
{
	CountingNic nic;
	Raw s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	for (int round = 0; round < 3; round++) {
		nic.room = 0;
		s.send(numbered_frame(1));
		s.send(numbered_frame(2));
		mblk_t *flush = allocb(1, BPRI_HI);
		if (!EXPECT(test, flush != nullptr))
			return;
		flush->b_datap->db_type = M_FLUSH;
		*flush->b_wptr++ = FLUSHW;
		s.send(flush);
		EXPECT_EQ(test, qsize(s.driver_write()), 0);
		if (round == 1)
			nic.make_room(0);
		s.send(numbered_frame(3));
		nic.make_room(5);
		EXPECT_EQ(test, nic.sent.count(), round + 1);
	}
}

// The driver says so before mc_tx() has come back with the rest.
void room_that_comes_too_early_is_not_missed(kunit *test)
{
	CountingNic nic;
	Raw s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	nic.room = 0;
	nic.unplug();
	nic.callbacks.mc_tx = [](void *arg, mblk_t *chain) -> mblk_t * {
		auto &it = *static_cast<CountingNic *>(static_cast<Nic *>(arg));
		if (it.calls++ >= 2)
			return CountingNic::counted(arg, chain);
		it.room = 1000;
		mac_tx_update(it.mh); // reaped on another CPU
		return chain;
	};
	EXPECT_EQ(test, nic.plug(), 0);
	Raw again(nic);
	if (!EXPECT(test, again.good))
		return;
	again.send(numbered_frame(1));
	strm_test_softirqs();
	EXPECT_EQ(test, nic.sent.count(), 1);
}

void unbind_throws_away_what_waits(kunit *test)
{
	CountingNic nic;
	Raw s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	nic.room = 0;
	s.send(numbered_frame(1));
	nic.receive(numbered_frame(2));
	EXPECT_EQ(test, s.unread(), 1);
	EXPECT_EQ(test, s.unbind(), 0); // the first that is read is the answer
	EXPECT_EQ(test, s.unread(), 0);
	EXPECT_EQ(test, qsize(s.driver_write()), 0);
	nic.make_room(10);
	EXPECT_EQ(test, nic.sent.count(), 0);
}

// ------------------------------------------------------------------ too many come

void what_a_slow_reader_misses_is_counted(kunit *test)
{
	Nic nic;
	Raw slow(nic), fast(nic);
	if (!EXPECT(test, nic && slow.good && fast.good))
		return;
	constexpr int frames = 1000;
	int read = 0;
	for (int i = 0; i < frames; i++) {
		nic.receive(numbered_frame(i, 1514));
		while (mblk_t *mp = getq(fast.head().rd())) {
			read += number_of(mp) == i;
			freemsg(mp);
		}
	}
	EXPECT_EQ(test, read, frames);
	EXPECT(test, slow.core().dropped.relaxed() > 0);
	EXPECT(test, slow.unread() > 256);
	EXPECT_EQ(test, slow.core().received, slow.unread());
	EXPECT_EQ(test, slow.unread() + static_cast<int>(slow.core().dropped.relaxed()), frames);
	EXPECT_EQ(test, fast.core().dropped.relaxed(), 0);
	Got got;
	EXPECT_EQ(test,
		  fast.ask(dl_get_statistics_req_t{ DL_GET_STATISTICS_REQ }, DL_GET_STATISTICS_ACK,
			   &got),
		  0);
	dlpi_stat stat;
	__builtin_memcpy(&stat, got.bytes + got.dl.get_statistics_ack.dl_stat_offset, sizeof(stat));
	EXPECT_EQ(test, stat.ds_received, frames);
	EXPECT_EQ(test, stat.ds_ifspeed, 1000000000);
}

void a_turn_has_a_budget_and_another_follows(kunit *test)
{
	struct Polled : Nic {
		Polled()
		{
			unplug();
			original = callbacks.mc_poll;
			callbacks.mc_poll = [](void *arg, uint_t budget, boolean_t *more) {
				auto &nic = *static_cast<Polled *>(static_cast<Nic *>(arg));
				nic.polls++;
				nic.budget = budget;
				return nic.original(arg, budget, more);
			};
			plug();
		}
		mac_poll_t original;
		int polls = 0;
		uint_t budget = 0;
	} nic;
	Raw s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	for (int i = 0; i < 199; i++)
		nic.arriving.add(numbered_frame(i));
	nic.receive(numbered_frame(199));
	EXPECT_EQ(test, nic.budget, dlpi::receive_budget);
	EXPECT_EQ(test, nic.polls, 4);
	for (int i = 0; i < 200; i++) {
		mblk_t *mp = getq(s.head().rd());
		if (!EXPECT_EQ(test, number_of(mp), i))
			i = 200;
		freemsg(mp);
	}
	// Nobody looks without a reason.
	s.send(numbered_frame(1));
	qenable(RD(s.driver_write()));
	strm_test_softirqs();
	EXPECT_EQ(test, nic.polls, 4);
}

void frames_that_are_handed_in_wait_in_bounds(kunit *test)
{
	Nic nic(0, false);
	Raw s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	constexpr int many = int(dlpi::most_waiting) + 100;
	{
		BottomHalvesOff off;
		mblk_t *chain = nullptr;
		mblk_t **link = &chain;
		for (int i = 0; i < many && (*link = numbered_frame(i)); i++)
			link = &(*link)->b_next;
		mac_rx(nic.mh, nullptr, chain);
		mac_rx(nic.mh, nullptr, numbered_frame(0));
	}
	strm_test_softirqs();
	EXPECT(test, eventually([&] { return s.unread() == int(dlpi::most_waiting); }));
	EXPECT_EQ(test, s.core().device->overrun, 101);
	for (int i = 0; i < int(dlpi::most_waiting); i++) {
		mblk_t *mp = getq(s.head().rd());
		if (!EXPECT_EQ(test, number_of(mp), i))
			i = many;
		freemsg(mp);
	}
	mac_rx(nic.mh, nullptr, numbered_frame(5));
	EXPECT(test, eventually([&] { return s.unread() == 1; }));
	EXPECT_EQ(test, s.core().device->arrived, 0);
}

// ---------------------------------------------------------------------- news

u32 next_note(DlpiStream &s, u32 *data = nullptr)
{
	const Got got = s.next();

	if (!got.is(DL_NOTIFY_IND) || got.type != M_PROTO)
		return 0;
	if (data)
		*data = got.dl.notify_ind.dl_data;
	return got.dl.notify_ind.dl_notification;
}

int want_notes(DlpiStream &s, u32 notes)
{
	return s.ask(dl_notify_req_t{ DL_NOTIFY_REQ, notes, 0 }, DL_NOTIFY_ACK);
}

void link_news_come_once_for_each_change(kunit *test)
{
	Nic nic;
	DlpiStream s(nic, true), other(nic, true);
	u32 data = 0;
	if (!EXPECT(test, nic && s && other))
		return;
	EXPECT_EQ(test, want_notes(s, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN | DL_NOTE_SPEED), 0);
	EXPECT_EQ(test, next_note(s), 0); // nobody knows
	for (int twice = 0; twice < 2; twice++) {
		mac_link_update(nic.mh, LINK_STATE_UP);
		strm_test_softirqs();
	}
	EXPECT_EQ(test, next_note(s), DL_NOTE_LINK_UP);
	EXPECT_EQ(test, next_note(s, &data), DL_NOTE_SPEED);
	EXPECT_EQ(test, data, 1000000);
	EXPECT_EQ(test, next_note(s), 0);
	strm_test_in_interrupt(
		[](void *mh) { mac_link_update(static_cast<mac_handle_t>(mh), LINK_STATE_DOWN); },
		nic.mh);
	strm_test_softirqs();
	EXPECT_EQ(test, next_note(s), DL_NOTE_LINK_DOWN);
	EXPECT_EQ(test, want_notes(other, DL_NOTE_LINK_DOWN), 0);
	EXPECT_EQ(test, next_note(other), DL_NOTE_LINK_DOWN);
	EXPECT_EQ(test, want_notes(other, 0), 0);
	mac_link_update(nic.mh, LINK_STATE_UP);
	strm_test_softirqs();
	EXPECT_EQ(test, next_note(other), 0);
}

// A driver tells of it by the state that the link is in; who has heard of that speed is
// told no more.
void another_speed_is_told_of_a_link_that_stays_up(kunit *test)
{
	Nic nic;
	DlpiStream s(nic, true);
	u32 data = 0;
	if (!EXPECT(test, nic && s))
		return;
	EXPECT_EQ(test, want_notes(s, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN | DL_NOTE_SPEED), 0);
	for (u32 megabits : List{ 1000u, 100u, 10u, 1000u }) {
		nic.speed = u64{ megabits } * 1000000;
		for (int twice = 0; twice < 2; twice++) {
			mac_link_update(nic.mh, LINK_STATE_UP);
			strm_test_softirqs();
		}
		if (data == 0)
			EXPECT_EQ(test, next_note(s), DL_NOTE_LINK_UP);
		EXPECT_EQ(test, next_note(s, &data), DL_NOTE_SPEED);
		EXPECT_EQ(test, data, megabits * 1000);
		EXPECT(test, !s.next());
	}
	mac_link_update(nic.mh, LINK_STATE_DOWN);
	strm_test_softirqs();
	EXPECT_EQ(test, next_note(s), DL_NOTE_LINK_DOWN);
	nic.speed = 0; // of a link that is down there is none to tell
	mac_link_update(nic.mh, LINK_STATE_DOWN);
	strm_test_softirqs();
	EXPECT(test, !s.next());
}

constexpr u32 promisc_notes = DL_NOTE_PROMISC_ON_PHYS | DL_NOTE_PROMISC_OFF_PHYS;
constexpr u32 most_notes = DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN | DL_NOTE_SPEED | DL_NOTE_SDU_SIZE |
			   DL_NOTE_PHYS_ADDR | promisc_notes;

int set_promiscuous(DlpiStream &s, bool on)
{
	return s.ask(dl_promiscon_req_t{ on ? u32(DL_PROMISCON_REQ) : u32(DL_PROMISCOFF_REQ),
					 DL_PROMISC_PHYS });
}

// Everything, as it is on a device with the link up; and nothing else.
void expect_present(kunit *test, DlpiStream &s, u32 promiscuous)
{
	u32 data = 0;

	EXPECT_EQ(test, next_note(s), DL_NOTE_LINK_UP);
	EXPECT_EQ(test, next_note(s, &data), DL_NOTE_SPEED);
	EXPECT_EQ(test, data, 1000000);
	EXPECT_EQ(test, next_note(s, &data), DL_NOTE_SDU_SIZE);
	EXPECT_EQ(test, data, 1500);
	const Got got = s.next();
	EXPECT(test, got.is(DL_NOTIFY_IND));
	EXPECT_EQ(test, got.dl.notify_ind.dl_notification, DL_NOTE_PHYS_ADDR);
	EXPECT_EQ(test, got.dl.notify_ind.dl_addr_length, mac_size);
	EXPECT_EQ(test,
		  __builtin_memcmp(got.bytes + got.dl.notify_ind.dl_addr_offset, played_address,
				   mac_size),
		  0);
	EXPECT_EQ(test, next_note(s), promiscuous);
	EXPECT(test, !s.next());
}

void who_asks_is_told_how_things_are(kunit *test)
{
	Nic nic;
	DlpiStream s(nic, true), later(nic, true), actor(nic, true);
	if (!EXPECT(test, nic && s && later && actor))
		return;
	mac_link_update(nic.mh, LINK_STATE_UP);
	strm_test_softirqs();
	EXPECT_EQ(test, want_notes(s, most_notes), 0);
	expect_present(test, s, DL_NOTE_PROMISC_OFF_PHYS);
	EXPECT_EQ(test, set_promiscuous(actor, true), 0);
	EXPECT_EQ(test, want_notes(later, most_notes), 0);
	expect_present(test, later, DL_NOTE_PROMISC_ON_PHYS);
	// Of what was not asked for nothing is told.
	EXPECT_EQ(test, want_notes(actor, DL_NOTE_PROMISC_OFF_PHYS), 0);
	EXPECT(test, !actor.next());
	EXPECT_EQ(test, want_notes(actor, DL_NOTE_SDU_SIZE), 0);
	EXPECT_EQ(test, next_note(actor), DL_NOTE_SDU_SIZE);
	EXPECT(test, !actor.next());
}

void what_was_asked_for_is_told_of_the_next_device(kunit *test)
{
	Nic nic(3);
	DlpiStream s(nic);
	if (!EXPECT(test, nic && s))
		return;
	mac_link_update(nic.mh, LINK_STATE_UP);
	for (int twice = 0; twice < 2; twice++) {
		EXPECT_EQ(test, s.attach(3), 0);
		if (twice == 0) {
			EXPECT(test, !s.next());
			EXPECT_EQ(test, want_notes(s, most_notes), 0);
		}
		expect_present(test, s, DL_NOTE_PROMISC_OFF_PHYS);
		EXPECT_EQ(test, s.detach(), 0);
		mac_link_update(nic.mh, twice ? LINK_STATE_UP : LINK_STATE_DOWN);
		mac_link_update(nic.mh, LINK_STATE_UP);
		strm_test_softirqs();
		EXPECT(test, !s.next()); // it has none
	}
	EXPECT_EQ(test, s.attach(3), 0);
	expect_present(test, s, DL_NOTE_PROMISC_OFF_PHYS);
	EXPECT_EQ(test, want_notes(s, 0), 0);
	EXPECT_EQ(test, s.detach(), 0);
	EXPECT_EQ(test, s.attach(3), 0);
	EXPECT(test, !s.next());
}

void other_news_come_to_who_asked(kunit *test)
{
	Nic nic;
	DlpiStream s(nic, true), actor(nic, true);
	u32 data = 0;
	if (!EXPECT(test, nic && s && actor))
		return;
	EXPECT_EQ(test,
		  want_notes(s, DL_NOTE_PHYS_ADDR | DL_NOTE_SDU_SIZE | DL_NOTE_PROMISC_ON_PHYS |
					DL_NOTE_PROMISC_OFF_PHYS),
		  0);
	for (u32 note : List{ DL_NOTE_SDU_SIZE, DL_NOTE_PHYS_ADDR, DL_NOTE_PROMISC_OFF_PHYS })
		EXPECT_EQ(test, next_note(s), note);
	EXPECT_EQ(test, mac_maxsdu_update(nic.mh, 0), EINVAL);
	EXPECT_EQ(test, mac_maxsdu_update(nic.mh, 9000), 0);
	strm_test_softirqs();
	EXPECT_EQ(test, next_note(s, &data), DL_NOTE_SDU_SIZE);
	EXPECT_EQ(test, data, 9000);
	EXPECT_EQ(test, actor.ask(dl_promiscon_req_t{ DL_PROMISCON_REQ, DL_PROMISC_PHYS }), 0);
	EXPECT_EQ(test, next_note(s), DL_NOTE_PROMISC_ON_PHYS);
	EXPECT_EQ(test, actor.ask(dl_promiscoff_req_t{ DL_PROMISCOFF_REQ, DL_PROMISC_PHYS }), 0);
	EXPECT_EQ(test, next_note(s), DL_NOTE_PROMISC_OFF_PHYS);
	const u8 address[] = { 2, 9, 9, 9, 9, 9 };
	mac_unicst_update(nic.mh, address);
	strm_test_softirqs();
	const Got got = s.next();
	EXPECT(test, got.is(DL_NOTIFY_IND));
	EXPECT_EQ(test, got.dl.notify_ind.dl_data, DL_CURR_PHYS_ADDR);
	EXPECT_EQ(test, got.dl.notify_ind.dl_addr_length, mac_size);
	EXPECT_EQ(test,
		  __builtin_memcmp(got.bytes + got.dl.notify_ind.dl_addr_offset, address, mac_size),
		  0);
}

// What fills the reader's queue, so that news wait.
void fill(kunit *test, DlpiStream &s)
{
	mblk_t *mp = allocb(dlpi::reader_hiwat, BPRI_MED);
	if (!EXPECT(test, mp != nullptr))
		return;
	mp->b_wptr += dlpi::reader_hiwat;
	EXPECT_EQ(test, putq(s.head().rd(), mp), 1);
}

// However often it goes up and down, one who does not read is owed little.
void news_for_a_slow_reader_do_not_pile_up(kunit *test)
{
	Nic nic;
	DlpiStream s(nic, true);
	if (!EXPECT(test, bool(s)))
		return;
	EXPECT_EQ(test, want_notes(s, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN), 0);
	fill(test, s);
	for (int i = 0; i < 50; i++) {
		mac_link_update(nic.mh, i % 2 ? LINK_STATE_DOWN : LINK_STATE_UP);
		strm_test_softirqs();
	}
	EXPECT_EQ(test, qsize(s.head().rd()), 1);
	EXPECT(test, bool(s.next()));
	strm_test_softirqs();
	EXPECT_EQ(test, next_note(s), DL_NOTE_LINK_DOWN);
	EXPECT_EQ(test, next_note(s), 0);
}

// It is the state of now that he is told, whichever came last; and if he has not asked for
// that, nothing.
void a_slow_reader_is_told_who_is_promiscuous_now(kunit *test)
{
	for (int changes = 1; changes < 6; changes++) {
		for (u32 notes : List{ promisc_notes, u32(DL_NOTE_PROMISC_ON_PHYS) }) {
			Nic nic;
			DlpiStream s(nic, true), actor(nic, true);
			if (!EXPECT(test, nic && s && actor))
				return;
			EXPECT_EQ(test, want_notes(s, notes), 0);
			(void)s.next(); // as it is
			fill(test, s);
			for (int i = 1; i <= changes; i++)
				EXPECT_EQ(test, set_promiscuous(actor, i % 2), 0);
			EXPECT(test, bool(s.next()));
			strm_test_softirqs();
			EXPECT_EQ(test, next_note(s),
				  notes & (changes % 2 ? DL_NOTE_PROMISC_ON_PHYS :
							 DL_NOTE_PROMISC_OFF_PHYS));
			EXPECT(test, !s.next());
		}
	}
}

// What is owed already as well.
void who_asks_for_less_is_told_less(kunit *test)
{
	Nic nic;
	DlpiStream s(nic, true);
	if (!EXPECT(test, nic && s))
		return;
	mac_link_update(nic.mh, LINK_STATE_UP);
	strm_test_softirqs();
	fill(test, s);
	EXPECT_EQ(test, want_notes(s, most_notes), 0);
	EXPECT_EQ(test, want_notes(s, DL_NOTE_SDU_SIZE | DL_NOTE_LINK_DOWN), 0);
	EXPECT(test, bool(s.next()));
	strm_test_softirqs();
	EXPECT_EQ(test, next_note(s), DL_NOTE_SDU_SIZE);
	EXPECT(test, !s.next());
}

// Unbinding flushes what has not been read.
void news_that_are_flushed_are_told_again(kunit *test)
{
	Nic nic;
	DlpiStream s(nic, true), other(nic, true);
	if (!EXPECT(test, nic && s && other))
		return;
	mac_link_update(nic.mh, LINK_STATE_UP);
	EXPECT_EQ(test, s.bind(0x800), 0);
	EXPECT_EQ(test, other.bind(0x800), 0);
	EXPECT_EQ(test, want_notes(s, most_notes), 0);
	EXPECT_EQ(test, s.unbind(), 0);
	expect_present(test, s, DL_NOTE_PROMISC_OFF_PHYS);
	EXPECT_EQ(test, other.unbind(), 0);
	EXPECT(test, !other.next());
}

void news_without_memory_come_later(kunit *test)
{
	Nic nic;
	DlpiStream s(nic, true);
	if (!EXPECT(test, bool(s)))
		return;
	EXPECT_EQ(test, want_notes(s, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN), 0);
	for (int nth = 1; nth < 4; nth++) {
		const bool up = nth % 2;
		strm_test_magazine_no_refill(1);
		strm_test_fail_allocation(nth);
		mac_link_update(nic.mh, up ? LINK_STATE_UP : LINK_STATE_DOWN);
		strm_test_softirqs();
		strm_test_fail_allocation(0);
		strm_test_magazine_no_refill(0);
		u32 note = 0;
		EXPECT(test, eventually([&] { return (note = next_note(s)) != 0; }));
		EXPECT_EQ(test, note, up ? u32(DL_NOTE_LINK_UP) : u32(DL_NOTE_LINK_DOWN));
	}
}

// ------------------------------------------------------------ requests without memory

void a_request_without_memory_is_answered_or_refused_whole(kunit *test)
{
	struct {
		dl_enabmulti_req_t req;
		u8 address[mac_size];
	} enable = { { DL_ENABMULTI_REQ, mac_size, sizeof(dl_enabmulti_req_t) },
		     { 1, 2, 3, 4, 5, 6 } };
	Nic nic;
	DlpiStream s(nic, true);
	if (!EXPECT(test, bool(s)))
		return;
	int refused = 0;
	for (int nth = 1; nth < 6; nth++) {
		strm_test_magazine_no_refill(1);
		strm_test_fail_allocation(nth);
		const int answer = s.ask(&enable, sizeof(enable.req) + mac_size, DL_OK_ACK);
		strm_test_fail_allocation(0);
		strm_test_magazine_no_refill(0);
		if (answer == no_answer)
			continue; // the request itself was not made
		EXPECT(test, answer == 0 || answer == refused_by_system(ENOSR));
		EXPECT_EQ(test, s.core().groups, answer == 0);
		EXPECT_EQ(test, nic.groups, answer == 0);
		refused += answer != 0;
		dl_disabmulti_req_t &disable = reinterpret_cast<dl_disabmulti_req_t &>(enable.req);
		disable.dl_primitive = DL_DISABMULTI_REQ;
		EXPECT_EQ(test, s.ask(&enable, sizeof(enable.req) + mac_size, DL_OK_ACK),
			  answer == 0 ? 0 : refused_with(DL_NOTENAB));
		enable.req.dl_primitive = DL_ENABMULTI_REQ;
	}
	EXPECT(test, refused >= 1);
}

// A large answer: once there is a message in reserve.
void without_memory_an_answer_comes_from_the_reserve(kunit *test)
{
	Nic nic;
	DlpiStream s(nic, true);
	if (!EXPECT(test, bool(s)))
		return;
	const dl_get_statistics_req_t request{ DL_GET_STATISTICS_REQ };
	for (int round = 0; round < 2; round++) {
		mblk_t *mp = allocb(64, BPRI_MED);
		if (!EXPECT(test, mp != nullptr))
			return;
		mp->b_datap->db_type = M_PROTO;
		__builtin_memcpy(mp->b_wptr, &request, sizeof(request));
		mp->b_wptr += sizeof(request);
		strm_test_magazine_no_refill(1);
		strm_test_fail_allocation(1);
		s.send(mp);
		EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
		strm_test_magazine_no_refill(0);
		EXPECT_EQ(test, s.answer_to(&request, DL_GET_STATISTICS_ACK), 0);
	}
}

// ------------------------------------------------------------------ wrong requests

// Any number, any length, any offsets: each request is answered once, and nothing
// outside of it is read (KASAN).
void requests_of_random_bytes_are_answered(kunit *test)
{
	constexpr u32 numbers[] = {
		DL_INFO_REQ,	      DL_BIND_REQ,	 DL_UNBIND_REQ,	     DL_ATTACH_REQ,
		DL_DETACH_REQ,	      DL_SUBS_BIND_REQ,	 DL_SUBS_UNBIND_REQ, DL_ENABMULTI_REQ,
		DL_DISABMULTI_REQ,    DL_PROMISCON_REQ,	 DL_PROMISCOFF_REQ,  DL_PHYS_ADDR_REQ,
		DL_SET_PHYS_ADDR_REQ, DL_XID_REQ,	 DL_TEST_RES,	     DL_GET_STATISTICS_REQ,
		DL_NOTIFY_REQ,	      DL_CAPABILITY_REQ, DL_PASSIVE_REQ,     DL_CONTROL_REQ,
		DL_UNITDATA_REQ,      DL_CONNECT_REQ,	 DL_INFO_ACK,	     0x7fff,
	};
	constexpr u32 words[] = { 0,  1,  2,  4,     6,		 8,   12,     16,
				  20, 24, 64, 0x800, 0x7fffffff, ~0u, ~0u - 7 };
	Nic nic;
	DlpiStream s(nic), plain(nic, true);
	Dice dice(4711);
	if (!EXPECT(test, s && plain))
		return;
	for (int i = 0; i < 5000; i++) {
		u32 request[16];
		for (u32 &word : request)
			word = words[dice.below(sizeof(words) / sizeof(words[0]))];
		request[0] = numbers[dice.below(sizeof(numbers) / sizeof(numbers[0]))];
		const size_t bytes = dice.below(sizeof(request) + 1);
		mblk_t *mp = allocb(bytes, BPRI_MED);
		if (!EXPECT(test, mp != nullptr))
			return;
		mp->b_datap->db_type = dice.below(2) ? M_PROTO : M_PCPROTO;
		__builtin_memcpy(mp->b_wptr, request, bytes);
		mp->b_wptr += bytes;
		s.send(mp);
		nic.sent.clear();
		int answers = 0;
		while (const Got got = s.next())
			answers += got.type == M_PCPROTO || got.is(DL_UDERROR_IND);
		const bool silent = bytes >= 4 &&
				    (request[0] == DL_UNITDATA_REQ || request[0] == DL_XID_REQ ||
				     request[0] == DL_TEST_RES);
		if (!EXPECT(test, answers == 1 || (silent && answers == 0)))
			return;
	}
	EXPECT_EQ(test, plain.state(), DL_UNBOUND);
}

// The limits of write(2) follow the device.
void a_raw_stream_takes_a_frame_at_a_time(kunit *test)
{
	Nic nic;
	Raw s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	EXPECT_EQ(test, s.driver_write()->q_minpsz, 1);
	EXPECT_EQ(test, s.driver_write()->q_maxpsz, 1518);
	EXPECT_EQ(test, mac_maxsdu_update(nic.mh, 9000), 0);
	strm_test_softirqs();
	EXPECT_EQ(test, s.driver_write()->q_maxpsz, 9018);
	nic.unplug();
	EXPECT_EQ(test, s.driver_write()->q_maxpsz, INFPSZ);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_dlpi_flow_cases[] = {
	CASE(frames_without_room_wait_and_go_in_order),
	CASE(a_writer_is_held_while_too_much_waits),
	CASE(who_is_not_held_loses_what_is_too_much),
	CASE(frames_that_arrive_in_a_band_are_like_others),
	CASE(all_who_wait_for_room_get_their_turn),
	CASE(a_flushed_queue_fills_again),
	CASE(room_that_comes_too_early_is_not_missed),
	CASE(unbind_throws_away_what_waits),
	CASE(what_a_slow_reader_misses_is_counted),
	CASE(a_turn_has_a_budget_and_another_follows),
	CASE(frames_that_are_handed_in_wait_in_bounds),
	CASE(link_news_come_once_for_each_change),
	CASE(another_speed_is_told_of_a_link_that_stays_up),
	CASE(who_asks_is_told_how_things_are),
	CASE(what_was_asked_for_is_told_of_the_next_device),
	CASE(other_news_come_to_who_asked),
	CASE(news_for_a_slow_reader_do_not_pile_up),
	CASE(a_slow_reader_is_told_who_is_promiscuous_now),
	CASE(who_asks_for_less_is_told_less),
	CASE(news_that_are_flushed_are_told_again),
	CASE(news_without_memory_come_later),
	CASE(a_request_without_memory_is_answered_or_refused_whole),
	CASE(without_memory_an_answer_comes_from_the_reserve),
	CASE(requests_of_random_bytes_are_answered),
	CASE(a_raw_stream_takes_a_frame_at_a_time),
	{ nullptr, nullptr },
};
