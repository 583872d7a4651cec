// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ethernet frames in words: who speaks to whom, and what about, as far as ARP, IP, ICMP
 * and the ports go.
 */
#include <arpa/inet.h>
#include <string.h>

#include "frame.h"
#include "text.h"

#define ETHER_HEADER	14
#define TYPE_IP		0x0800
#define TYPE_ARP	0x0806
#define TYPE_VLAN	0x8100
#define TYPE_IPV6	0x86dd
#define LARGEST_LENGTH	1500	/* what is larger is a type */

#define PROTO_ICMP	1
#define PROTO_TCP	6
#define PROTO_UDP	17
#define PROTO_ICMPV6	58

/* What has not been looked at yet: bytes that are here, and bytes that there were. */
struct rest {
	const uint8_t	*bytes;
	size_t		have, length;
};

static uint16_t word(const uint8_t *bytes)
{
	return bytes[0] << 8 | bytes[1];
}

/* The next bytes, or NULL if the frame is shorter, or was cut. */
static const uint8_t *take(struct rest *rest, size_t count)
{
	const uint8_t *bytes = rest->bytes;

	if (rest->have < count)
		return NULL;
	rest->bytes += count;
	rest->have -= count;
	rest->length -= count;
	return bytes;
}

/* What is behind these is padding. */
static void limit(struct rest *rest, size_t length)
{
	if (length < rest->length)
		rest->length = length;
	if (rest->have > rest->length)
		rest->have = rest->length;
}

static void print_mac(FILE *out, const uint8_t *mac)
{
	static const uint8_t all[MAC_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	char text[MAC_TEXT];

	fputs(memcmp(mac, all, MAC_LEN) ? mac_text(text, mac) : "broadcast", out);
}

static void print_ip(FILE *out, int family, const uint8_t *address)
{
	char text[INET6_ADDRSTRLEN];

	fputs(inet_ntop(family, address, text, sizeof(text)), out);
}

static void print_cut(FILE *out)
{
	fputs(", cut short", out);
}

static void print_arp(FILE *out, struct rest rest)
{
	const uint8_t *arp = take(&rest, 8), *sender, *target;

	fputs("ARP", out);
	if (!arp || word(arp + 2) != TYPE_IP || arp[4] != MAC_LEN || arp[5] != 4) {
		fputs(arp ? ", not for IPv4" : ", cut short", out);
		return;
	}
	sender = take(&rest, MAC_LEN + 4);
	target = sender ? take(&rest, MAC_LEN + 4) : NULL;
	if (!target) {
		print_cut(out);
	} else if (word(arp + 6) == 1) {
		fputs(": who has ", out);
		print_ip(out, AF_INET, target + MAC_LEN);
		fputs("? tell ", out);
		print_ip(out, AF_INET, sender + MAC_LEN);
	} else if (word(arp + 6) == 2) {
		fputs(": ", out);
		print_ip(out, AF_INET, sender + MAC_LEN);
		fputs(" is at ", out);
		print_mac(out, sender);
	} else {
		fprintf(out, ", operation %u", word(arp + 6));
	}
}

struct name {
	unsigned int	number;
	const char	*text;
};

static const char *name_of(const struct name *names, size_t count, unsigned int number)
{
	for (size_t i = 0; i < count; i++) {
		if (names[i].number == number)
			return names[i].text;
	}
	return NULL;
}

static void print_icmp(FILE *out, const char *kind, const struct name *names, size_t count,
		       struct rest rest)
{
	const uint8_t *icmp = take(&rest, 8);
	const char *name = icmp ? name_of(names, count, icmp[0]) : NULL;

	fprintf(out, ": %s", kind);
	if (!icmp)
		print_cut(out);
	else if (!name)
		fprintf(out, " type %u, code %u", icmp[0], icmp[1]);
	else if (!strncmp(name, "echo", 4))
		fprintf(out, " %s, id %u, number %u, %zu bytes", name, word(icmp + 4),
			word(icmp + 6), rest.length);
	else
		fprintf(out, " %s", name);
}

static void print_icmpv4(FILE *out, struct rest rest)
{
	static const struct name names[] = {
		{ 0, "echo reply" }, { 3, "destination unreachable" }, { 5, "redirect" },
		{ 8, "echo request" }, { 11, "time exceeded" }, { 12, "parameter problem" },
	};

	print_icmp(out, "ICMP", names, sizeof(names) / sizeof(*names), rest);
}

static void print_icmpv6(FILE *out, struct rest rest)
{
	static const struct name names[] = {
		{ 1, "destination unreachable" }, { 2, "packet too big" }, { 3, "time exceeded" },
		{ 128, "echo request" }, { 129, "echo reply" }, { 130, "listener query" },
		{ 131, "listener report" }, { 133, "router solicitation" },
		{ 134, "router advertisement" }, { 135, "neighbour solicitation" },
		{ 136, "neighbour advertisement" }, { 143, "listener report" },
	};

	print_icmp(out, "ICMPv6", names, sizeof(names) / sizeof(*names), rest);
}

static void print_tcp(FILE *out, struct rest rest)
{
	static const char *const flags[] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG" };
	const uint8_t *tcp = take(&rest, 20);
	size_t options;

	fputs(": TCP", out);
	if (!tcp) {
		print_cut(out);
		return;
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (tcp[13] & 1 << i)
			fprintf(out, " %s", flags[i]);
	}
	options = (tcp[12] >> 4) * 4;
	options = options > 20 ? options - 20 : 0;
	fprintf(out, ", %zu bytes", rest.length > options ? rest.length - options : 0);
}

static void print_udp(FILE *out, struct rest rest)
{
	fputs(": UDP", out);
	if (take(&rest, 8))
		fprintf(out, ", %zu bytes", rest.length);
	else
		print_cut(out);
}

/* from and to, with ports where there are some, and what it is */
static void print_transport(FILE *out, int family, const uint8_t *from, const uint8_t *to,
			    uint8_t protocol, struct rest rest)
{
	int ports = (protocol == PROTO_TCP || protocol == PROTO_UDP) && rest.have >= 4;

	print_ip(out, family, from);
	if (ports)
		fprintf(out, " port %u", word(rest.bytes));
	fputs(" -> ", out);
	print_ip(out, family, to);
	if (ports)
		fprintf(out, " port %u", word(rest.bytes + 2));
	switch (protocol) {
	case PROTO_ICMP:
		print_icmpv4(out, rest);
		break;
	case PROTO_TCP:
		print_tcp(out, rest);
		break;
	case PROTO_UDP:
		print_udp(out, rest);
		break;
	case PROTO_ICMPV6:
		print_icmpv6(out, rest);
		break;
	default:
		fprintf(out, ": protocol %u, %zu bytes", protocol, rest.length);
	}
}

static void print_ipv4(FILE *out, struct rest rest)
{
	const uint8_t *ip = take(&rest, 20);
	size_t header = ip ? (ip[0] & 15) * 4 : 0;

	fputs("IPv4 ", out);
	if (!ip || header < 20 || word(ip + 2) < header || !take(&rest, header - 20)) {
		fputs(ip ? "with a strange header" : "cut short", out);
		return;
	}
	limit(&rest, word(ip + 2) - header);
	if (word(ip + 6) & 0x1fff) {
		print_ip(out, AF_INET, ip + 12);
		fputs(" -> ", out);
		print_ip(out, AF_INET, ip + 16);
		fprintf(out, ": protocol %u, %zu bytes at %u", ip[9], rest.length,
			(word(ip + 6) & 0x1fff) * 8);
		return;
	}
	print_transport(out, AF_INET, ip + 12, ip + 16, ip[9], rest);
}

/* Extension headers are not looked into: they are the protocol, as far as one sees. */
static void print_ipv6(FILE *out, struct rest rest)
{
	const uint8_t *ip = take(&rest, 40);
	uint8_t protocol, next;

	fputs("IPv6 ", out);
	if (!ip) {
		fputs("cut short", out);
		return;
	}
	limit(&rest, word(ip + 4));
	protocol = ip[6];
	if (protocol == 0 && rest.have >= 8 && rest.have >= (size_t)(rest.bytes[1] + 1) * 8) {
		next = rest.bytes[0];		/* hop-by-hop options are passed over */
		take(&rest, (rest.bytes[1] + 1) * 8);
		protocol = next;
	}
	print_transport(out, AF_INET6, ip + 8, ip + 24, protocol, rest);
}

static void print_llc(FILE *out, struct rest rest, uint16_t length)
{
	const uint8_t *llc;

	limit(&rest, length);
	llc = take(&rest, 3);
	if (llc)
		fprintf(out, "802.3, DSAP 0x%02x, SSAP 0x%02x, control 0x%02x", llc[0], llc[1],
			llc[2]);
	else
		fputs("802.3, cut short", out);
}

/* The type of a frame, behind the tags of VLANs, which it prints. */
static uint16_t type_of(FILE *out, struct rest *rest, uint16_t type)
{
	const uint8_t *tag;

	while (type == TYPE_VLAN) {
		tag = take(rest, 4);
		if (!tag)
			break;
		fprintf(out, "VLAN %u, ", word(tag) & 0xfff);
		type = word(tag + 2);
	}
	return type;
}

void print_frame(FILE *out, const uint8_t *frame, size_t have, size_t length, int ether)
{
	struct rest rest = { .bytes = frame, .have = have, .length = length };
	const uint8_t *header = take(&rest, ETHER_HEADER);
	uint16_t type;

	fprintf(out, "%zu bytes, ", length);
	if (!header) {
		fputs("less than a header", out);
		return;
	}
	type = word(header + 2 * MAC_LEN);
	if (ether || (type != TYPE_ARP && type != TYPE_IP && type != TYPE_IPV6)) {
		print_mac(out, header + MAC_LEN);
		fputs(" -> ", out);
		print_mac(out, header);
		fputs(", ", out);
	}
	type = type_of(out, &rest, type);
	if (type == TYPE_ARP)
		print_arp(out, rest);
	else if (type == TYPE_IP)
		print_ipv4(out, rest);
	else if (type == TYPE_IPV6)
		print_ipv6(out, rest);
	else if (type <= LARGEST_LENGTH)
		print_llc(out, rest, type);
	else
		fprintf(out, "type 0x%04x, %zu bytes of data", type, rest.length);
}
