// SPDX-License-Identifier: GPL-2.0-only
//
// Received frames: fetched from the device by the leader, and sent up streams in the
// form that each wants.
//
// Raw streams get the frame as it is.  Others get a DL_UNITDATA_IND and what is behind
// the header.  Of an 802.3 frame that is what its length says; a stream bound to the DSAP
// gets it without the LLC header, which is the provider's then, one that is bound to 0
// or sees it by promiscuous mode with it.
#include "dlpi.hh"

namespace dlpi {

namespace {

// The rest of the frame behind what its length says is padding.
void trim(mblk_t *mp, size_t bytes)
{
	const size_t have = msgdsize(mp);

	if (have > bytes)
		adjmsg(mp, -static_cast<ssize_t>(have - bytes));
}

void lose(Stream &s, mblk_t *mp)
{
	s.dropped.fetch_add(1);
	freemsg(mp);
}

void indicate(Stream &s, mblk_t *mp, const Frame &f, From from)
{
	mblk_t *ind = dlsap_indication(DL_UNITDATA_IND, f.dest.group(), f);

	if (!ind) {
		lose(s, mp);
		return;
	}
	ind->b_cont = mp;
	count_received(s, from);
	putnext(s.rq, ind);
}

void give_llc(Device &d, Stream &s, mblk_t *mp, Frame &f, From from)
{
	trim(mp, header_size + f.type);
	if (!bound_to(s, f.sap) || f.sap == 0) {
		if (strip(mp, header_size))
			indicate(s, mp, f, from);
	} else if (f.control == llc_ui) {
		if (strip(mp, header_size + llc_size))
			indicate(s, mp, f, from);
	} else if (from == From::Wire) {
		take_llc(d, s, mp, f);
	} else {
		freemsg(mp); // a command to somebody on the wire
	}
}

// Up to `most` of what mac_rx() has brought.
mblk_t *take_arrived(Device &d, u32 most, boolean_t *more)
{
	if (!d.at_hand) {
		IrqGuard guard(d);
		d.at_hand = d.first_arrived;
		d.first_arrived = d.last_arrived = nullptr;
	}
	mblk_t *const chain = d.at_hand;
	mblk_t **link = &d.at_hand;
	u32 taken = 0;
	for (; *link && taken < most; taken++)
		link = &(*link)->b_next;
	mblk_t *rest = *link;
	*link = nullptr;
	d.at_hand = rest;
	IrqGuard guard(d);
	d.arrived -= taken;
	*more = rest || d.first_arrived ? B_TRUE : B_FALSE;
	return chain;
}

} // namespace

// Takes bytes off the front.  False: there are not that many, and it is gone.
bool strip(mblk_t *&mp, size_t bytes)
{
	if (static_cast<size_t>(MBLKL(mp)) >= bytes) [[likely]] {
		mp->b_rptr += bytes;
	} else if (!adjmsg(mp, static_cast<ssize_t>(bytes))) {
		freemsg(mp);
		return false;
	}
	while (MBLKL(mp) == 0 && mp->b_cont) {
		mblk_t *rest = unlinkb(mp);
		freeb(mp);
		mp = rest;
	}
	return true;
}

// DL_UNITDATA_IND and the likes of DL_XID_IND have the same parts, two DLSAPs and a
// word, in another order.
mblk_t *dlsap_indication(u32 primitive, u32 word, const Frame &f)
{
	constexpr size_t head = sizeof(dl_unitdata_ind_t);
	static_assert(sizeof(dl_xid_ind_t) == head && sizeof(dl_test_con_t) == head);
	mblk_t *mp = allocb(head + 2 * dlsap_size, BPRI_MED);
	if (!mp) [[unlikely]]
		return nullptr;
	auto *at = reinterpret_cast<u32 *>(mp->b_rptr);
	const u16 source_sap = f.llc ? f.ssap & static_cast<u8>(~llc_response) : f.sap;
	const bool last = primitive == DL_UNITDATA_IND; // where the word is

	*at++ = primitive;
	if (!last)
		*at++ = word;
	*at++ = dlsap_size;
	*at++ = head;
	*at++ = dlsap_size;
	*at++ = head + dlsap_size;
	if (last)
		*at++ = word;
	store_dlsap(mp->b_rptr + head, f.dest, f.sap);
	store_dlsap(mp->b_rptr + head + dlsap_size, f.source, source_sap);
	mp->b_wptr += head + 2 * dlsap_size;
	mp->b_datap->db_type = M_PROTO;
	return mp;
}

// To a stream that is not raw, and has room.
void give_data(Device &d, Stream &s, mblk_t *mp, Frame &f, From from)
{
	if (f.llc)
		give_llc(d, s, mp, f, from);
	else if (strip(mp, header_size))
		indicate(s, mp, f, from);
}

// One turn of the leader.
void receive(Device &d)
{
	boolean_t more = B_FALSE;
	mblk_t *chain = d.poll ? d.poll(d.argument, receive_budget, &more) :
				 take_arrived(d, receive_budget, &more);

	while (chain) {
		mblk_t *mp = chain;
		chain = mp->b_next;
		mp->b_next = nullptr;
		deliver(d, mp);
	}
	if (more)
		raise(d, event_receive);
}

// Alone, or nobody has it any more.
void forget_arrived(Device &d)
{
	mblk_t *chain;
	{
		IrqGuard guard(d);
		chain = d.first_arrived;
		d.first_arrived = d.last_arrived = nullptr;
		d.arrived = 0;
	}
	freemsgchain(chain);
	freemsgchain(d.at_hand);
	d.at_hand = nullptr;
}

// What finds too many waiting is lost, from the end.
extern "C" void mac_rx(mac_handle_t mh, mac_resource_handle_t, mblk_t *chain)
{
	Device &d = *device_of(mh);
	bool some = false;
	{
		IrqGuard guard(d);
		while (chain && d.arrived < most_waiting && d.leader) {
			mblk_t *mp = chain;
			chain = mp->b_next;
			mp->b_next = nullptr;
			if (d.first_arrived)
				d.last_arrived->b_next = mp;
			else
				d.first_arrived = mp;
			d.last_arrived = mp;
			d.arrived++;
			some = true;
		}
		for (const mblk_t *mp = chain; mp; mp = mp->b_next)
			store_relaxed(d.overrun, d.overrun + 1);
	}
	freemsgchain(chain);
	if (some)
		raise(d, event_receive);
}

} // namespace dlpi
