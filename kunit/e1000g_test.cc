// SPDX-License-Identifier: GPL-2.0-only
//
// The driver for 8254x and 82574, on a model of the chips.
#include <kunit/e1000g_rig.hh>

namespace strm::testing {

namespace {

// ----------------------------------------------------------------- coming and going

void a_chip_is_found_and_left(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT_EQ(test, rig.attach(), 0))
			return;
		const mac_register_t &it = fake_core.device;
		EXPECT_EQ(test, it.m_max_sdu, 1500);
		EXPECT_EQ(test, it.m_margin, 4);
		EXPECT(test, __builtin_memcmp(it.m_src_addr, own_address, 6) == 0);
		EXPECT(test, rig.hw->resets > 0);
		EXPECT_EQ(test, fake_core.link, LINK_STATE_UP);
		EXPECT_EQ(test, rig.statistic(MAC_STAT_IFSPEED), 1000000000);
		EXPECT_EQ(test, rig.statistic(ETHER_STAT_LINK_DUPLEX), LINK_DUPLEX_FULL);
		EXPECT(test, !(rig.hw->reg(Reg::RCTL) & e1000g::rctl::EN));
		EXPECT_EQ(test, rig.calls().mc_start(rig.device), 0);
		EXPECT(test, rig.hw->reg(Reg::RCTL) & e1000g::rctl::EN);
		rig.remove();
		EXPECT(test, !(rig.hw->reg(Reg::RCTL) & e1000g::rctl::EN));
		EXPECT(test, !(rig.hw->reg(Reg::TCTL) & e1000g::tctl::EN));
		EXPECT_EQ(test, rig.hw->reg(Reg::IMS), 0);
		EXPECT_EQ(test, rig.hw->mapped, 0);
		EXPECT_EQ(test, rig.hw->strays, 0);
	}
}

void io_space_may_be_missing(kunit *test)
{
	for (bool there : List{ true, false }) {
		Rig rig;
		rig.hw->io_space = there;
		EXPECT_EQ(test, rig.attach(), 0);
		EXPECT_EQ(test, rig.hw->resets, 1);
	}
}

void a_wrong_eeprom_is_refused(kunit *test)
{
	for (const Variety &kind : varieties) {
		for (int wrong = 0; wrong < 4; wrong++) {
			Rig rig(kind);
			if (wrong == 0)
				rig.hw->eeprom[5]++;
			if (wrong == 1)
				rig.hw->eeprom_dead = true;
			if (wrong == 2)
				rig.hw->eeprom[0] |= 1;
			if (wrong == 3)
				rig.hw->eeprom[0] = rig.hw->eeprom[1] = rig.hw->eeprom[2] = 0;
			if (wrong >= 2)
				rig.make_sum_right();
			EXPECT_EQ(test, rig.attach(), -EIO);
			EXPECT_EQ(test, rig.hw->mapped, 0);
			EXPECT(test, !fake_core.registered);
		}
	}
}

// Two rings, copies for sending, 128 buffers.
void memory_for_a_device_may_be_missing(kunit *test)
{
	int nth = 1;
	for (; nth < 1000; nth++) {
		Rig rig;
		rig.hw->map_fails = nth;
		const int error = rig.attach();
		if (rig.hw->map_fails) {
			EXPECT_EQ(test, error, 0);
			break;
		}
		if (!EXPECT_EQ(test, error, -ENOMEM) || !EXPECT_EQ(test, rig.hw->mapped, 0))
			return;
	}
	EXPECT_EQ(test, nth, 3 + 128 + 1);
}

void the_phy_is_told_what_to_offer(kunit *test)
{
	namespace phy = e1000g::phy;

	for (bool limited : List{ false, true }) {
		Rig rig(varieties[3]);
		rig.hw->phy[phy::ANAR] = 0x0c01; // pause, and nothing
		if (limited) {
			rig.found.speed = 100;
			rig.found.duplex = 2;
		} else {
			rig.hw->phy[phy::BMCR] = phy::POWER_DOWN;
		}
		EXPECT_EQ(test, rig.attach(), 0);
		EXPECT_EQ(test, rig.hw->phy[phy::BMCR], phy::AUTONEG | phy::RESTART);
		EXPECT_EQ(test, rig.hw->phy[phy::ANAR], 1 | (limited ? phy::FULL_100 : 0x1e0));
		EXPECT_EQ(test, rig.hw->phy[phy::GBCR], limited ? 0 : phy::FULL_1000);
	}
}

// ----------------------------------------------------------------------- receiving

void small_frames_are_copied_and_large_ones_handed_up(kunit *test)
{
	for (const Variety &kind : varieties) {
		for (bool bounce : List{ false, true }) {
			Rig rig(kind);
			rig.hw->bounce = bounce;
			if (!EXPECT(test, rig.go()))
				return;
			for (u32 size : List{ 60u, 256u, 257u, 1514u, 1518u }) {
				Pattern frame(size);
				const int before = rig.hw->mapped;
				EXPECT(test, rig.hw->arrive(frame.data, size));
				mblk_t *mp = rig.receive();
				if (!EXPECT_EQ(test, length_of(mp), 1))
					return;
				EXPECT(test, frame.is(mp));
				EXPECT(test, !mp->b_cont);
				// The buffer itself: all of its 2048 bytes.
				EXPECT_EQ(test, mp->b_datap->db_lim - mp->b_datap->db_base == 2048,
					  size > 256);
				EXPECT_EQ(test, rig.hw->mapped, before); // none is mapped anew
				freemsg(mp);
			}
			EXPECT_EQ(test, rig.hw->strays, 0);
		}
	}
}

// More than there are buffers, kept by somebody: what no buffer can be had for is copied.
void frames_that_wait_long_do_not_starve_the_ring(kunit *test)
{
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	mblk_t *kept = nullptr, **end = &kept;
	constexpr int count = 64 * 8;
	Pattern frame(1000);

	for (int i = 0; i < count; i += 32) {
		for (int j = 0; j < 32; j++)
			EXPECT(test, rig.hw->arrive(frame.data, frame.size));
		for (*end = rig.receive(); *end; end = &(*end)->b_next)
			EXPECT(test, frame.is(*end));
	}
	EXPECT_EQ(test, length_of(kept), count);
	EXPECT_EQ(test, rig.hw->mapped, 3 + 6 * 64);
	freemsgchain(kept);
	// They are all back.
	for (int i = 0; i < count; i += 32) {
		for (int j = 0; j < 32; j++)
			EXPECT(test, rig.hw->arrive(frame.data, frame.size));
		freemsgchain(rig.receive());
	}
	EXPECT_EQ(test, rig.hw->mapped, 3 + 6 * 64);
	EXPECT_EQ(test, rig.hw->strays, 0);
}

void jumbo_frames_are_chains(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		rig.found.mtu = 9000;
		if (!EXPECT(test, rig.go()))
			return;
		EXPECT(test, rig.hw->reg(Reg::RCTL) & e1000g::rctl::LPE);
		for (u32 size : List{ 2047u, 2048u, 2049u, 4096u, 4100u, 9018u }) {
			Pattern frame(size);
			EXPECT(test, rig.hw->arrive(frame.data, size));
			mblk_t *mp = rig.receive();
			EXPECT_EQ(test, length_of(mp), 1);
			EXPECT(test, frame.is(mp));
			u32 blocks = 0;
			for (mblk_t *bp = mp; bp; bp = bp->b_cont)
				blocks++;
			EXPECT_EQ(test, blocks, (size + 2047) / 2048);
			freemsgchain(mp);
		}
		EXPECT_EQ(test, rig.statistic(MAC_STAT_IERRORS), 0);
	}
}

void bad_frames_are_dropped_and_counted(kunit *test)
{
	Rig rig;
	rig.found.mtu = 3000;
	if (!EXPECT(test, rig.go()))
		return;
	Pattern good(100), large(2500), too_long(3019), huge(9000), too_short(13);
	int bad = 0;

	for (u8 error : List{ e1000g::rxd::CE, e1000g::rxd::SE, e1000g::rxd::SEQ, e1000g::rxd::CXE,
			      e1000g::rxd::RXE }) {
		rig.hw->arrive(good.data, good.size, error);
		rig.hw->arrive(large.data, large.size, error);
		bad += 2;
		EXPECT_EQ(test, rig.statistic(MAC_STAT_IERRORS), bad - 2);
		EXPECT_EQ(test, length_of(rig.receive()), 0);
	}
	for (const Pattern *frame : List{ &too_long, &huge, &too_short }) {
		rig.hw->arrive(frame->data, frame->size);
		EXPECT_EQ(test, length_of(rig.receive()), 0);
	}
	EXPECT_EQ(test, rig.statistic(ETHER_STAT_TOOLONG_ERRORS), 2);
	EXPECT_EQ(test, rig.statistic(ETHER_STAT_TOOSHORT_ERRORS), 1);
	EXPECT_EQ(test, rig.statistic(MAC_STAT_IERRORS), bad + 3);
	// Bits that are about other checksums do not matter.
	rig.hw->arrive(good.data, good.size, 0x60);
	mblk_t *mp = rig.receive();
	EXPECT(test, mp && good.is(mp));
	freemsgchain(mp);
	EXPECT_EQ(test, rig.hw->strays, 0);
}

void a_budget_is_kept(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(300);
		boolean_t more = B_FALSE;

		for (int i = 0; i < 10; i++)
			rig.hw->arrive(frame.data, frame.size);
		EXPECT(test, rig.interrupt() > 0);
		mblk_t *mp = rig.calls().mc_poll(rig.device, 4, &more);
		EXPECT_EQ(test, length_of(mp), 4);
		EXPECT(test, more);
		freemsgchain(mp);
		rig.hw->arrive(frame.data, frame.size);
		EXPECT_EQ(test, rig.interrupt(), 0); // still masked
		mp = rig.poll(4);
		EXPECT_EQ(test, length_of(mp), 7);
		freemsgchain(mp);
		rig.hw->arrive(frame.data, frame.size);
		EXPECT(test, rig.interrupt() > 0);
	}
}

void memory_for_a_frame_may_be_missing(kunit *test)
{
	Rig rig;
	rig.found.mtu = 9000;
	if (!EXPECT(test, rig.go()))
		return;
	int dropped = 0;

	for (u32 size : List{ 60u, 1500u, 9000u }) {
		for (int nth = 1;; nth++) {
			Pattern frame(size);
			EXPECT(test, rig.hw->arrive(frame.data, size));
			rig.interrupt();
			strm_test_fail_allocation(nth);
			mblk_t *mp = rig.poll();
			const bool failed = strm_test_fail_allocation(0) == 0;
			EXPECT_EQ(test, mp == nullptr, failed);
			dropped += failed;
			EXPECT_EQ(test, rig.statistic(MAC_STAT_NORCVBUF), dropped);
			EXPECT(test, !mp || frame.is(mp));
			freemsgchain(mp);
			if (!failed)
				break;
		}
	}
	EXPECT(test, dropped >= 1 + 1 + 5);
	EXPECT_EQ(test, rig.hw->room_for_receiving(), 63);
}

// The frame of several descriptors of which only some have come when receiving stops.
void what_came_before_a_pause_is_forgotten(kunit *test)
{
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	Pattern old(500), fresh(600);

	for (int i = 0; i < 3; i++)
		rig.hw->arrive(old.data, old.size);
	rig.calls().mc_stop(rig.device);
	EXPECT(test, !rig.hw->arrive(old.data, old.size));
	rig.interrupt();
	EXPECT_EQ(test, fake_core.schedules, 0);
	EXPECT_EQ(test, rig.calls().mc_start(rig.device), 0);
	EXPECT(test, rig.hw->arrive(fresh.data, fresh.size));
	mblk_t *mp = rig.receive();
	EXPECT_EQ(test, length_of(mp), 1);
	EXPECT(test, mp && fresh.is(mp));
	freemsgchain(mp);
	EXPECT_EQ(test, rig.hw->room_for_receiving(), 63);
}

// ------------------------------------------------------------------------- sending

void frames_are_sent_whole(kunit *test)
{
	struct Shape {
		u32 size, first, others, pieces, small_pieces;
	};
	constexpr Shape shapes[] = {
		{ 60, 60, 60, 1, 1 },	 { 1514, 1514, 1, 1, 1 },  { 1514, 14, 1500, 2, 2 },
		{ 250, 14, 10, 1, 1 },	 { 600, 14, 10, 3, 3 },	   { 20, 20, 1, 1, 1 },
		{ 9018, 9018, 1, 3, 5 }, { 9018, 14, 9004, 4, 6 }, { 9018, 300, 1000, 10, 10 },
		{ 9018, 14, 257, 3, 5 }, { 9018, 14, 100, 3, 5 },  { 5000, 14, 200, 2, 3 },
	};

	for (const Variety &kind : varieties) {
		Rig rig(kind);
		rig.found.mtu = 9000;
		if (!EXPECT(test, rig.go()))
			return;
		const int before = rig.hw->mapped;
		for (const Shape &it : shapes) {
			Pattern frame(it.size);
			const int sent = rig.hw->sent;
			EXPECT(test,
			       !rig.calls().mc_tx(rig.device, frame.message(it.first, it.others)));
			EXPECT_EQ(test, rig.hw->sent, sent + 1);
			EXPECT(test, frame.is(rig.hw->last, rig.hw->last_length));
			EXPECT_EQ(test, rig.hw->last_length, it.size < 60 ? 60 : it.size);
			EXPECT_EQ(test, rig.hw->last_pieces,
				  kind.chip == E1000G_82545 ? it.small_pieces : it.pieces);
		}
		freemsgchain(rig.poll());
		EXPECT_EQ(test, rig.hw->mapped, before);
		EXPECT_EQ(test, rig.hw->strays, 0);
		EXPECT_EQ(test, rig.statistic(MAC_STAT_OERRORS), 0);
	}
}

void what_cannot_be_sent_is_counted(kunit *test)
{
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	Pattern too_long(1519), too_short(13), good(1518);
	mblk_t *chain = too_long.message(1519, 1);
	chain->b_next = good.message(14, 1504);
	chain->b_next->b_next = too_short.message(13, 1);

	EXPECT(test, !rig.calls().mc_tx(rig.device, chain));
	EXPECT_EQ(test, rig.hw->sent, 1);
	EXPECT(test, good.is(rig.hw->last, rig.hw->last_length));
	EXPECT_EQ(test, rig.statistic(MAC_STAT_OERRORS), 2);
}

void memory_for_sending_may_be_missing(kunit *test)
{
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	Pattern frame(1000);

	// It is not where the device reaches: a copy is sent.
	rig.hw->unreachable = true;
	EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(14, 986)));
	EXPECT(test, frame.is(rig.hw->last, rig.hw->last_length));
	EXPECT_EQ(test, rig.hw->sent, 1);

	// And there is no memory for one.
	mblk_t *mp = frame.message(14, 986);
	rig.hw->unreachable = true;
	strm_test_fail_allocation(1);
	EXPECT(test, !rig.calls().mc_tx(rig.device, mp));
	EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
	EXPECT_EQ(test, rig.hw->sent, 1);
	EXPECT_EQ(test, rig.statistic(MAC_STAT_NOXMTBUF), 1);
	EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(14, 986)));
	EXPECT_EQ(test, rig.hw->sent, 2);
	freemsgchain(rig.poll());
	EXPECT_EQ(test, rig.hw->strays, 0);
}

// Until the ring is full; then some are sent, and who waits is told once.
void a_full_ring_makes_senders_wait(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(1000);
		mblk_t *chain = nullptr, **end = &chain;

		for (int i = 0; i < 100; i++) {
			*end = frame.message(14, 986);
			end = &(*end)->b_next;
		}
		rig.hw->hold = true;
		mblk_t *rest = rig.calls().mc_tx(rig.device, chain);
		EXPECT_EQ(test, length_of(rest), 100 - 31); // of 63 descriptors two each
		rest = rig.calls().mc_tx(rig.device, rest);
		EXPECT_EQ(test, length_of(rest), 100 - 31);
		EXPECT_EQ(test, rig.interrupt(), 0);
		freemsgchain(rig.poll());
		EXPECT_EQ(test, fake_core.tx_updates, 0);

		rig.hw->hold = false;
		rig.hw->run_sender();
		EXPECT(test, rig.interrupt() > 0);
		EXPECT_EQ(test, fake_core.schedules, 1);
		freemsgchain(rig.poll());
		EXPECT_EQ(test, fake_core.tx_updates, 1);
		while (rest && rig.hw->sent < 200)
			rest = rig.calls().mc_tx(rig.device, rest);
		EXPECT_EQ(test, rig.hw->sent, 100);
		freemsgchain(rest);
		freemsgchain(rig.poll());
		EXPECT_EQ(test, rig.hw->strays, 0);
		// Nobody waits any more: what is sent does not interrupt.
		rig.interrupt();
		freemsgchain(rig.poll());
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(14, 986)));
		EXPECT_EQ(test, rig.interrupt(), 0);
	}
}

void a_transmitter_that_hangs_is_reset(kunit *test)
{
	constexpr u8 group[6] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };
	constexpr u8 changed[6] = { 0x02, 1, 2, 3, 4, 5 };

	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		EXPECT_EQ(test, rig.calls().mc_multicst(rig.device, B_TRUE, group), 0);
		EXPECT_EQ(test, rig.calls().mc_unicst(rig.device, changed), 0);
		Pattern frame(1000), to_group(100, group), to_us(100, changed);
		rig.hw->hold = true;
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(1000, 1)));
		const int resets = rig.hw->resets;

		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->wanted_resets, 0); // it may have been put there just now
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->wanted_resets, 1);
		EXPECT_EQ(test, rig.hw->ticks, 3);
		// While it is reset frames wait.
		e1000g_reset(rig.device);
		EXPECT_EQ(test, rig.hw->resets, resets + 1);
		EXPECT_EQ(test, rig.statistic(MAC_STAT_OERRORS), 1);
		rig.hw->reg(Reg::STATUS) |= e1000g::status::LU;
		e1000g_tick(rig.device);
		rig.hw->hold = false;
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(1000, 1)));
		EXPECT_EQ(test, rig.hw->sent, 1);
		EXPECT(test, rig.hw->arrive(to_group.data, to_group.size));
		EXPECT(test, rig.hw->arrive(to_us.data, to_us.size));
		EXPECT(test, !rig.hw->arrive(frame.data, frame.size)); // our old address
		mblk_t *mp = rig.receive();
		EXPECT_EQ(test, length_of(mp), 2);
		freemsgchain(mp);
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->wanted_resets, 1);
		EXPECT_EQ(test, rig.hw->strays, 0);
	}
}

// A frame that moves is none that hangs, however full the ring stays.
void a_slow_transmitter_is_left_alone(kunit *test)
{
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	Pattern frame(1000);

	for (int i = 0; i < 10; i++) {
		rig.hw->hold = true;
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(1000, 1)));
		e1000g_tick(rig.device);
		rig.hw->hold = false;
		rig.hw->run_sender();
	}
	rig.hw->hold = true;
	EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(1000, 1)));
	rig.hw->reg(Reg::STATUS) |= e1000g::status::TXOFF; // the other end wants a pause
	for (int i = 0; i < 5; i++)
		e1000g_tick(rig.device);
	EXPECT_EQ(test, rig.hw->wanted_resets, 0);
}

// ----------------------------------------------------------------------- addresses

void groups_that_share_a_bit(kunit *test)
{
	// The last 12 bits of an address choose the bit.
	constexpr u8 one[6] = { 0x01, 0, 0x5e, 0, 0x10, 7 },
		     other[6] = { 0x33, 0x33, 1, 2, 0x1f, 7 },
		     third[6] = { 0x01, 0, 0x5e, 0, 0x20, 7 };
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	Pattern to_one(60, one), to_other(60, other), to_third(60, third), to_all(60, everybody);
	auto group = [&](bool add, const u8 *address) {
		return rig.calls().mc_multicst(rig.device, add ? B_TRUE : B_FALSE, address);
	};
	auto passes = [&](const Pattern &frame) { return rig.hw->arrive(frame.data, frame.size); };

	EXPECT(test, !passes(to_one) && !passes(to_third) && passes(to_all));
	EXPECT_EQ(test, group(true, one), 0);
	EXPECT_EQ(test, group(true, other), 0);
	EXPECT(test, passes(to_one) && passes(to_other) && !passes(to_third));
	EXPECT_EQ(test, group(false, one), 0);
	EXPECT(test, passes(to_other));
	EXPECT_EQ(test, group(true, third), 0);
	EXPECT_EQ(test, group(false, other), 0);
	EXPECT(test, !passes(to_one) && !passes(to_other) && passes(to_third));
	EXPECT_EQ(test, group(false, other), 0); // it is not there: nothing happens
	EXPECT(test, passes(to_third));
	freemsgchain(rig.receive());
}

void promiscuous_and_back(kunit *test)
{
	constexpr u8 foreign[6] = { 0x02, 9, 9, 9, 9, 9 }, group[6] = { 0x01, 9, 9, 9, 9, 9 };
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	Pattern to_foreign(60, foreign), to_group(60, group), to_us(60);

	for (bool on : List{ false, true, false }) {
		EXPECT_EQ(test, rig.calls().mc_setpromisc(rig.device, on ? B_TRUE : B_FALSE), 0);
		EXPECT_EQ(test, rig.hw->arrive(to_foreign.data, 60), on);
		EXPECT_EQ(test, rig.hw->arrive(to_group.data, 60), on);
		EXPECT(test, rig.hw->arrive(to_us.data, 60));
	}
	EXPECT_EQ(test, rig.calls().mc_unicst(rig.device, group), EINVAL);
	EXPECT(test, rig.hw->arrive(to_us.data, 60));
	freemsgchain(rig.receive());
}

// ---------------------------------------------------------------------- interrupts

void the_link_goes_and_comes(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(1000);
		const int updates = fake_core.link_updates;

		rig.hw->hold = true;
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(1000, 1)));
		rig.hw->set_link(false);
		EXPECT(test, rig.interrupt() > 0);
		EXPECT_EQ(test, fake_core.link, LINK_STATE_DOWN);
		EXPECT_TEXT(test, rig.hw->logged, "link down\n");
		EXPECT_EQ(test, rig.statistic(MAC_STAT_IFSPEED), 0);
		// Frames are not kept for a link that may come some day.
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(1000, 1)));
		EXPECT_EQ(test, rig.statistic(MAC_STAT_OERRORS), 1);
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->wanted_resets, 1);
		e1000g_reset(rig.device);
		EXPECT_EQ(test, rig.statistic(MAC_STAT_OERRORS), 2);
		rig.hw->set_link(true);
		rig.interrupt();
		EXPECT_EQ(test, fake_core.link, LINK_STATE_UP);
		EXPECT_EQ(test, fake_core.link_updates, updates + 2);
		rig.hw->hold = false;
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(1000, 1)));
		EXPECT_EQ(test, rig.hw->sent, 1);
	}
}

// Without a stream the link is looked after all the same.
void the_link_of_an_idle_device(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT_EQ(test, rig.attach(), 0))
			return;
		for (bool up : List{ false, true }) {
			rig.hw->set_link(up);
			EXPECT(test, rig.interrupt() > 0);
			EXPECT_EQ(test, fake_core.link, up ? LINK_STATE_UP : LINK_STATE_DOWN);
		}
		EXPECT_EQ(test, fake_core.schedules, 0);
	}
}

void another_devices_interrupt(kunit *test)
{
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	EXPECT_EQ(test, e1000g_irq_all(rig.device), 0);
	EXPECT(test, rig.hw->reg(Reg::IMS) != 0); // nothing was masked
	Pattern frame(60);
	rig.hw->arrive(frame.data, frame.size);
	EXPECT_EQ(test, e1000g_irq_all(rig.device), 1);
	EXPECT_EQ(test, rig.hw->reg(Reg::IMS), 0);
	freemsgchain(rig.poll());
}

constinit Pattern *late_frame;

// A frame comes after mc_poll has found the ring empty, and before it unmasks.
void a_frame_that_comes_right_before_the_unmasking(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(60);
		late_frame = &frame;

		rig.hw->arrive(frame.data, frame.size);
		EXPECT(test, rig.interrupt() > 0);
		rig.hw->at_unmask = [](e1000g_hw &hw) {
			hw.at_unmask = nullptr;
			hw.arrive(late_frame->data, late_frame->size);
		};
		mblk_t *first = rig.poll();
		EXPECT_EQ(test, length_of(first), 1);
		EXPECT(test, !rig.hw->at_unmask);
		mblk_t *second = rig.receive();
		EXPECT_EQ(test, length_of(second), 1);
		freemsgchain(first);
		freemsgchain(second);
	}
}

constinit e1000g_device *masked_device;
constinit int others_interrupt;

// A frame comes when mc_poll has seen the end of the ring; before it unmasks another
// device on the line interrupts.
void another_devices_interrupt_while_masked(kunit *test)
{
	for (const Variety &kind : varieties) {
		if (kind.irq != E1000G_INTX)
			continue;
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(60);
		late_frame = &frame;
		masked_device = rig.device;
		others_interrupt = -1;

		rig.hw->arrive(frame.data, frame.size);
		EXPECT(test, rig.interrupt() > 0);
		rig.hw->at_tail = [](e1000g_hw &hw) {
			hw.at_tail = nullptr;
			hw.arrive(late_frame->data, late_frame->size);
			others_interrupt = e1000g_irq_all(masked_device);
		};
		fake_core.schedules = 0;
		mblk_t *first = rig.poll();
		EXPECT_EQ(test, length_of(first), 1);
		EXPECT_EQ(test, others_interrupt, 0);
		mblk_t *second = rig.receive();
		EXPECT_EQ(test, length_of(second), 1);
		freemsgchain(first);
		freemsgchain(second);
	}
}

void an_interrupt_may_be_lost(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(100);
		rig.hw->arrive(frame.data, frame.size);
		rig.hw->reg(Reg::ICR) = 0;
		EXPECT(test, !rig.receive());
		e1000g_tick(rig.device);
		mblk_t *mp = rig.receive();
		EXPECT(test, mp != nullptr);
		freemsg(mp);
		rig.calls().mc_stop(rig.device);
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.interrupt(), 0);
	}
}

// With MSI-X the handler of the other causes reads ICR, too.
void a_frame_and_the_link_at_once(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(60);

		rig.hw->arrive(frame.data, frame.size);
		rig.hw->set_link(false);
		if (kind.irq == E1000G_MSIX)
			e1000g_irq_other(rig.device); // before its turn
		mblk_t *mp = rig.receive();
		EXPECT_EQ(test, length_of(mp), 1);
		EXPECT_EQ(test, fake_core.link, LINK_STATE_DOWN);
		freemsgchain(mp);
	}
}

void the_rate_of_interrupts_can_change(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		const bool vectors = kind.irq == E1000G_MSIX;
		const Reg reg = vectors ? Reg::EITR : Reg::ITR;

		EXPECT_EQ(test, rig.hw->reg(reg), 1000000000 / 256 / 20000);
		rig.hw->rate = 1000;
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->reg(reg), 1000000000 / 256 / 1000);
		rig.hw->rate = 0;
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->reg(reg), vectors);
		rig.hw->rate = 1;
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->reg(reg), 0xffff);
	}
}

// ------------------------------------------------------------ sleep, loss of a device

void it_sleeps_and_wakes(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(1000);

		EXPECT_EQ(test, rig.calls().mc_setpromisc(rig.device, B_TRUE), 0);
		rig.hw->arrive(frame.data, frame.size);
		e1000g_quiesce(rig.device);
		e1000g_suspend(rig.device);
		EXPECT_EQ(test, rig.hw->reg(Reg::IMS), 0);
		EXPECT_EQ(test, rig.interrupt(), 0);
		EXPECT_EQ(test, length_of(rig.poll()), 0);
		mblk_t *rest = rig.calls().mc_tx(rig.device, frame.message(14, 986));
		EXPECT_EQ(test, length_of(rest), 1); // it waits
		e1000g_tick(rig.device);
		e1000g_reset(rig.device); // comes too late
		const int updates = fake_core.tx_updates;

		rig.hw->power_on();
		rig.hw->reg(Reg::STATUS) |= e1000g::status::LU;
		EXPECT_EQ(test, e1000g_resume(rig.device), 0);
		rig.hw->reg(Reg::STATUS) |= e1000g::status::LU;
		e1000g_tick(rig.device);
		EXPECT_EQ(test, fake_core.tx_updates, updates + 1);
		EXPECT(test, !rig.calls().mc_tx(rig.device, rest));
		EXPECT_EQ(test, rig.hw->sent, 1);
		EXPECT(test, rig.hw->arrive(frame.data, frame.size));
		mblk_t *mp = rig.receive();
		EXPECT_EQ(test, length_of(mp), 1);
		freemsgchain(mp);
		EXPECT(test, rig.hw->reg(Reg::RCTL) & e1000g::rctl::UPE);
		EXPECT_EQ(test, rig.hw->strays, 0);
	}
}

// Frames are up in a stream, one is in the ring to be sent, and the slot is empty.
void it_is_pulled_out_in_full_flight(kunit *test)
{
	for (const Variety &kind : varieties) {
		mblk_t *kept = nullptr;
		{
			Rig rig(kind);
			if (!EXPECT(test, rig.go()))
				return;
			Pattern frame(1000);
			for (int i = 0; i < 20; i++)
				rig.hw->arrive(frame.data, frame.size);
			kept = rig.receive();
			EXPECT_EQ(test, length_of(kept), 20);
			rig.hw->hold = true;
			EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(14, 986)));
			for (int i = 0; i < 5; i++)
				rig.hw->arrive(frame.data, frame.size);

			rig.hw->gone = true;
			// Not ours: it must not look as if we had seen to it.
			if (kind.irq == E1000G_INTX)
				EXPECT_EQ(test, e1000g_irq_all(rig.device), 0);
			e1000g_tick(rig.device);
			EXPECT_EQ(test, fake_core.link, LINK_STATE_DOWN);
			const int ticks = rig.hw->ticks;
			e1000g_tick(rig.device);
			EXPECT_EQ(test, rig.hw->ticks, ticks); // it has stopped
			EXPECT_EQ(test, rig.hw->wanted_resets, 0);
			mblk_t *rest = rig.calls().mc_tx(rig.device, frame.message(14, 986));
			EXPECT_EQ(test, length_of(rest), 0);
			EXPECT_EQ(test, rig.statistic(MAC_STAT_OERRORS), 1);
			EXPECT_EQ(test, rig.statistic(MAC_STAT_IPACKETS), 0);
			EXPECT_EQ(test, length_of(rig.poll()), 0);
			EXPECT_EQ(test, rig.calls().mc_start(rig.device), EIO);
			rig.remove();
			EXPECT_EQ(test, rig.hw->mapped, 0);
			EXPECT_EQ(test, rig.hw->errors_logged, 1);
			EXPECT(test, rig.hw->reads_gone < 100);
			EXPECT_EQ(test, rig.hw->strays, 0);
		}
		const int live = strm_test_live();
		Pattern frame(1000);
		for (mblk_t *mp = kept; mp; mp = mp->b_next)
			EXPECT(test, frame.is(mp));
		freemsgchain(kept);
		// A buffer, what describes it, and the message, each; and the pool.
		EXPECT(test, strm_test_live() <= live - 20 * 2);
	}
}

// A sender waits for room, and there will be none.
void nobody_waits_for_a_device_that_is_gone(kunit *test)
{
	for (bool in_reset : List{ false, true }) {
		Rig rig;
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(1000);
		rig.hw->hold = true;
		mblk_t *rest = nullptr;
		while (!rest)
			rest = rig.calls().mc_tx(rig.device, frame.message(14, 986));
		EXPECT_EQ(test, length_of(rest), 1);
		EXPECT_EQ(test, fake_core.tx_updates, 0);
		rig.hw->gone = true;
		if (in_reset)
			e1000g_reset(rig.device);
		else
			e1000g_tick(rig.device);
		EXPECT_EQ(test, fake_core.tx_updates, 1);
		EXPECT(test, !rig.calls().mc_tx(rig.device, rest));
		e1000g_tick(rig.device);
		EXPECT_EQ(test, fake_core.tx_updates, 1);
	}
}

// A bus that had an error answers with all ones for a while.
void it_comes_back_after_an_error_of_the_bus(kunit *test)
{
	Rig rig(varieties[3]);
	if (!EXPECT(test, rig.go()))
		return;
	Pattern frame(60);

	rig.hw->gone = true;
	e1000g_irq_other(rig.device);
	EXPECT_EQ(test, fake_core.link, LINK_STATE_DOWN);
	e1000g_quiesce(rig.device);
	e1000g_suspend(rig.device);
	EXPECT(test, e1000g_resume(rig.device) != 0);
	rig.hw->gone = false;
	rig.hw->power_on();
	EXPECT_EQ(test, e1000g_resume(rig.device), 0);
	rig.hw->set_link(true);
	rig.interrupt();
	EXPECT_EQ(test, fake_core.link, LINK_STATE_UP);
	EXPECT(test, rig.hw->arrive(frame.data, frame.size));
	mblk_t *mp = rig.receive();
	EXPECT_EQ(test, length_of(mp), 1);
	freemsgchain(mp);
}

// Buffers come home while others are taken, and while the pool is closed.
void buffers_come_home_from_another_cpu(kunit *test)
{
	for (int round = 0; round < 20; round++) {
		Rig rig;
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(1000);
		struct Load {
			mblk_t *chain;
		} load{ nullptr };

		for (int i = 0; i < 60; i++)
			rig.hw->arrive(frame.data, frame.size);
		load.chain = rig.receive();
		EXPECT_EQ(test, length_of(load.chain), 60);
		strm_test_thread *thread = strm_test_start(
			[](void *arg) { freemsgchain(static_cast<Load *>(arg)->chain); }, &load, 1);
		if (!EXPECT(test, thread))
			return;
		for (int i = 0; i < 20; i++) {
			rig.hw->arrive(frame.data, frame.size);
			freemsgchain(rig.poll());
		}
		rig.remove();
		strm_test_join(thread);
		EXPECT_EQ(test, rig.hw->mapped, 0);
	}
}

// ---------------------------------------------------------------------- statistics

// The registers are cleared when they are read, and by a reset.
void statistics_add_up(kunit *test)
{
	Rig rig;
	rig.hw->file[0x4074 / 4] = 77; // from before our time
	if (!EXPECT(test, rig.go()))
		return;
	Pattern frame(60);
	u64 expected = 0;

	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 3; i++) {
			rig.hw->arrive(frame.data, frame.size);
			freemsgchain(rig.receive());
			expected++;
		}
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(60, 1)));
		if (round == 1) {
			for (int i = 0; i < 64; i++)
				e1000g_tick(rig.device);
			EXPECT_EQ(test, rig.hw->file[0x4074 / 4], 0);
		}
		if (round == 2) {
			e1000g_reset(rig.device);
			rig.hw->reg(Reg::STATUS) |= e1000g::status::LU;
			e1000g_tick(rig.device);
		}
		EXPECT_EQ(test, rig.statistic(MAC_STAT_IPACKETS), expected);
		EXPECT_EQ(test, rig.statistic(MAC_STAT_OPACKETS), round + 1);
	}
	rig.hw->file[0x4088 / 4] = 0xfffffff0u; // bytes have 64 bits
	rig.hw->file[0x408c / 4] = 2;
	EXPECT_EQ(test, rig.statistic(MAC_STAT_RBYTES), 0x2fffffff0ull);
	rig.hw->file[0x408c / 4] = 1; // the lower half is 0
	EXPECT_EQ(test, rig.statistic(MAC_STAT_RBYTES), 0x3fffffff0ull);
	rig.hw->file[0x4000 / 4] = 5;
	EXPECT_EQ(test, rig.statistic(ETHER_STAT_FCS_ERRORS), 5);
	EXPECT_EQ(test, rig.statistic(MAC_STAT_IERRORS), 5);
	rig.hw->keeps_errors = true;
	for (u64 errors = 3; errors < 9; errors += 2) {
		rig.hw->file[0x4000 / 4] = static_cast<u32>(errors);
		EXPECT_EQ(test, rig.statistic(ETHER_STAT_FCS_ERRORS), 5 + errors);
		EXPECT_EQ(test, rig.statistic(MAC_STAT_IERRORS), 5 + errors);
	}
	EXPECT_EQ(test, rig.statistic(MAC_STAT_UNKNOWNS), ~0ull); // ENOTSUP
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_e1000g_cases[] = {
	CASE(a_chip_is_found_and_left),
	CASE(io_space_may_be_missing),
	CASE(a_wrong_eeprom_is_refused),
	CASE(memory_for_a_device_may_be_missing),
	CASE(the_phy_is_told_what_to_offer),
	CASE(small_frames_are_copied_and_large_ones_handed_up),
	CASE(frames_that_wait_long_do_not_starve_the_ring),
	CASE(jumbo_frames_are_chains),
	CASE(bad_frames_are_dropped_and_counted),
	CASE(a_budget_is_kept),
	CASE(memory_for_a_frame_may_be_missing),
	CASE(what_came_before_a_pause_is_forgotten),
	CASE(frames_are_sent_whole),
	CASE(what_cannot_be_sent_is_counted),
	CASE(memory_for_sending_may_be_missing),
	CASE(a_full_ring_makes_senders_wait),
	CASE(a_transmitter_that_hangs_is_reset),
	CASE(a_slow_transmitter_is_left_alone),
	CASE(groups_that_share_a_bit),
	CASE(promiscuous_and_back),
	CASE(the_link_goes_and_comes),
	CASE(the_link_of_an_idle_device),
	CASE(another_devices_interrupt),
	CASE(a_frame_that_comes_right_before_the_unmasking),
	CASE(another_devices_interrupt_while_masked),
	CASE(an_interrupt_may_be_lost),
	CASE(a_frame_and_the_link_at_once),
	CASE(the_rate_of_interrupts_can_change),
	CASE(it_sleeps_and_wakes),
	CASE(it_is_pulled_out_in_full_flight),
	CASE(nobody_waits_for_a_device_that_is_gone),
	CASE(it_comes_back_after_an_error_of_the_bus),
	CASE(buffers_come_home_from_another_cpu),
	CASE(statistics_add_up),
	{ nullptr, nullptr },
};
