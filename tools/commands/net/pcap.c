// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file format of pcap, version 2.4: a header, then for each frame a header and the
 * bytes.  Numbers are written in the order of the machine; the magic number tells which
 * that was, and whether times have micro- or nanoseconds.
 */
#include <byteswap.h>
#include <errno.h>
#include <stdlib.h>

#include "pcap.h"

#define MAGIC		0xa1b2c3d4U
#define MAGIC_NANO	0xa1b23c4dU
#define LINK_ETHERNET	1

struct file_header {
	uint32_t	magic;
	uint16_t	major, minor;
	uint32_t	zone, accuracy;	/* both 0 */
	uint32_t	snaplen;
	uint32_t	link;
};

struct frame_header {
	uint32_t	seconds, fraction;
	uint32_t	have, length;
};

int pcap_begin(FILE *file, uint32_t snaplen)
{
	struct file_header header = {
		.magic = MAGIC, .major = 2, .minor = 4,
		.snaplen = snaplen ? snaplen : PCAP_FRAME_MAX, .link = LINK_ETHERNET,
	};

	return fwrite(&header, sizeof(header), 1, file) == 1 ? 0 : -1;
}

int pcap_write(FILE *file, const struct capture *frame)
{
	struct frame_header header = {
		.seconds = frame->microseconds / 1000000,
		.fraction = frame->microseconds % 1000000,
		.have = frame->have, .length = frame->length,
	};

	if (fwrite(&header, sizeof(header), 1, file) != 1)
		return -1;
	return fwrite(frame->bytes, 1, frame->have, file) == frame->have ? 0 : -1;
}

static uint32_t number(const struct pcap_reader *reader, uint32_t value)
{
	return reader->swapped ? bswap_32(value) : value;
}

const char *pcap_open(struct pcap_reader *reader, FILE *file)
{
	struct file_header header;
	uint32_t magic;

	*reader = (struct pcap_reader){ .file = file };
	errno = 0;
	if (fread(&header, sizeof(header), 1, file) != 1)
		return ferror(file) ? "cannot read" : "no capture: too short";
	magic = header.magic;
	reader->swapped = magic == bswap_32(MAGIC) || magic == bswap_32(MAGIC_NANO);
	magic = number(reader, magic);
	if (magic != MAGIC && magic != MAGIC_NANO)
		return "no capture";
	reader->nanoseconds = magic == MAGIC_NANO;
	if ((number(reader, header.link) & 0xffff) != LINK_ETHERNET)
		return "a capture, but not of an Ethernet";
	reader->buffer = malloc(PCAP_FRAME_MAX);
	return reader->buffer ? NULL : "no memory";
}

int pcap_read(struct pcap_reader *reader, struct capture *frame)
{
	struct frame_header header;
	size_t got = fread(&header, 1, sizeof(header), reader->file);
	uint32_t fraction;

	if (!got && !ferror(reader->file))
		return 0;
	if (got != sizeof(header))
		return -1;
	fraction = number(reader, header.fraction);
	frame->microseconds = number(reader, header.seconds) * 1000000ULL +
			      (reader->nanoseconds ? fraction / 1000 : fraction);
	frame->have = number(reader, header.have);
	frame->length = number(reader, header.length);
	frame->bytes = reader->buffer;
	if (frame->have > PCAP_FRAME_MAX || frame->have > frame->length)
		return -1;
	return fread(reader->buffer, 1, frame->have, reader->file) == frame->have ? 1 : -1;
}
