/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said at one end of a stream, and heard at the other. */
#ifndef TALK_H
#define TALK_H

#include "streams_test.h"

static int say(int fd, const char *text)
{
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
}

/* hear - one read, as a string */
static const char *hear(int fd)
{
	static char text[8192];
	ssize_t length = 0;

	if (events_of(fd, POLLIN, 5) & POLLIN)
		length = read(fd, text, sizeof(text) - 1);
	text[length > 0 ? length : 0] = '\0';
	return text;
}

#endif /* TALK_H */
