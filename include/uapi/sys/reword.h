/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/reword.h>: what programs say to the module reword.
 *
 * The module replaces words in the text that comes up a stream.  Its rules are
 * the same for all streams that have it.
 */
#ifndef _SYS_REWORD_H
#define _SYS_REWORD_H

#include <sys/stropts.h>
#ifndef __KERNEL__
#include <stdint.h>
#endif

#define __REWORD_IOC		('w' << 8)
#define REWORD_SET		(__REWORD_IOC | 1) /* I_STR, rules: these now, for all streams */
#define REWORD_GET		(__REWORD_IOC | 2) /* I_STR: they come back, REWORD_RULES at most */
#define REWORD_STAT		(__REWORD_IOC | 3) /* I_STR: a struct reword_stat comes back */

#define REWORD_RULES		32
#define REWORD_LONGEST		15	/* letters and digits of a word that has a rule */

/* Both end with a null character; reword_from has letters and digits, at least one. */
struct reword_rule {
	char		reword_from[REWORD_LONGEST + 1];
	char		reword_to[REWORD_LONGEST + 1];
};

/* The first three are of this stream. */
struct reword_stat {
	uint64_t	reword_messages;	/* of text */
	uint64_t	reword_words;
	uint64_t	reword_replaced;
	uint32_t	reword_rules;		/* that there are now */
	uint32_t	reword_tables;		/* times they were set; SET and GET return it */
};

__STR_SIZE(struct reword_rule, 32);
__STR_SIZE(struct reword_stat, 32);

#endif /* _SYS_REWORD_H */
