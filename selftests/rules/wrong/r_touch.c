// SPDX-License-Identifier: GPL-2.0-only
/* r_touch: writes into a message that it has freed. */
#include "wrong.h"

static int touch_put(queue_t *q, mblk_t *mp)
{
	mblk_t *copy = copymsg(mp);

	if (copy) {
		unsigned char *text = copy->b_rptr;

		freemsg(copy);
		*text = '!';
	}
	putnext(q, mp);
	return 0;
}

WRONG_MODULE(r_touch, D_MTQPAIR, right_open, right_close, touch_put, NULL);
