/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/hub.h>: what programs say to the driver hub.
 *
 * Each open of /dev/streams/hub is a port with a number.  What is written to one
 * port comes out of all others of its group.  A message with a control part, a
 * struct hub_message, goes to one of them or says whom it is from.
 */
#ifndef _SYS_HUB_H
#define _SYS_HUB_H

#include <sys/stropts.h>
#ifndef __KERNEL__
#include <stdint.h>
#endif

#define __HUB_IOC		('h' << 8)
#define HUB_PORT		(__HUB_IOC | 1)	/* returns the number of the port */
#define HUB_JOIN		(__HUB_IOC | 2)	/* I_STR, uint32_t: the group to be in; first 0 */
#define HUB_LEAD		(__HUB_IOC | 3)	/* when it closes, its group is hung up */
#define HUB_STAT		(__HUB_IOC | 4)	/* I_STR: a struct hub_stat comes back */

/* hub_primitive */
#define HUB_SEND		1	/* to the hub: pass this on to hub_port */
#define HUB_HEARD		2	/* from the hub: this was sent by hub_port */
#define HUB_REFUSED		3	/* from the hub: not passed on, and why; the data is back */

#define HUB_EVERYONE		0xffffffffU	/* hub_port: all others of the group */

struct hub_message {
	uint32_t	hub_primitive;
	uint32_t	hub_port;
	uint32_t	hub_error;	/* HUB_REFUSED: an error number */
};

/* The first five are of the whole hub, since it was loaded. */
struct hub_stat {
	uint64_t	hub_sent;	/* messages that somebody has heard */
	uint64_t	hub_heard;	/* the same, once for each who did */
	uint64_t	hub_unheard;	/* nobody was there */
	uint64_t	hub_held;	/* times that one had to wait for room at a reader */
	uint64_t	hub_lost;	/* for want of memory: see hub.c */
	uint32_t	hub_ports;	/* open now */
	uint32_t	hub_number;	/* this port, */
	uint32_t	hub_group;	/* its group, */
	uint32_t	hub_members;	/* and how many are in that, this one too */
};

__STR_SIZE(struct hub_message, 12);
__STR_SIZE(struct hub_stat, 56);

#endif /* _SYS_HUB_H */
