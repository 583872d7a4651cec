// SPDX-License-Identifier: GPL-2.0-only
/*
 *	stress TEST CPUS SECONDS SEED signals|membarrier|no-fence|no-barrier
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "machine.h"

int run_test(const char *name, int cpus, unsigned int milliseconds, unsigned long long seed);

int main(int argc, char **argv)
{
	static const char *const kinds[] = { "signals", "membarrier", "no-fence", "no-barrier" };
	int kind;

	if (argc != 6) {
		fprintf(stderr, "stress TEST CPUS SECONDS SEED signals|membarrier|no-fence|no-barrier\n");
		return 2;
	}
	for (kind = 0; kind < 4 && strcmp(argv[5], kinds[kind]); kind++)
		;
	if (kind == 4)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# %s %s %s %s %s\n", argv[1], argv[2], argv[3], argv[4], argv[5]);
	machine_start(atoi(argv[2]), kind, 1);
	if (!run_test(argv[1], atoi(argv[2]), atof(argv[3]) * 1000, strtoull(argv[4], NULL, 0)))
		return 2;
	machine_stop();
	return 0;
}
