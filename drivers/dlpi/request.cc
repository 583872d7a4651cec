// SPDX-License-Identifier: GPL-2.0-only
//
// Requests: which there are, in which states they may come, and how they are answered.
//
// A request is checked where it comes in, so that a wrong one disturbs nobody.  One that
// changes the tables then waits until nobody else is inside, is checked again, as the
// device may have gone meanwhile, and served.
//
// The answer is written into the request's own message if that is large enough and
// nobody else's; else into a new one; without memory into one that the stream keeps for
// that.  So it exists before anything is changed.
#include "dlpi.hh"

namespace dlpi {

namespace {

enum In : u8 {
	Unattached = 1,
	Unbound = 2,
	Idle = 4,
	Attached = Unbound | Idle,
	Always = Unattached | Attached
};

In state_bit(u32 state)
{
	return state == DL_UNATTACHED ? Unattached : state == DL_UNBOUND ? Unbound : Idle;
}

struct Row {
	u32 primitive;
	u16 least;  // bytes of the request
	u16 answer; // most bytes of the answer
	u8 states;  // In
	bool alone; // changes what others read
	Outcome (*serve)(Stream &s, Request &r);
};

constexpr u16 plain_answer = sizeof(dl_error_ack_t); // is larger than DL_OK_ACK

constexpr Row rows[] = {
	{ DL_INFO_REQ, sizeof(dl_info_req_t), sizeof(dl_info_ack_t) + dlsap_size + address_size,
	  Always, false, serve_info },
	{ DL_ATTACH_REQ, sizeof(dl_attach_req_t), plain_answer, Unattached, true, serve_attach },
	{ DL_DETACH_REQ, sizeof(dl_detach_req_t), plain_answer, Unbound, true, serve_detach },
	{ DL_BIND_REQ, sizeof(dl_bind_req_t), sizeof(dl_bind_ack_t) + dlsap_size, Unbound, true,
	  serve_bind },
	{ DL_UNBIND_REQ, sizeof(dl_unbind_req_t), plain_answer, Idle, true, serve_unbind },
	{ DL_SUBS_BIND_REQ, sizeof(dl_subs_bind_req_t),
	  sizeof(dl_subs_bind_ack_t) + sizeof(u16) + 2, Idle, true, serve_subs_bind },
	{ DL_SUBS_UNBIND_REQ, sizeof(dl_subs_unbind_req_t), plain_answer, Idle, true,
	  serve_subs_unbind },
	{ DL_ENABMULTI_REQ, sizeof(dl_enabmulti_req_t), plain_answer, Attached, true,
	  serve_enabmulti },
	{ DL_DISABMULTI_REQ, sizeof(dl_disabmulti_req_t), plain_answer, Attached, true,
	  serve_disabmulti },
	{ DL_PROMISCON_REQ, sizeof(dl_promiscon_req_t), plain_answer, Attached, true,
	  serve_promiscon },
	{ DL_PROMISCOFF_REQ, sizeof(dl_promiscoff_req_t), plain_answer, Attached, true,
	  serve_promiscoff },
	{ DL_PHYS_ADDR_REQ, sizeof(dl_phys_addr_req_t), sizeof(dl_phys_addr_ack_t) + address_size,
	  Attached, false, serve_phys_addr },
	{ DL_SET_PHYS_ADDR_REQ, sizeof(dl_set_phys_addr_req_t), plain_answer, Attached, true,
	  serve_set_phys_addr },
	{ DL_GET_STATISTICS_REQ, sizeof(dl_get_statistics_req_t),
	  sizeof(dl_get_statistics_ack_t) + sizeof(dlpi_stat), Attached, false, serve_statistics },
	{ DL_XID_REQ, sizeof(dl_xid_req_t), plain_answer, Idle, false, serve_xid },
	{ DL_XID_RES, sizeof(dl_xid_res_t), plain_answer, Idle, false, serve_xid },
	{ DL_TEST_REQ, sizeof(dl_test_req_t), plain_answer, Idle, false, serve_test },
	{ DL_TEST_RES, sizeof(dl_test_res_t), plain_answer, Idle, false, serve_test },
	{ DL_NOTIFY_REQ, sizeof(dl_notify_req_t), sizeof(dl_notify_ack_t) + 8, Attached, true,
	  serve_notify },
	{ DL_CAPABILITY_REQ, sizeof(dl_capability_req_t), plain_answer, Attached, false,
	  serve_capability },
	{ DL_PASSIVE_REQ, sizeof(dl_passive_req_t), plain_answer, Attached, false, serve_passive },
};

constexpr bool answers_fit_the_reserve()
{
	for (const Row &row : rows) {
		if (row.answer > largest_answer)
			return false;
	}
	return true;
}
static_assert(answers_fit_the_reserve());

// Requests that DLPI has and a connectionless provider has not, and those that only an
// accelerator serves.
constexpr u32 refused[] = {
	DL_UDQOS_REQ,	DL_CONNECT_REQ, DL_CONNECT_RES,	 DL_TOKEN_REQ, DL_DISCONNECT_REQ,
	DL_RESET_REQ,	DL_RESET_RES,	DL_DATA_ACK_REQ, DL_REPLY_REQ, DL_REPLY_UPDATE_REQ,
	DL_CONTROL_REQ, DL_AGGR_REQ,	DL_UNAGGR_REQ,
};

const Row *find(u32 primitive)
{
	for (const Row &row : rows) {
		if (row.primitive == primitive)
			return &row;
	}
	return nullptr;
}

u32 unknown(u32 primitive)
{
	for (u32 known : refused) {
		if (known == primitive)
			return DL_NOTSUPPORTED;
	}
	return DL_BADPRIM;
}

bool holds(const mblk_t *mp, size_t bytes)
{
	return DB_REF(mp) == 1 && static_cast<size_t>(MBLKSIZE(mp)) >= bytes;
}

// A message for an answer, or NULL.
mblk_t *room_for_answer(Stream &s, mblk_t *mp, size_t bytes)
{
	if (!s.reserve)
		s.reserve = allocb(largest_answer, BPRI_HI);
	if (holds(mp, bytes))
		return mp;
	mblk_t *answer = allocb(bytes, BPRI_HI);
	if (!answer) {
		answer = s.reserve;
		s.reserve = nullptr;
	}
	return answer;
}

void send_error(Request &r, Outcome outcome)
{
	const u32 primitive = r.p.dl_primitive; // the answer may be where the request is
	auto &ack = begin_answer<dl_error_ack_t>(r, DL_ERROR_ACK);

	ack.dl_error_primitive = primitive;
	ack.dl_errno = outcome.error;
	ack.dl_unix_errno = static_cast<u32>(outcome.sys);
	send_answer(r);
}

void finish(Request &r, Outcome outcome)
{
	switch (outcome.kind) {
	case Outcome::Kind::Done: {
		const u32 primitive = r.p.dl_primitive;
		begin_answer<dl_ok_ack_t>(r, DL_OK_ACK).dl_correct_primitive = primitive;
		send_answer(r);
		break;
	}
	case Outcome::Kind::Refused:
		send_error(r, outcome);
		break;
	case Outcome::Kind::Answered:
		break;
	}
}

Outcome check(const Stream &s, const Row *row, const Request &r)
{
	if (!row)
		return refuse(unknown(r.p.dl_primitive));
	if (MBLKL(r.mp) < row->least)
		return refuse(DL_BADPRIM);
	return row->states & state_bit(s.state) ? done : refuse(DL_OUTSTATE);
}

// What can be read of the request; a number of ~0 where not even that is there.
void read_request(Request &r)
{
	const auto bytes = static_cast<size_t>(MBLKL(r.mp) > 0 ? MBLKL(r.mp) : 0);

	__builtin_memset(&r.p, 0, sizeof(r.p));
	__builtin_memcpy(&r.p, r.mp->b_rptr, strm::min(bytes, sizeof(r.p)));
	if (bytes < sizeof(u32))
		r.p.dl_primitive = ~0u;
}

void serve(queue_t *q, mblk_t *mp, bool alone);

void serve_alone(queue_t *q, mblk_t *mp)
{
	serve(q, mp, true);
}

void serve(queue_t *q, mblk_t *mp, bool alone)
{
	Stream &s = stream_of(q);
	Request r{ q, mp, nullptr, {} };

	read_request(r);
	const Row *row = find(r.p.dl_primitive);
	Outcome outcome = check(s, row, r);
	if (ok(outcome) && row->alone && !alone) {
		qwriter(q, mp, serve_alone, PERIM_OUTER);
		return;
	}
	r.answer = room_for_answer(s, mp, ok(outcome) ? row->answer : plain_answer);
	if (!r.answer && ok(outcome)) {
		outcome = system_error(ENOSR);
		r.answer = holds(mp, plain_answer) ? mp : nullptr;
	}
	if (!r.answer) { // shared with somebody, and no memory for the second time
		s.dropped.fetch_add(1);
		freemsg(mp);
		return;
	}
	if (ok(outcome))
		outcome = row->serve(s, r);
	finish(r, outcome);
}

} // namespace

const u8 *part_of(const mblk_t *mp, u32 offset, u32 length)
{
	return MBLKIN(mp, offset, length) ? mp->b_rptr + offset : nullptr;
}

u8 *begin_answer(Request &r, u32 primitive, size_t size)
{
	mblk_t *answer = r.answer;

	if (answer != r.mp)
		freemsg(r.mp);
	else
		freemsg(unlinkb(answer));
	r.mp = nullptr;
	answer->b_datap->db_type = M_PCPROTO;
	answer->b_band = 0;
	answer->b_rptr = DB_BASE(answer);
	answer->b_wptr = answer->b_rptr + size;
	__builtin_memset(answer->b_rptr, 0, size);
	__builtin_memcpy(answer->b_rptr, &primitive, sizeof(primitive));
	return answer->b_rptr;
}

Outcome send_answer(Request &r)
{
	qreply(r.q, r.answer);
	return answered;
}

void serve_request(queue_t *q, mblk_t *mp)
{
	serve(q, mp, false);
}

} // namespace dlpi
