// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sample network driver at work: mirror0 receives what it sends.
 */
#include "dlpi_test.h"

#include <sys/dlpi_stat.h>
#include <sys/syscall.h>

#define MIRROR		"/dev/streams/mirror"

static const unsigned char own[MAC] = { 0x02, 'm', 'i', 'r', 'r', 0 };
static const unsigned char stranger[MAC] = { 0x02, 0, 0, 0, 0, 1 };

FIXTURE(mirror)
{
	int fd;
};

FIXTURE_SETUP(mirror)
{
	ASSERT_EQ(0, system("modprobe mirror"));
	self->fd = open(MIRROR "0", O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, dl_bind(self->fd, TEST_TYPE));
}

FIXTURE_TEARDOWN(mirror)
{
	close_now(self->fd);
	EXPECT_EQ(0, system("rmmod mirror"));
}

static int statistics(int fd, struct dlpi_stat *stat)
{
	dl_get_statistics_req_t request = { DL_GET_STATISTICS_REQ };
	struct message got;
	const dl_get_statistics_ack_t *ack = &got.dl.get_statistics_ack;
	int result = ask(fd, &request, sizeof(request), DL_GET_STATISTICS_ACK, sizeof(*ack), &got);

	if (result)
		return result;
	if (!all_there(&got, sizeof(*ack), ack->dl_stat_offset, sizeof(*stat)))
		return WRONG_ANSWER;
	memcpy(stat, got.ctl + ack->dl_stat_offset, sizeof(*stat));
	return 0;
}

TEST_F(mirror, what_is_sent_is_received)
{
	unsigned char address[MAC];

	ASSERT_EQ(0, dl_address(self->fd, DL_CURR_PHYS_ADDR, address));
	EXPECT_EQ(0, memcmp(own, address, MAC));
	ASSERT_EQ(0, send_text(self->fd, own, TEST_TYPE, "to myself"));
	EXPECT_TRUE(hears(self->fd, "to myself"));
	ASSERT_EQ(0, send_text(self->fd, everybody, TEST_TYPE, "to all"));
	EXPECT_TRUE(hears(self->fd, "to all"));
}

TEST_F(mirror, what_is_for_others_is_sorted_out_and_all_is_counted)
{
	struct dlpi_stat stat;

	ASSERT_EQ(0, send_text(self->fd, stranger, TEST_TYPE, "to somebody"));
	ASSERT_EQ(0, send_text(self->fd, own, TEST_TYPE + 1, "of another type"));
	ASSERT_EQ(0, send_text(self->fd, own, TEST_TYPE, "to myself"));
	EXPECT_TRUE(hears(self->fd, "to myself"));
	ASSERT_EQ(0, statistics(self->fd, &stat));
	EXPECT_EQ(3, stat.ds_opackets64);
	EXPECT_EQ(3, stat.ds_ipackets64);
	EXPECT_EQ(1, stat.ds_received);
	EXPECT_EQ(2, stat.ds_unknowns);
	EXPECT_EQ(DLPI_LINK_UP, stat.ds_link_state);
}

TEST_F(mirror, who_uses_it_keeps_it_loaded)
{
	EXPECT_EQ(-1, syscall(SYS_delete_module, "mirror", O_NONBLOCK));
	EXPECT_EQ(EWOULDBLOCK, errno);
	ASSERT_EQ(0, close(self->fd));
	self->fd = -1;
	ASSERT_EQ(0, system("rmmod mirror"));
	EXPECT_NE(0, access(MIRROR "0", F_OK));
	EXPECT_NE(0, access(MIRROR, F_OK));
	ASSERT_EQ(0, system("modprobe mirror"));
	EXPECT_EQ(0, access(MIRROR "0", F_OK));
}

TEST_HARNESS_MAIN
