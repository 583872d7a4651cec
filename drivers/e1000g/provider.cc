// SPDX-License-Identifier: GPL-2.0-only
//
// What the DLPI core calls, inside the perimeters of the streams and with bottom halves
// off: nothing here sleeps.
#include "e1000g.hh"
#include <sys/errno.h>

namespace e1000g {

void reap_sent(Device &d)
{
	Chain done;
	bool room;

	if (d.transmitter.idle())
		return;
	{
		Held held(d.sending);
		if (d.up())
			d.transmitter.reap(done);
		// Nobody waits for a device that is gone.
		room = d.up() ? d.transmitter.room_again() :
				!d.reachable() && d.transmitter.no_more_waiting();
		if (room) {
			Held irq(d.irq);
			d.want_sent = false;
		}
	}
	freemsgchain(done.first());
	if (room)
		mac_tx_update(d.mac);
}

namespace {

int mc_start(void *driver)
{
	Device &d = Device::of(driver);
	AllHeld held(d);

	if (!d.reachable())
		return EIO;
	d.started = true;
	// Otherwise whoever resets it, or wakes it up, sees that it is started.
	if (d.up()) {
		d.receiver.forget();
		start_or_stop(d);
		unmask(d);
		look_at_link(d);
	}
	return 0;
}

// What is in the ring is still sent, and taken back by the tick.
void mc_stop(void *driver)
{
	Device &d = Device::of(driver);
	AllHeld held(d);

	d.started = false;
	if (!d.up())
		return;
	mask_all(d);
	start_or_stop(d);
	unmask(d);
}

int mc_setpromisc(void *driver, boolean_t on)
{
	Device &d = Device::of(driver);
	Held held(d.receiving);

	d.filter.set_promiscuous(on);
	if (d.up())
		program_receiving(d);
	return 0;
}

int mc_multicst(void *driver, boolean_t add, const uint8_t *address)
{
	Device &d = Device::of(driver);
	Held held(d.receiving);

	if (add) {
		const int error = d.filter.add(address);
		if (error != 0)
			return error;
	} else {
		d.filter.remove(address);
	}
	if (d.up())
		d.filter.program_word(d.regs, address);
	return 0;
}

int mc_unicst(void *driver, const uint8_t *address)
{
	Device &d = Device::of(driver);
	Held held(d.receiving);

	if (address[0] & 1)
		return EINVAL;
	d.filter.set_own(address);
	if (d.up())
		d.filter.program_own(d.regs);
	return 0;
}

// Without a link frames would lie in the ring until there is one, and be old then.
mblk_t *mc_tx(void *driver, mblk_t *chain)
{
	Device &d = Device::of(driver);
	Chain done;
	{
		Held held(d.sending);
		const bool up = d.up();
		if (!d.reachable() || (up && !strm::load_relaxed(d.link_up)))
			d.transmitter.refuse(chain, done), chain = nullptr;
		else if (up)
			chain = d.transmitter.send(chain, done);
		if (chain) {
			d.transmitter.wait();
			Held irq(d.irq);
			ask_when_sent(d);
		}
	}
	freemsgchain(done.first());
	return chain;
}

mblk_t *mc_poll(void *driver, uint_t budget, boolean_t *more)
{
	Device &d = Device::of(driver);
	mblk_t *chain = nullptr;
	bool rest = false;

	{
		Held held(d.receiving);
		if (d.up() && d.started)
			chain = d.receiver.harvest(budget, rest);
	}
	reap_sent(d);
	if (!rest) {
		Held held(d.irq);
		unmask(d);
	}
	*more = rest ? B_TRUE : B_FALSE;
	return chain;
}

int mc_getstat(void *driver, uint_t stat, uint64_t *value)
{
	u64 answer = 0;
	const int error = get_statistic(Device::of(driver), stat, answer);

	if (error == 0)
		*value = answer;
	return error;
}

} // namespace

constinit mac_callbacks_t callbacks = {
	MC_POLL,   mc_getstat, mc_start, mc_stop, mc_setpromisc, mc_multicst,
	mc_unicst, mc_tx,      nullptr,	 mc_poll, nullptr,
};

} // namespace e1000g
