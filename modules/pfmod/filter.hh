// SPDX-License-Identifier: GPL-2.0-only
//
// The machine of <sys/pfmod.h>: programs are looked at once, when they are set,
// and then run for every message.
#pragma once

#include <strm/cxx.hh>
#include <sys/pfmod.h>
#include <sys/stream.h>

namespace strm::pfmod {

// Words on the stack at one time.  A program of the basic form cannot have more; the
// stack of the machine is on that of the kernel, so the extended one may not either.
constexpr int most_depth = ENMAXFILTERS;

// How many words may be on the stack where a word of a program is executed: there may
// be several ways to it.  None: fewest > most.
struct Depths {
	u8 fewest;
	u8 most;
};

// A program that may be run.
class Filter {
public:
	Filter() = default; // accepts everything

	// Looks at `length` words.  `depths` has room for length + 1, and is of no
	// further use.  False: this is no program, and nothing has changed.
	// The words are not copied.
	[[nodiscard]] bool set(const u16 *words, size_t length, Depths *depths);

	bool empty() const { return length_ == 0; }

	// Does it accept a message whose data portion is this?  Nothing is written to.
	bool accepts(const mblk_t *data) const;

private:
	const u16 *words_ = nullptr;
	size_t length_ = 0;
};

// The part of a message that filters are about, behind the M_PROTO in front; null if
// there is none.
inline const mblk_t *data_portion(const mblk_t *mp)
{
	while (mp && DB_TYPE(mp) != M_DATA)
		mp = mp->b_cont;
	return mp;
}

} // namespace strm::pfmod
