// SPDX-License-Identifier: GPL-2.0-only
//
// A message with an owner; of the core and of authors in C++ alike.
#pragma once

#include <strm/cxx.hh>
#include <sys/stream.h>

namespace strm {

// Owns a message.  Whatever is not given away is freed.
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

	// Empty without memory: ask before use.
	static Message allocate(size_t size) { return Message(allocb(size, BPRI_MED)); }
	Message copy() const { return Message(copymsg(mp_)); }

	explicit operator bool() const { return mp_ != nullptr; }
	mblk_t *operator->() const { return mp_; }
	mblk_t *get() const { return mp_; }
	int type() const { return DB_TYPE(mp_); }
	bool high_priority() const { return DB_TYPE(mp_) >= QPCTL; }
	size_t bytes() const { return msgdsize(mp_); }

	// Takes everything behind the first block off, as a message of its own.
	Message split_rest() { return Message(unlinkb(mp_)); }
	void append(Message tail)
	{
		if (mp_)
			linkb(mp_, tail.release());
		else
			mp_ = tail.release();
	}

	[[nodiscard]] mblk_t *release()
	{
		mblk_t *mp = mp_;
		mp_ = nullptr;
		return mp;
	}

private:
	mblk_t *mp_ = nullptr;
};

} // namespace strm
