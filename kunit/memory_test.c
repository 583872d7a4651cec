// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core's own memory.c, magazine.c, percpu.c and kmem.c, with the kernel's allocators
 * counted.  A case that leaves an object behind, or frees one twice, is found by
 * the count alone; and a case can have the nth allocation from now on fail.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "check.h"

static atomic_t live;
static atomic_t until_failure;
static bool each_from_slab;
static bool no_refill;

static bool must_fail(void)
{
	return atomic_read(&until_failure) && atomic_dec_and_test(&until_failure);
}

static void *count(void *object)
{
	if (object)
		atomic_inc(&live);
	return object;
}

static void *counted_kmalloc(size_t size, gfp_t gfp)
{
	return must_fail() ? NULL : count(kmalloc(size, gfp));
}

static void *counted_kzalloc(size_t size, gfp_t gfp)
{
	return must_fail() ? NULL : count(kzalloc(size, gfp));
}

static void counted_kfree(const void *object)
{
	if (object)
		atomic_dec(&live);
	kfree(object);
}

/* Only kmem_alloc() with KM_SLEEP calls it, which does not fail. */
static void *counted_kvmalloc(size_t size, gfp_t gfp)
{
	void *object = kvmalloc(size, gfp);

	return is_vmalloc_addr(object) ? object : count(object);
}

static void *counted_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	return must_fail() ? NULL : count(kmem_cache_alloc(cache, gfp));
}

static void counted_cache_free(struct kmem_cache *cache, void *object)
{
	atomic_dec(&live);
	kmem_cache_free(cache, object);
}

static void __percpu *counted_alloc_percpu(size_t size, size_t align)
{
	return must_fail() ? NULL : (void __percpu __force *)
		count((void __force *)__alloc_percpu(size, align));
}

static void counted_free_percpu(void __percpu *object)
{
	if (object)
		atomic_dec(&live);
	free_percpu(object);
}

static int counted_bulk_alloc(struct kmem_cache *cache, gfp_t gfp, size_t n, void **objects)
{
	int got = no_refill ? 0 : kmem_cache_alloc_bulk(cache, gfp, n, objects);

	atomic_add(got, &live);
	return got;
}

static void counted_bulk_free(struct kmem_cache *cache, size_t n, void **objects)
{
	atomic_sub(n, &live);
	kmem_cache_free_bulk(cache, n, objects);
}

#undef kmalloc
#undef kvmalloc
#undef kzalloc
#undef kfree
#undef kmem_cache_alloc
#undef kmem_cache_free
#undef kmem_cache_alloc_bulk
#undef kmem_cache_free_bulk
#define kmalloc counted_kmalloc
#define kvmalloc counted_kvmalloc
#define kzalloc counted_kzalloc
#define kfree counted_kfree
#define kmem_cache_alloc counted_cache_alloc
#define kmem_cache_free counted_cache_free
#define kmem_cache_alloc_bulk counted_bulk_alloc
#define kmem_cache_free_bulk counted_bulk_free
#define magazines_off() (IS_ENABLED(CONFIG_KASAN) || READ_ONCE(each_from_slab))

#undef __alloc_percpu
#undef free_percpu
#define __alloc_percpu counted_alloc_percpu
#define free_percpu counted_free_percpu

#include <streams_core/linux/memory.c>
#include <streams_core/linux/magazine.c>
#include <streams_core/linux/percpu.c>
#define allocate kmem_allocate /* magazine.c has one */
#include <streams_core/ddi/kmem.c>
#undef allocate

/* What lies in a magazine is nobody's. */
int strm_test_live(void)
{
	int objects = atomic_read(&live);
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct magazine *magazine = per_cpu_ptr(&magazines, cpu);

		objects -= READ_ONCE(magazine->height) + !!READ_ONCE(magazine->spare);
	}
	return objects;
}

/* 1 is the next allocation, 0 is none.  Until then the magazines are not used. */
int strm_test_fail_allocation(int nth)
{
	WRITE_ONCE(each_from_slab, nth != 0);
	return atomic_xchg(&until_failure, nth);
}

int strm_test_magazine(void)
{
	return this_cpu_read(magazines.height) + !!this_cpu_read(magazines.spare);
}

int strm_test_magazine_size(void)
{
	return magazines_off() ? 0 : STACK + 1;
}

void strm_test_magazine_busy(int busy)
{
	this_cpu_write(magazines.busy, busy);
}

void strm_test_magazine_no_refill(int none)
{
	no_refill = none;
	preempt_disable();
	empty_magazine(smp_processor_id());
	preempt_enable();
}
