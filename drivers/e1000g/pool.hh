// SPDX-License-Identifier: GPL-2.0-only
//
// Receive buffers, which outlive the device.
//
// A buffer is in the ring, or at home, or up in some stream as the data block of a
// message; wherever it is it stays mapped for the device, so that nothing is mapped
// for a frame.  It comes home when the message is freed: on any CPU, in any context, a
// true hard interrupt on PREEMPT_RT included.  So it comes home without a lock.
//
// When the device goes the pool is closed: everything is unmapped, what is at home is
// freed, and what is still up frees itself when it comes back; the last of those frees
// the pool.  The .ko stays as long, because desballoc() holds it.
#pragma once

#include "registers.hh"
#include <strm/atomic.hh>

namespace e1000g {

constexpr u32 buffer_size = 2048; // what RCTL says that buffers have

class Pool;

struct Buffer {
	frtn_t routine; // for desballoc()
	Pool *pool;
	Buffer *next;	 // on the list that it is on while at home
	Buffer *created; // the one made before it
	u8 *data;
	u64 dma;
	bool sync; // the CPU sees what the device wrote only after for_cpu()
};

class Pool : strm::NoCopy {
public:
	// Sleeps.  NULL without memory.
	static Pool *create(e1000g_hw *hw, u32 buffers, u32 limit);
	// Those in the ring have been put() before.
	void close();

	// The device may write to what get() returns.  Where none is at home one is made,
	// up to the limit; NULL: there are enough, or no memory.  These two are called by
	// one at a time.
	Buffer *get();
	void put(Buffer *buffer)
	{
		buffer->next = home_;
		home_ = buffer;
	}

	// The buffer as a message of `length` bytes; NULL: no memory, and it is the
	// caller's still.
	mblk_t *send_up(Buffer *buffer, u32 length);

	void for_cpu(const Buffer &buffer, u32 length) const
	{
		if (buffer.sync) [[unlikely]]
			e1000g_hw_for_cpu(hw_, buffer.dma, length);
	}
	void for_device(const Buffer &buffer) const
	{
		if (buffer.sync) [[unlikely]]
			e1000g_hw_for_device(hw_, buffer.dma, buffer_size);
	}

private:
	explicit Pool(e1000g_hw *hw, u32 limit) : hw_(hw), limit_(limit) {}

	Buffer *make(int flag);
	static void came_back(caddr_t buffer);
	static void free_buffer(Buffer *buffer);
	static void free_pool(Pool *pool);
	static Buffer *closed() { return reinterpret_cast<Buffer *>(uintptr_t(1)); }

	e1000g_hw *const hw_; // until close()
	const u32 limit_;
	u32 made_ = 0;
	Buffer *created_ = nullptr; // all of them, until close()
	Buffer *home_ = nullptr;    // the caller's of get() and put()
	// Came back, the last one first; or closed().  Whoever frees a message adds one by
	// compare and exchange, the caller of get() takes all: so nobody mistakes an old
	// head for a new one.
	strm::Atomic<Buffer *> returned_;
	// After close(): buffers still up.  Those that came before close() had counted them
	// have taken it below 0.
	strm::Atomic<int> away_;
};

} // namespace e1000g
