// SPDX-License-Identifier: GPL-2.0-only
/*
 * dlsnoop: capture the frames of a network link, print them in words, save them.
 *
 *   dlsnoop LINK [FILTER]		until it is interrupted
 *   dlsnoop -w FILE LINK [FILTER]	and write them, for Wireshark and tcpdump
 *   dlsnoop -r FILE [FILTER]		print what was written
 *
 * The stream is raw and promiscuous.  The filter runs in the kernel, in pfmod(7); the
 * frames that it lets through are gathered by bufmod(7), so that one system call brings
 * many of them, each with its time.
 *
 * Exit status: 0; 1 on failure; 2 for a usage error.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <stropts.h>
#include <sys/bufmod.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <libdlpi.h>

#include "net/filter.h"
#include "net/frame.h"
#include "net/hint.h"
#include "net/pcap.h"
#include "net/text.h"

#define EXIT_USAGE	2
#define CHUNK		32768		/* bytes that bufmod gathers */
#define CHUNK_WAIT	100		/* milliseconds that it does so */
#define ROOM		(CHUNK + PCAP_FRAME_MAX)

static const char usage[] =
	"usage: dlsnoop [-Beqx] [-c count] [-p phys|multi|none] [-S sap] [-s bytes] [-t a|r]\n"
	"               [-w file] link [filter]\n"
	"       dlsnoop [-eqx] [-c count] [-t a|r] [-w file] -r file [filter]\n";

static struct {
	unsigned long	count, snaplen, sap;
	uint_t		level;		/* DL_PROMISC_*; 0: none */
	int		all_saps, unbuffered, ether, quiet, dump, absolute;
	const char	*link, *read_from, *write_to;
} options = { .level = DL_PROMISC_PHYS, .all_saps = 1 };

static struct filter filter;
static FILE *saved;
static unsigned long seen, messages;	/* frames, and what brought them */
static uint32_t drops;			/* as bufmod says */

static void __attribute__((noreturn)) bad_usage(void)
{
	fputs(usage, stderr);
	exit(EXIT_USAGE);
}

/* ---- what becomes of a frame ---------------------------------------------------- */

static void print_time(uint64_t microseconds)
{
	static uint64_t first;
	time_t seconds;
	struct tm tm;

	if (!first)
		first = microseconds;
	if (!options.absolute) {
		microseconds = microseconds > first ? microseconds - first : 0;
		printf("%4llu.%06llu  ", (unsigned long long)microseconds / 1000000,
		       (unsigned long long)microseconds % 1000000);
		return;
	}
	seconds = microseconds / 1000000;
	localtime_r(&seconds, &tm);
	printf("%02d:%02d:%02d.%06llu  ", tm.tm_hour, tm.tm_min, tm.tm_sec,
	       (unsigned long long)microseconds % 1000000);
}

static int enough(void)
{
	return options.count && seen == options.count;
}

static void take_frame(const struct capture *frame)
{
	if (enough())
		return;
	seen++;
	if (saved && pcap_write(saved, frame))
		err(EXIT_FAILURE, "%s", options.write_to);
	if (options.quiet)
		return;
	print_time(frame->microseconds);
	print_frame(stdout, frame->bytes, frame->have, frame->length, options.ether);
	putchar('\n');
	if (options.dump)
		dump_bytes(stdout, "        ", frame->bytes, frame->have);
}

static void begin_file(void)
{
	if (!options.write_to)
		return;
	saved = strcmp(options.write_to, "-") ? fopen(options.write_to, "w") : stdout;
	if (!saved || pcap_begin(saved, options.snaplen))
		err(EXIT_FAILURE, "%s", options.write_to);
	if (saved == stdout)
		options.quiet = 1;
}

static void flush_output(void)
{
	if (saved && fflush(saved))
		err(EXIT_FAILURE, "%s", options.write_to);
	if (fflush(stdout))
		err(EXIT_FAILURE, "standard output");
}

/* ---- from a file ------------------------------------------------------------------ */

static int read_file(void)
{
	FILE *file = strcmp(options.read_from, "-") ? fopen(options.read_from, "r") : stdin;
	struct pcap_reader reader;
	struct capture frame;
	const char *wrong;
	int more = 1;

	if (!file)
		err(EXIT_FAILURE, "%s", options.read_from);
	wrong = pcap_open(&reader, file);
	if (wrong)
		errx(EXIT_FAILURE, "%s: %s", options.read_from, wrong);
	begin_file();
	while (!enough() && (more = pcap_read(&reader, &frame)) > 0) {
		if (filter_wants(&filter, frame.bytes, frame.have))
			take_frame(&frame);
	}
	flush_output();
	if (more < 0)
		errx(EXIT_FAILURE, "%s: ends in the middle of a frame", options.read_from);
	return EXIT_SUCCESS;
}

/* ---- from a link ------------------------------------------------------------------- */

static void __attribute__((noreturn)) fail(const char *what, int result)
{
	warnx("%s: %s: %s", options.link, what, dlpi_strerror(result));
	if (result == DLPI_ENOLINK || result == DLPI_ELINKNAMEINVAL)
		warnx("%s", link_hint(options.link));
	exit(EXIT_FAILURE);
}

static void push_module(int fd, const char *module)
{
	if (ioctl(fd, I_PUSH, module) < 0)
		err(EXIT_FAILURE, "%s: cannot push %s", options.link, module);
}

static void tell_module(int fd, const char *what, int command, void *data, int length)
{
	struct strioctl request = {
		.ic_cmd = command, .ic_timout = 5, .ic_len = length, .ic_dp = data,
	};

	if (ioctl(fd, I_STR, &request) < 0)
		err(EXIT_FAILURE, "%s: %s", options.link, what);
}

static void push_filter(int fd)
{
	static uint16_t program[PF_MAXFILTERS];
	struct Pf_ext_packetfilt extended = { 0 };
	struct packetfilt basic = { 0 };
	int words = filter_compile(&filter, program);

	if (!words)
		return;
	if (words < 0)
		errx(EXIT_USAGE, "the filter is too long");
	push_module(fd, "pfmod");
	basic.Pf_FilterLen = words;
	extended.Pf_FilterLen = words;
	memcpy(extended.Pf_Filter, program, words * sizeof(*program));
	if (words <= ENMAXFILTERS) {
		memcpy(basic.Pf_Filter, program, words * sizeof(*program));
		tell_module(fd, "the filter", PFIOCSETF, &basic, sizeof(basic));
	} else {
		tell_module(fd, "the filter", PFIOCSETF, &extended, sizeof(extended));
	}
}

static void push_buffer(int fd)
{
	struct timeval wait = { .tv_usec = CHUNK_WAIT * 1000 };
	unsigned int chunk = CHUNK, snaplen = options.snaplen;

	push_module(fd, "bufmod");
	tell_module(fd, "chunks", SBIOCSCHUNK, &chunk, sizeof(chunk));
	tell_module(fd, "the time of chunks", SBIOCSTIME, &wait, sizeof(wait));
	if (snaplen)
		tell_module(fd, "the length of frames", SBIOCSSNAP, &snaplen, sizeof(snaplen));
}

/* The modules are there before the first frame comes: that is when a SAP is bound. */
static dlpi_handle_t open_link(void)
{
	dlpi_handle_t dh;
	int result = dlpi_open(options.link, &dh, DLPI_RAW | DLPI_PASSIVE);

	if (result != DLPI_SUCCESS)
		fail("cannot open", result);
	push_filter(dlpi_fd(dh));
	if (!options.unbuffered)
		push_buffer(dlpi_fd(dh));
	result = dlpi_bind(dh, options.all_saps ? DLPI_ANY_SAP : options.sap, NULL);
	if (result != DLPI_SUCCESS)
		fail("cannot bind", result);
	if (options.all_saps)
		result = dlpi_promiscon(dh, DL_PROMISC_SAP);
	if (result == DLPI_SUCCESS && options.level)
		result = dlpi_promiscon(dh, options.level);
	if (result != DLPI_SUCCESS)
		fail("cannot be promiscuous", result);
	return dh;
}

static void take_chunk(const uint8_t *chunk, size_t length)
{
	struct sb_hdr header;
	struct capture frame;

	while (length >= sizeof(header)) {
		memcpy(&header, chunk, sizeof(header));
		if (header.sbh_totlen < sizeof(header) || header.sbh_totlen > length ||
		    header.sbh_msglen > header.sbh_totlen - sizeof(header))
			errx(EXIT_FAILURE, "%s: this is no chunk of bufmod", options.link);
		frame = (struct capture){
			.microseconds = (uint32_t)header.sbh_timestamp.tv_sec * 1000000ULL +
					header.sbh_timestamp.tv_usec,
			.have = header.sbh_msglen, .length = header.sbh_origlen,
			.bytes = chunk + sizeof(header),
		};
		drops = header.sbh_drops;
		take_frame(&frame);
		chunk += header.sbh_totlen;
		length -= header.sbh_totlen;
	}
}

static void take_single(const uint8_t *bytes, size_t have, size_t length)
{
	struct capture frame = { .have = have, .length = length, .bytes = bytes };
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	frame.microseconds = now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
	if (options.snaplen && options.snaplen < frame.have)
		frame.have = options.snaplen;
	take_frame(&frame);
}

/* All that is there now. */
static void take_messages(dlpi_handle_t dh)
{
	static uint8_t message[ROOM];
	dlpi_recvinfo_t info;
	size_t length;
	int result;

	while (!enough()) {
		length = sizeof(message);
		result = dlpi_recv(dh, NULL, NULL, message, &length, 0, &info);
		if (result == DLPI_ETIMEDOUT)
			return;
		if (result != DLPI_SUCCESS)
			fail("cannot receive", result);
		messages++;
		if (options.unbuffered)
			take_single(message, length, info.dri_totmsglen);
		else
			take_chunk(message, length);
	}
}

/* SIGINT and SIGTERM can be read from here. */
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
		err(EXIT_FAILURE, "signalfd");
	return fd;
}

/* What the link's stream is made of, the top first. */
static void announce(int fd)
{
	struct str_list list = { .sl_nmods = ioctl(fd, I_LIST, NULL) };

	if (list.sl_nmods < 1)
		err(EXIT_FAILURE, "%s: cannot list the stream", options.link);
	list.sl_modlist = calloc(list.sl_nmods, sizeof(*list.sl_modlist));
	if (!list.sl_modlist || ioctl(fd, I_LIST, &list) < 0)
		err(EXIT_FAILURE, "%s: cannot list the stream", options.link);
	fprintf(stderr, "listening on %s through", options.link);
	for (int i = 0; i < list.sl_nmods; i++)
		fprintf(stderr, "%s %s", i ? "," : "", list.sl_modlist[i].l_name);
	fprintf(stderr, "\n");
	free(list.sl_modlist);
}

/* What became of the frames, on their way up. */
static void report(dlpi_handle_t dh)
{
	struct dlpi_stat stat;

	if (dlpi_get_statistics(dh, &stat) == DLPI_SUCCESS)
		fprintf(stderr, "frames from the driver: %llu, dropped: %llu\n",
			(unsigned long long)stat.ds_received, (unsigned long long)stat.ds_dropped);
	if (!options.unbuffered)
		fprintf(stderr, "chunks from bufmod: %lu, frames dropped: %u\n", messages, drops);
	fprintf(stderr, "frames captured: %lu\n", seen);
}

/* After the signal, what bufmod has gathered is waited for. */
static int capture(void)
{
	int signals = open_signals(), wait = -1;
	dlpi_handle_t dh = open_link();
	struct pollfd fds[2] = {
		{ .fd = dlpi_fd(dh), .events = POLLIN | POLLPRI },
		{ .fd = signals, .events = POLLIN },
	};

	begin_file();
	announce(dlpi_fd(dh));
	while (!enough()) {
		int ready = poll(fds, 2, wait);

		if (ready < 0)
			err(EXIT_FAILURE, "poll");
		if (fds[0].revents) {
			take_messages(dh);
			flush_output();
		}
		if (!ready || (wait >= 0 && !options.unbuffered && fds[0].revents))
			break;
		if (fds[1].revents) {
			wait = options.unbuffered ? 0 : 2 * CHUNK_WAIT;
			fds[1].fd = -1;
		}
	}
	report(dh);
	dlpi_close(dh);
	return EXIT_SUCCESS;
}

/* ---- the command line ------------------------------------------------------------- */

static unsigned long number_of(unsigned long low, unsigned long high)
{
	unsigned long value;

	if (parse_number(optarg, low, high, &value))
		errx(EXIT_USAGE, "%s is no number of %lu to %lu", optarg, low, high);
	return value;
}

/* one_of - which of these words it is, from 0 */
static int one_of(const char *first, const char *second, const char *third)
{
	if (!strcmp(optarg, first))
		return 0;
	if (!strcmp(optarg, second))
		return 1;
	if (third && !strcmp(optarg, third))
		return 2;
	bad_usage();
}

static void take_option(int letter)
{
	static const uint_t levels[] = { DL_PROMISC_PHYS, DL_PROMISC_MULTI, 0 };

	switch (letter) {
	case 'B':
		options.unbuffered = 1;
		break;
	case 'c':
		options.count = number_of(1, 1000000000);
		break;
	case 'e':
		options.ether = 1;
		break;
	case 'p':
		options.level = levels[one_of("phys", "multi", "none")];
		break;
	case 'q':
		options.quiet = 1;
		break;
	case 'r':
		options.read_from = optarg;
		break;
	case 'S':
		options.sap = number_of(0, 65535);
		options.all_saps = 0;
		break;
	case 's':
		options.snaplen = number_of(1, PCAP_FRAME_MAX);
		break;
	case 't':
		options.absolute = !one_of("a", "r", NULL);
		break;
	case 'w':
		options.write_to = optarg;
		break;
	case 'x':
		options.dump = 1;
		break;
	default:
		bad_usage();
	}
}

int main(int argc, char **argv)
{
	const char *wrong, *at;
	int letter;

	/* behind the link come words of the filter, which may begin with anything */
	while ((letter = getopt(argc, argv, "+Bc:ep:qr:S:s:t:w:x")) != -1)
		take_option(letter);
	if (!options.read_from) {
		if (optind == argc)
			bad_usage();
		options.link = argv[optind++];
	}
	wrong = filter_parse(&filter, argv + optind, argc - optind, &at);
	if (wrong)
		errx(EXIT_USAGE, "filter: %s%s%s", at, *at ? ": " : "", wrong);
	return options.read_from ? read_file() : capture();
}
