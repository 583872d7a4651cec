// SPDX-License-Identifier: GPL-2.0-only
//
// The read side of bufmod.
//
// When nobody reads there is at most one chunk here, and what does not fit into
// it is dropped and counted; so memory is bounded whoever sends.  With
// SB_NO_DROPS chunks wait on the queue, which fills, and then it is the sender who
// is held back, by flow control.
#include "buffer.hh"

#include <sys/ddi.h>
#include <sys/time.h>

namespace strm::bufmod {

namespace {

// Longer is as good as never, and fits whatever it is multiplied with.
constexpr long longest_wait = 1000 * 1000 * 1000; // seconds

clock_t ticks_of(const Settings &set)
{
	return drv_usectohz(min(set.seconds, longest_wait) * MICROSEC + set.microseconds);
}

bool is_data(const Message &mp, const Settings &set)
{
	return mp.type() == M_DATA || (mp.type() == M_PROTO && !set.has(SB_NO_PROTO_CVT));
}

} // namespace

// The chunk goes up.  False if it cannot, and is still here.
bool Buffer::send()
{
	if (chunk_.empty())
		return true;
	if (!q_.raw()->q_first && q_.can_put_next(chunk_.band())) {
		overdue_ = false;
		q_.put_next(chunk_.take());
		return true;
	}
	overdue_ = true;
	if (!set_.has(SB_NO_DROPS))
		return false;
	hold();
	return true;
}

// The chunk waits on the queue.
void Buffer::hold()
{
	const u32 messages = chunk_.messages();

	if (chunk_.empty())
		return;
	overdue_ = false;
	Message chunk = chunk_.take();
	if (!q_.queue(chunk))
		drops_ += messages; // no memory for the record of a band
}

void Buffer::stop_timer()
{
	if (timer_)
		quntimeout(q_.raw(), timer_);
	timer_ = nullptr;
}

void Buffer::end_interval()
{
	stop_timer();
	interval_ = false;
}

// One that runs is left alone, so that no message waits longer than it should; and a
// chunk that is sent because it is full costs no timer.
void Buffer::start_timer()
{
	const bool waits = !chunk_.empty() && !overdue_;

	if (!set_.timed || timer_ || (!waits && !interval_))
		return;
	timer_ = qtimeout(q_.raw(), expired, this, ticks_of(set_));
	if (!timer_)
		expired(this); // no memory: too early is better than never
}

void Buffer::expired(void *buffer)
{
	auto &me = *static_cast<Buffer *>(buffer);

	me.timer_ = nullptr;
	me.interval_ = false;
	(void)me.send();
}

// What it is told by the header, and how much of it is kept: `header` is filled in even
// where there are none in the chunk.
void Buffer::measure(const Message &mp, sb_hdr &header) const
{
	const size_t length = msgsize(mp.get());
	const size_t keep = set_.snap ? min<size_t>(length, set_.snap) : length;

	header.sbh_origlen = static_cast<u32>(length);
	header.sbh_msglen = static_cast<u32>(keep);
	header.sbh_totlen = static_cast<u32>(Chunk::size_of(keep, !set_.has(SB_NO_HEADER)));
	header.sbh_drops = drops_;
}

// The message becomes part of a chunk, this one or the next; or is dropped, and counted.
void Buffer::gather(Message mp, const sb_hdr &header)
{
	const size_t size = header.sbh_totlen;
	const bool fits = chunk_.empty() ||
			  (chunk_.bytes() + size <= set_.chunk && chunk_.band() == mp->b_band);

	if (!fits && !send()) {
		drops_++;
		return;
	}
	const size_t room = set_.at_once() ? 0 :
					     set_.chunk - min<size_t>(chunk_.bytes(), set_.chunk);
	if (!chunk_.add(move(mp), set_.has(SB_NO_HEADER) ? nullptr : &header, header.sbh_msglen,
			room))
		drops_++;
}

void Buffer::add(Message mp)
{
	timestruc_t now = {};
	sb_hdr header = {};

	if (!set_.has(SB_NO_HEADER))
		gethrestime(&now);
	header.sbh_timestamp = { static_cast<int32_t>(now.tv_sec),
				 static_cast<int32_t>(now.tv_nsec / 1000) };
	measure(mp, header);
	if (!header.sbh_totlen)
		return pass(move(mp)); // it says something, but has nothing to put in a chunk
	gather(move(mp), header);

	const bool first = set_.has(SB_DEFER_CHUNK) && !interval_;
	if (first || set_.at_once() || chunk_.bytes() >= set_.chunk)
		(void)send();
	interval_ = set_.has(SB_DEFER_CHUNK);
	start_timer();
}

// What is no part of a chunk stays behind the one that came before it.
void Buffer::pass(Message mp)
{
	if (!send())
		hold();
	const bool waits = q_.raw()->q_first ||
			   (datamsg(mp.type()) && !q_.can_put_next(mp->b_band));
	if (!waits || !q_.queue(mp))
		q_.put_next(move(mp));
}

// All that is here goes up, whether there is room or not: nobody can ask for it later.
void Buffer::release()
{
	while (Message mp = q_.get())
		q_.put_next(move(mp));
	overdue_ = false;
	if (!chunk_.empty())
		q_.put_next(chunk_.take());
}

void Buffer::flush(const mblk_t &mp)
{
	const bool banded = *mp.b_rptr & FLUSHBAND;

	if (!(*mp.b_rptr & FLUSHR))
		return;
	if (banded)
		flushband(q_.raw(), mp.b_rptr[1], FLUSHDATA);
	else
		q_.flush();
	if (chunk_.empty() || (banded && chunk_.band() != mp.b_rptr[1]))
		return;
	chunk_.drop();
	overdue_ = false;
	end_interval();
}

void Buffer::read(Message mp)
{
	if (mp.type() == M_FLUSH)
		flush(*mp.get());
	else if (mp.type() == M_HANGUP)
		release();
	if (mp.high_priority())
		q_.put_next(move(mp));
	else if (is_data(mp, set_))
		add(move(mp));
	else
		pass(move(mp));
}

// There is room again.
void Buffer::serve()
{
	while (Message mp = q_.get()) {
		if (datamsg(mp.type()) && !q_.can_put_next(mp->b_band)) {
			if (!q_.put_back(mp))
				q_.put_next(move(mp)); // one that does not fit is no harm
			return;
		}
		q_.put_next(move(mp));
	}
	if (overdue_)
		(void)send();
}

// A pop loses nothing.
void Buffer::close()
{
	stop_timer();
	release();
}

} // namespace strm::bufmod
