// SPDX-License-Identifier: GPL-2.0-only
//
// The fields of a queue and of its bands, read and changed one by one:
// strqget(9F) and strqset(9F).
#include <streams_core/queue/queue.hh>
#include <sys/errno.h>

using namespace strm;

namespace strm {

namespace {

bool of_a_band(qfields_t what)
{
	switch (what) {
	case QHIWAT:
	case QLOWAT:
	case QCOUNT:
	case QFIRST:
	case QLAST:
	case QFLAG:
		return true;
	default:
		return false;
	}
}

bool exists(qfields_t what, unsigned band)
{
	// Of any number that a caller in C may pass, negative ones too.
	return band ? of_a_band(what) : static_cast<uint_t>(what) <= QFLAG;
}

template <typename T> void store(void *to, T value)
{
	*static_cast<T *>(to) = value;
}

const mblk_t *first_of(const queue_t *q, unsigned band)
{
	const mblk_t *mp = q->q_first;
	while (mp && (high_priority(mp) || mp->b_band != band))
		mp = mp->b_next;
	return mp;
}

const mblk_t *last_of(const queue_t *q, unsigned band)
{
	const mblk_t *mp = q->q_last;
	while (mp && (high_priority(mp) || mp->b_band != band))
		mp = mp->b_prev;
	return mp;
}

void get_of_band(queue_t *q, qfields_t what, unsigned band, void *to)
{
	const qband_t *record = find_band(q, band);

	switch (what) {
	case QHIWAT:
		return store(to, record->qb_hiwat);
	case QLOWAT:
		return store(to, record->qb_lowat);
	case QCOUNT:
		return store(to, record->qb_count);
	case QFIRST:
		return store(to, first_of(q, band));
	case QLAST:
		return store(to, last_of(q, band));
	default:
		return store(to, record->qb_flag);
	}
}

void get_of_queue(queue_t *q, qfields_t what, void *to)
{
	switch (what) {
	case QHIWAT:
		return store(to, q->q_hiwat);
	case QLOWAT:
		return store(to, q->q_lowat);
	case QMAXPSZ:
		return store(to, q->q_maxpsz);
	case QMINPSZ:
		return store(to, q->q_minpsz);
	case QCOUNT:
		return store(to, q->q_count);
	case QFIRST:
		return store(to, q->q_first);
	case QLAST:
		return store(to, q->q_last);
	default:
		return store(to, q->q_flag);
	}
}

void set_of_queue(queue_t *q, qfields_t what, intptr_t value)
{
	switch (what) {
	case QHIWAT:
		q->q_hiwat = static_cast<size_t>(value);
		break;
	case QLOWAT:
		q->q_lowat = static_cast<size_t>(value);
		break;
	case QMAXPSZ:
		store_relaxed(q->q_maxpsz, static_cast<ssize_t>(value));
		break;
	default:
		store_relaxed(q->q_minpsz, static_cast<ssize_t>(value));
	}
}

bool changeable(qfields_t what)
{
	return what <= QMINPSZ;
}

} // namespace

} // namespace strm

extern "C" int strqget(queue_t *q, qfields_t what, uchar_t pri, void *valp)
{
	if (!exists(what, pri))
		return EINVAL;
	QueueGuard guard(q);
	if (!pri) {
		get_of_queue(q, what, valp);
		return 0;
	}
	if (!make_bands(q, pri))
		return EAGAIN;
	get_of_band(q, what, pri, valp);
	return 0;
}

extern "C" int strqset(queue_t *q, qfields_t what, uchar_t pri, intptr_t val)
{
	if (!exists(what, pri))
		return EINVAL;
	if (!changeable(what))
		return EPERM;
	QueueGuard guard(q);
	if (!pri) {
		set_of_queue(q, what, val);
		return 0;
	}
	if (!make_bands(q, pri))
		return EAGAIN;
	qband_t *record = find_band(q, pri);
	(what == QHIWAT ? record->qb_hiwat : record->qb_lowat) = static_cast<size_t>(val);
	return 0;
}
