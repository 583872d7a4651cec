// SPDX-License-Identifier: GPL-2.0-only
//
// The DLPI core: what a network driver's devices and streams are.
//
// Who may touch what follows from the flags that each driver is registered with,
// D_MP | D_MTPERQ | D_MTOUTPERIM | D_MTOCEXCL:
//
//	alone	  written only by who is alone in the outer perimeter of the driver:
//		  open, close, and the primitives that qwriter() runs; read by anybody
//		  inside, without a lock
//	wq	  of the put and service procedures of the stream's write queue
//	leader	  of the service procedure of the device's leader, see leader.cc
//	lock	  under Device::lock
//	registry  under the lock of the registry, provider.cc
#pragma once

#include <strm/atomic.hh>
#include <strm/cxx.hh>
#include <sys/ddi.h>
#include <sys/dlpi.h>
#include <sys/dlpi_stat.h>
#include <sys/ksynch.h>
#include <sys/mac_provider.h>
#include <sys/policy.h>
#include <sys/stream.h>
#include <sys/strsun.h>

namespace dlpi {

using strm::Atomic;
using strm::load_relaxed;
using strm::store_relaxed;
using strm::u8;
using strm::u16;
using strm::u32;
using strm::u64;

constexpr size_t address_size = 6;
constexpr size_t header_size = 14;   // destination, source, type or length
constexpr size_t llc_size = 3;	     // DSAP, SSAP, control
constexpr size_t dlsap_size = 8;     // address, SAP
constexpr u32 largest_length = 1500; // a larger number is an Ethernet type
constexpr u32 largest_lsap = 255;

constexpr u32 least_sdu = 64; // of a device
constexpr u32 largest_sdu = 65535 - header_size;
constexpr u32 most_streams = 8192; // of a driver
constexpr u32 most_peers = 7;	   // SAPs of a stream beside the first
constexpr u32 most_groups = 64;	   // group addresses of a stream
constexpr u32 most_waiting = 1024; // frames of mac_rx() that nobody has looked at
constexpr u32 receive_budget = 64; // frames in one turn of the leader
constexpr u32 transmit_batch = 32; // frames in one call of mc_tx()
constexpr size_t largest_answer = 192;

// What the stream head shall keep for a slow reader: some hundred large frames.
constexpr size_t reader_hiwat = 512 * 1024;
constexpr size_t reader_lowat = 256 * 1024;
// What waits for room in the ring, of one stream.
constexpr size_t writer_hiwat = 128 * 1024;
constexpr size_t writer_lowat = 32 * 1024;

// ------------------------------------------------------------------ addresses

// Six bytes in a word, in the order in which they lie in memory, so that one load
// and one comparison do.
class Address {
public:
	constexpr Address() : word_(0) {}
	// Of eight bytes in memory the first six.
	static Address of_frame(const u8 *eight)
	{
		u64 word;
		__builtin_memcpy(&word, eight, sizeof(word));
		return Address(word & mask);
	}
	static Address of(const u8 *six)
	{
		u64 word = 0;
		__builtin_memcpy(&word, six, address_size);
		return Address(word);
	}
	static constexpr Address broadcast() { return Address(mask); }
	static constexpr Address from_word(u64 word) { return Address(word); }

	void store(u8 *six) const { __builtin_memcpy(six, &word_, address_size); }
	u64 word() const { return word_; }
	bool group() const { return word_ & group_bit; }
	bool operator==(const Address &other) const { return word_ == other.word_; }
	// 0 to 63, for tables
	u32 hash() const
	{
		u64 mixed = word_ ^ word_ >> 24;
		mixed ^= mixed >> 12;
		return static_cast<u32>(mixed ^ mixed >> 6) & 63;
	}

private:
	static constexpr bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	static constexpr u64 mask = little ? 0xffffffffffffull : 0xffffffffffff0000ull;
	static constexpr u64 group_bit = little ? 1ull : 1ull << 56;

	constexpr explicit Address(u64 word) : word_(word) {}

	u64 word_;
};

inline u16 load_be16(const u8 *p)
{
	return static_cast<u16>(p[0] << 8 | p[1]);
}

inline void store_be16(u8 *p, u32 value)
{
	p[0] = static_cast<u8>(value >> 8);
	p[1] = static_cast<u8>(value);
}

// A DLSAP: the address, and the SAP in the order of the host.
inline void store_dlsap(u8 *to, Address address, u16 sap)
{
	address.store(to);
	__builtin_memcpy(to + address_size, &sap, sizeof(sap));
}

// A SAP that frames can have.
constexpr bool plausible_sap(u32 sap)
{
	return sap <= largest_lsap || (sap > largest_length && sap <= 0xffff);
}
constexpr bool is_lsap(u32 sap)
{
	return sap != 0 && sap <= largest_lsap;
}

// ----------------------------------------------------------------------- lists

// Streams linked by one of their members.  Changed seldom, and walked often.
template <typename T, T *T::*next> struct List {
	T *first = nullptr;

	void add(T &item)
	{
		T **link = &first;
		while (*link)
			link = &((*link)->*next);
		item.*next = nullptr;
		*link = &item;
	}
	bool remove(T &item)
	{
		for (T **link = &first; *link; link = &((*link)->*next)) {
			if (*link != &item)
				continue;
			*link = item.*next;
			item.*next = nullptr;
			return true;
		}
		return false;
	}
};

// Who waits for room: under the lock that interrupt handlers take, so that nothing is
// walked.
template <typename T, T *T::*next, T *T::*prev> class Fifo {
public:
	T *first() const { return first_; }
	u32 length() const { return length_; }
	void add(T &item)
	{
		item.*next = nullptr;
		item.*prev = last_;
		if (last_)
			last_->*next = &item;
		else
			first_ = &item;
		last_ = &item;
		length_++;
	}
	void remove(T &item)
	{
		T *before = item.*prev;
		T *after = item.*next;
		if (before)
			before->*next = after;
		else
			first_ = after;
		if (after)
			after->*prev = before;
		else
			last_ = before;
		length_--;
	}

private:
	T *first_ = nullptr;
	T *last_ = nullptr;
	u32 length_ = 0;
};

// ---------------------------------------------------------------------- streams

struct Device;
struct Driver;
struct Stream;

// A SAP that a stream is bound to, in the table of its device.  Alone.
struct Binding {
	Binding *next;
	Stream *stream; // NULL: not in use
	u16 sap;
};

// A group address that somebody wants.  Alone.
struct Group {
	Group *next;
	Address address;
	u32 wanted; // by that many streams
};

struct Membership {
	Membership *next;
	Group *group;
};

// Stream::promiscuous, by DL_PROMISC_*.
constexpr u8 level_bit(u32 level)
{
	return static_cast<u8>(1u << level);
}
constexpr u8 promisc_phys = level_bit(DL_PROMISC_PHYS);
constexpr u8 promisc_sap = level_bit(DL_PROMISC_SAP);
constexpr u8 promisc_multi = level_bit(DL_PROMISC_MULTI);

struct Stream {
	Stream(Driver &of, queue_t *q) : rq(q), driver(of) {}

	// Looked at for each frame.
	Device *device = nullptr;  // alone
	queue_t *rq;		   // stays
	u32 state = DL_UNATTACHED; // alone
	u16 sap = 0;		   // alone: the first binding's, 0 while there is none
	u8 promiscuous = 0;	   // alone
	bool raw = false;	   // alone: M_DATA is whole frames
	bool fast = false;	   // wq: M_DATA that is sent is whole frames
	bool wide = false;	   // alone: on the device's list of those that see each frame
	u8 automatic = 0;	   // alone: DL_AUTO_XID, DL_AUTO_TEST
	u8 peers = 0;		   // alone: bindings beside the first
	u64 received = 0;	   // leader
	u64 sent = 0;		   // wq
	Atomic<u64> overheard;	   // sent up by other streams' writers
	Atomic<u64> dropped;
	u64 group_bits = 0; // alone: hashes of the group addresses

	Driver &driver;
	bool style1 = false;		       // stays
	bool may_configure = false;	       // stays: was opened with CAP_NET_ADMIN
	minor_t minor = 0;		       // stays
	Binding bindings[1 + most_peers] = {}; // alone; the first is the SAP of the bind
	Membership *memberships = nullptr;     // alone
	u32 groups = 0;			       // alone

	Stream *next_attached = nullptr; // alone
	Stream *next_wide = nullptr;	 // alone
	Stream *next_snooper = nullptr;	 // alone
	Stream *next_waiting = nullptr;	 // lock
	Stream *prev_waiting = nullptr;	 // lock
	bool waiting = false;		 // lock: for room to send

	u32 notes = 0;		      // alone: DL_NOTE_* that it asked for, of any device
	Atomic<u32> owed;	      // Owed: what it is yet to be told
	bufcall_id_t memory = 0;      // rq: until there is some for that,
	timeout_id_t retry = nullptr; // or until it is time to look

	mblk_t *hangup = nullptr;  // for when the device goes, which must not fail; alone
	mblk_t *reserve = nullptr; // an answer for when there is no memory; wq
};

// Stream::owed: news that are told as they are when they are told.
enum Owed : u32 {
	owed_link = 1,
	owed_speed = 2,
	owed_sdu = 4,
	owed_address = 8,
	owed_promisc = 16
};

inline Stream &stream_of(const queue_t *q)
{
	return *static_cast<Stream *>(q->q_ptr);
}

inline bool attached(const Stream &s)
{
	return s.device != nullptr;
}

// ---------------------------------------------------------------------- devices

// Device::events
enum Event : u32 {
	event_receive = 1, // frames wait in the device
	event_room = 2,	   // there is room to send again
	event_tell = 4,	   // something that streams want to know has changed
	event_leave = 8	   // the device is being unregistered
};

constexpr u32 buckets = 1024;

struct Device {
	Device(Driver &driver, const mac_register_t &reg);

	// Looked at for each frame.
	const mac_tx_t tx;
	const mac_poll_t poll; // or NULL
	void *const argument;  // of the callbacks
	Atomic<u64> address;   // an Address
	Atomic<u32> max_sdu;
	const u32 min_sdu;
	const u32 margin;
	const bool echoes;			      // what is sent comes back
	List<Stream, &Stream::next_wide> wide;	      // alone: want to see each frame
	List<Stream, &Stream::next_snooper> snoopers; // alone: promiscuous in any way
	Stream *leader = nullptr;		      // alone and lock
	Atomic<u32> events;			      // set under lock, taken by the leader
	u64 unknown = 0;			      // leader: frames that nobody wanted
	u64 short_frames = 0;			      // leader
	u64 lost = 0;				      // leader: frames, without memory
	Atomic<u64> refused;			      // frames that could not be sent

	Driver &driver;
	const mac_callbacks_t &callbacks;
	const u32 ppa;
	const Address factory;
	List<Stream, &Stream::next_attached> streams; // alone
	u32 hearing_all = 0;	// alone: streams for which the device hears everything
	u32 promiscuous = 0;	// alone: streams with DL_PROMISC_PHYS
	Group *groups[64] = {}; // alone, by Address::hash()

	kmutex_t lock; // interrupt handlers take it
	// lock: wait for room to send
	Fifo<Stream, &Stream::next_waiting, &Stream::prev_waiting> starved;
	mblk_t *first_arrived = nullptr;	// lock: from mac_rx()
	mblk_t *last_arrived = nullptr;		// lock
	u32 arrived = 0;			// lock
	u64 overrun = 0;			// lock: frames that found too many waiting
	u32 news = 0;				// lock: Owed, for all streams
	link_state_t link = LINK_STATE_UNKNOWN; // lock; read without
	mblk_t *at_hand = nullptr;		// leader: taken from the list above
	u64 speed = 0;				// leader: bits a second, when last looked at

	Device *next = nullptr;	   // registry
	u32 holds = 0;		   // registry: attached streams, and who needs it meanwhile
	mblk_t *parting = nullptr; // stays; leader's from event_leave on

	Binding *table[buckets] = {}; // alone: who is bound to what
};

struct Driver {
	qinit read;
	qinit write;
	module_info info;
	streamtab tab;
	strm_driver registration;
	Device *devices; // registry

	u32 streams;		       // alone
	u64 minors[most_streams / 64]; // alone: which are taken
};

inline Address address_of(const Device &d)
{
	return Address::from_word(d.address.relaxed());
}

inline Driver &driver_of(const queue_t *q)
{
	return *STRM_CONTAINER(RD(const_cast<queue_t *>(q))->q_qinfo, Driver, read);
}

inline Device *device_of(mac_handle_t mh)
{
	return reinterpret_cast<Device *>(mh);
}

// An interrupt handler's lock.
class IrqGuard : strm::NoCopy {
public:
	explicit IrqGuard(Device &d) : lock_(d.lock) { mutex_enter(&lock_); }
	~IrqGuard() { mutex_exit(&lock_); }

private:
	kmutex_t &lock_;
};

// Callbacks of drivers run with bottom halves off, from open and close too.
class StreamContext : strm::NoCopy {
public:
	StreamContext();
	~StreamContext();
};

// ----------------------------------------------------------------------- frames

enum class Reach : u8 { Ours, Broadcast, Group, Foreign };

// What there is to know of a frame to find who shall have it.
struct Frame {
	Address dest;
	Address source;
	u16 type; // Ethernet type, or length
	u16 sap;  // Ethernet type, or DSAP
	u8 ssap;
	u8 control;
	bool llc; // 802.3
	Reach reach;
	bool answered; // by a stream with DL_AUTO_XID, DL_AUTO_TEST; one is enough
};

// -------------------------------------------------------------------- primitives

// What came of a request.
struct Outcome {
	enum class Kind : u8 { Done, Answered, Refused } kind;
	u32 error; // DL_*
	int sys;   // with DL_SYSERR
};
constexpr Outcome done{ Outcome::Kind::Done, 0, 0 };	     // DL_OK_ACK
constexpr Outcome answered{ Outcome::Kind::Answered, 0, 0 }; // or will be
constexpr Outcome refuse(u32 error)
{
	return { Outcome::Kind::Refused, error, 0 };
}
constexpr Outcome system_error(int error)
{
	return { Outcome::Kind::Refused, DL_SYSERR, error };
}
// What a callback has returned.
constexpr Outcome device_outcome(int error)
{
	return error == 0 ? done : error == ENOTSUP ? refuse(DL_NOTSUPPORTED) : system_error(error);
}
constexpr bool ok(const Outcome &outcome)
{
	return outcome.kind != Outcome::Kind::Refused;
}

// A request that is being served.
struct Request {
	queue_t *q;	       // write queue
	mblk_t *mp;	       // the message
	mblk_t *answer;	       // where the answer goes; may be `mp`
	union DL_primitives p; // what it says, as far as it goes, then 0
};

// `length` bytes at `offset` of a request, if they are there.
const u8 *part_of(const mblk_t *mp, u32 offset, u32 length);
inline const u8 *part_of(const Request &r, u32 offset, u32 length)
{
	return part_of(r.mp, offset, length);
}
// The answer, `size` bytes of zeroes with its number; parts of the request are gone.
u8 *begin_answer(Request &r, u32 primitive, size_t size);
template <typename T> T &begin_answer(Request &r, u32 primitive, size_t more = 0)
{
	return *reinterpret_cast<T *>(begin_answer(r, primitive, sizeof(T) + more));
}
// The answer has been built, and is sent.
Outcome send_answer(Request &r);

// request.cc
void serve_request(queue_t *q, mblk_t *mp);

// attach.cc
Outcome attach(Stream &s, u32 ppa);
void detach(Stream &s);
void everybody_out(queue_t *q, mblk_t *mp);
Outcome serve_attach(Stream &s, Request &r);
Outcome serve_detach(Stream &s, Request &r);

// bind.cc
void unbind(Stream &s);
Outcome serve_bind(Stream &s, Request &r);
Outcome serve_unbind(Stream &s, Request &r);
Outcome serve_subs_bind(Stream &s, Request &r);
Outcome serve_subs_unbind(Stream &s, Request &r);

// address.cc
Outcome serve_info(Stream &s, Request &r);
Outcome serve_phys_addr(Stream &s, Request &r);
Outcome serve_set_phys_addr(Stream &s, Request &r);

// multicast.cc
bool is_member(const Stream &s, Address address);
void leave_all(Stream &s);
Outcome serve_enabmulti(Stream &s, Request &r);
Outcome serve_disabmulti(Stream &s, Request &r);

// promiscuous.cc
void not_promiscuous(Stream &s);
Outcome serve_promiscon(Stream &s, Request &r);
Outcome serve_promiscoff(Stream &s, Request &r);

// notify.cc
void owe(Stream &s, u32 news);
void owe_all(Device &d, u32 news);
void owe_present(Stream &s);
void tell(Stream &s);
void stop_telling(Stream &s);
Outcome serve_notify(Stream &s, Request &r);

// capability.cc
Outcome serve_capability(Stream &s, Request &r);
Outcome serve_passive(Stream &s, Request &r);

// statistics.cc
Outcome serve_statistics(Stream &s, Request &r);
u64 device_stat(const Device &d, u32 stat);

// xid_test.cc
constexpr size_t no_size = ~size_t{ 0 };
constexpr u8 llc_ui = 0x03;
constexpr u8 llc_final = 0x10; // poll or final
constexpr u8 llc_xid = 0xaf;
constexpr u8 llc_test = 0xe3;
constexpr u8 llc_response = 0x01; // in the SSAP
void take_llc(Device &d, Stream &s, mblk_t *mp, Frame &f);
Outcome serve_xid(Stream &s, Request &r);
Outcome serve_test(Stream &s, Request &r);

// demux.cc
void enter_table(Device &d, Binding &binding);
void leave_table(Device &d, Binding &binding);
bool bound_to(const Stream &s, u16 sap);
void place(Stream &s);
void deliver(Device &d, mblk_t *mp);
void show_to_snoopers(Device &d, const Stream *sender, const mblk_t *mp);
// Where what is sent comes back they see it then.
inline bool shows_sent(const Device &d)
{
	return d.snoopers.first && !d.echoes;
}

// receive.cc
enum class From { Wire, Neighbour };
void give_data(Device &d, Stream &s, mblk_t *mp, Frame &f, From from);
inline void count_received(Stream &s, From from)
{
	if (from == From::Wire) [[likely]]
		store_relaxed(s.received, s.received + 1);
	else
		s.overheard.fetch_add(1);
}
// The stream has room.
inline void give(Device &d, Stream &s, mblk_t *mp, Frame &f, From from)
{
	if (!s.raw) {
		give_data(d, s, mp, f, from);
		return;
	}
	count_received(s, from);
	putnext(s.rq, mp);
}
mblk_t *dlsap_indication(u32 primitive, u32 word, const Frame &f);
bool strip(mblk_t *&mp, size_t bytes);
void receive(Device &d);
void forget_arrived(Device &d);

// leader.cc
void raise(Device &d, u32 event);
void forget(Device &d, u32 events);
void take_lead(Device &d, Stream &s);
void hand_on(Device &d, const Stream &leaving);

// transmit.cc
struct Header {
	u8 bytes[header_size + llc_size];
	u32 size;
};
size_t most_data(const Device &d, u16 sap);
size_t most_llc_data(const Device &d);
Header make_header(const Device &d, Address dest, u16 sap, size_t data);
Header make_llc_header(const Device &d, Address dest, u16 dsap, u8 ssap, u8 control, size_t data);
size_t data_bytes(const mblk_t *mp);
mblk_t *put_header(mblk_t *mp, const Header &header);
bool read_destination(const Stream &s, const mblk_t *mp, u32 offset, u32 length, Address &dest,
		      u16 &sap);
void send(Stream &s, queue_t *q, mblk_t *frame);
void send_data(Stream &s, queue_t *q, mblk_t *mp);
void send_unitdata(Stream &s, queue_t *q, mblk_t *mp);
void wake_starved(Device &d);
void stop_waiting(Device &d, Stream &s);
void set_packet_limits(Stream &s);

// ioctl.cc
void serve_ioctl(queue_t *q, mblk_t *mp);
void serve_iocdata(queue_t *q, mblk_t *mp);

// provider.cc
Device *find_and_hold(Driver &driver, u32 ppa);
void hold(Device &d);
void release(Device &d);

// stream.cc
void prepare_tables(Driver &driver);

} // namespace dlpi

extern "C" {
// dlpi_linux.c
void dlpi_bottom_halves_off(void);
void dlpi_bottom_halves_on(void);
int dlpi_in_first_network(void);

// provider.cc
void dlpi_init(void);
void dlpi_fini(void);
}
