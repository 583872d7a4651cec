// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may be where with whom: mt-streams(9F), stated here once more.
 */
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include "watch.h"

atomic_t witness_counts[COUNTS_ALL];
struct knobs knobs;
DEFINE_PER_CPU(atomic_t, witness_chance);

static DEFINE_RAW_SPINLOCK(first_lock);
static char first[256];			/* under first_lock */
static atomic_t violations;

void violation(const struct witness *w, const char *format, ...)
{
	unsigned long flags;
	char text[160];
	va_list args;
	int number = atomic_inc_return(&violations);

	if (number > 20)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	pr_err("witness: %s %#x %s %u: %s\n", w->kind->name, w->kind->flags,
	       w->module ? "module" : "driver", w->index, text);
	raw_spin_lock_irqsave(&first_lock, flags);
	if (!first[0])
		snprintf(first, sizeof(first), "%s %#x %s %u: %s", w->kind->name, w->kind->flags,
			 w->module ? "module" : "driver", w->index, text);
	raw_spin_unlock_irqrestore(&first_lock, flags);
	if (number == 1)
		dump_stack_lvl(KERN_INFO);
}

void show_violations(struct seq_file *out)
{
	unsigned long flags;
	char text[sizeof(first)];

	raw_spin_lock_irqsave(&first_lock, flags);
	memcpy(text, first, sizeof(text));
	raw_spin_unlock_irqrestore(&first_lock, flags);
	seq_printf(out, "%d %s\n", atomic_read(&violations), text);
}

void forget_violations(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&first_lock, flags);
	first[0] = '\0';
	raw_spin_unlock_irqrestore(&first_lock, flags);
	atomic_set(&violations, 0);
}

/* Is it alone in the inner perimeter?  Without one only qwriter() makes it so. */
bool alone_in(const struct kind *kind, enum entry entry)
{
	const bool put_alone = (kind->flags & D_MTPERMOD) && !(kind->flags & D_MTPUTSHARED);

	if (entry == ENTRY_WRITER_INNER || entry == ENTRY_WRITER_OUTER || put_alone)
		return true;
	if (!(kind->flags & D_MTPERMOD) || entry == ENTRY_PUT)
		return false;
	return !(kind->flags & (entry == ENTRY_SERVICE	? _D_MTSVCSHARED :
				entry == ENTRY_PLUMBING ? _D_MTOCSHARED :
							  _D_MTCBSHARED));
}

static bool alone_outside(const struct kind *kind, enum entry entry)
{
	return entry == ENTRY_WRITER_OUTER ||
	       (entry == ENTRY_PLUMBING && (kind->flags & D_MTOCEXCL));
}

struct place *inner_of(struct witness *w, const queue_t *q)
{
	switch (w->kind->flags & D_MTPERMOD) {
	case D_MTPERMOD:
		return &w->kind->inner;
	case D_MTPERQ:
		return &w->inner[side_of(q)];
	default:
		return &w->inner[0];
	}
}

static const char *const entries[] = {
	"put", "service", "open or close", "callback", "qwriter(INNER)", "qwriter(OUTER)",
};

/*
 * The marks order nothing, so that what an exclusive visitor leaves behind is
 * there for the next one only if the perimeter sees to it.
 */
static void place_in(struct visit *visit, struct place *place, bool alone, unsigned long *visits)
{
	s64 now;

	if (!place)
		return;
	now = atomic64_add_return_relaxed(alone ? ALONE : 1, &place->inside);
	if (alone ? now != ALONE : now >= ALONE)
		violation(visit->w, "%s in %s, %s: with %lld exclusive, %lld shared",
			  entries[visit->entry],
			  place == visit->outer ? "outer" : "inner", alone ? "alone" : "shared",
			  now / ALONE, now % ALONE);
	if (alone)
		place->visits++;
	*visits = place->visits;
}

static void place_out(struct visit *visit, struct place *place, bool alone, unsigned long visits)
{
	if (!place)
		return;
	if (place->visits != visits)
		violation(visit->w, "somebody was alone in %s beside %s",
			  place == visit->outer ? "outer" : "inner", entries[visit->entry]);
	atomic64_sub_return_relaxed(alone ? ALONE : 1, &place->inside);
}

/* step_in, step_out - a visitor who is in a perimeter, and sees others be there */
void step_in(struct visit *visit)
{
	place_in(visit, visit->outer, visit->outer_alone, &visit->outer_visits);
	place_in(visit, visit->inner, visit->inner_alone, &visit->inner_visits);
	if (visit->other) {
		unsigned long ignored;

		place_in(visit, visit->other, true, &ignored);
	}
}

void step_out(struct visit *visit)
{
	if (visit->other)
		atomic64_sub_return_relaxed(ALONE, &visit->other->inside);
	place_out(visit, visit->inner, visit->inner_alone, visit->inner_visits);
	place_out(visit, visit->outer, visit->outer_alone, visit->outer_visits);
}

void enter(struct visit *visit, struct witness *w, const queue_t *q, enum entry entry)
{
	struct kind *kind = w->kind;

	visit->w = w;
	visit->entry = entry;
	visit->inner = inner_of(w, q);
	visit->inner_alone = alone_in(kind, entry);
	visit->outer = kind->flags & D_MTOUTPERIM ? &kind->outer : NULL;
	visit->outer_alone = alone_outside(kind, entry);
	/* open and close are in the perimeters of both queues */
	visit->other = NULL;
	if (entry == ENTRY_PLUMBING && visit->inner_alone &&
	    (kind->flags & D_MTPERMOD) == D_MTPERQ)
		visit->other = &w->inner[1];
	if (entry != ENTRY_PLUMBING && atomic_read(&w->on) != 1)
		violation(w, "%s of a queue that is off", entries[entry]);
	step_in(visit);
}

void leave(struct visit *visit)
{
	step_out(visit);
}

void dally(void)
{
	int most = atomic_read(&knobs.dally);

	if (most > 0)
		for (unsigned int n = below(most); n > 0; n--)
			cpu_relax();
}

/* Was it put after somebody had asked to be alone, who still waits? */
static void check_stamp(struct witness *w, const queue_t *q, const struct note *note)
{
	if (!note->waiting)
		return;
	count(stamped);
	if (atomic_read(&inner_of(w, q)->waiting) == (int)note->waiting)
		violation(w, "a message entered before qwriter() %u had its turn", note->waiting);
}

static void in_order(struct witness *w, const struct note *note, atomic_t *place, bool all)
{
	unsigned int last = atomic_xchg(place, note->seq);

	if (note->seq <= last || (all && note->seq != last + 1))
		violation(w, "way %u of %u, hop %u: %u came after %u", note->way, note->from,
			  note->hop, note->seq, last);
}

/*
 * To the own queue none is missing.  At the driver, and at a module that it sends
 * to, some may be that went another way: to a module that is gone, or not yet there.
 */
static void kernel_arrival(struct witness *w, const queue_t *q, struct note *note)
{
	struct witness *from = &witnesses[note->from];
	struct way *way = &from->ways[note->way];

	if (READ_ONCE(from->generation) != note->generation)
		return;
	if (note->hop == 0) {
		atomic_inc(&way->arrived);
		if (target_of(note->way) == NEXT_READ)
			in_order(w, note, &w->last_above[note->way], false);
		else if (target_of(note->way) != NEXT_WRITE)
			in_order(w, note, &way->last, true);
		if (from == w)
			check_stamp(w, q, note);
	}
	if (!w->module && from->module)
		in_order(w, note, &way->last_below, false);
}

static void user_arrival(struct witness *w, const queue_t *q, const struct note *note)
{
	unsigned int last;

	if (note->thread >= NOTE_THREADS || note->lane >= LANES)
		return;
	last = atomic_xchg(&w->last[side_of(q)][note->thread][note->lane], note->seq);
	if (last && (note->seq <= last || (note->lane == LANE_STRAIGHT && note->seq != last + 1)))
		violation(w, "thread %u, lane %u, side %d: %u came after %u", note->thread,
			  note->lane, side_of(q), note->seq, last);
}

/* arrival - a put procedure, or a service that got it from a putq(), sees a note */
void arrival(struct witness *w, const queue_t *q, struct note *note)
{
	if (note->op == NOTE_KERNEL)
		kernel_arrival(w, q, note);
	else if (note->op == NOTE_USER)
		user_arrival(w, q, note);
}
