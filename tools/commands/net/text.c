// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text for addresses, bytes and numbers, and back.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

char *mac_text(char text[MAC_TEXT], const uint8_t *mac)
{
	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		 mac[4], mac[5]);
	return text;
}

int parse_mac(const char *text, uint8_t *mac)
{
	uint8_t bytes[MAC_LEN];
	int i, used;
	unsigned int byte;

	if (!strcmp(text, "broadcast")) {
		memset(mac, 0xff, MAC_LEN);
		return 0;
	}
	for (i = 0; i < MAC_LEN; i++) {
		if (!isxdigit((unsigned char)*text) || sscanf(text, "%2x%n", &byte, &used) != 1)
			return -1;
		bytes[i] = byte;
		text += used;
		if (*text != (i < MAC_LEN - 1 ? ':' : '\0'))
			return -1;
		text++;
	}
	memcpy(mac, bytes, MAC_LEN);
	return 0;
}

int parse_number(const char *text, unsigned long low, unsigned long high, unsigned long *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	*value = strtoul(text, &end, text[0] == '0' && (text[1] | ' ') == 'x' ? 16 : 10);
	return errno || *end || *value < low || *value > high ? -1 : 0;
}

static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

long parse_hex(const char *text, uint8_t *to, size_t room)
{
	size_t count = 0;

	for (; *text; text++) {
		if (strchr(" \t\n:.-", *text))
			continue;
		if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]) ||
		    count == room)
			return -1;
		to[count++] = digit(text[0]) << 4 | digit(text[1]);
		text++;
	}
	return count;
}

void dump_bytes(FILE *out, const char *indent, const uint8_t *bytes, size_t count)
{
	for (size_t line = 0; line < count; line += 16) {
		size_t here = count - line < 16 ? count - line : 16;

		fprintf(out, "%s%04zx ", indent, line);
		for (size_t i = 0; i < 16; i++) {
			if (i < here)
				fprintf(out, "%s%02x", i % 8 ? " " : "  ", bytes[line + i]);
			else
				fprintf(out, "%s  ", i % 8 ? " " : "  ");
		}
		fputs("  ", out);
		for (size_t i = 0; i < here; i++)
			fputc(isprint(bytes[line + i]) ? bytes[line + i] : '.', out);
		fputc('\n', out);
	}
}
