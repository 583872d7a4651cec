/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU memory: CPU n has its copy n * PERCPU_STRIDE bytes behind that of CPU 0,
 * to which the pointer points.  As in the kernel on x86, GS has that distance while
 * a thread is a CPU, and a counter is incremented by one instruction.
 */
#ifndef _USERSPACE_PERCPU_H
#define _USERSPACE_PERCPU_H

#include <linux/compiler.h>
#include <machine.h>

#define DEFINE_PER_CPU(type, name) \
	typeof(type) name[MOST_CPUS * PERCPU_STRIDE / sizeof(type)]

/* A counter, whether it was defined by that or is what a pointer points to. */
#define per_cpu_counter(pcp)	(*(unsigned int *)&(pcp))

#define per_cpu_ptr(pointer, cpu) \
	((typeof(pointer))((unsigned long)(pointer) + (cpu) * PERCPU_STRIDE))

#define raw_cpu_ptr(pointer) \
	((typeof(pointer))((unsigned long)(pointer) + percpu_offset))

#ifdef __SANITIZE_THREAD__
/* The CPU is the only one that writes its copy: no locked instruction, as outside. */
#define this_cpu_add(pcp, number) do {						\
	unsigned int *here_ = raw_cpu_ptr(&per_cpu_counter(pcp));		\
										\
	__atomic_store_n(here_, __atomic_load_n(here_, __ATOMIC_RELAXED) + (number), \
			 __ATOMIC_RELEASE);					\
} while (0)
#define this_cpu_inc(pcp)	this_cpu_add(pcp, 1)
#define this_cpu_dec(pcp)	this_cpu_add(pcp, -1)
#define this_cpu_read(pcp)	__atomic_load_n(raw_cpu_ptr(&per_cpu_counter(pcp)), __ATOMIC_RELAXED)
#else
#define this_cpu_inc(pcp)	asm volatile("incl %%gs:%0" : "+m"(per_cpu_counter(pcp)))
#define this_cpu_dec(pcp)	asm volatile("decl %%gs:%0" : "+m"(per_cpu_counter(pcp)))
#define this_cpu_read(pcp) ({							\
	unsigned int value_;							\
										\
	asm volatile("movl %%gs:%1, %0" : "=r"(value_) : "m"(per_cpu_counter(pcp)));		\
	value_;									\
})
#endif

#endif /* _USERSPACE_PERCPU_H */
