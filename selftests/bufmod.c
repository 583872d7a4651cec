// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module bufmod: messages that come up are gathered into chunks.
 */
#include "streams_test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/bufmod.h>
#include <sys/pfmod.h>

#define CHUNK_MAX	1048576

static int set_number(int fd, int command, uint32_t number)
{
	int len = sizeof(number), result = str_ioctl(fd, command, &number, &len, -1);

	return result || !len ? result : -2;
}

static int set_time(int fd, long ms)
{
	struct timeval time = { ms / 1000, ms % 1000 * 1000 };
	int len = sizeof(time), result = str_ioctl(fd, SBIOCSTIME, &time, &len, 5 * slow());

	return result || !len ? result : -2;
}

static long get_number(int fd, int command)
{
	uint32_t number = ~0u;
	int len = 0;

	return str_ioctl(fd, command, &number, &len, 5 * slow()) || len != sizeof(number) ?
		       -1 : (long)number;
}

/* A chunk, and the message of it that is being looked at. */
struct chunk {
	char data[65536];
	ssize_t size, at;
};

static bool read_chunk(int fd, struct chunk *chunk)
{
	if (!(events_of(fd, POLLIN, 5) & POLLIN))
		return false;
	chunk->at = 0;
	chunk->size = read(fd, chunk->data, sizeof(chunk->data));
	return chunk->size > 0;
}

/* next - a message of the chunk, whose sizes are consistent and whose padding is zero */
static char *next(struct chunk *chunk, struct sb_hdr *header)
{
	char *data = chunk->data + chunk->at + sizeof(*header);
	ssize_t left = chunk->size - chunk->at;

	if (left < (ssize_t)sizeof(*header))
		return NULL;
	memcpy(header, data - sizeof(*header), sizeof(*header));
	if (header->sbh_totlen % 8 || header->sbh_totlen > left ||
	    header->sbh_totlen < sizeof(*header) + header->sbh_msglen ||
	    header->sbh_totlen >= sizeof(*header) + header->sbh_msglen + 8 ||
	    header->sbh_msglen > header->sbh_origlen) {
		printf("# a header of %u %u %u, %zd bytes left\n", header->sbh_origlen,
		       header->sbh_msglen, header->sbh_totlen, left);
		return NULL;
	}
	for (uint32_t i = sizeof(*header) + header->sbh_msglen; i < header->sbh_totlen; i++) {
		if (chunk->data[chunk->at + i])
			return NULL;
	}
	chunk->at += header->sbh_totlen;
	return data;
}

/* is - the next message of the chunk is this text, and was that long */
static bool is(struct chunk *chunk, const char *text, uint32_t origlen)
{
	struct sb_hdr header;
	char *data = next(chunk, &header);

	return data && header.sbh_msglen == strlen(text) && header.sbh_origlen == origlen &&
	       !memcmp(data, text, header.sbh_msglen);
}

static bool is_over(const struct chunk *chunk)
{
	return chunk->at == chunk->size;
}

static int send_text(int fd, const char *text)
{
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
}

FIXTURE(bufmod)
{
	int	from, fd;	/* what is written to the one is gathered at the other */
	struct chunk chunk;
};

FIXTURE_SETUP(bufmod)
{
	int end[2];

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	self->from = end[0];
	self->fd = end[1];
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "bufmod"));
	ASSERT_EQ(0, ioctl(self->fd, I_SRDOPT, RMSGN));
}

FIXTURE_TEARDOWN(bufmod)
{
	close_now(self->from);
	close_now(self->fd);
}

#define NEXT_CHUNK()	ASSERT_TRUE(read_chunk(self->fd, &self->chunk))
#define SEND(text)	ASSERT_EQ(0, send_text(self->from, text))
#define IS(text)	EXPECT_TRUE(is(&self->chunk, text, strlen(text)))
#define IS_OVER()	EXPECT_TRUE(is_over(&self->chunk))
#define SET(what, to)	ASSERT_EQ(0, set_number(self->fd, SBIOCS##what, to))

TEST_F(bufmod, has_settings)
{
	struct timeval time = { -1, -1 };
	uint32_t number = 77;
	int len = 0;

	EXPECT_EQ(SB_DFLT_CHUNK, get_number(self->fd, SBIOCGCHUNK));
	EXPECT_EQ(0, get_number(self->fd, SBIOCGSNAP));
	EXPECT_EQ(0, get_number(self->fd, SBIOCGFLAGS));
	EXPECT_EQ(-1, str_ioctl(self->fd, SBIOCGTIME, &time, &len, 5));
	EXPECT_EQ(ERANGE, errno);

	SET(CHUNK, 65536);
	SET(SNAP, 96);
	SET(FLAGS, SB_NO_DROPS | SB_DEFER_CHUNK);
	EXPECT_EQ(65536, get_number(self->fd, SBIOCGCHUNK));
	EXPECT_EQ(96, get_number(self->fd, SBIOCGSNAP));
	EXPECT_EQ(SB_NO_DROPS | SB_DEFER_CHUNK, get_number(self->fd, SBIOCGFLAGS));
	EXPECT_EQ(0, set_time(self->fd, 1250));
	len = sizeof(time);
	EXPECT_EQ(0, str_ioctl(self->fd, SBIOCGTIME, &time, &len, -1));
	EXPECT_EQ((int)sizeof(time), len);
	EXPECT_EQ(1, time.tv_sec);
	EXPECT_EQ(250000, time.tv_usec);

	/* The same without I_STR. */
	time = (struct timeval){ 1, 2500000 };
	EXPECT_EQ(0, ioctl(self->fd, SBIOCSTIME, &time));
	EXPECT_EQ(0, ioctl(self->fd, SBIOCGTIME, &time));
	EXPECT_EQ(3, time.tv_sec);
	EXPECT_EQ(500000, time.tv_usec);
	EXPECT_EQ(0, ioctl(self->fd, SBIOCSSNAP, &number));
	number = 0;
	EXPECT_EQ(0, ioctl(self->fd, SBIOCGSNAP, &number));
	EXPECT_EQ(77, (int)number);
	EXPECT_EQ(0, ioctl(self->fd, SBIOCCTIME, NULL));
	EXPECT_EQ(-1, ioctl(self->fd, SBIOCGTIME, &time));
	EXPECT_EQ(ERANGE, errno);
	EXPECT_EQ(0, set_time(self->fd, 10));
	EXPECT_EQ(0, str_ioctl(self->fd, SBIOCCTIME, NULL, NULL, 5));
	EXPECT_EQ(-1, ioctl(self->fd, SBIOCGTIME, &time));
}

TEST_F(bufmod, refuses_settings_that_are_wrong)
{
	static const struct timeval wrong[] = { { -1, 0 }, { 0, -1 }, { 1, -1 },
						{ __LONG_MAX__, 1000000 } };
	uint32_t number = 32;
	int lengths[] = { 0, 3, 5, 8, 15, 17 };

#define EXPECT_REFUSED(error, call)			\
	do {						\
		EXPECT_EQ(-1, call);			\
		EXPECT_EQ(error, errno);		\
	} while (0)
	ASSERT_EQ(0, set_time(self->fd, 10));
	for (int i = 0; i < 4; i++) {
		int len = sizeof(wrong[i]);

		EXPECT_REFUSED(EINVAL, str_ioctl(self->fd, SBIOCSTIME, (void *)&wrong[i], &len, 5));
		EXPECT_REFUSED(EINVAL, ioctl(self->fd, SBIOCSTIME, &wrong[i]));
	}
	for (int i = 0; i < 6; i++) {
		char zeros[32] = "";
		int len = lengths[i];

		EXPECT_REFUSED(EINVAL, str_ioctl(self->fd, SBIOCSTIME, zeros, &len, 5));
		EXPECT_REFUSED(EINVAL, str_ioctl(self->fd, SBIOCSSNAP, zeros, &len, 5));
		EXPECT_REFUSED(EINVAL, str_ioctl(self->fd, SBIOCSCHUNK, zeros, &len, 5));
		EXPECT_REFUSED(EINVAL, str_ioctl(self->fd, SBIOCSFLAGS, zeros, &len, 5));
	}
	EXPECT_REFUSED(EINVAL, set_number(self->fd, SBIOCSCHUNK, CHUNK_MAX + 1));
	EXPECT_REFUSED(EINVAL, ioctl(self->fd, SBIOCSFLAGS, &number));
	EXPECT_REFUSED(EFAULT, ioctl(self->fd, SBIOCSCHUNK, nowhere));
	EXPECT_REFUSED(EFAULT, ioctl(self->fd, SBIOCGCHUNK, nowhere));
	EXPECT_EQ(SB_DFLT_CHUNK, get_number(self->fd, SBIOCGCHUNK));
	EXPECT_EQ(0, get_number(self->fd, SBIOCGFLAGS));
	EXPECT_EQ(0, get_number(self->fd, SBIOCGSNAP));

	SET(CHUNK, CHUNK_MAX);
	EXPECT_EQ(-1, ioctl(self->fd, SBIOC, &number));
	EXPECT_EQ(-1, ioctl(self->fd, SBIOCGFLAGS + 1, &number));
	EXPECT_EQ(loop_minor(self->from) + 1, loop_minor(self->fd));
}

static bool is_now(const struct timeval32 *time)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return time->tv_usec >= 0 && time->tv_usec < 1000000 && time->tv_sec <= now.tv_sec &&
	       time->tv_sec >= now.tv_sec - 60;
}

TEST_F(bufmod, gathers_until_time_is_up)
{
	long long begin = now_ms();
	struct sb_hdr first, last;

	ASSERT_EQ(0, set_time(self->fd, 200));
	SEND("a");
	SEND("eight888");
	SEND("more than eight");
	EXPECT_TRUE(read_chunk(self->fd, &self->chunk));
	EXPECT_LE(190, now_ms() - begin);
	EXPECT_EQ(3 * 24 + 8 + 8 + 16, self->chunk.size);
	ASSERT_TRUE(next(&self->chunk, &first));
	EXPECT_TRUE(is_now(&first.sbh_timestamp));
	EXPECT_EQ(0, (int)first.sbh_drops);
	IS("eight888");
	ASSERT_TRUE(next(&self->chunk, &last));
	EXPECT_TRUE(is_now(&last.sbh_timestamp));
	EXPECT_LE(first.sbh_timestamp.tv_sec, last.sbh_timestamp.tv_sec);
	IS_OVER();
	EXPECT_TRUE(empty(self->fd));

	/* And with the next one it begins again. */
	SEND("later");
	NEXT_CHUNK();
	IS("later");
	IS_OVER();
}

TEST_F(bufmod, gathers_until_the_chunk_is_full)
{
	SET(CHUNK, 3 * 32 + 8);
	for (int i = 0; i < 3; i++)
		SEND("12345678");
	EXPECT_TRUE(empty(self->fd));
	SEND("next");
	NEXT_CHUNK();
	for (int i = 0; i < 3; i++)
		IS("12345678");
	IS_OVER();
	EXPECT_TRUE(empty(self->fd));

	/* To the byte: it waits for no more. */
	SET(CHUNK, 2 * 32);
	SEND("full");
	NEXT_CHUNK();
	IS("next");
	IS("full");
	IS_OVER();
}

TEST_F(bufmod, sends_alone_what_is_larger_than_a_chunk)
{
	char large[1000];

	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = 0;
	SET(CHUNK, 256);
	SEND("small");
	SEND(large);
	SEND("small, too");
	NEXT_CHUNK();
	IS("small");
	IS_OVER();
	NEXT_CHUNK();
	IS(large);
	IS_OVER();
	EXPECT_TRUE(empty(self->fd));
	SET(CHUNK, 0);
	NEXT_CHUNK();
	IS("small, too");
	IS_OVER();
}

TEST_F(bufmod, sends_each_message_at_once_without_a_chunk_size)
{
	SET(CHUNK, 0);
	SEND("one");
	SEND("two");
	NEXT_CHUNK();
	IS("one");
	IS_OVER();
	NEXT_CHUNK();
	IS("two");
	IS_OVER();

	SET(CHUNK, 1000);
	SEND("three");
	ASSERT_EQ(0, set_time(self->fd, 0));
	NEXT_CHUNK();
	IS("three");
	EXPECT_EQ(0, get_number(self->fd, SBIOCGCHUNK));
	SEND("four");
	NEXT_CHUNK();
	IS("four");
	IS_OVER();
}

TEST_F(bufmod, cuts_what_is_longer_than_a_snapshot)
{
	ASSERT_EQ(0, set_time(self->fd, 50));
	SET(SNAP, 5);
	SEND("1234567890");
	SEND("123");
	SEND("12345");
	NEXT_CHUNK();
	EXPECT_EQ(3 * 32, self->chunk.size);
	EXPECT_TRUE(is(&self->chunk, "12345", 10));
	IS("123");
	IS("12345");
	IS_OVER();
	SET(FLAGS, SB_NO_HEADER);
	SEND("1234567890");
	SEND("123");
	NEXT_CHUNK();
	EXPECT_EQ(8, self->chunk.size);
	EXPECT_EQ(0, memcmp(self->chunk.data, "12345123", 8));
}

TEST_F(bufmod, makes_no_headers_if_told_so)
{
	SET(FLAGS, SB_NO_HEADER);
	SET(CHUNK, 12);
	SEND("abc");
	SEND("defgh");
	SEND("ijklm");
	NEXT_CHUNK();
	EXPECT_EQ(8, self->chunk.size);
	EXPECT_EQ(0, memcmp(self->chunk.data, "abcdefgh", 8));
	/* What is there is not mixed with what gets headers. */
	SET(FLAGS, 0);
	NEXT_CHUNK();
	EXPECT_EQ(5, self->chunk.size);
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(bufmod, defers_only_what_follows)
{
	SET(FLAGS, SB_DEFER_CHUNK);
	ASSERT_EQ(0, set_time(self->fd, 300));
	for (int turn = 0; turn < 2; turn++) {
		long long begin = now_ms();

		SEND("first");
		EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 0));
		SEND("second");
		SEND("third");
		NEXT_CHUNK();
		IS("first");
		IS_OVER();
		NEXT_CHUNK();
		EXPECT_LE(290, now_ms() - begin);
		IS("second");
		IS("third");
		IS_OVER();
	}
}

TEST_F(bufmod, sends_when_something_is_written)
{
	SET(FLAGS, SB_SEND_ON_WRITE | SB_DEFER_CHUNK);
	for (int turn = 0; turn < 2; turn++) {
		SEND("first");
		SEND("second");
		NEXT_CHUNK();
		IS("first");
		IS_OVER();
		EXPECT_TRUE(empty(self->fd));
		ASSERT_EQ(0, send_text(self->fd, "go on"));
		NEXT_CHUNK();
		IS("second");
		IS_OVER();
	}
	EXPECT_EQ(10, drain_exactly(self->from, 10));
}

TEST_F(bufmod, makes_data_of_control_parts)
{
	struct got got;

	SET(CHUNK, 200);
	SEND("data");
	ASSERT_EQ(0, put_text(self->from, "control", "and data", 0, MSG_BAND));
	ASSERT_EQ(0, put_text(self->from, "urgent", NULL, 0, MSG_HIPRI));
	got = get_any(self->fd);
	EXPECT_STREQ("urgent", got.ctl);
	SET(CHUNK, 0);
	NEXT_CHUNK();
	IS("data");
	IS("controland data");
	IS_OVER();

	SET(CHUNK, 200);
	SET(FLAGS, SB_NO_PROTO_CVT);
	SEND("before");
	ASSERT_EQ(0, put_text(self->from, "control", "part", 0, MSG_BAND));
	NEXT_CHUNK();
	IS("before");
	IS_OVER();
	got = get_any(self->fd);
	EXPECT_STREQ("control", got.ctl);
	EXPECT_STREQ("part", got.data);
}

TEST_F(bufmod, keeps_bands_apart)
{
	struct got got;

	SEND("band 0");
	ASSERT_EQ(0, put_text(self->from, NULL, "band 3", 3, MSG_BAND));
	SEND("again");
	SET(CHUNK, 0);
	got = get_some(self->fd, 0, 1000, 0, MSG_ANY);
	EXPECT_EQ(3, got.band);
	EXPECT_EQ(0, memcmp(got.data + 24, "band 3", 6));
	NEXT_CHUNK();
	IS("band 0");
	IS_OVER();
	NEXT_CHUNK();
	IS("again");
	IS_OVER();
}

TEST_F(bufmod, forgets_what_is_flushed)
{
	ASSERT_EQ(0, set_time(self->fd, 50));
	SEND("gone");
	ASSERT_EQ(0, ioctl(self->fd, I_FLUSH, FLUSHR));
	SEND("here");
	NEXT_CHUNK();
	IS("here");
	IS_OVER();
}

TEST_F(bufmod, loses_nothing_when_the_other_end_hangs_up)
{
	SEND("last words");
	ASSERT_EQ(0, close(self->from));
	NEXT_CHUNK();
	IS("last words");
	IS_OVER();
	EXPECT_EQ(POLLHUP, events_of(self->fd, 0, 5));
}

TEST_F(bufmod, loses_nothing_when_it_is_popped)
{
	ASSERT_EQ(0, set_time(self->fd, 60000));
	SEND("pop");
	ASSERT_EQ(0, ioctl(self->fd, I_POP, 0));
	NEXT_CHUNK();
	IS("pop");
	IS_OVER();
	SEND("plain");
	NEXT_CHUNK();
	EXPECT_EQ(5, self->chunk.size);
}

TEST_F(bufmod, closes_while_a_timer_runs)
{
	for (int i = 0; i < 100; i++) {
		int end[2];

		ASSERT_EQ(0, open_pair(end, O_RDWR));
		ASSERT_EQ(0, ioctl(end[1], I_PUSH, "bufmod"));
		ASSERT_EQ(0, set_time(end[1], 1 + i % 7));
		ASSERT_EQ(0, send_text(end[0], "held"));
		if (i % 3)
			pause_ms(i % 3);
		close_now(end[i & 1]);
		close_now(end[!(i & 1)]);
	}
}

/* The head has room for chunks as large as they are said to be. */
TEST_F(bufmod, makes_room_for_chunks)
{
	static const char text[1000];
	int sent;

	SET(CHUNK, 32768);
	for (sent = 0; sent < 96; sent++)
		ASSERT_EQ(1000, write(self->from, text, 1000));
	SET(CHUNK, 0);
	for (int seen = 0; seen < 96;) {
		struct sb_hdr header;

		NEXT_CHUNK();
		while (next(&self->chunk, &header)) {
			EXPECT_EQ(0, (int)header.sbh_drops);
			seen++;
		}
		IS_OVER();
	}
}

/* And what room it has it keeps. */
TEST_F(bufmod, leaves_the_head_its_room)
{
	static const char text[1000];

	SET(CHUNK, 32768);
	SET(CHUNK, 1000);
	SET(SNAP, 68);
	ASSERT_EQ(0, ioctl(self->fd, I_POP, 0));
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "bufmod"));
	SET(CHUNK, 1000);
	ASSERT_EQ(0, ioctl(self->fd, I_POP, 0));
	set_nonblock(self->from, true);
	for (int sent = 0; sent < 96; sent++) {
		ASSERT_EQ(1000, write(self->from, text, 1000))
			TH_LOG("message %d", sent);
	}
	EXPECT_EQ(96000, drain_exactly(self->fd, 96000));
}

/* Nobody reads: what does not fit is dropped, and the next header says how much. */
TEST_F(bufmod, counts_what_it_drops)
{
	struct sb_hdr header = {};
	uint32_t sent, seen = 0, number, *data, dropped = 0;

	SET(CHUNK, 1024);
	set_nonblock(self->from, true);
	for (sent = 0; sent < 1000; sent++)
		ASSERT_EQ(4, write(self->from, &sent, 4));
	while (events_of(self->fd, POLLIN, 0) & POLLIN) {
		NEXT_CHUNK();
		while ((data = (void *)next(&self->chunk, &header))) {
			memcpy(&number, data, 4);
			EXPECT_EQ(seen, number);
			EXPECT_EQ(0, (int)header.sbh_drops);
			seen++;
		}
		IS_OVER();
		pause_ms(5);
	}
	EXPECT_LT(5 * 1024 / 32, (int)seen);
	EXPECT_GT(900, (int)seen);
	SET(CHUNK, 0);
	ASSERT_EQ(4, write(self->from, &sent, 4));
	while (!dropped) {
		NEXT_CHUNK();
		ASSERT_TRUE(next(&self->chunk, &header));
		dropped = header.sbh_drops;
		seen += !dropped;
	}
	EXPECT_EQ(sent, seen + dropped);
	EXPECT_TRUE(empty(self->fd));
}

/* Or it is held, and who sends has to wait. */
TEST_F(bufmod, drops_nothing_if_told_so)
{
	struct sb_hdr header;
	uint32_t sent = 0, seen = 0, number;
	char *data;

	SET(CHUNK, 1024);
	SET(FLAGS, SB_NO_DROPS);
	ASSERT_EQ(0, set_time(self->fd, 50));
	set_nonblock(self->from, true);
	while (write(self->from, &sent, 4) == 4)
		sent++;
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_LT(2 * TEST_HIWAT / 32, (int)sent);
	while (seen < sent) {
		NEXT_CHUNK();
		while ((data = next(&self->chunk, &header))) {
			memcpy(&number, data, 4);
			EXPECT_EQ(seen, number);
			EXPECT_EQ(0, (int)header.sbh_drops);
			seen++;
		}
		IS_OVER();
	}
	EXPECT_EQ(POLLOUT, events_of(self->from, POLLOUT, 5));
}

/* ---- what a program that captures packets does; Documentation/filters.rst shows it ---- */

/* IPv4, by the type of an Ethernet frame. */
static struct packetfilt only_ip = {
	.Pf_FilterLen = 3,
	.Pf_Filter = { ENF_PUSHWORD + 6, ENF_PUSHLIT | ENF_EQ, 0 /* htons(0x0800) */ },
};

static int tell(int fd, int command, void *data, int size)
{
	struct strioctl request = { command, -1, size, data };

	return ioctl(fd, I_STR, &request);
}

/* Frames come up fd: now whole chunks of those that are of interest, or what 0.1 s brought. */
static int begin_capture(int fd)
{
	struct timeval time = { 0, 100000 };
	uint32_t chunk = 65536, snap = 96;

	only_ip.Pf_Filter[2] = htons(0x0800);
	return ioctl(fd, I_SRDOPT, RMSGN) ||
	       ioctl(fd, I_PUSH, "pfmod") ||
	       tell(fd, PFIOCSETF, &only_ip, sizeof(only_ip)) ||
	       ioctl(fd, I_PUSH, "bufmod") ||
	       tell(fd, SBIOCSTIME, &time, sizeof(time)) ||
	       tell(fd, SBIOCSCHUNK, &chunk, sizeof(chunk)) ||
	       tell(fd, SBIOCSSNAP, &snap, sizeof(snap)) ||
	       ioctl(fd, I_FLUSH, FLUSHR) ? -1 : 0;
}

/* Reads one chunk, and calls a function for each frame; how many there were, or -1. */
static int capture(int fd, void (*frame)(const struct sb_hdr *header, const uint8_t *data))
{
	static union {
		struct sb_hdr header;	/* for its alignment */
		char bytes[65536];
	} chunk;
	ssize_t size = read(fd, &chunk, sizeof(chunk));
	const struct sb_hdr *header;
	int frames = 0;

	if (size < 0)
		return -1;
	for (ssize_t at = 0; at < size; at += header->sbh_totlen, frames++) {
		header = (const struct sb_hdr *)&chunk.bytes[at];
		frame(header, (const uint8_t *)(header + 1));
	}
	return frames;
}

/* ---- the end of what the page shows ---- */

static int captured, wrong;

static void see_frame(const struct sb_hdr *header, const uint8_t *data)
{
	captured++;
	wrong += header->sbh_origlen != 200u || header->sbh_msglen != 96u || data[12] != 8 ||
		 data[13] != 0 || data[14] != captured;
}

TEST_F(bufmod, captures_with_pfmod_below_it)
{
	uint8_t frame[200] = { [12] = 8 };
	int seen = 0;

	ASSERT_EQ(0, ioctl(self->fd, I_POP, 0));
	ASSERT_EQ(0, begin_capture(self->fd));
	for (int i = 0; i < 20; i++) {
		frame[13] = i & 1 ? 0 : 6;
		frame[14] = (i + 1) / 2;
		ASSERT_EQ(200, write(self->from, frame, sizeof(frame)));
	}
	while (seen < 10) {
		int more = capture(self->fd, see_frame);

		ASSERT_LT(0, more);
		seen += more;
	}
	EXPECT_EQ(10, captured);
	EXPECT_EQ(0, wrong);
	EXPECT_TRUE(empty(self->fd));
}

/*
 * Under load, from two CPUs: one sends messages of all sizes, which say where they belong;
 * another reads; a third changes everything there is to change, and pops and pushes
 * the module.  What comes is whole and in order.
 */
#define MESSAGES	20000
#define MAGIC		0xb0f00d00u
#define LONGEST		1500

struct numbered {
	uint32_t	magic, number, size, check;
};

struct load {
	int	from, to;
	bool	all;		/* nothing may be missing */
	bool	done;
	long	last, wrong, missing, changes;
	struct chunk chunk;
};

static uint32_t size_of(uint32_t number)
{
	return number % 4 ? sizeof(struct numbered) + number * 7 % 100 :
			    sizeof(struct numbered) + number * 13 % (LONGEST - 16);
}

static void *send_numbered(void *arg)
{
	struct load *load = arg;
	char text[LONGEST];

	for (uint32_t i = 0; i < MESSAGES; i++) {
		struct numbered one = { MAGIC, i, size_of(i), ~i };

		memset(text, (int)i, one.size);
		memcpy(text, &one, sizeof(one));
		if (write(load->from, text, one.size) != (ssize_t)one.size)
			break;
	}
	return NULL;
}

static void see(struct load *load, const char *data, ssize_t size)
{
	struct numbered one = {};

	if (size >= (ssize_t)sizeof(one))
		memcpy(&one, data, sizeof(one));
	if (one.magic != MAGIC || one.check != ~one.number || one.size != size ||
	    one.size != size_of(one.number) || one.number <= load->last) {
		load->wrong++;
		return;
	}
	for (uint32_t i = sizeof(one); i < one.size; i++) {
		if (data[i] != (char)one.number) {
			load->wrong++;
			break;
		}
	}
	load->missing += one.number - load->last - 1;
	load->last = one.number;
}

/* Messages come as they are while the module is popped. */
static void see_all(struct load *load)
{
	uint32_t magic;
	struct sb_hdr header;
	char *data;

	memcpy(&magic, load->chunk.data, sizeof(magic));
	if (magic == MAGIC) {
		see(load, load->chunk.data, load->chunk.size);
		return;
	}
	while ((data = next(&load->chunk, &header)))
		see(load, data, header.sbh_msglen);
	load->wrong += !is_over(&load->chunk);
}

static void *receive_numbered(void *arg)
{
	struct load *load = arg;

	load->last = -1;
	while (load->last != MESSAGES - 1 && read_chunk(load->to, &load->chunk))
		see_all(load);
	__atomic_store_n(&load->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void change_all(struct load *load)
{
	static const uint32_t flags[] = { 0, SB_SEND_ON_WRITE, SB_DEFER_CHUNK };
	static const uint32_t chunks[] = { 0, 100, 2000, 16384 };

	for (int i = 0; !__atomic_load_n(&load->done, __ATOMIC_ACQUIRE); i++) {
		if (!load->all && (ioctl(load->to, I_POP, 0) || ioctl(load->to, I_PUSH, "bufmod")))
			break;
		if (set_time(load->to, 1 + i % 10) ||
		    set_number(load->to, SBIOCSFLAGS, flags[i % 3] | SB_NO_DROPS) ||
		    set_number(load->to, SBIOCSCHUNK, chunks[i % 4]))
			break;
		load->changes++;
	}
}

static void run_load(struct __test_metadata *_metadata, struct load *load)
{
	pthread_t sender, receiver;

	ASSERT_EQ(0, set_time(load->to, 10));
	ASSERT_EQ(0, set_number(load->to, SBIOCSFLAGS, SB_NO_DROPS));
	ASSERT_EQ(0, pthread_create(&receiver, NULL, receive_numbered, load));
	ASSERT_EQ(0, pthread_create(&sender, NULL, send_numbered, load));
	change_all(load);
	pthread_join(sender, NULL);
	pthread_join(receiver, NULL);
	EXPECT_EQ(0, load->wrong);
	EXPECT_LT(0, load->changes);
}

TEST_F_TIMEOUT(bufmod, is_changed_under_load, 240)
{
	struct load load = { .from = self->from, .to = self->fd, .all = true };

	run_load(_metadata, &load);
	EXPECT_EQ(MESSAGES - 1, load.last);
	EXPECT_EQ(0, load.missing);
}

/* Until its flags are set again it may drop. */
TEST_F_TIMEOUT(bufmod, is_popped_and_pushed_under_load, 240)
{
	struct load load = { .from = self->from, .to = self->fd };

	run_load(_metadata, &load);
	EXPECT_GT(MESSAGES / 2, load.missing);
}

TEST_HARNESS_MAIN
