// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the card lets in: groups, its own address, everything.  The card itself is asked,
 * by the frames that it has counted: what it has not filtered out the DLPI core would
 * not pass up, either.
 *
 * There may be frames of others on the wire, so that few are as good as none.
 */
#include "carry.h"

#define MANY	40
#define FEW	(MANY / 4)

FIXTURE(filter)
{
	struct end ours, peer;
	uint8_t first[6];
};

typedef FIXTURE_DATA(filter) filter_data;

FIXTURE_SETUP(filter)
{
	ASSERT_EQ(0, end_open(&self->ours, card(), RAW));
	ASSERT_EQ(0, end_open(&self->peer, peer_card(), PACKET));
	memcpy(self->first, self->ours.address, 6);
	ASSERT_TRUE(reached(&self->peer, &self->ours));
}

/* dl_about - a request of primitive, length, offset, and an address */
static int dl_about(int fd, int primitive, const uint8_t address[6])
{
	struct {
		dl_enabmulti_req_t	head;
		uint8_t			address[6];
	} request = { { primitive, 6, sizeof(request.head) }, { 0 } };

	memcpy(request.address, address, 6);
	return dl_do(fd, &request, sizeof(request.head) + 6, DL_OK_ACK);
}

/* All tests find the card by its address. */
FIXTURE_TEARDOWN(filter)
{
	dl_about(self->ours.fd, DL_SET_PHYS_ADDR_REQ, self->first);
	end_close(&self->ours);
	end_close(&self->peer);
}

/* let_in - how many of MANY frames to that address the card has counted; -1 on error */
static int let_in(filter_data *self, const uint8_t to[6])
{
	struct dlpi_stat before, after;
	uint32_t flow = new_flow();
	struct frame frame;

	if (dl_statistics(self->ours.fd, &before))
		return -1;
	for (int i = 0; i < MANY; i++) {
		size_t length = frame_make(&frame, to, self->peer.address, flow, i);

		if (end_send(&self->peer, &frame, length))
			return -1;
	}
	/* behind them, one that gets in */
	if (carry(&self->peer, &self->ours, new_flow(), 1) != 1 ||
	    dl_statistics(self->ours.fd, &after))
		return -1;
	return after.ds_ipackets64 - before.ds_ipackets64 - 1;
}

#define EXPECT_IN(address)						\
	EXPECT_LE(MANY, let_in(self, address))

#define EXPECT_OUT(address)						\
({									\
	int number = let_in(self, address);				\
									\
	EXPECT_LE(0, number);						\
	EXPECT_GE(FEW, number);						\
})

/* Bits of the hash table far from each other, and next to each other. */
TEST_F_TIMEOUT(filter, groups, 60)
{
	static const uint8_t groups[][6] = {
		{ 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 }, { 0x01, 0x00, 0x5e, 0x01, 0x12, 0x03 },
		{ 0x33, 0x33, 0xff, 0x7a, 0xfe, 0xff }, { 0x0d, 0x00, 0x00, 0x00, 0x00, 0x00 },
	};

	for (int i = 0; i < 4; i++) {
		EXPECT_OUT(groups[i]);
		ASSERT_EQ(0, dl_about(self->ours.fd, DL_ENABMULTI_REQ, groups[i]));
		EXPECT_IN(groups[i]);
	}
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, dl_about(self->ours.fd, DL_DISABMULTI_REQ, groups[i]));
		EXPECT_OUT(groups[i]);
		if (i < 3)
			EXPECT_IN(groups[i + 1]);
	}
}

TEST_F_TIMEOUT(filter, own_address, 60)
{
	static const uint8_t second[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };

	EXPECT_IN(self->first);
	EXPECT_OUT(second);
	ASSERT_EQ(0, dl_about(self->ours.fd, DL_SET_PHYS_ADDR_REQ, second));
	memcpy(self->ours.address, second, 6);
	EXPECT_IN(second);
	EXPECT_OUT(self->first);
	ASSERT_EQ(0, dl_about(self->ours.fd, DL_SET_PHYS_ADDR_REQ, self->first));
	memcpy(self->ours.address, self->first, 6);
	EXPECT_IN(self->first);
	EXPECT_OUT(second);
}

TEST_F_TIMEOUT(filter, everything, 60)
{
	static const uint8_t stranger[6] = { 0x02, 0, 0, 0, 0, 0x77 },
			     group[6] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };

	for (int i = 0; i < 2; i++) {
		EXPECT_OUT(stranger);
		EXPECT_OUT(group);
		ASSERT_EQ(0, dl_promiscuous(self->ours.fd, DL_PROMISC_PHYS));
		ASSERT_TRUE(reached(&self->peer, &self->ours));
		EXPECT_IN(stranger);
		EXPECT_IN(group);
		ASSERT_EQ(0, DL_DO(self->ours.fd, DL_OK_ACK, dl_promiscoff_req_t,
				   DL_PROMISCOFF_REQ, .dl_level = DL_PROMISC_PHYS));
		ASSERT_TRUE(reached(&self->peer, &self->ours));
	}
	EXPECT_OUT(stranger);
	EXPECT_OUT(group);
}

TEST_HARNESS_MAIN
