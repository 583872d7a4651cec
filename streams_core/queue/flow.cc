// SPDX-License-Identifier: GPL-2.0-only
//
// Flow control along a stream: is there room ahead, and who is behind.
//
// Each queue has at hand (q_nfsrv) the one that decides for whoever puts to it:
// itself where it has a service procedure or is choked, or the nearest such
// queue after it, or the end.  The answer "room" is found without a lock
// (linux/hop.c).  The answer "no room" leaves a mark there, which has the asker
// enabled when there is room again.
//
// The mark may be left at a queue that is no longer the one that decides: a pair
// came in between or went away, in that instant.  So the asker looks again after
// it has left the mark (F), and whoever changes q_nfsrv enables those behind
// after the change, marks or not (G, QueuePair::wake_behind()): one of them sees
// the other.
//
// The chain of queues is read under RCU, which bottom halves off is; a queue
// that is taken out meanwhile stays in memory until the reader is done.
#include <streams_core/queue/queue.hh>
#include <strm/rules.h>

namespace strm {

bool room_here(queue_t *q, unsigned band);

namespace {

bool decides(const queue_t *q)
{
	return has_service(q) || (load_relaxed(q->q_flag) & QCHOKED);
}

// `look` finds the queue that decides, or a null pointer.
template <typename Look> int room(Look look, unsigned band)
{
	BottomHalvesOff off;

	for (;;) {
		queue_t *q = look();
		if (!q)
			return 0;
		if (room_here(q, band))
			return 1;
		lin_smp_mb(); // (F) the mark, before another look; pairs with (G)
		if (look() == q) {
			if (strm_rules_on) [[unlikely]]
				strm_rules_obstacle();
			return 0;
		}
	}
}

} // namespace

// The stream's chain lock is held.
void set_flow(queue_t *q)
{
	queue_t *next = q->q_next;
	queue_t *prev = backq(q);

	store_release(q->q_nfsrv, decides(q) || !next ? q : next->q_nfsrv);
	if (prev && prev->q_next != q)
		return; // it is in no stream: nobody puts to it
	for (; prev && !decides(prev); prev = backq(prev))
		store_release(prev->q_nfsrv, q->q_nfsrv);
}

} // namespace strm

using namespace strm;

extern "C" int strm_room_after(queue_t *q, uchar_t pri)
{
	return room(
		[q]() -> queue_t * {
			queue_t *next = load_acquire(q->q_next);
			return next ? load_acquire(next->q_nfsrv) : nullptr;
		},
		pri);
}

extern "C" int strm_room_from(queue_t *q, uchar_t pri)
{
	return room([q] { return load_acquire(q->q_nfsrv); }, pri);
}

extern "C" int canput(queue_t *q)
{
	return bcanput(q, 0);
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
