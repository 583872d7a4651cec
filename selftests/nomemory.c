// SPDX-License-Identifier: GPL-2.0-only
/*
 * Without memory: each system call is made with its first allocation failing, then
 * with its second, and so on until none is left to fail.  Each time it says what
 * is documented, and what it was to do is done or not done, never half.
 *
 * Needs a kernel with failslab, which the debugging kernels have.
 */
#include "streams_test.h"

#include <sys/hub.h>
#include <sys/reword.h>
#include <sys/stat.h>

#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define NTH		"/proc/thread-self/fail-nth"

static int write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), good;

	good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return good ? 0 : -1;
}

static int nth_fd = -1;

/* arm - the nth allocation of this thread from now on fails; 0: none */
static void arm(int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", nth);
	pwrite(nth_fd, text, strlen(text), 0);
}

/* disarm - true where an allocation has failed */
static bool disarm(void)
{
	char text[16] = "";

	pread(nth_fd, text, sizeof(text) - 1, 0);
	arm(0);
	return atoi(text) == 0;
}

/*
 * Small messages, of which each CPU keeps some, do not fail: except on a kernel
 * with KASAN, where none are kept.
 */
static bool kept;

static bool are_kept(int fd)
{
	bool failed = false;
	char c = 'x';

	/* The first time none may be there yet. */
	for (int i = 0; i < 2; i++) {
		arm(i);
		write(fd, &c, 1);
		failed = disarm();
		while (read(fd, &c, 1) == 1)
			;
	}
	return !failed;
}

FIXTURE(nomemory)
{
	int fd;
};

FIXTURE_SETUP(nomemory)
{
	if (access(FAILSLAB, X_OK) || access(NTH, W_OK))
		SKIP(return, "needs failslab and fail-nth");
	ASSERT_EQ(0, write_to(FAILSLAB "ignore-gfp-wait", "N"));
	ASSERT_EQ(0, write_to(FAILSLAB "verbose", "0"));
	nth_fd = open(NTH, O_RDWR);
	ASSERT_LE(0, nth_fd);
	self->fd = open(ECHO_NODE, O_RDWR | O_NONBLOCK);
	ASSERT_LE(0, self->fd);
	kept = are_kept(self->fd);
}

FIXTURE_TEARDOWN(nomemory)
{
	close(self->fd);
	close(nth_fd);
}

/*
 * A trial is rounds: in each one allocation more succeeds before one fails, and
 * in the last one all of them do.
 *
 *	while (another()) {
 *		ended(open(...));
 *		look at trial.error, which is 0 where the call succeeded
 *	}
 *	EXPECT_FAILURES(3);
 */
#define MOST 200

static struct trial {
	int	failures;
	bool	failed;			/* in this round */
	bool	begun, refused;		/* refused: with all the memory there is */
	int	result, error;
} trial;

static bool another(void)
{
	if (trial.begun && (!trial.failed || trial.failures >= MOST))
		return false;
	trial.begun = true;
	arm(trial.failures + 1);
	return true;
}

static void ended(int result)
{
	trial.error = result < 0 ? errno : 0;
	trial.result = result;
	trial.failed = disarm();
	trial.failures += trial.failed;
	trial.refused |= !trial.failed && trial.error;
}

/* At least this many rounds had a failure, and without one the call succeeded. */
#define EXPECT_FAILURES(least)				\
	do {						\
		EXPECT_LE(kept ? 0 : least, trial.failures); \
		EXPECT_GT(MOST, trial.failures);	\
		EXPECT_FALSE(trial.refused);		\
		memset(&trial, 0, sizeof(trial));	\
	} while (0)

#define IS_NO_MEMORY(error)	((error) == 0 || (error) == ENOMEM || (error) == ENOSR)

/* A message goes through: the stream is whole. */
#define EXPECT_ALIVE(fd)							\
	do {									\
		char _c = 0;							\
										\
		EXPECT_EQ(1, write(fd, "x", 1));				\
		EXPECT_EQ(POLLIN, events_of(fd, POLLIN, 5));			\
		EXPECT_EQ(1, read(fd, &_c, 1));					\
		EXPECT_EQ('x', _c);						\
	} while (0)

static int modules_of(int fd)
{
	return ioctl(fd, I_LIST, NULL) - 1;
}

static int messages_of(int fd)
{
	int bytes;

	return ioctl(fd, I_NREAD, &bytes);
}

TEST_F(nomemory, open_of_a_clone)
{
	while (another()) {
		ended(open(ECHO_NODE, O_RDWR));
		EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
		if (trial.result >= 0) {
			EXPECT_ALIVE(trial.result);
			close(trial.result);
		}
	}
	EXPECT_FAILURES(5);
}

TEST_F(nomemory, open_of_a_minor)
{
	while (another()) {
		ended(open_loop(10, O_RDWR));
		EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
		if (trial.result >= 0)
			EXPECT_EQ(0, close(trial.result));
	}
	EXPECT_FAILURES(5);
}

TEST_F(nomemory, another_open)
{
	int fd = open_loop(10, O_RDWR);

	ASSERT_LE(0, fd);
	while (another()) {
		ended(open_loop(10, O_RDWR));
		EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
		if (trial.result >= 0)
			EXPECT_EQ(0, close(trial.result));
		EXPECT_EQ(10, loop_minor(fd));
	}
	EXPECT_FAILURES(1);
	close(fd);
}

TEST_F(nomemory, push_and_pop)
{
	static const char *const names[] = { "relay", "nullmod" };

	for (int i = 0; i < 2; i++) {
		while (another()) {
			ended(ioctl(self->fd, I_PUSH, names[i]));
			EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
			EXPECT_EQ(i + (trial.error == 0), modules_of(self->fd));
			EXPECT_ALIVE(self->fd);
			if (trial.failed && !trial.error)
				ioctl(self->fd, I_POP, 0);
		}
		EXPECT_FAILURES(3);
	}
	for (int i = 2; i > 0; i--) {
		while (another()) {
			ended(ioctl(self->fd, I_POP, 0));
			EXPECT_EQ(0, trial.error);
			EXPECT_EQ(i - 1, modules_of(self->fd));
			EXPECT_ALIVE(self->fd);
			if (trial.failed)
				ioctl(self->fd, I_PUSH, names[0]);
		}
		EXPECT_FAILURES(0);
	}
}

TEST_F(nomemory, insert_and_remove)
{
	struct strmodconf at = { .pos = 1, .mod_name = "relay" };

	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "nullmod"));
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "nullmod"));
	while (another()) {
		ended(ioctl(self->fd, _I_INSERT, &at));
		EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
		EXPECT_EQ(2 + (trial.error == 0), modules_of(self->fd));
		EXPECT_ALIVE(self->fd);
		if (trial.failed && !trial.error)
			ioctl(self->fd, _I_REMOVE, &at);
	}
	EXPECT_FAILURES(3);
	while (another()) {
		ended(ioctl(self->fd, _I_REMOVE, &at));
		EXPECT_EQ(0, trial.error);
		EXPECT_EQ(2, modules_of(self->fd));
		EXPECT_ALIVE(self->fd);
		if (trial.failed)
			ioctl(self->fd, _I_INSERT, &at);
	}
	EXPECT_FAILURES(0);
}

TEST_F(nomemory, an_ioctl_with_data)
{
	static char data[5000];

	for (int size = 4; size <= 5000; size += 4996) {
		while (another()) {
			memset(data, 'a', size);
			ended(str_ioctl(self->fd, ECHO_UPPER, data, &(int){ size }, 5));
			EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
			EXPECT_EQ(trial.error ? 'a' : 'A', data[0]);
			EXPECT_EQ(data[0], data[size - 1]);
			EXPECT_EQ(0, messages_of(self->fd));
		}
		EXPECT_FAILURES(2);
	}
}

TEST_F(nomemory, a_driver_without_memory_for_its_answer)
{
	int flushed, len;

	while (another()) {
		len = sizeof(flushed);
		ended(str_ioctl(self->fd, ECHO_FLUSHED, &flushed, &len, 5));
		EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
		if (!trial.error)
			EXPECT_EQ((int)sizeof(flushed), len);
		EXPECT_ALIVE(self->fd);
	}
	EXPECT_FAILURES(2);
}

TEST_F(nomemory, transparent_ioctls)
{
	struct echo_pair pair;

	while (another()) {
		memset(&pair, 0, sizeof(pair));
		ended(ioctl(self->fd, ECHO_TGET, &pair));
		EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
		EXPECT_EQ(trial.error ? 0 : 1, pair.a);
		EXPECT_ALIVE(self->fd);
	}
	EXPECT_FAILURES(3);
	pair = (struct echo_pair){ 3, 4 };
	while (another()) {
		ended(ioctl(self->fd, ECHO_TSET, &pair));
		EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
		EXPECT_EQ(trial.error ? -1 : 7, trial.result);
		EXPECT_ALIVE(self->fd);
	}
	EXPECT_FAILURES(3);
}

TEST_F(nomemory, a_write)
{
	static char block[5000], back[5000];

	for (size_t size = 1; size <= 5000; size += 4999) {
		while (another()) {
			ended(write(self->fd, block, size));
			if (trial.error)
				EXPECT_EQ(EAGAIN, trial.error);	/* so named of old */
			EXPECT_EQ(trial.error == 0, messages_of(self->fd));
			if (!trial.error)
				EXPECT_EQ((ssize_t)size, read(self->fd, back, size));
			EXPECT_ALIVE(self->fd);
		}
		EXPECT_FAILURES(1);
	}
}

/* Of all that is sent all comes, also where a relay or the head lacks a band. */
static void putmsg_through(struct __test_metadata *_metadata, int fd, int bands)
{
	for (int band = 0; band < bands; band++) {
		while (another()) {
			ended(put_text(fd, "control", "data", band, MSG_BAND));
			EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
			EXPECT_EQ(trial.error == 0, messages_of(fd));
			if (!trial.error) {
				struct got got = get_any(fd);

				EXPECT_EQ(0, got.result);
				EXPECT_STREQ("control", got.ctl);
				EXPECT_STREQ("data", got.data);
			}
		}
		EXPECT_FAILURES(2);
	}
}

TEST_F(nomemory, putmsg)
{
	putmsg_through(_metadata, self->fd, 4);
}

TEST_F(nomemory, putmsg_through_relays)
{
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "relay"));
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "relay"));
	putmsg_through(_metadata, self->fd, 4);
}

/* Nobody reads at the other end: the driver keeps it, in whatever band. */
TEST_F(nomemory, putmsg_to_a_driver_that_keeps_it)
{
	int writer = open_loop(10, O_RDWR | O_NONBLOCK), reader, sent = 0, came = 0;

	ASSERT_LE(0, writer);
	for (int band = 0; band < 4; band++) {
		while (another()) {
			ended(put_text(writer, NULL, "data", band, MSG_BAND));
			EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
			sent += trial.error == 0;
		}
		EXPECT_FAILURES(1);
	}
	reader = open_loop(11, O_RDWR | O_NONBLOCK);
	ASSERT_LE(0, reader);
	EXPECT_EQ(0, wait_messages(reader, sent));
	while (get_any(reader).result == 0)
		came++;
	EXPECT_EQ(sent, came);
	close(reader);
	close_now(writer);
}

TEST_F(nomemory, high_priority)
{
	while (another()) {
		ended(put_text(self->fd, "control", "data", 0, MSG_HIPRI));
		EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
		EXPECT_EQ(trial.error == 0, messages_of(self->fd));
		if (!trial.error)
			EXPECT_STREQ("control", get_any(self->fd).ctl);
	}
	EXPECT_FAILURES(1);
}

static int set_rule(int fd)
{
	static const struct reword_rule rule = { "cat", "dog" };
	int len = sizeof(rule);

	return str_ioctl(fd, REWORD_SET, (void *)&rule, &len, 5 * slow());
}

/* What was written waits in the module until there is memory; and it is not lost. */
TEST_F(nomemory, a_module_that_waits_for_memory)
{
	static char text[5000], other[5000], got[5000];

	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "reword"));
	ASSERT_LT(0, set_rule(self->fd));
	for (int size = 4; size <= 5000; size += 4996) {
		for (int i = 0; i < size; i += 4) {
			memcpy(text + i, "cat\n", 4);
			memcpy(other + i, "dog\n", 4);
		}
		while (another()) {
			ended(write(self->fd, text, size));
			if (trial.error) {
				EXPECT_EQ(EAGAIN, trial.error);
				continue;
			}
			EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
			EXPECT_EQ(size, read(self->fd, got, size));
			EXPECT_EQ(0, memcmp(got, other, size));
		}
		EXPECT_FAILURES(2);
	}
	EXPECT_LT(0, str_ioctl(self->fd, REWORD_SET, NULL, &(int){ 0 }, 5 * slow()));
}

/* A close that has something to pass on waits for the memory, outside of the perimeters. */
TEST_F(nomemory, a_close_that_waits_for_memory)
{
	int failed = 0;
	char got[8];

	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "reword"));
	ASSERT_LT(0, set_rule(self->fd));
	for (int failures = 0; failures < 5; failures++) {
		ASSERT_EQ(3, write(self->fd, "cat", 3));
		arm(failures + 1);
		EXPECT_EQ(0, ioctl(self->fd, I_POP, 0));
		failed += disarm();
		ASSERT_EQ(3, read(self->fd, got, sizeof(got)));
		EXPECT_EQ(0, memcmp(got, "dog", 3));
		ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "reword"));
	}
	EXPECT_LE(kept ? 0 : 1, failed);
	EXPECT_LT(0, str_ioctl(self->fd, REWORD_SET, NULL, &(int){ 0 }, 5 * slow()));
}

/* To all or to none yet: each reader has each message once. */
TEST_F(nomemory, a_driver_that_waits_for_memory)
{
	int port[4];
	char got[8];

	for (int i = 0; i < 4; i++) {
		port[i] = open("/dev/streams/hub", O_RDWR | O_NONBLOCK);
		ASSERT_LE(0, port[i]);
	}
	while (another()) {
		ended(write(port[0], "text", 4));
		if (trial.error)
			EXPECT_EQ(EAGAIN, trial.error);
		for (int i = 1; i < 4; i++) {
			if (!trial.error) {
				EXPECT_EQ(POLLIN, events_of(port[i], POLLIN, 5));
				EXPECT_EQ(4, read(port[i], got, sizeof(got)));
			}
			EXPECT_EQ(0, messages_of(port[i]));
		}
	}
	EXPECT_FAILURES(2);
	for (int i = 0; i < 4; i++)
		close(port[i]);
}

TEST_F(nomemory, getmsg_and_read)
{
	struct got got;
	char text[8];

	ASSERT_EQ(0, put_text(self->fd, "control", "data", 3, MSG_BAND));
	while (another()) {
		got = get_any(self->fd);
		ended(got.result);
		EXPECT_EQ(0, trial.error);
		EXPECT_STREQ("data", got.data);
		if (trial.failed)
			ASSERT_EQ(0, put_text(self->fd, "control", "data", 3, MSG_BAND));
	}
	EXPECT_FAILURES(0);
	ASSERT_EQ(4, write(self->fd, "text", 4));
	while (another()) {
		ended(read(self->fd, text, sizeof(text)));
		EXPECT_EQ(4, trial.result);
		if (trial.failed)
			ASSERT_EQ(4, write(self->fd, "text", 4));
	}
	EXPECT_FAILURES(0);
}

TEST_F(nomemory, flush)
{
	ASSERT_EQ(4, write(self->fd, "text", 4));
	while (another()) {
		ended(ioctl(self->fd, I_FLUSH, FLUSHRW));
		EXPECT_TRUE(IS_NO_MEMORY(trial.error)) TH_LOG("%s", strerror(trial.error));
		EXPECT_EQ(trial.error ? 1 : 0, messages_of(self->fd));
		if (!messages_of(self->fd))
			ASSERT_EQ(4, write(self->fd, "text", 4));
	}
	EXPECT_FAILURES(1);
}

TEST_F(nomemory, close_with_messages)
{
	while (another()) {
		ended(close(self->fd));
		EXPECT_EQ(0, trial.error);
		self->fd = open(ECHO_NODE, O_RDWR | O_NONBLOCK);
		ASSERT_LE(0, self->fd);
		ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "relay"));
		ASSERT_EQ(4, write(self->fd, "text", 4));
	}
	EXPECT_FAILURES(0);
}

TEST_HARNESS_MAIN
