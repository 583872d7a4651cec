// SPDX-License-Identifier: GPL-2.0-only
/*
 * r_right: does nothing wrong, but all that looks like it.
 *
 * The first byte of a message says why the service procedure stops at it and leaves
 * the others: 'p' it puts it back, and a callback enables the queue; 'b' it has passed
 * it on and asks for a bufcall; 'w' it has passed it on and waits for a message from
 * below; 'n' it disables the queue.
 */
#include "wrong.h"

struct state {
	kmutex_t lock;
	int messages;			/* under the lock */
	boolean_t put_back;		/* the rest inside the perimeter */
	timeout_id_t timer;
	bufcall_id_t memory;
};

static void go_on(void *arg)
{
	queue_t *q = arg;
	struct state *state = q->q_ptr;

	state->timer = 0;
	state->memory = 0;
	qenable(q);
}

/* Outside of the perimeter, after qprocsoff(), and before close has returned. */
static void tick(void *arg)
{
	queue_t *q = arg;

	if (canputnext(q))
		putnextctl(q, M_START);
}

static int right_state_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	struct state *state = kmem_zalloc(sizeof(*state), KM_SLEEP);

	mutex_init(&state->lock, NULL, MUTEX_DRIVER, NULL);
	q->q_ptr = WR(q)->q_ptr = state;
	qprocson(q);
	delay(1);
	return 0;
}

static int right_state_close(queue_t *q, int flag, cred_t *crp)
{
	struct state *state = q->q_ptr;
	timeout_id_t ticker = timeout(tick, WR(q), 1);

	if (state->timer)
		quntimeout(WR(q), state->timer);
	if (state->memory)
		qunbufcall(WR(q), state->memory);
	qprocsoff(q);
	putnextctl(WR(q), M_STOP);
	delay(3);
	untimeout(ticker);
	mutex_destroy(&state->lock);
	kmem_free(state, sizeof(*state));
	return 0;
}

static void exclusive(queue_t *q, mblk_t *mp)
{
	putq(q, mp);
}

static int right_wput(queue_t *q, mblk_t *mp)
{
	struct state *state = q->q_ptr;

	if (DB_TYPE(mp) != M_DATA) {
		putnext(q, mp);
		return 0;
	}
	mutex_enter(&state->lock);
	state->messages++;
	mutex_exit(&state->lock);
	qwriter(q, mp, exclusive, PERIM_OUTER);
	return 0;
}

static int right_rput(queue_t *q, mblk_t *mp)
{
	enableok(WR(q));
	qenable(WR(q));
	putnext(q, mp);
	return 0;
}

static int right_wsrv(queue_t *q)
{
	struct state *state = q->q_ptr;
	mblk_t *mp;

	while ((mp = getq(q))) {
		unsigned char why = *mp->b_rptr;

		if (!canputnext(q)) {
			putbq(q, mp);
			return 0;
		}
		if (why == 'p' && !state->put_back) {
			state->put_back = B_TRUE;
			putbq(q, mp);
			state->timer = qtimeout(q, go_on, q, drv_usectohz(10000));
			return 0;
		}
		putnext(q, mp);
		if (why == 'b' && !state->memory) {
			state->memory = qbufcall(q, 100, BPRI_MED, go_on, q);
			return 0;
		}
		if (why == 'w')
			return 0;
		if (why == 'n') {
			noenable(q);
			return 0;
		}
	}
	return 0;
}

static struct module_info info = { 0x5257, "r_right", 0, INFPSZ, STRHIGH, STRLOW };
static struct qinit rinit = { .qi_putp = right_rput, .qi_qopen = right_state_open,
			      .qi_qclose = right_state_close, .qi_minfo = &info };
static struct qinit winit = { .qi_putp = right_wput, .qi_srvp = right_wsrv, .qi_minfo = &info };
static struct streamtab tab = { &rinit, &winit, NULL, NULL };
static const struct fmodsw r_right = { "r_right", &tab,
				       D_MP | D_MTQPAIR | D_MTPUTSHARED | D_MTOUTPERIM };

STREAMS_MODULE(r_right, "r_right", "GPL");
