/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the witness share.
 *
 * Each legal word of flags has a driver, a module with tables of its own, and one
 * that shares the driver's.  Their procedures say where they are (struct place),
 * and what must not be is written down as a violation.  The rules here are taken
 * from the manual pages and are independent of the framework's own tables.
 */
#ifndef WITNESS_WATCH_H
#define WITNESS_WATCH_H

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/timer.h>

#include <sys/ddi.h>
#include <sys/stream.h>
#include <sys/strsun.h>

#include "note.h"

enum entry {
	ENTRY_PUT,
	ENTRY_SERVICE,
	ENTRY_PLUMBING,		/* open and close */
	ENTRY_CALLBACK,		/* of qtimeout() and qbufcall() */
	ENTRY_WRITER_INNER,
	ENTRY_WRITER_OUTER,
};

/* What a perimeter encloses, as its procedures see it. */
struct place {
	atomic64_t	inside;		/* shared, and ALONE for each exclusive entry */
	unsigned long	visits;		/* exclusive ones; the perimeter alone protects it */
	atomic_t	waiting;	/* a qwriter() that was deferred and has not run; or 0 */
};

#define ALONE	0x100000000LL

/* A streamtab, and what goes with it. */
struct kind {
	int			flags;
	char			name[FMNAMESZ + 1];
	struct module_info	info;
	struct qinit		rinit, winit;
	struct streamtab	tab;
	struct place		inner;	/* of D_MTPERMOD */
	struct place		outer;
};

enum source {
	FROM_PROCEDURE,		/* a procedure that puts to its own queues */
	FROM_TIMER,		/* of Linux: softirq */
	FROM_TASKLET,
	FROM_TIMEOUT,		/* timeout(9F) */
	FROM_HRTIMER,		/* hard interrupt */
	FROM_IRQ_WORK,		/* hard interrupt */
	SOURCES,
};

enum target {
	PUT_WRITE,		/* put() to the own queues */
	PUT_READ,
	NEXT_WRITE,		/* putnext(); a module's */
	NEXT_READ,		/* putnext(); a driver's */
	PUTQ_WRITE,
	PUTQ_READ,
	TARGETS,
};

#define CPUS	4
#define WAYS	(SOURCES * TARGETS * CPUS)

/* The messages that one source on one CPU sends one way; they stay in order. */
struct way {
	atomic_t	sent;		/* by that source on that CPU alone */
	atomic_t	arrived;	/* anywhere for the first time: how many */
	atomic_t	last;		/* put to the own queue: its number there */
	atomic_t	last_below;	/* at the driver */
};

static inline enum target target_of(unsigned int way)
{
	return way / CPUS % TARGETS;
}

enum slot_state {
	SLOT_IDLE,
	SLOT_ARMING,
	SLOT_ARMED,		/* or called already */
	SLOT_CANCELLING,
	SLOT_CLOSED,
};

/* A callback that is armed and cancelled; whoever changes its state owns the rest. */
struct slot {
	struct witness	*owner;
	int		side;
	bool		bufcall;
	atomic_t	state;
	unsigned int	generation;
	uintptr_t	id;
	atomic_t	begun, ended;	/* the call of this generation */
	atomic_t	running_on;	/* CPU + 1 */
} __aligned(16);

#define SLOTS	4		/* of each queue; every other one is a qbufcall() */

/* A queue pair.  They lie in a pool, so that a late message finds no other thing. */
struct witness {
	atomic_t	used;
	unsigned int	index, generation;
	struct kind	*kind;
	queue_t		*rq;
	bool		module;
	atomic_t	on;		/* between qprocson() and qprocsoff() */
	atomic_t	stop;		/* its sources */
	atomic_t	writers;	/* asked for and not run yet */
	atomic_t	answered;
	unsigned long	deadline;	/* of a wait, in jiffies */
	struct place	inner[2];	/* of the read side or the pair, and of the write side */
	atomic_t	in_service[2];
	atomic_t	last[2][NOTE_THREADS][LANES];
	atomic_t	last_above[WAYS];	/* from the driver, at a module */
	struct slot	slots[2][SLOTS];
	struct way	ways[WAYS];
	struct hrtimer	hrtimer;
	struct irq_work	irq_work;
	struct timer_list timer, nudge, answer;
	struct tasklet_struct tasklet;
	timeout_id_t	timeout;
};

/* One visit to a procedure. */
struct visit {
	struct witness	*w;
	struct place	*inner, *other, *outer;
	bool		inner_alone, outer_alone;
	unsigned long	inner_visits, outer_visits;
	enum entry	entry;
};

/* Their names are in main.c. */
enum count {
	COUNT_puts, COUNT_services, COUNT_opens, COUNT_reopens, COUNT_closes,
	COUNT_timeouts_armed, COUNT_timeouts_called, COUNT_timeouts_cancelled,
	COUNT_timeouts_too_late,
	COUNT_bufcalls_armed, COUNT_bufcalls_called, COUNT_bufcalls_cancelled,
	COUNT_inner_at_once, COUNT_inner_later, COUNT_outer_at_once, COUNT_outer_later,
	COUNT_waits, COUNT_signals, COUNT_stamped, COUNT_flushed_service,
	COUNT_from_softirq, COUNT_from_hardirq, COUNT_no_memory, COUNT_deepest,
	COUNTS_ALL,
};

extern atomic_t witness_counts[COUNTS_ALL];
#define count(name) atomic_inc(&witness_counts[COUNT_##name])

/* What the program sets, in debugfs. */
struct knobs {
	atomic_t	sources;	/* 1: let them send */
	atomic_t	period;		/* of the interrupts, in microseconds */
	atomic_t	burst;		/* messages that a source sends at a time */
	atomic_t	mischief;	/* one procedure in so many does some; 0: none */
	atomic_t	waits;		/* percentage of opens and closes that wait */
	atomic_t	mute;		/* 1: opens wait until a signal comes */
	atomic_t	dally;		/* longest stay in a procedure, in rounds */
};

extern struct knobs knobs;

#define MOST_WITNESSES 64
extern struct witness *witnesses;

/* main.c */
struct kind *kind_of(const queue_t *q);

/* watch.c */
__printf(2, 3) void violation(const struct witness *w, const char *format, ...);
void enter(struct visit *visit, struct witness *w, const queue_t *q, enum entry entry);
void leave(struct visit *visit);
void step_out(struct visit *visit);
void step_in(struct visit *visit);
bool alone_in(const struct kind *kind, enum entry entry);
struct place *inner_of(struct witness *w, const queue_t *q);
void arrival(struct witness *w, const queue_t *q, struct note *note);
void dally(void);
void show_violations(struct seq_file *out);
void forget_violations(void);

/* procs.c */
int witness_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp);
int witness_close(queue_t *q, int flag, cred_t *crp);
int witness_put(queue_t *q, mblk_t *mp);
int witness_srv(queue_t *q);
struct note *note_in(mblk_t *mp);

/* callbacks.c */
void callbacks_init(struct witness *w);
void callbacks_close(struct witness *w);
bool callbacks_done(struct witness *w);
void some_callback(struct witness *w, const queue_t *q);

/* writers.c */
void mischief(struct visit *visit, queue_t *q);

/* sources.c */
void sources_init(struct witness *w);
void sources_start(struct witness *w);
void sources_stop(struct witness *w);
void send(struct witness *w, enum source from, enum target to);
bool sources_settled(struct witness *w, bool complain);
void let_send(int more);
void nudge_in(struct witness *w, unsigned long ticks);
void answer_in(struct witness *w, unsigned long ticks);

/* bounce.c */
int bounce_register(void);
void bounce_unregister(void);

static inline int side_of(const queue_t *q)
{
	return STRM_READ_SIDE(q) ? 0 : 1;
}

static inline queue_t *queue_at(const struct witness *w, int side)
{
	return side ? WR(w->rq) : w->rq;
}

DECLARE_PER_CPU(atomic_t, witness_chance);

/* below - a number by chance; get_random_u32() is not for hard interrupts */
static inline unsigned int below(unsigned int limit)
{
	u32 number = atomic_add_return_relaxed(0x9e3779b9, raw_cpu_ptr(&witness_chance));

	return hash_32(number ^ number >> 15, 31) % limit;
}

#endif /* WITNESS_WATCH_H */
