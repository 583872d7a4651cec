// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is measured: operations on streams, and the same done by the kernel's own
 * nearest means.  Marks tell the counting plugin (plugin/) where an operation is
 * repeated; report.py divides what it counted by the number of repetitions, which
 * is printed here, a line for each pair of marks, in order:
 *
 *   ROW <name> <repetitions>
 *
 * The rows take turns, several times; report.py takes the round in which a row
 * met no timer interrupt.  The lines come at the very end, so that the serial
 * port is silent meanwhile.  What an open file, a stream and a module weigh comes
 * in lines of its own, and so does what they take of each slab cache:
 *
 *   MEMORY <name> <how many> slab=<bytes> percpu=<bytes> vmalloc=<bytes>
 *   CACHE <name> <cache> <bytes>
 *
 * A machine of two CPUs measures what takes two, and what differs there.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/random.h>
#include <mqueue.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stropts.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "kbench/kbench.h"
#include "marks.h"

#define SIZE		64
#define ROUNDS		5
#define SHORT		100	/* repetitions, so few that most rounds meet no tick */
#define FEW		20	/* of what is longer */
#define LONG_ROUNDS	2
#define LONG		1000	/* repetitions of what leaves work behind: a mean counts */
#define ALL_AT_ONCE	200	/* streams, where each step is measured alone */
#define BATCH		50	/* of these, then the machine comes to rest */
#define CROWD		10000	/* other streams */

struct row {
	const char	*name;
	void		(*set_up)(struct row *row);
	void		(*once)(struct row *row);
	int		repetitions;
	int		settles;	/* count what it leaves to others, too */
	const char	*module;	/* to push on the stream that writes */
	const char	*above;		/* and on the one that reads */
	int		depth;		/* how often */
	int		command;	/* of kbench */
	const char	*target;	/* whose stream it is about, if not kbench's */
	int		in, out;
};

static char block[SIZE], got[SIZE];

static void expect(long result, const char *what)
{
	if (result != SIZE)
		err(1, "%s", what);
}

static int must_open(const char *path)
{
	int fd = open(path, O_RDWR);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

/* --- messages ------------------------------------------------------------- */

static void write_read(struct row *row)
{
	expect(write(row->in, block, SIZE), "write");
	expect(read(row->out, got, SIZE), "read");
}

static void putmsg_getmsg(struct row *row)
{
	struct strbuf out = { .len = SIZE, .buf = block }, in = { .maxlen = SIZE, .buf = got };
	int flags = 0;

	if (putmsg(row->in, NULL, &out, 0))
		err(1, "putmsg");
	if (getmsg(row->out, NULL, &in, &flags))
		err(1, "getmsg");
	expect(in.len, "getmsg");
}

static void putpmsg_getpmsg(struct row *row)
{
	struct strbuf out = { .len = SIZE, .buf = block }, in = { .maxlen = SIZE, .buf = got };
	int band = 0, flags = MSG_ANY;

	if (putpmsg(row->in, NULL, &out, 1, MSG_BAND))
		err(1, "putpmsg");
	if (getpmsg(row->out, NULL, &in, &band, &flags))
		err(1, "getpmsg");
	expect(in.len, "getpmsg");
}

static void send_receive(struct row *row)
{
	expect(send(row->in, block, SIZE, 0), "send");
	expect(recv(row->out, got, SIZE, 0), "recv");
}

static void queue_receive(struct row *row)
{
	unsigned int priority;

	if (mq_send(row->in, block, SIZE, 1))
		err(1, "mq_send");
	expect(mq_receive(row->in, got, SIZE, &priority), "mq_receive");
}

/* There and back: another process, on another CPU, returns each byte. */
static void round_trip(struct row *row)
{
	char byte = 0;

	if (write(row->in, &byte, 1) != 1 || read(row->out, &byte, 1) != 1)
		err(1, "%s", row->name);
}

static void push(int fd, const char *module, int depth)
{
	while (module && depth--) {
		if (ioctl(fd, I_PUSH, module))
			err(1, "%s", module);
	}
}

static void set_up_loop(struct row *row)
{
	static int minor;
	char node[64];

	snprintf(node, sizeof(node), "/dev/streams/loop%d", minor++);
	row->in = must_open(node);
	snprintf(node, sizeof(node), "/dev/streams/loop%d", minor++);
	row->out = must_open(node);
	push(row->in, row->module, row->depth);
	push(row->out, row->above, row->depth);
}

static void set_up_pipe(struct row *row)
{
	int end[2];

	if (pipe(end))
		err(1, "pipe");
	row->in = end[1];
	row->out = end[0];
}

static void set_up_socket(struct row *row)
{
	int end[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, end))
		err(1, "socketpair");
	row->in = end[0];
	row->out = end[1];
}

static void set_up_queue(struct row *row)
{
	struct mq_attr attributes = { .mq_maxmsg = 8, .mq_msgsize = SIZE };

	row->in = mq_open("/bench", O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	if (row->in < 0)
		err(1, "mq_open");
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "CPU %d", cpu);
}

static void start_echo(int in, int out)
{
	char byte;

	if (fork())
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	stay_on(1);
	while (read(in, &byte, 1) == 1 && write(out, &byte, 1) == 1)
		;
	_exit(0);
}

static void set_up_pipe_echo(struct row *row)
{
	struct row back;

	set_up_pipe(row);
	set_up_pipe(&back);
	start_echo(row->out, back.in);
	row->out = back.out;
}

/* What goes both ways: the echo is at the other end. */
static void start_duplex_echo(struct row *row)
{
	start_echo(row->out, row->out);
	row->out = row->in;
}

static void set_up_socket_echo(struct row *row)
{
	set_up_socket(row);
	start_duplex_echo(row);
}

static void set_up_loop_echo(struct row *row)
{
	set_up_loop(row);
	start_duplex_echo(row);
}

/* --- streams that come and go --------------------------------------------- */

static int opened[2 * ALL_AT_ONCE], used, pushed;

static void nothing(struct row *row)
{
	(void)row;
}

static void pipe_open_close(struct row *row)
{
	int end[2];

	(void)row;
	if (pipe(end) || close(end[0]) || close(end[1]))
		err(1, "pipe");
}

static void open_close(struct row *row)
{
	(void)row;
	if (close(must_open("/dev/streams/kbench")))
		err(1, "close");
}

static void push_pop(struct row *row)
{
	if (ioctl(row->in, I_PUSH, "nullmod") || ioctl(row->in, I_POP, 0))
		err(1, "nullmod");
}

/* These four in this order: each works on what the one before it left. */
static void open_next(struct row *row)
{
	(void)row;
	opened[used++] = must_open("/dev/streams/kbench");
}

static void push_next(struct row *row)
{
	(void)row;
	push(opened[pushed++], "nullmod", 1);
}

static void pop_next(struct row *row)
{
	(void)row;
	if (ioctl(opened[--pushed], I_POP, 0))
		err(1, "I_POP");
}

static void close_next(struct row *row)
{
	(void)row;
	if (close(opened[--used]))
		err(1, "close");
}

static void set_up_kbench(struct row *row)
{
	if (row->target)
		must_open(row->target);
	row->in = must_open("/dev/streams/kbench");
}

/* --- measuring ------------------------------------------------------------- */

#define MESSAGE(label, setting, action, ...) \
	{ .name = label, .set_up = setting, .once = action, .repetitions = SHORT, __VA_ARGS__ }
#define PAIR(label, setting) \
	{ .name = label, .set_up = setting, .once = round_trip, .repetitions = FEW }
#define LIFE(label, setting, action, times) \
	{ .name = label, .set_up = setting, .once = action, .repetitions = times, .settles = 1 }
#define KERNEL(label, what, ...) \
	{ .name = label, .set_up = set_up_kbench, .repetitions = KBENCH_REPETITIONS, \
	  .command = what, __VA_ARGS__ }

static struct row rows[] = {
	MESSAGE("pipe-64", set_up_pipe, write_read),
	MESSAGE("loop-64", set_up_loop, write_read),
	MESSAGE("loop-nullmod-64", set_up_loop, write_read, .module = "nullmod", .depth = 1),
	MESSAGE("loop-nullmod8-down-64", set_up_loop, write_read, .module = "nullmod", .depth = 8),
	MESSAGE("loop-nullmod8-up-64", set_up_loop, write_read, .above = "nullmod", .depth = 8),
	MESSAGE("loop-relay-64", set_up_loop, write_read, .module = "relay", .depth = 1),
	MESSAGE("seqpacket-64", set_up_socket, send_receive),
	MESSAGE("loop-getmsg-64", set_up_loop, putmsg_getmsg),
	MESSAGE("mqueue-64", set_up_queue, queue_receive),
	MESSAGE("loop-banded-64", set_up_loop, putpmsg_getpmsg),
	KERNEL("empty", KBENCH_EMPTY),
	KERNEL("spin-pair", KBENCH_SPIN),
	KERNEL("kmalloc-128", KBENCH_KMALLOC),
	KERNEL("skb-64", KBENCH_SKB),
	KERNEL("allocb-64", KBENCH_ALLOCB),
	KERNEL("dupmsg-64", KBENCH_DUPMSG),
	KERNEL("copymsg-64", KBENCH_COPYMSG),
	KERNEL("putq-getq", KBENCH_PUTQ),
	KERNEL("call", KBENCH_CALL),
	KERNEL("put", KBENCH_PUT),
	KERNEL("put-sole", KBENCH_PUT_SOLE, .target = "/dev/streams/kb_sole"),
	KERNEL("put-outer", KBENCH_PUT_OUTER, .target = "/dev/streams/kb_outer"),
	KERNEL("qwriter", KBENCH_QWRITER, .target = "/dev/streams/kb_writer"),
	KERNEL("qwriter-outer", KBENCH_QWRITER_OUTER, .target = "/dev/streams/kb_owriter"),
};

/* Where there are two CPUs. */
static struct row pairs[] = {
	PAIR("pipe-round-trip", set_up_pipe_echo),
	PAIR("seqpacket-round-trip", set_up_socket_echo),
	PAIR("loop-round-trip", set_up_loop_echo),
};

static struct row lives[] = {
	LIFE("settle", NULL, nothing, LONG),
	LIFE("pipe-open-close", NULL, pipe_open_close, LONG),
	LIFE("stream-open-close", NULL, open_close, LONG),
	LIFE("push-pop", set_up_kbench, push_pop, LONG),
};

/* The same again while CROWD other streams are open. */
static struct row crowd_lives[] = {
	LIFE("settle-crowd", NULL, nothing, LONG),
	LIFE("stream-open-close-crowd", NULL, open_close, LONG),
	LIFE("push-pop-crowd", set_up_kbench, push_pop, LONG),
};

static struct row steps[] = {
	LIFE("settle-step", NULL, nothing, ALL_AT_ONCE),
	LIFE("open-step", NULL, open_next, ALL_AT_ONCE),
	LIFE("push-step", NULL, push_next, ALL_AT_ONCE),
	LIFE("pop-step", NULL, pop_next, ALL_AT_ONCE),
	LIFE("close-step", NULL, close_next, ALL_AT_ONCE),
};

#define ARRAY_SIZE(array)	((int)(sizeof(array) / sizeof((array)[0])))

/* Long enough for grace periods and what follows them. */
static void settle(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 100 * 1000 * 1000 }, NULL);
}

static void measure(struct row *row)
{
	struct strioctl command = { .ic_cmd = row->command };

	if (row->command) {
		if (ioctl(row->in, I_STR, &command))
			err(1, "%s", row->name);
		return;
	}
	for (int i = 0; i < row->repetitions / 5; i++)
		row->once(row);
	if (row->settles)
		settle();
	mark_begin();
	for (int i = 0; i < row->repetitions; i++) {
		row->once(row);
		if (row->settles && i % BATCH == BATCH - 1)
			settle();
	}
	mark_end();
}

static void measure_all(struct row *all, int count, int rounds)
{
	for (int i = 0; i < count; i++) {
		if (all[i].set_up)
			all[i].set_up(&all[i]);
	}
	while (rounds--) {
		for (int i = 0; i < count; i++)
			measure(&all[i]);
	}
}

static void print_all(const struct row *all, int count, int rounds, const char *suffix)
{
	while (rounds--) {
		for (int i = 0; i < count; i++)
			printf("ROW %s%s %d\n", all[i].name, suffix, all[i].repetitions);
	}
}

/* --- what a stream weighs --------------------------------------------------- */

#define CACHES	512

/* Bytes of kernel memory in use, each counted in pages, and in each slab cache. */
struct weight {
	long slab, percpu, vmalloc;
	int count;
	struct {
		char name[64];
		long bytes;
	} caches[CACHES];
};

static FILE *must_read(const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file)
		err(1, "%s", path);
	return file;
}

static void weigh_all(struct weight *weight)
{
	FILE *info = must_read("/proc/meminfo");
	char line[256], name[64];
	long value;

	while (fgets(line, sizeof(line), info)) {
		if (sscanf(line, "%63s %ld", name, &value) != 2)
			continue;
		if (!strcmp(name, "Slab:"))
			weight->slab = value;
		else if (!strcmp(name, "Percpu:"))
			weight->percpu = value;
		else if (!strcmp(name, "VmallocUsed:"))
			weight->vmalloc = value;
	}
	fclose(info);
}

static void weigh_caches(struct weight *weight)
{
	FILE *info = must_read("/proc/slabinfo");
	long objects, size;
	char line[256];

	weight->count = 0;
	while (fgets(line, sizeof(line), info) && weight->count < CACHES) {
		if (sscanf(line, "%63s %ld %*d %ld", weight->caches[weight->count].name,
			   &objects, &size) == 3)
			weight->caches[weight->count++].bytes = objects * size;
	}
	fclose(info);
}

static void weigh(struct weight *weight)
{
	settle();
	weigh_all(weight);
	weigh_caches(weight);
}

static void print_weight(const char *name, const struct weight *before,
			 const struct weight *after)
{
	printf("MEMORY %s %d slab=%ld percpu=%ld vmalloc=%ld\n", name, CROWD,
	       (after->slab - before->slab) * 1024, (after->percpu - before->percpu) * 1024,
	       (after->vmalloc - before->vmalloc) * 1024);
	for (int i = 0; i < after->count && i < before->count; i++) {
		long more = after->caches[i].bytes - before->caches[i].bytes;

		if (strcmp(after->caches[i].name, before->caches[i].name))
			errx(1, "a slab cache came or went: %s", after->caches[i].name);
		if (more >= CROWD)
			printf("CACHE %s %s %ld\n", name, after->caches[i].name, more);
	}
}

static int crowd[CROWD];

static void open_crowd(const char *node)
{
	for (int i = 0; i < CROWD; i++)
		crowd[i] = must_open(node);
}

static void close_crowd(void)
{
	for (int i = 0; i < CROWD; i++)
		close(crowd[i]);
}

static void crowded(void)
{
	static struct weight empty, files, streams, modules;

	weigh(&empty);
	open_crowd("/dev/null");
	weigh(&files);
	print_weight("file", &empty, &files);
	close_crowd();

	weigh(&empty);
	open_crowd("/dev/streams/kbench");
	weigh(&streams);
	print_weight("stream", &empty, &streams);
	measure_all(crowd_lives, ARRAY_SIZE(crowd_lives), LONG_ROUNDS);
	weigh(&streams);
	for (int i = 0; i < CROWD; i++)
		push(crowd[i], "nullmod", 1);
	weigh(&modules);
	print_weight("module", &streams, &modules);
	close_crowd();
}

/* --- the machine -------------------------------------------------------------- */

/*
 * A machine without a source of randomness makes each number from scratch, and
 * the allocator asks for many.  One that has run for a while does not.
 */
static void feed_random(void)
{
	struct {
		struct rand_pool_info info;
		char bytes[64];
	} seed = { .info = { .entropy_count = 8 * 64, .buf_size = 64 } };
	int fd = must_open("/dev/random");

	if (ioctl(fd, RNDADDENTROPY, &seed))
		err(1, "RNDADDENTROPY");
	close(fd);
}

/* The table of descriptors grows here, and once. */
static void allow_files(void)
{
	struct rlimit limit = { .rlim_cur = 2 * CROWD, .rlim_max = 2 * CROWD };

	if (setrlimit(RLIMIT_NOFILE, &limit) || dup2(0, 2 * CROWD - 1) < 0)
		err(1, "RLIMIT_NOFILE");
}

static void on_one_cpu(void)
{
	measure_all(rows, ARRAY_SIZE(rows), ROUNDS);
	measure_all(lives, ARRAY_SIZE(lives), LONG_ROUNDS);
	measure_all(steps, ARRAY_SIZE(steps), LONG_ROUNDS);
	crowded();

	print_all(rows, ARRAY_SIZE(rows), ROUNDS, "");
	print_all(lives, ARRAY_SIZE(lives), LONG_ROUNDS, "");
	print_all(steps, ARRAY_SIZE(steps), LONG_ROUNDS, "");
	print_all(crowd_lives, ARRAY_SIZE(crowd_lives), LONG_ROUNDS, "");
}

static void on_two_cpus(void)
{
	measure_all(pairs, ARRAY_SIZE(pairs), ROUNDS);
	measure_all(lives, ARRAY_SIZE(lives), LONG_ROUNDS);

	print_all(pairs, ARRAY_SIZE(pairs), ROUNDS, "");
	print_all(lives, ARRAY_SIZE(lives), LONG_ROUNDS, "-2cpu");
}

int main(void)
{
	stay_on(0);
	setvbuf(stdout, NULL, _IOFBF, 1 << 20);
	feed_random();
	allow_files();
	if (sysconf(_SC_NPROCESSORS_ONLN) == 1)
		on_one_cpu();
	else
		on_two_cpus();
	return 0;
}
