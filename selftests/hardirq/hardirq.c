// SPDX-License-Identifier: GPL-2.0-only
/*
 * hardirq: a driver that does what it is asked for, by an I_STR, in a hard interrupt,
 * which on PREEMPT_RT is one, too, and no thread.
 *
 * One request at a time.  Whose turn it is has the fields of struct hard: the put
 * procedure until it raises the interrupt, and then the handler until it answers.
 */
#include <linux/irq_work.h>
#include <linux/kconfig.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <sys/ddi.h>
#include <sys/kmem.h>
#include <sys/modctl.h>
#include <sys/stream.h>
#include <sys/strsun.h>

#include "hardirq.h"

#define SMALL	40
#define MEDIUM	1000
#define LARGE	10000
#define MANY	200	/* more small messages than a magazine holds */

struct hard {
	struct irq_work work;
	queue_t *wq;
	mblk_t *request;	/* M_IOCTL; the handler makes it the answer */
	mblk_t *messages[MANY];
	int n;
	mblk_t *to_serve;	/* the service procedure's; both run inside the perimeter */
};

static unsigned char outside[SMALL];

static void nothing(void *arg)
{
}

static frtn_t leave_it = { .free_func = (void (*)(char *))nothing };

static int kind_of_kernel(void)
{
	return (IS_ENABLED(CONFIG_PREEMPT_RT) || IS_ENABLED(CONFIG_PROVE_RAW_LOCK_NESTING) ?
		NO_SLAB : 0) | (IS_ENABLED(CONFIG_KASAN) ? NONE_READY : 0);
}

static int got_message(mblk_t *mp, int bit)
{
	if (!mp)
		return 0;
	freemsg(mp);
	return bit;
}

/* All that can be had, and given back, in an interrupt. */
static int get_all(mblk_t *mp)
{
	void *memory = kmem_alloc(MEDIUM, KM_NOSLEEP);
	bufcall_id_t call = bufcall(MEDIUM, BPRI_MED, nothing, NULL);
	timeout_id_t late = timeout(nothing, NULL, 1000 * hz);
	int got = 0;

	if (memory)
		got |= GOT_KMEM;
	kmem_free(memory, MEDIUM);
	if (call)
		got |= GOT_BUFCALL;
	unbufcall(call);
	if (late)
		got |= GOT_TIMEOUT;
	untimeout(late);
	got |= got_message(allocb(SMALL, BPRI_MED), GOT_SMALL);
	got |= got_message(allocb(MEDIUM, BPRI_MED), GOT_MEDIUM);
	got |= got_message(allocb(LARGE, BPRI_MED), GOT_LARGE);
	got |= got_message(dupb(mp), GOT_DUPB);
	return got;
}

static void free_all(struct hard *hard)
{
	int i;

	for (i = 0; i < hard->n; i++)
		freemsg(hard->messages[i]);
}

/* The way of each is another; the order is that of the calls. */
static void send_all(struct hard *hard)
{
	putnext(RD(hard->wq), hard->messages[0]);
	put(RD(hard->wq), hard->messages[1]);
	qreply(hard->wq, hard->messages[2]);
}

static void handler(struct irq_work *work)
{
	struct hard *hard = container_of(work, struct hard, work);
	mblk_t *request = hard->request;
	int answer = 0;

	switch (((struct iocblk *)request->b_rptr)->ioc_cmd) {
	case HARD_GET:
		answer = get_all(request) | kind_of_kernel();
		break;
	case HARD_FREE:
		answer = hard->n;
		free_all(hard);
		break;
	case HARD_SEND:
		send_all(hard);
		break;
	case HARD_SERVE:
		qenable(RD(hard->wq));
		break;
	}
	miocack(hard->wq, request, 0, answer);
}

/* One of each kind in turn. */
static mblk_t *make(int number)
{
	mblk_t *mp, *dup;

	switch (number % 5) {
	case 0:
		return allocb(MEDIUM, BPRI_MED);
	case 1:
		return allocb(LARGE, BPRI_MED);
	case 2:
		return esballoc(outside, sizeof(outside), BPRI_MED, &leave_it);
	case 3:
		mp = allocb(SMALL, BPRI_MED);
		dup = mp ? dupb(mp) : NULL;
		if (dup)
			linkb(mp, dup);
		return mp;
	}
	return allocb(SMALL, BPRI_MED);
}

static int prepare_to_free(struct hard *hard)
{
	for (hard->n = 0; hard->n < MANY; hard->n++) {
		int number = hard->n < MANY / 2 ? 4 : hard->n;

		hard->messages[hard->n] = make(number);
		if (!hard->messages[hard->n]) {
			free_all(hard);
			return ENOSR;
		}
	}
	return 0;
}

static int prepare_to_send(struct hard *hard, const char *text)
{
	for (hard->n = 0; text[hard->n]; hard->n++) {
		mblk_t *mp = allocb(1, BPRI_MED);

		if (!mp) {
			free_all(hard);
			return ENOSR;
		}
		*mp->b_wptr++ = text[hard->n];
		hard->messages[hard->n] = mp;
	}
	return 0;
}

/* So that some lie ready on this CPU, which is the one that will be interrupted. */
static int fill_magazine(struct hard *hard)
{
	int error = prepare_to_free(hard);

	if (!error)
		free_all(hard);
	return error;
}

static void hardirq_ioctl(queue_t *wq, mblk_t *mp)
{
	struct hard *hard = wq->q_ptr;
	int error = 0;

	switch (((struct iocblk *)mp->b_rptr)->ioc_cmd) {
	case HARD_GET:
		error = fill_magazine(hard);
		break;
	case HARD_FREE:
		error = prepare_to_free(hard);
		break;
	case HARD_SEND:
		error = prepare_to_send(hard, "abc");
		break;
	case HARD_SERVE:
		error = prepare_to_send(hard, "s");
		if (!error)
			hard->to_serve = hard->messages[0];
		break;
	default:
		error = EINVAL;
	}
	if (error) {
		miocnak(wq, mp, 0, error);
		return;
	}
	hard->request = mp;
	irq_work_queue(&hard->work);
}

static int hardirq_wput(queue_t *wq, mblk_t *mp)
{
	if (DB_TYPE(mp) == M_IOCTL)
		hardirq_ioctl(wq, mp);
	else
		freemsg(mp);
	return 0;
}

static int hardirq_rput(queue_t *rq, mblk_t *mp)
{
	putnext(rq, mp);
	return 0;
}

/* Enabled by the handler, or because a reader has made room. */
static int hardirq_rsrv(queue_t *rq)
{
	struct hard *hard = rq->q_ptr;
	mblk_t *mp = hard->to_serve;

	hard->to_serve = NULL;
	if (mp)
		putnext(rq, mp);
	return 0;
}

static int hardirq_open(queue_t *rq, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	static int minors;
	struct hard *hard;

	if (rq->q_ptr)
		return 0;
	hard = kmem_zalloc(sizeof(*hard), KM_SLEEP);
	hard->work = IRQ_WORK_INIT_HARD(handler);
	hard->wq = WR(rq);
	rq->q_ptr = hard;
	WR(rq)->q_ptr = hard;
	*devp = makedevice(getmajor(*devp), ++minors); /* opens come one at a time: D_MTPERMOD */
	qprocson(rq);
	return 0;
}

static int hardirq_close(queue_t *rq, int flag, cred_t *crp)
{
	struct hard *hard = rq->q_ptr;

	irq_work_sync(&hard->work);
	qprocsoff(rq);
	freemsg(hard->to_serve);
	kmem_free(hard, sizeof(*hard));
	rq->q_ptr = NULL;
	WR(rq)->q_ptr = NULL;
	return 0;
}

static struct module_info hardirq_info = {
	.mi_idnum = 0x4852, .mi_idname = "hardirq",
	.mi_maxpsz = INFPSZ, .mi_hiwat = STRHIGH, .mi_lowat = STRLOW,
};

static struct qinit hardirq_rinit = {
	.qi_putp = hardirq_rput, .qi_srvp = hardirq_rsrv,
	.qi_qopen = hardirq_open, .qi_qclose = hardirq_close, .qi_minfo = &hardirq_info,
};

static struct qinit hardirq_winit = { .qi_putp = hardirq_wput, .qi_minfo = &hardirq_info };
static struct streamtab hardirq_tab = { &hardirq_rinit, &hardirq_winit, NULL, NULL };

static const struct strm_driver hardirq_driver = {
	.d_name = "hardirq",
	.d_str = &hardirq_tab,
	.d_flag = D_MP | D_MTPERMOD,
	.d_minors = 1,
	.d_mode = 0666,
};

STRM_MODINFO(description, "STREAMS driver that works in hard interrupts, for a test");
STREAMS_DRIVER(hardirq_driver, "hardirq", "GPL");
