// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core's own memory.c, with the kernel's allocators counted.  A case that
 * leaves an object behind, or frees one twice, is found by the count alone; and
 * a case can have the nth allocation from now on fail.
 */
#include <linux/atomic.h>
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

int strm_test_live(void)
{
	return atomic_read(&live);
}

/* 1 is the next allocation, 0 is none. */
void strm_test_fail_allocation(int nth)
{
	atomic_set(&until_failure, nth);
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

#include <streams_core/linux/memory.c>
