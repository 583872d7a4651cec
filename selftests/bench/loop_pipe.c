// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a stream costs beside what Linux has: each pair of rows does the same
 * work through a loop stream and through the kernel's own nearest means, in one
 * process, in turns, and the best round of each counts.
 *
 * Time is nanoseconds, or, on a machine that counts instructions instead of time
 * (QEMU's icount; the environment or the kernel's command line says so), ticks
 * of the time-stamp counter, one for an instruction.
 *
 *   BENCH <name> <value> <unit> <baseline> <ratio> <method>
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stropts.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SIZE	64
#define ROUNDS	3

static int count = 2000;
static int icount;

static unsigned long long ticks(void)
{
	struct timespec now;

#ifdef __x86_64__
	if (icount) {
		unsigned int low, high;

		__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
		return (unsigned long long)high << 32 | low;
	}
#endif
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static int counts_instructions(void)
{
	char line[4096] = "";
	int fd = open("/proc/cmdline", O_RDONLY);

	if (getenv("STREAMS_ICOUNT"))
		return atoi(getenv("STREAMS_ICOUNT"));
	if (fd >= 0) {
		if (read(fd, line, sizeof(line) - 1) < 0)
			line[0] = 0;
		close(fd);
	}
	return strstr(line, "icount") || strstr(line, "tsc=reliable");
}

/* A way to send SIZE bytes and receive them, or to make such a way and undo it. */
struct way {
	const char	*name;
	const char	*baseline;
	void		(*set_up)(struct way *way);
	void		(*once)(struct way *way);
	const char	*module;
	int		in, out;
	double		best;
};

static char block[SIZE], got[SIZE];

static void expect(long result, const char *what)
{
	if (result != SIZE)
		err(1, "%s", what);
}

static void write_read(struct way *way)
{
	expect(write(way->in, block, SIZE), "write");
	expect(read(way->out, got, SIZE), "read");
}

static void putmsg_getmsg(struct way *way)
{
	struct strbuf out = { .len = SIZE, .buf = block }, in = { .maxlen = SIZE, .buf = got };
	int flags = 0;

	if (putmsg(way->in, NULL, &out, 0))
		err(1, "putmsg");
	if (getmsg(way->out, NULL, &in, &flags))
		err(1, "getmsg");
	expect(in.len, "getmsg");
}

static void send_receive(struct way *way)
{
	expect(send(way->in, block, SIZE, 0), "send");
	expect(recv(way->out, got, SIZE, 0), "recv");
}

static void open_close(struct way *way)
{
	int fd = open("/dev/streams/loop", O_RDWR);

	(void)way;
	if (fd < 0 || close(fd))
		err(1, "/dev/streams/loop");
}

static void pipe_close(struct way *way)
{
	int end[2];

	(void)way;
	if (pipe(end) || close(end[0]) || close(end[1]))
		err(1, "pipe");
}

static void push_pop(struct way *way)
{
	if (ioctl(way->in, I_PUSH, "nullmod") || ioctl(way->in, I_POP, 0))
		err(1, "nullmod");
}

static void set_up_loop(struct way *way)
{
	static int minor;
	char node[64];

	snprintf(node, sizeof(node), "/dev/streams/loop%d", minor++);
	way->in = open(node, O_RDWR);
	if (way->in < 0)
		err(1, "%s", node);
	snprintf(node, sizeof(node), "/dev/streams/loop%d", minor++);
	way->out = open(node, O_RDWR);
	if (way->out < 0)
		err(1, "%s", node);
	if (way->module && ioctl(way->in, I_PUSH, way->module))
		err(1, "%s", way->module);
}

static void set_up_pipe(struct way *way)
{
	int end[2];

	if (pipe(end))
		err(1, "pipe");
	way->in = end[1];
	way->out = end[0];
}

static void set_up_socket(struct way *way)
{
	int end[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, end))
		err(1, "socketpair");
	way->in = end[0];
	way->out = end[1];
}

static void set_up_nothing(struct way *way)
{
	(void)way;
}

/* A baseline comes before the rows that are compared with it. */
static struct way ways[] = {
	{ .name = "pipe-64", .set_up = set_up_pipe, .once = write_read },
	{ .name = "loop-64", .baseline = "pipe-64", .set_up = set_up_loop, .once = write_read },
	{ .name = "loop-nullmod-64", .baseline = "pipe-64", .set_up = set_up_loop,
	  .once = write_read, .module = "nullmod" },
	{ .name = "loop-relay-64", .baseline = "pipe-64", .set_up = set_up_loop,
	  .once = write_read, .module = "relay" },
	{ .name = "seqpacket-64", .set_up = set_up_socket, .once = send_receive },
	{ .name = "loop-getmsg-64", .baseline = "seqpacket-64", .set_up = set_up_loop,
	  .once = putmsg_getmsg },
	{ .name = "pipe-open-close", .set_up = set_up_nothing, .once = pipe_close },
	{ .name = "stream-open-close", .baseline = "pipe-open-close", .set_up = set_up_nothing,
	  .once = open_close },
	{ .name = "push-pop", .baseline = "pipe-open-close", .set_up = set_up_loop,
	  .once = push_pop },
	{ .name = NULL },
};

static double measure(struct way *way)
{
	unsigned long long start;

	for (int i = 0; i < 50; i++)
		way->once(way);
	start = ticks();
	for (int i = 0; i < count; i++)
		way->once(way);
	return (double)(ticks() - start) / count;
}

static double best_of(const char *name)
{
	for (struct way *way = ways; way->name; way++)
		if (!strcmp(way->name, name))
			return way->best;
	errx(1, "no row is called %s", name);
}

static void print(const struct way *way)
{
	const char *baseline = way->baseline ? way->baseline : way->name;

	printf("BENCH %s %.0f %s %s %.2f %s\n", way->name, way->best,
	       icount ? "instructions" : "ns", baseline, way->best / best_of(baseline),
	       icount ? "icount-min-of-3" : "clock-min-of-3");
}

int main(int argc, char **argv)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
	icount = counts_instructions();
	if (argc > 1)
		count = atoi(argv[1]);

	for (struct way *way = ways; way->name; way++)
		way->set_up(way);
	for (int round = 0; round < ROUNDS; round++) {
		for (struct way *way = ways; way->name; way++) {
			double value = measure(way);

			if (!round || value < way->best)
				way->best = value;
		}
	}
	for (struct way *way = ways; way->name; way++)
		print(way);
	return 0;
}
