// SPDX-License-Identifier: GPL-2.0-only
//
// Queue pairs: what lies behind a queue_t.
#pragma once

#include <perimeter/perimeter.hh>
#include <streams_core/message/message.hh>
#include <sys/stream.h>

// The framework's part of one queue.
//
// `lock` guards the list of messages, the counters, the bands and q_flag of the
// queue_t.  It is never held across a procedure, and no two queues' locks are
// ever held together.  q_flag and the counters are also read without it, marked
// as such, where the answer may be stale.
struct strm_queue {
	explicit strm_queue(strm::LockClass &kind) : lock(kind) {}

	strm::SpinLock lock;

	// Idle -> Queued -> Running -> Idle, or Again while Running.  Whoever makes
	// it Queued takes a reference of the pair and puts `work` on a runner's
	// list; whoever makes it Idle gives the reference back.  So a queue is on
	// one list at most, one thread at most runs its service procedure, and a
	// pair that is closed stays in memory until no list has it.
	strm::Atomic<strm::u32> schedule;
	strm::Work work{};
	strm::Entry entry{}; // in the perimeter's FIFO, while Running is turned away

	// Messages for this queue that wait at its perimeter.  They are on no queue,
	// so flow control would not see them: above most_deferred the queue is
	// choked.
	strm::Atomic<strm::u32> deferred;
	queue_t *queue = nullptr;
};

namespace strm {

class QueuePair : NoCopy {
public:
	// Process context.  A null pointer without memory.  Takes a reference of
	// the perimeter.  Without `head` the pair is a stream head itself.
	static QueuePair *create(const char *name, qinit *read, qinit *write, const Modes &modes,
				 Perimeter &perimeter, QueuePair *head);
	static QueuePair &of(queue_t *q);

	// A reference keeps the pair in memory, not its neighbours: only while it
	// is not retired, seen inside an RCU section, may q_next be followed.
	[[nodiscard]] bool try_get(); // false: it is on its way out
	void put();		      // the last one frees, after a grace period

	queue_t *rd() { return &queues_[0]; }
	queue_t *wr() { return &queues_[1]; }
	const char *name() const { return name_; }
	Perimeter &perimeter() { return *perimeter_; }
	Access access(EntryPoint entry) const { return modes_.access(entry); }
	const Atomic<u32> &retired() const { return retired_; }

	// Take procedures and limits from other tables: the clone open of a
	// driver.  Nobody is inside.
	void set_procedures(qinit *read, qinit *write);

	// Process context, plumbing lock held, in open and close.
	void procs_on();
	void procs_off();

	// Process context, after procs_off(): free what is queued.
	void empty();

private:
	struct Grave {
		lin_rcu_head head; // first
		QueuePair *pair;
	};

	QueuePair(const char *name, const Modes &modes, Perimeter &perimeter, QueuePair *head);
	void link();
	void unlink();
	void wake_behind();
	void pass_on(Entry *deferred);
	static void bury(lin_rcu_head *head);

	queue_t queues_[2]{}; // read, write: RD() and WR() rely on it
	strm_queue read_;
	strm_queue write_;
	Perimeter *perimeter_;
	QueuePair *head_; // of the stream, which outlives its modules
	Modes modes_;
	char name_[16]{};
	Atomic<u32> refs_{ 1 };
	Atomic<u32> retired_; // set under the perimeter's lock, by its owner
	Grave grave_{};
};

inline strm_queue &inner(queue_t *q)
{
	return *q->q_private;
}

inline bool has_service(const queue_t *q)
{
	return q->q_qinfo->qi_srvp != nullptr;
}

// A message is given to a queue that has been taken out of its stream.
int flow_around(queue_t *q, mblk_t *mp);

// Hold writers off `q` until what waits at its perimeter is through, and the end
// of that.
void choke(queue_t *q);
void unchoke(queue_t *q);

// As getq(), for the stream head: back-enabling is left to back_enable_due(),
// which it calls when the message is really consumed.
mblk_t *take_first(queue_t *q);
mblk_t *take_first_if(queue_t *q, bool (*wanted)(const mblk_t *mp, const void *arg),
		      const void *arg);

// Service what is behind `q`, if there is room now for `band` and somebody
// waits for it.
void back_enable_due(queue_t *q, unsigned band);

// Enable the nearest queue that puts in the direction of `q` and has a service
// procedure: it can go on, or must look again.
void enable_behind(queue_t *q);

// An interrupt handler's put(), putnext() or putq(): done in softirq.
enum class Later : u8 { Put, PutNext, Putq };
void do_later(queue_t *q, mblk_t *mp, Later what);

int interrupt_init();
void interrupt_exit();

} // namespace strm

extern "C" {
// What linux/hop.c calls when a message cannot go straight in.
void strm_put_outside(queue_t *q, mblk_t *mp);	   // bottom halves are on
void strm_putnext_outside(queue_t *q, mblk_t *mp); // bottom halves are on
void strm_put_turned_away(queue_t *q, mblk_t *mp); // the gate is not open
void strm_put_nowhere(queue_t *q, mblk_t *mp);	   // there is no next queue
}
