/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netdev: what its two halves tell each other.  netdev.c is the provider, as the DLPI
 * core sees it; the files that end in _linux.c know Linux's network interfaces.
 */
#ifndef _NETDEV_H
#define _NETDEV_H

#include <sys/mac_provider.h>

#define NETDEV_SDU_MIN	64	/* the core's, as is the other */
#define NETDEV_SDU_MAX	(65535 - 14)
#define NETDEV_MARGIN	4	/* bytes that a VLAN tag makes a frame longer */

/* A network interface that DLPI programs may attach to. */
struct netdev_port;

/* What is counted, on each CPU by itself. */
enum netdev_count {
	NETDEV_IPACKETS,
	NETDEV_RBYTES,
	NETDEV_MULTIRCV,
	NETDEV_BRDCSTRCV,
	NETDEV_OPACKETS,
	NETDEV_OBYTES,
	NETDEV_MULTIXMT,
	NETDEV_BRDCSTXMT,
	NETDEV_NORCVBUF,	/* received, and no memory for the message */
	NETDEV_IERRORS,		/* received, and not passed on for what it is */
	NETDEV_TOOLONG,		/* of these: longer than the MTU admits */
	NETDEV_NOXMTBUF,	/* to be sent, and dropped for want of memory or by the interface */
	NETDEV_OERRORS,		/* to be sent, and not sendable: too long, the interface is down */
	NETDEV_COUNTS
};

/* An interface as it is when it appears. */
struct netdev_facts {
	uint_t		ppa;
	uint_t		mtu;
	const uchar_t	*addr;
	const uchar_t	*fact_addr;
	boolean_t	echoes;		/* what is sent comes back */
};

/* netdev.c */
int netdev_provider_init(struct module *owner);
void netdev_provider_exit(void);
uint_t netdev_sdu(uint_t mtu);
int netdev_offer(struct netdev_port *port, const struct netdev_facts *facts, mac_handle_t *mhp);

/* netdev_linux.c: how an interface is made to receive; the callbacks of mac(9E) */
int netdev_start(void *driver);
void netdev_stop(void *driver);
int netdev_promisc(void *driver, boolean_t on);
void netdev_sent(void *driver, boolean_t on);
int netdev_multicast(void *driver, boolean_t add, const uint8_t *addr);
uint64_t netdev_count(const struct netdev_port *port, enum netdev_count what);
uint64_t netdev_speed(const struct netdev_port *port);
link_duplex_t netdev_duplex(const struct netdev_port *port);

/* transmit_linux.c */
mblk_t *netdev_transmit(void *driver, mblk_t *chain);

#endif /* _NETDEV_H */
