// SPDX-License-Identifier: GPL-2.0-only
//
// Being called when there is memory again: bufcall() and its kin.
//
// One work item serves all requests in turn, the oldest first.  It asks for
// memory of the wanted size as a sleeping caller may, so that the kernel goes and
// finds some, frees it and calls back.  A size that cannot be had now does not
// hold up the others; it is tried again, at longer and longer intervals.
//
// No callback is lost: a request stays on the list until the work item takes it
// off to call back, or unbufcall() to forget it.  Whoever adds one schedules the
// work after that, which makes a work that runs already run once more; and the
// work schedules itself as long as it leaves something on the list.
//
// The callback runs with bottom halves off and no lock held.  Only one runs at a
// time; its request's id is in running_, so that unbufcall() can wait for it.
// As bottom halves are off while running_ is set, whoever waits is not what keeps
// the callback from going on; and a caller within it, an interrupt on top of it
// included, is the same task and does not wait.  On PREEMPT_RT the callback can be
// preempted, by who waits for it too: turn_ sees to that.
//
// The framework holds the module that is to be called back, as in external.cc.
#include <streams_core/message/message.hh>
#include <strm/lock.hh>
#include <strm/rules.h>

namespace strm {

namespace {

struct Bufcall {
	Bufcall *next;
	bufcall_id_t id;
	size_t size;
	void (*func)(void *arg);
	void *arg;
	module *owner;
};

constexpr unsigned first_pause = 10; // ms
constexpr unsigned longest_pause = 1000;

class Bufcalls : NoCopy {
public:
	explicit Bufcalls(LockClass &kind) : lock_(kind)
	{
		lin_turn_init(&turn_);
		lin_init_delayed_work(&work_, serve);
	}
	~Bufcalls();

	bufcall_id_t add(Bufcall &call);
	Bufcall *cancel(bufcall_id_t id); // a null pointer where it does not wait
	bool runs_elsewhere(bufcall_id_t id);
	void wait() { lin_turn_wait(&turn_); } // for a moment at least

private:
	Bufcall *take(bufcall_id_t id) STRM_REQUIRES(lock_);
	static void serve(lin_delayed_work *work);
	void serve_all();
	bool serve_one(bufcall_id_t id, size_t size);
	void call_back(bufcall_id_t id);
	Bufcall *begin(bufcall_id_t id);
	void end();
	bufcall_id_t next_after(bufcall_id_t id, size_t &size);
	bufcall_id_t newest();

	lin_turn turn_; // of the callback that runs
	RawLock lock_;
	Bufcall *first_ STRM_GUARDED_BY(lock_) = nullptr; // by increasing id
	Bufcall **last_ STRM_GUARDED_BY(lock_) = &first_;
	bufcall_id_t newest_ STRM_GUARDED_BY(lock_) = 0;
	bufcall_id_t running_ STRM_GUARDED_BY(lock_) = 0;
	const void *running_in_ STRM_GUARDED_BY(lock_) = nullptr; // task
	unsigned pause_ = first_pause;				  // the work's own
	lin_delayed_work work_;
};

constinit LockClass bufcall_lock_class{ "streams_bufcall", {} };
constinit Late<Bufcalls> bufcalls;

void free_bufcall(Bufcall *call)
{
	lin_module_put(call->owner);
	lin_kfree(call);
	lin_count(LIN_STAT_bufcalls_freed);
}

// Every requester is held, so nothing is left when this module goes.
Bufcalls::~Bufcalls()
{
	lin_cancel_delayed_work_sync(&work_);
}

// Ids are odd and never 0.  `call` may be gone before this returns.
bufcall_id_t Bufcalls::add(Bufcall &call)
{
	bufcall_id_t id;
	lin_count(LIN_STAT_bufcalls_made);
	{
		IrqGuard guard(lock_);
		id = newest_ = (newest_ + 2) | 1;
		call.id = id;
		call.next = nullptr;
		*last_ = &call;
		last_ = &call.next;
	}
	lin_mod_delayed_work(&work_, 1);
	return id;
}

Bufcall *Bufcalls::take(bufcall_id_t id)
{
	for (Bufcall **link = &first_; *link; link = &(*link)->next) {
		Bufcall *call = *link;
		if (call->id != id)
			continue;
		*link = call->next;
		if (!*link)
			last_ = link;
		return call;
	}
	return nullptr;
}

Bufcall *Bufcalls::cancel(bufcall_id_t id)
{
	IrqGuard guard(lock_);
	return take(id);
}

bool Bufcalls::runs_elsewhere(bufcall_id_t id)
{
	IrqGuard guard(lock_);
	return running_in_ && running_ == id && running_in_ != lin_current();
}

bufcall_id_t Bufcalls::newest()
{
	IrqGuard guard(lock_);
	return newest_;
}

bufcall_id_t Bufcalls::next_after(bufcall_id_t id, size_t &size)
{
	IrqGuard guard(lock_);

	for (const Bufcall *call = first_; call; call = call->next) {
		if (call->id > id) {
			size = call->size;
			return call->id;
		}
	}
	return 0;
}

// In one step: whoever cancels finds it waiting or running.
Bufcall *Bufcalls::begin(bufcall_id_t id)
{
	IrqGuard guard(lock_);
	Bufcall *call = take(id);
	if (call) {
		running_ = id;
		running_in_ = lin_current();
	}
	return call;
}

void Bufcalls::end()
{
	IrqGuard guard(lock_);
	running_ = 0;
	running_in_ = nullptr;
}

void Bufcalls::call_back(bufcall_id_t id)
{
	BottomHalvesOff off;

	lin_turn_begin(&turn_); // who waits has seen running_, and so comes later
	Bufcall *call = begin(id);
	if (call) {
		call->func(call->arg);
		end();
		free_bufcall(call);
	}
	lin_turn_end(&turn_);
}

bool Bufcalls::serve_one(bufcall_id_t id, size_t size)
{
	mblk_t *mp = allocate_block(size, LIN_GFP_TRY);
	if (!mp)
		return false;
	freemsg(mp);
	call_back(id);
	return true;
}

void Bufcalls::serve_all()
{
	const bufcall_id_t newest_now = newest(); // what callbacks add is for the next time
	bool progress = false;
	size_t size = 0;

	for (bufcall_id_t id = next_after(0, size); id && id <= newest_now;
	     id = next_after(id, size)) {
		if (serve_one(id, size))
			progress = true;
	}
	pause_ = progress ? first_pause : min(2 * pause_, longest_pause);
	if (next_after(0, size))
		lin_schedule_delayed_work(&work_, lin_msecs_to_jiffies(pause_));
}

void Bufcalls::serve(lin_delayed_work *work)
{
	STRM_CONTAINER(work, Bufcalls, work_)->serve_all();
}

} // namespace

int bufcall_init()
{
	bufcalls.make(bufcall_lock_class);
	return 0;
}

void bufcall_exit()
{
	(*bufcalls).~Bufcalls();
}

bool cancel_bufcall(bufcall_id_t id)
{
	Bufcall *call = bufcalls->cancel(id);
	if (call)
		free_bufcall(call);
	return call;
}

} // namespace strm

using namespace strm;

extern "C" bufcall_id_t strm_bufcall(size_t size, uint_t, void (*func)(void *arg), void *arg,
				     struct module *owner)
{
	if (strm_rules_on) [[unlikely]]
		strm_rules_obstacle(); // it will be called back
	if (size > largest_message || !lin_try_module_get(owner))
		return 0;
	auto *call = static_cast<Bufcall *>(lin_kmalloc(sizeof(Bufcall), LIN_GFP_ATOMIC));
	if (!call) {
		lin_module_put(owner);
		return 0;
	}
	call->size = size;
	call->func = func;
	call->arg = arg;
	call->owner = owner;
	return bufcalls->add(*call);
}

extern "C" void unbufcall(bufcall_id_t id)
{
	if (cancel_bufcall(id))
		return;
	// On PREEMPT_RT nobody can be waited for there: it is called back before or after.
	if (LIN_PREEMPT_RT && lin_cannot_enter())
		return;
	while (bufcalls->runs_elsewhere(id))
		bufcalls->wait();
}

extern "C" int testb(size_t size, uint_t)
{
	mblk_t *mp = allocate_block(size, LIN_GFP_ATOMIC);
	freemsg(mp);
	return mp != nullptr;
}
