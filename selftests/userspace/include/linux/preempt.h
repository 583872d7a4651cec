/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's word that says what kind of context this is, one for each thread. */
#ifndef _USERSPACE_PREEMPT_H
#define _USERSPACE_PREEMPT_H

#include <linux/compiler.h>
#include <machine.h>

#define SOFTIRQ_MASK	0xff00
#define HARDIRQ_MASK	0xf0000
#define NMI_MASK	0xf00000

static inline unsigned int preempt_count(void)
{
	return *(volatile unsigned int *)&context_count;
}

void lin_preempt_disable(void);
void lin_preempt_enable(void);

#define preempt_disable()	lin_preempt_disable()
#define preempt_enable()	lin_preempt_enable()

#endif /* _USERSPACE_PREEMPT_H */
