// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames through DLPI: who gets which, what they look like, and what is not sent.
 */
#include "dlpi_test.h"

/* Two streams, one at each end of a wire. */
FIXTURE(wire)
{
	int		here, there;
	unsigned char	mac_here[MAC], mac_there[MAC];
};

FIXTURE_SETUP(wire)
{
	LOOPETH_OR_SKIP();
	self->here = open_bound(0, TEST_TYPE);
	self->there = open_bound(1, TEST_TYPE);
	ASSERT_LE(0, self->here);
	ASSERT_LE(0, self->there);
	ASSERT_EQ(0, dl_address(self->here, DL_CURR_PHYS_ADDR, self->mac_here));
	ASSERT_EQ(0, dl_address(self->there, DL_CURR_PHYS_ADDR, self->mac_there));
}

FIXTURE_TEARDOWN(wire)
{
	close_now(self->here);
	close_now(self->there);
}

static const unsigned char stranger[MAC] = { 0x02, 1, 2, 3, 4, 5 };
static const unsigned char group[MAC] = { 0x01, 0x00, 0x5e, 1, 2, 3 };
/* The imperfect filter of the driver does not tell it from the other one. */
static const unsigned char like_group[MAC] = { 0x01, 0x00, 0x5e, 3, 2, 1 };

TEST_F(wire, data_arrives_with_both_addresses)
{
	struct message got;
	struct indication it;

	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "hello"));
	got = get_soon(self->there);
	it = take_apart(&got);
	ASSERT_TRUE(it.good);
	EXPECT_EQ(0, memcmp(it.to, self->mac_there, MAC));
	EXPECT_EQ(0, memcmp(it.from, self->mac_here, MAC));
	EXPECT_EQ(TEST_TYPE, (int)it.to_sap);
	EXPECT_EQ(TEST_TYPE, (int)it.from_sap);
	EXPECT_FALSE(it.group);
	ASSERT_EQ(5, it.length);
	EXPECT_EQ(0, memcmp(it.data, "hello", 5));

	/* And back, to where it came from. */
	ASSERT_EQ(0, send_text(self->there, it.from, it.from_sap, "yourself"));
	EXPECT_TRUE(hears(self->here, "yourself"));
	EXPECT_TRUE(empty(self->here));
	EXPECT_TRUE(empty(self->there));
}

TEST_F(wire, a_broadcast_says_that_it_is_one)
{
	int other_sap = open_bound(1, TEST_TYPE + 1);
	struct message got;
	struct indication it;

	ASSERT_EQ(0, send_text(self->here, everybody, TEST_TYPE, "all"));
	got = get_soon(self->there);
	it = take_apart(&got);
	ASSERT_TRUE(it.good);
	EXPECT_TRUE(it.group);
	EXPECT_EQ(0, memcmp(it.to, everybody, MAC));
	EXPECT_TRUE(empty(other_sap));
	EXPECT_TRUE(empty(self->here));
	close(other_sap);
}

TEST_F(wire, what_is_for_a_stranger_is_not_heard)
{
	ASSERT_EQ(0, send_text(self->here, stranger, TEST_TYPE, "psst"));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE + 1, "psst"));
	EXPECT_TRUE(empty(self->there));
}

TEST_F(wire, order_is_kept)
{
	char text[16];

	for (int i = 0; i < 200; i++) {
		snprintf(text, sizeof(text), "number %d", i);
		ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, text));
		if (i % 10 != 9)
			continue;
		for (int k = i - 9; k <= i; k++) {
			snprintf(text, sizeof(text), "number %d", k);
			ASSERT_TRUE(hears(self->there, text));
		}
	}
}

/* ----------------------------------------------------------------------- many streams */

#define MANY 300

TEST_F(wire, each_of_many_streams_gets_what_is_for_its_sap)
{
	int fd[MANY];
	char text[16];

	for (int i = 0; i < MANY; i++) {
		fd[i] = open_bound(1, 0x4000 + 3 * i);
		ASSERT_LE(0, fd[i]);
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "for %d", i);
		ASSERT_EQ(0, send_text(self->here, self->mac_there, 0x4000 + 3 * i, text));
		ASSERT_EQ(0, send_text(self->here, self->mac_there, 0x4001 + 3 * i, "nobody"));
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "for %d", i);
		EXPECT_TRUE(hears(fd[i], text));
		EXPECT_EQ(0, events_of(fd[i], POLLIN, 0));
	}
	/* Now they are all of one SAP, and all get it. */
	for (int i = 0; i < MANY; i++) {
		ASSERT_EQ(0, dl_unbind(fd[i]));
		ASSERT_EQ(0, dl_bind(fd[i], 0x4000));
	}
	ASSERT_EQ(0, send_text(self->here, everybody, 0x4000, "you all"));
	for (int i = 0; i < MANY; i++) {
		EXPECT_TRUE(hears(fd[i], "you all"));
		close(fd[i]);
	}
	EXPECT_TRUE(empty(self->there));
}

TEST_F(wire, what_was_unbound_or_detached_gets_nothing)
{
	ASSERT_EQ(0, dl_unbind(self->there));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "lost"));
	EXPECT_TRUE(empty(self->there));
	ASSERT_EQ(0, dl_bind(self->there, TEST_TYPE));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "heard"));
	EXPECT_TRUE(hears(self->there, "heard"));
	ASSERT_EQ(0, dl_unbind(self->there));
	ASSERT_EQ(0, dl_detach(self->there));
	ASSERT_EQ(0, send_text(self->here, everybody, TEST_TYPE, "lost"));
	EXPECT_TRUE(empty(self->there));
}

/* ------------------------------------------------------------------------- 802.3 and LLC */

/* Unnumbered information from SSAP 4, with text. */
static int llc(unsigned char *to, unsigned int dsap, const char *text)
{
	to[0] = dsap;
	to[1] = 4;
	to[2] = 0x03;
	strcpy((char *)to + 3, text);
	return 3 + strlen(text);
}

/* hears_llc - with the header of LLC, as who is not bound to that SAP sees it */
static bool hears_llc(int fd, unsigned int dsap, const char *text)
{
	unsigned char data[64];
	int length = llc(data, dsap, text);
	struct message got = get_soon(fd);
	struct indication it = take_apart(&got);

	return it.good && it.length == length && !memcmp(it.data, data, length);
}

TEST_F(wire, frames_with_a_length_go_by_their_llc_header)
{
	int sap4 = open_bound(1, 4), sap84 = open_bound(1, 84), all = open_bound(1, 0);
	int from = open_bound(0, 4);
	struct message got;
	struct indication it;

	ASSERT_EQ(0, send_text(from, self->mac_there, 4, "four"));
	got = get_soon(sap4);
	it = take_apart(&got);
	EXPECT_TRUE(it.good && it.to_sap == 4 && it.from_sap == 4);
	EXPECT_TRUE(it.length == 4 && !memcmp(it.data, "four", 4));
	EXPECT_TRUE(hears_llc(all, 4, "four"));
	EXPECT_TRUE(empty(sap84));
	ASSERT_EQ(0, send_text(from, self->mac_there, 84, "eighty-four"));
	EXPECT_TRUE(hears(sap84, "eighty-four"));
	EXPECT_TRUE(hears_llc(all, 84, "eighty-four"));
	EXPECT_TRUE(empty(sap4));
	/* Nobody's SAP; and an Ethernet type, which is not 802.3. */
	ASSERT_EQ(0, send_text(from, self->mac_there, 0xf0, "other"));
	EXPECT_TRUE(hears_llc(all, 0xf0, "other"));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "type"));
	EXPECT_TRUE(hears(self->there, "type"));
	EXPECT_TRUE(empty(all));
	EXPECT_TRUE(empty(self->there));
	close(sap4);
	close(sap84);
	close(all);
	close(from);
}

/* A SAP of 0 is for who writes his headers of LLC himself. */
TEST_F(wire, frames_with_a_length_from_sap_0)
{
	int from = open_bound(0, 0), to = open_bound(1, 4);
	unsigned char data[1400] = { 0 };
	int length = llc(data, 4, "four");
	struct message got;
	struct indication it;

	ASSERT_EQ(0, send_unitdata(from, self->mac_there, 0, data, length));
	EXPECT_TRUE(hears(to, "four"));
	/* Routing daemons give the length as SAP. */
	ASSERT_EQ(0, send_unitdata(from, self->mac_there, length, data, length));
	EXPECT_TRUE(hears(to, "four"));
	ASSERT_EQ(0, send_unitdata(from, self->mac_there, sizeof(data), data, sizeof(data)));
	got = get_soon(to);
	it = take_apart(&got);
	EXPECT_TRUE(it.good && it.length == sizeof(data) - 3);
	EXPECT_TRUE(empty(from));
	close(from);
	close(to);
}

/* The length in the header is that of the data, and padding behind it is no data. */
TEST_F(wire, an_802_3_frame_has_its_length_and_no_padding)
{
	int from = open_bound(0, 4), to = open_bound(1, 4), raw = open_attached(1);
	unsigned char frame[80];
	struct message got;

	ASSERT_EQ(0, dl_promiscuous(raw, DL_PROMISC_PHYS));
	ASSERT_EQ(0, dl_raw(raw));
	ASSERT_EQ(0, send_text(from, self->mac_there, 4, "four"));
	got = get_soon(raw);
	ASSERT_EQ(HEADER + 7, got.data_len);
	EXPECT_EQ(0, got.data[12]);
	EXPECT_EQ(7, got.data[13]);
	EXPECT_TRUE(hears(to, "four"));

	ASSERT_EQ(0, dl_raw(from));
	memset(frame, 'x', sizeof(frame));
	make_frame(frame, self->mac_there, self->mac_here, 7, "");
	llc(frame + HEADER, 4, "four");
	ASSERT_EQ(60, write(from, frame, 60));
	EXPECT_TRUE(hears(to, "four"));
	close(from);
	close(to);
	close(raw);
}

/* A stream may have several SAPs; its data comes by which one it is for. */
TEST_F(wire, a_stream_is_bound_to_one_more)
{
	struct {
		dl_subs_bind_req_t head;
		uint16_t sap;
	} request = { { DL_SUBS_BIND_REQ, sizeof(request.head), 2, DL_PEER_BIND }, TEST_TYPE + 1 };
	dl_subs_unbind_req_t *unbind = (dl_subs_unbind_req_t *)&request;
	struct message got;
	struct indication it;

	ASSERT_EQ(0, ask(self->there, &request, sizeof(request.head) + 2, DL_SUBS_BIND_ACK,
			 DL_SUBS_BIND_ACK_SIZE + 2, &got));
	EXPECT_EQ(REFUSED(DL_BOUND), ask_ok(self->there, &request, sizeof(request.head) + 2));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE + 1, "two"));
	got = get_soon(self->there);
	it = take_apart(&got);
	EXPECT_TRUE(it.good && it.to_sap == TEST_TYPE + 1);
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "one"));
	EXPECT_TRUE(hears(self->there, "one"));
	unbind->dl_primitive = DL_SUBS_UNBIND_REQ;
	EXPECT_EQ(0, ask_ok(self->there, &request, sizeof(request.head) + 2));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE + 1, "two"));
	EXPECT_TRUE(empty(self->there));
}

/* ask_peer - DL_XID_REQ or DL_TEST_REQ from SAP 4 to SAP 4 */
static int ask_peer(int fd, unsigned int primitive, const unsigned char *address, const char *text)
{
	struct {
		dl_test_req_t head;
		unsigned char address[MAC];
		uint16_t sap;
	} request = { { primitive, DL_POLL_FINAL, DLSAP, sizeof(request.head) }, {}, 4 };
	struct strbuf ctl = { .len = sizeof(request), .buf = (char *)&request };
	struct strbuf data = part_of(text);

	memcpy(request.address, address, MAC);
	return putmsg(fd, &ctl, &data, 0);
}

static bool gets(int fd, unsigned int primitive, const char *text)
{
	struct message got = get_soon(fd);
	int length = text ? (int)strlen(text) : 0;

	if (got.result || got.ctl_len < (int)DL_TEST_IND_SIZE ||
	    got.dl.dl_primitive != primitive || got.dl.test_ind.dl_flag != DL_POLL_FINAL)
		return false;
	return !text || (got.data_len == length && !memcmp(got.data, text, length));
}

TEST_F(wire, xid_and_test_are_answered_by_the_user)
{
	int asks = open_bound(0, 4), answers = open_bound(1, 4);

	ASSERT_EQ(0, ask_peer(asks, DL_TEST_REQ, self->mac_there, "echo this"));
	EXPECT_TRUE(gets(answers, DL_TEST_IND, "echo this"));
	ASSERT_EQ(0, ask_peer(answers, DL_TEST_RES, self->mac_here, "echo this"));
	EXPECT_TRUE(gets(asks, DL_TEST_CON, "echo this"));
	ASSERT_EQ(0, ask_peer(asks, DL_XID_REQ, self->mac_there, "abc"));
	EXPECT_TRUE(gets(answers, DL_XID_IND, "abc"));
	ASSERT_EQ(0, ask_peer(answers, DL_XID_RES, self->mac_here, "def"));
	EXPECT_TRUE(gets(asks, DL_XID_CON, "def"));
	close(asks);
	close(answers);
}

TEST_F(wire, xid_and_test_are_answered_by_the_driver_if_it_is_told_so)
{
	dl_bind_req_t bind = { DL_BIND_REQ, 4, 0, DL_CLDLS, 0, DL_AUTO_XID | DL_AUTO_TEST };
	int asks = open_bound(0, 4), answers = open_attached(1);

	ASSERT_EQ(0, ask(answers, &bind, sizeof(bind), DL_BIND_ACK, DL_BIND_ACK_SIZE, NULL));
	ASSERT_EQ(0, ask_peer(asks, DL_TEST_REQ, self->mac_there, "echo this"));
	EXPECT_TRUE(gets(asks, DL_TEST_CON, "echo this"));
	ASSERT_EQ(0, ask_peer(asks, DL_XID_REQ, self->mac_there, ""));
	EXPECT_TRUE(gets(asks, DL_XID_CON, NULL));
	EXPECT_TRUE(empty(answers));
	close(asks);
	close(answers);
}

/* ------------------------------------------------------------------------------ raw mode */

TEST_F(wire, raw_is_whole_frames_both_ways)
{
	unsigned char frame[100], back[100];
	int length = make_frame(frame, self->mac_there, self->mac_here, TEST_TYPE, "hello");

	ASSERT_EQ(0, dl_raw(self->here));
	ASSERT_EQ(length, write(self->here, frame, length));
	EXPECT_TRUE(hears(self->there, "hello"));
	ASSERT_EQ(0, dl_raw(self->there));
	ASSERT_EQ(length, write(self->here, frame, length));
	EXPECT_TRUE(reads_frame(self->there, frame, length));
	ASSERT_EQ(length, write(self->here, frame, length));
	ASSERT_EQ(POLLIN, events_of(self->there, POLLIN, 5));
	EXPECT_EQ(length, read(self->there, back, sizeof(back)));
	EXPECT_EQ(0, memcmp(frame, back, length));
	/* A stream that is raw may still send by address. */
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "hello"));
	EXPECT_TRUE(reads_frame(self->there, frame, length));
	EXPECT_TRUE(empty(self->here));
}

TEST_F(wire, raw_by_a_direct_ioctl)
{
	unsigned char frame[100];
	int length = make_frame(frame, self->mac_there, self->mac_here, TEST_TYPE, "direct");

	ASSERT_LE(0, ioctl(self->here, DLIOCRAW, 0));
	ASSERT_LE(0, ioctl(self->there, DLIOCRAW, 0));
	ASSERT_EQ(length, write(self->here, frame, length));
	EXPECT_TRUE(reads_frame(self->there, frame, length));
}

/* A frame is sent as it is: whose address it has as its sender is the program's. */
TEST_F(wire, raw_frames_are_not_changed)
{
	unsigned char frame[100];
	int length = make_frame(frame, everybody, stranger, TEST_TYPE, "who");
	struct message got;
	struct indication it;

	ASSERT_EQ(0, dl_raw(self->here));
	ASSERT_EQ(length, write(self->here, frame, length));
	got = get_soon(self->there);
	it = take_apart(&got);
	EXPECT_TRUE(it.good && it.group);
	EXPECT_EQ(0, memcmp(it.from, stranger, MAC));
}

/* What is shorter than a header or longer than the wire takes is not sent. */
TEST_F(wire, raw_frames_of_wrong_size_are_lost)
{
	static unsigned char frame[2 * SDU];

	ASSERT_EQ(0, dl_raw(self->here));
	ASSERT_EQ(0, dl_raw(self->there));
	make_frame(frame, self->mac_there, self->mac_here, TEST_TYPE, "");
	for (int length = 1; length < HEADER; length++)
		EXPECT_EQ(length, write(self->here, frame, length));
	EXPECT_EQ(-1, write(self->here, frame, HEADER + SDU + 5));
	EXPECT_EQ(ERANGE, errno);
	EXPECT_TRUE(empty(self->there));
	/* A VLAN tag is what the margin is for. */
	EXPECT_EQ(HEADER + SDU + 4, write(self->here, frame, HEADER + SDU + 4));
	EXPECT_TRUE(reads_frame(self->there, frame, HEADER + SDU + 4));
	EXPECT_EQ(HEADER, write(self->here, frame, HEADER));
	EXPECT_TRUE(reads_frame(self->there, frame, HEADER));
}

TEST_F(wire, ioctls_tell_of_the_medium)
{
	uint32_t margin = 99;
	int length = sizeof(margin);

	ASSERT_EQ(0, str_ioctl(self->here, DLIOCMARGININFO, &margin, &length, 5 * slow()));
	EXPECT_EQ(4, (int)length);
	EXPECT_EQ(4, (int)margin);
	margin = 99;
	ASSERT_EQ(0, ioctl(self->here, DLIOCMARGININFO, &margin));
	EXPECT_EQ(4, (int)margin);
	EXPECT_EQ(-1, ioctl(self->here, DLIOCMARGININFO, nowhere));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(DL_ETHER, str_ioctl(self->here, DLIOCNATIVE, NULL, NULL, 5 * slow()));
	EXPECT_EQ(-1, str_ioctl(self->here, DLIOC | 0x77, NULL, NULL, 5 * slow()));
	EXPECT_EQ(EINVAL, errno);
}

/* Whoever has the header may send frames that begin so, without being raw. */
TEST_F(wire, a_header_can_be_had_beforehand)
{
	struct unitdata request = unitdata_to(self->mac_there, TEST_TYPE);
	unsigned char frame[100];
	int length = sizeof(request);

	make_frame(frame, self->mac_there, self->mac_here, TEST_TYPE, "fast");
	ASSERT_EQ(HEADER + 4, write(self->here, frame, HEADER + 4));
	EXPECT_TRUE(empty(self->there));
	ASSERT_EQ(0, str_ioctl(self->here, DLIOCHDRINFO, &request, &length, 5 * slow()));
	ASSERT_EQ(HEADER, length);
	EXPECT_EQ(0, memcmp(&request, frame, HEADER));
	ASSERT_EQ(HEADER + 4, write(self->here, frame, HEADER + 4));
	EXPECT_TRUE(hears(self->there, "fast"));
	ASSERT_EQ(0, send_text(self->there, self->mac_here, TEST_TYPE, "not raw"));
	EXPECT_TRUE(hears(self->here, "not raw"));
	length = 3;
	EXPECT_EQ(-1, str_ioctl(self->here, DLIOCHDRINFO, &request, &length, 5 * slow()));
	EXPECT_EQ(EINVAL, errno);
}

/* ----------------------------------------------------------------- what cannot be sent */

/* send_wrong - the dl_errno of the DL_UDERROR_IND, -1 without one */
static int send_wrong(int fd, const struct unitdata *request, size_t size, int data)
{
	static const char zeros[LARGEST];
	struct strbuf ctl = { .len = size, .buf = (char *)request };
	struct strbuf rest = { .len = data, .buf = (char *)zeros };
	struct message got;

	if (putmsg(fd, &ctl, &rest, 0))
		return -1;
	got = get_soon(fd);
	if (got.result || got.ctl_len < (int)DL_UDERROR_IND_SIZE ||
	    got.dl.dl_primitive != DL_UDERROR_IND)
		return -1;
	return got.dl.uderror_ind.dl_errno;
}

TEST_F(wire, what_cannot_be_sent_comes_back_as_an_error)
{
	struct unitdata good = unitdata_to(self->mac_there, TEST_TYPE), bad = good;

	EXPECT_EQ(DL_BADDATA, send_wrong(self->here, &good, sizeof(good), SDU + 5));
	bad.head.dl_dest_addr_length = MAC - 1;
	EXPECT_EQ(DL_BADADDR, send_wrong(self->here, &bad, sizeof(bad), 10));
	bad.head.dl_dest_addr_length = 0;
	EXPECT_EQ(DL_BADADDR, send_wrong(self->here, &bad, sizeof(bad), 10));
	bad.head.dl_dest_addr_length = 0xffffffff;
	EXPECT_EQ(DL_BADADDR, send_wrong(self->here, &bad, sizeof(bad), 10));
	bad = good;
	bad.head.dl_dest_addr_offset = sizeof(bad) - 1;
	EXPECT_EQ(DL_BADADDR, send_wrong(self->here, &bad, sizeof(bad), 10));
	bad.head.dl_dest_addr_offset = 0xfffffff8;
	EXPECT_EQ(DL_BADADDR, send_wrong(self->here, &bad, sizeof(bad), 10));
	bad = unitdata_to(self->mac_there, 1000); /* neither a type nor a SAP */
	EXPECT_EQ(DL_BADADDR, send_wrong(self->here, &bad, sizeof(bad), 10));
	bad.sap = 4; /* who is bound to a type has no SAP of LLC to send from */
	EXPECT_EQ(DL_BADADDR, send_wrong(self->here, &bad, sizeof(bad), 10));
	EXPECT_TRUE(empty(self->there));
	/* The stream is as good as before. */
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "good"));
	EXPECT_TRUE(hears(self->there, "good"));
}

TEST_F(wire, the_largest_and_the_smallest_are_carried)
{
	static unsigned char data[SDU];
	struct message got;
	struct indication it;

	for (int i = 0; i < SDU; i++)
		data[i] = i * 7;
	ASSERT_EQ(0, send_unitdata(self->here, self->mac_there, TEST_TYPE, data, SDU));
	got = get_soon(self->there);
	it = take_apart(&got);
	ASSERT_TRUE(it.good);
	ASSERT_EQ(SDU, it.length);
	EXPECT_EQ(0, memcmp(it.data, data, SDU));
	ASSERT_EQ(0, send_unitdata(self->here, self->mac_there, TEST_TYPE, data, 1));
	got = get_soon(self->there);
	it = take_apart(&got);
	EXPECT_TRUE(it.good && it.length == 1);
}

/* DLIOCMARGININFO says by how much: a VLAN tag and a full frame behind it. */
TEST_F(wire, data_may_be_longer_by_the_margin)
{
	static unsigned char data[SDU + 4];
	int length = sizeof(uint32_t);
	struct message got;
	struct indication it;
	uint32_t margin = 0;

	memset(data, 'v', sizeof(data));
	ASSERT_EQ(0, str_ioctl(self->here, DLIOCMARGININFO, &margin, &length, 5 * slow()));
	ASSERT_EQ(sizeof(data), SDU + margin);
	ASSERT_EQ(0, send_unitdata(self->here, self->mac_there, TEST_TYPE, data, sizeof(data)));
	got = get_soon(self->there);
	it = take_apart(&got);
	EXPECT_TRUE(it.good && it.length == sizeof(data) && !memcmp(it.data, data, sizeof(data)));
}

TEST_F(wire, jumbo_frames_if_the_wire_is_told_so)
{
	static unsigned char data[9000];
	struct message got;
	struct indication it;

	memset(data, 'j', sizeof(data));
	ASSERT_EQ(0, set_parameter("max_sdu", sizeof(data)));
	EXPECT_EQ(0, dl_info(self->here, &got));
	EXPECT_EQ(sizeof(data), got.dl.info_ack.dl_max_sdu);
	EXPECT_EQ(0, send_unitdata(self->here, self->mac_there, TEST_TYPE, data, sizeof(data)));
	got = get_soon(self->there);
	it = take_apart(&got);
	EXPECT_TRUE(it.good && it.length == sizeof(data) && !memcmp(it.data, data, sizeof(data)));
	EXPECT_EQ(0, set_parameter("max_sdu", SDU));
	EXPECT_EQ(0, dl_info(self->here, &got));
	EXPECT_EQ(SDU, (int)got.dl.info_ack.dl_max_sdu);
}

/* ------------------------------------------------------------------- groups, promiscuous */

TEST_F(wire, a_group_is_heard_by_who_enabled_it)
{
	int other = open_bound(1, TEST_TYPE);

	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "early"));
	EXPECT_TRUE(empty(self->there));
	ASSERT_EQ(0, ask_address(self->there, DL_ENABMULTI_REQ, group, MAC));
	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "members"));
	ASSERT_EQ(0, send_text(self->here, like_group, TEST_TYPE, "others"));
	EXPECT_TRUE(hears(self->there, "members"));
	EXPECT_TRUE(empty(self->there));
	EXPECT_TRUE(empty(other));

	/* It is enabled as long as one stream wants it. */
	ASSERT_EQ(0, ask_address(other, DL_ENABMULTI_REQ, group, MAC));
	ASSERT_EQ(0, ask_address(self->there, DL_DISABMULTI_REQ, group, MAC));
	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "one"));
	EXPECT_TRUE(hears(other, "one"));
	EXPECT_TRUE(empty(self->there));
	close(other);
	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "none"));
	EXPECT_TRUE(empty(self->there));
}

TEST_F(wire, all_groups_with_the_promiscuous_level_for_it)
{
	struct message got;
	struct indication it;

	ASSERT_EQ(0, dl_promiscuous(self->there, DL_PROMISC_MULTI));
	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "one"));
	ASSERT_EQ(0, send_text(self->here, like_group, TEST_TYPE, "two"));
	ASSERT_EQ(0, send_text(self->here, stranger, TEST_TYPE, "not"));
	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE + 1, "not"));
	got = get_soon(self->there);
	it = take_apart(&got);
	ASSERT_TRUE(it.good);
	EXPECT_TRUE(it.group);
	EXPECT_EQ(0, memcmp(it.to, group, MAC));
	EXPECT_TRUE(hears(self->there, "two"));
	EXPECT_TRUE(empty(self->there));
	ASSERT_EQ(0, dl_not_promiscuous(self->there, DL_PROMISC_MULTI));
	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "not"));
	EXPECT_TRUE(empty(self->there));
}

TEST_F(wire, all_addresses_of_its_sap_with_the_promiscuous_level_for_it)
{
	ASSERT_EQ(0, dl_promiscuous(self->there, DL_PROMISC_PHYS));
	ASSERT_EQ(0, send_text(self->here, stranger, TEST_TYPE, "one"));
	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "two"));
	ASSERT_EQ(0, send_text(self->here, stranger, TEST_TYPE + 1, "not"));
	EXPECT_TRUE(hears(self->there, "one"));
	EXPECT_TRUE(hears(self->there, "two"));
	EXPECT_TRUE(empty(self->there));
	ASSERT_EQ(0, dl_not_promiscuous(self->there, DL_PROMISC_PHYS));
	ASSERT_EQ(0, send_text(self->here, stranger, TEST_TYPE, "not"));
	EXPECT_TRUE(empty(self->there));
}

TEST_F(wire, all_saps_with_the_promiscuous_level_for_it)
{
	int from = open_bound(0, 4);

	ASSERT_EQ(0, dl_promiscuous(self->there, DL_PROMISC_SAP));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE + 1, "one"));
	ASSERT_EQ(0, send_text(self->here, everybody, IP, "two"));
	ASSERT_EQ(0, send_text(from, self->mac_there, 4, "four"));
	ASSERT_EQ(0, send_text(self->here, stranger, TEST_TYPE, "not"));
	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "not"));
	EXPECT_TRUE(hears(self->there, "one"));
	EXPECT_TRUE(hears(self->there, "two"));
	EXPECT_TRUE(hears_llc(self->there, 4, "four"));
	EXPECT_TRUE(empty(self->there));
	close(from);
}

/* open_capture - as packet programs do it: everything, raw */
static int open_capture(unsigned int ppa, int sap)
{
	int fd = open_attached(ppa);

	if (fd < 0 || (sap >= 0 && dl_bind(fd, sap)) || dl_promiscuous(fd, DL_PROMISC_PHYS) ||
	    (sap >= 0 && dl_promiscuous(fd, DL_PROMISC_SAP)) || dl_raw(fd))
		return -1;
	return fd;
}

/* What others on the same interface send is seen, and one's own is not. */
TEST_F(wire, who_captures_sees_both_directions)
{
	int unbound = open_capture(0, -1), bound = open_capture(0, 0);
	unsigned char frame[100];
	int length;

	ASSERT_LE(0, unbound);
	ASSERT_LE(0, bound);
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "ping"));
	length = make_frame(frame, self->mac_there, self->mac_here, TEST_TYPE, "ping");
	EXPECT_TRUE(reads_frame(unbound, frame, length));
	EXPECT_TRUE(reads_frame(bound, frame, length));
	EXPECT_TRUE(hears(self->there, "ping"));

	ASSERT_EQ(0, send_text(self->there, self->mac_here, TEST_TYPE, "pong"));
	length = make_frame(frame, self->mac_here, self->mac_there, TEST_TYPE, "pong");
	EXPECT_TRUE(reads_frame(unbound, frame, length));
	EXPECT_TRUE(reads_frame(bound, frame, length));
	EXPECT_TRUE(hears(self->here, "pong"));

	length = make_frame(frame, stranger, self->mac_here, IP, "mine");
	ASSERT_EQ(length, write(unbound, frame, length));
	EXPECT_TRUE(reads_frame(bound, frame, length));
	EXPECT_TRUE(empty(unbound));
	EXPECT_TRUE(empty(self->here));
	EXPECT_TRUE(empty(self->there));
	close(unbound);
	close(bound);
}

/* Who is not promiscuous hears the wire alone, not what its neighbours send. */
TEST_F(wire, others_do_not_hear_what_is_sent_beside_them)
{
	int beside = open_bound(0, TEST_TYPE), multi = open_bound(0, TEST_TYPE);

	ASSERT_EQ(0, dl_promiscuous(multi, DL_PROMISC_MULTI));
	ASSERT_EQ(0, send_text(self->here, everybody, TEST_TYPE, "all"));
	ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "some"));
	ASSERT_EQ(0, send_text(self->here, self->mac_here, TEST_TYPE, "myself"));
	ASSERT_EQ(0, send_text(self->here, stranger, TEST_TYPE, "somebody"));
	EXPECT_TRUE(hears(self->there, "all"));
	EXPECT_TRUE(hears(multi, "all"));
	EXPECT_TRUE(hears(multi, "some"));
	EXPECT_TRUE(hears(multi, "myself"));
	EXPECT_TRUE(empty(multi));
	EXPECT_TRUE(empty(beside));
	EXPECT_TRUE(empty(self->here));
	EXPECT_TRUE(empty(self->there));
	close(beside);
	close(multi);
}

/* What several get is one block in memory; none of them may see another change it. */
TEST_F(wire, copies_are_independent)
{
	int capture[3];
	unsigned char frame[100];
	int length = make_frame(frame, self->mac_there, self->mac_here, TEST_TYPE, "copy");

	for (int i = 0; i < 3; i++)
		capture[i] = open_capture(1, -1);
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "copy"));
	EXPECT_TRUE(hears(self->there, "copy"));
	for (int i = 2; i >= 0; i--) {
		EXPECT_TRUE(reads_frame(capture[i], frame, length));
		close(capture[i]);
	}
}

/* ------------------------------------------------------------------------- nobody there */

TEST_F(wire, without_an_other_end_frames_are_lost)
{
	ASSERT_EQ(0, close(self->there));
	for (int i = 0; i < 1000; i++)
		ASSERT_EQ(0, send_text(self->here, everybody, TEST_TYPE, "lost"));
	self->there = open_bound(1, TEST_TYPE);
	EXPECT_TRUE(empty(self->there));
	ASSERT_EQ(0, send_text(self->here, everybody, TEST_TYPE, "heard"));
	EXPECT_TRUE(hears(self->there, "heard"));
	EXPECT_TRUE(empty(self->here));
}

TEST_HARNESS_MAIN
