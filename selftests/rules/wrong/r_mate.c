// SPDX-License-Identifier: GPL-2.0-only
/* r_mate: calls qwriter() for the other queue, which has a perimeter of its own. */
#include "wrong.h"

static void alone(queue_t *q, mblk_t *mp)
{
	putnext(OTHERQ(q), mp);
}

static int mate_put(queue_t *q, mblk_t *mp)
{
	qwriter(OTHERQ(q), mp, alone, PERIM_INNER);
	return 0;
}

WRONG_MODULE(r_mate, D_MTPERQ, right_open, right_close, mate_put, NULL);
