// SPDX-License-Identifier: GPL-2.0-only
//
// Small messages are copied into blocks of the chunk's own, large ones become part
// of it as they are.
//
// A block that stays needs one more in front of it, for the next header, and
// whoever reads the chunk has two pieces more to copy: 60 ns or so, as much as
// to copy some hundred bytes that have just been written.  And it keeps its
// whole buffer, so that it has to fill a good part of that: a chunk is then not
// larger in memory than some ten times its bytes, whatever comes.
#include "chunk.hh"

namespace strm::bufmod {

namespace {

constexpr size_t copied_up_to = 256; // bytes
constexpr size_t own_block = 2048;   // bytes, where many small messages are expected
constexpr size_t alignment = 8;	     // of a header in a chunk

constexpr size_t aligned(size_t bytes)
{
	return (bytes + alignment - 1) & ~(alignment - 1);
}
static_assert(aligned(sizeof(sb_hdr)) == sizeof(sb_hdr));

// What is not data is copied: its type is written in a part that others may share.
bool is_copied(const mblk_t *block, size_t bytes)
{
	return DB_TYPE(block) != M_DATA || bytes <= copied_up_to ||
	       bytes < static_cast<size_t>(MBLKSIZE(block)) / 4;
}

size_t bytes_in(const mblk_t *block)
{
	return MBLKL(block) > 0 ? static_cast<size_t>(MBLKL(block)) : 0;
}

// A large message comes next: the block in front of it has nothing but the header.
bool begins_with_large(const mblk_t *mp, size_t keep)
{
	while (mp && !bytes_in(mp))
		mp = mp->b_cont;
	return mp && !is_copied(mp, min(bytes_in(mp), keep));
}

} // namespace

size_t Chunk::size_of(size_t keep, bool header)
{
	return header ? sizeof(sb_hdr) + aligned(keep) : keep;
}

void Chunk::link(Message block, bool ours)
{
	mblk_t *last = block.get();

	if (tail_)
		tail_->b_cont = block.release();
	else
		first_ = move(block);
	tail_ = last;
	ours_ = ours;
}

bool Chunk::copy(const void *from, size_t bytes, size_t room)
{
	auto *source = static_cast<const u8 *>(from);

	while (bytes) {
		if (!ours_ || MBLKTAIL(tail_) <= 0) {
			Message block = Message::allocate(max(bytes, min(room, own_block)));
			if (!block)
				return false;
			link(move(block), true);
		}
		const size_t now = min(bytes, static_cast<size_t>(MBLKTAIL(tail_)));
		__builtin_memcpy(tail_->b_wptr, source, now);
		tail_->b_wptr += now;
		source += now;
		bytes -= now;
	}
	return true;
}

// Behind the last block, if that has room and nobody else has it.
bool Chunk::pad(size_t zeros)
{
	static constexpr u8 nothing[alignment] = {};

	if (zeros && DB_REF(tail_) == 1 && MBLKTAIL(tail_) >= static_cast<ssize_t>(zeros)) {
		__builtin_memset(tail_->b_wptr, 0, zeros);
		tail_->b_wptr += zeros;
		return true;
	}
	return copy(nothing, zeros, zeros + sizeof(sb_hdr));
}

bool Chunk::append_block(Message block, size_t bytes, size_t room)
{
	if (is_copied(block.get(), bytes))
		return copy(block->b_rptr, bytes, room);
	block->b_wptr = block->b_rptr + bytes;
	link(move(block), false);
	return true;
}

bool Chunk::append(Message mp, const sb_hdr *header, size_t keep, size_t room)
{
	size_t kept = 0;

	if (header && !copy(header, sizeof(*header), begins_with_large(mp.get(), keep) ? 0 : room))
		return false;
	while (mp && kept < keep) {
		Message rest = mp.split_rest();
		const size_t bytes = min(bytes_in(mp.get()), keep - kept);
		if (bytes && !append_block(move(mp), bytes, room))
			return false;
		kept += bytes;
		mp = move(rest);
	}
	return !header || pad(aligned(kept) - kept);
}

bool Chunk::add(Message mp, const sb_hdr *header, size_t keep, size_t room)
{
	mblk_t *const tail = tail_;
	unsigned char *const end = tail ? tail->b_wptr : nullptr;
	const bool ours = ours_;
	const unsigned char band = mp->b_band;
	const size_t size = size_of(min(keep, msgsize(mp.get())), header);

	if (append(move(mp), header, keep, room)) {
		if (!messages_++)
			first_->b_band = band;
		bytes_ += size;
		return true;
	}
	if (tail) {
		tail->b_wptr = end;
		freemsg(unlinkb(tail));
	} else {
		first_ = Message();
	}
	tail_ = tail;
	ours_ = ours;
	return false;
}

Message Chunk::take()
{
	tail_ = nullptr;
	ours_ = false;
	bytes_ = 0;
	messages_ = 0;
	return move(first_);
}

} // namespace strm::bufmod
