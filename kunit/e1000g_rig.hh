// SPDX-License-Identifier: GPL-2.0-only
//
// A chip in its slot, and frames for it: what the suites of drivers/e1000g share.
#pragma once

#include <kunit/e1000g_fake.hh>

namespace strm::testing {

using e1000g::Reg;

struct Variety {
	e1000g_chip chip;
	e1000g_irq irq;
};
constexpr Variety varieties[] = {
	{ E1000G_82540, E1000G_INTX }, { E1000G_82574, E1000G_INTX }, { E1000G_82574, E1000G_MSI },
	{ E1000G_82574, E1000G_MSIX }, { E1000G_82545, E1000G_INTX },
};

constexpr u8 own_address[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };
constexpr u8 everybody[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

// A chip in its slot, with a driver or without.
class Rig : NoCopy {
public:
	explicit Rig(const Variety &kind = varieties[0])
	{
		fake_core = {};
		fake_core.link = LINK_STATE_UNKNOWN;
		found = { kind.chip, kind.irq, 0, 1500, 64, 64, 0, 0 };
		hw = new (kmem_zalloc(sizeof(e1000g_hw), KM_SLEEP)) e1000g_hw;
		hw->chip = kind.chip;
		for (int i = 0; i < 3; i++)
			hw->eeprom[i] = static_cast<u16>(own_address[2 * i] | own_address[2 * i + 1]
										      << 8);
		hw->eeprom[7] = 0x1234;
		make_sum_right();
		hw->phy[e1000g::phy::BMCR] = e1000g::phy::AUTONEG;
		hw->power_on();
		hw->reg(Reg::STATUS) |= e1000g::status::LU;
	}
	~Rig()
	{
		remove();
		kmem_free(hw, sizeof(*hw));
	}

	void make_sum_right()
	{
		u16 sum = 0;
		for (int i = 0; i < 63; i++)
			sum = static_cast<u16>(sum + hw->eeprom[i]);
		hw->eeprom[63] = static_cast<u16>(0xbaba - sum);
	}

	int attach()
	{
		const int error = e1000g_attach(hw, &found, &device);
		return error ? error : e1000g_register(device);
	}
	// Attached, with a stream.
	bool go() { return attach() == 0 && calls().mc_start(device) == 0; }
	void remove()
	{
		if (!device)
			return;
		e1000g_quiesce(device);
		e1000g_detach(device);
		device = nullptr;
	}

	mac_callbacks_t &calls() { return *fake_core.device.m_callbacks; }

	// The handlers run as long as there is a reason.  Returns how often.
	int interrupt()
	{
		int times = 0;
		while (times < 100 && (hw->reg(Reg::ICR) & hw->reg(Reg::IMS))) {
			strm_test_in_interrupt(handle, this);
			times++;
		}
		return times;
	}
	// What the core does when it has been asked to.
	mblk_t *poll(uint_t budget = 64)
	{
		boolean_t more = B_TRUE;
		mblk_t *chain = nullptr, **end = &chain;

		for (int i = 0; more && i < 100; i++) {
			*end = calls().mc_poll(device, budget, &more);
			while (*end)
				end = &(*end)->b_next;
		}
		return chain;
	}
	// Frames that interrupts have brought.
	mblk_t *receive()
	{
		mblk_t *chain = nullptr, **end = &chain;

		for (int i = 0; i < 100; i++) {
			interrupt();
			if (!fake_core.schedules)
				break;
			fake_core.schedules = 0;
			*end = poll();
			while (*end)
				end = &(*end)->b_next;
		}
		return chain;
	}
	u64 statistic(uint_t which)
	{
		uint64_t value = ~0ull;
		return calls().mc_getstat(device, which, &value) == 0 ? value : ~0ull;
	}

	e1000g_hw *hw = nullptr;
	e1000g_found found = {};
	e1000g_device *device = nullptr;

private:
	static void handle(void *arg)
	{
		Rig &rig = *static_cast<Rig *>(arg);
		e1000g_hw &hw = *rig.hw;
		const u32 pending = hw.reg(Reg::ICR) & hw.reg(Reg::IMS);

		if (!hw.has_vectors()) {
			e1000g_irq_all(rig.device);
		} else if (pending & (e1000g::cause::RXQ0 | e1000g::cause::TXQ0)) {
			hw.reg(Reg::ICR) &= ~hw.reg(Reg::EIAC);
			e1000g_irq_queue(rig.device);
		} else {
			e1000g_irq_other(rig.device);
		}
	}
};

// A frame whose bytes tell whether they are all there.
class Pattern : NoCopy {
public:
	static constexpr u32 most = 9100;

	explicit Pattern(u32 length, const u8 *to = own_address) : size(length)
	{
		data = static_cast<u8 *>(kmem_alloc(most, KM_SLEEP));
		for (u32 i = 0; i < length; i++)
			data[i] = at(i);
		for (u32 i = 0; i < 6 && i < length; i++)
			data[i] = to[i];
	}
	~Pattern() { kmem_free(data, most); }

	u8 at(u32 i) const { return static_cast<u8>(i * 7 + size); }
	bool is(const u8 *other, u32 length) const
	{
		return length >= size && __builtin_memcmp(data, other, size) == 0;
	}
	bool is(const mblk_t *mp) const
	{
		u32 seen = 0;
		for (; mp; mp = mp->b_cont) {
			const auto length = static_cast<u32>(mp->b_wptr - mp->b_rptr);
			if (seen + length > size ||
			    __builtin_memcmp(data + seen, mp->b_rptr, length) != 0)
				return false;
			seen += length;
		}
		return seen == size;
	}
	// As a message of blocks of that many bytes, the last but one repeated.
	mblk_t *message(u32 first, u32 others) const
	{
		mblk_t *head = nullptr, **end = &head;
		for (u32 done = 0; done < size;) {
			const u32 piece = strm::min(size - done, done ? others : first);
			mblk_t *bp = allocb(piece, BPRI_MED);
			if (!bp)
				break;
			__builtin_memcpy(bp->b_wptr, data + done, piece);
			bp->b_wptr += piece;
			done += piece;
			*end = bp;
			end = &bp->b_cont;
		}
		return head;
	}

	u8 *data;
	const u32 size;
};

inline int length_of(const mblk_t *chain)
{
	int count = 0;
	for (; chain; chain = chain->b_next)
		count++;
	return count;
}

} // namespace strm::testing
