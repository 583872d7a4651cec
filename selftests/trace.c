// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoints: one message's way through a pushed module, as it is recorded.
 */
#include "streams_test.h"

#include <sys/reword.h>
#include <sys/stat.h>

#define TRACING		"/sys/kernel/tracing"
#define INSTANCE	TRACING "/instances/streams_test"
#define LARGEST		(1024 * 1024)

static int say(const char *file, const char *word)
{
	char path[128];
	int fd, done;

	snprintf(path, sizeof(path), INSTANCE "/%s", file);
	fd = open(path, O_WRONLY | O_TRUNC);
	done = write(fd, word, strlen(word));
	close(fd);
	return done == (int)strlen(word) ? 0 : -1;
}

FIXTURE(trace)
{
	int	end[2];
	char	*text;
	char	*next;		/* where to look for what comes later */
};

FIXTURE_SETUP(trace)
{
	if (access(TRACING "/events/streams", F_OK))
		SKIP(return, "no tracefs here, or not root");
	self->end[0] = -1;
	self->end[1] = -1;
	ASSERT_EQ(0, mkdir(INSTANCE, 0700));
	self->text = malloc(LARGEST);
	ASSERT_NE(NULL, self->text);
	self->next = self->text;
}

FIXTURE_TEARDOWN(trace)
{
	say("events/streams/enable", "0");
	close_now(self->end[0]);
	close_now(self->end[1]);
	rmdir(INSTANCE);
	free(self->text);
}

/* stop - record no more, and read what was */
static int stop(char *text)
{
	FILE *file;
	size_t used;

	if (say("events/streams/enable", "0"))
		return -1;
	file = fopen(INSTANCE "/trace", "r");
	used = file ? fread(text, 1, LARGEST - 1, file) : 0;
	text[used] = '\0';
	return file ? fclose(file) : -1;
}

/*
 * find - the next line that has an event and all of these words, from where the
 * last one was found on; NULL if none has
 */
static const char *find(char **next, const char *event, const char *a, const char *b)
{
	char name[32], *line = *next, *end;

	snprintf(name, sizeof(name), " %s: ", event);
	for (; (end = strchr(line, '\n')); line = end + 1) {
		bool found;

		*end = '\0';
		found = strstr(line, name) && strstr(line, a) && strstr(line, b);
		*end = '\n';
		if (found) {
			*next = end + 1;
			return line;
		}
	}
	return NULL;
}

/* follows - the same, and where not, what was looked for in what */
static bool follows(char **next, const char *text, const char *event, const char *a,
		    const char *b)
{
	if (find(next, event, a, b))
		return true;
	printf("# %s with \"%s\" and \"%s\" does not follow in:\n%s", event, a, b, text);
	return false;
}

#define EXPECT_NEXT(event, a, b)						\
	EXPECT_TRUE(follows(&self->next, self->text, event, a, b))

/* pointer - what follows name= in a line, as a number */
static unsigned long pointer(const char *line, const char *name)
{
	const char *found = line ? strstr(line, name) : NULL;

	return found ? strtoul(found + strlen(name), NULL, 16) : 0;
}

TEST_F(trace, follows_a_message_through_a_module)
{
	const char *made, *gone;
	char got[16];

	ASSERT_EQ(0, open_pair(self->end, O_RDWR));
	ASSERT_EQ(0, ioctl(self->end[0], I_PUSH, "relay"));
	ASSERT_EQ(0, say("events/streams/enable", "1"));
	ASSERT_EQ(5, write(self->end[0], "hello", 5));
	ASSERT_EQ(0, wait_messages(self->end[1], 1));
	ASSERT_EQ(5, read(self->end[1], got, sizeof(got)));
	ASSERT_EQ(0, stop(self->text));

	made = find(&self->next, "strm_allocb", "size=5", "caller=");
	EXPECT_NE(NULL, made);
	EXPECT_NEXT("strm_putnext", "module=relay side=write", "type=M_DATA band=0 bytes=5");
	EXPECT_NEXT("strm_putq", "module=relay side=write", "type=M_DATA band=0 bytes=5 count=5");
	EXPECT_NEXT("strm_enable", "module=relay side=write", "was=idle");
	EXPECT_NEXT("strm_service_begin", "module=relay side=write", "count=5");
	EXPECT_NEXT("strm_getq", "module=relay side=write", "bytes=5 count=0");
	EXPECT_NEXT("strm_putnext", "module=loop side=write", "type=M_DATA band=0 bytes=5");
	EXPECT_NEXT("strm_putnext", "module=head side=read", "type=M_DATA band=0 bytes=5");
	EXPECT_NEXT("strm_putq", "module=head side=read", "count=5");
	EXPECT_NEXT("strm_getq", "module=head side=read", "bytes=5 count=0");
	gone = find(&self->next, "strm_freeb", "type=M_DATA", "refs=1");
	EXPECT_NE(NULL, gone);
	EXPECT_NE(0, pointer(made, "mp="));
	EXPECT_EQ(pointer(made, "mp="), pointer(gone, "mp="));

	self->next = self->text;
	EXPECT_NEXT("strm_service_begin", "module=relay side=write", "count=5");
	EXPECT_NEXT("strm_service_end", "module=relay side=write", "count=0");
}

/* A message of a band counts in its band; a type has its name. */
TEST_F(trace, knows_bands_and_types)
{
	ASSERT_EQ(0, open_pair(self->end, O_RDWR));
	ASSERT_EQ(0, say("events/streams/enable", "1"));
	ASSERT_EQ(0, put_text(self->end[0], "c", "data", 7, MSG_BAND));
	ASSERT_EQ(0, put_text(self->end[0], "now", NULL, 0, MSG_HIPRI));
	ASSERT_EQ(0, wait_messages(self->end[1], 2));
	ASSERT_EQ(0, stop(self->text));

	EXPECT_NEXT("strm_putnext", "module=loop side=write", "type=M_PROTO band=7 bytes=5");
	EXPECT_NEXT("strm_putq", "module=head side=read", "type=M_PROTO band=7 bytes=5 count=5");
	EXPECT_NEXT("strm_putq", "module=head side=read", "type=M_PCPROTO band=0 bytes=3 count=3");
}

TEST_F(trace, tells_what_happens_to_a_stream)
{
	const char *opened, *closed;

	ASSERT_EQ(0, say("events/streams/enable", "1"));
	self->end[0] = open_loop(4, O_RDWR);
	ASSERT_LE(0, self->end[0]);
	ASSERT_EQ(0, ioctl(self->end[0], I_PUSH, "nullmod"));
	ASSERT_EQ(0, ioctl(self->end[0], I_POP, 0));
	ASSERT_EQ(0, close(self->end[0]));
	self->end[0] = -1;
	ASSERT_EQ(0, stop(self->text));

	opened = find(&self->next, "strm_open", "driver=loop minor=4", "module=loop error=0");
	EXPECT_NE(NULL, opened);
	EXPECT_NEXT("strm_push", "driver=loop minor=4", "module=nullmod error=0");
	EXPECT_NEXT("strm_pop", "driver=loop minor=4", "module=nullmod");
	EXPECT_NEXT("strm_close", "driver=loop minor=4", "module=nullmod");
	closed = find(&self->next, "strm_close", "driver=loop minor=4", "module=loop");
	EXPECT_NE(NULL, closed);
	EXPECT_EQ(pointer(opened, "stream="), pointer(closed, "stream="));
}

TEST_F(trace, tells_who_is_enabled_when_there_is_room)
{
	char block[1024];

	ASSERT_EQ(0, open_pair(self->end, O_RDWR));
	ASSERT_EQ(0, ioctl(self->end[0], I_PUSH, "relay"));
	ASSERT_LT(0, fill(self->end[0], 512));
	ASSERT_EQ(0, say("events/streams/enable", "1"));
	set_nonblock(self->end[1], true);
	for (int i = 0; i < 200 && read(self->end[1], block, sizeof(block)) != 0; i++)
		pause_ms(2);
	ASSERT_EQ(0, stop(self->text));

	EXPECT_NEXT("strm_back_enable", "module=loop side=read", "room=head");
	EXPECT_NEXT("strm_back_enable", "module=relay side=write", "room=loop");
}

/* The driver answers at once: its answer comes back to a module that is not done yet. */
TEST_F(trace, tells_what_waits_at_a_perimeter)
{
	const char *away, *waits, *begun, *done;
	char letter = 'a';
	int len = 1;

	self->end[0] = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->end[0]);
	ASSERT_EQ(0, ioctl(self->end[0], I_PUSH, "reword"));
	ASSERT_EQ(0, say("events/streams/enable", "1"));
	ASSERT_EQ(0, str_ioctl(self->end[0], ECHO_UPPER, &letter, &len, 5));
	EXPECT_EQ('A', letter);
	ASSERT_EQ(0, stop(self->text));

	EXPECT_NEXT("strm_putnext", "module=echo side=write", "type=M_IOCTL");
	away = find(&self->next, "strm_perimeter_turned_away", "module=reword side=read",
		    "gate=owned");
	waits = find(&self->next, "strm_perimeter_defer", "what=message", "owned");
	begun = find(&self->next, "strm_perimeter_drain_begin", "perimeter=", "owned");
	EXPECT_NEXT("strm_putnext", "module=head side=read", "type=M_IOCACK");
	done = find(&self->next, "strm_perimeter_drain_end", "ran=1", "gate=open");
	EXPECT_NE(0, pointer(away, "perimeter="));
	EXPECT_EQ(pointer(away, "perimeter="), pointer(waits, "perimeter="));
	EXPECT_EQ(pointer(away, "perimeter="), pointer(begun, "perimeter="));
	EXPECT_EQ(pointer(away, "perimeter="), pointer(done, "perimeter="));
}

/* On PREEMPT_RT gates stay fenced, so that a writer who is the only one goes on at once. */
static int is_realtime_kernel(void)
{
	return access("/sys/kernel/realtime", F_OK) == 0;
}

/* Once for a gate that is open, and so must be fenced first, and again at once. */
TEST_F(trace, tells_when_a_writer_runs)
{
	static const struct reword_rule rule = { "a", "b" };
	int len = sizeof(rule);
	char got[4];

	ASSERT_EQ(0, open_pair(self->end, O_RDWR));
	ASSERT_EQ(0, ioctl(self->end[1], I_PUSH, "reword"));
	for (int i = 0; i < 3000; i++) {
		ASSERT_EQ(2, write(self->end[0], "a\n", 2));
		ASSERT_EQ(2, read(self->end[1], got, sizeof(got)));
	}
	ASSERT_EQ(0, say("events/streams/enable", "1"));
	ASSERT_LT(0, str_ioctl(self->end[1], REWORD_SET, (void *)&rule, &len, 5));
	len = 0;
	ASSERT_LT(0, str_ioctl(self->end[1], REWORD_SET, NULL, &len, 5));
	ASSERT_EQ(0, stop(self->text));

	if (!is_realtime_kernel()) {
		EXPECT_NEXT("strm_qwriter_deferred", "module=reword side=write", "perimeter=outer");
		EXPECT_NEXT("strm_exclusive_wait_begin", "perimeter=", "pending");
		EXPECT_NEXT("strm_perimeter_defer", "what=qwriter", "pending");
		EXPECT_NEXT("strm_exclusive_wait_end", "perimeter=", "owned");
		EXPECT_NEXT("strm_perimeter_drain_begin", "perimeter=", "owned");
		EXPECT_NEXT("strm_qwriter_run", "module=reword side=write", "perimeter=outer");
		EXPECT_NEXT("strm_perimeter_drain_end", "ran=1", "gate=fenced");
	}
	EXPECT_NEXT("strm_qwriter_immediate", "module=reword side=write", "perimeter=outer");
	EXPECT_NEXT("strm_putnext", "module=head side=read", "type=M_IOCACK");
}

TEST_HARNESS_MAIN
