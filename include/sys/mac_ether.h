/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/mac_ether.h>: what mac_register(9S) has drivers for Ethernet include beside
 * <sys/mac_provider.h>, where it all is: there is no other medium.
 */
#ifndef _SYS_MAC_ETHER_H
#define _SYS_MAC_ETHER_H

#include <sys/mac_provider.h>

#endif /* _SYS_MAC_ETHER_H */
