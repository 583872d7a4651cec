/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate of a perimeter: the two words that every message reads.
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
 *
 * @word is written under the perimeter's lock, and by the compare and exchange
 * of an exclusive owner.  It shares a cache line with nothing that is written
 * for each message.
 */
struct strm_gate {
	unsigned int	word;
	unsigned int	*claims;
};

#define STRM_GATE_SOLE		0x1	/* every entry is exclusive; constant */
#define STRM_GATE_OWNED		0x2	/* an exclusive owner is inside */
#define STRM_GATE_PENDING	0x4	/* somebody waits: take a ticket behind them */

#endif /* _STRM_GATE_H */
