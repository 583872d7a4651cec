// SPDX-License-Identifier: GPL-2.0-only
//
// The modules and drivers that streams are made of, by name and by major number.
//
// One enters in two steps, so that several that come in one .ko come together
// or not at all: enlist() checks and takes the name, and publish() lets others
// find it.  It leaves in two steps as well: withdraw(), which fails while a
// stream has it, and discard() or, where it stays after all, publish().  Between
// the steps it is *away*: nobody finds it, and who opens its node waits.
#pragma once

#include <perimeter/perimeter.hh>
#include <strm/linux.h>
#include <sys/conf.h>

struct strm_dev_info;

namespace strm {

struct Stream;

// A node in /dev/streams.
struct Node {
	Node *next;
	major_t major; // that of the clone nodes, or the driver's
	minor_t minor;
	char name[32];
	char asked[32]; // the name that the driver gave; empty for what it did not ask for
};

// Majors have 12 bits.  The minor of a clone node is its driver's major, and
// above that a number that tells the clone nodes of one driver apart.
constexpr unsigned major_bits = 12;

constexpr major_t driver_of_clone(minor_t minor)
{
	return minor & ((1u << major_bits) - 1);
}

// One registration.  Immutable from publish() on but for what is marked.
struct Registered {
	Registered *next; // under the registry's lock
	char name[16];
	streamtab *tab;
	module *owner;
	const void *origin; // what describes it: fmodsw, strm_driver or dev_ops
	Modes modes;
	Perimeter *perimeter; // of a Scope::Module, shared by all its queues
	Perimeter *outer;     // around those of all its queues, or a null pointer
	bool driver;
	major_t major;		// drivers only
	minor_t clones;		// opens of minors below this one are clones
	int (*admit)(cred_t *); // asked who may open, or a null pointer
	Node *nodes;		// under nodes_lock (nodes.cc)
	strm_dev_info *devinfo; // of a driver that attaches (devinfo.cc)

	// Who holds it, and `away`.  Goes from 0 to away by compare and exchange,
	// so that either a holder is first or the withdrawal is.
	Atomic<u32> uses;

	lin_xarray streams; // of this driver, by minor number; has its own lock

	// The perimeter of a queue or of a queue pair: a reference, or a null
	// pointer without memory.
	Perimeter *new_perimeter();
};

// Process context.  What find returns is held: it stays registered and its
// text loaded until release().  A missing module is loaded on demand.
Registered *find_module(const char *name);
Registered *find_driver(major_t major);
Registered *driver_from(major_t major); // the first with this number or a higher one
[[nodiscard]] bool hold(Registered *registered);
void release(Registered *registered);

// What somebody wants to register.
struct Candidate {
	const char *name;
	streamtab *tab;
	int flags;
	module *owner;
	const void *origin;
	bool driver;
};

// Process context; error numbers are positive, as everywhere in the DDI.
[[nodiscard]] int enlist(const Candidate &candidate, Registered *&made); // away
void publish(Registered &registered);
[[nodiscard]] bool withdraw(Registered &registered);
void discard(Registered &registered); // its nodes too

// One that somebody's words are about, or a null pointer.  The pointer is good
// for who registered it and alone can take it away.
Registered *find_by_origin(const void *origin);
Registered *find_by_owner(const module *owner);
// The major number of a driver; -1 where it is not there.
int major_of_driver(const char *name);

// Nodes of a driver.  `mode` are permission bits.
[[nodiscard]] int add_minor_node(Registered &driver, const char *name, minor_t minor, u32 mode);
[[nodiscard]] int add_clone_node(Registered &driver, const char *name, u32 mode);
[[nodiscard]] int have_clone_node(Registered &driver, u32 mode); // one at least
void remove_node(Registered &driver, const char *asked);	 // null pointer: all it asked for
void remove_minor_node(Registered &driver, minor_t minor);
void remove_all_nodes(Registered &driver);

int nodes_init();
int registry_init();

} // namespace strm
