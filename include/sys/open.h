/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/open.h>: kinds of opens and closes that cb_open() and cb_close() are told of. */
#ifndef _SYS_OPEN_H
#define _SYS_OPEN_H

#define OTYPCNT		5
#define OTYP_BLK	0
#define OTYP_MNT	1
#define OTYP_CHR	2
#define OTYP_SWP	3
#define OTYP_LYR	4

#endif /* _SYS_OPEN_H */
