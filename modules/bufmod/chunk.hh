// SPDX-License-Identifier: GPL-2.0-only
//
// Several messages made into one.
#pragma once

#include <strm/message.hh>
#include <sys/bufmod.h>

namespace strm::bufmod {

// A chunk under construction: for each message a header, if there is to be one, the data
// and zeros up to a multiple of 8.
class Chunk : NoCopy {
public:
	// Bytes that `keep` bytes of a message become.
	static size_t size_of(size_t keep, bool header);

	bool empty() const { return !first_; }
	size_t bytes() const { return bytes_; }
	unsigned messages() const { return messages_; }
	// Band of the first message; nobody asks an empty chunk.
	unsigned char band() const { return first_->b_band; }

	// Appends the first `keep` bytes of a message, which may have fewer, behind
	// `header` or, if that is null, behind nothing and with no zeros.  There must be
	// something to append.  `room`: bytes that the chunk is going to take, as far as
	// that is known; what is allocated is as large, within reason.
	// False without memory: the message is gone, the chunk is as it was.
	[[nodiscard]] bool add(Message mp, const sb_hdr *header, size_t keep, size_t room);

	// The chunk, which is empty then.
	Message take();
	void drop() { (void)take(); }

private:
	bool append(Message mp, const sb_hdr *header, size_t keep, size_t room);
	bool append_block(Message block, size_t bytes, size_t room);
	bool copy(const void *from, size_t bytes, size_t room);
	bool pad(size_t zeros);
	void link(Message block, bool ours);

	Message first_;
	mblk_t *tail_ = nullptr; // last block of first_
	bool ours_ = false;	 // tail_ was allocated here: there may be room in it
	size_t bytes_ = 0;
	unsigned messages_ = 0;
};

} // namespace strm::bufmod
