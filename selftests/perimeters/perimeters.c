// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every legal word of flags under fire.  The modules and drivers are those of the
 * witness (witness/), which watch their perimeters and send out of timers, tasklets
 * and hard interrupts; here are the processes: they write and read, open and close,
 * push and pop, on all CPUs, while a CPU goes away and comes back.
 *
 * What a thread has written it must read again, in order and complete.  Each word is
 * at it for a while, and until enough of everything has happened.
 */
#include "../streams_test.h"

#include <pthread.h>
#include <sched.h>

#include "witness/note.h"

#define WITNESS		"/sys/kernel/debug/witness/"
#define CPU1		"/sys/devices/system/cpu/cpu1/online"
#define SCENE_MS	700		/* for each word, on a machine of any speed */
#define PATIENCE	60		/* seconds, multiplied on slow machines */
#define LINES		2		/* streams that live as long as a scene */
#define TALKERS		2		/* who write to each of them */
#define MAYFLIES	2		/* who open streams of their own */
#define UNDER_WAY	48		/* notes of a line that are not back yet */
#define MOST_NESTED	64		/* put procedures of two modules that call each other */

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif

/* The flags of <sys/conf.h>. */
#define MP		0x000020
#define OC_S		0x000080
#define OC_X		0x000800
#define PUT_S		0x001000
#define PERQ		0x002000
#define QPAIR		0x004000
#define PERMOD		0x006000
#define OUTER		0x008000
#define CB_S		0x010000
#define SVC_S		0x020000

/* --------------------------------------------------------- files and knobs */

static int tell(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t size = strlen(text), done = -1;

	if (fd >= 0) {
		done = write(fd, text, size);
		close(fd);
	}
	return done == size ? 0 : -1;
}

static int turn(const char *knob, int value)
{
	char path[64], text[16];

	snprintf(path, sizeof(path), WITNESS "%s", knob);
	snprintf(text, sizeof(text), "%d", value);
	return tell(path, text);
}

static int order(const char *text)
{
	return tell(WITNESS "orders", text);
}

/* text_of - a file, as a string that the caller frees */
static char *text_of(const char *path)
{
	char *text = calloc(1, 16384);
	int fd = open(path, O_RDONLY);
	ssize_t size = 0, more;

	while (text && fd >= 0 && (more = read(fd, text + size, 16383 - size)) > 0)
		size += more;
	if (fd >= 0)
		close(fd);
	return text;
}

/* value_in - of "name value" on a line of its own; -1 where there is none */
static long value_in(const char *path, const char *name)
{
	char *text = text_of(path), *line = text, *next;
	size_t length = strlen(name);
	long value = -1;

	for (; line && value < 0; line = next) {
		next = strchr(line, '\n');
		next = next ? next + 1 : NULL;
		if (!strncmp(line, name, length) && line[length] == ' ')
			value = atol(line + length + 1);
	}
	free(text);
	return value;
}

static long counted(const char *name)
{
	return value_in(WITNESS "counts", name);
}

/* violations - 0, or how many; the first one is printed */
static int violations(void)
{
	char *text = text_of(WITNESS "violations");
	int number = text ? atoi(text) : -1;

	if (number)
		printf("# the witness says: %s\n", text ? text : "cannot be read");
	free(text);
	return number;
}

/* number_of - of a word of flags, as the witness has it; -1 if it has it not */
static int number_of(int flags)
{
	FILE *file = fopen(WITNESS "words", "r");
	int n, found, a, b, c, number = -1;

	while (file && fscanf(file, "%d 0x%x %d %d %d\n", &n, &found, &a, &b, &c) == 5)
		if (found == flags && !a && !b && !c)
			number = n;
	if (file)
		fclose(file);
	return number;
}

/* -------------------------------------------------------------- the scene */

struct line {
	int	fd;
	int	height;				/* modules on it; the plumber's */
	int	sent[TALKERS][LANES];
	int	got[TALKERS][LANES];
	int	last[TALKERS][LANES];		/* of these, its number */
};

static struct scene {
	int		word;			/* its number */
	struct line	line[LINES];
	bool		over;			/* no more is begun */
	bool		drained;		/* no more comes */
	const char	*fault;			/* the first one */
	int		error;
	int		flushed;		/* with popped modules, as last seen */
	long		lives, moves, hotplugs;
	bool		unplugs;	/* a CPU goes away and comes back in it */
} scene;

#define LOAD(what)	__atomic_load_n(&(what), __ATOMIC_ACQUIRE)
#define STORE(what, to)	__atomic_store_n(&(what), to, __ATOMIC_RELEASE)
#define ADD(what, n)	__atomic_fetch_add(&(what), n, __ATOMIC_ACQ_REL)

static bool over(void)
{
	return LOAD(scene.over);
}

static void fault(const char *what)
{
	const char *none = NULL;

	if (__atomic_compare_exchange_n(&scene.fault, &none, what, false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		STORE(scene.error, errno);
	STORE(scene.over, true);
}

/* A CPU that is away, or was, takes nobody. */
static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu % 2, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void names(char *own, char *shared)
{
	snprintf(own, FMNAMESZ + 1, "w%d", scene.word);
	snprintf(shared, FMNAMESZ + 1, "w%ds", scene.word);
}

static int push(int fd, unsigned int *seed)
{
	char name[2][FMNAMESZ + 1];

	names(name[0], name[1]);
	return ioctl(fd, I_PUSH, name[rand_r(seed) % 2]);
}

static int open_driver(int minor)
{
	char node[64];

	if (minor < 0)
		snprintf(node, sizeof(node), "/dev/streams/w%dd", scene.word);
	else
		snprintf(node, sizeof(node), "/dev/streams/w%dd%d", scene.word, minor);
	return open(node, O_RDWR);
}

static struct note note_of(int thread, int lane, int seq)
{
	return (struct note){ .magic = NOTE_MAGIC, .op = NOTE_USER, .thread = thread,
			      .lane = lane, .seq = seq };
}

static int under_way(const struct line *line)
{
	int number = 0;

	for (int i = 0; i < TALKERS * LANES; i++)
		number += LOAD(line->sent[i / LANES][i % LANES]) -
			  LOAD(line->got[i / LANES][i % LANES]);
	return number;
}

struct thread {
	pthread_t	id;
	int		number;
	unsigned int	seed;
};

/* talk - write to a line; what went with a popped module is not waited for */
static void *talk(void *arg)
{
	struct thread *self = arg;
	struct line *line = &scene.line[self->number / TALKERS];
	int me = self->number % TALKERS;

	for (int i = 0; !over(); i++) {
		int lane = rand_r(&self->seed) % LANES;
		struct note note = note_of(me, lane, line->sent[me][lane] + 1);

		if (i % 64 == 0)
			run_on(self->number);
		if (under_way(line) > UNDER_WAY + LOAD(scene.flushed)) {
			pause_ms(1);
			continue;
		}
		if (write(line->fd, &note, sizeof(note)) != sizeof(note))
			fault("write");
		STORE(line->sent[me][lane], line->sent[me][lane] + 1);
	}
	return NULL;
}

/* account - one note that came back */
static void account(struct line *line, const struct note *note)
{
	int *got, thread = note->thread, lane = note->lane;

	if (thread >= TALKERS || lane >= LANES) {
		fault("a note of somebody else's");
		return;
	}
	got = &line->got[thread][lane];
	if ((int)note->seq <= line->last[thread][lane])
		fault("a note came twice, or too late");
	if (lane == LANE_STRAIGHT && (int)note->seq != line->last[thread][lane] + 1)
		fault("a note is missing");
	line->last[thread][lane] = note->seq;
	STORE(*got, *got + 1);
}

static void *hear(void *arg)
{
	struct thread *self = arg;
	struct line *line = &scene.line[self->number];
	struct pollfd some = { .fd = line->fd, .events = POLLIN };
	struct note note;

	while (!LOAD(scene.drained)) {
		if (poll(&some, 1, 10) <= 0)
			continue;
		if (read(line->fd, &note, sizeof(note)) != sizeof(note) || note.magic != NOTE_MAGIC)
			fault("read");
		else if (note.op == NOTE_USER)
			account(line, &note);
		/* others flowed around a module that went */
	}
	return NULL;
}

/* plumb - one module comes and goes: above the one that stays, or at the bottom */
static void *plumb(void *arg)
{
	struct thread *self = arg;
	char name[2][FMNAMESZ + 1];

	names(name[0], name[1]);
	while (!over()) {
		struct line *line = &scene.line[rand_r(&self->seed) % LINES];
		struct strmodconf below = { .pos = 1, .mod_name = name[rand_r(&self->seed) % 2] };

		if (rand_r(&self->seed) % 2) {
			if (push(line->fd, &self->seed))
				fault("I_PUSH");
			pause_ms(rand_r(&self->seed) % 5);
			if (ioctl(line->fd, I_POP, 0))
				fault("I_POP");
		} else {
			if (ioctl(line->fd, _I_INSERT, &below))
				fault("_I_INSERT");
			pause_ms(rand_r(&self->seed) % 5);
			if (ioctl(line->fd, _I_REMOVE, &below))
				fault("_I_REMOVE");
		}
		ADD(scene.moves, 1);
	}
	return NULL;
}

/* reads_back - what there is, in order: of a stream that may die with the rest */
static void reads_back(int fd, int wanted)
{
	int last[LANES] = { 0 };
	struct note note;

	while (wanted-- > 0 && read(fd, &note, sizeof(note)) == sizeof(note)) {
		if (note.op != NOTE_USER || note.lane >= LANES)
			continue;
		if ((int)note.seq <= last[note.lane])
			fault("out of order on a short-lived stream");
		last[note.lane] = note.seq;
	}
}

static void live(struct thread *self)
{
	int count = rand_r(&self->seed) % 12, sent[LANES] = { 0 };
	int fd = open_driver(-1);

	if (fd < 0) {
		fault("open");
		return;
	}
	if (ioctl(fd, I_SRDOPT, RMSGN))
		fault("I_SRDOPT");
	for (int i = rand_r(&self->seed) % 3; i > 0; i--)
		if (push(fd, &self->seed))
			fault("I_PUSH of a short-lived stream");
	set_nonblock(fd, true);
	for (int i = 0; i < count; i++) {
		int lane = rand_r(&self->seed) % LANES;
		struct note note = note_of(NOTE_MAYFLY + self->number, lane, sent[lane] + 1);

		sent[lane] += write(fd, &note, sizeof(note)) == sizeof(note);
	}
	if (rand_r(&self->seed) % 2)
		reads_back(fd, count);
	if (rand_r(&self->seed) % 4 == 0)
		set_nonblock(fd, false);
	if (close(fd))
		fault("close");
	ADD(scene.lives, 1);
}

/* be_mayfly - open, live and close; and be one more who has a long-lived one open */
static void *be_mayfly(void *arg)
{
	struct thread *self = arg;

	for (int i = 0; !over(); i++) {
		if (i % 16 == 0)
			run_on(self->number);
		if (rand_r(&self->seed) % 4) {
			live(self);
		} else {
			int fd = open_driver(rand_r(&self->seed) % LINES);

			if (fd < 0 || close_now(fd))
				fault("reopen");
		}
	}
	return NULL;
}

static void *unplug(void *arg)
{
	struct thread *self = arg;

	while (scene.unplugs && !over()) {
		pause_ms(50 + rand_r(&self->seed) % 150);
		if (tell(CPU1, "0"))
			continue;
		pause_ms(rand_r(&self->seed) % 50);
		if (tell(CPU1, "1"))
			fault("a CPU does not come back");
		ADD(scene.hotplugs, 1);
	}
	return NULL;
}

/* A kernel that watches itself: there each scene is shorter, and a CPU goes in some. */
static bool crawls(void)
{
	return slow() > 4;
}

/* What must have happened before a scene is over. */
static bool enough(int flags)
{
	static const struct {
		const char	*name;
		int		least;
	} of[] = {
		{ "puts", 1000 }, { "services", 100 }, { "opens", 20 }, { "closes", 15 },
		{ "reopens", 1 }, { "timeouts_called", 20 }, { "timeouts_cancelled", 3 },
		{ "bufcalls_called", 20 }, { "waits", 5 }, { "from_softirq", 50 },
		{ "from_hardirq", 100 }, { "inner_at_once", 5 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(of); i++)
		if (counted(of[i].name) < of[i].least / (crawls() ? 4 : 1))
			return false;
	if ((flags & OUTER) && (counted("outer_later") < 5 || counted("outer_at_once") < 1))
		return false;
	return LOAD(scene.lives) >= 5 && LOAD(scene.moves) >= 5 &&
	       (!scene.unplugs || LOAD(scene.hotplugs) >= 1);
}

/* all_back - what was written was read, but for what went with a popped module */
static bool all_back(void)
{
	int missing = 0;

	for (int i = 0; i < LINES; i++)
		missing += under_way(&scene.line[i]);
	return missing == counted("flushed_service");
}

static bool wait_until(bool (*met)(int flags), int flags, int seconds)
{
	long long deadline = now_ms() + 1000LL * seconds * slow();

	while (!met(flags)) {
		if (now_ms() > deadline)
			return false;
		STORE(scene.flushed, (int)counted("flushed_service"));
		pause_ms(10);
	}
	return true;
}

static bool scene_played(int flags)
{
	return over() || enough(flags);
}

static bool nothing_missing(int flags)
{
	(void)flags;
	return all_back();
}

/* report - what there was of everything, and where something is missing */
static void report(void)
{
	char *text = text_of(WITNESS "counts");

	for (char *c = text; c && *c; c++)
		if (*c == '\n')
			*c = ',';
	printf("# %s lives %ld, moves %ld, hotplugs %ld\n", text ? text : "", scene.lives,
	       scene.moves, scene.hotplugs);
	free(text);
	for (int i = 0; i < LINES * TALKERS * LANES && !all_back(); i++) {
		struct line *line = &scene.line[i / (TALKERS * LANES)];
		int thread = i / LANES % TALKERS, lane = i % LANES;

		printf("# line %d thread %d lane %d: %d sent, %d got\n", i / (TALKERS * LANES),
		       thread, lane, line->sent[thread][lane], line->got[thread][lane]);
	}
}

#define THREADS (LINES * TALKERS + LINES + 1 + MAYFLIES + 1)

static void start_threads(struct thread *thread)
{
	static const struct {
		int	count;
		void	*(*run)(void *arg);
	} crew[] = {
		{ LINES * TALKERS, talk }, { 1, plumb }, { MAYFLIES, be_mayfly }, { 1, unplug },
		{ LINES, hear }, /* the last, they stay longer */
	};
	int n = 0;

	for (unsigned int role = 0; role < ARRAY_SIZE(crew); role++) {
		for (int i = 0; i < crew[role].count; i++, n++) {
			thread[n].number = i;
			thread[n].seed = 1000 * scene.word + n;
			pthread_create(&thread[n].id, NULL, crew[role].run, &thread[n]);
		}
	}
}

static void join(struct thread *thread, int from, int to)
{
	for (int i = from; i < to; i++)
		pthread_join(thread[i].id, NULL);
}

/* set_up - the long-lived streams, each with one module; -1 if it fails */
static int set_up(int flags, int fd[LINES])
{
	char name[2][FMNAMESZ + 1];

	scene.word = number_of(flags);
	if (scene.word < 0 || order("forget"))
		return -1;
	names(name[0], name[1]);
	for (int i = 0; i < LINES; i++) {
		fd[i] = open_driver(i);
		scene.line[i].fd = fd[i];
		if (fd[i] < 0 || ioctl(fd[i], I_SRDOPT, RMSGN) || ioctl(fd[i], I_PUSH, name[i % 2]))
			return -1;
	}
	return 0;
}

static void tear_down(const int fd[LINES])
{
	static const char *const knobs[] = { "sources", "mischief", "waits", "mute", "dally" };

	for (int i = 0; i < 5; i++)
		turn(knobs[i], 0);
	for (int i = 0; i < LINES; i++)
		if (fd[i] > 0)
			close_now(fd[i]);
}

FIXTURE(word)
{
	int fd[LINES];
};

FIXTURE_VARIANT(word)
{
	int flags;
};

/* All that are legal. */
FIXTURE_VARIANT_ADD(word, open) {
	.flags = MP,
};

FIXTURE_VARIANT_ADD(word, open_outer) {
	.flags = MP | OUTER,
};

FIXTURE_VARIANT_ADD(word, open_outer_excl) {
	.flags = MP | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, queue) {
	.flags = MP | PERQ,
};

FIXTURE_VARIANT_ADD(word, queue_outer) {
	.flags = MP | PERQ | OUTER,
};

FIXTURE_VARIANT_ADD(word, queue_outer_excl) {
	.flags = MP | PERQ | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, queue_put) {
	.flags = MP | PERQ | PUT_S,
};

FIXTURE_VARIANT_ADD(word, queue_put_outer) {
	.flags = MP | PERQ | PUT_S | OUTER,
};

FIXTURE_VARIANT_ADD(word, queue_put_outer_excl) {
	.flags = MP | PERQ | PUT_S | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, queue_put_oc) {
	.flags = MP | PERQ | PUT_S | OC_S,
};

FIXTURE_VARIANT_ADD(word, queue_put_oc_outer) {
	.flags = MP | PERQ | PUT_S | OC_S | OUTER,
};

FIXTURE_VARIANT_ADD(word, queue_put_oc_outer_excl) {
	.flags = MP | PERQ | PUT_S | OC_S | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, queue_put_cb) {
	.flags = MP | PERQ | PUT_S | CB_S,
};

FIXTURE_VARIANT_ADD(word, queue_put_cb_outer) {
	.flags = MP | PERQ | PUT_S | CB_S | OUTER,
};

FIXTURE_VARIANT_ADD(word, queue_put_cb_outer_excl) {
	.flags = MP | PERQ | PUT_S | CB_S | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, queue_put_oc_cb) {
	.flags = MP | PERQ | PUT_S | OC_S | CB_S,
};

FIXTURE_VARIANT_ADD(word, queue_put_oc_cb_outer) {
	.flags = MP | PERQ | PUT_S | OC_S | CB_S | OUTER,
};

FIXTURE_VARIANT_ADD(word, queue_put_oc_cb_outer_excl) {
	.flags = MP | PERQ | PUT_S | OC_S | CB_S | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, pair) {
	.flags = MP | QPAIR,
};

FIXTURE_VARIANT_ADD(word, pair_outer) {
	.flags = MP | QPAIR | OUTER,
};

FIXTURE_VARIANT_ADD(word, pair_outer_excl) {
	.flags = MP | QPAIR | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, pair_put) {
	.flags = MP | QPAIR | PUT_S,
};

FIXTURE_VARIANT_ADD(word, pair_put_outer) {
	.flags = MP | QPAIR | PUT_S | OUTER,
};

FIXTURE_VARIANT_ADD(word, pair_put_outer_excl) {
	.flags = MP | QPAIR | PUT_S | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, pair_put_oc) {
	.flags = MP | QPAIR | PUT_S | OC_S,
};

FIXTURE_VARIANT_ADD(word, pair_put_oc_outer) {
	.flags = MP | QPAIR | PUT_S | OC_S | OUTER,
};

FIXTURE_VARIANT_ADD(word, pair_put_oc_outer_excl) {
	.flags = MP | QPAIR | PUT_S | OC_S | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, pair_put_cb) {
	.flags = MP | QPAIR | PUT_S | CB_S,
};

FIXTURE_VARIANT_ADD(word, pair_put_cb_outer) {
	.flags = MP | QPAIR | PUT_S | CB_S | OUTER,
};

FIXTURE_VARIANT_ADD(word, pair_put_cb_outer_excl) {
	.flags = MP | QPAIR | PUT_S | CB_S | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, pair_put_oc_cb) {
	.flags = MP | QPAIR | PUT_S | OC_S | CB_S,
};

FIXTURE_VARIANT_ADD(word, pair_put_oc_cb_outer) {
	.flags = MP | QPAIR | PUT_S | OC_S | CB_S | OUTER,
};

FIXTURE_VARIANT_ADD(word, pair_put_oc_cb_outer_excl) {
	.flags = MP | QPAIR | PUT_S | OC_S | CB_S | OUTER | OC_X,
};

FIXTURE_VARIANT_ADD(word, module) {
	.flags = MP | PERMOD,
};

FIXTURE_VARIANT_ADD(word, module_put) {
	.flags = MP | PERMOD | PUT_S,
};

FIXTURE_VARIANT_ADD(word, module_put_oc) {
	.flags = MP | PERMOD | PUT_S | OC_S,
};

FIXTURE_VARIANT_ADD(word, module_put_cb) {
	.flags = MP | PERMOD | PUT_S | CB_S,
};

FIXTURE_VARIANT_ADD(word, module_put_svc) {
	.flags = MP | PERMOD | PUT_S | SVC_S,
};

FIXTURE_VARIANT_ADD(word, module_put_oc_cb) {
	.flags = MP | PERMOD | PUT_S | OC_S | CB_S,
};

FIXTURE_VARIANT_ADD(word, module_put_oc_svc) {
	.flags = MP | PERMOD | PUT_S | OC_S | SVC_S,
};

FIXTURE_VARIANT_ADD(word, module_put_cb_svc) {
	.flags = MP | PERMOD | PUT_S | CB_S | SVC_S,
};

FIXTURE_VARIANT_ADD(word, module_put_oc_cb_svc) {
	.flags = MP | PERMOD | PUT_S | OC_S | CB_S | SVC_S,
};

#define ALL_WORDS	(3 * 11 + 9)

FIXTURE_SETUP(word)
{
	ASSERT_EQ(0, set_up(variant->flags, self->fd));
}

FIXTURE_TEARDOWN(word)
{
	tear_down(self->fd);
	EXPECT_EQ(0, violations());
}

static void open_fire(void)
{
	turn("period", crawls() ? 4000 : 1500);
	turn("burst", 1);
	turn("dally", 200);
	turn("waits", 30);
	turn("mischief", 8);
	turn("sources", 1);
}

/* share - of the words every so many have this scene: it takes longest of all */
static int share(void)
{
	const char *words = getenv("STREAMS_SHARE");
	int value = words ? atoi(words) : 1;

	return value > 0 ? value : 1;
}

TEST_F_TIMEOUT(word, under_fire, 120)
{
	struct thread thread[THREADS];
	char text[32];

	if (scene.word % share())
		SKIP(return, "on the other kernels");
	open_fire();
	scene.unplugs = !access(CPU1, W_OK) &&
			(!crawls() || __builtin_popcount(variant->flags) % 3 == 0);
	start_threads(thread);
	pause_ms(crawls() ? SCENE_MS / 3 : SCENE_MS);
	EXPECT_TRUE(wait_until(scene_played, variant->flags, PATIENCE));
	STORE(scene.over, true);
	join(thread, 0, THREADS - LINES);
	turn("waits", 0);
	snprintf(text, sizeof(text), "settle %d", 20 * slow());
	EXPECT_EQ(0, order(text));
	EXPECT_TRUE(wait_until(nothing_missing, 0, 20));
	STORE(scene.drained, true);
	join(thread, THREADS - LINES, THREADS);
	EXPECT_EQ(NULL, scene.fault)
		TH_LOG("%s: %s", scene.fault, strerror(scene.error));
	report();
}

/* A signal is all that ends it. */
TEST_F_TIMEOUT(word, a_signal_ends_a_wait_in_open, 30)
{
	char name[2][FMNAMESZ + 1];
	int fd;

	names(name[0], name[1]);
	turn("mute", 1);
	signal_soon();
	fd = open_driver(-1);
	EXPECT_EQ(-1, fd);
	EXPECT_EQ(EINTR, errno);
	EXPECT_EQ(-1, ioctl(self->fd[0], I_PUSH, name[0]));
	EXPECT_EQ(EINTR, errno);
	signal_stop();
	EXPECT_EQ(2, counted("signals"));
}

/* ----------------------------------------------------- after exclusive entries */

/* round_trip - to the driver and back, straight */
static bool round_trip(struct line *line, int me)
{
	struct note note = note_of(me, LANE_STRAIGHT, ++line->sent[me][LANE_STRAIGHT]);

	return write(line->fd, &note, sizeof(note)) == sizeof(note) &&
	       events_of(line->fd, POLLIN, 20) & POLLIN &&
	       read(line->fd, &note, sizeof(note)) == sizeof(note);
}

/*
 * all_open - the gates of a line, but for the head's: one of each pair, or of each
 * queue; nothing passes the driver's read side, and so its own stays as it was made
 */
static bool all_open(int flags, int minor)
{
	char start[32], *text = text_of("/sys/kernel/debug/streams/streams"), *line, *end;
	int open = 0, closed = 0;

	snprintf(start, sizeof(start), "stream w%dd %d ", scene.word, minor);
	line = text ? strstr(text, start) : NULL;
	end = line ? strstr(line + 1, "\nstream ") : NULL;
	if (end)
		*end = '\0';
	while (line && (line = strstr(line, "\n  w"))) {
		char *next = strchr(++line, '\n');

		if (next)
			*next = '\0';
		if (strstr(line, " gate=open "))
			open++;
		else if (!strstr(line, " gate=fenced "))
			closed++;
		if (next)
			*next = '\n';
	}
	free(text);
	return open >= ((flags & PERMOD) == PERQ ? 3 : 2) && !closed;
}

static void *many_trips(void *arg)
{
	struct thread *self = arg;

	run_on(self->number);
	for (int i = 0; i < 500; i++)
		if (!round_trip(&scene.line[self->number], 0))
			fault("a note did not come back");
	return NULL;
}

/*
 * When nobody asks to be alone any more, the gates open, and after that no message
 * waits at a perimeter, however many CPUs send.
 */
TEST_F_TIMEOUT(word, is_open_again_after_qwriters, 60)
{
	const char *stat = "/sys/kernel/debug/streams/stat";
	long long deadline = now_ms() + 20000LL * slow();
	struct thread thread[LINES];
	long deferred;

	if ((variant->flags & PERMOD) && !(variant->flags & PUT_S))
		SKIP(return, "put procedures are exclusive");
	turn("mischief", 2);
	for (int i = 0; i < 200; i++)
		ASSERT_TRUE(round_trip(&scene.line[i % LINES], 0));
	ASSERT_EQ(0, order("settle 20"));
	EXPECT_LT(0, counted("inner_at_once") + counted("inner_later"));
	while (!all_open(variant->flags, 0) || !all_open(variant->flags, 1)) {
		ASSERT_GT(deadline, now_ms());
		for (int i = 0; i < 200; i++)
			ASSERT_TRUE(round_trip(&scene.line[i % LINES], 0));
	}
	deferred = value_in(stat, "messages_deferred");
	for (int i = 0; i < LINES; i++) {
		thread[i].number = i;
		pthread_create(&thread[i].id, NULL, many_trips, &thread[i]);
	}
	join(thread, 0, LINES);
	EXPECT_EQ(NULL, scene.fault);
	EXPECT_EQ(deferred, value_in(stat, "messages_deferred"));
}

/* ------------------------------------------------------------- too much of it */

FIXTURE(flood)
{
	int fd[LINES];
};

FIXTURE_VARIANT(flood)
{
	int flags;
};

FIXTURE_VARIANT_ADD(flood, open) {
	.flags = MP,
};

FIXTURE_VARIANT_ADD(flood, pair) {
	.flags = MP | QPAIR,
};

FIXTURE_VARIANT_ADD(flood, module) {
	.flags = MP | PERMOD,
};

FIXTURE_VARIANT_ADD(flood, pair_put_outer) {
	.flags = MP | QPAIR | PUT_S | OUTER,
};

FIXTURE_SETUP(flood)
{
	ASSERT_EQ(0, set_up(variant->flags, self->fd));
}

FIXTURE_TEARDOWN(flood)
{
	tear_down(self->fd);
	EXPECT_EQ(0, violations());
}

/* Interrupts that put without end leave processes their time, and lose nothing. */
TEST_F_TIMEOUT(flood, of_interrupts, 60)
{
	long long deadline = now_ms() + 20000LL * slow();
	char text[32];

	turn("period", crawls() ? 8000 : 1000);
	turn("burst", 64);
	turn("sources", 1);
	for (int i = 0; i < 100 || counted("from_hardirq") < 100; i++) {
		ASSERT_TRUE(round_trip(&scene.line[i % LINES], 0));
		ASSERT_GT(deadline, now_ms());
	}
	snprintf(text, sizeof(text), "settle %d", 20 * slow());
	EXPECT_EQ(0, order(text));
	turn("burst", 1);
}

FIXTURE(bounce)
{
	int fd;
};

FIXTURE_VARIANT(bounce)
{
	const char *module;
};

FIXTURE_VARIANT_ADD(bounce, open) {
	.module = "w_open",
};

FIXTURE_VARIANT_ADD(bounce, pair) {
	.module = "w_pair",
};

FIXTURE_VARIANT_ADD(bounce, pair_put) {
	.module = "w_share",
};

FIXTURE_SETUP(bounce)
{
	ASSERT_EQ(0, order("forget"));
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, variant->module));
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, variant->module));
}

FIXTURE_TEARDOWN(bounce)
{
	if (self->fd > 0)
		close_now(self->fd);
}

/* Two modules that answer each other do not use up the stack. */
TEST_F_TIMEOUT(bounce, back_and_forth_for_long, 60)
{
	struct note note = { .magic = NOTE_MAGIC, .op = NOTE_BOUNCE,
			     .seq = crawls() ? 20000 : 100000 };

	ASSERT_EQ((ssize_t)sizeof(note), write(self->fd, &note, sizeof(note)));
	ASSERT_EQ(POLLIN, events_of(self->fd, POLLIN, 40));
	ASSERT_EQ((ssize_t)sizeof(note), read(self->fd, &note, sizeof(note)));
	EXPECT_EQ(0, note.seq);
	EXPECT_LE(1, counted("deepest"));
	EXPECT_GE(MOST_NESTED, counted("deepest"));
	TH_LOG("the deepest was %ld", counted("deepest"));
}

/* ---------------------------------------------------------------- the words */

TEST(what_is_legal_is_registered_and_nothing_else)
{
	char *text = text_of(WITNESS "words"), *line, *rest = text;
	int legal = 0, tried = -1, taken = -1, n, flags, a, b, c;

	while ((line = strsep(&rest, "\n")) && *line) {
		if (sscanf(line, "%d 0x%x %d %d %d", &n, &flags, &a, &b, &c) == 5) {
			legal++;
			EXPECT_EQ(0, a | b | c)
				TH_LOG("%#x: %d, %d, %d", flags, a, b, c);
		} else {
			sscanf(line, "illegal %d taken %d", &tried, &taken);
		}
	}
	free(text);
	EXPECT_EQ(ALL_WORDS, legal);
	EXPECT_EQ(1024 - ALL_WORDS, tried);
	EXPECT_EQ(0, taken);
}

static pid_t first;

/* The harness exits, and does not return to main(). */
static void unload(void)
{
	if (getpid() == first)
		system("rmmod witness");
}

int main(int argc, char **argv)
{
	first = getpid();
	if (system("modprobe witness"))
		return KSFT_FAIL;
	atexit(unload);
	return test_harness_run(argc, argv);
}
