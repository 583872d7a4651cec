// SPDX-License-Identifier: GPL-2.0-only
/*
 * From words to a tree, and what a tree says of a frame.  See filter.h.
 */
#include <arpa/inet.h>
#include <string.h>

#include "filter.h"
#include "text.h"

#define TYPE_IP		0x0800
#define TYPE_ARP	0x0806
#define TYPE_IPV6	0x86dd

/* Numbers of words of a frame. */
enum {
	ETHER_DST = 0, ETHER_SRC = 3, ETHER_TYPE = 6,
	IP_LENGTHS = 7,		/* version and header, in the first byte */
	IP_FRAGMENT = 10, IP_PROTOCOL = 11, IP_SRC = 13, IP_DST = 15, SRC_PORT = 17, DST_PORT = 18,
	IPV6_NEXT = 10,		/* in the first byte */
	ARP_SENDER = 14, ARP_TARGET = 19,
};

struct parser {
	struct filter	*filter;
	char		**words;	/* those that are left, */
	int		count;
	const char	*rest;		/* and of the first, if it began with a parenthesis */
	char		token[64];	/* the next; empty at the end */
	const char	*wrong;
};

/* ---- the tree ------------------------------------------------------------------ */

static unsigned int add(struct parser *parser, struct filter_node node)
{
	struct filter *filter = parser->filter;

	if (filter->count == FILTER_NODES) {
		parser->wrong = "too long";
		return 0;
	}
	filter->nodes[filter->count] = node;
	return filter->count++;
}

static unsigned int test(struct parser *parser, unsigned int word, unsigned int mask,
			 unsigned int value)
{
	return add(parser, (struct filter_node){ .kind = FILTER_TEST, .word = word, .mask = mask,
						 .value = value });
}

static unsigned int both(struct parser *parser, unsigned int left, unsigned int right)
{
	return add(parser, (struct filter_node){ .kind = FILTER_AND, .left = left,
						 .right = right });
}

static unsigned int either(struct parser *parser, unsigned int left, unsigned int right)
{
	return add(parser, (struct filter_node){ .kind = FILTER_OR, .left = left,
						 .right = right });
}

/* bytes - these words of the frame are these bytes */
static unsigned int bytes(struct parser *parser, unsigned int word, const uint8_t *value,
			  unsigned int count)
{
	unsigned int node = test(parser, word, 0xffff, value[0] << 8 | value[1]);

	for (unsigned int i = 2; i < count; i += 2)
		node = both(parser, node,
			    test(parser, word + i / 2, 0xffff, value[i] << 8 | value[i + 1]));
	return node;
}

static unsigned int type(struct parser *parser, unsigned int number)
{
	return test(parser, ETHER_TYPE, 0xffff, number);
}

static unsigned int protocol(struct parser *parser, unsigned int number)
{
	return both(parser, type(parser, TYPE_IP), test(parser, IP_PROTOCOL, 0x00ff, number));
}

static unsigned int protocol6(struct parser *parser, unsigned int number)
{
	return both(parser, type(parser, TYPE_IPV6), test(parser, IPV6_NEXT, 0xff00, number << 8));
}

/* ---- words ---------------------------------------------------------------------- */

/* The next token: a word, or a parenthesis, which needs no blanks around it. */
static void next(struct parser *parser)
{
	size_t length;

	while (parser->count && !*parser->rest) {
		parser->words++;
		parser->rest = --parser->count ? *parser->words : "";
	}
	while (*parser->rest == ' ')
		parser->rest++;
	if (parser->count && !*parser->rest) {
		next(parser);
		return;
	}
	length = strchr("()", *parser->rest) && *parser->rest ? 1 : strcspn(parser->rest, " ()");
	if (length >= sizeof(parser->token)) {
		parser->wrong = "too long";
		length = 0;
	}
	memcpy(parser->token, parser->rest, length);
	parser->token[length] = '\0';
	parser->rest += length;
}

static int is(struct parser *parser, const char *word)
{
	if (strcmp(parser->token, word))
		return 0;
	next(parser);
	return 1;
}

static unsigned int fail(struct parser *parser, const char *what)
{
	if (!parser->wrong)
		parser->wrong = what;
	return 0;
}

/* number_of - the token as one, up to so much */
static unsigned int number_of(struct parser *parser, unsigned long high)
{
	unsigned long value = 0;

	if (parse_number(parser->token, 0, high, &value))
		fail(parser, "a number is expected");
	else
		next(parser);
	return value;
}

enum side { ANY, SRC, DST };

static enum side side(struct parser *parser)
{
	return is(parser, "src") ? SRC : is(parser, "dst") ? DST : ANY;
}

/* at_side - bytes in one place, or another, or any of both */
static unsigned int at_side(struct parser *parser, enum side where, unsigned int src,
			    unsigned int dst, const uint8_t *value, unsigned int count)
{
	if (where != ANY)
		return bytes(parser, where == SRC ? src : dst, value, count);
	return either(parser, bytes(parser, src, value, count), bytes(parser, dst, value, count));
}

static unsigned int ether(struct parser *parser)
{
	enum side where = side(parser);
	uint8_t mac[MAC_LEN];

	is(parser, "host");
	if (parse_mac(parser->token, mac))
		return fail(parser, "an address like 02:00:00:00:00:01 is expected");
	next(parser);
	return at_side(parser, where, ETHER_SRC, ETHER_DST, mac, MAC_LEN);
}

static unsigned int host(struct parser *parser, enum side where)
{
	uint8_t ip[4];
	unsigned int in_ip, in_arp;

	if (inet_pton(AF_INET, parser->token, ip) != 1)
		return fail(parser, "an address like 10.0.0.1 is expected");
	next(parser);
	in_ip = both(parser, type(parser, TYPE_IP), at_side(parser, where, IP_SRC, IP_DST, ip, 4));
	in_arp = both(parser, type(parser, TYPE_ARP),
		      at_side(parser, where, ARP_SENDER, ARP_TARGET, ip, 4));
	return either(parser, in_ip, in_arp);
}

/* The first fragment has the ports, behind a header of 20 bytes. */
static unsigned int port(struct parser *parser, enum side where)
{
	unsigned int value = number_of(parser, 65535), node;
	uint8_t wanted[2] = { value >> 8, value };

	node = both(parser, type(parser, TYPE_IP),
		    either(parser, test(parser, IP_PROTOCOL, 0x00ff, 6),
			   test(parser, IP_PROTOCOL, 0x00ff, 17)));
	node = both(parser, node, test(parser, IP_LENGTHS, 0x0f00, 0x0500));
	node = both(parser, node, test(parser, IP_FRAGMENT, 0x1fff, 0));
	return both(parser, node, at_side(parser, where, SRC_PORT, DST_PORT, wanted, 2));
}

static unsigned int primitive(struct parser *parser)
{
	static const uint8_t all[MAC_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	enum side where;

	if (is(parser, "arp"))
		return type(parser, TYPE_ARP);
	if (is(parser, "ip"))
		return type(parser, TYPE_IP);
	if (is(parser, "ip6"))
		return type(parser, TYPE_IPV6);
	if (is(parser, "icmp"))
		return protocol(parser, 1);
	if (is(parser, "icmp6"))
		return protocol6(parser, 58);
	if (is(parser, "tcp"))
		return either(parser, protocol(parser, 6), protocol6(parser, 6));
	if (is(parser, "udp"))
		return either(parser, protocol(parser, 17), protocol6(parser, 17));
	if (is(parser, "broadcast"))
		return bytes(parser, ETHER_DST, all, MAC_LEN);
	if (is(parser, "multicast"))
		return test(parser, ETHER_DST, 0x0100, 0x0100);
	if (is(parser, "type"))
		return type(parser, number_of(parser, 65535));
	if (is(parser, "ether"))
		return ether(parser);
	where = side(parser);
	if (is(parser, "port"))
		return port(parser, where);
	if (is(parser, "host") || where != ANY)
		return host(parser, where);
	return fail(parser, *parser->token ? "not understood" : "something is missing");
}

static unsigned int expression(struct parser *parser);

static unsigned int factor(struct parser *parser)
{
	unsigned int node;

	if (is(parser, "not"))
		return add(parser, (struct filter_node){ .kind = FILTER_NOT,
							 .left = factor(parser) });
	if (!is(parser, "("))
		return primitive(parser);
	node = expression(parser);
	if (!parser->wrong && !is(parser, ")"))
		fail(parser, "a parenthesis is missing");
	return node;
}

static int ends_term(const struct parser *parser)
{
	return parser->wrong || !*parser->token || !strcmp(parser->token, "or") ||
	       !strcmp(parser->token, ")");
}

static unsigned int term(struct parser *parser)
{
	unsigned int node = factor(parser);

	while (!ends_term(parser)) {
		is(parser, "and");
		node = both(parser, node, factor(parser));
	}
	return node;
}

static unsigned int expression(struct parser *parser)
{
	unsigned int node = term(parser);

	while (!parser->wrong && is(parser, "or"))
		node = either(parser, node, term(parser));
	return node;
}

const char *filter_parse(struct filter *filter, char **words, int count, const char **at)
{
	static struct parser parser;

	parser = (struct parser){ .filter = filter, .words = words, .count = count,
				  .rest = count ? *words : "" };
	filter->count = 0;
	if (!count)
		return NULL;
	next(&parser);
	filter->root = expression(&parser);
	if (!parser.wrong && *parser.token)
		parser.wrong = "not understood";
	*at = parser.token;
	return parser.wrong;
}

/* ---- frames ------------------------------------------------------------------------ */

/* look - 1, 0, or -1 where the frame has no such word */
static int look(const struct filter *filter, unsigned int at, const uint8_t *frame, size_t have)
{
	const struct filter_node *node = &filter->nodes[at];
	int decides = node->kind == FILTER_OR, left;

	switch (node->kind) {
	case FILTER_TEST:
		if (have < node->word * 2U + 2)
			return -1;
		left = frame[node->word * 2] << 8 | frame[node->word * 2 + 1];
		return (left & node->mask) == node->value;
	case FILTER_NOT:
		left = look(filter, node->left, frame, have);
		return left < 0 ? left : !left;
	default:
		left = look(filter, node->left, frame, have);
		if (left < 0 || left == decides)
			return left;
		return look(filter, node->right, frame, have);
	}
}

int filter_wants(const struct filter *filter, const uint8_t *frame, size_t have)
{
	return !filter->count || look(filter, filter->root, frame, have) > 0;
}
