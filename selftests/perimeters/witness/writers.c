// SPDX-License-Identifier: GPL-2.0-only
/*
 * qwriter(), and when it is called: out of any procedure, by chance.
 */
#include "watch.h"

/* The last one that ran on this CPU; bottom halves are off whoever looks. */
static DEFINE_PER_CPU(unsigned int, ran);

static void be_alone(queue_t *q, mblk_t *mp, enum entry entry)
{
	const int id = *(int *)mp->b_rptr;
	struct witness *w = q->q_ptr;
	struct visit visit;

	enter(&visit, w, q, entry);
	atomic_cmpxchg(&visit.inner->waiting, id, 0);
	atomic_dec(&w->writers);
	dally();
	freemsg(mp);
	mischief(&visit, q);
	leave(&visit);
	this_cpu_write(ran, id);
}

static void alone_inside(queue_t *q, mblk_t *mp)
{
	be_alone(q, mp, ENTRY_WRITER_INNER);
}

static void alone_outside(queue_t *q, mblk_t *mp)
{
	be_alone(q, mp, ENTRY_WRITER_OUTER);
}

/*
 * The visitor steps out meanwhile: what runs at once sees nobody, and what runs
 * before the visitor has left is seen when he steps in again.
 */
static void ask_to_be_alone(struct visit *visit, queue_t *q, bool outer)
{
	static atomic_t ids;
	const int id = atomic_inc_return(&ids) ?: atomic_inc_return(&ids);
	mblk_t *mp = allocb(sizeof(id), BPRI_MED);

	if (!mp) {
		count(no_memory);
		return;
	}
	*(int *)mp->b_wptr = id;
	mp->b_wptr += sizeof(id);
	atomic_inc(&visit->w->writers);
	this_cpu_write(ran, 0);
	step_out(visit);
	qwriter(q, mp, outer ? alone_outside : alone_inside, outer ? PERIM_OUTER : PERIM_INNER);
	step_in(visit);
	if (this_cpu_read(ran) == id) {
		atomic_inc(&witness_counts[outer ? COUNT_outer_at_once : COUNT_inner_at_once]);
		return;
	}
	atomic_inc(&witness_counts[outer ? COUNT_outer_later : COUNT_inner_later]);
	/* From here on nobody may come in before it.  It runs when we have left. */
	atomic_cmpxchg(&visit->inner->waiting, 0, id);
}

/* mischief - the last thing that a procedure does; qwriter() the last of all */
void mischief(struct visit *visit, queue_t *q)
{
	const int rate = atomic_read(&knobs.mischief);
	struct witness *w = visit->w;

	if (rate <= 0 || below(rate))
		return;
	switch (below(8)) {
	case 0:
		send(w, FROM_PROCEDURE, PUT_READ);
		break;
	case 1:
		send(w, FROM_PROCEDURE, PUT_WRITE);
		break;
	case 2:
		qenable(below(2) ? q : OTHERQ(q));
		break;
	case 3:
	case 4:
		some_callback(w, q);
		break;
	case 5:
		if (visit->outer) {
			ask_to_be_alone(visit, q, true);
			break;
		}
		fallthrough;
	default:
		ask_to_be_alone(visit, q, false);
	}
}
