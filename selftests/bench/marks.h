/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks: instructions that do nothing, but say to plugin.c where counting begins
 * and where it ends.  Each is a NOP of 8 bytes with an operand that no compiler
 * would choose.  For user space and for the kernel.
 */
#ifndef _BENCH_MARKS_H
#define _BENCH_MARKS_H

#define MARK_BYTES(which)	0x0f, 0x1f, 0x84, 0x00, which, 0x00, 0xa7, 0x51

#define MARK_BEGIN	1
#define MARK_END	2

#define __MARK_TEXT(...)	#__VA_ARGS__
#define _MARK_TEXT(...)	__MARK_TEXT(__VA_ARGS__)
#define MARK(which) \
	__asm__ volatile(".byte " _MARK_TEXT(MARK_BYTES(which)) : : : "memory")

#endif /* _BENCH_MARKS_H */
