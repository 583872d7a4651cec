// SPDX-License-Identifier: GPL-2.0-only
/*
 * read and write: what was written comes back, in order and whole; what fails
 * changes nothing.
 */
#include "streams_test.h"

#include <sys/uio.h>

FIXTURE(echo)
{
	int fd;
	char text[64];
	char *edge;		/* the last 4 bytes before unmapped memory */
};

FIXTURE_SETUP(echo)
{
	self->edge = edge_of_memory(4);
	ASSERT_NE(NULL, self->edge);
	memcpy(self->edge, "edge", 4);
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(echo)
{
	close_now(self->fd);
}

#define EXPECT_READ(wanted, count)							\
	do {										\
		memset(self->text, 0, sizeof(self->text));				\
		EXPECT_EQ((ssize_t)strlen(wanted), read(self->fd, self->text, count));	\
		EXPECT_STREQ(wanted, self->text);					\
	} while (0)

TEST_F(echo, messages_keep_their_order)
{
	int sent, seen;

	for (sent = 0; sent < 500; sent++) {
		ASSERT_EQ((ssize_t)sizeof(sent), write(self->fd, &sent, sizeof(sent)));
		if (sent % 50 != 49)
			continue;
		for (int i = sent - 49; i <= sent; i++) {
			ASSERT_EQ((ssize_t)sizeof(seen), read(self->fd, &seen, sizeof(seen)));
			ASSERT_EQ(i, seen);
		}
	}
}

TEST_F(echo, bytes_know_no_boundaries)
{
	ASSERT_EQ(3, write(self->fd, "abc", 3));
	ASSERT_EQ(3, write(self->fd, "def", 3));
	ASSERT_EQ(0, wait_messages(self->fd, 2));
	EXPECT_READ("ab", 2);
	EXPECT_READ("cdef", 60);
}

TEST_F(echo, nothing_there)
{
	set_nonblock(self->fd, true);
	EXPECT_EQ(-1, read(self->fd, self->text, 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, read(self->fd, self->text, 0));
}

TEST_F(echo, an_empty_message_ends_a_read)
{
	ASSERT_EQ(2, write(self->fd, "ab", 2));
	ASSERT_EQ(0, write(self->fd, "", 0));
	ASSERT_EQ(2, write(self->fd, "cd", 2));
	ASSERT_EQ(0, wait_messages(self->fd, 3));
	EXPECT_READ("ab", 60);
	EXPECT_READ("", 60);
	EXPECT_READ("cd", 60);
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, message_discard_mode)
{
	int mode = -1;

	ASSERT_EQ(0, ioctl(self->fd, I_SRDOPT, RMSGD));
	ASSERT_EQ(0, ioctl(self->fd, I_GRDOPT, &mode));
	EXPECT_EQ(RMSGD, mode & RMODEMASK);
	ASSERT_EQ(6, write(self->fd, "abcdef", 6));
	ASSERT_EQ(2, write(self->fd, "gh", 2));
	ASSERT_EQ(0, wait_messages(self->fd, 2));
	EXPECT_READ("abc", 3);
	EXPECT_READ("gh", 60);
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, message_mode_without_discarding)
{
	ASSERT_EQ(0, ioctl(self->fd, I_SRDOPT, RMSGN));
	ASSERT_EQ(6, write(self->fd, "abcdef", 6));
	ASSERT_EQ(2, write(self->fd, "gh", 2));
	ASSERT_EQ(0, wait_messages(self->fd, 2));
	EXPECT_READ("abc", 3);
	EXPECT_READ("def", 60);
	EXPECT_READ("gh", 60);
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, read_modes_that_do_not_exist)
{
	int mode = -1;

	EXPECT_EQ(-1, ioctl(self->fd, I_SRDOPT, RMSGD | RMSGN));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->fd, I_SRDOPT, 0x1000));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(0, ioctl(self->fd, I_GRDOPT, &mode));
	EXPECT_EQ(RNORM | RPROTNORM, mode);
	EXPECT_EQ(-1, ioctl(self->fd, I_GRDOPT, nowhere));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(echo, a_control_part_is_not_read)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, "ctl", "data", 0, MSG_BAND));
	ASSERT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
	EXPECT_EQ(-1, read(self->fd, self->text, 60));
	EXPECT_EQ(EBADMSG, errno);
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_STREQ("ctl", got.ctl);
	EXPECT_STREQ("data", got.data);
}

TEST_F(echo, a_control_part_read_as_data)
{
	ASSERT_EQ(0, ioctl(self->fd, I_SRDOPT, RNORM | RPROTDAT));
	ASSERT_EQ(0, put_text(self->fd, "ctl", "data", 0, MSG_BAND));
	ASSERT_EQ(0, wait_messages(self->fd, 1));
	EXPECT_READ("ctldata", 60);
}

TEST_F(echo, a_control_part_discarded)
{
	ASSERT_EQ(0, ioctl(self->fd, I_SRDOPT, RNORM | RPROTDIS));
	ASSERT_EQ(0, put_text(self->fd, "ctl", "data", 0, MSG_BAND));
	ASSERT_EQ(0, wait_messages(self->fd, 1));
	EXPECT_READ("data", 60);
}

TEST_F(echo, a_fault_leaves_the_control_part)
{
	static const int modes[] = { RPROTDAT, RPROTDIS };

	for (int i = 0; i < 2; i++) {
		struct got got;

		ASSERT_EQ(0, ioctl(self->fd, I_SRDOPT, RNORM | modes[i]));
		ASSERT_EQ(0, put_text(self->fd, "ctl", "data", 3, MSG_BAND));
		ASSERT_EQ(0, wait_messages(self->fd, 1));
		EXPECT_EQ(-1, read(self->fd, nowhere, 60));
		EXPECT_EQ(EFAULT, errno);
		set_nonblock(self->fd, true);
		got = get_any(self->fd);
		EXPECT_EQ(0, got.result);
		EXPECT_EQ(3, got.band);
		EXPECT_EQ(3, got.ctl_len);
		EXPECT_EQ(4, got.data_len);
	}
}

static unsigned char pattern(long at)
{
	return (at * 7 + at / 251) & 0xff;
}

TEST_F_TIMEOUT(echo, a_write_larger_than_the_stream, 20)
{
	const long size = 300000;
	unsigned char *block = malloc(size);
	pid_t child;
	long i;

	for (i = 0; i < size; i++)
		block[i] = pattern(i);
	child = fork();
	if (child == 0) {
		unsigned char got[3000];
		ssize_t done = 1;

		for (i = 0; i < size && done > 0;) {
			done = read(self->fd, got, sizeof(got));
			for (ssize_t j = 0; j < done; j++, i++)
				if (got[j] != pattern(i))
					_exit(1);
		}
		_exit(i == size ? 0 : 2);
	}
	EXPECT_EQ(size, write(self->fd, block, size));
	EXPECT_EQ(0, child_status(child, 10));
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, write_from_nowhere_sends_nothing)
{
	EXPECT_EQ(-1, write(self->fd, nowhere, 10));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, write(self->fd, self->edge, 10));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_TRUE(empty(self->fd));
	EXPECT_EQ(4, write(self->fd, self->edge, 4));
	EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
	EXPECT_READ("edge", 60);
}

TEST_F(echo, read_to_nowhere_loses_nothing)
{
	ssize_t done;

	ASSERT_EQ(10, write(self->fd, "0123456789", 10));
	ASSERT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
	EXPECT_EQ(-1, read(self->fd, nowhere, 10));
	EXPECT_EQ(EFAULT, errno);

	/* Either answer is right, as long as each byte is delivered once. */
	done = read(self->fd, self->edge, 10);
	if (done < 0) {
		EXPECT_EQ(EFAULT, errno);
		EXPECT_READ("0123456789", 60);
	} else {
		EXPECT_EQ(4, done);
		EXPECT_EQ(0, memcmp(self->edge, "0123", 4));
		EXPECT_READ("456789", 60);
	}
}

TEST_F_TIMEOUT(echo, a_signal_ends_a_waiting_read, 10)
{
	signal_soon();
	EXPECT_EQ(-1, read(self->fd, self->text, 1));
	EXPECT_EQ(EINTR, errno);
	signal_stop();
	ASSERT_EQ(1, write(self->fd, "x", 1));
	EXPECT_READ("x", 60);
}

TEST_F_TIMEOUT(echo, a_signal_ends_a_waiting_write, 10)
{
	long total = fill(self->fd, 100);
	char block[100] = "";

	ASSERT_LT(0, total);
	signal_soon();
	EXPECT_EQ(-1, write(self->fd, block, sizeof(block)));
	EXPECT_EQ(EINTR, errno);
	signal_stop();
	EXPECT_EQ(total, drain_exactly(self->fd, total));
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, a_vector_is_one_message)
{
	struct iovec out[] = { { "abc", 3 }, { "", 0 }, { "defg", 4 } };
	char head[3] = "", tail[8] = "";
	struct iovec in[] = { { head, 2 }, { tail, 7 } };

	ASSERT_EQ(0, ioctl(self->fd, I_SRDOPT, RMSGN));
	ASSERT_EQ(7, writev(self->fd, out, 3));
	ASSERT_EQ(2, write(self->fd, "hi", 2));
	ASSERT_EQ(0, wait_messages(self->fd, 2));
	EXPECT_EQ(7, readv(self->fd, in, 2));
	EXPECT_STREQ("ab", head);
	EXPECT_STREQ("cdefg", tail);
	EXPECT_READ("hi", 60);
}

TEST_F(echo, the_number_waiting)
{
	int bytes = -1;

	EXPECT_EQ(0, ioctl(self->fd, I_NREAD, &bytes));
	EXPECT_EQ(0, bytes);
	ASSERT_EQ(6, write(self->fd, "abcdef", 6));
	ASSERT_EQ(2, write(self->fd, "gh", 2));
	ASSERT_EQ(0, wait_messages(self->fd, 2));
	EXPECT_EQ(2, ioctl(self->fd, I_NREAD, &bytes));
	EXPECT_EQ(6, bytes);
	EXPECT_EQ(-1, ioctl(self->fd, I_NREAD, nowhere));
	EXPECT_EQ(EFAULT, errno);
}

TEST_HARNESS_MAIN
