/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/kmem.h>: memory, kmem_alloc(9F). */
#ifndef _SYS_KMEM_H
#define _SYS_KMEM_H

#include <sys/types.h>
#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KM_SLEEP	0x0000
#define KM_NOSLEEP	0x0001

/**
 * kmem_alloc() - get memory, kmem_alloc(9F)
 * @size: bytes
 * @flag: KM_SLEEP to wait for it, KM_NOSLEEP not to
 *
 * Context: KM_SLEEP: process; KM_NOSLEEP: any, interrupt included.
 * Return: the memory; NULL only with KM_NOSLEEP.
 */
void *kmem_alloc(size_t size, int flag);

/**
 * kmem_zalloc() - get zeroed memory, kmem_alloc(9F)
 * @size: bytes
 * @flag: KM_SLEEP to wait for it, KM_NOSLEEP not to
 *
 * Context: as kmem_alloc().
 * Return: the memory; NULL only with KM_NOSLEEP.
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

#ifdef __cplusplus
}
#endif

#endif /* _SYS_KMEM_H */
