/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/ethernet.h>: how a frame of Ethernet begins, and how long it is.
 */
#ifndef _SYS_ETHERNET_H
#define _SYS_ETHERNET_H

#include <sys/types.h>

#define ETHERADDRL		6	/* bytes of an address */
#define ETHERFCSL		4	/* bytes of the checksum at the end */
#define ETHERMTU		1500	/* most bytes behind the header */
#define ETHERMIN		60	/* bytes of a frame, without the checksum */
#define ETHERMAX		1514

typedef uchar_t ether_addr_t[ETHERADDRL];

struct ether_addr {
	ether_addr_t		ether_addr_octet;
};

/* ether_type is big endian; up to 1500 it is the length of an 802.3 frame. */
struct ether_header {
	struct ether_addr	ether_dhost;
	struct ether_addr	ether_shost;
	ushort_t		ether_type;
};

#define ETHERTYPE_PUP		0x0200
#define ETHERTYPE_IP		0x0800
#define ETHERTYPE_ARP		0x0806
#define ETHERTYPE_REVARP	0x8035
#define ETHERTYPE_AT		0x809b	/* AppleTalk */
#define ETHERTYPE_AARP		0x80f3
#define ETHERTYPE_VLAN		0x8100
#define ETHERTYPE_IPV6		0x86dd
#define ETHERTYPE_SLOW		0x8809	/* link aggregation */
#define ETHERTYPE_PPPOED	0x8863
#define ETHERTYPE_PPPOES	0x8864
#define ETHERTYPE_EAPOL		0x888e	/* 802.1X */
#define ETHERTYPE_LLDP		0x88cc
#define ETHERTYPE_MAX		0xffff

#endif /* _SYS_ETHERNET_H */
