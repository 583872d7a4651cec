// SPDX-License-Identifier: GPL-2.0-only
//
// DL_BIND_REQ and its kin: which SAPs a stream has.  Any number of streams may be bound
// to the same one.
#include "dlpi.hh"

namespace dlpi {

namespace {

// 0: nothing is asked for that could not be had.
u32 refused_automatic(u32 flags, u32 sap)
{
	if (is_lsap(sap) || !(flags & (DL_AUTO_XID | DL_AUTO_TEST)))
		return 0;
	if (!(flags & DL_AUTO_TEST))
		return DL_NOXIDAUTO;
	return flags & DL_AUTO_XID ? DL_NOAUTO : DL_NOTESTAUTO;
}

void add_binding(Stream &s, Binding &binding, u16 sap)
{
	binding = { nullptr, &s, sap };
	enter_table(*s.device, binding);
}

void remove_binding(Stream &s, Binding &binding)
{
	leave_table(*s.device, binding);
	binding.stream = nullptr;
}

// Among the peers.  NULL: it is none.
Binding *find_peer(Stream &s, u16 sap)
{
	for (u32 i = 1; i <= most_peers; i++) {
		if (s.bindings[i].stream && s.bindings[i].sap == sap)
			return &s.bindings[i];
	}
	return nullptr;
}

Binding *free_peer(Stream &s)
{
	for (u32 i = 1; i <= most_peers; i++) {
		if (!s.bindings[i].stream)
			return &s.bindings[i];
	}
	return nullptr;
}

// A SAP as it is in a DLSAP: two bytes, in the order of the host.
bool read_sap(const Request &r, u32 offset, u32 length, u16 &sap)
{
	const u8 *from = length == sizeof(sap) ? part_of(r, offset, length) : nullptr;

	if (from)
		__builtin_memcpy(&sap, from, sizeof(sap));
	return from;
}

mblk_t *flush_message()
{
	mblk_t *mp = allocb(1, BPRI_HI);

	if (mp) {
		mp->b_datap->db_type = M_FLUSH;
		*mp->b_wptr++ = FLUSHRW;
	}
	return mp;
}

} // namespace

Outcome serve_bind(Stream &s, Request &r)
{
	const dl_bind_req_t &req = r.p.bind_req;
	const u32 automatic = req.dl_xidtest_flg & (DL_AUTO_XID | DL_AUTO_TEST);
	const auto sap = static_cast<u16>(req.dl_sap);

	if (req.dl_service_mode != DL_CLDLS)
		return refuse(DL_UNSUPPORTED);
	if (!plausible_sap(req.dl_sap))
		return refuse(DL_BADSAP);
	if (u32 error = refused_automatic(automatic, sap))
		return refuse(error);
	s.sap = sap;
	s.automatic = static_cast<u8>(automatic);
	s.state = DL_IDLE;
	add_binding(s, s.bindings[0], sap);
	place(s);

	auto &ack = begin_answer<dl_bind_ack_t>(r, DL_BIND_ACK, dlsap_size);
	ack.dl_sap = sap;
	ack.dl_addr_length = dlsap_size;
	ack.dl_addr_offset = sizeof(ack);
	ack.dl_xidtest_flg = automatic;
	store_dlsap(reinterpret_cast<u8 *>(&ack + 1), address_of(*s.device), sap);
	return send_answer(r);
}

void unbind(Stream &s)
{
	for (Binding &binding : s.bindings) {
		if (binding.stream)
			remove_binding(s, binding);
	}
	s.peers = 0;
	s.sap = 0;
	s.automatic = 0;
	s.fast = false;
	s.state = DL_UNBOUND;
	place(s);
}

// What waits in either direction is flushed, before the answer.  The news among that
// are told again.
Outcome serve_unbind(Stream &s, Request &)
{
	mblk_t *mp = flush_message();

	if (!mp)
		return system_error(ENOSR);
	unbind(s);
	flushq(WR(s.rq), FLUSHDATA);
	putnext(s.rq, mp);
	owe_present(s);
	return done;
}

Outcome serve_subs_bind(Stream &s, Request &r)
{
	const dl_subs_bind_req_t &req = r.p.subs_bind_req;
	u16 sap;

	if (req.dl_subs_bind_class != DL_PEER_BIND)
		return refuse(DL_UNSUPPORTED);
	if (!read_sap(r, req.dl_subs_sap_offset, req.dl_subs_sap_length, sap))
		return refuse(DL_BADADDR);
	if (!plausible_sap(sap) || sap == 0)
		return refuse(DL_BADSAP);
	if (bound_to(s, sap))
		return refuse(DL_BOUND);
	Binding *binding = free_peer(s);
	if (!binding)
		return refuse(DL_TOOMANY);
	add_binding(s, *binding, sap);
	s.peers++;

	auto &ack = begin_answer<dl_subs_bind_ack_t>(r, DL_SUBS_BIND_ACK, sizeof(sap));
	ack.dl_subs_sap_offset = sizeof(ack);
	ack.dl_subs_sap_length = sizeof(sap);
	__builtin_memcpy(&ack + 1, &sap, sizeof(sap));
	return send_answer(r);
}

Outcome serve_subs_unbind(Stream &s, Request &r)
{
	const dl_subs_unbind_req_t &req = r.p.subs_unbind_req;
	u16 sap;

	if (!read_sap(r, req.dl_subs_sap_offset, req.dl_subs_sap_length, sap))
		return refuse(DL_BADADDR);
	Binding *binding = find_peer(s, sap);
	if (!binding)
		return refuse(DL_BADSAP);
	remove_binding(s, *binding);
	s.peers--;
	return done;
}

} // namespace dlpi
