// SPDX-License-Identifier: GPL-2.0-only
//
// Freezing a stream, freezestr(9F).
//
// The freezer holds the chain lock of the stream, so that no queue comes or goes
// and nobody else freezes, and marks each queue, one after the other.  A marked
// queue is not changed by others (QueueGuard), and its procedures are not begun:
// its put procedure is frozen_put(), its service looks at the mark.  Who comes to
// one of these waits there for the chain lock, with whatever claim it has: the
// freezer has bottom halves off, needs no claim, and is soon done.  A procedure that
// was about to begin when the mark was made goes on until it comes to a queue.
#include <streams_core/queue/queue.hh>

namespace strm {

QueueGuard::QueueGuard(queue_t *q) : lock_(inner(q).lock)
{
	for (;;) {
		lock_.lock();
		if (!frozen(q) || !QueuePair::of(q).frozen_by_other()) [[likely]]
			return;
		lock_.unlock();
		wait_while_frozen(q);
	}
}

void wait_while_frozen(queue_t *q)
{
	// Pairs with mark(): what the freezer has changed is seen.  The wait is for the
	// lock that the freezer has, so that it is not kept from its CPU (PREEMPT_RT).
	while (load_acquire(q->q_flag) & QFROZEN) {
		BottomHalvesOff off;
		if (!QueuePair::of(q).frozen_by_other())
			return;
		QueuePair::of(q).wait_for_thaw();
	}
}

strm_put_t thawed_put(const queue_t *q)
{
	return load_relaxed(q->q_flag) & QPROCS ? q->q_qinfo->qi_putp : flow_around;
}

int frozen_put(queue_t *q, mblk_t *mp)
{
	wait_while_frozen(q);
	return thawed_put(q)(q, mp);
}

// Asked with bottom halves off: the freezer stays on its CPU, and nobody else
// gets there.
bool QueuePair::frozen_by_other() const
{
	return head_->freezer_.relaxed() != lin_smp_processor_id() + 1;
}

void QueuePair::wait_for_thaw()
{
	SpinGuard guard(head_->chain_);
}

namespace {

void mark(queue_t *q, bool frozen)
{
	SpinGuard guard(inner(q).lock);
	store_relaxed(q->q_putp, frozen ? frozen_put : thawed_put(q));
	store_release(q->q_flag, frozen ? q->q_flag | QFROZEN : q->q_flag & ~uint_t(QFROZEN));
}

} // namespace

void QueuePair::freeze() STRM_NO_ANALYSIS
{
	head_->chain_.lock();
	head_->freezer_.set_relaxed(lin_smp_processor_id() + 1);
	for (queue_t *q = head_->wr(); q; q = q->q_next) {
		mark(q, true);
		mark(OTHERQ(q), true);
	}
}

void QueuePair::thaw() STRM_NO_ANALYSIS
{
	for (queue_t *q = head_->wr(); q; q = q->q_next) {
		mark(q, false);
		mark(OTHERQ(q), false);
	}
	head_->freezer_.set_relaxed(0);
	head_->chain_.unlock();
}

} // namespace strm

using namespace strm;

extern "C" void freezestr(queue_t *q)
{
	QueuePair::of(q).freeze();
}

extern "C" void unfreezestr(queue_t *q)
{
	QueuePair::of(q).thaw();
}
