// SPDX-License-Identifier: GPL-2.0-only
//
// The transmit ring.
#pragma once

#include "receive.hh"

namespace e1000g {

// A chain of messages by b_next that grows at its end.
class Chain : strm::NoCopy {
public:
	void add(mblk_t *mp)
	{
		*end_ = mp;
		end_ = &mp->b_next;
	}
	mblk_t *first() const { return first_; }

private:
	mblk_t *first_ = nullptr;
	mblk_t **end_ = &first_;
};

struct TransmitCounts {
	u64 no_memory; // frames dropped for want of memory, or that could not be mapped
	u64 bad;       // too long, too short
	u64 no_link;
	u64 lost; // were in the ring when the chip was reset
};

// All of it is protected by the device's lock for sending, but for create() and
// destroy(), which are called when nobody else has the device.
//
// Messages that are done with are put on a chain, for the caller to free when he has
// let go of the lock: a free routine may be anybody's.
class Transmitter : strm::NoCopy {
public:
	int create(Registers regs, u32 descriptors, u32 max_frame, u32 most_per_descriptor);
	void destroy();

	// The chip has been reset, or never used.  What was in the ring is not sent.
	void restart(Chain &done);
	// Returns what found no room.  One write to a register, if anything did.
	mblk_t *send(mblk_t *chain, Chain &done);
	// Takes back what has been sent.
	void reap(Chain &done);
	void refuse(mblk_t *chain, Chain &done);

	// A sender has been told that there is no room; said once, when there is.
	void wait() { strm::store_relaxed(waiting_, true); }
	bool room_again();
	bool no_more_waiting();
	// Asked once in a while: has nothing moved since it was asked last?
	bool stuck();
	bool empty() const { return used_ == 0; }
	// Nothing to take back, and nobody waits.  May be asked without the lock: what is
	// sent, or begins to wait, at the same moment interrupts later.
	bool idle() const { return !strm::load_relaxed(used_) && !strm::load_relaxed(waiting_); }

	const TransmitCounts &counts() const { return counts_; }

private:
	// What a descriptor refers to.
	struct Slot {
		mblk_t *message; // of the first descriptor of a frame, if it is still needed
		u64 dma;
		u32 mapped; // bytes; 0: they are in the slot's own memory
		u32 last;   // of the first: the index of the frame's last descriptor
	};

	// What a message takes; counted and filled in the same way.
	struct Plan {
		u32 length = 0;
		u32 descriptors = 0;
		bool mapped = false; // some of it is not copied
	};

	Plan plan(const mblk_t *mp) const;
	bool make_room(u32 descriptors, Chain &done);
	void place(mblk_t *mp, const Plan &plan, Chain &done);
	bool fill(mblk_t *mp, bool mapped);
	bool fill_block(const mblk_t *bp);
	void pad();
	void flush_copy();
	void describe(u64 dma, u32 size, u32 mapped);
	void unmap(u32 index);
	void take_back(Chain &done);
	u32 room() const { return size_ - 1 - used_; }
	u32 after(u32 index) const { return index + 1 == size_ ? 0 : index + 1; }

	e1000g_hw *hw_ = nullptr;
	u32 size_ = 0;
	u32 max_frame_ = 0;
	u32 most_per_descriptor_ = 0; // bytes
	u32 next_ = 0;		      // to be filled next
	u32 oldest_ = 0;
	u32 used_ = 0;
	// Frames, not places in the ring: that may have gone round in between.
	u32 taken_ = 0; // back
	u32 seen_ = 0;	// what that was when stuck() was asked
	bool suspected_ = false;
	bool waiting_ = false;
	TxDescriptor *ring_ = nullptr;
	u64 ring_dma_ = 0;
	// Each slot has some memory that the chip reads, for what is small.
	u8 *copies_ = nullptr;
	u64 copies_dma_ = 0;
	u32 copied_ = 0; // bytes in the copy that next_ will refer to
	Slot *slots_ = nullptr;
	TransmitCounts counts_ = {};
};

} // namespace e1000g
