// SPDX-License-Identifier: GPL-2.0-only
//
// Messages, as the core handles them.
#pragma once

#include <strm/atomic.hh>
#include <strm/linux.h>
#include <sys/stream.h>

namespace strm {

// Owns a message under construction; whatever return path is taken, it is
// freed, unless release() has given it away.
class [[nodiscard]] Message : NoCopy {
public:
	Message() = default;
	explicit Message(mblk_t *mp) : mp_(mp) {}
	Message(Message &&other) : mp_(other.release()) {}
	Message &operator=(Message &&other)
	{
		mblk_t *mine = mp_;
		mp_ = other.release();
		freemsg(mine);
		return *this;
	}
	~Message() { freemsg(mp_); }

	explicit operator bool() const { return mp_ != nullptr; }
	mblk_t *operator->() const { return mp_; }
	mblk_t *get() const { return mp_; }
	[[nodiscard]] mblk_t *release()
	{
		mblk_t *mp = mp_;
		mp_ = nullptr;
		return mp;
	}

private:
	mblk_t *mp_ = nullptr;
};

// allocb() with a say in how hard to try.
mblk_t *allocate_block(size_t size, lin_gfp gfp);

// A message of one block and a given type, or a null pointer.
mblk_t *allocate_typed(size_t size, int type, lin_gfp gfp);

inline bool high_priority(const mblk_t *mp)
{
	return mp->b_datap->db_type >= QPCTL;
}

int message_init();
void message_exit(); // every message is freed by then

} // namespace strm
