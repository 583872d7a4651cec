// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card stays, but is reset, reports an error, or sleeps with the whole machine:
 * streams stay open, and frames go again.
 */
#include "pci.h"

#include <linux/pci_regs.h>

FIXTURE(shock)
{
	struct load load;
	struct end ours, peer;
};

FIXTURE_VARIANT(shock)
{
	int (*strikes)(void);
	bool (*possible)(void);
	int times;
};

static int reset(void)
{
	return pci_tell("1", "devices/%s/reset", pci_name());
}

/* has - whether the card has this file, for reading or writing */
static bool has(const char *file, int mode)
{
	char path[128];

	snprintf(path, sizeof(path), PCI "/devices/%s/%s", pci_name(), file);
	return !access(path, mode);
}

static bool can_reset(void)
{
	return has("reset", W_OK);
}

FIXTURE_VARIANT_ADD(shock, reset)
{
	.strikes = reset,
	.possible = can_reset,
	.times = 3,
};

/* An error that is reported, and for which the bus's driver resets the slot. */
static int report_error(void)
{
	char bridge[64];
	uint16_t control;
	int fd, done;

	/* the port passes on what it hears only if it is told to */
	snprintf(bridge, sizeof(bridge), PCI "/devices/0000:00:0%c.0/config",
		 card()[1] - '0' + '8');
	fd = open(bridge, O_RDWR | O_CLOEXEC);
	done = pread(fd, &control, 2, PCI_BRIDGE_CONTROL);
	control |= PCI_BRIDGE_CTL_SERR;
	done += pwrite(fd, &control, 2, PCI_BRIDGE_CONTROL);
	close(fd);
	return done == 4 ? host("aer %s DLP", card()) : -1;
}

static bool can_report(void)
{
	return has("aer_dev_fatal", R_OK);
}

FIXTURE_VARIANT_ADD(shock, error)
{
	.strikes = report_error,
	.possible = can_report,
	.times = 2,
};

static int tell_power(const char *file, const char *words)
{
	char path[64];
	int fd, done;

	snprintf(path, sizeof(path), "/sys/power/%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	done = write(fd, words, strlen(words));
	close(fd);
	return done == (int)strlen(words) ? 0 : -1;
}

/* All devices are put to sleep and woken; the machine itself stays awake. */
static int sleep_devices(void)
{
	return tell_power("pm_test", "devices") || tell_power("state", "freeze") ||
	       tell_power("pm_test", "none") ? -1 : 0;
}

static bool can_sleep(void)
{
	return !access("/sys/power/pm_test", W_OK);
}

FIXTURE_VARIANT_ADD(shock, sleep)
{
	.strikes = sleep_devices,
	.possible = can_sleep,
	.times = 2,
};

FIXTURE_SETUP(shock)
{
	if (!variant->possible())
		SKIP(return, "not on this kernel, or not with this card");
	ASSERT_EQ(0, end_open(&self->ours, card(), RAW));
	ASSERT_EQ(0, end_open(&self->peer, peer_card(), PACKET));
}

FIXTURE_TEARDOWN(shock)
{
	load_stop(&self->load);
	end_close(&self->ours);
	end_close(&self->peer);
}

TEST_F_TIMEOUT(shock, under_load, 150)
{
	for (int i = 0; i < variant->times; i++) {
		ASSERT_EQ(0, load_start(&self->load));
		pause_ms(100 * slow());
		ASSERT_EQ(0, variant->strikes());
		pause_ms(100 * slow());
		EXPECT_TRUE(alive(self->load.writer));
		load_stop(&self->load);
		ASSERT_EQ(0, dl_ready(self->ours.fd));
		EXPECT_TRUE(reached(&self->ours, &self->peer));
		EXPECT_TRUE(reached(&self->peer, &self->ours));
		EXPECT_EQ(100, carry(&self->ours, &self->peer, new_flow(), 100));
		EXPECT_EQ(100, carry(&self->peer, &self->ours, new_flow(), 100));
	}
}

TEST_HARNESS_MAIN
