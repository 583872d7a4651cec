// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctls for a driver: I_STR and the transparent ones, answered, refused,
 * ignored and interrupted; alone on the stream and through modules.
 */
#include "streams_test.h"

#include <sys/mman.h>

FIXTURE(echo)
{
	int fd;
};

FIXTURE_VARIANT(echo)
{
	const char *modules[2];
};

FIXTURE_VARIANT_ADD(echo, bare) { };
FIXTURE_VARIANT_ADD(echo, through_nullmod) { .modules = { "nullmod" } };
FIXTURE_VARIANT_ADD(echo, through_relay_and_nullmod) { .modules = { "nullmod", "relay" } };

FIXTURE_SETUP(echo)
{
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
	for (int i = 0; i < 2 && variant->modules[i]; i++)
		ASSERT_EQ(0, ioctl(self->fd, I_PUSH, variant->modules[i]));
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

/* upper_works - the stream still answers ioctls */
static bool upper_works(int fd)
{
	char text[6] = "hello";
	int len = 5;

	return str_ioctl(fd, ECHO_UPPER, text, &len, 5 * slow()) == 0 && len == 5 &&
	       !strcmp(text, "HELLO");
}

TEST_F(echo, an_answer_brings_data)
{
	char text[16] = "mixed Case 42.";
	int len = 14;

	EXPECT_EQ(0, str_ioctl(self->fd, ECHO_UPPER, text, &len, 0));
	EXPECT_EQ(14, len);
	EXPECT_STREQ("MIXED CASE 42.", text);
	len = 0;
	EXPECT_EQ(0, str_ioctl(self->fd, ECHO_UPPER, text, &len, 0));
	EXPECT_EQ(0, len);
}

TEST_F(echo, a_refusal_brings_its_errno)
{
	EXPECT_ERROR(EDOM, str_ioctl(self->fd, ECHO_NAK, NULL, NULL, 5));
	EXPECT_ERROR(EINVAL, str_ioctl(self->fd, ('e' << 8) | 0x7f, NULL, NULL, 5));
	EXPECT_TRUE(upper_works(self->fd));
}

TEST_F_TIMEOUT(echo, silence_times_out, 10)
{
	long long before = now_ms();

	EXPECT_ERROR(ETIME, str_ioctl(self->fd, ECHO_MUTE, NULL, NULL, 1));
	EXPECT_LE(1000, now_ms() - before);
	EXPECT_GT(1000 + 3000 * slow(), now_ms() - before);
	EXPECT_TRUE(upper_works(self->fd));
}

TEST_F_TIMEOUT(echo, nonblocking_makes_no_difference, 10)
{
	set_nonblock(self->fd, true);
	EXPECT_ERROR(ETIME, str_ioctl(self->fd, ECHO_MUTE, NULL, NULL, 1));
	EXPECT_TRUE(upper_works(self->fd));
}

TEST_F_TIMEOUT(echo, a_signal_ends_the_wait, 10)
{
	signal_soon();
	EXPECT_ERROR(EINTR, str_ioctl(self->fd, ECHO_MUTE, NULL, NULL, INFTIM));
	signal_stop();
	EXPECT_TRUE(upper_works(self->fd));
}

TEST_F_TIMEOUT(echo, one_at_a_time, 15)
{
	pid_t mute = fork();
	long long before;

	if (mute == 0)
		_exit(str_ioctl(self->fd, ECHO_MUTE, NULL, NULL, 1) == 0 || errno != ETIME);
	ASSERT_TRUE(blocked(mute));
	before = now_ms();
	EXPECT_TRUE(upper_works(self->fd));
	/* Most of the second was still to go; the 150 ms of blocked() may have been long. */
	if (slow() == 1)
		EXPECT_LT(300, now_ms() - before);
	EXPECT_EQ(0, child_status(mute, 5));
}

TEST_F(echo, lengths_and_times_that_make_no_sense)
{
	char text[4] = "abc";
	int len = -1;

	EXPECT_ERROR(EINVAL, str_ioctl(self->fd, ECHO_UPPER, text, &len, 0));
	len = 1 << 30;
	EXPECT_ERROR(EINVAL, str_ioctl(self->fd, ECHO_UPPER, text, &len, 0));
	len = 3;
	EXPECT_ERROR(EINVAL, str_ioctl(self->fd, ECHO_UPPER, text, &len, -2));
	EXPECT_STREQ("abc", text);
}

TEST_F(echo, links_cannot_be_wrapped)
{
	EXPECT_ERROR(EINVAL, str_ioctl(self->fd, I_LINK, NULL, NULL, 0));
	EXPECT_ERROR(EINVAL, str_ioctl(self->fd, I_PUNLINK, NULL, NULL, 0));
}

TEST_F(echo, data_from_nowhere)
{
	long page = sysconf(_SC_PAGESIZE);
	char *sealed = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int len = 4;

	ASSERT_NE(MAP_FAILED, sealed);
	EXPECT_ERROR(EFAULT, ioctl(self->fd, I_STR, nowhere));
	EXPECT_ERROR(EFAULT, str_ioctl(self->fd, ECHO_UPPER, nowhere, &len, 0));
	/* readable, so it goes down; the answer finds no place */
	EXPECT_ERROR(EFAULT, str_ioctl(self->fd, ECHO_UPPER, sealed, &len, 0));
	EXPECT_TRUE(upper_works(self->fd));
}

TEST_F(echo, a_transparent_ioctl_copies_out)
{
	struct echo_pair pair = { 0 };

	EXPECT_EQ(0, ioctl(self->fd, ECHO_TGET, &pair));
	EXPECT_EQ(1, pair.a);
	EXPECT_EQ(2, pair.b);
	EXPECT_ERROR(EFAULT, ioctl(self->fd, ECHO_TGET, nowhere));
	EXPECT_TRUE(upper_works(self->fd));
}

TEST_F(echo, a_transparent_ioctl_copies_in)
{
	struct echo_pair pair = { 20, 22 };

	EXPECT_EQ(42, ioctl(self->fd, ECHO_TSET, &pair));
	EXPECT_ERROR(EFAULT, ioctl(self->fd, ECHO_TSET, nowhere));
	pair = (struct echo_pair){ 300, 4 };
	EXPECT_EQ(304, ioctl(self->fd, ECHO_TSET, &pair));
	EXPECT_TRUE(upper_works(self->fd));
}

TEST_F(echo, an_ioctl_nobody_knows)
{
	EXPECT_ERROR(EINVAL, ioctl(self->fd, ('e' << 8) | 0x7e, 0));
	EXPECT_ERROR(EINVAL, ioctl(self->fd, 0x12345678, 0));
	EXPECT_ERROR(EINVAL, ioctl(self->fd, ('S' << 8) | 0xff, 0));
	EXPECT_TRUE(upper_works(self->fd));
}

/* Not through a relay: an ioctl has no priority, and waits in its queue. */
TEST(a_driver_answers_although_the_stream_is_full)
{
	int fd = open(ECHO_NODE, O_RDWR);
	long total;

	ASSERT_LE(0, fd);
	total = fill(fd, 100);
	ASSERT_LT(0, total);
	EXPECT_TRUE(upper_works(fd));
	EXPECT_EQ(total, drain_exactly(fd, total));
}

TEST_F_TIMEOUT(echo, answers_find_their_questions, 20)
{
	pid_t child[4];

	for (int c = 0; c < 4; c++) {
		child[c] = fork();
		if (child[c])
			continue;
		for (int i = 0; i < 100; i++) {
			struct echo_pair pair = { c * 1000, i };
			char text[2] = { 'a' + c, 0 };
			int len = 1;

			if (ioctl(self->fd, ECHO_TSET, &pair) != c * 1000 + i)
				_exit(1);
			if (str_ioctl(self->fd, ECHO_UPPER, text, &len, 0) || text[0] != 'A' + c)
				_exit(2);
		}
		_exit(0);
	}
	for (int c = 0; c < 4; c++)
		EXPECT_EQ(0, child_status(child[c], 15));
}

TEST_HARNESS_MAIN
