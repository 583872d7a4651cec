// SPDX-License-Identifier: GPL-2.0-only
//
// Queue pairs: what lies behind a queue_t.
#pragma once

#include <perimeter/perimeter.hh>
#include <streams_core/message/message.hh>
#include <sys/stream.h>

namespace strm {

class QueuePair;
struct Callback; // callback.cc

// The framework's part of one queue.
//
// `lock` guards the list of messages, the counters, the bands and q_flag of the
// queue_t.  It is never held across a procedure, and no two queues' locks are
// ever held together.  q_flag and the counters are also read without it, marked
// as such, where the answer may be stale.
struct QueueState {
	explicit QueueState(LockClass &kind) : lock(kind) {}

	SpinLock lock;

	// What is to be done about the service procedure: the bits of schedule.cc.
	// Listed holds a reference of the pair, so one that is closed stays in
	// memory until no list has it.
	Atomic<u32> schedule;
	Work work{};
	Entry entry{}; // in the perimeter's FIFO, while Running is turned away

	// Messages for this queue that wait at its perimeter.  They are on no queue,
	// so flow control would not see them: too many choke the queue.
	Atomic<u32> deferred;
	u32 ran = 0;	     // of these, and not uncounted yet; the drainer's
	Atomic<u32> writers; // functions of qwriter() that wait to be alone

	// Message blocks on the queue, in all bands; under `lock`.  Each band has
	// its own marks, so that the bands of one queue could hold 256 times what
	// one may: too many choke the queue as well.
	u32 blocks = 0;

	// What qtimeout() and qbufcall() of this queue have asked for; under `lock`.
	Callback *callbacks = nullptr;

	queue_t *queue = nullptr;
};

// What a queue pair is made of.
struct PairParts {
	const char *name;
	qinit *read;
	qinit *write;
	const Modes &modes;
	Perimeter &perimeter;		      // the pair takes a reference
	QueuePair *head;		      // of its stream; a null pointer: it is that itself
	Perimeter *write_perimeter = nullptr; // where it is another one: D_MTPERQ
};

// The base of what a stream consists of: the stream head and its components.
// The queues come first in the object, whatever it is.
class QueuePair : NoCopy {
public:
	explicit QueuePair(const PairParts &parts);

	static QueuePair &of(queue_t *q)
	{
		return *reinterpret_cast<QueuePair *>(RD(q)); // the first member
	}

	// A reference keeps the pair in memory, not its neighbours: only while it
	// is not retired, seen inside an RCU section, may q_next be followed.
	[[nodiscard]] bool try_get(); // false: it is on its way out
	void put();		      // the last one frees, with kfree(), after a grace period

	// Process context, plumbing lock held, before procs_on(): the place in the
	// stream is below `above`; without this it is below the head.
	void place_below(QueuePair &above) { above_ = &above; }

	queue_t *rd() { return &queues_[0]; }
	queue_t *wr() { return &queues_[1]; }
	const char *name() const { return name_; }
	bool is_head() const { return head_ == this; }
	Perimeter &perimeter() { return Perimeter::of(queues_[0].q_gate); }
	Perimeter &write_perimeter() { return Perimeter::of(queues_[1].q_gate); }
	Access access(EntryPoint entry) const { return modes_.access(entry); }
	const Modes &modes() const { return modes_; }
	// Of a queue of the pair: it has left the stream, or never was in one.
	const Atomic<u32> &retired(const queue_t *q) const { return retired_[q != queues_]; }
	const Atomic<u32> &retired() const { return retired_[0]; }
	Scope scope() const { return modes_.scope; }

	// Process context: around open and close, and in between for qwait().
	void enter_open_close();
	void exit_open_close();
	int wait_outside(bool interruptible); // 0: a signal has come

	// Freezing the stream that this pair is of: freeze.cc.
	void freeze();
	void thaw();
	bool frozen_by_other() const;
	void wait_for_thaw(); // who holds no claim and may be preempted

	// Set where flow control looks for `q` and for who puts to it, after `q`
	// began or ceased to be a place where it looks.
	void refresh_flow(queue_t *q);

	// Process context, plumbing lock held, in open and close.
	void procs_on();
	void procs_off();

	// The end of a stream head, which nothing points to any more.  Its put
	// procedure may still run for somebody: what that needs is freed after a
	// grace period, what it queues with the pair.
	void head_off();

	// Process context, after procs_off() or head_off(): free what is queued.
	void empty();

private:
	void link() STRM_REQUIRES(head_->chain_);
	void unlink() STRM_REQUIRES(head_->chain_);
	void wake_behind();
	int pass_on(Entry *&deferred, bool moved, int most); // how many
	bool per_queue() const { return queues_[0].q_gate != queues_[1].q_gate; }
	bool owns_outer(); // in open and close
	void be_alone();
	void be_as_before();
	void retire(queue_t *first, queue_t *last);
	static void bury(lin_rcu_head *head);

	queue_t queues_[2]{}; // read, write: RD() and WR() rely on it
	QueueState states_[2];
	QueuePair *head_;  // of the stream, which outlives its modules
	QueuePair *above_; // in the stream; from procs_on() on, what it was then
	Modes modes_;
	char name_[16]{};
	Atomic<u32> refs_{ 1 };
	Atomic<u32> retired_[2]; // for each queue; set under its perimeter's lock, by its owner
	lin_rcu_head grave_{};

	// Of a head alone, for its stream.  `chain_` guards q_next and q_nfsrv of
	// all queues against other writers, and is held while the stream is frozen.
	SpinLock chain_;
	Atomic<int> freezer_; // the CPU that froze it, and 1; written under chain_
};

// Process context.  A null pointer without memory.
template <typename T, typename... More> T *create_pair(const PairParts &parts, More &...more)
{
	static_assert(__is_base_of(QueuePair, T));
	void *memory = lin_kmalloc(sizeof(T), LIN_GFP_USER);
	return memory ? new (memory) T(parts, more...) : nullptr;
}

inline QueueState &inner(queue_t *q)
{
	return *static_cast<QueueState *>(q->q_private);
}

inline Perimeter &perimeter_of(queue_t *q)
{
	return Perimeter::of(q->q_gate);
}

// Enters the perimeters of `q`; where that is not possible now, `entry` waits, and
// run_entry() is called with it, inside.  Bottom halves are off.  Gone: `q` has left its
// stream, and the entry is the caller's.
Perimeter::Deferred enter_or_defer(queue_t *q, EntryPoint point, Entry &entry);
void leave_perimeters(queue_t *q, EntryPoint point); // after Entered

inline bool has_service(const queue_t *q)
{
	return q->q_qinfo->qi_srvp != nullptr;
}

// Takes the lock of a queue whose messages or fields are to be changed.  While
// the stream is frozen only the freezer gets past it.
class STRM_SCOPED [[nodiscard]] QueueGuard : NoCopy {
public:
	explicit QueueGuard(queue_t *q) STRM_ACQUIRE(inner(q).lock);
	~QueueGuard() STRM_RELEASE { lock_.unlock(); }

private:
	SpinLock &lock_;
};

inline bool frozen(const queue_t *q)
{
	return load_relaxed(q->q_flag) & QFROZEN;
}

// Bottom halves are off: waits where another CPU has frozen the stream.
void wait_while_frozen(queue_t *q);

// A message is given to a queue that has been taken out of its stream.
int flow_around(queue_t *q, mblk_t *mp);

// Whether what was given to this queue waits to be let in.  Bottom halves are off.
inline bool waits_outside(queue_t *q)
{
	return inner(q).deferred.acquire() || inner(q).writers.acquire();
}

// Whether its service procedure runs, or is to.
bool service_due(queue_t *q);

// Both, looked at in the order in which work moves on: a put procedure queues what a
// service procedure gives to qwriter().
inline bool is_busy(queue_t *q)
{
	return inner(q).deferred.acquire() || service_due(q) || inner(q).writers.acquire();
}

// The put procedure that `q` has while it is not frozen, and the one while it is.
strm_put_t thawed_put(const queue_t *q);
int frozen_put(queue_t *q, mblk_t *mp);

// Under the queue's lock.
inline void change_flags(queue_t *q, uint_t set, uint_t clear)
{
	store_relaxed(q->q_flag, (q->q_flag | set) & ~clear);
}
qband_t *find_band(queue_t *q, unsigned band); // or a null pointer
bool make_bands(queue_t *q, unsigned band);    // false: no memory; those made stay

// Messages that may wait at the perimeter for one queue before its writers are
// held off, and how few must be left before they go on: none, so that those who come
// then find no backlog, and go straight in.
constexpr u32 most_deferred = 1024;
constexpr u32 few_deferred = 0;

// Hold writers off `q`, all bands, until less waits at its perimeter or on it.
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
// procedure: it can go on, or must look again.  The marks tell it which bands.
struct BandSet {
	u32 words[8] = {};

	void add(unsigned band) { words[band / 32] |= 1u << (band % 32); }
	bool has(unsigned band) const { return words[band / 32] & (1u << (band % 32)); }
	bool any() const;
};
void enable_behind(queue_t *q, const BandSet &bands);
void enable_behind(queue_t *q, unsigned band);

// Nothing is on the queue, waits for it at its perimeter, or is in the hands of its
// service procedure.  Of use where nobody puts to it any more.
bool drained(queue_t *q);

// What QueueState::schedule says, in a word.
const char *schedule_name(u32 schedule);

// An interrupt handler's put(), putnext() or putq(): done in softirq.
enum class Later : u8 { Put, PutNext, Putq };
void do_later(queue_t *q, mblk_t *mp, Later what);

// Callbacks of qtimeout() and qbufcall(), as entries of a FIFO.
void run_deferred_callback(Entry &entry); // inside the perimeters
void drop_callback(Entry &entry);	  // instead, when its pair is taken out
queue_t *queue_of_callback(const Entry &entry);

// What close has not cancelled will not be called.  QPROCS is off, and the caller is
// alone in the perimeters of `q`.
void callbacks_off(queue_t *q);

// Such a mistake: `func` was asked for, for `q`.
void callback_left_behind(queue_t *q, void (*func)(void *arg));

int interrupt_init();
void interrupt_exit();

} // namespace strm

extern "C" {
// What linux/hop.c calls when a message cannot go straight in.
void strm_put_outside(queue_t *q, mblk_t *mp);	   // bottom halves are on
void strm_putnext_outside(queue_t *q, mblk_t *mp); // bottom halves are on
void strm_put_turned_away(queue_t *q, mblk_t *mp); // the gate is not open
void strm_put_deep(queue_t *q, mblk_t *mp);	   // too much is on the stack already
void strm_put_nowhere(queue_t *q, mblk_t *mp);	   // there is no next queue
int strm_room_from(queue_t *q, uchar_t pri);	   // bcanput(), by a closer look
int strm_room_after(queue_t *q, uchar_t pri);	   // bcanputnext(), the same
}
