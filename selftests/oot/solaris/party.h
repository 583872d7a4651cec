/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interface of the party driver.
 */
#ifndef _PARTY_H
#define	_PARTY_H

#define	PARTYIOC	('y' << 8)
#define	PARTY_SETNAME	(PARTYIOC | 1)	/* struct party_name: my name */
#define	PARTY_GETNAME	(PARTYIOC | 2)	/* struct party_name: the name of p_minor */
#define	PARTY_HANGUP	(PARTYIOC | 3)	/* I_STR, int: hang up that minor */

#define	PARTY_SEATS	4		/* minors with a node: seat0 to seat3 */
#define	PARTY_MAX	64		/* minors in all */
#define	PARTY_NAMELEN	16
#define	PARTY_HIWAT	2048		/* what a reader may leave unread */

struct party_name {
	int		p_minor;
	char		p_name[PARTY_NAMELEN];
};

#endif	/* _PARTY_H */
