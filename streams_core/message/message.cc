// SPDX-License-Identifier: GPL-2.0-only
//
// Copying, joining and trimming messages.  No function here recurses along
// b_cont: a message may be long.
#include <streams_core/message/message.hh>

namespace strm {

namespace {

size_t length(const mblk_t *bp)
{
	return bp->b_wptr > bp->b_rptr ? static_cast<size_t>(bp->b_wptr - bp->b_rptr) : 0;
}

mblk_t *last_block(mblk_t *mp)
{
	while (mp->b_cont)
		mp = mp->b_cont;
	return mp;
}

// Applies `make` to every block and links the results; all or nothing.
mblk_t *map_message(mblk_t *mp, mblk_t *(*make)(mblk_t *bp))
{
	Message copy;
	mblk_t *tail = nullptr;

	for (; mp; mp = mp->b_cont) {
		mblk_t *bp = make(mp);
		if (!bp)
			return nullptr;
		if (tail)
			tail->b_cont = bp;
		else
			copy = Message(bp);
		tail = bp;
	}
	return copy.release();
}

// Bytes in the leading blocks that have the type of the first.
size_t leading_run(const mblk_t *mp)
{
	const unsigned char type = mp->b_datap->db_type;
	size_t bytes = 0;

	for (; mp && mp->b_datap->db_type == type; mp = mp->b_cont)
		bytes += length(mp);
	return bytes;
}

int trim_front(mblk_t *mp, size_t bytes)
{
	if (leading_run(mp) < bytes)
		return 0;
	for (; bytes; mp = mp->b_cont) {
		size_t part = min(bytes, length(mp));
		mp->b_rptr += part;
		bytes -= part;
	}
	return 1;
}

// The end is that of the leading run, and not of the message.
int trim_back(mblk_t *mp, size_t bytes)
{
	const size_t total = leading_run(mp);
	if (total < bytes)
		return 0;

	const unsigned char type = mp->b_datap->db_type;
	size_t keep = total - bytes;
	for (; mp && mp->b_datap->db_type == type; mp = mp->b_cont) {
		size_t part = min(keep, length(mp));
		mp->b_wptr = mp->b_rptr + part;
		keep -= part;
	}
	return 1;
}

} // namespace

} // namespace strm

using namespace strm;

extern "C" mblk_t *dupmsg(mblk_t *mp)
{
	return map_message(mp, dupb);
}

extern "C" mblk_t *copyb(mblk_t *bp)
{
	// The same distance from a multiple of 8: what was aligned stays so.
	const size_t offset = reinterpret_cast<uintptr_t>(bp->b_rptr) & 7;
	const size_t bytes = length(bp);

	mblk_t *copy = allocate_like(offset + bytes, bp);
	if (!copy)
		return nullptr;
	copy->b_band = bp->b_band;
	copy->b_flag = bp->b_flag;
	copy->b_rptr += offset;
	copy->b_wptr = copy->b_rptr + bytes;
	__builtin_memcpy(copy->b_rptr, bp->b_rptr, bytes);
	return copy;
}

extern "C" mblk_t *copymsg(mblk_t *mp)
{
	return map_message(mp, copyb);
}

extern "C" void freemsgchain(mblk_t *mp)
{
	while (mp) {
		mblk_t *next = mp->b_next;
		mp->b_next = nullptr;
		freemsg(mp);
		mp = next;
	}
}

extern "C" void linkb(mblk_t *mp, mblk_t *bp)
{
	last_block(mp)->b_cont = bp;
}

extern "C" mblk_t *unlinkb(mblk_t *mp)
{
	mblk_t *rest = mp->b_cont;
	mp->b_cont = nullptr;
	return rest;
}

extern "C" mblk_t *rmvb(mblk_t *mp, mblk_t *bp)
{
	for (mblk_t **link = &mp; *link; link = &(*link)->b_cont) {
		if (*link == bp) {
			*link = bp->b_cont;
			bp->b_cont = nullptr;
			return mp;
		}
	}
	return reinterpret_cast<mblk_t *>(-1L);
}

extern "C" size_t msgdsize(const mblk_t *mp)
{
	size_t bytes = 0;
	for (; mp; mp = mp->b_cont) {
		if (mp->b_datap->db_type == M_DATA)
			bytes += length(mp);
	}
	return bytes;
}

extern "C" size_t msgsize(const mblk_t *mp)
{
	size_t bytes = 0;
	for (; mp; mp = mp->b_cont)
		bytes += length(mp);
	return bytes;
}

extern "C" mblk_t *msgpullup(mblk_t *mp, ssize_t len)
{
	const size_t run = leading_run(mp);
	if (len < -1 || (len >= 0 && run < static_cast<size_t>(len)))
		return nullptr;
	size_t bytes = len == -1 ? run : static_cast<size_t>(len);

	Message copy(allocate_like(bytes, mp));
	if (!copy)
		return nullptr;
	copy->b_band = mp->b_band;
	copy->b_flag = mp->b_flag;

	// After the loop `bp` and `used` are where the copied bytes end.
	mblk_t *bp = mp;
	size_t used = 0;
	while (bytes) {
		used = min(bytes, length(bp));
		__builtin_memcpy(copy->b_wptr, bp->b_rptr, used);
		copy->b_wptr += used;
		bytes -= used;
		if (used == length(bp)) {
			bp = bp->b_cont;
			used = 0;
		}
	}
	if (len == -1) {
		// Empty blocks at the end of the run belong to it.
		while (bp && bp->b_datap->db_type == mp->b_datap->db_type)
			bp = bp->b_cont;
	}
	// What is left over is shared, not copied.
	if (bp) {
		copy->b_cont = dupmsg(bp);
		if (!copy->b_cont)
			return nullptr;
		copy->b_cont->b_rptr += used;
	}
	return copy.release();
}

extern "C" int adjmsg(mblk_t *mp, ssize_t len)
{
	if (len >= 0)
		return trim_front(mp, static_cast<size_t>(len));
	return trim_back(mp, -static_cast<size_t>(len));
}
