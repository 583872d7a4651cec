/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/time.h>: clocks, and conversions between units of time. */
#ifndef _SYS_TIME_H
#define _SYS_TIME_H

#include <sys/types.h>
#include <sys/names.h>
#include <sys/callout.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct timespec - a time in seconds and nanoseconds
 * @tv_sec: seconds
 * @tv_nsec: nanoseconds, 0 to 999999999
 */
struct timespec {
	time_t		tv_sec;
	long		tv_nsec;
};

typedef struct timespec timespec_t;
typedef struct timespec timestruc_t;

/* Parts of a second */
#define SEC		1
#define MILLISEC	1000
#define MICROSEC	1000000
#define NANOSEC		1000000000LL

#ifndef NSEC_PER_SEC
#define MSEC_PER_SEC	1000L
#define USEC_PER_SEC	1000000L
#define NSEC_PER_SEC	1000000000L
#define NSEC_PER_MSEC	1000000L
#define NSEC_PER_USEC	1000L
#define USEC_PER_MSEC	1000L
#endif

#define NSEC2SEC(n)	((n) / (NANOSEC / SEC))
#define SEC2NSEC(s)	((hrtime_t)(s) * (NANOSEC / SEC))
#define NSEC2MSEC(n)	((n) / (NANOSEC / MILLISEC))
#define MSEC2NSEC(m)	((hrtime_t)(m) * (NANOSEC / MILLISEC))
#define NSEC2USEC(n)	((n) / (NANOSEC / MICROSEC))
#define USEC2NSEC(u)	((hrtime_t)(u) * (NANOSEC / MICROSEC))
#define SEC2MSEC(s)	((s) * (MILLISEC / SEC))
#define MSEC2SEC(m)	((m) / (MILLISEC / SEC))

/* @count units, @per of which are a second, in units of which @to are. */
static inline int64_t strm_rescale(int64_t count, int64_t per, int64_t to)
{
	return count / per * to + count % per * to / per;
}

/* The same, rounded up. */
static inline int64_t strm_rescale_up(int64_t count, int64_t per, int64_t to)
{
	return count / per * to + (count % per * to + per - 1) / per;
}

#define TICK_TO_SEC(t)		((t) / hz)
#define SEC_TO_TICK(s)		((s) * hz)
#define TICK_TO_MSEC(t)		strm_rescale((t), hz, MILLISEC)
#define TICK_TO_USEC(t)		strm_rescale((t), hz, MICROSEC)
#define TICK_TO_NSEC(t)		((hrtime_t)strm_rescale((t), hz, NANOSEC))
#define MSEC_TO_TICK(m)		((clock_t)strm_rescale((m), MILLISEC, hz))
#define USEC_TO_TICK(u)		((clock_t)strm_rescale((u), MICROSEC, hz))
#define NSEC_TO_TICK(n)		((clock_t)strm_rescale((n), NANOSEC, hz))
#define MSEC_TO_TICK_ROUNDUP(m)	((clock_t)strm_rescale_up((m), MILLISEC, hz))
#define USEC_TO_TICK_ROUNDUP(u)	((clock_t)strm_rescale_up((u), MICROSEC, hz))
#define NSEC_TO_TICK_ROUNDUP(n)	((clock_t)strm_rescale_up((n), NANOSEC, hz))

/**
 * gethrtime() - a clock that never goes back, gethrtime(9F)
 *
 * Context: any.
 * Return: nanoseconds since some time in the past.
 */
hrtime_t gethrtime(void);

/**
 * gethrestime() - the time of day
 * @ts: seconds and nanoseconds since 1970
 *
 * Context: any.
 */
void gethrestime(timestruc_t *ts);

/**
 * ddi_get_time() - the time of day, ddi_get_time(9F)
 *
 * Context: any.
 * Return: seconds since 1970.
 */
time_t ddi_get_time(void);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_TIME_H */
