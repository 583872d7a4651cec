/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ethernet frames in words.
 */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * One line, without its end: have bytes of a frame that had length.  What has IP addresses
 * is printed with those of Ethernet only if that is asked for.
 */
void print_frame(FILE *out, const uint8_t *frame, size_t have, size_t length, int ether);

#endif /* NET_FRAME_H */
