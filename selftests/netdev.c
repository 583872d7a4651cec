// SPDX-License-Identifier: GPL-2.0-only
/*
 * DLPI over Linux's network interfaces: streams of the driver netdev on one end of a veth
 * pair, packet sockets or the kernel's own IP on the other.
 */
#include "dlpi_test.h"
#include "netdev_link.h"

#include <net/if_arp.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sched.h>
#include <sys/dlpi_stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#define NETDEV		"/dev/streams/netdev"
#define NEAR		"strm0"		/* where streams are */
#define FAR		"strm1"		/* the other end */

#define SMALLEST	60
#define TAGGED		0x8100
#define JUMBO		60000		/* an MTU */
#define PORT		4242

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif

static const unsigned char nobody[MAC] = { 2, 0, 0, 0, 0, 0x77 };
static const unsigned char group[MAC] = { 1, 0, 0x5e, 1, 2, 3 };

/* ------------------------------------------------------------------ frames */

static unsigned char pattern(size_t i, unsigned int seed)
{
	return i * 7 + i / 251 + seed * 13;
}

/* fill_frame - a header, and bytes that tell where they belong */
static void fill_frame(unsigned char *frame, int length, const unsigned char *to,
		       const unsigned char *from, unsigned int seed)
{
	make_frame(frame, to, from, TEST_TYPE, "");
	for (int i = HEADER; i < length; i++)
		frame[i] = pattern(i, seed);
}

/* same_from - where two frames begin to differ; the length if they do not */
static int same_from(const unsigned char *a, const unsigned char *b, int length)
{
	int i = 0;

	while (i < length && a[i] == b[i])
		i++;
	return i;
}

/* read_frame - the next frame of a raw stream; its length, -1 if none comes */
static int read_frame(int fd, unsigned char *frame, int size)
{
	char control[256];
	struct strbuf ctl = { .maxlen = sizeof(control), .buf = control };
	struct strbuf data = { .maxlen = size, .buf = (char *)frame };
	int flags = 0;

	if (!(events_of(fd, POLLIN, 5) & POLLIN))
		return -1;
	if (getmsg(fd, &ctl, &data, &flags) || ctl.len != -1)
		return -1;
	return data.len;
}

/* receive_frame - the next frame of a packet socket */
static int receive_frame(int fd, unsigned char *frame, int size)
{
	return events_of(fd, POLLIN, 5) & POLLIN ? recv(fd, frame, size, 0) : -1;
}

/* -------------------------------------------------------------------- a wire */

FIXTURE(wire)
{
	unsigned int ppa;
	unsigned char near[MAC], far[MAC];
	unsigned char *sent, *got;	/* LARGEST_FRAME bytes each */
};

#define LARGEST_FRAME	65535

/* No frames of the kernel's own accord. */
static void quiet(void)
{
	link_write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1\n");
}

static bool carries(const char *name)
{
	char path[128];
	long long deadline = now_ms() + 5000LL * slow();

	snprintf(path, sizeof(path), "/sys/class/net/%s/carrier", name);
	while (strcmp(link_file(path), "1\n")) {
		if (now_ms() > deadline)
			return false;
		pause_ms(10);
	}
	return true;
}

FIXTURE_SETUP(wire)
{
	int error;

	if (geteuid() || access(NETDEV, F_OK))
		SKIP_UNLESS_MUST("root and the driver netdev");
	quiet();
	link_delete(NEAR);
	error = link_veth(NEAR, FAR);
	if (error == EOPNOTSUPP)
		SKIP_UNLESS_MUST("a kernel with veth");
	ASSERT_EQ(0, error);
	ASSERT_EQ(0, link_up(NEAR, true));
	ASSERT_EQ(0, link_up(FAR, true));
	ASSERT_TRUE(carries(NEAR));
	self->ppa = if_nametoindex(NEAR);
	ASSERT_EQ(0, link_get_address(NEAR, self->near));
	ASSERT_EQ(0, link_get_address(FAR, self->far));
	self->sent = malloc(LARGEST_FRAME);
	self->got = malloc(LARGEST_FRAME);
	ASSERT_TRUE(self->sent && self->got);
}

FIXTURE_TEARDOWN(wire)
{
	link_delete(NEAR);
	free(self->sent);
	free(self->got);
}

static int open_on(unsigned int ppa)
{
	int fd = open(NETDEV, O_RDWR);

	if (fd >= 0 && dl_attach(fd, ppa)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* open_raw - a stream that sends and receives whole frames of this type */
static int open_raw(unsigned int ppa, unsigned int sap)
{
	int fd = open_on(ppa);

	if (fd >= 0 && (dl_bind(fd, sap) || dl_raw(fd) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* listening - the stream receives: a stream that has just been attached does very soon */
static bool listening(int fd, int far, const unsigned char *near, const unsigned char *other)
{
	long long deadline = now_ms() + 5000LL * slow();
	unsigned char frame[SMALLEST], got[SMALLEST];

	fill_frame(frame, sizeof(frame), near, other, 0);
	do {
		if (send(far, frame, sizeof(frame), 0) < 0 || now_ms() > deadline)
			return false;
	} while (!(events_of(fd, POLLIN, 0) & POLLIN) && (pause_ms(10), 1));
	while (!empty(fd))
		read_frame(fd, got, sizeof(got));
	return true;
}

#define OPEN_BOTH(fd, far)								\
	do {										\
		far = packet_open(FAR, TEST_TYPE);					\
		ASSERT_LE(0, far);							\
		fd = open_raw(self->ppa, TEST_TYPE);					\
		ASSERT_LE(0, fd);							\
		ASSERT_TRUE(listening(fd, far, self->near, self->far));			\
	} while (0)

/* ------------------------------------------------------------- what it says */

TEST_F(wire, an_interface_has_its_index_as_ppa)
{
	unsigned char address[MAC];
	char node[64], path[128];
	struct message got;
	int fd;

	fd = open_on(self->ppa);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, dl_address(fd, DL_CURR_PHYS_ADDR, address));
	EXPECT_EQ(0, memcmp(address, self->near, MAC));
	ASSERT_EQ(0, dl_info(fd, &got));
	EXPECT_EQ(1500, got.dl.info_ack.dl_max_sdu);
	EXPECT_EQ(DL_ETHER, got.dl.info_ack.dl_mac_type);
	EXPECT_EQ(DL_STYLE2, got.dl.info_ack.dl_provider_style);
	EXPECT_EQ(REFUSED(DL_NOTSUPPORTED),
		  ask_address(fd, DL_SET_PHYS_ADDR_REQ, nobody, MAC));
	close(fd);

	snprintf(node, sizeof(node), NETDEV "%u", self->ppa);
	fd = open(node, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(DL_UNBOUND, dl_state(fd));
	close(fd);

	fd = open(NETDEV, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(REFUSED(DL_BADPPA), dl_attach(fd, 4000));
	close(fd);
	snprintf(path, sizeof(path), "/sys/class/net/%s/address", NEAR);
	EXPECT_EQ(0, access(path, F_OK));
}

TEST_F(wire, it_takes_privilege)
{
	pid_t child = fork();

	if (child == 0) {
		if (setgid(65534) || setuid(65534))
			_exit(1);
		_exit(open(NETDEV, O_RDWR) < 0 && errno == EACCES ? 0 : 2);
	}
	EXPECT_EQ(0, child_status(child, 10));
}

/* A privilege among other interfaces is none among these. */
static void open_elsewhere(void)
{
	int first = open("/proc/self/ns/net", O_RDONLY);

	if (first < 0 || unshare(CLONE_NEWNET))
		_exit(77);
	if (open(NETDEV, O_RDWR) >= 0 || errno != EACCES)
		_exit(1);
	if (setns(first, CLONE_NEWNET) || open(NETDEV, O_RDWR) < 0)
		_exit(2);
	_exit(0);
}

TEST_F(wire, another_network_namespace_opens_nothing)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		open_elsewhere();
	status = child_status(child, 10);
	if (status == 77)
		SKIP(return, "this kernel has no network namespaces");
	EXPECT_EQ(0, status);
}

/* -------------------------------------------------------------------- frames */

TEST_F_TIMEOUT(wire, frames_of_every_size_arrive, 60)
{
	int fd, far, length;

	OPEN_BOTH(fd, far);
	for (length = SMALLEST; length <= HEADER + SDU; length++) {
		fill_frame(self->sent, length, self->near, self->far, length);
		ASSERT_EQ(length, send(far, self->sent, length, 0));
		ASSERT_EQ(length, read_frame(fd, self->got, LARGEST_FRAME));
		ASSERT_EQ(length, same_from(self->sent, self->got, length));
	}
	EXPECT_TRUE(empty(fd));
	close(fd);
	close(far);
}

TEST_F_TIMEOUT(wire, frames_of_every_size_are_sent, 60)
{
	int fd, far, length;

	OPEN_BOTH(fd, far);
	for (length = SMALLEST; length <= HEADER + SDU; length++) {
		fill_frame(self->sent, length, self->far, self->near, length);
		ASSERT_EQ(length, write(fd, self->sent, length));
		ASSERT_EQ(length, receive_frame(far, self->got, LARGEST_FRAME));
		ASSERT_EQ(length, same_from(self->sent, self->got, length));
	}
	/* A longer one does not fit; the stream lives on. */
	(void)!write(fd, self->sent, HEADER + SDU + 200);
	close(fd);
	fd = open_raw(self->ppa, TEST_TYPE);
	ASSERT_LE(0, fd);
	ASSERT_EQ(SMALLEST, write(fd, self->sent, SMALLEST));
	EXPECT_EQ(SMALLEST, receive_frame(far, self->got, LARGEST_FRAME));
	close(fd);
	close(far);
}

/* So large that they are in fragments, or more than one page, and referred to there. */
TEST_F_TIMEOUT(wire, large_frames_arrive_and_are_sent, 60)
{
	static const int lengths[] = { 1600, 4000, 4096, 4110, 8180, 8206, 9014, 16384, 20001,
				       32768, 40000, 59999, HEADER + JUMBO };
	int fd, far;

	ASSERT_EQ(0, link_mtu(FAR, JUMBO));
	ASSERT_EQ(0, link_mtu(NEAR, JUMBO));
	OPEN_BOTH(fd, far);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		int length = lengths[i];

		fill_frame(self->sent, length, self->near, self->far, i);
		ASSERT_EQ(length, send(far, self->sent, length, 0));
		ASSERT_EQ(length, read_frame(fd, self->got, LARGEST_FRAME));
		ASSERT_EQ(length, same_from(self->sent, self->got, length));

		fill_frame(self->sent, length, self->far, self->near, i);
		ASSERT_EQ(length, write(fd, self->sent, length));
		ASSERT_EQ(length, receive_frame(far, self->got, LARGEST_FRAME));
		ASSERT_EQ(length, same_from(self->sent, self->got, length));
	}
	close(fd);
	close(far);
}

TEST_F(wire, unitdata_goes_both_ways)
{
	unsigned char frame[SMALLEST];
	int fd, far = packet_open(FAR, TEST_TYPE);
	struct message got;
	struct indication it;

	ASSERT_LE(0, far);
	fd = open_on(self->ppa);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, dl_bind(fd, TEST_TYPE));
	/* What is asked is answered: nothing is sent before the stream can hear. */
	ASSERT_EQ(0, send_text(fd, self->far, TEST_TYPE, "a question of some length, for once"));
	ASSERT_LT(HEADER, receive_frame(far, self->got, LARGEST_FRAME));
	EXPECT_EQ(0, memcmp(self->got, self->far, MAC));
	EXPECT_EQ(0, memcmp(self->got + MAC, self->near, MAC));
	EXPECT_EQ(0, memcmp(self->got + HEADER, "a question", 10));
	fill_frame(frame, sizeof(frame), self->near, self->far, 1);
	ASSERT_EQ(SMALLEST, send(far, frame, sizeof(frame), 0));
	got = get_soon(fd);
	it = take_apart(&got);
	EXPECT_TRUE(it.good);
	EXPECT_EQ(0, memcmp(it.to, self->near, MAC));
	EXPECT_EQ(0, memcmp(it.from, self->far, MAC));
	EXPECT_EQ(TEST_TYPE, it.to_sap);
	EXPECT_EQ(SMALLEST - HEADER, it.length);
	EXPECT_EQ(SMALLEST - HEADER,
		  same_from(it.data, frame + HEADER, SMALLEST - HEADER));
	close(fd);
	close(far);
}

/* Linux takes the tag out before anybody sees the frame. */
TEST_F(wire, vlan_tags_arrive)
{
	int far = packet_open(FAR, TEST_TYPE), fd = open_raw(self->ppa, TAGGED);
	static const int lengths[] = { 64, 200, 300, 1000, HEADER + 4 + SDU };

	ASSERT_LE(0, far);
	ASSERT_LE(0, fd);
	pause_ms(100 * slow());
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		int length = lengths[i];

		fill_frame(self->sent, length, self->near, self->far, i);
		memcpy(self->sent + 2 * MAC, "\x81\x00\x20\x07\x88\xb5", 6);
		ASSERT_EQ(length, send(far, self->sent, length, 0));
		ASSERT_EQ(length, read_frame(fd, self->got, LARGEST_FRAME));
		ASSERT_EQ(length, same_from(self->sent, self->got, length));
	}
	close(fd);
	close(far);
}

TEST_F(wire, vlan_tags_are_sent)
{
	int far = packet_open(FAR, ETH_P_ALL), fd = open_raw(self->ppa, TEST_TYPE), one = 1;
	struct tpacket_auxdata *tag;
	char control[CMSG_SPACE(sizeof(*tag))];
	struct iovec data = { self->got, LARGEST_FRAME };
	struct msghdr got = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	const int length = HEADER + 4 + SDU;

	ASSERT_LE(0, far);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, setsockopt(far, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)));
	fill_frame(self->sent, length, self->far, self->near, 5);
	memcpy(self->sent + 2 * MAC, "\x81\x00\x20\x07\x88\xb5", 6);
	ASSERT_EQ(length, write(fd, self->sent, length));
	ASSERT_EQ(POLLIN, events_of(far, POLLIN, 5));
	ASSERT_EQ(length - 4, recvmsg(far, &got, 0));
	tag = (void *)CMSG_DATA(CMSG_FIRSTHDR(&got));
	EXPECT_TRUE(tag->tp_status & TP_STATUS_VLAN_VALID);
	EXPECT_EQ(0x2007, tag->tp_vlan_tci);
	EXPECT_EQ(length - 18, same_from(self->sent + 18, self->got + HEADER, length - 18));
	close(fd);
	close(far);
}

/* ------------------------------------------------------------------ counting */

static bool get_statistics(int fd, struct dlpi_stat *stat)
{
	dl_get_statistics_req_t request = { DL_GET_STATISTICS_REQ };
	struct message got;

	if (ask(fd, &request, sizeof(request), DL_GET_STATISTICS_ACK,
		sizeof(dl_get_statistics_ack_t) + sizeof(*stat), &got) ||
	    !all_there(&got, sizeof(dl_get_statistics_ack_t),
		       got.dl.get_statistics_ack.dl_stat_offset, sizeof(*stat)))
		return false;
	memcpy(stat, got.ctl + got.dl.get_statistics_ack.dl_stat_offset, sizeof(*stat));
	return true;
}

TEST_F(wire, what_passes_is_counted)
{
	static const unsigned char *const to_near[] = { NULL, everybody, group };
	struct dlpi_stat before, after;
	int fd, far;

	OPEN_BOTH(fd, far);
	ASSERT_EQ(0, ask_address(fd, DL_ENABMULTI_REQ, group, MAC));
	ASSERT_TRUE(get_statistics(fd, &before));
	EXPECT_EQ(DLPI_LINK_UP, before.ds_link_state);
	EXPECT_EQ(DLPI_DUPLEX_FULL, before.ds_link_duplex);
	EXPECT_EQ(10000000000ULL, before.ds_ifspeed);	/* what a veth says of itself */
	for (int i = 0; i < 3; i++) {
		fill_frame(self->sent, 1000, to_near[i] ?: self->near, self->far, i);
		ASSERT_EQ(1000, send(far, self->sent, 1000, 0));
		ASSERT_EQ(1000, read_frame(fd, self->got, LARGEST_FRAME));
		fill_frame(self->sent, 100, to_near[i] ?: self->far, self->near, i);
		ASSERT_EQ(100, write(fd, self->sent, 100));
		ASSERT_EQ(100, receive_frame(far, self->got, LARGEST_FRAME));
	}
	/* One that finds the interface down. */
	ASSERT_EQ(0, link_up(NEAR, false));
	ASSERT_EQ(100, write(fd, self->sent, 100));
	ASSERT_TRUE(get_statistics(fd, &after));
	EXPECT_EQ(3, after.ds_ipackets64 - before.ds_ipackets64);
	EXPECT_EQ(3000, after.ds_rbytes64 - before.ds_rbytes64);
	EXPECT_EQ(1, after.ds_brdcstrcv - before.ds_brdcstrcv);
	EXPECT_EQ(1, after.ds_multircv - before.ds_multircv);
	EXPECT_EQ(3, after.ds_opackets64 - before.ds_opackets64);
	EXPECT_EQ(300, after.ds_obytes64 - before.ds_obytes64);
	EXPECT_EQ(1, after.ds_brdcstxmt - before.ds_brdcstxmt);
	EXPECT_EQ(1, after.ds_multixmt - before.ds_multixmt);
	EXPECT_EQ(1, after.ds_oerrors - before.ds_oerrors);
	EXPECT_EQ(DLPI_LINK_DOWN, after.ds_link_state);
	EXPECT_EQ(0, after.ds_norcvbuf + after.ds_noxmtbuf);
	close(fd);
	close(far);
}

/* ------------------------------------------------------------- who hears what */

TEST_F(wire, an_address_filter)
{
	unsigned char frame[SMALLEST];
	int fd, far;

	OPEN_BOTH(fd, far);
	fill_frame(frame, sizeof(frame), nobody, self->far, 1);
	ASSERT_EQ(SMALLEST, send(far, frame, sizeof(frame), 0));
	EXPECT_TRUE(empty(fd));
	fill_frame(frame, sizeof(frame), everybody, self->far, 2);
	ASSERT_EQ(SMALLEST, send(far, frame, sizeof(frame), 0));
	EXPECT_TRUE(reads_frame(fd, frame, SMALLEST));

	fill_frame(frame, sizeof(frame), group, self->far, 3);
	ASSERT_EQ(SMALLEST, send(far, frame, sizeof(frame), 0));
	EXPECT_TRUE(empty(fd));
	ASSERT_EQ(0, ask_address(fd, DL_ENABMULTI_REQ, group, MAC));
	ASSERT_EQ(SMALLEST, send(far, frame, sizeof(frame), 0));
	EXPECT_TRUE(reads_frame(fd, frame, SMALLEST));
	ASSERT_EQ(0, ask_address(fd, DL_DISABMULTI_REQ, group, MAC));
	ASSERT_EQ(SMALLEST, send(far, frame, sizeof(frame), 0));
	EXPECT_TRUE(empty(fd));
	close(fd);
	close(far);
}

/* has_group - the interface has been told to receive this group */
static bool has_group(const char *interface)
{
	FILE *file = fopen("/proc/net/dev_mcast", "r");
	char line[128], name[32] = "", address[32] = "";
	bool found = false;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*d %31s %*d %*d %31s", name, address) == 2 &&
		    !strcmp(name, interface) && !strcmp(address, "01005e010203"))
			found = true;
	}
	if (file)
		fclose(file);
	return found;
}

TEST_F(wire, what_the_interface_is_asked_for_is_taken_back)
{
	int fd = open_on(self->ppa), other = open_on(self->ppa);

	ASSERT_LE(0, fd);
	ASSERT_LE(0, other);
	EXPECT_FALSE(has_group(NEAR));
	ASSERT_EQ(0, ask_address(fd, DL_ENABMULTI_REQ, group, MAC));
	ASSERT_EQ(0, ask_address(other, DL_ENABMULTI_REQ, group, MAC));
	EXPECT_TRUE(has_group(NEAR));
	ASSERT_EQ(0, dl_promiscuous(fd, DL_PROMISC_PHYS));
	for (int i = 0; i < 500 * slow() && !link_is_promiscuous(NEAR); i++)
		pause_ms(10);
	EXPECT_TRUE(link_is_promiscuous(NEAR));
	close(fd);
	EXPECT_TRUE(has_group(NEAR));
	close(other);
	EXPECT_FALSE(has_group(NEAR));
	for (int i = 0; i < 500 * slow() && link_is_promiscuous(NEAR); i++)
		pause_ms(10);
	EXPECT_FALSE(link_is_promiscuous(NEAR));
}

TEST_F(wire, promiscuous_streams_see_everything_once)
{
	unsigned char frame[SMALLEST];
	int fd, far, host, watcher;

	OPEN_BOTH(fd, far);
	watcher = open_on(self->ppa);
	ASSERT_LE(0, watcher);
	ASSERT_EQ(0, dl_bind(watcher, TEST_TYPE));
	ASSERT_LE(0, dl_raw(watcher));
	ASSERT_EQ(0, dl_promiscuous(watcher, DL_PROMISC_PHYS));

	/* to somebody else */
	fill_frame(frame, sizeof(frame), nobody, self->far, 1);
	ASSERT_EQ(SMALLEST, send(far, frame, sizeof(frame), 0));
	EXPECT_TRUE(reads_frame(watcher, frame, SMALLEST));
	EXPECT_TRUE(empty(fd));

	/* from another stream: the sender has no need to see it */
	fill_frame(frame, sizeof(frame), self->far, self->near, 2);
	ASSERT_EQ(SMALLEST, write(fd, frame, SMALLEST));
	EXPECT_TRUE(reads_frame(watcher, frame, SMALLEST));
	EXPECT_TRUE(empty(watcher));
	EXPECT_TRUE(empty(fd));

	/* from the host itself, to everybody: not what others receive */
	host = packet_open(NEAR, TEST_TYPE);
	ASSERT_LE(0, host);
	fill_frame(frame, sizeof(frame), everybody, self->near, 3);
	ASSERT_EQ(SMALLEST, send(host, frame, SMALLEST, 0));
	EXPECT_TRUE(reads_frame(watcher, frame, SMALLEST));
	EXPECT_TRUE(empty(watcher));
	EXPECT_TRUE(empty(fd));

	/* and no more */
	ASSERT_EQ(0, dl_not_promiscuous(watcher, DL_PROMISC_PHYS));
	ASSERT_EQ(SMALLEST, send(host, frame, SMALLEST, 0));
	fill_frame(frame, sizeof(frame), nobody, self->far, 4);
	ASSERT_EQ(SMALLEST, send(far, frame, sizeof(frame), 0));
	EXPECT_TRUE(empty(watcher));
	close(host);
	close(watcher);
	close(fd);
	close(far);
}

/* By the same rules as what other streams send. */
TEST_F(wire, what_the_host_sends_any_promiscuous_stream_sees)
{
	unsigned char frame[SMALLEST];
	int fd = open_raw(self->ppa, TEST_TYPE + 1), host = packet_open(NEAR, TEST_TYPE);

	ASSERT_LE(0, fd);
	ASSERT_LE(0, host);
	ASSERT_EQ(0, dl_promiscuous(fd, DL_PROMISC_SAP));
	pause_ms(200 * slow());		/* until it is listened to */
	fill_frame(frame, sizeof(frame), self->far, self->near, 1);
	ASSERT_EQ(SMALLEST, send(host, frame, SMALLEST, 0));
	fill_frame(frame, sizeof(frame), everybody, self->near, 2);
	ASSERT_EQ(SMALLEST, send(host, frame, SMALLEST, 0));
	EXPECT_TRUE(reads_frame(fd, frame, SMALLEST));
	EXPECT_FALSE(link_is_promiscuous(NEAR));
	ASSERT_EQ(0, dl_not_promiscuous(fd, DL_PROMISC_SAP));
	ASSERT_EQ(SMALLEST, send(host, frame, SMALLEST, 0));
	EXPECT_TRUE(empty(fd));
	close(host);
	close(fd);
}

/* ------------------------------------------------------------ the kernel's IP */

static unsigned int sum16(const unsigned char *data, int length)
{
	unsigned int sum = 0;

	for (int i = 0; i < length; i++)
		sum += i & 1 ? data[i] : data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Of a frame of UDP over IPv4: the checksums of both are there, and right. */
static bool sums_are_right(const unsigned char *frame, int length)
{
	const unsigned char *ip = frame + HEADER, *udp = ip + 20;
	int udp_length = length - HEADER - 20;
	unsigned int sum = sum16(udp, udp_length) + sum16(ip + 12, 8) + IPPROTO_UDP + udp_length;

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum16(ip, 20) == 0xffff && sum == 0xffff && (udp[6] || udp[7]);
}

/* make_datagram - IPv4 and UDP around data; the frame's length */
static int make_datagram(unsigned char *frame, in_addr_t from, in_addr_t to, int size)
{
	struct iphdr *ip = (void *)(frame + HEADER);
	struct udphdr *udp = (void *)(ip + 1);

	*ip = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 9, .protocol = IPPROTO_UDP,
			      .tot_len = htons(28 + size), .saddr = from, .daddr = to };
	ip->check = htons(~sum16((void *)ip, 20));
	*udp = (struct udphdr){ .source = htons(PORT), .dest = htons(PORT),
				.len = htons(8 + size) };
	return HEADER + 28 + size;
}

/* arp - ask over the stream who has an address; true if the answer is right */
static bool arp(int fd, const unsigned char *near, const unsigned char *far, in_addr_t ours,
		in_addr_t theirs)
{
	unsigned char frame[SMALLEST] = "", got[100];

	make_frame(frame, everybody, near, ETH_P_ARP, "");
	memcpy(frame + HEADER, "\x00\x01\x08\x00\x06\x04\x00\x01", 8);
	memcpy(frame + HEADER + 8, near, MAC);
	memcpy(frame + HEADER + 14, &ours, 4);
	memcpy(frame + HEADER + 24, &theirs, 4);
	if (write(fd, frame, sizeof(frame)) != sizeof(frame) ||
	    read_frame(fd, got, sizeof(got)) < HEADER + 28)
		return false;
	return got[HEADER + 7] == 2 && !memcmp(got + HEADER + 8, far, MAC) &&
	       !memcmp(got + HEADER + 14, &theirs, 4) && !memcmp(got, near, MAC);
}

TEST_F(wire, the_kernel_answers)
{
	in_addr_t ours = inet_addr("10.99.7.1"), theirs = inet_addr("10.99.7.2");
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(PORT),
				     .sin_addr.s_addr = theirs }, from;
	socklen_t size = sizeof(from);
	int fd, length, segment = 900;
	int udp = socket(AF_INET, SOCK_DGRAM, 0);

	ASSERT_EQ(0, link_mtu(FAR, JUMBO));
	ASSERT_EQ(0, link_mtu(NEAR, JUMBO));
	ASSERT_EQ(0, link_ip(FAR, theirs));
	ASSERT_EQ(0, bind(udp, (void *)&there, sizeof(there)));
	/* The first thing that the stream does is a question, and there is an answer. */
	fd = open_raw(self->ppa, ETH_P_ARP);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(arp(fd, self->near, self->far, ours, theirs));
	close(fd);

	fd = open_raw(self->ppa, ETH_P_IP);
	ASSERT_LE(0, fd);
	for (int bytes = 1; bytes < 50000; bytes = bytes * 3 + 11) {
		make_frame(self->sent, self->far, self->near, ETH_P_IP, "");
		length = make_datagram(self->sent, ours, theirs, bytes);
		for (int i = 0; i < bytes; i++)
			self->sent[HEADER + 28 + i] = pattern(i, bytes);
		ASSERT_EQ(length, write(fd, self->sent, length));
		ASSERT_EQ(POLLIN, events_of(udp, POLLIN, 5));
		ASSERT_EQ(bytes, recvfrom(udp, self->got, LARGEST_FRAME, 0, (void *)&from, &size));
		ASSERT_EQ(bytes, same_from(self->got, self->sent + HEADER + 28, bytes));
		/* What a NIC would complete, the checksum, is complete. */
		ASSERT_EQ(bytes, sendto(udp, self->got, bytes, 0, (void *)&from, size));
		ASSERT_EQ(length, read_frame(fd, self->got, LARGEST_FRAME));
		ASSERT_EQ(bytes, same_from(self->got + HEADER + 28, self->sent + HEADER + 28,
					   bytes));
		ASSERT_TRUE(sums_are_right(self->got, length));
	}

	/* And many datagrams that are one packet until somebody cuts them. */
	ASSERT_EQ(0, setsockopt(udp, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment)));
	for (int i = 0; i < 10 * segment; i++)
		self->sent[i] = pattern(i, 42);
	ASSERT_EQ(10 * segment, sendto(udp, self->sent, 10 * segment, 0, (void *)&from, size));
	for (int i = 0; i < 10; i++) {
		ASSERT_EQ(HEADER + 28 + segment, read_frame(fd, self->got, LARGEST_FRAME));
		EXPECT_EQ(segment, same_from(self->got + HEADER + 28, self->sent + i * segment,
					     segment));
		EXPECT_TRUE(sums_are_right(self->got, HEADER + 28 + segment));
	}
	EXPECT_TRUE(empty(fd));
	close(udp);
	close(fd);
}

/* --------------------------------------------------------------- flow control */

/* held - how many of some frames of this length, which are not read yet, hold their sk_buff */
static int held(int fd, int udp, const struct sockaddr_in *to, int length)
{
	enum { FRAMES = 10 };
	static const char refcnt[] = "/sys/module/streams_netdev/refcnt";
	int before = atoi(link_file(refcnt)), after, bytes = length - HEADER - 28;
	unsigned char data[2000] = "";

	/* The kernel makes room for more that may come. */
	for (int i = 0; i < FRAMES; i++) {
		sendto(udp, data, 1, MSG_MORE, (void *)to, sizeof(*to));
		sendto(udp, data, bytes - 1, 0, (void *)to, sizeof(*to));
	}
	if (wait_messages(fd, FRAMES))
		return -1;
	after = atoi(link_file(refcnt));
	for (int i = 0; i < FRAMES; i++) {
		if (read_frame(fd, data, sizeof(data)) != length)
			return -2;
	}
	return after - before;
}

/* Of what a stream keeps for its reader the bytes are counted, and not the memory. */
TEST_F(wire, small_frames_in_large_buffers_are_copied)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT),
				  .sin_addr.s_addr = inet_addr("10.99.7.255") };
	int fd, udp = socket(AF_INET, SOCK_DGRAM, 0), one = 1;

	ASSERT_EQ(0, setsockopt(udp, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)));
	ASSERT_EQ(0, link_mtu(FAR, 9000));
	ASSERT_EQ(0, link_mtu(NEAR, 9000));
	ASSERT_EQ(0, link_ip(FAR, inet_addr("10.99.7.2")));
	ASSERT_EQ(0, link_linear(FAR));
	fd = open_raw(self->ppa, ETH_P_IP);
	ASSERT_LE(0, fd);
	pause_ms(200 * slow());		/* until it is listened to */
	EXPECT_EQ(0, held(fd, udp, &to, 300));
	EXPECT_EQ(0, held(fd, udp, &to, 1024));
	EXPECT_EQ(10, held(fd, udp, &to, 1400));
	close(udp);
	close(fd);
}

#define LOWEST_SNDBUF	"4608\n"	/* the kernel admits */
#define WMEM_DEFAULT	"/proc/sys/net/core/wmem_default"

/* One frame is more than may be on its way: each of the others waits for the one before. */
TEST_F_TIMEOUT(wire, what_finds_no_room_waits, 60)
{
	enum { FRAMES = 200, LENGTH = 9000 };
	int fd, far = packet_open(FAR, TEST_TYPE), failed = 0;
	char before[64];

	ASSERT_LE(0, far);
	strcpy(before, link_file(WMEM_DEFAULT));
	ASSERT_NE(0, atoi(before));
	ASSERT_EQ(0, link_mtu(FAR, JUMBO));
	ASSERT_EQ(0, link_mtu(NEAR, JUMBO));
	ASSERT_TRUE(link_write(WMEM_DEFAULT, LOWEST_SNDBUF));
	fd = open_raw(self->ppa, TEST_TYPE);
	EXPECT_LE(0, fd);
	for (int i = 0; i < FRAMES && !failed; i++) {
		fill_frame(self->sent, LENGTH, self->far, self->near, i);
		failed = write(fd, self->sent, LENGTH) != LENGTH;
	}
	EXPECT_FALSE(failed);
	for (int i = 0; i < FRAMES && !failed; i++) {
		fill_frame(self->sent, LENGTH, self->far, self->near, i);
		failed = receive_frame(far, self->got, LARGEST_FRAME) != LENGTH ||
			 same_from(self->sent, self->got, LENGTH) != LENGTH;
		EXPECT_FALSE(failed) TH_LOG("frame %d", i);
	}
	EXPECT_TRUE(link_write(WMEM_DEFAULT, before));
	close(fd);
	close(far);
}

/* echo_frames - send back what comes, with the addresses changed; exits */
static void echo_frames(unsigned int ppa, int frames)
{
	unsigned char frame[HEADER + SDU], address[MAC];
	int fd = open_raw(ppa, TEST_TYPE), length;

	if (fd < 0)
		_exit(2);
	while (frames--) {
		length = read_frame(fd, frame, sizeof(frame));
		if (length < HEADER)
			_exit(3);
		memcpy(address, frame, MAC);
		memcpy(frame, frame + MAC, MAC);
		memcpy(frame + MAC, address, MAC);
		if (write(fd, frame, length) != length)
			_exit(4);
	}
	/* What was sent is on its way; close does not take it back. */
	close(fd);
	_exit(0);
}

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Streams on both ends, on two CPUs, up to 32 frames on their way. */
TEST_F_TIMEOUT(wire, two_streams_on_two_cpus, 60)
{
	enum { FRAMES = 3000, WINDOW = 32 };
	unsigned int ppa = if_nametoindex(FAR);
	int fd = open_raw(self->ppa, TEST_TYPE), got = 0, sent = 0, length;
	unsigned char again[SMALLEST];
	pid_t child;

	ASSERT_LE(0, fd);
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "needs two CPUs");
	child = fork();
	if (child == 0) {
		run_on(1);
		echo_frames(ppa, FRAMES + 1);
	}
	run_on(0);
	/* Until the other end answers; the answers that are too many are read over. */
	fill_frame(again, sizeof(again), self->far, self->near, 0);
	for (int i = 0; i < 500 * slow() && !(events_of(fd, POLLIN, 0) & POLLIN); i++) {
		if (i == 0)
			pause_ms(300 * slow());
		ASSERT_EQ(SMALLEST, write(fd, again, SMALLEST));
		pause_ms(100 * slow());
	}
	while (got < FRAMES) {
		while (sent < FRAMES && sent - got < WINDOW) {
			length = SMALLEST + 1 + sent * 37 % (HEADER + SDU - SMALLEST);
			fill_frame(self->sent, length, self->far, self->near, sent);
			if (write(fd, self->sent, length) != length)
				break;
			sent++;
		}
		length = read_frame(fd, self->got, LARGEST_FRAME);
		if (length == SMALLEST && got == 0)
			continue;
		ASSERT_EQ(SMALLEST + 1 + got * 37 % (HEADER + SDU - SMALLEST), length);
		fill_frame(self->sent, length, self->near, self->far, got);
		ASSERT_EQ(length, same_from(self->sent, self->got, length));
		got++;
	}
	EXPECT_EQ(0, child_status(child, 10));
	close(fd);
}

/* ------------------------------------------------------- interfaces change */

/* notified - the next indication of this kind; its dl_data, or -1 */
static long notified(int fd, unsigned int kind, struct message *got)
{
	for (;;) {
		*got = get_soon(fd);
		if (got->result || got->ctl_len < (int)sizeof(dl_notify_ind_t))
			return -1;
		if (got->dl.dl_primitive == DL_NOTIFY_IND &&
		    got->dl.notify_ind.dl_notification == kind)
			return got->dl.notify_ind.dl_data;
	}
}

TEST_F(wire, streams_are_told_of_changes)
{
	static const unsigned char address[MAC] = { 2, 1, 2, 3, 4, 5 };
	const unsigned int kinds = DL_NOTE_SDU_SIZE | DL_NOTE_PHYS_ADDR | DL_NOTE_LINK_UP |
				   DL_NOTE_LINK_DOWN;
	dl_notify_req_t request = { .dl_primitive = DL_NOTIFY_REQ, .dl_notifications = kinds };
	unsigned char now[MAC];
	struct message got;
	unsigned int at;
	int fd = open_on(self->ppa);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ask(fd, &request, sizeof(request), DL_NOTIFY_ACK, sizeof(dl_notify_ack_t),
			 &got));
	EXPECT_EQ(kinds, got.dl.notify_ack.dl_notifications & kinds);
	EXPECT_LE(0, notified(fd, DL_NOTE_LINK_UP, &got));
	EXPECT_EQ(1500, notified(fd, DL_NOTE_SDU_SIZE, &got)); /* everything, as it is now */
	EXPECT_LE(0, notified(fd, DL_NOTE_PHYS_ADDR, &got));

	ASSERT_EQ(0, link_mtu(NEAR, 1400));
	EXPECT_EQ(1400, notified(fd, DL_NOTE_SDU_SIZE, &got));
	ASSERT_EQ(0, dl_info(fd, &got));
	EXPECT_EQ(1400, got.dl.info_ack.dl_max_sdu);

	ASSERT_EQ(0, link_up(FAR, false));
	EXPECT_LE(0, notified(fd, DL_NOTE_LINK_DOWN, &got));
	ASSERT_EQ(0, link_up(FAR, true));
	EXPECT_LE(0, notified(fd, DL_NOTE_LINK_UP, &got));

	ASSERT_EQ(0, link_up(NEAR, false));
	EXPECT_LE(0, notified(fd, DL_NOTE_LINK_DOWN, &got));
	ASSERT_EQ(0, link_address(NEAR, address));
	EXPECT_LE(0, notified(fd, DL_NOTE_PHYS_ADDR, &got));
	at = got.dl.notify_ind.dl_addr_offset;
	EXPECT_TRUE(all_there(&got, sizeof(dl_notify_ind_t), at, MAC) &&
		    !memcmp(got.ctl + at, address, MAC));
	ASSERT_EQ(0, dl_address(fd, DL_CURR_PHYS_ADDR, now));
	EXPECT_EQ(0, memcmp(now, address, MAC));
	close(fd);
}

/* Attaching works, sending is dropped, and when it comes up frames go. */
TEST_F(wire, an_interface_that_is_down)
{
	int fd, far = packet_open(FAR, TEST_TYPE);

	ASSERT_LE(0, far);
	ASSERT_EQ(0, link_up(NEAR, false));
	fd = open_raw(self->ppa, TEST_TYPE);
	ASSERT_LE(0, fd);
	fill_frame(self->sent, SMALLEST, self->far, self->near, 1);
	for (int i = 0; i < 100; i++)
		ASSERT_EQ(SMALLEST, write(fd, self->sent, SMALLEST));
	pause_ms(100 * slow());
	ASSERT_EQ(0, link_up(NEAR, true));
	ASSERT_TRUE(carries(NEAR));
	fill_frame(self->sent, SMALLEST, self->far, self->near, 2);
	ASSERT_EQ(SMALLEST, write(fd, self->sent, SMALLEST));
	ASSERT_EQ(SMALLEST, receive_frame(far, self->got, LARGEST_FRAME));
	EXPECT_EQ(SMALLEST, same_from(self->sent, self->got, SMALLEST));
	close(fd);
	close(far);
}

/* is_hung_up - or becomes so soon */
static bool is_hung_up(int fd)
{
	return events_of(fd, POLLPRI, 5) & POLLHUP;
}

TEST_F(wire, an_interface_that_goes_hangs_up)
{
	int fd, far, other, plain;
	char node[64];

	OPEN_BOTH(fd, far);
	other = open_on(self->ppa);
	ASSERT_LE(0, other);
	ASSERT_EQ(0, dl_promiscuous(other, DL_PROMISC_PHYS));
	ASSERT_EQ(0, ask_address(other, DL_ENABMULTI_REQ, group, MAC));
	plain = open(NETDEV, O_RDWR);
	ASSERT_LE(0, plain);

	/* What has been received is not lost; its memory outlives the interface. */
	fill_frame(self->sent, 1000, self->near, self->far, 3);
	ASSERT_EQ(1000, send(far, self->sent, 1000, 0));
	ASSERT_EQ(0, wait_messages(fd, 1));
	ASSERT_EQ(0, link_delete(NEAR));
	EXPECT_TRUE(is_hung_up(fd));
	EXPECT_TRUE(is_hung_up(other));
	EXPECT_EQ(1000, read(fd, self->got, LARGEST_FRAME));
	EXPECT_EQ(1000, same_from(self->sent, self->got, 1000));
	EXPECT_EQ(0, read(fd, self->got, LARGEST_FRAME));
	EXPECT_EQ(-1, write(fd, self->sent, SMALLEST));

	EXPECT_EQ(REFUSED(DL_BADPPA), dl_attach(plain, self->ppa));
	snprintf(node, sizeof(node), NETDEV "%u", self->ppa);
	EXPECT_EQ(-1, access(node, F_OK));
	close(plain);
	close(other);
	close(fd);
	close(far);
}

/* While frames go both ways, and others attach. */
TEST_F_TIMEOUT(wire, interfaces_come_and_go_under_load, 60)
{
	pid_t child[2];
	int round, kind;

	for (kind = 0; kind < 2; kind++) {
		child[kind] = fork();
		if (child[kind])
			continue;
		for (;;) {
			int fd = open_raw(if_nametoindex(kind ? FAR : NEAR), TEST_TYPE);
			unsigned char frame[1000];

			fill_frame(frame, sizeof(frame), everybody, nobody, kind);
			set_nonblock(fd, true);
			for (int i = 0; fd >= 0 && i < 200; i++) {
				if (write(fd, frame, sizeof(frame)) < 0 && errno != EAGAIN)
					break;
				(void)!read(fd, frame, sizeof(frame));
			}
			close(fd);
		}
	}
	for (round = 0; round < 15; round++) {
		pause_ms(50 * slow());
		EXPECT_EQ(0, link_delete(NEAR));
		EXPECT_EQ(0, link_veth(NEAR, FAR));
		EXPECT_EQ(0, link_up(NEAR, true));
		EXPECT_EQ(0, link_up(FAR, true));
	}
	for (kind = 0; kind < 2; kind++) {
		EXPECT_TRUE(alive(child[kind]));
		kill(child[kind], SIGKILL);
		waitpid(child[kind], NULL, 0);
	}
}

/* in_other_namespace - take the interface there and give it back when told; exits */
static void in_other_namespace(int told, int done)
{
	char word = unshare(CLONE_NEWNET) ? 'n' : 'y';

	if (write(done, &word, 1) != 1 || read(told, &word, 1) != 1)
		_exit(1);
	_exit(link_move(NEAR, getppid()));
}

TEST_F(wire, an_interface_that_moves_to_another_namespace)
{
	int fd, far, told[2], done[2];
	char word;
	pid_t child;

	ASSERT_EQ(0, pipe(told));
	ASSERT_EQ(0, pipe(done));
	child = fork();
	if (child == 0)
		in_other_namespace(told[0], done[1]);
	ASSERT_EQ(1, read(done[0], &word, 1));
	if (word == 'n') {
		ASSERT_EQ(1, write(told[1], "x", 1));
		child_status(child, 5);
		SKIP(return, "this kernel has no network namespaces");
	}
	OPEN_BOTH(fd, far);
	ASSERT_EQ(0, dl_promiscuous(fd, DL_PROMISC_PHYS));
	ASSERT_EQ(0, link_move(NEAR, child));
	EXPECT_TRUE(is_hung_up(fd));
	close(fd);
	EXPECT_EQ(-1, open_on(self->ppa));
	/* Here it is again, and works. */
	ASSERT_EQ(1, write(told[1], "x", 1));
	ASSERT_EQ(0, child_status(child, 10));
	ASSERT_EQ(0, link_up(NEAR, true));
	ASSERT_TRUE(carries(NEAR));
	EXPECT_FALSE(link_is_promiscuous(NEAR));
	self->ppa = if_nametoindex(NEAR);
	close(far);
	OPEN_BOTH(fd, far);
	close(fd);
	close(far);
}

static bool is_shown(unsigned int ppa)
{
	char node[64];

	snprintf(node, sizeof(node), NETDEV "%u", ppa);
	return !access(node, F_OK);
}

TEST(an_interface_that_changes_its_type)
{
	int tap, tun, fd;
	unsigned int ppa;

	if (geteuid() || access(NETDEV, F_OK))
		SKIP_UNLESS_MUST("root and the driver netdev");
	quiet();
	tap = tun_open("strm2", IFF_TAP);
	if (tap < 0)
		SKIP(return, "this kernel has no tap");
	ppa = if_nametoindex("strm2");
	fd = open_on(ppa);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(tap, TUNSETLINK, ARPHRD_NONE));
	EXPECT_TRUE(is_hung_up(fd));
	EXPECT_FALSE(is_shown(ppa));
	close(fd);
	ASSERT_EQ(0, ioctl(tap, TUNSETLINK, ARPHRD_ETHER));
	EXPECT_TRUE(is_shown(ppa));
	close(tap);

	/* One that says it is Ethernet, and has no headers. */
	tun = tun_open("strm2", IFF_TUN);
	ASSERT_LE(0, tun);
	ppa = if_nametoindex("strm2");
	EXPECT_FALSE(is_shown(ppa));
	ASSERT_EQ(0, ioctl(tun, TUNSETLINK, ARPHRD_ETHER));
	EXPECT_FALSE(is_shown(ppa));
	close(tun);
}

/* ----------------------------------------------------------------- unloading */

static int unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK);
}

static int load(const char *module)
{
	char path[256];
	struct utsname system;
	int fd, result;

	uname(&system);
	snprintf(path, sizeof(path), "/lib/modules/%s/extra/%s.ko", system.release, module);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -1;
	result = syscall(SYS_finit_module, fd, "", 0);
	close(fd);
	return result;
}

/* The interfaces stay as they are; with a frame unread, and after it was closed. */
TEST_F(wire, a_driver_in_use_stays)
{
	long long deadline = now_ms() + 5000LL * slow();
	int fd, far;

	OPEN_BOTH(fd, far);
	ASSERT_EQ(0, dl_promiscuous(fd, DL_PROMISC_PHYS));
	fill_frame(self->sent, 1400, self->near, self->far, 3);
	ASSERT_EQ(1400, send(far, self->sent, 1400, 0));
	ASSERT_EQ(0, wait_messages(fd, 1));
	EXPECT_EQ(-1, unload("streams_netdev"));
	EXPECT_EQ(EWOULDBLOCK, errno);
	close(fd);
	while (unload("streams_netdev")) {
		ASSERT_EQ(EWOULDBLOCK, errno);
		ASSERT_GT(deadline, now_ms());
		pause_ms(10);
	}
	EXPECT_EQ(-1, access(NETDEV, F_OK));
	EXPECT_FALSE(link_is_promiscuous(NEAR));
	ASSERT_EQ(0, load("streams_netdev"));
	close(far);
	OPEN_BOTH(fd, far);
	close(fd);
	close(far);
}

/* --------------------------------------------------------- the loopback interface */

TEST(datagrams_to_oneself)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(PORT),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	unsigned char frame[3000], data[2000];
	int fd, udp = socket(AF_INET, SOCK_DGRAM, 0);

	if (geteuid() || access(NETDEV, F_OK))
		SKIP_UNLESS_MUST("root and the driver netdev");
	ASSERT_EQ(0, link_up("lo", true));
	ASSERT_EQ(0, bind(udp, (void *)&there, sizeof(there)));
	fd = open_raw(if_nametoindex("lo"), ETH_P_IP);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, dl_promiscuous(fd, DL_PROMISC_PHYS));
	pause_ms(200 * slow());
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = pattern(i, 9);
	for (int bytes = 50; bytes <= 2000; bytes += 1950) {
		ASSERT_EQ(bytes, sendto(udp, data, bytes, 0, (void *)&there, sizeof(there)));
		ASSERT_EQ(HEADER + 28 + bytes, read_frame(fd, frame, sizeof(frame)));
		EXPECT_EQ(bytes, same_from(frame + HEADER + 28, data, bytes));
		EXPECT_TRUE(sums_are_right(frame, HEADER + 28 + bytes));
	}
	EXPECT_TRUE(empty(fd));		/* once, though it is sent and received here */
	close(fd);
	close(udp);
}

/* The sender too, as it comes back to all. */
TEST(what_is_sent_to_oneself_is_seen_once)
{
	unsigned char frame[SMALLEST];
	int fd[3];

	if (geteuid() || access(NETDEV, F_OK))
		SKIP_UNLESS_MUST("root and the driver netdev");
	ASSERT_EQ(0, link_up("lo", true));
	for (int i = 0; i < 3; i++) {
		fd[i] = open_raw(if_nametoindex("lo"), TEST_TYPE);
		ASSERT_LE(0, fd[i]);
	}
	ASSERT_EQ(0, dl_promiscuous(fd[1], DL_PROMISC_PHYS));
	ASSERT_EQ(0, dl_promiscuous(fd[2], DL_PROMISC_SAP));
	for (int i = 0; i < 3; i++) {
		fill_frame(frame, sizeof(frame), everybody, nobody, i);
		ASSERT_EQ(SMALLEST, write(fd[i], frame, SMALLEST));
		for (int k = 0; k < 3; k++)
			EXPECT_TRUE(reads_frame(fd[k], frame, SMALLEST));
	}
	for (int k = 0; k < 3; k++) {
		EXPECT_TRUE(empty(fd[k]));
		close(fd[k]);
	}
}

/* Less than the core of DLPI takes as the largest SDU, so not what a stream is told. */
TEST(an_mtu_may_be_tiny)
{
	unsigned char frame[HEADER + 64];
	struct message got;
	int fd;

	/* It costs the host the addresses of lo for a moment. */
	if (geteuid() || access(NETDEV, F_OK) || !must())
		SKIP_UNLESS_MUST("root, the driver netdev and a machine to try it on");
	ASSERT_EQ(0, link_up("lo", true));
	ASSERT_EQ(0, link_mtu("lo", 40));
	for (int round = 0; round < 2; round++) {
		fd = open_raw(if_nametoindex("lo"), TEST_TYPE);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, dl_info(fd, &got));
		EXPECT_EQ(64, got.dl.info_ack.dl_max_sdu);
		/* The interface has a say, too. */
		fill_frame(frame, sizeof(frame), everybody, nobody, round);
		ASSERT_EQ(sizeof(frame), write(fd, frame, sizeof(frame)));
		ASSERT_EQ(HEADER + 40, write(fd, frame, HEADER + 40));
		EXPECT_TRUE(reads_frame(fd, frame, HEADER + 40));
		EXPECT_TRUE(empty(fd));
		close(fd);
		/* And an interface that the driver finds like that. */
		for (int i = 0; i < 500 * slow() && !round && unload("streams_netdev"); i++)
			pause_ms(10);
		ASSERT_TRUE(round || !load("streams_netdev"));
	}
	EXPECT_EQ(0, link_mtu("lo", 65536));
	EXPECT_EQ(0, link_up("lo", false));
	EXPECT_EQ(0, link_up("lo", true));
}

TEST_HARNESS_MAIN
