// SPDX-License-Identifier: GPL-2.0-only
/*
 * M_FLUSH, M_ERROR and M_HANGUP as a program meets them.
 */
#include "streams_test.h"

FIXTURE(echo)
{
	int fd;
	char text[64];
};

FIXTURE_VARIANT(echo)
{
	const char *module;
};

FIXTURE_VARIANT_ADD(echo, bare) { };
FIXTURE_VARIANT_ADD(echo, through_relay) { "relay" };

FIXTURE_SETUP(echo)
{
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
	if (variant->module)
		ASSERT_EQ(0, ioctl(self->fd, I_PUSH, variant->module));
}

FIXTURE_TEARDOWN(echo)
{
	close_now(self->fd);
}

#define EXPECT_ERROR(error, call)		\
	do {					\
		EXPECT_EQ(-1, call);		\
		EXPECT_EQ(error, errno);	\
	} while (0)

static int flushes_seen(int fd)
{
	int count = -1, len = sizeof(count);

	return str_ioctl(fd, ECHO_FLUSHED, &count, &len, 5 * slow()) < 0 ? -1 : count;
}

TEST_F(echo, flush_the_read_side)
{
	ASSERT_EQ(3, write(self->fd, "one", 3));
	ASSERT_EQ(0, put_text(self->fd, "two", NULL, 4, MSG_BAND));
	ASSERT_EQ(0, wait_messages(self->fd, 2));
	EXPECT_EQ(0, ioctl(self->fd, I_FLUSH, FLUSHR));
	EXPECT_TRUE(empty(self->fd));
	EXPECT_EQ(1, flushes_seen(self->fd));
	ASSERT_EQ(3, write(self->fd, "new", 3));
	EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
	EXPECT_EQ(3, read(self->fd, self->text, 60));
	EXPECT_STREQ("new", self->text);
}

TEST_F(echo, flush_the_write_side)
{
	long total = fill(self->fd, 100), left;

	ASSERT_LT(TEST_HIWAT, total);
	EXPECT_EQ(0, ioctl(self->fd, I_FLUSH, FLUSHW));
	EXPECT_EQ(POLLOUT, events_of(self->fd, POLLOUT, 5));
	/* What had reached the head is still there, what waited below is gone. */
	left = drain_exactly(self->fd, TEST_HIWAT);
	EXPECT_EQ(TEST_HIWAT, left);
	while (!empty(self->fd))
		left += drain_exactly(self->fd, 20);
	EXPECT_GT(total, left);
	EXPECT_EQ(1, flushes_seen(self->fd));
}

TEST_F(echo, flush_both_sides)
{
	ASSERT_LT(TEST_HIWAT, fill(self->fd, 100));
	EXPECT_EQ(0, ioctl(self->fd, I_FLUSH, FLUSHRW));
	EXPECT_TRUE(empty(self->fd));
	EXPECT_EQ(POLLOUT, events_of(self->fd, POLLOUT, 5));
	EXPECT_EQ(1, flushes_seen(self->fd));
}

TEST_F(echo, flush_neither_side)
{
	ASSERT_EQ(4, write(self->fd, "stay", 4));
	EXPECT_ERROR(EINVAL, ioctl(self->fd, I_FLUSH, 4));
	EXPECT_ERROR(EINVAL, ioctl(self->fd, I_FLUSH, FLUSHRW | 0x10));
	EXPECT_EQ(0, flushes_seen(self->fd));
	EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
	EXPECT_EQ(4, read(self->fd, self->text, 60));
}

TEST_F(echo, an_error_ends_everything)
{
	ASSERT_EQ(4, write(self->fd, "data", 4));
	ASSERT_EQ(0, wait_messages(self->fd, 1));
	ASSERT_EQ(0, str_ioctl(self->fd, ECHO_ERROR, NULL, NULL, 5));
	ASSERT_EQ(POLLERR, events_of(self->fd, POLLOUT, 5));
	for (int again = 0; again < 2; again++) {
		EXPECT_ERROR(EPROTO, read(self->fd, self->text, 60));
		EXPECT_ERROR(EPROTO, write(self->fd, "x", 1));
		EXPECT_ERROR(EPROTO, get_any(self->fd).result);
		EXPECT_ERROR(EPROTO, put_text(self->fd, "x", NULL, 0, MSG_BAND));
		EXPECT_ERROR(EPROTO, str_ioctl(self->fd, ECHO_UPPER, NULL, NULL, 5));
		EXPECT_ERROR(EPROTO, ioctl(self->fd, I_PUSH, "nullmod"));
		EXPECT_EQ(1, isastream(self->fd));
	}
	EXPECT_EQ(0, close(self->fd));
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(4, write(self->fd, "live", 4));
	EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
}

TEST_F_TIMEOUT(echo, an_error_wakes_who_waits, 15)
{
	pid_t reader = fork();

	if (reader == 0)
		_exit(read(self->fd, self->text, 1) == -1 && errno == EPROTO ? 0 : 1);
	ASSERT_TRUE(blocked(reader));
	ASSERT_EQ(0, str_ioctl(self->fd, ECHO_ERROR, NULL, NULL, 5));
	EXPECT_EQ(0, child_status(reader, 5));
}

TEST_F(echo, after_a_hangup_the_rest_can_be_read)
{
	struct got got;

	ASSERT_EQ(4, write(self->fd, "last", 4));
	ASSERT_EQ(0, wait_messages(self->fd, 1));
	ASSERT_EQ(0, str_ioctl(self->fd, ECHO_HANGUP, NULL, NULL, 5));
	ASSERT_EQ(POLLHUP, events_of(self->fd, 0, 5));
	EXPECT_EQ(4, read(self->fd, self->text, 60));
	EXPECT_STREQ("last", self->text);
	EXPECT_EQ(0, read(self->fd, self->text, 60));
	EXPECT_EQ(0, read(self->fd, self->text, 60));
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_EQ(0, got.ctl_len);
	EXPECT_EQ(0, got.data_len);
	EXPECT_ERROR(EIO, write(self->fd, "x", 1));
	EXPECT_ERROR(ENXIO, put_text(self->fd, "x", NULL, 0, MSG_BAND));
	EXPECT_ERROR(ENXIO, put_text(self->fd, "x", NULL, 0, MSG_HIPRI));
	EXPECT_ERROR(ENXIO, str_ioctl(self->fd, ECHO_UPPER, NULL, NULL, 5));
	EXPECT_ERROR(ENXIO, ioctl(self->fd, I_FLUSH, FLUSHRW));
	EXPECT_ERROR(ENXIO, ioctl(self->fd, I_PUSH, "nullmod"));
	EXPECT_EQ(1, isastream(self->fd));
}

TEST_F_TIMEOUT(echo, a_hangup_wakes_who_waits, 15)
{
	pid_t writer, reader;
	int end[2];

	/* A reader sees the end, a writer the error; echo and loop, one each. */
	ASSERT_EQ(0, open_pair(end, O_RDWR));
	ASSERT_LT(0, fill(end[0], 100));
	writer = fork();
	if (writer == 0) {
		close(end[1]);
		_exit(write(end[0], self->text, 60) == -1 && errno == EIO ? 0 : 1);
	}
	reader = fork();
	if (reader == 0) {
		close(end[1]);
		_exit(read(self->fd, self->text, 1) == 0 ? 0 : 1);
	}
	EXPECT_TRUE(blocked(writer));
	EXPECT_TRUE(alive(reader));
	close(end[1]);
	EXPECT_EQ(0, str_ioctl(self->fd, ECHO_HANGUP, NULL, NULL, 5));
	EXPECT_EQ(0, child_status(writer, 5));
	EXPECT_EQ(0, child_status(reader, 5));
}

TEST_HARNESS_MAIN
