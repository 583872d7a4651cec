/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ends of a wire that frames (frames.h) go in at and come out of: a socket of the
 * kernel's own, a raw stream, or a stream that is bound and sees no headers.
 */
#ifndef NIC_ENDS_H
#define NIC_ENDS_H

#include "nic.h"

#include <linux/if_packet.h>
#include <sys/dlpi.h>
#include <sys/dlpi_stat.h>

#define DRIVER		"e1000g"
#define NODE		"/dev/streams/" DRIVER
#define PPAS		16

enum end_kind { PACKET, RAW, BOUND };

struct end {
	enum end_kind	kind;
	int		fd;
	uint8_t		address[6];
};

/* --- DLPI ------------------------------------------------------------------------ */

/* dl_told - the next control part, of high priority or not; its length, or -1 */
static inline int dl_told(int fd, void *answer, size_t size, int flags)
{
	struct strbuf control = { .maxlen = size, .buf = answer };

	return getmsg(fd, &control, NULL, &flags) < 0 ? -1 : control.len;
}

/* dl_ask - a request, and the answer to it: what is in answer->dl_primitive; -1 */
static inline int dl_ask(int fd, const void *request, size_t length, void *answer, size_t size)
{
	struct strbuf control = { .len = length, .buf = (char *)request };

	if (putmsg(fd, &control, NULL, 0) || dl_told(fd, answer, size, RS_HIPRI) < 4)
		return -1;
	return *(int *)answer;
}

/* dl_do - a request that is answered by this; 0, or -1 */
static inline int dl_do(int fd, const void *request, size_t length, int wanted)
{
	union DL_primitives answer[2];

	return dl_ask(fd, request, length, answer, sizeof(answer)) == wanted ? 0 : -1;
}

#define DL_DO(fd, wanted, type, primitive, ...)					\
({										\
	type request = { .dl_primitive = primitive, __VA_ARGS__ };		\
	dl_do(fd, &request, sizeof(request), wanted);				\
})

static inline int dl_attach(int fd, int ppa)
{
	return DL_DO(fd, DL_OK_ACK, dl_attach_req_t, DL_ATTACH_REQ, .dl_ppa = ppa);
}

static inline int dl_bind(int fd, int sap)
{
	return DL_DO(fd, DL_BIND_ACK, dl_bind_req_t, DL_BIND_REQ, .dl_sap = sap,
		     .dl_service_mode = DL_CLDLS);
}

static inline int dl_promiscuous(int fd, int level)
{
	return DL_DO(fd, DL_OK_ACK, dl_promiscon_req_t, DL_PROMISCON_REQ, .dl_level = level);
}

static inline int dl_raw(int fd)
{
	return str_ioctl(fd, DLIOCRAW, NULL, NULL, 5 * slow());
}

static inline int dl_address(int fd, uint8_t address[6])
{
	dl_phys_addr_req_t request = { DL_PHYS_ADDR_REQ, DL_CURR_PHYS_ADDR };
	union {
		dl_phys_addr_ack_t ack;
		uint8_t bytes[64];
	} answer;

	if (dl_ask(fd, &request, sizeof(request), &answer, sizeof(answer)) != DL_PHYS_ADDR_ACK)
		return -1;
	memcpy(address, answer.bytes + answer.ack.dl_addr_offset, 6);
	return 0;
}

static inline int dl_statistics(int fd, struct dlpi_stat *all)
{
	dl_get_statistics_req_t request = { DL_GET_STATISTICS_REQ };
	union {
		dl_get_statistics_ack_t ack;
		uint8_t bytes[512];
	} answer;

	if (dl_ask(fd, &request, sizeof(request), &answer, sizeof(answer)) !=
	    DL_GET_STATISTICS_ACK || answer.ack.dl_stat_length < sizeof(*all))
		return -1;
	memcpy(all, answer.bytes + answer.ack.dl_stat_offset, sizeof(*all));
	return 0;
}

/* dl_ready - until the link is up; 0, or -1 if it does not come */
static inline int dl_ready(int fd)
{
	long long deadline = now_ms() + 1000LL * PATIENCE * slow();
	struct dlpi_stat all;

	while (!dl_statistics(fd, &all)) {
		if (all.ds_link_state == DLPI_LINK_UP)
			return 0;
		if (now_ms() > deadline)
			break;
		pause_ms(10);
	}
	return -1;
}

/* dl_open - a stream that is attached to a card, found by its address; -1 if it is not there */
static inline int dl_open(const char *name)
{
	uint8_t wanted[6], address[6];

	address_of(name, wanted);
	for (int ppa = 0; ppa < PPAS; ppa++) {
		int fd = open(NODE, O_RDWR | O_CLOEXEC);

		if (fd < 0)
			return -1;
		if (!dl_attach(fd, ppa) && !dl_address(fd, address) && !memcmp(address, wanted, 6))
			return fd;
		close(fd);
	}
	errno = ENODEV;
	return -1;
}

/* --- ends ------------------------------------------------------------------------ */

static inline int packet_open(struct end *end, const char *name)
{
	const char *interface = interface_of(name);
	struct sockaddr_ll where = {
		.sll_family = AF_PACKET, .sll_protocol = htons(FRAME_TYPE),
		.sll_ifindex = if_nametoindex(interface),
	};
	int one = 1, room = 4 << 20;

	end->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (end->fd < 0 || !where.sll_ifindex)
		return -1;
	setsockopt(end->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one));
	setsockopt(end->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	return bind(end->fd, (struct sockaddr *)&where, sizeof(where));
}

/*
 * end_open - 0, or -1 if it cannot be.  A stream is raw before it is bound: what comes in
 * between would have a control part, which raw_receive() does not take.
 */
static inline int end_open(struct end *end, const char *name, enum end_kind kind)
{
	end->kind = kind;
	address_of(name, end->address);
	if (kind == PACKET)
		return packet_open(end, name);
	end->fd = dl_open(name);
	if (end->fd < 0 || dl_ready(end->fd) || (kind == RAW && dl_raw(end->fd)))
		return -1;
	return dl_bind(end->fd, FRAME_TYPE);
}

static inline int bound_send(int fd, const struct frame *frame, size_t length)
{
	struct {
		dl_unitdata_req_t	request;
		uint8_t			destination[6];
		uint16_t		sap;
	} head = { { DL_UNITDATA_REQ, 8, sizeof(dl_unitdata_req_t), { 0, 0 } }, { 0 }, 0 };
	struct strbuf control = { .len = sizeof(head), .buf = (char *)&head };
	struct strbuf data = { .len = length - 14, .buf = (char *)frame + 14 };

	memcpy(head.destination, frame->destination, 6);
	head.sap = ntohs(frame->type);
	return putmsg(fd, &control, &data, 0);
}

static inline ssize_t bound_receive(int fd, struct frame *frame)
{
	union {
		dl_unitdata_ind_t ind;
		uint8_t bytes[64];
	} head;
	struct strbuf control = { .maxlen = sizeof(head), .buf = (char *)&head };
	struct strbuf data = { .maxlen = sizeof(*frame) - 14, .buf = (char *)frame + 14 };
	int flags = 0;

	if (getmsg(fd, &control, &data, &flags) < 0)
		return -1;
	if (control.len < (int)sizeof(head.ind) || head.ind.dl_primitive != DL_UNITDATA_IND ||
	    data.len < 0)
		return 0;
	memcpy(frame->destination, head.bytes + head.ind.dl_dest_addr_offset, 6);
	memcpy(frame->source, head.bytes + head.ind.dl_src_addr_offset, 6);
	frame->type = htons(*(uint16_t *)(head.bytes + head.ind.dl_dest_addr_offset + 6));
	return data.len + 14;
}

static inline ssize_t raw_receive(int fd, struct frame *frame)
{
	struct strbuf data = { .maxlen = sizeof(*frame), .buf = (char *)frame };
	int flags = 0, more = getmsg(fd, NULL, &data, &flags);

	return more ? -1 : data.len;
}

/* end_send - 0, or -1 and errno */
static inline int end_send(struct end *end, const struct frame *frame, size_t length)
{
	if (end->kind == BOUND)
		return bound_send(end->fd, frame, length);
	return write(end->fd, frame, length) == (ssize_t)length ? 0 : -1;
}

/* end_receive - the length of a frame; 0 for something else; -1 and errno */
static inline ssize_t end_receive(struct end *end, struct frame *frame)
{
	switch (end->kind) {
	case BOUND:
		return bound_receive(end->fd, frame);
	case RAW:
		return raw_receive(end->fd, frame);
	default:
		return read(end->fd, frame, sizeof(*frame));
	}
}

static inline void end_close(struct end *end)
{
	if (end->fd >= 0)
		close_now(end->fd);
}

#endif /* NIC_ENDS_H */
