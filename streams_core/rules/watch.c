// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule checker: what only time can tell.
 *
 * A service procedure that stopped halfway may know that somebody enables its queue
 * soon: an interrupt, a timer, the other side.  And a buffer of esballoc() that is
 * out after the last close may be on its way back.  So both are looked at again some
 * seconds later.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/workqueue.h>
#include <sys/stream.h>
#include <streams_core/rules/rules.h>
#include <streams_core/linux/shim.h>

#define PATIENCE	(3 * HZ)
#define STACK		16

/* A queue whose service procedure stopped halfway; its pair is held. */
struct suspect {
	struct list_head list;
	struct queue *q;
	unsigned long due;		/* jiffies */
	unsigned int depth;
	unsigned long stack[STACK];	/* of the run that left them */
};

/* Who has buffers out; each of them holds the module. */
struct owner {
	struct list_head list;
	struct module *module;
	unsigned int buffers;
	bool unused;			/* its last stream was closed */
	unsigned long due;
	char name[16];
};

static DEFINE_RAW_SPINLOCK(lock);	/* of both lists and what is on them */
static LIST_HEAD(suspects);
static LIST_HEAD(owners);

static void look(struct work_struct *work);
static DECLARE_DELAYED_WORK(later, look);

static void look_later(void)
{
	schedule_delayed_work(&later, HZ);
}

/* With the lock: takes it off the list. */
static struct suspect *find_suspect(const struct queue *q)
{
	struct suspect *suspect;

	list_for_each_entry(suspect, &suspects, list) {
		if (suspect->q == q) {
			list_del(&suspect->list);
			return suspect;
		}
	}
	return NULL;
}

static void forget(struct suspect *suspect)
{
	if (!suspect)
		return;
	strm_drop_queue(suspect->q);
	kfree(suspect);
}

/* The service procedure runs again, or the queue is closed. */
void strm_rules_acquit(const struct queue *q)
{
	struct suspect *suspect;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	suspect = find_suspect(q);
	raw_spin_unlock_irqrestore(&lock, flags);
	forget(suspect);
}

/* Its service procedure, which runs no more than once at a time, has just returned. */
void strm_rules_suspect(struct queue *q)
{
	struct suspect *suspect = lin_kzalloc(sizeof(*suspect), LIN_GFP_ATOMIC);
	unsigned long flags;

	if (!suspect)
		return;
	if (!strm_hold_queue(q)) {
		kfree(suspect);
		return;
	}
	suspect->q = q;
	suspect->due = jiffies + PATIENCE;
#ifdef CONFIG_STACKTRACE
	suspect->depth = stack_trace_save(suspect->stack, STACK, 1);
#endif
	raw_spin_lock_irqsave(&lock, flags);
	list_add(&suspect->list, &suspects);
	raw_spin_unlock_irqrestore(&lock, flags);
	look_later();
}

/* One whose time has come, off the list. */
static struct suspect *next_suspect(void)
{
	struct suspect *suspect = NULL;

	raw_spin_lock_irq(&lock);
	list_for_each_entry(suspect, &suspects, list) {
		if (time_after_eq(jiffies, suspect->due)) {
			list_del(&suspect->list);
			goto found;
		}
	}
	suspect = NULL;
found:
	raw_spin_unlock_irq(&lock);
	return suspect;
}

static void judge(struct suspect *suspect)
{
	struct queue *q = suspect->q;
	const char *name = strm_queue_name(q);

	rcu_read_lock(); /* while it is not closed, its text does not go */
	if (strm_waits_for_service(q) && !strm_is_scheduled(q) &&
	    strm_rules_first(STRM_RULE_LEFT, name)) {
		pr_warn("streams: rule broken by %s, %s side, in its service procedure: %ps left messages on the queue that it could have taken\n",
			name, READ_ONCE(q->q_flag) & QREADR ? "read" : "write",
			q->q_qinfo->qi_srvp);
#ifdef CONFIG_STACKTRACE
		pr_warn("Call Trace:\n");
		stack_trace_print(suspect->stack, suspect->depth, 1);
#endif
	}
	rcu_read_unlock();
	forget(suspect);
}

static struct owner *find_owner(const struct module *module)
{
	struct owner *owner;

	list_for_each_entry(owner, &owners, list) {
		if (owner->module == module)
			return owner;
	}
	return NULL;
}

/* A buffer is made, or will be given back: the module is held, and not yet let go. */
void strm_rules_external(struct module *module, int change)
{
	struct owner *owner, *fresh = NULL;
	unsigned long flags;

	if (change > 0)
		fresh = lin_kzalloc(sizeof(*fresh), LIN_GFP_ATOMIC);
	raw_spin_lock_irqsave(&lock, flags);
	owner = find_owner(module);
	if (!owner && fresh) {
		owner = fresh;
		fresh = NULL;
		owner->module = module;
		list_add(&owner->list, &owners);
	}
	if (owner) {
		owner->buffers += change;
		if (!owner->buffers) {
			list_del(&owner->list);
			fresh = owner;
		}
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	lin_kfree(fresh);
}

/* The last stream with a module or driver that is in this .ko was closed. */
void strm_rules_unused(struct module *module, const char *name)
{
	struct owner *owner;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	owner = find_owner(module);
	if (owner) {
		owner->unused = true;
		owner->due = jiffies + PATIENCE;
		strscpy(owner->name, name, sizeof(owner->name));
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	if (owner)
		look_later();
}

/* The buffers of one whose time has come; 0: there is none. */
static unsigned int next_owner(char *name, size_t size)
{
	unsigned int buffers = 0;
	struct owner *owner;

	raw_spin_lock_irq(&lock);
	list_for_each_entry(owner, &owners, list) {
		if (!owner->unused || time_before(jiffies, owner->due))
			continue;
		owner->unused = false;
		if (module_refcount(owner->module) > (int)owner->buffers)
			continue; /* it is in use again */
		strscpy(name, owner->name, size);
		buffers = owner->buffers;
		break;
	}
	raw_spin_unlock_irq(&lock);
	return buffers;
}

static bool more(void)
{
	struct owner *owner;
	bool found;

	raw_spin_lock_irq(&lock);
	found = !list_empty(&suspects);
	list_for_each_entry(owner, &owners, list)
		found = found || owner->unused;
	raw_spin_unlock_irq(&lock);
	return found;
}

static void look(struct work_struct *work)
{
	struct suspect *suspect;
	unsigned int buffers;
	char name[16];

	while ((suspect = next_suspect()))
		judge(suspect);
	while ((buffers = next_owner(name, sizeof(name)))) {
		if (!strm_rules_first(STRM_RULE_EXTERNAL, name))
			continue;
		pr_warn("streams: rule broken by %s: %u buffers of esballoc() are out after its last close; it cannot be unloaded\n",
			name, buffers);
		dump_stack();
	}
	if (more())
		look_later();
}

/* No stream is open, and every buffer is back. */
void strm_rules_watch_exit(void)
{
	struct suspect *suspect, *next;

	cancel_delayed_work_sync(&later);
	list_for_each_entry_safe(suspect, next, &suspects, list)
		forget(suspect);
}
