// SPDX-License-Identifier: GPL-2.0-only
//
// The chip itself: reset, EEPROM, PHY, and what its registers are set to.
#include "e1000g.hh"
#include <sys/errno.h>

namespace e1000g {

namespace {

bool is_82574(const Device &d)
{
	return d.found.chip == E1000G_82574;
}

// Until `done` says so, for so many milliseconds at most.
template <typename Done> bool within(Device &d, uint_t milliseconds, Done done)
{
	for (uint_t i = 0; i < milliseconds; i++) {
		if (done())
			return true;
		e1000g_hw_msleep(1);
	}
	return done();
}

// ------------------------------------------------------------------------- reset

// Of the 82574 the firmware talks to the PHY too.  What it does not give within the
// time is taken without, as after a crash of the firmware.
class PhyOwner : strm::NoCopy {
public:
	explicit PhyOwner(Device &d) : d_(d)
	{
		if (!is_82574(d))
			return;
		within(d, 10, [this] {
			d_.regs.set(Reg::EXTCNF_CTRL, extcnf::MDIO_SW_OWNERSHIP);
			return d_.regs.read(Reg::EXTCNF_CTRL) & extcnf::MDIO_SW_OWNERSHIP;
		});
	}
	~PhyOwner()
	{
		if (is_82574(d_))
			d_.regs.clear(Reg::EXTCNF_CTRL, extcnf::MDIO_SW_OWNERSHIP);
	}

private:
	Device &d_;
};

// How many KB of the chip's memory are for receiving; the rest is for sending, and has
// to hold a frame at least, better two.  A reset makes it take effect, and no reset
// undoes what a driver before us has set.
void divide_memory(Device &d)
{
	const uint_t mtu = d.found.mtu;

	if (is_82574(d)) // of 40
		d.regs.write(Reg::PBA, mtu > 1500 ? 20 : 32);
	else // of 64
		d.regs.write(Reg::PBA, mtu > 8192 ? 40 : 48);
}

// A request of the 82574 that nobody answers any more can block its bus.  That it does
// not get quiet is no reason not to go on.
void leave_bus(Device &d)
{
	if (!is_82574(d))
		return;
	d.regs.set(Reg::CTRL, ctrl::NO_MASTER);
	within(d, 80, [&] {
		const u32 status = d.regs.read(Reg::STATUS);
		return !(status & status::MASTER) || status == all_ones;
	});
}

// A write to memory space that resets an 8254x may be answered too late for the bus, so
// they are reset through I/O space.  A register that is 0 after a reset tells whether
// that has worked: where not (not every machine lets us have I/O space) the other way
// remains.
void pull_reset(Device &d)
{
	const u32 word = d.regs.read(Reg::CTRL) | ctrl::RST;

	if (!is_82574(d)) {
		d.regs.write(Reg::RADV, 1);
		if (e1000g_hw_io_write(d.regs.hw(), static_cast<u32>(Reg::CTRL), word)) {
			e1000g_hw_msleep(1);
			if (d.regs.read(Reg::RADV) == 0)
				return;
		}
	}
	d.regs.write(Reg::CTRL, word);
}

// Bits that the 82574 has to have after a reset, by its data sheet and its
// specification update.
void set_fixed_bits(Device &d)
{
	const Registers &regs = d.regs;

	for (u32 queue = 0; queue < 2; queue++)
		regs.set(nth(Reg::TXDCTL, queue, 0x100), 1u << 22);
	regs.write(Reg::TARC0, (regs.read(Reg::TARC0) & ~(0xfu << 27)) | 1u << 26);
	regs.clear(Reg::CTRL, 1u << 29);
	regs.write(Reg::CTRL_EXT, (regs.read(Reg::CTRL_EXT) & ~(1u << 23)) | 1u << 22);
	regs.set(Reg::GCR, 1u << 22 | 1u << 27); // the second: L1 without L0s on the way in
	regs.set(Reg::GCR2, 1);			 // completions that get lost, with ASPM
}

} // namespace

// From here on the 82574 is its firmware's again.
void give_back(Device &d)
{
	if (is_82574(d))
		d.regs.clear(Reg::CTRL_EXT, ctrl_ext::DRV_LOAD);
	leave_bus(d);
}

int reset_chip(Device &d)
{
	const Registers &regs = d.regs;

	leave_bus(d);
	regs.write(Reg::IMC, all_ones);
	regs.write(Reg::RCTL, 0);
	regs.clear(Reg::TCTL, tctl::EN);
	regs.flush();
	e1000g_hw_msleep(10); // for what is on its way through the bus
	divide_memory(d);
	{
		PhyOwner owner(d);
		pull_reset(d);
	}
	// It reads its EEPROM, and cannot be talked to for some of the time.  The PHY of the
	// 82574 is set up from there only when all has been read.
	if (is_82574(d) && !within(d, 10, [&] { return regs.read(Reg::EECD) & eecd::AUTO_RD; }))
		return -EIO;
	e1000g_hw_msleep(is_82574(d) ? 25 : 5);
	if (regs.read(Reg::STATUS) == all_ones)
		return -ENODEV;
	regs.write(Reg::IMC, all_ones);
	(void)regs.read(Reg::ICR);
	if (is_82574(d))
		set_fixed_bits(d);
	else
		regs.clear(Reg::MANC, manc_arp_enable); // it shall not answer by itself
	return 0;
}

// ------------------------------------------------------------------------ EEPROM

namespace {

int read_eeprom(Device &d, u32 word, u16 &value)
{
	// EERD is laid out differently.
	const u32 shift = is_82574(d) ? 2 : 8;
	const u32 done = is_82574(d) ? 1u << 1 : 1u << 4;
	constexpr u32 start = 1, data_shift = 16;
	u32 answer = 0;

	d.regs.write(Reg::EERD, word << shift | start);
	for (u32 tries = 0; tries < 2000; tries++) {
		answer = d.regs.read(Reg::EERD);
		if (answer == all_ones)
			return -ENODEV;
		if (answer & done) {
			value = static_cast<u16>(answer >> data_shift);
			return 0;
		}
		e1000g_hw_udelay(5);
	}
	return -EIO;
}

constexpr u32 eeprom_words = 0x40; // the last one makes the sum right

int read_words(Device &d, u16 *words)
{
	for (u32 i = 0; i < eeprom_words; i++) {
		const int error = read_eeprom(d, i, words[i]);
		if (error != 0)
			return error;
	}
	return 0;
}

// A flash of the 82574 comes with a sum that whoever takes it into use is to put right,
// and a bit to be set then.  That is left to others; what is in it is good.
bool sum_is_unfinished(Device &d, const u16 *words)
{
	constexpr u16 being_written = 1u << 4, sum_was_mended = 1u << 15;

	return is_82574(d) && (d.regs.read(Reg::EECD) & eecd::FLASH) == eecd::FLASH &&
	       !(words[0x10] & being_written) && !(words[0x23] & sum_was_mended);
}

bool check_sum(Device &d, const u16 *words)
{
	constexpr u16 right_sum = 0xbaba;
	u16 sum = 0;

	for (u32 i = 0; i < eeprom_words; i++)
		sum = static_cast<u16>(sum + words[i]);
	if (sum == right_sum)
		return true;
	const bool unfinished = sum_is_unfinished(d, words);
	e1000g_hw_log(d.regs.hw(), unfinished ? E1000G_INFO : E1000G_ERR,
		      "EEPROM checksum is 0x%04x, not 0x%04x\n", sum, right_sum);
	return unfinished;
}

// Where the EEPROM cannot be read word by word: what the chip has taken from it when it
// was reset.
int read_own_filter(Device &d, u16 *words)
{
	const u32 low = d.regs.read(Reg::RAL), high = d.regs.read(Reg::RAH);

	if (high == all_ones || !(high & rah_valid))
		return -EIO;
	words[0] = static_cast<u16>(low);
	words[1] = static_cast<u16>(low >> 16);
	words[2] = static_cast<u16>(high);
	return 0;
}

int find_address(Device &d, u16 *words)
{
	const int error = read_words(d, words);

	if (error == -EIO)
		return read_own_filter(d, words);
	if (error != 0)
		return error;
	return check_sum(d, words) ? 0 : -EIO;
}

} // namespace

int read_address(Device &d, u8 *address)
{
	u16 words[eeprom_words] = {};
	const int error = find_address(d, words);

	if (error != 0)
		return error;
	for (u32 i = 0; i < 6; i++)
		address[i] = static_cast<u8>(words[i / 2] >> i % 2 * 8);
	if (!(words[0] | words[1] | words[2]) || address[0] & 1) {
		e1000g_hw_log(d.regs.hw(), E1000G_ERR, "the EEPROM has no address of its own\n");
		return -EIO;
	}
	return 0;
}

// --------------------------------------------------------------------------- PHY

namespace {

bool phy_transfer(Device &d, u32 command, u32 &answer)
{
	d.regs.write(Reg::MDIC, command);
	for (u32 tries = 0; tries < 100; tries++) {
		e1000g_hw_udelay(20);
		answer = d.regs.read(Reg::MDIC);
		if (answer & mdic::READY)
			return !(answer & mdic::ERROR); // also what is gone answers so
	}
	return false;
}

bool read_phy(Device &d, u32 reg, u16 &value)
{
	u32 answer = 0;
	const bool good = phy_transfer(d, reg << mdic::register_shift | mdic::phy_1 | mdic::READ,
				       answer);

	value = static_cast<u16>(answer);
	return good;
}

bool write_phy(Device &d, u32 reg, u16 value)
{
	u32 answer = 0;
	return phy_transfer(d, value | reg << mdic::register_shift | mdic::phy_1 | mdic::WRITE,
			    answer);
}

// Of a set of abilities those that were asked for.
u16 abilities(const e1000g_found &it, uint_t speed, u16 half, u16 full)
{
	if (it.speed && it.speed != speed)
		return 0;
	return static_cast<u16>((it.duplex != 2 ? half : 0) | (it.duplex != 1 ? full : 0));
}

// With half duplex an 8254x hears of collisions only if its PHY reports a carrier while
// it sends itself.
void report_carrier(Device &d)
{
	u16 specific = 0;

	if (is_82574(d) || !read_phy(d, phy::SPECIFIC, specific) || specific & phy::CRS_ON_TX)
		return;
	write_phy(d, phy::SPECIFIC, specific | phy::CRS_ON_TX);
}

// What the PHY is to offer.  No pauses: nobody here keeps them.
struct Offer {
	u16 slow, gigabit;
};

Offer offer(const e1000g_found &it, Offer now)
{
	now.slow &= static_cast<u16>(
		~(phy::HALF_10 | phy::FULL_10 | phy::HALF_100 | phy::FULL_100 | phy::PAUSE));
	now.slow |= abilities(it, 10, phy::HALF_10, phy::FULL_10) |
		    abilities(it, 100, phy::HALF_100, phy::FULL_100);
	now.gigabit &= static_cast<u16>(~(phy::HALF_1000 | phy::FULL_1000));
	now.gigabit |= abilities(it, 1000, 0, phy::FULL_1000); // neither chip has half
	return now;
}

// What it said while it hung is good for nothing.
void reset_phy(Device &d)
{
	u16 control = 0;

	write_phy(d, phy::BMCR, phy::AUTONEG | phy::RESET);
	within(d, 500, [&] { return read_phy(d, phy::BMCR, control) && !(control & phy::RESET); });
}

} // namespace

// The PHY of the 82574 may hang.  Both its counts of errors are at their end then.
bool phy_hangs(Device &d)
{
	constexpr u16 most_idle_errors = 0xff, most_errors = 0xffff;
	PhyOwner owner(d);
	u16 errors = 0, gigabit = 0;

	return is_82574(d) && write_phy(d, phy::PAGE, 0) && read_phy(d, phy::ERRORS, errors) &&
	       errors == most_errors && read_phy(d, phy::GBSR, gigabit) &&
	       (gigabit & most_idle_errors) == most_idle_errors;
}

// The PHY negotiates by itself from power on, and no reset of ours ends that: it is told
// to do so again only where it offers something else, or where a driver before us has
// turned it off.  A mode is never forced: the other end would not know, and guess half
// duplex.
void set_up_phy(Device &d)
{
	PhyOwner owner(d);
	Offer now = {};
	u16 control = 0;
	const bool hung = d.phy_hung > 1;

	d.phy_hung = 0;
	if (hung)
		reset_phy(d);
	report_carrier(d);
	if (!read_phy(d, phy::BMCR, control) || !read_phy(d, phy::ANAR, now.slow) ||
	    !read_phy(d, phy::GBCR, now.gigabit))
		return;
	const bool awake = !hung && !(control & phy::POWER_DOWN) && control & phy::AUTONEG;
	const Offer wanted = offer(d.found, now);
	if (awake && wanted.slow == now.slow && wanted.gigabit == now.gigabit)
		return;
	control &= static_cast<u16>(~phy::POWER_DOWN);
	control |= phy::AUTONEG | phy::RESTART;
	if (!write_phy(d, phy::ANAR, wanted.slow) || !write_phy(d, phy::GBCR, wanted.gigabit) ||
	    !write_phy(d, phy::BMCR, control))
		e1000g_hw_log(d.regs.hw(), E1000G_ERR, "the PHY does not answer\n");
}

// --------------------------------------------------------------------- registers

namespace {

void program_link(Device &d)
{
	const Registers &regs = d.regs;
	const u32 word = regs.read(Reg::CTRL);

	// Speed and duplex as the PHY found out; no pause frames; tags stay in the frames.
	regs.write(Reg::CTRL, (word | ctrl::SLU) & ~(ctrl::FRCSPD | ctrl::FRCDPX | ctrl::ASDE |
						     ctrl::RFCE | ctrl::TFCE | ctrl::VME |
						     ctrl::RST | ctrl::PHY_RST | ctrl::NO_MASTER));
	constexpr Reg unused[] = { Reg::FCAL, Reg::FCAH, Reg::FCT, Reg::FCTTV, Reg::WUC };
	for (Reg reg : unused)
		regs.write(reg, 0);
}

// Queue 0, in and out, to the first vector, all else to the second.  What comes with
// the first clears itself.
void program_vectors(Device &d)
{
	const Registers &regs = d.regs;

	regs.write(Reg::IAM, 0);
	if (d.found.irq != E1000G_MSIX) {
		regs.clear(Reg::CTRL_EXT, ctrl_ext::IAME | ctrl_ext::EIAME);
		regs.write(Reg::EIAC, 0);
		regs.write(Reg::IVAR, 0);
		return;
	}
	regs.set(Reg::RFCTL, rfctl_ack_dis); // spurious interrupts, says the errata sheet
	regs.write(Reg::IVAR, ivar::VALID << ivar::rx0_shift | ivar::VALID << ivar::tx0_shift |
				      (ivar::VALID | 1) << ivar::other_shift |
				      ivar::ON_EVERY_WRITEBACK);
	regs.write(Reg::EIAC, cause::RXQ0 | cause::TXQ0);
	regs.write(Reg::CTRL_EXT, (regs.read(Reg::CTRL_EXT) & ~(ctrl_ext::IAME | ctrl_ext::EIAME)) |
					  ctrl_ext::PBA_CLR);
}

void program_sending(Device &d, Chain &done)
{
	const Registers &regs = d.regs;

	regs.write(Reg::TIDV, 0);
	regs.write(Reg::TADV, 0);
	// Write each descriptor back at once: granularity descriptors, threshold 1.
	regs.write(Reg::TXDCTL, (regs.read(Reg::TXDCTL) & ~(0x3fu << 16)) | 1u << 24 | 1u << 16);
	if (is_82574(d)) // an erratum wants them alike, though the second is not used
		regs.write(nth(Reg::TXDCTL, 1, 0x100), regs.read(Reg::TXDCTL));
	regs.write(Reg::TIPG, tipg_copper);
	d.transmitter.restart(done);
	// The 82574 comes up with more in it: how many reads it has on the bus at once.
	regs.write(Reg::TCTL, (regs.read(Reg::TCTL) & ~tctl::fields) | tctl::EN | tctl::PSP |
				      tctl::CT | tctl::COLD | tctl::RTLC);
}

} // namespace

// The receiver of the 82574 may hang when it is turned off and on again without a reset:
// once it is on it stays so.
void program_receiving(Device &d)
{
	const bool stays = is_82574(d) && d.regs.read(Reg::RCTL) & rctl::EN;
	u32 word = rctl::SECRC;

	if (d.started || stays)
		word |= rctl::EN;
	if (d.started)
		word |= rctl::BAM;
	if (d.started && d.filter.promiscuous())
		word |= rctl::UPE | rctl::MPE;
	if (d.found.mtu > 1500)
		word |= rctl::LPE;
	// Where nothing changes the receiver is not disturbed.
	if (d.regs.read(Reg::RCTL) != word)
		d.regs.write(Reg::RCTL, word);
}

// While it is stopped nothing passes the filter.  Nothing old then waits in the chip,
// and none is counted as lost.
void start_or_stop(Device &d)
{
	d.filter.set_closed(!d.started);
	d.filter.program(d.regs);
	program_receiving(d);
}

// In units of 256 ns, 16 bits of them.  An unlimited rate is 0 to the one register and
// 1 to the other.
void program_moderation(Device &d)
{
	const u32 rate = d.interrupt_rate = e1000g_hw_interrupt_rate(d.regs.hw());
	const u32 units = rate ? strm::min(1000000000 / 256 / rate, 0xffffu) : 0;

	if (d.found.irq != E1000G_MSIX) {
		d.regs.write(Reg::ITR, units);
		return;
	}
	for (u32 vector = 0; vector < 2; vector++) // the second: overruns come by it, too
		d.regs.write(nth(Reg::EITR, vector), strm::max(units, 1u));
}

void program_chip(Device &d, Chain &done)
{
	const Registers &regs = d.regs;

	program_link(d);
	if (is_82574(d)) {
		program_vectors(d);
		regs.set(Reg::CTRL_EXT, ctrl_ext::DRV_LOAD);
	}
	regs.write(Reg::RDTR, 0);
	regs.write(Reg::RADV, 0);
	regs.write(Reg::RXCSUM, 0);
	d.receiver.restart();
	program_moderation(d);
	program_sending(d, done);
	start_or_stop(d);
}

void stop_dma(Device &d)
{
	d.regs.write(Reg::RCTL, 0);
	d.regs.clear(Reg::TCTL, tctl::EN);
	d.regs.flush();
}

} // namespace e1000g
