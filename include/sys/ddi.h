/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/ddi.h>: the driver interface around STREAMS.  <sys/sunddi.h> has more. */
#ifndef _SYS_DDI_H
#define _SYS_DDI_H

#include <sys/types.h>
#include <sys/names.h>
#include <sys/callout.h>
#include <sys/cmn_err.h>
#include <sys/conf.h>
#include <sys/cred.h>
#include <sys/ddi_soft.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/kmem.h>
#include <sys/ksynch.h>
#include <sys/string.h>
#include <sys/sysmacros.h>
#include <sys/systm.h>
#include <sys/time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Linux, if it came first, has macros for them. */
#ifndef max
static inline int max(int a, int b)
{
	return a < b ? b : a;
}
#endif
#ifndef min
static inline int min(int a, int b)
{
	return a < b ? a : b;
}
#endif

/* drv_getparm(9F): what, and the type of the value */
#define PPGRP		2	/* process group of the caller, pid_t */
#define LBOLT		4	/* ticks since the system was started, clock_t */
#define PPID		6	/* process number of the caller, pid_t */
#define PSID		7	/* session of the caller, pid_t */
#define TIME		8	/* seconds since 1970, time_t */
#define UCRED		9	/* credentials of the caller, cred_t * */

/**
 * drv_getparm() - something about the system or the caller, drv_getparm(9F)
 * @what: LBOLT, TIME; in process context also PPGRP, PPID, PSID, UCRED
 * @value_p: where to leave the value, of the type that belongs to @what
 *
 * Context: any for LBOLT and TIME; process.
 * Return: 0; -1 for another @what.
 */
int drv_getparm(unsigned int what, void *value_p);

/**
 * ddi_get_pid() - process number of the caller, ddi_get_pid(9F)
 *
 * Context: process.
 * Return: the number.
 */
pid_t ddi_get_pid(void);

/**
 * ddi_copyin() - copyin(), or a plain copy for a caller in the kernel, ddi_copyin(9F)
 * @from: address; a user's without FKIOCTL
 * @to: the driver's buffer
 * @n: bytes
 * @flags: mode of the ioctl; FKIOCTL: @from is the kernel's
 *
 * Context: as copyin(); any with FKIOCTL.
 * Return: 0; -1 if not all can be read.
 */
int ddi_copyin(const void *from, void *to, size_t n, int flags);

/**
 * ddi_copyout() - copyout(), or a plain copy for a caller in the kernel, ddi_copyout(9F)
 * @from: the driver's data
 * @to: address; a user's without FKIOCTL
 * @n: bytes
 * @flags: mode of the ioctl; FKIOCTL: @to is the kernel's
 *
 * Context: as copyin(); any with FKIOCTL.
 * Return: 0; -1 if not all can be written.
 */
int ddi_copyout(const void *from, void *to, size_t n, int flags);

/**
 * numtos() - a number as decimal digits, numtos(9F)
 * @number: the number
 * @to: buffer of 21 bytes
 *
 * Context: any.
 */
void numtos(unsigned long number, char *to);

/**
 * stoi() - a number from decimal digits, stoi(9F)
 * @s: points to the text; left behind the digits
 *
 * Context: any.
 * Return: the number; 0 if there is no digit.  No check for one that is too large.
 */
int stoi(char **s);

/**
 * ddi_strtol() - a number from text, ddi_strtol(9F)
 * @s: text; white space and a sign may come first
 * @endptr: if not NULL, where to leave the place behind the number
 * @base: 2 to 36; 0 for as in C
 * @result: where to leave the number
 *
 * Context: any.
 * Return: 0; EINVAL if there is no number or no such @base; ERANGE if it is too large.
 */
int ddi_strtol(const char *s, char **endptr, int base, long *result);

/**
 * ddi_strtoul() - a number without sign from text, ddi_strtoul(9F)
 * @s: text; white space may come first
 * @endptr: if not NULL, where to leave the place behind the number
 * @base: 2 to 36; 0 for as in C
 * @result: where to leave the number
 *
 * Context: any.
 * Return: 0; EINVAL if there is no number or no such @base; ERANGE if it is too large.
 */
int ddi_strtoul(const char *s, char **endptr, int base, unsigned long *result);

/**
 * proc_ref() - remember the caller, to signal it later, proc_ref(9F)
 *
 * Context: process.
 * Return: what proc_signal() and proc_unref() take.
 */
void *proc_ref(void);

/**
 * proc_signal() - signal a process, proc_signal(9F)
 * @pref: from proc_ref()
 * @sig: number of the signal
 *
 * Context: any but a hard interrupt.
 * Return: 0; -1 if the process is gone.
 */
int proc_signal(void *pref, int sig);

/**
 * proc_unref() - forget a process, proc_ref(9F)
 * @pref: from proc_ref()
 *
 * Context: any.
 */
void proc_unref(void *pref);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_DDI_H */
