// SPDX-License-Identifier: GPL-2.0-only
//
// How a message enters a queue when it cannot go straight in.
//
// The straight way, an open gate, is linux/hop.c: claim, call, release.  Here
// is the rest: the perimeter is taken or exclusive, bottom halves are on, or the
// caller is an interrupt handler.
#include <streams_core/queue/queue.hh>
#include <strm/rules.hh>

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

void uncount_deferred(queue_t *q, u32 messages = 1)
{
	const u32 before = inner(q).deferred.fetch_sub(messages);
	lin_smp_mb(); // the count, before the flag; pairs with choke()
	if (before - messages <= few_deferred && (load_relaxed(q->q_flag) & QCHOKED))
		unchoke(q);
}

mblk_t *as_message(Entry &entry)
{
	auto *mp = reinterpret_cast<mblk_t *>(&entry);
	mp->b_next = nullptr;
	mp->b_prev = nullptr;
	return mp;
}

void call_put(queue_t *q, mblk_t *mp)
{
	Inside inside(q, STRM_IN_PUT);
	load_relaxed(q->q_putp)(q, mp);
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

namespace {

// To the end of what waits for `q`, even if it could go straight in.
void put_behind(queue_t *q, mblk_t *mp)
{
	Entry &entry = as_entry(mp);

	entry.aim(q, Entry::Tag::Message);
	count_deferred(q);
	if (perimeter_of(q).put_off(entry, QueuePair::of(q).retired(q)))
		return;
	uncount_deferred(q);
	flow_around(q, as_message(entry));
}

// As flow_around(), but no put procedure runs now.
void move_around(queue_t *q, mblk_t *mp)
{
	queue_t *next = load_acquire(q->q_next);

	lin_count(LIN_STAT_messages_around);
	if (next)
		put_behind(next, mp);
	else
		freemsg(mp);
}

} // namespace

void service_deferred(queue_t *q);
void service_done(queue_t *q);
void run_deferred_callback(Entry &entry);
void drop_callback(Entry &entry);
queue_t *queue_of_callback(const Entry &entry);
void run_writer(Entry &entry);

const void *queue_of_entry(const Entry &entry)
{
	return entry.tag() == Entry::Tag::Callback ? queue_of_callback(entry) :
						     entry.target<queue_t>();
}

namespace {

// Not uncounted before the put procedure has returned: who finds none waiting goes
// straight in.  And not one by one, as others count there too.
void run_message(queue_t *q, mblk_t *mp, const Entry *next)
{
	call_put(q, mp);
	const u32 ran = ++inner(q).ran;
	if (next && next->tag() == Entry::Tag::Message && next->target<queue_t>() == q)
		return;
	inner(q).ran = 0;
	uncount_deferred(q, ran);
}

} // namespace

void run_entry(Entry &entry, const Entry *next)
{
	queue_t *q = entry.target<queue_t>();

	switch (entry.tag()) {
	case Entry::Tag::Message:
		run_message(q, as_message(entry), next);
		break;
	case Entry::Tag::Service:
		service_deferred(q);
		break;
	case Entry::Tag::Callback:
		run_deferred_callback(entry);
		break;
	case Entry::Tag::Writer:
	case Entry::Tag::OuterWriter:
		run_writer(entry);
		break;
	case Entry::Tag::Waiter:
	case Entry::Tag::Nested:
		break; // the perimeter's own
	}
}

namespace {

void trace_turned_away(queue_t *q)
{
	if (strm_trace_perimeter_on) [[unlikely]]
		lin_trace_turned_away(q, &perimeter_of(q), load_relaxed(q->q_gate->word));
}

} // namespace

Perimeter::Deferred enter_or_defer(queue_t *q, EntryPoint point, Entry &entry)
{
	QueuePair &pair = QueuePair::of(q);
	Perimeter &perimeter = perimeter_of(q);

	if (perimeter.try_enter(pair.access(point), false))
		return Perimeter::Deferred::Entered;
	trace_turned_away(q);
	return perimeter.defer(entry, false, pair.retired(q));
}

void leave_perimeters(queue_t *q, EntryPoint point)
{
	perimeter_of(q).leave(QueuePair::of(q).access(point));
}

// In order, and before anybody can see the way past this queue.  `moved`: whoever gets
// it takes it later.  What is beyond `most` stays for the next time.
int QueuePair::pass_on(Entry *&deferred, bool moved, int most)
{
	int count = 0;

	for (; deferred && count < most; count++) {
		BottomHalvesOff off; // anew for each: there may be many
		Entry *entry = deferred;
		deferred = entry->next;
		queue_t *q = entry->target<queue_t>();
		switch (entry->tag()) {
		case Entry::Tag::Message:
			if (moved)
				move_around(q, as_message(*entry));
			else
				flow_around(q, as_message(*entry));
			// Counted until it is counted elsewhere, for settle(); and the
			// queue stays choked.
			inner(q).deferred.fetch_sub(1);
			break;
		case Entry::Tag::Service:
			service_done(q); // it has run for the last time
			break;
		case Entry::Tag::Callback:
			drop_callback(*entry);
			break;
		default: // no writer: they run before whoever closes gets in
			run_entry(*entry, nullptr);
		}
	}
	return count;
}

} // namespace strm

using namespace strm;

extern "C" void strm_put_turned_away(queue_t *q, mblk_t *mp)
{
	QueuePair &pair = QueuePair::of(q);
	Perimeter &perimeter = perimeter_of(q);
	const Access access = pair.access(EntryPoint::Put);
	const bool backlog = inner(q).deferred.acquire() != 0; // pairs with uncount_deferred()

	if (!perimeter.try_enter(access, backlog)) {
		trace_turned_away(q);
		Entry &entry = as_entry(mp);
		entry.aim(q, Entry::Tag::Message);
		count_deferred(q);
		const auto answer = perimeter.defer(entry, backlog, pair.retired(q));
		if (answer == Perimeter::Deferred::Queued)
			return;
		uncount_deferred(q);
		as_message(entry);
		if (answer == Perimeter::Deferred::Gone) {
			flow_around(q, mp);
			return;
		}
	}
	call_put(q, mp);
	perimeter.leave(access);
}

extern "C" void strm_put_deep(queue_t *q, mblk_t *mp)
{
	lin_count(LIN_STAT_messages_deep);
	put_behind(q, mp);
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
