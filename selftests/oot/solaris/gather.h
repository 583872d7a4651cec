/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much the gather module sends up in one message, and how long it waits for that.
 */
#ifndef _GATHER_H
#define	_GATHER_H

#define	GATHER_SIZE	256	/* bytes */
#define	GATHER_USEC	200000	/* microseconds, from the first of them on */

#endif	/* _GATHER_H */
