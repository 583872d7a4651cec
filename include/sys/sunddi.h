/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/sunddi.h>: what Solaris has beyond the DDI of System V. */
#ifndef _SYS_SUNDDI_H
#define _SYS_SUNDDI_H

#include <sys/types.h>
#include <sys/ddi.h>
#include <sys/devinfo.h>

#endif /* _SYS_SUNDDI_H */
