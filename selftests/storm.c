// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once, for a while: threads and processes that open, push, pop,
 * write, read and close.  Every message carries who sent it and a number, so a
 * message lost, doubled, damaged or out of order is seen at once.
 */
#include "streams_test.h"

#include <pthread.h>
#include <stddef.h>

#define STORM_MS	1500		/* of traffic, on a machine of any speed */
#define LARGEST		400

struct message {
	unsigned int	number;
	unsigned short	len;		/* of the whole message */
	unsigned char	last;		/* nothing follows */
	unsigned char	fill[LARGEST];
};

#define HEADER offsetof(struct message, fill)

/* One player: an end of a stream, and what its threads found. */
struct player {
	int		fd;
	long long	until;
	unsigned int	seed;
	long		sent, received, plumbed;
	const char	*fault;		/* the first thing that went wrong */
	int		error;
};

static int fault(struct player *player, const char *what)
{
	if (!player->fault) {
		player->error = errno;
		player->fault = what;
	}
	return -1;
}

static bool over(const struct player *player)
{
	return now_ms() >= player->until || player->fault;
}

static void *writing(void *arg)
{
	struct player *player = arg;
	unsigned int seed = player->seed;
	struct message message = { 0 };

	while (!message.last) {
		message.last = over(player);
		message.number = player->sent;
		message.len = HEADER + rand_r(&seed) % LARGEST;
		memset(message.fill, message.number, message.len - HEADER);
		if (write(player->fd, &message, message.len) != message.len) {
			fault(player, "write");
			break;
		}
		player->sent++;
	}
	return NULL;
}

static bool intact(const struct message *message, ssize_t size)
{
	if (size < (ssize_t)HEADER || size != message->len)
		return false;
	for (ssize_t i = 0; i < size - (ssize_t)HEADER; i++)
		if (message->fill[i] != (unsigned char)message->number)
			return false;
	return true;
}

static void *reading(void *arg)
{
	struct player *player = arg;
	struct message message = { 0 };
	ssize_t size;

	while (!message.last) {
		if (!(events_of(player->fd, POLLIN, 10) & POLLIN)) {
			fault(player, "nothing came for 10 s");
			break;
		}
		size = read(player->fd, &message, sizeof(message));
		if (!intact(&message, size)) {
			fault(player, "a message is damaged");
			break;
		}
		if (message.number != player->received) {
			fault(player, "a message is missing, double or out of order");
			break;
		}
		player->received++;
	}
	return NULL;
}

static void *plumbing(void *arg)
{
	static const char *const names[] = { "relay", "nullmod" };
	struct player *player = arg;
	unsigned int seed = player->seed + 1;
	int height = 0;

	while (!over(player) || height) {
		bool push = !over(player) && height < 4 && rand_r(&seed) % 2;

		if (push && ioctl(player->fd, I_PUSH, names[rand_r(&seed) % 2]))
			fault(player, "I_PUSH");
		if (!push && height && ioctl(player->fd, I_POP, 0))
			fault(player, "I_POP");
		height += push ? 1 : height ? -1 : 0;
		player->plumbed++;
	}
	return NULL;
}

/* play - write, read and plumb at one end, until the other end says it is done */
static void play(struct player *player)
{
	static void *(*const roles[])(void *) = { writing, reading, plumbing };
	pthread_t thread[3];

	if (ioctl(player->fd, I_SRDOPT, RMSGN))
		fault(player, "I_SRDOPT");
	for (int i = 0; i < 3; i++)
		pthread_create(&thread[i], NULL, roles[i], player);
	for (int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
}

static void *play_thread(void *arg)
{
	play(arg);
	return NULL;
}

static struct player player_at(int fd, unsigned int seed)
{
	return (struct player){ .fd = fd, .until = now_ms() + STORM_MS, .seed = seed };
}

#define EXPECT_PLAYED(player)								\
	do {										\
		EXPECT_EQ(NULL, (player).fault)						\
			TH_LOG("%s: %s; %ld sent, %ld received, %ld pushes and pops",	\
			       (player).fault, strerror((player).error), (player).sent,	\
			       (player).received, (player).plumbed);			\
		EXPECT_LT(0, (player).sent);						\
		EXPECT_LT(0, (player).plumbed);						\
	} while (0)

/* meddle - other opens of the same minors, that look and go */
struct meddler {
	int		minor;
	long long	until;
	long		opens, failures;
};

static void *meddle(void *arg)
{
	struct meddler *meddler = arg;
	char name[FMNAMESZ + 1];

	while (now_ms() < meddler->until) {
		int fd = open_loop(meddler->minor, O_RDWR);

		if (fd < 0 || ioctl(fd, I_LIST, NULL) < 1)
			meddler->failures++;
		ioctl(fd, I_LOOK, name);
		events_of(fd, POLLIN | POLLOUT, 0);
		close(fd);
		meddler->opens++;
	}
	return NULL;
}

FIXTURE(joint)
{
	int end[2];
};

FIXTURE_SETUP(joint)
{
	self->end[0] = open_loop(0, O_RDWR);
	self->end[1] = open_loop(1, O_RDWR);
	ASSERT_LE(0, self->end[0]);
	ASSERT_LE(0, self->end[1]);
}

FIXTURE_TEARDOWN(joint)
{
	close(self->end[0]);
	close(self->end[1]);
}

TEST_F_TIMEOUT(joint, threads_of_one_process, 40)
{
	struct player player[2] = { player_at(self->end[0], 1), player_at(self->end[1], 2) };
	struct meddler meddler[2] = { { 0, player[0].until, 0, 0 }, { 1, player[0].until, 0, 0 } };
	pthread_t thread[4];

	for (int i = 0; i < 2; i++) {
		pthread_create(&thread[i], NULL, play_thread, &player[i]);
		pthread_create(&thread[2 + i], NULL, meddle, &meddler[i]);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < 2; i++) {
		EXPECT_PLAYED(player[i]);
		EXPECT_EQ(player[i].sent, player[!i].received);
		EXPECT_LT(0, meddler[i].opens);
		EXPECT_EQ(0, meddler[i].failures);
	}
}

TEST_F_TIMEOUT(joint, two_processes_against_each_other, 40)
{
	struct player *player = mmap(NULL, 2 * sizeof(*player), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child[2];

	ASSERT_NE(MAP_FAILED, player);
	for (int i = 0; i < 2; i++) {
		player[i] = player_at(self->end[i], 10 + i);
		child[i] = fork();
		if (child[i] == 0) {
			close(self->end[!i]);
			play(&player[i]);
			_exit(0);
		}
	}
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(0, child_status(child[i], 30));
	for (int i = 0; i < 2; i++) {
		EXPECT_PLAYED(player[i]);
		EXPECT_EQ(player[i].sent, player[!i].received);
	}
}

struct tally {
	long long	until;
	unsigned int	seed;
	long		written, seen, left, streams, faults;
};

static void push_some(int fd, unsigned int *seed)
{
	for (int i = rand_r(seed) % 4; i > 0; i--)
		ioctl(fd, I_PUSH, rand_r(seed) % 2 ? "relay" : "nullmod");
}

/* live_once - the whole life of one stream; some die with messages in them */
static void live_once(struct tally *tally)
{
	int fd = open(ECHO_NODE, O_RDWR), count = 1 + rand_r(&tally->seed) % 20, take, seen;

	if (fd < 0) {
		tally->faults++;
		return;
	}
	push_some(fd, &tally->seed);
	for (int i = 0; i < count; i++)
		tally->faults += write(fd, &i, sizeof(i)) != sizeof(i);
	if (rand_r(&tally->seed) % 2)
		ioctl(fd, I_POP, 0);
	push_some(fd, &tally->seed);
	take = rand_r(&tally->seed) % 4 ? count : count / 2;
	for (int i = 0; i < take; i++)
		tally->faults += read(fd, &seen, sizeof(seen)) != sizeof(seen) || seen != i;
	tally->faults += close(fd) != 0;
	tally->written += count;
	tally->seen += take;
	tally->left += count - take;
	tally->streams++;
}

static void *live(void *arg)
{
	struct tally *tally = arg;

	while (now_ms() < tally->until && !tally->faults)
		live_once(tally);
	return NULL;
}

TEST(streams_live_and_die)
{
	struct tally tally[4];
	pthread_t thread[4];

	for (int i = 0; i < 4; i++) {
		tally[i] = (struct tally){ .until = now_ms() + STORM_MS, .seed = 100 + i };
		pthread_create(&thread[i], NULL, live, &tally[i]);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], NULL);
		EXPECT_EQ(0, tally[i].faults);
		EXPECT_EQ(tally[i].written, tally[i].seen + tally[i].left);
		EXPECT_LT(0, tally[i].streams);
	}
}

TEST_HARNESS_MAIN
