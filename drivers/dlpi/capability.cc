// SPDX-License-Identifier: GPL-2.0-only
//
// DL_CAPABILITY_REQ: what the device can do for whoever is above.  Nothing so far; but the
// list of what is asked is checked, and the answer names what is granted, so that an
// empty one is a proper answer.  DL_PASSIVE_REQ.
#include "dlpi.hh"

namespace dlpi {

namespace {

// Each says how long it is; the next begins behind it.
bool well_formed(const Request &r, u32 offset, u32 length)
{
	const u8 *at = part_of(r, offset, length);

	if (!at)
		return false;
	while (length) {
		dl_capability_sub_t sub;
		if (length < sizeof(sub))
			return false;
		__builtin_memcpy(&sub, at, sizeof(sub));
		length -= static_cast<u32>(sizeof(sub));
		if (sub.dl_length > length)
			return false;
		at += sizeof(sub) + sub.dl_length;
		length -= sub.dl_length;
	}
	return true;
}

} // namespace

Outcome serve_capability(Stream &, Request &r)
{
	const dl_capability_req_t &req = r.p.capability_req;

	if (req.dl_sub_length && !well_formed(r, req.dl_sub_offset, req.dl_sub_length))
		return refuse(DL_BADPRIM);
	begin_answer<dl_capability_ack_t>(r, DL_CAPABILITY_ACK).dl_sub_offset = sizeof(
		dl_capability_ack_t);
	return send_answer(r);
}

// A passive stream does not keep the link from others.  No stream does so here.
Outcome serve_passive(Stream &, Request &)
{
	return done;
}

} // namespace dlpi
