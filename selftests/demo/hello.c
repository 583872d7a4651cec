// SPDX-License-Identifier: GPL-2.0-only
/*
 * hello LINK TEXT: say something to everybody on a link.
 * hello LINK: wait for somebody to say something, and print it.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <libdlpi.h>

#define TYPE	0x88b5		/* an Ethernet type for experiments */
#define WAIT	10000		/* milliseconds */

static void check(const char *what, int result)
{
	if (result != DLPI_SUCCESS)
		errx(1, "%s: %s", what, dlpi_strerror(result));
}

static void say(dlpi_handle_t dh, const char *text)
{
	dlpi_info_t info;

	check("no information", dlpi_info(dh, &info, 0));
	check("cannot send", dlpi_send(dh, info.di_bcastaddr, info.di_bcastaddrlen, text,
				       strlen(text), NULL));
}

static void hear(dlpi_handle_t dh)
{
	unsigned char from[DLPI_PHYSADDR_MAX];
	char text[1500];
	size_t length = sizeof(text), from_length = sizeof(from);

	check("cannot receive", dlpi_recv(dh, from, &from_length, text, &length, WAIT, NULL));
	for (size_t i = 0; i < from_length; i++)
		printf("%s%02x", i ? ":" : "", from[i]);
	printf(" says %.*s\n", (int)length, text);
}

int main(int argc, char **argv)
{
	dlpi_handle_t dh;

	if (argc != 2 && argc != 3)
		errx(2, "usage: hello link [text]");
	check(argv[1], dlpi_open(argv[1], &dh, 0));
	check("cannot bind", dlpi_bind(dh, TYPE, NULL));
	if (argc == 3)
		say(dh, argv[2]);
	else
		hear(dh);
	dlpi_close(dh);
	return 0;
}
