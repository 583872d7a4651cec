// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdev: interfaces come and go, and begin and cease to receive.
 *
 * Linux tells of interfaces by a notifier, in process context and with rtnl, the lock of
 * all network configuration, held.  The callbacks of the DLPI core may not sleep; what
 * needs to for them is done by two works:
 *
 *  - hook_work adds and removes the packet hook.  (Adding takes no more than a spin lock,
 *    but one that may not be taken in softirq.)  Until it has, nothing is sent either: a
 *    program that attaches and sends gets the answer.
 *  - promisc_work takes rtnl to make the interface promiscuous or no longer.
 *
 * An interface that goes has hook_work cancelled with rtnl held, so that one must not take
 * it.  promisc_work cannot be waited for: it has a reference to the port, and finds no
 * interface there when it comes late.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include "port_linux.h"
#include <sys/errno.h>

#define NETDEV_RETRY	(HZ / 10)	/* when there was no memory for the hook */

static struct workqueue_struct *netdev_works;
static LIST_HEAD(netdev_ports);		/* under rtnl */

static void netdev_port_free(struct kref *refs)
{
	struct netdev_port *port = container_of(refs, struct netdev_port, refs);

	free_percpu(port->counts);
	kfree(port);
}

/* ------------------------------------------------------------ to receive */

static bool netdev_hook(struct netdev_port *port)
{
	struct sock *sk = netdev_account(port);

	if (!sk)
		return false;
	port->hook.af_packet_priv = sk;		/* what it sends does not come back to it */
	dev_add_pack(&port->hook);
	rcu_assign_pointer(port->sk, sk);
	netdev_wake(port);
	return true;
}

/* When it returns netdev_receive() and netdev_wake() do not run for this port any more. */
static void netdev_unhook(struct netdev_port *port)
{
	struct sock *sk = rcu_dereference_protected(port->sk, lockdep_is_held(&port->hook_lock));

	if (!sk)
		return;
	RCU_INIT_POINTER(port->sk, NULL);
	rcu_assign_sk_user_data(sk, NULL);
	dev_remove_pack(&port->hook);		/* waits for a grace period */
	netdev_unaccount(sk);
}

static void netdev_hook_work(struct work_struct *work)
{
	struct netdev_port *port = container_of(work, struct netdev_port, hook_work.work);

	mutex_lock(&port->hook_lock);
	if (!READ_ONCE(port->started))
		netdev_unhook(port);
	else if (!port->gone && !rcu_access_pointer(port->sk) && !netdev_hook(port))
		queue_delayed_work(netdev_works, &port->hook_work, NETDEV_RETRY);
	mutex_unlock(&port->hook_lock);
}

int netdev_start(void *driver)
{
	struct netdev_port *port = driver;

	WRITE_ONCE(port->started, true);
	mod_delayed_work(netdev_works, &port->hook_work, 0);
	return 0;
}

void netdev_stop(void *driver)
{
	struct netdev_port *port = driver;

	WRITE_ONCE(port->started, false);
	mod_delayed_work(netdev_works, &port->hook_work, 0);
}

/* ------------------------------------------------------ whom to listen to */

static void netdev_promisc_work(struct work_struct *work)
{
	struct netdev_port *port = container_of(work, struct netdev_port, promisc_work);
	bool on = READ_ONCE(port->promisc);

	rtnl_lock();
	if (port->dev && on != port->promisc_on && !dev_set_promiscuity(port->dev, on ? 1 : -1))
		port->promisc_on = on;
	rtnl_unlock();
	kref_put(&port->refs, netdev_port_free);
}

int netdev_promisc(void *driver, boolean_t on)
{
	struct netdev_port *port = driver;

	WRITE_ONCE(port->promisc, on);
	kref_get(&port->refs);
	if (!queue_work(netdev_works, &port->promisc_work))
		kref_put(&port->refs, netdev_port_free);
	return 0;
}

/* What the host itself sends. */
void netdev_sent(void *driver, boolean_t on)
{
	struct netdev_port *port = driver;

	WRITE_ONCE(port->hook.ignore_outgoing, !on);
}

int netdev_multicast(void *driver, boolean_t add, const uint8_t *addr)
{
	struct netdev_port *port = driver;

	return -(add ? dev_mc_add(port->dev, addr) : dev_mc_del(port->dev, addr));
}

/* ------------------------------------------------------------ what is known */

uint64_t netdev_count(const struct netdev_port *port, enum netdev_count what)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(port->counts, cpu)->count[what]);
	return sum;
}

uint64_t netdev_speed(const struct netdev_port *port)
{
	return READ_ONCE(port->speed);
}

link_duplex_t netdev_duplex(const struct netdev_port *port)
{
	return READ_ONCE(port->duplex);
}

static void netdev_tell_link(struct netdev_port *port)
{
	bool up = netif_running(port->dev) && netif_carrier_ok(port->dev);
	struct ethtool_link_ksettings link;
	link_duplex_t duplex = LINK_DUPLEX_UNKNOWN;
	u64 speed = 0;

	if (up && !__ethtool_get_link_ksettings(port->dev, &link)) {
		if (link.base.speed != (u32)SPEED_UNKNOWN)
			speed = link.base.speed * 1000000ULL;
		if (link.base.duplex == DUPLEX_FULL)
			duplex = LINK_DUPLEX_FULL;
		else if (link.base.duplex == DUPLEX_HALF)
			duplex = LINK_DUPLEX_HALF;
	}
	WRITE_ONCE(port->speed, speed);
	WRITE_ONCE(port->duplex, duplex);
	mac_link_update(port->mh, up ? LINK_STATE_UP : LINK_STATE_DOWN);
}

/* -------------------------------------------------- interfaces come and go */

static struct netdev_port *netdev_port_of(const struct net_device *dev)
{
	struct netdev_port *port;

	ASSERT_RTNL();
	list_for_each_entry(port, &netdev_ports, node) {
		if (port->dev == dev)
			return port;
	}
	return NULL;
}

static bool netdev_is_ethernet(const struct net_device *dev)
{
	return (dev->type == ARPHRD_ETHER || dev->type == ARPHRD_LOOPBACK) &&
	       dev->addr_len == ETH_ALEN && dev->hard_header_len >= ETH_HLEN && dev->header_ops;
}

static struct netdev_port *netdev_port_alloc(struct net_device *dev)
{
	struct netdev_port *port = kzalloc(sizeof(*port), GFP_KERNEL);

	if (!port)
		return NULL;
	port->counts = alloc_percpu(struct netdev_counts);
	if (!port->counts) {
		kfree(port);
		return NULL;
	}
	kref_init(&port->refs);
	mutex_init(&port->hook_lock);
	INIT_DELAYED_WORK(&port->hook_work, netdev_hook_work);
	INIT_WORK(&port->promisc_work, netdev_promisc_work);
	port->hook.type = htons(ETH_P_ALL);
	port->hook.dev = dev;
	port->hook.func = netdev_receive;
	port->hook.ignore_outgoing = true;
	port->gone = true;			/* until it is registered */
	port->dev = dev;
	netdev_hold(dev, &port->tracker, GFP_KERNEL);
	return port;
}

static void netdev_port_done(struct netdev_port *port)
{
	netdev_put(port->dev, &port->tracker);
	port->dev = NULL;
	kref_put(&port->refs, netdev_port_free);
}

/* After mac_register(): somebody may have attached to it already. */
static void netdev_allow_hooking(struct netdev_port *port)
{
	mutex_lock(&port->hook_lock);
	port->gone = false;
	mutex_unlock(&port->hook_lock);
	mod_delayed_work(netdev_works, &port->hook_work, 0);
}

/* Before mac_unregister(): nothing is received any more, nor will be. */
static void netdev_stop_hooking(struct netdev_port *port)
{
	mutex_lock(&port->hook_lock);
	port->gone = true;
	netdev_unhook(port);
	mutex_unlock(&port->hook_lock);
}

/* Nobody can attach to it, or has. */
static void netdev_let_go(struct netdev_port *port)
{
	cancel_delayed_work_sync(&port->hook_work);
	if (port->promisc_on)
		dev_set_promiscuity(port->dev, -1);
	netdev_port_done(port);
}

static void netdev_appear(struct net_device *dev)
{
	struct netdev_facts facts = {
		.ppa = dev->ifindex,
		.mtu = dev->mtu,
		.addr = dev->dev_addr,
		.fact_addr = is_zero_ether_addr(dev->perm_addr) ? NULL : dev->perm_addr,
		.echoes = dev->flags & IFF_LOOPBACK ? B_TRUE : B_FALSE,
	};
	struct netdev_port *port;
	int error = ENOMEM;

	if (dev->reg_state != NETREG_REGISTERED || !netdev_is_ethernet(dev))
		return;
	if (dev->ifindex > MAC_PPA_MAX) {
		pr_notice_once("streams_netdev: interfaces with an index above %d are not shown, such as %s\n",
			       MAC_PPA_MAX, dev->name);
		return;
	}
	port = netdev_port_alloc(dev);
	if (port)
		error = netdev_offer(port, &facts, &port->mh);
	if (error) {
		pr_warn_ratelimited("streams_netdev: %s cannot be shown: error %d\n",
				    dev->name, error);
		if (port)
			netdev_let_go(port);
		return;
	}
	netdev_allow_hooking(port);
	list_add(&port->node, &netdev_ports);
	netdev_tell_link(port);
}

/* The interface is deleted, goes to another namespace, or this module goes. */
static void netdev_vanish(struct netdev_port *port)
{
	list_del(&port->node);
	netdev_stop_hooking(port);
	mac_unregister(port->mh);
	netdev_let_go(port);
}

/* Something has happened to an interface that is not shown.  Perhaps it can be now. */
static void netdev_reconsider(struct net_device *dev, unsigned long event)
{
	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_POST_TYPE_CHANGE:
	case NETDEV_UP:			/* nobody tells that a change of the type */
	case NETDEV_CHANGE:		/* was refused, after NETDEV_PRE_TYPE_CHANGE */
	case NETDEV_CHANGEMTU:
		netdev_appear(dev);
		break;
	}
}

static int netdev_event(struct notifier_block *block, unsigned long event, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct netdev_port *port = netdev_port_of(dev);

	if (!port) {
		netdev_reconsider(dev, event);
		return NOTIFY_DONE;
	}
	switch (event) {
	case NETDEV_UNREGISTER:
	case NETDEV_PRE_TYPE_CHANGE:	/* a bond may become one of something else */
		netdev_vanish(port);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		netdev_tell_link(port);
		break;
	case NETDEV_CHANGEADDR:
		mac_unicst_update(port->mh, dev->dev_addr);
		break;
	case NETDEV_CHANGEMTU:
		mac_maxsdu_update(port->mh, netdev_sdu(dev->mtu));
		break;
	}
	return NOTIFY_DONE;
}

/*
 * Interfaces of the first namespace only: an index means something only in its namespace, and
 * nodes in /dev belong to none.  One that moves away is unregistered here and comes
 * back registered anew.
 */
static struct notifier_block netdev_notifier = { .notifier_call = netdev_event };

static int __init netdev_init(void)
{
	int error;

	netdev_works = alloc_workqueue("streams_netdev", WQ_UNBOUND, 0);
	if (!netdev_works)
		return -ENOMEM;
	error = -netdev_provider_init(THIS_MODULE);
	if (error)
		goto no_provider;
	error = register_netdevice_notifier_net(&init_net, &netdev_notifier);
	if (error)
		goto no_notifier;
	return 0;

no_notifier:
	netdev_provider_exit();
no_provider:
	destroy_workqueue(netdev_works);
	return error;
}

static void __exit netdev_exit(void)
{
	unregister_netdevice_notifier_net(&init_net, &netdev_notifier);
	netdev_provider_exit();
	destroy_workqueue(netdev_works);
	synchronize_rcu_tasks(); /* netdev_returned() may be on its way out */
}

module_init(netdev_init);
module_exit(netdev_exit);
MODULE_DESCRIPTION("STREAMS driver: DLPI over the network interfaces of Linux");
MODULE_LICENSE("GPL");
