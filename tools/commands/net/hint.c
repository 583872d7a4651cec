// SPDX-License-Identifier: GPL-2.0-only
/*
 * Help for who has named a link that is not there: there may be one by another name, or a
 * driver that is not loaded.
 */
#include <ctype.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hint.h"

#define NAME_MAX_HERE	32
#define NODES		"/dev/streams/"

const char *link_hint(const char *link)
{
	static char hint[160];
	unsigned int index = if_nametoindex(link);
	int name = strlen(link);
	char node[sizeof(NODES) + NAME_MAX_HERE];

	while (name && isdigit((unsigned char)link[name - 1]))
		name--;
	snprintf(node, sizeof(node), NODES "%.*s", name, link);
	if (index)
		snprintf(hint, sizeof(hint),
			 "%.32s is an interface of Linux: modprobe streams_netdev, and call it netdev%u",
			 link, index);
	else if (name && name < NAME_MAX_HERE && access(node, F_OK))
		snprintf(hint, sizeof(hint),
			 "there is no driver %.*s: perhaps it is not loaded (modprobe streams_%.*s)",
			 name, link, name, link);
	else
		snprintf(hint, sizeof(hint), "dlpiutil list prints the links that are there");
	return hint;
}
