// SPDX-License-Identifier: GPL-2.0-only
//
// qtimeout(), qbufcall() and their end: functions that are called later, inside the
// perimeters of a queue.
//
// A request is a record on the list of its queue.  timeout() or bufcall() triggers
// it, in softirq and outside of all perimeters; then it enters them as any procedure
// does, and where that is not possible it waits in the FIFO, as an Entry.
//
//	Armed	waits for its time, or for memory
//	AtGate	was triggered: enters the perimeters, or waits there
//	Running	its function runs
//	Over	it has returned, or will never be called
//
// The state changes under the lock of the queue, on whose list the record is until
// it is Over.  So a number that is over, or another queue's, is just not found.
//
// Who cancels never waits for a perimeter: one that is Armed or AtGate is made Over
// there and then, and whoever has it, the timer, bufcall() or the FIFO, finds it so
// and frees it.  Only one that is Running is waited for.  Such a one is inside, and
// waits for no perimeter; and if the canceller is alone inside, none runs but the
// one that the canceller itself is called by.
//
// While anybody has the record it holds the pair.  It needs no hold of the module:
// its function runs inside the perimeters, so that qprocsoff() waits for it, and
// when that is done none is left on the lists: callbacks_off().
#include <streams_core/queue/queue.hh>
#include <strm/rules.hh>
#include <sys/callout.h>

namespace strm {

// One request.
struct Callback : NoCopy {
	enum State : u32 { Armed, AtGate, Running, Over };

	Callback(queue_t *queue, uintptr_t number, void (*function)(void *), void *argument)
		: q(queue), id(number), func(function), arg(argument)
	{
		lin_turn_init(&turn);
	}

	Entry entry{}; // in a FIFO, while AtGate
	queue_t *q;    // whose pair is held
	uintptr_t id;
	void (*func)(void *arg);
	void *arg;

	// Under the lock of the queue.
	Callback *next = nullptr;
	Callback **link = nullptr;
	uintptr_t trigger = 0;	      // of timeout() or bufcall(), while Armed
	const void *runner = nullptr; // the task, while Running
	Atomic<u32> state{ Armed };   // who waits reads it without

	Atomic<u32> users{ 1 }; // the trigger, the FIFO or the runner; and who waits
	lin_turn turn;		// the runner's; see linux/turn.c
};

namespace {

// Numbers of qtimeout() are even, those of qbufcall() odd.  They begin where those of
// timeout() and bufcall() never come, so that none is mistaken for one of theirs.
constexpr uintptr_t id_step = 2;
constinit Atomic<uintptr_t> last_id{ uintptr_t(1) << (8 * sizeof(uintptr_t) - 2) };

bool of_bufcall(uintptr_t id)
{
	return id & 1;
}

void release(Callback &callback)
{
	if (callback.users.fetch_sub(1) != 1)
		return;
	QueuePair::of(callback.q).put();
	lin_kfree(&callback);
	lin_count(LIN_STAT_callbacks_freed);
}

void list(Callback &callback)
{
	Callback *&first = inner(callback.q).callbacks;

	callback.next = first;
	callback.link = &first;
	if (first)
		first->link = &callback.next;
	first = &callback;
}

void make_over(Callback &callback)
{
	*callback.link = callback.next;
	if (callback.next)
		callback.next->link = callback.link;
	callback.state.release(Callback::Over); // pairs with wait_until_over()
}

// It was triggered, and will enter.  False: it was cancelled meanwhile.
bool triggered(Callback &callback)
{
	SpinGuard guard(inner(callback.q).lock);

	if (callback.state.relaxed() != Callback::Armed)
		return false;
	callback.state.set_relaxed(Callback::AtGate);
	return true;
}

bool begin(Callback &callback)
{
	SpinGuard guard(inner(callback.q).lock);

	if (callback.state.relaxed() != Callback::AtGate)
		return false;
	callback.runner = lin_current();
	lin_turn_begin(&callback.turn); // who waits has seen Running, and so comes later
	callback.state.set_relaxed(Callback::Running);
	return true;
}

void end(Callback &callback)
{
	{
		SpinGuard guard(inner(callback.q).lock);
		make_over(callback);
	}
	lin_turn_end(&callback.turn);
}

// Inside the perimeters.
void run(Callback &callback)
{
	if (frozen(callback.q)) [[unlikely]]
		wait_while_frozen(callback.q);
	if (!begin(callback))
		return;
	{
		Inside inside(callback.q, STRM_IN_CALLBACK);
		callback.func(callback.arg);
	}
	end(callback);
}

// From timeout() or bufcall(): bottom halves are off, and this is outside of all
// perimeters of the queue.
void trigger(void *arg)
{
	auto &callback = *static_cast<Callback *>(arg);
	queue_t *q = callback.q;

	if (triggered(callback)) {
		callback.entry.aim(&callback, Entry::Tag::Callback);
		switch (enter_or_defer(q, EntryPoint::Callback, callback.entry)) {
		case Perimeter::Deferred::Queued:
			lin_count(LIN_STAT_callbacks_deferred);
			return; // run_deferred_callback() goes on, or does already
		case Perimeter::Deferred::Entered:
			run(callback);
			leave_perimeters(q, EntryPoint::Callback);
			break;
		case Perimeter::Deferred::Gone:
			break; // callbacks_off() has made it Over
		}
	}
	release(callback);
}

// It was Armed and is Over.  The ticks that were left; 0 where it is being triggered:
// then it is the trigger's to free, and may be gone.
clock_t disarm(Callback &callback, uintptr_t id, uintptr_t trigger)
{
	clock_t left;

	if (of_bufcall(id))
		left = cancel_bufcall(trigger) ? 0 : -1;
	else
		left = strm_untimeout_at_once(reinterpret_cast<timeout_id_t>(trigger));
	if (left < 0)
		return 0;
	release(callback); // which the trigger had
	return left;
}

void wait_until_over(Callback &callback)
{
	while (callback.state.acquire() != Callback::Over)
		lin_turn_wait(&callback.turn);
}

Callback *find(queue_t *q, uintptr_t id)
{
	Callback *callback = inner(q).callbacks;

	while (callback && callback->id != id)
		callback = callback->next;
	return callback;
}

clock_t cancel(queue_t *q, uintptr_t id)
{
	Callback *callback;
	uintptr_t trigger;
	u32 found;
	{
		SpinGuard guard(inner(q).lock);
		callback = find(q, id);
		if (!callback)
			return -1;
		found = callback->state.relaxed();
		trigger = callback->trigger;
		if (found == Callback::Running) {
			if (callback->runner == lin_current())
				return -1; // we are called by it
			callback->users.fetch_add(1);
		} else {
			make_over(*callback);
		}
	}
	switch (found) {
	case Callback::Armed:
		return disarm(*callback, id, trigger);
	case Callback::Running:
		wait_until_over(*callback);
		release(*callback);
		return -1;
	}
	return 0;
}

// A null pointer without memory.
Callback *create(queue_t *q, uintptr_t odd, void (*func)(void *arg), void *arg)
{
	if (!QueuePair::of(q).try_get())
		return nullptr;
	void *memory = lin_kmalloc(sizeof(Callback), LIN_GFP_ATOMIC);
	if (!memory) {
		QueuePair::of(q).put();
		return nullptr;
	}
	lin_count(LIN_STAT_callbacks_made);
	return new (memory) Callback(q, (last_id.fetch_add(id_step) + id_step) | odd, func, arg);
}

// Armed and listed in one step: what triggers it waits for the lock.
template <typename Arm> uintptr_t start(Callback *callback, Arm arm)
{
	if (!callback)
		return 0;
	queue_t *q = callback->q;
	{
		SpinGuard guard(inner(q).lock);
		if (load_relaxed(q->q_flag) & QPROCS)
			callback->trigger = arm(static_cast<void *>(callback));
		if (callback->trigger) {
			list(*callback);
			return callback->id;
		}
	}
	release(*callback);
	return 0;
}

} // namespace

// The FIFO has come to it: inside the perimeters, bottom halves are off.
void run_deferred_callback(Entry &entry)
{
	auto &callback = *entry.target<Callback>();

	run(callback);
	release(callback);
}

// It waits at the perimeters of a pair that is taken out.  callbacks_off() was here.
void drop_callback(Entry &entry)
{
	release(*entry.target<Callback>());
}

queue_t *queue_of_callback(const Entry &entry)
{
	return entry.target<Callback>()->q;
}

void callback_left_behind(queue_t *q, void (*func)(void *arg))
{
	if (strm_rules_on) [[unlikely]] {
		strm_rules_left_behind(q, func);
		return;
	}
	lin_printk(LIN_WARN, "%s: %ps() was not cancelled before qprocsoff()\n",
		   QueuePair::of(q).name(), reinterpret_cast<void *>(func));
}

// QPROCS is off, so that none is added, and the caller is alone in the perimeters,
// so that none runs.
void callbacks_off(queue_t *q)
{
	for (;;) {
		Callback *callback;
		uintptr_t trigger;
		bool armed;
		{
			SpinGuard guard(inner(q).lock);
			callback = inner(q).callbacks;
			if (!callback)
				return;
			callback->users.fetch_add(1);
			armed = callback->state.relaxed() == Callback::Armed;
			trigger = callback->trigger;
			make_over(*callback);
		}
		if (armed)
			disarm(*callback, callback->id, trigger);
		lin_count(LIN_STAT_callbacks_left);
		callback_left_behind(q, callback->func);
		release(*callback);
	}
}

} // namespace strm

using namespace strm;

extern "C" timeout_id_t qtimeout(queue_t *q, void (*func)(void *arg), void *arg, clock_t ticks)
{
	const uintptr_t id = start(create(q, 0, func, arg), [ticks](void *callback) {
		return reinterpret_cast<uintptr_t>(strm_timeout(trigger, callback, ticks));
	});
	if (!id)
		lin_printk(LIN_WARN, "%s: qtimeout: no memory, or no qprocson(): no %ps()\n",
			   QueuePair::of(q).name(), reinterpret_cast<void *>(func));
	return reinterpret_cast<timeout_id_t>(id);
}

extern "C" clock_t quntimeout(queue_t *q, timeout_id_t id)
{
	const auto number = reinterpret_cast<uintptr_t>(id);

	return of_bufcall(number) ? -1 : cancel(q, number);
}

extern "C" bufcall_id_t qbufcall(queue_t *q, size_t size, uint_t pri, void (*func)(void *arg),
				 void *arg)
{
	return start(create(q, 1, func, arg), [size, pri](void *callback) {
		return strm_bufcall(size, pri, trigger, callback, nullptr);
	});
}

extern "C" void qunbufcall(queue_t *q, bufcall_id_t id)
{
	if (of_bufcall(id))
		cancel(q, id);
}
