// SPDX-License-Identifier: GPL-2.0-only
/*
 * lp: a printer that is not there.
 *
 * It takes text at the speed of a printer, a burst of characters at a time, and
 * asks for the next when the burst is on paper.  The paper comes out of the read
 * side.  After the last close the motor runs on for a moment, and the driver
 * cannot be unloaded meanwhile.
 */
#include <sys/types.h>
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/debug.h>
#include <sys/cmn_err.h>
#include <sys/kmem.h>
#include <sys/stream.h>
#include <sys/stropts.h>
#include <sys/strsun.h>
#include <sys/stat.h>
#include <sys/open.h>
#include <sys/file.h>
#include <sys/conf.h>
#include <sys/ksynch.h>
#include <sys/modctl.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>
#include "lp.h"

#define	LP_BURST	16		/* characters that the printer takes at once */
#define	LP_SPEED	1000		/* characters per second */
#define	LP_MOTOR	400000		/* microseconds that the motor runs on */

typedef struct lp {
	dev_info_t	*lp_dip;
	kmutex_t	lp_lock;	/* protects what follows */
	queue_t		*lp_wq;		/* of the open stream */
	timeout_id_t	lp_id;		/* end of the burst */
	timeout_id_t	lp_motor;	/* end of the motor's running */
	boolean_t	lp_busy;	/* a burst is being printed */
	struct lpstat	lp_stat;
} lp_t;

static void *lp_state;

static int lpopen(queue_t *, dev_t *, int, int, cred_t *);
static int lpclose(queue_t *, int, cred_t *);
static int lpwput(queue_t *, mblk_t *);
static int lpwsrv(queue_t *);
static int lpinfo(dev_info_t *, ddi_info_cmd_t, void *, void **);
static int lpattach(dev_info_t *, ddi_attach_cmd_t);
static int lpdetach(dev_info_t *, ddi_detach_cmd_t);

static struct module_info lpminfo = { 0x4c50, "lp", 0, INFPSZ, 512, 128 };

static struct qinit lprinit = {
	NULL, NULL, lpopen, lpclose, NULL, &lpminfo, NULL
};

static struct qinit lpwinit = {
	lpwput, lpwsrv, NULL, NULL, NULL, &lpminfo, NULL
};

static struct streamtab lpinfotab = { &lprinit, &lpwinit, NULL, NULL };

static struct cb_ops lp_cb_ops = {
	nulldev,		/* cb_open */
	nulldev,		/* cb_close */
	nodev,			/* cb_strategy */
	nodev,			/* cb_print */
	nodev,			/* cb_dump */
	nodev,			/* cb_read */
	nodev,			/* cb_write */
	nodev,			/* cb_ioctl */
	nodev,			/* cb_devmap */
	nodev,			/* cb_mmap */
	nodev,			/* cb_segmap */
	nochpoll,		/* cb_chpoll */
	ddi_prop_op,		/* cb_prop_op */
	&lpinfotab,		/* cb_str */
	D_NEW | D_MP | D_MTPERMOD, /* cb_flag */
	CB_REV,			/* cb_rev */
	nodev,			/* cb_aread */
	nodev			/* cb_awrite */
};

static struct dev_ops lp_ops = {
	DEVO_REV,		/* devo_rev */
	0,			/* devo_refcnt */
	lpinfo,			/* devo_getinfo */
	nulldev,		/* devo_identify */
	nulldev,		/* devo_probe */
	lpattach,		/* devo_attach */
	lpdetach,		/* devo_detach */
	nodev,			/* devo_reset */
	&lp_cb_ops,		/* devo_cb_ops */
	(struct bus_ops *)NULL,	/* devo_bus_ops */
	nulldev,		/* devo_power */
	ddi_quiesce_not_needed	/* devo_quiesce */
};

static struct modldrv modldrv = {
	&mod_driverops, "printer that is not there", &lp_ops
};

static struct modlinkage modlinkage = {
	MODREV_1, { (void *)&modldrv, NULL }
};

int
_init(void)
{
	int error;

	if ((error = ddi_soft_state_init(&lp_state, sizeof (lp_t), 1)) != 0)
		return (error);
	if ((error = mod_install(&modlinkage)) != 0)
		ddi_soft_state_fini(&lp_state);
	return (error);
}

int
_fini(void)
{
	int error;

	if ((error = mod_remove(&modlinkage)) == 0)
		ddi_soft_state_fini(&lp_state);
	return (error);
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&modlinkage, modinfop));
}

static int
lpattach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	int instance = ddi_get_instance(dip);
	lp_t *lp;

	if (cmd != DDI_ATTACH)
		return (DDI_FAILURE);
	if (ddi_soft_state_zalloc(lp_state, instance) != DDI_SUCCESS)
		return (DDI_FAILURE);
	lp = ddi_get_soft_state(lp_state, instance);
	lp->lp_dip = dip;
	lp->lp_stat.ls_speed = ddi_prop_get_int(DDI_DEV_T_ANY, dip, DDI_PROP_DONTPASS,
	    "speed", LP_SPEED);
	if (lp->lp_stat.ls_speed <= 0) {
		cmn_err(CE_NOTE, "%s%d: speed %d is none", ddi_get_name(dip), instance,
		    lp->lp_stat.ls_speed);
		ddi_soft_state_free(lp_state, instance);
		return (DDI_FAILURE);
	}
	mutex_init(&lp->lp_lock, NULL, MUTEX_DRIVER, NULL);
	if (ddi_create_minor_node(dip, "lp", S_IFCHR, instance, DDI_PSEUDO, 0) != DDI_SUCCESS) {
		mutex_destroy(&lp->lp_lock);
		ddi_soft_state_free(lp_state, instance);
		return (DDI_FAILURE);
	}
	ddi_set_driver_private(dip, (caddr_t)lp);
	ddi_report_dev(dip);
	return (DDI_SUCCESS);
}

static int
lpdetach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	lp_t *lp = (lp_t *)ddi_get_driver_private(dip);
	timeout_id_t motor;

	if (cmd != DDI_DETACH)
		return (DDI_FAILURE);
	mutex_enter(&lp->lp_lock);
	motor = lp->lp_motor;
	mutex_exit(&lp->lp_lock);
	if (motor != 0)
		return (DDI_FAILURE);
	ddi_remove_minor_node(dip, NULL);
	mutex_destroy(&lp->lp_lock);
	ddi_soft_state_free(lp_state, ddi_get_instance(dip));
	return (DDI_SUCCESS);
}

/*ARGSUSED*/
static int
lpinfo(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg, void **result)
{
	minor_t minor = getminor((dev_t)arg);
	lp_t *lp = ddi_get_soft_state(lp_state, (int)minor);

	if (lp == NULL)
		return (DDI_FAILURE);
	switch (cmd) {
	case DDI_INFO_DEVT2DEVINFO:
		*result = lp->lp_dip;
		return (DDI_SUCCESS);
	case DDI_INFO_DEVT2INSTANCE:
		*result = (void *)(uintptr_t)minor;
		return (DDI_SUCCESS);
	default:
		return (DDI_FAILURE);
	}
}

/*ARGSUSED*/
static int
lpopen(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	lp_t *lp;

	if (sflag != 0)
		return (ENXIO);		/* there is one printer, and no clone of it */
	if (!(oflag & FWRITE))
		return (EACCES);	/* paper alone is of no use */
	if (q->q_ptr != NULL)
		return (0);
	if ((lp = ddi_get_soft_state(lp_state, (int)getminor(*devp))) == NULL)
		return (ENXIO);
	q->q_ptr = WR(q)->q_ptr = lp;
	mutex_enter(&lp->lp_lock);
	lp->lp_wq = WR(q);
	lp->lp_busy = B_FALSE;
	lp->lp_stat.ls_stopped = 0;
	mutex_exit(&lp->lp_lock);
	qprocson(q);
	return (0);
}

static void
lp_motor_off(void *arg)
{
	lp_t *lp = arg;

	mutex_enter(&lp->lp_lock);
	lp->lp_motor = 0;
	mutex_exit(&lp->lp_lock);
}

/*ARGSUSED*/
static int
lpclose(queue_t *q, int flag, cred_t *crp)
{
	lp_t *lp = q->q_ptr;
	timeout_id_t id, motor;

	qprocsoff(q);
	mutex_enter(&lp->lp_lock);
	lp->lp_wq = NULL;
	id = lp->lp_id;
	motor = lp->lp_motor;
	mutex_exit(&lp->lp_lock);
	if (id != 0)
		(void) untimeout(id);
	if (motor != 0)
		(void) untimeout(motor);
	mutex_enter(&lp->lp_lock);
	lp->lp_id = 0;
	lp->lp_motor = timeout(lp_motor_off, lp, drv_usectohz(LP_MOTOR));
	mutex_exit(&lp->lp_lock);
	q->q_ptr = WR(q)->q_ptr = NULL;
	return (0);
}

/*
 * The burst is on paper.
 */
static void
lp_done(void *arg)
{
	lp_t *lp = arg;
	queue_t *q;

	mutex_enter(&lp->lp_lock);
	lp->lp_id = 0;
	lp->lp_busy = B_FALSE;
	q = lp->lp_wq;
	if (q != NULL)
		qenable(q);
	mutex_exit(&lp->lp_lock);
}

/*
 * May this many characters be printed now?  Then the printer is busy with them.
 */
static boolean_t
lp_start(lp_t *lp, size_t count)
{
	boolean_t started = B_FALSE;

	mutex_enter(&lp->lp_lock);
	if (!lp->lp_busy && !lp->lp_stat.ls_stopped) {
		lp->lp_busy = B_TRUE;
		lp->lp_stat.ls_bursts++;
		lp->lp_stat.ls_printed += count;
		lp->lp_id = timeout(lp_done, lp,
		    drv_usectohz((clock_t)count * 1000000 / lp->lp_stat.ls_speed));
		started = B_TRUE;
	}
	mutex_exit(&lp->lp_lock);
	return (started);
}

/*
 * Characters come out on paper: to the reader, if there is one with room.
 */
static void
lp_paper(queue_t *q, mblk_t *mp, size_t count)
{
	lp_t *lp = q->q_ptr;
	mblk_t *paper = NULL;
	size_t i;

	if (canputnext(RD(q)))
		paper = dupb(mp);
	mutex_enter(&lp->lp_lock);
	for (i = 0; i < count; i++)
		lp->lp_stat.ls_lines += (mp->b_rptr[i] == '\n');
	if (paper == NULL)
		lp->lp_stat.ls_lost += count;
	mutex_exit(&lp->lp_lock);
	if (paper != NULL) {
		paper->b_wptr = paper->b_rptr + count;
		putnext(RD(q), paper);
	}
	mp->b_rptr += count;
}

static int
lpwsrv(queue_t *q)
{
	lp_t *lp = q->q_ptr;
	mblk_t *mp, *rest;
	size_t count;

	while ((mp = getq(q)) != NULL) {
		count = MIN(MBLKL(mp), LP_BURST);
		if (count > 0) {
			if (!lp_start(lp, count)) {
				(void) putbq(q, mp);
				break;
			}
			lp_paper(q, mp, count);
		}
		if (mp->b_rptr == mp->b_wptr) {
			rest = unlinkb(mp);
			freeb(mp);
			mp = rest;
		}
		if (mp != NULL)
			(void) putbq(q, mp);
	}
	return (0);
}

static void
lp_ioctl(queue_t *q, mblk_t *mp)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;
	lp_t *lp = q->q_ptr;
	mblk_t *bp;
	int error, speed;

	switch (iocp->ioc_cmd) {
	case LPGETSTAT:
		if (iocp->ioc_count == TRANSPARENT) {
			miocnak(q, mp, 0, EINVAL);
			break;
		}
		if ((bp = allocb(sizeof (struct lpstat), BPRI_MED)) == NULL) {
			miocnak(q, mp, 0, EAGAIN);
			break;
		}
		mutex_enter(&lp->lp_lock);
		bcopy(&lp->lp_stat, bp->b_rptr, sizeof (struct lpstat));
		mutex_exit(&lp->lp_lock);
		mioc2ack(mp, bp, sizeof (struct lpstat), 0);
		qreply(q, mp);
		break;

	case LPSETSPEED:
		if ((error = miocpullup(mp, sizeof (int))) != 0) {
			miocnak(q, mp, 0, error);
			break;
		}
		if ((speed = *(int *)mp->b_cont->b_rptr) <= 0) {
			miocnak(q, mp, 0, ERANGE);
			break;
		}
		if (drv_priv(iocp->ioc_cr) != 0) {
			miocnak(q, mp, 0, EPERM);
			break;
		}
		mutex_enter(&lp->lp_lock);
		lp->lp_stat.ls_speed = speed;
		mutex_exit(&lp->lp_lock);
		miocack(q, mp, 0, 0);
		break;

	default:
		miocnak(q, mp, 0, EINVAL);
		break;
	}
}

static void
lp_stop(lp_t *lp, int stopped)
{
	mutex_enter(&lp->lp_lock);
	lp->lp_stat.ls_stopped = stopped;
	mutex_exit(&lp->lp_lock);
}

static int
lpwput(queue_t *q, mblk_t *mp)
{
	switch (mp->b_datap->db_type) {
	case M_DATA:
		(void) putq(q, mp);
		break;

	case M_STOP:
		lp_stop(q->q_ptr, 1);
		freemsg(mp);
		break;

	case M_START:
		lp_stop(q->q_ptr, 0);
		freemsg(mp);
		qenable(q);
		break;

	case M_FLUSH:
		if (*mp->b_rptr & FLUSHW) {
			flushq(q, FLUSHDATA);
			*mp->b_rptr &= ~FLUSHW;
		}
		if (*mp->b_rptr & FLUSHR) {
			flushq(RD(q), FLUSHDATA);
			qreply(q, mp);
		} else {
			freemsg(mp);
		}
		break;

	case M_IOCTL:
		lp_ioctl(q, mp);
		break;

	default:
		freemsg(mp);
		break;
	}
	return (0);
}
