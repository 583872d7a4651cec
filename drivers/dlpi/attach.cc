// SPDX-License-Identifier: GPL-2.0-only
//
// Streams get a device and lose it: by DL_ATTACH_REQ and DL_DETACH_REQ, by being
// opened and closed, and when the device goes.  All of it alone.
#include "dlpi.hh"

namespace dlpi {

namespace {

// What the stream has of its device but the place among its streams.
void give_up(Stream &s)
{
	if (s.state == DL_IDLE)
		unbind(s);
	leave_all(s);
	not_promiscuous(s);
	stop_waiting(*s.device, s);
	flushq(WR(s.rq), FLUSHALL);
	s.owed.exchange(0); // what it asked for stays, and is told of the next device
	s.fast = false;
}

void part(Stream &s)
{
	s.device->streams.remove(s);
	hand_on(*s.device, s);
	s.device = nullptr;
	s.state = DL_UNATTACHED;
	set_packet_limits(s);
}

void hang_up(Stream &s)
{
	mblk_t *mp = s.hangup;

	s.hangup = nullptr;
	if (mp)
		putnext(s.rq, mp);
}

// What the device said before it was stopped counts no more.
int start(Device &d)
{
	forget(d, event_receive | event_room);
	return d.callbacks.mc_start(d.argument);
}

void stop(Device &d)
{
	d.callbacks.mc_stop(d.argument);
	forget_arrived(d);
}

} // namespace

Outcome attach(Stream &s, u32 ppa)
{
	Device *d = find_and_hold(s.driver, ppa);
	if (!d)
		return refuse(DL_BADPPA);
	if (!d->streams.first) {
		if (int error = start(*d)) {
			release(*d);
			return system_error(error);
		}
	}
	d->streams.add(s);
	s.device = d;
	s.state = DL_UNBOUND;
	set_packet_limits(s);
	place(s);
	take_lead(*d, s);
	owe_present(s);
	return done;
}

void detach(Stream &s)
{
	Device &d = *s.device;

	give_up(s);
	part(s);
	if (!d.streams.first)
		stop(d);
	release(d); // it may be gone now
}

// The device goes.  It was held for this by leave(), leader.cc.
void everybody_out(queue_t *, mblk_t *mp)
{
	Device *d;

	__builtin_memcpy(&d, mp->b_rptr, sizeof(d));
	freemsg(mp);
	const bool running = d->streams.first;
	while (Stream *s = d->streams.first) {
		give_up(*s);
		part(*s);
		hang_up(*s);
		release(*d);
	}
	if (running)
		stop(*d);
	release(*d);
}

Outcome serve_attach(Stream &s, Request &r)
{
	if (s.style1) // its device has gone
		return refuse(DL_BADPPA);
	return attach(s, r.p.attach_req.dl_ppa);
}

Outcome serve_detach(Stream &s, Request &)
{
	if (s.style1)
		return refuse(DL_NOTSUPPORTED);
	detach(s);
	return done;
}

} // namespace dlpi
