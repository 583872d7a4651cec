// SPDX-License-Identifier: GPL-2.0-only
/*
 * party: a party line.  What one says all others hear, message by message.
 *
 * Seats 0 to 3 have nodes; an open of the clone node gets a place of its own.
 * Who does not listen holds the others up, as far as flow control goes.
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
#include <sys/conf.h>
#include <sys/modctl.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>
#include "party.h"

/* Of an open minor.  All of it is inside the perimeter of the driver. */
typedef struct party {
	minor_t		p_minor;
	queue_t		*p_rq;
	timeout_id_t	p_id;		/* until there is memory */
	char		p_name[PARTY_NAMELEN];
} party_t;

static void *party_state;
static dev_info_t *party_dip;

static int partyopen(queue_t *, dev_t *, int, int, cred_t *);
static int partyclose(queue_t *, int, cred_t *);
static int partyrsrv(queue_t *);
static int partywput(queue_t *, mblk_t *);
static int partywsrv(queue_t *);
static int party_getinfo(dev_info_t *, ddi_info_cmd_t, void *, void **);
static int party_attach(dev_info_t *, ddi_attach_cmd_t);
static int party_detach(dev_info_t *, ddi_detach_cmd_t);

static struct module_info partyminfo = { 0x5059, "party", 0, INFPSZ, 4096, 1024 };

static struct qinit partyrinit = {
	NULL, partyrsrv, partyopen, partyclose, NULL, &partyminfo, NULL
};

static struct qinit partywinit = {
	partywput, partywsrv, NULL, NULL, NULL, &partyminfo, NULL
};

static struct streamtab partyinfo = { &partyrinit, &partywinit, NULL, NULL };

DDI_DEFINE_STREAM_OPS(party_ops, nulldev, nulldev, party_attach, party_detach, nodev,
    party_getinfo, D_NEW | D_MP | D_MTPERMOD, &partyinfo, ddi_quiesce_not_needed);

static struct modldrv modldrv = { &mod_driverops, "party line", &party_ops };

static struct modlinkage modlinkage = { MODREV_1, (void *)&modldrv, NULL };

int
_init(void)
{
	int error;

	error = ddi_soft_state_init(&party_state, sizeof (party_t), PARTY_SEATS);
	if (error == 0 && (error = mod_install(&modlinkage)) != 0)
		ddi_soft_state_fini(&party_state);
	return (error);
}

int
_fini(void)
{
	int error;

	if ((error = mod_remove(&modlinkage)) == 0)
		ddi_soft_state_fini(&party_state);
	return (error);
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&modlinkage, modinfop));
}

static int
party_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	char name[16];
	int seat;

	if (cmd != DDI_ATTACH)
		return (DDI_FAILURE);
	for (seat = 0; seat < PARTY_SEATS; seat++) {
		(void) sprintf(name, "seat%d", seat);
		if (ddi_create_minor_node(dip, name, S_IFCHR, seat, DDI_PSEUDO, 0) ==
		    DDI_FAILURE)
			goto fail;
	}
	if (ddi_create_minor_node(dip, "party", S_IFCHR, 0, DDI_PSEUDO, CLONE_DEV) ==
	    DDI_FAILURE)
		goto fail;
	party_dip = dip;
	ddi_report_dev(dip);
	return (DDI_SUCCESS);
fail:
	ddi_remove_minor_node(dip, NULL);
	return (DDI_FAILURE);
}

static int
party_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	if (cmd != DDI_DETACH)
		return (DDI_FAILURE);
	ddi_remove_minor_node(dip, NULL);
	party_dip = NULL;
	return (DDI_SUCCESS);
}

/*ARGSUSED*/
static int
party_getinfo(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg, void **result)
{
	switch (cmd) {
	case DDI_INFO_DEVT2DEVINFO:
		if (party_dip == NULL)
			return (DDI_FAILURE);
		*result = (void *)party_dip;
		return (DDI_SUCCESS);
	case DDI_INFO_DEVT2INSTANCE:
		if (getminor((dev_t)arg) >= PARTY_SEATS)
			return (DDI_FAILURE);
		*result = NULL;
		return (DDI_SUCCESS);
	default:
		return (DDI_FAILURE);
	}
}

static party_t *
party_of(int minor)
{
	return (ddi_get_soft_state(party_state, minor));
}

/*
 * Readers take message by message, and may leave this much unread.
 */
static mblk_t *
party_options(void)
{
	struct stroptions *sop;
	mblk_t *mp;

	if ((mp = allocb(sizeof (struct stroptions), BPRI_HI)) == NULL)
		return (NULL);
	mp->b_datap->db_type = M_SETOPTS;
	mp->b_wptr += sizeof (struct stroptions);
	sop = (struct stroptions *)mp->b_rptr;
	bzero(sop, sizeof (struct stroptions));
	sop->so_flags = SO_READOPT | SO_HIWAT | SO_LOWAT;
	sop->so_readopt = RMSGN;
	sop->so_hiwat = PARTY_HIWAT;
	sop->so_lowat = PARTY_HIWAT / 4;
	return (mp);
}

/*ARGSUSED*/
static int
partyopen(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	minor_t minor = getminor(*devp);
	party_t *party;
	mblk_t *mp;

	if (sflag == MODOPEN)
		return (EINVAL);
	if (q->q_ptr != NULL)
		return (0);
	if (sflag == CLONEOPEN) {
		for (minor = PARTY_SEATS; minor < PARTY_MAX; minor++) {
			if (party_of(minor) == NULL)
				break;
		}
		if (minor == PARTY_MAX)
			return (ENXIO);
	}
	if ((mp = party_options()) == NULL)
		return (ENOMEM);
	if (ddi_soft_state_zalloc(party_state, minor) != DDI_SUCCESS) {
		freemsg(mp);
		return (ENOMEM);
	}
	party = party_of(minor);
	party->p_minor = minor;
	party->p_rq = q;
	(void) sprintf(party->p_name, "guest %u", (unsigned int)minor);
	q->q_ptr = WR(q)->q_ptr = party;
	*devp = makedevice(getmajor(*devp), minor);
	qprocson(q);
	putnext(q, mp);
	return (0);
}

/*
 * There is room again somewhere, or somebody has gone: all try to speak.
 */
static void
party_go_on(void)
{
	party_t *party;
	int minor;

	for (minor = 0; minor < PARTY_MAX; minor++) {
		if ((party = party_of(minor)) != NULL)
			qenable(WR(party->p_rq));
	}
}

/*ARGSUSED*/
static int
partyclose(queue_t *q, int flag, cred_t *crp)
{
	party_t *party = q->q_ptr;

	qprocsoff(q);
	if (party->p_id != 0)
		(void) untimeout(party->p_id);
	q->q_ptr = WR(q)->q_ptr = NULL;
	ddi_soft_state_free(party_state, party->p_minor);
	party_go_on();
	return (0);
}

/*
 * Have all others room for this?
 */
static boolean_t
party_room(party_t *speaker, mblk_t *mp)
{
	party_t *party;
	int minor;

	for (minor = 0; minor < PARTY_MAX; minor++) {
		party = party_of(minor);
		if (party == NULL || party == speaker)
			continue;
		if (!bcanputnext(party->p_rq, mp->b_band))
			return (B_FALSE);
	}
	return (B_TRUE);
}

/*
 * To all others, or without memory to none.
 */
static boolean_t
party_say(party_t *speaker, mblk_t *mp)
{
	mblk_t *copies[PARTY_MAX];
	party_t *party;
	int minor;

	for (minor = 0; minor < PARTY_MAX; minor++) {
		copies[minor] = NULL;
		party = party_of(minor);
		if (party == NULL || party == speaker)
			continue;
		if ((copies[minor] = dupmsg(mp)) == NULL) {
			while (minor-- > 0)
				freemsg(copies[minor]);
			return (B_FALSE);
		}
	}
	freemsg(mp);
	for (minor = 0; minor < PARTY_MAX; minor++) {
		if (copies[minor] != NULL)
			putnext(party_of(minor)->p_rq, copies[minor]);
	}
	return (B_TRUE);
}

static void
party_again(void *arg)
{
	qenable((queue_t *)arg);
}

static int
partywsrv(queue_t *q)
{
	party_t *party = q->q_ptr;
	mblk_t *mp;

	while ((mp = getq(q)) != NULL) {
		if (!party_room(party, mp)) {
			(void) putbq(q, mp);
			break;
		}
		if (!party_say(party, mp)) {
			(void) putbq(q, mp);
			if (party->p_id != 0)
				(void) untimeout(party->p_id);
			party->p_id = timeout(party_again, q, drv_usectohz(100000));
			break;
		}
	}
	return (0);
}

static int
partyrsrv(queue_t *q)
{
	party_go_on();
	return (0);
}

static void
party_hangup(queue_t *q, mblk_t *mp)
{
	party_t *party;
	int error;

	if ((error = miocpullup(mp, sizeof (int))) != 0) {
		miocnak(q, mp, 0, error);
	} else if ((party = party_of(*(int *)mp->b_cont->b_rptr)) == NULL) {
		miocnak(q, mp, 0, ENXIO);
	} else if (!putnextctl(party->p_rq, M_HANGUP)) {
		miocnak(q, mp, 0, EAGAIN);
	} else {
		miocack(q, mp, 0, 0);
	}
}

/*
 * The user's struct is there: by I_STR at once, or copied in.
 */
static void
party_setname(queue_t *q, mblk_t *mp)
{
	party_t *party = q->q_ptr;
	struct party_name *np;
	int error;

	if (mp->b_datap->db_type == M_IOCTL &&
	    (error = miocpullup(mp, sizeof (struct party_name))) != 0) {
		miocnak(q, mp, 0, error);
		return;
	}
	np = (struct party_name *)mp->b_cont->b_rptr;
	if (np->p_name[PARTY_NAMELEN - 1] != '\0') {
		miocnak(q, mp, 0, EINVAL);
		return;
	}
	bcopy(np->p_name, party->p_name, PARTY_NAMELEN);
	miocack(q, mp, 0, 0);
}

static int
party_getname(struct party_name *np)
{
	party_t *party = party_of(np->p_minor);

	if (party == NULL)
		return (ENXIO);
	bcopy(party->p_name, np->p_name, PARTY_NAMELEN);
	return (0);
}

static void
party_ioctl(queue_t *q, mblk_t *mp)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;
	int error;

	switch (iocp->ioc_cmd) {
	case PARTY_SETNAME:
	case PARTY_GETNAME:
		if (iocp->ioc_count == TRANSPARENT) {
			mcopyin(mp, *(void **)mp->b_cont->b_rptr,
			    sizeof (struct party_name), NULL);
			qreply(q, mp);
			break;
		}
		if (iocp->ioc_cmd == PARTY_SETNAME) {
			party_setname(q, mp);
			break;
		}
		if ((error = miocpullup(mp, sizeof (struct party_name))) == 0)
			error = party_getname((struct party_name *)mp->b_cont->b_rptr);
		if (error != 0)
			miocnak(q, mp, 0, error);
		else
			miocack(q, mp, sizeof (struct party_name), 0);
		break;

	case PARTY_HANGUP:
		if (iocp->ioc_count == TRANSPARENT)
			miocnak(q, mp, 0, EINVAL);
		else
			party_hangup(q, mp);
		break;

	default:
		miocnak(q, mp, 0, EINVAL);
		break;
	}
}

/*
 * The head has copied.  First the struct in; then, for PARTY_GETNAME, out again to
 * where it came from.  That address is in cp_private as long as it is needed.
 */
static void
party_iocdata(queue_t *q, mblk_t *mp)
{
	struct copyresp *csp = (struct copyresp *)mp->b_rptr;
	struct party_name *np;
	int error;

	if (csp->cp_rval != NULL) {
		freemsg(mp);
		return;
	}
	if (csp->cp_cmd == PARTY_SETNAME) {
		party_setname(q, mp);
		return;
	}
	if (csp->cp_private == NULL) {
		miocack(q, mp, 0, 0);		/* it is out */
		return;
	}
	np = (struct party_name *)mp->b_cont->b_rptr;
	if ((error = party_getname(np)) != 0) {
		miocnak(q, mp, 0, error);
		return;
	}
	mcopyout(mp, NULL, sizeof (struct party_name), csp->cp_private, NULL);
	qreply(q, mp);
}

static int
partywput(queue_t *q, mblk_t *mp)
{
	switch (mp->b_datap->db_type) {
	case M_DATA:
	case M_PROTO:
		if (!putq(q, mp))
			freemsg(mp);
		break;

	case M_FLUSH:
		if (*mp->b_rptr & FLUSHW) {
			flushq(q, FLUSHDATA);
			*mp->b_rptr &= ~FLUSHW;
		}
		if (*mp->b_rptr & FLUSHR)
			qreply(q, mp);
		else
			freemsg(mp);
		break;

	case M_IOCTL:
		party_ioctl(q, mp);
		break;

	case M_IOCDATA:
		party_iocdata(q, mp);
		break;

	default:
		freemsg(mp);
		break;
	}
	return (0);
}
