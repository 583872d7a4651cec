// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capture beside traffic: a bound stream sends and receives, while two others see all
 * that passes, one through bufmod, one through pfmod.
 */
#include "carry.h"

#include <sys/bufmod.h>
#include <sys/pfmod.h>

#define MANY	2000
#define CHUNK	65536
#define BATCH	100	/* then wait until all have seen it: captures may drop */

/* dl_capture - a raw stream that gets everything; -1 on error */
static int dl_capture(void)
{
	int fd = dl_open(card());

	if (fd < 0 || dl_raw(fd) || dl_promiscuous(fd, DL_PROMISC_PHYS) ||
	    dl_promiscuous(fd, DL_PROMISC_SAP) || dl_bind(fd, 0))
		return -1;
	return fd;
}

static int buffered(int fd)
{
	unsigned int chunk = CHUNK;
	struct timeval soon = { .tv_usec = 20000 };
	int size = sizeof(chunk), time_size = sizeof(soon);

	if (ioctl(fd, I_PUSH, "bufmod") || str_ioctl(fd, SBIOCSCHUNK, &chunk, &size, 5 * slow()))
		return -1;
	return str_ioctl(fd, SBIOCSTIME, &soon, &time_size, 5 * slow());
}

/* filtered - only frames of our type from this address, by its last word */
static int filtered(int fd, const uint8_t from[6])
{
	struct packetfilt filter = { .Pf_FilterLen = 6 };
	int size = sizeof(filter);
	uint16_t tail;

	memcpy(&tail, from + 4, 2);
	memcpy(filter.Pf_Filter, (uint16_t[]){
		ENF_PUSHWORD + 6, ENF_PUSHLIT | ENF_CAND, htons(FRAME_TYPE),
		ENF_PUSHWORD + 5, ENF_PUSHLIT | ENF_EQ, tail,
	}, 12);
	return ioctl(fd, I_PUSH, "pfmod") ? -1 :
	       str_ioctl(fd, PFIOCSETF, &filter, &size, 5 * slow());
}

FIXTURE(capture)
{
	struct end ours, peer, some;
	int all;
	char chunk[CHUNK];
	int seen_out, seen_in, strange;
};

typedef FIXTURE_DATA(capture) capture_data;

FIXTURE_SETUP(capture)
{
	ASSERT_EQ(0, end_open(&self->ours, card(), BOUND));
	ASSERT_EQ(0, end_open(&self->peer, peer_card(), PACKET));
	self->all = dl_capture();
	self->some.kind = RAW;
	self->some.fd = dl_capture();
	ASSERT_LE(0, self->all);
	ASSERT_LE(0, self->some.fd);
	ASSERT_EQ(0, buffered(self->all));
}

FIXTURE_TEARDOWN(capture)
{
	end_close(&self->ours);
	end_close(&self->peer);
	end_close(&self->some);
	close(self->all);
}

/* note - a frame of a chunk: it is good, and the next of its direction */
static void note(capture_data *self, const struct frame *frame, size_t length,
		 uint32_t out, uint32_t in)
{
	int *seen = frame_is(frame, length, out) ? &self->seen_out :
		    frame_is(frame, length, in) ? &self->seen_in : NULL;

	if (!seen)
		return;
	if (!frame_good(frame, length) || ntohl(frame->number) != (uint32_t)*seen)
		self->strange++;
	++*seen;
}

/* read_chunk - the frames of the next chunk; -1 if none comes, or it is none */
static int read_chunk(capture_data *self, uint32_t out, uint32_t in)
{
	struct strbuf data = { .maxlen = CHUNK, .buf = self->chunk };
	int flags = 0, at = 0;

	if (!(events_of(self->all, POLLIN, PATIENCE) & POLLIN) ||
	    getmsg(self->all, NULL, &data, &flags))
		return -1;
	while (at < data.len) {
		struct sb_hdr head;

		memcpy(&head, self->chunk + at, sizeof(head));
		if (head.sbh_totlen < sizeof(head) + head.sbh_msglen ||
		    at + (int)head.sbh_totlen > data.len || head.sbh_msglen != head.sbh_origlen)
			return -1;
		note(self, (struct frame *)(self->chunk + at + sizeof(head)), head.sbh_msglen,
		     out, in);
		at += head.sbh_totlen;
	}
	return 0;
}

/* carry_batch - some frames of a flow, beginning with this number, one by one */
static int carry_batch(struct end *from, struct end *to, uint32_t flow, int first)
{
	struct frame frame;

	for (int i = first; i < first + BATCH; i++) {
		size_t length = frame_make(&frame, to->address, from->address, flow, i);

		if (end_send(from, &frame, length) ||
		    !(events_of(to->fd, POLLIN, PATIENCE) & POLLIN) ||
		    end_receive(to, &frame) != (ssize_t)length || !frame_good(&frame, length))
			return -1;
	}
	return 0;
}

/* filtered_batch - what came through the filter is the same again, and nothing else */
static int filtered_batch(struct end *some, uint32_t flow, int first)
{
	struct frame frame;

	for (int i = first; i < first + BATCH; i++) {
		ssize_t length = events_of(some->fd, POLLIN, PATIENCE) & POLLIN ?
				 end_receive(some, &frame) : -1;

		if (!frame_is(&frame, length, flow) || ntohl(frame.number) != (uint32_t)i ||
		    !frame_good(&frame, length))
			return -1;
	}
	return 0;
}

TEST_F_TIMEOUT(capture, sees_both_directions, 120)
{
	uint32_t out = new_flow(), in = new_flow();
	const int many = how_many(MANY);

	ASSERT_EQ(0, filtered(self->some.fd, self->peer.address));
	for (int i = 0; i < many; i += BATCH) {
		ASSERT_EQ(0, carry_batch(&self->ours, &self->peer, out, i));
		ASSERT_EQ(0, carry_batch(&self->peer, &self->ours, in, i));
		ASSERT_EQ(0, filtered_batch(&self->some, in, i));
		while (self->seen_out < i + BATCH || self->seen_in < i + BATCH)
			ASSERT_EQ(0, read_chunk(self, out, in));
	}
	EXPECT_EQ(0, self->strange);
	EXPECT_EQ(many, self->seen_out);
	EXPECT_EQ(many, self->seen_in);
	EXPECT_TRUE(empty(self->some.fd));
	EXPECT_TRUE(empty(self->ours.fd));
}

/* Frames to somebody else are seen by who asked for all, and only by him. */
TEST_F(capture, strangers_frames)
{
	uint32_t flow = new_flow();
	struct frame frame;
	size_t length;

	length = frame_make(&frame, (uint8_t[]){ 2, 0, 0, 0, 0, 1 }, self->peer.address, flow, 0);
	ASSERT_EQ(0, end_send(&self->peer, &frame, length));
	while (self->seen_in < 1)
		ASSERT_EQ(0, read_chunk(self, 0, flow));
	EXPECT_EQ(0, self->strange);
	EXPECT_TRUE(empty(self->ours.fd));
	close(self->all);
	end_close(&self->some);
	self->all = -1;
	self->some.fd = -1;

	/* nobody asks for all any more: the card's own filter is back */
	ASSERT_EQ(0, end_send(&self->peer, &frame, length));
	frame_make(&frame, self->ours.address, self->peer.address, flow, 0);
	EXPECT_EQ(0, carry_batch(&self->peer, &self->ours, flow, 1));
	EXPECT_TRUE(empty(self->ours.fd));
}

TEST_HARNESS_MAIN
