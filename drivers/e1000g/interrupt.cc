// SPDX-License-Identifier: GPL-2.0-only
//
// Interrupts.
//
// A handler notes the cause, masks, and leaves the frames to mc_poll, which unmasks when
// it has found the ring empty.  No event is lost between the two: a cause that comes
// while it is masked stays in ICR, and interrupts at the moment it is unmasked.  The
// handler clears ICR before mc_poll looks, never after: where another device on the line
// has it called meanwhile, it does not read ICR, as that would clear it.
//
// That frames have been sent interrupts nobody, unless a sender waits for room: what has
// been sent is taken back when more is sent, received, or by the tick.
#include "e1000g.hh"

namespace e1000g {

namespace {

constexpr u32 queue_causes = cause::RXQ0 | cause::TXQ0;

bool has_vectors(const Device &d)
{
	return d.found.irq == E1000G_MSIX;
}

// ICR has the masked causes in it as well.  The 82574 tells whether it has interrupted.
bool tells_whose(const Device &d)
{
	return d.found.chip == E1000G_82574 && d.found.irq == E1000G_INTX;
}

// What is to interrupt now.
u32 wanted(const Device &d)
{
	const bool vectors = has_vectors(d);
	u32 causes = cause::LSC;

	if (vectors)
		causes |= cause::OTHER;
	if (d.started)
		causes |= vectors ? cause::RXQ0 : cause::RXT0 | cause::RXDMT0 | cause::RXO;
	if (d.started && d.want_sent)
		causes |= vectors ? cause::TXQ0 : cause::TXDW;
	return causes;
}

void mask(Device &d)
{
	d.masked = true;
	d.regs.write(Reg::IMC, all_ones);
}

void allow(Device &d, u32 causes)
{
	d.masked = false;
	d.regs.write(Reg::IMS, causes);
}

} // namespace

void mask_all(Device &d)
{
	mask(d);
	d.regs.flush();
}

void unmask(Device &d)
{
	if (d.up() && d.registered && !d.quiet)
		allow(d, wanted(d));
}

void ask_when_sent(Device &d)
{
	d.want_sent = true;
	if (d.up() && !d.quiet)
		allow(d, has_vectors(d) ? cause::TXQ0 : cause::TXDW);
}

// An interrupt that is lost on its way, in a bridge or by a hypervisor, would leave the
// ring full for ever.
void interrupt_anyhow(Device &d)
{
	if (d.up() && d.registered && d.started && !d.quiet)
		d.regs.write(Reg::ICS, has_vectors(d) ? cause::RXQ0 : cause::RXDMT0);
}

void found_gone(Device &d)
{
	if (d.gone.exchange(true))
		return;
	e1000g_hw_log(d.regs.hw(), E1000G_ERR, "the device does not answer any more\n");
	if (d.link_up && d.registered)
		mac_link_update(d.mac, LINK_STATE_DOWN);
	strm::store_relaxed(d.link_up, false);
}

namespace {

void tell_link(Device &d, u32 status)
{
	constexpr const char *speeds[] = { "10", "100", "1000", "1000" };
	const bool is_up = status & status::LU;

	strm::store_relaxed(d.link_up, is_up);
	d.link_told = true;
	if (is_up)
		e1000g_hw_log(d.regs.hw(), E1000G_INFO, "link up, %s Mbit/s, %s duplex\n",
			      speeds[(status & status::SPEED) >> status::speed_shift],
			      status & status::FD ? "full" : "half");
	else
		e1000g_hw_log(d.regs.hw(), E1000G_INFO, "link down\n");
	mac_link_update(d.mac, is_up ? LINK_STATE_UP : LINK_STATE_DOWN);
}

} // namespace

void look_at_link(Device &d)
{
	if (!d.up() || !d.registered || d.quiet)
		return;
	const u32 status = d.regs.read(Reg::STATUS);
	if (status == all_ones)
		return found_gone(d);
	const bool is_up = status & status::LU;
	if (is_up != d.link_up)
		tell_link(d, status);
}

void give_up_link(Device &d)
{
	if (d.up() && !d.link_told)
		tell_link(d, 0);
}

} // namespace e1000g

using namespace e1000g;

// INTx and MSI.  INTx may be somebody else's interrupt: ICR is 0 then.
int e1000g_irq_all(e1000g_device *it)
{
	Device &d = *it;

	{
		Held held(d.irq);
		if (!d.up() || d.quiet || (d.found.irq == E1000G_INTX && d.masked))
			return 0;
		const u32 causes = d.regs.read(Reg::ICR);
		if (causes == 0)
			return 0;
		if (causes == all_ones) {
			found_gone(d);
			return 0;
		}
		if (tells_whose(d) && !(causes & cause::ASSERTED))
			return 0;
		mask(d);
		// Reading has not cleared it on every chip.
		d.regs.write(Reg::ICR, causes);
		if (causes & cause::LSC)
			look_at_link(d);
		if (!d.started) {
			unmask(d);
			return 1;
		}
	}
	mac_rx_schedule(d.mac);
	return 1;
}

// The first vector of MSI-X.  Its causes clear themselves.
int e1000g_irq_queue(e1000g_device *it)
{
	Device &d = *it;

	{
		Held held(d.irq);
		if (!d.up() || d.quiet || !d.started)
			return 1;
		d.regs.write(Reg::IMC, queue_causes);
	}
	mac_rx_schedule(d.mac);
	return 1;
}

// The second.  Reading ICR may clear causes of the first, too: they are raised again.
int e1000g_irq_other(e1000g_device *it)
{
	Device &d = *it;
	Held held(d.irq);

	if (!d.up() || d.quiet)
		return 1;
	const u32 causes = d.regs.read(Reg::ICR);
	if (causes == all_ones) {
		found_gone(d);
		return 1;
	}
	d.regs.write(Reg::ICR, causes & ~queue_causes);
	if (causes & queue_causes)
		d.regs.write(Reg::ICS, causes & queue_causes);
	if (causes & cause::LSC)
		look_at_link(d);
	d.regs.write(Reg::IMS, cause::LSC | cause::OTHER);
	return 1;
}
