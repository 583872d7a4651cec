/* SPDX-License-Identifier: GPL-2.0-only */
/* What the C files of this room share. */
#ifndef _STRM_SHIM_H
#define _STRM_SHIM_H

#include <linux/build_bug.h>
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

#endif /* _STRM_SHIM_H */
