// SPDX-License-Identifier: GPL-2.0-only
#include "tests.hh"

#include <machine.h>
#include <perimeter/perimeter.hh>
#include <streams_core/message/message.hh>

using namespace strm;

// The rooms come up and go down around each test, as they do around streams.ko.
extern "C" int run_test(const char *name, int cpus, unsigned int milliseconds,
			unsigned long long seed)
{
	static constexpr struct {
		const char *name;
		void (*run)(const test::Settings &settings);
	} tests[] = {
		{ "stress", test::stress },	{ "tight", test::tight },
		{ "recovery", test::recovery }, { "bench", test::bench },
		{ "count", test::count },	{ "lines", test::lines_touched },
	};

	for (const auto &test : tests) {
		if (__builtin_strcmp(test.name, name))
			continue;
		runner_init();
		fence_init();
		counters_init();
		perimeter_init();
		message_init();
		test.run({ cpus, milliseconds, seed });
		lin_synchronize_rcu();
		runner_stop();
		lin_rcu_barrier();
		message_exit();
		perimeter_exit();
		runner_exit();
		return 1;
	}
	return 0;
}
