/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/condvar.h>: sleeping until something is so, condvar(9F).
 *
 * Only processes wait, open and close procedures for example: with one mutex held,
 * which is released meanwhile, and no other lock.  Anybody may wake them.
 */
#ifndef _SYS_CONDVAR_H
#define _SYS_CONDVAR_H

#include <sys/types.h>
#include <sys/names.h>
#include <sys/mutex.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct strm_kcondvar {
	STRM_STORAGE(LIN_WAITQUEUE_SIZE, LIN_WAITQUEUE_ALIGN);
} kcondvar_t;

typedef enum { CV_DEFAULT = 0, CV_DRIVER = 1 } kcv_type_t;

/* How exactly a relative time is meant: accepted, the unit is a tick. */
typedef enum {
	TR_NANOSEC,
	TR_MICROSEC,
	TR_MILLISEC,
	TR_SEC,
	TR_CLOCK_TICK
} time_res_t;

/**
 * cv_init() - make a condition variable, cv_init(9F)
 * @cvp: the condition variable
 * @name: ignored, NULL
 * @type: CV_DRIVER; all types are the same
 * @arg: ignored, NULL
 *
 * Context: any.
 */
void cv_init(kcondvar_t *cvp, char *name, kcv_type_t type, void *arg);

/**
 * cv_destroy() - a condition variable is not used any more, cv_destroy(9F)
 * @cvp: the condition variable; nobody waits
 *
 * Context: any.
 */
void cv_destroy(kcondvar_t *cvp);

/**
 * cv_wait() - sleep until woken, cv_wait(9F)
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; released while it sleeps
 *
 * Context: process.
 */
void cv_wait(kcondvar_t *cvp, kmutex_t *mp);

/**
 * cv_wait_sig() - sleep until woken or a signal comes, cv_wait_sig(9F)
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; released while it sleeps
 *
 * Context: process.
 * Return: 0 for a signal; more than 0 if woken, also where a signal came as well.
 */
int cv_wait_sig(kcondvar_t *cvp, kmutex_t *mp);

/**
 * cv_timedwait() - sleep until woken or a time, cv_timedwait(9F)
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; released while it sleeps
 * @until: when to stop, in ticks as of ddi_get_lbolt()
 *
 * Context: process.
 * Return: -1 when the time has come; more than 0 if woken, the ticks that were left.
 */
clock_t cv_timedwait(kcondvar_t *cvp, kmutex_t *mp, clock_t until);

/**
 * cv_timedwait_sig() - sleep until woken, a time or a signal, cv_timedwait_sig(9F)
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; released while it sleeps
 * @until: when to stop, in ticks as of ddi_get_lbolt()
 *
 * Context: process.
 * Return: -1 when the time has come; 0 for a signal; more than 0 if woken, the ticks
 * that were left.
 */
clock_t cv_timedwait_sig(kcondvar_t *cvp, kmutex_t *mp, clock_t until);

/**
 * cv_reltimedwait() - sleep until woken, for some time, cv_reltimedwait(9F)
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; released while it sleeps
 * @ticks: for how long, in ticks
 * @res: ignored; exact to a tick
 *
 * Context: process.
 * Return: -1 when the time is over; more than 0 if woken, the ticks that were left.
 */
clock_t cv_reltimedwait(kcondvar_t *cvp, kmutex_t *mp, clock_t ticks, time_res_t res);

/**
 * cv_reltimedwait_sig() - sleep until woken or a signal, for some time, cv_reltimedwait_sig(9F)
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; released while it sleeps
 * @ticks: for how long, in ticks
 * @res: ignored; exact to a tick
 *
 * Context: process.
 * Return: -1 when the time is over; 0 for a signal; more than 0 if woken, the ticks
 * that were left.
 */
clock_t cv_reltimedwait_sig(kcondvar_t *cvp, kmutex_t *mp, clock_t ticks, time_res_t res);

/**
 * cv_signal() - wake one, cv_signal(9F)
 * @cvp: the condition variable; who does not wait yet is not woken
 *
 * Context: any, interrupt included; with or without the mutex.
 */
void cv_signal(kcondvar_t *cvp);

/**
 * cv_broadcast() - wake all, cv_broadcast(9F)
 * @cvp: the condition variable
 *
 * Context: any, interrupt included; with or without the mutex.
 */
void cv_broadcast(kcondvar_t *cvp);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_CONDVAR_H */
