/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which frames one wants to see: words of a person, a tree of comparisons, and a program
 * for pfmod(7).
 *
 *   expression	term "or" term ...
 *   term	factor ["and"] factor ...
 *   factor	"not" factor | "(" expression ")" | primitive
 *   primitive	arp | ip | ip6 | icmp | icmp6 | tcp | udp | broadcast | multicast
 *		type NUMBER
 *		ether [src | dst | host] ADDRESS
 *		[src | dst] [host] A.B.C.D	IPv4, and ARP about it
 *		[src | dst] port NUMBER		TCP and UDP over IPv4 without options
 *
 * As in pfmod, words are compared, of two bytes each; a frame that ends before a word
 * that matters is not wanted.
 */
#ifndef NET_FILTER_H
#define NET_FILTER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/pfmod.h>

#define FILTER_NODES	400	/* more than enough: a program has 2047 words */

struct filter_node {
	enum { FILTER_TEST, FILTER_AND, FILTER_OR, FILTER_NOT } kind;
	uint16_t	left, right;	/* nodes */
	uint16_t	word;		/* of the frame: its bits in mask are these */
	uint16_t	mask, value;
};

struct filter {
	unsigned int		count;	/* 0: everything is wanted */
	unsigned int		root;
	struct filter_node	nodes[FILTER_NODES];
};

/* NULL, or what is wrong; at is where in the words, of which there are count. */
const char *filter_parse(struct filter *filter, char **words, int count, const char **at);

/* Is a frame wanted, of which this is here? */
int filter_wants(const struct filter *filter, const uint8_t *frame, size_t have);

/* Words of the program, or -1 if it is too long. */
int filter_compile(const struct filter *filter, uint16_t program[PF_MAXFILTERS]);

#endif /* NET_FILTER_H */
