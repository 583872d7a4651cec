// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/streams/stat: what is counted moves when the thing happens,
 * and by how much; what lives is counted down again.
 */
#include "streams_test.h"

#define STAT	"/sys/kernel/debug/streams/stat"
#define MOST	64

struct stats {
	int	lines;
	char	name[MOST][32];
	long	value[MOST];
};

/* read_stats - all lines; 0, or -1 where one is not a name and a number */
static int read_stats(struct stats *stats)
{
	FILE *file = fopen(STAT, "r");
	int fields = EOF, i = 0;

	if (!file)
		return -1;
	while (i < MOST) {
		fields = fscanf(file, "%31s %ld\n", stats->name[i], &stats->value[i]);
		if (fields != 2)
			break;
		i++;
	}
	stats->lines = i;
	return fclose(file) || fields != EOF ? -1 : 0;
}

static long stat_of(const struct stats *stats, const char *name)
{
	for (int i = 0; i < stats->lines; i++)
		if (!strcmp(stats->name[i], name))
			return stats->value[i];
	return -1000000;
}

/* settle - until nothing is freed any more that was given back before; 0, or -1 */
static int settle(struct stats *stats)
{
	long long deadline = now_ms() + 5000LL * slow();
	int quiet = 0;

	if (read_stats(stats))
		return -1;
	while (quiet < 10 && now_ms() < deadline) {
		struct stats last = *stats;

		pause_ms(20);
		if (read_stats(stats))
			return -1;
		quiet = memcmp(last.value, stats->value, sizeof(last.value)) ? 0 : quiet + 1;
	}
	return 0;
}

FIXTURE(stat)
{
	struct stats before, after;	/* lines that are not there are 0 */
};

FIXTURE_SETUP(stat)
{
	if (access(STAT, R_OK))
		SKIP(return, "no debugfs here, or not root");
	ASSERT_EQ(0, settle(&self->before));
	ASSERT_LT(0, self->before.lines);
}

FIXTURE_TEARDOWN(stat)
{
}

/* moved - by how much since the fixture began */
#define MOVED(name) ({								\
	ASSERT_EQ(0, read_stats(&self->after));					\
	stat_of(&self->after, name) - stat_of(&self->before, name);		\
})

/* EXPECT_MOVES - to this, in a while: what is freed is freed after a grace period */
#define EXPECT_MOVES(much, name)						\
	do {									\
		long long deadline = now_ms() + 3000LL * slow();		\
										\
		while (MOVED(name) != (much) && now_ms() < deadline)		\
			pause_ms(10);						\
		EXPECT_EQ(much, MOVED(name)) TH_LOG("it is " name);		\
	} while (0)

TEST_F(stat, counts_a_stream_and_its_queue_pairs)
{
	int fd = open(ECHO_NODE, O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(1, MOVED("opens"));
	EXPECT_EQ(1, MOVED("streams_made"));
	EXPECT_EQ(2, MOVED("pairs_made"));
	ASSERT_EQ(0, ioctl(fd, I_PUSH, "nullmod"));
	EXPECT_EQ(1, MOVED("pushes"));
	EXPECT_EQ(3, MOVED("pairs_made"));
	ASSERT_EQ(0, ioctl(fd, I_POP, 0));
	EXPECT_EQ(1, MOVED("pops"));
	EXPECT_EQ(0, close(fd));
	EXPECT_MOVES(1, "streams_freed");
	EXPECT_MOVES(3, "pairs_freed");
	EXPECT_MOVES(0, "live_streams");
	EXPECT_MOVES(0, "live_pairs");
	EXPECT_MOVES(0, "live_perimeters");
}

/* Two opens of one minor are one stream. */
TEST_F(stat, counts_opens_apart_from_streams)
{
	int one = open_loop(2, O_RDWR), two = open_loop(2, O_RDWR);

	ASSERT_LE(0, one);
	ASSERT_LE(0, two);
	EXPECT_EQ(2, MOVED("opens"));
	EXPECT_EQ(1, MOVED("streams_made"));
	EXPECT_EQ(1, MOVED("live_streams"));
	close(one);
	EXPECT_EQ(1, MOVED("live_streams"));
	close(two);
	EXPECT_MOVES(0, "live_streams");
}

TEST_F(stat, a_failed_open_leaves_nothing)
{
	EXPECT_EQ(-1, open("/dev/streams/loop0", O_RDWR | O_DIRECTORY));
	for (int i = 0; i < 3; i++) {
		int fd = open(ECHO_NODE, O_RDWR);

		EXPECT_EQ(-1, ioctl(fd, I_PUSH, "nosuch"));
		close(fd);
	}
	EXPECT_EQ(0, MOVED("pushes"));
	EXPECT_MOVES(0, "live_pairs");
	EXPECT_MOVES(0, "live_perimeters");
}

TEST_F(stat, counts_the_services_that_a_message_needs)
{
	int fd = open(ECHO_NODE, O_RDWR);
	char answer[8];

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, I_PUSH, "relay"));
	ASSERT_EQ(0, read_stats(&self->before));
	ASSERT_EQ(4, write(fd, "ping", 4));
	ASSERT_EQ(4, read(fd, answer, sizeof(answer)));
	/* down and up again through relay, which serves both its queues */
	EXPECT_LE(2, MOVED("services"));
	EXPECT_LE(2, MOVED("enables"));
	EXPECT_EQ(0, MOVED("opens"));
	close(fd);
}

TEST_F(stat, counts_who_waits_and_who_is_enabled_behind)
{
	char block[4096];
	int end[2], left;
	pid_t child;

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	ASSERT_EQ(0, ioctl(end[0], I_PUSH, "relay"));
	ASSERT_LT(0, fill(end[0], 512));
	ASSERT_EQ(0, read_stats(&self->before));
	child = fork();
	if (child == 0)
		_exit(write(end[0], "x", 1) != 1);
	EXPECT_TRUE(blocked(child));
	EXPECT_LE(1, MOVED("head_sleeps"));
	set_nonblock(end[1], true);
	left = 30;
	while (alive(child) && left--) {
		while (read(end[1], block, sizeof(block)) > 0)
			;
		pause_ms(20);
	}
	EXPECT_EQ(0, child_status(child, 10));
	EXPECT_LE(1, MOVED("back_enables"));
	close_now(end[0]);
	close_now(end[1]);
}

/* Three messages of one block wait in the driver, and go when the stream does. */
TEST_F(stat, counts_message_blocks)
{
	int fd = open_loop(8, O_RDWR);
	long at_open;

	ASSERT_LE(0, fd);
	at_open = MOVED("live_blocks");
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(4, write(fd, "text", 4));
	EXPECT_EQ(at_open + 3, MOVED("live_blocks"));
	EXPECT_LE(3, MOVED("blocks_made"));
	close_now(fd);
	EXPECT_MOVES(0, "live_blocks");
}

/* The first message of a band makes the records up to it, once. */
TEST_F(stat, counts_the_bands)
{
	int end[2];

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	ASSERT_EQ(0, read_stats(&self->before));
	ASSERT_EQ(0, put_text(end[0], NULL, "b", 3, MSG_BAND));
	ASSERT_EQ(0, wait_messages(end[1], 1));
	EXPECT_EQ(3, MOVED("bands_made"));
	ASSERT_EQ(0, put_text(end[0], NULL, "b", 3, MSG_BAND));
	ASSERT_EQ(0, wait_messages(end[1], 2));
	EXPECT_EQ(3, MOVED("bands_made"));
	close_now(end[0]);
	close_now(end[1]);
}

TEST_F(stat, strstat_prints_the_same)
{
	struct stats shown = { 0 };
	char line[128];
	FILE *pipe;

	pipe = popen("strstat", "r");
	ASSERT_NE(NULL, pipe);
	while (shown.lines < MOST && fgets(line, sizeof(line), pipe)) {
		if (sscanf(line, "%31s %ld", shown.name[shown.lines],
			   &shown.value[shown.lines]) == 2)
			shown.lines++;
	}
	ASSERT_EQ(0, pclose(pipe));
	EXPECT_EQ(self->before.lines, shown.lines);
	for (int i = 0; i < shown.lines; i++)
		EXPECT_STREQ(self->before.name[i], shown.name[i]);
	EXPECT_EQ(stat_of(&self->before, "opens"), stat_of(&shown, "opens"));
}

/* The second column is what came since the line above. */
TEST_F(stat, strstat_prints_what_has_changed)
{
	char line[128], name[32] = "";
	long total, more, opens = -1;
	FILE *pipe;

	pipe = popen("strstat -i 1 -c 2", "r");
	ASSERT_NE(NULL, pipe);
	/* The first table is there: what is done now is in the second. */
	for (int i = 0; i < self->before.lines; i++)
		ASSERT_NE(NULL, fgets(line, sizeof(line), pipe));
	for (int i = 0; i < 3; i++)
		close(open(ECHO_NODE, O_RDWR));
	while (fgets(line, sizeof(line), pipe)) {
		if (sscanf(line, "%31s %ld %ld", name, &total, &more) == 3 &&
		    !strcmp(name, "opens"))
			opens = more;
	}
	EXPECT_EQ(0, pclose(pipe));
	EXPECT_EQ(3, opens);
}

TEST_HARNESS_MAIN
