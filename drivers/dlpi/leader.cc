// SPDX-License-Identifier: GPL-2.0-only
//
// The leader: one of a device's streams, whose read service procedure is the device's
// work in softirq.
//
// An interrupt handler, or whoever else has news for the device, notes them in
// Device::events and enables the leader's service.  That runs inside the perimeters
// like any other: one thread at a time, as it is one procedure of one queue, and beside
// nobody who changes the tables or closes a stream.
//
// The pointer to the leader changes only alone and under the device's lock, so that who
// has one of the two may follow it.  A device without an attached stream has no leader;
// what is noted then is found by the next one.
#include "dlpi.hh"

namespace dlpi {

namespace {

// Returns what was there.
u32 note(Atomic<u32> &events, u32 event)
{
	u32 found = events.relaxed();

	while (!events.compare_exchange(found, found | event)) {}
	return found;
}

void lead(Device &d, Stream *s)
{
	IrqGuard guard(d);
	d.leader = s;
	if (s && d.events.relaxed())
		qenable(s->rq); // what its predecessor has not come to
}

// Not by the leader itself: for that one has to be alone.
void leave(Device &d, queue_t *q)
{
	mblk_t *mp = d.parting;

	if (!mp)
		return;
	d.parting = nullptr;
	hold(d);
	auto *self = &d;
	__builtin_memcpy(mp->b_rptr, &self, sizeof(self));
	qwriter(q, mp, everybody_out, PERIM_OUTER);
}

bool has_new_speed(Device &d)
{
	const u64 before = d.speed;

	d.speed = device_stat(d, MAC_STAT_IFSPEED);
	return d.speed != before;
}

// A driver may say that the link is as it was: then the speed is perhaps another.
void pass_news(Device &d)
{
	u32 news;
	{
		IrqGuard guard(d);
		news = d.news;
		d.news = 0;
	}
	if ((news & owed_speed) && !has_new_speed(d) && !(news & owed_link))
		news &= ~u32(owed_speed);
	if (news & owed_sdu) {
		for (Stream *s = d.streams.first; s; s = s->next_attached)
			set_packet_limits(*s);
	}
	owe_all(d, news);
}

void work(Device &d, queue_t *q)
{
	if (!d.events.relaxed())
		return; // enabled because its reader has room again
	const u32 events = d.events.exchange(0);
	if (events & event_leave) {
		leave(d, q);
		return;
	}
	if (events & event_room)
		wake_starved(d);
	if (events & event_tell)
		pass_news(d);
	if (events & event_receive)
		receive(d);
}

} // namespace

// Any context.  Who finds it noted already need not enable: the leader has not looked
// yet, or there is none.
void raise(Device &d, u32 event)
{
	IrqGuard guard(d);
	if (!(note(d.events, event) & event) && d.leader)
		qenable(d.leader->rq);
}

// Alone, as are the next two.
void forget(Device &d, u32 events)
{
	u32 found = d.events.relaxed();

	while (!d.events.compare_exchange(found, found & ~events)) {}
}

// The first stream to be attached leads.
void take_lead(Device &d, Stream &s)
{
	if (!d.leader)
		lead(d, &s);
}

void hand_on(Device &d, const Stream &leaving)
{
	if (d.leader == &leaving)
		lead(d, d.streams.first);
}

// Of every stream; most only have news to tell.  The device's come before, so that what
// is owed already is not told twice.
extern "C" int dlpi_rsrv(queue_t *q)
{
	Stream &s = stream_of(q);

	if (Device *d = s.device; d && d->leader == &s)
		work(*d, q);
	if (s.owed.relaxed())
		tell(s);
	return 0;
}

extern "C" void mac_rx_schedule(mac_handle_t mh)
{
	raise(*device_of(mh), event_receive);
}

extern "C" void mac_link_update(mac_handle_t mh, link_state_t new_state)
{
	Device &d = *device_of(mh);
	{
		IrqGuard guard(d);
		d.news |= d.link == new_state ? owed_speed : owed_link | owed_speed;
		store_relaxed(d.link, new_state);
	}
	raise(d, event_tell);
}

extern "C" int mac_maxsdu_update(mac_handle_t mh, uint_t sdu_max)
{
	Device &d = *device_of(mh);

	if (sdu_max < least_sdu || sdu_max > largest_sdu)
		return EINVAL;
	d.max_sdu.set_relaxed(sdu_max);
	{
		IrqGuard guard(d);
		d.news |= owed_sdu;
	}
	raise(d, event_tell);
	return 0;
}

extern "C" void mac_unicst_update(mac_handle_t mh, const uint8_t *addr)
{
	Device &d = *device_of(mh);

	d.address.set_relaxed(Address::of(addr).word());
	{
		IrqGuard guard(d);
		d.news |= owed_address;
	}
	raise(d, event_tell);
}

} // namespace dlpi
