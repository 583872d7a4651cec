/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before claim.c and hop.c: instead of linux/shim.h, which is for those who use kernel
 * objects, and of rules/rules.h, whose static key is off.
 */
#ifndef _USERSPACE_OFF_H
#define _USERSPACE_OFF_H

#define _STRM_SHIM_H
#define _STRM_RULES_RULES_H

#include <linux/compiler.h>
#include <strm/linux.h>
#include <strm/rules.h>

static inline bool strm_rules_enabled(void)
{
	return false;
}

#endif /* _USERSPACE_OFF_H */
