// SPDX-License-Identifier: GPL-2.0-only
//
// What messages do when they reach the stream head, and what room below does.
//
// These run inside the head's perimeter, shared, in softirq or in a system call
// of anybody: they queue, change the state, wake, and never sleep.
#include <streams_core/head/head.hh>
#include <strm/poll.h>

namespace strm {

namespace {

constexpr unsigned writable = LIN_POLLOUT | LIN_POLLWRNORM | LIN_POLLWRBAND;
constexpr unsigned everything = readable_events | writable | LIN_POLLERR | LIN_POLLHUP;

// Nothing is lost for want of a band's record: the message then counts as one of
// the highest band that has one.
void queue_up(queue_t *q, mblk_t *mp)
{
	if (!putq(q, mp)) {
		mp->b_band = load_relaxed(q->q_nband);
		putq(q, mp);
	}
}

bool priority_waiting(queue_t *q)
{
	SpinGuard guard(inner(q).lock);
	return q->q_first && high_priority(q->q_first);
}

// One high-priority message is kept; while it is unread others are freed.
void take_priority(StreamHead &head, queue_t *q, mblk_t *mp)
{
	{
		SpinGuard guard(head.lock); // or two of them could see none
		if (!priority_waiting(q)) {
			putq(q, mp);
			mp = nullptr;
		}
	}
	freemsg(mp);
}

void take_data(StreamHead &head, queue_t *q, mblk_t *mp)
{
	if (mp->b_datap->db_type == M_PCPROTO)
		take_priority(head, q, mp);
	else
		queue_up(q, mp);
	head.wake(readable_events);
}

// Whoever sends an error for a side wants what is queued there gone.
void flush_after_error(StreamHead &head, bool reading, bool writing)
{
	mblk_t *mp = allocate_typed(1, M_FLUSH, LIN_GFP_ATOMIC);
	if (!mp)
		return; // the error itself stands
	*mp->b_wptr++ = static_cast<unsigned char>((reading ? FLUSHR : 0) | (writing ? FLUSHW : 0));
	putnext(head.wr(), mp);
}

void take_error(StreamHead &head, mblk_t *mp)
{
	const size_t length = static_cast<size_t>(mp->b_wptr - mp->b_rptr);
	const unsigned char read = length ? mp->b_rptr[0] : 0;
	const unsigned char write = length > 1 ? mp->b_rptr[1] : read;
	bool reading;
	bool writing;

	// One byte of 0 changes nothing; of two, 0 clears its side.
	if (length == 0 || (length == 1 && read == 0)) {
		freemsg(mp);
		return;
	}
	{
		SpinGuard guard(head.lock);
		HeadState state = head.state;
		reading = read != 0 && read != NOERROR && !state.read_error;
		writing = write != 0 && write != NOERROR && !state.write_error;
		if (read != NOERROR)
			state.read_error = read;
		if (write != NOERROR)
			state.write_error = write;
		head.change(state);
	}
	freemsg(mp);
	head.wake(everything);
	if (reading || writing)
		flush_after_error(head, reading, writing);
}

void set_hang_up(StreamHead &head, mblk_t *mp, bool hung_up)
{
	{
		SpinGuard guard(head.lock);
		HeadState state = head.state;
		state.hung_up = hung_up;
		head.change(state);
	}
	freemsg(mp);
	head.wake(everything);
}

void take_flush(StreamHead &head, queue_t *q, mblk_t *mp)
{
	unsigned char &what = *mp->b_rptr;

	if (what & FLUSHR) {
		const bool banded = (what & FLUSHBAND) && mp->b_wptr - mp->b_rptr > 1;
		if (banded)
			flushband(q, mp->b_rptr[1], FLUSHALL);
		else
			flushq(q, FLUSHALL);
		{
			SpinGuard guard(head.lock);
			if (banded)
				head.flushed.add(mp->b_rptr[1]);
			else
				head.flushed.add_all();
		}
		head.wake(writable);
	}
	if ((what & FLUSHW) && !(mp->b_flag & MSGNOLOOP)) {
		what &= static_cast<unsigned char>(~FLUSHR);
		mp->b_flag |= MSGNOLOOP;
		qreply(q, mp);
		return;
	}
	freemsg(mp);
}

void set_marks(queue_t *q, const stroptions &options)
{
	if ((options.so_flags & SO_BAND) && options.so_band)
		return; // bands take the marks of the queue when they are made
	SpinGuard guard(inner(q).lock);
	if (options.so_flags & SO_HIWAT)
		q->q_hiwat = options.so_hiwat;
	if (options.so_flags & SO_LOWAT)
		q->q_lowat = options.so_lowat;
}

void take_options(StreamHead &head, queue_t *q, mblk_t *mp)
{
	if (mp->b_wptr - mp->b_rptr < static_cast<ssize_t>(sizeof(stroptions))) {
		freemsg(mp);
		return;
	}
	stroptions options;
	__builtin_memcpy(&options, mp->b_rptr, sizeof(options));
	freemsg(mp);

	const uint_t flags = options.so_flags;
	{
		SpinGuard guard(head.lock);
		HeadState state = head.state;
		if (flags & SO_READOPT)
			state.read_options = options.so_readopt;
		if (flags & SO_WROFF)
			state.write_offset = options.so_wroff;
		if (flags & SO_TAIL)
			state.write_tail = options.so_tail;
		if (flags & (SO_DELIM | SO_NODELIM))
			state.delimit = flags & SO_DELIM;
		if (flags & (SO_MREADON | SO_MREADOFF))
			state.tell_readers = flags & SO_MREADON;
		head.change(state);
	}
	if (flags & SO_MINPSZ)
		store_relaxed(head.wr()->q_minpsz, options.so_minpsz);
	if (flags & SO_MAXPSZ)
		store_relaxed(head.wr()->q_maxpsz, options.so_maxpsz);
	set_marks(q, options);
	back_enable_due(q, 0);
	head.wake(writable);
}

int head_rput(queue_t *q, mblk_t *mp)
{
	StreamHead &head = head_of(q);

	switch (mp->b_datap->db_type) {
	case M_DATA:
	case M_PROTO:
	case M_PCPROTO:
	case M_PASSFP:
		take_data(head, q, mp);
		break;
	case M_ERROR:
		take_error(head, mp);
		break;
	case M_HANGUP:
		set_hang_up(head, mp, true);
		break;
	case M_UNHANGUP:
		set_hang_up(head, mp, false);
		break;
	case M_FLUSH:
		if (mp->b_wptr > mp->b_rptr)
			take_flush(head, q, mp);
		else
			freemsg(mp);
		break;
	case M_SETOPTS:
		take_options(head, q, mp);
		break;
	case M_IOCACK:
	case M_IOCNAK:
	case M_COPYIN:
	case M_COPYOUT:
		if (ioctl_answer(head, mp))
			head.wake(everything);
		break;
	case M_IOCTL:
		// Nobody above could answer.
		mp->b_datap->db_type = M_IOCNAK;
		qreply(q, mp);
		break;
	default:
		freemsg(mp);
	}
	return 0;
}

// Nothing is ever put to the head's write queue: it is where messages start.
int head_wput(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
	return 0;
}

// Back-enabled: there is room below.
int head_wsrv(queue_t *q)
{
	head_of(q).wake(writable);
	return 0;
}

constinit module_info head_info = { 0, "head", 0, INFPSZ, STRHIGH, STRLOW };

} // namespace

constinit qinit head_read_init = { head_rput, nullptr,	  nullptr, nullptr,
				   nullptr,   &head_info, nullptr };
constinit qinit head_write_init = { head_wput, head_wsrv,  nullptr, nullptr,
				    nullptr,   &head_info, nullptr };

} // namespace strm
