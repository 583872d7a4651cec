// SPDX-License-Identifier: GPL-2.0-only
//
// A stream as plumbing sees it: a head, modules from top to bottom, a driver.
//
// `plumbing` makes open, push, pop and close of one stream happen one at a time;
// messages pass meanwhile, and no lock is shared with another stream.
#pragma once

#include <streams_core/plumbing/registry.hh>
#include <streams_core/queue/queue.hh>

namespace strm {

// A module or the driver, in place.
struct Component {
	Component *below;
	Registered *registered;
	QueuePair *pair;
};

struct Stream {
	explicit Stream(LockClass &kind) : plumbing(kind) {}

	Mutex plumbing;
	QueuePair *head = nullptr;			    // immutable once open
	Component *top STRM_GUARDED_BY(plumbing) = nullptr; // the last one is the driver
	u32 pushed STRM_GUARDED_BY(plumbing) = 0;
	// Written under plumbing; a picture reads both without it.
	u32 opens = 0;
	bool dead = false; // was closed, or never opened

	dev_t dev = 0;		      // immutable once in the driver's list
	Registered *driver = nullptr; // immutable; held

	// Under streams_lock: the driver's list, the list of all, and who uses this
	// object.
	Stream *next = nullptr;
	Stream *next_of_all = nullptr;
	Stream **link_of_all = nullptr; // what points here
	u64 serial = 0; // in the order in which streams were made; immutable once there
	u32 users = 1;
	bool listed = false;
	bool closing = false; // its minor number may be given out again before it is gone
};

// As many modules may be pushed on one stream.
constexpr u32 most_pushed = 16;

// All of these: process context, plumbing held; 0 or a negative error number.
int open_driver(Stream &stream, dev_t &dev, int oflag, int sflag, cred_t *cred)
	STRM_REQUIRES(stream.plumbing);
int reopen(Stream &stream, int oflag, cred_t *cred) STRM_REQUIRES(stream.plumbing);
int push(Stream &stream, const char *name, int oflag, cred_t *cred) STRM_REQUIRES(stream.plumbing);
int pop(Stream &stream, int oflag, cred_t *cred) STRM_REQUIRES(stream.plumbing);
void dismantle(Stream &stream, int oflag, cred_t *cred) STRM_REQUIRES(stream.plumbing);

// The streams of a driver by minor.  find_stream() takes a use, which
// drop_stream() gives back; true says that it was the last one and that the
// caller shall free the object.
Stream *find_stream(Registered &driver, dev_t dev);
[[nodiscard]] bool list_stream(Stream &stream); // false: the minor has a live one
void mark_closing(Stream &stream);
void unlist_stream(Stream &stream);
[[nodiscard]] bool drop_stream(Stream &stream);

// For who looks at all streams, the one that was made last first: the first whose
// number is not above `serial`, and the one after `previous`, with a use taken.  A
// use of `previous` keeps it in the list meanwhile.
void add_to_all(Stream &stream);
Stream *newest_of_all(u64 serial);
Stream *next_of_all(Stream *previous);
bool is_closing(Stream &stream);

int plumbing_init();

} // namespace strm
