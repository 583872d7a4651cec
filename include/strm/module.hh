// SPDX-License-Identifier: GPL-2.0-only
//
// The door for authors of STREAMS modules in C++.
//
// A module is a class with one object per stream, and member functions that are
// its procedures:
//
//	namespace {
//	class Shout {
//	public:
//		void write(strm::WriteQueue q, strm::Message mp);
//	};
//	} // namespace
//	STRM_CXX_MODULE(Shout, "shout", D_MP | D_MTQPAIR, "GPL");
//
// All of these are optional; what is missing passes messages on:
//
//	void write(WriteQueue q, Message mp);		put procedure, downwards
//	void read(ReadQueue q, Message mp);		put procedure, upwards
//	void serve_write(WriteQueue q);			service procedure, downwards
//	void serve_read(ReadQueue q);			service procedure, upwards
//	void close(ReadQueue q);			procedures are off, then the
//							destructor runs
//
// The object is made when the module is pushed and needs a default constructor.
// What protects it is the perimeter that the flags name: with D_MTQPAIR all of
// these exclude each other; with plain D_MP nothing does.
//
// Nothing here costs a call: a Message is a pointer with an owner, a queue a
// pointer with a direction, and the tables are made when this is compiled.
#pragma once

#include <strm/message.hh>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/modctl.h>
#include <sys/stream.h>

namespace strm {

enum class Side { Read, Write };

// A queue of the module itself, by the direction in which its messages go.
template <Side side> class Queue {
	using Other = Queue<side == Side::Read ? Side::Write : Side::Read>;

public:
	explicit Queue(queue_t *q) : q_(q) {}

	void put_next(Message mp) const { putnext(q_, mp.release()); }
	void reply(Message mp) const { qreply(q_, mp.release()); }
	bool can_put_next(unsigned char band = 0) const { return bcanputnext(q_, band); }
	Other other() const { return Other(OTHERQ(q_)); }
	queue_t *raw() const { return q_; }

	// For a side that has a service procedure.  Queueing fails without memory
	// for the record of a band; the message is the caller's then.
	[[nodiscard]] bool queue(Message &mp) const { return given(mp, putq(q_, mp.get())); }
	[[nodiscard]] bool put_back(Message &mp) const { return given(mp, putbq(q_, mp.get())); }
	Message get() const { return Message(getq(q_)); }
	void flush() const { flushq(q_, FLUSHDATA); }
	void enable() const { qenable(q_); }

private:
	static bool given(Message &mp, int taken)
	{
		if (taken)
			(void)mp.release();
		return taken;
	}

	queue_t *q_;
};

using ReadQueue = Queue<Side::Read>;
using WriteQueue = Queue<Side::Write>;

// The procedures of the DDI, made from a module's class.
template <typename Class> struct Procedures {
	static constexpr bool reads = requires(Class c, ReadQueue q) { c.read(q, Message()); };
	static constexpr bool writes = requires(Class c, WriteQueue q) { c.write(q, Message()); };
	static constexpr bool serves_reads = requires(Class c, ReadQueue q) { c.serve_read(q); };
	static constexpr bool serves_writes = requires(Class c, WriteQueue q) { c.serve_write(q); };
	static constexpr bool closes = requires(Class c, ReadQueue q) { c.close(q); };

	static_assert(reads || writes, "neither read() nor write() of this class is public");
	static_assert(alignof(Class) <= 8, "kmem_alloc() aligns to 8 bytes");

	static Class &self(queue_t *q) { return *static_cast<Class *>(q->q_ptr); }

	static int open(queue_t *q, dev_t *, int, int sflag, cred_t *)
	{
		if (q->q_ptr)
			return 0; // another open of a stream that the module is on
		if (sflag != MODOPEN)
			return EINVAL;
		q->q_ptr = new (kmem_alloc(sizeof(Class), KM_SLEEP)) Class;
		WR(q)->q_ptr = q->q_ptr;
		qprocson(q);
		return 0;
	}

	static int close(queue_t *q, int, cred_t *)
	{
		Class &it = self(q);

		qprocsoff(q);
		if constexpr (closes)
			it.close(ReadQueue(q));
		it.~Class();
		kmem_free(&it, sizeof(Class));
		q->q_ptr = nullptr;
		WR(q)->q_ptr = nullptr;
		return 0;
	}

	static int read(queue_t *q, mblk_t *mp)
	{
		if constexpr (reads)
			self(q).read(ReadQueue(q), Message(mp));
		else
			putnext(q, mp);
		return 0;
	}

	static int write(queue_t *q, mblk_t *mp)
	{
		if constexpr (writes)
			self(q).write(WriteQueue(q), Message(mp));
		else
			putnext(q, mp);
		return 0;
	}

	static int serve_read(queue_t *q)
	{
		if constexpr (serves_reads)
			self(q).serve_read(ReadQueue(q));
		return 0;
	}

	static int serve_write(queue_t *q)
	{
		if constexpr (serves_writes)
			self(q).serve_write(WriteQueue(q));
		return 0;
	}

	static constexpr qinit read_side(module_info &info)
	{
		return { read,	 serves_reads ? serve_read : nullptr, open, close, nullptr, &info,
			 nullptr };
	}

	static constexpr qinit write_side(module_info &info)
	{
		return { write,	  serves_writes ? serve_write : nullptr,
			 nullptr, nullptr,
			 nullptr, &info,
			 nullptr };
	}
};

} // namespace strm

// Makes this file the .ko of a STREAMS module.  `flags` are those of fmodsw(9S),
// `terms` as in MODULE_LICENSE().
#define STRM_CXX_MODULE(Class, name, flags, terms)                                                 \
	static constinit module_info strm_cxx_info = { 0, name, 0, INFPSZ, STRHIGH, STRLOW };      \
	static constinit qinit strm_cxx_rinit = strm::Procedures<Class>::read_side(strm_cxx_info); \
	static constinit qinit strm_cxx_winit = strm::Procedures<Class>::write_side(               \
		strm_cxx_info);                                                                    \
	static constinit streamtab strm_cxx_tab = { &strm_cxx_rinit, &strm_cxx_winit, nullptr,     \
						    nullptr };                                     \
	static constexpr fmodsw strm_cxx_module = { name, &strm_cxx_tab, flags };                  \
	STREAMS_MODULE(strm_cxx_module, name, terms)
