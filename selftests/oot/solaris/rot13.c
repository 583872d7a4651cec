// SPDX-License-Identifier: GPL-2.0-only
/*
 * rot13: letters thirteen places on, both ways.
 *
 * As modules were written for System V Release 4 before there were prototypes:
 * the configuration finds rot13info and rot13devflag by their names.
 */
#include <sys/types.h>
#include <sys/param.h>
#include <sys/stream.h>
#include <sys/conf.h>
#include <sys/cmn_err.h>
#include <sys/ddi.h>

int rot13devflag = D_NEW;

static int rot13open(), rot13close(), rot13put();

static struct module_info rot13minfo = { 1313, "rot13", 0, INFPSZ, 1024, 256 };

static struct qinit rot13rinit = {
	rot13put, NULL, rot13open, rot13close, NULL, &rot13minfo, NULL
};

static struct qinit rot13winit = {
	rot13put, NULL, NULL, NULL, NULL, &rot13minfo, NULL
};

struct streamtab rot13info = { &rot13rinit, &rot13winit, NULL, NULL };

static int
rot13open(q, devp, flag, sflag, credp)
	queue_t *q;
	dev_t *devp;
	int flag, sflag;
	cred_t *credp;
{
	qprocson(q);
	return (0);
}

static int
rot13close(q, flag, credp)
	queue_t *q;
	int flag;
	cred_t *credp;
{
	qprocsoff(q);
	return (0);
}

static int
rot13put(q, mp)
	queue_t *q;
	mblk_t *mp;
{
	mblk_t *bp, *nmp;
	unsigned char *p;

	if (mp->b_datap->db_type != M_DATA || (nmp = copymsg(mp)) == NULL) {
		putnext(q, mp);
		return (0);
	}
	freemsg(mp);
	for (bp = nmp; bp != NULL; bp = bp->b_cont) {
		for (p = bp->b_rptr; p < bp->b_wptr; p++) {
			if (*p >= 'a' && *p <= 'z')
				*p = 'a' + (*p - 'a' + 13) % 26;
			else if (*p >= 'A' && *p <= 'Z')
				*p = 'A' + (*p - 'A' + 13) % 26;
		}
	}
	putnext(q, nmp);
	return (0);
}
