/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks: instructions that do nothing, but say to the plugin where counting begins
 * and where it ends.  Each is a NOP of 8 bytes, with an operand that no compiler
 * would choose: nopl 0x51a70001(%rax,%rax).  For user space and for the kernel.
 */
#ifndef _BENCH_MARKS_H
#define _BENCH_MARKS_H

/* The 8 bytes as a number. */
#define MARK_BEGIN	0x51a7000100841f0f
#define MARK_END	0x51a7000200841f0f

#define _MARK_TEXT(number)	".quad " #number
#define MARK_TEXT(number)	_MARK_TEXT(number)

static inline void mark_begin(void)
{
	__asm__ volatile(MARK_TEXT(MARK_BEGIN) : : : "memory");
}

static inline void mark_end(void)
{
	__asm__ volatile(MARK_TEXT(MARK_END) : : : "memory");
}

#endif /* _BENCH_MARKS_H */
