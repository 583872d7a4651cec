// SPDX-License-Identifier: GPL-2.0-only
/* r_used: passes a message on that it has freed. */
#include "wrong.h"

static int used_put(queue_t *q, mblk_t *mp)
{
	freemsg(mp);
	putnext(q, mp);
	return 0;
}

WRONG_MODULE(r_used, D_MTQPAIR, right_open, right_close, used_put, NULL);
