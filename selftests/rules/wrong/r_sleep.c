// SPDX-License-Identifier: GPL-2.0-only
/* r_sleep: waits for memory in its put procedure. */
#include "wrong.h"

static int sleep_put(queue_t *q, mblk_t *mp)
{
	void *memory = kmem_alloc(100, KM_SLEEP);

	kmem_free(memory, 100);
	putnext(q, mp);
	return 0;
}

WRONG_MODULE(r_sleep, D_MTQPAIR, right_open, right_close, sleep_put, NULL);
