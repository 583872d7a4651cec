// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules and drivers that were written the Solaris way, at work: crmod, frame,
 * gather, lp, party, rot13, and refused, which must not load.
 */
#include "streams_test.h"
#include "talk.h"
#include "solaris/crmod.h"
#include "solaris/frame.h"
#include "solaris/gather.h"
#include "solaris/lp.h"
#include "solaris/party.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>

#define NODES		"/dev/streams/"

#define EXPECT_ERROR(error, call)		\
	do {					\
		EXPECT_EQ(-1, call);		\
		EXPECT_EQ(error, errno);	\
	} while (0)

/* --------------------------------------------------------- loading, the log */

static int load(const char *module, const char *parameters)
{
	struct utsname system;
	char path[256];
	int fd, result;

	uname(&system);
	snprintf(path, sizeof(path), "/lib/modules/%s/extra/streams_%s.ko", system.release, module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = syscall(SYS_finit_module, fd, parameters, 0);
	close(fd);
	return result;
}

static bool loaded(const char *module)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/streams_%s", module);
	return access(path, F_OK) == 0;
}

static int unload(const char *module)
{
	char name[64];

	snprintf(name, sizeof(name), "streams_%s", module);
	return syscall(SYS_delete_module, name, O_NONBLOCK);
}

/* unload_soon - the last reference may go a moment after the last close */
static int unload_soon(const char *module)
{
	long long deadline = now_ms() + 5000LL * slow();

	while (unload(module)) {
		if (errno != EWOULDBLOCK || now_ms() > deadline)
			return -1;
		pause_ms(10);
	}
	return 0;
}

/* log_from_now, lines_of_log - how many lines since then have all of these words */
static int log_from_now(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);

	lseek(fd, 0, SEEK_END);
	return fd;
}

static int lines_of_log(int fd, const char *word, const char *other)
{
	char line[1024];
	ssize_t length;
	int lines = 0;

	while ((length = read(fd, line, sizeof(line) - 1)) > 0) {
		line[length] = '\0';
		lines += strstr(line, word) && strstr(line, other);
	}
	close(fd);
	return lines;
}

static bool there(const char *node)
{
	char path[64];

	snprintf(path, sizeof(path), NODES "%s", node);
	return access(path, F_OK) == 0;
}

static int open_node(const char *node, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), NODES "%s", node);
	return open(path, flags);
}

/* open_minor - by a node of our own, which the driver has not asked for */
static int open_minor(const char *node_of_driver, int minor_number)
{
	const char *path = "/tmp/a_node_of_our_own";
	char known[64];
	struct stat st;
	int fd, error;

	snprintf(known, sizeof(known), NODES "%s", node_of_driver);
	if (stat(known, &st))
		return -2;
	unlink(path);
	if (mknod(path, S_IFCHR | 0600, makedev(major(st.st_rdev), minor_number)))
		return -2;
	fd = open(path, O_RDWR);
	error = errno;
	unlink(path);
	errno = error;
	return fd;
}

static int set_int(int fd, int command, int value)
{
	int len = sizeof(value);

	return str_ioctl(fd, command, &value, &len, 5 * slow());
}

FIXTURE(pair)
{
	int near, far;
};

FIXTURE_SETUP(pair)
{
	self->near = open_node("loop0", O_RDWR);
	self->far = open_node("loop1", O_RDWR);
	ASSERT_LE(0, self->near);
	ASSERT_LE(0, self->far);
}

FIXTURE_TEARDOWN(pair)
{
	close_now(self->near);
	close_now(self->far);
	unload_soon("crmod");
	unload_soon("frame");
	unload_soon("gather");
}

/* -------------------------------------------------------------------- crmod */

TEST_F(pair, crmod_is_loaded_by_the_name_that_is_pushed)
{
	ASSERT_FALSE(loaded("crmod"));
	ASSERT_EQ(0, ioctl(self->near, I_PUSH, "crmod"));
	EXPECT_TRUE(loaded("crmod"));
	EXPECT_ERROR(EWOULDBLOCK, unload("crmod"));
	ASSERT_EQ(0, ioctl(self->near, I_POP, 0));
	EXPECT_EQ(0, unload_soon("crmod"));
	EXPECT_FALSE(loaded("crmod"));
}

TEST_F(pair, a_driver_is_not_loaded_by_a_name_that_is_pushed)
{
	ASSERT_FALSE(loaded("party"));
	EXPECT_ERROR(EINVAL, ioctl(self->near, I_PUSH, "party"));
	EXPECT_FALSE(loaded("party"));
}

TEST_F(pair, crmod_maps_line_ends_both_ways)
{
	ASSERT_EQ(0, ioctl(self->near, I_PUSH, "crmod"));
	ASSERT_EQ(0, say(self->near, "a\nb\n\n"));
	EXPECT_STREQ("a\r\nb\r\n\r\n", hear(self->far));
	ASSERT_EQ(0, say(self->far, "c\re"));
	EXPECT_STREQ("c\ne", hear(self->near));
}

TEST_F(pair, crmod_does_what_its_ioctl_says)
{
	int value = -1, len = sizeof(value);

	ASSERT_EQ(0, ioctl(self->near, I_PUSH, "crmod"));
	ASSERT_EQ(0, str_ioctl(self->near, CRMOD_GET, &value, &len, 5 * slow()));
	EXPECT_EQ(CR_IN | CR_OUT, value);
	ASSERT_EQ(0, set_int(self->near, CRMOD_SET, CR_IN));
	ASSERT_EQ(0, say(self->near, "a\n"));
	EXPECT_STREQ("a\n", hear(self->far));
	EXPECT_ERROR(EINVAL, set_int(self->near, CRMOD_SET, 0x80));
	len = 0;
	EXPECT_ERROR(EINVAL, str_ioctl(self->near, CRMOD_SET, &value, &len, 5 * slow()));
	len = sizeof(value);
	ASSERT_EQ(0, str_ioctl(self->near, CRMOD_GET, &value, &len, 5 * slow()));
	EXPECT_EQ(CR_IN, value);
	EXPECT_ERROR(EINVAL, set_int(self->near, ECHO_UPPER, 0));
}

TEST_F(pair, crmod_holds_a_writer_and_loses_nothing)
{
	long written;

	ASSERT_EQ(0, ioctl(self->near, I_PUSH, "crmod"));
	written = fill(self->near, 100);
	ASSERT_LT(0, written);
	EXPECT_EQ(0, events_of(self->near, POLLOUT, 0));
	EXPECT_EQ(written, drain_exactly(self->far, written));
	EXPECT_EQ(POLLOUT, events_of(self->near, POLLOUT, 5));
	EXPECT_TRUE(empty(self->far));
}

/* -------------------------------------------------------------------- frame */

/* push_frames - and read frame by frame */
static int push_frames(int fd)
{
	return ioctl(fd, I_PUSH, "frame") || ioctl(fd, I_SRDOPT, RMSGN) ? -1 : 0;
}

TEST_F(pair, frame_keeps_each_message_a_message)
{
	static const int sizes[] = { 1, 4096, 17, 2000 };
	char out[4096], in[8192];

	ASSERT_EQ(0, push_frames(self->near));
	ASSERT_EQ(0, push_frames(self->far));
	for (int i = 0; i < 4; i++) {
		memset(out, 'a' + i, sizeof(out));
		ASSERT_EQ(sizes[i], write(self->near, out, sizes[i]));
		ASSERT_EQ(POLLIN, events_of(self->far, POLLIN, 5));
		ASSERT_EQ(sizes[i], read(self->far, in, sizeof(in)));
		EXPECT_EQ(0, memcmp(in, out, sizes[i]));
	}
}

TEST_F(pair, frame_cuts_what_is_too_long)
{
	char out[5000], in[8192];

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = i % 251;
	ASSERT_EQ(0, push_frames(self->near));
	ASSERT_EQ(0, push_frames(self->far));
	ASSERT_EQ((ssize_t)sizeof(out), write(self->near, out, sizeof(out)));
	ASSERT_EQ(0, wait_messages(self->far, 2));
	ASSERT_EQ(FRAME_MAX, read(self->far, in, sizeof(in)));
	EXPECT_EQ(0, memcmp(in, out, FRAME_MAX));
	ASSERT_EQ((ssize_t)sizeof(out) - FRAME_MAX, read(self->far, in, sizeof(in)));
	EXPECT_EQ(0, memcmp(in, out + FRAME_MAX, sizeof(out) - FRAME_MAX));
}

TEST_F(pair, frame_joins_what_was_cut_anywhere)
{
	static const char line[] = "\xa5\0\0\5hello\xa5\0\0\0\xa5\0\0\7, frame";
	const size_t length = 9 + 4 + 11;
	char in[64];

	ASSERT_EQ(0, push_frames(self->far));
	for (size_t step = 1; step <= length; step++) {
		for (size_t at = 0; at < length; at += step) {
			size_t piece = length - at < step ? length - at : step;

			ASSERT_EQ((ssize_t)piece, write(self->near, line + at, piece));
		}
		ASSERT_EQ(0, wait_messages(self->far, 3));
		EXPECT_EQ(5, read(self->far, in, sizeof(in)));
		EXPECT_EQ(0, memcmp(in, "hello", 5));
		EXPECT_EQ(0, read(self->far, in, sizeof(in)));
		EXPECT_EQ(7, read(self->far, in, sizeof(in)));
		EXPECT_EQ(0, memcmp(in, ", frame", 7));
	}
	EXPECT_TRUE(empty(self->far));
}

TEST_F(pair, frame_says_when_it_is_out_of_step)
{
	int log = log_from_now();

	ASSERT_EQ(0, push_frames(self->far));
	ASSERT_EQ(0, say(self->near, "no header"));
	EXPECT_EQ(POLLERR, events_of(self->far, POLLIN, 5));
	EXPECT_ERROR(EPROTO, read(self->far, &(char){ 0 }, 1));
	EXPECT_EQ(1, lines_of_log(log, "frame", "out of step"));
}

TEST_F(pair, frame_sends_more_than_it_has_headers_of_its_own)
{
	char out[8] = "message", in[8192];

	ASSERT_EQ(0, push_frames(self->near));
	for (int i = 0; i < 3 * FRAME_POOL; i++)
		ASSERT_EQ(8, write(self->near, out, 8));
	ASSERT_EQ(3 * FRAME_POOL * (FRAME_HDR + 8),
		  drain_exactly(self->far, 3 * FRAME_POOL * (FRAME_HDR + 8)));
	ASSERT_EQ(8, write(self->near, out, 8));
	ASSERT_EQ(POLLIN, events_of(self->far, POLLIN, 5));
	ASSERT_EQ(FRAME_HDR + 8, read(self->far, in, sizeof(in)));
	EXPECT_EQ(0, memcmp(in, "\xa5\0\0\10message", FRAME_HDR + 8));
}

TEST_F(pair, frame_stays_loaded_while_a_buffer_of_its_is_on_the_way)
{
	char in[64];

	ASSERT_EQ(0, push_frames(self->near));
	ASSERT_EQ(0, say(self->near, "kept"));
	ASSERT_EQ(0, wait_messages(self->far, 1));
	ASSERT_EQ(0, ioctl(self->near, I_POP, 0));
	pause_ms(100);
	EXPECT_ERROR(EWOULDBLOCK, unload("frame"));
	ASSERT_EQ(FRAME_HDR + 4, read(self->far, in, sizeof(in)));
	EXPECT_EQ(0, unload_soon("frame"));
}

/* ------------------------------------------------------------------- gather */

/* push_gather - and read message by message */
static int push_gather(int fd)
{
	return ioctl(fd, I_PUSH, "gather") || ioctl(fd, I_SRDOPT, RMSGN) ? -1 : 0;
}

TEST_F(pair, gather_sends_after_a_while_what_has_come)
{
	ASSERT_EQ(0, push_gather(self->far));
	for (int i = 0; i < 3; i++) {
		long long began = now_ms();

		ASSERT_EQ(0, say(self->near, "a"));
		ASSERT_EQ(0, say(self->near, "bc"));
		ASSERT_EQ(0, say(self->near, "def"));
		EXPECT_STREQ("abcdef", hear(self->far));
		EXPECT_LE(GATHER_USEC / 1000 - 10, now_ms() - began); /* a tick */
	}
}

TEST_F(pair, gather_sends_at_once_what_is_enough)
{
	char out[GATHER_SIZE / 4] = {}, in[2 * GATHER_SIZE];

	ASSERT_EQ(0, push_gather(self->far));
	for (int i = 0; i < 40; i++) {
		for (int piece = 0; piece < 4; piece++)
			ASSERT_EQ((ssize_t)sizeof(out), write(self->near, out, sizeof(out)));
		ASSERT_EQ(POLLIN, events_of(self->far, POLLIN, 5));
		ASSERT_EQ(GATHER_SIZE, read(self->far, in, sizeof(in)));
	}
	EXPECT_TRUE(empty(self->far)); /* no timer has anything to send */
}

TEST_F(pair, gather_leaves_the_order_as_it_is)
{
	ASSERT_EQ(0, push_gather(self->far));
	ASSERT_EQ(0, say(self->near, "a"));
	ASSERT_EQ(0, say(self->near, "b"));
	ASSERT_EQ(0, ioctl(self->far, I_POP, 0));
	ASSERT_EQ(0, say(self->near, "c"));
	EXPECT_STREQ("ab", hear(self->far));
	EXPECT_STREQ("c", hear(self->far));
}

/* A timer that is left behind would call what is not there any more. */
TEST_F(pair, gather_may_go_at_any_time)
{
	for (int i = 0; i < 30; i++) {
		ASSERT_EQ(0, push_gather(self->far));
		ASSERT_EQ(0, say(self->near, "0123456789"));
		pause_ms(i % 3 ? GATHER_USEC / 1000 - 3 + i % 7 : 0);
		ASSERT_EQ(0, ioctl(self->far, I_POP, 0));
		ASSERT_EQ(0, unload_soon("gather"));
		ASSERT_EQ(10, drain_exactly(self->far, 10));
	}
}

/* -------------------------------------------------------------------- rot13 */

TEST_F(pair, rot13_needs_no_init_of_its_own)
{
	ASSERT_EQ(0, ioctl(self->near, I_PUSH, "rot13"));
	ASSERT_EQ(0, say(self->near, "Hello"));
	EXPECT_STREQ("Uryyb", hear(self->far));
	ASSERT_EQ(0, say(self->far, "Uryyb"));
	EXPECT_STREQ("Hello", hear(self->near));
	EXPECT_ERROR(EWOULDBLOCK, unload("rot13"));
	ASSERT_EQ(0, ioctl(self->near, I_POP, 0));
	EXPECT_EQ(0, unload_soon("rot13"));
}

/* ------------------------------------------------------------------ refused */

TEST_F(pair, flags_that_contradict_each_other_do_not_load)
{
	int log = log_from_now();

	EXPECT_ERROR(EINVAL, load("refused", ""));
	EXPECT_FALSE(loaded("refused"));
	EXPECT_EQ(1, lines_of_log(log, "refused2: flags 0x1020 refused", "inner perimeter"));
	/* nor is the module of the same .ko that was in order */
	EXPECT_ERROR(EINVAL, ioctl(self->near, I_PUSH, "refused"));
}

/* ----------------------------------------------------------------------- lp */

FIXTURE(printer)
{
	int fd;
};

FIXTURE_SETUP(printer)
{
	ASSERT_EQ(0, load("lp", "conf=\"speed=200\""));
	self->fd = open_node("lp0", O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(printer)
{
	if (self->fd >= 0)
		close_now(self->fd);
	if (loaded("lp"))
		EXPECT_EQ(0, unload_soon("lp"));
}

static struct lpstat lp_stat(int fd)
{
	struct lpstat stat = { 0 };
	int len = 0;

	if (str_ioctl(fd, LPGETSTAT, &stat, &len, 5 * slow()) || len != (int)sizeof(stat))
		stat.ls_speed = -1;
	return stat;
}

/* paper - what is printed, this many characters of it */
static const char *paper(int fd, size_t length)
{
	static char text[4096];
	size_t have = 0;

	while (have < length && events_of(fd, POLLIN, 5) & POLLIN) {
		ssize_t done = read(fd, text + have, length - have);

		if (done <= 0)
			break;
		have += done;
	}
	text[have] = '\0';
	return text;
}

#define SIXTY_FOUR "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n"

TEST_F(printer, prints_at_the_speed_of_its_property)
{
	long long begin = now_ms();
	struct lpstat stat;

	ASSERT_EQ(0, say(self->fd, SIXTY_FOUR));
	EXPECT_STREQ(SIXTY_FOUR, paper(self->fd, 64));
	/* the last of four bursts begins when three are on paper, at 80 ms each */
	EXPECT_LE(3 * 80 - 20, now_ms() - begin);
	stat = lp_stat(self->fd);
	EXPECT_EQ(200, stat.ls_speed);
	EXPECT_EQ(4, stat.ls_bursts);
	EXPECT_EQ(64, stat.ls_printed);
	EXPECT_EQ(1, stat.ls_lines);
	EXPECT_EQ(0, stat.ls_lost);
}

TEST_F(printer, changes_its_speed)
{
	long long begin = now_ms();

	ASSERT_EQ(0, set_int(self->fd, LPSETSPEED, 100000));
	for (int i = 0; i < 8; i++)
		ASSERT_EQ(0, say(self->fd, SIXTY_FOUR));
	paper(self->fd, 8 * 64);
	EXPECT_GT(2560LL * slow(), now_ms() - begin); /* 200 characters per second */
	EXPECT_EQ(8 * 64, lp_stat(self->fd).ls_printed);
	EXPECT_ERROR(ERANGE, set_int(self->fd, LPSETSPEED, 0));
	EXPECT_ERROR(EINVAL, set_int(self->fd, LPIOC | 9, 0));
}

TEST_F(printer, forgets_what_is_flushed)
{
	unsigned int printed;

	for (int i = 0; i < 4; i++)
		ASSERT_EQ(0, say(self->fd, SIXTY_FOUR));
	ASSERT_EQ(0, ioctl(self->fd, I_FLUSH, FLUSHRW));
	printed = lp_stat(self->fd).ls_printed;
	EXPECT_GT(4 * 64, printed);
	pause_ms(300);
	EXPECT_EQ(printed, lp_stat(self->fd).ls_printed);
	ASSERT_EQ(0, say(self->fd, "fresh"));
	EXPECT_STREQ("fresh", paper(self->fd, 5));
}

TEST_F(printer, holds_a_writer_who_is_too_fast)
{
	long written = fill(self->fd, 64);

	ASSERT_LE(512, written);
	EXPECT_EQ(0, events_of(self->fd, POLLOUT, 0));
	ASSERT_EQ(0, set_int(self->fd, LPSETSPEED, 100000));
	EXPECT_EQ(POLLOUT, events_of(self->fd, POLLOUT, 5));
	EXPECT_EQ(written, drain_exactly(self->fd, written));
}

TEST_F(printer, stops_and_starts_at_the_word_of_a_module)
{
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "crmod"));
	ASSERT_EQ(0, set_int(self->fd, CRMOD_SET, CR_DC));
	ASSERT_EQ(0, say(self->fd, "\023"));
	EXPECT_EQ(1, lp_stat(self->fd).ls_stopped);
	ASSERT_EQ(0, say(self->fd, "later"));
	pause_ms(200);
	EXPECT_TRUE(empty(self->fd));
	ASSERT_EQ(0, say(self->fd, "\021"));
	EXPECT_STREQ("later", paper(self->fd, 5));
	EXPECT_EQ(0, lp_stat(self->fd).ls_stopped);
	ASSERT_EQ(0, ioctl(self->fd, I_POP, 0));
	EXPECT_EQ(0, unload_soon("crmod"));
}

TEST_F(printer, close_waits_until_all_is_on_paper)
{
	long long begin = now_ms();
	int again;

	ASSERT_EQ(0, say(self->fd, SIXTY_FOUR));
	ASSERT_EQ(0, close(self->fd));
	EXPECT_LE(3 * 80 - 20, now_ms() - begin);
	again = open_node("lp0", O_RDWR);
	ASSERT_LE(0, again);
	EXPECT_EQ(64, lp_stat(again).ls_printed);
	self->fd = again;
}

TEST_F(printer, has_one_node_and_no_clone)
{
	struct stat st;

	EXPECT_EQ(0, stat(NODES "lp0", &st));
	EXPECT_EQ(S_IFCHR | 0600, st.st_mode);
	EXPECT_EQ(0, minor(st.st_rdev));
	EXPECT_ERROR(ENXIO, open_node("lp", O_RDWR));
	/* getinfo knows of no other instance */
	EXPECT_ERROR(ENXIO, open_minor("lp0", 7));
}

TEST_F(printer, knows_how_it_is_opened)
{
	int writer;

	ASSERT_EQ(0, close_now(self->fd));
	self->fd = -1;
	EXPECT_ERROR(EACCES, open_node("lp0", O_RDONLY));
	writer = open_node("lp0", O_WRONLY | O_NONBLOCK);
	EXPECT_LE(0, writer);
	EXPECT_ERROR(EACCES, open_node("lp0", O_RDONLY));
	EXPECT_EQ(0, close_now(writer));
}

TEST_F(printer, is_not_unloaded_while_it_is_open)
{
	EXPECT_ERROR(EWOULDBLOCK, unload("lp"));
	EXPECT_TRUE(there("lp0"));
	ASSERT_EQ(0, say(self->fd, "still"));
	EXPECT_STREQ("still", paper(self->fd, 5));
}

TEST_F(printer, is_unloaded_when_its_motor_stands)
{
	int log = log_from_now();
	long long begin;

	ASSERT_EQ(0, close(self->fd));
	self->fd = -1;
	begin = now_ms();
	ASSERT_EQ(0, unload_soon("lp"));
	EXPECT_LE(300, now_ms() - begin);
	EXPECT_FALSE(there("lp0"));
	EXPECT_FALSE(there("lp"));
	EXPECT_EQ(1, lines_of_log(log, "lp: _fini refuses (16)", "waiting"));
}

TEST(a_driver_that_does_not_attach_does_not_load)
{
	int log = log_from_now();

	EXPECT_ERROR(ENXIO, load("lp", "conf=\"speed=0\""));
	EXPECT_FALSE(loaded("lp"));
	EXPECT_FALSE(there("lp0"));
	EXPECT_FALSE(there("lp"));
	EXPECT_EQ(1, lines_of_log(log, "lp: instance 0 did not attach", ""));
	EXPECT_ERROR(EINVAL, load("lp", "conf=\"speed\""));
	EXPECT_ERROR(EINVAL, load("lp", "conf=\"=1\""));
	ASSERT_EQ(0, load("lp", "conf=\" speed=0x20 ; other=word\""));
	EXPECT_TRUE(there("lp0"));
	EXPECT_EQ(0, unload_soon("lp"));
}

/* -------------------------------------------------------------------- party */

FIXTURE(party)
{
	int ann, bob, guest;
};

FIXTURE_SETUP(party)
{
	ASSERT_EQ(0, load("party", ""));
	self->ann = open_node("seat0", O_RDWR);
	self->bob = open_node("seat1", O_RDWR);
	self->guest = open_node("party", O_RDWR);
	ASSERT_LE(0, self->ann);
	ASSERT_LE(0, self->bob);
	ASSERT_LE(0, self->guest);
}

FIXTURE_TEARDOWN(party)
{
	close_now(self->ann);
	close_now(self->bob);
	close_now(self->guest);
	EXPECT_EQ(0, unload_soon("party"));
	EXPECT_FALSE(there("seat0"));
	EXPECT_FALSE(there("seat3"));
	EXPECT_FALSE(there("party"));
}

/* next_minor - the first from here on that somebody has */
static int next_minor(int fd, int from)
{
	struct party_name name;

	for (int i = from; i < PARTY_MAX; i++) {
		name.p_minor = i;
		if (ioctl(fd, PARTY_GETNAME, &name) == 0)
			return i;
	}
	return -1;
}

TEST_F(party, attach_has_made_the_nodes)
{
	struct stat seat, clone;

	for (int i = 0; i < PARTY_SEATS; i++) {
		char node[64];

		snprintf(node, sizeof(node), NODES "seat%d", i);
		ASSERT_EQ(0, stat(node, &seat));
		EXPECT_EQ(i, (int)minor(seat.st_rdev));
	}
	ASSERT_EQ(0, stat(NODES "party", &clone));
	EXPECT_EQ(major(seat.st_rdev), minor(clone.st_rdev));
	EXPECT_ERROR(ENXIO, open_minor("seat0", PARTY_SEATS));
}

TEST_F(party, all_others_hear_what_one_says)
{
	ASSERT_EQ(0, say(self->ann, "hello"));
	ASSERT_EQ(0, say(self->guest, "hi"));
	EXPECT_STREQ("hello", hear(self->bob));
	EXPECT_STREQ("hi", hear(self->bob));
	EXPECT_STREQ("hello", hear(self->guest));
	EXPECT_STREQ("hi", hear(self->ann));
	EXPECT_TRUE(empty(self->ann));
	EXPECT_TRUE(empty(self->guest));
}

TEST_F(party, open_has_set_the_options_of_the_head)
{
	int options = -1;

	ASSERT_EQ(0, ioctl(self->ann, I_GRDOPT, &options));
	EXPECT_EQ(RMSGN, options & RMODEMASK);
}

TEST_F(party, who_does_not_read_holds_the_others)
{
	char piece[100], in[256];
	long said = 0, heard = 0;
	ssize_t done;

	memset(piece, 'x', sizeof(piece));
	close_now(self->guest);
	self->guest = -1;
	set_nonblock(self->ann, true);
	while (write(self->ann, piece, sizeof(piece)) == (ssize_t)sizeof(piece))
		ASSERT_GT(100, ++said);
	EXPECT_EQ(EAGAIN, errno);
	/* 2048 bytes at bob's head, 4096 on ann's queue, each and a part of one */
	EXPECT_LE(60, said);
	EXPECT_GE(64, said);
	while (heard < said && events_of(self->bob, POLLIN, 5) & POLLIN) {
		done = read(self->bob, in, sizeof(in));
		ASSERT_EQ((ssize_t)sizeof(piece), done);
		heard++;
	}
	EXPECT_EQ(said, heard);
	EXPECT_EQ(POLLOUT, events_of(self->ann, POLLOUT, 5));
}

TEST_F(party, a_guest_gets_a_minor_of_its_own)
{
	int other = open_node("party", O_RDWR);
	int first, second;

	ASSERT_LE(0, other);
	first = next_minor(self->ann, PARTY_SEATS);
	EXPECT_EQ(PARTY_SEATS, first);
	second = next_minor(self->ann, first + 1);
	EXPECT_EQ(PARTY_SEATS + 1, second);
	EXPECT_EQ(-1, next_minor(self->ann, second + 1));
	close_now(other);
	EXPECT_EQ(-1, next_minor(self->ann, first + 1));
}

TEST_F(party, names_travel_in_and_out)
{
	struct party_name name = { .p_name = "ann" }, answer = { .p_minor = 0 };
	struct party_name other = { .p_name = "bob" };
	int len = sizeof(answer), other_len = sizeof(other);

	ASSERT_EQ(0, ioctl(self->ann, PARTY_SETNAME, &name));
	ASSERT_EQ(0, ioctl(self->bob, PARTY_GETNAME, &answer));
	EXPECT_STREQ("ann", answer.p_name);
	ASSERT_EQ(0, str_ioctl(self->bob, PARTY_SETNAME, &other, &other_len, 5 * slow()));
	answer.p_minor = 1;
	ASSERT_EQ(0, str_ioctl(self->ann, PARTY_GETNAME, &answer, &len, 5 * slow()));
	EXPECT_STREQ("bob", answer.p_name);
	EXPECT_EQ((int)sizeof(answer), len);

	answer.p_minor = PARTY_MAX - 1;
	EXPECT_ERROR(ENXIO, ioctl(self->ann, PARTY_GETNAME, &answer));
	EXPECT_ERROR(EFAULT, ioctl(self->ann, PARTY_GETNAME, nowhere));
	memset(name.p_name, 'x', sizeof(name.p_name));
	EXPECT_ERROR(EINVAL, ioctl(self->ann, PARTY_SETNAME, &name));
	answer.p_minor = 0;
	ASSERT_EQ(0, ioctl(self->bob, PARTY_GETNAME, &answer));
	EXPECT_STREQ("ann", answer.p_name);
}

TEST_F(party, who_is_hung_up_hears_the_end)
{
	ASSERT_EQ(0, say(self->ann, "bye"));
	ASSERT_EQ(0, wait_messages(self->bob, 1));
	ASSERT_EQ(0, set_int(self->ann, PARTY_HANGUP, 1));
	EXPECT_TRUE(events_of(self->bob, POLLIN, 5) & POLLHUP);
	EXPECT_STREQ("bye", hear(self->bob));
	EXPECT_EQ(0, read(self->bob, &(char){ 0 }, 1));
	EXPECT_ERROR(ENXIO, set_int(self->ann, PARTY_HANGUP, 9));
}

TEST_F(party, is_not_unloaded_while_somebody_is_there)
{
	EXPECT_ERROR(EWOULDBLOCK, unload("party"));
	ASSERT_EQ(0, say(self->ann, "here"));
	EXPECT_STREQ("here", hear(self->bob));
}

TEST(nodes_have_the_mode_that_the_parameter_says)
{
	const char *parameter = "/sys/module/streams/parameters/node_mode";
	struct stat st;
	int fd = open(parameter, O_WRONLY);

	ASSERT_LE(0, fd);
	ASSERT_EQ(4, write(fd, "0640", 4));
	ASSERT_EQ(0, load("party", ""));
	EXPECT_EQ(0, stat(NODES "seat0", &st));
	EXPECT_EQ(S_IFCHR | 0640, st.st_mode);
	EXPECT_EQ(0, stat(NODES "party", &st));
	EXPECT_EQ(S_IFCHR | 0640, st.st_mode);
	EXPECT_EQ(4, write(fd, "0600", 4));
	close(fd);
	EXPECT_EQ(0, unload_soon("party"));
}

/* What a child that opens and closes all the time has met. */
struct met {
	int opened, refused, surprised;
};

static void open_and_close(struct met *met)
{
	static const char *const nodes[] = { "seat0", "party", "seat1" };

	for (int i = 0;; i++) {
		int fd = open_node(nodes[i % 3], O_RDWR | O_NONBLOCK);

		if (fd >= 0) {
			met->opened++;
			if (write(fd, "here", 4) < 0 && errno != EAGAIN)
				met->surprised = errno;
			close(fd);
		} else if (errno == ENOENT || errno == ENXIO) {
			met->refused++;
		} else {
			met->surprised = errno;
		}
		pause_ms(1);
	}
}

TEST(opens_meet_a_driver_that_comes_and_goes)
{
	struct met *met = mmap(NULL, sizeof(*met), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	ASSERT_NE(MAP_FAILED, (void *)met);
	child = fork();
	if (child == 0)
		open_and_close(met);
	for (int i = 0; i < 12; i++) {
		EXPECT_EQ(0, load("party", ""));
		pause_ms(30);
		EXPECT_EQ(0, unload_soon("party"));
	}
	kill(child, SIGKILL);
	child_status(child, 5);
	EXPECT_LT(0, met->opened);
	EXPECT_LT(0, met->refused);
	EXPECT_EQ(0, met->surprised);
	EXPECT_FALSE(there("seat0"));
}

TEST_HARNESS_MAIN
