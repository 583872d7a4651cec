// SPDX-License-Identifier: GPL-2.0-only
//
// What the rule checker, which is in C, asks about a queue.
#include <streams_core/queue/queue.hh>
#include <strm/rules.h>

namespace strm {

namespace {

QueuePair &pair_of(const queue_t *q)
{
	return QueuePair::of(const_cast<queue_t *>(q));
}

EntryPoint entry_of(strm_kind kind)
{
	switch (kind) {
	case STRM_IN_OPEN:
	case STRM_IN_CLOSE:
		return EntryPoint::OpenClose;
	case STRM_IN_PUT:
		return EntryPoint::Put;
	case STRM_IN_SERVICE:
		return EntryPoint::Service;
	case STRM_IN_CALLBACK:
	case STRM_IN_WRITER:
		break;
	}
	return EntryPoint::Callback;
}

} // namespace

} // namespace strm

using namespace strm;

extern "C" strm_perimeters strm_perimeters_of(const queue_t *q, strm_kind kind)
{
	const Modes &modes = pair_of(q).modes();
	const EntryPoint entry = entry_of(kind);

	return { kind == STRM_IN_WRITER || modes.access(entry) == Access::Exclusive, modes.outer,
		 entry == EntryPoint::OpenClose && modes.outer_open_close == Access::Exclusive };
}

extern "C" bool strm_is_head(const queue_t *q)
{
	return pair_of(q).is_head();
}

// Who owns the outer perimeter is inside all inner ones.
extern "C" bool strm_same_perimeter(const queue_t *a, const queue_t *b)
{
	const Perimeter *outer = perimeter_of(const_cast<queue_t *>(a)).outer();

	if (a->q_gate == b->q_gate)
		return true;
	return outer && outer == perimeter_of(const_cast<queue_t *>(b)).outer() &&
	       outer->is_owned();
}

extern "C" bool strm_hold_queue(queue_t *q)
{
	return pair_of(q).try_get();
}

extern "C" void strm_drop_queue(queue_t *q)
{
	pair_of(q).put();
}

// As far as the queue tells, nothing will call its service procedure for the messages that are on it.
extern "C" bool strm_waits_for_service(const queue_t *q)
{
	const uint_t flags = load_relaxed(q->q_flag);

	return load_acquire(q->q_first) && (flags & (QPROCS | QNOENB | QFROZEN)) == QPROCS &&
	       !pair_of(q).retired().relaxed();
}

extern "C" bool strm_is_scheduled(const queue_t *q)
{
	return inner(const_cast<queue_t *>(q)).schedule.acquire() != 0;
}
