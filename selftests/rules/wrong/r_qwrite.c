// SPDX-License-Identifier: GPL-2.0-only
/* r_qwrite: calls qwriter() in open, and changes its CPU in the callback. */
#include <linux/cpumask.h>
#include <linux/sched.h>

#include "wrong.h"

static void alone(queue_t *q, mblk_t *mp)
{
	set_cpus_allowed_ptr(current, cpumask_of(!raw_smp_processor_id()));
	freemsg(mp);
}

static int qwrite_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	mblk_t *mp = allocb(1, BPRI_MED);

	qprocson(q);
	if (mp)
		qwriter(q, mp, alone, PERIM_INNER);
	return 0;
}

WRONG_MODULE(r_qwrite, D_MTQPAIR | D_MTPUTSHARED, qwrite_open, right_close, right_put, NULL);
