// SPDX-License-Identifier: GPL-2.0-only
#include "transmit.hh"
#include <sys/byteorder.h>
#include <sys/kmem.h>

namespace e1000g {

namespace {

constexpr u32 copy_size = copied_up_to; // of each slot
constexpr u32 most_descriptors = 16;	// for a frame; one in more pieces is put together
constexpr u32 shortest = 60;		// on the wire, without the checksum
static_assert(shortest <= copy_size);

u32 size_of(const mblk_t *bp)
{
	return static_cast<u32>(bp->b_wptr - bp->b_rptr);
}

} // namespace

int Transmitter::create(Registers regs, u32 descriptors, u32 max_frame, u32 most_per_descriptor)
{
	hw_ = regs.hw();
	size_ = descriptors;
	max_frame_ = max_frame;
	most_per_descriptor_ = most_per_descriptor;
	ring_ = static_cast<TxDescriptor *>(
		e1000g_hw_ring_alloc(hw_, size_ * sizeof(TxDescriptor), &ring_dma_));
	copies_ = static_cast<u8 *>(e1000g_hw_ring_alloc(hw_, size_ * copy_size, &copies_dma_));
	slots_ = static_cast<Slot *>(kmem_zalloc(size_ * sizeof(Slot), KM_SLEEP));
	return ring_ && copies_ && slots_ ? 0 : -ENOMEM;
}

void Transmitter::destroy()
{
	Chain done;

	while (used_ > 0)
		take_back(done);
	freemsgchain(done.first());
	if (slots_)
		kmem_free(slots_, size_ * sizeof(Slot));
	if (copies_)
		e1000g_hw_ring_free(hw_, size_ * copy_size, copies_, copies_dma_);
	if (ring_)
		e1000g_hw_ring_free(hw_, size_ * sizeof(TxDescriptor), ring_, ring_dma_);
	slots_ = nullptr;
	copies_ = nullptr;
	ring_ = nullptr;
}

void Transmitter::restart(Chain &done)
{
	const Registers regs(hw_);

	while (used_ > 0) {
		count(counts_.lost);
		take_back(done);
	}
	next_ = oldest_ = 0;
	suspected_ = false;
	regs.write(Reg::TDBAL, static_cast<u32>(ring_dma_));
	regs.write(Reg::TDBAH, static_cast<u32>(ring_dma_ >> 32));
	regs.write(Reg::TDLEN, size_ * sizeof(TxDescriptor));
	regs.write(Reg::TDH, 0);
	regs.write(Reg::TDT, 0);
}

// ------------------------------------------------------------------- taking back

void Transmitter::unmap(u32 index)
{
	Slot &slot = slots_[index];

	if (slot.mapped)
		e1000g_hw_unmap_tx(hw_, slot.dma, slot.mapped);
	slot.mapped = 0;
}

// The oldest frame.
void Transmitter::take_back(Chain &done)
{
	const u32 first = oldest_, end = after(slots_[first].last);
	u32 freed = 0;

	do {
		unmap(oldest_);
		oldest_ = after(oldest_);
		freed++;
	} while (oldest_ != end);
	strm::store_relaxed(used_, used_ - freed);
	taken_++;
	if (slots_[first].message)
		done.add(slots_[first].message);
	slots_[first].message = nullptr;
}

void Transmitter::reap(Chain &done)
{
	while (used_ > 0) {
		const u8 status = strm::load_acquire(ring_[slots_[oldest_].last].status);
		if (!(status & txd::DD))
			break;
		take_back(done);
	}
}

bool Transmitter::no_more_waiting()
{
	const bool was = waiting_;

	strm::store_relaxed(waiting_, false);
	return was;
}

bool Transmitter::room_again()
{
	return room() >= size_ / 4 && no_more_waiting();
}

bool Transmitter::stuck()
{
	const bool still = used_ > 0 && taken_ == seen_;
	const bool again = still && suspected_;

	seen_ = taken_;
	suspected_ = still;
	return again;
}

// ----------------------------------------------------------------------- sending

// Blocks of up to 256 bytes are copied, next to each other as long as they fit; each
// larger one is mapped, and cut where it is too large for a descriptor.
Transmitter::Plan Transmitter::plan(const mblk_t *mp) const
{
	Plan plan;
	u32 left = 0;

	for (const mblk_t *bp = mp; bp; bp = bp->b_cont) {
		const u32 size = size_of(bp);
		plan.length += size;
		if (size > copy_size) {
			plan.descriptors += (size + most_per_descriptor_ - 1) /
					    most_per_descriptor_;
			plan.mapped = true;
			left = 0;
		} else if (size > left) {
			plan.descriptors++;
			left = copy_size - size;
		} else {
			left -= size;
		}
	}
	return plan;
}

void Transmitter::describe(u64 dma, u32 size, u32 mapped)
{
	TxDescriptor &descriptor = ring_[next_];

	descriptor = { LE_64(dma), LE_16(static_cast<u16>(size)), 0, txd::IFCS, 0, 0, 0 };
	slots_[next_].dma = dma;
	slots_[next_].mapped = mapped;
	next_ = after(next_);
}

void Transmitter::flush_copy()
{
	const u32 size = copied_;

	copied_ = 0;
	if (size > 0)
		describe(copies_dma_ + next_ * copy_size, size, 0);
}

// The 8254x garble some of the frames that they pad themselves, and what they pad with
// may be somebody's data.  So short a frame is in one copy.
void Transmitter::pad()
{
	if (copied_ >= shortest)
		return;
	__builtin_memset(copies_ + next_ * copy_size + copied_, 0, shortest - copied_);
	copied_ = shortest;
}

bool Transmitter::fill_block(const mblk_t *bp)
{
	u32 size = size_of(bp);

	if (size <= copy_size) {
		if (copied_ + size > copy_size)
			flush_copy();
		__builtin_memcpy(copies_ + next_ * copy_size + copied_, bp->b_rptr, size);
		copied_ += size;
		return true;
	}
	flush_copy();
	u64 dma;
	if (e1000g_hw_map_tx(hw_, bp->b_rptr, size, &dma) != 0)
		return false;
	for (u32 mapped = size; size > 0; mapped = 0) { // it is unmapped with the first
		const u32 piece = strm::min(size, most_per_descriptor_);
		describe(dma, piece, mapped);
		dma += piece;
		size -= piece;
	}
	return true;
}

// False: it could not be mapped, and nothing has happened.  The chip sees nothing of
// this before the tail is told.
bool Transmitter::fill(mblk_t *mp, bool mapped)
{
	const u32 first = next_;
	bool good = true;

	for (const mblk_t *bp = mp; bp && good; bp = bp->b_cont)
		good = fill_block(bp);
	if (next_ == first)
		pad();
	flush_copy();
	if (!good) {
		for (u32 i = first; i != next_; i = after(i))
			unmap(i);
		next_ = first;
		return false;
	}
	const u32 last = next_ == 0 ? size_ - 1 : next_ - 1;
	ring_[last].command |= txd::EOP | txd::RS;
	slots_[first].last = last;
	slots_[first].message = mapped ? mp : nullptr;
	strm::store_relaxed(used_, used_ + (next_ + size_ - first) % size_);
	return true;
}

// Of a frame for which there is room.  One in too many pieces is put together, and so is
// one that lies where the device cannot reach.
void Transmitter::place(mblk_t *mp, const Plan &plan, Chain &done)
{
	if (plan.descriptors <= most_descriptors && fill(mp, plan.mapped)) {
		if (!plan.mapped)
			done.add(mp);
		return;
	}
	mblk_t *whole = msgpullup(mp, -1);
	done.add(mp);
	if (whole && fill(whole, plan.length > copy_size)) {
		if (plan.length <= copy_size)
			done.add(whole);
		return;
	}
	if (whole)
		done.add(whole);
	count(counts_.no_memory);
}

bool Transmitter::make_room(u32 descriptors, Chain &done)
{
	// Put together it takes no more than this.
	const u32 needed = strm::min(descriptors, most_descriptors);

	if (room() < needed)
		reap(done);
	return room() >= needed;
}

mblk_t *Transmitter::send(mblk_t *chain, Chain &done)
{
	const u32 begun = next_;

	if (used_ > size_ / 4)
		reap(done);
	while (chain) {
		const Plan it = plan(chain);
		const bool bad = it.length < header_size || it.length > max_frame_;
		if (!bad && !make_room(it.descriptors, done))
			break;
		mblk_t *mp = chain;
		chain = mp->b_next;
		mp->b_next = nullptr;
		if (bad) {
			count(counts_.bad);
			done.add(mp);
		} else {
			place(mp, it, done);
		}
	}
	if (next_ != begun)
		Registers(hw_).write(Reg::TDT, next_);
	return chain;
}

void Transmitter::refuse(mblk_t *chain, Chain &done)
{
	while (chain) {
		mblk_t *mp = chain;
		chain = mp->b_next;
		mp->b_next = nullptr;
		count(counts_.no_link);
		done.add(mp);
	}
}

} // namespace e1000g
