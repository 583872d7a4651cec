// SPDX-License-Identifier: GPL-2.0-only
#include "room.hh"

namespace strm::test {

void broken(const char *promise, const void *where)
{
	machine_fail("BROKEN: %s (%p, CPU %d)", promise, where, machine_cpu());
}

void spin(u32 turns)
{
	for (u32 i = 0; i < turns; i++)
		lin_cpu_relax();
}

// --- who is inside ------------------------------------------------------------

void Inside::look_shared() const
{
	if (load_relaxed(owned_))
		broken("a shared claim inside an owned perimeter", this);
	if (written_[0] != written_[1])
		broken("what the owner did is seen half done", this);
}

void Inside::look_alone() const
{
	for (const Visits &visits : visits_) {
		if (load_relaxed(visits.count))
			broken("an owner beside a shared claim", this);
	}
	if (processes_.relaxed())
		broken("an owner beside a process with a shared claim", this);
}

void Inside::begin_shared()
{
	u32 &count = visits_[machine_cpu()].count;

	store_relaxed(count, load_relaxed(count) + 1);
	look_shared();
}

void Inside::end_shared()
{
	u32 &count = visits_[machine_cpu()].count;

	look_shared();
	store_relaxed(count, load_relaxed(count) - 1);
}

void Inside::begin_alone()
{
	if (load_relaxed(owned_))
		broken("two owners", this);
	store_relaxed(owned_, 1u);
	look_alone();
	written_[0]++;
}

void Inside::end_alone()
{
	look_alone();
	written_[1]++;
	if (written_[0] != written_[1] || !load_relaxed(owned_))
		broken("two owners", this);
	store_relaxed(owned_, 0u);
}

bool Inside::idle() const
{
	for (const Visits &visits : visits_) {
		if (load_relaxed(visits.count))
			return false;
	}
	return !load_relaxed(owned_) && !processes_.relaxed();
}

// --- put procedures -------------------------------------------------------------

namespace {

void enable(Pair &pair)
{
	pair.room->wanted_services.fetch_add(1);
	if (pair.enabled.fetch_add(1) == 0)
		runner_add(pair.work);
}

void deliver(Room &room, Message &message)
{
	Lane &lane = room.lanes[message.flow];

	if (lane.busy)
		broken("two messages of one producer at a time", &room);
	if (lane.last + 1 != message.number)
		broken(lane.last < message.number ? "a message overtook" : "a message came twice",
		       &room);
	lane.busy = 1;
	spin(message.spin);
	lane.busy = 0;
	lane.last = message.number;
}

Room *rooms_of_all;

// Who has the message may put it somewhere else, or gives it back.
void go_on(Message &message)
{
	if (message.then >= 0) {
		Room &next = rooms_of_all[message.then];
		message.then = -1;
		next.take(message);
		return;
	}
	store_release(message.in_use, 0u);
}

int put_procedure(queue_t *q, mblk_t *mp)
{
	Pair &pair = *STRM_CONTAINER(q, Pair, queue);
	Message &message = message_of(mp);
	Inside &inside = *pair.room->inside;

	if (pair.closed)
		broken("a put procedure after close", &pair);
	pair.put == Access::Shared ? inside.begin_shared() : inside.begin_alone();
	if (message.enable)
		enable(pair);
	deliver(*pair.room, message);
	pair.put == Access::Shared ? inside.end_shared() : inside.end_alone();
	// Still inside.
	go_on(message);
	return 0;
}

int flow_around(queue_t *q, mblk_t *mp)
{
	deliver(*STRM_CONTAINER(q, Pair, queue)->room, message_of(mp));
	go_on(message_of(mp));
	return 0;
}

} // namespace

void set_rooms(Room *rooms)
{
	rooms_of_all = rooms;
}

void Room::take(Message &message)
{
	strm_put(&load_acquire(pair)->queue, &message.block);
}

// --- service procedures -----------------------------------------------------------

namespace {

void service_done(Pair &pair, u32 wanted)
{
	if (pair.enabled.fetch_sub(wanted) != wanted)
		runner_add(pair.work);
}

void run_service(Pair &pair)
{
	Inside &inside = *pair.room->inside;
	Room &room = *pair.room;

	if (pair.retired.relaxed())
		return;
	pair.service == Access::Shared ? inside.begin_shared() : inside.begin_alone();
	if (room.serving)
		broken("two service procedures of one queue", &room);
	room.serving = 1;
	room.services++;
	spin(room.services % 8);
	room.serving = 0;
	pair.service == Access::Shared ? inside.end_shared() : inside.end_alone();
}

void service_work(Work &work)
{
	Pair &pair = *STRM_CONTAINER(&work, Pair, work);

	for (;;) {
		const u32 wanted = pair.enabled.relaxed();
		if (pair.perimeter->try_enter(pair.service)) {
			run_service(pair);
			pair.perimeter->leave(pair.service);
			service_done(pair, wanted);
			return;
		}
		pair.entry.aim(&pair.queue, Entry::Tag::Service);
		switch (pair.perimeter->defer(pair.entry, pair.service, pair.retired)) {
		case Perimeter::Deferred::Queued:
			return;
		case Perimeter::Deferred::Gone:
			service_done(pair, wanted);
			return;
		case Perimeter::Deferred::Retry:
			continue;
		}
	}
}

} // namespace

// --- open and close -----------------------------------------------------------------

void Room::open()
{
	Pair *made = new (lin_kzalloc(sizeof(Pair), LIN_GFP_KERNEL)) Pair{};
	const Modes modes = strm::modes(flags);

	made->room = this;
	made->perimeter = perimeter;
	if (perimeter)
		perimeter->get();
	else
		made->perimeter = Perimeter::create(modes.sole());
	made->queue.q_gate = made->perimeter->gate();
	made->queue.q_putp = put_procedure;
	made->put = modes.put;
	made->service = modes.service;
	made->open_close = modes.open_close;
	made->work.run = service_work;
	store_release(pair, made);
}

namespace {

void free_pair(lin_rcu_head *head)
{
	Pair *pair = STRM_CONTAINER(head, Pair, rcu);

	pair->perimeter->put();
	lin_kfree(pair);
}

void pass_on(Entry *deferred)
{
	while (deferred) {
		BottomHalvesOff off;
		Entry *entry = deferred;
		deferred = entry->next;
		queue_t *q = entry->target<queue_t>();
		if (entry->tag() == Entry::Tag::Service) {
			Pair &pair = *STRM_CONTAINER(q, Pair, queue);
			service_done(pair, pair.enabled.relaxed());
		} else {
			flow_around(q, reinterpret_cast<mblk_t *>(entry));
		}
	}
}

} // namespace

// The next pair is there at once: who looks for one always finds one.
void Room::close()
{
	Pair &old = *pair;
	Entry *deferred;

	old.perimeter->enter(old.open_close);
	old.perimeter->upgrade(old.open_close);
	inside->begin_alone();
	while (!old.perimeter->retire(&old.queue, &old.queue, old.retired, deferred))
		pass_on(deferred);
	store_relaxed(old.queue.q_putp, strm_put_t(flow_around));
	old.closed = 1;
	inside->end_alone();
	old.perimeter->downgrade(old.open_close);
	old.perimeter->exit(old.open_close);
	while (old.enabled.acquire()) // its work is on some list
		machine_yield();
	open();
	lin_call_rcu(&old.rcu, free_pair);
}

} // namespace strm::test

using namespace strm;
using namespace strm::test;

// --- what the perimeter and hop.c want of a queue room ---------------------------------

void strm::run_entry(Entry &entry)
{
	Pair &pair = *STRM_CONTAINER(entry.target<queue_t>(), Pair, queue);

	if (entry.tag() == Entry::Tag::Service) {
		const u32 wanted = pair.enabled.relaxed();
		run_service(pair);
		service_done(pair, wanted);
		return;
	}
	load_relaxed(pair.queue.q_putp)(&pair.queue, reinterpret_cast<mblk_t *>(&entry));
}

extern "C" void strm_put_turned_away(queue_t *q, mblk_t *mp)
{
	Pair &pair = *STRM_CONTAINER(q, Pair, queue);

	for (;;) {
		if (pair.perimeter->try_enter(pair.put)) {
			load_relaxed(q->q_putp)(q, mp);
			pair.perimeter->leave(pair.put);
			return;
		}
		Entry &entry = *reinterpret_cast<Entry *>(mp);
		entry.aim(q, Entry::Tag::Message);
		switch (pair.perimeter->defer(entry, pair.put, pair.retired)) {
		case Perimeter::Deferred::Queued:
			return;
		case Perimeter::Deferred::Gone:
			flow_around(q, mp);
			return;
		case Perimeter::Deferred::Retry:
			continue;
		}
	}
}

extern "C" void strm_put_outside(queue_t *q, mblk_t *mp)
{
	BottomHalvesOff off;
	strm_put(q, mp);
}

extern "C" void strm_putnext_outside(queue_t *q, mblk_t *)
{
	broken("putnext() is not for this test", q);
}

extern "C" void strm_put_nowhere(queue_t *q, mblk_t *)
{
	broken("putnext() is not for this test", q);
}

extern "C" int strm_room_from(queue_t *, uchar_t)
{
	return 1;
}

extern "C" int strm_room_after(queue_t *, uchar_t)
{
	return 1;
}
