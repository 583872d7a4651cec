/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/strlog.h>: what modules tell about their work, strlog(9F). */
#ifndef _SYS_STRLOG_H
#define _SYS_STRLOG_H

#include <sys/types.h>
#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where a message goes */
#define SL_FATAL	0x01	/* something has failed for good */
#define SL_NOTIFY	0x02	/* somebody should be told */
#define SL_ERROR	0x04	/* to the log of errors */
#define SL_TRACE	0x08	/* to the trace */
#define SL_CONSOLE	0x10	/* to the console */
#define SL_WARN		0x20	/* with SL_CONSOLE: a warning */
#define SL_NOTE		0x40	/* with SL_CONSOLE: a notice */

/**
 * strlog() - write to the log or the trace, strlog(9F)
 * @mid: number of the module, mi_idnum
 * @sid: number that the module chooses, of a minor for example
 * @level: how detailed, 0 for what matters most
 * @flags: SL_ERROR ...
 * @fmt: as printf(); Linux's printk() conversions
 *
 * With SL_ERROR, SL_CONSOLE, SL_WARN, SL_NOTE or SL_FATAL it goes to the kernel log,
 * limited in rate.  With SL_TRACE it is a debug message of the kernel, which dynamic debug
 * turns on ("func strm_strlog +p") and which costs a branch otherwise.
 *
 * Context: any, interrupt included.
 * Return: 1.
 */
int strlog(short mid, short sid, char level, ushort_t flags, char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#ifdef __cplusplus
}
#endif

#endif /* _SYS_STRLOG_H */
