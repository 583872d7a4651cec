// SPDX-License-Identifier: GPL-2.0-only
/*
 * getmsg and putmsg: messages with control and data parts, high priority and
 * bands, and every errno that the text of the standard promises for them.
 */
#include "dlpi_test.h"

#include <pthread.h>
#include <sched.h>

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

#define EXPECT_ERROR(error, call)		\
	do {					\
		EXPECT_EQ(-1, call);		\
		EXPECT_EQ(error, errno);	\
	} while (0)

#define EXPECT_PARTS(ctl_text, data_text, got)			\
	do {							\
		EXPECT_LE(0, (got).result);			\
		EXPECT_EQ((int)strlen(ctl_text), (got).ctl_len);	\
		EXPECT_STREQ(ctl_text, (got).ctl);		\
		EXPECT_EQ((int)strlen(data_text), (got).data_len);	\
		EXPECT_STREQ(data_text, (got).data);		\
	} while (0)

TEST_F(echo, both_parts)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, "control", "data", 0, MSG_BAND));
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_PARTS("control", "data", got);
	EXPECT_EQ(MSG_BAND, got.flags);
	EXPECT_EQ(0, got.band);
}

TEST_F(echo, one_part_only)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, NULL, "data", 0, MSG_BAND));
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_EQ(-1, got.ctl_len);
	EXPECT_EQ(4, got.data_len);

	ASSERT_EQ(0, put_text(self->fd, "control", NULL, 0, MSG_BAND));
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_EQ(7, got.ctl_len);
	EXPECT_EQ(-1, got.data_len);
}

TEST_F(echo, an_empty_part_is_a_part)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, "control", "", 0, MSG_BAND));
	got = get_any(self->fd);
	EXPECT_PARTS("control", "", got);

	ASSERT_EQ(0, put_text(self->fd, "", "data", 0, MSG_BAND));
	got = get_any(self->fd);
	EXPECT_PARTS("", "data", got);

	ASSERT_EQ(0, put_text(self->fd, NULL, "", 0, MSG_BAND));
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_EQ(-1, got.ctl_len);
	EXPECT_EQ(0, got.data_len);
}

TEST_F(echo, no_part_sends_nothing)
{
	EXPECT_EQ(0, put_text(self->fd, NULL, NULL, 0, MSG_BAND));
	EXPECT_EQ(0, putmsg(self->fd, NULL, NULL, 0));
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, what_does_not_fit_stays)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, "0123456789", "abcdefghij", 3, MSG_BAND));
	got = get_some(self->fd, 4, 6, 0, MSG_ANY);
	EXPECT_EQ(MORECTL | MOREDATA, got.result);
	EXPECT_PARTS("0123", "abcdef", got);
	EXPECT_EQ(3, got.band);
	got = get_some(self->fd, 255, 2, 0, MSG_ANY);
	EXPECT_EQ(MOREDATA, got.result);
	EXPECT_PARTS("456789", "gh", got);
	EXPECT_EQ(3, got.band);
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_EQ(-1, got.ctl_len);
	EXPECT_EQ(2, got.data_len);
	EXPECT_STREQ("ij", got.data);
	EXPECT_EQ(3, got.band);
}

TEST_F(echo, a_part_may_be_left)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, "control", "data", 0, MSG_BAND));
	got = get_some(self->fd, -1, 1023, 0, MSG_ANY);
	EXPECT_EQ(MORECTL, got.result);
	EXPECT_STREQ("data", got.data);
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_EQ(7, got.ctl_len);
	EXPECT_STREQ("control", got.ctl);
	EXPECT_EQ(-1, got.data_len);

	ASSERT_EQ(0, put_text(self->fd, "control", "data", 0, MSG_BAND));
	got = get_some(self->fd, 255, -1, 0, MSG_ANY);
	EXPECT_EQ(MOREDATA, got.result);
	EXPECT_STREQ("control", got.ctl);
	got = get_any(self->fd);
	EXPECT_EQ(0, got.result);
	EXPECT_EQ(-1, got.ctl_len);
	EXPECT_STREQ("data", got.data);
}

TEST_F(echo, a_null_pointer_leaves_the_part)
{
	char text[16] = "";
	struct strbuf data = { .maxlen = 15, .buf = text };
	int flags = 0;

	ASSERT_EQ(0, put_text(self->fd, "control", "data", 0, MSG_BAND));
	EXPECT_EQ(MORECTL, getmsg(self->fd, NULL, &data, &flags));
	EXPECT_STREQ("data", text);
	EXPECT_EQ(MORECTL, getmsg(self->fd, NULL, NULL, &flags));
	EXPECT_STREQ("control", get_any(self->fd).ctl);
}

TEST_F(echo, no_room_takes_empty_parts_only)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, "control", "", 0, MSG_BAND));
	got = get_some(self->fd, 0, 0, 0, MSG_ANY);
	EXPECT_EQ(MORECTL, got.result);
	EXPECT_EQ(0, got.ctl_len);
	EXPECT_EQ(0, got.data_len);
	got = get_any(self->fd);
	EXPECT_EQ(7, got.ctl_len);
	EXPECT_STREQ("control", got.ctl);
}

TEST_F(echo, getmsg_tells_high_priority)
{
	char text[32] = "";
	struct strbuf ctl = { .maxlen = 31, .buf = text }, out = part_of("urgent");
	int flags = RS_HIPRI;

	ASSERT_EQ(0, putmsg(self->fd, &out, NULL, RS_HIPRI));
	EXPECT_EQ(0, getmsg(self->fd, &ctl, NULL, &flags));
	EXPECT_STREQ("urgent", text);
	EXPECT_EQ(RS_HIPRI, flags);

	out = part_of("ordinary");
	ASSERT_EQ(0, putmsg(self->fd, &out, NULL, 0));
	flags = 0;
	EXPECT_EQ(0, getmsg(self->fd, &ctl, NULL, &flags));
	EXPECT_EQ(0, flags);
}

TEST_F(echo, priority_comes_first)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, NULL, "band 0", 0, MSG_BAND));
	ASSERT_EQ(0, put_text(self->fd, NULL, "band 2", 2, MSG_BAND));
	ASSERT_EQ(0, put_text(self->fd, NULL, "band 1", 1, MSG_BAND));
	ASSERT_EQ(0, put_text(self->fd, NULL, "band 255", 255, MSG_BAND));
	ASSERT_EQ(0, put_text(self->fd, NULL, "band 2 too", 2, MSG_BAND));
	ASSERT_EQ(0, put_text(self->fd, "high", "priority", 0, MSG_HIPRI));
	ASSERT_EQ(0, wait_messages(self->fd, 6));

	got = get_any(self->fd);
	EXPECT_PARTS("high", "priority", got);
	EXPECT_EQ(MSG_HIPRI, got.flags);
	EXPECT_EQ(0, got.band);
	got = get_any(self->fd);
	EXPECT_STREQ("band 255", got.data);
	EXPECT_EQ(255, got.band);
	EXPECT_EQ(MSG_BAND, got.flags);
	got = get_any(self->fd);
	EXPECT_STREQ("band 2", got.data);
	EXPECT_EQ(2, got.band);
	got = get_any(self->fd);
	EXPECT_STREQ("band 2 too", got.data);
	got = get_any(self->fd);
	EXPECT_STREQ("band 1", got.data);
	got = get_any(self->fd);
	EXPECT_STREQ("band 0", got.data);
	EXPECT_EQ(0, got.band);
}

TEST_F(echo, the_rest_of_a_high_priority_message_stays_in_front)
{
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, NULL, "band", 9, MSG_BAND));
	ASSERT_EQ(0, put_text(self->fd, "urgent", "data", 0, MSG_HIPRI));
	ASSERT_EQ(0, wait_messages(self->fd, 2));
	got = get_some(self->fd, 3, 1023, 0, MSG_ANY);
	EXPECT_EQ(MORECTL, got.result);
	EXPECT_EQ(MSG_HIPRI, got.flags);
	got = get_any(self->fd);
	EXPECT_STREQ("ent", got.ctl);
	EXPECT_EQ(MSG_HIPRI, got.flags);
	EXPECT_STREQ("band", get_any(self->fd).data);
}

TEST_F(echo, only_one_high_priority_message_is_kept)
{
	ASSERT_EQ(0, put_text(self->fd, "first", NULL, 0, MSG_HIPRI));
	ASSERT_EQ(0, wait_messages(self->fd, 1));
	ASSERT_EQ(0, put_text(self->fd, "second", NULL, 0, MSG_HIPRI));
	ASSERT_EQ(0, put_text(self->fd, NULL, "after", 0, MSG_BAND));
	ASSERT_EQ(0, wait_messages(self->fd, 2));
	EXPECT_STREQ("first", get_any(self->fd).ctl);
	EXPECT_STREQ("after", get_any(self->fd).data);
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, asking_for_more_than_there_is)
{
	struct got got;

	set_nonblock(self->fd, true);
	EXPECT_ERROR(EAGAIN, get_any(self->fd).result);
	ASSERT_EQ(0, put_text(self->fd, NULL, "low", 1, MSG_BAND));
	ASSERT_EQ(0, wait_messages(self->fd, 1));
	EXPECT_ERROR(EAGAIN, get_some(self->fd, 255, 1023, 0, MSG_HIPRI).result);
	EXPECT_ERROR(EAGAIN, get_some(self->fd, 255, 1023, 2, MSG_BAND).result);
	got = get_some(self->fd, 255, 1023, 1, MSG_BAND);
	EXPECT_EQ(0, got.result);
	EXPECT_STREQ("low", got.data);

	ASSERT_EQ(0, put_text(self->fd, NULL, "higher", 7, MSG_BAND));
	ASSERT_EQ(0, wait_messages(self->fd, 1));
	got = get_some(self->fd, 255, 1023, 3, MSG_BAND);
	EXPECT_EQ(0, got.result);
	EXPECT_EQ(7, got.band);
}

TEST_F(echo, flags_that_are_not_valid)
{
	struct strbuf part = part_of("x");
	int flags = 2;

	EXPECT_ERROR(EINVAL, getmsg(self->fd, &part, NULL, &flags));
	EXPECT_ERROR(EINVAL, get_some(self->fd, 255, 1023, 0, 0).result);
	EXPECT_ERROR(EINVAL, get_some(self->fd, 255, 1023, 0, MSG_HIPRI | MSG_BAND).result);
	EXPECT_ERROR(EINVAL, get_some(self->fd, 255, 1023, 1, MSG_HIPRI).result);
	EXPECT_ERROR(EINVAL, putmsg(self->fd, &part, NULL, 8));
	EXPECT_ERROR(EINVAL, putmsg(self->fd, NULL, &part, RS_HIPRI));
	EXPECT_ERROR(EINVAL, put_text(self->fd, "x", NULL, 0, 0));
	EXPECT_ERROR(EINVAL, put_text(self->fd, "x", NULL, 0, MSG_ANY));
	EXPECT_ERROR(EINVAL, put_text(self->fd, "x", NULL, 1, MSG_HIPRI));
	EXPECT_ERROR(EINVAL, put_text(self->fd, NULL, "x", 0, MSG_HIPRI));
	EXPECT_ERROR(EINVAL, put_text(self->fd, "x", NULL, 256, MSG_BAND));
	EXPECT_ERROR(EINVAL, put_text(self->fd, "x", NULL, -1, MSG_BAND));
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, a_control_part_beyond_the_limit)
{
	struct strbuf part = { .len = 1 << 20, .buf = calloc(1, 1 << 20) };

	EXPECT_ERROR(ERANGE, putmsg(self->fd, &part, NULL, 0));
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, send_from_nowhere)
{
	struct strbuf good = part_of("good"), bad = { .len = 4, .buf = nowhere };

	EXPECT_ERROR(EFAULT, putmsg(self->fd, &bad, &good, 0));
	EXPECT_ERROR(EFAULT, putmsg(self->fd, &good, &bad, 0));
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, receive_to_nowhere)
{
	char text[16] = "";
	struct strbuf good = { .maxlen = 15, .buf = text };
	struct strbuf bad = { .maxlen = 15, .buf = nowhere };
	int flags = 0;
	struct got got;

	ASSERT_EQ(0, put_text(self->fd, "control", "data", 2, MSG_BAND));
	ASSERT_EQ(0, wait_messages(self->fd, 1));
	EXPECT_ERROR(EFAULT, getmsg(self->fd, &bad, &good, &flags));
	EXPECT_ERROR(EFAULT, getmsg(self->fd, &good, &bad, &flags));
	got = get_any(self->fd);
	EXPECT_PARTS("control", "data", got);
	EXPECT_EQ(2, got.band);
}

TEST_F(echo, no_stream_and_no_file)
{
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	EXPECT_ERROR(ENOSTR, get_any(ends[0]).result);
	EXPECT_ERROR(ENOSTR, put_text(ends[1], "x", NULL, 0, MSG_BAND));
	close(ends[0]);
	EXPECT_ERROR(EBADF, get_any(ends[0]).result);
	EXPECT_ERROR(EBADF, put_text(ends[0], "x", NULL, 0, MSG_BAND));
}

TEST_F_TIMEOUT(echo, a_signal_ends_the_wait, 10)
{
	long total;

	signal_soon();
	EXPECT_ERROR(EINTR, get_any(self->fd).result);
	signal_stop();
	total = fill(self->fd, 100);
	ASSERT_LT(0, total);
	signal_soon();
	EXPECT_ERROR(EINTR, put_text(self->fd, NULL, "x", 0, MSG_BAND));
	signal_stop();
	EXPECT_EQ(total, drain_exactly(self->fd, total));
	EXPECT_TRUE(empty(self->fd));
}

/* run_on - this CPU, if there is one of that number */
static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

struct busy {
	int		fd;
	bool		over;
	int		turns;
	pthread_t	thread;
};

/* Now and then this is inside the perimeter of the driver, for as long as it can. */
static void *keeps_busy(void *arg)
{
	static char text[65536];
	struct busy *busy = arg;
	int len;

	run_on(1);
	while (!__atomic_load_n(&busy->over, __ATOMIC_RELAXED)) {
		memset(text, 'a', sizeof(text));
		len = sizeof(text);
		if (str_ioctl(busy->fd, ECHO_UPPER, text, &len, 5 * slow()))
			return "ECHO_UPPER";
		__atomic_add_fetch(&busy->turns, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Pushes and pops a module of this stream, as often as it can. */
static void *comes_and_goes(void *arg)
{
	struct busy *busy = arg;

	run_on(0);
	while (!__atomic_load_n(&busy->over, __ATOMIC_RELAXED)) {
		if (ioctl(busy->fd, I_PUSH, "relay") || ioctl(busy->fd, I_POP, 0))
			return "I_PUSH, I_POP";
		__atomic_add_fetch(&busy->turns, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* A request is answered when putmsg returns, and one with an empty data part is a request. */
TEST_F_TIMEOUT(echo, an_answer_is_there_at_once, 60)
{
	struct busy busy = { .fd = self->fd };
	static const char *const data[] = { NULL, "" };
	void *fault;

	run_on(0);
	ASSERT_EQ(0, pthread_create(&busy.thread, NULL, keeps_busy, &busy));
	set_nonblock(self->fd, true);
	for (int i = 0; i < 400 || __atomic_load_n(&busy.turns, __ATOMIC_RELAXED) < 400; i++) {
		ASSERT_EQ(0, put_text(self->fd, "request", data[i % 2], 0, MSG_BAND));
		ASSERT_EQ(0, get_any(self->fd).result)
			TH_LOG("message %d", i);
	}
	__atomic_store_n(&busy.over, true, __ATOMIC_RELAXED);
	pthread_join(busy.thread, &fault);
	EXPECT_EQ(NULL, fault) TH_LOG("%s", (char *)fault);
}

/*
 * Each push and pop gives the queues that a request passes other places.  It is of high
 * priority: for others there is no room where a queue is being closed, and then they wait.
 */
TEST_F_TIMEOUT(echo, an_answer_is_there_at_once_while_modules_come_and_go, 60)
{
	struct busy busy = { .fd = self->fd }, modules = { .fd = self->fd };
	void *fault;

	run_on(0);
	ASSERT_EQ(0, pthread_create(&busy.thread, NULL, keeps_busy, &busy));
	ASSERT_EQ(0, pthread_create(&modules.thread, NULL, comes_and_goes, &modules));
	set_nonblock(self->fd, true);
	for (int i = 0; i < 60000 / slow(); i++) {
		ASSERT_EQ(0, put_text(self->fd, "request", NULL, 0, MSG_HIPRI));
		ASSERT_EQ(0, get_any(self->fd).result)
			TH_LOG("message %d", i);
	}
	__atomic_store_n(&busy.over, true, __ATOMIC_RELAXED);
	__atomic_store_n(&modules.over, true, __ATOMIC_RELAXED);
	pthread_join(busy.thread, &fault);
	EXPECT_EQ(NULL, fault) TH_LOG("%s", (char *)fault);
	pthread_join(modules.thread, &fault);
	EXPECT_EQ(NULL, fault) TH_LOG("%s", (char *)fault);
}

/* The smallest packet is one of data: a request may come with none, and data may not. */
TEST(an_empty_part_is_not_too_small_for_a_request)
{
	dl_info_req_t request = { DL_INFO_REQ };
	struct strbuf ctl = { .len = sizeof(request), .buf = (char *)&request };
	struct strbuf empty = { .len = 0, .buf = (char *)&request };
	struct message got;
	int fd;

	LOOPETH_OR_SKIP();
	fd = open_attached(0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, dl_raw(fd));
	EXPECT_ERROR(ERANGE, putmsg(fd, NULL, &empty, 0));
	for (int flags = 0; flags <= RS_HIPRI; flags++) {
		EXPECT_EQ(0, putmsg(fd, &ctl, &empty, flags));
		set_nonblock(fd, true);
		got = get_message(fd);
		EXPECT_EQ(0, got.result);
		EXPECT_EQ(DL_INFO_ACK, (int)got.dl.dl_primitive);
		set_nonblock(fd, false);
	}
	close(fd);
}

TEST_F_TIMEOUT(echo, a_waiting_getmsg_gets_the_message, 10)
{
	pid_t child = fork();

	if (child == 0) {
		struct got got = get_any(self->fd);

		_exit(got.result == 0 && !strcmp(got.ctl, "late") ? 0 : 1);
	}
	EXPECT_TRUE(blocked(child));
	EXPECT_EQ(0, put_text(self->fd, "late", NULL, 0, MSG_BAND));
	EXPECT_EQ(0, child_status(child, 5));
}

/* What is there stays; there will be nothing else, so nobody waits for it. */
TEST(after_a_hang_up_what_is_not_wanted_is_not_waited_for)
{
	char words[2][8];
	struct strbuf ctl = { .maxlen = sizeof(words[0]), .buf = words[0] };
	struct strbuf data = { .maxlen = sizeof(words[1]), .buf = words[1] };
	int end[2], flags = RS_HIPRI, band = 1;
	struct got got;

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	ASSERT_EQ(0, put_text(end[1], NULL, "left", 0, MSG_BAND));
	close(end[1]);
	EXPECT_EQ(0, getmsg(end[0], &ctl, &data, &flags));
	EXPECT_EQ(0, ctl.len);
	EXPECT_EQ(0, data.len);
	flags = MSG_BAND;
	EXPECT_EQ(0, getpmsg(end[0], &ctl, &data, &band, &flags));
	EXPECT_EQ(0, data.len);
	got = get_any(end[0]);
	EXPECT_EQ(0, got.result);
	EXPECT_STREQ("left", got.data);
	close(end[0]);
}

TEST_HARNESS_MAIN
