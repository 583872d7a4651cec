// SPDX-License-Identifier: GPL-2.0-only
/*
 * When service procedures run, as programs see it: before the system call returns
 * that has enabled them, also on a CPU whose softirqs have no time; and nobody
 * waits for ever.
 */
#include "streams_test.h"

#include <pthread.h>
#include <sched.h>

static int cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu % cpus(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* ksoftirqd_ticks - the CPU time that these threads of all CPUs have had */
static long ksoftirqd_ticks(void)
{
	unsigned long user, system;
	long total = 0;
	char path[64];
	FILE *stat;

	/* They are among the first threads of a kernel. */
	for (int pid = 2; pid < 300; pid++) {
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		stat = fopen(path, "r");
		if (!stat)
			continue;
		if (fscanf(stat, "%*d (ksoftirqd/%*d) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			   &user, &system) == 2)
			total += user + system;
		fclose(stat);
	}
	return total;
}

/* A stream of relays above echo, with ksoftirqd busy or not. */
FIXTURE(tower)
{
	int	fd;
	long	ticks;
};

FIXTURE_VARIANT(tower)
{
	bool	busy;
	int	relays;
};

FIXTURE_VARIANT_ADD(tower, of_one) {
	.relays = 1
};

FIXTURE_VARIANT_ADD(tower, of_five) {
	.relays = 5
};

FIXTURE_VARIANT_ADD(tower, of_one_busy) {
	.relays = 1, .busy = true
};

FIXTURE_VARIANT_ADD(tower, of_five_busy) {
	.relays = 5, .busy = true
};

FIXTURE_SETUP(tower)
{
	if (variant->busy && geteuid())
		SKIP(return, "needs root, to load a module");
	self->fd = open(ECHO_NODE, O_RDWR | O_NONBLOCK);
	ASSERT_LE(0, self->fd);
	for (int i = 0; i < variant->relays; i++)
		ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "relay"));
	if (variant->busy) {
		system("rmmod busy 2>/dev/null");
		ASSERT_EQ(0, system("modprobe busy"));
	}
	self->ticks = ksoftirqd_ticks();
}

FIXTURE_TEARDOWN(tower)
{
	close_now(self->fd);
	if (variant->busy) {
		EXPECT_LT(self->ticks, ksoftirqd_ticks());
		EXPECT_EQ(0, system("rmmod busy"));
	}
}

/* Down through every service procedure and up again: there when write returns. */
TEST_F_TIMEOUT(tower, a_message_is_back_when_write_returns, 20)
{
	int seen;

	for (int cpu = 0; cpu < cpus(); cpu++) {
		run_on(cpu);
		for (int i = 0; i < (variant->busy ? 20 : 100); i++) {
			ASSERT_EQ((ssize_t)sizeof(i), write(self->fd, &i, sizeof(i)));
			ASSERT_EQ((ssize_t)sizeof(i), read(self->fd, &seen, sizeof(seen)))
				TH_LOG("message %d on CPU %d", i, cpu);
			ASSERT_EQ(i, seen);
		}
	}
}

TEST_F_TIMEOUT(tower, a_message_is_back_when_putmsg_returns, 20)
{
	for (int cpu = 0; cpu < cpus(); cpu++) {
		run_on(cpu);
		for (int band = 0; band < 6; band++) {
			ASSERT_EQ(0, put_text(self->fd, "control", "data", band, MSG_BAND));
			ASSERT_EQ(0, get_any(self->fd).result)
				TH_LOG("band %d on CPU %d", band, cpu);
		}
	}
}

/* What a read makes room for has moved up when it returns. */
TEST_F_TIMEOUT(tower, a_read_brings_the_next_messages_up, 20)
{
	char piece[1000];
	long filled, seen;

	for (int cpu = 0; cpu < cpus(); cpu++) {
		run_on(cpu);
		seen = 0;
		filled = fill(self->fd, sizeof(piece));
		set_nonblock(self->fd, true);
		ASSERT_LT(TEST_HIWAT, filled);
		while (read(self->fd, piece, sizeof(piece)) == sizeof(piece))
			seen += sizeof(piece);
		EXPECT_EQ(EAGAIN, errno);
		EXPECT_EQ(filled, seen);
	}
}

/* ---------------------------------------------------------------- nobody waits for ever */

struct player {
	int		fd, cpu;
	long long	until;
	long		rounds;		/* to play, or 0: until it is over */
	long		played;
	bool		late;		/* nothing came for long */
};

static void *answering(void *arg)
{
	struct player *player = arg;
	int ball;

	run_on(player->cpu);
	while (read(player->fd, &ball, sizeof(ball)) == sizeof(ball))
		if (write(player->fd, &ball, sizeof(ball)) != sizeof(ball))
			break;
	return NULL;
}

static void *serving(void *arg)
{
	struct player *player = arg;
	int ball;

	run_on(player->cpu);
	while (player->rounds ? player->played < player->rounds : now_ms() < player->until) {
		if (write(player->fd, &player->played, sizeof(ball)) != sizeof(ball))
			break;
		if (!(events_of(player->fd, POLLIN, 10) & POLLIN)) {
			player->late = true;
			break;
		}
		if (read(player->fd, &ball, sizeof(ball)) != sizeof(ball) || ball != player->played)
			break;
		player->played++;
	}
	return NULL;
}

/* play - one end serves, the other one answers until that hangs up */
static void play(struct player *player)
{
	pthread_t thread[2];

	pthread_create(&thread[0], NULL, serving, &player[0]);
	pthread_create(&thread[1], NULL, answering, &player[1]);
	pthread_join(thread[0], NULL);
	close_now(player[0].fd);
	pthread_join(thread[1], NULL);
	close_now(player[1].fd);
}

FIXTURE(match)
{
	struct player player[2];
};

FIXTURE_VARIANT(match)
{
	int cpu[2];
	int relays;
};

FIXTURE_VARIANT_ADD(match, on_one_cpu) {
	.cpu = { 0, 0 }
};

FIXTURE_VARIANT_ADD(match, on_two_cpus) {
	.cpu = { 0, 1 }
};

FIXTURE_VARIANT_ADD(match, through_relays_on_one_cpu) {
	.cpu = { 1, 1 }, .relays = 2
};

FIXTURE_VARIANT_ADD(match, through_relays_on_two_cpus) {
	.cpu = { 0, 1 }, .relays = 2
};

FIXTURE_SETUP(match)
{
	int end[2];

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	for (int i = 0; i < 2; i++) {
		for (int relay = 0; relay < variant->relays; relay++)
			ASSERT_EQ(0, ioctl(end[i], I_PUSH, "relay"));
		self->player[i] = (struct player){ .fd = end[i], .cpu = variant->cpu[i] };
	}
}

FIXTURE_TEARDOWN(match)
{
}

TEST_F_TIMEOUT(match, no_wake_up_is_lost, 30)
{
	self->player[0].rounds = 3000;
	play(self->player);
	EXPECT_FALSE(self->player[0].late);
	EXPECT_EQ(self->player[0].rounds, self->player[0].played);
}

/* flood - as much as goes through another pair of streams on the same CPU */
struct flood {
	int		fd, cpu;
	long long	until;
	long		bytes;
};

static void *flooding(void *arg)
{
	struct flood *flood = arg;
	char block[256] = "";

	run_on(flood->cpu);
	while (now_ms() < flood->until)
		if (write(flood->fd, block, sizeof(block)) > 0)
			flood->bytes += sizeof(block);
	close_now(flood->fd);
	return NULL;
}

static void *swallowing(void *arg)
{
	struct flood *flood = arg;
	char block[4096];
	ssize_t size;

	run_on(flood->cpu);
	while ((size = read(flood->fd, block, sizeof(block))) > 0)
		flood->bytes += size;
	close_now(flood->fd);
	return NULL;
}

TEST_F_TIMEOUT(match, a_busy_stream_does_not_starve_another, 30)
{
	struct flood flood[2];
	pthread_t thread[2];
	long long until = now_ms() + 500 * slow();
	int end[2];

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, ioctl(end[i], I_PUSH, "relay"));
		flood[i] = (struct flood){ .fd = end[i], .cpu = variant->cpu[0], .until = until };
		pthread_create(&thread[i], NULL, i ? swallowing : flooding, &flood[i]);
	}
	self->player[0].until = until;
	play(self->player);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	EXPECT_FALSE(self->player[0].late);
	EXPECT_LT(20, self->player[0].played);
	EXPECT_LT(100 * 256, flood[0].bytes);
	EXPECT_LT(0, flood[1].bytes);
}

TEST_HARNESS_MAIN
