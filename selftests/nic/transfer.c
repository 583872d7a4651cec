// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many frames, of all lengths, to the kernel's own driver and from it: each arrives
 * once, in order and unaltered, and QEMU's recording of the wire says the same.
 */
#include "carry.h"

FIXTURE(wire)
{
	struct end ours, peer;
};

FIXTURE_VARIANT(wire)
{
	enum end_kind kind;
	int count;
};

FIXTURE_VARIANT_ADD(wire, raw)
{
	.kind = RAW,
	.count = 100000,
};

FIXTURE_VARIANT_ADD(wire, bound)
{
	.kind = BOUND,
	.count = 10000,
};

FIXTURE_SETUP(wire)
{
	ASSERT_EQ(0, end_open(&self->ours, card(), variant->kind));
	ASSERT_EQ(0, end_open(&self->peer, peer_card(), PACKET));
	ASSERT_TRUE(reached(&self->ours, &self->peer));
	ASSERT_TRUE(reached(&self->peer, &self->ours));
	ASSERT_EQ(0, host("record %s", card()));
}

FIXTURE_TEARDOWN(wire)
{
	end_close(&self->ours);
	end_close(&self->peer);
	host("stop %s", card());
}

static void address_words(const uint8_t address[6], char words[13])
{
	for (int i = 0; i < 6; i++)
		sprintf(words + 2 * i, "%02x", address[i]);
}

static int recorded(const struct end *from, const struct end *to, uint32_t flow, int count)
{
	char source[13], destination[13];

	address_words(from->address, source);
	address_words(to->address, destination);
	return host("check %s %u %d %s %s", card(), flow, count, destination, source);
}

TEST_F_TIMEOUT(wire, out, 120)
{
	const int count = how_many(variant->count);
	uint32_t flow = new_flow();

	ASSERT_EQ(count, carry(&self->ours, &self->peer, flow, count));
	EXPECT_EQ(0, recorded(&self->ours, &self->peer, flow, count));
}

TEST_F_TIMEOUT(wire, in, 120)
{
	const int count = how_many(variant->count);
	uint32_t flow = new_flow();

	ASSERT_EQ(count, carry(&self->peer, &self->ours, flow, count));
	EXPECT_EQ(0, recorded(&self->peer, &self->ours, flow, count));
}

/*
 * A frame that is shorter than Ethernet allows arrives filled up, with nothing but
 * zeros: what lay in memory is nobody's business.
 */
TEST_F(wire, short_frames_are_filled_with_zeros)
{
	struct frame frame, got, wanted;
	uint32_t flow = new_flow();

	frame_make(&frame, self->peer.address, self->ours.address, flow, 0);
	for (size_t length = 18; length < FRAME_SHORTEST; length++) {
		ASSERT_EQ(0, end_send(&self->ours, &frame, length));
		do {
			ASSERT_EQ(POLLIN, events_of(self->peer.fd, POLLIN, PATIENCE));
			ASSERT_EQ(FRAME_SHORTEST, end_receive(&self->peer, &got));
		} while (!frame_is(&got, FRAME_SHORTEST, flow));
		memset(&wanted, 0, sizeof(wanted));
		memcpy(&wanted, &frame, length);
		ASSERT_EQ(0, memcmp(&got, &wanted, FRAME_SHORTEST));
	}
}

TEST_HARNESS_MAIN
