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
#define STRM_COUNT(name, word_t)						\
	static inline void atomic_inc_##name(volatile word_t *p)		\
	{									\
		__atomic_fetch_add(p, 1, __ATOMIC_SEQ_CST);			\
	}									\
	static inline void atomic_dec_##name(volatile word_t *p)		\
	{									\
		__atomic_fetch_sub(p, 1, __ATOMIC_SEQ_CST);			\
	}									\
	static inline word_t atomic_inc_##name##_nv(volatile word_t *p)		\
	{									\
		return __atomic_add_fetch(p, 1, __ATOMIC_SEQ_CST);		\
	}									\
	static inline word_t atomic_dec_##name##_nv(volatile word_t *p)		\
	{									\
		return __atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST);		\
	}

#define STRM_ADD(name, word_t, delta)						\
	static inline void atomic_add_##name(volatile word_t *p, delta v)	\
	{									\
		__atomic_fetch_add(p, (word_t)v, __ATOMIC_SEQ_CST);		\
	}									\
	static inline word_t atomic_add_##name##_nv(volatile word_t *p, delta v) \
	{									\
		return __atomic_add_fetch(p, (word_t)v, __ATOMIC_SEQ_CST);	\
	}

#define STRM_BITS(name, word_t)							\
	static inline void atomic_or_##name(volatile word_t *p, word_t bits)	\
	{									\
		__atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST);			\
	}									\
	static inline void atomic_and_##name(volatile word_t *p, word_t bits)	\
	{									\
		__atomic_fetch_and(p, bits, __ATOMIC_SEQ_CST);			\
	}									\
	static inline word_t atomic_or_##name##_nv(volatile word_t *p, word_t bits) \
	{									\
		return __atomic_or_fetch(p, bits, __ATOMIC_SEQ_CST);		\
	}									\
	static inline word_t atomic_and_##name##_nv(volatile word_t *p, word_t bits) \
	{									\
		return __atomic_and_fetch(p, bits, __ATOMIC_SEQ_CST);		\
	}

/* Both return what was there before. */
#define STRM_SWAP(name, word_t)							\
	static inline word_t atomic_cas_##name(volatile word_t *p, word_t expected, word_t value) \
	{									\
		__atomic_compare_exchange_n(p, &expected, value, 0, __ATOMIC_SEQ_CST, \
					    __ATOMIC_SEQ_CST);			\
		return expected;						\
	}									\
	static inline word_t atomic_swap_##name(volatile word_t *p, word_t value) \
	{									\
		return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);		\
	}

STRM_COUNT(8, uint8_t)
STRM_COUNT(uchar, unsigned char)
STRM_COUNT(16, uint16_t)
STRM_COUNT(ushort, unsigned short)
STRM_COUNT(32, uint32_t)
STRM_COUNT(uint, unsigned int)
STRM_COUNT(64, uint64_t)
STRM_COUNT(ulong, unsigned long)
STRM_ADD(8, uint8_t, int8_t)
STRM_ADD(char, unsigned char, signed char)
STRM_ADD(16, uint16_t, int16_t)
STRM_ADD(short, unsigned short, short)
STRM_ADD(32, uint32_t, int32_t)
STRM_ADD(int, unsigned int, int)
STRM_ADD(64, uint64_t, int64_t)
STRM_ADD(long, unsigned long, long)
STRM_BITS(8, uint8_t)
STRM_BITS(uchar, unsigned char)
STRM_BITS(16, uint16_t)
STRM_BITS(ushort, unsigned short)
STRM_BITS(32, uint32_t)
STRM_BITS(uint, unsigned int)
STRM_BITS(64, uint64_t)
STRM_BITS(ulong, unsigned long)
STRM_SWAP(8, uint8_t)
STRM_SWAP(uchar, unsigned char)
STRM_SWAP(16, uint16_t)
STRM_SWAP(ushort, unsigned short)
STRM_SWAP(32, uint32_t)
STRM_SWAP(uint, unsigned int)
STRM_SWAP(64, uint64_t)
STRM_SWAP(ulong, unsigned long)

#undef STRM_COUNT
#undef STRM_ADD
#undef STRM_BITS
#undef STRM_SWAP

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
