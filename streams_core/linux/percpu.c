// SPDX-License-Identifier: GPL-2.0-only
/* One object for each possible CPU. */
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include "shim.h"

void *lin_alloc_percpu(size_t size, size_t align)
{
	return (__force void *)__alloc_percpu(size, align);
}

void lin_free_percpu(void *base)
{
	free_percpu((void __percpu __force *)base);
}

void *lin_this_cpu_ptr(void *base)
{
	return raw_cpu_ptr((void __percpu __force *)base);
}

/* NULL for a number that no CPU can ever have. */
void *lin_per_cpu_ptr(void *base, int cpu)
{
	return cpu_possible(cpu) ? per_cpu_ptr((void __percpu __force *)base, cpu) : NULL;
}

int lin_nr_cpu_ids(void)
{
	return nr_cpu_ids;
}
