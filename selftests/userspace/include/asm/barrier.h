/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _USERSPACE_BARRIER_H
#define _USERSPACE_BARRIER_H

#include <linux/compiler.h>

void lin_smp_mb(void);

#define smp_mb()			lin_smp_mb()
#define smp_load_acquire(pointer)	__atomic_load_n(pointer, __ATOMIC_ACQUIRE)
#define smp_store_release(pointer, value) \
	__atomic_store_n(pointer, value, __ATOMIC_RELEASE)

#define cmpxchg_with(pointer, old, new, order) ({			\
	typeof(*(pointer)) found_ = (old);				\
									\
	__atomic_compare_exchange_n(pointer, &found_, new, 0, order, __ATOMIC_RELAXED); \
	found_;								\
})
#define cmpxchg_acquire(pointer, old, new) cmpxchg_with(pointer, old, new, __ATOMIC_ACQUIRE)
#define cmpxchg_release(pointer, old, new) cmpxchg_with(pointer, old, new, __ATOMIC_RELEASE)

#endif /* _USERSPACE_BARRIER_H */
