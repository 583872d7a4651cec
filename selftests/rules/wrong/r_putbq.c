// SPDX-License-Identifier: GPL-2.0-only
/* r_putbq: puts a message of high priority back; three times, then it has mercy. */
#include "wrong.h"

static int mercy = 3;

static int putbq_put(queue_t *q, mblk_t *mp)
{
	putq(q, mp);
	return 0;
}

static int putbq_service(queue_t *q)
{
	mblk_t *mp;

	while ((mp = getq(q))) {
		if (mp->b_datap->db_type >= QPCTL && mercy-- > 0) {
			putbq(q, mp);
			return 0;
		}
		putnext(q, mp);
	}
	return 0;
}

WRONG_MODULE(r_putbq, D_MTQPAIR, right_open, right_close, putbq_put, putbq_service);
