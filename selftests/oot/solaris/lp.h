/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interface of the lp driver.
 */
#ifndef _LP_H
#define	_LP_H

#define	LPIOC		('p' << 8)
#define	LPGETSTAT	(LPIOC | 1)	/* I_STR: fills in a struct lpstat */
#define	LPSETSPEED	(LPIOC | 2)	/* I_STR, int: characters per second */

struct lpstat {
	int		ls_speed;	/* characters per second */
	int		ls_stopped;	/* M_STOP has come */
	unsigned int	ls_printed;	/* characters on paper */
	unsigned int	ls_lines;	/* of them, line feeds */
	unsigned int	ls_bursts;	/* times that the printer was fed */
	unsigned int	ls_lost;	/* characters that no reader had room for */
};

#endif	/* _LP_H */
