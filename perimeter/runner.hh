// SPDX-License-Identifier: GPL-2.0-only
//
// Work that must run in softirq, soon, on this CPU.
//
// Each CPU has a list.  Service procedures and perimeters with something to
// drain put themselves on the list of the CPU they are at; a tasklet runs the
// list with a bounded budget and then yields to others by raising itself again.
//
// A system call on a stream runs inside a Section: bottom halves are off, and
// what the call itself wants run is run before they are on again, from a list of
// its own: so an acknowledgement that a driver sends from its service procedure
// is at the stream head when putmsg() returns, however much waits on this CPU's
// list and however late its softirq is.
//
// No wake-up is lost: what is put on a CPU's list raises its tasklet, and a
// Section that stops with work left, because that never ends, puts it there.
#pragma once

#include <strm/lock.hh>

namespace strm {

// Embedded in whatever wants to run.  On one list at most: its owner sees to
// that (a queue by its schedule state, a perimeter by having one owner).
struct Work {
	Work *next;
	void (*run)(Work &work);
};

// Any context, hard interrupts included.
void runner_add(Work &work);

// In softirq, also for who is in a Section: work that has had its share of this CPU.
void runner_add_later(Work &work);

// Work that is on some list already is wanted by whoever is in a Section on this
// CPU, if anybody is: call `now` at its end.  Bottom halves are off or this is a
// hard interrupt; the work stays in memory as long as bottom halves are off.
void section_wants(Work &work, void (*now)(Work &work));

// Process context.  What is opened inside one is a part of it.
class [[nodiscard]] Section : NoCopy {
public:
	Section();
	~Section();
};

int runner_init();
void runner_stop(); // runs what is on the lists; nobody adds any more
void runner_exit();

} // namespace strm
