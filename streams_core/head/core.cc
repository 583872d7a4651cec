// SPDX-License-Identifier: GPL-2.0-only
//
// The core comes up room by room and goes down in the reverse order.
#include <streams_core/head/head.hh>

using namespace strm;

namespace {

struct Room {
	int (*init)();
	void (*exit)();
};

constexpr Room rooms[] = {
	{ runner_init, runner_exit },	    { fence_init, nullptr },
	{ counters_init, nullptr },	    { perimeter_init, perimeter_exit },
	{ message_init, message_exit },	    { bufcall_init, bufcall_exit },
	{ interrupt_init, interrupt_exit }, { plumbing_init, nullptr },
	{ head_init, head_exit },
};

constexpr size_t number_of_rooms = sizeof(rooms) / sizeof(rooms[0]);

void leave(size_t up_to)
{
	while (up_to-- > 0) {
		if (rooms[up_to].exit)
			rooms[up_to].exit();
	}
}

} // namespace

extern "C" int strm_core_init()
{
	for (size_t i = 0; i < number_of_rooms; i++) {
		int error = rooms[i].init();
		if (error) {
			leave(i);
			return error;
		}
	}
	return 0;
}

// No stream is open, no module is registered.  What is left: callbacks that were
// triggered in vain, and work that finds its queue retired, which drop the last
// reference of a pair; and RCU, which frees the pair and, with the last pair that is
// in it, the perimeter.
extern "C" void strm_core_exit()
{
	lin_synchronize_rcu(); // bottom halves are off in what timers and bufcall() have called
	fence_stop();
	runner_stop();
	lin_rcu_barrier();
	leave(number_of_rooms);
}
