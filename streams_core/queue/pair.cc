// SPDX-License-Identifier: GPL-2.0-only
//
// Queue pairs come into a stream and leave it.
//
// Before procs_on() and after procs_off() messages flow around a pair: its
// neighbours point at each other.  A message that was on its way to a pair when
// that left finds flow_around() as its put procedure, and goes on to where the
// pair's own q_next still points.
#include <streams_core/queue/queue.hh>
#include <strm/rules.h>

namespace strm {

void schedule_init(queue_t *q);
void free_bands(queue_t *q);
void free_messages(queue_t *q);
void set_flow(queue_t *q);

namespace {

constinit LockClass queue_lock_class{ "streams_queue", {} };
constinit LockClass chain_lock_class{ "streams_chain", {} };

void take_limits(queue_t *q, qinit *info)
{
	q->q_qinfo = info;
	q->q_minpsz = info->qi_minfo->mi_minpsz;
	q->q_maxpsz = info->qi_minfo->mi_maxpsz;
	q->q_hiwat = info->qi_minfo->mi_hiwat;
	q->q_lowat = info->qi_minfo->mi_lowat;
}

void set_flags(queue_t *q, uint_t set, uint_t clear)
{
	SpinGuard guard(inner(q).lock);
	change_flags(q, set, clear);
}

} // namespace

QueuePair::QueuePair(const PairParts &parts)
	: states_{ QueueState(queue_lock_class), QueueState(queue_lock_class) },
	  head_(parts.head ? parts.head : this), above_(head_), modes_(parts.modes),
	  chain_(chain_lock_class)
{
	static_assert(__builtin_offsetof(QueuePair, queues_) == 0);

	lin_count(LIN_STAT_pairs_made);
	for (size_t i = 0; i + 1 < sizeof(name_) && parts.name[i]; i++)
		name_[i] = parts.name[i];
	rd()->q_flag = QREADR | QWANTR;
	wr()->q_flag = QWANTR;
	take_limits(rd(), parts.read);
	take_limits(wr(), parts.write);
	for (int i = 0; i < 2; i++)
		queues_[i].q_private = &states_[i];
	rd()->q_gate = parts.perimeter.gate();
	wr()->q_gate = parts.write_perimeter ? parts.write_perimeter->gate() : rd()->q_gate;
	perimeter().get();
	if (per_queue())
		write_perimeter().get();
	for (queue_t &q : queues_) {
		q.q_putp = flow_around;
		q.q_nfsrv = &q;
		schedule_init(&q);
	}
}

bool QueuePair::try_get()
{
	u32 references = refs_.relaxed();
	do {
		if (references == 0)
			return false;
	} while (!refs_.compare_exchange(references, references + 1));
	return true;
}

void QueuePair::put()
{
	if (refs_.fetch_sub(1) == 1)
		lin_call_rcu(&grave_, bury);
}

void QueuePair::bury(lin_rcu_head *head)
{
	QueuePair *pair = STRM_CONTAINER(head, QueuePair, grave_);

	// Nobody can see the queues any more, but somebody who still saw them may
	// have asked for room, or queued a message, after empty().
	for (queue_t &q : pair->queues_) {
		free_messages(&q);
		free_bands(&q);
	}
	if (pair->per_queue())
		pair->write_perimeter().put();
	pair->perimeter().put();
	lin_kfree(pair);
	lin_count(LIN_STAT_pairs_freed);
}

void QueuePair::link()
{
	if (this == head_)
		return;
	// What points into the stream first, then the stream's pointers to it: a
	// message that finds the pair finds its way on.  Pairs with the acquiring
	// loads of q_next.
	queue_t *below = above_->wr()->q_next;
	store_release(rd()->q_next, above_->rd());
	store_release(wr()->q_next, below);
	if (below)
		store_release(OTHERQ(below)->q_next, rd());
	store_release(above_->wr()->q_next, wr());
	for (queue_t &q : queues_)
		set_flow(&q);
}

void QueuePair::unlink()
{
	queue_t *below = wr()->q_next;

	for (queue_t *above = head_->wr(); above; above = above->q_next) {
		if (above->q_next != wr())
			continue;
		store_release(above->q_next, below);
		if (below) {
			store_release(OTHERQ(below)->q_next, OTHERQ(above));
			set_flow(OTHERQ(below));
		}
		set_flow(above);
		return;
	}
}

void QueuePair::refresh_flow(queue_t *q)
{
	BottomHalvesOff off; // the freezer is told by its CPU
	if (frozen(q) && !frozen_by_other()) {
		set_flow(q); // it has the lock already
		return;
	}
	SpinGuard guard(head_->chain_);
	set_flow(q);
}

// Another queue decides now whether there is room: whoever waits must ask again.
// Whether anybody does cannot be told by the marks: one may have been taken from
// the queue that decided by somebody who has yet to walk to the waiter, and will
// find this pair in the way.
void QueuePair::wake_behind()
{
	if (!wr()->q_next)
		return; // a driver: the stream begins or ends, and nobody waits yet or still
	lin_smp_mb();	// (G) q_nfsrv, before the look at who waits; pairs with (F)
	Section section;
	for (queue_t &q : queues_)
		enable_behind(&q, 0u);
}

void QueuePair::procs_on()
{
	if (load_relaxed(rd()->q_flag) & (QPROCS | QWCLOSE))
		return;
	{
		SpinGuard guard(head_->chain_);
		for (queue_t &q : queues_) {
			store_relaxed(q.q_putp, q.q_qinfo->qi_putp); // link() publishes it
			set_flags(&q, QPROCS, 0);
		}
		link();
	}
	wake_behind();
	for (queue_t &q : queues_) {
		if (load_relaxed(q.q_first))
			qenable(&q); // queued by open, before it could be served
	}
}

void QueuePair::head_off()
{
	for (queue_t &q : queues_) {
		set_flags(&q, QWCLOSE, QPROCS);
		store_relaxed(q.q_putp, flow_around);
	}
	retire(rd(), wr()); // what was put too deep, hop.c
}

void QueuePair::procs_off()
{
	if (!(load_relaxed(rd()->q_flag) & QPROCS)) {
		set_flags(rd(), QWCLOSE, 0);
		return;
	}
	be_alone();

	// No procedure runs.  Writers stop, and nothing is scheduled any more, or there
	// would be no end to what has to be passed on.
	for (queue_t &q : queues_) {
		set_flags(&q, QWCLOSE, QPROCS);
		callbacks_off(&q);
		choke(&q);
	}

	// What had come for this pair and waits goes on in order, before anybody can see
	// the way past it.
	if (per_queue()) {
		retire(rd(), rd());
		retire(wr(), wr());
	} else {
		retire(rd(), wr());
	}
	{
		SpinGuard guard(head_->chain_);
		for (queue_t &q : queues_)
			store_relaxed(q.q_putp, flow_around); // before the gate opens again
		unlink();
	}
	wake_behind();

	be_as_before();
}

// What waits goes on as if it had not waited: put procedures run.  Meanwhile more may come,
// from interrupts and others that do not ask for room, and for ever if they are faster
// than put procedures are.  Therefore that is only moved on, with bottom halves off,
// so that none of it comes from this CPU.
void QueuePair::retire(queue_t *first, queue_t *last)
{
	constexpr int most_moved = 1024; // before whatever else this CPU has to do
	Perimeter &perimeter = perimeter_of(first);
	Atomic<u32> *flags = &retired_[first - queues_];
	const int count = int(last - first) + 1;
	Entry *waiting;

	if (perimeter.retire(first, last, flags, count, waiting))
		return;
	pass_on(waiting, false, __INT_MAX__);
	for (;;) {
		BottomHalvesOff off;
		for (int left = most_moved; left > 0; left -= pass_on(waiting, true, left)) {
			if (!waiting && perimeter.retire(first, last, flags, count, waiting))
				return;
		}
	}
}

void QueuePair::empty()
{
	for (queue_t &q : queues_) {
		if (load_relaxed(q.q_first))
			flushq(&q, FLUSHALL);
	}
}

} // namespace strm

using namespace strm;

extern "C" void qprocson(queue_t *q)
{
	if (strm_rules_on) [[unlikely]]
		strm_rules_waiting(q, "qprocson");
	QueuePair::of(q).procs_on();
}

extern "C" void qprocsoff(queue_t *q)
{
	if (strm_rules_on) [[unlikely]]
		strm_rules_waiting(q, "qprocsoff");
	QueuePair::of(q).procs_off();
}
