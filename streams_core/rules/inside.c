// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule checker: who runs, what is reported, and what lockdep knows of it.
 *
 * It has to know which procedure of which queue runs where it is asked.  Each one
 * that is called is a struct strm_inside on the stack of its caller.  Those that run
 * with bottom halves off, which is all but open and close, are linked from their
 * CPU: they cannot leave it, and nobody else has bottom halves off on it, not even on
 * PREEMPT_RT.  Those of open and close are on one list and found by their task, and
 * so is the callback of a qwriter() that open or close should not have called.
 *
 * What runs on top of another context is told apart by the kernel's own words for
 * it: nothing is inside in a hard interrupt, and what serves a softirq is not inside
 * what the task below it is inside of.
 *
 * To lockdep a module has two locks, its inner and its outer perimeters, of a class
 * each.  Who puts never waits for them: they are taken as by a trylock, which makes
 * them the first of two locks in an order, never the second.  Processes do wait, in
 * open and close: what they hold then comes before the perimeters.  A lock that is
 * taken inside and held by who waits to come inside closes the circle.
 */
#include <linux/jhash.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <sys/stream.h>
#include <streams_core/rules/rules.h>
#include <streams_core/linux/shim.h>

bool strm_rules_on __read_mostly;
module_param_named(rules, strm_rules_on, bool, 0444);
MODULE_PARM_DESC(rules, "watch whether modules keep to the rules (Documentation/rules.rst)");

DEFINE_STATIC_KEY_FALSE(strm_rules_key);
DEFINE_PER_CPU(unsigned int, strm_ddi_locks);

/* lockdep remembers 48 locks of a task: perimeters leave it half of them. */
#define MOST_MAPPED	24

#define BUCKETS		64

/* What is kept of a module, from its first open until streams.ko goes. */
struct strm_named {
	struct hlist_node node;
	char name[16];
	unsigned long reported;		/* by rule; changed one bit at a time */
	struct lock_class_key inner_key;
	struct lock_class_key outer_key;
	struct lockdep_map inner;
	struct lockdep_map outer;
	char inner_name[32];
	char outer_name[32];
};

/* What is reported and was never opened. */
static struct strm_named nobody = { .name = "somebody" };

/* Entries are added under the lock, read under RCU, and removed when all is over. */
static DEFINE_RAW_SPINLOCK(names_lock);
static struct hlist_head names[BUCKETS];

/* The procedures that run with bottom halves off, the innermost first. */
static DEFINE_PER_CPU(struct strm_inside *, running);

/* Open and close procedures and what runs in them, which are few. */
static DEFINE_RAW_SPINLOCK(opening_lock);
static struct strm_inside *opening;

static struct hlist_head *bucket_of(const char *name)
{
	return &names[jhash(name, strlen(name), 0) % BUCKETS];
}

static struct strm_named *find_name(const char *name)
{
	struct strm_named *named;

	/* none is removed while anybody looks */
	hlist_for_each_entry_rcu_notrace(named, bucket_of(name), node) {
		if (!strcmp(named->name, name))
			return named;
	}
	return NULL;
}

static void name_locks(struct strm_named *named)
{
	snprintf(named->inner_name, sizeof(named->inner_name), "perimeter of %s", named->name);
	snprintf(named->outer_name, sizeof(named->outer_name), "outer perimeter of %s",
		 named->name);
	lockdep_register_key(&named->inner_key);
	lockdep_register_key(&named->outer_key);
	lockdep_init_map(&named->inner, named->inner_name, &named->inner_key, 0);
	lockdep_init_map(&named->outer, named->outer_name, &named->outer_key, 0);
}

/* Process context.  NULL without memory: then lockdep does not see the module. */
static struct strm_named *make_name(const char *name)
{
	struct strm_named *named = find_name(name), *other;

	if (named)
		return named;
	named = kzalloc(sizeof(*named), GFP_KERNEL);
	if (!named)
		return NULL;
	strscpy(named->name, name, sizeof(named->name));
	name_locks(named);

	raw_spin_lock_irq(&names_lock);
	other = find_name(name);
	if (!other)
		hlist_add_head_rcu(&named->node, bucket_of(name));
	raw_spin_unlock_irq(&names_lock);
	if (!other)
		return named;
	lockdep_unregister_key(&named->inner_key);
	lockdep_unregister_key(&named->outer_key);
	kfree(named);
	return other;
}

/* Of this task; what it is inside of stays while it is there. */
static struct strm_inside *opened_by(const struct task_struct *task)
{
	struct strm_inside *inside;
	unsigned long flags;

	raw_spin_lock_irqsave(&opening_lock, flags);
	for (inside = opening; inside && inside->task != task; inside = inside->outer)
		;
	raw_spin_unlock_irqrestore(&opening_lock, flags);
	return inside;
}

/* NULL: no procedure runs here that is known of. */
struct strm_inside *strm_rules_inside(void)
{
	struct strm_inside *inside;

	if (in_hardirq() || in_nmi())
		return NULL;
	if (in_softirq()) {
		inside = this_cpu_read(running);
		if (inside || in_serving_softirq())
			return inside;
	}
	return opened_by(current);
}

static void acquire(struct strm_inside *inside, struct strm_perimeters how, bool waits)
{
	struct strm_named *named = inside->named;

	if (!named || lockdep_depth(current) > MOST_MAPPED)
		return;
	if (how.outer) {
		lock_acquire(&named->outer, 0, !waits, how.outer_exclusive ? 0 : 2, 1, NULL,
			     _RET_IP_);
		inside->outer_mapped = true;
	}
	lock_acquire(&named->inner, 0, !waits, how.exclusive ? 0 : 2, 1, NULL, _RET_IP_);
	inside->mapped = true;
}

static void release(struct strm_inside *inside)
{
	if (inside->mapped)
		lock_release(&inside->named->inner, _RET_IP_);
	if (inside->outer_mapped)
		lock_release(&inside->named->outer, _RET_IP_);
	inside->mapped = false;
	inside->outer_mapped = false;
}

/* The process that is inside leaves, and waits to enter again. */
void strm_rules_enter_again(struct strm_inside *inside)
{
	release(inside);
	acquire(inside, strm_perimeters_of(inside->q, inside->kind), true);
	inside->depth = lockdep_depth(current);
}

/* The caller is about to call a procedure of @q, and has claimed what that needs. */
void strm_rules_enter(struct strm_inside *inside, struct queue *q, enum strm_kind kind)
{
	const char *name = strm_queue_name(q);

	*inside = (struct strm_inside){ .q = q, .kind = kind };
	if (!strm_is_head(q))
		inside->named = strm_in_process(kind) ? make_name(name) : find_name(name);
	acquire(inside, strm_perimeters_of(q, kind), strm_in_process(kind));
	inside->locks = strm_ddi_locks_held();
	inside->depth = lockdep_depth(current);
	if (kind == STRM_IN_SERVICE)
		strm_rules_acquit(q);

	if (strm_in_process(kind) || !in_softirq()) {
		inside->task = current;
		raw_spin_lock_irq(&opening_lock);
		inside->outer = opening;
		opening = inside;
		raw_spin_unlock_irq(&opening_lock);
	} else {
		inside->outer = this_cpu_read(running);
		this_cpu_write(running, inside);
	}
}

static void not_opening(struct strm_inside *inside)
{
	struct strm_inside **link;

	raw_spin_lock_irq(&opening_lock);
	for (link = &opening; *link != inside; link = &(*link)->outer)
		;
	*link = inside->outer;
	raw_spin_unlock_irq(&opening_lock);
}

static bool same_pair(const struct queue *a, const struct queue *b)
{
	return RD((queue_t *)a) == RD((queue_t *)b);
}

/* Does its close procedure run? */
bool strm_rules_closing(const struct queue *q)
{
	struct strm_inside *inside;
	unsigned long flags;

	raw_spin_lock_irqsave(&opening_lock, flags);
	for (inside = opening; inside && !same_pair(inside->q, q); inside = inside->outer)
		;
	raw_spin_unlock_irqrestore(&opening_lock, flags);
	return inside;
}

/*
 * The procedure has taken messages, put none back, and left others; it met no
 * obstacle, and nobody will call it for one.  If nothing else enables the queue soon
 * it was wrong.
 */
static bool stopped_halfway(const struct strm_inside *inside)
{
	return inside->seen == STRM_SEEN_TAKEN && strm_waits_for_service(inside->q);
}

/* It has returned; the claims are still there. */
void strm_rules_leave(struct strm_inside *inside)
{
	if (inside->task)
		not_opening(inside);
	else
		this_cpu_write(running, inside->outer);
	if (inside->kind == STRM_IN_SERVICE && stopped_halfway(inside))
		strm_rules_suspect(inside->q);
	if (inside->kind == STRM_IN_CLOSE) {
		strm_rules_acquit(inside->q);
		strm_rules_acquit(OTHERQ(inside->q));
	}
	release(inside);
}

void strm_rules_put(struct queue *q, struct msgb *mp, strm_put_t procedure)
{
	struct strm_inside inside;

	strm_rules_enter(&inside, q, STRM_IN_PUT);
	procedure(q, mp);
	strm_rules_leave(&inside);
}

static const char *what_runs(enum strm_kind kind)
{
	switch (kind) {
	case STRM_IN_OPEN:
		return "open procedure";
	case STRM_IN_CLOSE:
		return "close procedure";
	case STRM_IN_PUT:
		return "put procedure";
	case STRM_IN_SERVICE:
		return "service procedure";
	case STRM_IN_CALLBACK:
		return "callback";
	case STRM_IN_WRITER:
		return "callback of qwriter()";
	}
	return "code";
}

/* The name stays until streams.ko goes; NULL where nobody is inside. */
const char *strm_rules_name(const struct strm_inside *inside)
{
	return inside && inside->named ? inside->named->name : NULL;
}

/* Counts the violation; true if it is to be reported. */
bool strm_rules_first(enum strm_rule rule, const char *name)
{
	struct strm_named *named = name ? find_name(name) : NULL;

	lin_count(LIN_STAT_rules_broken);
	if (!named)
		named = &nobody;
	return !test_and_set_bit(rule, &named->reported);
}

void strm_rules_report(enum strm_rule rule, const struct strm_inside *inside,
		       const struct queue *q, const char *fmt, ...)
{
	const char *name = q ? strm_queue_name(q) : NULL;
	struct va_format words;
	va_list args;

	if ((q && strm_is_head(q)) || !strm_rules_first(rule, name))
		return;
	va_start(args, fmt);
	words.fmt = fmt;
	words.va = &args;
	if (!q)
		pr_warn("streams: rule broken by somebody: %pV\n", &words);
	else
		pr_warn("streams: rule broken by %s, %s side, in %s %s: %pV\n", name,
			READ_ONCE(q->q_flag) & QREADR ? "read" : "write", inside ? "its" : "no",
			inside ? what_runs(inside->kind) : "procedure of its own", &words);
	va_end(args);
	dump_stack();
}

void strm_rules_init(void)
{
	if (!strm_rules_on)
		return;
	static_branch_enable(&strm_rules_key);
	pr_info("streams: watching the rules\n");
}

/* Nobody calls a procedure any more, and no message is left. */
void strm_rules_exit(void)
{
	struct strm_named *named;
	struct hlist_node *next;
	int i;

	for (i = 0; i < BUCKETS; i++) {
		hlist_for_each_entry_safe(named, next, &names[i], node) {
			hlist_del(&named->node);
			lockdep_unregister_key(&named->inner_key);
			lockdep_unregister_key(&named->outer_key);
			kfree(named);
		}
	}
}
