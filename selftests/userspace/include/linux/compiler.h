/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What claim.h and hop.c need of this header, in user space.
 *
 * ThreadSanitizer knows orders only from atomics, and what an x86 does anyway, in
 * which plain loads acquire and plain stores release, it has to be told.
 */
#ifndef _USERSPACE_COMPILER_H
#define _USERSPACE_COMPILER_H

#include <linux/types.h>

#define __force
#define __percpu
#define __always_inline	inline __attribute__((always_inline))
#define noinline	__attribute__((noinline))
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	asm volatile("" : : : "memory")

#ifdef __SANITIZE_THREAD__
#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define WRITE_ONCE(x, value)	__atomic_store_n(&(x), value, __ATOMIC_RELEASE)
#else
#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile typeof(x) *)&(x) = (value))
#endif

#endif /* _USERSPACE_COMPILER_H */
