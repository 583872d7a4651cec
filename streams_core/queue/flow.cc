// SPDX-License-Identifier: GPL-2.0-only
//
// Flow control along a stream: is there room ahead, and who is behind.
//
// The chain of queues is read under RCU, which bottom halves off is; a queue
// that is taken out meanwhile stays in memory until the reader is done.
#include <streams_core/queue/queue.hh>

namespace strm {

bool room_here(queue_t *q, unsigned band);

namespace {

// The nearest queue, from `q` on, that has a service procedure, or is choked; or
// the end.
queue_t *serving_queue(queue_t *q)
{
	while (!has_service(q) && !(load_relaxed(q->q_flag) & QCHOKED)) {
		queue_t *next = load_acquire(q->q_next);
		if (!next)
			break;
		q = next;
	}
	return q;
}

} // namespace

} // namespace strm

using namespace strm;

extern "C" int bcanput(queue_t *q, uchar_t pri)
{
	if (!q)
		return 0;
	BottomHalvesOff off;
	return room_here(serving_queue(q), pri);
}

extern "C" int canput(queue_t *q)
{
	return bcanput(q, 0);
}

extern "C" int bcanputnext(queue_t *q, uchar_t pri)
{
	BottomHalvesOff off;
	queue_t *next = load_acquire(q->q_next);

	return next ? room_here(serving_queue(next), pri) : 0;
}

extern "C" int canputnext(queue_t *q)
{
	return bcanputnext(q, 0);
}

extern "C" queue_t *backq(queue_t *q)
{
	queue_t *next = load_acquire(OTHERQ(q)->q_next);

	return next ? OTHERQ(next) : nullptr;
}
