// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams that are taken apart and put together while messages of every kind
 * pass through them, both ways and on all CPUs.
 *
 * Every message says its band and its number there, so that one which is lost,
 * doubled, damaged or out of order within its band is seen at once.  Of high
 * priority one at a time is under way, since a stream head keeps one.  Who sees
 * something wrong says what, and ends the whole test.
 */
#include "streams_test.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define TORTURE_MS	3000		/* of traffic; multiplied on slow machines */
#define PATIENCE	20		/* seconds without any progress; the same */
#define LINES		2		/* pairs of joined streams */
#define BANDS		4
#define URGENT		BANDS		/* high priority, counted beside the bands */
#define LARGEST		300

struct message {
	unsigned int	number;		/* in its band */
	unsigned short	len;		/* of the whole message */
	unsigned char	band;
	unsigned char	last;		/* nothing follows in this band */
	unsigned char	fill[LARGEST];
};

#define HEADER offsetof(struct message, fill)

#define DIE(...)						\
	do {							\
		fprintf(stderr, "# torture: " __VA_ARGS__);	\
		fprintf(stderr, " (%s)\n", strerror(errno));	\
		_exit(KSFT_FAIL);				\
	} while (0)

static long long until;
static long moves[4];		/* pushes, pops, insertions and removals */

static bool over(void)
{
	return now_ms() >= until;
}

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu % sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* One end of a line. */
struct end {
	const char	*name;
	int		cpu;
	int		fd;		/* the plumber's; what keeps the stream open */
	int		minor;
	struct end	*peer;
	unsigned int	seed;
	unsigned int	sent[BANDS + 1], received[BANDS + 1];
};

/* reopen - one more open of a clone's stream, by a node of its minor */
static int reopen(int minor, int flags)
{
	char node[64];
	struct stat st;
	int fd;

	snprintf(node, sizeof(node), "/tmp/torture-%d-%d", minor, gettid());
	if (stat(LOOP_NODE "0", &st))
		DIE("stat");
	unlink(node);
	if (mknod(node, S_IFCHR | 0600, makedev(major(st.st_rdev), minor)))
		DIE("mknod");
	/* O_NONBLOCK is not for the open: it would not wait for the plumbers. */
	fd = open(node, flags & ~O_NONBLOCK);
	unlink(node);
	if (fd >= 0 && (flags & O_NONBLOCK))
		set_nonblock(fd, true);
	return fd;
}

/* ---------------------------------------------------------------- writing */

static void compose(struct message *message, struct end *end, int band, unsigned int *seed)
{
	message->number = end->sent[band];
	message->band = band;
	message->len = HEADER + rand_r(seed) % LARGEST;
	memset(message->fill, message->number * 5 + band, message->len - HEADER);
}

/* send - with a control part or without; waits for room by itself, or by poll */
static void send(int fd, const struct message *message, unsigned int *seed, bool polls)
{
	struct strbuf data = { .len = message->len, .buf = (char *)message };
	struct strbuf ctl = { .len = sizeof(message->number), .buf = (char *)&message->number };

	while (putpmsg(fd, rand_r(seed) % 2 ? &ctl : NULL, &data, message->band, MSG_BAND)) {
		short room = message->band ? POLLWRBAND : POLLOUT;

		if (!polls || errno != EAGAIN)
			DIE("putpmsg of band %d", message->band);
		if (events_of(fd, room, PATIENCE) & ~room)
			DIE("poll of a writer");
		/* POLLWRBAND speaks of any band: this one may still be full. */
		sched_yield();
	}
}

static void *writing(void *arg)
{
	struct end *end = arg;
	unsigned int seed = end->seed;
	bool polls = seed % 2;
	int fd = reopen(end->minor, O_WRONLY | (polls ? O_NONBLOCK : 0));
	struct message message = { 0 };

	if (fd < 0)
		DIE("open to write");
	run_on(end->cpu);
	while (!over()) {
		int band = rand_r(&seed) % BANDS;

		compose(&message, end, band, &seed);
		send(fd, &message, &seed, polls);
		end->sent[band]++;
	}
	message.last = 1;
	for (int band = 0; band < BANDS; band++) {
		compose(&message, end, band, &seed);
		send(fd, &message, &seed, polls);
		end->sent[band]++;
	}
	close_now(fd);
	return NULL;
}

/* urging - high priority: the next one when the other end has seen the last */
static void *urging(void *arg)
{
	struct end *end = arg;
	int fd = reopen(end->minor, O_WRONLY);
	struct message message = { .band = URGENT, .len = HEADER };
	struct strbuf part = { .len = HEADER, .buf = (char *)&message };
	volatile unsigned int *seen = &end->peer->received[URGENT];

	if (fd < 0)
		DIE("open to urge");
	run_on(end->cpu + 1);
	while (!message.last) {
		long long deadline = now_ms() + 1000LL * PATIENCE * slow();

		message.last = over();
		message.number = end->sent[URGENT];
		if (putpmsg(fd, &part, NULL, 0, MSG_HIPRI))
			DIE("putpmsg of high priority");
		end->sent[URGENT]++;
		while (*seen != end->sent[URGENT]) {
			if (now_ms() > deadline)
				DIE("%s: high priority %u is lost", end->name, message.number);
			pause_ms(1);
		}
	}
	close_now(fd);
	return NULL;
}

/* ---------------------------------------------------------------- reading */

/* Three ways to wait for a message. */
enum how { BLOCKING, POLLING, EDGE, HOWS };

static void wait_for_some(int fd, int epoll, enum how how)
{
	struct epoll_event event;
	int ready = 1;

	if (how == POLLING)
		ready = events_of(fd, POLLIN | POLLRDBAND | POLLPRI, PATIENCE);
	else if (how == EDGE)
		ready = epoll_wait(epoll, &event, 1, 1000 * PATIENCE * slow());
	if (ready == 0)
		DIE("a reader waits for ever, by %s", how == EDGE ? "epoll" : "poll");
}

static void look_at(struct end *end, const struct message *message, int size, int band, int flags)
{
	unsigned int number;

	if (size < (int)HEADER || size != message->len)
		DIE("%s: a message of %d bytes, not %d", end->name, size, message->len);
	if (message->band != (flags == MSG_HIPRI ? URGENT : band))
		DIE("%s: a message of band %d came in %d", end->name, message->band, band);
	number = end->received[message->band];
	if (message->number != number)
		DIE("%s: band %d: message %u came, %u is next", end->name, message->band,
		    message->number, number);
	for (int i = 0; i < size - (int)HEADER; i++)
		if (message->fill[i] != (unsigned char)(number * 5 + message->band))
			DIE("%s: band %d: message %u is damaged", end->name, message->band, number);
	end->received[message->band]++;
}

/* take - one message; false where there is none to be had without waiting */
static bool take(struct end *end, int fd, struct message *message)
{
	unsigned int copy = 0;
	struct message inside;
	struct strbuf ctl = { .maxlen = sizeof(inside), .buf = (char *)&inside };
	struct strbuf data = { .maxlen = sizeof(*message), .buf = (char *)message };
	int band = 0, flags = MSG_ANY, result = getpmsg(fd, &ctl, &data, &band, &flags);

	if (result < 0 && errno == EAGAIN)
		return false;
	if (result)
		DIE("%s: getpmsg says %d", end->name, result);
	if (flags == MSG_HIPRI) {
		*message = inside;
		data.len = ctl.len;
	} else if (ctl.len >= 0) {
		memcpy(&copy, &inside, sizeof(copy));
		if (ctl.len != sizeof(copy) || copy != message->number)
			DIE("%s: two parts of two messages", end->name);
	}
	look_at(end, message, data.len, band, flags);
	return true;
}

static void *reading(void *arg)
{
	struct end *end = arg;
	enum how how = end->seed % HOWS;
	int fd = reopen(end->minor, O_RDONLY | (how == BLOCKING ? 0 : O_NONBLOCK));
	struct epoll_event event = { .events = EPOLLIN | EPOLLPRI | EPOLLRDBAND | EPOLLET };
	int epoll = epoll_create1(0), lasts = 0;
	struct message message = { 0 };

	if (fd < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		DIE("open to read");
	run_on(end->cpu + 1);
	while (lasts <= BANDS) {
		wait_for_some(fd, epoll, how);
		do {
			if (!take(end, fd, &message))
				break;
			lasts += message.last;
		} while (lasts <= BANDS);
	}
	close(epoll);
	close_now(fd);
	return NULL;
}

/* ---------------------------------------------------------------- plumbing */

#define HIGHEST 5

/* The modules of a stream, as its plumber knows them; the topmost first. */
struct tower {
	const char	*name[HIGHEST];
	int		height;
};

static void put_in(struct tower *tower, int pos, const char *name)
{
	memmove(&tower->name[pos + 1], &tower->name[pos],
		(tower->height++ - pos) * sizeof(tower->name[0]));
	tower->name[pos] = name;
}

static void take_out(struct tower *tower, int pos)
{
	memmove(&tower->name[pos], &tower->name[pos + 1],
		(--tower->height - pos) * sizeof(tower->name[0]));
}

static void compare(struct end *end, const struct tower *tower)
{
	struct str_mlist names[HIGHEST + 1];
	struct str_list list = { .sl_nmods = HIGHEST + 1, .sl_modlist = names };

	if (ioctl(end->fd, I_LIST, &list) < 0 || list.sl_nmods != tower->height + 1)
		DIE("%s: %d modules, not %d", end->name, list.sl_nmods - 1, tower->height);
	for (int i = 0; i < tower->height; i++)
		if (strcmp(names[i].l_name, tower->name[i]))
			DIE("%s: %s in place %d, not %s", end->name, names[i].l_name, i,
			    tower->name[i]);
}

static void grow(struct end *end, struct tower *tower, unsigned int *seed)
{
	const char *name = rand_r(seed) % 3 ? "relay" : "nullmod";

	if (ioctl(end->fd, I_PUSH, name))
		DIE("%s: I_PUSH", end->name);
	put_in(tower, 0, name);
	__atomic_fetch_add(&moves[0], 1, __ATOMIC_RELAXED);
}

static void shrink(struct end *end, struct tower *tower)
{
	if (ioctl(end->fd, I_POP, 0))
		DIE("%s: I_POP", end->name);
	take_out(tower, 0);
	__atomic_fetch_add(&moves[1], 1, __ATOMIC_RELAXED);
}

static void insert(struct end *end, struct tower *tower, unsigned int *seed)
{
	const char *name = rand_r(seed) % 3 ? "relay" : "nullmod";
	struct strmodconf at = {
		.pos = rand_r(seed) % (tower->height + 1), .mod_name = (char *)name,
	};

	if (ioctl(end->fd, _I_INSERT, &at))
		DIE("%s: _I_INSERT of %s at %d of %d", end->name, name, at.pos, tower->height);
	put_in(tower, at.pos, name);
	__atomic_fetch_add(&moves[2], 1, __ATOMIC_RELAXED);
}

static void remove_one(struct end *end, struct tower *tower, unsigned int *seed)
{
	int pos = rand_r(seed) % tower->height;
	struct strmodconf at = { .pos = pos, .mod_name = (char *)tower->name[pos] };

	if (ioctl(end->fd, _I_REMOVE, &at))
		DIE("%s: _I_REMOVE of %s at %d of %d", end->name, at.mod_name, pos, tower->height);
	take_out(tower, pos);
	__atomic_fetch_add(&moves[3], 1, __ATOMIC_RELAXED);
}

static void *plumbing(void *arg)
{
	struct end *end = arg;
	unsigned int seed = end->seed + 1000;
	struct tower tower = { 0 };

	while (!over() || tower.height) {
		bool up = !over() && tower.height < HIGHEST && rand_r(&seed) % 2;
		bool middle = rand_r(&seed) % 2;

		if (up && middle)
			insert(end, &tower, &seed);
		else if (up)
			grow(end, &tower, &seed);
		else if (tower.height && middle)
			remove_one(end, &tower, &seed);
		else if (tower.height)
			shrink(end, &tower);
		if (rand_r(&seed) % 8 == 0)
			compare(end, &tower);
	}
	return NULL;
}

/* ---------------------------------------------------------------- coming and going */

static unsigned char minor_used[2048];

/* A minor is given out once at a time. */
static void claim_minor(int minor)
{
	if (minor < 0 || __atomic_exchange_n(&minor_used[minor], 1, __ATOMIC_ACQUIRE))
		DIE("minor %d is given out twice", minor);
}

static void give_minor_back(int minor)
{
	__atomic_store_n(&minor_used[minor], 0, __ATOMIC_RELEASE);
}

static int open_clone(int *minor)
{
	int fd = open(LOOP_NODE, O_RDWR);

	if (fd < 0)
		DIE("open of a clone");
	*minor = loop_minor(fd);
	claim_minor(*minor);
	return fd;
}

static void *read_to_the_end(void *arg)
{
	int fd = *(int *)arg;
	unsigned int number;
	ssize_t size;
	long count = 0;

	while ((size = read(fd, &number, sizeof(number))) > 0) {
		if (size != sizeof(number) || number != count)
			DIE("message %u came before a close, %ld is next", number, count);
		count++;
	}
	if (size < 0)
		DIE("read to the end");
	return (void *)count;
}

/* live_once - a stream with modules is written to and closed; all of it arrives */
static void live_once(unsigned int *seed)
{
	int minor[2], a = open_clone(&minor[0]), b = open_clone(&minor[1]);
	int other = minor[1], len = sizeof(other);
	long count = rand_r(seed) % 2500, seen;
	pthread_t reader;

	if (str_ioctl(a, LOOP_SET, &other, &len, PATIENCE * slow()))
		DIE("LOOP_SET");
	for (int i = rand_r(seed) % 4; i > 0; i--)
		if (ioctl(a, I_PUSH, rand_r(seed) % 2 ? "relay" : "nullmod"))
			DIE("I_PUSH of a new stream");
	pthread_create(&reader, NULL, read_to_the_end, &b);
	for (unsigned int i = 0; i < count; i++)
		if (write(a, &i, sizeof(i)) != sizeof(i))
			DIE("write to a new stream");
	give_minor_back(minor[0]);
	close(a);
	pthread_join(reader, (void **)&seen);
	if (seen != count)
		DIE("%ld messages were written before a close, %ld came", count, seen);
	give_minor_back(minor[1]);
	close(b);
}

/* die_full - closed with messages everywhere, and nobody to read them */
static void die_full(unsigned int *seed)
{
	int minor, fd = open_clone(&minor);

	if (rand_r(seed) % 2)
		ioctl(fd, I_PUSH, "relay");
	set_nonblock(fd, true);
	for (int i = rand_r(seed) % 100; i > 0; i--)
		put_text(fd, "control", "data", rand_r(seed) % 6, MSG_BAND);
	give_minor_back(minor);
	close(fd);
}

static long lives;

static void *living(void *arg)
{
	unsigned int seed = (unsigned long)arg;

	while (!over()) {
		live_once(&seed);
		die_full(&seed);
		__atomic_fetch_add(&lives, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* reopening - who comes and looks and goes, at a stream in use */
static void *reopening(void *arg)
{
	struct end *end = arg;

	while (!over()) {
		int fd = reopen(end->minor, O_RDWR);

		if (fd < 0 || ioctl(fd, I_LIST, NULL) < 1 || loop_minor(fd) != end->minor)
			DIE("%s: one more open", end->name);
		events_of(fd, POLLIN | POLLOUT | POLLPRI, 0);
		close(fd);
	}
	return NULL;
}

/* ---------------------------------------------------------------- all of it */

static void open_line(struct end *end, int line)
{
	static const char *const names[] = { "0 a", "0 b", "1 a", "1 b", "2 a", "2 b" };
	int fd[2];

	if (open_pair(fd, O_RDWR))
		DIE("a pair of streams");
	for (int i = 0; i < 2; i++) {
		end[i] = (struct end){
			.name = names[2 * line + i], .cpu = line + i, .fd = fd[i],
			.minor = loop_minor(fd[i]), .peer = &end[!i], .seed = 2 * line + i,
		};
		claim_minor(end[i].minor);
	}
}

FIXTURE(torture)
{
};

FIXTURE_SETUP(torture)
{
	if (geteuid())
		SKIP(return, "needs root, to make device nodes");
}

FIXTURE_TEARDOWN(torture)
{
}

TEST_F_TIMEOUT(torture, modules_come_and_go_under_traffic, 45)
{
	static void *(*const roles[])(void *) = { writing, urging, reading, plumbing, reopening };
	struct end end[2 * LINES];
	pthread_t thread[2 * LINES][5], other[2];

	for (int line = 0; line < LINES; line++)
		open_line(&end[2 * line], line);
	until = now_ms() + TORTURE_MS * slow();
	for (int i = 0; i < 2 * LINES; i++)
		for (int role = 0; role < 5; role++)
			pthread_create(&thread[i][role], NULL, roles[role], &end[i]);
	for (unsigned long i = 0; i < 2; i++)
		pthread_create(&other[i], NULL, living, (void *)(i + 1));
	for (int i = 0; i < 2 * LINES; i++)
		for (int role = 0; role < 5; role++)
			pthread_join(thread[i][role], NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(other[i], NULL);

	for (int i = 0; i < 2 * LINES; i++) {
		for (int band = 0; band <= BANDS; band++) {
			EXPECT_EQ(end[i].sent[band], end[i].peer->received[band]);
			EXPECT_LT(10, end[i].sent[band]);
		}
		EXPECT_TRUE(empty(end[i].fd));
		TH_LOG("%s sent %u %u %u %u and %u urgent", end[i].name, end[i].sent[0],
		       end[i].sent[1], end[i].sent[2], end[i].sent[3], end[i].sent[URGENT]);
	}
	TH_LOG("%ld pushes, %ld pops, %ld insertions, %ld removals, %ld lives", moves[0], moves[1],
	       moves[2], moves[3], lives);
	EXPECT_EQ(moves[0] + moves[2], moves[1] + moves[3]);
	for (int i = 0; i < 4; i++)
		EXPECT_LT(10, moves[i]);
	EXPECT_LT(2, lives);
}

TEST_HARNESS_MAIN
