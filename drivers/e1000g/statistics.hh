// SPDX-License-Identifier: GPL-2.0-only
//
// What the chip counts.  Its registers are cleared when they are read, and 32 bits
// wide: they are added up here, once in a while, and those that somebody asks for.
#pragma once

#include "registers.hh"

namespace e1000g {

// Their names, but for SEC, which is a macro of <sys/time.h>.
enum class Count : u32 {
	CRCERRS,
	ALGNERRC,
	RXERRC,
	MPC,
	ECOL,
	LATECOL,
	COLC,
	SEQUENCE,
	CEXTERR,
	RLEC,
	GPRC,
	BPRC,
	MPRC,
	GPTC,
	GORC, // bytes, as the next
	GOTC,
	RUC,
	RFC,
	ROC,
	RJC,
	MPTC,
	BPTC,
	kinds
};

// Protected by the device's lock for statistics: a register that was read has been
// added before anybody looks.
class Statistics : strm::NoCopy {
public:
	void accumulate(Registers regs);
	void accumulate(Registers regs, Count count);
	// What it counted before it was ours.
	void forget(Registers regs);
	u64 operator[](Count count) const { return sums_[static_cast<u32>(count)]; }

private:
	u64 fresh(Registers regs, u32 i);

	u32 stayed_[static_cast<u32>(Count::kinds)] = {}; // in registers that are not cleared
	u64 sums_[static_cast<u32>(Count::kinds)] = {};
};

} // namespace e1000g
