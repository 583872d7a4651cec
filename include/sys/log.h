/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/log.h>: with <sys/strlog.h>, the log of STREAMS. */
#ifndef _SYS_LOG_H
#define _SYS_LOG_H

#include <sys/types.h>
#include <sys/strlog.h>

#endif /* _SYS_LOG_H */
