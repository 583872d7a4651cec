// SPDX-License-Identifier: GPL-2.0-only
/*
 * More frames than anybody can take.  What is lost is counted: what the statistics say
 * adds up with what was sent and what was read.
 *
 * QEMU holds back some frames for a card whose ring is full, 10,000 at most, and then
 * does not always keep their order.
 */
#include "carry.h"

#define BURST	9500

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
	.length = 64,
};

FIXTURE_VARIANT_ADD(flood, large)
{
	.length = FRAME_LONGEST,
};

FIXTURE_SETUP(flood)
{
	ASSERT_EQ(0, end_open(&self->ours, card(), RAW));
	ASSERT_EQ(0, end_open(&self->peer, peer_card(), PACKET));
	ASSERT_TRUE(reached(&self->ours, &self->peer));
	ASSERT_TRUE(reached(&self->peer, &self->ours));
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

/* read_all - frames of a flow, until none has come for a while; -1 if one came twice */
static int read_all(struct end *to, uint32_t flow)
{
	struct pollfd readable = { .fd = to->fd, .events = POLLIN };
	static bool seen[BURST];
	struct frame frame;
	int count = 0;

	memset(seen, 0, sizeof(seen));
	while (poll(&readable, 1, 300 * slow()) > 0 && readable.revents & POLLIN) {
		ssize_t length = end_receive(to, &frame);
		uint32_t number = ntohl(frame.number);

		if (length < 0)
			return -1;
		if (!frame_is(&frame, length, flow))
			continue;
		if (number >= BURST || seen[number])
			return -1;
		seen[number] = true;
		count++;
	}
	return count;
}

/*
 * all_accounted - whether what was read is what the stream has, and what is missing was
 * counted by stream or card.  QEMU's 82540EM counts too much: it does not forget how many
 * it has lost when it has told.
 */
static bool all_accounted(const struct dlpi_stat *before, const struct dlpi_stat *after, int got)
{
	long lost = after->ds_norcvbuf - before->ds_norcvbuf +
		    after->ds_ierrors - before->ds_ierrors;
	long missing = BURST - got - (after->ds_dropped - before->ds_dropped);
	bool good = got == (long)(after->ds_received - before->ds_received) && missing >= 0 &&
		    (strcmp(card(), "n0") ? missing <= lost : missing == lost);

	if (!good)
		printf("# %d read, %ld missing, %ld lost by the card\n", got, missing, lost);
	return good;
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
	EXPECT_GT(BURST, got);
	EXPECT_TRUE(all_accounted(&self->before, &self->after, got));
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
	EXPECT_LT(0, got);
	EXPECT_TRUE(all_accounted(&self->before, &self->after, got));
}

/* What a writer was told is written is sent; he waits where there is no room. */
TEST_F(flood, out)
{
	uint32_t flow = new_flow();

	ASSERT_EQ(0, host("record %s", card()));
	send_burst(&self->ours, &self->peer, flow, variant->length);
	EXPECT_LT(0, read_all(&self->peer, flow));
	EXPECT_EQ(0, host("stop %s", card()));
	EXPECT_EQ(0, host("count %s %u %d", card(), flow, BURST));
	ASSERT_EQ(0, dl_statistics(self->ours.fd, &self->after));
	EXPECT_EQ(BURST, self->after.ds_sent - self->before.ds_sent);
	EXPECT_EQ(BURST, self->after.ds_opackets64 - self->before.ds_opackets64);
}

TEST_HARNESS_MAIN
