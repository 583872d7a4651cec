/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <stropts.h>: the STREAMS interface of the XSI STREAMS option.  The text is in
 * <sys/stropts.h>, where programs of System V descent look for it.
 */
#ifndef _STROPTS_H
#define _STROPTS_H

#include <sys/stropts.h>

#endif /* _STROPTS_H */
