// SPDX-License-Identifier: GPL-2.0-only
#include "filter.hh"
#include <sys/errno.h>

namespace e1000g {

namespace {

constexpr u32 own_addresses = 16; // pairs of RAL and RAH; the first is ours

} // namespace

int Filter::add(const u8 *address)
{
	const u32 bit = bit_of(address);

	if (users_[bit] == 0xffff)
		return ENOSPC;
	if (users_[bit]++ == 0)
		table_[bit / 32] |= 1u << bit % 32;
	return 0;
}

void Filter::remove(const u8 *address)
{
	const u32 bit = bit_of(address);

	if (users_[bit] > 0 && --users_[bit] == 0)
		table_[bit / 32] &= ~(1u << bit % 32);
}

void Filter::write_word(Registers regs, u32 word) const
{
	regs.write(nth(Reg::MTA, word), closed_ ? 0 : table_[word]);
}

void Filter::program_word(Registers regs, const u8 *address) const
{
	write_word(regs, bit_of(address) / 32);
}

void Filter::program_own(Registers regs) const
{
	regs.write(Reg::RAL, own_[0] | own_[1] << 8 | own_[2] << 16 | u32(own_[3]) << 24);
	regs.write(Reg::RAH, own_[4] | own_[5] << 8 | (closed_ ? 0 : rah_valid));
}

void Filter::program(Registers regs) const
{
	program_own(regs);
	for (u32 i = 1; i < own_addresses; i++) {
		regs.write(nth(Reg::RAH, i, 8), 0);
		regs.write(nth(Reg::RAL, i, 8), 0);
	}
	for (u32 word = 0; word < words; word++)
		write_word(regs, word);
}

} // namespace e1000g
