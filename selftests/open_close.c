// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening and closing: which opens share a stream, and when it ends.
 */
#include "streams_test.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

/* node_beside - a device node of the same driver as PATH, with this minor */
static int node_beside(const char *path, unsigned int minor_number, char *node, size_t size)
{
	struct stat st;

	if (stat(path, &st))
		return -1;
	snprintf(node, size, "/tmp/streams-node-%d", getpid());
	unlink(node);
	return mknod(node, S_IFCHR | 0600, makedev(major(st.st_rdev), minor_number));
}

TEST(every_open_of_the_clone_node_is_a_stream_of_its_own)
{
	int a = open(ECHO_NODE, O_RDWR), b = open(ECHO_NODE, O_RDWR);
	char text[8] = "";

	ASSERT_LE(0, a);
	ASSERT_LE(0, b);
	ASSERT_EQ(3, write(a, "one", 3));
	ASSERT_EQ(POLLIN, events_of(a, POLLIN, 5));
	EXPECT_EQ(0, events_of(b, POLLIN, 0));
	EXPECT_EQ(3, read(a, text, sizeof(text)));
	EXPECT_STREQ("one", text);
}

TEST(clones_get_minors_of_their_own)
{
	int fd[40], minor[40];

	for (int i = 0; i < 40; i++) {
		fd[i] = open(LOOP_NODE, O_RDWR);
		ASSERT_LE(0, fd[i]);
		minor[i] = loop_minor(fd[i]);
		EXPECT_LE(16, minor[i]);
		for (int j = 0; j < i; j++)
			EXPECT_NE(minor[j], minor[i]);
	}
	for (int i = 0; i < 40; i++)
		EXPECT_EQ(0, close(fd[i]));
}

TEST(opens_of_one_minor_share_the_stream)
{
	int a = open_loop(4, O_RDWR), b = open_loop(4, O_RDWR), peer = open_loop(5, O_RDWR);
	char name[FMNAMESZ + 1] = "", text[8] = "";

	ASSERT_LE(0, a);
	ASSERT_LE(0, b);
	ASSERT_LE(0, peer);
	EXPECT_EQ(4, loop_minor(a));
	EXPECT_EQ(4, loop_minor(b));

	ASSERT_EQ(0, ioctl(a, I_PUSH, "nullmod"));
	EXPECT_EQ(0, ioctl(b, I_LOOK, name));
	EXPECT_STREQ("nullmod", name);

	ASSERT_EQ(4, write(peer, "wxyz", 4));
	EXPECT_EQ(POLLIN, events_of(b, POLLIN, 5));
	EXPECT_EQ(2, read(a, text, 2));
	EXPECT_EQ(2, read(b, text + 2, 2));
	EXPECT_STREQ("wxyz", text);
}

TEST(a_stream_ends_with_its_last_descriptor)
{
	int a = open_loop(6, O_RDWR), peer = open_loop(7, O_RDWR), b, c;

	ASSERT_LE(0, a);
	ASSERT_LE(0, peer);
	b = open_loop(6, O_RDWR);
	c = dup(a);
	ASSERT_LE(0, b);
	ASSERT_EQ(0, ioctl(a, I_PUSH, "nullmod"));
	close(a);
	close(b);
	EXPECT_EQ(0, events_of(peer, POLLIN, 0));
	EXPECT_EQ(2, ioctl(c, I_LIST, NULL));
	close(c);
	EXPECT_EQ(POLLHUP, events_of(peer, 0, 5));
}

TEST(a_new_stream_remembers_nothing)
{
	int a = open_loop(6, O_RDWR), peer = open_loop(7, O_RDWR);
	char name[FMNAMESZ + 1];

	ASSERT_LE(0, a);
	ASSERT_LE(0, peer);
	ASSERT_EQ(0, ioctl(a, I_PUSH, "nullmod"));
	ASSERT_EQ(3, write(peer, "old", 3));
	ASSERT_EQ(POLLIN, events_of(a, POLLIN, 5));
	close(a);
	close(peer);

	a = open_loop(6, O_RDWR);
	peer = open_loop(7, O_RDWR);
	ASSERT_LE(0, a);
	ASSERT_LE(0, peer);
	EXPECT_EQ(-1, ioctl(a, I_LOOK, name));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_TRUE(empty(a));
	EXPECT_EQ(0, events_of(peer, POLLIN, 0));
}

TEST(a_child_keeps_the_stream_open)
{
	int a = open_loop(6, O_RDWR), peer = open_loop(7, O_RDWR), go[2];
	pid_t child;

	ASSERT_LE(0, a);
	ASSERT_LE(0, peer);
	ASSERT_EQ(0, pipe(go));
	child = fork();
	if (child == 0) {
		char c;

		close(go[1]);
		close(peer);
		_exit(read(go[0], &c, 1));
	}
	close(a);
	EXPECT_EQ(0, events_of(peer, POLLIN, 0));
	close(go[1]);
	EXPECT_EQ(0, child_status(child, 5));
	EXPECT_EQ(POLLHUP, events_of(peer, 0, 5));
}

TEST(a_close_waits_for_what_was_written)
{
	int end[2];
	pid_t child;
	long total;

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	ASSERT_EQ(0, ioctl(end[0], I_PUSH, "relay"));
	total = fill(end[0], 100);
	ASSERT_LT(TEST_HIWAT, total);
	child = fork();
	if (child == 0) {
		close(end[1]);
		pause_ms(50);
		_exit(close(end[0]));
	}
	close(end[0]);		/* the child's is the last one now */
	EXPECT_TRUE(blocked(child));
	EXPECT_EQ(total, drain_exactly(end[1], total));
	EXPECT_EQ(0, child_status(child, 5));
	EXPECT_EQ(POLLHUP, events_of(end[1], POLLIN, 5));
}

/* Nobody reads: without the signal it would wait for as long as it may, 15 seconds. */
TEST(a_signal_ends_the_wait_of_a_close)
{
	long long before;
	int end[2];
	pid_t child;

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	ASSERT_EQ(0, ioctl(end[0], I_PUSH, "relay"));
	ASSERT_LT(TEST_HIWAT, fill(end[0], 100));
	child = fork();
	if (child == 0) {
		close(end[1]);
		pause_ms(50);
		before = now_ms();
		signal_soon();
		_exit(close(end[0]) || now_ms() - before > 10000);
	}
	close(end[0]);		/* the child's is the last one now */
	EXPECT_EQ(0, child_status(child, 12));
	EXPECT_TRUE(events_of(end[1], POLLIN, 5) & POLLHUP);
}

TEST(a_close_that_must_not_wait)
{
	int end[2];
	long long before;

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	ASSERT_EQ(0, ioctl(end[0], I_PUSH, "relay"));
	ASSERT_LT(0, fill(end[0], 100));
	before = now_ms();
	EXPECT_EQ(0, close_now(end[0]));
	EXPECT_GT(2000 * slow(), now_ms() - before);
}

TEST(a_minor_the_driver_does_not_have)
{
	char node[64];

	if (geteuid())
		SKIP(return, "needs root, to make a device node");
	ASSERT_EQ(0, node_beside(LOOP_NODE "0", 5000, node, sizeof(node)));
	EXPECT_EQ(-1, open(node, O_RDWR));
	EXPECT_EQ(ENXIO, errno);
	unlink(node);
}

TEST(the_mode_of_the_open_counts)
{
	int reader = open_loop(6, O_RDONLY), writer = open_loop(7, O_WRONLY);
	char text[8] = "";
	struct got got;

	ASSERT_LE(0, reader);
	ASSERT_LE(0, writer);
	EXPECT_EQ(-1, write(reader, "x", 1));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(-1, put_text(reader, "x", NULL, 0, MSG_BAND));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(-1, read(writer, text, 1));
	EXPECT_EQ(EBADF, errno);
	got = get_any(writer);
	EXPECT_EQ(-1, got.result);
	EXPECT_EQ(EBADF, errno);

	ASSERT_EQ(2, write(writer, "ok", 2));
	ASSERT_EQ(POLLIN, events_of(reader, POLLIN, 5));
	EXPECT_EQ(2, read(reader, text, sizeof(text)));
	EXPECT_STREQ("ok", text);
}

TEST(a_stream_is_known_as_one)
{
	int fd = open(ECHO_NODE, O_RDWR), ends[2];
	struct stat st;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, pipe(ends));
	EXPECT_EQ(1, isastream(fd));
	EXPECT_EQ(0, isastream(ends[0]));
	close(ends[0]);
	EXPECT_EQ(-1, isastream(ends[0]));
	EXPECT_EQ(EBADF, errno);

	ASSERT_EQ(0, fstat(fd, &st));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
	EXPECT_EQ((off_t)-1, lseek(fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
}

TEST(clones_join_once)
{
	int end[2], third = open(LOOP_NODE, O_RDWR), other, len = sizeof(int);
	char text[8] = "";

	ASSERT_LE(0, third);
	ASSERT_EQ(0, open_pair(end, O_RDWR));
	ASSERT_EQ(2, write(end[1], "up", 2));
	ASSERT_EQ(POLLIN, events_of(end[0], POLLIN, 5));
	EXPECT_EQ(2, read(end[0], text, sizeof(text)));
	EXPECT_STREQ("up", text);

	other = loop_minor(end[0]);
	EXPECT_EQ(-1, str_ioctl(third, LOOP_SET, &other, &len, 5));
	EXPECT_EQ(EBUSY, errno);
	other = loop_minor(third);
	len = sizeof(int);
	EXPECT_EQ(-1, str_ioctl(third, LOOP_SET, &other, &len, 5));
	EXPECT_EQ(EINVAL, errno);
	other = 4000;
	len = sizeof(int);
	EXPECT_EQ(-1, str_ioctl(third, LOOP_SET, &other, &len, 5));
	EXPECT_EQ(ENXIO, errno);
}

TEST_HARNESS_MAIN
