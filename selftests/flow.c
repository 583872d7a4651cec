// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flow control: a full stream holds its writers, a reader lets them go on, and
 * no byte is lost or held for ever.
 */
#include "streams_test.h"

#include <sys/mman.h>

/* A way from one descriptor to another. */
FIXTURE(way)
{
	int in, out;
};

FIXTURE_VARIANT(way)
{
	bool joined;			/* two loop streams; else one echo stream */
	const char *above, *below;	/* a module at the writer, one at the reader */
};

FIXTURE_VARIANT_ADD(way, echo) {
	.joined = false
};

FIXTURE_VARIANT_ADD(way, echo_with_relay) {
	.above = "relay"
};

FIXTURE_VARIANT_ADD(way, loop) {
	.joined = true
};

FIXTURE_VARIANT_ADD(way, loop_with_nullmod) {
	.joined = true, .above = "nullmod", .below = "nullmod"
};

FIXTURE_VARIANT_ADD(way, loop_with_relay) {
	.joined = true, .above = "relay", .below = "relay"
};

FIXTURE_SETUP(way)
{
	int end[2];

	if (variant->joined) {
		ASSERT_EQ(0, open_pair(end, O_RDWR));
	} else {
		end[0] = open(ECHO_NODE, O_RDWR);
		ASSERT_LE(0, end[0]);
		end[1] = dup(end[0]);
	}
	self->in = end[0];
	self->out = end[1];
	if (variant->above)
		ASSERT_EQ(0, ioctl(self->in, I_PUSH, variant->above));
	if (variant->below)
		ASSERT_EQ(0, ioctl(self->out, I_PUSH, variant->below));
}

FIXTURE_TEARDOWN(way)
{
	close_now(self->in);
	close_now(self->out);
}

TEST_F(way, a_full_stream_takes_no_more)
{
	char piece[100] = "";
	long total = fill(self->in, sizeof(piece));

	/* The head alone takes its high-water mark; a few queues may hold as much each. */
	EXPECT_LE(TEST_HIWAT, total);
	EXPECT_GT(20 * TEST_HIWAT, total);
	EXPECT_EQ(0, events_of(self->in, POLLOUT, 0));
	set_nonblock(self->in, true);
	EXPECT_EQ(-1, write(self->in, piece, sizeof(piece)));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, put_text(self->in, "control", NULL, 0, MSG_BAND));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(total, drain_exactly(self->out, total));
	EXPECT_TRUE(empty(self->out));
}

TEST_F(way, a_reader_makes_it_writable_again)
{
	for (int round = 0; round < 3; round++) {
		long total = fill(self->in, 512);

		ASSERT_LE(TEST_HIWAT, total);
		EXPECT_EQ(0, events_of(self->in, POLLOUT, 0));
		EXPECT_EQ(total, drain_exactly(self->out, total));
		EXPECT_EQ(POLLOUT, events_of(self->in, POLLOUT, 5));
		ASSERT_EQ(4, write(self->in, "more", 4));
		EXPECT_EQ(4, drain_exactly(self->out, 4));
	}
}

TEST_F(way, high_priority_does_not_wait)
{
	ASSERT_LT(0, fill(self->in, 100));
	set_nonblock(self->in, true);
	EXPECT_EQ(0, put_text(self->in, "urgent", NULL, 0, MSG_HIPRI));
	EXPECT_EQ(POLLPRI, events_of(self->out, POLLPRI, 5));
	EXPECT_STREQ("urgent", get_any(self->out).ctl);
}

TEST_F(way, another_band_is_not_full)
{
	struct got got;

	ASSERT_LT(0, fill(self->in, 100));
	set_nonblock(self->in, true);
	ASSERT_EQ(0, put_text(self->in, NULL, "band", 5, MSG_BAND));
	/* It overtakes what waits on the way. */
	for (int i = 0; i < 100 * slow() && events_of(self->out, POLLRDBAND, 0) == 0; i++)
		pause_ms(10);
	got = get_some(self->out, 255, 1023, 5, MSG_BAND);
	EXPECT_EQ(0, got.result);
	EXPECT_EQ(5, got.band);
	EXPECT_STREQ("band", got.data);
}

TEST_F(way, a_large_write_that_must_not_wait_is_cut)
{
	const ssize_t size = 1 << 20;
	char *block = calloc(1, size);
	ssize_t done;

	set_nonblock(self->in, true);
	done = write(self->in, block, size);
	EXPECT_LT(0, done);
	EXPECT_GT(size, done);
	EXPECT_EQ(-1, write(self->in, block, size));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(done, drain_exactly(self->out, done));
	EXPECT_TRUE(empty(self->out));
}

/* write_all - a child writes this much, and counts where its parent sees it */
static pid_t write_all(int fd, long size, volatile long *progress)
{
	pid_t child = fork();
	char piece[500];

	if (child)
		return child;
	for (long i = 0; i < size; i += sizeof(piece)) {
		memset(piece, i / sizeof(piece), sizeof(piece));
		if (write(fd, piece, sizeof(piece)) != sizeof(piece))
			_exit(1);
		*progress = i + sizeof(piece);
	}
	_exit(0);
}

TEST_F_TIMEOUT(way, a_writer_waits_for_its_reader, 20)
{
	const long size = 200000;
	volatile long *progress = mmap(NULL, sizeof(long), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t writer = write_all(self->in, size, progress);
	long before;
	char piece[500];

	do {
		before = *progress;
		ASSERT_TRUE(blocked(writer));
	} while (*progress != before || before == 0);
	EXPECT_LE(TEST_HIWAT, before);
	EXPECT_GT(size, before);

	for (long at = 0; at < size; at += sizeof(piece)) {
		ASSERT_EQ((long)sizeof(piece), read(self->out, piece, sizeof(piece)));
		ASSERT_EQ((char)(at / sizeof(piece)), piece[0]);
		ASSERT_EQ(piece[0], piece[499]);
	}
	EXPECT_EQ(0, child_status(writer, 5));
	EXPECT_TRUE(empty(self->out));
}

TEST_F_TIMEOUT(way, a_waiting_poll_sees_room, 10)
{
	long total = fill(self->in, 100);
	pid_t child;

	ASSERT_LT(0, total);
	child = fork();
	if (child == 0)
		_exit(events_of(self->in, POLLOUT, 8) == POLLOUT ? 0 : 1);
	EXPECT_TRUE(blocked(child));
	EXPECT_EQ(total, drain_exactly(self->out, total));
	EXPECT_EQ(0, child_status(child, 5));
}

TEST(an_end_without_its_peer_holds_the_data)
{
	int a = open_loop(8, O_RDWR), b;
	long total;

	ASSERT_LE(0, a);
	total = fill(a, 100);
	ASSERT_LE(1000, total);
	EXPECT_EQ(0, events_of(a, POLLOUT, 0));
	b = open_loop(9, O_RDWR);
	ASSERT_LE(0, b);
	EXPECT_EQ(total, drain_exactly(b, total));
	EXPECT_EQ(POLLOUT, events_of(a, POLLOUT, 5));
}

TEST_HARNESS_MAIN
