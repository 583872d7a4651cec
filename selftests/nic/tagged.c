// SPDX-License-Identifier: GPL-2.0-only
/*
 * A frame with a VLAN tag may be four bytes longer than others, on every interface: the
 * longest ones, with the MTU that all have, in both directions.
 */
#include "carry.h"

#include <linux/if_ether.h>

#define TAG	4
#define TCI	0x0005		/* a VLAN that nobody has; of priorities e1000 tells nothing */
#define LONGEST	(1514 + TAG)

FIXTURE(tagged)
{
	struct end ours, peer;
	int tap;		/* all that the peer gets, tags as well */
};

typedef FIXTURE_DATA(tagged) tagged_data;

static int tap_open(const char *name)
{
	struct sockaddr_ll where = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(interface_of(name)),
	};
	/* cards let in no tag of a VLAN that nobody has, but for who wants everything */
	struct packet_mreq all = {
		.mr_ifindex = where.sll_ifindex, .mr_type = PACKET_MR_PROMISC,
	};
	int one = 1, fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || !where.sll_ifindex ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) ||
	    bind(fd, (struct sockaddr *)&where, sizeof(where)))
		return -1;
	return fd;
}

/* tap_receive - a frame with its tag, which the kernel keeps beside it; 0 if it has none */
static ssize_t tap_receive(int tap, uint8_t *frame, size_t most)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct iovec part = { .iov_base = frame + TAG, .iov_len = most - TAG };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t length = recvmsg(tap, &message, 0);
	struct tpacket_auxdata aux = { 0 };

	if (length > 0 && CMSG_FIRSTHDR(&message))
		memcpy(&aux, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(aux));
	if (!(aux.tp_status & TP_STATUS_VLAN_VALID))
		return 0;
	memmove(frame, frame + TAG, 12);
	memcpy(frame + 12, (uint16_t[]){ htons(ETH_P_8021Q), htons(aux.tp_vlan_tci) }, TAG);
	return length + TAG;
}

static ssize_t stream_receive(int fd, uint8_t *frame, size_t most)
{
	struct strbuf data = { .maxlen = most, .buf = (char *)frame };
	int flags = 0;

	return getmsg(fd, NULL, &data, &flags) ? -1 : data.len;
}

FIXTURE_SETUP(tagged)
{
	self->ours.kind = RAW;
	address_of(card(), self->ours.address);
	self->ours.fd = dl_open(card());
	ASSERT_LE(0, self->ours.fd);
	ASSERT_EQ(0, dl_ready(self->ours.fd));
	ASSERT_EQ(0, dl_bind(self->ours.fd, ETH_P_8021Q));
	ASSERT_EQ(0, dl_raw(self->ours.fd));
	ASSERT_EQ(0, end_open(&self->peer, peer_card(), PACKET));
	self->tap = tap_open(peer_card());
	ASSERT_LE(0, self->tap);
}

FIXTURE_TEARDOWN(tagged)
{
	end_close(&self->ours);
	end_close(&self->peer);
	close(self->tap);
}

static void tagged_make(uint8_t *frame, const struct end *to, const struct end *from, int length)
{
	const uint16_t types[3] = { htons(ETH_P_8021Q), htons(TCI), htons(FRAME_TYPE) };

	memcpy(frame, to->address, 6);
	memcpy(frame + 6, from->address, 6);
	memcpy(frame + 12, types, sizeof(types));
	for (int i = 18; i < length; i++)
		frame[i] = mixed(length) >> i % 57;
}

/* goes - a frame of that length arrives, at the latest when cards hear again (reached()) */
static bool goes(tagged_data *self, bool out, int length)
{
	struct end *from = out ? &self->ours : &self->peer, *to = out ? &self->peer : &self->ours;
	struct pollfd readable = { .fd = out ? self->tap : to->fd, .events = POLLIN };
	long long deadline = now_ms() + 1000LL * PATIENCE * slow();
	uint8_t wanted[LONGEST], got[2 * LONGEST];
	ssize_t came;

	tagged_make(wanted, to, from, length);
	while (now_ms() < deadline) {
		if (write(from->fd, wanted, length) != length)
			return false;
		while (poll(&readable, 1, 500) > 0) {
			came = out ? tap_receive(self->tap, got, sizeof(got)) :
				     stream_receive(to->fd, got, sizeof(got));
			if (came == length)
				return !memcmp(wanted, got, length);
		}
	}
	return false;
}

TEST_F_TIMEOUT(tagged, longer_than_the_others, 90)
{
	static uint8_t frame[LONGEST + 1];

	for (int length = LONGEST - TAG; length <= LONGEST; length++) {
		EXPECT_TRUE(goes(self, true, length))
			TH_LOG("%d bytes out", length);
		EXPECT_TRUE(goes(self, false, length))
			TH_LOG("%d bytes in", length);
	}
	tagged_make(frame, &self->peer, &self->ours, sizeof(frame));
	EXPECT_EQ(-1, write(self->ours.fd, frame, sizeof(frame)));
	EXPECT_EQ(ERANGE, errno);
}

TEST_HARNESS_MAIN
