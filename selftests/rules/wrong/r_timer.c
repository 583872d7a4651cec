// SPDX-License-Identifier: GPL-2.0-only
/* r_timer: is closed with a callback to come. */
#include "wrong.h"

static void too_late(void *arg)
{
	cmn_err(CE_WARN, "r_timer: called after close");
}

static int timer_put(queue_t *q, mblk_t *mp)
{
	qtimeout(q, too_late, NULL, drv_usectohz(100 * 1000 * 1000));
	putnext(q, mp);
	return 0;
}

WRONG_MODULE(r_timer, D_MTQPAIR, right_open, right_close, timer_put, NULL);
