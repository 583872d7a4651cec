/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is counted, in the order in which /sys/kernel/debug/streams/stat shows
 * it.  Documentation/seeing.rst says what each of them means.  Whoever includes
 * this says by STAT(name) what to make of each, and so it has no guard.
 *
 * Nothing is counted on the straight way of a message, only where it leaves it.
 */
STAT(streams_made),
STAT(streams_freed),
STAT(pairs_made),
STAT(pairs_freed),
STAT(perimeters_made),
STAT(perimeters_freed),
STAT(bufcalls_made),
STAT(bufcalls_freed),
STAT(timeouts_made),
STAT(timeouts_freed),
STAT(callbacks_made),
STAT(callbacks_freed),
STAT(opens),
STAT(pushes),
STAT(pops),
STAT(enables),
STAT(back_enables),
STAT(services),
STAT(services_deferred),
STAT(messages_deferred),
STAT(callbacks_deferred),
STAT(callbacks_left),
STAT(messages_around),
STAT(messages_nowhere),
STAT(messages_interrupt),
STAT(messages_deep),
STAT(chokes),
STAT(gate_closes),
STAT(fence_rounds),
STAT(drains_continued),
STAT(perimeter_sleeps),
STAT(writers_deferred),
STAT(head_sleeps),
STAT(bands_made),
STAT(rules_broken),
