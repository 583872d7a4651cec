// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card goes, by the plug, by the driver's being taken from it, by the bus, while
 * streams are open and frames pass: all streams are hung up, and nothing else happens.
 * It comes back, and is as good as new.
 */
#include "pci.h"

#define STREAMS	4

FIXTURE(loss)
{
	struct load load;
	int streams[STREAMS];
};

FIXTURE_VARIANT(loss)
{
	int (*goes)(void);
	int (*returns)(void);
	int times;
};

static int pull_out(void)
{
	return host("unplug %s", card());
}

static int put_in(void)
{
	return host("plug %s", card()) || pci_claim() ? -1 : 0;
}

FIXTURE_VARIANT_ADD(loss, unplugged)
{
	.goes = pull_out,
	.returns = put_in,
	.times = 3,
};

FIXTURE_VARIANT_ADD(loss, unbound)
{
	.goes = pci_unbind,
	.returns = pci_bind,
	.times = 5,
};

static int take_off_bus(void)
{
	return pci_tell("1", "devices/%s/remove", pci_name());
}

static int scan_bus(void)
{
	return pci_tell("1", "rescan") || pci_claim() ? -1 : 0;
}

FIXTURE_VARIANT_ADD(loss, removed)
{
	.goes = take_off_bus,
	.returns = scan_bus,
	.times = 3,
};

/* One that is attached, one that is bound, one that gets all frames, one that is raw. */
static int open_streams(int streams[STREAMS])
{
	for (int i = 0; i < STREAMS; i++) {
		streams[i] = dl_open(card());
		if (streams[i] < 0)
			return -1;
	}
	return dl_bind(streams[1], FRAME_TYPE) || dl_promiscuous(streams[2], DL_PROMISC_PHYS) ||
	       dl_raw(streams[3]) || dl_bind(streams[3], FRAME_TYPE) ? -1 : 0;
}

FIXTURE_SETUP(loss)
{
	ASSERT_STREQ(MODULE, pci_driver());
}

FIXTURE_TEARDOWN(loss)
{
	load_stop(&self->load);
	if (!*pci_name())
		variant->returns();
}

/* hung_up - a stream says that its card is gone, whatever it is asked */
static bool hung_up(int fd)
{
	struct frame frame;
	long long deadline = now_ms() + 1000LL * PATIENCE * slow();

	while (!(events_of(fd, POLLOUT, 0) & POLLHUP)) {
		if (now_ms() > deadline)
			return false;
		pause_ms(5);
	}
	set_nonblock(fd, true);
	while (read(fd, &frame, sizeof(frame)) > 0 || errno == EBADMSG) {
		/* what had come before */
		if (errno == EBADMSG && dl_told(fd, &frame, sizeof(frame), 0) < 0)
			return false;
		errno = 0;
	}
	return read(fd, &frame, sizeof(frame)) == 0 &&
	       write(fd, &frame, FRAME_SHORTEST) == -1 && errno == EIO;
}

TEST_F_TIMEOUT(loss, under_load, 150)
{
	for (int i = 0; i < variant->times; i++) {
		ASSERT_EQ(0, open_streams(self->streams));
		ASSERT_EQ(0, load_start(&self->load));
		pause_ms(100 * slow());
		ASSERT_EQ(0, variant->goes());
		EXPECT_TRUE(load_hung_up(&self->load));
		for (int j = 0; j < STREAMS; j++) {
			EXPECT_TRUE(hung_up(self->streams[j]));
			EXPECT_EQ(0, close(self->streams[j]));
		}
		EXPECT_EQ(-1, dl_open(card()));
		load_stop(&self->load);

		ASSERT_EQ(0, variant->returns());
		ASSERT_TRUE(came());
		ASSERT_TRUE(carried(RAW, 100));
	}
}

TEST_HARNESS_MAIN
