// SPDX-License-Identifier: GPL-2.0-only
/* r_putq: queues messages that no service procedure will take. */
#include "wrong.h"

static int putq_put(queue_t *q, mblk_t *mp)
{
	putq(q, mp);
	return 0;
}

WRONG_MODULE(r_putq, D_MTQPAIR, right_open, right_close, putq_put, NULL);
