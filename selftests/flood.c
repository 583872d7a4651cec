// SPDX-License-Identifier: GPL-2.0-only
/*
 * What no flow control holds back: high priority, flushes.  Several threads that
 * send these to one perimeter make no pile there, and are free to stop.
 */
#include "streams_test.h"

#include <pthread.h>

#define STAT	"/sys/kernel/debug/streams/stat"
#define THREADS	4
#define MODULES	12	/* one thread carries messages through all of them, others leave one */
#define PILE	3000	/* message blocks: more than may wait for one queue, and a few beside */

static long live_blocks(void)
{
	FILE *file = fopen(STAT, "r");
	char name[32];
	long value, found = -1;

	while (file && fscanf(file, "%31s %ld\n", name, &value) == 2)
		if (!strcmp(name, "live_blocks"))
			found = value;
	if (file)
		fclose(file);
	return found;
}

struct flood {
	int		near, far;
	int		stop;
	int		(*send)(int fd);
	long		sent;
};

FIXTURE(flood)
{
	struct flood flood;
};

FIXTURE_SETUP(flood)
{
	self->flood.near = open(LOOP_NODE "0", O_RDWR);
	self->flood.far = open(LOOP_NODE "1", O_RDWR);
	ASSERT_LE(0, self->flood.near);
	ASSERT_LE(0, self->flood.far);
	for (int i = 0; i < MODULES; i++)
		ASSERT_EQ(0, ioctl(self->flood.near, I_PUSH, "relay"));
	self->flood.stop = 0;
	self->flood.sent = 0;
	if (live_blocks() < 0)
		SKIP(return, "no debugfs here, or not root");
}

FIXTURE_TEARDOWN(flood)
{
	close_now(self->flood.near);
	close_now(self->flood.far);
}

static int send_priority(int fd)
{
	struct strbuf part = { .len = 1, .buf = "x" };

	return putmsg(fd, &part, NULL, RS_HIPRI);
}

static int send_flush(int fd)
{
	return ioctl(fd, I_FLUSH, FLUSHRW);
}

static void *sender(void *data)
{
	struct flood *flood = data;
	long sent = 0;

	while (!__atomic_load_n(&flood->stop, __ATOMIC_SEQ_CST) && !flood->send(flood->near))
		sent++;
	__atomic_fetch_add(&flood->sent, sent, __ATOMIC_SEQ_CST);
	return NULL;
}

/* most_alive - of message blocks, while the threads send; -1 where they cannot start */
static long most_alive(struct flood *flood)
{
	const long long deadline = now_ms() + 2000;
	pthread_t threads[THREADS];
	long most = 0, before = live_blocks();

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, sender, flood))
			return -1;
	while (now_ms() < deadline) {
		long now = live_blocks() - before;

		if (now > most)
			most = now;
	}
	__atomic_store_n(&flood->stop, 1, __ATOMIC_SEQ_CST);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return most;
}

TEST_F(flood, high_priority_makes_no_pile)
{
	long most;

	self->flood.send = send_priority;
	most = most_alive(&self->flood);
	EXPECT_LE(0, most);
	EXPECT_GT(PILE, most);
	EXPECT_LT(0, self->flood.sent);
	TH_LOG("%ld messages sent, at most %ld alive", self->flood.sent, most);
}

TEST_F(flood, flushes_make_no_pile)
{
	long most;

	self->flood.send = send_flush;
	most = most_alive(&self->flood);
	EXPECT_LE(0, most);
	EXPECT_GT(PILE, most);
	EXPECT_LT(0, self->flood.sent);
	TH_LOG("%ld flushes sent, at most %ld alive", self->flood.sent, most);
}

/* A signal does not have to wait for the others. */
TEST_F(flood, a_sender_can_be_killed)
{
	pid_t child;
	long long begun;
	int status;

	self->flood.send = send_priority;
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		pthread_t thread;

		for (int i = 0; i < THREADS; i++)
			pthread_create(&thread, NULL, sender, &self->flood);
		pause();
	}
	pause_ms(500);
	begun = now_ms();
	kill(child, SIGKILL);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_GT(3000LL * slow(), now_ms() - begun);
	EXPECT_TRUE(WIFSIGNALED(status));
}

TEST_HARNESS_MAIN
