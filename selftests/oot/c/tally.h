/* SPDX-License-Identifier: GPL-2.0-only */
/* What tally answers to: for itself and for the programs that ask. */
#ifndef TALLY_H
#define TALLY_H

#define TALLY_GET	(('T' << 8) | 1)	/* I_STR: fills in a struct tally */
#define TALLY_CLEAR	(('T' << 8) | 2)	/* I_STR: begin again at 0 */

struct tally {
	unsigned long long down_messages;
	unsigned long long down_bytes;
	unsigned long long up_messages;
	unsigned long long up_bytes;
};

#endif /* TALLY_H */
