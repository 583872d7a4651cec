// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdev: DLPI over the network interfaces of Linux, so that STREAMS protocols run on
 * every NIC that the kernel has a driver for.  PPA n is the interface with index n.
 *
 * A provider of <sys/mac_provider.h> that owns no hardware: frames come from a packet
 * hook and go to the interface's queue, beside those of the kernel's own protocols.
 */
#include <sys/errno.h>
#include <sys/stream.h>

#include "netdev.h"

static struct mac_driver netdev_driver = { .md_name = "netdev" };

/* By what number each count is asked for. */
static const uint_t netdev_stats[NETDEV_COUNTS] = {
	[NETDEV_IPACKETS] = MAC_STAT_IPACKETS,
	[NETDEV_RBYTES] = MAC_STAT_RBYTES,
	[NETDEV_MULTIRCV] = MAC_STAT_MULTIRCV,
	[NETDEV_BRDCSTRCV] = MAC_STAT_BRDCSTRCV,
	[NETDEV_OPACKETS] = MAC_STAT_OPACKETS,
	[NETDEV_OBYTES] = MAC_STAT_OBYTES,
	[NETDEV_MULTIXMT] = MAC_STAT_MULTIXMT,
	[NETDEV_BRDCSTXMT] = MAC_STAT_BRDCSTXMT,
	[NETDEV_NORCVBUF] = MAC_STAT_NORCVBUF,
	[NETDEV_IERRORS] = MAC_STAT_IERRORS,
	[NETDEV_TOOLONG] = ETHER_STAT_TOOLONG_ERRORS,
	[NETDEV_NOXMTBUF] = MAC_STAT_NOXMTBUF,
	[NETDEV_OERRORS] = MAC_STAT_OERRORS,
};

/*
 * The interface has counters of its own, of everybody's frames; but some drivers take
 * locks to read them that may not be taken here.  So these are of what came and went
 * through this provider.
 */
static int netdev_getstat(void *driver, uint_t stat, uint64_t *value)
{
	const struct netdev_port *port = driver;
	enum netdev_count count;

	if (stat == MAC_STAT_IFSPEED) {
		*value = netdev_speed(port);
		return 0;
	}
	if (stat == ETHER_STAT_LINK_DUPLEX) {
		*value = netdev_duplex(port);
		return 0;
	}
	for (count = 0; count < NETDEV_COUNTS; count++) {
		if (netdev_stats[count] == stat) {
			*value = netdev_count(port, count);
			return 0;
		}
	}
	return ENOTSUP;
}

/*
 * Giving an interface another address sleeps, takes the lock of all network
 * configuration, and changes it for the kernel's protocols too: that is for
 * "ip link set address", of which streams are told.
 */
static int netdev_unicst(void *driver, const uint8_t *addr)
{
	return ENOTSUP;
}

static mac_callbacks_t netdev_callbacks = {
	.mc_callbacks = MC_SETSENT,
	.mc_getstat = netdev_getstat,
	.mc_start = netdev_start,
	.mc_stop = netdev_stop,
	.mc_setpromisc = netdev_promisc,
	.mc_multicst = netdev_multicast,
	.mc_unicst = netdev_unicst,
	.mc_tx = netdev_transmit,
	.mc_setsent = netdev_sent,
};

/*
 * netdev_sdu - the largest SDU with this MTU: a frame has no more than 65535 bytes.  With a
 * tiny MTU it is more than the interface sends: netdev_send() drops what is too long.
 */
uint_t netdev_sdu(uint_t mtu)
{
	if (mtu < NETDEV_SDU_MIN)
		return NETDEV_SDU_MIN;
	return mtu > NETDEV_SDU_MAX ? NETDEV_SDU_MAX : mtu;
}

/* netdev_offer - let programs attach to an interface; may sleep; 0 or an error number */
int netdev_offer(struct netdev_port *port, const struct netdev_facts *facts, mac_handle_t *mhp)
{
	mac_register_t *mregp = mac_alloc(MAC_VERSION);
	int error;

	if (!mregp)
		return ENOMEM;
	mregp->m_type_ident = MAC_PLUGIN_IDENT_ETHER;
	mregp->m_driver = port;
	mregp->m_of = &netdev_driver;
	mregp->m_instance = facts->ppa;
	mregp->m_src_addr = facts->addr;
	mregp->m_fact_addr = facts->fact_addr;
	mregp->m_callbacks = &netdev_callbacks;
	mregp->m_max_sdu = netdev_sdu(facts->mtu);
	mregp->m_margin = NETDEV_MARGIN;
	mregp->m_echoes = facts->echoes;
	error = mac_register(mregp, mhp);
	mac_free(mregp);
	return error;
}

int netdev_provider_init(struct module *owner)
{
	return mac_driver_register(&netdev_driver, owner);
}

void netdev_provider_exit(void)
{
	mac_driver_unregister(&netdev_driver);
}
