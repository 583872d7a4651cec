// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module goes and comes back while the peer sends, in every manner that it can be
 * told to work in: with each kind of interrupt, few of them, short rings, long frames.
 */
#include "pci.h"

#include <sys/syscall.h>
#include <sys/utsname.h>

static int load(const char *parameters)
{
	struct utsname system;
	char path[256];
	int fd, result;

	uname(&system);
	snprintf(path, sizeof(path), "/lib/modules/%s/extra/" MODULE ".ko", system.release);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = syscall(SYS_finit_module, fd, parameters, 0);
	close(fd);
	return result;
}

/* unload - the last reference may go a moment after the last close */
static int unload(void)
{
	long long deadline = now_ms() + 5000LL * slow();

	while (syscall(SYS_delete_module, MODULE, O_NONBLOCK)) {
		if (errno != EWOULDBLOCK || now_ms() > deadline)
			return -1;
		pause_ms(10);
	}
	return 0;
}

static int reload(const char *parameters)
{
	return unload() || load(parameters) || !came() ? -1 : 0;
}

FIXTURE(module)
{
	struct load load;
};

FIXTURE_SETUP(module)
{
	struct end peer;

	ASSERT_EQ(0, end_open(&peer, peer_card(), PACKET));
	self->load.peer = fork();
	ASSERT_LE(0, self->load.peer);
	if (!self->load.peer) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		load_send(&peer);
	}
	close(peer.fd);
}

FIXTURE_TEARDOWN(module)
{
	load_stop(&self->load);
	reload("");
}

/* --- kinds of interrupts ------------------------------------------------------------ */

static const char *irq_kind(void)
{
	static char kind[8];
	char pattern[128];
	FILE *file = NULL;
	glob_t found;

	strcpy(kind, "intx");
	snprintf(pattern, sizeof(pattern), PCI "/devices/%s/msi_irqs/*", pci_name());
	if (glob(pattern, 0, NULL, &found))
		return kind;
	file = fopen(found.gl_pathv[0], "r");
	globfree(&found);
	if (!file || fscanf(file, "%7s", kind) != 1)
		strcpy(kind, "?");
	if (file)
		fclose(file);
	return kind;
}

TEST_F_TIMEOUT(module, every_kind_of_interrupt, 120)
{
	static const char *const kinds[] = { "intx", "msi", "msix" };
	char words[32];

	for (int i = 0; i < 3; i++) {
		snprintf(words, sizeof(words), "irq=%s", kinds[i]);
		ASSERT_EQ(0, reload(words));
		/* the 82574L has all of them; the others are older */
		EXPECT_STREQ(strcmp(card(), "n0") ? "intx" : kinds[i], irq_kind());
		load_stop(&self->load);
		EXPECT_TRUE(carried(RAW, how_many(1000)));
	}
}

/* raised - interrupts of our cards so far, on all CPUs */
static long raised(void)
{
	FILE *file = fopen("/proc/interrupts", "r");
	char line[512], *next, *at;
	long total = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (!strstr(line, DRIVER))
			continue;
		for (at = strchr(line, ':') + 1;; at = next) {
			long number = strtol(at, &next, 10);

			if (next == at)
				break;
			total += number;
		}
	}
	if (file)
		fclose(file);
	return total;
}

TEST_F_TIMEOUT(module, no_more_interrupts_than_allowed, 90)
{
	enum { RATE = 200, FOR_MS = 700 };
	struct end ours;
	struct frame frame;
	long long begin, end;
	long before, after, got = 0;
	int vectors;

	ASSERT_EQ(0, reload("itr=200"));
	ASSERT_EQ(0, end_open(&ours, card(), RAW));
	begin = now_ms();
	before = raised();
	do {
		if (events_of(ours.fd, POLLIN, 1) & POLLIN) {
			ASSERT_LT(0, end_receive(&ours, &frame))
				TH_LOG("after %ld frames", got);
			got++;
		}
		end = now_ms();
	} while (end - begin < FOR_MS * slow());
	after = raised();
	printf("# %ld interrupts for %ld frames in %lld ms\n", after - before, got, end - begin);
	EXPECT_LT(2 * (after - before), got);
	EXPECT_LT(0, after - before);
	/* The second vector of MSI-X has a limit of its own; QEMU lets twice as many through. */
	vectors = strcmp(irq_kind(), "msix") ? 1 : 2;
	EXPECT_GE(2 * vectors * RATE * (end - begin) / 1000 + 2, after - before);
	end_close(&ours);
}

/* --- rings and lengths -------------------------------------------------------------- */

TEST_F_TIMEOUT(module, short_rings, 90)
{
	ASSERT_EQ(0, reload("rx_ring=80 tx_ring=64"));
	load_stop(&self->load);
	EXPECT_TRUE(carried(RAW, how_many(2000)));
}

static int peer_mtu(int mtu)
{
	char command[128];

	snprintf(command, sizeof(command), "ip link set %s mtu %d", interface_of(peer_card()), mtu);
	return system(command);
}

/* carry_long - one frame of such a length, which arrives as it was */
static bool carry_long(struct end *from, struct end *to, int length)
{
	static uint8_t frame[9014], got[9100];
	struct strbuf data = { .maxlen = sizeof(got), .buf = (char *)got };
	int flags = 0;

	memcpy(frame, to->address, 6);
	memcpy(frame + 6, from->address, 6);
	frame[12] = FRAME_TYPE >> 8;
	frame[13] = FRAME_TYPE & 0xff;
	for (int i = 14; i < length; i++)
		frame[i] = mixed(length) >> i % 57;
	if (write(from->fd, frame, length) != length ||
	    !(events_of(to->fd, POLLIN, PATIENCE) & POLLIN))
		return false;
	if (to->kind == PACKET)
		data.len = read(to->fd, got, sizeof(got));
	else if (getmsg(to->fd, NULL, &data, &flags))
		return false;
	return data.len == length && !memcmp(frame, got, length);
}

TEST_F_TIMEOUT(module, long_frames, 90)
{
	struct end ours, peer;

	load_stop(&self->load);
	ASSERT_EQ(0, peer_mtu(9000));
	ASSERT_EQ(0, reload("mtu=9000 rx_ring=128"));
	ASSERT_EQ(0, end_open(&ours, card(), RAW));
	ASSERT_EQ(0, end_open(&peer, peer_card(), PACKET));
	ASSERT_TRUE(reached(&ours, &peer));
	ASSERT_TRUE(reached(&peer, &ours));
	for (int length = 1500; length <= 9014; length += length < 9000 ? 100 : 1) {
		EXPECT_TRUE(carry_long(&ours, &peer, length))
			TH_LOG("%d bytes out", length);
		EXPECT_TRUE(carry_long(&peer, &ours, length))
			TH_LOG("%d bytes in", length);
	}
	end_close(&ours);
	end_close(&peer);
	EXPECT_EQ(0, peer_mtu(1500));
}

TEST_F(module, in_use_it_stays)
{
	int fd = dl_open(card());

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, syscall(SYS_delete_module, MODULE, O_NONBLOCK));
	EXPECT_EQ(EWOULDBLOCK, errno);
	close(fd);
}

TEST_HARNESS_MAIN
