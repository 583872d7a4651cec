/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rule checker: whether authors keep to the rules of the DDI.  It is there
 * where streams.ko is loaded with rules=1; Documentation/rules.rst says what the
 * rules are, and what it can see.
 *
 * Whoever calls one of these functions asks strm_rules_on first, which never
 * changes once streams.ko is loaded.  Where a message goes straight, C asks the
 * static key of <streams_core/rules/rules.h> instead.
 */
#ifndef _STRM_RULES_H
#define _STRM_RULES_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct module;
struct msgb;
struct queue;
struct task_struct;

extern bool strm_rules_on;

/* What a module can do wrong: each is reported once for each module. */
enum strm_rule {
	STRM_RULE_LOCK,		/* a lock is held where others may come in */
	STRM_RULE_SLEEP,	/* sleeps where that is not possible */
	STRM_RULE_PUTQ,		/* queues for a service procedure that is not there */
	STRM_RULE_LEFT,		/* the service procedure leaves messages behind */
	STRM_RULE_PUTBQ,	/* a message of high priority is put back */
	STRM_RULE_QWRITER,	/* qwriter() from where it must not be called */
	STRM_RULE_QNEXT,	/* uses a neighbour that it may not have any more */
	STRM_RULE_CALLBACK,	/* a callback is not cancelled at close */
	STRM_RULE_FREED,	/* uses a message that is freed */
	STRM_RULE_EXTERNAL,	/* buffers of esballoc() stay out after the last close */
	STRM_RULES
};

/* Which procedure of a module runs. */
enum strm_kind {
	STRM_IN_OPEN,
	STRM_IN_CLOSE,
	STRM_IN_PUT,
	STRM_IN_SERVICE,
	STRM_IN_CALLBACK,	/* of qtimeout() or qbufcall() */
	STRM_IN_WRITER		/* of qwriter() */
};

/* What is seen of a run of a procedure. */
#define STRM_SEEN_TAKEN		0x1	/* getq() gave it a message of its own queue */
#define STRM_SEEN_EMPTY		0x2	/* and then found none */
#define STRM_SEEN_OBSTACLE	0x4	/* no room ahead, no memory, or it will be called back */

struct strm_named;

/*
 * A procedure that runs.  It lies on the stack of whoever calls the procedure, who
 * sets it up by strm_rules_enter() and takes it away by strm_rules_leave().
 */
struct strm_inside {
	struct strm_inside	*outer;	/* the next one of its CPU, or of open and close */
	struct queue		*q;
	struct task_struct	*task;
	struct strm_named	*named;	/* the module's; a null pointer is possible */
	enum strm_kind		kind;
	unsigned int		seen;
	unsigned int		locks;	/* of the DDI, that were held already */
	int			depth;	/* locks that lockdep knew of */
	bool			mapped;	/* lockdep knows of the perimeters */
	bool			outer_mapped;
};

void strm_rules_enter(struct strm_inside *inside, struct queue *q, enum strm_kind kind);
void strm_rules_leave(struct strm_inside *inside);

/* Calls the put procedure of @q. */
void strm_rules_put(struct queue *q, struct msgb *mp,
		    int (*procedure)(struct queue *q, struct msgb *mp));

/* What the procedure that runs here has met: room ahead, memory, messages. */
void strm_rules_obstacle(void);
void strm_rules_took(const struct queue *q, const struct msgb *mp);

/* Calls of the DDI that have rules. */
void strm_rules_passing(const struct queue *q, const char *call);
void strm_rules_next(const struct queue *q, const char *call);
void strm_rules_waiting(struct queue *q, const char *call);
void strm_rules_sleeping(const char *call);
void strm_rules_queueing(const struct queue *q, const char *call);
void strm_rules_putting_back(const struct queue *q, const struct msgb *mp);
void strm_rules_qwriter(const struct queue *q, bool outer, bool has_outer);
void strm_rules_left_behind(const struct queue *q, void (*func)(void *arg));

/* True says that the message is freed already: nothing is to be done with it. */
bool strm_rules_freed(const struct msgb *mp, const struct queue *q, const char *call);
bool strm_rules_freeing(struct msgb *bp, const void *caller);

/* Memory of a freed message block: is given back later. */
void strm_rules_keep(struct msgb *bp);

/* Buffers of esballoc(), by whoever owns them. */
void strm_rules_external(struct module *owner, int change);
void strm_rules_unused(struct module *owner, const char *name);

/* rules.cc: what C cannot see of a queue. */
struct strm_perimeters {
	bool	exclusive;		/* in the inner one */
	bool	outer;			/* there is one */
	bool	outer_exclusive;
};

struct strm_perimeters strm_perimeters_of(const struct queue *q, enum strm_kind kind);
bool strm_is_head(const struct queue *q);
bool strm_same_perimeter(const struct queue *a, const struct queue *b);
bool strm_hold_queue(struct queue *q);
void strm_drop_queue(struct queue *q);
bool strm_waits_for_service(const struct queue *q);
bool strm_is_scheduled(const struct queue *q);

#ifdef __cplusplus
}
#endif

#endif /* _STRM_RULES_H */
