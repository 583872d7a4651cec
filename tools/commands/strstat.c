// SPDX-License-Identifier: GPL-2.0-only
/*
 * strstat: what the STREAMS of this machine have done since they were loaded.
 *
 *   strstat			every counter, once
 *   strstat -i SECONDS		and then, again and again, those that have changed
 *   strstat -i SECONDS -c N	N tables in all
 *
 * Exit status: 0; 1 where there are no statistics; 2 for a usage error.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STAT		"/sys/kernel/debug/streams/stat"
#define EXIT_USAGE	2
#define MOST		256

struct table {
	int		lines;
	char		name[MOST][32];
	unsigned long	value[MOST];
};

/* The order of the lines is always the same. */
static void read_table(struct table *table)
{
	FILE *file = fopen(STAT, "r");
	int i = 0;

	if (!file && errno == ENOENT)
		errx(EXIT_FAILURE, "%s is not there: load streams, and mount debugfs", STAT);
	if (!file)
		err(EXIT_FAILURE, "%s", STAT);
	while (i < MOST && fscanf(file, "%31s %lu", table->name[i], &table->value[i]) == 2)
		i++;
	table->lines = i;
	fclose(file);
	if (!i)
		errx(EXIT_FAILURE, "%s is empty", STAT);
}

static void print_all(const struct table *now)
{
	for (int i = 0; i < now->lines; i++)
		printf("%-24s %12lu\n", now->name[i], now->value[i]);
}

/* What lives may have become less: the change has a sign. */
static void print_changes(const struct table *before, const struct table *now)
{
	printf("\n");
	for (int i = 0; i < now->lines; i++) {
		long change = now->value[i] - before->value[i];

		if (change)
			printf("%-24s %12lu %+12ld\n", now->name[i], now->value[i], change);
	}
}

/* positive - a number above 0, or the end of the program */
static unsigned int positive(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || end == text || value < 1 || value > 1000000)
		errx(EXIT_USAGE, "%s is no number of 1 to 1000000", text);
	return value;
}

int main(int argc, char **argv)
{
	static struct table table[2];
	unsigned int interval = 0, count = 0;
	int option;

	while ((option = getopt(argc, argv, "i:c:")) != -1) {
		if (option == 'i') {
			interval = positive(optarg);
		} else if (option == 'c') {
			count = positive(optarg);
		} else {
			optind = argc + 1;
			break;
		}
	}
	if (optind != argc || (count && !interval)) {
		fputs("usage: strstat [-i seconds [-c count]]\n", stderr);
		return EXIT_USAGE;
	}

	read_table(&table[0]);
	print_all(&table[0]);
	for (unsigned int i = 1; interval && (!count || i < count); i++) {
		fflush(stdout);
		sleep(interval);
		read_table(&table[i % 2]);
		print_changes(&table[(i + 1) % 2], &table[i % 2]);
	}
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
