// SPDX-License-Identifier: GPL-2.0-only
//
// Which streams have which frames, in which form: SAPs, addresses, promiscuous modes, raw
// mode, 802.3, and what is sent.
#include <kunit/dlpi_test.hh>

namespace strm::testing {

namespace {

constexpr u8 to_all[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
constexpr u8 to_group[] = { 1, 0, 0x5e, 0, 0, 1 };
constexpr u8 to_other_group[] = { 1, 0, 0x5e, 0, 0, 2 };
constexpr u8 to_somebody[] = { 2, 0, 0, 0, 0, 9 };
constexpr u8 from_peer[] = { 2, 0, 0, 0, 0, 7 };

// A frame of the peer's.  `split`: its first block ends there.
mblk_t *frame(const u8 *dest, u32 type, const char *text, size_t split = 0)
{
	u8 bytes[128] = {};
	const size_t length = __builtin_strlen(text);
	const size_t size = dlpi::header_size + length;

	__builtin_memcpy(bytes, dest, mac_size);
	__builtin_memcpy(bytes + mac_size, from_peer, mac_size);
	dlpi::store_be16(bytes + 2 * mac_size, type);
	__builtin_memcpy(bytes + dlpi::header_size, text, length);
	mblk_t *first = allocb(size, BPRI_MED);
	mblk_t *second = first && split ? allocb(size, BPRI_MED) : nullptr;
	if (!first || (split && !second)) {
		freemsg(first);
		return nullptr;
	}
	const size_t in_first = split ? split : size;
	__builtin_memcpy(first->b_wptr, bytes, in_first);
	first->b_wptr += in_first;
	if (second) {
		__builtin_memcpy(second->b_wptr, bytes + split, size - split);
		second->b_wptr += size - split;
		first->b_cont = second;
	}
	return first;
}

// 802.3 with LLC: "\x04\x08\x03" and so on is part of the text.
mblk_t *llc_frame(const u8 *dest, const char *text, size_t bytes, size_t padding = 0)
{
	mblk_t *mp = allocb(128, BPRI_MED);
	if (!mp)
		return nullptr;
	__builtin_memset(mp->b_wptr, 0, 128);
	__builtin_memcpy(mp->b_wptr, dest, mac_size);
	__builtin_memcpy(mp->b_wptr + mac_size, from_peer, mac_size);
	dlpi::store_be16(mp->b_wptr + 2 * mac_size, static_cast<u32>(bytes));
	__builtin_memcpy(mp->b_wptr + dlpi::header_size, text, bytes);
	mp->b_wptr += dlpi::header_size + bytes + padding;
	return mp;
}

// "indicated abc", "raw 17", "-" for nothing: what a stream reads next.
Text read_next(DlpiStream &s)
{
	const Got got = s.next();
	Text text;

	if (!got) {
		text.add('-');
		return text;
	}
	if (got.is(DL_UNITDATA_IND)) {
		text.add(got.dl.unitdata_ind.dl_group_address ? 'g' : 'u');
		text.add(' ');
		for (size_t i = 0; i < got.data && i < sizeof(got.rest); i++)
			text.add(static_cast<char>(got.rest[i]));
		return text;
	}
	text.add(got.type == M_DATA ? 'r' : '?');
	return text;
}

bool reads_nothing(DlpiStream &s)
{
	return read_next(s).chars[0] == '-';
}

int promiscuous(DlpiStream &s, u32 level, bool on = true)
{
	return s.ask(
		dl_promiscon_req_t{ on ? u32(DL_PROMISCON_REQ) : u32(DL_PROMISCOFF_REQ), level });
}

int group(DlpiStream &s, const u8 *address, bool on = true)
{
	struct {
		dl_enabmulti_req_t req;
		u8 address[mac_size];
	} request = { { on ? u32(DL_ENABMULTI_REQ) : u32(DL_DISABMULTI_REQ), mac_size,
			sizeof(dl_enabmulti_req_t) },
		      {} };
	__builtin_memcpy(request.address, address, mac_size);
	return s.ask(&request, sizeof(request.req) + mac_size, DL_OK_ACK);
}

// As DLIOCRAW does it, without a process.
void make_raw(DlpiStream &s)
{
	const_cast<dlpi::Stream &>(s.core()).raw = true;
}

// Streams that are attached, and bound if there is a SAP.
struct Bound : DlpiStream {
	explicit Bound(Nic &nic, int sap = -1) : DlpiStream(nic, true)
	{
		good = open_error() == 0 && (sap < 0 || bind(static_cast<u32>(sap)) == 0);
	}
	bool good;
};

// ------------------------------------------------------------------- by SAP

void a_frame_goes_to_who_is_bound_to_its_type(kunit *test)
{
	Nic nic;
	Bound ip(nic, 0x800), ip_too(nic, 0x800), arp(nic, 0x806), unbound(nic);
	if (!EXPECT(test, nic && ip.good && ip_too.good && arp.good && unbound.good))
		return;
	nic.receive(frame(played_address, 0x800, "one"));
	nic.receive(frame(played_address, 0x806, "two"));
	nic.receive(frame(played_address, 0x807, "three"));
	EXPECT_TEXT(test, read_next(ip), "u one");
	EXPECT_TEXT(test, read_next(ip_too), "u one");
	EXPECT_TEXT(test, read_next(arp), "u two");
	for (Bound *s : List{ &ip, &ip_too, &arp, &unbound })
		EXPECT(test, reads_nothing(*s));
	EXPECT_EQ(test, ip.core().device->unknown, 1);
	EXPECT_EQ(test, ip.unbind(), 0);
	nic.receive(frame(played_address, 0x800, "four"));
	EXPECT(test, !ip.next().is(DL_UNITDATA_IND));
	EXPECT_TEXT(test, read_next(ip_too), "u four");
}

void an_indication_has_both_dlsaps(kunit *test)
{
	Nic nic;
	Bound s(nic, 0x88b5);
	if (!EXPECT(test, nic && s.good))
		return;
	nic.receive(frame(to_all, 0x88b5, "x"));
	const Got got = s.next();
	if (!EXPECT(test, got.is(DL_UNITDATA_IND)))
		return;
	const dl_unitdata_ind_t &ind = got.dl.unitdata_ind;
	const u16 sap = 0x88b5;
	EXPECT_EQ(test, got.type, M_PROTO);
	EXPECT_EQ(test, got.control, 40);
	EXPECT_EQ(test, ind.dl_dest_addr_length, 8);
	EXPECT_EQ(test, ind.dl_src_addr_length, 8);
	EXPECT_EQ(test, ind.dl_dest_addr_offset, 24);
	EXPECT_EQ(test, ind.dl_src_addr_offset, 32);
	EXPECT(test, ind.dl_group_address != 0);
	EXPECT_EQ(test, __builtin_memcmp(got.bytes + 24, to_all, mac_size), 0);
	EXPECT_EQ(test, __builtin_memcmp(got.bytes + 30, &sap, 2), 0);
	EXPECT_EQ(test, __builtin_memcmp(got.bytes + 32, from_peer, mac_size), 0);
	EXPECT_EQ(test, __builtin_memcmp(got.bytes + 38, &sap, 2), 0);
}

void a_thousand_streams_make_no_chain_longer(kunit *test)
{
	constexpr u32 many = 1000;
	Nic nic;
	if (!EXPECT(test, bool(nic)))
		return;
	auto **streams = static_cast<Bound **>(kmem_zalloc(many * sizeof(Bound *), KM_SLEEP));
	u32 made = 0;
	for (; made < many; made++) {
		streams[made] = new (kmem_alloc(sizeof(Bound), KM_SLEEP))
			Bound(nic, int(0x600 + made));
		if (!streams[made]->good)
			break;
	}
	EXPECT_EQ(test, made, many);
	u32 longest = 0;
	const dlpi::Device &d = *streams[0]->core().device;
	for (const dlpi::Binding *chain : d.table) {
		u32 length = 0;
		for (; chain; chain = chain->next)
			length++;
		longest = max(longest, length);
	}
	EXPECT(test, longest <= 2);
	EXPECT_EQ(test, d.wide.first, nullptr);
	nic.receive(frame(played_address, 0x600 + 777, "x"));
	EXPECT_TEXT(test, read_next(*streams[777]), "u x");
	for (u32 i = 0; i < many; i++) {
		if (!streams[i])
			continue;
		streams[i]->~Bound();
		kmem_free(streams[i], sizeof(Bound));
	}
	kmem_free(streams, many * sizeof(Bound *));
}

// A data block has at most 255 references.
void a_frame_for_three_hundred_streams_reaches_them_all(kunit *test)
{
	constexpr int many = 300;
	Nic nic;
	if (!EXPECT(test, bool(nic)))
		return;
	auto **streams = static_cast<Bound **>(kmem_zalloc(many * sizeof(Bound *), KM_SLEEP));
	for (int i = 0; i < many; i++)
		streams[i] = new (kmem_alloc(sizeof(Bound), KM_SLEEP)) Bound(nic, 0x800);
	nic.receive(frame(to_all, 0x800, "all"));
	int got = 0;
	for (int i = 0; i < many; i++)
		got += __builtin_strcmp(read_next(*streams[i]), "g all") == 0;
	EXPECT_EQ(test, got, many);
	for (int i = 0; i < many; i++) {
		streams[i]->~Bound();
		kmem_free(streams[i], sizeof(Bound));
	}
	kmem_free(streams, many * sizeof(Bound *));
}

void a_peer_sap_is_one_more(kunit *test)
{
	Nic nic;
	Bound s(nic, 0x800);
	struct {
		dl_subs_bind_req_t req;
		u16 sap;
	} more = { { DL_SUBS_BIND_REQ, sizeof(dl_subs_bind_req_t), 2, DL_PEER_BIND }, 0x806 };
	constexpr size_t size = sizeof(dl_subs_bind_req_t) + 2;
	if (!EXPECT(test, nic && s.good))
		return;
	EXPECT_EQ(test, s.ask(&more, size, DL_SUBS_BIND_ACK), 0);
	EXPECT_EQ(test, s.ask(&more, size, DL_SUBS_BIND_ACK), refused_with(DL_BOUND));
	nic.receive(frame(played_address, 0x800, "ip"));
	nic.receive(frame(played_address, 0x806, "arp"));
	EXPECT_TEXT(test, read_next(s), "u ip");
	EXPECT_TEXT(test, read_next(s), "u arp");
	for (u16 i = 1; i < dlpi::most_peers; i++) {
		more.sap = static_cast<u16>(0x900 + i);
		EXPECT_EQ(test, s.ask(&more, size, DL_SUBS_BIND_ACK), 0);
	}
	more.sap = 0x700;
	EXPECT_EQ(test, s.ask(&more, size, DL_SUBS_BIND_ACK), refused_with(DL_TOOMANY));
	struct {
		dl_subs_unbind_req_t req;
		u16 sap;
	} less = { { DL_SUBS_UNBIND_REQ, sizeof(dl_subs_unbind_req_t), 2 }, 0x806 };
	EXPECT_EQ(test, s.ask(&less, sizeof(less.req) + 2, DL_OK_ACK), 0);
	EXPECT_EQ(test, s.ask(&less, sizeof(less.req) + 2, DL_OK_ACK), refused_with(DL_BADSAP));
	nic.receive(frame(played_address, 0x806, "arp"));
	EXPECT(test, reads_nothing(s));
}

// ----------------------------------------------------------------- by address

void group_addresses_are_for_who_has_asked(kunit *test)
{
	Nic nic;
	Bound a(nic, 0x800), b(nic, 0x800);
	if (!EXPECT(test, nic && a.good && b.good))
		return;
	EXPECT_EQ(test, group(a, to_group), 0);
	EXPECT_EQ(test, group(b, to_group), 0);
	EXPECT_EQ(test, group(b, to_group), 0);
	EXPECT_EQ(test, nic.groups, 1);
	EXPECT_EQ(test, group(a, to_group, false), 0);
	EXPECT_EQ(test, group(a, to_group, false), refused_with(DL_NOTENAB));
	EXPECT_EQ(test, nic.groups, 1);
	nic.receive(frame(to_group, 0x800, "one"));
	nic.receive(frame(to_other_group, 0x800, "two"));
	EXPECT(test, reads_nothing(a));
	EXPECT_TEXT(test, read_next(b), "g one");
	EXPECT(test, reads_nothing(b));
	EXPECT_EQ(test, group(b, played_address), refused_with(DL_BADADDR));
	nic.error.multicst = EIO;
	EXPECT_EQ(test, group(a, to_other_group), refused_by_system(EIO));
	nic.error.multicst = 0;
	EXPECT_EQ(test, group(a, to_other_group, false), refused_with(DL_NOTENAB));
	EXPECT_EQ(test, b.unbind(), 0);
	(void)b.next(); // M_FLUSH does not stay, but be sure
}

void a_stream_has_so_many_groups_and_no_more(kunit *test)
{
	Nic nic;
	Bound s(nic);
	u8 address[mac_size] = { 1, 2, 3, 4, 5, 0 };
	if (!EXPECT(test, nic && s.good))
		return;
	for (u32 i = 0; i < dlpi::most_groups; i++) {
		address[5] = static_cast<u8>(i);
		EXPECT_EQ(test, group(s, address), 0);
	}
	address[5] = 0xff;
	EXPECT_EQ(test, group(s, address), refused_with(DL_TOOMANY));
	EXPECT_EQ(test, nic.groups, int(dlpi::most_groups));
}

// Frames that the device lets through, whether or not they are for us.
void promiscuous_modes_widen_what_is_heard(kunit *test)
{
	constexpr struct {
		int sap; // -1: not bound
		u8 levels;
		const char *hears;
	} rows[] = {
		// a: ours, b: to all, c: to a group, d: to somebody; A to D of another SAP;
		// e: ours, 802.3
		{ 0x800, 0, "ab" },
		{ 0x800, dlpi::promisc_multi, "abc" },
		{ 0x800, dlpi::promisc_phys, "abcd" },
		{ 0x800, dlpi::promisc_sap, "abABe" },
		{ 0x800, dlpi::promisc_sap | dlpi::promisc_multi, "abcABCe" },
		{ 0x800, dlpi::promisc_sap | dlpi::promisc_phys, "abcdABCDe" },
		{ -1, 0, "" },
		{ -1, dlpi::promisc_multi, "" },
		{ -1, dlpi::promisc_phys, "abcdABCDe" },
		{ -1, dlpi::promisc_sap, "abABe" },
		{ 0, 0, "e" },
		{ 0, dlpi::promisc_sap, "abABe" },
		{ 0, dlpi::promisc_phys, "e" },
		{ 4, 0, "e" },
		{ 5, 0, "" },
	};

	for (const auto &row : rows) {
		Nic nic;
		Bound s(nic, row.sap);
		if (!EXPECT(test, nic && s.good))
			return;
		for (u32 level : List{ 1u, 2u, 3u }) {
			if (row.levels & dlpi::level_bit(level))
				EXPECT_EQ(test, promiscuous(s, level), 0);
		}
		constexpr const u8 *dests[] = { played_address, to_all, to_group, to_somebody };
		for (u32 type : List{ 0x800u, 0x801u }) {
			char name[] = "a";
			for (const u8 *dest : dests) {
				char text[] = {
					static_cast<char>(name[0] - (type == 0x801 ? 32 : 0)), 0
				};
				nic.receive(frame(dest, type, text));
				name[0]++;
			}
		}
		nic.receive(llc_frame(played_address,
				      "\x04\x08\x03"
				      "e",
				      4));
		Text heard;
		while (const Got got = s.next())
			heard.add(got.data ? static_cast<char>(got.rest[got.data - 1]) : '?');
		EXPECT_TEXT(test, heard, row.hears);
		EXPECT_EQ(test, nic.promiscuous,
			  !!(row.levels & (dlpi::promisc_phys | dlpi::promisc_multi)));
	}
}

void the_device_hears_everything_as_long_as_somebody_wants_that(kunit *test)
{
	Nic nic;
	Bound a(nic), b(nic);
	if (!EXPECT(test, nic && a.good && b.good))
		return;
	EXPECT_EQ(test, promiscuous(a, DL_PROMISC_SAP), 0);
	EXPECT(test, !nic.promiscuous);
	EXPECT_EQ(test, promiscuous(a, DL_PROMISC_PHYS), 0);
	EXPECT_EQ(test, promiscuous(b, DL_PROMISC_MULTI), 0);
	EXPECT(test, nic.promiscuous);
	EXPECT_EQ(test, promiscuous(a, DL_PROMISC_PHYS, false), 0);
	EXPECT(test, nic.promiscuous);
	EXPECT_EQ(test, promiscuous(b, DL_PROMISC_MULTI, false), 0);
	EXPECT(test, !nic.promiscuous);
	EXPECT_EQ(test, promiscuous(b, DL_PROMISC_MULTI, false), refused_with(DL_NOTENAB));
	EXPECT_EQ(test, promiscuous(b, 4), refused_with(DL_UNSUPPORTED));
	nic.error.setpromisc = EIO;
	EXPECT_EQ(test, promiscuous(b, DL_PROMISC_PHYS), refused_by_system(EIO));
	EXPECT_EQ(test, b.core().promiscuous, 0);
	nic.error.setpromisc = 0;
}

// ------------------------------------------------------------------- in which form

void a_raw_stream_has_the_frame_itself(kunit *test)
{
	Nic nic;
	Bound raw(nic, 0x800);
	if (!EXPECT(test, nic && raw.good))
		return;
	make_raw(raw);
	mblk_t *mp = frame(played_address, 0x800, "itself");
	const unsigned char *where = mp->b_rptr;
	nic.receive(mp);
	const mblk_t *got = getq(raw.head().rd());
	if (EXPECT(test, got != nullptr)) {
		EXPECT_EQ(test, got->b_rptr, where); // no copy, no other block
		EXPECT_EQ(test, DB_TYPE(got), M_DATA);
		EXPECT_EQ(test, msgdsize(got), 20);
		freemsg(const_cast<mblk_t *>(got));
	}
}

// Each gets its own form of it, though they share the bytes.
void raw_and_cooked_streams_share_a_frame(kunit *test)
{
	Nic nic;
	Bound cooked(nic, 0x800), raw(nic, 0x800), cooked_too(nic, 0x800);
	if (!EXPECT(test, nic && cooked.good && raw.good && cooked_too.good))
		return;
	make_raw(raw);
	nic.receive(frame(played_address, 0x800, "shared"));
	EXPECT_TEXT(test, read_next(cooked), "u shared");
	EXPECT_TEXT(test, read_next(cooked_too), "u shared");
	const Got got = raw.next();
	EXPECT_EQ(test, got.data, 20);
	EXPECT_EQ(test, __builtin_memcmp(got.rest, played_address, mac_size), 0);
}

void a_header_may_lie_in_several_blocks(kunit *test)
{
	Nic nic;
	Bound s(nic, 0x800);
	if (!EXPECT(test, nic && s.good))
		return;
	for (size_t split : List{ 1, 6, 13, 14, 15 }) {
		nic.receive(frame(played_address, 0x800, "pieces", split));
		EXPECT_TEXT(test, read_next(s), "u pieces");
	}
}

void a_frame_without_a_header_is_no_frame(kunit *test)
{
	Nic nic;
	Bound s(nic);
	if (!EXPECT(test, nic && s.good && promiscuous(s, DL_PROMISC_PHYS) == 0))
		return;
	mblk_t *mp = frame(played_address, 0x800, "");
	mp->b_wptr--;
	nic.receive(mp);
	nic.receive(allocb(0, BPRI_MED));
	EXPECT(test, reads_nothing(s));
	EXPECT_EQ(test, s.core().device->short_frames, 2);
	nic.receive(frame(played_address, 0x800, "")); // and one with nothing else is
	EXPECT_TEXT(test, read_next(s), "u ");
}

// ---------------------------------------------------------------------- 802.3

void llc_frames_go_by_their_dsap_and_without_padding(kunit *test)
{
	Nic nic;
	Bound four(nic, 4), zero(nic, 0), six(nic, 6);
	if (!EXPECT(test, nic && four.good && zero.good && six.good))
		return;
	nic.receive(llc_frame(played_address, "\x04\x08\x03xyz", 6, 40));
	const Got got = four.next();
	EXPECT(test, got.is(DL_UNITDATA_IND));
	EXPECT_EQ(test, got.data, 3);
	EXPECT_EQ(test, __builtin_memcmp(got.rest, "xyz", 3), 0);
	u16 dsap, ssap;
	__builtin_memcpy(&dsap, got.bytes + 30, 2);
	__builtin_memcpy(&ssap, got.bytes + 38, 2);
	EXPECT_EQ(test, dsap, 4);
	EXPECT_EQ(test, ssap, 8);
	EXPECT_TEXT(test, read_next(zero), "u \x04\x08\x03xyz");
	EXPECT(test, reads_nothing(six));
	// Of LLC with connections nothing is for a connectionless SAP.
	nic.receive(llc_frame(played_address, "\x04\x08\x7f", 3, 40));
	EXPECT(test, reads_nothing(four));
	EXPECT_TEXT(test, read_next(zero), "u \x04\x08\x7f");
	// Too short for LLC: nobody's but his who wants everything.
	nic.receive(llc_frame(played_address, "\x04\x08", 2));
	EXPECT(test, reads_nothing(four));
	EXPECT_TEXT(test, read_next(zero), "u \x04\x08");
}

int bind_auto(DlpiStream &s, u32 sap, u32 flags)
{
	return s.ask(dl_bind_req_t{ DL_BIND_REQ, sap, 0, DL_CLDLS, 0, flags }, DL_BIND_ACK);
}

void test_and_xid_are_answered_by_the_provider_if_it_is_told_to(kunit *test)
{
	Nic nic;
	Bound s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	EXPECT_EQ(test, bind_auto(s, 0x800, DL_AUTO_XID), refused_with(DL_NOXIDAUTO));
	EXPECT_EQ(test, bind_auto(s, 0x800, DL_AUTO_TEST), refused_with(DL_NOTESTAUTO));
	EXPECT_EQ(test, bind_auto(s, 0, 3), refused_with(DL_NOAUTO));
	EXPECT_EQ(test, bind_auto(s, 4, DL_AUTO_XID | DL_AUTO_TEST), 0);

	nic.receive(llc_frame(played_address, "\x04\x08\xf3ping", 7, 40));
	mblk_t *mp = nic.sent.take();
	if (EXPECT(test, mp != nullptr) && pullupmsg(mp, -1)) {
		EXPECT_EQ(test, MBLKL(mp), 14 + 7);
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr, from_peer, mac_size), 0);
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr + 6, played_address, mac_size), 0);
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr + 12, "\0\7\x08\x05\xf3ping", 9), 0);
	}
	freemsg(mp);
	nic.receive(llc_frame(played_address, "\x04\x08\xbf\x81\1\0", 6));
	mp = nic.sent.take();
	if (EXPECT(test, mp != nullptr) && pullupmsg(mp, -1))
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr + 12, "\0\6\x08\x05\xbf\x81\1\0", 8),
			  0);
	freemsg(mp);
	// The null SAP has an LLC header, too.
	nic.receive(llc_frame(played_address, "\x04\0\xf3?", 4, 40));
	mp = nic.sent.take();
	if (EXPECT(test, mp != nullptr) && pullupmsg(mp, -1))
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr + 12, "\0\4\0\x05\xf3?", 6), 0);
	freemsg(mp);
	// Nobody but the one who asked is answered.
	mp = llc_frame(played_address, "\x04\x08\xf3?", 4, 40);
	mp->b_rptr[mac_size] |= 1;
	nic.receive(mp);
	// An answer is not answered.
	nic.receive(llc_frame(played_address, "\x04\x09\xf3ping", 7));
	EXPECT_EQ(test, nic.sent.count(), 0);
	EXPECT(test, reads_nothing(s));
	struct {
		dl_test_req_t req;
		u8 dlsap[8];
	} request = { { DL_TEST_REQ, 0, 8, sizeof(dl_test_req_t) }, { 2, 0, 0, 0, 0, 7, 8, 0 } };
	EXPECT_EQ(test, s.ask(request), refused_with(DL_TESTAUTO));
}

// Of a command one answer goes out, or none.
int answers_to(Nic &nic, const u8 *dest, const char *command)
{
	nic.receive(llc_frame(dest, command, 4, 40));
	const int answers = nic.sent.count();
	nic.sent.clear();
	return answers;
}

constexpr const char *test_command = "\x04\x08\xf3?";
constexpr const char *xid_command = "\x04\x08\xbf?";

// Who listens to everything answers for nobody else.
void a_command_for_others_is_not_answered(kunit *test)
{
	Nic nic;
	Bound s(nic);
	if (!EXPECT(test, nic && s.good))
		return;
	EXPECT_EQ(test, bind_auto(s, 4, DL_AUTO_XID | DL_AUTO_TEST), 0);
	for (u32 level : List{ DL_PROMISC_MULTI, DL_PROMISC_PHYS, DL_PROMISC_SAP }) {
		EXPECT_EQ(test, promiscuous(s, level), 0);
		for (const char *command : List{ test_command, xid_command }) {
			EXPECT_EQ(test, answers_to(nic, played_address, command), 1);
			EXPECT_EQ(test, answers_to(nic, to_all, command), 1);
			EXPECT_EQ(test, answers_to(nic, to_somebody, command), 0);
			EXPECT_EQ(test, answers_to(nic, to_group, command), 0);
		}
	}
	EXPECT(test, reads_nothing(s));
	EXPECT_EQ(test, group(s, to_group), 0);
	EXPECT_EQ(test, answers_to(nic, to_group, test_command), 1);
	EXPECT_EQ(test, answers_to(nic, to_other_group, test_command), 0);
}

// And each user who answers himself is asked.
void of_several_with_that_sap_one_answers(kunit *test)
{
	Nic nic;
	Bound both(nic), both_too(nic), xid(nic), user(nic, 4);
	if (!EXPECT(test, nic && both.good && both_too.good && xid.good && user.good))
		return;
	EXPECT_EQ(test, bind_auto(xid, 4, DL_AUTO_XID), 0);
	EXPECT_EQ(test, bind_auto(both, 4, DL_AUTO_XID | DL_AUTO_TEST), 0);
	EXPECT_EQ(test, bind_auto(both_too, 4, DL_AUTO_XID | DL_AUTO_TEST), 0);
	for (int left = 2; left >= 0; left--) {
		EXPECT_EQ(test, answers_to(nic, played_address, test_command), left > 0);
		EXPECT(test, xid.next().is(DL_TEST_IND));
		EXPECT(test, user.next().is(DL_TEST_IND));
		EXPECT_EQ(test, answers_to(nic, played_address, xid_command), 1);
		EXPECT(test, user.next().is(DL_XID_IND));
		for (Bound *s : List{ &both, &both_too, &xid, &user })
			EXPECT(test, reads_nothing(*s));
		if (left)
			EXPECT_EQ(test, (left == 2 ? both : both_too).unbind(), 0);
	}
}

void test_and_xid_are_the_users_otherwise(kunit *test)
{
	constexpr struct {
		u32 primitive;
		const char *frame;
		u32 flag;
	} rows[] = {
		{ DL_TEST_IND, "\x04\x08\xe3?", 0 },
		{ DL_TEST_IND, "\x04\x08\xf3?", DL_POLL_FINAL },
		{ DL_TEST_CON, "\x04\x09\xf3?", DL_POLL_FINAL },
		{ DL_XID_IND, "\x04\x08\xaf?", 0 },
		{ DL_XID_CON, "\x04\x09\xbf?", DL_POLL_FINAL },
	};
	Nic nic;
	Bound s(nic, 4);
	if (!EXPECT(test, nic && s.good))
		return;
	for (const auto &row : rows) {
		nic.receive(llc_frame(played_address, row.frame, 4, 40));
		const Got got = s.next();
		EXPECT(test, got.is(row.primitive));
		EXPECT_EQ(test, got.dl.test_ind.dl_flag, row.flag);
		EXPECT_EQ(test, got.dl.test_ind.dl_src_addr_offset, 32);
		EXPECT_EQ(test, got.bytes[38], 8);
		EXPECT_EQ(test, got.data, 1);
	}
	struct {
		dl_test_req_t req;
		u8 dlsap[8];
	} request = { { DL_TEST_RES, DL_POLL_FINAL, 8, sizeof(dl_test_req_t) },
		      { 2, 0, 0, 0, 0, 7, 8, 0 } };
	EXPECT_EQ(test, s.ask(request), no_answer);
	mblk_t *mp = nic.sent.take();
	if (EXPECT(test, mp != nullptr))
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr + 12, "\0\3\x08\x05\xf3", 5), 0);
	freemsg(mp);
}

void a_command_without_memory_to_indicate_it_is_freed(kunit *test)
{
	Nic nic;
	Bound s(nic, 4);
	if (!EXPECT(test, nic && s.good))
		return;
	const int live = strm_test_live();
	u32 lost = 0;
	for (int nth = 1; nth < 4; nth++) {
		mblk_t *mp = llc_frame(played_address, xid_command, 4, 40);
		if (!EXPECT(test, mp != nullptr))
			return;
		strm_test_magazine_no_refill(1);
		strm_test_fail_allocation(nth);
		nic.receive(mp);
		strm_test_fail_allocation(0);
		strm_test_magazine_no_refill(0);
		const Got got = s.next();
		lost += !got;
		EXPECT(test, !got || got.is(DL_XID_IND));
		EXPECT_EQ(test, s.core().dropped.relaxed(), lost);
		EXPECT_EQ(test, strm_test_live(), live);
	}
	EXPECT(test, lost >= 1);
}

// ----------------------------------------------------------------- what is sent

mblk_t *unitdata(const u8 *dest, u16 sap, mblk_t *data, size_t address_length = 8)
{
	mblk_t *mp = allocb(64, BPRI_MED);
	if (!mp)
		return nullptr;
	const dl_unitdata_req_t req{
		DL_UNITDATA_REQ, static_cast<u32>(address_length), sizeof(req), {}
	};
	__builtin_memcpy(mp->b_wptr, &req, sizeof(req));
	__builtin_memcpy(mp->b_wptr + sizeof(req), dest, mac_size);
	__builtin_memcpy(mp->b_wptr + sizeof(req) + mac_size, &sap, 2);
	mp->b_wptr += sizeof(req) + 8;
	mp->b_datap->db_type = M_PROTO;
	mp->b_cont = data;
	return mp;
}

mblk_t *filled(size_t bytes, size_t headroom = 0)
{
	mblk_t *mp = allocb(bytes + headroom, BPRI_MED);
	if (mp) {
		__builtin_memset(mp->b_rptr, 'f', headroom + bytes);
		mp->b_rptr += headroom;
		mp->b_wptr = mp->b_rptr + bytes;
	}
	return mp;
}

void unit_data_gets_its_header_without_a_copy(kunit *test)
{
	Nic nic;
	Bound s(nic, 0x800), llc(nic, 4);
	if (!EXPECT(test, nic && s.good && llc.good))
		return;
	for (size_t headroom : List{ 0, 13, 14, 32 }) {
		mblk_t *data = filled(100, headroom);
		const unsigned char *where = data->b_rptr;
		s.send(unitdata(from_peer, 0x801, data));
		mblk_t *mp = nic.sent.take();
		if (!EXPECT(test, mp != nullptr))
			return;
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr, from_peer, mac_size), 0);
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr + 6, played_address, mac_size), 0);
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr + 12, "\x08\x01", 2), 0);
		EXPECT_EQ(test, DB_TYPE(mp), M_DATA);
		EXPECT_EQ(test, msgdsize(mp), 114);
		EXPECT_EQ(test, headroom >= 14 ? mp->b_rptr + 14 : mp->b_cont->b_rptr, where);
		freemsg(mp);
	}
	llc.send(unitdata(from_peer, 8, filled(10)));
	mblk_t *mp = nic.sent.take();
	if (EXPECT(test, mp != nullptr))
		EXPECT_EQ(test, __builtin_memcmp(mp->b_rptr + 12, "\0\15\x08\x04\x03", 5), 0);
	freemsg(mp);
	EXPECT_EQ(test, s.core().sent, 4);
}

// What goes out after the addresses, at the beginning, as it should be.
bool sends(Nic &nic, const char *expected, size_t bytes, size_t whole)
{
	mblk_t *mp = nic.sent.take();
	const bool good = mp && msgdsize(mp) == whole && pullupmsg(mp, -1) &&
			  __builtin_memcmp(mp->b_rptr + 2 * mac_size, expected, bytes) == 0;

	freemsg(mp);
	return good;
}

// As a routing daemon for IS-IS does it: an LLC header of its own, and the length as SAP.
void bound_to_0_the_sap_may_be_the_length(kunit *test)
{
	Nic nic;
	Bound zero(nic, 0), lsap(nic, 4), unbound(nic);
	if (!EXPECT(test, nic && zero.good && lsap.good && unbound.good))
		return;
	for (u16 length : List{ 1400, 1500, 256, 40, 3, 0 }) {
		const size_t bytes = length ? length : 40;
		const char header[] = { char(bytes >> 8), char(bytes), '\xfe', '\xfe', '\3' };
		mblk_t *data = filled(bytes);
		__builtin_memcpy(data->b_rptr, header + 2, 3);
		zero.send(unitdata(from_peer, length, data));
		EXPECT(test, sends(nic, header, sizeof(header), 14 + bytes));
		EXPECT(test, reads_nothing(zero));
	}
	zero.send(unitdata(from_peer, 0x800, filled(40)));
	EXPECT(test, sends(nic, "\x08\0f", 3, 54));
	// Its header is the provider's, and no length is a SAP.
	lsap.send(unitdata(from_peer, 40, filled(40)));
	EXPECT(test, sends(nic, "\0\53\x28\x04\x03", 5, 57));
	lsap.send(unitdata(from_peer, 1400, filled(1400)));
	EXPECT_EQ(test, lsap.next().dl.uderror_ind.dl_errno, DL_BADADDR);
	unbound.send(unitdata(from_peer, 40, filled(40)));
	EXPECT_EQ(test, unbound.next().dl.uderror_ind.dl_errno, DL_OUTSTATE);
	EXPECT_EQ(test, nic.sent.count(), 0);
}

// Shared bytes are not written to.
void a_shared_request_is_left_as_it_is(kunit *test)
{
	Nic nic;
	Bound s(nic, 0x800);
	if (!EXPECT(test, nic && s.good))
		return;
	mblk_t *mp = unitdata(from_peer, 0x800, filled(10, 32));
	mblk_t *other = dupmsg(mp);
	if (!EXPECT(test, other != nullptr))
		return;
	u8 before[28];
	__builtin_memcpy(before, other->b_rptr, sizeof(before));
	s.send(mp);
	EXPECT_EQ(test, nic.sent.count(), 1);
	EXPECT_EQ(test, __builtin_memcmp(before, other->b_rptr, sizeof(before)), 0);
	EXPECT_EQ(test, DB_TYPE(other), M_PROTO);
	EXPECT_EQ(test, *(other->b_cont->b_rptr - 1), 'f');
	mp = unitdata(from_peer, 300, filled(10)); // one that is refused
	freemsg(other);
	other = dupmsg(mp);
	s.send(mp);
	EXPECT(test, s.next().is(DL_UDERROR_IND));
	EXPECT_EQ(test, DB_TYPE(other), M_PROTO);
	EXPECT_EQ(test, *reinterpret_cast<u32 *>(other->b_rptr), DL_UNITDATA_REQ);
	freemsg(other);
}

void unit_data_that_cannot_be_sent_comes_back_as_an_error(kunit *test)
{
	Nic nic;
	Bound s(nic, 0x800), unbound(nic);
	const struct {
		DlpiStream &stream;
		u16 sap;
		size_t length, bytes;
		u32 error;
	} rows[] = {
		{ s, 0x800, 8, 1505, DL_BADDATA },	{ s, 0x800, 6, 10, DL_BADADDR },
		{ s, 0x800, 9, 10, DL_BADADDR },	{ s, 0x800, ~0u, 10, DL_BADADDR },
		{ s, 1500, 8, 10, DL_BADADDR },		{ s, 4, 8, 10, DL_BADADDR },
		{ unbound, 0x800, 8, 10, DL_OUTSTATE },
	};
	if (!EXPECT(test, nic && s.good && unbound.good))
		return;
	for (const auto &row : rows) {
		row.stream.send(unitdata(from_peer, row.sap, filled(row.bytes), row.length));
		const Got got = row.stream.next();
		EXPECT(test, got.is(DL_UDERROR_IND));
		EXPECT_EQ(test, got.type, M_PROTO);
		EXPECT_EQ(test, got.data, 0);
		EXPECT_EQ(test, got.dl.uderror_ind.dl_errno, row.error);
		if (row.length == 8) {
			EXPECT_EQ(test, got.dl.uderror_ind.dl_dest_addr_length, 8);
			EXPECT_EQ(
				test,
				__builtin_memcmp(got.bytes + got.dl.uderror_ind.dl_dest_addr_offset,
						 from_peer, mac_size),
				0);
		}
	}
	EXPECT_EQ(test, nic.sent.count(), 0);
	s.send(unitdata(from_peer, 0x800, filled(1500)));
	s.send(unitdata(from_peer, 0x800, nullptr));
	EXPECT_EQ(test, nic.sent.count(), 2);
}

// Data behind a VLAN tag is as much as data without; what 802.3 has a length for is not.
void unit_data_may_be_longer_by_the_margin(kunit *test)
{
	Nic nic;
	for (u32 margin : List{ 4u, 0u }) {
		nic.unplug();
		if (!EXPECT_EQ(test, nic.plug(margin), 0))
			return;
		Bound type(nic, 0x8100), llc(nic, 4), zero(nic, 0);
		const struct {
			Bound &stream;
			u16 sap;
			size_t most, whole;
		} rows[] = {
			{ type, 0x8100, 1500 + margin, 1514 + margin },
			{ llc, 4, 1497, 1514 },
			{ zero, 0, 1500, 1514 },
		};
		for (const auto &row : rows) {
			if (!EXPECT(test, row.stream.good))
				return;
			row.stream.send(unitdata(from_peer, row.sap, filled(row.most + 1)));
			EXPECT_EQ(test, row.stream.next().dl.uderror_ind.dl_errno, DL_BADDATA);
			EXPECT_EQ(test, nic.sent.count(), 0);
			row.stream.send(unitdata(from_peer, row.sap, filled(row.most)));
			mblk_t *mp = nic.sent.take();
			EXPECT_EQ(test, mp ? msgdsize(mp) : 0, row.whole);
			freemsg(mp);
		}
	}
}

// A driver relies on it.
void only_data_blocks_are_sent(kunit *test)
{
	Nic nic;
	Bound raw(nic), cooked(nic, 0x800);
	if (!EXPECT(test, nic && raw.good && cooked.good))
		return;
	make_raw(raw);
	mblk_t *mp = filled(60);
	mp->b_cont = filled(60);
	mp->b_cont->b_datap->db_type = M_PROTO;
	raw.send(mp);
	mp = filled(60);
	mp->b_cont = filled(60);
	mp->b_cont->b_wptr = mp->b_cont->b_rptr - 1;
	raw.send(mp);
	mp = filled(60);
	mp->b_datap->db_type = M_PROTO;
	cooked.send(unitdata(from_peer, 0x800, mp));
	EXPECT_EQ(test, cooked.next().dl.uderror_ind.dl_errno, DL_BADDATA);
	EXPECT_EQ(test, nic.sent.count(), 0);
}

void data_is_frames_for_a_raw_stream_only(kunit *test)
{
	Nic nic;
	Bound raw(nic), cooked(nic, 0x800);
	if (!EXPECT(test, nic && raw.good && cooked.good))
		return;
	make_raw(raw);
	for (size_t bytes : List{ 14, 60, 1514, 1518 })
		raw.send(filled(bytes));
	EXPECT_EQ(test, nic.sent.count(), 4);
	for (size_t bytes : List{ 0, 13, 1519, 9000 })
		raw.send(filled(bytes));
	cooked.send(filled(60));
	EXPECT_EQ(test, nic.sent.count(), 4);
	EXPECT_EQ(test, raw.core().device->refused.relaxed(), 5);
	EXPECT(test, reads_nothing(raw) && reads_nothing(cooked));
}

// -------------------------------------------------------------- others' frames

void what_one_stream_sends_promiscuous_others_see(kunit *test)
{
	Nic nic;
	Bound sender(nic, 0x800), plain(nic, 0x800), all(nic), multi(nic, 0x800), other(nic, 0x806);
	if (!EXPECT(test, nic && sender.good && plain.good && all.good && multi.good && other.good))
		return;
	EXPECT_EQ(test, promiscuous(sender, DL_PROMISC_PHYS), 0);
	EXPECT_EQ(test, promiscuous(all, DL_PROMISC_PHYS), 0);
	EXPECT_EQ(test, promiscuous(multi, DL_PROMISC_MULTI), 0);
	EXPECT_EQ(test, promiscuous(other, DL_PROMISC_PHYS), 0);
	sender.send(unitdata(from_peer, 0x800, filled(3)));
	sender.send(unitdata(to_group, 0x800, filled(2)));
	EXPECT_EQ(test, nic.sent.count(), 2);
	EXPECT_TEXT(test, read_next(all), "u fff");
	EXPECT_TEXT(test, read_next(all), "g ff");
	EXPECT_TEXT(test, read_next(multi), "g ff");
	for (Bound *s : List{ &sender, &plain, &multi, &other, &all })
		EXPECT(test, reads_nothing(*s));
}

// As above, and nobody has it as received.
void what_the_host_sends_promiscuous_streams_see(kunit *test)
{
	Nic nic;
	Bound plain(nic, 0x800), all(nic);
	if (!EXPECT(test, nic && plain.good && all.good))
		return;
	EXPECT_EQ(test, promiscuous(all, DL_PROMISC_PHYS), 0);
	mblk_t *mp = frame(to_all, 0x800, "mine");
	mp->b_band = MAC_BAND_SENT;
	nic.receive(mp);
	mp = getq(all.head().rd());
	if (EXPECT(test, mp != nullptr))
		EXPECT_EQ(test, mp->b_band, 0);
	freemsg(mp);
	EXPECT(test, reads_nothing(plain));
	EXPECT_EQ(test, plain.core().device->unknown, 0);
}

void the_device_shows_what_others_send_as_long_as_somebody_is_promiscuous(kunit *test)
{
	Nic nic;
	for (u32 level : List{ DL_PROMISC_SAP, DL_PROMISC_MULTI, DL_PROMISC_PHYS }) {
		Bound one(nic, 0x800), other(nic, 0x800);
		if (!EXPECT(test, nic && one.good && other.good))
			return;
		EXPECT(test, !nic.shows_sent);
		EXPECT_EQ(test, promiscuous(one, level), 0);
		EXPECT(test, nic.shows_sent);
		EXPECT_EQ(test, promiscuous(other, level), 0);
		EXPECT_EQ(test, promiscuous(one, level, false), 0);
		EXPECT(test, nic.shows_sent);
		EXPECT_EQ(test, promiscuous(other, level, false), 0);
		EXPECT(test, !nic.shows_sent);
		EXPECT_EQ(test, promiscuous(other, level), 0); // it is closed so
	}
	EXPECT(test, !nic.shows_sent);
}

// As on a loopback interface.
void what_comes_back_is_seen_once(kunit *test)
{
	Nic nic;
	nic.unplug();
	nic.echoes = B_TRUE;
	if (!EXPECT_EQ(test, nic.plug(), 0))
		return;
	Bound sender(nic, 0x800), all(nic), host(nic);
	if (!EXPECT(test, nic && sender.good && all.good && host.good))
		return;
	EXPECT_EQ(test, promiscuous(sender, DL_PROMISC_PHYS), 0);
	EXPECT_EQ(test, promiscuous(all, DL_PROMISC_PHYS), 0);
	EXPECT(test, !nic.shows_sent);
	sender.send(unitdata(played_address, 0x800, filled(3)));
	EXPECT(test, reads_nothing(sender) && reads_nothing(all));
	nic.receive(nic.sent.take());
	for (Bound *s : List{ &sender, &all }) {
		EXPECT_TEXT(test, read_next(*s), "u fff");
		EXPECT(test, reads_nothing(*s));
	}
	// And what the provider sends itself.
	EXPECT_EQ(test, bind_auto(host, 4, DL_AUTO_XID), 0);
	EXPECT_EQ(test, answers_to(nic, played_address, xid_command), 1);
	EXPECT_TEXT(test, read_next(all), "u \x04\x08\xbf?");
	EXPECT(test, reads_nothing(all));
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_dlpi_frames_cases[] = {
	CASE(a_frame_goes_to_who_is_bound_to_its_type),
	CASE(an_indication_has_both_dlsaps),
	CASE(a_thousand_streams_make_no_chain_longer),
	CASE(a_frame_for_three_hundred_streams_reaches_them_all),
	CASE(a_peer_sap_is_one_more),
	CASE(group_addresses_are_for_who_has_asked),
	CASE(a_stream_has_so_many_groups_and_no_more),
	CASE(promiscuous_modes_widen_what_is_heard),
	CASE(the_device_hears_everything_as_long_as_somebody_wants_that),
	CASE(a_raw_stream_has_the_frame_itself),
	CASE(raw_and_cooked_streams_share_a_frame),
	CASE(a_header_may_lie_in_several_blocks),
	CASE(a_frame_without_a_header_is_no_frame),
	CASE(llc_frames_go_by_their_dsap_and_without_padding),
	CASE(test_and_xid_are_answered_by_the_provider_if_it_is_told_to),
	CASE(a_command_for_others_is_not_answered),
	CASE(of_several_with_that_sap_one_answers),
	CASE(test_and_xid_are_the_users_otherwise),
	CASE(a_command_without_memory_to_indicate_it_is_freed),
	CASE(unit_data_gets_its_header_without_a_copy),
	CASE(bound_to_0_the_sap_may_be_the_length),
	CASE(a_shared_request_is_left_as_it_is),
	CASE(unit_data_that_cannot_be_sent_comes_back_as_an_error),
	CASE(unit_data_may_be_longer_by_the_margin),
	CASE(only_data_blocks_are_sent),
	CASE(data_is_frames_for_a_raw_stream_only),
	CASE(what_one_stream_sends_promiscuous_others_see),
	CASE(what_the_host_sends_promiscuous_streams_see),
	CASE(the_device_shows_what_others_send_as_long_as_somebody_is_promiscuous),
	CASE(what_comes_back_is_seen_once),
	{ nullptr, nullptr },
};
