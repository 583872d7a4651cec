// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics: a counter for each CPU and each thing that is counted.
 *
 * In C, because only here is the increment of a per-CPU counter one instruction.
 */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include "shim.h"
#include "stat.h"

#define STAT(name) #name
static const char *const names[] = {
#include <strm/stats.h>
};

#undef STAT

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

/* Objects that are made and freed; how many live is the difference. */
static const struct {
	const char *name;
	enum lin_stat made, freed;
} living[] = {
	{ "streams", LIN_STAT_streams_made, LIN_STAT_streams_freed },
	{ "pairs", LIN_STAT_pairs_made, LIN_STAT_pairs_freed },
	{ "perimeters", LIN_STAT_perimeters_made, LIN_STAT_perimeters_freed },
	{ "bufcalls", LIN_STAT_bufcalls_made, LIN_STAT_bufcalls_freed },
	{ "timeouts", LIN_STAT_timeouts_made, LIN_STAT_timeouts_freed },
	{ "callbacks", LIN_STAT_callbacks_made, LIN_STAT_callbacks_freed },
};

/* Those freed are counted first: one that is freed meanwhile was made as well. */
static unsigned long live(enum lin_stat made, enum lin_stat freed)
{
	unsigned long gone = sum(freed);

	return sum(made) - gone;
}

/* Messages are counted where they are made: magazine.c. */
int strm_stat_show(struct seq_file *seq, void *data)
{
	struct strm_message_sums messages;
	int i;

	strm_message_counts(&messages);
	for (i = 0; i < ARRAY_SIZE(living); i++)
		seq_printf(seq, "live_%s %lu\n", living[i].name,
			   live(living[i].made, living[i].freed));
	seq_printf(seq, "live_blocks %lu\n", messages.allocated - messages.freed);
	seq_printf(seq, "live_external %ld\n", messages.external);
	for (i = 0; i < LIN_STAT_END; i++)
		seq_printf(seq, "%s %lu\n", names[i], sum(i));
	seq_printf(seq, "blocks_made %lu\n", messages.allocated);
	seq_printf(seq, "blocks_freed %lu\n", messages.freed);
	seq_printf(seq, "blocks_failed %lu\n", messages.failed);
	return 0;
}
