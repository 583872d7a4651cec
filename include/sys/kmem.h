/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/kmem.h>: memory, kmem_alloc(9F) and kmem_cache_create(9F).
 *
 * In a file that has included linux/slab.h, kmem_cache_create, kmem_cache_alloc,
 * kmem_cache_free and kmem_cache_destroy are Linux's, and the DDI's have strm_ before
 * the name.
 */
#ifndef _SYS_KMEM_H
#define _SYS_KMEM_H

#include <sys/types.h>
#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KM_SLEEP	0x0000
#define KM_NOSLEEP	0x0001
#define KM_PANIC	0x0002	/* no effect */
#define KM_PUSHPAGE	0x0004	/* no effect */
#define KM_NORMALPRI	0x0008	/* with KM_NOSLEEP: leave the reserves to others */
#define KM_NOSLEEP_LAZY	(KM_NOSLEEP | KM_NORMALPRI)

/**
 * kmem_alloc() - get memory, kmem_alloc(9F)
 * @size: bytes
 * @flag: KM_SLEEP to wait for it, KM_NOSLEEP not to
 *
 * KM_SLEEP where the caller cannot sleep, in a put or service procedure or with a
 * mutex held, writes a line with the caller's name to the kernel log and does what
 * KM_NOSLEEP does.
 *
 * Context: KM_SLEEP: process, without a mutex; KM_NOSLEEP: any, interrupt included.
 * Return: the memory, aligned to 8 bytes at least; NULL for 0 bytes.  NULL without memory
 * for KM_NOSLEEP, for KM_SLEEP where the caller cannot sleep, and for more than 2 GB.
 */
void *kmem_alloc(size_t size, int flag);

/**
 * kmem_zalloc() - get zeroed memory, kmem_alloc(9F)
 * @size: bytes
 * @flag: KM_SLEEP to wait for it, KM_NOSLEEP not to
 *
 * Context: as kmem_alloc().
 * Return: as kmem_alloc().
 */
void *kmem_zalloc(size_t size, int flag);

/**
 * kmem_free() - give memory back, kmem_alloc(9F)
 * @buf: memory, or NULL
 * @size: bytes, as it was asked for
 *
 * Context: any, interrupt included.
 */
void kmem_free(void *buf, size_t size);

typedef struct strm_kmem_cache kmem_cache_t;
typedef struct strm_vmem vmem_t;

/* Of a cache: accepted, without effect. */
#define KMC_NOTOUCH	0x00010000
#define KMC_NODEBUG	0x00020000
#define KMC_NOMAGAZINE	0x00040000
#define KMC_NOHASH	0x00080000

/* What a callback that moves objects would answer; nobody calls one. */
typedef enum {
	KMEM_CBRC_YES,
	KMEM_CBRC_NO,
	KMEM_CBRC_LATER,
	KMEM_CBRC_DONT_NEED,
	KMEM_CBRC_DONT_KNOW
} kmem_cbrc_t;

#ifndef _LINUX_SLAB_H
#define kmem_cache_create	strm_kmem_cache_create
#define kmem_cache_destroy	strm_kmem_cache_destroy
#define kmem_cache_alloc	strm_kmem_cache_alloc
#define kmem_cache_free		strm_kmem_cache_free
#endif

/**
 * strm_kmem_cache_create() - make a cache of objects, kmem_cache_create(9F)
 * @name: its name
 * @size: bytes of an object
 * @align: alignment, a power of two; 0 for that of a pointer
 * @constructor: prepares an object, 0 for success; or NULL
 * @destructor: undoes what @constructor did, or NULL
 * @reclaim: ignored, NULL
 * @private_data: second argument of @constructor and @destructor
 * @vmp: ignored, NULL
 * @cflags: KMC_NOTOUCH ..., without effect
 *
 * Modules call it kmem_cache_create().  The constructor runs at each
 * kmem_cache_alloc() and the destructor at each kmem_cache_free().
 *
 * Context: process.
 * Return: the cache; NULL without memory.
 */
kmem_cache_t *strm_kmem_cache_create(char *name, size_t size, size_t align,
				     int (*constructor)(void *buf, void *arg, int kmflag),
				     void (*destructor)(void *buf, void *arg),
				     void (*reclaim)(void *arg), void *private_data,
				     vmem_t *vmp, int cflags);

/**
 * strm_kmem_cache_destroy() - give a cache back, kmem_cache_destroy(9F)
 * @cp: the cache, whose objects have all been freed; or NULL
 *
 * Modules call it kmem_cache_destroy().
 *
 * Context: process.
 */
void strm_kmem_cache_destroy(kmem_cache_t *cp);

/**
 * strm_kmem_cache_alloc() - get an object, kmem_cache_alloc(9F)
 * @cp: the cache
 * @kmflag: KM_SLEEP or KM_NOSLEEP, as in kmem_alloc()
 *
 * Modules call it kmem_cache_alloc().
 *
 * Context: as kmem_alloc().
 * Return: the object; NULL without memory, or where the constructor failed.
 */
void *strm_kmem_cache_alloc(kmem_cache_t *cp, int kmflag);

/**
 * strm_kmem_cache_free() - give an object back, kmem_cache_free(9F)
 * @cp: the cache
 * @object: the object
 *
 * Modules call it kmem_cache_free().
 *
 * Context: any, interrupt included.
 */
void strm_kmem_cache_free(kmem_cache_t *cp, void *object);

/* Objects do not move. */
#define kmem_cache_set_move(cp, move)	((void)(cp), (void)(move))
#define kmem_cache_reap_now(cp)		((void)(cp))

#ifdef __cplusplus
}
#endif

#endif /* _SYS_KMEM_H */
