/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of network cards share.  NIC_CARD in the environment names the card
 * (n0, n1, x1: host.py); the kernel's own driver has a card on the same wire, its peer.
 * Who is who is known by the addresses that host.py gave them.
 */
#ifndef NIC_NIC_H
#define NIC_NIC_H

#include "streams_test.h"

#include <dirent.h>
#include <net/if.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>

#include "frames.h"

#define PATIENCE	20	/* seconds, before what should come is called missing */

static inline const char *card(void)
{
	const char *name = getenv("NIC_CARD");

	return name ? name : "n0";
}

/* how_many - of something that is to be much; fewer where all is slow */
static inline int how_many(int number)
{
	return slow() > 4 ? number / 20 : number;
}

/* --- the host ------------------------------------------------------------------ */

static inline int host_line(void)
{
	static int fd = -1;
	struct termios raw;

	if (fd < 0) {
		fd = open("/dev/ttyS2", O_RDWR | O_NOCTTY | O_CLOEXEC);
		if (fd < 0 || tcgetattr(fd, &raw))
			return -1;
		cfmakeraw(&raw);
		tcsetattr(fd, TCSANOW, &raw);
	}
	return fd;
}

/* host - ask for something; 0 if it was done.  What the host said otherwise is printed. */
static inline int __attribute__((format(printf, 1, 2))) host(const char *format, ...)
{
	char said[256];
	size_t length;
	va_list list;
	int fd = host_line();

	va_start(list, format);
	length = vsnprintf(said, sizeof(said) - 1, format, list);
	va_end(list);
	said[length++] = '\n';
	if (fd < 0 || write(fd, said, length) != (ssize_t)length)
		return -1;
	for (length = 0; length < sizeof(said) - 1; length++) {
		if (read(fd, said + length, 1) != 1)
			return -1;
		if (said[length] == '\n')
			break;
	}
	said[length] = 0;
	if (strncmp(said, "ok", 2))
		printf("# the host: %s\n", said);
	return strncmp(said, "ok", 2) ? -1 : 0;
}

/* --- who is who ---------------------------------------------------------------- */

static inline void address_of(const char *name, uint8_t address[6])
{
	int kind = name[0] == 'n' ? 0xa0 : name[0] == 'p' ? 0xb0 : 0xc0;

	memcpy(address, (uint8_t[]){ 0x52, 0x54, 0, 0, 0, kind + name[1] - '0' }, 6);
}

static inline const char *peer_card(void)
{
	static char name[3];

	snprintf(name, sizeof(name), "p%c", card()[1]);
	return name;
}

/* interface_of - the kernel's name for a card that its own driver has; "" for none */
static inline const char *interface_of(const char *name)
{
	static char found[IF_NAMESIZE];
	struct if_nameindex *all = if_nameindex();
	struct ifreq request = { 0 };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	uint8_t address[6];

	address_of(name, address);
	found[0] = 0;
	for (struct if_nameindex *one = all; one && one->if_index; one++) {
		strcpy(request.ifr_name, one->if_name);
		if (!ioctl(fd, SIOCGIFHWADDR, &request) &&
		    !memcmp(request.ifr_hwaddr.sa_data, address, 6))
			strcpy(found, one->if_name);
	}
	if_freenameindex(all);
	close(fd);
	return found;
}

#endif /* NIC_NIC_H */
