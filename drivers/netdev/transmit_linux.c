// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdev: from a message to an sk_buff.
 *
 * What is sent is charged to a struct sock, as everything is that programs send: so the
 * kernel itself counts what is on its way, tells when there is room again, and shows
 * packet hooks nothing that they have sent themselves.
 *
 * The data is copied once, but for blocks whose memory is pages that may be counted:
 * large buffers, and what an interface or a driver has received into pages.  An sk_buff
 * refers to these, and holds the message until the last of it is sent.  The other
 * buffers are of the slab allocator, whose memory does not obey page references: whoever
 * in the network code takes one (to trim, to add a header) would have a page that is
 * somebody else's tomorrow.  Who wants to keep such data, or to give it to a local
 * receiver, copies it first (skb_orphan_frags): so the message is never held for longer than
 * the frame is in a queue.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include "port_linux.h"
#include <sys/stream.h>
#include <sys/strsun.h>

#define NETDEV_LEND	512	/* less than this is rather copied, in bytes */
#define NETDEV_LINEAR	128	/* what always is: headers, for whoever looks at them */

/* -------------------------------------------------------- what is on its way */

static struct proto netdev_proto = {
	.name = "streams_netdev",
	.owner = THIS_MODULE,
	.obj_size = sizeof(struct sock),
};

static bool netdev_room(const struct sock *sk)
{
	return refcount_read(&sk->sk_wmem_alloc) < READ_ONCE(sk->sk_sndbuf);
}

/* netdev_wake - who was handed frames back may try again */
void netdev_wake(struct netdev_port *port)
{
	smp_mb();	/* room first; pairs with that of netdev_sender() */
	if (atomic_read(&port->waits) && atomic_xchg(&port->waits, 0))
		mac_tx_update(port->mh);
}

/* A frame was sent or dropped. */
static void netdev_write_space(struct sock *sk)
{
	struct netdev_port *port;

	rcu_read_lock();
	port = rcu_dereference_sk_user_data(sk);
	if (port && sock_writeable(sk))
		netdev_wake(port);
	rcu_read_unlock();
}

/* netdev_account - whom to charge what @port sends to; holds this module; may sleep */
struct sock *netdev_account(struct netdev_port *port)
{
	struct sock *sk = sk_alloc(&init_net, AF_UNSPEC, GFP_KERNEL, &netdev_proto, 1);

	if (sk) {
		sock_init_data(NULL, sk);
		sk->sk_write_space = netdev_write_space;
		rcu_assign_sk_user_data(sk, port);
	}
	return sk;
}

/* netdev_unaccount - it goes when the last that is charged to it is gone */
void netdev_unaccount(struct sock *sk)
{
	sock_put(sk);
}

/* netdev_sender - whom to charge a frame to; NULL when there is no room */
static struct sock *netdev_sender(struct netdev_port *port)
{
	struct sock *sk = rcu_dereference(port->sk);

	if (sk && netdev_room(sk))
		return sk;
	atomic_set(&port->waits, 1);
	smp_mb();	/* then look again; pairs with that of netdev_wake() */
	sk = rcu_dereference(port->sk);
	return sk && netdev_room(sk) ? sk : NULL;
}

/* ------------------------------------------------------- blocks that are lent */

struct netdev_loan {
	struct ubuf_info ubuf;
	mblk_t *mp;
};

/*
 * The .ko may be unloaded once its last reference is put, and netdev_exit() waits for who
 * is still in here.
 */
static void netdev_returned(struct sk_buff *skb, struct ubuf_info *ubuf, bool success)
{
	struct netdev_loan *loan = container_of(ubuf, struct netdev_loan, ubuf);

	if (!refcount_dec_and_test(&ubuf->refcnt))
		return;
	freemsg(loan->mp);
	kfree(loan);
	module_put(THIS_MODULE);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
static const struct ubuf_info_ops netdev_loan_ops = { .complete = netdev_returned };
#endif

/* netdev_lend - @skb holds the message from now on; false without memory */
static bool netdev_lend(struct sk_buff *skb, mblk_t *mp)
{
	struct netdev_loan *loan = kzalloc(sizeof(*loan), GFP_ATOMIC | __GFP_NOWARN);

	if (!loan)
		return false;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	loan->ubuf.ops = &netdev_loan_ops;
#else
	loan->ubuf.callback = netdev_returned;
#endif
	loan->ubuf.flags = SKBFL_ZEROCOPY_FRAG;
	refcount_set(&loan->ubuf.refcnt, 1);
	loan->mp = mp;
	__module_get(THIS_MODULE);
	skb_zcopy_init(skb, &loan->ubuf);
	return true;
}

/* netdev_pages - how many fragments refer to this memory; 0: it has to be copied */
static uint_t netdev_pages(const uchar_t *at, size_t len)
{
	uint_t pages = 0;

	while (len) {
		struct page *page;
		size_t there;

		if (!virt_addr_valid(at))
			return 0;
		page = virt_to_head_page(at);
		if (!sendpage_ok(page))
			return 0;
		there = min_t(size_t, len, (uchar_t *)page_address(page) + page_size(page) - at);
		at += there;
		len -= there;
		pages++;
	}
	return pages;
}

/* netdev_linear - how many bytes of a message are copied; the rest is lent */
static size_t netdev_linear(const struct net_device *dev, const mblk_t *mp, size_t len)
{
	size_t linear = NETDEV_LINEAR, at = 0;
	uint_t pages = 0, some;

	if (len < NETDEV_LINEAR + NETDEV_LEND || !(READ_ONCE(dev->features) & NETIF_F_SG))
		return len;
	for (; mp; mp = mp->b_cont) {
		size_t size = MBLKL(mp);

		some = netdev_pages(mp->b_rptr, size);
		at += size;
		pages += some;
		if (!some && size) {	/* and so is what is before it */
			linear = max(linear, at);
			pages = 0;
		}
	}
	return linear + NETDEV_LEND > len || pages > MAX_SKB_FRAGS ? len : linear;
}

static void netdev_refer(struct sk_buff *skb, const uchar_t *at, size_t len)
{
	int i = skb_shinfo(skb)->nr_frags;

	for (; len; i++) {
		struct page *page = virt_to_head_page(at);
		size_t offset = at - (uchar_t *)page_address(page);
		size_t there = min_t(size_t, len, page_size(page) - offset);

		skb_fill_page_desc(skb, i, page, offset, there);
		get_page(page);
		skb->len += there;
		skb->data_len += there;
		skb->truesize += there;
		at += there;
		len -= there;
	}
}

/* netdev_fill - the data of the message: @linear bytes of it copied, the rest lent */
static void netdev_fill(struct sk_buff *skb, const mblk_t *mp, size_t linear)
{
	for (; mp; mp = mp->b_cont) {
		size_t size = MBLKL(mp);
		size_t copy = min(size, linear);

		skb_put_data(skb, mp->b_rptr, copy);
		linear -= copy;
		netdev_refer(skb, mp->b_rptr + copy, size - copy);
	}
}

/* netdev_skb - the frame as an sk_buff, which the message becomes part of; NULL without memory */
static struct sk_buff *netdev_skb(struct net_device *dev, mblk_t *mp, size_t len)
{
	size_t linear = netdev_linear(dev, mp, len);
	size_t room = LL_RESERVED_SPACE(dev);
	struct sk_buff *skb;

	skb = alloc_skb(room + linear + dev->needed_tailroom, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	if (linear < len && !netdev_lend(skb, mp)) {
		kfree_skb(skb);
		return NULL;
	}
	netdev_fill(skb, mp, linear);
	if (linear == len)
		freemsg(mp);
	return skb;
}

/* ------------------------------------------------------------------ downwards */

static void netdev_send(struct netdev_port *port, struct sock *sk, mblk_t *mp)
{
	struct net_device *dev = port->dev;
	size_t len = msgdsize(mp);
	struct sk_buff *skb;
	u8 dest[ETH_ALEN];
	int result;

	if (len < ETH_HLEN || len > ETH_HLEN + NETDEV_MARGIN + READ_ONCE(dev->mtu) ||
	    !netif_running(dev)) {
		netdev_add(port, NETDEV_OERRORS, 1);
		freemsg(mp);
		return;
	}
	skb = netdev_skb(dev, mp, len);
	if (!skb) {
		netdev_add(port, NETDEV_NOXMTBUF, 1);
		freemsg(mp);
		return;
	}
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->dev = dev;
	skb->protocol = eth_hdr(skb)->h_proto;
	ether_addr_copy(dest, eth_hdr(skb)->h_dest);
	skb_set_owner_w(skb, sk);
	result = dev_queue_xmit(skb);
	if (net_xmit_eval(result)) {
		netdev_add(port, NETDEV_NOXMTBUF, 1);
		return;
	}
	netdev_add(port, NETDEV_OPACKETS, 1);
	netdev_add(port, NETDEV_OBYTES, len);
	netdev_add_group(port, dest, NETDEV_MULTIXMT, NETDEV_BRDCSTXMT);
}

/* mc_tx: what finds no room is handed back */
mblk_t *netdev_transmit(void *driver, mblk_t *chain)
{
	struct netdev_port *port = driver;
	struct sock *sk;
	mblk_t *mp;

	rcu_read_lock();
	while (chain) {
		sk = netdev_sender(port);
		if (!sk)
			break;
		mp = chain;
		chain = mp->b_next;
		mp->b_next = NULL;
		netdev_send(port, sk, mp);
	}
	rcu_read_unlock();
	return chain;
}
