// SPDX-License-Identifier: GPL-2.0-only
//
// What the suites of the DLPI core share: a network driver that is played, streams of
// it, and requests with their answers.
#pragma once

#include <drivers/dlpi/dlpi.hh>
#include <kunit/test.hh>
#include <streams_core/head/head.hh>

// The shim's, which is not in this module.
extern "C" void dlpi_bottom_halves_off(void)
{
	lin_local_bh_disable();
}

extern "C" void dlpi_bottom_halves_on(void)
{
	lin_local_bh_enable();
}

extern "C" int dlpi_in_first_network(void)
{
	return 1;
}

namespace strm::testing {

constexpr size_t mac_size = dlpi::address_size;
constexpr u8 played_address[mac_size] = { 2, 0, 0, 0, 0, 1 };

// Frames, linked by b_next.
class Frames : NoCopy {
public:
	~Frames() { clear(); }

	void add(mblk_t *mp)
	{
		mblk_t **link = &first_;
		while (*link)
			link = &(*link)->b_next;
		*link = mp;
		count_++;
	}
	mblk_t *take()
	{
		mblk_t *mp = first_;
		if (mp) {
			first_ = mp->b_next;
			mp->b_next = nullptr;
			count_--;
		}
		return mp;
	}
	void clear()
	{
		while (mblk_t *mp = take())
			freemsg(mp);
	}
	int count() const { return count_; }

private:
	mblk_t *first_ = nullptr;
	int count_ = 0;
};

// A driver with one device.  It notes what it is told; a callback whose error is set
// fails with it.
class Nic : NoCopy {
public:
	explicit Nic(u32 ppa = 0, bool polled = true) : ppa_(ppa)
	{
		dlpi_init();
		callbacks.mc_callbacks = MC_SETSENT | (polled ? MC_POLL : 0);
		registered_ = mac_driver_register(&md_, nullptr) == 0;
		plug();
		find_major();
	}
	~Nic()
	{
		unplug();
		mac_driver_unregister(&md_);
		dlpi_fini();
	}
	explicit operator bool() const { return registered_ && mh && major_; }

	int plug(u32 margin = 4)
	{
		mac_register_t reg{};
		reg.m_version = MAC_VERSION;
		reg.m_type_ident = MAC_PLUGIN_IDENT_ETHER;
		reg.m_driver = this;
		reg.m_of = &md_;
		reg.m_instance = ppa_;
		reg.m_src_addr = played_address;
		reg.m_callbacks = &callbacks;
		reg.m_max_sdu = 1500;
		reg.m_margin = margin;
		reg.m_echoes = echoes;
		const int error = mac_register(&reg, &mh);
		if (error)
			mh = nullptr;
		return error;
	}
	void unplug()
	{
		if (mh)
			mac_unregister(mh);
		mh = nullptr;
	}

	major_t major() const { return major_; }
	u32 ppa() const { return ppa_; }

	// A frame comes in from the wire.
	void receive(mblk_t *mp)
	{
		arriving.add(mp);
		mac_rx_schedule(mh);
		strm_test_softirqs();
	}

	mac_handle_t mh = nullptr;
	Frames sent, arriving;
	int room = 1000; // frames that mc_tx takes
	int started = 0, stopped = 0;
	bool running = false, promiscuous = false;
	bool shows_sent = false;    // what others send
	boolean_t echoes = B_FALSE; // from the next plug() on
	int groups = 0;		    // added less removed
	u64 speed = 1000000000;	    // bits a second
	u8 address[mac_size] = {};  // the last that mc_unicst said
	struct {
		int start, setpromisc, multicst, unicst;
	} error = {};

private:
	static Nic &self(void *arg) { return *static_cast<Nic *>(arg); }

	static int start(void *arg)
	{
		Nic &nic = self(arg);
		if (nic.error.start)
			return nic.error.start;
		nic.started++;
		nic.running = true;
		return 0;
	}
	static void stop(void *arg)
	{
		self(arg).stopped++;
		self(arg).running = false;
	}
	static int setpromisc(void *arg, boolean_t on)
	{
		if (!self(arg).error.setpromisc)
			self(arg).promiscuous = on;
		return self(arg).error.setpromisc;
	}
	static void setsent(void *arg, boolean_t on) { self(arg).shows_sent = on; }
	static int multicst(void *arg, boolean_t add, const uint8_t *)
	{
		if (!self(arg).error.multicst)
			self(arg).groups += add ? 1 : -1;
		return self(arg).error.multicst;
	}
	static int unicst(void *arg, const uint8_t *to)
	{
		if (!self(arg).error.unicst)
			__builtin_memcpy(self(arg).address, to, mac_size);
		return self(arg).error.unicst;
	}
	static mblk_t *tx(void *arg, mblk_t *chain)
	{
		Nic &nic = self(arg);
		while (chain && nic.room) {
			mblk_t *mp = chain;
			chain = mp->b_next;
			mp->b_next = nullptr;
			nic.sent.add(mp);
			nic.room--;
		}
		return chain;
	}
	static mblk_t *poll(void *arg, uint_t budget, boolean_t *more)
	{
		mblk_t *first = nullptr;
		mblk_t **link = &first;
		for (; budget; budget--, link = &(*link)->b_next) {
			*link = self(arg).arriving.take();
			if (!*link)
				break;
		}
		*more = self(arg).arriving.count() ? B_TRUE : B_FALSE;
		return first;
	}
	static int getstat(void *arg, uint_t stat, uint64_t *value)
	{
		if (stat != MAC_STAT_IFSPEED)
			return ENOTSUP;
		*value = self(arg).speed;
		return 0;
	}

	void find_major()
	{
		for (major_t major = 1; major < 4096; major++) {
			Registered *found = find_driver(major);
			if (!found)
				continue;
			if (__builtin_strcmp(found->name, md_.md_name) == 0)
				major_ = major;
			release(found);
		}
	}

public:
	mac_callbacks_t callbacks{ 0,	   getstat, start,   stop, setpromisc, multicst,
				   unicst, tx,	    nullptr, poll, setsent };

private:
	mac_driver md_{ "played", nullptr };
	u32 ppa_;
	major_t major_ = 0;
	bool registered_ = false;
};

// A message that has come up, copied flat.
struct Got {
	int type = -1; // M_PCPROTO ...; -1: there is none
	size_t control = 0, data = 0;
	union {
		union DL_primitives dl;
		u8 bytes[256];
	};
	u8 rest[128] = {};

	Got() : bytes{} {}
	explicit operator bool() const { return type >= 0; }
	bool is(u32 primitive) const
	{
		return (type == M_PROTO || type == M_PCPROTO) && control >= sizeof(u32) &&
		       dl.dl_primitive == primitive;
	}
};

// The result of a request: 0, what it was refused with, or no proper answer.
constexpr int refused_with(u32 error)
{
	return 1000 + static_cast<int>(error);
}
constexpr int refused_by_system(int error)
{
	return 2000 + error;
}
constexpr int no_answer = -1;
constexpr int wrong_answer = -2;

// An open stream of a Nic.
class DlpiStream : NoCopy {
public:
	explicit DlpiStream(Nic &nic, bool style1 = false)
		: file_(strm_test_file(LIN_O_NONBLOCK | 2))
	{
		error_ = !file_ ? -ENOMEM :
			 style1 ? strm_head_open(file_, nic.major(), nic.ppa()) :
				  strm_head_open(file_, lin_clone_major(), nic.major());
	}
	~DlpiStream()
	{
		if (!error_)
			strm_head_release(file_);
		strm_test_file_free(file_);
	}
	explicit operator bool() const { return !error_; }
	int open_error() const { return error_; }
	StreamHead &head() { return head_of(file_); }
	queue_t *driver_write() { return load_acquire(head().wr()->q_next); }
	const dlpi::Stream &core() { return dlpi::stream_of(driver_write()); }

	// As putmsg(2) and write(2) send it.
	void send(mblk_t *mp)
	{
		send_down(head(), Message(mp));
		settle(head());
		strm_test_softirqs();
	}

	// The next message, if there is one.
	Got next()
	{
		Got got;
		mblk_t *mp = getq(head().rd());
		if (!mp)
			return got;
		got.type = mp->b_datap->db_type;
		for (const mblk_t *bp = mp; bp; bp = bp->b_cont) {
			if (is_control(bp))
				got.control = append(got.bytes, sizeof(got.bytes), got.control, bp);
			else
				got.data = append(got.rest, sizeof(got.rest), got.data, bp);
		}
		freemsg(mp);
		return got;
	}

	// A request, and what it is answered with: 0 if that is `answer`.  What comes
	// after it stays.
	int ask(const void *request, size_t size, u32 answer, Got *where = nullptr)
	{
		mblk_t *mp = allocb(size, BPRI_MED);
		if (!mp)
			return no_answer;
		mp->b_datap->db_type = M_PROTO;
		__builtin_memcpy(mp->b_rptr, request, size);
		mp->b_wptr += size;
		send(mp);
		return answer_to(request, answer, where);
	}
	int answer_to(const void *request, u32 answer, Got *where = nullptr)
	{
		u32 primitive;
		__builtin_memcpy(&primitive, request, sizeof(primitive));
		const Got got = next();
		if (where)
			*where = got;
		if (!got)
			return no_answer;
		if (got.type != M_PCPROTO || got.data)
			return wrong_answer;
		if (got.is(answer))
			return answer == DL_OK_ACK &&
					       got.dl.ok_ack.dl_correct_primitive != primitive ?
				       wrong_answer :
				       0;
		return refusal(got, primitive);
	}
	template <typename T>
	int ask(const T &request, u32 answer = DL_OK_ACK, Got *where = nullptr)
	{
		return ask(&request, sizeof(request), answer, where);
	}

	int attach(u32 ppa) { return ask(dl_attach_req_t{ DL_ATTACH_REQ, ppa }); }
	int detach() { return ask(dl_detach_req_t{ DL_DETACH_REQ }); }
	int bind(u32 sap)
	{
		return ask(dl_bind_req_t{ DL_BIND_REQ, sap, 0, DL_CLDLS, 0, 0 }, DL_BIND_ACK);
	}
	int unbind() { return ask(dl_unbind_req_t{ DL_UNBIND_REQ }); }

	// dl_current_state, as DL_INFO_REQ has it; -1 without an answer.
	int state()
	{
		Got got;
		if (ask(dl_info_req_t{ DL_INFO_REQ }, DL_INFO_ACK, &got))
			return -1;
		return static_cast<int>(got.dl.info_ack.dl_current_state);
	}

private:
	static size_t append(u8 *to, size_t room, size_t have, const mblk_t *bp)
	{
		const auto bytes = static_cast<size_t>(bp->b_wptr - bp->b_rptr);
		if (have < room)
			__builtin_memcpy(to + have, bp->b_rptr, strm::min(bytes, room - have));
		return have + bytes;
	}
	static int refusal(const Got &got, u32 primitive)
	{
		const dl_error_ack_t &error = got.dl.error_ack;
		if (!got.is(DL_ERROR_ACK) || got.control < sizeof(error) ||
		    error.dl_error_primitive != primitive)
			return wrong_answer;
		if (error.dl_errno != DL_SYSERR)
			return error.dl_unix_errno ? wrong_answer : refused_with(error.dl_errno);
		return error.dl_unix_errno ?
			       refused_by_system(static_cast<int>(error.dl_unix_errno)) :
			       wrong_answer;
	}

	file *file_;
	int error_;
};

} // namespace strm::testing
