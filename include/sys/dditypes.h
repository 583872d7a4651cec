/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/dditypes.h>: the types of attach and its relatives; they are in <sys/devops.h>. */
#ifndef _SYS_DDITYPES_H
#define _SYS_DDITYPES_H

#include <sys/devops.h>

#endif /* _SYS_DDITYPES_H */
