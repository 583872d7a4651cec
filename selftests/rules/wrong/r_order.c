// SPDX-License-Identifier: GPL-2.0-only
/*
 * r_order: takes a mutex inside its perimeter, and waits for the perimeter with the
 * mutex held.  Nothing hangs, as nobody else comes; lockdep sees what could.
 */
#include "wrong.h"

static kmutex_t lock;

static int order_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	mutex_init(&lock, NULL, MUTEX_DRIVER, NULL);
	qprocson(q);
	return 0;
}

static int order_close(queue_t *q, int flag, cred_t *crp)
{
	mutex_enter(&lock);
	qprocsoff(q);
	mutex_exit(&lock);
	mutex_destroy(&lock);
	return 0;
}

static int order_put(queue_t *q, mblk_t *mp)
{
	mutex_enter(&lock);
	mutex_exit(&lock);
	putnext(q, mp);
	return 0;
}

WRONG_MODULE(r_order, D_MTPERMOD, order_open, order_close, order_put, NULL);
