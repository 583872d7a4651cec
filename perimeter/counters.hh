// SPDX-License-Identifier: GPL-2.0-only
//
// The counters of claims that counted perimeters have: four bytes for each CPU.
//
// The kernel's allocator of per-CPU memory is slow for so little, and the slower
// the more there is: so counters come from blocks of 64, which it makes seldom.
// Counters of one block share cache lines only with those of the same CPU.  A block
// goes with its last counter; the one of the stream heads keeps the first block.
//
// A counter is given back as it is.  Claims may have been taken on one CPU and
// given back on another, so only the sum is 0; and only the sum means anything.
#pragma once

#include <strm/cxx.hh>

namespace strm {

struct CounterBlock;

struct Counter {
	u32 *claims; // per-CPU; a null pointer: none
	CounterBlock *block;
};

// Process context.  Without memory a Counter that is none.
Counter take_counter();
void give_counter(Counter counter); // any context but a hard interrupt

int counters_init();

} // namespace strm
