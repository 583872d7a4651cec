// SPDX-License-Identifier: GPL-2.0-only
#include "e1000g.hh"
#include <sys/errno.h>

namespace e1000g {

namespace {

// Where each is, from Reg::STATISTICS on; by Count.
constexpr u16 offsets[] = {
	0x00, 0x04, 0x0c, 0x10, 0x18, 0x20, 0x28, 0x38, 0x3c, 0x40, 0x74,
	0x78, 0x7c, 0x80, 0x88, 0x90, 0xa4, 0xa8, 0xac, 0xb0, 0xf0, 0xf4,
};
static_assert(sizeof(offsets) / sizeof(offsets[0]) == static_cast<u32>(Count::kinds));

constexpr bool is_wide(u32 count)
{
	return count == static_cast<u32>(Count::GORC) || count == static_cast<u32>(Count::GOTC);
}

// Emulators clear what counts frames and bytes, and leave what counts errors as it is.
constexpr bool may_stay(Count count)
{
	switch (count) {
	case Count::GPRC:
	case Count::BPRC:
	case Count::MPRC:
	case Count::GPTC:
	case Count::GORC:
	case Count::GOTC:
	case Count::MPTC:
	case Count::BPTC:
		return false;
	default:
		return true;
	}
}

} // namespace

// What the register has counted since it was read last.  One that answers the same
// again has not been cleared: then the difference counts.
u64 Statistics::fresh(Registers regs, u32 i)
{
	const Reg reg = nth(Reg::STATISTICS, offsets[i], 1);
	const u32 first = regs.read(reg);

	if (first == all_ones) // it has just been pulled out
		return 0;
	if (is_wide(i)) // reading the upper half clears both, and so comes second
		return first | u64(regs.read(nth(reg, 1))) << 32;
	if (first == 0 || !may_stay(static_cast<Count>(i)))
		return first;
	const u32 second = regs.read(reg);
	if (second != first) {
		stayed_[i] = 0;
		return u64(first) + second;
	}
	const u32 before = stayed_[i];
	stayed_[i] = first;
	return first < before ? first : first - before; // less: the chip has been reset
}

void Statistics::accumulate(Registers regs, Count count)
{
	const u32 i = static_cast<u32>(count);
	sums_[i] += fresh(regs, i);
}

void Statistics::accumulate(Registers regs)
{
	for (u32 i = 0; i < static_cast<u32>(Count::kinds); i++)
		accumulate(regs, static_cast<Count>(i));
}

void Statistics::forget(Registers regs)
{
	accumulate(regs);
	for (u64 &sum : sums_)
		sum = 0;
}

namespace {

u64 speed(u32 status)
{
	constexpr u64 megabits[] = { 10, 100, 1000, 1000 };
	return megabits[(status & status::SPEED) >> status::speed_shift] * 1000000;
}

u64 duplex(u32 status)
{
	if (!(status & status::LU))
		return LINK_DUPLEX_UNKNOWN;
	return status & status::FD ? LINK_DUPLEX_FULL : LINK_DUPLEX_HALF;
}

// What the driver has dropped itself.  Each is a word that somebody else may be
// adding to.
u64 now(const u64 &count)
{
	return strm::load_relaxed(count);
}

// One of the chip's, up to now.
u64 sum(Device &d, Count count)
{
	if (d.up())
		d.statistics.accumulate(d.regs, count);
	return d.statistics[count];
}

int frames(Device &d, uint_t stat, u64 &value)
{
	switch (stat) {
	case MAC_STAT_MULTIRCV:
		value = sum(d, Count::MPRC);
		break;
	case MAC_STAT_BRDCSTRCV:
		value = sum(d, Count::BPRC);
		break;
	case MAC_STAT_MULTIXMT:
		value = sum(d, Count::MPTC);
		break;
	case MAC_STAT_BRDCSTXMT:
		value = sum(d, Count::BPTC);
		break;
	case MAC_STAT_RBYTES:
		value = sum(d, Count::GORC);
		break;
	case MAC_STAT_IPACKETS:
		value = sum(d, Count::GPRC);
		break;
	case MAC_STAT_OBYTES:
		value = sum(d, Count::GOTC);
		break;
	case MAC_STAT_OPACKETS:
		value = sum(d, Count::GPTC);
		break;
	case MAC_STAT_COLLISIONS:
		value = sum(d, Count::COLC);
		break;
	case MAC_STAT_OVERFLOWS:
		value = sum(d, Count::MPC);
		break;
	default:
		return ENOTSUP;
	}
	return 0;
}

int errors(Device &d, uint_t stat, u64 &value)
{
	const ReceiveCounts &in = d.receiver.counts();
	const TransmitCounts &out = d.transmitter.counts();

	switch (stat) {
	case MAC_STAT_NORCVBUF:
		value = now(in.no_memory) + sum(d, Count::MPC);
		break;
	case MAC_STAT_IERRORS:
		value = sum(d, Count::RXERRC) + sum(d, Count::CRCERRS) + sum(d, Count::ALGNERRC) +
			sum(d, Count::SEQUENCE) + sum(d, Count::CEXTERR) + sum(d, Count::RLEC) +
			now(in.bad) + now(in.too_long) + now(in.too_short);
		break;
	case MAC_STAT_NOXMTBUF:
		value = now(out.no_memory);
		break;
	case MAC_STAT_OERRORS:
		value = sum(d, Count::ECOL) + sum(d, Count::LATECOL) + now(out.bad) +
			now(out.no_link) + now(out.lost);
		break;
	case ETHER_STAT_ALIGN_ERRORS:
		value = sum(d, Count::ALGNERRC);
		break;
	case ETHER_STAT_FCS_ERRORS:
		value = sum(d, Count::CRCERRS);
		break;
	case ETHER_STAT_TOOLONG_ERRORS:
		value = sum(d, Count::ROC) + sum(d, Count::RJC) + now(in.too_long);
		break;
	case ETHER_STAT_TOOSHORT_ERRORS:
		value = sum(d, Count::RUC) + sum(d, Count::RFC) + now(in.too_short);
		break;
	default:
		return ENOTSUP;
	}
	return 0;
}

} // namespace

int get_statistic(Device &d, uint_t stat, u64 &value)
{
	Held held(d.statistics_lock);

	if (stat == MAC_STAT_IFSPEED || stat == ETHER_STAT_LINK_DUPLEX) {
		const u32 answer = d.up() ? d.regs.read(Reg::STATUS) : 0;
		const u32 status = answer == all_ones ? 0 : answer;
		if (stat == MAC_STAT_IFSPEED)
			value = status & status::LU ? speed(status) : 0;
		else
			value = duplex(status);
		return 0;
	}
	return frames(d, stat, value) == 0 ? 0 : errors(d, stat, value);
}

} // namespace e1000g
