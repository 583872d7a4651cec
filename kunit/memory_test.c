// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core's own memory.c and percpu.c, with the kernel's allocators counted.  A case that
 * leaves an object behind, or frees one twice, is found by the count alone; and
 * a case can have the nth allocation from now on fail.
 */
#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "check.h"

static atomic_t live;
static atomic_t until_failure;

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

int strm_test_live(void)
{
	return atomic_read(&live);
}

int strm_test_fail_allocation(int nth)
{
	return atomic_xchg(&until_failure, nth);
}

#undef kmalloc
#undef kzalloc
#undef kfree
#undef kmem_cache_alloc
#undef kmem_cache_free
#define kmalloc counted_kmalloc
#define kzalloc counted_kzalloc
#define kfree counted_kfree
#define kmem_cache_alloc counted_cache_alloc
#define kmem_cache_free counted_cache_free

#undef __alloc_percpu
#undef free_percpu
#define __alloc_percpu counted_alloc_percpu
#define free_percpu counted_free_percpu

#include <streams_core/linux/memory.c>
#include <streams_core/linux/percpu.c>
