// SPDX-License-Identifier: GPL-2.0-only
//
// How a message enters a queue when it cannot go straight in.
//
// The straight way, an open gate, is linux/hop.c: claim, call, release.  Here
// is the rest: the perimeter is taken or exclusive, bottom halves are on, or the
// caller is an interrupt handler.
#include <streams_core/queue/queue.hh>

namespace strm {

namespace {

// A message that waits in a perimeter is on no queue, so its links are free for
// the Entry.
static_assert(__builtin_offsetof(mblk_t, b_next) == __builtin_offsetof(Entry, next));
static_assert(__builtin_offsetof(mblk_t, b_prev) == __builtin_offsetof(Entry, what));
static_assert(alignof(queue_t) >= Entry::tag_mask + 1);

Entry &as_entry(mblk_t *mp)
{
	return *reinterpret_cast<Entry *>(mp);
}

// Counted before the message can be seen waiting, so that the count never falls
// below what is true.
void count_deferred(queue_t *q)
{
	lin_count(LIN_STAT_messages_deferred);
	if (inner(q).deferred.fetch_add(1) == most_deferred)
		choke(q);
}

void uncount_deferred(queue_t *q)
{
	// The count, before the flag; pairs with choke().
	const u32 before = inner(q).deferred.fetch_sub(1);
	if (before <= few_deferred + 1 && (load_relaxed(q->q_flag) & QCHOKED))
		unchoke(q);
}

mblk_t *as_message(Entry &entry)
{
	auto *mp = reinterpret_cast<mblk_t *>(&entry);
	mp->b_next = nullptr;
	mp->b_prev = nullptr;
	return mp;
}

} // namespace

// Written so that a message on its way is never dropped by a pop beneath it:
// the queue that it was meant for keeps its own q_next, and the queue there
// lives at least as long as this RCU section.
int flow_around(queue_t *q, mblk_t *mp)
{
	queue_t *next = load_acquire(q->q_next);

	lin_count(LIN_STAT_messages_around);
	if (next)
		put(next, mp);
	else
		freemsg(mp);
	return 0;
}

void service_deferred(queue_t *q);

void run_entry(Entry &entry)
{
	queue_t *q = entry.target<queue_t>();

	if (entry.tag() == Entry::Tag::Service) {
		service_deferred(q);
		return;
	}
	load_relaxed(q->q_putp)(q, as_message(entry));
	uncount_deferred(q);
}

// In order, and before anybody can see the way past this queue.
void QueuePair::pass_on(Entry *deferred)
{
	while (deferred) {
		BottomHalvesOff off; // anew for each: there may be many
		Entry *entry = deferred;
		deferred = entry->next;
		queue_t *q = entry->target<queue_t>();
		if (entry->tag() == Entry::Tag::Service) {
			service_deferred(q);
		} else {
			inner(q).deferred.fetch_sub(1); // the queue stays choked
			flow_around(q, as_message(*entry));
		}
	}
}

} // namespace strm

using namespace strm;

extern "C" void strm_put_turned_away(queue_t *q, mblk_t *mp)
{
	QueuePair &pair = QueuePair::of(q);
	Perimeter &perimeter = pair.perimeter();
	const Access access = pair.access(EntryPoint::Put);

	for (;;) {
		if (perimeter.try_enter(access)) {
			load_relaxed(q->q_putp)(q, mp);
			perimeter.leave(access);
			return;
		}
		Entry &entry = as_entry(mp);
		entry.aim(q, Entry::Tag::Message);
		count_deferred(q);
		switch (perimeter.defer(entry, access, pair.retired())) {
		case Perimeter::Deferred::Queued:
			return;
		case Perimeter::Deferred::Gone:
			uncount_deferred(q);
			flow_around(q, as_message(entry));
			return;
		case Perimeter::Deferred::Retry:
			uncount_deferred(q);
			as_message(entry);
		}
	}
}

extern "C" void strm_put_outside(queue_t *q, mblk_t *mp)
{
	if (lin_cannot_enter()) {
		do_later(q, mp, Later::Put);
		return;
	}
	BottomHalvesOff off;
	put(q, mp);
}

extern "C" void strm_putnext_outside(queue_t *q, mblk_t *mp)
{
	if (lin_cannot_enter()) {
		do_later(q, mp, Later::PutNext);
		return;
	}
	BottomHalvesOff off;
	putnext(q, mp);
}

// A module's mistake, or a driver that sends after its stream is gone.
extern "C" void strm_put_nowhere(queue_t *, mblk_t *mp)
{
	lin_count(LIN_STAT_messages_nowhere);
	freemsg(mp);
}

extern "C" void qreply(queue_t *q, mblk_t *mp)
{
	putnext(OTHERQ(q), mp);
}

extern "C" int putctl(queue_t *q, int type)
{
	if (datamsg(type) && type != M_DELAY)
		return 0;
	mblk_t *mp = allocate_typed(0, type, LIN_GFP_ATOMIC);
	if (!mp)
		return 0;
	put(q, mp);
	return 1;
}

namespace {

mblk_t *control_byte(int type, int param)
{
	if (datamsg(type) && type != M_DELAY)
		return nullptr;
	mblk_t *mp = allocate_typed(1, type, LIN_GFP_ATOMIC);
	if (mp)
		*mp->b_wptr++ = static_cast<unsigned char>(param);
	return mp;
}

} // namespace

extern "C" int putctl1(queue_t *q, int type, int param)
{
	mblk_t *mp = control_byte(type, param);
	if (!mp)
		return 0;
	put(q, mp);
	return 1;
}

extern "C" int putnextctl(queue_t *q, int type)
{
	if (datamsg(type) && type != M_DELAY)
		return 0;
	mblk_t *mp = allocate_typed(0, type, LIN_GFP_ATOMIC);
	if (!mp)
		return 0;
	putnext(q, mp);
	return 1;
}

extern "C" int putnextctl1(queue_t *q, int type, int param)
{
	mblk_t *mp = control_byte(type, param);
	if (!mp)
		return 0;
	putnext(q, mp);
	return 1;
}
