/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/pfmod.h>: what programs say to the packet filter module, pfmod(7).
 *
 * A filter is a program of 16-bit words for a machine with a stack.  A word has
 * an action in its lower ENF_NBPA bits and an operator above them: the action is
 * done first, then the operator.  Programs and kernel modules include this file.
 */
#ifndef _SYS_PFMOD_H
#define _SYS_PFMOD_H

#include <sys/stropts.h>
#ifndef __KERNEL__
#include <stdint.h>
#endif

#define PFIOC			('P' << 8)
#define PFIOCSETF		(PFIOC | 1)	/* this filter from now on */

#define ENMAXFILTERS		255	/* words of a filter */
#define PF_MAXFILTERS		2047	/* words of a filter of the extended form */

struct packetfilt {
	uint8_t		Pf_Priority;			/* without effect */
	uint8_t		Pf_FilterLen;			/* words that count in Pf_Filter */
	uint16_t	Pf_Filter[ENMAXFILTERS];
};

struct Pf_ext_packetfilt {
	uint8_t		Pf_Priority;			/* without effect */
	uint32_t	Pf_FilterLen;			/* words that count in Pf_Filter */
	uint16_t	Pf_Filter[PF_MAXFILTERS];
};

#define ENF_NBPA		10	/* bits of an action */
#define ENF_NBPO		6	/* bits of an operator */

/* Actions.  What they push is a word of the machine's own byte order. */
#define ENF_NOPUSH		0
#define ENF_PUSHLIT		1	/* push the next word of the program */
#define ENF_PUSHZERO		2
#define ENF_PUSHONE		3
#define ENF_PUSHFFFF		4
#define ENF_PUSHFF00		5
#define ENF_PUSH00FF		6
#define ENF_LOAD_OFFSET		7	/* the next word is added to n */
#define ENF_BRTR		8	/* top is not 0: skip as many as the next says */
#define ENF_BRFL		9	/* the top is 0: likewise */
#define ENF_POP			10	/* drop the top */
#define ENF_PUSHWORD		16	/* ENF_PUSHWORD + n: push word n of the message */

/* Operators: of the two words on top, the later one is on the right. */
#define ENF_NOP			(0 << ENF_NBPA)
#define ENF_EQ			(1 << ENF_NBPA)
#define ENF_LT			(2 << ENF_NBPA)
#define ENF_LE			(3 << ENF_NBPA)
#define ENF_GT			(4 << ENF_NBPA)
#define ENF_GE			(5 << ENF_NBPA)
#define ENF_AND			(6 << ENF_NBPA)	/* bit by bit */
#define ENF_OR			(7 << ENF_NBPA)
#define ENF_XOR			(8 << ENF_NBPA)
#define ENF_COR			(9 << ENF_NBPA)	/* equal: accept now */
#define ENF_CAND		(10 << ENF_NBPA)	/* not equal: reject now */
#define ENF_CNOR		(11 << ENF_NBPA)	/* equal: reject now */
#define ENF_CNAND		(12 << ENF_NBPA)	/* not equal: accept now */
#define ENF_NEQ			(13 << ENF_NBPA)

__STR_SIZE(struct packetfilt, 512);
__STR_AT(struct packetfilt, Pf_FilterLen, 1);
__STR_AT(struct packetfilt, Pf_Filter, 2);
__STR_SIZE(struct Pf_ext_packetfilt, 4104);
__STR_AT(struct Pf_ext_packetfilt, Pf_FilterLen, 4);
__STR_AT(struct Pf_ext_packetfilt, Pf_Filter, 8);

#endif /* _SYS_PFMOD_H */
