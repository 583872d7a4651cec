// SPDX-License-Identifier: GPL-2.0-only
/*
 * What demo.sh cannot do by itself: messages with parts and bands, and a writer
 * that must not wait.  Descriptors 3 and 4 are two streams, joined: what one
 * writes the other reads.  Ends with a failure at the first surprise.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stropts.h>
#include <unistd.h>

enum { ANN = 3, BOB = 4 };

static void send_message(const char *ctl, const char *data, int band, int flags)
{
	struct strbuf c = { .len = ctl ? (int)strlen(ctl) : -1, .buf = (char *)ctl };
	struct strbuf d = { .len = data ? (int)strlen(data) : -1, .buf = (char *)data };

	if (putpmsg(ANN, &c, &d, band, flags))
		err(1, "putpmsg");
}

static void print_part(const char *name, const struct strbuf *part)
{
	if (part->len < 0)
		printf("  no %s", name);
	else
		printf("  %s \"%.*s\"", name, part->len, part->buf);
}

static int receive_message(int room)
{
	char ctl_text[64], data_text[64];
	struct strbuf ctl = { .maxlen = sizeof(ctl_text), .buf = ctl_text };
	struct strbuf data = { .maxlen = room, .buf = data_text };
	int band = 0, flags = MSG_ANY, more;

	more = getpmsg(BOB, &ctl, &data, &band, &flags);
	if (more < 0)
		err(1, "getpmsg");
	printf("    bob gets ");
	print_part("control", &ctl);
	print_part("data", &data);
	if (flags == MSG_HIPRI)
		printf("  (high priority)");
	else if (band)
		printf("  (band %d)", band);
	printf("%s\n", more & MOREDATA ? "  and more data is waiting" : "");
	return more;
}

static void parts(void)
{
	puts("    ann sends  control \"connect\"  data \"to the printer\"");
	send_message("connect", "to the printer", 0, MSG_BAND);
	receive_message(64);
	puts("    ann sends  data \"a longer text\", and bob takes 8 bytes at a time:");
	send_message(NULL, "a longer text", 0, MSG_BAND);
	while (receive_message(8) & MOREDATA)
		;
}

/* wait_for - until this many messages are waiting for bob */
static void wait_for(int count)
{
	int bytes;

	for (int i = 0; i < 1000 && ioctl(BOB, I_NREAD, &bytes) < count; i++)
		poll(NULL, 0, 10);
}

static void bands(void)
{
	puts("    ann sends  \"first\" in band 0, \"second\" in band 1, \"third\" in band 2,");
	puts("               and a high-priority message; bob has not looked yet.");
	send_message(NULL, "first", 0, MSG_BAND);
	send_message(NULL, "second", 1, MSG_BAND);
	send_message(NULL, "third", 2, MSG_BAND);
	send_message("stop!", NULL, 0, MSG_HIPRI);
	wait_for(4);
	for (int i = 0; i < 4; i++)
		receive_message(64);
}

static int writable(int wait_ms)
{
	struct pollfd ann = { .fd = ANN, .events = POLLOUT };

	return poll(&ann, 1, wait_ms) == 1 && ann.revents == POLLOUT;
}

static long write_until_full(void)
{
	char piece[512] = "";
	long total = 0;

	do {
		while (write(ANN, piece, sizeof(piece)) == sizeof(piece))
			total += sizeof(piece);
		if (errno != EAGAIN)
			err(1, "write");
	} while (writable(100));
	return total;
}

static void flow(void)
{
	int flags = fcntl(ANN, F_GETFL);
	char piece[512];
	long total, left;

	fcntl(ANN, F_SETFL, flags | O_NONBLOCK);
	total = write_until_full();
	printf("    ann writes 512 bytes at a time, bob does not read: %ld bytes are taken,\n",
	       total);
	printf("    then write says \"%s\", and poll that ann cannot write.\n", strerror(EAGAIN));
	for (left = total; left > 0;) {
		ssize_t done = read(BOB, piece, sizeof(piece));

		if (done <= 0)
			err(1, "read");
		left -= done;
	}
	printf("    bob reads %ld bytes; ", total);
	if (!writable(10000))
		errx(1, "ann still cannot write");
	puts("now poll says that ann can write again.");
	fcntl(ANN, F_SETFL, flags);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*show)(void);
	} scenes[] = { { "parts", parts }, { "bands", bands }, { "flow", flow } };

	for (int i = 0; i < 3; i++) {
		if (argc == 2 && !strcmp(argv[1], scenes[i].name)) {
			scenes[i].show();
			return 0;
		}
	}
	fputs("usage: demo parts|bands|flow\n", stderr);
	return 2;
}
