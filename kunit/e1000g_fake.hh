// SPDX-License-Identifier: GPL-2.0-only
//
// A model of the chips below the border of drivers/e1000g, and a DLPI core that only
// watches.  The model does what the data sheets say of registers, rings, interrupts and
// the address filter; a test decides when it does it, and what goes wrong.
#pragma once

#include <kunit/test.hh>
#include <sys/kmem.h>
#include <sys/mac_provider.h>

// ------------------------------------------------- the core, as the driver sees it

struct fake_core {
	mac_register_t device; // as it was registered
	bool registered;
	link_state_t link;
	int link_updates, schedules, tx_updates;
};
inline constinit fake_core fake_core = {};

// As much of it as the driver has slept away.
inline constinit uint_t fake_milliseconds = 0;

inline mac_register_t *fake_mac_alloc(uint_t)
{
	return static_cast<mac_register_t *>(kmem_zalloc(sizeof(mac_register_t), KM_NOSLEEP));
}
inline void fake_mac_free(mac_register_t *it)
{
	kmem_free(it, sizeof(*it));
}
inline int fake_mac_driver_register(mac_driver *, module *)
{
	return 0;
}
inline void fake_mac_driver_unregister(mac_driver *) {}
inline int fake_mac_register(mac_register_t *it, mac_handle_t *handle)
{
	fake_core.device = *it;
	fake_core.registered = true;
	*handle = reinterpret_cast<mac_handle_t>(&fake_core);
	return 0;
}
// What the real one does of it: no callback from then on.
inline int fake_mac_unregister(mac_handle_t)
{
	fake_core.registered = false;
	fake_core.device.m_callbacks->mc_stop(fake_core.device.m_driver);
	return 0;
}
inline void fake_mac_rx_schedule(mac_handle_t)
{
	fake_core.schedules++;
}
inline void fake_mac_tx_update(mac_handle_t)
{
	fake_core.tx_updates++;
}
inline void fake_mac_link_update(mac_handle_t, link_state_t state)
{
	fake_core.link = state;
	fake_core.link_updates++;
}

// What the driver calls goes there, and not to the real one, which is under test, too.
#pragma push_macro("mac_alloc")
#undef mac_alloc
#define mac_alloc fake_mac_alloc
#pragma push_macro("mac_free")
#undef mac_free
#define mac_free fake_mac_free
#pragma push_macro("mac_driver_register")
#undef mac_driver_register
#define mac_driver_register fake_mac_driver_register
#pragma push_macro("mac_driver_unregister")
#undef mac_driver_unregister
#define mac_driver_unregister fake_mac_driver_unregister
#pragma push_macro("mac_register")
#undef mac_register
#define mac_register fake_mac_register
#pragma push_macro("mac_unregister")
#undef mac_unregister
#define mac_unregister fake_mac_unregister
#pragma push_macro("mac_rx_schedule")
#undef mac_rx_schedule
#define mac_rx_schedule fake_mac_rx_schedule
#pragma push_macro("mac_tx_update")
#undef mac_tx_update
#define mac_tx_update fake_mac_tx_update
#pragma push_macro("mac_link_update")
#undef mac_link_update
#define mac_link_update fake_mac_link_update

#include <drivers/e1000g/chip.cc>
#include <drivers/e1000g/device.cc>
#include <drivers/e1000g/filter.cc>
#include <drivers/e1000g/interrupt.cc>
#include <drivers/e1000g/pool.cc>
#include <drivers/e1000g/provider.cc>
#include <drivers/e1000g/receive.cc>
#include <drivers/e1000g/statistics.cc>
#include <drivers/e1000g/transmit.cc>

#pragma pop_macro("mac_alloc")
#pragma pop_macro("mac_free")
#pragma pop_macro("mac_driver_register")
#pragma pop_macro("mac_driver_unregister")
#pragma pop_macro("mac_register")
#pragma pop_macro("mac_unregister")
#pragma pop_macro("mac_rx_schedule")
#pragma pop_macro("mac_tx_update")
#pragma pop_macro("mac_link_update")

// ------------------------------------------------------------ memory, as it sees it

// What is mapped for the device.  Where `shadow` is set the device does not reach the
// CPU's memory, but this, as with bounce buffers.
struct fake_mapping {
	strm::u8 *memory, *shadow;
	size_t size;
};

struct e1000g_hw {
	static constexpr int most = 512;
	static constexpr strm::u32 file_size = 0x6000;
	static constexpr strm::u32 longest = 10000;
	static constexpr strm::u32 reads_ahead = 3u << 28; // in TCTL of the 82574

	// The device
	e1000g_chip chip = E1000G_82540;
	strm::u32 file[file_size / 4] = {};
	strm::u16 eeprom[64] = {};
	strm::u16 phy[32] = {};
	bool gone = false;
	bool hold = false; // sends nothing
	bool io_space = true;
	bool eeprom_dead = false;   // for EERD
	bool takes_address = false; // from the EEPROM, at a reset
	bool flash = false;
	bool keeps_errors = false;		  // does not clear these when they are read
	void (*at_unmask)(e1000g_hw &) = nullptr; // just before it takes effect
	void (*at_tail)(e1000g_hw &) = nullptr;	  // of the receive ring, likewise
	bool phy_raves = false;			  // says anything, until it is reset
	uint_t reading = 8;	       // for so long the 82574 reads its EEPROM after a reset
	uint_t has_read = 0;	       // at that time
	int too_early = 0;	       // accesses to its PHY
	int busy = 0;		       // reads of STATUS before the 82574 gets quiet on its bus
	int cut_off = 0;	       // resets of one that was not
	int resets = 0, turned_on = 0; // the receiver
	strm::u32 divided = 0;	       // PBA at the last reset, from when on it has an effect
	int garbled = 0;	       // frames sent in a way that the chip does not bear
	int strays = 0;		       // accesses to memory that was not mapped
	int reads_gone = 0;

	// The wire
	int sent = 0;
	strm::u8 last[longest] = {}; // frame that was sent
	strm::u32 last_length = 0;
	strm::u32 last_pieces = 0;

	// Linux
	fake_mapping mappings[most] = {};
	bool bounce = false;
	int mapped = 0;
	int map_fails = 0;	  // the nth mapping, or ring, from now on
	bool unreachable = false; // memory that cannot be mapped for sending
	uint_t rate = 20000;
	int ticks = 0, wanted_resets = 0, wanted_checks = 0, errors_logged = 0;
	int phy_resets = 0;
	const char *logged = "";

	strm::u32 &reg(e1000g::Reg it) { return file[static_cast<strm::u32>(it) / 4]; }

	bool fails() { return map_fails && --map_fails == 0; }
	fake_mapping *find(strm::u64 dma, size_t size);
	fake_mapping *map(void *memory, size_t size, bool shadowed);
	void unmap(strm::u64 dma);
	strm::u8 *reach(strm::u64 dma, size_t size);

	strm::u32 read(strm::u32 offset);
	void write(strm::u32 offset, strm::u32 value);
	void power_on();
	strm::u16 talk_to_phy(strm::u32 command);
	void raise(strm::u32 causes);
	bool has_vectors() { return reg(e1000g::Reg::IVAR) != 0; }
	void run_sender();
	bool lets_through(const strm::u8 *frame);
	// A frame on the wire; false: filtered, or there was no room.
	bool arrive(const strm::u8 *frame, strm::u32 length, strm::u8 errors = 0);
	void set_link(bool up);
	strm::u32 room_for_receiving();
};

// The address that the device has for memory is that of the memory, or of its shadow.
inline fake_mapping *e1000g_hw::find(strm::u64 dma, size_t size)
{
	for (fake_mapping &it : mappings) {
		const strm::u64 base = reinterpret_cast<uintptr_t>(it.shadow ? it.shadow :
									       it.memory);
		if (it.memory && dma >= base && dma + size <= base + it.size)
			return &it;
	}
	return nullptr;
}

inline fake_mapping *e1000g_hw::map(void *memory, size_t size, bool shadowed)
{
	if (fails())
		return nullptr;
	for (fake_mapping &it : mappings) {
		if (it.memory)
			continue;
		it = { static_cast<strm::u8 *>(memory), nullptr, size };
		if (shadowed)
			it.shadow = static_cast<strm::u8 *>(kmem_zalloc(size, KM_SLEEP));
		mapped++;
		return &it;
	}
	return nullptr;
}

inline void e1000g_hw::unmap(strm::u64 dma)
{
	fake_mapping *it = find(dma, 1);
	if (!it) {
		strays++;
		return;
	}
	if (it->shadow)
		kmem_free(it->shadow, it->size);
	*it = {};
	mapped--;
}

inline strm::u8 *e1000g_hw::reach(strm::u64 dma, size_t size)
{
	if (!find(dma, size)) {
		strays++;
		return nullptr;
	}
	return reinterpret_cast<strm::u8 *>(static_cast<uintptr_t>(dma));
}

// ------------------------------------------------------------------- the registers

inline void e1000g_hw::power_on()
{
	using e1000g::Reg;

	const strm::u32 link = reg(Reg::STATUS) & e1000g::status::LU;
	__builtin_memset(file, 0, sizeof(file));
	reg(Reg::STATUS) = link | e1000g::status::FD | 2u << e1000g::status::speed_shift;
	reg(Reg::EECD) = e1000g::eecd::AUTO_RD | (flash ? e1000g::eecd::FLASH : 0);
	if (takes_address) {
		reg(Reg::RAL) = eeprom[0] | static_cast<strm::u32>(eeprom[1]) << 16;
		reg(Reg::RAH) = eeprom[2] | e1000g::rah_valid;
	}
	reg(Reg::CTRL) = e1000g::ctrl::FD;
	if (chip == E1000G_82574) {
		reg(Reg::STATUS) |= e1000g::status::MASTER;
		reg(Reg::TCTL) = reads_ahead | 0x0f << 4 | 0x3f << 12;
	}
}

inline void e1000g_hw::raise(strm::u32 causes)
{
	using namespace e1000g;

	if (chip == E1000G_82574) {
		if (causes & (cause::RXT0 | cause::RXO))
			causes |= cause::RXQ0;
		if (causes & cause::TXDW)
			causes |= cause::TXQ0;
		if (causes & cause::LSC)
			causes |= cause::OTHER;
	}
	reg(Reg::ICR) |= causes;
}

inline strm::u32 e1000g_hw::read(strm::u32 offset)
{
	using namespace e1000g;

	if (gone) {
		reads_gone++;
		return all_ones;
	}
	strm::u32 &word = file[offset / 4];
	if (offset == static_cast<strm::u32>(Reg::EECD) && fake_milliseconds < has_read)
		return word & ~eecd::AUTO_RD;
	if (offset == static_cast<strm::u32>(Reg::STATUS) && reg(Reg::CTRL) & ctrl::NO_MASTER &&
	    busy-- <= 0)
		word &= ~status::MASTER;
	if (offset == static_cast<strm::u32>(Reg::ICR) && chip == E1000G_82574)
		word = (word & ~cause::ASSERTED) | (word & reg(Reg::IMS) ? cause::ASSERTED : 0);
	const strm::u32 value = word;
	// The 82574 clears it only while everything is masked.
	if (offset == static_cast<strm::u32>(Reg::ICR) &&
	    (chip != E1000G_82574 || reg(Reg::IMS) == 0))
		word = 0;
	const strm::u32 first = static_cast<strm::u32>(Reg::STATISTICS);
	if (offset == first + 0x8c || offset == first + 0x94)
		file[offset / 4 - 1] = 0; // both halves
	const bool low_half = offset == first + 0x88 || offset == first + 0x90;
	const bool error = offset < first + 0x74 || offset == first + 0xb0;
	if (offset >= first && offset < first + 0x100 && !low_half && !(error && keeps_errors))
		word = 0;
	return value;
}

inline strm::u16 e1000g_hw::talk_to_phy(strm::u32 command)
{
	using namespace e1000g;

	const strm::u32 index = command >> mdic::register_shift & 31;
	// It is set up when the EEPROM has been read, which takes its time.
	too_early += chip == E1000G_82574 && fake_milliseconds < has_read + 25;
	if (command & mdic::WRITE)
		phy[index] = static_cast<strm::u16>(command);
	if (phy[phy::BMCR] & phy::RESET) {
		phy_resets++;
		phy[phy::BMCR] = phy::AUTONEG;
		phy[phy::ANAR] = 0x0de1;
		phy[phy::GBCR] = 0x0c00 | phy::FULL_1000;
		phy[phy::GBSR] = phy[phy::ERRORS] = 0;
		phy_raves = false;
	}
	const bool about_the_link = index == phy::BMCR || index == phy::ANAR || index == phy::GBCR;
	return phy_raves && about_the_link ? 0xffff : phy[index];
}

inline void e1000g_hw::write(strm::u32 offset, strm::u32 value)
{
	using namespace e1000g;

	if (gone)
		return;
	strm::u32 &word = file[offset / 4];
	switch (static_cast<Reg>(offset)) {
	case Reg::CTRL:
		if (value & ctrl::RST) {
			const strm::u32 division = divided = reg(Reg::PBA);
			resets++;
			cut_off += reg(Reg::STATUS) & status::MASTER ? 1 : 0;
			const strm::u32 loaded = reg(Reg::CTRL_EXT) & ctrl_ext::DRV_LOAD;
			power_on();
			has_read = fake_milliseconds + (chip == E1000G_82574 ? reading : 0);
			reg(Reg::PBA) = division;
			reg(Reg::CTRL_EXT) |= loaded;
			return;
		}
		break;
	case Reg::STATUS:
		return;
	case Reg::RCTL:
		turned_on += value & ~word & rctl::EN ? 1 : 0;
		break;
	case Reg::ICR:
		word &= ~value;
		return;
	case Reg::ICS:
		reg(Reg::ICR) |= value;
		return;
	case Reg::IMS:
		if (at_unmask)
			at_unmask(*this);
		word |= value;
		return;
	case Reg::IMC:
		reg(Reg::IMS) &= ~value;
		return;
	case Reg::EERD: {
		const bool pcie = chip == E1000G_82574;
		const strm::u32 index = value >> (pcie ? 2 : 8) & 0x3f;
		word = static_cast<strm::u32>(eeprom[index]) << 16 |
		       (eeprom_dead ? 0 : (pcie ? 1u << 1 : 1u << 4));
		return;
	}
	case Reg::MDIC:
		word = talk_to_phy(value) | mdic::READY;
		return;
	case Reg::RDT:
		if (at_tail)
			at_tail(*this);
		break;
	case Reg::TDT:
		word = value;
		run_sender();
		return;
	default:
		break;
	}
	word = value;
}

// ------------------------------------------------------------------------ the wire

inline void e1000g_hw::set_link(bool up)
{
	using namespace e1000g;

	if (up)
		reg(Reg::STATUS) |= status::LU;
	else
		reg(Reg::STATUS) &= ~status::LU;
	raise(cause::LSC);
}

inline void e1000g_hw::run_sender()
{
	using namespace e1000g;

	const strm::u64 base = reg(Reg::TDBAL) | static_cast<strm::u64>(reg(Reg::TDBAH)) << 32;
	const strm::u32 size = reg(Reg::TDLEN) / sizeof(TxDescriptor);
	strm::u32 length = 0, pieces = 0;

	if (hold || gone || !(reg(Reg::TCTL) & tctl::EN))
		return;
	while (reg(Reg::TDH) != reg(Reg::TDT)) {
		strm::u8 *at = reach(base + reg(Reg::TDH) * sizeof(TxDescriptor),
				     sizeof(TxDescriptor));
		if (!at)
			return;
		auto &descriptor = *reinterpret_cast<TxDescriptor *>(at);
		const strm::u8 *data = reach(descriptor.address, descriptor.length);
		if (data && length + descriptor.length <= longest)
			__builtin_memcpy(last + length, data, descriptor.length);
		if (chip == E1000G_82545 && !pieces && descriptor.length > 2015)
			garbled++;
		length += descriptor.length;
		pieces++;
		reg(Reg::TDH) = (reg(Reg::TDH) + 1) % size;
		if (descriptor.command & txd::RS)
			descriptor.status |= txd::DD;
		if (!(descriptor.command & txd::EOP))
			continue;
		while (reg(Reg::TCTL) & tctl::PSP && length < 60)
			last[length++] = 0xa5; // what is in its buffer by chance
		sent++;
		last_length = length;
		last_pieces = pieces;
		length = pieces = 0;
		file[0x4080 / 4]++; // GPTC
		raise(cause::TXDW);
	}
}

inline bool e1000g_hw::lets_through(const strm::u8 *frame)
{
	using namespace e1000g;

	const strm::u32 word = reg(Reg::RCTL);
	if (!(word & rctl::EN) || !(reg(Reg::STATUS) & status::LU))
		return false;
	if (frame[0] & 1) {
		bool all = true;
		for (int i = 0; i < 6; i++)
			all = all && frame[i] == 0xff;
		const strm::u32 hash = (frame[4] >> 4 | frame[5] << 4) & 0xfff;
		return word & rctl::MPE || (all && word & rctl::BAM) ||
		       file[0x5200 / 4 + hash / 32] >> hash % 32 & 1;
	}
	const strm::u32 low = reg(Reg::RAL), high = reg(Reg::RAH);
	const strm::u8 own[6] = {
		static_cast<strm::u8>(low),	  static_cast<strm::u8>(low >> 8),
		static_cast<strm::u8>(low >> 16), static_cast<strm::u8>(low >> 24),
		static_cast<strm::u8>(high),	  static_cast<strm::u8>(high >> 8),
	};
	return word & rctl::UPE || (high >> 31 && __builtin_memcmp(own, frame, 6) == 0);
}

// Descriptors that it may fill.
inline strm::u32 e1000g_hw::room_for_receiving()
{
	using namespace e1000g;

	const strm::u32 size = reg(Reg::RDLEN) / sizeof(RxDescriptor);
	return size ? (reg(Reg::RDT) + size - reg(Reg::RDH)) % size : 0;
}

inline bool e1000g_hw::arrive(const strm::u8 *frame, strm::u32 length, strm::u8 errors)
{
	using namespace e1000g;

	const strm::u64 base = reg(Reg::RDBAL) | static_cast<strm::u64>(reg(Reg::RDBAH)) << 32;
	const strm::u32 size = reg(Reg::RDLEN) / sizeof(RxDescriptor);
	strm::u32 done = 0;

	if (gone || !lets_through(frame))
		return false;
	if (room_for_receiving() < (length + buffer_size - 1) / buffer_size) {
		file[0x4010 / 4]++; // MPC
		raise(cause::RXO);
		return false;
	}
	do {
		strm::u8 *at = reach(base + reg(Reg::RDH) * sizeof(RxDescriptor),
				     sizeof(RxDescriptor));
		if (!at)
			return false;
		auto &descriptor = *reinterpret_cast<RxDescriptor *>(at);
		const strm::u32 piece = strm::min(length - done, buffer_size);
		strm::u8 *data = reach(descriptor.address, buffer_size);
		if (data)
			__builtin_memcpy(data, frame + done, piece);
		done += piece;
		descriptor.length = static_cast<strm::u16>(piece);
		descriptor.errors = done == length ? errors : 0;
		descriptor.status = done == length ? rxd::DD | rxd::EOP : rxd::DD;
		reg(Reg::RDH) = (reg(Reg::RDH) + 1) % size;
	} while (done < length);
	file[0x4074 / 4]++; // GPRC
	raise(cause::RXT0);
	return true;
}

// --------------------------------------------------- the border, as Linux plays it

extern "C" inline uint32_t e1000g_hw_read(e1000g_hw *hw, uint32_t offset)
{
	return hw->read(offset);
}
extern "C" inline void e1000g_hw_write(e1000g_hw *hw, uint32_t offset, uint32_t value)
{
	hw->write(offset, value);
}
extern "C" inline int e1000g_hw_io_write(e1000g_hw *hw, uint32_t offset, uint32_t value)
{
	if (!hw->io_space)
		return 0;
	hw->write(offset, value);
	return 1;
}

extern "C" inline void *e1000g_hw_ring_alloc(e1000g_hw *hw, size_t size, uint64_t *dma)
{
	void *ring = kmem_zalloc(size, KM_SLEEP);
	if (!hw->map(ring, size, false)) {
		kmem_free(ring, size);
		ring = nullptr;
	}
	*dma = reinterpret_cast<uintptr_t>(ring);
	return ring;
}
extern "C" inline void e1000g_hw_ring_free(e1000g_hw *hw, size_t size, void *ring, uint64_t dma)
{
	hw->unmap(dma);
	kmem_free(ring, size);
}

extern "C" inline int e1000g_hw_map_rx(e1000g_hw *hw, void *buffer, size_t size, uint64_t *dma,
				       int *sync)
{
	fake_mapping *it = hw->map(buffer, size, hw->bounce);
	if (!it)
		return -ENOMEM;
	*dma = reinterpret_cast<uintptr_t>(it->shadow ? it->shadow : it->memory);
	*sync = hw->bounce;
	return 0;
}
extern "C" inline void e1000g_hw_for_cpu(e1000g_hw *hw, uint64_t dma, size_t size)
{
	fake_mapping *it = hw->find(dma, size);
	if (it && it->shadow)
		__builtin_memcpy(it->memory, it->shadow, size);
	else
		hw->strays++;
}
extern "C" inline void e1000g_hw_for_device(e1000g_hw *hw, uint64_t dma, size_t size)
{
	if (!hw->find(dma, size))
		hw->strays++;
}
extern "C" inline void e1000g_hw_unmap_rx(e1000g_hw *hw, uint64_t dma, size_t)
{
	hw->unmap(dma);
}

extern "C" inline int e1000g_hw_map_tx(e1000g_hw *hw, const void *data, size_t size, uint64_t *dma)
{
	if (hw->unreachable) {
		hw->unreachable = false; // a copy of it can be mapped
		return -EFAULT;
	}
	fake_mapping *it = hw->map(const_cast<void *>(data), size, false);
	*dma = reinterpret_cast<uintptr_t>(data);
	return it ? 0 : -ENOMEM;
}
extern "C" inline void e1000g_hw_unmap_tx(e1000g_hw *hw, uint64_t dma, size_t)
{
	hw->unmap(dma);
}

extern "C" inline void e1000g_hw_udelay(uint_t) {}
extern "C" inline void e1000g_hw_msleep(uint_t milliseconds)
{
	fake_milliseconds += milliseconds;
}
extern "C" inline void e1000g_hw_tick(e1000g_hw *hw, uint_t)
{
	hw->ticks++;
}
extern "C" inline void e1000g_hw_want_reset(e1000g_hw *hw)
{
	hw->wanted_resets++;
}
extern "C" inline void e1000g_hw_want_check(e1000g_hw *hw)
{
	hw->wanted_checks++;
}
extern "C" inline void e1000g_hw_no_dma(e1000g_hw *) {}
extern "C" inline void e1000g_hw_synchronize_irq(e1000g_hw *) {}
extern "C" inline uint_t e1000g_hw_interrupt_rate(e1000g_hw *hw)
{
	return hw->rate;
}
extern "C" inline void e1000g_hw_log(e1000g_hw *hw, e1000g_level level, const char *fmt, ...)
{
	hw->logged = fmt;
	hw->errors_logged += level == E1000G_ERR;
}
