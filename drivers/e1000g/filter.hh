// SPDX-License-Identifier: GPL-2.0-only
//
// Which addresses the chip lets through.
#pragma once

#include "registers.hh"

namespace e1000g {

// Protected by the device's lock for receiving.
class Filter : strm::NoCopy {
public:
	static constexpr u32 bits = 4096, words = bits / 32;

	// Several addresses share a bit of the table: it stays as long as one of them
	// does.  0 or an error number.
	int add(const u8 *address);
	void remove(const u8 *address);
	void set_promiscuous(bool on) { promiscuous_ = on; }
	bool promiscuous() const { return promiscuous_; }
	// A closed one lets nothing through, as soon as all of it is programmed.
	void set_closed(bool closed) { closed_ = closed; }
	void set_own(const u8 *address) { __builtin_memcpy(own_, address, sizeof(own_)); }
	const u8 *own() const { return own_; }

	// The word of the table that an address is in, and all of it.
	void program_word(Registers regs, const u8 *address) const;
	void program_own(Registers regs) const;
	void program(Registers regs) const;

private:
	static u32 bit_of(const u8 *address)
	{
		return (address[4] >> 4 | address[5] << 4) & (bits - 1);
	}

	void write_word(Registers regs, u32 word) const;

	u16 users_[bits] = {};
	u32 table_[words] = {};
	u8 own_[6] = {};
	bool promiscuous_ = false;
	bool closed_ = true;
};

} // namespace e1000g
