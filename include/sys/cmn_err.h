/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/cmn_err.h>: messages to the kernel log, cmn_err(9F). */
#ifndef _SYS_CMN_ERR_H
#define _SYS_CMN_ERR_H

#include <sys/names.h>
#include <sys/varargs.h>
#include <sys/string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CE_CONT		0
#define CE_NOTE		1
#define CE_WARN		2
#define CE_PANIC	3
#define CE_IGNORE	4

/**
 * cmn_err() - write a line to the kernel log, cmn_err(9F)
 * @level: CE_CONT to go on with a line, CE_NOTE, CE_WARN, CE_PANIC to stop the
 *	system, CE_IGNORE for nothing at all
 * @fmt: as printf(); Linux's printk() conversions.  A "!", "^" or "?" in front says
 *	log or console on Solaris; here it is left out, printk's levels decide.
 *
 * CE_NOTE and CE_WARN lines are limited in rate and end by themselves.
 *
 * Context: any, interrupt included.
 */
void cmn_err(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * vcmn_err() - cmn_err() with a list of arguments, cmn_err(9F)
 * @level: as cmn_err()
 * @fmt: as cmn_err()
 * @args: the arguments
 *
 * Context: any, interrupt included.
 */
void vcmn_err(int level, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

/* Linux's own: stops the system. */
void panic(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif

#endif /* _SYS_CMN_ERR_H */
