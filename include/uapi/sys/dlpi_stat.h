/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/dlpi_stat.h>: what a DL_GET_STATISTICS_ACK carries.
 *
 * The data link provider interface leaves it to the driver.  Here it is one structure
 * for all drivers, the same for programs of 32 and 64 bits.  It grows at its end only:
 * who finds ds_version 1 and a larger ds_size than he knows has all that he knows.
 * dl_stat_offset need not be a multiple of 8: copy it.
 */
#ifndef _SYS_DLPI_STAT_H
#define _SYS_DLPI_STAT_H

#include <sys/dlpi.h>

#define DLPI_STAT_VERSION	1

/* ds_link_state */
#define DLPI_LINK_UNKNOWN	0
#define DLPI_LINK_DOWN		1
#define DLPI_LINK_UP		2

/* ds_link_duplex */
#define DLPI_DUPLEX_UNKNOWN	0
#define DLPI_DUPLEX_HALF	1
#define DLPI_DUPLEX_FULL	2

struct dlpi_stat {
	uint32_t	ds_version;
	uint32_t	ds_size;	/* of this structure */

	/* the device, since it is there; what it does not count is 0 */
	uint32_t	ds_link_state;
	uint32_t	ds_link_duplex;
	uint64_t	ds_ifspeed;	/* bits a second, now; 0: not known */
	uint64_t	ds_ipackets64;	/* received */
	uint64_t	ds_rbytes64;
	uint64_t	ds_opackets64;	/* sent */
	uint64_t	ds_obytes64;
	uint64_t	ds_multircv;
	uint64_t	ds_brdcstrcv;
	uint64_t	ds_multixmt;
	uint64_t	ds_brdcstxmt;
	uint64_t	ds_norcvbuf;	/* lost: no buffer */
	uint64_t	ds_ierrors;
	uint64_t	ds_unknowns;	/* nobody wanted it */
	uint64_t	ds_noxmtbuf;	/* had to wait, or was lost, for want of a buffer */
	uint64_t	ds_oerrors;
	uint64_t	ds_collisions;

	/* the stream that asks, since it is open: frames */
	uint64_t	ds_received;	/* sent up the stream */
	uint64_t	ds_sent;	/* taken by the device */
	uint64_t	ds_dropped;	/* not sent up: the reader was too slow, or no memory */
};

__STR_SIZE(struct dlpi_stat, 160);
__STR_AT(struct dlpi_stat, ds_ifspeed, 16);
__STR_AT(struct dlpi_stat, ds_received, 136);

#endif /* _SYS_DLPI_STAT_H */
