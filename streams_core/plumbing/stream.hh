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
struct Component : QueuePair {
	Component(const PairParts &parts, Registered &what) : QueuePair(parts), registered(&what) {}

	Component *below = nullptr;
	Registered *registered; // held
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

	dev_t dev = 0;		      // immutable once in the driver's table
	Registered *driver = nullptr; // immutable; held

	// The head, which this is a part of, is freed a grace period after the last use.
	Atomic<u32> users{ 1 };
	Atomic<u32> closing; // its minor number may be given out again before it is gone
};

// As many modules may be pushed on one stream.
constexpr u32 most_pushed = 16;

// All of these: process context, plumbing held; 0 or a negative error number.
int open_driver(Stream &stream, dev_t &dev, int oflag, int sflag, cred_t *cred)
	STRM_REQUIRES(stream.plumbing);
int reopen(Stream &stream, int oflag, cred_t *cred) STRM_REQUIRES(stream.plumbing);
// `above`: as many modules stay above the one that comes or goes.
int insert(Stream &stream, u32 above, const char *name, int oflag, cred_t *cred)
	STRM_REQUIRES(stream.plumbing);
int remove(Stream &stream, u32 above, int oflag, cred_t *cred) STRM_REQUIRES(stream.plumbing);
void dismantle(Stream &stream, int oflag, cred_t *cred) STRM_REQUIRES(stream.plumbing);

// The streams of a driver by minor.  find_stream() takes a use, which
// drop_stream() gives back; true says that it was the last one and that the
// caller shall free the object, after a grace period.
Stream *find_stream(Registered &driver, dev_t dev);
int list_stream(Stream &stream); // -EBUSY: the minor has a live one; -ENOMEM
void unlist_stream(Stream &stream);
int move_stream(Stream &stream, dev_t dev); // list it as that instead; as list_stream()
[[nodiscard]] bool drop_stream(Stream &stream);

// For who looks at all streams, in the order of their devices: the first one from
// `dev` on, with a use taken.  Not those whose driver is still opening them.
Stream *stream_from(dev_t dev);

// The module that has `above` others above it, or the driver, or a null pointer.
Component *component_at(Stream &stream, u32 above) STRM_REQUIRES(stream.plumbing);

int plumbing_init();

} // namespace strm
