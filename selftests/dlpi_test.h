/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of DLPI share.  They talk to loopeth, where PPA 0 and 1 are the ends of
 * a wire, and so are 2 and 3.
 *
 * A request is put, and its answer got at once and without waiting, as programs do: an
 * answer that is late is none.
 */
#ifndef DLPI_TEST_H
#define DLPI_TEST_H

#include "must.h"
#include "streams_test.h"

#include <stddef.h>
#include <sys/dlpi.h>

#define LOOPETH		"/dev/streams/loopeth"
#define PARAMETERS	"/sys/module/streams_loopeth/parameters/"

#define HEADER		14		/* of an Ethernet frame */
#define MAC		6
#define DLSAP		8
#define SDU		1500
#define LARGEST		16000		/* that loopeth can be told to carry */

#define IP		0x800
#define TEST_TYPE	0x88b5		/* for experiments */

/* What a request was answered with, if not with what was hoped for. */
#define REFUSED(dl_errno)	(1000 + (dl_errno))
#define REFUSED_BY_SYSTEM(error) (2000 + (error))
#define NO_ANSWER		(-1)
#define WRONG_ANSWER		(-2)

static const unsigned char everybody[MAC] __attribute__((unused)) = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff
};

/* A message as it was got. */
struct message {
	int	result;		/* of getmsg */
	int	flags;		/* RS_HIPRI or 0 */
	int	ctl_len, data_len;
	union {
		union DL_primitives dl;
		unsigned char ctl[4096];
	};
	unsigned char data[LARGEST + 100];
};

static inline struct message get_message(int fd)
{
	struct message got = { .flags = 0 };
	struct strbuf ctl = { .maxlen = sizeof(got.ctl), .len = -2, .buf = (char *)got.ctl };
	struct strbuf data = { .maxlen = sizeof(got.data), .len = -2, .buf = (char *)got.data };

	got.result = getmsg(fd, &ctl, &data, &got.flags);
	got.ctl_len = ctl.len;
	got.data_len = data.len;
	return got;
}

/* get_soon - the next message, which is on its way */
static inline struct message get_soon(int fd)
{
	struct message none = { .result = -1 };

	return events_of(fd, POLLIN | POLLPRI, 5) & (POLLIN | POLLPRI) ? get_message(fd) : none;
}

/* all_there - this offset and this length lie behind the first bytes of a control part */
static inline bool all_there(const struct message *got, size_t first, unsigned int offset,
			     unsigned int length)
{
	return offset >= first && got->ctl_len >= 0 && offset <= (unsigned int)got->ctl_len &&
	       length <= got->ctl_len - offset;
}

/* is_answer - it is the answer to this, and as long as it has to be */
static inline bool is_answer(const struct message *got, unsigned int primitive, size_t size)
{
	return got->result == 0 && got->flags == RS_HIPRI && got->ctl_len >= (int)size &&
	       got->data_len == -1 && got->dl.dl_primitive == primitive;
}

static inline int put_request(int fd, const void *request, size_t size)
{
	struct strbuf ctl = { .len = size, .buf = (char *)request };

	return putmsg(fd, &ctl, NULL, 0);
}

static inline int refusal(const struct message *got, unsigned int primitive)
{
	const dl_error_ack_t *error = &got->dl.error_ack;

	if (!is_answer(got, DL_ERROR_ACK, DL_ERROR_ACK_SIZE) ||
	    error->dl_error_primitive != primitive)
		return WRONG_ANSWER;
	if (error->dl_errno == DL_SYSERR)
		return error->dl_unix_errno ? (int)REFUSED_BY_SYSTEM(error->dl_unix_errno) :
					      WRONG_ANSWER;
	return error->dl_unix_errno ? WRONG_ANSWER : (int)REFUSED(error->dl_errno);
}

/* ask - put a request, and get without waiting; 0 for an answer of this kind and size */
static inline int ask(int fd, const void *request, size_t size, unsigned int answer,
		      size_t answer_size, struct message *got)
{
	struct message other;
	int was = fcntl(fd, F_GETFL);
	unsigned int primitive;

	memcpy(&primitive, request, sizeof(primitive));
	if (!got)
		got = &other;
	if (put_request(fd, request, size))
		return NO_ANSWER;
	fcntl(fd, F_SETFL, was | O_NONBLOCK);
	*got = get_message(fd);
	fcntl(fd, F_SETFL, was);
	if (got->result)
		return NO_ANSWER;
	if (!is_answer(got, answer, answer_size))
		return refusal(got, primitive);
	if (answer == DL_OK_ACK && got->dl.ok_ack.dl_correct_primitive != primitive)
		return WRONG_ANSWER;
	return 0;
}

static inline int ask_ok(int fd, const void *request, size_t size)
{
	return ask(fd, request, size, DL_OK_ACK, DL_OK_ACK_SIZE, NULL);
}

/* ask_plain - a request that is a number, and perhaps another one */
static inline int ask_plain(int fd, unsigned int primitive, unsigned int number)
{
	unsigned int request[] = { primitive, number };

	return ask_ok(fd, request, sizeof(request));
}

/* ask_address - a request of primitive, length, offset, and an address */
static inline int ask_address(int fd, unsigned int primitive, const void *address, size_t length)
{
	struct {
		dl_enabmulti_req_t head;
		unsigned char address[32];
	} request = { .head = { primitive, length, sizeof(request.head) } };

	memcpy(request.address, address, length);
	return ask_ok(fd, &request, sizeof(request.head) + length);
}

static inline int dl_attach(int fd, unsigned int ppa)
{
	return ask_plain(fd, DL_ATTACH_REQ, ppa);
}

static inline int dl_detach(int fd)
{
	dl_detach_req_t request = { DL_DETACH_REQ };

	return ask_ok(fd, &request, sizeof(request));
}

static inline int dl_bind_to(int fd, unsigned int sap, struct message *got)
{
	dl_bind_req_t request = {
		.dl_primitive = DL_BIND_REQ, .dl_sap = sap, .dl_service_mode = DL_CLDLS,
	};

	return ask(fd, &request, sizeof(request), DL_BIND_ACK, DL_BIND_ACK_SIZE + DLSAP, got);
}

static inline int dl_bind(int fd, unsigned int sap)
{
	struct message got;
	int result = dl_bind_to(fd, sap, &got);

	if (!result && got.dl.bind_ack.dl_sap != sap)
		return WRONG_ANSWER;
	return result;
}

static inline int dl_unbind(int fd)
{
	dl_unbind_req_t request = { DL_UNBIND_REQ };

	return ask_ok(fd, &request, sizeof(request));
}

static inline int dl_info(int fd, struct message *got)
{
	dl_info_req_t request = { DL_INFO_REQ };

	return ask(fd, &request, sizeof(request), DL_INFO_ACK, DL_INFO_ACK_SIZE, got);
}

/* dl_state - dl_current_state; negative without an answer */
static inline int dl_state(int fd)
{
	struct message got;
	int result = dl_info(fd, &got);

	return result ? -10000 : (int)got.dl.info_ack.dl_current_state;
}

static inline int dl_promiscuous(int fd, unsigned int level)
{
	return ask_plain(fd, DL_PROMISCON_REQ, level);
}

static inline int dl_not_promiscuous(int fd, unsigned int level)
{
	return ask_plain(fd, DL_PROMISCOFF_REQ, level);
}

/* dl_address - the address of that type, into 6 bytes */
static inline int dl_address(int fd, unsigned int type, unsigned char *address)
{
	dl_phys_addr_req_t request = { DL_PHYS_ADDR_REQ, type };
	struct message got;
	int result = ask(fd, &request, sizeof(request), DL_PHYS_ADDR_ACK,
			 DL_PHYS_ADDR_ACK_SIZE + MAC, &got);
	const dl_phys_addr_ack_t *ack = &got.dl.physaddr_ack;

	if (result)
		return result;
	if (ack->dl_addr_length != MAC ||
	    !all_there(&got, sizeof(*ack), ack->dl_addr_offset, MAC))
		return WRONG_ANSWER;
	memcpy(address, got.ctl + ack->dl_addr_offset, MAC);
	return 0;
}

static inline int dl_raw(int fd)
{
	return str_ioctl(fd, DLIOCRAW, NULL, NULL, 5 * slow());
}

static inline int open_style1(unsigned int ppa)
{
	char node[64];

	snprintf(node, sizeof(node), LOOPETH "%u", ppa);
	return open(node, O_RDWR);
}

/* open_attached - a stream of style 2 on that PPA; -1 if it fails */
static inline int open_attached(unsigned int ppa)
{
	int fd = open(LOOPETH, O_RDWR);

	if (fd >= 0 && dl_attach(fd, ppa)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* open_bound - and bound to that SAP */
static inline int open_bound(unsigned int ppa, unsigned int sap)
{
	int fd = open_attached(ppa);

	if (fd >= 0 && dl_bind(fd, sap)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A DL_UNITDATA_REQ with its address. */
struct unitdata {
	dl_unitdata_req_t head;
	unsigned char	address[MAC];
	uint16_t	sap;
};

_Static_assert(sizeof(struct unitdata) == 28, "no padding");

static inline struct unitdata unitdata_to(const unsigned char *address, unsigned int sap)
{
	struct unitdata request = {
		.head = { DL_UNITDATA_REQ, DLSAP, sizeof(request.head), { 0, 0 } }, .sap = sap,
	};

	memcpy(request.address, address, MAC);
	return request;
}

static inline int send_unitdata(int fd, const unsigned char *address, unsigned int sap,
				const void *data, int length)
{
	struct unitdata request = unitdata_to(address, sap);
	struct strbuf ctl = { .len = sizeof(request), .buf = (char *)&request };
	struct strbuf rest = { .len = length, .buf = (char *)data };

	return putmsg(fd, &ctl, &rest, 0);
}

static inline int send_text(int fd, const unsigned char *address, unsigned int sap,
			    const char *text)
{
	return send_unitdata(fd, address, sap, text, strlen(text));
}

/* A received DL_UNITDATA_IND, taken apart. */
struct indication {
	bool	good;		/* it is one */
	unsigned char to[MAC], from[MAC];
	unsigned int to_sap, from_sap;
	bool	group;
	int	length;
	unsigned char data[LARGEST + 100];
};

static inline void take_dlsap(const unsigned char *dlsap, unsigned char *address,
			      unsigned int *sap)
{
	uint16_t short_sap;

	memcpy(address, dlsap, MAC);
	memcpy(&short_sap, dlsap + MAC, sizeof(short_sap));
	*sap = short_sap;
}

static inline struct indication take_apart(const struct message *got)
{
	const dl_unitdata_ind_t *ind = &got->dl.unitdata_ind;
	struct indication it = { .good = false };

	if (got->result || got->flags || got->ctl_len < (int)DL_UNITDATA_IND_SIZE ||
	    ind->dl_primitive != DL_UNITDATA_IND || ind->dl_dest_addr_length != DLSAP ||
	    ind->dl_src_addr_length != DLSAP ||
	    !all_there(got, sizeof(*ind), ind->dl_dest_addr_offset, DLSAP) ||
	    !all_there(got, sizeof(*ind), ind->dl_src_addr_offset, DLSAP))
		return it;
	take_dlsap(got->ctl + ind->dl_dest_addr_offset, it.to, &it.to_sap);
	take_dlsap(got->ctl + ind->dl_src_addr_offset, it.from, &it.from_sap);
	it.group = ind->dl_group_address;
	it.length = got->data_len;
	if (it.length > 0)
		memcpy(it.data, got->data, it.length);
	it.good = true;
	return it;
}

/* hears - the next message is a DL_UNITDATA_IND with this text */
static inline bool hears(int fd, const char *text)
{
	struct message got = get_soon(fd);
	struct indication it = take_apart(&got);

	return it.good && it.length == (int)strlen(text) && !memcmp(it.data, text, it.length);
}

/* make_frame - Ethernet header and text; its length */
static inline int make_frame(unsigned char *frame, const unsigned char *to,
			     const unsigned char *from, unsigned int type, const char *text)
{
	memcpy(frame, to, MAC);
	memcpy(frame + MAC, from, MAC);
	frame[2 * MAC] = type >> 8;
	frame[2 * MAC + 1] = type;
	strcpy((char *)frame + HEADER, text);
	return HEADER + strlen(text);
}

/* reads_frame - the next message is this frame and nothing else, as raw mode has it */
static inline bool reads_frame(int fd, const unsigned char *frame, int length)
{
	struct message got = get_soon(fd);

	return got.result == 0 && got.flags == 0 && got.ctl_len == -1 &&
	       got.data_len == length && !memcmp(got.data, frame, length);
}

/* set_parameter - of loopeth, while it is loaded; an error number */
static inline int set_parameter(const char *name, unsigned int value)
{
	char path[128], text[16];
	int fd, error = 0;

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	snprintf(text, sizeof(text), "%u\n", value);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

#define LOOPETH_OR_SKIP()						\
	do {								\
		if (geteuid() || access(LOOPETH, F_OK))			\
			SKIP_UNLESS_MUST("root and the driver loopeth"); \
	} while (0)

#endif /* DLPI_TEST_H */
