/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/ddi_soft.h>: a driver's structures by number of instance or minor,
 * ddi_soft_state(9F).  <sys/ddi.h> brings it.
 */
#ifndef _SYS_DDI_SOFT_H
#define _SYS_DDI_SOFT_H

#include <sys/types.h>
#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef DDI_SUCCESS
#define DDI_SUCCESS		0
#define DDI_FAILURE		(-1)
#endif

/**
 * ddi_soft_state_init() - begin, ddi_soft_state_init(9F)
 * @state_p: where to leave what the others are called with
 * @size: bytes of a structure
 * @n_items: how many there will be, about; any number may be
 *
 * Context: process, as _init().
 * Return: 0; EINVAL without @state_p or @size; ENOMEM.
 */
int ddi_soft_state_init(void **state_p, size_t size, size_t n_items);

/**
 * ddi_soft_state_zalloc() - make the structure of an item, zeroed, ddi_soft_state_zalloc(9F)
 * @state: from ddi_soft_state_init()
 * @item: number, 0 or more
 *
 * Context: process or stream.
 * Return: DDI_SUCCESS; DDI_FAILURE if the item has one, the number is less than 0, or
 * there is no memory.
 */
int ddi_soft_state_zalloc(void *state, int item);

/**
 * ddi_get_soft_state() - the structure of an item, ddi_get_soft_state(9F)
 * @state: from ddi_soft_state_init()
 * @item: number
 *
 * Takes no lock.
 *
 * Context: any, interrupt included.
 * Return: the structure; NULL if the item has none.
 */
void *ddi_get_soft_state(void *state, int item);

/**
 * ddi_soft_state_free() - free the structure of an item, ddi_soft_state_free(9F)
 * @state: from ddi_soft_state_init()
 * @item: number; one that has none is allowed
 *
 * Nobody may use the structure still.
 *
 * Context: process or stream.
 */
void ddi_soft_state_free(void *state, int item);

/**
 * ddi_soft_state_fini() - free all, ddi_soft_state_fini(9F)
 * @state_p: as in ddi_soft_state_init(); NULL is left there
 *
 * Context: process, as _fini().
 */
void ddi_soft_state_fini(void **state_p);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_DDI_SOFT_H */
