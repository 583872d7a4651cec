// SPDX-License-Identifier: GPL-2.0-only
//
// XID and TEST of LLC: "who are you", and "send this back".
//
// A command is answered by the user of the SAP, who gets a DL_XID_IND and sends a
// DL_XID_RES, or by the provider, if the stream was bound so.
#include "dlpi.hh"

namespace dlpi {

namespace {

// The format of 802.2: a class 1 LLC, which has no window.
constexpr u8 xid_information[] = { 0x81, 0x01, 0x00 };

bool is_xid(u8 control)
{
	return (control & ~llc_final) == llc_xid;
}

bool is_test(u8 control)
{
	return (control & ~llc_final) == llc_test;
}

// The answer to a command, as far as its header goes.
Header answer_header(const Device &d, const Frame &f, size_t data)
{
	return make_llc_header(d, f.source, f.ssap, static_cast<u8>(f.sap | llc_response),
			       f.control, data);
}

// The data of an answer: TEST sends back what came.
mblk_t *answer_data(mblk_t *mp, const Frame &f)
{
	if (is_test(f.control))
		return strip(mp, header_size + llc_size) ? mp : nullptr;
	freemsg(mp);
	mblk_t *data = allocb(sizeof(xid_information), BPRI_MED);
	if (data) {
		__builtin_memcpy(data->b_wptr, xid_information, sizeof(xid_information));
		data->b_wptr += sizeof(xid_information);
	}
	return data;
}

// From the leader, so that it cannot wait for room.  A peer that hears nothing asks
// again.
void answer(Device &d, Stream &s, mblk_t *mp, const Frame &f)
{
	mblk_t *data = answer_data(mp, f);
	mblk_t *frame = data ? allocb(sizeof(Header::bytes), BPRI_MED) : nullptr;

	if (!frame) {
		freemsg(data);
		s.dropped.fetch_add(1);
		return;
	}
	const Header header = answer_header(d, f, msgdsize(data));
	__builtin_memcpy(frame->b_wptr, header.bytes, header.size);
	frame->b_wptr += header.size;
	frame->b_cont = data;
	if (shows_sent(d))
		show_to_snoopers(d, &s, frame);
	mblk_t *rest = d.tx(d.argument, frame);
	if (rest) {
		freemsg(rest);
		d.refused.fetch_add(1);
	}
}

void indicate(Stream &s, mblk_t *mp, const Frame &f)
{
	const bool response = f.ssap & llc_response;
	const u32 primitive = is_xid(f.control) ? (response ? DL_XID_CON : DL_XID_IND) :
						  (response ? DL_TEST_CON : DL_TEST_IND);
	const u32 flag = f.control & llc_final ? DL_POLL_FINAL : 0;

	if (!strip(mp, header_size + llc_size)) {
		s.dropped.fetch_add(1);
		return;
	}
	mblk_t *ind = dlsap_indication(primitive, flag, f);
	if (!ind) {
		s.dropped.fetch_add(1);
		freemsg(mp);
		return;
	}
	ind->b_cont = mp;
	store_relaxed(s.received, s.received + 1);
	putnext(s.rq, ind);
}

// A command that the provider has to answer: asked by somebody who can be told, of this
// device and not of one that a promiscuous stream overhears.
bool wants_answer(const Stream &s, const Frame &f)
{
	if ((f.ssap & llc_response) || f.source.group() || f.answered)
		return false;
	return f.reach == Reach::Group ? is_member(s, f.dest) : f.reach != Reach::Foreign;
}

struct Kind {
	u32 request; // DL_XID_REQ: a command; else a response
	u8 control;
	u8 automatic; // not for the user, with this
	u32 error;    // then
};

Outcome serve(Stream &s, Request &r, const Kind &kind)
{
	const dl_xid_req_t &req = r.p.xid_req; // all four are the same
	const bool command = req.dl_primitive == kind.request;
	Device &d = *s.device;
	Address dest;
	u16 sap;

	// There is no LLC in its frames; in those to a peer SAP neither, as what it sends is from
	// the SAP of the bind.
	if (!is_lsap(s.sap))
		return refuse(DL_NOTSUPPORTED);
	if (s.automatic & kind.automatic)
		return refuse(kind.error);
	if (!read_destination(s, r.mp, req.dl_dest_addr_offset, req.dl_dest_addr_length, dest,
			      sap) ||
	    sap > largest_lsap)
		return refuse(DL_BADADDR);
	const size_t bytes = data_bytes(r.mp->b_cont);
	if (bytes > most_llc_data(d))
		return refuse(DL_BADDATA);
	const u8 control = kind.control |
			   (req.dl_flag & DL_POLL_FINAL ? llc_final : static_cast<u8>(0));
	const u8 ssap = static_cast<u8>(s.sap | (command ? 0 : llc_response));
	mblk_t *frame = put_header(r.mp, make_llc_header(d, dest, sap, ssap, control, bytes));
	if (!frame)
		return system_error(ENOSR);
	if (r.answer != r.mp)
		freemsg(r.answer);
	send(s, r.q, frame);
	return answered;
}

} // namespace

// Of a frame with LLC header whose DSAP the stream is bound to, and which is no data.
void take_llc(Device &d, Stream &s, mblk_t *mp, Frame &f)
{
	const bool xid = is_xid(f.control);

	if (!xid && !is_test(f.control)) {
		s.dropped.fetch_add(1); // of a kind of LLC that is not spoken here
		freemsg(mp);
	} else if (s.automatic & (xid ? DL_AUTO_XID : DL_AUTO_TEST)) {
		if (wants_answer(s, f)) {
			f.answered = true;
			answer(d, s, mp, f);
		} else {
			freemsg(mp);
		}
	} else {
		indicate(s, mp, f);
	}
}

Outcome serve_xid(Stream &s, Request &r)
{
	return serve(s, r, { DL_XID_REQ, llc_xid, DL_AUTO_XID, DL_XIDAUTO });
}

Outcome serve_test(Stream &s, Request &r)
{
	return serve(s, r, { DL_TEST_REQ, llc_test, DL_AUTO_TEST, DL_TESTAUTO });
}

} // namespace dlpi
