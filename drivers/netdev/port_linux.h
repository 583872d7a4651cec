/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An interface, as the files that end in _linux.c share it.  They include Linux's headers
 * first: <linux/netdevice.h>, <linux/workqueue.h>, <linux/mutex.h> and <net/sock.h>.
 */
#ifndef _NETDEV_PORT_LINUX_H
#define _NETDEV_PORT_LINUX_H

#include "netdev.h"

struct netdev_counts {
	u64 count[NETDEV_COUNTS];
};

/**
 * struct netdev_port - an interface that DLPI programs may attach to
 * @dev: the interface, held from its appearance until it goes; under rtnl NULL afterwards.
 *	The callbacks of mac(9E) run in between
 * @mh: handle of the DLPI core; as @dev
 * @node: in the list of ports; under rtnl
 * @refs: one for being in the list, one for @promisc_work
 * @counts: of each CPU, which adds without a lock
 * @speed: bits per second; @duplex: both written under rtnl, read by anybody
 * @hook: receives; in the lists of the network core while @sk is there
 * @sk: whom the frames that are being sent are charged to.  RCU; written under @hook_lock
 * @hook_lock: of @hook, @sk and @gone, while they change; taken under rtnl and never around it
 * @hook_work: has hook and sk follow @started
 * @started: between mc_start and mc_stop, which are not called at the same time
 * @gone: no hook any more
 * @waits: mc_tx has handed frames back; netdev_wake() takes it away
 * @promisc: what mc_setpromisc last asked for
 * @promisc_work: has the interface follow @promisc, under rtnl
 * @promisc_on: what the interface was told; under rtnl
 */
struct netdev_port {
	struct net_device *dev;
	netdevice_tracker tracker;
	mac_handle_t mh;
	struct list_head node;
	struct kref refs;
	struct netdev_counts __percpu *counts;
	u64 speed;
	link_duplex_t duplex;

	struct packet_type hook;
	struct sock __rcu *sk;
	struct mutex hook_lock;		/* above */
	struct delayed_work hook_work;
	bool started;
	bool gone;
	atomic_t waits;

	bool promisc;
	struct work_struct promisc_work;
	bool promisc_on;
};

static inline void netdev_add(struct netdev_port *port, enum netdev_count what, u64 n)
{
	this_cpu_add(port->counts->count[what], n);
}

/* netdev_add_group - count a frame that goes to many, by what it goes to */
static inline void netdev_add_group(struct netdev_port *port, const u8 *dest,
				    enum netdev_count multi, enum netdev_count broadcast)
{
	if (is_multicast_ether_addr(dest))
		netdev_add(port, is_broadcast_ether_addr(dest) ? broadcast : multi, 1);
}

/* receive_linux.c */
int netdev_receive(struct sk_buff *skb, struct net_device *dev, struct packet_type *hook,
		   struct net_device *orig);

/* transmit_linux.c */
struct sock *netdev_account(struct netdev_port *port);
void netdev_unaccount(struct sock *sk);
void netdev_wake(struct netdev_port *port);

#endif /* _NETDEV_PORT_LINUX_H */
