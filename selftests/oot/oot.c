// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sample modules at work: loaded on demand by I_PUSH, on one end of a pair
 * of joined streams.
 */
#include "streams_test.h"
#include "talk.h"
#include "c/tally.h"

FIXTURE(pair)
{
	int near, far;
};

FIXTURE_SETUP(pair)
{
	self->near = open(LOOP_NODE "0", O_RDWR);
	self->far = open(LOOP_NODE "1", O_RDWR);
	ASSERT_LE(0, self->near);
	ASSERT_LE(0, self->far);
}

FIXTURE_TEARDOWN(pair)
{
	close_now(self->near);
	close_now(self->far);
}

static int ask_tally(int fd, int cmd, struct tally *tally)
{
	struct strioctl request = { .ic_cmd = cmd, .ic_dp = (char *)tally };

	return ioctl(fd, I_STR, &request) < 0 ? -1 : request.ic_len;
}

TEST_F(pair, upcase_makes_capitals_both_ways)
{
	ASSERT_EQ(0, ioctl(self->near, I_PUSH, "upcase"));
	ASSERT_EQ(0, say(self->near, "down, 1"));
	EXPECT_STREQ("DOWN, 1", hear(self->far));
	ASSERT_EQ(0, say(self->far, "up, 2"));
	EXPECT_STREQ("UP, 2", hear(self->near));
	ASSERT_EQ(0, ioctl(self->near, I_POP, 0));
	ASSERT_EQ(0, say(self->near, "small"));
	EXPECT_STREQ("small", hear(self->far));
}

TEST_F(pair, tally_counts_and_passes_other_ioctls_on)
{
	struct tally tally;
	struct strioctl other = { .ic_cmd = LOOP_MINOR, .ic_dp = (char *)&(int){ 0 } };

	ASSERT_EQ(0, ioctl(self->near, I_PUSH, "tally"));
	ASSERT_EQ(0, say(self->near, "four"));
	ASSERT_EQ(0, say(self->near, "fives"));
	ASSERT_EQ(0, say(self->far, "six+++"));
	EXPECT_STREQ("six+++", hear(self->near));
	ASSERT_EQ((int)sizeof(tally), ask_tally(self->near, TALLY_GET, &tally));
	EXPECT_EQ(2, tally.down_messages);
	EXPECT_EQ(9, tally.down_bytes);
	EXPECT_EQ(1, tally.up_messages);
	EXPECT_EQ(6, tally.up_bytes);
	ASSERT_EQ(0, ask_tally(self->near, TALLY_CLEAR, NULL));
	ASSERT_EQ((int)sizeof(tally), ask_tally(self->near, TALLY_GET, &tally));
	EXPECT_EQ(0, tally.down_bytes);
	EXPECT_EQ(0, ioctl(self->near, I_STR, &other));
	EXPECT_EQ((int)sizeof(int), other.ic_len);
}

TEST_F(pair, linecut_makes_each_line_a_message)
{
	ASSERT_EQ(0, ioctl(self->far, I_PUSH, "linecut"));
	ASSERT_EQ(0, ioctl(self->far, I_SRDOPT, RMSGN));
	ASSERT_EQ(0, say(self->near, "one\ntw"));
	EXPECT_STREQ("one\n", hear(self->far));
	ASSERT_EQ(0, say(self->near, "o\n\nthree"));
	EXPECT_STREQ("two\n", hear(self->far));
	EXPECT_STREQ("\n", hear(self->far));
	set_nonblock(self->far, true);
	EXPECT_EQ(-1, read(self->far, &(char){ 0 }, 1));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(pair, linecut_keeps_an_unfinished_line_until_it_is_popped)
{
	ASSERT_EQ(0, ioctl(self->far, I_PUSH, "linecut"));
	ASSERT_EQ(0, say(self->near, "no newline"));
	EXPECT_EQ(0, events_of(self->far, POLLIN, 0));
	ASSERT_EQ(0, ioctl(self->far, I_POP, 0));
	EXPECT_STREQ("no newline", hear(self->far));
}

TEST_F(pair, linecut_drops_an_unfinished_line_that_is_flushed)
{
	ASSERT_EQ(0, ioctl(self->far, I_PUSH, "linecut"));
	ASSERT_EQ(0, say(self->near, "old"));
	ASSERT_EQ(0, ioctl(self->far, I_FLUSH, FLUSHR));
	ASSERT_EQ(0, say(self->near, "new\n"));
	EXPECT_STREQ("new\n", hear(self->far));
}

TEST_F(pair, linecut_passes_on_the_last_line_before_the_end)
{
	ASSERT_EQ(0, ioctl(self->far, I_PUSH, "linecut"));
	ASSERT_EQ(0, say(self->near, "last words"));
	ASSERT_EQ(0, close(self->near));
	EXPECT_STREQ("last words", hear(self->far));
	EXPECT_EQ(0, read(self->far, &(char){ 0 }, 1));
	self->near = -1;
}

TEST_F(pair, linecut_does_not_gather_more_than_it_should)
{
	char piece[1024];
	size_t total = 0;

	memset(piece, 'x', sizeof(piece));
	ASSERT_EQ(0, ioctl(self->far, I_PUSH, "linecut"));
	for (int i = 0; i < 4; i++)
		ASSERT_EQ((ssize_t)sizeof(piece), write(self->near, piece, sizeof(piece)));
	while (total < 4 * sizeof(piece)) {
		size_t length = strlen(hear(self->far));

		ASSERT_NE(0, length);
		total += length;
	}
	EXPECT_EQ(4 * sizeof(piece), total);
}

TEST_HARNESS_MAIN
