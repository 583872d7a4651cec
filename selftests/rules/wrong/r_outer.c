// SPDX-License-Identifier: GPL-2.0-only
/* r_outer: wants to be alone in an outer perimeter, which it has not got. */
#include "wrong.h"

static void alone(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
}

static int outer_put(queue_t *q, mblk_t *mp)
{
	qwriter(q, mp, alone, PERIM_OUTER);
	return 0;
}

WRONG_MODULE(r_outer, D_MTQPAIR, right_open, right_close, outer_put, NULL);
