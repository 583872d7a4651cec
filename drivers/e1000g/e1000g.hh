// SPDX-License-Identifier: GPL-2.0-only
//
// A device, its locks, and who takes them.
//
// Frames go through the perimeters of the streams, which keep their order.  What the
// perimeters cannot protect is what interrupt handlers, the timer and the work that
// resets the chip share with them.  That is what these locks are for, outermost first:
//
//   receiving    the receive ring, the address filter, `started`
//     sending    the transmit ring
//       statistics  the sums of what the chip counts
//         irq  which causes are unmasked, the state of the link
//
// `state` changes with all of them held (AllHeld), and is read with any.
//
// Hard interrupt handlers take `irq` alone, which therefore turns interrupts off, and
// inside which no other may be taken.  The others turn bottom halves off: mc_tx, mc_poll
// and the timer are their users, and they may take a while.  The sender who finds the
// ring full takes `irq` as well, to unmask a cause, and who takes the chip down takes
// all, to keep everybody out.
//
// All are <sys/ksynch.h>'s: on PREEMPT_RT they sleep and lend priority, and the
// handlers, which take one, are threads.  No lock is held where a message is freed that
// has been sent (its free routine may be anybody's), or where frames are passed up.
// mac_rx_schedule(), mac_tx_update() and mac_link_update() may be called with them held.
//
// Nothing sleeps but attach, detach, suspend, resume and reset.  They have the chip to
// themselves while `state` is Down: whoever else looks at `state` leaves it alone.
#pragma once

#include "filter.hh"
#include "statistics.hh"
#include "transmit.hh"
#include <sys/ksynch.h>

namespace e1000g {

// A lock, while this is in scope.
class Held : strm::NoCopy {
public:
	explicit Held(kmutex_t &mutex) : mutex_(mutex) { mutex_enter(&mutex_); }
	~Held() { mutex_exit(&mutex_); }

private:
	kmutex_t &mutex_;
};

enum class State : u8 {
	Down, // being reset or asleep: whoever does that has it to himself
	Up
};

} // namespace e1000g

struct e1000g_device : strm::NoCopy {
	e1000g_device(e1000g_hw *hw, const e1000g_found &it) : regs(hw), found(it) {}

	const e1000g::Registers regs;
	const e1000g_found found;
	mac_handle_t mac = nullptr; // set by mac_register(), before anybody needs it

	kmutex_t receiving;
	kmutex_t sending;
	kmutex_t irq;
	kmutex_t statistics_lock;

	e1000g::State state = e1000g::State::Down;
	// It answers with all ones: anybody may find out.  Until it is woken up again, where
	// that was an error of the bus.
	strm::Atomic<bool> gone;
	bool started = false;	  // between mc_start and mc_stop; written with all held
	bool registered = false;  // irq: there is a handle to tell of the link
	bool quiet = true;	  // irq: nothing is unmasked, no tick and no reset asked for
	bool masked = true;	  // irq: nothing interrupts; of no meaning with MSI-X
	bool want_sent = false;	  // irq: to be interrupted when frames have been sent
	bool link_up = false;	  // irq; read without by who can bear with a stale answer
	bool link_told = false;	  // irq: that there is one or none, to the core
	e1000g::u32 ticks = 0;	  // the tick's own
	e1000g::u32 phy_hung = 0; // times in a row; the work's, and who resets the chip
	e1000g::u32 interrupt_rate =
		0; // the tick's own, and who programs the chip while it is Down

	e1000g::Receiver receiver;	 // receiving
	e1000g::Filter filter;		 // receiving
	e1000g::Transmitter transmitter; // sending
	e1000g::Statistics statistics;	 // statistics_lock

	bool reachable() const { return !gone.relaxed(); }
	// With one of the locks.
	bool up() const { return state == e1000g::State::Up && reachable(); }

	static e1000g_device &of(void *driver) { return *static_cast<e1000g_device *>(driver); }
};

namespace e1000g {

using Device = ::e1000g_device;

class AllHeld : strm::NoCopy {
public:
	explicit AllHeld(Device &d)
		: receiving_(d.receiving), sending_(d.sending), statistics_(d.statistics_lock),
		  irq_(d.irq)
	{
	}

private:
	Held receiving_, sending_, statistics_, irq_; // let go in reverse
};

// chip.cc.  Those that sleep have the chip to themselves.
void give_back(Device &d);		   // sleeps: no DMA until the next reset
int reset_chip(Device &d);		   // sleeps; 0 or a negative error number
int read_address(Device &d, u8 *address);  // sleeps
void set_up_phy(Device &d);		   // sleeps
bool phy_hangs(Device &d);		   // sleeps
void program_chip(Device &d, Chain &done); // with all held: rings, filter, and go
void stop_dma(Device &d);		   // with all held
void program_receiving(Device &d);	   // with `receiving`: RCTL
void start_or_stop(Device &d);		   // with all held: as `started` says
void program_moderation(Device &d);

// interrupt.cc; with `irq`
void mask_all(Device &d);
void unmask(Device &d);
void ask_when_sent(Device &d); // with `sending` as well
void look_at_link(Device &d);
void give_up_link(Device &d); // it has had its time
void interrupt_anyhow(Device &d);
void found_gone(Device &d);

// provider.cc
extern mac_callbacks_t callbacks;
// Takes back what has been sent, and tells those who wait for room.
void reap_sent(Device &d);

int get_statistic(Device &d, uint_t stat, u64 &value);

} // namespace e1000g
