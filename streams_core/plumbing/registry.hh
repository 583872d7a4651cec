// SPDX-License-Identifier: GPL-2.0-only
//
// The modules and drivers that streams are made of, by name.
#pragma once

#include <perimeter/perimeter.hh>
#include <strm/linux.h>
#include <sys/conf.h>

namespace strm {

struct Stream;

// One registration, from mod init to mod exit.  Immutable but for `streams`.
struct Registered {
	Registered *next; // under the registry's lock
	char name[16];
	streamtab *tab;
	module *owner;
	Modes modes;
	Perimeter *perimeter; // of a Scope::Module, shared by all its queues
	bool driver;
	major_t major; // drivers only
	u32 minors;

	lin_xarray streams; // of this driver, by minor number; has its own lock

	// The perimeter of a new queue pair: a reference, or a null pointer
	// without memory.
	Perimeter *perimeter_for_pair();
};

// Process context.  What find returns is held: it stays registered and its
// text loaded until release().  A missing one is loaded on demand.
Registered *find_module(const char *name);
Registered *find_driver(major_t major);
Registered *driver_from(major_t major); // the first with this number or a higher one
void release(Registered *registered);

int registry_init();

} // namespace strm
