// SPDX-License-Identifier: GPL-2.0-only
/* upcase: a STREAMS module.  Text that passes, up or down, comes out in capitals. */
#include <sys/modctl.h>

static int upcase_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	qprocson(q);
	return 0;
}

static int upcase_close(queue_t *q, int flag, cred_t *crp)
{
	qprocsoff(q);
	return 0;
}

static int upcase_put(queue_t *q, mblk_t *mp)
{
	mblk_t *copy = DB_TYPE(mp) == M_DATA ? copymsg(mp) : NULL; /* others may share it */
	mblk_t *bp;
	unsigned char *p;

	for (bp = copy; bp; bp = bp->b_cont) {
		for (p = bp->b_rptr; p < bp->b_wptr; p++)
			*p -= *p >= 'a' && *p <= 'z' ? 'a' - 'A' : 0;
	}
	putnext(q, copy ? copy : mp);
	if (copy)
		freemsg(mp);
	return 0;
}

static struct module_info upcase_info = { 0x5550, "upcase", 0, INFPSZ, STRHIGH, STRLOW };
static struct qinit upcase_rinit = { .qi_putp = upcase_put, .qi_qopen = upcase_open,
				     .qi_qclose = upcase_close, .qi_minfo = &upcase_info };
static struct qinit upcase_winit = { .qi_putp = upcase_put, .qi_minfo = &upcase_info };
static struct streamtab upcase_tab = { &upcase_rinit, &upcase_winit, NULL, NULL };
static const struct fmodsw upcase = { "upcase", &upcase_tab, D_MP };

STREAMS_MODULE(upcase, "upcase", "GPL");
