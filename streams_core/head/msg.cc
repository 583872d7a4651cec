// SPDX-License-Identifier: GPL-2.0-only
//
// getmsg, getpmsg, putmsg and putpmsg: messages with a control and a data part.
// libstreams calls these through the ioctls of <sys/strm.h>.
#include <streams_core/head/head.hh>
#include <sys/strm.h>

using namespace strm;

namespace strm {

namespace {

// What a caller of getmsg wants.
struct Wanted {
	bool high_only;
	unsigned band; // at least
};

bool satisfies(const mblk_t *mp, const Wanted &wanted)
{
	if (high_priority(mp))
		return true;
	return !wanted.high_only && mp->b_band >= wanted.band;
}

// The flags of the call, to what is wanted.  -EINVAL.
int parse_get(const strm_msg &request, bool bands, Wanted &wanted)
{
	const int flags = static_cast<int>(request.flags);

	wanted = { false, 0 };
	if (!bands) {
		if (flags != 0 && flags != RS_HIPRI)
			return -EINVAL;
		wanted.high_only = flags == RS_HIPRI;
		return 0;
	}
	switch (flags) {
	case MSG_HIPRI:
		if (request.band != 0)
			return -EINVAL;
		wanted.high_only = true;
		return 0;
	case MSG_BAND:
		if (request.band < 0 || request.band > 255)
			return -EINVAL;
		wanted.band = static_cast<unsigned>(request.band);
		return 0;
	case MSG_ANY:
		return 0;
	}
	return -EINVAL;
}

void *pointer(uint64_t address)
{
	return reinterpret_cast<void *>(static_cast<uintptr_t>(address));
}

size_t run_length(const mblk_t *mp, bool control)
{
	size_t bytes = 0;
	for (; mp && is_control(mp) == control; mp = mp->b_cont)
		bytes += static_cast<size_t>(mp->b_wptr - mp->b_rptr);
	return bytes;
}

const mblk_t *data_part(const mblk_t *mp)
{
	while (mp && is_control(mp))
		mp = mp->b_cont;
	return mp;
}

// One part of a message against one strbuf.
struct Part {
	bool wanted = false;  // the caller takes this part
	bool present = false; // the message has it
	size_t length = 0;
	size_t copied = 0;

	bool more() const { return present && !(wanted && copied == length); }
};

Part part_of(const mblk_t *run, bool control, const strm_strbuf &buffer, bool given)
{
	Part part;
	part.wanted = given && buffer.maxlen >= 0;
	part.present = run && is_control(run) == control;
	part.length = part.present ? run_length(run, control) : 0;
	return part;
}

int copy_part(Part &part, const mblk_t *run, bool control, const strm_strbuf &buffer)
{
	if (!part.wanted || !part.present)
		return 0;
	ssize_t copied = copy_run_out(run, control, static_cast<char *>(pointer(buffer.buf)),
				      static_cast<size_t>(buffer.maxlen));
	if (copied < 0)
		return static_cast<int>(copied);
	part.copied = static_cast<size_t>(copied);
	return 0;
}

// What stays on the queue after both parts were copied; null when all is read.
mblk_t *remainder(mblk_t *mp, const Part &control, const Part &data)
{
	const u16 flag = mp->b_flag;
	const unsigned char band = mp->b_band;
	mblk_t *kept_control = nullptr;

	if (control.present) {
		if (control.wanted) {
			mp = consume_run(mp, true, control.copied, !control.more());
		}
		if (control.more()) {
			// Split the run off, so that the data behind it can shrink.
			kept_control = mp;
			mblk_t *last = mp;
			while (last->b_cont && is_control(last->b_cont))
				last = last->b_cont;
			mp = last->b_cont;
			last->b_cont = nullptr;
		}
	}
	if (mp && data.wanted)
		mp = consume_run(mp, false, data.copied, !data.more());
	if (kept_control) {
		linkb(kept_control, mp);
		mp = kept_control;
	}
	if (mp) {
		mp->b_band = band;
		mp->b_flag = flag;
	}
	return mp;
}

// A message is in hand, the reading mutex held.  Fills in what the caller is to
// see; on an error the message is back on the queue, whole.
int deliver(StreamHead &head, mblk_t *mp, strm_msg &request, bool bands)
{
	const bool high = high_priority(mp);
	const unsigned band = mp->b_band;
	const mblk_t *data_run = data_part(mp);
	Part control = part_of(mp, true, request.ctl, request.has & STRM_HAS_CTL);
	Part data = part_of(data_run, false, request.data, request.has & STRM_HAS_DATA);

	int error = copy_part(control, mp, true, request.ctl);
	if (!error)
		error = copy_part(data, data_run, false, request.data);
	if (error) {
		put_back(head, mp);
		return error;
	}

	request.ctl.len = control.wanted && control.present ? static_cast<int>(control.copied) : -1;
	request.data.len = data.wanted && data.present ? static_cast<int>(data.copied) : -1;
	request.band = static_cast<int>(band);
	request.flags = bands ? (high ? MSG_HIPRI : MSG_BAND) : (high ? RS_HIPRI : 0);

	const unsigned char type = mp->b_datap->db_type;
	int more = (control.more() ? MORECTL : 0) | (data.more() ? MOREDATA : 0);
	mblk_t *rest = remainder(mp, control, data);
	if (rest) {
		// The rest of a high-priority message stays one, whatever its type.
		if (high && !high_priority(rest))
			rest->b_datap->db_type = type;
		put_back(head, rest);
	}
	back_enable_due(head.rd(), band);
	return more;
}

bool first_satisfies(const mblk_t *mp, const void *wanted)
{
	return satisfies(mp, *static_cast<const Wanted *>(wanted));
}

// 1: look at the queue.  2: hung up.  Negative: why not.
int wait_for_message(StreamHead &head, const Wanted &wanted, bool nonblock)
{
	auto ready = [&]() -> int {
		if (int refusal = head.read_refusal())
			return refusal;
		{
			SpinGuard guard(inner(head.rd()).lock);
			const mblk_t *first = head.rd()->q_first;
			if (first && satisfies(first, wanted))
				return 1;
		}
		return head.snapshot().hung_up ? 2 : 0;
	};

	int answer = ready();
	if (!answer && nonblock)
		return -EAGAIN;
	if (!answer) {
		Sleep sleep(head);
		answer = sleep.until(ready);
	}
	return answer;
}

// Hung up, and nothing that is wanted has come: is that all?  Not if somebody has a
// message in hand, whose rest may come back.  Waits for them.
bool no_more_comes(StreamHead &head, const Wanted &wanted)
{
	TryMutexGuard reading(head.reading, false);
	if (!reading.ok())
		return false;
	SpinGuard guard(inner(head.rd()).lock);
	const mblk_t *first = head.rd()->q_first;
	return !first || !satisfies(first, wanted);
}

int get_message(StreamHead &head, strm_msg &request, bool bands, bool nonblock)
{
	Wanted wanted;
	if (int error = parse_get(request, bands, wanted))
		return error;
	if (int refusal = head.read_refusal())
		return refusal;

	for (;;) {
		{
			TryMutexGuard reading(head.reading, false);
			if (!reading.ok())
				return reading.error();
			if (mblk_t *mp = take_in_hand(head, first_satisfies, &wanted)) {
				if (mp->b_datap->db_type != M_PASSFP)
					return deliver(head, mp, request, bands);
				put_back(head, mp);
				return -EBADMSG;
			}
		}
		int answer = wait_for_message(head, wanted, nonblock);
		if (answer < 0)
			return answer;
		if (answer == 2 && no_more_comes(head, wanted)) {
			// The end: empty parts, but -1 stays -1.
			request.ctl.len = request.ctl.maxlen < 0 ? -1 : 0;
			request.data.len = request.data.maxlen < 0 ? -1 : 0;
			request.flags = 0;
			return 0;
		}
	}
}

struct Outgoing {
	bool high;
	unsigned band;
	bool control;
	bool data;
};

// The flags of the call.  -EINVAL, or 0.
int parse_put(const strm_msg &request, bool bands, Outgoing &out)
{
	const int flags = static_cast<int>(request.flags);

	out.control = (request.has & STRM_HAS_CTL) && request.ctl.len >= 0;
	out.data = (request.has & STRM_HAS_DATA) && request.data.len >= 0;
	out.band = 0;
	if (!bands) {
		if (flags != 0 && flags != RS_HIPRI)
			return -EINVAL;
		out.high = flags == RS_HIPRI;
	} else if (flags == MSG_HIPRI) {
		if (request.band != 0)
			return -EINVAL;
		out.high = true;
	} else if (flags == MSG_BAND) {
		if (request.band < 0 || request.band > 255)
			return -EINVAL;
		out.high = false;
		out.band = static_cast<unsigned>(request.band);
	} else {
		return -EINVAL;
	}
	return out.high && !out.control ? -EINVAL : 0;
}

// There is a control part, and it comes with no bytes of data.
bool is_request(const strm_msg &request, const Outgoing &out)
{
	return out.control && (!out.data || !request.data.len);
}

// Whoever sets a smallest size means data; a request may have a part of none.
int check_sizes(StreamHead &head, const strm_msg &request, const Outgoing &out)
{
	if (out.control && static_cast<size_t>(request.ctl.len) > largest_control)
		return -ERANGE;
	if (!out.data || is_request(request, out))
		return 0;

	BottomHalvesOff off;
	const queue_t *below = load_acquire(head.wr()->q_next);
	if (!below)
		return -EIO;
	const ssize_t low = load_relaxed(below->q_minpsz);
	const ssize_t high = load_relaxed(below->q_maxpsz);
	if (static_cast<size_t>(request.data.len) > largest_data ||
	    (high != INFPSZ && request.data.len > high) || (low > 0 && request.data.len < low))
		return -ERANGE;
	return 0;
}

int build(Message &made, const HeadState &state, const strm_msg &request, const Outgoing &out)
{
	constexpr size_t least_control = 64; // modules turn requests into answers in place
	Message data;
	int error = 0;

	if (out.data)
		error = block_from_user(data, M_DATA, pointer(request.data.buf),
					static_cast<size_t>(request.data.len),
					out.control ? 0 : state.write_offset, state.write_tail);
	if (!error && out.control) {
		const auto length = static_cast<size_t>(request.ctl.len);
		error = block_from_user(made, out.high ? M_PCPROTO : M_PROTO,
					pointer(request.ctl.buf), length, 0,
					length < least_control ? least_control - length : 0);
	}
	if (error)
		return error;
	if (!out.control)
		made = move(data);
	else
		made->b_cont = data.release();
	made->b_band = static_cast<unsigned char>(out.band);
	if (state.delimit)
		made->b_flag |= MSGDELIM;
	return 0;
}

int put_message(StreamHead &head, const strm_msg &request, bool bands, bool nonblock)
{
	Outgoing out;
	int error = parse_put(request, bands, out);
	if (!error)
		error = head.write_refusal(ENXIO);
	if (error || (!out.control && !out.data))
		return error;
	error = check_sizes(head, request, out);
	if (!error)
		error = out.high ? hold_back(head, nonblock) :
				   wait_for_room(head, out.band, nonblock, ENXIO);
	if (error)
		return error;

	Message message;
	error = build(message, head.snapshot(), request, out);
	if (error)
		return error;
	send_down(head, move(message));
	if (is_request(request, out))
		settle(head);
	return 0;
}

} // namespace

long head_getmsg(StreamHead &head, file *file, unsigned cmd, unsigned long arg)
{
	void *user = reinterpret_cast<void *>(arg);
	strm_msg request;

	if ((lin_file_flags(file) & LIN_O_ACCMODE) == 1)
		return -EBADF;
	// Written back at once: afterwards a message would be lost.
	if (lin_copy_from_user(&request, user, sizeof(request)) ||
	    lin_copy_to_user(user, &request, sizeof(request)))
		return -EFAULT;
	int result = get_message(head, request, cmd == STRM_GETPMSG, nonblocking(file));
	if (result >= 0 && lin_copy_to_user(user, &request, sizeof(request)))
		return -EFAULT;
	return result;
}

long head_putmsg(StreamHead &head, file *file, unsigned cmd, unsigned long arg)
{
	strm_msg request;

	if ((lin_file_flags(file) & LIN_O_ACCMODE) == 0)
		return -EBADF;
	if (lin_copy_from_user(&request, reinterpret_cast<void *>(arg), sizeof(request)))
		return -EFAULT;
	return put_message(head, request, cmd == STRM_PUTPMSG, nonblocking(file));
}

} // namespace strm
