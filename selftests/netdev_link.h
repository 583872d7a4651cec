/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Network interfaces for the tests of netdev: pairs of veth, made and changed by rtnetlink,
 * and packet sockets to look at the other end with.
 */
#ifndef NETDEV_LINK_H
#define NETDEV_LINK_H

#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* A request of rtnetlink, as it grows. */
struct link_request {
	struct nlmsghdr head;
	union {
		struct ifinfomsg link;
		struct ifaddrmsg addr;
	};
	char attributes[512];
};

static inline struct link_request link_request(int type, int flags, size_t body)
{
	struct link_request r = { .head = {
		.nlmsg_len = NLMSG_LENGTH(body), .nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
	} };

	return r;
}

/* link_put - append an attribute; it, so that it can be closed when more was appended */
static inline struct rtattr *link_put(struct link_request *r, int type, const void *data,
				      size_t size)
{
	struct rtattr *attribute = (void *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), data, size);
	r->head.nlmsg_len = NLMSG_ALIGN(r->head.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
	return attribute;
}

static inline void link_close(struct link_request *r, struct rtattr *attribute)
{
	attribute->rta_len = (char *)r + r->head.nlmsg_len - (char *)attribute;
}

/* link_do - have the kernel do it; 0 or an error number */
static inline int link_do(struct link_request *r)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char request[1024];
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), error = EIO;

	if (fd < 0)
		return errno;
	if (sendto(fd, r, r->head.nlmsg_len, 0, (void *)&kernel, sizeof(kernel)) > 0 &&
	    recv(fd, &answer, sizeof(answer), 0) >= (ssize_t)NLMSG_LENGTH(sizeof(int)) &&
	    answer.head.nlmsg_type == NLMSG_ERROR)
		error = -answer.error.error;
	close(fd);
	return error;
}

static inline struct link_request link_named(int type, const char *name)
{
	struct link_request r = link_request(type, 0, sizeof(r.link));

	link_put(&r, IFLA_IFNAME, name, strlen(name) + 1);
	return r;
}

/* link_veth - two interfaces that are joined */
static inline int link_veth(const char *name, const char *peer)
{
	struct link_request r = link_request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
					     sizeof(r.link));
	struct ifinfomsg other = { .ifi_family = AF_UNSPEC };
	struct rtattr *info, *data, *end;

	link_put(&r, IFLA_IFNAME, name, strlen(name) + 1);
	info = link_put(&r, IFLA_LINKINFO, NULL, 0);
	link_put(&r, IFLA_INFO_KIND, "veth", 4);
	data = link_put(&r, IFLA_INFO_DATA, NULL, 0);
	end = link_put(&r, VETH_INFO_PEER, &other, sizeof(other));
	link_put(&r, IFLA_IFNAME, peer, strlen(peer) + 1);
	link_close(&r, end);
	link_close(&r, data);
	link_close(&r, info);
	return link_do(&r);
}

static inline int link_delete(const char *name)
{
	struct link_request r = link_named(RTM_DELLINK, name);

	return link_do(&r);
}

static inline int link_up(const char *name, bool up)
{
	struct link_request r = link_named(RTM_NEWLINK, name);

	r.link.ifi_flags = up ? IFF_UP : 0;
	r.link.ifi_change = IFF_UP;
	return link_do(&r);
}

static inline int link_mtu(const char *name, unsigned int mtu)
{
	struct link_request r = link_named(RTM_NEWLINK, name);

	link_put(&r, IFLA_MTU, &mtu, sizeof(mtu));
	return link_do(&r);
}

static inline int link_address(const char *name, const unsigned char *address)
{
	struct link_request r = link_named(RTM_NEWLINK, name);

	link_put(&r, IFLA_ADDRESS, address, ETH_ALEN);
	return link_do(&r);
}

/* link_move - to the network namespace that this process is in */
static inline int link_move(const char *name, pid_t to)
{
	struct link_request r = link_named(RTM_NEWLINK, name);

	link_put(&r, IFLA_NET_NS_PID, &to, sizeof(to));
	return link_do(&r);
}

/* link_ip - an IPv4 address, with 24 bits of network */
static inline int link_ip(const char *name, in_addr_t address)
{
	struct link_request r = link_request(RTM_NEWADDR, NLM_F_CREATE, sizeof(r.addr));

	r.addr.ifa_family = AF_INET;
	r.addr.ifa_prefixlen = 24;
	r.addr.ifa_index = if_nametoindex(name);
	link_put(&r, IFA_LOCAL, &address, sizeof(address));
	link_put(&r, IFA_ADDRESS, &address, sizeof(address));
	return link_do(&r);
}

/* link_get_address - its MAC address; 0 or an error number */
static inline int link_get_address(const char *name, unsigned char *address)
{
	struct ifreq request = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), error = 0;

	strcpy(request.ifr_name, name);
	if (ioctl(fd, SIOCGIFHWADDR, &request))
		error = errno;
	memcpy(address, request.ifr_hwaddr.sa_data, ETH_ALEN);
	close(fd);
	return error;
}

/* link_linear - what the kernel sends there lies in one piece; 0 or an error number */
static inline int link_linear(const char *name)
{
	struct ethtool_value off = { .cmd = ETHTOOL_SSG };
	struct ifreq request = { .ifr_data = (void *)&off };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), error;

	strcpy(request.ifr_name, name);
	error = ioctl(fd, SIOCETHTOOL, &request) ? errno : 0;
	close(fd);
	return error;
}

/* link_file - the first line of a file of /sys or /proc; "" without */
static inline const char *link_file(const char *path)
{
	static char line[256];
	FILE *file = fopen(path, "r");

	line[0] = 0;
	if (file && !fgets(line, sizeof(line), file))
		line[0] = 0;
	if (file)
		fclose(file);
	return line;
}

static inline bool link_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	bool good = file && fputs(text, file) >= 0;

	return (!file || fclose(file) == 0) && good;
}

static inline bool link_is_promiscuous(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/net/%s/flags", name);
	return strtoul(link_file(path), NULL, 0) & IFF_PROMISC;
}

/* tun_open - an interface that is there until this is closed; IFF_TAP or IFF_TUN */
static inline int tun_open(const char *name, int kind)
{
	struct ifreq request = { .ifr_flags = kind | IFF_NO_PI };
	int fd;

	if (access("/dev/net/tun", F_OK)) {
		mkdir("/dev/net", 0755);
		mknod("/dev/net/tun", S_IFCHR | 0600, makedev(10, 200));
	}
	fd = open("/dev/net/tun", O_RDWR);
	strcpy(request.ifr_name, name);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &request)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* packet_open - a packet socket that sends and receives whole frames of this type there */
static inline int packet_open(const char *name, unsigned int type)
{
	struct sockaddr_ll there = { .sll_family = AF_PACKET, .sll_protocol = htons(type),
				     .sll_ifindex = if_nametoindex(name) };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(type)), room = 16 << 20;

	if (fd >= 0 && (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
			bind(fd, (void *)&there, sizeof(there)))) {
		close(fd);
		return -1;
	}
	return fd;
}

#endif /* NETDEV_LINK_H */
