// SPDX-License-Identifier: GPL-2.0-only
//
// The expensive half of an asymmetric fence.
//
// Whoever enters a perimeter shared executes no fence: it increments its CPU's
// counter and loads the gate, and nothing keeps the processor from doing the
// load first.  Whoever has closed the gate therefore makes every other CPU
// execute a full fence before it trusts the sum of the counters.  After that an
// entrant either had its increment visible, or it sees the gate closed.
//
// The fence is an interrupt to each other online CPU, sent asynchronously, so
// that it may be asked for in softirq.  One engine serves all perimeters: while
// a round of interrupts is under way, new requests gather for the next.  So
// there are never more than one round's interrupts in flight, whatever users
// do.
#pragma once

#include <strm/cxx.hh>

namespace strm {

struct FenceRequest {
	FenceRequest *next;
	void (*done)(FenceRequest &request); // bottom halves off
};

// Any context.  done() runs later, never from here; the request must stay where
// it is until then.
void fence_request(FenceRequest &request);

int fence_init();
void fence_stop(); // process context; nobody asks for one any more

} // namespace strm
