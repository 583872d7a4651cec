/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/cmn_err.h>: messages to the kernel log, cmn_err(9F). */
#ifndef _SYS_CMN_ERR_H
#define _SYS_CMN_ERR_H

#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CE_CONT		0
#define CE_NOTE		1
#define CE_WARN		2

/**
 * cmn_err() - write a line to the kernel log, cmn_err(9F)
 * @level: CE_CONT, CE_NOTE or CE_WARN
 * @fmt: as printf(); Linux's printk() conversions
 *
 * Context: any, interrupt included.
 */
void cmn_err(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif

#endif /* _SYS_CMN_ERR_H */
