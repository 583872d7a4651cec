/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames that say what they are: numbered, of a length and with contents that follow
 * from flow and number.  frames.py makes the same ones and looks for them in what
 * QEMU recorded.
 */
#ifndef NIC_FRAMES_H
#define NIC_FRAMES_H

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#define FRAME_TYPE	0x88b5		/* for experiments of who owns the network */
#define FRAME_SHORTEST	60
#define FRAME_LONGEST	1514

struct frame {
	uint8_t		destination[6], source[6];
	uint16_t	type;
	uint32_t	flow, number;		/* not aligned: packed */
	uint16_t	length;
	uint8_t		noise[FRAME_LONGEST - 24];
} __attribute__((packed));

static inline const uint8_t *noise_make(void)
{
	static uint8_t noise[65536];
	uint64_t state = 1;

	for (size_t i = 0; i < sizeof(noise); i++) {
		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		noise[i] = state >> 56;
	}
	return noise;
}

static inline uint64_t mixed(uint64_t value)
{
	value += 0x9e3779b97f4a7c15ULL;
	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
	value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
	return value ^ value >> 31;
}

/* frame_make - the frame with this number; its length */
static inline size_t frame_make(struct frame *frame, const uint8_t *destination,
				const uint8_t *source, uint32_t flow, uint32_t number)
{
	uint64_t chance = mixed((uint64_t)flow << 32 | number);
	size_t length = FRAME_SHORTEST + chance % (FRAME_LONGEST - FRAME_SHORTEST + 1);
	static const uint8_t *noise;

	if (!noise)
		noise = noise_make();
	memcpy(frame->destination, destination, 6);
	memcpy(frame->source, source, 6);
	frame->type = htons(FRAME_TYPE);
	frame->flow = htonl(flow);
	frame->number = htonl(number);
	frame->length = htons(length);
	memcpy(frame->noise, noise + (chance >> 32) % (65536 - FRAME_LONGEST), length - 24);
	return length;
}

/* frame_is - whether these bytes are a frame of this flow */
static inline int frame_is(const struct frame *frame, size_t length, uint32_t flow)
{
	return length >= FRAME_SHORTEST && frame->type == htons(FRAME_TYPE) &&
	       frame->flow == htonl(flow);
}

/* frame_good - whether a frame of a flow is as it was made, to the last bit */
static inline int frame_good(const struct frame *frame, size_t length)
{
	struct frame wanted;

	return frame_make(&wanted, frame->destination, frame->source, ntohl(frame->flow),
			  ntohl(frame->number)) == length && !memcmp(frame, &wanted, length);
}

#endif /* NIC_FRAMES_H */
