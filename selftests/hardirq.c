// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hard interrupts, as callers of the interface for drivers.  The driver hardirq does in
 * one what it is asked for, on every kernel; on PREEMPT_RT that is where neither locks
 * that sleep nor the slab may be used.
 */
#include "streams_test.h"
#include "hardirq/hardirq.h"

FIXTURE(hard)
{
	int	fd;
};

/* The last reference may go a moment after the last close. */
static bool taken_out(void)
{
	long long deadline = now_ms() + 3000LL * slow();

	while (system("rmmod hardirq 2>/dev/null")) {
		if (now_ms() > deadline)
			return false;
		pause_ms(20);
	}
	return true;
}

FIXTURE_SETUP(hard)
{
	if (geteuid())
		SKIP(return, "needs root, to load a module");
	ASSERT_EQ(0, system("modprobe hardirq"));
	self->fd = open("/dev/streams/hardirq", O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(hard)
{
	EXPECT_EQ(0, close_now(self->fd));
	EXPECT_TRUE(taken_out());
}

static int ask(int fd, int command)
{
	int len = 0;

	return str_ioctl(fd, command, NULL, &len, 10 * slow());
}

/* There is memory enough, so what cannot be had is what must not be asked for. */
TEST_F(hard, gets_what_can_be_had_there)
{
	for (int i = 0; i < 20; i++) {
		int got = ask(self->fd, HARD_GET), wanted = GOT_ALL;

		ASSERT_LE(0, got);
		if (got & NO_SLAB)
			wanted = got & NONE_READY ? 0 : GOT_SMALL;
		ASSERT_EQ(wanted, got & GOT_ALL);
	}
}

TEST_F(hard, frees_messages_of_every_kind)
{
	for (int i = 0; i < 20; i++)
		ASSERT_EQ(200, ask(self->fd, HARD_FREE));
}

TEST_F(hard, what_it_sends_arrives_in_order)
{
	for (int i = 0; i < 100; i++) {
		char text[4] = "";

		ASSERT_EQ(0, ask(self->fd, HARD_SEND));
		for (int k = 0; k < 3; k++)
			ASSERT_EQ(1, read(self->fd, text + k, 1));
		ASSERT_STREQ("abc", text);
	}
}

TEST_F(hard, enables_a_service_procedure)
{
	for (int i = 0; i < 100; i++) {
		char text[2] = "";

		ASSERT_EQ(0, ask(self->fd, HARD_SERVE));
		ASSERT_EQ(1, read(self->fd, text, 1));
		ASSERT_STREQ("s", text);
	}
}

TEST_HARNESS_MAIN
