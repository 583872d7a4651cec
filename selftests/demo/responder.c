// SPDX-License-Identifier: GPL-2.0-only
/*
 * responder LINK ADDRESS: a host of one address, as small as one can be.  On one stream
 * of the link it answers ARP, on another the echo requests of ICMP; there is no other
 * protocol stack behind it.  Ends when it is terminated, and says what it has done.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <libdlpi.h>

#define MESSAGE_MAX	9216

struct arp {
	struct arphdr	head;
	uint8_t		sender[ETH_ALEN], sender_ip[4];
	uint8_t		target[ETH_ALEN], target_ip[4];
};

/* A message that has come: where it came from, and what it is. */
struct message {
	uint8_t	from[DLPI_PHYSADDR_MAX];
	size_t	from_length, length;
	uint8_t	bytes[MESSAGE_MAX] __attribute__((aligned(8)));
};

static const char *link_name;
static uint8_t own_mac[DLPI_PHYSADDR_MAX], own_ip[4];
static unsigned long arps, echoes;

static void check(const char *what, int result)
{
	if (result != DLPI_SUCCESS)
		errx(1, "%s: %s: %s", link_name, what, dlpi_strerror(result));
}

/* The checksum of IP and ICMP: over a message that has a right one it is 0. */
static uint16_t checksum(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < length; i += 2)
		sum += bytes[i] << 8 | bytes[i + 1];
	if (length % 2)
		sum += bytes[length - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* Makes the answer of the question; 0 if there is none to give. */
static int answer_arp(struct message *message)
{
	struct arp *arp = (struct arp *)message->bytes;

	if (message->length < sizeof(*arp) || arp->head.ar_op != htons(ARPOP_REQUEST) ||
	    arp->head.ar_pro != htons(ETHERTYPE_IP) || memcmp(arp->target_ip, own_ip, 4))
		return 0;
	arp->head.ar_op = htons(ARPOP_REPLY);
	memcpy(arp->target, arp->sender, ETH_ALEN);
	memcpy(arp->target_ip, arp->sender_ip, 4);
	memcpy(arp->sender, own_mac, ETH_ALEN);
	memcpy(arp->sender_ip, own_ip, 4);
	message->length = sizeof(*arp);
	arps++;
	return 1;
}

/* Requests that are not for us, wrong, or in pieces have no answer. */
static int answer_echo(struct message *message)
{
	struct iphdr *ip = (struct iphdr *)message->bytes;
	size_t header = ip->ihl * 4, length = ntohs(ip->tot_len);
	struct icmphdr *icmp = (struct icmphdr *)(message->bytes + header);

	if (message->length < sizeof(*ip) || header < sizeof(*ip) || length > message->length ||
	    length < header + sizeof(*icmp) || ip->version != 4 || checksum(message->bytes, header))
		return 0;
	if (ip->protocol != IPPROTO_ICMP || memcmp(&ip->daddr, own_ip, 4) ||
	    ip->frag_off & ~htons(IP_DF) || icmp->type != ICMP_ECHO ||
	    checksum((uint8_t *)icmp, length - header))
		return 0;
	ip->daddr = ip->saddr;
	memcpy(&ip->saddr, own_ip, 4);
	ip->ttl = IPDEFTTL;
	ip->check = 0;
	ip->check = checksum(message->bytes, header);
	icmp->type = ICMP_ECHOREPLY;
	icmp->checksum = 0;
	icmp->checksum = checksum((uint8_t *)icmp, length - header);
	message->length = length;	/* without padding */
	echoes++;
	return 1;
}

static dlpi_handle_t open_for(uint_t type)
{
	size_t length = sizeof(own_mac);
	dlpi_handle_t dh;

	check("cannot open", dlpi_open(link_name, &dh, 0));
	check("cannot bind", dlpi_bind(dh, type, NULL));
	check("no address", dlpi_get_physaddr(dh, DL_CURR_PHYS_ADDR, own_mac, &length));
	if (length != ETH_ALEN)
		errx(1, "%s: not an Ethernet", link_name);
	return dh;
}

/* All that is there; each answer goes back to where the question came from. */
static void serve(dlpi_handle_t dh, int (*answer)(struct message *message))
{
	static struct message message;
	int result;

	for (;;) {
		message.from_length = sizeof(message.from);
		message.length = sizeof(message.bytes);
		result = dlpi_recv(dh, message.from, &message.from_length, message.bytes,
				   &message.length, 0, NULL);
		if (result == DLPI_ETIMEDOUT)
			return;
		check("cannot receive", result);
		if (answer(&message))
			check("cannot send", dlpi_send(dh, message.from, message.from_length,
						       message.bytes, message.length, NULL));
	}
}

static int open_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		err(1, "signalfd");
	return fd;
}

int main(int argc, char **argv)
{
	dlpi_handle_t arp, ip;
	struct pollfd fds[3];

	if (argc != 3 || inet_pton(AF_INET, argv[2], own_ip) != 1) {
		fputs("usage: responder link address\n", stderr);
		return 2;
	}
	link_name = argv[1];
	arp = open_for(ETHERTYPE_ARP);
	ip = open_for(ETHERTYPE_IP);
	fds[0] = (struct pollfd){ .fd = dlpi_fd(arp), .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = dlpi_fd(ip), .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = open_signals(), .events = POLLIN };
	while (!fds[2].revents) {
		if (poll(fds, 3, -1) < 0)
			err(1, "poll");
		if (fds[0].revents)
			serve(arp, answer_arp);
		if (fds[1].revents)
			serve(ip, answer_echo);
	}
	printf("    the responder has answered %lu ARP and %lu echo requests\n", arps, echoes);
	dlpi_close(arp);
	dlpi_close(ip);
	return 0;
}
