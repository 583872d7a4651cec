// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a frame costs: sent and received by a raw stream on our driver, and by a packet
 * socket on the kernel's own, of the same chip.  Frames come from a third card, by a
 * packet socket, and what sending them costs is counted alone, too, to be subtracted:
 * then nobody has the address that they go to, and their way ends in the emulator.
 *
 * A burst is sent and then read.  Both drivers have the same limit to their interrupts,
 * so that most of a burst comes with one.
 *
 *   wire OURS THEIRS SOURCE SINK    the addresses of the three cards, and of nobody
 *
 * As rows.c does, it prints a line for each pair of marks at the very end.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stropts.h>
#include <sys/dlpi.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "marks.h"

#define TYPE	0x88b5		/* for experiments of who owns the network */
#define BURST	32
#define REPEATS	10		/* bursts between two marks */
#define ROUNDS	5
#define TIMES	10		/* of what is one frame */
#define LONGEST	1514

struct card {
	uint8_t	address[6];
	int	fd;
};

static struct card ours, theirs, source, nobody;

struct row {
	const char	*name;
	void		(*once)(const struct row *row);
	struct card	*from, *to;
	size_t		size;
};

static uint8_t frame[LONGEST];

static void pause_us(long us)
{
	nanosleep(&(struct timespec){ .tv_nsec = us * 1000 }, NULL);
}

/* --- cards ---------------------------------------------------------------------- */

static void read_address(const char *text, uint8_t address[6])
{
	unsigned int part[6];

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", &part[0], &part[1], &part[2], &part[3], &part[4],
		   &part[5]) != 6)
		errx(1, "%s is no address", text);
	for (int i = 0; i < 6; i++)
		address[i] = part[i];
}

static int interface_of(int fd, const uint8_t address[6])
{
	struct if_nameindex *all = if_nameindex();
	struct ifreq request = { 0 };

	for (struct if_nameindex *one = all; one && one->if_index; one++) {
		strcpy(request.ifr_name, one->if_name);
		if (!ioctl(fd, SIOCGIFHWADDR, &request) &&
		    !memcmp(request.ifr_hwaddr.sa_data, address, 6))
			return one->if_index;
	}
	errx(1, "no interface has the address ...:%02x", address[5]);
}

static void open_packet(struct card *card)
{
	struct sockaddr_ll where = { .sll_family = AF_PACKET, .sll_protocol = htons(TYPE) };
	int one = 1;

	card->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (card->fd < 0)
		err(1, "AF_PACKET");
	where.sll_ifindex = interface_of(card->fd, card->address);
	if (bind(card->fd, (struct sockaddr *)&where, sizeof(where)) ||
	    setsockopt(card->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)))
		err(1, "AF_PACKET");
}

static void ask(int fd, void *request, size_t size, t_uscalar_t wanted)
{
	union DL_primitives answer[2];
	struct strbuf out = { .len = size, .buf = request };
	struct strbuf in = { .maxlen = sizeof(answer), .buf = (char *)answer };
	int flags = RS_HIPRI;

	if (putmsg(fd, &out, NULL, 0) || getmsg(fd, &in, NULL, &flags))
		err(1, "DLPI");
	if (answer->dl_primitive != wanted)
		errx(1, "DLPI: %#x instead of %#x", answer->dl_primitive, wanted);
}

static void open_stream(struct card *card)
{
	dl_attach_req_t attach = { DL_ATTACH_REQ, 0 };
	dl_bind_req_t bind = { DL_BIND_REQ, TYPE, 0, DL_CLDLS, 0, 0 };
	struct strioctl raw = { .ic_cmd = DLIOCRAW, .ic_timout = -1 };

	card->fd = open("/dev/streams/e1000g", O_RDWR);
	if (card->fd < 0)
		err(1, "e1000g");
	ask(card->fd, &attach, sizeof(attach), DL_OK_ACK);
	ask(card->fd, &bind, sizeof(bind), DL_BIND_ACK);
	if (ioctl(card->fd, I_STR, &raw) < 0 || ioctl(card->fd, I_SRDOPT, RMSGD))
		err(1, "DLIOCRAW");
}

/* --- what is repeated -------------------------------------------------------------- */

static void send_one(const struct row *row)
{
	memcpy(frame, row->to->address, 6);
	memcpy(frame + 6, row->from->address, 6);
	frame[12] = TYPE >> 8;
	frame[13] = TYPE & 0xff;
	if (write(row->from->fd, frame, row->size) != (ssize_t)row->size)
		err(1, "%s: write", row->name);
}

static void send_burst(const struct row *row)
{
	for (int i = 0; i < BURST; i++)
		send_one(row);
}

static void read_one(const struct row *row)
{
	static uint8_t got[LONGEST];

	if (read(row->to->fd, got, sizeof(got)) != (ssize_t)row->size)
		err(1, "%s: read", row->name);
}

static void send_and_read(const struct row *row)
{
	send_burst(row);
	for (int i = 0; i < BURST; i++)
		read_one(row);
}

static void get_one(const struct row *row)
{
	static char got[LONGEST];
	struct strbuf data = { .maxlen = sizeof(got), .buf = got };
	int flags = 0;

	if (getmsg(row->to->fd, NULL, &data, &flags) || data.len != (int)row->size)
		err(1, "%s: getmsg", row->name);
}

static void send_and_get(const struct row *row)
{
	send_burst(row);
	for (int i = 0; i < BURST; i++)
		get_one(row);
}

#define ROW(label, action, whence, whither, bytes)			\
	{ .name = label "-" #bytes, .once = action, .from = whence, .to = whither, .size = bytes }

static const struct row bursts[] = {
	ROW("wire-source", send_burst, &source, &nobody, 64),
	ROW("wire-source", send_burst, &source, &nobody, 1514),
	ROW("packet-send", send_burst, &theirs, &nobody, 64),
	ROW("packet-send", send_burst, &theirs, &nobody, 1514),
	ROW("packet-receive", send_and_read, &source, &theirs, 64),
	ROW("packet-receive", send_and_read, &source, &theirs, 1514),
	ROW("dlpi-send", send_burst, &ours, &nobody, 64),
	ROW("dlpi-send", send_burst, &ours, &nobody, 1514),
	ROW("dlpi-receive", send_and_read, &source, &ours, 64),
	ROW("dlpi-receive", send_and_read, &source, &ours, 1514),
	ROW("dlpi-getmsg", send_and_get, &source, &ours, 64),
	ROW("dlpi-getmsg", send_and_get, &source, &ours, 1514),
};

/* The reader waits; it goes first when there is something to be read. */
static const struct row latencies[] = {
	ROW("wire-one", NULL, &source, &nobody, 64),
	ROW("wire-one", NULL, &source, &nobody, 1514),
	ROW("packet-latency", read_one, &source, &theirs, 64),
	ROW("packet-latency", read_one, &source, &theirs, 1514),
	ROW("dlpi-latency", read_one, &source, &ours, 64),
	ROW("dlpi-latency", read_one, &source, &ours, 1514),
};

#define ARRAY_SIZE(array)	((int)(sizeof(array) / sizeof((array)[0])))

static void measure_burst(const struct row *row)
{
	row->once(row);
	pause_us(1000);
	mark_begin();
	for (int i = 0; i < REPEATS; i++)
		row->once(row);
	mark_end();
	pause_us(1000);
}

static void *read_once(void *arg)
{
	const struct row *row = arg;

	row->once(row);
	mark_end();
	return NULL;
}

static void measure_latency(const struct row *row)
{
	struct sched_param first = { .sched_priority = 1 };
	pthread_attr_t attributes;
	pthread_t reader;

	pthread_attr_init(&attributes);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
	pthread_attr_setschedparam(&attributes, &first);
	if (row->once && pthread_create(&reader, &attributes, read_once, (void *)row))
		errx(1, "no thread");
	pause_us(1000);
	mark_begin();
	send_one(row);
	if (row->once)
		pthread_join(reader, NULL);
	else
		mark_end();
}

/* Interfaces that have just come up are not there for frames yet. */
static void wait_for_links(void)
{
	struct row ways[2] = {
		{ .from = &source, .to = &ours },
		{ .from = &source, .to = &theirs },
	};

	for (int i = 0; i < 2; i++) {
		struct pollfd readable = { .fd = ways[i].to->fd, .events = POLLIN };

		ways[i].size = 64;
		ways[i].name = "link";
		do {
			send_one(&ways[i]);
		} while (poll(&readable, 1, 100) == 0);
		while (poll(&readable, 1, 100) > 0)
			read_one(&ways[i]);
	}
}

int main(int argc, char **argv)
{
	struct card *cards[] = { &ours, &theirs, &source, &nobody };

	if (argc != 5)
		errx(1, "four addresses");
	for (int i = 0; i < 4; i++)
		read_address(argv[i + 1], cards[i]->address);
	setvbuf(stdout, NULL, _IOFBF, 1 << 20);
	open_packet(&theirs);
	open_packet(&source);
	open_stream(&ours);
	wait_for_links();

	for (int i = 0; i < ROUNDS; i++)
		for (int j = 0; j < ARRAY_SIZE(bursts); j++)
			measure_burst(&bursts[j]);
	for (int i = 0; i < TIMES; i++)
		for (int j = 0; j < ARRAY_SIZE(latencies); j++)
			measure_latency(&latencies[j]);

	for (int i = 0; i < ROUNDS; i++)
		for (int j = 0; j < ARRAY_SIZE(bursts); j++)
			printf("ROW %s %d\n", bursts[j].name, BURST * REPEATS);
	for (int i = 0; i < TIMES; i++)
		for (int j = 0; j < ARRAY_SIZE(latencies); j++)
			printf("ROW %s 1\n", latencies[j].name);
	return 0;
}
