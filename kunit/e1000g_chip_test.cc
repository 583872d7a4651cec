// SPDX-License-Identifier: GPL-2.0-only
//
// The driver for 8254x and 82574: what their errata, and drivers that had them before
// us, ask for.
#include <kunit/e1000g_rig.hh>

namespace strm::testing {

namespace {

// -------------------------------------------------------------------------- resets

// Another driver has left next to nothing for sending.
void the_memory_of_the_chip_is_divided_anew(kunit *test)
{
	struct Division {
		e1000g_chip chip;
		uint_t mtu;
		u32 kilobytes;
	};
	constexpr Division divisions[] = {
		{ E1000G_82540, 1500, 48 }, { E1000G_82540, 9000, 40 }, { E1000G_82545, 1500, 48 },
		{ E1000G_82545, 9000, 40 }, { E1000G_82574, 1500, 32 }, { E1000G_82574, 1501, 20 },
		{ E1000G_82574, 9000, 20 },
	};

	for (const Division &it : divisions) {
		Rig rig({ it.chip, E1000G_INTX });
		rig.found.mtu = it.mtu;
		rig.hw->reg(Reg::PBA) = 38;
		if (!EXPECT(test, rig.go()))
			return;
		EXPECT_EQ(test, rig.hw->divided, it.kilobytes);
		EXPECT_EQ(test, rig.hw->reg(Reg::PBA), it.kilobytes);
		rig.hw->reg(Reg::PBA) = 38;
		e1000g_reset(rig.device);
		EXPECT_EQ(test, rig.hw->divided, it.kilobytes);
	}
}

// Before it is reset, and before it sleeps.
void the_82574_leaves_its_bus_in_peace(kunit *test)
{
	Rig rig(varieties[3]);
	rig.hw->busy = 5;
	if (!EXPECT(test, rig.go()))
		return;
	EXPECT(test, !(rig.hw->reg(Reg::CTRL) & e1000g::ctrl::NO_MASTER));
	rig.hw->busy = 5;
	e1000g_reset(rig.device);
	EXPECT_EQ(test, rig.hw->resets, 2);
	rig.hw->busy = 5;
	e1000g_quiesce(rig.device);
	e1000g_suspend(rig.device);
	EXPECT(test, !(rig.hw->reg(Reg::STATUS) & e1000g::status::MASTER));
	EXPECT_EQ(test, e1000g_resume(rig.device), 0);
	EXPECT_EQ(test, rig.hw->cut_off, 0);
	EXPECT(test, !(rig.hw->reg(Reg::CTRL) & e1000g::ctrl::NO_MASTER));
	// It never gets quiet: it is reset all the same.
	rig.hw->busy = 1000;
	e1000g_reset(rig.device);
	EXPECT_EQ(test, rig.hw->resets, 4);
	EXPECT_EQ(test, rig.hw->cut_off, 1);
}

// It is set up from the EEPROM, once that has been read.
void nobody_talks_to_a_phy_too_early(kunit *test)
{
	Rig rig(varieties[3]);
	if (!EXPECT(test, rig.go()))
		return;
	e1000g_reset(rig.device);
	e1000g_quiesce(rig.device);
	e1000g_suspend(rig.device);
	EXPECT_EQ(test, e1000g_resume(rig.device), 0);
	EXPECT_EQ(test, rig.hw->resets, 3);
	EXPECT_EQ(test, rig.hw->too_early, 0);
	rig.remove();
	rig.hw->reading = 1000; // it never ends
	EXPECT_EQ(test, rig.attach(), -EIO);
}

// It may be wrong in a flash that nobody has put in order, and nowhere else.
void the_sum_of_a_new_flash_may_be_wrong(kunit *test)
{
	for (const Variety &kind : varieties) {
		for (int wrong = 0; wrong < 4; wrong++) {
			Rig rig(kind);
			rig.hw->flash = wrong != 1;
			if (wrong == 2)
				rig.hw->eeprom[0x10] = 1u << 4; // it is being written
			if (wrong == 3)
				rig.hw->eeprom[0x23] = 1u << 15; // it has been put in order
			rig.make_sum_right();
			rig.hw->eeprom[63]++;
			const bool good = kind.chip == E1000G_82574 && wrong == 0;
			EXPECT_EQ(test, rig.attach(), good ? 0 : -EIO);
			EXPECT_EQ(test, rig.hw->errors_logged, good ? 0 : 1);
		}
	}
}

// The chip has taken it from its EEPROM, which we cannot read.
void an_address_is_taken_from_the_chip(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		rig.hw->eeprom_dead = rig.hw->takes_address = true;
		if (!EXPECT_EQ(test, rig.attach(), 0))
			return;
		EXPECT(test, __builtin_memcmp(fake_core.device.m_src_addr, own_address, 6) == 0);
	}
}

// While it is ours, and no longer.
void the_firmware_knows_whose_the_82574_is(kunit *test)
{
	constexpr u32 ours = e1000g::ctrl_ext::DRV_LOAD;
	Rig rig(varieties[3]);
	const u32 &word = rig.hw->reg(Reg::CTRL_EXT);
	if (!EXPECT(test, rig.go()))
		return;
	EXPECT(test, word & ours);
	e1000g_reset(rig.device);
	EXPECT(test, word & ours);
	e1000g_quiesce(rig.device);
	e1000g_suspend(rig.device);
	EXPECT(test, !(word & ours));
	EXPECT_EQ(test, e1000g_resume(rig.device), 0);
	EXPECT(test, word & ours);
	rig.remove();
	EXPECT(test, !(word & ours));
}

// Writers wait for room when the bus has an error, from which it recovers, or never.
void nobody_waits_for_a_bus_to_recover(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern frame(1000);
		mblk_t *rest = nullptr;
		rig.hw->hold = true;
		while (!rest)
			rest = rig.calls().mc_tx(rig.device, frame.message(14, 986));

		rig.hw->gone = true; // until here it has not been noticed
		e1000g_lost(rig.device);
		e1000g_quiesce(rig.device);
		e1000g_suspend(rig.device);
		e1000g_lost(rig.device);
		EXPECT_EQ(test, rig.hw->reads_gone, 0);
		EXPECT_EQ(test, fake_core.link, LINK_STATE_DOWN);
		EXPECT_EQ(test, fake_core.tx_updates, 1);
		EXPECT(test, !rig.calls().mc_tx(rig.device, rest));
		e1000g_tick(rig.device);

		rig.hw->gone = rig.hw->hold = false;
		rig.hw->power_on();
		rig.hw->reg(Reg::STATUS) |= e1000g::status::LU;
		EXPECT_EQ(test, e1000g_resume(rig.device), 0);
		EXPECT_EQ(test, fake_core.link, LINK_STATE_UP);
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(14, 986)));
		EXPECT_EQ(test, rig.hw->sent, 1);
		EXPECT_EQ(test, rig.hw->strays, 0);
	}
}

// Somebody before us has offered 100 Mbit/s alone, and pauses, which we do not keep.
void the_phy_offers_everything_again(kunit *test)
{
	namespace phy = e1000g::phy;

	for (const Variety &kind : varieties) {
		Rig rig(kind);
		u16 *const its = rig.hw->phy;
		its[phy::SPECIFIC] = 0x0060;
		its[phy::ANAR] = 0x0c01 | phy::FULL_100;
		its[phy::GBCR] = 0x0400;
		EXPECT_EQ(test, rig.attach(), 0);
		EXPECT_EQ(test, its[phy::ANAR], 0x01e1);
		EXPECT_EQ(test, its[phy::GBCR], 0x0400 | phy::FULL_1000);
		EXPECT_EQ(test, its[phy::BMCR], phy::AUTONEG | phy::RESTART);
		// For half duplex
		EXPECT_EQ(test, its[phy::SPECIFIC], kind.chip == E1000G_82574 ? 0x0060 : 0x0860);
		// A link that is good is left alone.
		its[phy::BMCR] = phy::AUTONEG;
		e1000g_reset(rig.device);
		EXPECT_EQ(test, its[phy::BMCR], phy::AUTONEG);
		rig.remove();
		rig.found.speed = 100;
		EXPECT_EQ(test, rig.attach(), 0);
		EXPECT_EQ(test, its[phy::ANAR], 1 | phy::HALF_100 | phy::FULL_100);
		EXPECT_EQ(test, its[phy::GBCR], 0x0400);
		EXPECT_EQ(test, its[phy::BMCR], phy::AUTONEG | phy::RESTART);
	}
}

// Twice in a row, that is.
void a_phy_that_hangs_is_reset(kunit *test)
{
	namespace phy = e1000g::phy;
	Rig rig(varieties[3]);
	if (!EXPECT(test, rig.go()))
		return;
	e1000g_tick(rig.device);
	e1000g_tick(rig.device);
	EXPECT_EQ(test, rig.hw->wanted_checks, 1);
	for (int i = 0; i < 5; i++) {
		rig.hw->phy[phy::ERRORS] = i % 3 == 2 ? 0 : 0xffff;
		rig.hw->phy[phy::GBSR] = i == 4 ? 0xfe : 0x78ff;
		rig.hw->phy_raves = i < 2;
		e1000g_check(rig.device);
		EXPECT_EQ(test, rig.hw->phy_resets, i < 1 ? 0 : 1);
	}
	EXPECT_EQ(test, rig.hw->resets, 2);
	// Nothing is left of what it said while it hung.
	EXPECT_EQ(test, rig.hw->phy[phy::ANAR], 0x01e1);
	EXPECT_EQ(test, rig.hw->phy[phy::GBCR], 0x0c00 | phy::FULL_1000);
	EXPECT_EQ(test, rig.hw->phy[phy::BMCR], phy::AUTONEG | phy::RESTART);
	rig.hw->gone = true;
	e1000g_check(rig.device);
	e1000g_check(rig.device);
	EXPECT_EQ(test, rig.hw->resets, 2);
}

// ----------------------------------------------------------------------- receiving

// Whatever is asked of the filter meanwhile.
void nothing_comes_in_while_it_is_stopped(kunit *test)
{
	constexpr u8 group[6] = { 0x01, 0, 0x5e, 0, 0x10, 7 }, foreign[6] = { 0x02, 9, 9, 9, 9, 9 };

	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		mac_callbacks_t &calls = rig.calls();
		Pattern to_us(60), to_group(60, group), to_all(60, everybody),
			to_foreign(60, foreign);
		const Pattern *frames[] = { &to_us, &to_group, &to_all, &to_foreign };

		EXPECT_EQ(test, calls.mc_multicst(rig.device, B_TRUE, group), 0);
		calls.mc_stop(rig.device);
		EXPECT_EQ(test, calls.mc_setpromisc(rig.device, B_TRUE), 0);
		EXPECT_EQ(test, calls.mc_multicst(rig.device, B_TRUE, group), 0);
		EXPECT_EQ(test, calls.mc_unicst(rig.device, own_address), 0);
		for (const Pattern *frame : frames)
			EXPECT(test, !rig.hw->arrive(frame->data, frame->size));
		EXPECT_EQ(test, calls.mc_start(rig.device), 0);
		for (const Pattern *frame : frames)
			EXPECT(test, rig.hw->arrive(frame->data, frame->size));
		mblk_t *mp = rig.receive();
		EXPECT_EQ(test, length_of(mp), 4);
		freemsgchain(mp);
		EXPECT_EQ(test, rig.hw->room_for_receiving(), 63);
	}
}

// On the 82574 it is turned off by a reset alone.
void a_receiver_that_hangs_when_turned_off_is_left_on(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		const bool stays = kind.chip == E1000G_82574;

		for (int i = 0; i < 3; i++) {
			rig.calls().mc_stop(rig.device);
			EXPECT_EQ(test, (rig.hw->reg(Reg::RCTL) & e1000g::rctl::EN) != 0, stays);
			EXPECT_EQ(test, rig.calls().mc_start(rig.device), 0);
		}
		EXPECT_EQ(test, rig.hw->turned_on, stays ? 1 : 4);
		e1000g_reset(rig.device);
		EXPECT_EQ(test, rig.hw->turned_on, stays ? 2 : 5);
		rig.calls().mc_stop(rig.device);
		e1000g_reset(rig.device);
		EXPECT(test, !(rig.hw->reg(Reg::RCTL) & e1000g::rctl::EN));
	}
}

// ---------------------------------------------------------------------- interrupts

// The cable is not plugged in.  Negotiation takes a while: nothing is said before.
void that_there_is_no_link_is_said_once(kunit *test)
{
	Rig rig(varieties[3]);
	rig.hw->reg(Reg::STATUS) &= ~e1000g::status::LU;
	if (!EXPECT(test, rig.go()))
		return;
	EXPECT_EQ(test, fake_core.link_updates, 0);
	for (int i = 0; i < 10; i++)
		e1000g_tick(rig.device);
	EXPECT_EQ(test, fake_core.link, LINK_STATE_DOWN);
	EXPECT_EQ(test, fake_core.link_updates, 1);
	rig.hw->set_link(true);
	rig.interrupt();
	EXPECT_EQ(test, fake_core.link, LINK_STATE_UP);
	EXPECT_EQ(test, fake_core.link_updates, 2);
}

// Frames that have been sent are a cause, but nobody has asked for it; then another
// device on the same line interrupts.
void a_cause_that_is_masked_is_no_interrupt(kunit *test)
{
	Rig rig(varieties[1]);
	if (!EXPECT(test, rig.go()))
		return;
	Pattern frame(60);
	EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(60, 1)));
	EXPECT(test, rig.hw->reg(Reg::ICR) != 0);
	EXPECT_EQ(test, e1000g_irq_all(rig.device), 0);
	EXPECT(test, rig.hw->reg(Reg::IMS) != 0);
	EXPECT_EQ(test, fake_core.schedules, 0);
	EXPECT(test, rig.hw->arrive(frame.data, frame.size));
	EXPECT_EQ(test, e1000g_irq_all(rig.device), 1);
	EXPECT_EQ(test, fake_core.schedules, 1);
	freemsgchain(rig.poll());
}

// ------------------------------------------------------------------------- sending

// The slots have been used for longer frames, with other data.
void short_frames_are_padded_with_zeros(kunit *test)
{
	for (const Variety &kind : varieties) {
		Rig rig(kind);
		if (!EXPECT(test, rig.go()))
			return;
		Pattern secret(250);
		for (int i = 0; i < 64; i++)
			EXPECT(test, !rig.calls().mc_tx(rig.device, secret.message(250, 1)));
		for (u32 size : List{ 14u, 17u, 42u, 59u }) {
			Pattern frame(size);
			EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(14, 5)));
			EXPECT_EQ(test, rig.hw->last_length, 60);
			EXPECT_EQ(test, rig.hw->last_pieces, 1);
			EXPECT(test, frame.is(rig.hw->last, size));
			for (u32 i = size; i < 60; i++)
				EXPECT_EQ(test, rig.hw->last[i], 0);
		}
		freemsgchain(rig.poll());
		EXPECT_EQ(test, rig.hw->strays, 0);
	}
}

// Bits of TCTL that are not ours stay as they are.
void the_82574_keeps_its_ways_of_sending(kunit *test)
{
	namespace tctl = e1000g::tctl;
	constexpr u32 ours = tctl::PSP | tctl::CT | tctl::COLD | tctl::RTLC;
	Rig rig(varieties[3]);
	if (!EXPECT(test, rig.go()))
		return;
	EXPECT_EQ(test, rig.hw->reg(Reg::TCTL), e1000g_hw::reads_ahead | ours | tctl::EN);
	// Both queues have to be set alike.
	const u32 queue = rig.hw->reg(Reg::TXDCTL);
	EXPECT_EQ(test, queue, 1u << 24 | 1u << 22 | 1u << 16);
	EXPECT_EQ(test, rig.hw->reg(e1000g::nth(Reg::TXDCTL, 1, 0x100)), queue);
	e1000g_quiesce(rig.device);
	e1000g_suspend(rig.device);
	EXPECT_EQ(test, rig.hw->reg(Reg::TCTL), e1000g_hw::reads_ahead | ours);
}

// In PCI-X mode it reads too far ahead in a frame whose first piece is that long.
void the_82545_is_given_short_pieces(kunit *test)
{
	Rig rig({ E1000G_82545, E1000G_INTX });
	rig.found.mtu = 9000;
	if (!EXPECT(test, rig.go()))
		return;
	for (u32 size : List{ 2015u, 2016u, 4030u, 4031u, 9018u }) {
		Pattern frame(size);
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(size, 1)));
		EXPECT_EQ(test, rig.hw->last_pieces, (size + 2014) / 2015);
		EXPECT(test, frame.is(rig.hw->last, rig.hw->last_length));
	}
	EXPECT_EQ(test, rig.hw->garbled, 0);
	freemsgchain(rig.poll());
}

// The ring goes round between two looks, and the oldest frame is where one was before.
void a_ring_that_has_gone_round_moves(kunit *test)
{
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	Pattern frame(60);
	const auto send = [&] {
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(60, 1)));
	};

	for (int i = 0; i < 5; i++) {
		for (u32 j = 1; j < rig.found.tx_ring; j++)
			send();
		rig.hw->hold = true; // one is on its way when the tick comes
		send();
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->wanted_resets, 0);
		rig.hw->hold = false;
		rig.hw->run_sender();
	}
	EXPECT_EQ(test, rig.hw->sent, 5 * rig.found.tx_ring);
}

// As soon after a reset as without one.
void a_transmitter_that_hangs_again_is_found(kunit *test)
{
	Rig rig;
	if (!EXPECT(test, rig.go()))
		return;
	Pattern frame(60);
	rig.hw->hold = true;
	for (int i = 1; i < 4; i++) {
		EXPECT(test, !rig.calls().mc_tx(rig.device, frame.message(60, 1)));
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->wanted_resets, i - 1);
		e1000g_tick(rig.device);
		EXPECT_EQ(test, rig.hw->wanted_resets, i);
		e1000g_reset(rig.device);
		rig.hw->set_link(true);
	}
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_e1000g_chip_cases[] = {
	CASE(the_memory_of_the_chip_is_divided_anew),
	CASE(the_82574_leaves_its_bus_in_peace),
	CASE(the_firmware_knows_whose_the_82574_is),
	CASE(nobody_waits_for_a_bus_to_recover),
	CASE(nobody_talks_to_a_phy_too_early),
	CASE(the_sum_of_a_new_flash_may_be_wrong),
	CASE(an_address_is_taken_from_the_chip),
	CASE(the_phy_offers_everything_again),
	CASE(a_phy_that_hangs_is_reset),
	CASE(nothing_comes_in_while_it_is_stopped),
	CASE(a_receiver_that_hangs_when_turned_off_is_left_on),
	CASE(that_there_is_no_link_is_said_once),
	CASE(a_cause_that_is_masked_is_no_interrupt),
	CASE(short_frames_are_padded_with_zeros),
	CASE(the_82574_keeps_its_ways_of_sending),
	CASE(the_82545_is_given_short_pieces),
	CASE(a_ring_that_has_gone_round_moves),
	CASE(a_transmitter_that_hangs_again_is_found),
	{ nullptr, nullptr },
};
