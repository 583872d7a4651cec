// SPDX-License-Identifier: GPL-2.0-only
/* kmem_alloc(9F) and kmem_cache_create(9F). */
#include <linux/instruction_pointer.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <strm/rules.h>
#include "local.h"
#include "sync.h"
#include <sys/kmem.h>

/* KM_SLEEP never fails, where one can sleep. */
static gfp_t kmem_gfp(int flag, unsigned long caller)
{
	if (!(flag & KM_NOSLEEP)) {
		if (!strm_cannot_sleep())
			return GFP_KERNEL | __GFP_NOFAIL;
		if (strm_rules_on)
			strm_rules_sleeping("kmem_alloc");
		pr_warn_ratelimited("streams: KM_SLEEP in %pS, which cannot sleep\n",
				    (void *)caller);
	}
	return flag & KM_NORMALPRI ? GFP_NOWAIT | __GFP_NOWARN : GFP_ATOMIC | __GFP_NOWARN;
}

static void *allocate(size_t size, gfp_t gfp)
{
	if (!size || size > INT_MAX)
		return NULL;
	if (gfp & __GFP_DIRECT_RECLAIM)
		return kvmalloc(size, gfp);
	return strm_in_hard_context() ? NULL : kmalloc(size, gfp);
}

void *kmem_alloc(size_t size, int flag)
{
	return allocate(size, kmem_gfp(flag, _RET_IP_));
}

void *kmem_zalloc(size_t size, int flag)
{
	return allocate(size, kmem_gfp(flag, _RET_IP_) | __GFP_ZERO);
}

/* vfree() puts off its work where bottom halves are off, and sleeps elsewhere. */
void kmem_free(void *buf, size_t size)
{
	if (buf && strm_in_hard_context() && !is_vmalloc_addr(buf)) {
		strm_free_later(buf);
	} else if (!is_vmalloc_addr(buf)) {
		kfree(buf);
	} else if (in_interrupt() || !strm_cannot_sleep()) {
		vfree(buf);
	} else {
		strm_hold(false);
		vfree(buf);
		strm_unhold(false);
	}
}

struct strm_kmem_cache {
	struct kmem_cache *cache;
	int (*constructor)(void *buf, void *arg, int kmflag);
	void (*destructor)(void *buf, void *arg);
	void *arg;
};

/*
 * Objects are constructed when they are handed out.  The DDI lets a cache destroy and
 * construct free objects when it likes, and Linux's has no constructors that fail.
 */
kmem_cache_t *strm_kmem_cache_create(char *name, size_t size, size_t align,
				     int (*constructor)(void *buf, void *arg, int kmflag),
				     void (*destructor)(void *buf, void *arg),
				     void (*reclaim)(void *arg), void *private_data,
				     vmem_t *vmp, int cflags)
{
	kmem_cache_t *cp = kzalloc(sizeof(*cp), GFP_KERNEL);

	if (!cp)
		return NULL;
	cp->constructor = constructor;
	cp->destructor = destructor;
	cp->arg = private_data;
	cp->cache = kmem_cache_create(name, size, align ?: sizeof(void *), 0, NULL);
	if (!cp->cache) {
		kfree(cp);
		return NULL;
	}
	return cp;
}

void strm_kmem_cache_destroy(kmem_cache_t *cp)
{
	if (!cp)
		return;
	strm_finish_freeing();
	kmem_cache_destroy(cp->cache);
	kfree(cp);
}

void *strm_kmem_cache_alloc(kmem_cache_t *cp, int kmflag)
{
	gfp_t gfp = kmem_gfp(kmflag, _RET_IP_);
	void *object;

	if (!(gfp & __GFP_DIRECT_RECLAIM) && strm_in_hard_context())
		return NULL;
	object = kmem_cache_alloc(cp->cache, gfp);
	if (object && cp->constructor && cp->constructor(object, cp->arg, kmflag)) {
		kmem_cache_free(cp->cache, object);
		return NULL;
	}
	return object;
}

void strm_kmem_cache_free(kmem_cache_t *cp, void *object)
{
	if (cp->destructor)
		cp->destructor(object, cp->arg);
	if (strm_in_hard_context())
		strm_free_later(object);
	else
		kmem_cache_free(cp->cache, object);
}
