// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cable is pulled and put back: who asked is told, once each time, and frames go
 * again afterwards.
 */
#include "carry.h"

#define TIMES	3

/* heard - the notification that comes next; 0 if none does */
static int heard(int fd)
{
	union {
		dl_notify_ind_t ind;
		uint8_t bytes[128];
	} told;
	int flags = 0;

	if (!(events_of(fd, POLLIN, PATIENCE) & POLLIN) ||
	    dl_told(fd, &told, sizeof(told), flags) < (int)sizeof(told.ind) ||
	    told.ind.dl_primitive != DL_NOTIFY_IND)
		return 0;
	return told.ind.dl_notification;
}

static int listen_for(int fd, int notes)
{
	dl_notify_req_t request = { DL_NOTIFY_REQ, notes, 0 };
	dl_notify_ack_t answer;

	if (dl_ask(fd, &request, sizeof(request), &answer, sizeof(answer)) != DL_NOTIFY_ACK)
		return -1;
	return (answer.dl_notifications & notes) == (unsigned int)notes ? 0 : -1;
}

static int link_state(int fd)
{
	struct dlpi_stat all;

	return dl_statistics(fd, &all) ? -1 : (int)all.ds_link_state;
}

FIXTURE(cable)
{
	int listener;
};

FIXTURE_SETUP(cable)
{
	self->listener = dl_open(card());
	ASSERT_LE(0, self->listener);
	ASSERT_EQ(0, listen_for(self->listener, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN));
}

FIXTURE_TEARDOWN(cable)
{
	host("link %s on", card());
	close(self->listener);
}

TEST_F_TIMEOUT(cable, pulled_and_put_back, 90)
{
	/* what it is now is told at once */
	ASSERT_EQ(DL_NOTE_LINK_UP, heard(self->listener));
	for (int i = 0; i < TIMES; i++) {
		ASSERT_EQ(0, host("link %s off", card()));
		ASSERT_EQ(DL_NOTE_LINK_DOWN, heard(self->listener));
		EXPECT_EQ(DLPI_LINK_DOWN, link_state(self->listener));
		ASSERT_EQ(0, host("link %s on", card()));
		ASSERT_EQ(DL_NOTE_LINK_UP, heard(self->listener));
		EXPECT_EQ(DLPI_LINK_UP, link_state(self->listener));
		EXPECT_TRUE(carried(RAW, 100));
	}
	EXPECT_TRUE(empty(self->listener));
}

TEST_F_TIMEOUT(cable, unwanted_news_are_not_told, 60)
{
	int deaf = dl_open(card());

	ASSERT_LE(0, deaf);
	ASSERT_EQ(0, listen_for(deaf, DL_NOTE_LINK_DOWN));
	ASSERT_EQ(DL_NOTE_LINK_UP, heard(self->listener));
	ASSERT_EQ(0, host("link %s off", card()));
	ASSERT_EQ(0, host("link %s on", card()));
	ASSERT_EQ(DL_NOTE_LINK_DOWN, heard(self->listener));
	ASSERT_EQ(DL_NOTE_LINK_UP, heard(self->listener));
	EXPECT_EQ(DL_NOTE_LINK_DOWN, heard(deaf));
	EXPECT_TRUE(empty(deaf));
	close(deaf);
}

/*
 * What is written while there is no link may wait or be lost, as on any Ethernet; it
 * must not keep the writer from being closed, nor what comes later from being sent.
 */
TEST_F_TIMEOUT(cable, writing_without_a_link, 60)
{
	struct end ours = { .fd = -1 }, peer = { .fd = -1 };
	struct frame frame;
	size_t length;

	ASSERT_EQ(0, end_open(&ours, card(), RAW));
	ASSERT_EQ(0, end_open(&peer, peer_card(), PACKET));
	ASSERT_EQ(DL_NOTE_LINK_UP, heard(self->listener));
	ASSERT_EQ(0, host("link %s off", card()));
	ASSERT_EQ(DL_NOTE_LINK_DOWN, heard(self->listener));
	set_nonblock(ours.fd, true);
	length = frame_make(&frame, peer.address, ours.address, new_flow(), 0);
	for (int i = 0; i < 2000; i++) {
		if (end_send(&ours, &frame, length)) {
			EXPECT_EQ(EAGAIN, errno);
			break;
		}
	}
	ASSERT_EQ(0, host("link %s on", card()));
	ASSERT_EQ(DL_NOTE_LINK_UP, heard(self->listener));
	end_close(&ours);
	end_close(&peer);
	EXPECT_TRUE(carried(RAW, 100));
}

TEST_HARNESS_MAIN
