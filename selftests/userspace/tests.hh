// SPDX-License-Identifier: GPL-2.0-only
//
// The tests, each of which is a run of the program.
#pragma once

#include <strm/cxx.hh>

namespace strm::test {

struct Settings {
	int cpus;
	u32 milliseconds;
	u64 seed;
};

void stress(const Settings &settings);
void tight(const Settings &settings);
void recovery(const Settings &settings);
void bench(const Settings &settings);
void count(const Settings &settings);
void lines_touched(const Settings &settings);

} // namespace strm::test
