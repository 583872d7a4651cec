// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics: a counter for each CPU and each thing that is counted.
 *
 * In C, because only here is the increment of a per-CPU counter one instruction.
 */
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include "shim.h"
#include "stat.h"

struct strm_counters {
	unsigned long counter[LIN_STAT_END];
};

static DEFINE_PER_CPU(struct strm_counters, counters);

void lin_count(enum lin_stat what)
{
	this_cpu_inc(counters.counter[what]);
}

static unsigned long sum(enum lin_stat what)
{
	unsigned long total = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		total += READ_ONCE(per_cpu(counters, cpu).counter[what]);
	return total;
}

/* The freed are counted first: what is freed meanwhile must not count as never made. */
static unsigned long live(enum lin_stat made, enum lin_stat freed)
{
	unsigned long gone = sum(freed);

	return sum(made) - gone;
}

#define SHOW_LIVE(name, made, freed)						\
	seq_printf(seq, #name " %lu\n", live(LIN_STAT_##made, LIN_STAT_##freed));
#define SHOW_STAT(name)								\
	seq_printf(seq, #name " %lu\n", sum(LIN_STAT_##name));

/* Messages are counted where they are made: magazine.c. */
int strm_stat_show(struct seq_file *seq, void *data)
{
	struct strm_message_sums messages;

	strm_message_counts(&messages);
	STRM_LIVE(SHOW_LIVE)
	seq_printf(seq, "live_blocks %lu\n", messages.allocated - messages.freed);
	seq_printf(seq, "live_external %ld\n", messages.external);
	STRM_STATS(SHOW_STAT)
	seq_printf(seq, "blocks_made %lu\n", messages.allocated);
	seq_printf(seq, "blocks_freed %lu\n", messages.freed);
	seq_printf(seq, "blocks_failed %lu\n", messages.failed);
	return 0;
}
