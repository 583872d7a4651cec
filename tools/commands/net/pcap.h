/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of captured frames, in the format that tcpdump and Wireshark read.
 */
#ifndef NET_PCAP_H
#define NET_PCAP_H

#include <stdint.h>
#include <stdio.h>

#define PCAP_FRAME_MAX	262144	/* no frame in a file is larger */

/* One frame: what is here of it, and what it was. */
struct capture {
	uint64_t	microseconds;	/* since 1970 */
	uint32_t	have, length;	/* bytes */
	const uint8_t	*bytes;
};

/* A file that is read. */
struct pcap_reader {
	FILE		*file;
	int		swapped;	/* written on a machine of the other byte order */
	int		nanoseconds;
	uint8_t		*buffer;
};

/* -1, and errno, if it cannot be written */
int pcap_begin(FILE *file, uint32_t snaplen);
int pcap_write(FILE *file, const struct capture *frame);

/* NULL, or what is wrong with the file; errno is 0 if that is not the matter. */
const char *pcap_open(struct pcap_reader *reader, FILE *file);
/* 1: here is one, whose bytes are good until the next; 0: the end; -1: cut off */
int pcap_read(struct pcap_reader *reader, struct capture *frame);

#endif /* NET_PCAP_H */
