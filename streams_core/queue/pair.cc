// SPDX-License-Identifier: GPL-2.0-only
//
// Queue pairs come into a stream and leave it.
//
// Before procs_on() and after procs_off() messages flow around a pair: its
// neighbours point at each other.  A message that was on its way to a pair when
// that left finds flow_around() as its put procedure, and goes on to where the
// pair's own q_next still points.
#include <streams_core/queue/queue.hh>

namespace strm {

void schedule_init(queue_t *q);
void free_bands(queue_t *q);
void free_messages(queue_t *q);

namespace {

constinit LockClass queue_lock_class{ "streams_queue", {} };

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
	store_relaxed(q->q_flag, (q->q_flag | set) & ~clear);
}

} // namespace

QueuePair::QueuePair(const char *name, const Modes &modes, Perimeter &perimeter, QueuePair *head)
	: read_(queue_lock_class), write_(queue_lock_class), perimeter_(&perimeter),
	  head_(head ? head : this), modes_(modes)
{
	for (size_t i = 0; i + 1 < sizeof(name_) && name[i]; i++)
		name_[i] = name[i];
	grave_.pair = this;
	perimeter.get();
}

QueuePair *QueuePair::create(const char *name, qinit *read, qinit *write, const Modes &modes,
			     Perimeter &perimeter, QueuePair *head)
{
	void *memory = lin_kzalloc(sizeof(QueuePair), LIN_GFP_USER);
	if (!memory)
		return nullptr;

	auto *pair = new (memory) QueuePair(name, modes, perimeter, head);
	pair->rd()->q_private = &pair->read_;
	pair->wr()->q_private = &pair->write_;
	pair->rd()->q_flag = QREADR | QWANTR;
	pair->wr()->q_flag = QWANTR;
	pair->set_procedures(read, write);
	for (queue_t &q : pair->queues_) {
		q.q_putp = flow_around;
		q.q_gate = perimeter.gate();
		schedule_init(&q);
	}
	return pair;
}

void QueuePair::set_procedures(qinit *read, qinit *write)
{
	take_limits(rd(), read);
	take_limits(wr(), write);
}

QueuePair &QueuePair::of(queue_t *q)
{
	// The queues are the first member.
	return *reinterpret_cast<QueuePair *>(RD(q));
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
		lin_call_rcu(&grave_.head, bury);
}

void QueuePair::bury(lin_rcu_head *head)
{
	QueuePair *pair = reinterpret_cast<Grave *>(head)->pair;

	// Nobody can see the queues any more, but somebody who still saw them may
	// have asked for room, or queued a message, after empty().
	for (queue_t &q : pair->queues_) {
		free_messages(&q);
		free_bands(&q);
	}
	pair->perimeter_->put();
	lin_kfree(pair);
}

void QueuePair::link()
{
	if (this == head_)
		return;
	// What points into the stream first, then the stream's pointers to it: a
	// message that finds the pair finds its way on.  Pairs with the acquiring
	// loads of q_next.
	queue_t *below = head_->wr()->q_next;
	store_release(rd()->q_next, head_->rd());
	store_release(wr()->q_next, below);
	if (below)
		store_release(OTHERQ(below)->q_next, rd());
	store_release(head_->wr()->q_next, wr());
}

void QueuePair::unlink()
{
	queue_t *below = wr()->q_next;

	for (queue_t *above = head_->wr(); above; above = above->q_next) {
		if (above->q_next == wr()) {
			store_release(above->q_next, below);
			if (below)
				store_release(OTHERQ(below)->q_next, OTHERQ(above));
			return;
		}
	}
}

void QueuePair::procs_on()
{
	if (load_relaxed(rd()->q_flag) & (QPROCS | QWCLOSE))
		return;
	for (queue_t &q : queues_) {
		store_relaxed(q.q_putp, q.q_qinfo->qi_putp); // link() publishes it
		set_flags(&q, QPROCS, 0);
	}
	link();
	wake_behind();
	for (queue_t &q : queues_) {
		if (load_relaxed(q.q_first))
			qenable(&q); // queued by open, before it could be served
	}
}

// Who asks for room now looks at another queue than before: whoever waits for
// the one that was looked at must ask again.
void QueuePair::wake_behind()
{
	for (queue_t &q : queues_)
		enable_behind(&q);
}

void QueuePair::procs_off()
{
	if (!(load_relaxed(rd()->q_flag) & QPROCS)) {
		set_flags(rd(), QWCLOSE, 0);
		return;
	}
	const Access held = access(EntryPoint::OpenClose);
	perimeter_->upgrade(held);

	// Writers stop, and nothing is scheduled any more, or there would be no end
	// to what has to be passed on.
	for (queue_t &q : queues_) {
		choke(&q);
		set_flags(&q, QWCLOSE, QPROCS);
	}

	// Alone inside now: no procedure runs.  What had come for this pair and
	// waits goes on in order, before anybody can see the way past it.
	Entry *deferred;
	while (!perimeter_->retire(rd(), wr(), retired_, deferred))
		pass_on(deferred);
	for (queue_t &q : queues_)
		store_relaxed(q.q_putp, flow_around); // before the gate opens again
	unlink();
	wake_behind();

	perimeter_->downgrade(held);
}

void QueuePair::empty()
{
	for (queue_t &q : queues_)
		flushq(&q, FLUSHALL);
}

} // namespace strm

using namespace strm;

extern "C" void qprocson(queue_t *q)
{
	QueuePair::of(q).procs_on();
}

extern "C" void qprocsoff(queue_t *q)
{
	QueuePair::of(q).procs_off();
}
