// SPDX-License-Identifier: GPL-2.0-only
//
// Locks.  A lock has no lock() and no unlock(): only a guard takes it, so that
// no return path can forget to give it back.
//
// Lock order, outermost first:
//
//   plumbing         one stream's open, push, pop and close; sleeps
//     registry       modules and drivers, by name; sleeps
//   reading          one stream's readers; sleeps
//     head           one stream's state
//       perimeter    one perimeter's FIFO; never held across a procedure
//       counters     blocks of counters of claims
//       chain        how one stream's queues are linked; held while it is frozen
//         queue      one queue's messages; never held across a procedure
//           inbox    one CPU's messages from interrupts; interrupts off
//             runner one CPU's list of work; interrupts off
//           fence    the requests for a fence; interrupts off
#pragma once

#include <strm/cxx.hh>
#include <strm/linux.h>

#define STRM_CAPABILITY
#ifdef __clang__
#undef STRM_CAPABILITY
#define STRM_CAPABILITY __attribute__((capability("mutex")))
#define STRM_SCOPED __attribute__((scoped_lockable))
#define STRM_ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define STRM_RELEASE __attribute__((release_capability()))
#define STRM_GUARDED_BY(lock) __attribute__((guarded_by(lock)))
#define STRM_REQUIRES(lock) __attribute__((requires_capability(lock)))
#define STRM_ASSERTS __attribute__((assert_capability(this)))
#define STRM_NO_ANALYSIS __attribute__((no_thread_safety_analysis))
#else
#define STRM_SCOPED
#define STRM_ACQUIRE(...)
#define STRM_RELEASE
#define STRM_GUARDED_BY(lock)
#define STRM_REQUIRES(lock)
#define STRM_ASSERTS
#define STRM_NO_ANALYSIS
#endif

namespace strm {

// Names a kind of lock to lockdep.  Always an object with static storage.
struct LockClass {
	const char *name;
	lin_lock_class key;
};

class STRM_CAPABILITY SpinLock : NoCopy {
public:
	explicit SpinLock(LockClass &kind) { lin_spin_lock_init(&lock_, kind.name, &kind.key); }

private:
	friend class SpinGuard;
	friend class QueueGuard; // which has to look before it may keep it
	friend class QueuePair;	 // freezestr() returns with one held
	void lock() STRM_ACQUIRE() { lin_spin_lock_bh(&lock_); }
	void unlock() STRM_RELEASE { lin_spin_unlock_bh(&lock_); }
	lin_spinlock lock_;
};

// A spin lock also on PREEMPT_RT: for what hard interrupt handlers take.
class STRM_CAPABILITY RawLock : NoCopy {
public:
	explicit RawLock(LockClass &kind) { lin_raw_spin_lock_init(&lock_, kind.name, &kind.key); }

private:
	friend class IrqGuard;
	lin_raw_spinlock lock_;
};

// Bottom halves off: for what process context and softirq share.
class STRM_SCOPED [[nodiscard]] SpinGuard : NoCopy {
public:
	explicit SpinGuard(SpinLock &lock) STRM_ACQUIRE(lock) : lock_(lock) { lock_.lock(); }
	~SpinGuard() STRM_RELEASE { lock_.unlock(); }

private:
	SpinLock &lock_;
};

// Interrupts off: for what hard interrupt handlers share too.
class STRM_SCOPED [[nodiscard]] IrqGuard : NoCopy {
public:
	explicit IrqGuard(RawLock &lock) STRM_ACQUIRE(lock)
		: lock_(lock), flags_(lin_raw_spin_lock_irqsave(&lock_.lock_))
	{
	}
	~IrqGuard() STRM_RELEASE { lin_raw_spin_unlock_irqrestore(&lock_.lock_, flags_); }

private:
	RawLock &lock_;
	unsigned long flags_;
};

class STRM_CAPABILITY Mutex : NoCopy {
public:
	explicit Mutex(LockClass &kind) { lin_mutex_init(&mutex_, kind.name, &kind.key); }

	// Tells clang what it cannot see: TryMutexGuard::ok() has said so.
	void held() const STRM_ASSERTS {}

private:
	friend class MutexGuard;
	friend class TryMutexGuard;
	lin_mutex mutex_;
};

class STRM_SCOPED [[nodiscard]] MutexGuard : NoCopy {
public:
	explicit MutexGuard(Mutex &mutex) STRM_ACQUIRE(mutex) : mutex_(mutex)
	{
		lin_mutex_lock(&mutex_.mutex_);
	}
	~MutexGuard() STRM_RELEASE { lin_mutex_unlock(&mutex_.mutex_); }

private:
	Mutex &mutex_;
};

// For system calls: gives up at once (nonblocking) or at a signal.  Ask ok().
class [[nodiscard]] TryMutexGuard : NoCopy {
public:
	TryMutexGuard(Mutex &mutex, bool nonblocking) : mutex_(mutex)
	{
		if (nonblocking)
			error_ = lin_mutex_trylock(&mutex_.mutex_) ? 0 : -11;
		else
			error_ = lin_mutex_lock_interruptible(&mutex_.mutex_);
	}
	~TryMutexGuard()
	{
		if (error_ == 0)
			lin_mutex_unlock(&mutex_.mutex_);
	}
	bool ok() const { return error_ == 0; }
	int error() const { return error_; } // -EAGAIN or -ERESTARTSYS

private:
	Mutex &mutex_;
	int error_;
};

// An object with static storage that is made when the module loads: global
// constructors do not run in a kernel module.
template <typename T> class Late {
public:
	template <typename... Args> void make(Args &&...args)
	{
		new (storage_) T(static_cast<Args &&>(args)...);
	}
	T &operator*() { return *reinterpret_cast<T *>(storage_); }
	T *operator->() { return reinterpret_cast<T *>(storage_); }

private:
	alignas(T) u8 storage_[sizeof(T)] = {};
};

// Bottom halves off: the state in which put and service procedures run, and a
// read side section of RCU.
class [[nodiscard]] BottomHalvesOff : NoCopy {
public:
	BottomHalvesOff() { lin_local_bh_disable(); }
	~BottomHalvesOff() { lin_local_bh_enable(); }
};

} // namespace strm
