// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that sends a message back the way it came, as many times as the message
 * says.  Two of them on a stream, one above the other, call each other: how deep,
 * is for the framework to bound.
 */
#include "watch.h"

static DEFINE_PER_CPU(int, depth);

/* Down through the upper one, which marks it; from then on back and forth, then up. */
static bool goes_back(const queue_t *q, struct note *note)
{
	if (!note || note->op != NOTE_BOUNCE)
		return false;
	if (note->hop == 0) {
		note->hop = 1;
		return false;
	}
	if (note->seq == 0)
		return side_of(q) == 1;
	note->seq--;
	return true;
}

static int bounce_put(queue_t *q, mblk_t *mp)
{
	atomic_t *deepest = &witness_counts[COUNT_deepest];
	const int now = this_cpu_inc_return(depth);

	if (now > atomic_read(deepest))
		atomic_set(deepest, now);
	if (goes_back(q, note_in(mp)))
		qreply(q, mp);
	else
		putnext(q, mp);
	this_cpu_dec(depth);
	return 0;
}

static int bounce_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	qprocson(q);
	return 0;
}

static int bounce_close(queue_t *q, int flag, cred_t *crp)
{
	qprocsoff(q);
	return 0;
}

static struct module_info info = { 0x5742, "bounce", 0, INFPSZ, STRHIGH, STRLOW };
static struct qinit rinit = { .qi_putp = bounce_put, .qi_qopen = bounce_open,
			      .qi_qclose = bounce_close, .qi_minfo = &info };
static struct qinit winit = { .qi_putp = bounce_put, .qi_minfo = &info };
static struct streamtab tab = { &rinit, &winit, NULL, NULL };

static const struct fmodsw modules[] = {
	{ "w_open", &tab, D_MP },
	{ "w_pair", &tab, D_MP | D_MTQPAIR },
	{ "w_share", &tab, D_MP | D_MTQPAIR | D_MTPUTSHARED },
};

int bounce_register(void)
{
	int error = 0;

	for (unsigned int i = 0; !error && i < ARRAY_SIZE(modules); i++) {
		error = strm_module_register(&modules[i], THIS_MODULE);
		while (error && i--)
			strm_module_unregister(&modules[i]);
	}
	return error;
}

void bounce_unregister(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(modules); i++)
		strm_module_unregister(&modules[i]);
}
