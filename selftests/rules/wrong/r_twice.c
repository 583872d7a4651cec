// SPDX-License-Identifier: GPL-2.0-only
/* r_twice: frees a message twice. */
#include "wrong.h"

static int twice_put(queue_t *q, mblk_t *mp)
{
	mblk_t *copy = copymsg(mp);

	if (copy) {
		freemsg(copy);
		freemsg(copy);
	}
	putnext(q, mp);
	return 0;
}

WRONG_MODULE(r_twice, D_MTQPAIR, right_open, right_close, twice_put, NULL);
