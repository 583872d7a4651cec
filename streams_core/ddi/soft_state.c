// SPDX-License-Identifier: GPL-2.0-only
/* ddi_soft_state(9F): structures by number, in an xarray, which is read without a lock. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include "local.h"
#include <sys/ddi_soft.h>
#include <sys/errno.h>

struct soft_state {
	struct xarray items;
	size_t size;
};

int ddi_soft_state_init(void **state_p, size_t size, size_t n_items)
{
	struct soft_state *state;

	if (!state_p || !size)
		return EINVAL;
	state = kmalloc(sizeof(*state), GFP_KERNEL);
	if (!state)
		return ENOMEM;
	xa_init_flags(&state->items, XA_FLAGS_LOCK_BH);
	state->size = size;
	*state_p = state;
	return 0;
}

int ddi_soft_state_zalloc(void *state, int item)
{
	struct soft_state *soft = state;
	gfp_t gfp = strm_cannot_sleep() ? GFP_ATOMIC : GFP_KERNEL;
	void *structure;

	if (!soft || item < 0)
		return DDI_FAILURE;
	structure = kvzalloc(soft->size, gfp);
	if (!structure)
		return DDI_FAILURE;
	if (xa_insert_bh(&soft->items, item, structure, gfp)) {
		kvfree(structure);
		return DDI_FAILURE;
	}
	return DDI_SUCCESS;
}

void *ddi_get_soft_state(void *state, int item)
{
	struct soft_state *soft = state;

	return soft && item >= 0 ? xa_load(&soft->items, item) : NULL;
}

void ddi_soft_state_free(void *state, int item)
{
	struct soft_state *soft = state;

	if (soft && item >= 0)
		kvfree(xa_erase_bh(&soft->items, item));
}

void ddi_soft_state_fini(void **state_p)
{
	struct soft_state *soft = state_p ? *state_p : NULL;
	unsigned long item;
	void *structure;

	if (!soft)
		return;
	xa_for_each(&soft->items, item, structure)
		kvfree(structure);
	xa_destroy(&soft->items);
	kfree(soft);
	*state_p = NULL;
}
