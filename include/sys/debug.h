/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/debug.h>: ASSERT() and VERIFY().  ASSERT() is there with DEBUG defined and
 * evaluates nothing without; VERIFY() always is.
 */
#ifndef _SYS_DEBUG_H
#define _SYS_DEBUG_H

#include <sys/types.h>
#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * assfail() - what a failed ASSERT() or VERIFY() calls
 * @what: text of the assertion
 * @file: source file
 * @line: line in it
 *
 * Writes them to the kernel log.  The macro ends the thread then, by an oops, or the
 * system where that is not possible.
 *
 * Context: any.
 */
void assfail(const char *what, const char *file, int line) __attribute__((cold));

/**
 * assfail3() - what a failed comparison calls
 * @what: text of the assertion
 * @left: value on the left
 * @op: how they were compared
 * @right: value on the right
 * @file: source file
 * @line: line in it
 *
 * Context: any.
 */
void assfail3(const char *what, uintmax_t left, const char *op, uintmax_t right,
	      const char *file, int line) __attribute__((cold));

#define VERIFY(ex)	((void)((ex) || (assfail(#ex, __FILE__, __LINE__), __builtin_trap(), 0)))

#define STRM_VERIFY3(left, op, right, type)					\
	do {									\
		const type strm_left = (type)(left);				\
		const type strm_right = (type)(right);				\
										\
		if (!(strm_left op strm_right)) {				\
			assfail3(#left " " #op " " #right, (uintmax_t)strm_left, #op,	\
				 (uintmax_t)strm_right, __FILE__, __LINE__);	\
			__builtin_trap();					\
		}								\
	} while (0)

#define VERIFY3S(left, op, right)	STRM_VERIFY3(left, op, right, int64_t)
#define VERIFY3U(left, op, right)	STRM_VERIFY3(left, op, right, uint64_t)
#define VERIFY3P(left, op, right)	STRM_VERIFY3(left, op, right, uintptr_t)
#define VERIFY3B(left, op, right)	STRM_VERIFY3(left, op, right, boolean_t)
#define VERIFY0(ex)			VERIFY3S(ex, ==, 0)

#ifdef DEBUG
#define ASSERT(ex)			VERIFY(ex)
#define ASSERT3S(left, op, right)	VERIFY3S(left, op, right)
#define ASSERT3U(left, op, right)	VERIFY3U(left, op, right)
#define ASSERT3P(left, op, right)	VERIFY3P(left, op, right)
#define ASSERT3B(left, op, right)	VERIFY3B(left, op, right)
#define ASSERT0(ex)			VERIFY0(ex)
#else
#define ASSERT(ex)			((void)0)
#define ASSERT3S(left, op, right)	((void)0)
#define ASSERT3U(left, op, right)	((void)0)
#define ASSERT3P(left, op, right)	((void)0)
#define ASSERT3B(left, op, right)	((void)0)
#define ASSERT0(ex)			((void)0)
#endif
#define ASSERT64(ex)			ASSERT(ex)
#define IMPLY(a, b)			ASSERT(!(a) || (b))
#define EQUIV(a, b)			ASSERT(!!(a) == !!(b))

#ifdef __cplusplus
#define CTASSERT(ex)			static_assert(ex, #ex)
#else
#define CTASSERT(ex)			_Static_assert(ex, #ex)
#endif

#ifdef __cplusplus
}
#endif

#endif /* _SYS_DEBUG_H */
