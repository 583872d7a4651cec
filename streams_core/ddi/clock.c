// SPDX-License-Identifier: GPL-2.0-only
/* Time: ticks, conversions, sleeping for some of it. */
#include <linux/cache.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>
#include <strm/rules.h>
#include "local.h"
#include <sys/errno.h>
#include <sys/time.h>

int strm_hz __ro_after_init = HZ;

clock_t drv_hztousec(clock_t ticks)
{
	clock_t seconds, parts;

	if (ticks <= 0)
		return 0;
	parts = ticks % HZ * USEC_PER_SEC / HZ;
	if (check_mul_overflow(ticks / HZ, (clock_t)USEC_PER_SEC, &seconds) ||
	    check_add_overflow(seconds, parts, &seconds))
		return LONG_MAX;
	return seconds;
}

clock_t drv_usectohz(clock_t microseconds)
{
	return microseconds <= 0 ? 0 : strm_rescale_up(microseconds, USEC_PER_SEC, HZ);
}

clock_t drv_sectohz(clock_t seconds)
{
	clock_t ticks;

	if (seconds <= 0)
		return 0;
	return check_mul_overflow(seconds, (clock_t)HZ, &ticks) ? LONG_MAX : ticks;
}

void drv_usecwait(clock_t microseconds)
{
	for (; microseconds > USEC_PER_MSEC; microseconds -= USEC_PER_MSEC)
		udelay(USEC_PER_MSEC);
	if (microseconds > 0)
		udelay(microseconds);
}

/* jiffies begin elsewhere than at 0. */
int64_t ddi_get_lbolt64(void)
{
	return get_jiffies_64() - INITIAL_JIFFIES;
}

clock_t ddi_get_lbolt(void)
{
	return ddi_get_lbolt64();
}

time_t ddi_get_time(void)
{
	return ktime_get_real_seconds();
}

hrtime_t gethrtime(void)
{
	return ktime_get_ns();
}

void gethrestime(timestruc_t *ts)
{
	struct timespec64 now;

	ktime_get_real_ts64(&now);
	ts->tv_sec = now.tv_sec;
	ts->tv_nsec = now.tv_nsec;
}

void strm_delay(clock_t ticks)
{
	if (strm_rules_on)
		strm_rules_sleeping("delay");
	while (ticks > 0)
		ticks = schedule_timeout_uninterruptible(ticks);
}

int delay_sig(clock_t ticks)
{
	if (strm_rules_on)
		strm_rules_sleeping("delay_sig");
	while (ticks > 0) {
		if (signal_pending(current))
			return EINTR;
		ticks = schedule_timeout_interruptible(ticks);
	}
	return 0;
}
