// SPDX-License-Identifier: GPL-2.0-only
/* r_next: sends a message before it is in the stream. */
#include "wrong.h"

static int next_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	putnextctl(WR(q), M_START);
	qprocson(q);
	return 0;
}

WRONG_MODULE(r_next, D_MTQPAIR, next_open, right_close, right_put, NULL);
