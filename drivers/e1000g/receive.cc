// SPDX-License-Identifier: GPL-2.0-only
#include "receive.hh"
#include <sys/byteorder.h>
#include <sys/kmem.h>

namespace e1000g {

int Receiver::create(Registers regs, u32 descriptors, u32 max_frame)
{
	hw_ = regs.hw();
	size_ = descriptors;
	max_frame_ = max_frame;
	ring_ = static_cast<RxDescriptor *>(
		e1000g_hw_ring_alloc(hw_, size_ * sizeof(RxDescriptor), &ring_dma_));
	slots_ = static_cast<Buffer **>(kmem_zalloc(size_ * sizeof(Buffer *), KM_SLEEP));
	// As many again for what waits in streams, and then some, if somebody lets a lot
	// wait; what comes beyond that is copied.
	pool_ = Pool::create(hw_, 2 * size_, 6 * size_);
	if (!ring_ || !slots_ || !pool_)
		return -ENOMEM;
	for (u32 i = 0; i < size_; i++)
		slots_[i] = pool_->get();
	return 0;
}

void Receiver::destroy()
{
	freemsg(finish());
	if (pool_) {
		for (u32 i = 0; i < size_; i++) {
			if (slots_ && slots_[i])
				pool_->put(slots_[i]);
		}
		pool_->close();
	}
	if (slots_)
		kmem_free(slots_, size_ * sizeof(Buffer *));
	if (ring_)
		e1000g_hw_ring_free(hw_, size_ * sizeof(RxDescriptor), ring_, ring_dma_);
	pool_ = nullptr;
	slots_ = nullptr;
	ring_ = nullptr;
}

// The tail is told later; the chip does not look at this descriptor before.
void Receiver::give(u32 index)
{
	ring_[index].address = LE_64(slots_[index]->dma);
	ring_[index].status = 0;
}

// The chip owns what is from its head up to the tail, without the tail; all would look
// like none.
void Receiver::tell_tail()
{
	Registers(hw_).write(Reg::RDT, (next_ + size_ - 1) % size_);
}

void Receiver::restart()
{
	const Registers regs(hw_);

	freemsg(finish());
	next_ = 0;
	for (u32 i = 0; i < size_; i++) {
		pool_->for_device(*slots_[i]);
		give(i);
	}
	regs.write(Reg::RDBAL, static_cast<u32>(ring_dma_));
	regs.write(Reg::RDBAH, static_cast<u32>(ring_dma_ >> 32));
	regs.write(Reg::RDLEN, size_ * sizeof(RxDescriptor));
	regs.write(Reg::RDH, 0);
	tell_tail();
}

void Receiver::forget()
{
	bool cut = frame_ || frame_lost_; // a frame has begun and has not all come

	freemsg(finish());
	for (u32 i = 0; i < size_; i++) {
		const u8 status = strm::load_acquire(ring_[next_].status);
		if (!(status & rxd::DD))
			break;
		cut = !(status & rxd::EOP);
		pool_->for_device(*slots_[next_]);
		give(next_);
		next_ = (next_ + 1) % size_;
	}
	frame_lost_ = cut;
	tell_tail();
}

mblk_t *Receiver::copy(const Buffer &buffer, u32 length)
{
	mblk_t *mp = allocb(length, BPRI_MED);
	if (mp) {
		__builtin_memcpy(mp->b_wptr, buffer.data, length);
		mp->b_wptr += length;
	}
	pool_->for_device(buffer);
	return mp;
}

// What the buffer holds, as a message block; then another buffer is in the slot, or the
// same.  NULL: no memory, and the same buffer.
mblk_t *Receiver::take(Buffer *&slot, u32 length)
{
	pool_->for_cpu(*slot, length);
	if (length <= copied_up_to)
		return copy(*slot, length);
	Buffer *fresh = pool_->get();
	if (!fresh)
		return copy(*slot, length);
	mblk_t *mp = pool_->send_up(slot, length);
	if (!mp) {
		pool_->for_device(*slot);
		pool_->put(fresh);
		return nullptr;
	}
	slot = fresh;
	return mp;
}

void Receiver::drop(u64 &reason)
{
	freemsg(frame_);
	frame_ = frame_end_ = nullptr;
	frame_lost_ = true;
	count(reason);
}

// One more descriptor of the frame.
void Receiver::collect(u32 length, bool last, u8 errors)
{
	constexpr u8 fatal = rxd::CE | rxd::SE | rxd::SEQ | rxd::CXE | rxd::RXE;

	if (frame_lost_)
		return;
	frame_length_ += length;
	// Only the last descriptor of a frame tells of errors.
	if ((last && (errors & fatal)) || length > buffer_size)
		return drop(counts_.bad);
	if (frame_length_ > max_frame_)
		return drop(counts_.too_long);
	if (last && frame_length_ < header_size)
		return drop(counts_.too_short);
	if (length == 0)
		return; // the checksum alone was in it, and the chip has taken it off
	mblk_t *mp = take(slots_[next_], length);
	if (!mp)
		return drop(counts_.no_memory);
	if (frame_)
		frame_end_->b_cont = mp;
	else
		frame_ = mp;
	frame_end_ = mp;
}

mblk_t *Receiver::finish()
{
	mblk_t *mp = frame_;

	frame_ = frame_end_ = nullptr;
	frame_length_ = 0;
	frame_lost_ = false;
	return mp;
}

mblk_t *Receiver::harvest(u32 budget, bool &more)
{
	mblk_t *chain = nullptr, **end = &chain;
	const u32 begun = next_;

	more = false;
	for (;;) {
		RxDescriptor &descriptor = ring_[next_];
		// Everything else in it was written before DD was.
		const u8 status = strm::load_acquire(descriptor.status);
		if (!(status & rxd::DD))
			break;
		if (budget == 0) {
			more = true;
			break;
		}
		const bool last = status & rxd::EOP;
		collect(LE_16(descriptor.length), last, descriptor.errors);
		give(next_);
		next_ = next_ + 1 == size_ ? 0 : next_ + 1;
		if (!last)
			continue;
		budget--;
		if (mblk_t *mp = finish()) {
			*end = mp;
			end = &mp->b_next;
		}
	}
	if (next_ != begun)
		tell_tail();
	return chain;
}

} // namespace e1000g
