/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/callout.h>: timeout(), untimeout(), delay() and the unit they count in.
 * <sys/systm.h>, <sys/param.h> and <sys/ddi.h> bring it.
 *
 * "timeout", "delay" and "hz" are words that structures use for their members,
 * and so no macros here: the symbol is given to the declaration.
 */
#ifndef _SYS_CALLOUT_H
#define _SYS_CALLOUT_H

#include <sys/types.h>
#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ticks in a second.  It differs between kernels; 250 on Debian's. */
extern int strm_hz;
extern int hz __asm__("strm_hz");

typedef int toid_t;

timeout_id_t strm_timeout(void (*func)(void *arg), void *arg, clock_t ticks);
clock_t strm_untimeout(timeout_id_t id);
void strm_delay(clock_t ticks);

#ifndef STRM_SVR4
/* kernel-doc reads no symbol behind so many brackets: it is given first. */
timeout_id_t timeout(void (*func)(void *arg), void *arg, clock_t ticks) __asm__("strm_timeout");

/**
 * timeout() - call a function later, timeout(9F)
 * @func: function
 * @arg: its argument
 * @ticks: when, in ticks of the clock from now; see drv_usectohz().  Less than 1
 *	is 1.  A long time may get up to an eighth longer, as Linux groups its timers.
 *
 * The function runs in softirq with bottom halves off, on the CPU that called
 * timeout(), and outside of all perimeters: it may use put() and qenable(), and
 * locks, but not sleep.
 *
 * The memory for it is taken from a reserve when the system has none.  If that is
 * used up as well, or this is a hard interrupt on PREEMPT_RT, a line goes to the
 * kernel log and nothing will be called.
 *
 * Context: any, interrupt included.
 * Return: what untimeout() takes, never 0 and not given out again for the next
 * 2147483646 calls; 0 if there is no memory.  It fits an int.
 */
timeout_id_t timeout(void (*func)(void *arg), void *arg, clock_t ticks);

/**
 * untimeout() - cancel a timeout(), untimeout(9F)
 * @id: from timeout(); 0 and one that is over are allowed
 *
 * When it returns the function does not run and will not; while it runs on
 * another CPU, untimeout() waits for its end.  So no lock may be held that the
 * function takes.  Only the function itself, and what interrupts it, gets an answer
 * at once.
 *
 * Context: any; interrupt handlers wait by spinning, or on PREEMPT_RT not at all.
 * Return: the ticks that were left, 0 or more; -1 if there was nothing to cancel.
 */
clock_t untimeout(timeout_id_t id) __asm__("strm_untimeout");
#else
/*
 * Sources of System V, whose numbers are of type int and whose functions take what
 * they like: build with -DSTRM_SVR4.
 */
static inline int strm_timeout_svr4(void *func, caddr_t arg, long ticks)
{
	return (int)(intptr_t)strm_timeout((void (*)(void *))func, arg, ticks);
}

static inline int strm_untimeout_svr4(int id)
{
	return (int)strm_untimeout((timeout_id_t)(intptr_t)id);
}

#define timeout(func, arg, ticks) strm_timeout_svr4((void *)(func), (caddr_t)(arg), (ticks))
#define untimeout(id)		strm_untimeout_svr4(id)
#endif /* STRM_SVR4 */

/**
 * delay() - sleep, delay(9F)
 * @ticks: how long, in ticks of the clock; less than 1 does not sleep
 *
 * Context: process.
 */
void delay(clock_t ticks) __asm__("strm_delay");

/**
 * delay_sig() - sleep until a signal comes, delay(9F)
 * @ticks: how long, in ticks of the clock; less than 1 does not sleep
 *
 * Context: process.
 * Return: 0 when the time is over, EINTR for a signal.
 */
int delay_sig(clock_t ticks);

/**
 * drv_hztousec() - ticks to microseconds, drv_hztousec(9F)
 * @ticks: ticks of the clock
 *
 * Context: any.
 * Return: microseconds; the largest clock_t where they do not fit; 0 for less than 0.
 */
clock_t drv_hztousec(clock_t ticks);

/**
 * drv_usectohz() - microseconds to ticks, drv_usectohz(9F)
 * @microseconds: microseconds
 *
 * Context: any.
 * Return: ticks of the clock, rounded up; 0 for less than 0.
 */
clock_t drv_usectohz(clock_t microseconds);

/**
 * drv_sectohz() - seconds to ticks, drv_sectohz(9F)
 * @seconds: seconds
 *
 * Context: any.
 * Return: ticks of the clock; the largest clock_t where they do not fit; 0 for less than 0.
 */
clock_t drv_sectohz(clock_t seconds);

/**
 * drv_usecwait() - wait without sleeping, drv_usecwait(9F)
 * @microseconds: at least this long
 *
 * Context: any.  Keeps the CPU: for a few microseconds only.
 */
void drv_usecwait(clock_t microseconds);

/**
 * ddi_get_lbolt() - ticks since the system was started, ddi_get_lbolt(9F)
 *
 * Context: any.
 * Return: ticks of the clock; 64 bits, it does not wrap.
 */
clock_t ddi_get_lbolt(void);

/**
 * ddi_get_lbolt64() - ticks since the system was started, ddi_get_lbolt(9F)
 *
 * Context: any.
 * Return: ticks of the clock.
 */
int64_t ddi_get_lbolt64(void);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_CALLOUT_H */
