/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the selftests share: the drivers they talk to, and the few phrases that
 * would otherwise stand in each of them.
 *
 * STREAMS_SLOW, a whole number in the environment, multiplies every time limit:
 * an emulated machine with a debugging kernel is that much slower.
 */
#ifndef STREAMS_TEST_H
#define STREAMS_TEST_H

#include <kselftest_harness.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stropts.h>
#include <sys/time.h>
#include <time.h>

#define ECHO_NODE	"/dev/streams/echo"
#define LOOP_NODE	"/dev/streams/loop"	/* loop0 to loop15 are joined in pairs */

/* What the echo driver answers to. */
#define ECHO_UPPER	(('e' << 8) | 0x01)	/* the data in capitals */
#define ECHO_NAK	(('e' << 8) | 0x02)	/* refused with EDOM */
#define ECHO_MUTE	(('e' << 8) | 0x03)	/* never answered */
#define ECHO_HANGUP	(('e' << 8) | 0x04)	/* acknowledged, then M_HANGUP */
#define ECHO_ERROR	(('e' << 8) | 0x05)	/* acknowledged, then M_ERROR of EPROTO, EPROTO */
#define ECHO_FLUSHED	(('e' << 8) | 0x06)	/* int: the M_FLUSH messages seen */
#define ECHO_TGET	(('e' << 8) | 0x10)	/* transparent: struct echo_pair 1, 2 */
#define ECHO_TSET	(('e' << 8) | 0x11)	/* transparent: takes a pair; returns a + b */

struct echo_pair {
	int a, b;
};

/* What the loop driver answers to. */
#define LOOP_SET	(('l' << 8) | 0x01)	/* int: join with this minor */
#define LOOP_MINOR	(('l' << 8) | 0x02)	/* int: own minor */

#define TEST_HIWAT	5120			/* what the drivers and the head hold back at */

/* An address that is never mapped; the compiler must not know. */
static char *volatile nowhere __attribute__((unused)) = (char *)16;

/* edge_of_memory - this many bytes, and after them nothing is mapped; NULL on error */
static inline char *edge_of_memory(size_t size)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	long page = sysconf(_SC_PAGESIZE);
	char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, flags, -1, 0);

	if (two == MAP_FAILED || munmap(two + page, page))
		return NULL;
	return two + page - size;
}

static inline int slow(void)
{
	const char *factor = getenv("STREAMS_SLOW");
	int value = factor ? atoi(factor) : 1;

	return value > 0 ? value : 1;
}

static inline long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static inline void pause_ms(int ms)
{
	poll(NULL, 0, ms);
}

/* events_of - what poll reports of these events, waiting for any of them for some seconds */
static inline short events_of(int fd, short events, int seconds)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	if (poll(&pfd, 1, seconds * 1000 * slow()) < 0)
		return -1;
	return pfd.revents;
}

/* wait_messages - until this many messages are at the head; 0, or -1 if they never come */
static inline int wait_messages(int fd, int count)
{
	long long deadline = now_ms() + 5000LL * slow();
	int bytes;

	while (ioctl(fd, I_NREAD, &bytes) < count) {
		if (now_ms() > deadline)
			return -1;
		pause_ms(1);
	}
	return 0;
}

static inline void set_nonblock(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

/* close_now - close without waiting for what was written to drain */
static inline int close_now(int fd)
{
	set_nonblock(fd, true);
	return close(fd);
}

/* empty - nothing is at the head, or on its way there any more */
static inline bool empty(int fd)
{
	return events_of(fd, POLLIN | POLLPRI, 0) == 0 &&
	       (pause_ms(20), events_of(fd, POLLIN | POLLPRI, 0) == 0);
}

static inline struct strbuf part_of(const char *text)
{
	return (struct strbuf){ .len = text ? (int)strlen(text) : -1, .buf = (char *)text };
}

/* put_text - putpmsg with strings; NULL is no such part */
static inline int put_text(int fd, const char *ctl, const char *data, int band, int flags)
{
	struct strbuf c = part_of(ctl), d = part_of(data);

	return putpmsg(fd, &c, &d, band, flags);
}

/* One received message, as strings. */
struct got {
	int	result;		/* of getpmsg */
	int	ctl_len, data_len, band, flags;
	char	ctl[256], data[1024];
};

static inline struct got get_some(int fd, int ctl_max, int data_max, int band, int flags)
{
	struct got got = { .band = band, .flags = flags };
	struct strbuf ctl = { .maxlen = ctl_max, .len = -2, .buf = got.ctl };
	struct strbuf data = { .maxlen = data_max, .len = -2, .buf = got.data };

	got.result = getpmsg(fd, &ctl, &data, &got.band, &got.flags);
	got.ctl_len = ctl.len;
	got.data_len = data.len;
	return got;
}

static inline struct got get_any(int fd)
{
	return get_some(fd, 255, 1023, 0, MSG_ANY);
}

/* str_ioctl - I_STR with data in and out; the length out replaces *len */
static inline int str_ioctl(int fd, int command, void *data, int *len, int seconds)
{
	struct strioctl request = {
		.ic_cmd = command, .ic_timout = seconds, .ic_len = len ? *len : 0, .ic_dp = data,
	};
	int result = ioctl(fd, I_STR, &request);

	if (len)
		*len = request.ic_len;
	return result;
}

static inline int loop_minor(int fd)
{
	int minor = -1, len = sizeof(minor);

	return str_ioctl(fd, LOOP_MINOR, &minor, &len, 5 * slow()) < 0 ? -1 : minor;
}

static inline int open_loop(int minor, int flags)
{
	char node[64];

	snprintf(node, sizeof(node), LOOP_NODE "%d", minor);
	return open(node, flags);
}

/* open_pair - two clone opens of the loop driver, joined; -1 if it fails */
static inline int open_pair(int end[2], int flags)
{
	int other, len = sizeof(other);

	end[0] = open(LOOP_NODE, flags);
	end[1] = open(LOOP_NODE, flags);
	if (end[0] < 0 || end[1] < 0)
		return -1;
	other = loop_minor(end[1]);
	if (other < 0)
		return -1;
	return str_ioctl(end[0], LOOP_SET, &other, &len, 5 * slow());
}

/*
 * fill - write without blocking until the stream is full; the bytes it took, -1
 * on error.  Full is when it stays full: services move messages on meanwhile.
 */
static inline long fill(int fd, size_t piece)
{
	long long deadline = now_ms() + 10000LL * slow();
	struct pollfd room = { .fd = fd, .events = POLLOUT };
	char block[1024];
	long total = 0;
	ssize_t done;

	memset(block, 'f', sizeof(block));
	set_nonblock(fd, true);
	do {
		while ((done = write(fd, block, piece)) > 0)
			total += done;
		if (done == 0 || errno != EAGAIN || now_ms() > deadline) {
			total = -1;
			break;
		}
	} while (poll(&room, 1, 30 * slow()) > 0);
	set_nonblock(fd, false);
	return total;
}

/* drain_exactly - read this many bytes; the bytes read before nothing came for long */
static inline long drain_exactly(int fd, long wanted)
{
	char block[4096];
	long total = 0;

	while (total < wanted && events_of(fd, POLLIN, 10) & POLLIN) {
		long left = wanted - total;
		ssize_t done = read(fd, block, left < 4096 ? left : 4096);

		if (done <= 0)
			break;
		total += done;
	}
	return total;
}

static inline void on_signal(int sig)
{
	(void)sig;
}

/*
 * signal_soon, signal_stop - interrupt what blocks: a signal with a handler,
 * without SA_RESTART, again and again, so that none comes too early to matter.
 */
static inline void signal_soon(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct itimerval every = { .it_interval.tv_usec = 50000, .it_value.tv_usec = 50000 };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
}

static inline void signal_stop(void)
{
	struct itimerval never = { 0 };

	setitimer(ITIMER_REAL, &never, NULL);
}

/* child_status - what a child exits with; -1 if it did not exit by itself in time */
static inline int child_status(pid_t child, int seconds)
{
	long long deadline = now_ms() + 1000LL * seconds * slow();
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (now_ms() > deadline) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
			return -1;
		}
		pause_ms(5);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* alive - a child has not ended; leaves it to child_status() */
static inline bool alive(pid_t child)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

/* blocked - a child, given a moment, is still at it: the wait it is in is real */
static inline bool blocked(pid_t child)
{
	pause_ms(150);
	return alive(child);
}

/* After the tests have registered themselves, which they do with a priority. */
static void __attribute__((constructor)) stretch_time_limits(void)
{
	struct __fixture_metadata *fixture;
	struct __test_metadata *test;

	for (fixture = __fixture_list; fixture; fixture = fixture->next)
		for (test = fixture->tests; test; test = test->next)
			test->timeout *= slow();
}

#endif /* STREAMS_TEST_H */
