// SPDX-License-Identifier: GPL-2.0-only
/* r_lock: holds a mutex of its own across putnext(). */
#include "wrong.h"

static kmutex_t lock;

static int lock_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	mutex_init(&lock, NULL, MUTEX_DRIVER, NULL);
	qprocson(q);
	return 0;
}

static int lock_close(queue_t *q, int flag, cred_t *crp)
{
	qprocsoff(q);
	mutex_destroy(&lock);
	return 0;
}

static int lock_put(queue_t *q, mblk_t *mp)
{
	mutex_enter(&lock);
	putnext(q, mp);
	mutex_exit(&lock);
	return 0;
}

WRONG_MODULE(r_lock, D_MTPERMOD, lock_open, lock_close, lock_put, NULL);
