// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule checker: the rules of the calls that modules make.
 */
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <sys/stream.h>
#include <streams_core/rules/rules.h>
#include <streams_core/linux/shim.h>

void strm_rules_obstacle(void)
{
	struct strm_inside *inside = strm_rules_inside();

	if (inside)
		inside->seen |= STRM_SEEN_OBSTACLE;
}

/* getq() of @q; NULL: it is empty, and putq() will enable it. */
void strm_rules_took(const struct queue *q, const struct msgb *mp)
{
	struct strm_inside *inside = strm_rules_inside();

	if (!inside || inside->q != q)
		return;
	inside->seen &= ~STRM_SEEN_EMPTY;
	inside->seen |= mp ? STRM_SEEN_TAKEN : STRM_SEEN_EMPTY;
}

/*
 * Locks that were taken since the procedure began are its own.  Outside of all
 * procedures only those of the DDI are known to be a module's.
 */
static bool holds_locks(const struct strm_inside *inside)
{
	if (strm_ddi_locks_held() > (inside ? inside->locks : 0))
		return true;
	return inside && lockdep_depth(current) > inside->depth;
}

static const struct queue *blamed(const struct strm_inside *inside, const struct queue *q)
{
	return inside ? inside->q : q;
}

static void must_hold_nothing(const struct strm_inside *inside, const struct queue *q,
			      const char *call)
{
	if (holds_locks(inside))
		strm_rules_report(STRM_RULE_LOCK, inside, blamed(inside, q),
				  "it holds a lock across %s()", call);
}

/*
 * A message goes on.  In a hard interrupt it does not, but waits for the softirq: then
 * locks do no harm.
 */
void strm_rules_passing(const struct queue *q, const char *call)
{
	const struct strm_inside *inside = strm_rules_inside();

	if (!in_hardirq() && !in_nmi())
		must_hold_nothing(inside, q, call);
}

/*
 * A queue that is not in its stream has neighbours only while it is being closed: then
 * its close procedure, and what that has yet to cancel, may still pass messages on.
 */
void strm_rules_next(const struct queue *q, const char *call)
{
	unsigned int flag = READ_ONCE(q->q_flag);

	if (flag & QPROCS)
		return;
	if (!(flag & QWCLOSE))
		strm_rules_report(STRM_RULE_QNEXT, strm_rules_inside(), q,
				  "%s() before qprocson()", call);
	else if (!strm_rules_closing(q))
		strm_rules_report(STRM_RULE_QNEXT, strm_rules_inside(), q,
				  "%s() after close", call);
}

/* qprocson(), qprocsoff() and qwait(), which wait for others to leave. */
void strm_rules_waiting(struct queue *q, const char *call)
{
	struct strm_inside *inside = strm_rules_inside();

	must_hold_nothing(inside, q, call);
	if (!inside || !strm_in_process(inside->kind)) {
		strm_rules_report(STRM_RULE_SLEEP, inside, blamed(inside, q),
				  "%s() is for open and close", call);
		return;
	}
	strm_rules_enter_again(inside);
}

void strm_rules_sleeping(const char *call)
{
	const struct strm_inside *inside = strm_rules_inside();

	if (inside && !strm_in_process(inside->kind))
		strm_rules_report(STRM_RULE_SLEEP, inside, inside->q, "%s() may sleep there", call);
}

/* putq() and insq(). */
void strm_rules_queueing(const struct queue *q, const char *call)
{
	const struct strm_inside *inside = strm_rules_inside();

	if (!q->q_qinfo->qi_srvp && inside && inside->kind == STRM_IN_PUT && inside->q == q)
		strm_rules_report(STRM_RULE_PUTQ, inside, q,
				  "%s() on its own queue, which has no service procedure", call);
}

void strm_rules_putting_back(const struct queue *q, const struct msgb *mp)
{
	const struct strm_inside *inside = strm_rules_inside();

	strm_rules_obstacle();
	if (inside && inside->kind == STRM_IN_SERVICE && inside->q == q &&
	    mp->b_datap->db_type >= QPCTL)
		strm_rules_report(STRM_RULE_PUTBQ, inside, q,
				  "putbq() of a message of high priority, which enables it for ever");
}

void strm_rules_qwriter(const struct queue *q, bool outer, bool has_outer)
{
	const struct strm_inside *inside = strm_rules_inside();
	const char *wrong = NULL;

	strm_rules_obstacle();
	if (!inside)
		wrong = "qwriter() outside of its perimeter";
	else if (strm_in_process(inside->kind))
		wrong = "qwriter() is not for open and close";
	else if (!strm_same_perimeter(inside->q, q))
		wrong = "qwriter() on a queue whose perimeter it is not in";
	else if (outer && !has_outer)
		wrong = "qwriter() of PERIM_OUTER without an outer perimeter";
	if (wrong)
		strm_rules_report(STRM_RULE_QWRITER, inside, blamed(inside, q), "%s", wrong);
}

/* At qprocsoff(): @func of a qtimeout() or qbufcall() would have been called later. */
void strm_rules_left_behind(const struct queue *q, void (*func)(void *arg))
{
	strm_rules_report(STRM_RULE_CALLBACK, strm_rules_inside(), q,
			  "the callback %ps is not cancelled", func);
}
