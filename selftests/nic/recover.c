// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card stays, but is reset, has an error of the bus, or sleeps with the whole machine:
 * streams stay open, and frames go again.
 */
#include "pci.h"
#include "must.h"

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

/* --- errors of the bus ------------------------------------------------------------ */

/* reported - how many errors of such severity the port has reported so far; -1 */
static long reported(const char *severity)
{
	char path[128];
	long number = -1;
	FILE *file;

	snprintf(path, sizeof(path), PCI "/devices/%s/aer_rootport_total_err_%s", port_name(),
		 severity);
	file = fopen(path, "r");
	if (file) {
		if (fscanf(file, "%ld", &number) != 1)
			number = -1;
		fclose(file);
	}
	return number;
}

/* recovered - until the kernel's log says how it went; whether it went well */
static bool recovered(int log)
{
	long long deadline = now_ms() + 1000LL * PATIENCE * slow();
	char line[2048];

	while (now_ms() < deadline && events_of(log, POLLIN, PATIENCE) & POLLIN) {
		ssize_t length = read(log, line, sizeof(line) - 1);

		line[length > 0 ? length : 0] = 0;
		if (strstr(line, "device recovery "))
			return strstr(line, "device recovery successful");
	}
	printf("# nothing was done about an error\n");
	return false;
}

/*
 * An error of the wires between port and card, which the port tells of: QEMU's 82574L
 * cannot be told to tell.  The port's own enables are the firmware's business otherwise.
 */
static int report_error(const char *error, const char *severity)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	long before = reported(severity);
	bool good;

	if (log < 0)
		return -1;
	lseek(log, 0, SEEK_END);
	good = before >= 0 && !pci_config(port_name(), PCI_COMMAND, PCI_COMMAND_SERR, 0) &&
	       !pci_config(port_name(), PCI_BRIDGE_CONTROL, PCI_BRIDGE_CTL_SERR, 0) &&
	       !host("aer %s %s", card(), error) && recovered(log) &&
	       reported(severity) > before;
	close(log);
	return good ? 0 : -1;
}

static bool can_report(void)
{
	return reported("fatal") >= 0;
}

/* The link is reset, and the card with it. */
static int fatal(void)
{
	return report_error("DLP", "fatal");
}

FIXTURE_VARIANT_ADD(shock, fatal_error)
{
	.strikes = fatal,
	.possible = can_report,
	.times = 1,
};

/* Nothing is reset but what the driver resets. */
static int nonfatal(void)
{
	return report_error("COMP_TIME", "nonfatal");
}

FIXTURE_VARIANT_ADD(shock, nonfatal_error)
{
	.strikes = nonfatal,
	.possible = can_report,
	.times = 1,
};

static int one_after_the_other(void)
{
	return nonfatal() || fatal() || fatal() || nonfatal() ? -1 : 0;
}

FIXTURE_VARIANT_ADD(shock, many_errors)
{
	.strikes = one_after_the_other,
	.possible = can_report,
	.times = 1,
};

/* --- sleep ------------------------------------------------------------------------ */

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

static int sleep_and_error(void)
{
	return sleep_devices() || fatal() ? -1 : 0;
}

static bool can_do_both(void)
{
	return can_sleep() && can_report();
}

FIXTURE_VARIANT_ADD(shock, error_after_sleep)
{
	.strikes = sleep_and_error,
	.possible = can_do_both,
	.times = 1,
};

FIXTURE_SETUP(shock)
{
	if (!variant->possible())
		SKIP_UNLESS_MUST("a kernel, and a card, that can do this");
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
