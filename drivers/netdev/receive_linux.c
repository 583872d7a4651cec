// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdev: from an sk_buff to a message.
 *
 * The packet hook sees what it is given before the kernel's own protocols do, and may
 * share it with them; so it does not change it, and gives it to streams read-only.
 * The data stays where it is: a block of the message refers to the linear part of the
 * sk_buff, others to its fragments, and each holds the sk_buff.  Small frames are copied.
 *
 * What is not as it was on the wire is put right:
 *
 *  - A VLAN tag that was taken out (by the NIC, or by the kernel just before it comes here) is
 *    put back, with the addresses, in a block of its own.
 *  - Frames that were merged (GRO, before they come here) or that nobody has cut yet (TSO,
 *    of a local sender) become frames again that fit the MTU.
 *  - A checksum that was left to a NIC is computed, on a private copy of the headers.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/version.h>
#include <linux/workqueue.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif
#include <net/sock.h>
#include "port_linux.h"
#include <sys/stream.h>
#include <sys/strsun.h>

#define NETDEV_COPY	256	/* frames up to here are copied, in bytes */
#define NETDEV_DEAR	1024	/* and up to here if they hold far more memory than that */

/* -------------------------------------------------------------- the message */

static void netdev_give_back(caddr_t arg)
{
	/* Whoever frees a message may have interrupts off. */
	dev_consume_skb_any((struct sk_buff *)arg);
}

/* netdev_around - a block that refers to some of the data, and holds the sk_buff */
static mblk_t *netdev_around(struct sk_buff *skb, void *base, size_t len, bool ours)
{
	frtn_t *routine = (frtn_t *)skb->cb;
	mblk_t *mp;

	BUILD_BUG_ON(sizeof(*routine) > sizeof(skb->cb));
	if (!base)
		return NULL;	/* memory of a device, which the CPU cannot read */
	routine->free_func = (strm_free_func_t *)netdev_give_back;
	routine->free_arg = (caddr_t)skb;
	mp = ours ? desballoc(base, len, BPRI_MED, routine) :
		    desballoca(base, len, BPRI_MED, routine);
	if (mp) {
		skb_get(skb);
		mp->b_wptr += len;
	}
	return mp;
}

/* netdev_head - the header of @skb, with the tag that was taken out, at @to; its length */
static size_t netdev_head(const struct sk_buff *skb, const u8 *from, u8 *to)
{
	if (!skb_vlan_tag_present(skb)) {
		memcpy(to, from, ETH_HLEN);
		return ETH_HLEN;
	}
	memcpy(to, from, 2 * ETH_ALEN);
	put_unaligned(skb->vlan_proto, (__be16 *)(to + 12));
	put_unaligned_be16(skb_vlan_tag_get(skb), to + 14);
	memcpy(to + VLAN_ETH_HLEN - 2, from + ETH_HLEN - 2, 2);
	return VLAN_ETH_HLEN;
}

/* netdev_tagged - a block of its own for the header, where there is a tag to put back */
static mblk_t *netdev_tagged(const struct sk_buff *skb)
{
	mblk_t *mp = allocb(VLAN_ETH_HLEN, BPRI_MED);

	if (mp)
		mp->b_wptr += netdev_head(skb, skb->data, mp->b_wptr);
	return mp;
}

/* netdev_wrap - the message of a frame that begins with its header */
static mblk_t *netdev_wrap(struct sk_buff *skb)
{
	bool tag = skb_vlan_tag_present(skb);
	size_t skip = tag ? ETH_HLEN : 0;
	mblk_t *mp = NULL, *bp;
	int i;

	if (tag) {
		mp = netdev_tagged(skb);
		if (!mp)
			return NULL;
	}
	if (skb_headlen(skb) > skip) {
		bp = netdev_around(skb, skb->data + skip, skb_headlen(skb) - skip,
				   !skb_cloned(skb));
		if (!bp)
			goto nothing;
		if (mp)
			linkb(mp, bp);
		else
			mp = bp;
	}
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		bp = netdev_around(skb, skb_frag_address(frag), skb_frag_size(frag), false);
		if (!bp)
			goto nothing;
		linkb(mp, bp);
	}
	return mp;

nothing:
	freemsg(mp);
	return NULL;
}

/* netdev_copy - the message of a small frame, whose header is @back bytes before the data */
static mblk_t *netdev_copy(const struct sk_buff *skb, int back)
{
	size_t rest = skb->len + back - ETH_HLEN;
	mblk_t *mp = allocb(VLAN_ETH_HLEN + rest, BPRI_MED);

	if (!mp)
		return NULL;
	mp->b_wptr += netdev_head(skb, skb->data - back, mp->b_wptr);
	if (skb_copy_bits(skb, ETH_HLEN - back, mp->b_wptr, rest)) {
		freemsg(mp);
		return NULL;
	}
	mp->b_wptr += rest;
	return mp;
}

/*
 * netdev_rather_copied - to copy it costs less than to keep the sk_buff, or to have a reader who
 * is slow, and of whose messages the bytes are counted, keep many times their memory
 */
static bool netdev_rather_copied(const struct sk_buff *skb)
{
	return skb->len <= NETDEV_COPY ||
	       (skb->len <= NETDEV_DEAR && skb->truesize > 4 * skb->len);
}

/* ------------------------------------------------------------------ upwards */

static void netdev_up(struct netdev_port *port, mblk_t *mp, bool sent)
{
	if (!mp) {
		netdev_add(port, NETDEV_NORCVBUF, 1);
		return;
	}
	if (sent) {
		mp->b_band = MAC_BAND_SENT;
	} else {
		netdev_add(port, NETDEV_IPACKETS, 1);
		netdev_add(port, NETDEV_RBYTES, msgdsize(mp));
		netdev_add_group(port, mp->b_rptr, NETDEV_MULTIRCV, NETDEV_BRDCSTRCV);
	}
	mac_rx(port->mh, NULL, mp);
}

/* One frame, ours alone but for the data, which begins with the header. */
static void netdev_frame(struct netdev_port *port, struct sk_buff *skb, bool sent)
{
	if (skb->len > ETH_HLEN + NETDEV_MARGIN + READ_ONCE(port->dev->mtu)) {
		netdev_add(port, NETDEV_TOOLONG, 1);
		netdev_add(port, NETDEV_IERRORS, 1);
	} else if ((skb->ip_summed == CHECKSUM_PARTIAL && skb_csum_hwoffload_help(skb, 0)) ||
		   (skb_has_frag_list(skb) && skb_linearize(skb))) {
		netdev_add(port, NETDEV_IERRORS, 1);
	} else {
		netdev_up(port, netdev_rather_copied(skb) ? netdev_copy(skb, 0) : netdev_wrap(skb),
			  sent);
	}
	consume_skb(skb);
}

/* Many frames that are one sk_buff.  The data stays shared; each frame has a header of its own. */
static void netdev_cut(struct netdev_port *port, struct sk_buff *skb, bool sent)
{
	struct sk_buff *frame, *next, *frames = ERR_PTR(-ENOMEM);

	if (!skb_cow_head(skb, 0))
		frames = __skb_gso_segment(skb, NETIF_F_SG, false);
	consume_skb(skb);
	if (IS_ERR_OR_NULL(frames)) {
		netdev_add(port, NETDEV_IERRORS, 1);
		return;
	}
	skb_list_walk_safe(frames, frame, next) {
		skb_mark_not_on_list(frame);
		netdev_frame(port, frame, sent);
	}
}

/* What holds more than memory goes now; the message may stay for long. */
static void netdev_bare(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb_ext_reset(skb);
}

static bool netdev_wants(const struct netdev_port *port, const struct sk_buff *skb)
{
	switch (skb->pkt_type) {
	case PACKET_HOST:
	case PACKET_BROADCAST:
	case PACKET_MULTICAST:
	case PACKET_OUTGOING:	/* while netdev_sent() has asked for it */
		return true;
	case PACKET_OTHERHOST:
		return READ_ONCE(port->promisc);
	default:
		return false;	/* copies that the kernel makes for itself */
	}
}

/* The packet hook, called in softirq, or in a task with bottom halves off. */
int netdev_receive(struct sk_buff *skb, struct net_device *dev, struct packet_type *hook,
		   struct net_device *orig)
{
	struct netdev_port *port = container_of(hook, struct netdev_port, hook);
	bool sent = skb->pkt_type == PACKET_OUTGOING;	/* by the host */
	int back = skb->data - skb_mac_header(skb);

	if (!netdev_wants(port, skb) || back < 0 || back + skb_headlen(skb) < ETH_HLEN) {
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}
	if (back + skb->len <= NETDEV_COPY && skb->ip_summed != CHECKSUM_PARTIAL &&
	    !skb_is_gso(skb)) {
		netdev_up(port, netdev_copy(skb, back), sent);
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		netdev_add(port, NETDEV_NORCVBUF, 1);
		return NET_RX_DROP;
	}
	netdev_bare(skb);
	skb_push(skb, back);
	if (skb_is_gso(skb))
		netdev_cut(port, skb, sent);
	else
		netdev_frame(port, skb, sent);
	return NET_RX_SUCCESS;
}
