// SPDX-License-Identifier: GPL-2.0-only
/*
 * A 32-bit program on a 64-bit kernel: its structures have another layout, and
 * mean the same.
 */
#include "../tools/libstreams/libstreams.c"

#include "streams_test.h"

#include <sys/bufmod.h>

__STR_ASSERT(sizeof(void *) == 4);

FIXTURE(echo)
{
	int fd;
};

FIXTURE_SETUP(echo)
{
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(echo)
{
	close_now(self->fd);
}

TEST_F(echo, plain_reading_and_writing)
{
	char text[8] = "";
	int bytes = -1;

	EXPECT_EQ(1, isastream(self->fd));
	ASSERT_EQ(3, write(self->fd, "abc", 3));
	ASSERT_EQ(0, wait_messages(self->fd, 1));
	EXPECT_EQ(1, ioctl(self->fd, I_NREAD, &bytes));
	EXPECT_EQ(3, bytes);
	EXPECT_EQ(3, read(self->fd, text, 7));
	EXPECT_STREQ("abc", text);
}

TEST_F(echo, messages)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, "control", "data", 6, MSG_BAND));
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_STREQ("control", got.ctl);
	EXPECT_STREQ("data", got.data);
	EXPECT_EQ(7, got.ctl_len);
	EXPECT_EQ(4, got.data_len);
	EXPECT_EQ(6, got.band);
	EXPECT_EQ(MSG_BAND, got.flags);
}

TEST_F(echo, modules)
{
	struct str_mlist names[4] = { { "" }, { "" }, { "keep" } };
	struct str_list list = { .sl_nmods = 2, .sl_modlist = names };
	char name[FMNAMESZ + 1] = "";

	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "nullmod"));
	EXPECT_EQ(0, ioctl(self->fd, I_LOOK, name));
	EXPECT_STREQ("nullmod", name);
	EXPECT_EQ(2, ioctl(self->fd, I_LIST, NULL));
	EXPECT_EQ(0, ioctl(self->fd, I_LIST, &list));
	EXPECT_EQ(2, list.sl_nmods);
	EXPECT_STREQ("nullmod", names[0].l_name);
	EXPECT_STREQ("echo", names[1].l_name);
	EXPECT_STREQ("keep", names[2].l_name);
	EXPECT_EQ(0, ioctl(self->fd, I_POP, 0));
}

TEST_F(echo, ioctls_for_the_driver)
{
	struct echo_pair pair = { 20, 22 };
	char text[] = "hello";
	int len = 5;

	EXPECT_EQ(0, str_ioctl(self->fd, ECHO_UPPER, text, &len, 0));
	EXPECT_EQ(5, len);
	EXPECT_STREQ("HELLO", text);
	EXPECT_EQ(-1, str_ioctl(self->fd, ECHO_NAK, NULL, NULL, 5));
	EXPECT_EQ(EDOM, errno);
	EXPECT_EQ(42, ioctl(self->fd, ECHO_TSET, &pair));
	EXPECT_EQ(0, ioctl(self->fd, ECHO_TGET, &pair));
	EXPECT_EQ(1, pair.a);
	EXPECT_EQ(2, pair.b);
}

/* A struct timeval has 8 bytes here, the kernel's has 16, and so may one of 32 bits. */
TEST_F(echo, times_for_a_module)
{
	struct timeval time = { 1, 250000 };
	long long wide[2] = { 5LL << 32, 250000 };
	int len = sizeof(time);

	__STR_ASSERT(sizeof(time) == 8);
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "bufmod"));
	EXPECT_EQ(0, str_ioctl(self->fd, SBIOCSTIME, &time, &len, -1));
	EXPECT_EQ(0, len);
	time = (struct timeval){ -1, -1 };
	EXPECT_EQ(0, str_ioctl(self->fd, SBIOCGTIME, &time, &len, 5));
	EXPECT_EQ(8, len);
	EXPECT_EQ(1, time.tv_sec);
	EXPECT_EQ(250000, time.tv_usec);
	time = (struct timeval){ 7, 8 };
	EXPECT_EQ(0, ioctl(self->fd, SBIOCSTIME, &time));
	time = (struct timeval){ -1, -1 };
	EXPECT_EQ(0, ioctl(self->fd, SBIOCGTIME, &time));
	EXPECT_EQ(7, time.tv_sec);
	EXPECT_EQ(8, time.tv_usec);
	len = sizeof(wide);
	EXPECT_EQ(0, str_ioctl(self->fd, SBIOCSTIME, wide, &len, 5));
	wide[0] = wide[1] = -1;
	len = sizeof(wide);
	EXPECT_EQ(0, str_ioctl(self->fd, SBIOCGTIME, wide, &len, 5));
	EXPECT_EQ(16, len);
	EXPECT_EQ(5LL << 32, wide[0]);
	EXPECT_EQ(250000, wide[1]);
	len = 12;
	EXPECT_EQ(-1, str_ioctl(self->fd, SBIOCSTIME, wide, &len, 5));
	EXPECT_EQ(EINVAL, errno);
}

TEST_HARNESS_MAIN
