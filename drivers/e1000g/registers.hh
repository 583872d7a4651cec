// SPDX-License-Identifier: GPL-2.0-only
//
// Registers and descriptors of the 8254x and the 82574, with the names of the data
// sheets.
#pragma once

#include "e1000g_linux.h"
#include <strm/atomic.hh>

namespace e1000g {

using strm::u16;
using strm::u32;
using strm::u64;
using strm::u8;

enum class Reg : u32 {
	CTRL = 0x0000,
	STATUS = 0x0008,
	EECD = 0x0010,
	EERD = 0x0014,
	CTRL_EXT = 0x0018,
	MDIC = 0x0020,
	FCAL = 0x0028,
	FCAH = 0x002c,
	FCT = 0x0030,
	ICR = 0x00c0, // reading it clears it, on the 82574 not always
	ITR = 0x00c4,
	ICS = 0x00c8,
	IMS = 0x00d0,
	IMC = 0x00d8,
	EIAC = 0x00dc, // 82574, as are IAM, IVAR and EITR
	IAM = 0x00e0,
	IVAR = 0x00e4,
	EITR = 0x00e8, // one for each vector
	RCTL = 0x0100,
	FCTTV = 0x0170,
	TCTL = 0x0400,
	TIPG = 0x0410,
	EXTCNF_CTRL = 0x0f00, // 82574
	PBA = 0x1000,
	RDBAL = 0x2800,
	RDBAH = 0x2804,
	RDLEN = 0x2808,
	RDH = 0x2810,
	RDT = 0x2818,
	RDTR = 0x2820,
	RADV = 0x282c,
	TDBAL = 0x3800,
	TDBAH = 0x3804,
	TDLEN = 0x3808,
	TDH = 0x3810,
	TDT = 0x3818,
	TIDV = 0x3820,
	TXDCTL = 0x3828,
	TADV = 0x382c,
	TARC0 = 0x3840, // 82574
	STATISTICS = 0x4000,
	RXCSUM = 0x5000,
	RFCTL = 0x5008, // 82574
	MTA = 0x5200,	// 128 of them
	RAL = 0x5400,	// 16 pairs with RAH
	RAH = 0x5404,
	WUC = 0x5800,
	MANC = 0x5820,
	GCR = 0x5b00,  // 82574
	GCR2 = 0x5b64, // 82574
};

// The nth of an array of registers that are `step` bytes apart.
constexpr Reg nth(Reg first, u32 n, u32 step = 4)
{
	return static_cast<Reg>(static_cast<u32>(first) + n * step);
}

constexpr u32 all_ones = ~0u; // what a device that is gone answers

namespace ctrl {
constexpr u32 FD = 1u << 0, NO_MASTER = 1u << 2, ASDE = 1u << 5, SLU = 1u << 6, FRCSPD = 1u << 11,
	      FRCDPX = 1u << 12, RST = 1u << 26, RFCE = 1u << 27, TFCE = 1u << 28, VME = 1u << 30,
	      PHY_RST = 1u << 31;
} // namespace ctrl

namespace status {
constexpr u32 FD = 1u << 0, LU = 1u << 1, TXOFF = 1u << 4, SPEED = 3u << 6, MASTER = 1u << 19;
constexpr u32 speed_shift = 6;
} // namespace status

namespace eecd {
constexpr u32 AUTO_RD = 1u << 9, FLASH = 3u << 15; // all of that: a flash, no EEPROM
} // namespace eecd

namespace ctrl_ext {
constexpr u32 PBA_CLR = 1u << 31, EIAME = 1u << 24, IAME = 1u << 27, DRV_LOAD = 1u << 28;
} // namespace ctrl_ext

namespace mdic {
constexpr u32 data = 0xffff, register_shift = 16, phy_1 = 1u << 21, WRITE = 1u << 26,
	      READ = 2u << 26, READY = 1u << 28, ERROR = 1u << 30;
} // namespace mdic

namespace extcnf {
constexpr u32 MDIO_SW_OWNERSHIP = 1u << 5;
} // namespace extcnf

// The PHY's, by IEEE 802.3; from 16 on they are its maker's
namespace phy {
constexpr u32 BMCR = 0, ANAR = 4, GBCR = 9, GBSR = 10, SPECIFIC = 16, ERRORS = 21, PAGE = 22;
constexpr u16 POWER_DOWN = 1u << 11, AUTONEG = 1u << 12, RESTART = 1u << 9, RESET = 1u << 15;
constexpr u16 HALF_10 = 1u << 5, FULL_10 = 1u << 6, HALF_100 = 1u << 7, FULL_100 = 1u << 8,
	      PAUSE = 3u << 10;
constexpr u16 CRS_ON_TX = 1u << 11; // the 8254x's; the 82574's means something else
constexpr u16 HALF_1000 = 1u << 8, FULL_1000 = 1u << 9;
} // namespace phy

// Causes of interrupts: ICR, ICS, IMS, IMC
namespace cause {
constexpr u32 TXDW = 1u << 0, LSC = 1u << 2, RXDMT0 = 1u << 4, RXO = 1u << 6, RXT0 = 1u << 7,
	      RXQ0 = 1u << 20, TXQ0 = 1u << 22, OTHER = 1u << 24, ASSERTED = 1u << 31;
} // namespace cause

namespace ivar {
constexpr u32 VALID = 8, rx0_shift = 0, tx0_shift = 8, other_shift = 16,
	      ON_EVERY_WRITEBACK = 1u << 31;
} // namespace ivar

namespace rctl {
constexpr u32 EN = 1u << 1, UPE = 1u << 3, MPE = 1u << 4, LPE = 1u << 5, BAM = 1u << 15,
	      SECRC = 1u << 26; // BSIZE and BSEX 0: buffers of 2048 bytes
} // namespace rctl

namespace tctl {
constexpr u32 EN = 1u << 1, PSP = 1u << 3, CT = 0x0f << 4, COLD = 0x40 << 12, RTLC = 1u << 24;
constexpr u32 fields = 0xff << 4 | 0x3ff << 12; // of CT and COLD
} // namespace tctl

constexpr u32 tipg_copper = 8 | 8 << 10 | 6 << 20;
constexpr u32 rah_valid = 1u << 31;
constexpr u32 manc_arp_enable = 1u << 13;
constexpr u32 rfctl_ack_dis = 1u << 12;

// Where in memory; the formats are the "legacy" ones, which all of the chips have.
struct RxDescriptor {
	u64 address;
	u16 length;
	u16 checksum;
	u8 status;
	u8 errors;
	u16 special;
};
static_assert(sizeof(RxDescriptor) == 16);

struct TxDescriptor {
	u64 address;
	u16 length;
	u8 checksum_offset;
	u8 command;
	u8 status;
	u8 checksum_start;
	u16 special;
};
static_assert(sizeof(TxDescriptor) == 16);

namespace rxd {
constexpr u8 DD = 1u << 0, EOP = 1u << 1;					      // status
constexpr u8 CE = 1u << 0, SE = 1u << 1, SEQ = 1u << 2, CXE = 1u << 4, RXE = 1u << 7; // errors
} // namespace rxd

namespace txd {
constexpr u8 EOP = 1u << 0, IFCS = 1u << 1, RS = 1u << 3; // command
constexpr u8 DD = 1u << 0;				  // status
} // namespace txd

// One more, of what others read without the lock that is held here.
inline void count(u64 &what)
{
	strm::store_relaxed(what, what + 1);
}

// The register file of one chip.  A write may lie in a bridge until something is
// read: flush().
class Registers {
public:
	explicit Registers(e1000g_hw *hw) : hw_(hw) {}

	u32 read(Reg reg) const { return e1000g_hw_read(hw_, static_cast<u32>(reg)); }
	void write(Reg reg, u32 value) const { e1000g_hw_write(hw_, static_cast<u32>(reg), value); }
	void set(Reg reg, u32 bits) const { write(reg, read(reg) | bits); }
	void clear(Reg reg, u32 bits) const { write(reg, read(reg) & ~bits); }
	void flush() const { (void)read(Reg::STATUS); }
	e1000g_hw *hw() const { return hw_; }

private:
	e1000g_hw *hw_;
};

} // namespace e1000g
