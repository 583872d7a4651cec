/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is counted, in the order in which /sys/kernel/debug/streams/stat shows
 * it.  Documentation/seeing.rst says what each of them means.
 *
 * Nothing is counted on the straight way of a message, only where it leaves it.
 */
#ifndef _STRM_STATS_H
#define _STRM_STATS_H

#define STRM_STATS(STAT)						\
	STAT(streams_made)						\
	STAT(streams_freed)						\
	STAT(pairs_made)						\
	STAT(pairs_freed)						\
	STAT(perimeters_made)						\
	STAT(perimeters_freed)						\
	STAT(opens)							\
	STAT(pushes)							\
	STAT(pops)							\
	STAT(enables)							\
	STAT(back_enables)						\
	STAT(services)							\
	STAT(services_deferred)						\
	STAT(messages_deferred)						\
	STAT(messages_around)						\
	STAT(messages_nowhere)						\
	STAT(messages_interrupt)					\
	STAT(chokes)							\
	STAT(gate_closes)						\
	STAT(fence_rounds)						\
	STAT(drains_continued)						\
	STAT(perimeter_sleeps)						\
	STAT(head_sleeps)						\
	STAT(bands_made)

/* Objects that live: what was made of them less what was freed. */
#define STRM_LIVE(LIVE)							\
	LIVE(live_streams, streams_made, streams_freed)			\
	LIVE(live_pairs, pairs_made, pairs_freed)			\
	LIVE(live_perimeters, perimeters_made, perimeters_freed)

#endif /* _STRM_STATS_H */
