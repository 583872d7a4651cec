// SPDX-License-Identifier: GPL-2.0-only
//
// The requests of DLPI: each in each state, cut short, without memory, and with a device
// that says no.  A table says what is expected.
#include <kunit/dlpi_test.hh>

// A namespace of its own, as all suites are compiled as one and its names are short.
namespace strm::testing::dlpi_states {

namespace {

// In `Lsap` the stream is bound to a SAP of LLC, in `Idle` to an Ethernet type; in `Gone`
// its device has been pulled out.
enum State { Unattached, Unbound, Idle, Lsap, Gone, states };

constexpr int dl_states[] = { DL_UNATTACHED, DL_UNBOUND, DL_IDLE, DL_IDLE, DL_UNATTACHED };

constexpr u32 test_type = 0x88b5;
constexpr u32 test_lsap = 4;

// A request, with an address behind it that it may point to.
struct Request {
	union DL_primitives dl;
	u8 address[dlpi::dlsap_size];
};

constexpr u32 behind = offsetof(Request, address);
constexpr size_t whole = sizeof(Request);

constexpr Request request(union DL_primitives dl)
{
	return { dl, {} };
}
// With a group address, and with that of somebody.
constexpr Request with_group(union DL_primitives dl)
{
	return { dl, { 1, 0, 0x5e, 1, 2, 3 } };
}
constexpr Request with_peer(union DL_primitives dl, u8 sap)
{
	return { dl, { 2, 0, 0, 0, 0, 9, sap } };
}
// The SAP 0x806, as DL_SUBS_BIND_REQ has it.
constexpr Request with_sap(union DL_primitives dl)
{
	return { dl, { 6, 8 } };
}

// In each state: the result, and the state afterwards, where that is another.
struct Results {
	int of[states];
	int becomes[states] = { -1, -1, -1, -1, -1 };

	constexpr Results in(State state, int result, int after = -1) const
	{
		Results other = *this;
		other.of[state] = result;
		other.becomes[state] = after;
		return other;
	}
};

constexpr int out = refused_with(DL_OUTSTATE);

constexpr Results always(int result)
{
	return { { result, result, result, result, result } };
}
constexpr Results if_attached(int result)
{
	return { { out, result, result, result, out } };
}
constexpr Results if_bound(int result)
{
	return { { out, out, result, result, out } };
}
constexpr Results refused_if_attached(u32 error)
{
	return if_attached(refused_with(error));
}

constexpr Results never = always(out);
constexpr Results not_supported = always(refused_with(DL_NOTSUPPORTED));
constexpr Results no_primitive = always(refused_with(DL_BADPRIM));
constexpr Results attaching = never.in(Unattached, 0, DL_UNBOUND).in(Gone, refused_with(DL_BADPPA));
constexpr Results attaching_to_nothing = never.in(Unattached, refused_with(DL_BADPPA))
						 .in(Gone, refused_with(DL_BADPPA));
constexpr Results binding = never.in(Unbound, 0, DL_IDLE);

constexpr Results refused_binding(u32 error)
{
	return never.in(Unbound, refused_with(error));
}

// The answer that a success has, and whether something is told behind it.
struct Row {
	const char *name;
	Request request;
	size_t size;
	u32 answer;
	Results results;
	u32 then = 0;
};

constexpr u32 ok = DL_OK_ACK;

constexpr Row rows[] = {
	{ "info", request({ .info_req = { DL_INFO_REQ } }), sizeof(dl_info_req_t), DL_INFO_ACK,
	  always(0) },
	{ "attach", request({ .attach_req = { DL_ATTACH_REQ, 3 } }), sizeof(dl_attach_req_t), ok,
	  attaching },
	{ "attach to nothing", request({ .attach_req = { DL_ATTACH_REQ, 4 } }),
	  sizeof(dl_attach_req_t), ok, attaching_to_nothing },
	{ "attach beyond all", request({ .attach_req = { DL_ATTACH_REQ, ~0u } }),
	  sizeof(dl_attach_req_t), ok, attaching_to_nothing },
	{ "detach", request({ .detach_req = { DL_DETACH_REQ } }), sizeof(dl_detach_req_t), ok,
	  never.in(Unbound, 0, DL_UNATTACHED) },
	{ "bind to a type", request({ .bind_req = { DL_BIND_REQ, 0x800, 0, DL_CLDLS, 0, 0 } }),
	  sizeof(dl_bind_req_t), DL_BIND_ACK, binding },
	{ "bind to the last type",
	  request({ .bind_req = { DL_BIND_REQ, 0xffff, 0, DL_CLDLS, 0, 0 } }),
	  sizeof(dl_bind_req_t), DL_BIND_ACK, binding },
	{ "bind to the first type",
	  request({ .bind_req = { DL_BIND_REQ, 1501, 0, DL_CLDLS, 0, 0 } }), sizeof(dl_bind_req_t),
	  DL_BIND_ACK, binding },
	{ "bind to 0", request({ .bind_req = { DL_BIND_REQ, 0, 0, DL_CLDLS, 0, 0 } }),
	  sizeof(dl_bind_req_t), DL_BIND_ACK, binding },
	{ "bind to LLC, answered by the driver",
	  request({ .bind_req = { DL_BIND_REQ, 84, 0, DL_CLDLS, 0, DL_AUTO_XID | DL_AUTO_TEST } }),
	  sizeof(dl_bind_req_t), DL_BIND_ACK, binding },
	{ "bind above all", request({ .bind_req = { DL_BIND_REQ, 0x10000, 0, DL_CLDLS, 0, 0 } }),
	  sizeof(dl_bind_req_t), ok, refused_binding(DL_BADSAP) },
	{ "bind to a length", request({ .bind_req = { DL_BIND_REQ, 1500, 0, DL_CLDLS, 0, 0 } }),
	  sizeof(dl_bind_req_t), ok, refused_binding(DL_BADSAP) },
	{ "bind with connections",
	  request({ .bind_req = { DL_BIND_REQ, 0x800, 5, DL_CODLS, 0, 0 } }), sizeof(dl_bind_req_t),
	  ok, refused_binding(DL_UNSUPPORTED) },
	{ "bind to a type, XID",
	  request({ .bind_req = { DL_BIND_REQ, 0x800, 0, DL_CLDLS, 0, DL_AUTO_XID } }),
	  sizeof(dl_bind_req_t), ok, refused_binding(DL_NOXIDAUTO) },
	{ "bind to a type, TEST",
	  request({ .bind_req = { DL_BIND_REQ, 0x800, 0, DL_CLDLS, 0, DL_AUTO_TEST } }),
	  sizeof(dl_bind_req_t), ok, refused_binding(DL_NOTESTAUTO) },
	{ "bind to a type, both",
	  request({ .bind_req = { DL_BIND_REQ, 0x800, 0, DL_CLDLS, 0,
				  DL_AUTO_XID | DL_AUTO_TEST } }),
	  sizeof(dl_bind_req_t), ok, refused_binding(DL_NOAUTO) },
	{ "unbind", request({ .unbind_req = { DL_UNBIND_REQ } }), sizeof(dl_unbind_req_t), ok,
	  never.in(Idle, 0, DL_UNBOUND).in(Lsap, 0, DL_UNBOUND) },
	{ "bind to one more",
	  with_sap({ .subs_bind_req = { DL_SUBS_BIND_REQ, behind, 2, DL_PEER_BIND } }), whole,
	  DL_SUBS_BIND_ACK, if_bound(0) },
	{ "bind to one below",
	  with_sap({ .subs_bind_req = { DL_SUBS_BIND_REQ, behind, 2, DL_HIERARCHICAL_BIND } }),
	  whole, ok, if_bound(refused_with(DL_UNSUPPORTED)) },
	{ "bind to half a SAP more",
	  with_sap({ .subs_bind_req = { DL_SUBS_BIND_REQ, behind, 1, DL_PEER_BIND } }), whole, ok,
	  if_bound(refused_with(DL_BADADDR)) },
	{ "bind to 0 as well",
	  request({ .subs_bind_req = { DL_SUBS_BIND_REQ, behind, 2, DL_PEER_BIND } }), whole, ok,
	  if_bound(refused_with(DL_BADSAP)) },
	{ "unbind one more", with_sap({ .subs_unbind_req = { DL_SUBS_UNBIND_REQ, behind, 2 } }),
	  whole, ok, if_bound(refused_with(DL_BADSAP)) },
	{ "unbind beyond all", with_sap({ .subs_unbind_req = { DL_SUBS_UNBIND_REQ, ~0u, 2 } }),
	  whole, ok, if_bound(refused_with(DL_BADADDR)) },
	{ "enable a group", with_group({ .enabmulti_req = { DL_ENABMULTI_REQ, mac_size, behind } }),
	  whole, ok, if_attached(0) },
	{ "enable no group",
	  with_peer({ .enabmulti_req = { DL_ENABMULTI_REQ, mac_size, behind } }, 0), whole, ok,
	  refused_if_attached(DL_BADADDR) },
	{ "enable half a group", with_group({ .enabmulti_req = { DL_ENABMULTI_REQ, 5, behind } }),
	  whole, ok, refused_if_attached(DL_BADADDR) },
	{ "enable what is not there",
	  with_group({ .enabmulti_req = { DL_ENABMULTI_REQ, mac_size, whole - 5 } }), whole, ok,
	  refused_if_attached(DL_BADADDR) },
	{ "enable beyond all", with_group({ .enabmulti_req = { DL_ENABMULTI_REQ, mac_size, ~5u } }),
	  whole, ok, refused_if_attached(DL_BADADDR) },
	{ "disable a group",
	  with_group({ .disabmulti_req = { DL_DISABMULTI_REQ, mac_size, behind } }), whole, ok,
	  refused_if_attached(DL_NOTENAB) },
	{ "disable no group",
	  with_peer({ .disabmulti_req = { DL_DISABMULTI_REQ, mac_size, behind } }, 0), whole, ok,
	  refused_if_attached(DL_BADADDR) },
	{ "all addresses", request({ .promiscon_req = { DL_PROMISCON_REQ, DL_PROMISC_PHYS } }),
	  sizeof(dl_promiscon_req_t), ok, if_attached(0) },
	{ "all SAPs", request({ .promiscon_req = { DL_PROMISCON_REQ, DL_PROMISC_SAP } }),
	  sizeof(dl_promiscon_req_t), ok, if_attached(0) },
	{ "all groups", request({ .promiscon_req = { DL_PROMISCON_REQ, DL_PROMISC_MULTI } }),
	  sizeof(dl_promiscon_req_t), ok, if_attached(0) },
	{ "all of level 0", request({ .promiscon_req = { DL_PROMISCON_REQ, 0 } }),
	  sizeof(dl_promiscon_req_t), ok, refused_if_attached(DL_UNSUPPORTED) },
	{ "all of level 99", request({ .promiscon_req = { DL_PROMISCON_REQ, 99 } }),
	  sizeof(dl_promiscon_req_t), ok, refused_if_attached(DL_UNSUPPORTED) },
	{ "not all addresses",
	  request({ .promiscoff_req = { DL_PROMISCOFF_REQ, DL_PROMISC_PHYS } }),
	  sizeof(dl_promiscoff_req_t), ok, refused_if_attached(DL_NOTENAB) },
	{ "not all of level 99", request({ .promiscoff_req = { DL_PROMISCOFF_REQ, 99 } }),
	  sizeof(dl_promiscoff_req_t), ok, refused_if_attached(DL_UNSUPPORTED) },
	{ "present address", request({ .physaddr_req = { DL_PHYS_ADDR_REQ, DL_CURR_PHYS_ADDR } }),
	  sizeof(dl_phys_addr_req_t), DL_PHYS_ADDR_ACK, if_attached(0) },
	{ "first address", request({ .physaddr_req = { DL_PHYS_ADDR_REQ, DL_FACT_PHYS_ADDR } }),
	  sizeof(dl_phys_addr_req_t), DL_PHYS_ADDR_ACK, if_attached(0) },
	{ "another address", request({ .physaddr_req = { DL_PHYS_ADDR_REQ, 0 } }),
	  sizeof(dl_phys_addr_req_t), ok, refused_if_attached(DL_UNSUPPORTED) },
	{ "a new address",
	  with_peer({ .set_physaddr_req = { DL_SET_PHYS_ADDR_REQ, mac_size, behind } }, 0), whole,
	  ok, if_attached(0) },
	{ "a group as address",
	  with_group({ .set_physaddr_req = { DL_SET_PHYS_ADDR_REQ, mac_size, behind } }), whole, ok,
	  refused_if_attached(DL_BADADDR) },
	{ "no address", request({ .set_physaddr_req = { DL_SET_PHYS_ADDR_REQ, mac_size, behind } }),
	  whole, ok, refused_if_attached(DL_BADADDR) },
	{ "a DLSAP as address",
	  with_peer({ .set_physaddr_req = { DL_SET_PHYS_ADDR_REQ, 8, behind } }, 0), whole, ok,
	  refused_if_attached(DL_BADADDR) },
	{ "statistics", request({ .get_statistics_req = { DL_GET_STATISTICS_REQ } }),
	  sizeof(dl_get_statistics_req_t), DL_GET_STATISTICS_ACK, if_attached(0) },
	{ "notify",
	  request({ .notify_req = { DL_NOTIFY_REQ, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN, 0 } }),
	  sizeof(dl_notify_req_t), DL_NOTIFY_ACK, if_attached(0), DL_NOTIFY_IND },
	{ "capability", request({ .capability_req = { DL_CAPABILITY_REQ, 0, 0 } }),
	  sizeof(dl_capability_req_t), DL_CAPABILITY_ACK, if_attached(0) },
	{ "capabilities beyond all", request({ .capability_req = { DL_CAPABILITY_REQ, ~0u, 8 } }),
	  sizeof(dl_capability_req_t), ok, refused_if_attached(DL_BADPRIM) },
	{ "passive", request({ .passive_req = { DL_PASSIVE_REQ } }), sizeof(dl_passive_req_t), ok,
	  if_attached(0) },
	{ "XID to a type", with_peer({ .xid_req = { DL_XID_REQ, 0, 6, behind } }, test_lsap), whole,
	  ok, if_bound(refused_with(DL_NOTSUPPORTED)).in(Lsap, refused_with(DL_BADADDR)) },
	{ "TEST beyond all", with_peer({ .test_req = { DL_TEST_REQ, 0, 8, ~0u } }, test_lsap),
	  whole, ok, if_bound(refused_with(DL_NOTSUPPORTED)).in(Lsap, refused_with(DL_BADADDR)) },
	{ "XID answer to nobody", request({ .xid_res = { DL_XID_RES, 0, 0, behind } }), whole, ok,
	  if_bound(refused_with(DL_NOTSUPPORTED)).in(Lsap, refused_with(DL_BADADDR)) },
	{ "TEST answer to nobody", request({ .test_res = { DL_TEST_RES, 0, 0, behind } }), whole,
	  ok, if_bound(refused_with(DL_NOTSUPPORTED)).in(Lsap, refused_with(DL_BADADDR)) },
	{ "quality of service", request({ .udqos_req = { DL_UDQOS_REQ, 0, 0 } }),
	  sizeof(dl_udqos_req_t), ok, not_supported },
	{ "control", request({ .control_req = { DL_CONTROL_REQ, DL_CO_GET, 0, 0, 0, 0, 0 } }),
	  sizeof(dl_control_req_t), ok, not_supported },
	{ "connect",
	  with_peer({ .connect_req = { DL_CONNECT_REQ, dlpi::dlsap_size, behind, 0, 0, 0 } },
		    test_lsap),
	  whole, ok, not_supported },
	{ "be connected", request({ .connect_res = { DL_CONNECT_RES, 1, 0, 0, 0, 0 } }),
	  sizeof(dl_connect_res_t), ok, not_supported },
	{ "token", request({ .token_req = { DL_TOKEN_REQ } }), sizeof(dl_token_req_t), ok,
	  not_supported },
	{ "disconnect",
	  request({ .disconnect_req = { DL_DISCONNECT_REQ, DL_DISC_NORMAL_CONDITION, 0 } }),
	  sizeof(dl_disconnect_req_t), ok, not_supported },
	{ "reset", request({ .reset_req = { DL_RESET_REQ } }), sizeof(dl_reset_req_t), ok,
	  not_supported },
	{ "be reset", request({ .reset_res = { DL_RESET_RES } }), sizeof(dl_reset_res_t), ok,
	  not_supported },
	{ "acknowledged data",
	  with_peer({ .data_ack_req = { DL_DATA_ACK_REQ, 1, dlpi::dlsap_size, behind, 0, 0, 0,
					DL_RQST_NORSP } },
		    test_lsap),
	  whole, ok, not_supported },
	{ "reply",
	  with_peer({ .reply_req = { DL_REPLY_REQ, 1, dlpi::dlsap_size, behind, 0, 0, 0,
				     DL_RQST_NORSP } },
		    test_lsap),
	  whole, ok, not_supported },
	{ "reply later", request({ .reply_update_req = { DL_REPLY_UPDATE_REQ, 1, 0, 0 } }),
	  sizeof(dl_reply_update_req_t), ok, not_supported },
	{ "an answer", request({ .ok_ack = { DL_OK_ACK, DL_BIND_REQ } }), sizeof(dl_ok_ack_t), ok,
	  no_primitive },
	{ "an indication", request({ .dl_primitive = DL_UNITDATA_IND }), whole, ok, no_primitive },
	{ "no number of all", request({ .dl_primitive = 0x4711 }), sizeof(u32), ok, no_primitive },
};

// A stream in a state, of the device with PPA 3.
class In : NoCopy {
public:
	In(State state, bool style1 = false) : nic_(3), stream_(nic_, style1)
	{
		mac_link_update(nic_.mh, LINK_STATE_UP);
		strm_test_softirqs(); // this is no news any more
		good_ = nic_ && stream_ && bring(state, style1);
	}
	explicit operator bool() const { return good_; }
	Nic &nic() { return nic_; }
	DlpiStream *operator->() { return &stream_; }

	int ask(const Row &row) { return stream_.ask(&row.request, row.size, row.answer); }
	// Nothing has come that was not asked for.
	bool is_quiet(u32 but)
	{
		const Got got = stream_.next();
		return but ? got.is(but) && !stream_.next() : !got;
	}

private:
	bool bring(State state, bool style1)
	{
		if (state == Unattached)
			return true;
		if (!style1 && stream_.attach(3))
			return false;
		if (state == Gone) {
			nic_.unplug();
			return stream_.next().type == -1; // the head keeps M_HANGUP to itself
		}
		const u32 sap = state == Idle ? test_type : test_lsap;
		return state == Unbound || stream_.bind(sap) == 0;
	}

	Nic nic_;
	DlpiStream stream_;
	bool good_;
};

constexpr int after(const Row &row, State state)
{
	return row.results.becomes[state] >= 0 ? row.results.becomes[state] : dl_states[state];
}

template <typename Look> void in_each_row_and_state(kunit *test, Look look)
{
	for (const Row &row : rows) {
		for (int state = 0; state < states; state++) {
			In in(static_cast<State>(state));
			if (!EXPECT(test, bool(in)))
				return;
			look(in, row, static_cast<State>(state));
		}
	}
}

// An expectation that says of which row.
bool expect_of(kunit *test, const Row &row, int state, const char *what, long long is,
	       long long expected)
{
	if (is == expected)
		return true;
	strm_test_fail_text(test, row.name, state, what, "as above", "otherwise");
	strm_test_fail_equal(test, row.name, state, what, is, expected);
	return false;
}

void each_request_in_each_state(kunit *test)
{
	in_each_row_and_state(test, [&](In &in, const Row &row, State state) {
		const int expected = row.results.of[state];
		expect_of(test, row, state, "answer", in.ask(row), expected);
		expect_of(test, row, state, "quiet", in.is_quiet(expected ? 0 : row.then), true);
		expect_of(test, row, state, "state", in->state(), after(row, state));
	});
}

// Style 1 is attached from its open, and never otherwise.
void each_request_on_a_node_of_style_1(kunit *test)
{
	for (const Row &row : rows) {
		for (State state : List{ Unbound, Idle, Lsap, Gone }) {
			In in(state, true);
			if (!EXPECT(test, bool(in)))
				return;
			const bool detaches = row.request.dl.dl_primitive == DL_DETACH_REQ;
			const int expected = detaches && state == Unbound ?
						     refused_with(DL_NOTSUPPORTED) :
						     row.results.of[state];
			expect_of(test, row, state, "answer", in.ask(row), expected);
			expect_of(test, row, state, "quiet", in.is_quiet(expected ? 0 : row.then),
				  true);
			expect_of(test, row, state, "state", in->state(),
				  detaches ? dl_states[state] : after(row, state));
		}
	}
}

// Cut anywhere, a request is answered once; what is refused changes nothing.
void each_request_cut_short(kunit *test)
{
	for (const Row &row : rows) {
		In in(Idle);
		if (!EXPECT(test, bool(in)))
			return;
		for (size_t size = sizeof(u32); size < row.size; size++) {
			const u32 primitive = row.request.dl.dl_primitive;
			const int result = in->ask(&row.request, size, row.answer);
			expect_of(test, row, int(size), "answered", result >= 0, true);
			if (result == 0 && row.then)
				in->next();
			expect_of(test, row, int(size), "quiet", in.is_quiet(0), true);
			if (primitive == DL_UNBIND_REQ && result == 0)
				EXPECT_EQ(test, in->bind(test_type), 0);
			expect_of(test, row, int(size), "state", in->state(), DL_IDLE);
		}
	}
}

// Not even a number.
void less_than_a_number(kunit *test)
{
	for (int state = 0; state < states; state++) {
		for (size_t size = 0; size < sizeof(u32); size++) {
			In in(static_cast<State>(state));
			if (!EXPECT(test, bool(in)))
				return;
			mblk_t *mp = allocb(4, BPRI_MED);
			mp->b_datap->db_type = M_PROTO;
			mp->b_wptr += size;
			in->send(mp);
			const Got got = in->next();
			EXPECT(test, got.is(DL_ERROR_ACK) && got.type == M_PCPROTO);
			EXPECT_EQ(test, got.dl.error_ack.dl_errno, DL_BADPRIM);
			EXPECT_EQ(test, in->state(), dl_states[state]);
		}
	}
}

void ask_number(kunit *test, In &in, u32 number)
{
	const u32 words[32] = { number };
	mblk_t *mp = allocb(sizeof(words), BPRI_MED);

	mp->b_datap->db_type = M_PROTO;
	__builtin_memcpy(mp->b_rptr, words, sizeof(words));
	mp->b_wptr += sizeof(words);
	in->send(mp);
	const Got got = in->next();
	if (number == DL_UNITDATA_REQ)
		EXPECT(test, got.is(DL_UDERROR_IND));
	else if (!EXPECT(test, got.type == M_PCPROTO))
		EXPECT_EQ(test, number, ~0u);
	EXPECT(test, in.is_quiet(0));
}

// All numbers, with zeroes behind: each is answered, once.  A stream is good for as long as
// it stays in its state.
void each_number_is_answered(kunit *test)
{
	constexpr u32 end = 0x130;

	for (int state = 0; state < states; state++) {
		for (u32 number = 0; number < end;) {
			In in(static_cast<State>(state));
			if (!EXPECT(test, bool(in)))
				return;
			const auto before = in->state();
			do {
				ask_number(test, in, number++);
			} while (number < end && in->state() == before);
		}
	}
}

// The blocks of a message may be somebody else's as well: they stay as they are.
void a_shared_request_is_not_written_into(kunit *test)
{
	in_each_row_and_state(test, [&](In &in, const Row &row, State state) {
		mblk_t *mp = allocb(whole + 200, BPRI_MED);
		mp->b_datap->db_type = M_PROTO;
		__builtin_memcpy(mp->b_rptr, &row.request, row.size);
		mp->b_wptr += row.size;
		mblk_t *other = dupb(mp);
		in->send(mp);
		expect_of(test, row, state, "answer", in->answer_to(&row.request, row.answer),
			  row.results.of[state]);
		expect_of(test, row, state, "bytes",
			  __builtin_memcmp(other->b_rptr, &row.request, row.size), 0);
		expect_of(test, row, state, "type", other->b_datap->db_type, M_PROTO);
		freemsg(other);
	});
}

// ---------------------------------------------------------------------- no memory

// With the nth allocation failing: it is done, or refused and nothing has changed, such
// that it can be done a second time.  The spare answer of the stream is used up first.
bool without_the_nth(kunit *test, const Row &row, State state, int nth)
{
	In in(state);
	if (!EXPECT(test, bool(in)))
		return false;
	mblk_t *mp = allocb(row.size, BPRI_MED);
	mblk_t *shared = dupb(mp);
	mp->b_datap->db_type = M_PROTO;
	__builtin_memcpy(mp->b_rptr, &row.request, row.size);
	mp->b_wptr += row.size;
	strm_test_fail_allocation(nth);
	in->send(mp);
	const bool failed = strm_test_fail_allocation(0) == 0;
	freemsg(shared);
	const int result = in->answer_to(&row.request, row.answer);
	const int expected = row.results.of[state];
	if (failed && result != expected) {
		expect_of(test, row, state, "no memory",
			  result == refused_by_system(ENOSR) || result == refused_by_system(ENOMEM),
			  true);
		expect_of(test, row, state, "state", in->state(), dl_states[state]);
		expect_of(test, row, state, "afterwards", in.ask(row), expected);
	} else {
		expect_of(test, row, state, "answer", result, expected);
	}
	expect_of(test, row, state, "state", in->state(), after(row, state));
	return failed;
}

void each_request_without_memory(kunit *test)
{
	int failures = 0;

	for (const Row &row : rows) {
		for (int state = 0; state < states; state++) {
			int nth = 1;
			while (nth < 20 &&
			       without_the_nth(test, row, static_cast<State>(state), nth))
				nth++;
			expect_of(test, row, state, "comes to an end", nth < 20, true);
			failures += nth - 1;
		}
	}
	EXPECT(test, failures > 100); // an answer each, and more
}

// ---------------------------------------------------------- a device that says no

const Row &row_of(const char *name)
{
	for (const Row &row : rows) {
		if (__builtin_strcmp(row.name, name) == 0)
			return row;
	}
	__builtin_trap();
}

void a_device_that_does_not_start_is_not_attached_to(kunit *test)
{
	In in(Unattached);
	if (!EXPECT(test, bool(in)))
		return;
	in.nic().error.start = EIO;
	EXPECT_EQ(test, in->attach(3), refused_by_system(EIO));
	EXPECT_EQ(test, in->state(), DL_UNATTACHED);
	DlpiStream style1(in.nic(), true);
	EXPECT_EQ(test, style1.open_error(), -EIO);
	in.nic().error.start = 0;
	EXPECT_EQ(test, in->attach(3), 0);
	EXPECT_EQ(test, in.nic().started, 1);
}

void what_the_device_refuses_is_refused(kunit *test)
{
	In in(Idle);
	if (!EXPECT(test, bool(in)))
		return;
	in.nic().error = { 0, EIO, ENOSPC, EINVAL };
	for (const char *name : List{ "all addresses", "all groups" }) {
		EXPECT_EQ(test, in.ask(row_of(name)), refused_by_system(EIO));
		EXPECT_EQ(test, in->core().promiscuous, 0);
	}
	EXPECT_EQ(test, in.ask(row_of("all SAPs")), 0); // needs nothing of it
	EXPECT_EQ(test, in.ask(row_of("enable a group")), refused_by_system(ENOSPC));
	EXPECT_EQ(test, in.ask(row_of("disable a group")), refused_with(DL_NOTENAB));
	EXPECT_EQ(test, in.ask(row_of("a new address")), refused_by_system(EINVAL));
	in.nic().error = {};
	for (const char *name : List{ "all addresses", "enable a group", "disable a group",
				      "not all addresses", "a new address" })
		EXPECT_EQ(test, in.ask(row_of(name)), 0);
	EXPECT_EQ(test, in.nic().address[5], 9);
	EXPECT(test, !in.nic().promiscuous);
	EXPECT_EQ(test, in.nic().groups, 0);
}

// However many streams want something, the device is told once; and told of its end.
void the_device_is_told_once(kunit *test)
{
	In in(Idle);
	if (!EXPECT(test, bool(in)))
		return;
	const Request group = row_of("enable a group").request;
	const Request all = row_of("all addresses").request;
	{
		DlpiStream other(in.nic(), true), third(in.nic(), true);
		if (!EXPECT(test, other && third))
			return;
		for (DlpiStream *one : List{ in.operator->(), &other, &third, &other }) {
			EXPECT_EQ(test, one->ask(&group, whole, DL_OK_ACK), 0);
			EXPECT_EQ(test, one->ask(&all, sizeof(dl_promiscon_req_t), DL_OK_ACK), 0);
			EXPECT_EQ(test, in.nic().groups, 1);
			EXPECT(test, in.nic().promiscuous);
		}
		EXPECT_EQ(test, in.ask(row_of("disable a group")), 0);
		EXPECT_EQ(test, in.ask(row_of("not all addresses")), 0);
		EXPECT_EQ(test, in.nic().groups, 1);
		EXPECT(test, in.nic().promiscuous);
	}
	EXPECT_EQ(test, in.nic().groups, 0);
	EXPECT(test, !in.nic().promiscuous);
	EXPECT_EQ(test, in.nic().started, 1);
	EXPECT_EQ(test, in.nic().stopped, 0);
	EXPECT_EQ(test, in->unbind(), 0);
	EXPECT_EQ(test, in->detach(), 0);
	EXPECT_EQ(test, in.nic().stopped, 1);
	EXPECT_EQ(test, in->attach(3), 0);
	EXPECT_EQ(test, in.nic().started, 2);
}

// Its bindings, groups and levels have gone with the device.
void a_stream_begins_anew_with_each_device(kunit *test)
{
	In in(Idle);
	if (!EXPECT(test, bool(in)))
		return;
	for (const char *name : List{ "enable a group", "all addresses", "bind to one more" })
		EXPECT_EQ(test, in.ask(row_of(name)), 0);
	EXPECT_EQ(test, in->unbind(), 0);
	EXPECT_EQ(test, in->detach(), 0);
	EXPECT_EQ(test, in.nic().groups, 0);
	EXPECT(test, !in.nic().promiscuous);
	EXPECT_EQ(test, in->attach(3), 0);
	EXPECT_EQ(test, in->bind(test_type), 0);
	EXPECT_EQ(test, in.ask(row_of("disable a group")), refused_with(DL_NOTENAB));
	EXPECT_EQ(test, in.ask(row_of("not all addresses")), refused_with(DL_NOTENAB));
	EXPECT_EQ(test, in.ask(row_of("unbind one more")), refused_with(DL_BADSAP));
}

} // namespace

extern "C" const strm_case strm_dlpi_states_cases[] = {
	{ "each_request_in_each_state", each_request_in_each_state },
	{ "each_request_on_a_node_of_style_1", each_request_on_a_node_of_style_1 },
	{ "each_request_cut_short", each_request_cut_short },
	{ "less_than_a_number", less_than_a_number },
	{ "each_number_is_answered", each_number_is_answered },
	{ "a_shared_request_is_not_written_into", a_shared_request_is_not_written_into },
	{ "each_request_without_memory", each_request_without_memory },
	{ "a_device_that_does_not_start_is_not_attached_to",
	  a_device_that_does_not_start_is_not_attached_to },
	{ "what_the_device_refuses_is_refused", what_the_device_refuses_is_refused },
	{ "the_device_is_told_once", the_device_is_told_once },
	{ "a_stream_begins_anew_with_each_device", a_stream_begins_anew_with_each_device },
	{ nullptr, nullptr },
};

} // namespace strm::testing::dlpi_states
