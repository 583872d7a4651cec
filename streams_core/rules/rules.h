/* SPDX-License-Identifier: GPL-2.0-only */
/* What the C files of the rule checker share, and its static key. */
#ifndef _STRM_RULES_RULES_H
#define _STRM_RULES_RULES_H

#include <linux/irqflags.h>
#include <linux/jump_label.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <strm/rules.h>

DECLARE_STATIC_KEY_FALSE(strm_rules_key);
DECLARE_PER_CPU(unsigned int, strm_ddi_locks);

static __always_inline bool strm_rules_enabled(void)
{
	return static_branch_unlikely(&strm_rules_key);
}

/*
 * A lock of the DDI is taken or given back.  Who has one stays on its CPU, with
 * bottom halves or interrupts off: so what this CPU counts is the caller's.
 */
static __always_inline void strm_rules_lock(int change)
{
	if (strm_rules_enabled())
		this_cpu_add(strm_ddi_locks, change);
}

void strm_rules_init(void);
void strm_rules_exit(void);

/* Open and close: with bottom halves on, in a process. */
static inline bool strm_in_process(enum strm_kind kind)
{
	return kind == STRM_IN_OPEN || kind == STRM_IN_CLOSE;
}

static inline unsigned int strm_ddi_locks_held(void)
{
	return in_softirq() || irqs_disabled() ? this_cpu_read(strm_ddi_locks) : 0;
}

/* rules.c */
struct strm_inside *strm_rules_inside(void);
const char *strm_rules_name(const struct strm_inside *inside);
void strm_rules_enter_again(struct strm_inside *inside);
bool strm_rules_closing(const struct queue *q);
bool strm_rules_first(enum strm_rule rule, const char *name);

/* One report: of @q, or NULL where nobody knows.  @inside: the procedure that runs. */
__printf(4, 5)
void strm_rules_report(enum strm_rule rule, const struct strm_inside *inside,
		       const struct queue *q, const char *fmt, ...);

/* watch.c: what only time can tell. */
void strm_rules_suspect(struct queue *q);
void strm_rules_acquit(const struct queue *q);
void strm_rules_watch_exit(void);

/* message.c: while the caches of messages are still there. */
void strm_rules_message_exit(void);

#endif /* _STRM_RULES_RULES_H */
