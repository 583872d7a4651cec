// SPDX-License-Identifier: GPL-2.0-only
//
// What the files of this room share: state, refusals, waiting, copying.
#include <streams_core/head/head.hh>

namespace strm {

constinit LockClass head_lock_class{ "streams_head", {} };
constinit LockClass reading_lock_class{ "streams_reading", {} };
constinit LockClass plumbing_lock_class{ "streams_plumbing", {} };
constinit LockClass head_wait_class{ "streams_wait", {} };

StreamHead::StreamHead(const PairParts &parts)
	: QueuePair(parts), stream(plumbing_lock_class), reading(reading_lock_class),
	  lock(head_lock_class)
{
	stream.head = this;
	lin_init_waitqueue_head(&wait, head_wait_class.name, &head_wait_class.key);
}

StreamHead &head_of(queue_t *q)
{
	return static_cast<StreamHead &>(QueuePair::of(q));
}

StreamHead &head_of(const file *file)
{
	return *static_cast<StreamHead *>(lin_file_private(file));
}

bool nonblocking(const file *file)
{
	return lin_file_flags(file) & LIN_O_NONBLOCK;
}

HeadState StreamHead::snapshot()
{
	if (usual.acquire()) // pairs with change()
		return HeadState{};
	SpinGuard guard(lock);
	return state;
}

void StreamHead::change(const HeadState &changed)
{
	state = changed;
	usual.release(state == HeadState{}); // pairs with snapshot()
}

int StreamHead::read_refusal()
{
	return -snapshot().read_error;
}

int StreamHead::write_refusal(int when_hung_up)
{
	const HeadState now = snapshot();
	return now.hung_up ? -when_hung_up : -now.write_error;
}

void send_down(StreamHead &head, Message message)
{
	Section section;
	putnext(head.wr(), message.release());
}

bool room_below(StreamHead &head, unsigned band)
{
	return bcanputnext(head.wr(), static_cast<uchar_t>(band));
}

int wait_for_room(StreamHead &head, unsigned band, bool nonblock, int when_hung_up)
{
	int answer = 0;
	auto ready = [&]() -> int {
		int refusal = head.write_refusal(when_hung_up);
		if (refusal)
			return refusal;
		return room_below(head, band) ? 1 : 0;
	};

	answer = ready();
	if (!answer && nonblock)
		return -EAGAIN;
	if (!answer) {
		Sleep sleep(head);
		answer = sleep.until(ready);
	}
	return answer < 0 ? answer : 0;
}

namespace {

bool backlog(StreamHead &head)
{
	BottomHalvesOff off; // q_next is read under RCU
	for (queue_t *q = load_acquire(head.wr()->q_next); q; q = load_acquire(q->q_next)) {
		if (inner(q).deferred.relaxed() > most_deferred ||
		    inner(OTHERQ(q)).deferred.relaxed() > most_deferred)
			return true;
	}
	return false;
}

} // namespace

// No mark is left: what waits at a perimeter is on its way, and soon through.
int hold_back(StreamHead &head, bool nonblock)
{
	while (backlog(head)) {
		if (nonblock)
			return -EAGAIN;
		if (lin_signal_pending())
			return -LIN_ERESTARTSYS;
		lin_msleep_interruptible(1);
	}
	return 0;
}

int block_from_user(Message &made, int type, const void *from, size_t bytes, size_t offset,
		    size_t tail)
{
	Message block(allocate_typed(offset + bytes + tail, type, LIN_GFP_USER));
	if (!block)
		return -ENOSR;
	block->b_rptr += offset;
	block->b_wptr = block->b_rptr + bytes;
	if (bytes && lin_copy_from_user(block->b_rptr, from, bytes))
		return -EFAULT;
	made = move(block);
	return 0;
}

ssize_t copy_run_out(const mblk_t *mp, bool control, char *to, size_t room)
{
	size_t copied = 0;

	for (; mp && is_control(mp) == control && copied < room; mp = mp->b_cont) {
		size_t part = min(room - copied, static_cast<size_t>(mp->b_wptr - mp->b_rptr));
		if (part && lin_copy_to_user(to + copied, mp->b_rptr, part))
			return -EFAULT;
		copied += part;
	}
	return static_cast<ssize_t>(copied);
}

mblk_t *consume_run(mblk_t *mp, bool control, size_t bytes, bool whole)
{
	while (mp && is_control(mp) == control) {
		size_t length = static_cast<size_t>(mp->b_wptr - mp->b_rptr);
		if (!whole && length > bytes) {
			mp->b_rptr += bytes;
			break;
		}
		mblk_t *rest = mp->b_cont;
		bytes -= min(bytes, length);
		freeb(mp);
		mp = rest;
	}
	return mp;
}

void FlushedBands::add_all()
{
	for (u32 &word : words)
		word = ~0u;
}

mblk_t *take_in_hand(StreamHead &head, bool (*wanted)(const mblk_t *mp, const void *arg),
		     const void *arg)
{
	if (!load_relaxed(head.rd()->q_first))
		return nullptr; // who comes to wait need not lock
	SpinGuard guard(head.lock);
	head.flushed = {};
	return take_first_if(head.rd(), wanted, arg);
}

void put_back(StreamHead &head, mblk_t *mp)
{
	bool flushed;
	{
		SpinGuard guard(head.lock);
		flushed = head.flushed.has(mp->b_band);
		// Its band has a record already: it came from there.
		if (!flushed)
			putbq(head.rd(), mp);
	}
	if (flushed)
		freemsg(mp);
	else
		head.wake(readable_events); // who looked meanwhile saw nothing
}

// An empty queue is the end only if nobody has a message in hand, whose rest may
// come back.  Waits for them, and says whether there is something after all.
bool somebody_reads(StreamHead &head)
{
	TryMutexGuard reading(head.reading, false);
	return !reading.ok() || load_relaxed(head.rd()->q_first);
}

} // namespace strm
