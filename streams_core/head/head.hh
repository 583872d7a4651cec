// SPDX-License-Identifier: GPL-2.0-only
//
// The stream head: what a file descriptor of a stream leads to.
//
// It is the top queue pair of a stream.  System calls put messages into its
// write queue's successor and take them from its read queue; its own put
// procedure (rput.cc) runs in softirq, queues and wakes.
//
// A process sleeps on `wait`, for whatever reason, and looks again at each
// wake-up.  Nothing is locked while it sleeps, but for the ioctl slot.
#pragma once

#include <streams_core/plumbing/stream.hh>
#include <strm/poll.h>
#include <sys/errno.h>
#include <sys/stropts.h>

namespace strm {

extern LockClass head_lock_class;
extern LockClass reading_lock_class;
extern LockClass plumbing_lock_class;
extern LockClass head_wait_class;

// Largest message that write(2) makes, and parts that putmsg(2) takes, in bytes.
constexpr size_t largest_data = 65536;
constexpr size_t largest_control = 1024;

constexpr u32 default_ioctl_seconds = 15;
constexpr u32 default_close_milliseconds = 15000;

// What changes with messages from below.  Guarded by StreamHead::lock.
struct HeadState {
	bool hung_up = false;
	int read_error = 0; // positive; from M_ERROR
	int write_error = 0;
	int read_options = RNORM | RPROTNORM;
	int write_options = 0;
	bool delimit = false;
	bool tell_readers = false; // SO_MREADON: M_READ before a reader sleeps
	u32 write_offset = 0;
	u32 write_tail = 0;

	bool operator==(const HeadState &) const = default;
};

// The one ioctl that may be under way on a stream.
struct IoctlSlot {
	bool taken = false;
	u32 id = 0; // of the ioctl under way; 0: none awaits an answer
	mblk_t *answer = nullptr;
};

// Bands of the read side that were flushed since a message was last taken off.
struct FlushedBands {
	u32 words[8] = {};

	void add(unsigned band) { words[band / 32] |= 1u << (band % 32); }
	void add_all();
	bool has(unsigned band) const { return words[band / 32] & (1u << (band % 32)); }
};

struct StreamHead : QueuePair {
	explicit StreamHead(const PairParts &parts);

	Stream stream;
	Mutex reading; // one reader at a time takes messages apart

	SpinLock lock;
	HeadState state STRM_GUARDED_BY(lock);
	IoctlSlot ioctl STRM_GUARDED_BY(lock);
	FlushedBands flushed STRM_GUARDED_BY(lock);

	// Not 0: `state` is as a stream begins, and who only reads need not lock.
	// Written under `lock`.
	Atomic<u32> usual{ 1 };

	lin_waitqueue wait;

	HeadState snapshot();
	void change(const HeadState &changed) STRM_REQUIRES(lock);

	// Negative error number, or 0: may a call of this kind go on?
	int read_refusal();
	int write_refusal(int when_hung_up);

	void wake(unsigned events) { lin_wake_up_poll(&wait, events); }
};

inline cred_t *current_cred()
{
	return const_cast<cred_t *>(lin_current_cred());
}

inline StreamHead &head_of(Stream &stream)
{
	return static_cast<StreamHead &>(*stream.head);
}
StreamHead &head_of(queue_t *q);
StreamHead &head_of(const file *file);
bool nonblocking(const file *file);

// Process context.  A request went down: do not return before it has been looked at
// (settle.cc).
void settle(StreamHead &head);

// Sleep until `ready` answers other than 0, and return that.  A signal returns
// -ERESTARTSYS, the end of the time (jiffies, counted down) -ETIME.
class [[nodiscard]] Sleep : NoCopy {
public:
	explicit Sleep(StreamHead &head) : head_(head) { lin_init_wait(&entry_); }
	~Sleep() { lin_finish_wait(&head_.wait, &entry_); }

	template <typename Ready> int until(Ready ready, long &time)
	{
		for (;;) {
			lin_prepare_to_wait(&head_.wait, &entry_, 1);
			if (int answer = ready())
				return answer;
			if (time <= 0)
				return -ETIME;
			if (lin_signal_pending())
				return -LIN_ERESTARTSYS;
			lin_count(LIN_STAT_head_sleeps);
			time = lin_schedule_timeout(time);
		}
	}
	template <typename Ready> int until(Ready ready)
	{
		long forever = LIN_MAX_TIMEOUT;
		return until(ready, forever);
	}

private:
	StreamHead &head_;
	lin_wait_entry entry_;
};

// Put a message into the stream, and run what that has scheduled before going
// on: see perimeter/runner.hh.
void send_down(StreamHead &head, Message message);

// True where flow control lets a message of this band go down.
bool room_below(StreamHead &head, unsigned band);

// Wait for room_below(), or say why not: -EAGAIN, -ERESTARTSYS, or what
// write_refusal() says.
int wait_for_room(StreamHead &head, unsigned band, bool nonblock, int when_hung_up);

// Before what no flow control holds is sent (high priority, a flush, an ioctl): wait
// while too much waits already at a perimeter of the stream.  0, -EAGAIN or
// -ERESTARTSYS.
int hold_back(StreamHead &head, bool nonblock);

// Copies user memory into a new block of a type, leaving `offset` bytes free
// before and `tail` after.  -EFAULT, -ENOSR.
int block_from_user(Message &made, int type, const void *from, size_t bytes, size_t offset,
		    size_t tail);

// Copies a run of blocks of one type out, from `mp` on, up to `room` bytes, and
// says how many; nothing of the message changes.  -EFAULT.
ssize_t copy_run_out(const mblk_t *mp, bool control, char *to, size_t room);

// Removes `bytes` from the front of a run, and the blocks that become empty;
// where `whole`, all of the run.  Returns what is left.
mblk_t *consume_run(mblk_t *mp, bool control, size_t bytes, bool whole);

constexpr unsigned readable_events = LIN_POLLIN | LIN_POLLRDNORM | LIN_POLLRDBAND | LIN_POLLPRI;

inline bool is_control(const mblk_t *mp)
{
	return mp->b_datap->db_type == M_PROTO || mp->b_datap->db_type == M_PCPROTO;
}

// The first message off the read queue, if it is wanted, and back what is left of
// it.  The reading mutex is held from one to the other.  A flush that comes while
// the message is in hand is remembered, and frees the rest.
mblk_t *take_in_hand(StreamHead &head, bool (*wanted)(const mblk_t *mp, const void *arg),
		     const void *arg);
void put_back(StreamHead &head, mblk_t *mp);
bool somebody_reads(StreamHead &head);

int head_init();
void head_exit(); // every head is freed by then

// One use of the head less; the last one frees it.
void drop_head(StreamHead *head);

// The families of ioctls; ioctl.cc dispatches.
long head_push(StreamHead &head, file *file, unsigned long arg);
long head_pop(StreamHead &head, file *file);
long head_insert(StreamHead &head, file *file, unsigned long arg);
long head_remove(StreamHead &head, file *file, unsigned long arg);
long head_look(StreamHead &head, unsigned long arg);
long head_find(StreamHead &head, unsigned long arg);
long head_list(StreamHead &head, unsigned long arg);
long head_getmsg(StreamHead &head, file *file, unsigned cmd, unsigned long arg);
long head_putmsg(StreamHead &head, file *file, unsigned cmd, unsigned long arg);
long head_i_str(StreamHead &head, unsigned long arg);
long head_transparent(StreamHead &head, unsigned cmd, unsigned long arg);
bool ioctl_answer(StreamHead &head, mblk_t *mp);

extern qinit head_read_init;
extern qinit head_write_init;

} // namespace strm
