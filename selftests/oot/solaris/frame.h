/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the frame module puts on the line: a header of four bytes, then the data.
 */
#ifndef _FRAME_H
#define	_FRAME_H

#define	FRAME_MAGIC	0xa5	/* first byte; the second is 0 */
#define	FRAME_HDR	4	/* then the length, high byte first */
#define	FRAME_MAX	4096	/* longest data of one frame */
#define	FRAME_POOL	8	/* headers that the module has of its own */

#endif	/* _FRAME_H */
