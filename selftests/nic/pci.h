/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The card as a device of the bus, in sysfs; and frames without end in both
 * directions while something happens to it.
 */
#ifndef NIC_PCI_H
#define NIC_PCI_H

#include "carry.h"

#include <glob.h>
#include <linux/pci_regs.h>
#include <sys/prctl.h>

#define PCI		"/sys/bus/pci"
#define MODULE		"streams_e1000g"	/* also the name among the drivers of the bus */

/* port_name - the root port that the card is plugged into, by its address on the bus */
static inline const char *port_name(void)
{
	static char name[16];

	snprintf(name, sizeof(name), "0000:00:0%c.0", card()[1] - '0' + '8');
	return name;
}

/* pci_name - the card's address on the bus; "" if it is not there */
static inline const char *pci_name(void)
{
	static char name[32];
	char pattern[64];
	glob_t found;

	name[0] = 0;
	snprintf(pattern, sizeof(pattern), PCI "/devices/%s/0000:*:00.0", port_name());
	if (!glob(pattern, 0, NULL, &found)) {
		snprintf(name, sizeof(name), "%s", strrchr(found.gl_pathv[0], '/') + 1);
		globfree(&found);
	}
	return name;
}

/* pci_tell - write words to a file below /sys/bus/pci; 0, or -1 and errno */
static inline int pci_tell(const char *words, const char *format, ...)
{
	ssize_t done, length = strlen(words);
	char path[256] = PCI "/";
	va_list list;
	int fd;

	va_start(list, format);
	vsnprintf(path + strlen(path), sizeof(path) - strlen(path), format, list);
	va_end(list);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	done = write(fd, words, length);
	close(fd);
	return done == length ? 0 : -1;
}

/* pci_config - set and clear bits of a word of a device's configuration; 0, or -1 */
static inline int pci_config(const char *device, int offset, uint16_t set, uint16_t clear)
{
	char path[128];
	uint16_t word;
	int fd, done;

	snprintf(path, sizeof(path), PCI "/devices/%s/config", device);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	done = pread(fd, &word, 2, offset);
	word = (word | set) & ~clear;
	done += pwrite(fd, &word, 2, offset);
	close(fd);
	return done == 4 ? 0 : -1;
}

static inline int pci_unbind(void)
{
	return pci_tell(pci_name(), "drivers/" MODULE "/unbind");
}

static inline int pci_bind(void)
{
	return pci_tell(pci_name(), "drivers/" MODULE "/bind");
}

/* pci_driver - whose the card is; "" for nobody's */
static inline const char *pci_driver(void)
{
	static char target[256];
	char path[128];
	ssize_t length;

	snprintf(path, sizeof(path), PCI "/devices/%s/driver", pci_name());
	length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = 0;
	return length > 0 ? strrchr(target, '/') + 1 : "";
}

/* pci_claim - a card that has just come is for our driver, whoever was faster */
static inline int pci_claim(void)
{
	long long deadline = now_ms() + 1000LL * PATIENCE * slow();

	while (!*pci_name() || strcmp(pci_driver(), MODULE)) {
		if (now_ms() > deadline)
			return -1;
		pause_ms(10);
		if (!*pci_name() || pci_tell(MODULE, "devices/%s/driver_override", pci_name()))
			continue;
		if (*pci_driver() && strcmp(pci_driver(), MODULE))
			pci_tell(pci_name(), "drivers/%s/unbind", pci_driver());
		pci_tell(pci_name(), "drivers_probe");
	}
	return 0;
}

/* came - whether there is such a card by now, and its link is up */
static inline bool came(void)
{
	long long deadline = now_ms() + 1000LL * PATIENCE * slow();
	int fd;

	while ((fd = dl_open(card())) < 0) {
		if (now_ms() > deadline)
			return false;
		pause_ms(10);
	}
	close(fd);
	return true;
}

/* --- load ------------------------------------------------------------------------ */

struct load {
	pid_t	writer, peer;
};

/* Write until the stream is hung up; that is how it must end. */
static inline void load_write(const uint8_t address[6], int ready)
{
	struct end ours;
	struct frame frame;
	uint32_t i;

	if (end_open(&ours, card(), RAW) || write(ready, "", 1) != 1)
		_exit(1);
	for (i = 0;; i++) {
		size_t length = frame_make(&frame, address, ours.address, 1, i);

		if (end_send(&ours, &frame, length))
			break;
	}
	_exit(errno == EIO ? 0 : 2);
}

static inline void load_send(struct end *peer)
{
	struct frame frame;
	uint8_t address[6];

	address_of(card(), address);
	for (uint32_t i = 0;; i++)
		end_send(peer, &frame, frame_make(&frame, address, peer->address, 2, i));
}

/* load_start - from now on, as many frames as go, in both directions */
static inline int load_start(struct load *load)
{
	struct end peer;
	int ready[2];
	char byte;

	if (end_open(&peer, peer_card(), PACKET) || pipe(ready))
		return -1;
	load->writer = fork();
	if (!load->writer) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		load_write(peer.address, ready[1]);
	}
	load->peer = fork();
	if (!load->peer) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[1]);
		load_send(&peer);
	}
	close(peer.fd);
	close(ready[1]);
	/* the writer is on its way; nothing to be read: it has ended */
	byte = load->writer > 0 && load->peer > 0 && read(ready[0], &byte, 1) == 1;
	close(ready[0]);
	return byte ? 0 : -1;
}

static inline void load_stop_child(pid_t *child)
{
	if (*child > 0) {
		kill(*child, SIGKILL);
		waitpid(*child, NULL, 0);
	}
	*child = 0;
}

static inline void load_stop(struct load *load)
{
	load_stop_child(&load->peer);
	load_stop_child(&load->writer);
}

/* load_hung_up - the writer has ended as it should */
static inline bool load_hung_up(struct load *load)
{
	int status = child_status(load->writer, PATIENCE);

	load->writer = 0;
	if (status)
		printf("# the writer ended with %d\n", status);
	return status == 0;
}

#endif /* NIC_PCI_H */
