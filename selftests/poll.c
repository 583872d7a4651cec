// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll, select and epoll: what is reported, and that it wakes who waits.
 */
#include "streams_test.h"

#include <sys/epoll.h>
#include <sys/select.h>

#define EVERYTHING (POLLIN | POLLRDNORM | POLLRDBAND | POLLPRI | POLLOUT | POLLWRNORM | POLLWRBAND)

FIXTURE(pair)
{
	int a, b;		/* two loop streams, joined */
};

FIXTURE_SETUP(pair)
{
	int end[2];

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	self->a = end[0];
	self->b = end[1];
}

FIXTURE_TEARDOWN(pair)
{
	close(self->a);
	close(self->b);
}

TEST_F(pair, an_idle_stream_can_be_written)
{
	EXPECT_EQ(POLLOUT | POLLWRNORM | POLLWRBAND, events_of(self->a, EVERYTHING, 0));
	EXPECT_EQ(0, events_of(self->a, POLLIN | POLLRDNORM | POLLRDBAND | POLLPRI, 0));
}

TEST_F(pair, ordinary_data)
{
	ASSERT_EQ(1, write(self->b, "x", 1));
	EXPECT_EQ(POLLIN, events_of(self->a, POLLIN, 5));
	EXPECT_EQ(POLLIN | POLLRDNORM,
		  events_of(self->a, POLLIN | POLLRDNORM | POLLRDBAND | POLLPRI, 0));
	get_any(self->a);
	EXPECT_EQ(0, events_of(self->a, POLLIN | POLLRDNORM, 0));
}

TEST_F(pair, data_in_a_band)
{
	ASSERT_EQ(0, put_text(self->b, NULL, "x", 1, MSG_BAND));
	EXPECT_EQ(POLLIN, events_of(self->a, POLLIN, 5));
	EXPECT_EQ(POLLIN | POLLRDBAND,
		  events_of(self->a, POLLIN | POLLRDNORM | POLLRDBAND | POLLPRI, 0));
}

TEST_F(pair, high_priority_is_reported_alone)
{
	ASSERT_EQ(1, write(self->b, "x", 1));
	ASSERT_EQ(0, put_text(self->b, "urgent", NULL, 0, MSG_HIPRI));
	ASSERT_EQ(0, wait_messages(self->a, 2));
	EXPECT_EQ(POLLPRI, events_of(self->a, POLLIN | POLLRDNORM | POLLRDBAND | POLLPRI, 5));
	EXPECT_STREQ("urgent", get_any(self->a).ctl);
	EXPECT_EQ(POLLIN | POLLRDNORM,
		  events_of(self->a, POLLIN | POLLRDNORM | POLLRDBAND | POLLPRI, 0));
}

TEST_F(pair, hung_up)
{
	ASSERT_EQ(4, write(self->b, "last", 4));
	close(self->b);
	ASSERT_EQ(POLLHUP, events_of(self->a, 0, 5));
	EXPECT_EQ(POLLHUP | POLLIN | POLLRDNORM, events_of(self->a, EVERYTHING, 0));
	get_any(self->a);
	EXPECT_EQ(POLLHUP, events_of(self->a, POLLOUT | POLLWRNORM | POLLWRBAND, 0));
}

TEST_F(pair, in_error)
{
	int fd = open(ECHO_NODE, O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, str_ioctl(fd, ECHO_ERROR, NULL, NULL, 5));
	ASSERT_EQ(POLLERR, events_of(fd, POLLIN, 5));
	EXPECT_EQ(POLLERR, events_of(fd, EVERYTHING, 0));
}

/* What may wake a waiter, and what it then sees. */
static void do_write(int fd)
{
	write(fd, "x", 1);
}

static void do_band(int fd)
{
	put_text(fd, NULL, "x", 3, MSG_BAND);
}

static void do_hipri(int fd)
{
	put_text(fd, "x", NULL, 0, MSG_HIPRI);
}

static void do_close(int fd)
{
	close(fd);
}

FIXTURE(wakeup)
{
	int a, b;
};

FIXTURE_VARIANT(wakeup)
{
	short events, seen;
	void (*cause)(int fd);
};

FIXTURE_VARIANT_ADD(wakeup, message) { POLLIN, POLLIN, do_write };
FIXTURE_VARIANT_ADD(wakeup, band) { POLLRDBAND, POLLRDBAND, do_band };
FIXTURE_VARIANT_ADD(wakeup, high_priority) { POLLIN | POLLPRI, POLLPRI, do_hipri };
FIXTURE_VARIANT_ADD(wakeup, hangup) { POLLIN, POLLHUP, do_close };

FIXTURE_SETUP(wakeup)
{
	int end[2];

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	self->a = end[0];
	self->b = end[1];
}

FIXTURE_TEARDOWN(wakeup)
{
	close(self->a);
	close(self->b);
}

TEST_F_TIMEOUT(wakeup, by_another_process, 15)
{
	pid_t child = fork();

	if (child == 0) {
		short seen;

		close(self->b);
		seen = events_of(self->a, variant->events, 8);
		_exit(seen == variant->seen ? 0 : 1);
	}
	EXPECT_TRUE(blocked(child));
	variant->cause(self->b);
	EXPECT_EQ(0, child_status(child, 5));
}

TEST_F_TIMEOUT(wakeup, of_an_epoll, 15)
{
	struct epoll_event event = { .events = variant->events }, seen = { 0 };
	int set = epoll_create1(0);
	pid_t child;

	ASSERT_LE(0, set);
	ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, self->a, &event));
	EXPECT_EQ(0, epoll_wait(set, &seen, 1, 0));
	child = fork();
	if (child == 0) {
		close(self->b);
		if (epoll_wait(set, &seen, 1, 8000 * slow()) != 1)
			_exit(1);
		_exit(seen.events == (unsigned int)variant->seen ? 0 : 2);
	}
	EXPECT_TRUE(blocked(child));
	variant->cause(self->b);
	EXPECT_EQ(0, child_status(child, 5));
}

TEST_F(pair, an_edge_is_reported_once)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET }, seen;
	int set = epoll_create1(0);

	ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, self->a, &event));
	ASSERT_EQ(1, write(self->b, "x", 1));
	EXPECT_EQ(1, epoll_wait(set, &seen, 1, 5000 * slow()));
	EXPECT_EQ(0, epoll_wait(set, &seen, 1, 20));
	get_any(self->a);
	ASSERT_EQ(1, write(self->b, "y", 1));
	EXPECT_EQ(1, epoll_wait(set, &seen, 1, 5000 * slow()));
}

TEST_F(pair, select_knows_streams_too)
{
	struct timeval limit = { .tv_sec = 5 * slow() };
	fd_set in, out, urgent;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&urgent);
	ASSERT_EQ(0, put_text(self->b, "urgent", NULL, 0, MSG_HIPRI));
	FD_SET(self->a, &urgent);
	EXPECT_EQ(1, select(self->a + 1, NULL, NULL, &urgent, &limit));
	FD_SET(self->a, &in);
	FD_SET(self->a, &out);
	EXPECT_EQ(1, select(self->a + 1, &in, &out, NULL, &limit));
	EXPECT_FALSE(FD_ISSET(self->a, &in));
	EXPECT_TRUE(FD_ISSET(self->a, &out));
}

TEST_F_TIMEOUT(pair, every_message_wakes_its_reader, 20)
{
	pid_t child = fork();
	int seen = -1;

	/* Each goes to sleep in poll between two messages: no wake-up may be lost. */
	if (child == 0) {
		for (int i = 0; i < 1000; i++) {
			if (events_of(self->a, POLLIN, 5) != POLLIN ||
			    read(self->a, &seen, sizeof(seen)) != sizeof(seen) || seen != i ||
			    write(self->a, &seen, sizeof(seen)) != sizeof(seen))
				_exit(1);
		}
		_exit(0);
	}
	for (int i = 0; i < 1000; i++) {
		ASSERT_EQ((ssize_t)sizeof(i), write(self->b, &i, sizeof(i)));
		ASSERT_EQ(POLLIN, events_of(self->b, POLLIN, 5));
		ASSERT_EQ((ssize_t)sizeof(seen), read(self->b, &seen, sizeof(seen)));
		ASSERT_EQ(i, seen);
	}
	EXPECT_EQ(0, child_status(child, 5));
}

TEST_HARNESS_MAIN
