/* SPDX-License-Identifier: GPL-2.0-only */
/* What the C files of this room share. */
#ifndef _STRM_SHIM_H
#define _STRM_SHIM_H

#include <linux/build_bug.h>
#include <linux/gfp.h>
#include <linux/types.h>
#include <strm/linux.h>

/*
 * to_linux() - the kernel's type of one of our opaque objects.  Same object,
 * same size: that is asserted here, next to the cast that relies on it.
 */
#define to_linux(type, object) ({					\
	BUILD_BUG_ON(sizeof(type) > sizeof(*(object)));			\
	(type *)(object);						\
})

static inline gfp_t gfp_of(enum lin_gfp gfp)
{
	switch (gfp) {
	case LIN_GFP_KERNEL:
		return GFP_KERNEL;
	case LIN_GFP_TRY:
		return GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	case LIN_GFP_USER:
		return GFP_KERNEL_ACCOUNT;
	case LIN_GFP_ATOMIC:
		break;
	}
	return GFP_ATOMIC | __GFP_NOWARN;
}

#endif /* _STRM_SHIM_H */
