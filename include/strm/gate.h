/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate of a perimeter: the words that every message reads.
 *
 * C and C++ share this layout.  C has the per-CPU counter, because only there
 * is an increment one instruction; C++ has everything else (perimeter/).
 */
#ifndef _STRM_GATE_H
#define _STRM_GATE_H

/**
 * struct strm_gate - what a message reads on its way into a perimeter
 * @word: STRM_GATE_ bits; 0 lets shared entrants pass without a look at more
 * @claims: counter of shared claims, one per possible CPU; only the sum means
 *	anything.  Gates without shared entry have one together, that is not read.
 * @outer: the gate around this one, or a null pointer; immutable
 *
 * @word is written under the perimeter's lock, and by the compare and exchange
 * of an exclusive owner.  It shares a cache line with nothing that is written
 * for each message.
 */
struct strm_gate {
	unsigned int	word;
	unsigned int	*claims;
	struct strm_gate *outer;
};

#define STRM_GATE_SOLE		0x01	/* every entry is exclusive; constant */
#define STRM_GATE_NESTED	0x02	/* there is an outer gate to pass; constant */
#define STRM_GATE_OWNED		0x04	/* an exclusive owner is inside */
#define STRM_GATE_PENDING	0x08	/* take a ticket: behind an exclusive entry, or any */
#define STRM_GATE_BACKLOG	0x10	/* only shared entries wait: pass who has none there */
#define STRM_GATE_FENCED	0x20	/* who claims executes a fence of his own */
#define STRM_GATE_WATCHED	0x40	/* qwait(): say when a procedure has returned */

#endif /* _STRM_GATE_H */
