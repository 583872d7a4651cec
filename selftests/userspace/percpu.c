// SPDX-License-Identifier: GPL-2.0-only
/* Per-CPU memory; include/linux/percpu.h says where it is. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "door.h"

/* The first part of each arena is CPU 0's, and what is allocated is found there. */
static struct {
	pthread_mutex_t	lock;
	char		*arena;
	size_t		used;
	struct freed {
		struct freed	*next;
		void		*base;
		size_t		size;
	} *freed, *live;
} percpu = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void *take_freed(size_t size)
{
	for (struct freed **link = &percpu.freed; *link; link = &(*link)->next) {
		struct freed *found = *link;

		if (found->size != size)
			continue;
		*link = found->next;
		found->next = percpu.live;
		percpu.live = found;
		return found->base;
	}
	return NULL;
}

static void *take_new(size_t size)
{
	struct freed *record = malloc(sizeof(*record));

	if (!percpu.arena || percpu.used + size > PERCPU_STRIDE) {
		percpu.arena = mmap(NULL, MOST_CPUS * PERCPU_STRIDE, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		percpu.used = 0;
		if (percpu.arena == MAP_FAILED)
			machine_fail("no memory");
	}
	*record = (struct freed){ percpu.live, percpu.arena + percpu.used, size };
	percpu.live = record;
	percpu.used += size;
	return record->base;
}

void *lin_alloc_percpu(size_t size, size_t align)
{
	char *base;

	size = (size + 63) & -64UL; /* no alignment is larger */
	if (align > 64 || size > PERCPU_STRIDE)
		machine_fail("per-CPU memory: %zu bytes at %zu", size, align);
	pthread_mutex_lock(&percpu.lock);
	base = take_freed(size) ?: take_new(size);
	pthread_mutex_unlock(&percpu.lock);
	for (int cpu = 0; cpu < MOST_CPUS; cpu++)
		memset(base + cpu * PERCPU_STRIDE, 0, size);
	return base;
}

void lin_free_percpu(void *base)
{
	pthread_mutex_lock(&percpu.lock);
	for (struct freed **link = &percpu.live; *link; link = &(*link)->next) {
		struct freed *found = *link;

		if (found->base != base)
			continue;
		*link = found->next;
		found->next = percpu.freed;
		percpu.freed = found;
		break;
	}
	pthread_mutex_unlock(&percpu.lock);
}

void *lin_this_cpu_ptr(void *base)
{
	return (char *)base + percpu_offset;
}

void *lin_per_cpu_ptr(void *base, int cpu)
{
	return cpu < lin_nr_cpu_ids() ? (char *)base + cpu * PERCPU_STRIDE : NULL;
}

