// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card stays, but is reset, reports an error, or sleeps with the whole machine:
 * streams stay open, and frames go again.
 */
#include "pci.h"

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

static bool can_reset(void)
{
	char path[128];

	snprintf(path, sizeof(path), PCI "/devices/%s/reset", pci_name());
	return !access(path, W_OK);
}

FIXTURE_VARIANT_ADD(shock, reset)
{
	.strikes = reset,
	.possible = can_reset,
	.times = 5,
};

/* An error that is reported, and for which the bus's driver resets the slot. */
static int report_error(void)
{
	return host("aer %s DLP", card());
}

static bool can_report(void)
{
	char path[128];

	snprintf(path, sizeof(path), PCI "/devices/%s/aer_dev_fatal", pci_name());
	return !access(path, R_OK);
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

/* discard - until nothing has come for a moment: what the load has left */
static void discard(struct end *end)
{
	struct frame frame;

	while (events_of(end->fd, POLLIN, 1) & POLLIN)
		end_receive(end, &frame);
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
		discard(&self->ours);
		discard(&self->peer);
		EXPECT_EQ(100, carry(&self->ours, &self->peer, new_flow(), 100));
		EXPECT_EQ(100, carry(&self->peer, &self->ours, new_flow(), 100));
	}
}

TEST_HARNESS_MAIN
