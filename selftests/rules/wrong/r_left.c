// SPDX-License-Identifier: GPL-2.0-only
/* r_left: its service procedure takes one message, and leaves the others. */
#include "wrong.h"

/* Twice each, so that there is more than one. */
static int left_put(queue_t *q, mblk_t *mp)
{
	mblk_t *again = dupmsg(mp);

	putq(q, mp);
	if (again)
		putq(q, again);
	return 0;
}

static int left_service(queue_t *q)
{
	mblk_t *mp = getq(q);

	if (mp)
		putnext(q, mp);
	return 0;
}

WRONG_MODULE(r_left, D_MTQPAIR, right_open, right_close, left_put, left_service);
