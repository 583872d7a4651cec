// SPDX-License-Identifier: GPL-2.0-only
/*
 * strconf: say what is on a stream.
 *
 *   strconf <DEVICE		every module from the top, then the driver
 *   strconf -t <DEVICE		the topmost module only
 *   strconf -m NAME <DEVICE	is NAME on the stream: prints yes or no
 *
 * The stream is standard input.  Exit status: 0; 1 for "no", an empty -t or an
 * error; 2 for a usage error.
 */
#include <stdio.h>
#include <string.h>

#include "stream_list.h"

static int print_all(const struct str_list *list)
{
	for (int i = 0; i < list->sl_nmods; i++)
		puts(list->sl_modlist[i].l_name);
	return EXIT_SUCCESS;
}

static int print_top(const struct str_list *list)
{
	if (list->sl_nmods < 2)
		return EXIT_FAILURE;
	puts(list->sl_modlist[0].l_name);
	return EXIT_SUCCESS;
}

static int test_one(const struct str_list *list, const char *name)
{
	for (int i = 0; i < list->sl_nmods; i++) {
		if (!strcmp(list->sl_modlist[i].l_name, name)) {
			puts("yes");
			return EXIT_SUCCESS;
		}
	}
	puts("no");
	return EXIT_FAILURE;
}

static int bad_usage(void)
{
	fputs("usage: strconf [-m module | -t] <stream\n", stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const char *wanted = NULL;
	struct str_list list;
	int top = 0, option;

	while ((option = getopt(argc, argv, "m:t")) != -1) {
		if (option == 'm')
			wanted = optarg;
		else if (option == 't')
			top = 1;
		else
			return bad_usage();
	}
	if (optind < argc || (top && wanted))
		return bad_usage();

	list = stream_list();
	if (wanted)
		return test_one(&list, wanted);
	return top ? print_top(&list) : print_all(&list);
}
