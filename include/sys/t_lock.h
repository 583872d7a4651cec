/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/t_lock.h>: the older name of <sys/ksynch.h>. */
#ifndef _SYS_T_LOCK_H
#define _SYS_T_LOCK_H

#include <sys/ksynch.h>

#endif /* _SYS_T_LOCK_H */
