/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What strconf and strchg share: the modules of the stream on standard input.
 */
#ifndef STREAM_LIST_H
#define STREAM_LIST_H

#include <err.h>
#include <stdlib.h>
#include <stropts.h>
#include <unistd.h>

#define EXIT_USAGE 2

/* Names from the top; the last one is the driver.  Ends the program on failure. */
static inline struct str_list stream_list(void)
{
	struct str_list list = { 0 };

	if (isastream(STDIN_FILENO) != 1)
		errx(EXIT_FAILURE, "standard input is not a stream");
	list.sl_nmods = ioctl(STDIN_FILENO, I_LIST, NULL);
	if (list.sl_nmods < 1)
		err(EXIT_FAILURE, "cannot list the stream");
	list.sl_modlist = calloc(list.sl_nmods, sizeof(*list.sl_modlist));
	if (!list.sl_modlist)
		err(EXIT_FAILURE, NULL);
	if (ioctl(STDIN_FILENO, I_LIST, &list) < 0)
		err(EXIT_FAILURE, "cannot list the stream");
	return list;
}

#endif /* STREAM_LIST_H */
