// SPDX-License-Identifier: GPL-2.0-only
/*
 * hub: a driver that joins any number of streams.  What is written to one port is
 * read from all others of its group, or from the one it is addressed to.
 *
 * A message goes to all who shall hear it or it waits: a reader without room
 * holds the writers of his group.  The leader of a group is its server: when he
 * closes, the others see the end of the stream.
 *
 * The list of ports and the statistics are the whole driver's, and each port
 * reaches into others.  So there is one perimeter for all of it (D_MTPERMOD),
 * entered by one at a time: open, close, put and service procedures and the
 * callbacks of qbufcall() and qtimeout().  No lock appears below.
 */
#include <sys/ddi.h>
#include <sys/kmem.h>
#include <sys/modctl.h>
#include <sys/stream.h>
#include <sys/strsun.h>
#include <sys/hub.h>

#define HUB_PORTS	128	/* at a time: a data block has at most 255 references */
#define HUB_RETRY_US	100000

/* An open stream. */
struct hub_port {
	struct hub_port *next;
	queue_t *rq;
	minor_t number;
	uint_t group;
	int leads;
	mblk_t *hangup;		/* for its own reader; NULL when it was sent */
	bufcall_id_t memory;	/* until there is memory for copies, */
	timeout_id_t retry;	/* or where even bufcall() had none */
};

/* All of it inside the perimeter of the driver. */
static struct hub_port *hub_first;	/* by number */
static uint_t hub_open_ports;
static struct hub_stat hub_counts;

/* ------------------------------------------------------------ who hears it */

static int hub_hears(const struct hub_port *to, const struct hub_port *from, uint_t address)
{
	return to != from && to->group == from->group && to->hangup &&
	       (address == HUB_EVERYONE || to->number == address);
}

static uint_t hub_listeners(const struct hub_port *from, uint_t address)
{
	const struct hub_port *to;
	uint_t count = 0;

	for (to = hub_first; to; to = to->next)
		count += hub_hears(to, from, address);
	return count;
}

static int hub_room(const struct hub_port *from, uint_t address, uchar_t band)
{
	const struct hub_port *to;

	for (to = hub_first; to; to = to->next) {
		if (hub_hears(to, from, address) && !bcanputnext(to->rq, band))
			return 0;
	}
	return 1;
}

/* Something is different in a group: who has messages that wait tries again. */
static void hub_go_on(uint_t group)
{
	struct hub_port *port;

	for (port = hub_first; port; port = port->next) {
		if (port->group == group && WR(port->rq)->q_first)
			qenable(WR(port->rq));
	}
}

/* ---------------------------------------------------------- without memory */

static void hub_try_again(void *arg)
{
	struct hub_port *port = arg;

	port->memory = 0;
	port->retry = NULL;
	qenable(WR(port->rq));
}

static void hub_wait_for_memory(struct hub_port *port, size_t size)
{
	if (port->memory || port->retry)
		return;
	port->memory = qbufcall(port->rq, size, BPRI_MED, hub_try_again, port);
	if (!port->memory)
		port->retry = qtimeout(port->rq, hub_try_again, port, drv_usectohz(HUB_RETRY_US));
}

/* ------------------------------------------------------ a message goes on */

static uint_t hub_address(const mblk_t *mp)
{
	return DB_TYPE(mp) == M_DATA ? HUB_EVERYONE : ((struct hub_message *)mp->b_rptr)->hub_port;
}

/* All copies share one control part. */
static void hub_label(mblk_t *mp, uint_t primitive, uint_t port, uint_t error)
{
	if (DB_TYPE(mp) != M_DATA)
		*(struct hub_message *)mp->b_rptr = (struct hub_message){ primitive, port, error };
}

static void hub_free_copies(mblk_t *copies)
{
	mblk_t *next;

	for (; copies; copies = next) {
		next = copies->b_next;
		copies->b_next = NULL;
		freemsg(copies);
	}
}

/* The message and @more of it, linked by b_next; NULL and as before without memory. */
static mblk_t *hub_copies(mblk_t *mp, uint_t more)
{
	mblk_t *copies = NULL;
	mblk_t *copy;

	for (; more; more--) {
		copy = dupmsg(mp);
		if (!copy) {
			hub_free_copies(copies);
			return NULL;
		}
		copy->b_next = copies;
		copies = copy;
	}
	mp->b_next = copies;
	return mp;
}

static void hub_give(const struct hub_port *from, uint_t address, mblk_t *copies)
{
	struct hub_port *to;
	mblk_t *mp;

	for (to = hub_first; to; to = to->next) {
		if (!hub_hears(to, from, address))
			continue;
		mp = copies;
		copies = mp->b_next;
		mp->b_next = NULL;
		hub_counts.hub_heard++;
		putnext(to->rq, mp);
	}
}

/* Nobody is there.  Who named somebody is told. */
static int hub_nobody(struct hub_port *from, uint_t address, mblk_t *mp)
{
	if (address == HUB_EVERYONE) {
		freemsg(mp);
	} else {
		if (DB_TYPE(mp) < QPCTL && !bcanputnext(from->rq, mp->b_band))
			return 0;
		hub_label(mp, HUB_REFUSED, address, ENXIO);
		putnext(from->rq, mp);
	}
	hub_counts.hub_unheard++;
	return 1;
}

/*
 * To all who shall hear it, or to none yet: then the result is 0, and the message
 * as it was.  Nobody comes or goes between the first look at the list and the
 * last, and nobody else fills the readers' queues.
 */
static int hub_pass(struct hub_port *from, mblk_t *mp)
{
	uint_t address = hub_address(mp);
	uint_t listeners = hub_listeners(from, address);
	mblk_t *copies;

	if (!listeners)
		return hub_nobody(from, address, mp);
	if (DB_TYPE(mp) < QPCTL && !hub_room(from, address, mp->b_band)) {
		hub_counts.hub_held++;
		return 0;
	}
	copies = hub_copies(mp, listeners - 1);
	if (!copies) {
		hub_wait_for_memory(from, sizeof(mblk_t));
		return 0;
	}
	hub_label(mp, HUB_HEARD, from->number, 0);
	hub_counts.hub_sent++;
	hub_give(from, address, copies);
	return 1;
}

/* ------------------------------------------------------ ports come and go */

/* The lowest number that is free, and its place in the list. */
static struct hub_port **hub_place(minor_t *number)
{
	struct hub_port **link = &hub_first;

	for (*number = 0; *link && (*link)->number == *number; ++*number)
		link = &(*link)->next;
	return link;
}

static int hub_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	struct hub_port *port;
	struct hub_port **place;

	if (q->q_ptr)
		return 0;
	if (sflag != CLONEOPEN || hub_open_ports == HUB_PORTS)
		return ENXIO;
	port = kmem_zalloc(sizeof(*port), KM_SLEEP);
	port->hangup = allocb(0, BPRI_HI);
	if (!port->hangup) {
		kmem_free(port, sizeof(*port));
		return ENOSR;
	}
	DB_TYPE(port->hangup) = M_HANGUP;
	port->rq = q;
	place = hub_place(&port->number);
	port->next = *place;
	*place = port;
	hub_open_ports++;
	q->q_ptr = port;
	WR(q)->q_ptr = port;
	*devp = makedevice(getmajor(*devp), port->number);
	qprocson(q);
	return 0;
}

static void hub_hang_up(uint_t group)
{
	struct hub_port *port;
	mblk_t *hangup;

	for (port = hub_first; port; port = port->next) {
		if (port->group != group || !port->hangup)
			continue;
		hangup = port->hangup;
		port->hangup = NULL;
		putnext(port->rq, hangup);
		flushq(WR(port->rq), FLUSHALL);
	}
}

static int hub_close(queue_t *q, int flag, cred_t *crp)
{
	struct hub_port *port = q->q_ptr;
	struct hub_port **link = &hub_first;

	if (port->memory)
		qunbufcall(q, port->memory);
	if (port->retry)
		quntimeout(q, port->retry);
	qprocsoff(q);
	while (*link != port)
		link = &(*link)->next;
	*link = port->next;
	hub_open_ports--;
	if (port->leads)
		hub_hang_up(port->group);
	else
		hub_go_on(port->group);
	freemsg(port->hangup);
	q->q_ptr = NULL;
	WR(q)->q_ptr = NULL;
	kmem_free(port, sizeof(*port));
	return 0;
}

/* ---------------------------------------------------------------- ioctls */

/* What it has written goes to the group that it was written for. */
static int hub_join(struct hub_port *port, mblk_t *mp)
{
	int error = miocpullup(mp, sizeof(uint32_t));
	uint_t before = port->group;

	if (error)
		return error;
	if (port->leads || WR(port->rq)->q_first)
		return EBUSY;
	port->group = *(uint32_t *)mp->b_cont->b_rptr;
	hub_go_on(before);
	return 0;
}

static int hub_lead(struct hub_port *port)
{
	const struct hub_port *other;

	for (other = hub_first; other; other = other->next) {
		if (other->group == port->group && other->leads)
			return EBUSY;
	}
	port->leads = 1;
	return 0;
}

static void hub_answer_stat(queue_t *q, mblk_t *mp)
{
	const struct hub_port *port = q->q_ptr;
	mblk_t *data = allocb(sizeof(struct hub_stat), BPRI_MED);
	struct hub_stat *stat;

	if (!data) {
		miocnak(q, mp, 0, ENOSR);
		return;
	}
	stat = (struct hub_stat *)data->b_rptr;
	*stat = hub_counts;
	stat->hub_ports = hub_open_ports;
	stat->hub_number = port->number;
	stat->hub_group = port->group;
	stat->hub_members = hub_listeners(port, HUB_EVERYONE) + 1;
	mioc2ack(mp, data, sizeof(*stat), 0);
	qreply(q, mp);
}

static void hub_ioctl(queue_t *q, mblk_t *mp)
{
	struct iocblk *iocp = (struct iocblk *)mp->b_rptr;
	struct hub_port *port = q->q_ptr;
	int error = EINVAL;

	switch (iocp->ioc_cmd) {
	case HUB_PORT:
		miocack(q, mp, 0, port->number);
		return;
	case HUB_JOIN:
		error = hub_join(port, mp);
		break;
	case HUB_LEAD:
		error = hub_lead(port);
		break;
	case HUB_STAT:
		if (iocp->ioc_count == TRANSPARENT)
			break;
		hub_answer_stat(q, mp);
		return;
	}
	if (error)
		miocnak(q, mp, 0, error);
	else
		miocack(q, mp, 0, 0);
}

/* ---------------------------------------------------- put and service */

static void hub_flush(queue_t *q, mblk_t *mp)
{
	if (*mp->b_rptr & FLUSHW) {
		if (*mp->b_rptr & FLUSHBAND)
			flushband(q, mp->b_rptr[1], FLUSHDATA);
		else
			flushq(q, FLUSHDATA);
		*mp->b_rptr &= ~FLUSHW;
	}
	if (*mp->b_rptr & FLUSHR)
		qreply(q, mp);	/* the read side keeps nothing */
	else
		freemsg(mp);
}

static int hub_understands(const mblk_t *mp)
{
	return MBLKL(mp) == sizeof(struct hub_message) &&
	       ((struct hub_message *)mp->b_rptr)->hub_primitive == HUB_SEND;
}

/* Its control part will be written into, so it must be nobody else's. */
static mblk_t *hub_own(mblk_t *mp)
{
	mblk_t *own;

	if (DB_TYPE(mp) == M_DATA || DB_REF(mp) == 1)
		return mp;
	own = copymsg(mp);
	freemsg(mp);
	return own;
}

/* No flow control holds it, and it does not wait. */
static void hub_urgent(struct hub_port *port, mblk_t *mp)
{
	if (!hub_pass(port, mp)) {
		hub_counts.hub_lost++;
		freemsg(mp);
	}
}

static void hub_normal(struct hub_port *port, queue_t *q, mblk_t *mp)
{
	if (!q->q_first && hub_pass(port, mp))
		return;
	if (!putq(q, mp)) {
		mp->b_band = 0;	/* no memory for a band: kept all the same */
		putq(q, mp);
	}
}

static void hub_data(queue_t *q, mblk_t *mp)
{
	struct hub_port *port = q->q_ptr;

	if (DB_TYPE(mp) != M_DATA && !hub_understands(mp)) {
		merror(q, mp, EPROTO);
		return;
	}
	mp = hub_own(mp);
	if (!mp)
		hub_counts.hub_lost++;
	else if (!port->hangup)
		freemsg(mp);	/* was on its way when the port was hung up */
	else if (DB_TYPE(mp) >= QPCTL)
		hub_urgent(port, mp);
	else
		hub_normal(port, q, mp);
}

static int hub_wput(queue_t *q, mblk_t *mp)
{
	switch (DB_TYPE(mp)) {
	case M_DATA:
	case M_PROTO:
	case M_PCPROTO:
		hub_data(q, mp);
		break;
	case M_FLUSH:
		hub_flush(q, mp);
		break;
	case M_IOCTL:
		hub_ioctl(q, mp);
		break;
	default:
		freemsg(mp);
	}
	return 0;
}

static int hub_wsrv(queue_t *q)
{
	mblk_t *mp;

	while ((mp = getq(q)) != NULL) {
		if (!hub_pass(q->q_ptr, mp)) {
			putbq(q, mp);
			break;
		}
	}
	return 0;
}

/* This port's reader has made room: the writers of its group go on. */
static int hub_rsrv(queue_t *q)
{
	struct hub_port *port = q->q_ptr;

	hub_go_on(port->group);
	return 0;
}

static int hub_rput(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
	return 0;
}

static struct module_info hub_info = {
	.mi_idnum = 0x4855,
	.mi_idname = "hub",
	.mi_minpsz = 0,
	.mi_maxpsz = INFPSZ,
	.mi_hiwat = STRHIGH,
	.mi_lowat = STRLOW,
};

static struct qinit hub_rinit = {
	.qi_putp = hub_rput,
	.qi_srvp = hub_rsrv,
	.qi_qopen = hub_open,
	.qi_qclose = hub_close,
	.qi_minfo = &hub_info,
};

static struct qinit hub_winit = {
	.qi_putp = hub_wput,
	.qi_srvp = hub_wsrv,
	.qi_minfo = &hub_info,
};

static struct streamtab hub_tab = { &hub_rinit, &hub_winit, NULL, NULL };

/* A reader who sleeps holds the others: the node is root's until somebody decides. */
static const struct strm_driver hub_driver = {
	.d_name = "hub",
	.d_str = &hub_tab,
	.d_flag = D_MP | D_MTPERMOD,
	.d_minors = 0,
	.d_mode = 0600,
};

STRM_MODINFO(description, "STREAMS driver that joins any number of streams");
STREAMS_DRIVER(hub_driver, "hub", "GPL");
