/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _USERSPACE_TYPES_H
#define _USERSPACE_TYPES_H

#include <stdbool.h>

typedef unsigned int gfp_t;

#endif /* _USERSPACE_TYPES_H */
