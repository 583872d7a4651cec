// SPDX-License-Identifier: GPL-2.0-only
/*
 * strchg: change what is on a stream.
 *
 *   strchg -h NAME[,NAME...]	push, in this order: the last one ends on top
 *   strchg -p			pop the topmost module
 *   strchg -p -a		pop all modules
 *   strchg -p -u NAME		pop all modules above NAME
 *   strchg -f FILE		make it as FILE says: a name a line, topmost first
 *
 * The stream is standard input.  Exit status: 0, 1 for an error, 2 for a usage
 * error.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "stream_list.h"

static void push_module(const char *name)
{
	if (ioctl(STDIN_FILENO, I_PUSH, name) == 0)
		return;
	if (errno == EINVAL)
		errx(EXIT_FAILURE, "cannot push %s: no such module, or no room for more", name);
	err(EXIT_FAILURE, "cannot push %s", name);
}

static void push_list(char *names)
{
	for (char *name = strtok(names, ","); name; name = strtok(NULL, ","))
		push_module(name);
}

static void pop_modules(int count)
{
	while (count-- > 0) {
		if (ioctl(STDIN_FILENO, I_POP, 0))
			err(EXIT_FAILURE, "cannot pop");
	}
}

static int modules(const struct str_list *list)
{
	return list->sl_nmods - 1;	/* the last name is the driver */
}

static void pop_one(const struct str_list *list)
{
	if (!modules(list))
		errx(EXIT_FAILURE, "no module is on the stream");
	pop_modules(1);
}

static void pop_down_to(const struct str_list *list, const char *name)
{
	int above = 0;

	while (above < modules(list) && strcmp(list->sl_modlist[above].l_name, name))
		above++;
	if (above == modules(list))
		errx(EXIT_FAILURE, "%s is not on the stream", name);
	pop_modules(above);
}

/* read_names - the names in a file, without empty lines and # comments */
static struct str_list read_names(const char *path)
{
	struct str_list list = { 0 };
	char line[256];
	FILE *file = fopen(path, "r");

	if (!file)
		err(EXIT_FAILURE, "%s", path);
	while (fgets(line, sizeof(line), file)) {
		char *name = strtok(line, " \t\n");

		if (!name || *name == '#')
			continue;
		if (strlen(name) > FMNAMESZ)
			errx(EXIT_FAILURE, "%s: no module has a name like %s", path, name);
		list.sl_modlist = reallocarray(list.sl_modlist, list.sl_nmods + 1,
					       sizeof(*list.sl_modlist));
		if (!list.sl_modlist)
			err(EXIT_FAILURE, NULL);
		memcpy(list.sl_modlist[list.sl_nmods++].l_name, name, strlen(name) + 1);
	}
	fclose(file);
	return list;
}

/* What both have at the bottom stays: a module that is popped loses its state. */
static void make_as(const struct str_list *list, const char *path)
{
	struct str_list want = read_names(path);
	int have = modules(list), keep = 0;

	while (keep < have && keep < want.sl_nmods &&
	       !strcmp(list->sl_modlist[have - 1 - keep].l_name,
		       want.sl_modlist[want.sl_nmods - 1 - keep].l_name))
		keep++;
	pop_modules(have - keep);
	for (int i = want.sl_nmods - 1 - keep; i >= 0; i--)
		push_module(want.sl_modlist[i].l_name);
}

static int bad_usage(void)
{
	fputs("usage: strchg -h module[,module...] <stream\n"
	      "       strchg -p [-a | -u module] <stream\n"
	      "       strchg -f file <stream\n", stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	char *names = NULL, *file = NULL, *until = NULL;
	int popping = 0, all = 0, option;
	struct str_list list;

	while ((option = getopt(argc, argv, "h:pau:f:")) != -1) {
		switch (option) {
		case 'h':
			names = optarg;
			break;
		case 'p':
			popping = 1;
			break;
		case 'a':
			all = 1;
			break;
		case 'u':
			until = optarg;
			break;
		case 'f':
			file = optarg;
			break;
		default:
			return bad_usage();
		}
	}
	if (optind < argc || !!names + popping + !!file != 1 || (!popping && (all || until)) ||
	    (all && until))
		return bad_usage();

	list = stream_list();
	if (names)
		push_list(names);
	else if (file)
		make_as(&list, file);
	else if (until)
		pop_down_to(&list, until);
	else if (all)
		pop_modules(modules(&list));
	else
		pop_one(&list);
	return EXIT_SUCCESS;
}
