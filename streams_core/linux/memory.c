// SPDX-License-Identifier: GPL-2.0-only
/* Slab memory, and copies of user memory. */
#include <linux/llist.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/workqueue.h>
#include "shim.h"

/*
 * What was freed where the slab must not be used; see strm_in_hard_context().  A worker
 * frees it: kfree() finds out from which cache an object is.
 */
static LLIST_HEAD(freed);

static void free_them(struct work_struct *work)
{
	struct llist_node *node, *next;

	llist_for_each_safe(node, next, llist_del_all(&freed))
		kfree(node);
}

static DECLARE_WORK(free_work, free_them);

/* Of at least the size of a pointer.  Whoever finds the list empty starts the worker. */
void strm_free_later(const void *memory)
{
	if (llist_add((struct llist_node *)memory, &freed))
		schedule_work(&free_work);
}

/* Nobody frees any more, or not from such a cache. */
void strm_finish_freeing(void)
{
	flush_work(&free_work);
}

void *lin_kmalloc(size_t size, enum lin_gfp gfp)
{
	if (gfp == LIN_GFP_ATOMIC && strm_in_hard_context())
		return NULL;
	return kmalloc(size, gfp_of(gfp));
}

void *lin_kzalloc(size_t size, enum lin_gfp gfp)
{
	if (gfp == LIN_GFP_ATOMIC && strm_in_hard_context())
		return NULL;
	return kzalloc(size, gfp_of(gfp));
}

void lin_kfree(const void *memory)
{
	if (memory && strm_in_hard_context())
		strm_free_later(memory);
	else
		kfree(memory);
}

void *lin_kmem_cache_create(const char *name, size_t size, size_t align)
{
	return kmem_cache_create(name, size, align, 0, NULL);
}

void *lin_kmem_cache_alloc(void *cache, enum lin_gfp gfp)
{
	if (gfp == LIN_GFP_ATOMIC && strm_in_hard_context())
		return NULL;
	return kmem_cache_alloc(cache, gfp_of(gfp));
}

void lin_kmem_cache_free(void *cache, void *object)
{
	if (strm_in_hard_context())
		strm_free_later(object);
	else
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
