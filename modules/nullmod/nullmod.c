// SPDX-License-Identifier: GPL-2.0-only
/*
 * nullmod: passes every message on.
 *
 * The least that a module can be, and the measure of what a hop costs.  It keeps
 * nothing, so any number of threads may be inside: plain D_MP.
 */
#include <sys/modctl.h>
#include <sys/stream.h>

static int nullmod_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	qprocson(q);
	return 0;
}

static int nullmod_close(queue_t *q, int flag, cred_t *crp)
{
	qprocsoff(q);
	return 0;
}

static int nullmod_put(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
	return 0;
}

static struct module_info nullmod_info = {
	.mi_idnum = 0x4e55,
	.mi_idname = "nullmod",
	.mi_minpsz = 0,
	.mi_maxpsz = INFPSZ,
	.mi_hiwat = STRHIGH,
	.mi_lowat = STRLOW,
};

static struct qinit nullmod_rinit = {
	.qi_putp = nullmod_put,
	.qi_qopen = nullmod_open,
	.qi_qclose = nullmod_close,
	.qi_minfo = &nullmod_info,
};

static struct qinit nullmod_winit = {
	.qi_putp = nullmod_put,
	.qi_minfo = &nullmod_info,
};

static struct streamtab nullmod_tab = { &nullmod_rinit, &nullmod_winit, NULL, NULL };

static const struct fmodsw nullmod = { "nullmod", &nullmod_tab, D_MP };

STRM_MODINFO(description, "STREAMS module that passes every message on");
STREAMS_MODULE(nullmod, "nullmod", "GPL");
