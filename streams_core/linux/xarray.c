// SPDX-License-Identifier: GPL-2.0-only
/* Tables by number: xarray. */
#include <linux/xarray.h>
#include "shim.h"

void lin_xa_init(struct lin_xarray *xa)
{
	xa_init(to_linux(struct xarray, xa));
}

void lin_xa_destroy(struct lin_xarray *xa)
{
	xa_destroy(to_linux(struct xarray, xa));
}

/* The object may go away after the grace period of RCU that the caller is in. */
void *lin_xa_load(struct lin_xarray *xa, unsigned long index)
{
	return xa_load(to_linux(struct xarray, xa), index);
}

/* The same for the first one from @index on; @index says which. */
void *lin_xa_find(struct lin_xarray *xa, unsigned long *index)
{
	return xa_find(to_linux(struct xarray, xa), index, ULONG_MAX, XA_PRESENT);
}

/* @found: what was there.  A negative error number, or 0: look at @found. */
int lin_xa_cmpxchg(struct lin_xarray *xa, unsigned long index, void *expected, void *object,
		   void **found)
{
	*found = xa_cmpxchg(to_linux(struct xarray, xa), index, expected, object, GFP_KERNEL);
	return xa_err(*found);
}

/* The same where something is there already: allocates nothing, and does not sleep. */
int lin_xa_replace(struct lin_xarray *xa, unsigned long index, void *expected, void *object)
{
	return xa_cmpxchg(to_linux(struct xarray, xa), index, expected, object,
			  GFP_NOWAIT) == expected;
}
