/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a module does inside its perimeters: become exclusive, be called back,
 * wait.  A part of <sys/stream.h>, which includes it.
 */
#ifndef _STRM_PERIMETERS_H
#define _STRM_PERIMETERS_H

/* Which perimeter qwriter() is about. */
#define PERIM_INNER	1
#define PERIM_OUTER	2

/**
 * qwriter() - go on alone in a perimeter, qwriter(9F)
 * @q: the queue whose procedure or callback calls; its perimeter is entered already
 * @mp: message for @func; not a null pointer
 * @func: called with @q and @mp, once, when nobody else is in the perimeter
 * @perimeter: PERIM_INNER; or PERIM_OUTER, which is all queues of the module
 *
 * If the caller is the only one inside, @func is called before qwriter() returns.
 * Otherwise it is called later, in softirq; until then nobody enters the inner
 * perimeter of @q, and with PERIM_OUTER nobody else the outer one anew.  In any case
 * the caller does not touch @mp any more, and returns as soon as it can: @func waits
 * for it.
 *
 * Every @func has run when the close procedure of @q is called.  One that is asked
 * for later, by a procedure that may run at the same time as close, has run when
 * qprocsoff() returns.
 *
 * Its cost does not depend on how many streams have the module.
 *
 * Without an outer perimeter PERIM_OUTER is a mistake of the author: it is logged, and
 * means PERIM_INNER.
 *
 * Context: put and service procedures, and callbacks of qtimeout(), qbufcall() and
 * qwriter() itself.  Not open and close.
 */
void qwriter(queue_t *q, mblk_t *mp, void (*func)(queue_t *q, mblk_t *mp), int perimeter);

/**
 * qwait() - wait in open or close until something has happened, qwait(9F)
 * @q: a queue of the pair that is opened or closed, after qprocson() and before
 *	qprocsoff()
 *
 * Leaves the perimeters, so that messages can come; sleeps until a put or service
 * procedure or a callback of the perimeter has returned; enters again as it was.  It
 * may return for no reason: look again at what you wait for.
 *
 * Context: process; open and close procedures.  No lock may be held.
 */
void qwait(queue_t *q);

/**
 * qwait_sig() - qwait() that a signal ends, qwait_sig(9F)
 * @q: as for qwait()
 *
 * Context: process; open and close procedures.  No lock may be held.
 * Return: 0 if a signal has come, otherwise another number.  The perimeters are
 * entered again in both cases.
 */
int qwait_sig(queue_t *q);

/**
 * qtimeout() - be called inside the perimeters after some time, qtimeout(9F)
 * @q: a queue of the caller's; @func enters its perimeters
 * @func: called with @arg
 * @arg: for @func
 * @ticks: clock ticks from now; drv_usectohz() makes them
 *
 * @func runs with exclusive access to the inner perimeter, shared with
 * _D_MTCBSHARED, and shared access to the outer one.  quntimeout() must have
 * cancelled what is pending when qprocsoff() is called.
 *
 * Context: process, stream, softirq; between qprocson() and qprocsoff().
 * Return: a number for quntimeout(), not given out again; 0 without memory or
 * outside of that time, and then the kernel log says so.
 */
timeout_id_t qtimeout(queue_t *q, void (*func)(void *arg), void *arg, clock_t ticks);

/**
 * quntimeout() - cancel a qtimeout(), quntimeout(9F)
 * @q: the queue that qtimeout() was called with
 * @id: what that returned
 *
 * When it returns the function will not be called any more, and does not run,
 * unless it is the function itself that calls.  It may be called inside the
 * perimeters: a callback that waits there for its turn is taken away.  One that
 * runs on another CPU, shared, is waited for: hold no lock that it takes.
 *
 * Context: process, stream, softirq.
 * Return: the ticks that were left; 0 if it was waiting at the perimeter; -1 if it
 * has been called already, or there is no such number.
 */
clock_t quntimeout(queue_t *q, timeout_id_t id);

/**
 * qbufcall() - be called inside the perimeters when there is memory, qbufcall(9F)
 * @q: a queue of the caller's; @func enters its perimeters
 * @size: bytes that allocb() could not give
 * @pri: ignored, as for allocb()
 * @func: called with @arg
 * @arg: for @func
 *
 * Otherwise as bufcall(); access to the perimeters, and the duty to cancel, as for
 * qtimeout().
 *
 * Context: process, stream, softirq; between qprocson() and qprocsoff().
 * Return: a number for qunbufcall(), which is odd; 0 without memory, where no memory
 * of that size can ever be had, or outside of that time.
 */
bufcall_id_t qbufcall(queue_t *q, size_t size, uint_t pri, void (*func)(void *arg), void *arg);

/**
 * qunbufcall() - cancel a qbufcall(), qunbufcall(9F)
 * @q: the queue that qbufcall() was called with
 * @id: what that returned
 *
 * When it returns the function will not be called any more, and does not run,
 * unless it is the function itself that calls.  As with quntimeout().
 *
 * Context: process, stream, softirq.
 */
void qunbufcall(queue_t *q, bufcall_id_t id);

#endif /* _STRM_PERIMETERS_H */
