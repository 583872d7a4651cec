// SPDX-License-Identifier: GPL-2.0-only
//
// Work that must run in softirq, soon, on this CPU.
//
// Each CPU has a list.  Service procedures and perimeters with something to
// drain put themselves on the list of the CPU they are at; a tasklet runs the
// list with a bounded budget and then yields to others by raising itself again.
//
// A system call on a stream runs inside a Section: bottom halves are off, and
// before they are on again the section runs what the call itself has put on
// the list.  So an acknowledgement that a driver sends from its service
// procedure is at the stream head when putmsg() returns, and the tasklet is not
// raised at all.  No wake-up is lost: add() raises the tasklet unless a section
// is open on this CPU, and a section that ends with work left raises it.
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

// Process context.  Sections do not nest within each other's system calls, but
// a procedure called inside one may open another.
class [[nodiscard]] Section : NoCopy {
public:
	Section();
	~Section();
};

int runner_init();
void runner_stop(); // runs what is on the lists; nobody adds any more
void runner_exit();

} // namespace strm
