/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/atomic.h>: atomic operations on words of one's own, atomic_ops(9F).
 *
 * Fully ordered, which is more than Solaris promises: nothing moves across.
 * They are the compiler's builtins, so that sanitizer kernels see them.
 */
#ifndef _SYS_ATOMIC_H
#define _SYS_ATOMIC_H

#include <sys/types.h>

/* atomic_inc_32(p), atomic_inc_32_nv(p) ...: _nv returns the new value. */
#define STRM_COUNT(name, type)							\
	static inline void atomic_inc_##name(volatile type *p)			\
	{									\
		__atomic_fetch_add(p, 1, __ATOMIC_SEQ_CST);			\
	}									\
	static inline void atomic_dec_##name(volatile type *p)			\
	{									\
		__atomic_fetch_sub(p, 1, __ATOMIC_SEQ_CST);			\
	}									\
	static inline type atomic_inc_##name##_nv(volatile type *p)		\
	{									\
		return __atomic_add_fetch(p, 1, __ATOMIC_SEQ_CST);		\
	}									\
	static inline type atomic_dec_##name##_nv(volatile type *p)		\
	{									\
		return __atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST);		\
	}

#define STRM_ADD(name, type, delta)						\
	static inline void atomic_add_##name(volatile type *p, delta v)		\
	{									\
		__atomic_fetch_add(p, (type)v, __ATOMIC_SEQ_CST);		\
	}									\
	static inline type atomic_add_##name##_nv(volatile type *p, delta v)	\
	{									\
		return __atomic_add_fetch(p, (type)v, __ATOMIC_SEQ_CST);	\
	}

#define STRM_BITS(name, type)							\
	static inline void atomic_or_##name(volatile type *p, type bits)	\
	{									\
		__atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST);			\
	}									\
	static inline void atomic_and_##name(volatile type *p, type bits)	\
	{									\
		__atomic_fetch_and(p, bits, __ATOMIC_SEQ_CST);			\
	}									\
	static inline type atomic_or_##name##_nv(volatile type *p, type bits)	\
	{									\
		return __atomic_or_fetch(p, bits, __ATOMIC_SEQ_CST);		\
	}									\
	static inline type atomic_and_##name##_nv(volatile type *p, type bits)	\
	{									\
		return __atomic_and_fetch(p, bits, __ATOMIC_SEQ_CST);		\
	}

/* Both return what was there before. */
#define STRM_SWAP(name, type)							\
	static inline type atomic_cas_##name(volatile type *p, type expected, type value) \
	{									\
		__atomic_compare_exchange_n(p, &expected, value, 0, __ATOMIC_SEQ_CST,	\
					    __ATOMIC_SEQ_CST);			\
		return expected;						\
	}									\
	static inline type atomic_swap_##name(volatile type *p, type value)	\
	{									\
		return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);		\
	}

#define STRM_ATOMIC(width, name, type, delta)					\
	STRM_COUNT(width, uint##width##_t)					\
	STRM_COUNT(u##name, unsigned type)					\
	STRM_ADD(width, uint##width##_t, int##width##_t)			\
	STRM_ADD(name, unsigned type, delta)					\
	STRM_BITS(width, uint##width##_t)					\
	STRM_BITS(u##name, unsigned type)					\
	STRM_SWAP(width, uint##width##_t)					\
	STRM_SWAP(u##name, unsigned type)

STRM_ATOMIC(8, char, char, signed char)
STRM_ATOMIC(16, short, short, short)
STRM_ATOMIC(32, int, int, int)
STRM_ATOMIC(64, long, long, long)

#undef STRM_COUNT
#undef STRM_ADD
#undef STRM_BITS
#undef STRM_SWAP
#undef STRM_ATOMIC

/* Of pointers to anything: hence the void. */
static inline void *atomic_cas_ptr(volatile void *p, void *expected, void *value)
{
	__atomic_compare_exchange_n((void *volatile *)p, &expected, value, 0, __ATOMIC_SEQ_CST,
				    __ATOMIC_SEQ_CST);
	return expected;
}

static inline void *atomic_swap_ptr(volatile void *p, void *value)
{
	return __atomic_exchange_n((void *volatile *)p, value, __ATOMIC_SEQ_CST);
}

static inline void atomic_add_ptr(volatile void *p, ssize_t v)
{
	__atomic_fetch_add((volatile uintptr_t *)p, (uintptr_t)v, __ATOMIC_SEQ_CST);
}

static inline void *atomic_add_ptr_nv(volatile void *p, ssize_t v)
{
	return (void *)__atomic_add_fetch((volatile uintptr_t *)p, (uintptr_t)v, __ATOMIC_SEQ_CST);
}

/* 0: the bit was clear and is set now; -1: it was set before. */
static inline int atomic_set_long_excl(volatile ulong_t *p, uint_t bit)
{
	return __atomic_fetch_or(p, 1UL << bit, __ATOMIC_SEQ_CST) & 1UL << bit ? -1 : 0;
}

/* 0: the bit was set and is clear now; -1: it was clear before. */
static inline int atomic_clear_long_excl(volatile ulong_t *p, uint_t bit)
{
	return __atomic_fetch_and(p, ~(1UL << bit), __ATOMIC_SEQ_CST) & 1UL << bit ? 0 : -1;
}

/* Barriers, membar_ops(9F) */
static inline void membar_enter(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void membar_exit(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void membar_producer(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static inline void membar_consumer(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

#endif /* _SYS_ATOMIC_H */
