/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/ethernet.h> for programs, which include it as they did on Solaris: the C library's
 * own headers, and names that those do not have.  ether_dhost and ether_shost are arrays
 * here, as for every program of Linux.  Drivers have a header of their own by this name.
 */
#ifndef _SYS_ETHERNET_H
#define _SYS_ETHERNET_H

#ifdef __KERNEL__
#error "this is for programs; drivers have a <sys/ethernet.h> of their own"
#endif

#include <net/ethernet.h>
#include <netinet/ether.h>
#include <sys/types.h>

#define ETHERADDRL	6
#define ETHERFCSL	4
#define ETHERMAX	1514	/* bytes of a frame, without its checksum */

/* The least of that; in <net/ethernet.h> it is the least behind the header. */
#undef ETHERMIN
#define ETHERMIN	60

typedef unsigned char	ether_addr_t[ETHERADDRL];

#endif /* _SYS_ETHERNET_H */
