// SPDX-License-Identifier: GPL-2.0-only
/* r_extern: keeps a buffer of its own for ever; that is, until it is opened again. */
#include "wrong.h"

static unsigned char buffer[64];
static mblk_t *kept;

static void free_buffer(caddr_t arg)
{
}

static struct free_rtn routine = { free_buffer, NULL };

static int extern_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	freemsg(kept);
	kept = NULL;
	qprocson(q);
	return 0;
}

static int extern_put(queue_t *q, mblk_t *mp)
{
	if (!kept)
		kept = esballoc(buffer, sizeof(buffer), BPRI_MED, &routine);
	putnext(q, mp);
	return 0;
}

WRONG_MODULE(r_extern, D_MTPERMOD, extern_open, right_close, extern_put, NULL);
