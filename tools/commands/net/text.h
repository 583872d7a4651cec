/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text for addresses, bytes and numbers, and back.
 */
#ifndef NET_TEXT_H
#define NET_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MAC_LEN		6
#define MAC_TEXT	18	/* with the zero */

/* 02:00:00:00:00:01; returns text */
char *mac_text(char text[MAC_TEXT], const uint8_t *mac);
/* The same, or "broadcast": 0, or -1 for anything else. */
int parse_mac(const char *text, uint8_t *mac);

/* A whole number, decimal or 0x..., from low to high: 0, or -1 for anything else. */
int parse_number(const char *text, unsigned long low, unsigned long high, unsigned long *value);

/*
 * Bytes as two hexadecimal digits each, with or without blanks, colons and dots between
 * them: how many, or -1 if that is not what it is, or more than room.
 */
long parse_hex(const char *text, uint8_t *to, size_t room);

/* Lines of 16 bytes: offset, hexadecimal, characters; each begins with indent. */
void dump_bytes(FILE *out, const char *indent, const uint8_t *bytes, size_t count);

#endif /* NET_TEXT_H */
