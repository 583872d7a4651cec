// SPDX-License-Identifier: GPL-2.0-only
//
// The receive ring.
#pragma once

#include "pool.hh"

namespace e1000g {

constexpr u32 header_size = 14, vlan_tag_size = 4;
constexpr u32 copied_up_to = 256; // bytes that are cheaper to copy than to hand over

struct ReceiveCounts {
	u64 no_memory; // frames dropped for want of a buffer or a message
	u64 bad;       // with an error, or in a way that no chip should write them
	u64 too_long;
	u64 too_short;
};

// All of it is protected by the device's lock for receiving, but for create() and
// destroy(), which are called when nobody else has the device.
class Receiver : strm::NoCopy {
public:
	// Sleeps.  0 or a negative error number.
	int create(Registers regs, u32 descriptors, u32 max_frame);
	void destroy();

	// The chip has been reset, or never used: give it all buffers, and tell it where
	// the ring is.
	void restart();
	// Receiving begins again after a pause: what has come in meanwhile is old.
	void forget();
	// Up to `budget` frames.  One write to a register, if there was anything.
	mblk_t *harvest(u32 budget, bool &more);

	const ReceiveCounts &counts() const { return counts_; }

private:
	void give(u32 index);
	mblk_t *take(Buffer *&slot, u32 length);
	mblk_t *copy(const Buffer &buffer, u32 length);
	void collect(u32 length, bool last, u8 errors);
	mblk_t *finish();
	void drop(u64 &reason);
	void tell_tail();

	e1000g_hw *hw_ = nullptr;
	u32 size_ = 0;
	u32 max_frame_ = 0;
	u32 next_ = 0; // the descriptor that the chip fills next
	RxDescriptor *ring_ = nullptr;
	u64 ring_dma_ = 0;
	Buffer **slots_ = nullptr; // the buffer of each descriptor
	Pool *pool_ = nullptr;

	// A frame of several descriptors, as far as it has come.
	mblk_t *frame_ = nullptr;
	mblk_t *frame_end_ = nullptr;
	u32 frame_length_ = 0;
	bool frame_lost_ = false; // the rest of it is to be dropped, and is counted

	ReceiveCounts counts_ = {};
};

} // namespace e1000g
