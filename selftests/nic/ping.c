// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own IP stack, at the other end of the wire, finds a program on a stream
 * by ARP and pings it.
 */
#include "ends.h"

#include <linux/if_arp.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>

struct arp {
	struct arphdr	head;
	uint8_t		source[6], source_ip[4], target[6], target_ip[4];
} __attribute__((packed));

/* Sums 16-bit words with carry, as IP and ICMP want it. */
static uint16_t checksum(const void *data, size_t length)
{
	const uint16_t *words = data;
	uint32_t sum = 0;

	for (; length > 1; length -= 2)
		sum += *words++;
	if (length)
		sum += *(const uint8_t *)words;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* A DLSAP as the driver has them. */
struct sap {
	uint8_t		address[6];
	uint16_t	sap;
};

static int reply(int fd, const struct sap *to, const void *data, int length)
{
	struct {
		dl_unitdata_req_t	request;
		struct sap		to;
	} head = { { DL_UNITDATA_REQ, 8, sizeof(dl_unitdata_req_t), { 0, 0 } }, *to };
	struct strbuf control = { .len = sizeof(head), .buf = (char *)&head };
	struct strbuf rest = { .len = length, .buf = (char *)data };

	return putmsg(fd, &control, &rest, 0);
}

static int answer_arp(struct arp *arp, int length, const uint8_t own[6], const uint8_t own_ip[4])
{
	if (length < (int)sizeof(*arp) || arp->head.ar_op != htons(ARPOP_REQUEST) ||
	    memcmp(arp->target_ip, own_ip, 4))
		return 0;
	arp->head.ar_op = htons(ARPOP_REPLY);
	memcpy(arp->target, arp->source, 6);
	memcpy(arp->target_ip, arp->source_ip, 4);
	memcpy(arp->source, own, 6);
	memcpy(arp->source_ip, own_ip, 4);
	return sizeof(*arp);
}

static int answer_echo(uint8_t *packet, int length, const uint8_t own_ip[4])
{
	struct iphdr *ip = (struct iphdr *)packet;
	struct icmphdr *icmp = (struct icmphdr *)(packet + sizeof(*ip));
	int size;

	if (length < (int)(sizeof(*ip) + sizeof(*icmp)) || ip->ihl != 5 ||
	    ip->protocol != IPPROTO_ICMP || memcmp(&ip->daddr, own_ip, 4) ||
	    icmp->type != ICMP_ECHO || checksum(ip, sizeof(*ip)))
		return 0;
	size = ntohs(ip->tot_len);
	if (size > length || checksum(icmp, size - sizeof(*ip)))
		return 0;
	ip->daddr = ip->saddr;
	memcpy(&ip->saddr, own_ip, 4);
	icmp->type = ICMP_ECHOREPLY;
	icmp->checksum = 0;
	icmp->checksum = checksum(icmp, size - sizeof(*ip));
	return size;
}

/* answer_next - read from a bound stream, and answer if it is for us */
static void answer_next(int fd, int type, const uint8_t own[6], const uint8_t own_ip[4])
{
	union {
		dl_unitdata_ind_t ind;
		uint8_t bytes[64];
	} head;
	uint8_t packet[2048];
	struct strbuf control = { .maxlen = sizeof(head), .buf = (char *)&head };
	struct strbuf data = { .maxlen = sizeof(packet), .buf = (char *)packet };
	struct sap from;
	int flags = 0, length;

	if (getmsg(fd, &control, &data, &flags) || head.ind.dl_primitive != DL_UNITDATA_IND)
		_exit(1);
	memcpy(&from, head.bytes + head.ind.dl_src_addr_offset, sizeof(from));
	from.sap = type;
	length = type == ETHERTYPE_ARP ? answer_arp((struct arp *)packet, data.len, own, own_ip) :
					 answer_echo(packet, data.len, own_ip);
	if (length && reply(fd, &from, packet, length))
		_exit(1);
}

static void answer_all(const uint8_t own_ip[4])
{
	static const int types[2] = { ETHERTYPE_ARP, ETHERTYPE_IP };
	struct pollfd fds[2];
	uint8_t own[6];

	address_of(card(), own);
	for (int i = 0; i < 2; i++) {
		fds[i] = (struct pollfd){ .fd = dl_open(card()), .events = POLLIN };
		if (fds[i].fd < 0 || dl_bind(fds[i].fd, types[i]))
			_exit(1);
	}
	while (poll(fds, 2, -1) > 0) {
		for (int i = 0; i < 2; i++) {
			if (fds[i].revents)
				answer_next(fds[i].fd, types[i], own, own_ip);
		}
	}
	_exit(1);
}

FIXTURE(host)
{
	pid_t child;
	char address[32];
};

FIXTURE_SETUP(host)
{
	/* each its own: the kernel remembers whose it was */
	uint8_t own_ip[4] = { 10, 0, card()[1] - '0', card()[0] == 'x' ? 3 : 2 };
	char command[128];

	snprintf(command, sizeof(command), "ip address replace 10.0.%c.1/24 dev %s", card()[1],
		 interface_of(peer_card()));
	ASSERT_EQ(0, system(command));
	snprintf(self->address, sizeof(self->address), "10.0.%c.%d", card()[1], own_ip[3]);
	self->child = fork();
	ASSERT_LE(0, self->child);
	if (!self->child)
		answer_all(own_ip);
}

FIXTURE_TEARDOWN(host)
{
	char command[128];

	kill(self->child, SIGKILL);
	waitpid(self->child, NULL, 0);
	snprintf(command, sizeof(command), "ip address flush dev %s", interface_of(peer_card()));
	system(command);
}

/* pinged - how many of ten were answered */
static int pinged(const char *address, int size)
{
	char line[256];
	FILE *output;
	int count = -1;

	snprintf(line, sizeof(line), "ping -q -c 10 -i 0.02 -W %d -s %d %s", PATIENCE, size,
		 address);
	output = popen(line, "r");
	while (output && fgets(line, sizeof(line), output))
		sscanf(line, "10 packets transmitted, %d packets received", &count);
	if (output)
		pclose(output);
	return count;
}

TEST_F_TIMEOUT(host, answers_pings, 60)
{
	static const int sizes[6] = { 0, 1, 18, 56, 1000, 1472 };

	for (int i = 0; i < 6; i++)
		EXPECT_EQ(10, pinged(self->address, sizes[i]));
	EXPECT_TRUE(alive(self->child));
}

TEST_HARNESS_MAIN
