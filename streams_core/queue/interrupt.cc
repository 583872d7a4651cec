// SPDX-License-Identifier: GPL-2.0-only
//
// What an interrupt handler puts.
//
// No put or service procedure runs in a hard interrupt, nor with interrupts
// off.  put(), putnext() and putq() from there append to a list of this CPU and
// raise the softirq, which does them in order.  Each message on the list holds
// a reference of its queue pair.  Nothing orders it against what another softirq
// of the same driver puts directly: a driver hands over in one way or the other.
#include <streams_core/queue/queue.hh>

namespace strm {

namespace {

void deliver(Work &work);

struct Inbox : Work {
	explicit Inbox(LockClass &kind) : Work{ nullptr, deliver }, lock(kind) {}

	RawLock lock;
	mblk_t *first STRM_GUARDED_BY(lock) = nullptr;
	mblk_t *last STRM_GUARDED_BY(lock) = nullptr;
};

constinit LockClass inbox_lock_class{ "streams_inbox", {} };
constinit Inbox *inboxes; // per-CPU

// A driver stops its interrupts before qprocsoff(): what comes later has no
// stream to go to.  Bottom halves are off, so that a pair which is not retired
// now keeps its neighbours until this is over.
void deliver_one(queue_t *q, mblk_t *mp)
{
	if (QueuePair::of(q).retired(q).relaxed()) {
		freemsg(mp);
		return;
	}
	switch (static_cast<Later>(mp->b_pending)) {
	case Later::Put:
		put(q, mp);
		break;
	case Later::PutNext:
		putnext(q, mp);
		break;
	case Later::Putq:
		if (!putq(q, mp)) { // no memory for a band: late is better than never
			mp->b_band = load_relaxed(q->q_nband);
			putq(q, mp);
		}
		break;
	}
}

void deliver(Work &work)
{
	auto &inbox = static_cast<Inbox &>(work);
	mblk_t *list;
	{
		IrqGuard guard(inbox.lock);
		list = inbox.first;
		inbox.first = nullptr;
	}
	while (list) {
		mblk_t *mp = list;
		auto *q = reinterpret_cast<queue_t *>(mp->b_prev);
		list = mp->b_next;
		mp->b_next = nullptr;
		mp->b_prev = nullptr;
		deliver_one(q, mp);
		QueuePair::of(q).put();
	}
}

} // namespace

void do_later(queue_t *q, mblk_t *mp, Later what)
{
	if (!QueuePair::of(q).try_get()) {
		freemsg(mp);
		return;
	}
	lin_count(LIN_STAT_messages_interrupt);
	mp->b_next = nullptr;
	mp->b_prev = reinterpret_cast<mblk_t *>(q);
	mp->b_pending = static_cast<unsigned char>(what);

	lin_preempt_disable();
	auto &inbox = *static_cast<Inbox *>(lin_this_cpu_ptr(inboxes));
	bool was_empty;
	{
		IrqGuard guard(inbox.lock);
		was_empty = !inbox.first;
		if (was_empty)
			inbox.first = mp;
		else
			inbox.last->b_next = mp;
		inbox.last = mp;
		// Under the lock: the work is on a runner's list once, namely since
		// the list became non-empty, until deliver() empties it.
		if (was_empty)
			runner_add(inbox);
	}
	lin_preempt_enable();
}

int interrupt_init()
{
	inboxes = static_cast<Inbox *>(lin_alloc_percpu(sizeof(Inbox), alignof(Inbox)));
	if (!inboxes)
		return -12;
	for (int cpu = 0; cpu < lin_nr_cpu_ids(); cpu++) {
		if (void *inbox = lin_per_cpu_ptr(inboxes, cpu))
			new (inbox) Inbox(inbox_lock_class);
	}
	return 0;
}

void interrupt_exit()
{
	lin_free_percpu(inboxes);
	inboxes = nullptr;
}

} // namespace strm
