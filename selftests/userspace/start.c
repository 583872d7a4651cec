// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "machine.h"

void stress_main(int wanted_cpus, unsigned int milliseconds, unsigned long long seeded);

int main(int argc, char **argv)
{
	int cpus = argc > 1 ? atoi(argv[1]) : 2;
	unsigned int milliseconds = argc > 2 ? atof(argv[2]) * 1000 : 2000;
	unsigned long long seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	enum machine_interrupts kind = argc > 4 && !strcmp(argv[4], "no-fence") ? MACHINE_NO_FENCE :
		argc > 4 && !strcmp(argv[4], "membarrier") ? MACHINE_MEMBARRIER : MACHINE_SIGNALS;

	machine_start(cpus, kind, 1);
	stress_main(cpus, milliseconds, seed);
	machine_stop();
	printf("ok\n");
	return 0;
}
