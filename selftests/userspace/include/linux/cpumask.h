/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _USERSPACE_CPUMASK_H
#define _USERSPACE_CPUMASK_H

#include <linux/percpu.h>
#include <strm/linux.h>

#define for_each_possible_cpu(cpu) \
	for ((cpu) = 0; (cpu) < lin_nr_cpu_ids(); (cpu)++)

#endif /* _USERSPACE_CPUMASK_H */
