// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests of DLPI and their answers: each primitive in each state, what is wrong with
 * requests, the two styles of nodes, who may open them.
 */
#include "dlpi_test.h"

#include <sys/dlpi_stat.h>
#include <linux/capability.h>
#include <sys/syscall.h>

enum { UNATTACHED, UNBOUND, IDLE, STATES };

static const unsigned int state_names[] = { DL_UNATTACHED, DL_UNBOUND, DL_IDLE };
static const char *const state_words[] = { "unattached", "unbound", "idle" };

/* open_in - a stream of style 2 in that state */
static int open_in(int state)
{
	switch (state) {
	case UNATTACHED:
		return open(LOOPETH, O_RDWR);
	case UNBOUND:
		return open_attached(0);
	default:
		return open_bound(0, TEST_TYPE);
	}
}

/* A request, with an address behind it that it may point to. */
struct request {
	union DL_primitives dl;
	unsigned char address[DLSAP];
};

#define BEHIND offsetof(struct request, address)
#define ALL sizeof(struct request)

/* What it is answered with in each state, and the state after that where it is another. */
struct row {
	const char	*name;
	struct request	request;
	size_t		size;
	struct {
		unsigned int primitive;
		size_t	size;
	} answer;
	int		result[STATES];
	int		becomes[STATES];	/* 1 + state; 0 is as it was */
};

#define OUT REFUSED(DL_OUTSTATE)
#define NOWHERE { OUT, OUT, OUT }
#define EVERYWHERE { 0, 0, 0 }
#define ATTACHED { OUT, 0, 0 }
#define REFUSED_IF_ATTACHED(dl_errno) { OUT, REFUSED(dl_errno), REFUSED(dl_errno) }
#define REFUSED_ALWAYS(dl_errno) { REFUSED(dl_errno), REFUSED(dl_errno), REFUSED(dl_errno) }
#define OK { DL_OK_ACK, DL_OK_ACK_SIZE }

#define GROUP { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 }
#define SINGLE { 0x02, 0x00, 0x5e, 0x01, 0x02, 0x03 }

static const struct row rows[] = {
	{ "info", { .dl.info_req = { DL_INFO_REQ } }, DL_INFO_REQ_SIZE,
	  { DL_INFO_ACK, DL_INFO_ACK_SIZE }, EVERYWHERE, {} },
	{ "attach", { .dl.attach_req = { DL_ATTACH_REQ, 0 } }, DL_ATTACH_REQ_SIZE, OK,
	  { 0, OUT, OUT }, { 1 + UNBOUND } },
	{ "attach to nothing", { .dl.attach_req = { DL_ATTACH_REQ, 99 } }, DL_ATTACH_REQ_SIZE, OK,
	  { REFUSED(DL_BADPPA), OUT, OUT }, {} },
	{ "attach beyond all", { .dl.attach_req = { DL_ATTACH_REQ, 0x80000000 } },
	  DL_ATTACH_REQ_SIZE, OK, { REFUSED(DL_BADPPA), OUT, OUT }, {} },
	{ "detach", { .dl.detach_req = { DL_DETACH_REQ } }, DL_DETACH_REQ_SIZE, OK,
	  { OUT, 0, OUT }, { [UNBOUND] = 1 + UNATTACHED } },
	{ "bind to a type",
	  { .dl.bind_req = { DL_BIND_REQ, IP, 0, DL_CLDLS, 0, 0 } }, DL_BIND_REQ_SIZE,
	  { DL_BIND_ACK, DL_BIND_ACK_SIZE + DLSAP }, { OUT, 0, OUT }, { [UNBOUND] = 1 + IDLE } },
	{ "bind to 0", { .dl.bind_req = { DL_BIND_REQ, 0, 0, DL_CLDLS, 0, 0 } }, DL_BIND_REQ_SIZE,
	  { DL_BIND_ACK, DL_BIND_ACK_SIZE + DLSAP }, { OUT, 0, OUT }, { [UNBOUND] = 1 + IDLE } },
	{ "bind to a SAP of LLC",
	  { .dl.bind_req = { DL_BIND_REQ, 4, 0, DL_CLDLS, 0, 0 } }, DL_BIND_REQ_SIZE,
	  { DL_BIND_ACK, DL_BIND_ACK_SIZE + DLSAP }, { OUT, 0, OUT }, { [UNBOUND] = 1 + IDLE } },
	{ "bind to no SAP", { .dl.bind_req = { DL_BIND_REQ, 0x10000, 0, DL_CLDLS, 0, 0 } },
	  DL_BIND_REQ_SIZE, OK, { OUT, REFUSED(DL_BADSAP), OUT }, {} },
	{ "bind between the SAPs", { .dl.bind_req = { DL_BIND_REQ, 1000, 0, DL_CLDLS, 0, 0 } },
	  DL_BIND_REQ_SIZE, OK, { OUT, REFUSED(DL_BADSAP), OUT }, {} },
	{ "bind with XID and TEST to a type",
	  { .dl.bind_req = { DL_BIND_REQ, IP, 0, DL_CLDLS, 0, DL_AUTO_XID | DL_AUTO_TEST } },
	  DL_BIND_REQ_SIZE, OK, { OUT, REFUSED(DL_NOAUTO), OUT }, {} },
	{ "bind with XID and TEST",
	  { .dl.bind_req = { DL_BIND_REQ, 4, 0, DL_CLDLS, 0, DL_AUTO_XID | DL_AUTO_TEST } },
	  DL_BIND_REQ_SIZE, { DL_BIND_ACK, DL_BIND_ACK_SIZE + DLSAP },
	  { OUT, 0, OUT }, { [UNBOUND] = 1 + IDLE } },
	{ "bind for connections",
	  { .dl.bind_req = { DL_BIND_REQ, IP, 1, DL_CODLS, 0, 0 } }, DL_BIND_REQ_SIZE, OK,
	  { OUT, REFUSED(DL_UNSUPPORTED), OUT }, {} },
	{ "unbind", { .dl.unbind_req = { DL_UNBIND_REQ } }, DL_UNBIND_REQ_SIZE, OK,
	  { OUT, OUT, 0 }, { [IDLE] = 1 + UNBOUND } },
	{ "bind to one more",
	  { .dl.subs_bind_req = { DL_SUBS_BIND_REQ, BEHIND, 2, DL_PEER_BIND }, { 6, 8 } }, ALL,
	  { DL_SUBS_BIND_ACK, DL_SUBS_BIND_ACK_SIZE + 2 }, { OUT, OUT, 0 }, {} },
	{ "bind to one below",
	  { .dl.subs_bind_req = { DL_SUBS_BIND_REQ, BEHIND, 5, DL_HIERARCHICAL_BIND } }, ALL, OK,
	  { OUT, OUT, REFUSED(DL_UNSUPPORTED) }, {} },
	{ "bind to one that is not there",
	  { .dl.subs_bind_req = { DL_SUBS_BIND_REQ, ALL - 1, 2, DL_PEER_BIND } }, ALL, OK,
	  { OUT, OUT, REFUSED(DL_BADADDR) }, {} },
	{ "unbind one more that is none",
	  { .dl.subs_unbind_req = { DL_SUBS_UNBIND_REQ, BEHIND, 2 }, { 6, 8 } }, ALL, OK,
	  { OUT, OUT, REFUSED(DL_BADSAP) }, {} },
	{ "XID of a type",
	  { .dl.xid_req = { DL_XID_REQ, 0, DLSAP, BEHIND }, SINGLE }, ALL, OK,
	  { OUT, OUT, REFUSED(DL_NOTSUPPORTED) }, {} },
	{ "TEST of a type",
	  { .dl.test_req = { DL_TEST_REQ, 0, DLSAP, BEHIND }, SINGLE }, ALL, OK,
	  { OUT, OUT, REFUSED(DL_NOTSUPPORTED) }, {} },
	{ "quality of service", { .dl.udqos_req = { DL_UDQOS_REQ, 0, 0 } }, DL_UDQOS_REQ_SIZE, OK,
	  REFUSED_ALWAYS(DL_NOTSUPPORTED), {} },
	{ "enable a group",
	  { .dl.enabmulti_req = { DL_ENABMULTI_REQ, MAC, BEHIND }, GROUP }, ALL, OK, ATTACHED, {} },
	{ "enable what is no group",
	  { .dl.enabmulti_req = { DL_ENABMULTI_REQ, MAC, BEHIND }, SINGLE }, ALL, OK,
	  REFUSED_IF_ATTACHED(DL_BADADDR), {} },
	{ "enable half an address",
	  { .dl.enabmulti_req = { DL_ENABMULTI_REQ, 3, BEHIND }, GROUP }, ALL, OK,
	  REFUSED_IF_ATTACHED(DL_BADADDR), {} },
	{ "enable an address that is not there",
	  { .dl.enabmulti_req = { DL_ENABMULTI_REQ, MAC, ALL - 5 } }, ALL, OK,
	  REFUSED_IF_ATTACHED(DL_BADADDR), {} },
	{ "enable an address beyond all",
	  { .dl.enabmulti_req = { DL_ENABMULTI_REQ, MAC, 0xfffffffe } }, ALL, OK,
	  REFUSED_IF_ATTACHED(DL_BADADDR), {} },
	{ "disable a group that is not enabled",
	  { .dl.disabmulti_req = { DL_DISABMULTI_REQ, MAC, BEHIND }, GROUP }, ALL, OK,
	  REFUSED_IF_ATTACHED(DL_NOTENAB), {} },
	{ "disable half an address",
	  { .dl.disabmulti_req = { DL_DISABMULTI_REQ, 3, BEHIND }, GROUP }, ALL, OK,
	  REFUSED_IF_ATTACHED(DL_BADADDR), {} },
	{ "promiscuous: all addresses",
	  { .dl.promiscon_req = { DL_PROMISCON_REQ, DL_PROMISC_PHYS } },
	  DL_PROMISCON_REQ_SIZE, OK, ATTACHED, {} },
	{ "promiscuous: all SAPs",
	  { .dl.promiscon_req = { DL_PROMISCON_REQ, DL_PROMISC_SAP } },
	  DL_PROMISCON_REQ_SIZE, OK, ATTACHED, {} },
	{ "promiscuous: all groups",
	  { .dl.promiscon_req = { DL_PROMISCON_REQ, DL_PROMISC_MULTI } },
	  DL_PROMISCON_REQ_SIZE, OK, ATTACHED, {} },
	{ "promiscuous: what is that", { .dl.promiscon_req = { DL_PROMISCON_REQ, 7 } },
	  DL_PROMISCON_REQ_SIZE, OK, REFUSED_IF_ATTACHED(DL_UNSUPPORTED), {} },
	{ "not promiscuous any more",
	  { .dl.promiscoff_req = { DL_PROMISCOFF_REQ, DL_PROMISC_PHYS } },
	  DL_PROMISCOFF_REQ_SIZE, OK, REFUSED_IF_ATTACHED(DL_NOTENAB), {} },
	{ "present address", { .dl.physaddr_req = { DL_PHYS_ADDR_REQ, DL_CURR_PHYS_ADDR } },
	  DL_PHYS_ADDR_REQ_SIZE, { DL_PHYS_ADDR_ACK, DL_PHYS_ADDR_ACK_SIZE + MAC }, ATTACHED, {} },
	{ "first address", { .dl.physaddr_req = { DL_PHYS_ADDR_REQ, DL_FACT_PHYS_ADDR } },
	  DL_PHYS_ADDR_REQ_SIZE, { DL_PHYS_ADDR_ACK, DL_PHYS_ADDR_ACK_SIZE + MAC }, ATTACHED, {} },
	{ "no such address", { .dl.physaddr_req = { DL_PHYS_ADDR_REQ, 3 } },
	  DL_PHYS_ADDR_REQ_SIZE, OK, REFUSED_IF_ATTACHED(DL_UNSUPPORTED), {} },
	{ "a group as address",
	  { .dl.set_physaddr_req = { DL_SET_PHYS_ADDR_REQ, MAC, BEHIND }, GROUP }, ALL, OK,
	  REFUSED_IF_ATTACHED(DL_BADADDR), {} },
	{ "too long an address",
	  { .dl.set_physaddr_req = { DL_SET_PHYS_ADDR_REQ, DLSAP, BEHIND }, SINGLE }, ALL, OK,
	  REFUSED_IF_ATTACHED(DL_BADADDR), {} },
	{ "statistics", { .dl.get_statistics_req = { DL_GET_STATISTICS_REQ } },
	  DL_GET_STATISTICS_REQ_SIZE, { DL_GET_STATISTICS_ACK, DL_GET_STATISTICS_ACK_SIZE + 16 },
	  ATTACHED, {} },
	{ "passive", { .dl.passive_req = { DL_PASSIVE_REQ } }, DL_PASSIVE_REQ_SIZE, OK,
	  ATTACHED, {} },
	{ "capability", { .dl.capability_req = { DL_CAPABILITY_REQ, 0, 0 } },
	  DL_CAPABILITY_REQ_SIZE, { DL_CAPABILITY_ACK, DL_CAPABILITY_ACK_SIZE }, ATTACHED, {} },
	{ "control", { .dl.control_req = { DL_CONTROL_REQ, DL_CO_GET } }, DL_CONTROL_REQ_SIZE, OK,
	  REFUSED_ALWAYS(DL_NOTSUPPORTED), {} },
	{ "connect", { .dl.dl_primitive = DL_CONNECT_REQ }, 32, OK,
	  REFUSED_ALWAYS(DL_NOTSUPPORTED), {} },
	{ "data acknowledged", { .dl.dl_primitive = DL_DATA_ACK_REQ }, 32, OK,
	  REFUSED_ALWAYS(DL_NOTSUPPORTED), {} },
	{ "an answer", { .dl.ok_ack = { DL_OK_ACK, DL_BIND_REQ } }, DL_OK_ACK_SIZE, OK,
	  REFUSED_ALWAYS(DL_BADPRIM), {} },
	{ "an indication", { .dl.unitdata_ind = { .dl_primitive = DL_UNITDATA_IND } }, ALL, OK,
	  REFUSED_ALWAYS(DL_BADPRIM), {} },
	{ "an unknown number", { .dl.dl_primitive = 0x4711 }, 4, OK,
	  REFUSED_ALWAYS(DL_BADPRIM), {} },
	{ "too short an attach", { .dl.attach_req = { DL_ATTACH_REQ, 0 } },
	  DL_ATTACH_REQ_SIZE - 1, OK, REFUSED_ALWAYS(DL_BADPRIM), {} },
	{ "too short a bind", { .dl.bind_req = { DL_BIND_REQ, IP, 0, DL_CLDLS, 0, 0 } },
	  DL_BIND_REQ_SIZE - 1, OK, REFUSED_ALWAYS(DL_BADPRIM), {} },
	{ "too short an enabling", { .dl.enabmulti_req = { DL_ENABMULTI_REQ, MAC, 12 } },
	  DL_ENABMULTI_REQ_SIZE - 1, OK, REFUSED_ALWAYS(DL_BADPRIM), {} },
	{ "too short a promiscuous one", { .dl.promiscon_req = { DL_PROMISCON_REQ, 1 } },
	  DL_PROMISCON_REQ_SIZE - 1, OK, REFUSED_ALWAYS(DL_BADPRIM), {} },
};

TEST(each_request_is_answered_in_each_state)
{
	LOOPETH_OR_SKIP();
	for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(*rows); row++) {
		for (int state = 0; state < STATES; state++) {
			int after = row->becomes[state] ? row->becomes[state] - 1 : state;
			int fd = open_in(state), result;

			ASSERT_LE(0, fd);
			result = ask(fd, &row->request, row->size, row->answer.primitive,
				     row->answer.size, NULL);
			EXPECT_EQ(row->result[state], result)
				TH_LOG("%s, %s", row->name, state_words[state]);
			EXPECT_EQ((int)state_names[after], dl_state(fd))
				TH_LOG("after %s, %s", row->name, state_words[state]);
			EXPECT_TRUE(events_of(fd, POLLIN | POLLPRI, 0) == 0);
			close(fd);
		}
	}
}

/* What is shorter than a number cannot be answered by number, but the stream goes on. */
TEST(less_than_a_number_changes_nothing)
{
	int fd;

	LOOPETH_OR_SKIP();
	fd = open_bound(0, TEST_TYPE);
	ASSERT_LE(0, fd);
	for (size_t size = 0; size < 4; size++) {
		ASSERT_EQ(0, put_request(fd, "\1\0\0", size));
		while (events_of(fd, POLLIN | POLLPRI, 0))
			EXPECT_EQ(0, get_message(fd).result);
		EXPECT_EQ(DL_IDLE, dl_state(fd));
	}
	close(fd);
}

/* Data that is sent in the wrong state comes back as an error, and that is all. */
TEST(data_is_for_streams_that_are_bound)
{
	struct message got;
	int fd;

	LOOPETH_OR_SKIP();
	for (int state = UNATTACHED; state < IDLE; state++) {
		fd = open_in(state);
		ASSERT_EQ(0, send_text(fd, everybody, TEST_TYPE, "early"));
		got = get_soon(fd);
		ASSERT_EQ(0, got.result);
		EXPECT_EQ(DL_UDERROR_IND, (int)got.dl.dl_primitive);
		EXPECT_EQ(DL_OUTSTATE, (int)got.dl.uderror_ind.dl_errno);
		ASSERT_EQ(5, write(fd, "early", 5));
		EXPECT_EQ((int)state_names[state], dl_state(fd));
		EXPECT_TRUE(empty(fd));
		close(fd);
	}
}

/* As DL_INFO_REQ, requests may come with high priority; and with data behind them. */
TEST(a_request_may_have_high_priority)
{
	dl_info_req_t info = { DL_INFO_REQ };
	dl_attach_req_t attach = { DL_ATTACH_REQ, 1 };
	struct strbuf ctl = { .len = sizeof(info), .buf = (char *)&info };
	struct message got;
	int fd;

	LOOPETH_OR_SKIP();
	fd = open(LOOPETH, O_RDWR);
	ASSERT_EQ(0, putmsg(fd, &ctl, NULL, RS_HIPRI));
	got = get_soon(fd);
	EXPECT_TRUE(is_answer(&got, DL_INFO_ACK, DL_INFO_ACK_SIZE));
	ctl = (struct strbuf){ .len = sizeof(attach), .buf = (char *)&attach };
	ASSERT_EQ(0, putmsg(fd, &ctl, NULL, RS_HIPRI));
	got = get_soon(fd);
	EXPECT_TRUE(is_answer(&got, DL_OK_ACK, DL_OK_ACK_SIZE));
	EXPECT_EQ(DL_UNBOUND, dl_state(fd));
	close(fd);
}

/* ------------------------------------------------------------------ what answers say */

static void look_at_info(struct __test_metadata *_metadata, int fd, unsigned int style)
{
	struct message got;
	const dl_info_ack_t *info = &got.dl.info_ack;

	ASSERT_EQ(0, dl_info(fd, &got));
	EXPECT_EQ(SDU, (int)info->dl_max_sdu);
	EXPECT_EQ(0, (int)info->dl_min_sdu);
	EXPECT_EQ(DLSAP, (int)info->dl_addr_length);
	EXPECT_EQ(DL_ETHER, (int)info->dl_mac_type);
	EXPECT_EQ(-2, info->dl_sap_length);
	EXPECT_EQ(DL_CLDLS, (int)info->dl_service_mode);
	EXPECT_EQ(style, info->dl_provider_style);
	EXPECT_EQ(DL_VERSION_2, (int)info->dl_version);
	EXPECT_EQ(0, (int)info->dl_growth);
	ASSERT_EQ(MAC, (int)info->dl_brdcst_addr_length);
	ASSERT_TRUE(all_there(&got, sizeof(*info), info->dl_brdcst_addr_offset, MAC));
	EXPECT_EQ(0, memcmp(got.ctl + info->dl_brdcst_addr_offset, everybody, MAC));
}

TEST(info_says_what_it_is)
{
	int fd;

	LOOPETH_OR_SKIP();
	for (int state = 0; state < STATES; state++) {
		fd = open_in(state);
		look_at_info(_metadata, fd, DL_STYLE2);
		close(fd);
	}
	fd = open_style1(1);
	ASSERT_LE(0, fd);
	look_at_info(_metadata, fd, DL_STYLE1);
	ASSERT_EQ(0, dl_bind(fd, IP));
	look_at_info(_metadata, fd, DL_STYLE1);
	close(fd);
}

TEST(the_whole_dlsap_is_in_the_answers)
{
	unsigned char address[MAC], there[MAC];
	unsigned int sap;
	struct message got;
	int fd;

	LOOPETH_OR_SKIP();
	fd = open_attached(0);
	ASSERT_EQ(0, dl_address(fd, DL_CURR_PHYS_ADDR, address));
	ASSERT_EQ(0, dl_bind_to(fd, 34997, &got));
	EXPECT_EQ(34997, (int)got.dl.bind_ack.dl_sap);
	ASSERT_EQ(DLSAP, (int)got.dl.bind_ack.dl_addr_length);
	ASSERT_TRUE(all_there(&got, DL_BIND_ACK_SIZE, got.dl.bind_ack.dl_addr_offset, DLSAP));
	take_dlsap(got.ctl + got.dl.bind_ack.dl_addr_offset, there, &sap);
	EXPECT_EQ(0, memcmp(address, there, MAC));
	EXPECT_EQ(34997, (int)sap);
	ASSERT_EQ(0, dl_info(fd, &got));
	ASSERT_TRUE(all_there(&got, DL_INFO_ACK_SIZE, got.dl.info_ack.dl_addr_offset, DLSAP));
	take_dlsap(got.ctl + got.dl.info_ack.dl_addr_offset, there, &sap);
	EXPECT_EQ(0, memcmp(address, there, MAC));
	EXPECT_EQ(34997, (int)sap);
	close(fd);
}

/* Addresses are their own, local, and no group. */
TEST(interfaces_have_addresses)
{
	unsigned char address[4][MAC], first[MAC];

	LOOPETH_OR_SKIP();
	for (int ppa = 0; ppa < 4; ppa++) {
		int fd = open_attached(ppa);

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, dl_address(fd, DL_CURR_PHYS_ADDR, address[ppa]));
		ASSERT_EQ(0, dl_address(fd, DL_FACT_PHYS_ADDR, first));
		EXPECT_EQ(0, memcmp(first, address[ppa], MAC));
		EXPECT_EQ(2, address[ppa][0] & 3);
		for (int other = 0; other < ppa; other++)
			EXPECT_NE(0, memcmp(address[other], address[ppa], MAC));
		close(fd);
	}
}

/* ----------------------------------------------------------------------- the way round */

TEST(a_stream_goes_through_its_states_and_back)
{
	int fd;

	LOOPETH_OR_SKIP();
	fd = open(LOOPETH, O_RDWR);
	ASSERT_LE(0, fd);
	for (int turn = 0; turn < 20; turn++) {
		EXPECT_EQ(DL_UNATTACHED, dl_state(fd));
		ASSERT_EQ(0, dl_attach(fd, turn % 4));
		EXPECT_EQ(DL_UNBOUND, dl_state(fd));
		for (int again = 0; again < 3; again++) {
			ASSERT_EQ(0, dl_bind(fd, turn ? IP + turn : 0));
			EXPECT_EQ(DL_IDLE, dl_state(fd));
			ASSERT_EQ(0, dl_unbind(fd));
		}
		EXPECT_EQ(DL_UNBOUND, dl_state(fd));
		ASSERT_EQ(0, dl_detach(fd));
	}
	close(fd);
}

TEST(a_group_is_enabled_once_and_disabled_once)
{
	const unsigned char group[] = GROUP;
	int fd, other;

	LOOPETH_OR_SKIP();
	fd = open_attached(0);
	other = open_attached(0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ask_address(fd, DL_ENABMULTI_REQ, group, MAC));
	/* It is this stream's. */
	EXPECT_EQ(REFUSED(DL_NOTENAB), ask_address(other, DL_DISABMULTI_REQ, group, MAC));
	EXPECT_EQ(0, ask_address(fd, DL_DISABMULTI_REQ, group, MAC));
	EXPECT_EQ(REFUSED(DL_NOTENAB), ask_address(fd, DL_DISABMULTI_REQ, group, MAC));
	close(fd);
	close(other);
}

/* No program can have the kernel remember without end. */
TEST(groups_of_a_stream_are_limited)
{
	unsigned char group[] = GROUP;
	int fd, enabled = 0, result = 0;

	LOOPETH_OR_SKIP();
	fd = open_attached(0);
	ASSERT_LE(0, fd);
	for (; enabled < 5000 && !result; enabled += !result) {
		group[4] = enabled >> 8;
		group[5] = enabled;
		result = ask_address(fd, DL_ENABMULTI_REQ, group, MAC);
	}
	EXPECT_EQ(REFUSED(DL_TOOMANY), result);
	EXPECT_LE(32, enabled);
	/* And as many again after these are given back. */
	for (int i = 0; i < enabled; i++) {
		group[4] = i >> 8;
		group[5] = i;
		ASSERT_EQ(0, ask_address(fd, DL_DISABMULTI_REQ, group, MAC));
	}
	EXPECT_EQ(0, ask_address(fd, DL_ENABMULTI_REQ, group, MAC));
	close(fd);
}

TEST(promiscuous_levels_are_apart)
{
	int fd;

	LOOPETH_OR_SKIP();
	fd = open_attached(0);
	for (int level = DL_PROMISC_PHYS; level <= DL_PROMISC_MULTI; level++)
		ASSERT_EQ(0, dl_promiscuous(fd, level));
	for (int level = DL_PROMISC_MULTI; level >= DL_PROMISC_PHYS; level--) {
		EXPECT_EQ(0, dl_not_promiscuous(fd, level));
		EXPECT_EQ(REFUSED(DL_NOTENAB), dl_not_promiscuous(fd, level));
	}
	close(fd);
}

/* ---------------------------------------------------------------------------- nodes */

TEST(style_1_is_attached_from_the_start)
{
	unsigned char mine[MAC], named[MAC];
	int style1, style2, again;

	LOOPETH_OR_SKIP();
	style1 = open_style1(3);
	again = open_style1(3);
	style2 = open_attached(3);
	ASSERT_LE(0, style1);
	ASSERT_LE(0, again);
	EXPECT_EQ(DL_UNBOUND, dl_state(style1));
	ASSERT_EQ(0, dl_address(style1, DL_CURR_PHYS_ADDR, mine));
	ASSERT_EQ(0, dl_address(style2, DL_CURR_PHYS_ADDR, named));
	EXPECT_EQ(0, memcmp(mine, named, MAC));
	EXPECT_EQ(OUT, dl_attach(style1, 3));
	EXPECT_EQ(REFUSED(DL_NOTSUPPORTED), dl_detach(style1));
	/* Each open is a stream of its own. */
	ASSERT_EQ(0, dl_bind(style1, IP));
	EXPECT_EQ(DL_UNBOUND, dl_state(again));
	ASSERT_EQ(0, dl_bind(again, IP));
	EXPECT_EQ(0, dl_unbind(style1));
	EXPECT_EQ(DL_IDLE, dl_state(again));
	close(style1);
	EXPECT_EQ(DL_IDLE, dl_state(again));
	close(again);
	close(style2);
}

TEST(what_is_not_there_is_not_found)
{
	int fd;

	LOOPETH_OR_SKIP();
	EXPECT_EQ(-1, open_style1(4));
	EXPECT_EQ(ENOENT, errno);
	EXPECT_EQ(-1, open_style1(4095));
	EXPECT_EQ(ENOENT, errno);
	fd = open(LOOPETH, O_RDWR);
	EXPECT_EQ(REFUSED(DL_BADPPA), dl_attach(fd, 4));
	EXPECT_EQ(REFUSED(DL_BADPPA), dl_attach(fd, 4095));
	EXPECT_EQ(REFUSED(DL_BADPPA), dl_attach(fd, 4096));
	EXPECT_EQ(REFUSED(DL_BADPPA), dl_attach(fd, ~0u));
	EXPECT_EQ(0, dl_attach(fd, 0));
	close(fd);
}

/* give_up - what the process may no longer do; it exits if that is not possible */
static void give_up(int capability)
{
	struct __user_cap_header_struct self = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct has[_LINUX_CAPABILITY_U32S_3];

	syscall(SYS_capget, &self, has);
	has[CAP_TO_INDEX(capability)].effective &= ~CAP_TO_MASK(capability);
	if (syscall(SYS_capset, &self, has))
		_exit(200);
}

/* open_without - the error of opening as somebody who lacks CAP_NET_RAW; 0 for none */
static int open_without(const char *node)
{
	pid_t child = fork();

	if (!child) {
		give_up(CAP_NET_RAW);
		_exit(open(node, O_RDWR) < 0 ? errno : 0);
	}
	return child_status(child, 5);
}

TEST(only_who_has_net_raw_may_open)
{
	LOOPETH_OR_SKIP();
	EXPECT_EQ(EACCES, open_without(LOOPETH));
	EXPECT_EQ(EACCES, open_without(LOOPETH "0"));
	EXPECT_EQ(0, open_without("/dev/streams/echo"));
}

/* set_address_without - what somebody who lacks CAP_NET_ADMIN is answered; 0: it is set */
static int set_address_without(const unsigned char *address)
{
	pid_t child = fork();
	int fd, answer;

	if (!child) {
		give_up(CAP_NET_ADMIN);
		fd = open_attached(0);
		answer = fd < 0 ? NO_ANSWER : ask_address(fd, DL_SET_PHYS_ADDR_REQ, address, MAC);
		_exit(answer == REFUSED_BY_SYSTEM(EPERM) ? EPERM : answer ? 200 : 0);
	}
	return child_status(child, 5);
}

/* It takes more than to see frames: it is everybody's address. */
TEST(only_who_has_net_admin_may_set_the_address)
{
	const unsigned char wanted[] = SINGLE;
	unsigned char before[MAC], after[MAC];
	int fd;

	LOOPETH_OR_SKIP();
	fd = open_attached(0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, dl_address(fd, DL_CURR_PHYS_ADDR, before));
	EXPECT_EQ(EPERM, set_address_without(wanted));
	ASSERT_EQ(0, dl_address(fd, DL_CURR_PHYS_ADDR, after));
	EXPECT_EQ(0, memcmp(before, after, MAC));
	/* Nothing else was wrong with it. */
	EXPECT_EQ(0, ask_address(fd, DL_SET_PHYS_ADDR_REQ, wanted, MAC));
	EXPECT_EQ(0, ask_address(fd, DL_SET_PHYS_ADDR_REQ, before, MAC));
	close(fd);
}

/* ------------------------------------------------------------------ notifications ... */

/* See dlpi_notify.c for what is told later; here is how it is asked for. */
TEST(a_notify_request_is_answered_with_what_can_be_told)
{
	const unsigned int wanted = DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN;
	dl_notify_req_t request = { DL_NOTIFY_REQ, wanted, 0 };
	struct message got;
	int fd;

	LOOPETH_OR_SKIP();
	fd = open(LOOPETH, O_RDWR);
	EXPECT_EQ(OUT, ask(fd, &request, sizeof(request), DL_NOTIFY_ACK, DL_NOTIFY_ACK_SIZE, NULL));
	ASSERT_EQ(0, dl_attach(fd, 2));
	ASSERT_EQ(0, ask(fd, &request, sizeof(request), DL_NOTIFY_ACK, DL_NOTIFY_ACK_SIZE, &got));
	EXPECT_EQ(wanted, got.dl.notify_ack.dl_notifications & wanted);
	got = get_soon(fd);
	ASSERT_EQ(0, got.result);
	EXPECT_EQ(DL_NOTIFY_IND, (int)got.dl.dl_primitive);
	EXPECT_EQ(DL_NOTE_LINK_DOWN, (int)got.dl.notify_ind.dl_notification);
	EXPECT_TRUE(empty(fd));
	close(fd);
}

TEST_HARNESS_MAIN
