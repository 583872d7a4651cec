// SPDX-License-Identifier: GPL-2.0-only
/*
 * A library that uses libstreams on behalf of a program that does not know of
 * it (see indirect.c).
 */
#include <stddef.h>
#include <stropts.h>

#include "middle.h"

int middle_isastream(int fd)
{
	return isastream(fd);
}

int middle_getmsg(int fd)
{
	int flags = 0;

	return getmsg(fd, NULL, NULL, &flags);
}

int middle_getpmsg(int fd)
{
	int flags = MSG_ANY, band = 0;

	return getpmsg(fd, NULL, NULL, &band, &flags);
}

int middle_putmsg(int fd)
{
	struct strbuf part = { .len = 1, .buf = "x" };

	return putmsg(fd, NULL, &part, 0);
}

int middle_putpmsg(int fd)
{
	struct strbuf part = { .len = 1, .buf = "x" };

	return putpmsg(fd, NULL, &part, 1, MSG_BAND);
}
