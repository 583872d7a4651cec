// SPDX-License-Identifier: GPL-2.0-only
/*
 *	stress TEST CPUS SECONDS SEED signals|membarrier|no-fence|no-barrier
 *
 * One test of tests.cc.  The status is 0 if it went well, 1 if a promise was broken.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "machine.h"

int run_test(const char *name, int cpus, unsigned int milliseconds, unsigned long long seed);

static int usage(void)
{
	fprintf(stderr, "stress TEST CPUS SECONDS SEED signals|membarrier|no-fence|no-barrier\n");
	return 2;
}

static int kind_of(const char *name)
{
	static const char *const kinds[] = { "signals", "membarrier", "no-fence", "no-barrier" };

	for (int kind = 0; kind < 4; kind++) {
		if (!strcmp(name, kinds[kind]))
			return kind;
	}
	return -1;
}

int main(int argc, char **argv)
{
	int kind = argc == 6 ? kind_of(argv[5]) : -1;

	if (kind < 0)
		return usage();
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# %s %s %s %s %s\n", argv[1], argv[2], argv[3], argv[4], argv[5]);
	machine_start(atoi(argv[2]), kind, 1);
	if (!run_test(argv[1], atoi(argv[2]), atof(argv[3]) * 1000, strtoull(argv[4], NULL, 0)))
		return usage();
	machine_stop();
	return 0;
}
