// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/streams/streams: what is open, and where messages wait.
 */
#include "streams_test.h"

#define PICTURE	"/sys/kernel/debug/streams/streams"

/* read_picture - all of it; 0, or -1 */
static int read_picture(char *text, size_t room)
{
	FILE *file = fopen(PICTURE, "r");
	size_t got;

	if (!file)
		return -1;
	got = fread(text, 1, room - 1, file);
	text[got] = '\0';
	return fclose(file);
}

FIXTURE(picture)
{
	int	fd;
	char	text[8192];
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
}

/* line_of - what follows a line's first word in the part for our stream, or NULL */
static const char *line_of(const char *text, const char *word)
{
	const char *from = strstr(text, "stream loop 6, opens 1\n");
	char start[16];

	snprintf(start, sizeof(start), "\n  %s ", word);
	return from ? strstr(from, start) : NULL;
}

TEST_F(picture, names_what_is_on_a_stream)
{
	const char *head, *relay, *loop;

	ASSERT_EQ(0, read_picture(self->text, sizeof(self->text)));
	head = line_of(self->text, "head");
	relay = line_of(self->text, "relay");
	loop = line_of(self->text, "loop");
	ASSERT_NE(NULL, head);
	ASSERT_NE(NULL, relay);
	ASSERT_NE(NULL, loop);
	EXPECT_LT(head, relay);
	EXPECT_LT(relay, loop);
	EXPECT_EQ(0, strncmp(relay, "\n  relay    exclusive", 21));
	EXPECT_EQ(0, strncmp(head, "\n  head     shared", 18));
}

/* Nobody reads at the other end: what is written waits in the driver. */
TEST_F(picture, tells_where_messages_wait)
{
	unsigned long read_bytes, read_most, bytes, most;
	int read_messages, messages;
	static const char form[] = " loop exclusive read %lu/%lu %d messages"
				   " write %lu/%lu %d messages";
	const char *loop;
	int fields;

	ASSERT_EQ(10, write(self->fd, "0123456789", 10));
	ASSERT_EQ(5, write(self->fd, "abcde", 5));
	ASSERT_EQ(0, read_picture(self->text, sizeof(self->text)));
	loop = line_of(self->text, "loop");
	ASSERT_NE(NULL, loop);
	fields = sscanf(loop, form, &read_bytes, &read_most, &read_messages, &bytes, &most,
			&messages);
	ASSERT_EQ(6, fields);
	EXPECT_EQ(0, read_messages);
	EXPECT_EQ(15, bytes);
	EXPECT_EQ(TEST_HIWAT, most);
	EXPECT_EQ(2, messages);
}

TEST_F(picture, forgets_what_is_closed)
{
	ASSERT_EQ(0, close(self->fd));
	self->fd = -1;
	ASSERT_EQ(0, read_picture(self->text, sizeof(self->text)));
	EXPECT_EQ(NULL, strstr(self->text, "stream loop 6,"));
}

TEST_HARNESS_MAIN
