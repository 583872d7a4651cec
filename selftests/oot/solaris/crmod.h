/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interface of the crmod module.
 */
#ifndef _CRMOD_H
#define	_CRMOD_H

#define	CRMODIOC	('C' << 8)
#define	CRMOD_SET	(CRMODIOC | 1)	/* I_STR, int: what to do, CR_xxx */
#define	CRMOD_GET	(CRMODIOC | 2)	/* I_STR, int: what is done now */

#define	CR_IN		0x01	/* input: a CR becomes a NL */
#define	CR_OUT		0x02	/* output: a NL becomes CR and NL */
#define	CR_DC		0x04	/* output: DC3 stops the device, DC1 starts it */
#define	CR_ALL		(CR_IN | CR_OUT | CR_DC)

#endif	/* _CRMOD_H */
