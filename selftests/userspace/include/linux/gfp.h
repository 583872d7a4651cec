/* SPDX-License-Identifier: GPL-2.0-only */
/* For gfp_of() of shim.h, which nothing here calls. */
#ifndef _USERSPACE_GFP_H
#define _USERSPACE_GFP_H

#include <linux/types.h>

#define GFP_ATOMIC		0
#define GFP_KERNEL		0
#define GFP_KERNEL_ACCOUNT	0
#define __GFP_NORETRY		0
#define __GFP_NOWARN		0

#endif /* _USERSPACE_GFP_H */
