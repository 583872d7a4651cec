// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule checker: messages that are freed twice, or used after they are freed.
 *
 * A message block that is freed is marked.  Its memory is not given back at once,
 * but kept for a while: each CPU has a ring of blocks that were freed on it, and the
 * oldest makes room for the newest.  So whoever comes with it again comes with
 * something that can be told from a message.  What was written into it meanwhile is
 * seen when it leaves the ring.  With KASAN memory is given back at once, as nobody
 * sees more than that.
 */
#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <strm/object.h>
#include <streams_core/rules/rules.h>
#include <streams_core/linux/shim.h>

#define KEPT	256		/* blocks, on each CPU; a power of two */
#define FILL	0x6b		/* in the buffer of one, as slab would have it */

/* In b_prev: no address, and nothing that a module would put there. */
#define FREED	((mblk_t *)0x5d5d5d5d5d5d0001UL)

struct kept {
	mblk_t *bp;
	const char *freed_by;	/* the module's name: its queue may be gone */
};

/* Changed by its own CPU, with interrupts off. */
struct ring {
	unsigned int next;
	struct kept kept[KEPT];
};

static DEFINE_PER_CPU(struct ring, rings);

/* Any context.  Tells what was freed already; the caller leaves it alone. */
bool strm_rules_freed(const struct msgb *mp, const struct queue *q, const char *call)
{
	const struct strm_inside *inside;

	if (likely(READ_ONCE(mp->b_prev) != FREED))
		return false;
	inside = strm_rules_inside();
	strm_rules_report(STRM_RULE_FREED, inside, inside ? inside->q : q,
			  "%s() of a message that is freed already", call);
	return true;
}

/* As strm_rules_freed(), and marks what was not. */
bool strm_rules_freeing(struct msgb *bp, const void *caller)
{
	const struct strm_inside *inside;

	if (likely(READ_ONCE(bp->b_prev) != FREED)) {
		WRITE_ONCE(bp->b_prev, FREED);
		return false;
	}
	inside = strm_rules_inside();
	strm_rules_report(STRM_RULE_FREED, inside, inside ? inside->q : NULL,
			  "%pS frees a message that is freed already", caller);
	return true;
}

static struct strm_object *object_of(mblk_t *bp)
{
	return bp->b_size_class == STRM_SMALL ? container_of(bp, struct strm_object, block) : NULL;
}

static void fill(mblk_t *bp)
{
	struct strm_object *object = object_of(bp);

	if (object)
		memset(object->buffer, FILL, sizeof(object->buffer));
	bp->b_prev = FREED;
}

static bool untouched(mblk_t *bp)
{
	struct strm_object *object = object_of(bp);

	return bp->b_prev == FREED &&
	       (!object || !memchr_inv(object->buffer, FILL, sizeof(object->buffer)));
}

/* lin_kfree() knows of every cache where an object is from. */
static void give_back(const struct kept *old)
{
	const char *name = old->freed_by;

	if (!untouched(old->bp) && strm_rules_first(STRM_RULE_FREED, name)) {
		pr_warn("streams: rule broken by %s: a message that it freed was written to later\n",
			name ?: "somebody");
		dump_stack();
	}
	lin_kfree(old->bp);
}

/* Nobody has the memory of @bp any more, and it is counted as freed. */
void strm_rules_keep(struct msgb *bp)
{
	const struct strm_inside *inside = strm_rules_inside();
	struct kept old, *place;
	unsigned long flags;
	struct ring *ring;

	fill(bp);
	if (IS_ENABLED(CONFIG_KASAN)) {
		lin_kfree(bp);
		return;
	}
	local_irq_save(flags);
	ring = this_cpu_ptr(&rings);
	place = &ring->kept[ring->next++ % KEPT];
	old = *place;
	*place = (struct kept){ bp, strm_rules_name(inside) };
	local_irq_restore(flags);
	if (old.bp)
		give_back(&old);
}

void strm_rules_message_exit(void)
{
	int cpu, i;

	for_each_possible_cpu(cpu) {
		for (i = 0; i < KEPT; i++) {
			struct kept *kept = &per_cpu(rings, cpu).kept[i];

			if (kept->bp)
				give_back(kept);
			kept->bp = NULL;
		}
	}
}
