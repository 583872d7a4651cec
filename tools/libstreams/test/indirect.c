// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose getmsg is it?  This program names libmiddle only; libmiddle names
 * libstreams.  The dynamic linker then searches the C library first, which has
 * hidden stubs of the same names that fail without trying.
 *
 * On a descriptor that is no stream each function of libstreams fails with
 * ENOSTR, and isastream answers 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "middle.h"

static int failures;

static void expect_error(const char *name, int result, int error)
{
	int seen = errno;

	if (result == -1 && seen == error)
		return;
	printf("not ok: %s gave %d, %s; expected %s\n", name, result, strerror(seen),
	       strerror(error));
	failures++;
}

int main(void)
{
	/* The first says ENOTTY to a foreign ioctl, the second EINVAL. */
	const char *const strangers[] = { "/dev/null", "/dev/urandom" };

	for (int i = 0; i < 2; i++) {
		int fd = open(strangers[i], O_RDWR);

		if (fd < 0) {
			perror(strangers[i]);
			return 1;
		}
		if (middle_isastream(fd) != 0)
			failures += printf("not ok: isastream(%s) is not 0\n", strangers[i]) > 0;
		expect_error("getmsg", middle_getmsg(fd), ENOSTR);
		expect_error("getpmsg", middle_getpmsg(fd), ENOSTR);
		expect_error("putmsg", middle_putmsg(fd), ENOSTR);
		expect_error("putpmsg", middle_putpmsg(fd), ENOSTR);
	}
	expect_error("isastream(-1)", middle_isastream(-1), EBADF);
	expect_error("getmsg(-1)", middle_getmsg(-1), EBADF);
	expect_error("putmsg(-1)", middle_putmsg(-1), EBADF);
	return failures != 0;
}
