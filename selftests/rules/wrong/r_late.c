// SPDX-License-Identifier: GPL-2.0-only
/* r_late: calls qwriter() from timeout(), which is outside of its perimeter. */
#include "wrong.h"

static kcondvar_t called;
static kmutex_t lock;
static mblk_t *message;

static void alone(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
}

static void in_a_tick(void *arg)
{
	mutex_enter(&lock);
	if (message) {
		mblk_t *mp = message;

		message = NULL;
		mutex_exit(&lock);
		qwriter(arg, mp, alone, PERIM_INNER);
		mutex_enter(&lock);
	}
	cv_broadcast(&called);
	mutex_exit(&lock);
}

static int late_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	mutex_init(&lock, NULL, MUTEX_DRIVER, NULL);
	cv_init(&called, NULL, CV_DRIVER, NULL);
	qprocson(q);
	return 0;
}

/* Every callback is over before it closes: no message waits for one. */
static int late_close(queue_t *q, int flag, cred_t *crp)
{
	mutex_enter(&lock);
	while (message)
		cv_wait(&called, &lock);
	mutex_exit(&lock);
	qprocsoff(q);
	delay(drv_usectohz(100000));
	cv_destroy(&called);
	mutex_destroy(&lock);
	return 0;
}

static int late_put(queue_t *q, mblk_t *mp)
{
	mutex_enter(&lock);
	if (!message) {
		message = mp;
		mp = NULL;
	}
	mutex_exit(&lock);
	if (mp)
		putnext(q, mp);
	else
		timeout(in_a_tick, q, 1);
	return 0;
}

WRONG_MODULE(r_late, D_MTPERMOD, late_open, late_close, late_put, NULL);
