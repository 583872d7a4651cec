// SPDX-License-Identifier: GPL-2.0-only
//
// write(2).
#include <streams_core/head/head.hh>

using namespace strm;

namespace strm {

namespace {

// What one message may hold, of `bytes` that are to be written.
struct Packet {
	size_t most;
	int error;
};

Packet packet_limits(StreamHead &head, size_t bytes)
{
	BottomHalvesOff off; // q_next is read under RCU
	const queue_t *below = load_acquire(head.wr()->q_next);
	if (!below)
		return { 0, -EIO };

	const ssize_t low = load_relaxed(below->q_minpsz);
	const ssize_t high = load_relaxed(below->q_maxpsz);
	const size_t most = high == INFPSZ ? largest_data :
					     min(static_cast<size_t>(high), largest_data);

	if (most == 0 && bytes)
		return { 0, -ERANGE };
	if (low > 0 && (bytes < static_cast<size_t>(low) ||
			(high != INFPSZ && bytes > static_cast<size_t>(high))))
		return { 0, -ERANGE };
	return { most, 0 };
}

// Too late to write: with SNDPIPE the process is told by a signal.
ssize_t refused(StreamHead &head, int error)
{
	if ((head.snapshot().write_options & SNDPIPE) && error != -EAGAIN &&
	    error != -LIN_ERESTARTSYS) {
		lin_send_sigpipe();
		return -EPIPE;
	}
	return error;
}

int write_one(StreamHead &head, iov_iter *from, size_t bytes, bool last, bool nonblock)
{
	int error = wait_for_room(head, 0, nonblock, EIO);
	if (error)
		return static_cast<int>(refused(head, error));

	const HeadState state = head.snapshot();
	Message message(allocate_typed(state.write_offset + bytes + state.write_tail, M_DATA,
				       LIN_GFP_USER));
	if (!message)
		return -EAGAIN; // so named for historical reasons
	message->b_rptr += state.write_offset;
	message->b_wptr = message->b_rptr + bytes;
	if (!lin_copy_from_iter_full(message->b_rptr, bytes, from))
		return -EFAULT;
	if (last && state.delimit)
		message->b_flag |= MSGDELIM;
	send_down(head, move(message));
	return 0;
}

} // namespace

} // namespace strm

extern "C" ssize_t strm_head_write(file *file, iov_iter *from, size_t bytes)
{
	StreamHead &head = head_of(file);
	const bool nonblock = nonblocking(file);
	size_t written = 0;

	if (int refusal = head.write_refusal(EIO))
		return refused(head, refusal);
	const Packet packet = packet_limits(head, bytes);
	if (packet.error)
		return packet.error;
	do {
		const size_t part = min(bytes - written, packet.most);
		int error = write_one(head, from, part, written + part == bytes, nonblock);
		if (error)
			return written ? static_cast<ssize_t>(written) : error;
		written += part;
	} while (written < bytes);
	return static_cast<ssize_t>(written);
}
