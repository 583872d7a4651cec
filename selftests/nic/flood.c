// SPDX-License-Identifier: GPL-2.0-only
/*
 * More frames than anybody can take.  What is lost is counted: what the statistics say
 * adds up, to the last frame, with what was sent and what was read.
 *
 * A burst is no longer than what QEMU holds back for a card whose ring is full; of
 * more it loses frames without telling anybody.
 */
#include "carry.h"

#define BURST	8000

FIXTURE(flood)
{
	struct end ours, peer;
	struct dlpi_stat before, after;
};

FIXTURE_VARIANT(flood)
{
	size_t length;
};

FIXTURE_VARIANT_ADD(flood, small)
{
	.length = FRAME_SHORTEST,
};

FIXTURE_VARIANT_ADD(flood, large)
{
	.length = FRAME_LONGEST,
};

FIXTURE_SETUP(flood)
{
	ASSERT_EQ(0, end_open(&self->ours, card(), RAW));
	ASSERT_EQ(0, end_open(&self->peer, peer_card(), PACKET));
	ASSERT_EQ(0, dl_statistics(self->ours.fd, &self->before));
}

FIXTURE_TEARDOWN(flood)
{
	end_close(&self->ours);
	end_close(&self->peer);
}

static void send_burst(struct end *from, struct end *to, uint32_t flow, size_t length)
{
	struct frame frame;

	frame_make(&frame, to->address, from->address, flow, 0);
	for (int i = 0; i < BURST; i++) {
		frame.number = htonl(i);
		while (end_send(from, &frame, length)) {
			if (errno != ENOBUFS) {
				printf("# sending: %s\n", strerror(errno));
				_exit(1);
			}
			pause_ms(1);
		}
	}
}

/* read_all - frames of a flow, until none has come for a while; they are in order */
static int read_all(struct end *to, uint32_t flow)
{
	struct frame frame;
	long last = -1;
	int count = 0;

	while (events_of(to->fd, POLLIN, 1) & POLLIN) {
		ssize_t length = end_receive(to, &frame);

		if (length < 0)
			return -1;
		if (!frame_is(&frame, length, flow))
			continue;
		if (ntohl(frame.number) <= last)
			return -1;
		last = ntohl(frame.number);
		count++;
	}
	return count;
}

/* Nobody reads meanwhile: the head fills up, and what has no room there is counted. */
TEST_F(flood, in_unread)
{
	uint32_t flow = new_flow();
	int got;

	send_burst(&self->peer, &self->ours, flow, variant->length);
	pause_ms(500 * slow());
	got = read_all(&self->ours, flow);
	ASSERT_EQ(0, dl_statistics(self->ours.fd, &self->after));
	EXPECT_LT(0, got);
	EXPECT_LT(0, self->after.ds_dropped);
	EXPECT_EQ(got, self->after.ds_received);
	EXPECT_EQ(BURST, self->after.ds_received + self->after.ds_dropped +
		  self->after.ds_norcvbuf - self->before.ds_norcvbuf +
		  self->after.ds_ierrors - self->before.ds_ierrors);
}

TEST_F(flood, in_read)
{
	uint32_t flow = new_flow();
	pid_t child = fork();
	int got;

	ASSERT_LE(0, child);
	if (!child) {
		send_burst(&self->peer, &self->ours, flow, variant->length);
		_exit(0);
	}
	got = read_all(&self->ours, flow);
	EXPECT_EQ(0, child_status(child, PATIENCE));
	ASSERT_EQ(0, dl_statistics(self->ours.fd, &self->after));
	EXPECT_EQ(got, self->after.ds_received);
	EXPECT_EQ(BURST, self->after.ds_received + self->after.ds_dropped +
		  self->after.ds_norcvbuf - self->before.ds_norcvbuf +
		  self->after.ds_ierrors - self->before.ds_ierrors);
}

/* What a writer was told is written is sent; he waits where there is no room. */
TEST_F(flood, out)
{
	struct tpacket_stats lost = { 0 };
	socklen_t size = sizeof(lost);
	uint32_t flow = new_flow();
	pid_t child = fork();
	int got;

	ASSERT_LE(0, child);
	if (!child) {
		send_burst(&self->ours, &self->peer, flow, variant->length);
		_exit(0);
	}
	got = read_all(&self->peer, flow);
	EXPECT_EQ(0, child_status(child, PATIENCE));
	ASSERT_EQ(0, dl_statistics(self->ours.fd, &self->after));
	ASSERT_EQ(0, getsockopt(self->peer.fd, SOL_PACKET, PACKET_STATISTICS, &lost, &size));
	EXPECT_EQ(BURST, self->after.ds_sent);
	EXPECT_EQ(BURST, self->after.ds_opackets64 - self->before.ds_opackets64);
	EXPECT_EQ(BURST, got + lost.tp_drops);
}

TEST_HARNESS_MAIN
