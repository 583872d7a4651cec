// SPDX-License-Identifier: GPL-2.0-only
//
// What bufmod keeps for a stream: the chunk, and how it is to be made.
#pragma once

#include <strm/module.hh>

#include "chunk.hh"

namespace strm::bufmod {

// A program may not have more of the kernel's memory by asking for it.
constexpr u32 largest_chunk = 1 << 20;
constexpr u32 known_flags = SB_SEND_ON_WRITE | SB_NO_HEADER | SB_NO_PROTO_CVT | SB_DEFER_CHUNK |
			    SB_NO_DROPS;

// What ioctls set.
struct Settings {
	u32 chunk = SB_DFLT_CHUNK; // bytes; 0: every message is a chunk
	u32 snap = 0;		   // bytes kept of a message; 0: all
	u32 flags = 0;
	bool timed = false; // or a chunk waits until it is full
	long seconds = 0;
	long microseconds = 0; // fewer than a million

	bool has(u32 flag) const { return flags & flag; }
	bool at_once() const { return !chunk || (timed && !seconds && !microseconds); }
};

// struct timeval of a program.
struct Time64 {
	long seconds;
	long microseconds;
};
using Time32 = timeval32;
static_assert(sizeof(Time64) == 16 && sizeof(Time32) == 8);

// The argument of an ioctl.
union Value {
	u32 number;
	Time64 time;
	Time32 time32;
};

// Inside the inner perimeter of the stream, alone.
class Buffer : NoCopy {
public:
	explicit Buffer(queue_t *rq) : q_(rq) {}

	// The procedures.
	void read(Message mp);
	void serve();
	void write(WriteQueue q, Message mp);
	// Before qprocsoff().
	void close();

private:
	// buffer.cc
	void add(Message mp);
	void measure(const Message &mp, sb_hdr &header) const;
	void gather(Message mp, const sb_hdr &header);
	void pass(Message mp);
	void flush(const mblk_t &mp);
	void release();
	bool send();
	void hold();
	void start_timer();
	void stop_timer();
	void end_interval();
	static void expired(void *buffer);

	// ioctl.cc
	void start(WriteQueue q, Message mp);
	void copied(WriteQueue q, Message mp);
	void answer(WriteQueue q, Message mp, const iocblk &request);
	void take(WriteQueue q, Message mp, int command, uint_t flag);
	int set(int command, const Value &value, bool short_time);
	int get(int command, Value &value, bool short_time) const;
	int set_time(long seconds, long microseconds);
	int set_flags(u32 flags);
	int set_sizes(u32 chunk, u32 snap);
	int make_room(u32 bytes);

	ReadQueue q_;
	Settings set_;
	Chunk chunk_;
	u32 drops_ = 0;		// messages that came and will not go on
	bool overdue_ = false;	// the chunk goes up as soon as there is room
	bool interval_ = false; // with SB_DEFER_CHUNK: the first message has gone up
	timeout_id_t timer_ = nullptr;
};

} // namespace strm::bufmod
