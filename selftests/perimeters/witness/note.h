/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A message that says who sent it, and as which of how many; for the witness and
 * for the program that writes and reads.
 */
#ifndef WITNESS_NOTE_H
#define WITNESS_NOTE_H

#define NOTE_MAGIC	0x57495453
#define NOTE_THREADS	8	/* of a program, that write to one stream */
#define NOTE_MAYFLY	4	/* from here on they write to streams that come and go */

enum note_op {
	NOTE_USER,	/* from a program; the driver sends it back */
	NOTE_KERNEL,	/* from a timer, an interrupt ...; down to the driver, or one module up */
	NOTE_ASK,	/* from an open or close that waits for the driver's answer */
	NOTE_ANSWER,	/* the driver's answer */
	NOTE_WAKE,	/* to a queue's own open or close: look again */
	NOTE_BOUNCE,	/* between two modules, seq times */
};

enum note_lane {
	LANE_STRAIGHT,	/* from put procedure to put procedure */
	LANE_SERVICE,	/* through the queues and their service procedures */
	LANES,
};

struct note {
	unsigned int	magic;
	unsigned char	op;
	unsigned char	thread;		/* NOTE_USER: number of the thread that wrote it */
	unsigned char	lane;
	unsigned char	hop;		/* procedures of the witness that it has passed */
	unsigned int	seq;		/* from 1, for each sender, stream and lane */
	unsigned int	waiting;	/* NOTE_KERNEL: who waited to be alone when it was sent */
	unsigned short	from, way;	/* NOTE_KERNEL, NOTE_ASK: sender */
	unsigned int	generation;	/* of the sender */
};

#endif /* WITNESS_NOTE_H */
