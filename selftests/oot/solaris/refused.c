// SPDX-License-Identifier: GPL-2.0-only
/*
 * refused: a source with a mistake.  The flags of its second module contradict
 * themselves, so that it does not load, and its first module is not there either.
 */
#include <sys/types.h>
#include <sys/stream.h>
#include <sys/conf.h>
#include <sys/modctl.h>

static int
refusedopen(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	qprocson(q);
	return (0);
}

static int
refusedclose(queue_t *q, int flag, cred_t *crp)
{
	qprocsoff(q);
	return (0);
}

static int
refusedput(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
	return (0);
}

static struct module_info refusedminfo = { 0x5246, "refused", 0, INFPSZ, STRHIGH, STRLOW };

static struct qinit refusedrinit = {
	refusedput, NULL, refusedopen, refusedclose, NULL, &refusedminfo, NULL
};

static struct qinit refusedwinit = {
	refusedput, NULL, NULL, NULL, NULL, &refusedminfo, NULL
};

static struct streamtab refusedinfo = { &refusedrinit, &refusedwinit, NULL, NULL };

static struct fmodsw good = { "refused", &refusedinfo, D_MP };
static struct fmodsw bad = { "refused2", &refusedinfo, D_MP | D_MTPUTSHARED };

static struct modlstrmod modgood = { &mod_strmodops, "one that is right", &good };
static struct modlstrmod modbad = { &mod_strmodops, "one that is wrong", &bad };

static struct modlinkage modlinkage = { MODREV_1, { &modgood, &modbad, NULL } };

int
_init(void)
{
	return (mod_install(&modlinkage));
}

int
_fini(void)
{
	return (mod_remove(&modlinkage));
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&modlinkage, modinfop));
}
