// SPDX-License-Identifier: GPL-2.0-only
//
// poll(2) and all that is made of it.
#include <streams_core/head/head.hh>
#include <strm/poll.h>

using namespace strm;

namespace strm {

namespace {

unsigned read_events(queue_t *q)
{
	SpinGuard guard(inner(q).lock);
	const mblk_t *first = q->q_first;

	if (!first)
		return 0;
	if (high_priority(first))
		return LIN_POLLPRI; // and nothing else: it has to be read first
	return LIN_POLLIN | (first->b_band ? LIN_POLLRDBAND : LIN_POLLRDNORM);
}

// Asking leaves the mark that has the head back-enabled where there is no room.
unsigned write_events(StreamHead &head)
{
	unsigned events = 0;

	if (room_below(head, 0))
		events |= LIN_POLLOUT | LIN_POLLWRNORM;
	if (room_below(head, 1))
		events |= LIN_POLLWRBAND;
	return events;
}

} // namespace

} // namespace strm

extern "C" unsigned int strm_head_poll(file *file, poll_table_struct *table)
{
	StreamHead &head = head_of(file);

	lin_poll_wait(file, &head.wait, table);

	const HeadState state = head.snapshot();
	if (state.read_error || state.write_error)
		return LIN_POLLERR;
	unsigned events = read_events(head.rd());
	if (state.hung_up)
		return events | LIN_POLLHUP;
	return events | write_events(head);
}
