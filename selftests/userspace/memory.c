// SPDX-License-Identifier: GPL-2.0-only
/* Memory, counters and words on the terminal. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "door.h"

struct cache {
	size_t	size;
	size_t	align;
	long	objects;
};

/* For each CPU, as in the kernel. */
static struct {
	unsigned long count[LIN_STAT_END];
} stats[MOST_CPUS] __attribute__((aligned(128)));

void *lin_kmalloc(size_t size, enum lin_gfp gfp)
{
	return malloc(size);
}

void *lin_kzalloc(size_t size, enum lin_gfp gfp)
{
	return calloc(1, size);
}

void lin_kfree(const void *memory)
{
	free((void *)memory);
}

void *lin_kmem_cache_create(const char *name, size_t size, size_t align)
{
	struct cache *cache = malloc(sizeof(*cache));

	*cache = (struct cache){ size, align < 8 ? 8 : align, 0 };
	return cache;
}

void *lin_kmem_cache_alloc(void *cache, enum lin_gfp gfp)
{
	struct cache *it = cache;

	__atomic_fetch_add(&it->objects, 1, __ATOMIC_RELAXED);
	return aligned_alloc(it->align, (it->size + it->align - 1) / it->align * it->align);
}

void lin_kmem_cache_free(void *cache, void *object)
{
	__atomic_fetch_sub(&((struct cache *)cache)->objects, 1, __ATOMIC_RELAXED);
	free(object);
}

void lin_kmem_cache_destroy(void *cache)
{
	if (((struct cache *)cache)->objects)
		machine_fail("%ld objects are left", ((struct cache *)cache)->objects);
	free(cache);
}

void lin_count(enum lin_stat what)
{
	__atomic_fetch_add(&stats[percpu_offset / PERCPU_STRIDE].count[what], 1, __ATOMIC_RELAXED);
}

unsigned long machine_stat(int what)
{
	unsigned long sum = 0;

	for (int cpu = 0; cpu < MOST_CPUS; cpu++)
		sum += __atomic_load_n(&stats[cpu].count[what], __ATOMIC_RELAXED);
	return sum;
}

void lin_printk(enum lin_level level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	fflush(stdout);
}

void lin_warn(const char *what)
{
	machine_fail("WARNING: %s", what);
}
