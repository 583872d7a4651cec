// SPDX-License-Identifier: GPL-2.0-only
//
// A device comes, goes, sleeps, hangs.
#include "e1000g.hh"
#include <sys/errno.h>
#include <sys/kmem.h>

namespace e1000g {

namespace {

constexpr uint_t tick_milliseconds = 1000;
constexpr u32 ticks_between_sums = 64; // the fastest counter takes 48 minutes to overflow
constexpr u32 ticks_between_checks = 2;
constexpr u32 ticks_for_a_link = 4; // to be found when the driver is loaded

constinit mac_driver driver = { "e1000g", nullptr };

void free_device(Device *d)
{
	d->receiver.destroy();
	d->transmitter.destroy();
	mutex_destroy(&d->statistics_lock);
	mutex_destroy(&d->irq);
	mutex_destroy(&d->sending);
	mutex_destroy(&d->receiving);
	d->~Device();
	kmem_free(d, sizeof(Device));
}

Device *make_device(e1000g_hw *hw, const e1000g_found &found)
{
	void *memory = kmem_zalloc(sizeof(Device), KM_SLEEP);
	if (!memory)
		return nullptr;
	auto *d = new (memory) Device(hw, found);
	mutex_init(&d->receiving, NULL, MUTEX_DRIVER, NULL);
	mutex_init(&d->sending, NULL, MUTEX_DRIVER, NULL);
	mutex_init(&d->irq, NULL, MUTEX_DRIVER, hw); // handlers take it
	mutex_init(&d->statistics_lock, NULL, MUTEX_DRIVER, NULL);
	return d;
}

// In PCI-X mode the first piece of a frame has to be shorter than 2016 bytes.  To keep
// it simple, they all are.
u32 most_per_descriptor(const Device &d)
{
	return d.found.chip == E1000G_82545 ? 2015 : 4096;
}

// The device is found: it is reset, and there is nobody else yet.
int prepare(Device &d)
{
	u8 address[6];
	const u32 max_frame = header_size + d.found.mtu + vlan_tag_size;

	int error = reset_chip(d);
	if (error == 0)
		error = read_address(d, address);
	if (error == 0)
		error = d.receiver.create(d.regs, d.found.rx_ring, max_frame);
	if (error == 0)
		error = d.transmitter.create(d.regs, d.found.tx_ring, max_frame,
					     most_per_descriptor(d));
	if (error != 0)
		return error;
	d.filter.set_own(address);
	set_up_phy(d);
	d.statistics.forget(d.regs);
	return 0;
}

// The end of a reset, which has had that result.
void bring_up(Device &d, int error)
{
	Chain done;
	{
		AllHeld held(d);
		if (error == 0) {
			program_chip(d, done);
			d.state = State::Up;
			look_at_link(d);
			unmask(d);
		} else {
			found_gone(d);
		}
	}
	freemsgchain(done.first());
	reap_sent(d); // who waited while there was no chip goes on
}

// From here on nobody but the caller uses the chip.  False: it is down already.
bool take_down(Device &d)
{
	{
		AllHeld held(d);
		if (d.state == State::Down)
			return false;
		if (d.reachable()) {
			d.statistics.accumulate(d.regs);
			mask_all(d);
			stop_dma(d);
		}
		d.state = State::Down;
	}
	e1000g_hw_synchronize_irq(d.regs.hw());
	return true;
}

int register_device(Device &d)
{
	mac_register_t *it = mac_alloc(MAC_VERSION);
	if (!it)
		return -ENOMEM;
	it->m_type_ident = MAC_PLUGIN_IDENT_ETHER;
	it->m_driver = &d;
	it->m_of = &driver;
	it->m_instance = d.found.instance;
	it->m_src_addr = d.filter.own();
	it->m_callbacks = &callbacks;
	it->m_max_sdu = d.found.mtu;
	it->m_margin = vlan_tag_size;
	const int error = mac_register(it, &d.mac);
	mac_free(it);
	return -error;
}

void report(Device &d)
{
	constexpr const char *chips[] = { "82540EM", "82545EM", "82574L" };
	constexpr const char *irqs[] = { "INTx", "MSI", "MSI-X" };
	const u8 *a = d.filter.own();

	e1000g_hw_log(d.regs.hw(), E1000G_INFO, "e1000g%u: %s, %02x:%02x:%02x:%02x:%02x:%02x, %s\n",
		      d.found.instance, chips[d.found.chip], a[0], a[1], a[2], a[3], a[4], a[5],
		      irqs[d.found.irq]);
}

// ----------------------------------------------------------------------- the tick

// Is there something in the ring that will not go?  Without a link it is old when there
// is one again; with one, and if the other end has not asked for a pause, the chip hangs.
bool hangs(Device &d)
{
	Held held(d.sending);

	if (!d.up() || d.transmitter.empty())
		return false;
	if (!strm::load_relaxed(d.link_up))
		return true;
	if (!d.transmitter.stuck() || d.regs.read(Reg::STATUS) & status::TXOFF)
		return false;
	e1000g_hw_log(d.regs.hw(), E1000G_ERR, "the transmitter hangs: the chip is reset\n");
	return true;
}

void add_up(Device &d)
{
	Held held(d.statistics_lock);

	if (d.up())
		d.statistics.accumulate(d.regs);
}

} // namespace

} // namespace e1000g

using namespace e1000g;

int e1000g_driver_init(module *owner)
{
	return -mac_driver_register(&driver, owner);
}

void e1000g_driver_exit(void)
{
	mac_driver_unregister(&driver);
}

int e1000g_attach(e1000g_hw *hw, const e1000g_found *found, e1000g_device **dp)
{
	Device *d = make_device(hw, *found);
	if (!d)
		return -ENOMEM;
	const int error = prepare(*d);
	if (error != 0) {
		free_device(d);
		return error;
	}
	*dp = d;
	bring_up(*d, 0);
	return 0;
}

int e1000g_register(e1000g_device *it)
{
	Device &d = *it;
	const int error = register_device(d);

	if (error != 0)
		return error;
	report(d);
	{
		Held held(d.irq);
		d.registered = true;
		d.quiet = false;
		look_at_link(d);
		unmask(d);
	}
	e1000g_hw_tick(d.regs.hw(), tick_milliseconds);
	return 0;
}

void e1000g_quiesce(e1000g_device *it)
{
	Device &d = *it;
	Held held(d.irq);

	d.quiet = true;
	if (d.up())
		mask_all(d);
}

void e1000g_detach(e1000g_device *it)
{
	Device &d = *it;

	if (d.registered)
		mac_unregister(d.mac);
	take_down(d);
	if (d.reachable()) {
		give_back(d);
		(void)reset_chip(d);
	}
	e1000g_hw_no_dma(d.regs.hw());
	free_device(&d);
}

void e1000g_suspend(e1000g_device *it)
{
	Device &d = *it;

	take_down(d);
	if (d.reachable())
		give_back(d);
}

void e1000g_lost(e1000g_device *it)
{
	Device &d = *it;
	{
		Held held(d.irq);
		found_gone(d);
	}
	reap_sent(d);
}

int e1000g_resume(e1000g_device *it)
{
	Device &d = *it;

	d.gone.set_relaxed(false);
	const int error = reset_chip(d);
	if (error == 0)
		set_up_phy(d);
	{
		Held held(d.irq);
		d.quiet = false;
	}
	bring_up(d, error);
	if (error == 0)
		e1000g_hw_tick(d.regs.hw(), tick_milliseconds);
	return error;
}

void e1000g_reset(e1000g_device *it)
{
	Device &d = *it;

	if (!d.reachable() || !take_down(d))
		return;
	const int error = reset_chip(d);
	if (error == 0)
		set_up_phy(d);
	bring_up(d, error);
}

// A PHY that has been found to hang twice is reset with the rest.
void e1000g_check(e1000g_device *it)
{
	Device &d = *it;

	if (!d.reachable())
		return;
	d.phy_hung = phy_hangs(d) ? d.phy_hung + 1 : 0;
	if (d.phy_hung < 2)
		return;
	e1000g_hw_log(d.regs.hw(), E1000G_ERR, "the PHY hangs: it is reset\n");
	e1000g_reset(it);
}

void e1000g_tick(e1000g_device *it)
{
	Device &d = *it;
	{
		Held held(d.irq);
		look_at_link(d);
		if (d.quiet)
			return;
		if (++d.ticks >= ticks_for_a_link)
			give_up_link(d);
		interrupt_anyhow(d);
		if (d.up() && d.interrupt_rate != e1000g_hw_interrupt_rate(d.regs.hw()))
			program_moderation(d);
	}
	reap_sent(d);
	if (!d.reachable())
		return; // that was the last one
	if (hangs(d))
		e1000g_hw_want_reset(d.regs.hw());
	if (d.ticks % ticks_between_sums == 0)
		add_up(d);
	if (d.ticks % ticks_between_checks == 0 && d.found.chip == E1000G_82574)
		e1000g_hw_want_check(d.regs.hw());
	e1000g_hw_tick(d.regs.hw(), tick_milliseconds);
}
