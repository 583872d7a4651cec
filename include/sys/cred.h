/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/cred.h>: cred_t is opaque; see drv_priv() in <sys/ddi.h>. */
#ifndef _SYS_CRED_H
#define _SYS_CRED_H

#include <sys/types.h>

#endif /* _SYS_CRED_H */
