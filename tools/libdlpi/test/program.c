// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that captures packets, as they are written for System V: the headers that it
 * includes, in this order, and names that it uses.  Compiled, never run.
 */
#include <string.h>
#include <arpa/inet.h>
#include <sys/types.h>
#include <sys/time.h>
#include <sys/stream.h>
#include <sys/bufmod.h>
#include <sys/dlpi.h>
#include <sys/ethernet.h>
#include <sys/pfmod.h>
#include <sys/sockio.h>
#include <stropts.h>
#include <libdlpi.h>

#ifndef M_PCPROTO
#error "a type of message is not a macro"
#endif

#if ETHERADDRL + ETHERADDRL + 2 + ETHERMTU != ETHERMAX || ETHERMIN != 60
#error "a frame has other sizes than on Solaris"
#endif

int is_urgent(int type);
int is_ours(const struct ether_header *header, const ether_addr_t ours);
int ask(int fd, union DL_primitives *dlp, int length);

int is_urgent(int type)
{
	return type >= QPCTL && (type == M_PCPROTO || type == M_FLUSH);
}

int is_ours(const struct ether_header *header, const ether_addr_t ours)
{
	return header->ether_type == htons(ETHERTYPE_IP) &&
	       !memcmp(&header->ether_dhost, ours, ETHERADDRL);
}

int ask(int fd, union DL_primitives *dlp, int length)
{
	struct strbuf ctl = { 0, 0, 0 };

	ctl.len = length;
	ctl.buf = (char *)dlp;
	return ioctl(fd, I_PUSH, "pfmod") || putmsg(fd, &ctl, 0, is_urgent(M_PROTO));
}
