// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/streams/streams: what is open, and where messages wait; and
 * that who looks sees a whole picture while streams come, change and go.
 */
#include "streams_test.h"

#include <pthread.h>
#include <sys/stat.h>

#define PICTURE		"/sys/kernel/debug/streams/streams"
#define LOOK_MS		2000		/* of looking, on a machine of any speed */
#define LARGEST		(1024 * 1024)

/* read_picture - all of it, in pieces as cat(1) does; what begins it, or NULL */
static char *read_picture(void)
{
	char *text = malloc(LARGEST);
	int fd = open(PICTURE, O_RDONLY);
	size_t used = 0;
	ssize_t got = -1;

	while (text && fd >= 0 && used < LARGEST - 1) {
		got = read(fd, text + used, LARGEST - 1 - used);
		if (got <= 0)
			break;
		used += got;
	}
	if (fd >= 0)
		close(fd);
	if (got != 0) {
		free(text);
		return NULL;
	}
	text[used] = '\0';
	return text;
}

FIXTURE(picture)
{
	int	fd;
	char	*text;
};

FIXTURE_SETUP(picture)
{
	if (access(PICTURE, R_OK))
		SKIP(return, "no debugfs here, or not root");
	self->fd = open(LOOP_NODE "6", O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "relay"));
}

FIXTURE_TEARDOWN(picture)
{
	if (self->fd > 0)
		close_now(self->fd);
	free(self->text);
}

/* lines_of - the lines of our stream, as a string of their own; or NULL */
static char *lines_of(const char *text)
{
	const char *from = text ? strstr(text, "stream loop 6 opens=1\n") : NULL;
	const char *to = from ? strstr(from + 1, "\nstream ") : NULL;

	return from ? strndup(from, to ? (size_t)(to - from + 1) : strlen(from)) : NULL;
}

/* look - our stream's lines in self->text */
#define LOOK()									\
	do {									\
		char *all = read_picture();					\
										\
		free(self->text);						\
		self->text = lines_of(all);					\
		free(all);							\
		ASSERT_NE(NULL, self->text);					\
	} while (0)

/* pair - the line of a queue pair; side - a queue's line below it; or NULL */
static const char *pair(const char *text, const char *module)
{
	char start[32];
	const char *line;

	snprintf(start, sizeof(start), "\n  %s perimeter=", module);
	line = strstr(text, start);
	return line ? line + 1 : NULL;
}

static const char *side(const char *text, const char *module, const char *which)
{
	const char *line = pair(text, module);
	char start[32];

	snprintf(start, sizeof(start), "\n    %-5s ", which);
	line = line ? strstr(line, start) : NULL;
	return line ? line + strlen(start) : NULL;
}

/* value - of name= in the line that starts here; -1 if it has none */
static long value(const char *line, const char *name)
{
	const char *end = line ? strchr(line, '\n') : NULL;
	char word[32];
	const char *found;

	snprintf(word, sizeof(word), "%s=", name);
	for (found = line; found && (found = strstr(found, word)) && found < end; found++)
		if (found == line || found[-1] == ' ')
			return strtol(found + strlen(word), NULL, 10);
	return -1;
}

/* has - a word of this line is exactly this, or begins so up to a comma */
static bool has(const char *line, const char *words)
{
	const char *end = line ? strchr(line, '\n') : NULL;
	const char *found = line ? strstr(line, words) : NULL;

	return found && found < end;
}

TEST_F(picture, names_what_is_on_a_stream)
{
	const char *head, *relay, *loop;

	LOOK();
	head = pair(self->text, "head");
	relay = pair(self->text, "relay");
	loop = pair(self->text, "loop");
	ASSERT_NE(NULL, head);
	ASSERT_NE(NULL, relay);
	ASSERT_NE(NULL, loop);
	EXPECT_LT(head, relay);
	EXPECT_LT(relay, loop);
	EXPECT_TRUE(has(head, "scope=open"));
	EXPECT_TRUE(has(head, "kind=counted gate=open claims=0"));
	EXPECT_TRUE(has(relay, "scope=pair pairs=1 kind=sole gate=open"));
	EXPECT_TRUE(has(loop, "scope=module"));
	EXPECT_TRUE(has(loop, "kind=sole gate=open"));
	EXPECT_TRUE(has(side(self->text, "relay", "read"), "service=idle"));
	EXPECT_TRUE(has(side(self->text, "head", "read"), "service=none"));
	EXPECT_TRUE(has(side(self->text, "head", "read"), "PROCS"));
}

static bool perimeter_of(const char *line, char *name)
{
	return line && sscanf(line, " loop perimeter=%31s", name) == 1;
}

/* All streams of the driver are in one perimeter: its name is the same. */
TEST_F(picture, tells_who_shares_a_perimeter)
{
	long long deadline = now_ms() + 5000LL * slow();
	char name[2][32], *all = NULL;
	int other = open_loop(7, O_RDWR);
	const char *line;

	ASSERT_LE(0, other);
	do { /* those that were closed a moment ago are still in it */
		free(all);
		all = read_picture();
		ASSERT_NE(NULL, all);
		line = pair(strstr(all, "stream loop 6 "), "loop");
	} while (value(line, "pairs") != 2 && now_ms() < deadline);
	EXPECT_EQ(2, value(line, "pairs"));
	ASSERT_TRUE(perimeter_of(line, name[0]));
	line = pair(strstr(all, "stream loop 7 "), "loop");
	ASSERT_TRUE(perimeter_of(line, name[1]));
	EXPECT_STREQ(name[0], name[1]);
	free(all);
	EXPECT_EQ(0, close_now(other));
}

/* Nobody reads at the other end: what is written waits in the driver. */
TEST_F(picture, tells_where_messages_wait)
{
	const char *loop;

	ASSERT_EQ(10, write(self->fd, "0123456789", 10));
	ASSERT_EQ(5, write(self->fd, "abcde", 5));
	LOOK();
	loop = side(self->text, "loop", "write");
	EXPECT_EQ(15, value(loop, "bytes"));
	EXPECT_EQ(2, value(loop, "blocks"));
	EXPECT_EQ(TEST_HIWAT, value(loop, "high"));
	EXPECT_EQ(0, value(loop, "bands"));
	EXPECT_FALSE(has(loop, "FULL"));
	EXPECT_EQ(0, value(side(self->text, "loop", "read"), "bytes"));
	EXPECT_EQ(0, value(side(self->text, "relay", "write"), "bytes"));
}

/* As much as the stream takes: the driver is full, and then relay above it. */
TEST_F(picture, names_the_flags_of_a_full_queue)
{
	ASSERT_LT(0, fill(self->fd, 512));
	LOOK();
	EXPECT_TRUE(has(side(self->text, "loop", "write"), "FULL"));
	EXPECT_TRUE(has(side(self->text, "loop", "write"), "WANTW"));
	EXPECT_TRUE(has(side(self->text, "relay", "write"), "FULL"));
	EXPECT_FALSE(has(side(self->text, "relay", "read"), "FULL"));
}

TEST_F(picture, shows_the_bands)
{
	const char *loop, *band;

	ASSERT_EQ(0, put_text(self->fd, NULL, "urgent", 2, MSG_BAND));
	LOOK();
	loop = side(self->text, "loop", "write");
	EXPECT_EQ(0, value(loop, "bytes"));
	EXPECT_EQ(2, value(loop, "bands"));
	band = strstr(loop, "\n      band=1 ");
	ASSERT_NE(NULL, band);
	EXPECT_EQ(0, value(band + 7, "bytes"));
	band = strstr(loop, "\n      band=2 ");
	ASSERT_NE(NULL, band);
	EXPECT_EQ(6, value(band + 7, "bytes"));
	EXPECT_EQ(1, value(band + 7, "blocks"));
}

TEST_F(picture, forgets_what_is_closed)
{
	char *all;

	ASSERT_EQ(0, close_now(self->fd));
	self->fd = -1;
	all = read_picture();
	ASSERT_NE(NULL, all);
	EXPECT_EQ(NULL, strstr(all, "stream loop 6 "));
	free(all);
}

TEST_F(picture, is_for_root_alone)
{
	struct stat stat_of;

	ASSERT_EQ(0, stat(PICTURE, &stat_of));
	EXPECT_EQ(0400, stat_of.st_mode & 07777);
	EXPECT_EQ(0, stat_of.st_uid);
}

/* Reads one byte at a time: each continues where the last one ended. */
TEST_F(picture, is_whole_when_read_in_small_pieces)
{
	char *text = calloc(1, LARGEST), *before, *pieces;
	int fd = open(PICTURE, O_RDONLY);
	size_t used = 0;

	ASSERT_NE(NULL, text);
	do { /* until what was closed a moment ago is gone */
		LOOK();
		before = strdup(self->text);
		pause_ms(300);
		LOOK();
		used = strcmp(before, self->text);
		free(before);
	} while (used);
	while (used < LARGEST - 1 && read(fd, text + used, 1) == 1)
		used++;
	close(fd);
	pieces = lines_of(text);
	ASSERT_NE(NULL, pieces);
	EXPECT_STREQ(self->text, pieces);
	free(pieces);
	free(text);
}

/* A reader that stops in the middle keeps nobody from closing, nor a stream alive. */
TEST_F(picture, does_not_hold_what_it_shows)
{
	int many[40], fd, i;
	char piece[64], *all, *at;

	for (i = 0; i < 40; i++) {
		many[i] = open(LOOP_NODE, O_RDWR);
		ASSERT_LE(0, many[i]);
	}
	fd = open(PICTURE, O_RDONLY);
	ASSERT_EQ(sizeof(piece), read(fd, piece, sizeof(piece)));
	for (i = 0; i < 40; i++)
		ASSERT_EQ(0, close_now(many[i]));
	all = read_picture();
	ASSERT_NE(NULL, all);
	EXPECT_NE(NULL, strstr(all, "stream loop 6 "));
	for (i = 0, at = all; (at = strstr(at, "stream loop ")); at++)
		i++;
	EXPECT_EQ(1, i);
	free(all);
	while ((i = read(fd, piece, sizeof(piece))) > 0)
		;
	EXPECT_EQ(0, i);
	close(fd);
}

/* --- looking while everything changes ------------------------------------- */

struct changer {
	long long	until;
	unsigned int	seed;
	long		lives, faults;
};

static void *change(void *arg)
{
	struct changer *changer = arg;
	char block[64] = "";

	while (now_ms() < changer->until) {
		int end[2];

		if (open_pair(end, O_RDWR)) {
			changer->faults++;
			break;
		}
		for (int i = rand_r(&changer->seed) % 4; i > 0; i--)
			changer->faults += ioctl(end[0], I_PUSH, i % 2 ? "relay" : "nullmod") != 0;
		changer->faults += write(end[0], block, sizeof(block)) != sizeof(block);
		if (rand_r(&changer->seed) % 2)
			ioctl(end[0], I_POP, 0);
		close_now(end[0]);
		close_now(end[1]);
		changer->lives++;
	}
	return NULL;
}

/* good_picture - NULL, or what is wrong with it */
static const char *good_picture(const char *text)
{
	bool in_stream = false, in_pair = false;
	int mine = 0;

	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		if (!strchr(line, '\n'))
			return "a line without an end";
		if (!strncmp(line, "stream ", 7)) {
			mine += !strncmp(line, "stream loop 6 opens=1\n", 22);
			in_stream = true;
			in_pair = false;
		} else if (!strncmp(line, "  changing\n", 11)) {
			in_pair = false;
		} else if (!strncmp(line, "      band=", 11)) {
			if (!in_pair)
				return "a band without a queue";
		} else if (!strncmp(line, "    read  ", 10) || !strncmp(line, "    write ", 10)) {
			if (!in_pair || value(line, "bytes") < 0 || value(line, "blocks") < 0)
				return "a queue without a pair";
		} else if (!strncmp(line, "  ", 2)) {
			if (!in_stream || value(line, "pairs") < 1)
				return "a pair without a stream, or in no perimeter";
			in_pair = true;
		} else {
			return "a line of no kind";
		}
	}
	return mine == 1 ? NULL : "a stream that stays open is not there just once";
}

TEST_F_TIMEOUT(picture, is_right_while_streams_come_and_go, 60)
{
	long long until = now_ms() + LOOK_MS;
	struct changer changer[3];
	pthread_t thread[3];
	const char *wrong = NULL;
	long looks = 0;

	for (int i = 0; i < 3; i++) {
		changer[i] = (struct changer){ .until = until, .seed = 7 + i };
		pthread_create(&thread[i], NULL, change, &changer[i]);
	}
	while (!wrong && now_ms() < until) {
		char *text = read_picture();

		wrong = text ? good_picture(text) : "it cannot be read";
		if (wrong)
			TH_LOG("%s:\n%s", wrong, text ? text : "");
		free(text);
		looks++;
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(thread[i], NULL);
		EXPECT_EQ(0, changer[i].faults);
		EXPECT_LT(0, changer[i].lives);
	}
	EXPECT_EQ(NULL, wrong);
	EXPECT_LT(1, looks);
}

TEST_HARNESS_MAIN
