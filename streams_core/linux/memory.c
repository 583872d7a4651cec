// SPDX-License-Identifier: GPL-2.0-only
/* Slab memory, and copies of user memory. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "shim.h"

void *lin_kmalloc(size_t size, enum lin_gfp gfp)
{
	return kmalloc(size, gfp_of(gfp));
}

void *lin_kzalloc(size_t size, enum lin_gfp gfp)
{
	return kzalloc(size, gfp_of(gfp));
}

void lin_kfree(const void *memory)
{
	kfree(memory);
}

void *lin_kmem_cache_create(const char *name, size_t size, size_t align)
{
	return kmem_cache_create(name, size, align, 0, NULL);
}

void *lin_kmem_cache_alloc(void *cache, enum lin_gfp gfp)
{
	return kmem_cache_alloc(cache, gfp_of(gfp));
}

void lin_kmem_cache_free(void *cache, void *object)
{
	kmem_cache_free(cache, object);
}

void lin_kmem_cache_destroy(void *cache)
{
	kmem_cache_destroy(cache);
}

int lin_copy_from_user(void *to, const void *from, size_t bytes)
{
	return copy_from_user(to, (const void __user *)from, bytes) ? -EFAULT : 0;
}

int lin_copy_to_user(void *to, const void *from, size_t bytes)
{
	return copy_to_user((void __user *)to, from, bytes) ? -EFAULT : 0;
}

size_t lin_copy_to_iter(const void *from, size_t bytes, struct iov_iter *iter)
{
	return copy_to_iter(from, bytes, iter);
}

/* All of it, or nothing: then the iterator stays where it was. */
int lin_copy_from_iter_full(void *to, size_t bytes, struct iov_iter *iter)
{
	return copy_from_iter_full(to, bytes, iter);
}

void lin_iov_iter_revert(struct iov_iter *iter, size_t bytes)
{
	iov_iter_revert(iter, bytes);
}
