// SPDX-License-Identifier: GPL-2.0-only
/*
 * What demo.sh cannot do by itself: messages with parts and bands, a writer that
 * must not wait, ioctls, and many streams at once.  Descriptors 3 and 4 are two
 * streams, joined: what one writes the other reads; 5, 6 and 7 are ports of a hub.
 * Ends with a failure at the first surprise.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stropts.h>
#include <sys/hub.h>
#include <sys/reword.h>
#include <unistd.h>

enum { ANN = 3, BOB = 4, PORTS = 5 };

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

static void parts(char **words)
{
	(void)words;
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

static void bands(char **words)
{
	(void)words;
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

static void flow(char **words)
{
	int flags = fcntl(ANN, F_GETFL);
	char piece[512];
	long total, left;

	(void)words;
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

/* ask - an I_STR with data in or out; the result and the length that came */
static int ask(int fd, int command, void *data, int *len)
{
	struct strioctl request = {
		.ic_cmd = command, .ic_timout = 30, .ic_len = *len, .ic_dp = data,
	};
	int result = ioctl(fd, I_STR, &request);

	if (result < 0)
		err(1, "ioctl");
	*len = request.ic_len;
	return result;
}

/* port - the number that the hub has given to a descriptor */
static int port(int fd)
{
	int number = ioctl(fd, HUB_PORT, 0);

	if (number < 0)
		err(1, "HUB_PORT");
	return number;
}

static void say_to(int from, uint32_t to, const char *text)
{
	struct hub_message message = { .hub_primitive = HUB_SEND, .hub_port = to };
	struct strbuf ctl = { .len = sizeof(message), .buf = (char *)&message };
	struct strbuf data = { .len = strlen(text), .buf = (char *)text };

	printf("    port %d sends  \"%s\"  to port %u\n", port(from), text, to);
	if (putmsg(from, &ctl, &data, 0))
		err(1, "putmsg");
}

static void hear(int fd)
{
	struct hub_message message;
	char text[64];
	struct strbuf ctl = { .maxlen = sizeof(message), .buf = (char *)&message };
	struct strbuf data = { .maxlen = sizeof(text), .buf = text };
	int flags = 0;

	if (getmsg(fd, &ctl, &data, &flags) || ctl.len != sizeof(message))
		err(1, "getmsg");
	printf("    port %d gets   \"%.*s\"  ", port(fd), data.len, text);
	if (message.hub_primitive == HUB_HEARD)
		printf("from port %u\n", message.hub_port);
	else
		printf("back: port %u: %s\n", message.hub_port, strerror(message.hub_error));
}

static void ports(char **words)
{
	struct pollfd other = { .fd = PORTS + 1, .events = POLLIN };
	struct hub_stat stat;
	int len = sizeof(stat);

	(void)words;
	say_to(PORTS, port(PORTS + 2), "for you alone");
	hear(PORTS + 2);
	printf("    port %d gets   %s\n", port(other.fd),
	       poll(&other, 1, 100) ? "something, too!" : "nothing");
	say_to(PORTS + 2, port(PORTS), "thank you");
	hear(PORTS);
	say_to(PORTS, 99, "hello?");
	hear(PORTS);
	ask(PORTS, HUB_STAT, &stat, &len);
	printf("    the hub has passed on %llu messages to %llu readers; %llu found nobody.\n",
	       (unsigned long long)stat.hub_sent, (unsigned long long)stat.hub_heard,
	       (unsigned long long)stat.hub_unheard);
	if (ioctl(PORTS, HUB_LEAD, 0))
		err(1, "HUB_LEAD");
	printf("    port %d leads its group from now on.\n", port(PORTS));
}

/* rules WORD=WORD...: what to replace, in all streams that have the module reword */
static void set_rules(char **words)
{
	struct reword_rule table[REWORD_RULES] = { 0 };
	int count = 0, len, number;

	for (; words[count] && count < REWORD_RULES; count++) {
		char *equals = strchr(words[count], '=');

		if (!equals || equals - words[count] > REWORD_LONGEST ||
		    strlen(equals + 1) > REWORD_LONGEST)
			errx(2, "demo rules WORD=WORD...");
		memcpy(table[count].reword_from, words[count], equals - words[count]);
		strcpy(table[count].reword_to, equals + 1);
	}
	len = count * sizeof(table[0]);
	number = ask(BOB, REWORD_SET, table, &len);
	printf("    table %d has %d rule%s\n", number, count, count == 1 ? "" : "s");
}

/*
 * A line of the storm has four words, and two tables make "red" or "blue" of all of
 * them.  A line that is reworded while the table changes could come out as both.
 */
enum { STREAMS = 4, LINES = 1000, COLOURS = 4 };

struct storm {
	int	end[2];
	int	red, blue, both;
};

static volatile int storm_over;

static void *storm_write(void *arg)
{
	static const char line[] = "one two three four\n";
	struct storm *storm = arg;

	for (int i = 0; i < LINES; i++) {
		if (write(storm->end[0], line, sizeof(line) - 1) != sizeof(line) - 1)
			err(1, "write");
	}
	return NULL;
}

static int all(const char *line, const char *colour)
{
	char whole[64];

	snprintf(whole, sizeof(whole), "%s %s %s %s\n", colour, colour, colour, colour);
	return !strcmp(line, whole);
}

static void *storm_read(void *arg)
{
	struct storm *storm = arg;
	char line[64];

	if (ioctl(storm->end[1], I_SRDOPT, RMSGN))	/* one message at a time */
		err(1, "I_SRDOPT");
	for (int i = 0; i < LINES; i++) {
		ssize_t len = read(storm->end[1], line, sizeof(line) - 1);

		line[len < 0 ? 0 : len] = '\0';
		if (all(line, "red"))
			storm->red++;
		else if (all(line, "blue"))
			storm->blue++;
		else
			storm->both++;
	}
	return NULL;
}

static void *storm_change(void *arg)
{
	static const char *const words[COLOURS] = { "one", "two", "three", "four" };
	struct reword_rule table[COLOURS] = { 0 };
	int *changes = arg;

	for (; !storm_over; ++*changes) {
		int len = sizeof(table);

		for (int i = 0; i < COLOURS; i++) {
			strcpy(table[i].reword_from, words[i]);
			strcpy(table[i].reword_to, *changes % 2 ? "blue" : "red");
		}
		ask(BOB, REWORD_SET, table, &len);
	}
	return NULL;
}

static void storm(char **words)
{
	struct storm storms[STREAMS] = { 0 };
	pthread_t writers[STREAMS], readers[STREAMS], changer;
	int changes = 0, red = 0, blue = 0, both = 0;

	(void)words;
	for (int i = 0; i < STREAMS; i++) {
		char node[] = "/dev/streams/loop00";

		for (int k = 0; k < 2; k++) {
			snprintf(node, sizeof(node), "/dev/streams/loop%d", 2 + 2 * i + k);
			storms[i].end[k] = open(node, O_RDWR);
		}
		if (storms[i].end[0] < 0 || storms[i].end[1] < 0 ||
		    ioctl(storms[i].end[1], I_PUSH, "reword"))
			err(1, "loop%d", 2 + 2 * i);
	}
	pthread_create(&changer, NULL, storm_change, &changes);
	while (!changes)
		poll(NULL, 0, 1);
	for (int i = 0; i < STREAMS; i++) {
		pthread_create(&readers[i], NULL, storm_read, &storms[i]);
		pthread_create(&writers[i], NULL, storm_write, &storms[i]);
	}
	for (int i = 0; i < STREAMS; i++) {
		pthread_join(writers[i], NULL);
		pthread_join(readers[i], NULL);
		red += storms[i].red;
		blue += storms[i].blue;
		both += storms[i].both;
	}
	storm_over = 1;
	pthread_join(changer, NULL);
	printf("    %d streams carried %d lines while the table was changed %d times:\n",
	       STREAMS, STREAMS * LINES, changes);
	printf("    %d lines are all red, %d are all blue, %d are half and half.\n", red, blue,
	       both);
	if (both || red + blue != STREAMS * LINES)
		exit(1);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*show)(char **words);
	} scenes[] = {
		{ "parts", parts }, { "bands", bands }, { "flow", flow },
		{ "hub", ports }, { "rules", set_rules }, { "storm", storm }, { NULL, NULL },
	};

	for (int i = 0; argc > 1 && scenes[i].name; i++) {
		if (!strcmp(argv[1], scenes[i].name)) {
			scenes[i].show(argv + 2);
			return 0;
		}
	}
	fputs("usage: demo parts|bands|flow|hub|rules|storm\n", stderr);
	return 2;
}
