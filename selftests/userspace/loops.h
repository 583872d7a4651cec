/* SPDX-License-Identifier: GPL-2.0-only */
/* What is measured in a loop; C, as the inline functions of claim.h are. */
#ifndef _USERSPACE_LOOPS_H
#define _USERSPACE_LOOPS_H

#ifdef __cplusplus
extern "C" {
#endif

struct strm_gate;

/* One line of its own for what is counted up and down. */
struct loop_lock {
	unsigned int	value;
} __attribute__((aligned(128)));

/* Each does what it is named after @times. */
void loop_empty(unsigned long times);
void loop_claim(struct strm_gate *gate, unsigned long times);
void loop_spin(struct loop_lock *lock, unsigned long times);
void loop_test_and_set(struct loop_lock *lock, unsigned long times);

/* @what under @lock, once. */
void spin_around(struct loop_lock *lock, void (*what)(unsigned int turns), unsigned int turns);

#ifdef __cplusplus
}
#endif

#endif /* _USERSPACE_LOOPS_H */
