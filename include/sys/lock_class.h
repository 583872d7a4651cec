/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/lock_class.h>: how lockdep tells locks apart.  Each place in the source
 * that initialises locks has a class of its own.
 */
#ifndef _SYS_LOCK_CLASS_H
#define _SYS_LOCK_CLASS_H

#include <sys/types.h>
#include <strm/generated/layout.h>

/* Sizes and alignments are those of the kernel that is built against. */
#define STRM_STORAGE(SIZE, ALIGN) unsigned char storage[SIZE] __attribute__((aligned(ALIGN)))

struct strm_lock_class {
	STRM_STORAGE(LIN_LOCK_CLASS_SIZE, 8);
};

#define STRM_LOCK_CLASS()							\
	(__extension__({ static struct strm_lock_class strm_lock_class_here;	\
			 &strm_lock_class_here; }))

#endif /* _SYS_LOCK_CLASS_H */
