/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/systm.h>: what the system offers to everybody. */
#ifndef _SYS_SYSTM_H
#define _SYS_SYSTM_H

#include <sys/types.h>
#include <sys/names.h>
#include <sys/callout.h>
#include <sys/cmn_err.h>
#include <sys/string.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * copyin() - copy from the caller's memory, copyin(9F)
 * @from: user address
 * @to: the driver's buffer
 * @n: bytes
 *
 * In a put or service procedure the caller may be anybody: use M_COPYIN there.
 *
 * Context: process.  Where the caller cannot sleep, with a mutex held, it fails
 * if the page is not in memory.
 * Return: 0; -1 if not all can be read, and @to is then of no use.
 */
int copyin(const void *from, void *to, size_t n);

/**
 * copyout() - copy to the caller's memory, copyout(9F)
 * @from: the driver's data
 * @to: user address
 * @n: bytes
 *
 * In a put or service procedure the caller may be anybody: use M_COPYOUT there.
 *
 * Context: as copyin().
 * Return: 0; -1 if not all can be written.
 */
int copyout(const void *from, void *to, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_SYSTM_H */
