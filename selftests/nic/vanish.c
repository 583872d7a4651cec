// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card does not answer any more, while streams are open and frames pass, as one that
 * was pulled out without asking.  The link is down, nobody waits for it, and it can be
 * taken from the driver, and given back.
 *
 * QEMU asks the driver before it pulls a card.  So what is pulled out are the registers:
 * an empty ROM of the card (host.py) comes to where they were, and answers with all ones.
 */
#include "pci.h"

struct places {
	uint32_t registers, rom;
};

FIXTURE(silence)
{
	struct load load;
	struct places places;
	int listener;
};

FIXTURE_VARIANT(silence)
{
	bool back_before;	/* it answers again before the driver lets go of it */
};

FIXTURE_VARIANT_ADD(silence, for_a_while)
{
	.back_before = true,
};

FIXTURE_VARIANT_ADD(silence, for_good)
{
	.back_before = false,
};

/* places - where registers and ROM are, or will be; 0, or -1 */
static int places(struct places *places, bool set)
{
	char path[128];
	int fd, done;

	snprintf(path, sizeof(path), PCI "/devices/%s/config", pci_name());
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (set)
		done = pwrite(fd, &places->registers, 4, PCI_BASE_ADDRESS_0) +
		       pwrite(fd, &places->rom, 4, PCI_ROM_ADDRESS);
	else
		done = pread(fd, &places->registers, 4, PCI_BASE_ADDRESS_0) +
		       pread(fd, &places->rom, 4, PCI_ROM_ADDRESS);
	close(fd);
	return done == 8 ? 0 : -1;
}

/* What is not there interrupts nobody, and writes to nobody's memory. */
static int pull_out(const struct places *before)
{
	struct places after = { 0, before->registers | PCI_ROM_ADDRESS_ENABLE };

	return places(&after, true) || pci_config(pci_name(), PCI_COMMAND, PCI_COMMAND_INTX_DISABLE,
						  PCI_COMMAND_MASTER) ? -1 : 0;
}

static int put_in(struct places *before)
{
	return pci_config(pci_name(), PCI_COMMAND, 0, PCI_COMMAND_INTX_DISABLE) ||
	       places(before, true) ? -1 : 0;
}

FIXTURE_SETUP(silence)
{
	ASSERT_STREQ(MODULE, pci_driver());
	self->listener = dl_open(card());
	ASSERT_LE(0, self->listener);
	ASSERT_EQ(0, dl_ready(self->listener));
	ASSERT_EQ(0, places(&self->places, false));
	ASSERT_NE(0, self->places.registers);
}

FIXTURE_TEARDOWN(silence)
{
	load_stop(&self->load);
	close(self->listener);
	put_in(&self->places);
	if (!*pci_driver())
		pci_bind();
}

/* link_down - until the statistics say so, which they must */
static bool link_down(int fd)
{
	long long deadline = now_ms() + 1000LL * PATIENCE * slow();
	struct dlpi_stat all;

	while (!dl_statistics(fd, &all)) {
		if (all.ds_link_state == DLPI_LINK_DOWN)
			return true;
		if (now_ms() > deadline)
			break;
		pause_ms(10);
	}
	return false;
}

TEST_F_TIMEOUT(silence, under_load, 150)
{
	struct end ours;
	struct frame frame;
	uint8_t to[6];
	size_t length;

	ASSERT_EQ(0, end_open(&ours, card(), RAW));
	ASSERT_EQ(0, load_start(&self->load));
	pause_ms(100 * slow());
	ASSERT_EQ(0, pull_out(&self->places));
	ASSERT_TRUE(link_down(self->listener));
	EXPECT_TRUE(alive(self->load.writer));
	/* what is written is lost, and does not make the writer wait for ever */
	address_of(peer_card(), to);
	length = frame_make(&frame, to, ours.address, new_flow(), 0);
	for (int i = 0; i < 2000; i++)
		ASSERT_EQ(0, end_send(&ours, &frame, length));
	/* without interrupts: it has been wanting one since, and nobody would take it */
	if (variant->back_before)
		ASSERT_EQ(0, places(&self->places, true));
	ASSERT_EQ(0, pci_unbind());
	EXPECT_TRUE(load_hung_up(&self->load));
	EXPECT_TRUE(events_of(self->listener, POLLOUT, PATIENCE) & POLLHUP);
	end_close(&ours);
	load_stop(&self->load);

	ASSERT_EQ(0, put_in(&self->places));
	ASSERT_EQ(0, pci_bind());
	ASSERT_TRUE(came());
	EXPECT_TRUE(carried(RAW, 100));
}

TEST_HARNESS_MAIN
