// SPDX-License-Identifier: GPL-2.0-only
//
// read(2).
//
// Three modes (I_SRDOPT): a stream of bytes; message by message, the rest of a
// message thrown away; or message by message, the rest kept.  And three ways to
// treat a message with a control part: refuse it, take it as data, or take its
// data part alone.
#include <streams_core/head/head.hh>
#include <strm/poll.h>

using namespace strm;

namespace strm {

namespace {

struct Reader {
	StreamHead &head;
	iov_iter *to;
	size_t room;
	ssize_t total = 0;
	bool done = false;

	// Takes what it can of one message, with the reading mutex held.  Returns
	// 0 or a negative error number, with the message back on the queue.
	int consume(mblk_t *mp, const HeadState &state);

	// All blocks, as far as there is room.  -EFAULT: nothing moved.
	ssize_t copy_data(const mblk_t *mp);

	// The message goes back as it was, and the read ends.
	int refuse(mblk_t *mp, int error);
};

// Frees the first blocks of a message, up to `rest`.
void free_up_to(mblk_t *mp, const mblk_t *rest)
{
	while (mp != rest) {
		mblk_t *next = mp->b_cont;
		freeb(mp);
		mp = next;
	}
}

// Frees `bytes` off the front of a message, and the blocks that become empty.
mblk_t *consume_bytes(mblk_t *mp, size_t bytes)
{
	while (mp) {
		const size_t length = static_cast<size_t>(mp->b_wptr - mp->b_rptr);
		if (length > bytes) {
			mp->b_rptr += bytes;
			break;
		}
		mblk_t *next = mp->b_cont;
		bytes -= length;
		freeb(mp);
		mp = next;
	}
	return mp;
}

ssize_t Reader::copy_data(const mblk_t *mp)
{
	size_t copied = 0;

	for (; mp && copied < room; mp = mp->b_cont) {
		size_t part = min(room - copied, static_cast<size_t>(mp->b_wptr - mp->b_rptr));
		size_t moved = lin_copy_to_iter(mp->b_rptr, part, to);
		copied += moved;
		if (moved != part) {
			lin_iov_iter_revert(to, copied);
			return -EFAULT;
		}
	}
	return static_cast<ssize_t>(copied);
}

int Reader::refuse(mblk_t *mp, int error)
{
	put_back(head, mp);
	done = true;
	return total ? 0 : error;
}

int Reader::consume(mblk_t *mp, const HeadState &state)
{
	const int mode = state.read_options & RMODEMASK;
	const unsigned char band = mp->b_band;
	const u16 flag = mp->b_flag;
	mblk_t *start = mp; // what the reader sees of it

	if (mp->b_datap->db_type != M_DATA) {
		if (!is_control(mp) || !(state.read_options & (RPROTDAT | RPROTDIS)))
			return refuse(mp, -EBADMSG);
		if (state.read_options & RPROTDIS) {
			while (start && is_control(start))
				start = start->b_cont;
		}
	}

	const size_t length = msgsize(start);
	if (start && length == 0 && total)
		return refuse(mp, 0); // an end of file; not in the middle of a read
	ssize_t copied = copy_data(start);
	if (copied < 0)
		return refuse(mp, -EFAULT);
	total += copied;
	room -= static_cast<size_t>(copied);

	free_up_to(mp, start);
	const bool whole = static_cast<size_t>(copied) == length || mode == RMSGD;
	if (whole) {
		freemsg(start);
	} else {
		mblk_t *rest = consume_bytes(start, static_cast<size_t>(copied));
		rest->b_band = band;
		rest->b_flag = flag;
		put_back(head, rest);
	}
	back_enable_due(head.rd(), band);
	if (start)
		done = length == 0 || mode != RNORM || room == 0 ||
		       (state.delimit && (flag & MSGDELIM) && whole);
	return 0;
}

bool any(const mblk_t *, const void *)
{
	return true;
}

// Tells the driver that a reader wants `bytes`, where it has asked for that.
void tell_driver(StreamHead &head, size_t bytes)
{
	Message mp(allocate_typed(sizeof(bytes), M_READ, LIN_GFP_USER));
	if (!mp)
		return; // advice only
	__builtin_memcpy(mp->b_wptr, &bytes, sizeof(bytes));
	mp->b_wptr += sizeof(bytes);
	send_down(head, move(mp));
}

// 1: something to read.  0: the end, for good.  Negative: why not.
int wait_to_read(StreamHead &head, bool nonblock, size_t wanted)
{
	auto ready = [&]() -> int {
		if (int refusal = head.read_refusal())
			return refusal;
		if (load_relaxed(head.rd()->q_first))
			return 1;
		return head.snapshot().hung_up ? 2 : 0;
	};

	int answer = ready();
	if (!answer && nonblock)
		return -EAGAIN;
	if (!answer) {
		if (head.snapshot().tell_readers)
			tell_driver(head, wanted);
		Sleep sleep(head);
		answer = sleep.until(ready);
	}
	return answer == 2 ? 0 : answer;
}

} // namespace

} // namespace strm

extern "C" ssize_t strm_head_read(file *file, iov_iter *to, size_t bytes)
{
	StreamHead &head = head_of(file);
	Reader reader{ head, to, bytes };

	if (int refusal = head.read_refusal())
		return refusal;
	if (bytes == 0)
		return 0;
	while (!reader.done) {
		{
			TryMutexGuard reading(head.reading, false);
			if (!reading.ok())
				return reader.total ? reader.total : reading.error();
			const HeadState state = head.snapshot();
			if (mblk_t *mp = take_in_hand(head, any, nullptr)) {
				if (int error = reader.consume(mp, state))
					return error;
				continue;
			}
		}
		if (reader.total)
			break;
		int answer = wait_to_read(head, nonblocking(file), bytes);
		if (answer == 0 && somebody_reads(head))
			continue;
		if (answer <= 0)
			return answer;
	}
	return reader.total;
}
