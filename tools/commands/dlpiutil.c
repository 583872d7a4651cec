// SPDX-License-Identifier: GPL-2.0-only
/*
 * dlpiutil: look at network links of STREAMS drivers, and send and receive by hand.
 *
 *   dlpiutil list			names of links
 *   dlpiutil info LINK			what kind of link, its addresses and limits
 *   dlpiutil monitor LINK		link, speed, address: now, and when they change
 *   dlpiutil statistics LINK		what the device has counted
 *   dlpiutil send LINK BYTES...	one message
 *   dlpiutil receive LINK		messages, as they come
 *
 * Exit status: 0; 1 on failure; 2 for a usage error.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libdlpi.h>

#include "net/hint.h"
#include "net/text.h"

#define EXIT_USAGE	2
#define MESSAGE_MAX	65536

static const char usage[] =
	"usage: dlpiutil list\n"
	"       dlpiutil info link\n"
	"       dlpiutil monitor [-c count] link\n"
	"       dlpiutil statistics [-i seconds [-c count]] link\n"
	"       dlpiutil send -s sap [-d address] [-c count] [-i milliseconds] [-f file] link [byte...]\n"
	"       dlpiutil send -r [-c count] [-i milliseconds] [-f file] link [byte...]\n"
	"       dlpiutil receive [-c count] [-w seconds] [-s sap] [-p] [-q] [-r] link\n";

/* What the command line says; each command knows the letters it takes. */
struct options {
	const char	*link;
	unsigned long	count, interval, wait, sap;
	int		has_sap, raw, promiscuous, quiet;
	const char	*file;
	uint8_t		address[MAC_LEN];
	char		**bytes;	/* what is left of the line */
};

static void __attribute__((noreturn)) bad_usage(void)
{
	fputs(usage, stderr);
	exit(EXIT_USAGE);
}

static void __attribute__((noreturn)) fail(const char *link, const char *what, int result)
{
	warnx("%s: %s: %s", link, what, dlpi_strerror(result));
	if (result == DLPI_ENOLINK || result == DLPI_ELINKNAMEINVAL)
		warnx("%s", link_hint(link));
	exit(EXIT_FAILURE);
}

static dlpi_handle_t open_link(const char *name, uint_t flags)
{
	dlpi_handle_t dh;
	int result = dlpi_open(name, &dh, flags);

	if (result != DLPI_SUCCESS)
		fail(name, "cannot open", result);
	return dh;
}

static unsigned long number_of(const char *text, unsigned long low, unsigned long high)
{
	unsigned long value;

	if (parse_number(text, low, high, &value))
		errx(EXIT_USAGE, "%s is no number of %lu to %lu", text, low, high);
	return value;
}

/* ---- list, info -------------------------------------------------------------- */

static boolean_t print_name(const char *name, void *arg)
{
	(void)arg;
	puts(name);
	return B_FALSE;
}

static int list(const struct options *options)
{
	(void)options;
	dlpi_walk(print_name, NULL, 0);
	return EXIT_SUCCESS;
}

static void print_speed(uint64_t bits)
{
	if (bits && bits % 1000000000 == 0)
		printf("%llu Gbit/s", (unsigned long long)bits / 1000000000);
	else if (bits)
		printf("%llu Mbit/s", (unsigned long long)bits / 1000000);
	else
		printf("speed not known");
}

static void print_address(const char *name, const uint8_t *address, size_t length)
{
	printf("%-12s", name);
	for (size_t i = 0; i < length; i++)
		printf("%s%02x", i ? ":" : "", address[i]);
	printf("%s\n", length ? "" : "none");
}

static void print_physaddr(dlpi_handle_t dh, const char *name, uint_t type)
{
	uint8_t address[DLPI_PHYSADDR_MAX];
	size_t length = sizeof(address);

	if (dlpi_get_physaddr(dh, type, address, &length) == DLPI_SUCCESS)
		print_address(name, address, length);
}

static void print_link_state(dlpi_handle_t dh)
{
	static const char *const states[] = { "not known", "down", "up" };
	static const char *const duplexes[] = { "duplex not known", "half duplex", "full duplex" };
	struct dlpi_stat stat;

	if (dlpi_get_statistics(dh, &stat) != DLPI_SUCCESS || stat.ds_link_state > DLPI_LINK_UP ||
	    stat.ds_link_duplex > DLPI_DUPLEX_FULL)
		return;
	printf("%-12s%s", "state", states[stat.ds_link_state]);
	if (stat.ds_link_state == DLPI_LINK_UP) {
		printf(", ");
		print_speed(stat.ds_ifspeed);
		printf(", %s", duplexes[stat.ds_link_duplex]);
	}
	printf("\n");
}

static int info(const struct options *options)
{
	dlpi_handle_t dh = open_link(options->link, 0);
	dlpi_info_t dlpi;
	int result = dlpi_info(dh, &dlpi, DLPI_INFO_VERSION);

	if (result != DLPI_SUCCESS)
		fail(options->link, "no information", result);
	printf("%-12s%s\n", "link", dlpi.di_linkname);
	printf("%-12s%s\n", "kind", dlpi_mactype(dlpi.di_mactype));
	print_link_state(dh);
	print_physaddr(dh, "address", DL_CURR_PHYS_ADDR);
	print_physaddr(dh, "made with", DL_FACT_PHYS_ADDR);
	print_address("broadcast", dlpi.di_bcastaddr, dlpi.di_bcastaddrlen);
	printf("%-12s%u to %u bytes\n", "data", dlpi.di_min_sdu, dlpi.di_max_sdu);
	dlpi_close(dh);
	return EXIT_SUCCESS;
}

/* ---- monitor ------------------------------------------------------------------ */

static void print_note(dlpi_handle_t dh, dlpi_notifyinfo_t *note, void *arg)
{
	unsigned long *left = arg;

	(void)dh;
	switch (note->dni_note) {
	case DL_NOTE_LINK_UP:
		printf("link up\n");
		break;
	case DL_NOTE_LINK_DOWN:
		printf("link down\n");
		break;
	case DL_NOTE_SPEED:
		printf("speed ");
		print_speed(note->dni_speed * 1000ULL);
		printf("\n");
		break;
	case DL_NOTE_SDU_SIZE:
		printf("data up to %u bytes\n", note->dni_size);
		break;
	case DL_NOTE_PHYS_ADDR:
		print_address("address", note->dni_physaddr, note->dni_physaddrlen);
		break;
	case DL_NOTE_PROMISC_ON_PHYS:
		printf("promiscuous\n");
		break;
	case DL_NOTE_PROMISC_OFF_PHYS:
		printf("not promiscuous\n");
		break;
	}
	fflush(stdout);
	if (*left && !--*left)
		exit(EXIT_SUCCESS);
}

/* As much as the driver can tell: which, is only found by asking for each alone. */
static uint_t what_can_be_told(dlpi_handle_t dh)
{
	static const uint_t wanted[] = {
		DL_NOTE_LINK_UP, DL_NOTE_LINK_DOWN, DL_NOTE_SPEED, DL_NOTE_SDU_SIZE,
		DL_NOTE_PHYS_ADDR, DL_NOTE_PROMISC_ON_PHYS, DL_NOTE_PROMISC_OFF_PHYS,
	};
	unsigned long count = 0;
	dlpi_notifyid_t id;
	uint_t notes = 0;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		if (dlpi_enabnotify(dh, wanted[i], print_note, &count, &id) != DLPI_SUCCESS)
			continue;
		dlpi_disabnotify(dh, id, NULL);
		notes |= wanted[i];
	}
	return notes;
}

static int monitor(const struct options *options)
{
	dlpi_handle_t dh = open_link(options->link, 0);
	uint_t notes = what_can_be_told(dh);
	unsigned long left = options->count;
	dlpi_notifyid_t id;
	int result;

	/* what was told while we asked is forgotten with the handle */
	dlpi_close(dh);
	if (!notes)
		errx(EXIT_FAILURE, "%s: the driver tells nothing", options->link);
	dh = open_link(options->link, 0);
	result = dlpi_enabnotify(dh, notes, print_note, &left, &id);
	if (result != DLPI_SUCCESS)
		fail(options->link, "no notifications", result);
	do {
		result = dlpi_recv(dh, NULL, NULL, NULL, NULL, -1, NULL);
	} while (result == DLPI_SUCCESS || result == DLPI_ETIMEDOUT);
	fail(options->link, "no more notifications", result);
}

/* ---- statistics --------------------------------------------------------------- */

static const struct {
	const char	*name;
	size_t		offset;
} counters[] = {
	{ "ipackets", offsetof(struct dlpi_stat, ds_ipackets64) },
	{ "rbytes", offsetof(struct dlpi_stat, ds_rbytes64) },
	{ "opackets", offsetof(struct dlpi_stat, ds_opackets64) },
	{ "obytes", offsetof(struct dlpi_stat, ds_obytes64) },
	{ "multircv", offsetof(struct dlpi_stat, ds_multircv) },
	{ "brdcstrcv", offsetof(struct dlpi_stat, ds_brdcstrcv) },
	{ "multixmt", offsetof(struct dlpi_stat, ds_multixmt) },
	{ "brdcstxmt", offsetof(struct dlpi_stat, ds_brdcstxmt) },
	{ "norcvbuf", offsetof(struct dlpi_stat, ds_norcvbuf) },
	{ "ierrors", offsetof(struct dlpi_stat, ds_ierrors) },
	{ "unknowns", offsetof(struct dlpi_stat, ds_unknowns) },
	{ "noxmtbuf", offsetof(struct dlpi_stat, ds_noxmtbuf) },
	{ "oerrors", offsetof(struct dlpi_stat, ds_oerrors) },
	{ "collisions", offsetof(struct dlpi_stat, ds_collisions) },
};

static uint64_t counter(const struct dlpi_stat *stat, size_t i)
{
	return *(const uint64_t *)((const char *)stat + counters[i].offset);
}

/* Everything at first; then what has changed, and by how much. */
static void print_counters(const struct dlpi_stat *now, const struct dlpi_stat *before)
{
	for (size_t i = 0; i < sizeof(counters) / sizeof(*counters); i++) {
		uint64_t value = counter(now, i), old = before ? counter(before, i) : 0;

		if (!before)
			printf("%-24s %12llu\n", counters[i].name, (unsigned long long)value);
		else if (value != old)
			printf("%-24s %12llu %+12lld\n", counters[i].name,
			       (unsigned long long)value, (long long)(value - old));
	}
	fflush(stdout);
}

static int show_statistics(const struct options *options)
{
	dlpi_handle_t dh = open_link(options->link, 0);
	struct dlpi_stat stat[2];
	int result;

	if (options->count && !options->interval)
		bad_usage();
	for (unsigned long i = 0; !i || (options->interval && i != options->count); i++) {
		if (i) {
			sleep(options->interval);
			printf("\n");
		}
		result = dlpi_get_statistics(dh, &stat[i % 2]);
		if (result != DLPI_SUCCESS)
			fail(options->link, "no statistics", result);
		print_counters(&stat[i % 2], i ? &stat[(i + 1) % 2] : NULL);
	}
	dlpi_close(dh);
	return EXIT_SUCCESS;
}

/* ---- send, receive ------------------------------------------------------------ */

/* The bytes of the command line, or of the file; "-" is standard input. */
static size_t message_to_send(const struct options *options, uint8_t *message)
{
	size_t length = 0;
	ssize_t more;
	long count;
	int fd;

	for (char **byte = options->bytes; *byte; byte++) {
		count = parse_hex(*byte, message + length, MESSAGE_MAX - length);
		if (count < 0)
			errx(EXIT_USAGE, "%s: not bytes in hexadecimal, or too many", *byte);
		length += count;
	}
	if (!options->file)
		return length;
	if (length)
		bad_usage();
	fd = strcmp(options->file, "-") ? open(options->file, O_RDONLY) : STDIN_FILENO;
	if (fd < 0)
		err(EXIT_FAILURE, "%s", options->file);
	while ((more = read(fd, message + length, MESSAGE_MAX - length)) > 0)
		length += more;
	if (more < 0)
		err(EXIT_FAILURE, "%s", options->file);
	return length;
}

static int send_messages(const struct options *options)
{
	static uint8_t message[MESSAGE_MAX];
	size_t length = message_to_send(options, message);
	unsigned long count = options->count ? options->count : 1;
	dlpi_handle_t dh;
	int result;

	if (!length || options->raw == options->has_sap)
		bad_usage();
	dh = open_link(options->link, options->raw ? DLPI_RAW : 0);
	result = dlpi_bind(dh, options->has_sap ? options->sap : DLPI_ANY_SAP, NULL);
	if (result != DLPI_SUCCESS)
		fail(options->link, "cannot bind", result);
	for (unsigned long i = 0; i < count; i++) {
		if (i && options->interval)
			poll(NULL, 0, options->interval);
		result = dlpi_send(dh, options->address, MAC_LEN, message, length, NULL);
		if (result != DLPI_SUCCESS)
			fail(options->link, "cannot send", result);
	}
	dlpi_close(dh);
	return EXIT_SUCCESS;
}

static dlpi_handle_t open_to_receive(const struct options *options)
{
	dlpi_handle_t dh = open_link(options->link, options->raw ? DLPI_RAW : 0);
	int result = dlpi_bind(dh, options->has_sap ? options->sap : DLPI_ANY_SAP, NULL);

	if (result != DLPI_SUCCESS)
		fail(options->link, "cannot bind", result);
	if (!options->has_sap)
		result = dlpi_promiscon(dh, DL_PROMISC_SAP);
	if (result == DLPI_SUCCESS && options->promiscuous)
		result = dlpi_promiscon(dh, DL_PROMISC_PHYS);
	if (result != DLPI_SUCCESS)
		fail(options->link, "cannot be promiscuous", result);
	return dh;
}

static int receive_messages(const struct options *options)
{
	static uint8_t message[MESSAGE_MAX];
	uint8_t from[DLPI_PHYSADDR_MAX];
	char from_text[MAC_TEXT], to_text[MAC_TEXT];
	dlpi_handle_t dh = open_to_receive(options);
	size_t length, fromlen;
	dlpi_recvinfo_t to;
	int result;

	for (unsigned long i = 0; !options->count || i < options->count; i++) {
		length = sizeof(message);
		fromlen = sizeof(from);
		result = dlpi_recv(dh, from, &fromlen, message, &length,
				   options->wait ? (int)options->wait * 1000 : -1, &to);
		if (result != DLPI_SUCCESS)
			fail(options->link, "cannot receive", result);
		if (fromlen == MAC_LEN && to.dri_destaddrlen == MAC_LEN)
			printf("%s -> %s, ", mac_text(from_text, from),
			       mac_text(to_text, to.dri_destaddr));
		printf("%zu bytes\n", to.dri_totmsglen);
		if (!options->quiet)
			dump_bytes(stdout, "    ", message, length);
		fflush(stdout);
	}
	dlpi_close(dh);
	return EXIT_SUCCESS;
}

/* ---- the command line ----------------------------------------------------------- */

static const struct command {
	const char	*name;
	int		(*run)(const struct options *options);
	const char	*letters;
	int		link, bytes;	/* is there one, may there be? */
} commands[] = {
	{ "list", list, "", 0, 0 },
	{ "info", info, "", 1, 0 },
	{ "monitor", monitor, "c:", 1, 0 },
	{ "statistics", show_statistics, "c:i:", 1, 0 },
	{ "send", send_messages, "c:d:f:i:rs:", 1, 1 },
	{ "receive", receive_messages, "c:pqrs:w:", 1, 0 },
};

static void take_option(struct options *options, int letter)
{
	switch (letter) {
	case 'c':
		options->count = number_of(optarg, 1, 1000000000);
		break;
	case 'd':
		if (parse_mac(optarg, options->address))
			errx(EXIT_USAGE, "%s is no address", optarg);
		break;
	case 'f':
		options->file = optarg;
		break;
	case 'i':
		options->interval = number_of(optarg, 1, 1000000);
		break;
	case 'p':
		options->promiscuous = 1;
		break;
	case 'q':
		options->quiet = 1;
		break;
	case 'r':
		options->raw = 1;
		break;
	case 's':
		options->sap = number_of(optarg, 0, 65535);
		options->has_sap = 1;
		break;
	case 'w':
		options->wait = number_of(optarg, 1, 1000000);
		break;
	default:
		bad_usage();
	}
}

int main(int argc, char **argv)
{
	struct options options = { .address = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	const struct command *command = commands;
	int letter;

	while (argc > 1 && command < commands + sizeof(commands) / sizeof(*commands) &&
	       strcmp(command->name, argv[1]))
		command++;
	if (argc < 2 || command == commands + sizeof(commands) / sizeof(*commands))
		bad_usage();
	optind = 2;
	while ((letter = getopt(argc, argv, command->letters)) != -1)
		take_option(&options, letter);
	if (command->link) {
		if (optind == argc)
			bad_usage();
		options.link = argv[optind++];
	}
	if (optind < argc && !command->bytes)
		bad_usage();
	options.bytes = argv + optind;
	return command->run(&options);
}
