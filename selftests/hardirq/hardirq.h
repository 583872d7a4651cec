/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver hardirq answers to; selftests/hardirq.c asks. */
#ifndef HARDIRQ_H
#define HARDIRQ_H

#define HARD_GET	(('h' << 8) | 1)	/* returns what could be had there */
#define HARD_FREE	(('h' << 8) | 2)	/* returns how many messages */
#define HARD_SEND	(('h' << 8) | 3)	/* "a", "b", "c", then the answer */
#define HARD_SERVE	(('h' << 8) | 4)	/* one message, "s", of a service procedure */

/* What HARD_GET returns: bits. */
#define GOT_SMALL	0x01	/* allocb() of a small message */
#define GOT_MEDIUM	0x02
#define GOT_LARGE	0x04
#define GOT_DUPB	0x08
#define GOT_KMEM	0x10	/* kmem_alloc(KM_NOSLEEP) */
#define GOT_BUFCALL	0x20
#define GOT_TIMEOUT	0x40
#define GOT_ALL		0x7f

#define NO_SLAB		0x100	/* as on PREEMPT_RT: only what lies ready */
#define NONE_READY	0x200	/* no magazines in this kernel: nothing does */

#endif /* HARDIRQ_H */
