// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device behind the streams: what it tells of itself, and of changes; its address;
 * how full it can be; and how it goes away under those who use it.
 */
#include "dlpi_test.h"

#include <pthread.h>
#include <sys/dlpi_stat.h>

#define EXPECT_ERROR(error, call)		\
	do {					\
		EXPECT_EQ(-1, call);		\
		EXPECT_EQ(error, errno);	\
	} while (0)

#define SPEED 10000	/* Mbit/s, unless somebody changes it */

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

/* Whatever a test has changed is as it was, for the tests after this one. */
FIXTURE_TEARDOWN(wire)
{
	set_parameter("speed", SPEED);
	set_parameter("max_sdu", SDU);
	set_parameter("plug", 0);
	set_parameter("plug", 1);
	close_now(self->here);
	close_now(self->there);
}

/* ----------------------------------------------------------------------- notifications */

/* ask_to_be_told - 0 if all of these can be told */
static int ask_to_be_told(int fd, unsigned int notes)
{
	dl_notify_req_t request = { DL_NOTIFY_REQ, notes, 0 };
	struct message got;
	int result = ask(fd, &request, sizeof(request), DL_NOTIFY_ACK, DL_NOTIFY_ACK_SIZE, &got);

	if (result)
		return result;
	return (got.dl.notify_ack.dl_notifications & notes) == notes ? 0 : WRONG_ANSWER;
}

/* told - the next message is this notification; its dl_data, -1 if it is another */
static long told_in(int fd, unsigned int note, struct message *got)
{
	*got = get_soon(fd);
	if (got->result || got->ctl_len < (int)DL_NOTIFY_IND_SIZE ||
	    got->dl.dl_primitive != DL_NOTIFY_IND || got->dl.notify_ind.dl_notification != note)
		return -1;
	return got->dl.notify_ind.dl_data;
}

static long told(int fd, unsigned int note)
{
	struct message got;

	return told_in(fd, note, &got);
}

TEST_F(wire, the_link_is_up_while_both_ends_are_in_use)
{
	int fd = open_attached(2), first, second;

	ASSERT_EQ(0, ask_to_be_told(fd, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN));
	EXPECT_LE(0, told(fd, DL_NOTE_LINK_DOWN));
	for (int i = 0; i < 5; i++) {
		first = open_attached(3);
		EXPECT_LE(0, told(fd, DL_NOTE_LINK_UP));
		second = open_style1(3);
		close(first);
		EXPECT_TRUE(empty(fd));
		close(second);
		EXPECT_LE(0, told(fd, DL_NOTE_LINK_DOWN));
	}
	/* Who asks now is told how it is now, and who takes it back is not told more. */
	first = open_attached(3);
	EXPECT_LE(0, told(fd, DL_NOTE_LINK_UP));
	ASSERT_EQ(0, ask_to_be_told(first, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN));
	EXPECT_LE(0, told(first, DL_NOTE_LINK_UP));
	ASSERT_EQ(0, ask_to_be_told(first, 0));
	close(fd);
	EXPECT_TRUE(empty(first));
	close(first);
}

TEST_F(wire, what_was_asked_for_is_told_of_the_next_device)
{
	int fd = open_attached(2), other = open_attached(3);

	ASSERT_EQ(0, ask_to_be_told(fd, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN | DL_NOTE_SDU_SIZE));
	EXPECT_LE(0, told(fd, DL_NOTE_LINK_UP));
	EXPECT_EQ(SDU, told(fd, DL_NOTE_SDU_SIZE));
	ASSERT_EQ(0, dl_detach(fd));
	close(other);
	EXPECT_TRUE(empty(fd));
	ASSERT_EQ(0, dl_attach(fd, 2));
	EXPECT_LE(0, told(fd, DL_NOTE_LINK_DOWN));
	EXPECT_EQ(SDU, told(fd, DL_NOTE_SDU_SIZE));
	EXPECT_TRUE(empty(fd));
	close(fd);
}

TEST_F(wire, speed_and_sizes_are_told)
{
	ASSERT_EQ(0, ask_to_be_told(self->here, DL_NOTE_SPEED));
	EXPECT_EQ(SPEED * 1000, told(self->here, DL_NOTE_SPEED));
	ASSERT_EQ(0, set_parameter("speed", 100));
	EXPECT_EQ(100 * 1000, told(self->here, DL_NOTE_SPEED));
	ASSERT_EQ(0, set_parameter("speed", 100)); /* which is no news */
	EXPECT_TRUE(empty(self->here));
	ASSERT_EQ(0, set_parameter("speed", SPEED));
	EXPECT_EQ(SPEED * 1000, told(self->here, DL_NOTE_SPEED));
	ASSERT_EQ(0, ask_to_be_told(self->here, DL_NOTE_SDU_SIZE));
	EXPECT_EQ(SDU, told(self->here, DL_NOTE_SDU_SIZE));
	ASSERT_EQ(0, set_parameter("max_sdu", 9000));
	EXPECT_EQ(9000, told(self->here, DL_NOTE_SDU_SIZE));
	ASSERT_EQ(0, set_parameter("max_sdu", SDU));
	EXPECT_EQ(SDU, told(self->here, DL_NOTE_SDU_SIZE));
	EXPECT_TRUE(empty(self->here));
	EXPECT_TRUE(empty(self->there));
}

TEST_F(wire, one_who_listens_to_everything_is_told_of)
{
	int curious = open_attached(0);

	ASSERT_EQ(0, ask_to_be_told(self->here,
				    DL_NOTE_PROMISC_ON_PHYS | DL_NOTE_PROMISC_OFF_PHYS));
	EXPECT_LE(0, told(self->here, DL_NOTE_PROMISC_OFF_PHYS));
	ASSERT_EQ(0, dl_promiscuous(curious, DL_PROMISC_PHYS));
	EXPECT_LE(0, told(self->here, DL_NOTE_PROMISC_ON_PHYS));
	close(curious);
	EXPECT_LE(0, told(self->here, DL_NOTE_PROMISC_OFF_PHYS));
	EXPECT_TRUE(empty(self->here));
}

/* ------------------------------------------------------------------------- the address */

static const unsigned char new_mac[MAC] = { 0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee };

TEST_F(wire, a_new_address_is_everybodys)
{
	unsigned char address[MAC];
	struct message got;
	struct indication it;
	int other = open_bound(1, TEST_TYPE + 1);

	ASSERT_EQ(0, ask_to_be_told(other, DL_NOTE_PHYS_ADDR));
	EXPECT_LE(0, told(other, DL_NOTE_PHYS_ADDR));
	ASSERT_EQ(0, ask_address(self->there, DL_SET_PHYS_ADDR_REQ, new_mac, MAC));
	ASSERT_EQ(DL_CURR_PHYS_ADDR, told_in(other, DL_NOTE_PHYS_ADDR, &got));
	ASSERT_TRUE(got.dl.notify_ind.dl_addr_length >= MAC &&
		    all_there(&got, DL_NOTIFY_IND_SIZE, got.dl.notify_ind.dl_addr_offset, MAC));
	EXPECT_EQ(0, memcmp(got.ctl + got.dl.notify_ind.dl_addr_offset, new_mac, MAC));
	EXPECT_EQ(0, dl_address(other, DL_CURR_PHYS_ADDR, address));
	EXPECT_EQ(0, memcmp(address, new_mac, MAC));
	EXPECT_EQ(0, dl_address(other, DL_FACT_PHYS_ADDR, address));
	EXPECT_EQ(0, memcmp(address, self->mac_there, MAC));
	ASSERT_EQ(0, dl_info(other, &got));
	ASSERT_TRUE(all_there(&got, DL_INFO_ACK_SIZE, got.dl.info_ack.dl_addr_offset, DLSAP));
	EXPECT_EQ(0, memcmp(got.ctl + got.dl.info_ack.dl_addr_offset, new_mac, MAC));

	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "old"));
	ASSERT_EQ(0, send_text(self->here, new_mac, TEST_TYPE, "new"));
	EXPECT_TRUE(hears(self->there, "new"));
	ASSERT_EQ(0, send_text(self->there, self->mac_here, TEST_TYPE, "from"));
	got = get_soon(self->here);
	it = take_apart(&got);
	EXPECT_TRUE(it.good && !memcmp(it.from, new_mac, MAC));

	EXPECT_EQ(0, ask_address(other, DL_SET_PHYS_ADDR_REQ, self->mac_there, MAC));
	EXPECT_LE(0, told(other, DL_NOTE_PHYS_ADDR));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "as before"));
	EXPECT_TRUE(hears(self->there, "as before"));
	close(other);
}

/* -------------------------------------------------------------------------- statistics */

static int statistics(int fd, struct dlpi_stat *stat)
{
	dl_get_statistics_req_t request = { DL_GET_STATISTICS_REQ };
	struct message got;
	const dl_get_statistics_ack_t *ack = &got.dl.get_statistics_ack;
	int result = ask(fd, &request, sizeof(request), DL_GET_STATISTICS_ACK,
			 DL_GET_STATISTICS_ACK_SIZE + sizeof(*stat), &got);

	if (result)
		return result;
	if (ack->dl_stat_length < sizeof(*stat) ||
	    !all_there(&got, sizeof(*ack), ack->dl_stat_offset, ack->dl_stat_length))
		return WRONG_ANSWER;
	memcpy(stat, got.ctl + ack->dl_stat_offset, sizeof(*stat));
	if (stat->ds_version != DLPI_STAT_VERSION || stat->ds_size != sizeof(*stat))
		return WRONG_ANSWER;
	return 0;
}

static const unsigned char group[MAC] = { 0x01, 0x00, 0x5e, 1, 2, 3 };

TEST_F(wire, everything_is_counted)
{
	struct dlpi_stat out_before, out, in_before, in;

	ASSERT_EQ(0, ask_address(self->there, DL_ENABMULTI_REQ, group, MAC));
	ASSERT_EQ(0, statistics(self->here, &out_before));
	ASSERT_EQ(0, statistics(self->there, &in_before));
	for (int i = 0; i < 10; i++)
		ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "one"));
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(0, send_text(self->here, everybody, TEST_TYPE, "all"));
	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, send_text(self->here, group, TEST_TYPE, "some"));
	for (int i = 0; i < 4; i++)
		ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE + 1, "whom?"));
	ASSERT_EQ(0, wait_messages(self->there, 15));
	pause_ms(20);
	ASSERT_EQ(0, statistics(self->here, &out));
	ASSERT_EQ(0, statistics(self->there, &in));

	EXPECT_EQ(19, (int)(out.ds_opackets64 - out_before.ds_opackets64));
	EXPECT_EQ(19 * HEADER + 13 * 3 + 2 * 4 + 4 * 5,
		  (int)(out.ds_obytes64 - out_before.ds_obytes64));
	EXPECT_EQ(3, (int)(out.ds_brdcstxmt - out_before.ds_brdcstxmt));
	EXPECT_EQ(2, (int)(out.ds_multixmt - out_before.ds_multixmt));
	EXPECT_EQ(0, (int)(out.ds_ipackets64 - out_before.ds_ipackets64));
	EXPECT_EQ(19, (int)(out.ds_sent - out_before.ds_sent));
	EXPECT_EQ(0, (int)(out.ds_received - out_before.ds_received));

	EXPECT_EQ(19, (int)(in.ds_ipackets64 - in_before.ds_ipackets64));
	EXPECT_EQ(19 * HEADER + 13 * 3 + 2 * 4 + 4 * 5,
		  (int)(in.ds_rbytes64 - in_before.ds_rbytes64));
	EXPECT_EQ(3, (int)(in.ds_brdcstrcv - in_before.ds_brdcstrcv));
	EXPECT_EQ(2, (int)(in.ds_multircv - in_before.ds_multircv));
	EXPECT_EQ(4, (int)(in.ds_unknowns - in_before.ds_unknowns));
	EXPECT_EQ(15, (int)(in.ds_received - in_before.ds_received));
	EXPECT_EQ(0, (int)(in.ds_sent - in_before.ds_sent));
	EXPECT_EQ(0, (int)(in.ds_dropped - in_before.ds_dropped));

	EXPECT_EQ(DLPI_LINK_UP, (int)in.ds_link_state);
	EXPECT_EQ(DLPI_DUPLEX_FULL, (int)in.ds_link_duplex);
	EXPECT_EQ(SPEED * 1000000ULL, in.ds_ifspeed);
}

/* Of what a slow reader misses, each frame is counted. */
TEST_F(wire, what_a_slow_reader_misses_is_counted)
{
	static const char data[1000];
	struct dlpi_stat in;
	unsigned int sent = 0;
	int more = 0;

	do {
		for (int i = 0; i < 50; i++, sent++)
			ASSERT_EQ(0, send_unitdata(self->here, self->mac_there, TEST_TYPE, data,
						   sizeof(data)));
		pause_ms(20);
		ASSERT_EQ(0, statistics(self->there, &in));
	} while (!in.ds_dropped && sent < 20000);
	EXPECT_LT(0, (int)in.ds_dropped);
	EXPECT_EQ(sent, in.ds_received + in.ds_dropped);
	while (events_of(self->there, POLLIN, 0) & POLLIN) {
		struct message got = get_message(self->there);

		ASSERT_EQ((int)sizeof(data), got.data_len);
		more++;
	}
	EXPECT_EQ(in.ds_received, more);
	/* There is room again. */
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "again"));
	EXPECT_TRUE(hears(self->there, "again"));
}

/* ----------------------------------------------------------------------- flow control */

#define PIECE 500	/* bytes */

struct traffic {
	int		fd;
	unsigned char	to[MAC];
	unsigned int	sent, received, full;
	const char	*fault;
};

struct numbered {
	unsigned int	number, last;
	unsigned char	rest[PIECE - 8];
};

static void *reads_in_order(void *arg)
{
	struct traffic *traffic = arg;
	struct numbered piece = { 0 };

	while (!piece.last && !traffic->fault) {
		struct message got = get_soon(traffic->fd);
		struct indication it = take_apart(&got);

		if (!it.good || it.length != PIECE) {
			traffic->fault = "nothing came, or something else";
			break;
		}
		memcpy(&piece, it.data, sizeof(piece));
		if (piece.number != traffic->received++)
			traffic->fault = "lost, double or out of order";
	}
	return NULL;
}

/* send_until - without blocking, until it was full so often, and the last one is sent */
static void send_until(struct traffic *traffic, unsigned int full)
{
	struct numbered piece = { 0 };

	while (!piece.last) {
		piece.number = traffic->sent;
		piece.last = traffic->full >= full;
		if (!send_unitdata(traffic->fd, traffic->to, TEST_TYPE, &piece, PIECE)) {
			traffic->sent++;
			continue;
		}
		if (errno != EAGAIN || traffic->sent > 100000) {
			traffic->fault = "cannot be sent";
			return;
		}
		traffic->full++;
		if (events_of(traffic->fd, POLLOUT, 10) != POLLOUT) {
			traffic->fault = "there is no room for long";
			return;
		}
	}
}

/* A wire that is slower than its sender fills the ring, and then the stream. */
TEST_F(wire, a_fast_sender_waits_for_a_slow_wire)
{
	struct traffic out = { .fd = self->here }, in = { .fd = self->there };
	pthread_t reader;

	ASSERT_EQ(0, set_parameter("speed", 2));
	memcpy(out.to, self->mac_there, MAC);
	set_nonblock(self->here, true);
	ASSERT_EQ(0, pthread_create(&reader, NULL, reads_in_order, &in));
	send_until(&out, 4);
	pthread_join(reader, NULL);
	EXPECT_EQ(NULL, out.fault) TH_LOG("%s", out.fault);
	EXPECT_EQ(NULL, in.fault) TH_LOG("%s", in.fault);
	EXPECT_EQ(out.sent, in.received);
}

/* jam - fill the stream, such that it will be full for a while; the frames it took */
static int jam(int fd, const unsigned char *to)
{
	static const char data[SDU];
	int sent = 0;

	set_parameter("speed", 1);
	set_nonblock(fd, true);
	while (!send_unitdata(fd, to, TEST_TYPE, data, sizeof(data)))
		sent++;
	set_nonblock(fd, false);
	return errno == EAGAIN ? sent : -1;
}

/* Requests with high priority get through, and the other streams of the device. */
TEST_F(wire, a_full_stream_still_answers)
{
	dl_info_req_t request = { DL_INFO_REQ };
	struct strbuf ctl = { .len = sizeof(request), .buf = (char *)&request };
	struct message got;
	int other = open_bound(0, IP);

	ASSERT_LT(0, jam(self->here, self->mac_there));
	set_nonblock(self->here, true);
	EXPECT_EQ(0, putmsg(self->here, &ctl, NULL, RS_HIPRI));
	got = get_message(self->here);
	EXPECT_TRUE(is_answer(&got, DL_INFO_ACK, DL_INFO_ACK_SIZE));
	EXPECT_EQ(DL_IDLE, dl_state(other));
	EXPECT_EQ(POLLOUT, events_of(other, POLLOUT, 0));
	close(other);
}

TEST_F(wire, who_waits_for_room_can_be_interrupted)
{
	static const char data[SDU];
	int result = 0;

	ASSERT_LT(0, jam(self->here, self->mac_there));
	signal_soon();
	for (int i = 0; i < 1000 && !result; i++)
		result = send_unitdata(self->here, self->mac_there, TEST_TYPE, data, sizeof(data));
	signal_stop();
	EXPECT_EQ(-1, result);
	EXPECT_EQ(EINTR, errno);
	EXPECT_EQ(DL_IDLE, dl_state(self->there));
}

TEST_F(wire, who_waits_for_a_frame_can_be_interrupted)
{
	struct message got;

	signal_soon();
	got = get_message(self->here);
	signal_stop();
	EXPECT_EQ(-1, got.result);
	EXPECT_EQ(EINTR, errno);
	ASSERT_EQ(0, send_text(self->there, self->mac_here, TEST_TYPE, "all the same"));
	EXPECT_TRUE(hears(self->here, "all the same"));
}

/* What waits on a stream goes with it, and nobody waits for it. */
TEST_F(wire, a_full_stream_can_be_closed)
{
	ASSERT_LT(0, jam(self->here, self->mac_there));
	EXPECT_EQ(0, close_now(self->here));
	ASSERT_EQ(0, set_parameter("speed", SPEED));
	self->here = open_bound(0, TEST_TYPE);
	while (events_of(self->there, POLLIN, 0) & POLLIN)
		get_message(self->there);
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "fresh"));
	do {
		ASSERT_EQ(POLLIN, events_of(self->there, POLLIN, 5));
	} while (get_message(self->there).data_len != 5);
}

/* --------------------------------------------------------------------------- hot unplug */

TEST_F(wire, an_unplugged_device_hangs_up)
{
	int unattached = open(LOOPETH, O_RDWR), style1 = open_style1(1);
	char byte;

	ASSERT_EQ(0, ask_to_be_told(self->here, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN));
	EXPECT_LE(0, told(self->here, DL_NOTE_LINK_UP));
	ASSERT_EQ(0, set_parameter("unplug", 1));
	EXPECT_EQ(POLLHUP, events_of(self->there, 0, 5));
	EXPECT_EQ(POLLHUP, events_of(style1, 0, 5));
	EXPECT_EQ(0, read(self->there, &byte, 1));
	EXPECT_ERROR(ENXIO, send_text(self->there, self->mac_here, TEST_TYPE, "late"));
	EXPECT_ERROR(EIO, write(style1, "late", 4));
	EXPECT_LE(0, told(self->here, DL_NOTE_LINK_DOWN));
	EXPECT_ERROR(ENOENT, open_style1(1));
	EXPECT_EQ(REFUSED(DL_BADPPA), dl_attach(unattached, 1));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "lost"));
	EXPECT_EQ(DL_IDLE, dl_state(self->here));

	EXPECT_EQ(ENXIO, set_parameter("unplug", 1));
	EXPECT_EQ(ENXIO, set_parameter("unplug", 4));
	EXPECT_EQ(ENXIO, set_parameter("plug", 4));
	EXPECT_EQ(EEXIST, set_parameter("plug", 0));
	ASSERT_EQ(0, set_parameter("plug", 1));
	/* Who was hung up on stays so; a new stream is as good as ever. */
	EXPECT_EQ(POLLHUP, events_of(self->there, 0, 0));
	EXPECT_EQ(0, dl_attach(unattached, 1));
	EXPECT_LE(0, told(self->here, DL_NOTE_LINK_UP));
	ASSERT_EQ(0, dl_bind(unattached, TEST_TYPE));
	ASSERT_EQ(0, send_text(self->here, self->mac_there, TEST_TYPE, "found"));
	EXPECT_TRUE(hears(unattached, "found"));
	close(unattached);
	close(style1);
}

/* Who sleeps in it wakes up. */
TEST_F(wire, an_unplugged_device_wakes_who_waits)
{
	static const char data[SDU];
	int silent = open_bound(1, IP);
	pid_t reader, writer;

	ASSERT_LT(0, jam(self->here, self->mac_there));
	reader = fork();
	if (!reader) {
		struct message got = get_message(silent);

		_exit(got.result == 0 && got.ctl_len == 0 && got.data_len == 0 ? 0 : 1);
	}
	writer = fork();
	if (!writer) {
		while (!send_unitdata(self->here, self->mac_there, TEST_TYPE, data, sizeof(data)))
			;
		_exit(errno == ENXIO ? 0 : 1);
	}
	EXPECT_TRUE(blocked(reader));
	EXPECT_TRUE(alive(writer));
	EXPECT_EQ(0, set_parameter("unplug", 0));
	EXPECT_EQ(0, child_status(writer, 5));
	EXPECT_TRUE(alive(reader));
	EXPECT_EQ(0, set_parameter("unplug", 1));
	EXPECT_EQ(0, child_status(reader, 5));
	close(silent);
}

TEST_HARNESS_MAIN
