// SPDX-License-Identifier: GPL-2.0-only
/*
 * libdlpi and a driver: what its own tests (tools/libdlpi/test) have a fake of is loopeth
 * here, where PPA 0 and 1 are the ends of a wire.
 */
#include "must.h"
#include "streams_test.h"

#include <libdlpi.h>

#define MAC	6
#define TYPE	0x88b5		/* for experiments */
#define NOBODY	65534

#define GOOD(call)	EXPECT_EQ(DLPI_SUCCESS, call)

static const unsigned char group[MAC] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };
static const unsigned char stranger[MAC] = { 0x02, 0xff, 0xff, 0xff, 0xff, 0x01 };

/* Two handles, one at each end of a wire. */
FIXTURE(ends)
{
	dlpi_handle_t	here, there;
	unsigned char	mac_here[DLPI_PHYSADDR_MAX], mac_there[DLPI_PHYSADDR_MAX];
};

FIXTURE_SETUP(ends)
{
	size_t length = DLPI_PHYSADDR_MAX;

	if (access("/dev/streams/loopeth", F_OK))
		SKIP_UNLESS_MUST("the driver loopeth");
	ASSERT_EQ(DLPI_SUCCESS, dlpi_open("loopeth0", &self->here, 0));
	ASSERT_EQ(DLPI_SUCCESS, dlpi_open("loopeth1", &self->there, 0));
	ASSERT_EQ(DLPI_SUCCESS, dlpi_bind(self->here, TYPE, NULL));
	ASSERT_EQ(DLPI_SUCCESS, dlpi_bind(self->there, TYPE, NULL));
	GOOD(dlpi_get_physaddr(self->here, DL_CURR_PHYS_ADDR, self->mac_here, &length));
	EXPECT_EQ(MAC, (int)length);
	length = DLPI_PHYSADDR_MAX;
	GOOD(dlpi_get_physaddr(self->there, DL_CURR_PHYS_ADDR, self->mac_there, &length));
}

FIXTURE_TEARDOWN(ends)
{
	dlpi_close(self->here);
	dlpi_close(self->there);
}

/* hears - this text, and nothing else, comes soon; or, without a text, nothing does */
static int hears(dlpi_handle_t dh, const char *text)
{
	char got[64];
	size_t length = sizeof(got);
	int result = dlpi_recv(dh, NULL, NULL, got, &length, text ? 5000 * slow() : 100, NULL);

	if (!text)
		return result == DLPI_ETIMEDOUT;
	return result == DLPI_SUCCESS && length == strlen(text) && !memcmp(got, text, length);
}

static int say(dlpi_handle_t dh, const void *to, const char *text)
{
	return dlpi_send(dh, to, MAC, text, strlen(text), NULL);
}

TEST_F(ends, messages_go_both_ways)
{
	unsigned char from[DLPI_PHYSADDR_MAX];
	size_t fromlen = sizeof(from), length = 3;
	dlpi_recvinfo_t info;
	char text[8];

	GOOD(say(self->here, self->mac_there, "hello"));
	GOOD(dlpi_recv(self->there, from, &fromlen, text, &length, 5000 * slow(), &info));
	EXPECT_EQ(MAC, (int)fromlen);
	EXPECT_EQ(0, memcmp(from, self->mac_here, MAC));
	EXPECT_EQ(3, (int)length);
	EXPECT_EQ(5, (int)info.dri_totmsglen);
	EXPECT_EQ(MAC, info.dri_destaddrlen);
	EXPECT_EQ(0, memcmp(info.dri_destaddr, self->mac_there, MAC));
	EXPECT_EQ(DLPI_ADDRTYPE_UNICAST, info.dri_destaddrtype);
	GOOD(say(self->there, from, "hello yourself"));
	EXPECT_TRUE(hears(self->here, "hello yourself"));
}

TEST_F(ends, style_2_is_left_unattached)
{
	dlpi_handle_t dh;
	dlpi_info_t info;

	ASSERT_EQ(DLPI_SUCCESS, dlpi_open("loopeth0", &dh, DLPI_NOATTACH));
	GOOD(dlpi_info(dh, &info, DLPI_INFO_VERSION));
	EXPECT_EQ(DL_UNATTACHED, (int)info.di_state);
	EXPECT_EQ(DL_OUTSTATE, dlpi_bind(dh, TYPE, NULL));
	dlpi_close(dh);
	EXPECT_EQ(DLPI_ENOLINK, dlpi_open("loopeth4000", &dh, 0));
	EXPECT_EQ(DLPI_ENOLINK, dlpi_open("nosuchdriver0", &dh, 0));
}

TEST_F(ends, groups_and_strangers)
{
	GOOD(say(self->here, group, "for the group"));
	EXPECT_TRUE(hears(self->there, NULL));
	GOOD(dlpi_enabmulti(self->there, group, MAC));
	GOOD(say(self->here, group, "for the group"));
	EXPECT_TRUE(hears(self->there, "for the group"));
	GOOD(dlpi_disabmulti(self->there, group, MAC));
	EXPECT_EQ(DL_NOTENAB, dlpi_disabmulti(self->there, group, MAC));
	GOOD(say(self->here, stranger, "for a stranger"));
	EXPECT_TRUE(hears(self->there, NULL));
	GOOD(dlpi_promiscon(self->there, DL_PROMISC_PHYS));
	GOOD(say(self->here, stranger, "for a stranger"));
	EXPECT_TRUE(hears(self->there, "for a stranger"));
	GOOD(dlpi_promiscoff(self->there, DL_PROMISC_PHYS));
}

TEST_F(ends, raw_frames)
{
	unsigned char frame[64] = { 0 };
	size_t length = sizeof(frame);
	dlpi_handle_t raw;

	ASSERT_EQ(DLPI_SUCCESS, dlpi_open("loopeth1", &raw, DLPI_RAW));
	GOOD(dlpi_bind(raw, TYPE, NULL));
	GOOD(say(self->here, self->mac_there, "hello"));
	GOOD(dlpi_recv(raw, NULL, NULL, frame, &length, 5000 * slow(), NULL));
	EXPECT_EQ(14 + 5, (int)length);
	EXPECT_EQ(0, memcmp(frame, self->mac_there, MAC));
	EXPECT_EQ(0, memcmp(frame + MAC, self->mac_here, MAC));
	EXPECT_EQ(TYPE, frame[12] << 8 | frame[13]);
	memcpy(frame, self->mac_here, MAC);
	memcpy(frame + MAC, self->mac_there, MAC);
	GOOD(dlpi_send(raw, NULL, 0, frame, length, NULL));
	EXPECT_TRUE(hears(self->here, "hello"));
	dlpi_close(raw);
}

/* What came before the answer to a request is still there. */
TEST_F(ends, an_answer_overtakes_data)
{
	struct pollfd pollfd = { .fd = dlpi_fd(self->there), .events = POLLIN };
	dlpi_info_t info;

	GOOD(say(self->here, self->mac_there, "early"));
	ASSERT_EQ(1, poll(&pollfd, 1, 5000 * slow()));
	GOOD(dlpi_info(self->there, &info, DLPI_INFO_VERSION));
	EXPECT_EQ(DL_IDLE, (int)info.di_state);
	EXPECT_EQ(TYPE, (int)info.di_sap);
	EXPECT_EQ(0, memcmp(info.di_physaddr, self->mac_there, MAC));
	EXPECT_TRUE(hears(self->there, "early"));
}

static void note(dlpi_handle_t dh, dlpi_notifyinfo_t *info, void *arg)
{
	unsigned int *notes = arg;

	(void)dh;
	*notes = *notes << 16 | info->dni_note;
}

/* The link of loopeth is up while both ends are in use. */
TEST_F(ends, the_link_comes_and_goes)
{
	unsigned int notes = 0;
	dlpi_notifyid_t id;

	GOOD(dlpi_enabnotify(self->here, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN, note, &notes, &id));
	EXPECT_EQ(DLPI_ETIMEDOUT, dlpi_recv(self->here, NULL, NULL, NULL, NULL, 500, NULL));
	EXPECT_EQ(DL_NOTE_LINK_UP, (int)notes);
	GOOD(say(self->there, self->mac_here, "before the end"));
	dlpi_close(self->there);
	EXPECT_TRUE(hears(self->here, "before the end"));
	EXPECT_TRUE(hears(self->here, NULL));
	EXPECT_EQ(DL_NOTE_LINK_UP << 16 | DL_NOTE_LINK_DOWN, (int)notes);
	ASSERT_EQ(DLPI_SUCCESS, dlpi_open("loopeth1", &self->there, 0));
	EXPECT_TRUE(hears(self->here, NULL));
	EXPECT_EQ(DL_NOTE_LINK_DOWN << 16 | DL_NOTE_LINK_UP, (int)notes);
	GOOD(dlpi_disabnotify(self->here, id, NULL));
}

/* Whoever looks for notifications alone finds those behind data, and the data stays. */
TEST_F(ends, a_notification_may_be_behind_data)
{
	struct pollfd pollfd = { .fd = dlpi_fd(self->here), .events = POLLIN };
	unsigned int notes = 0;
	dlpi_notifyid_t id;

	GOOD(say(self->there, self->mac_here, "one"));
	GOOD(say(self->there, self->mac_here, "two"));
	GOOD(dlpi_enabnotify(self->here, DL_NOTE_LINK_DOWN, note, &notes, &id));
	dlpi_close(self->there);
	self->there = NULL;
	for (int looks = 0; notes != DL_NOTE_LINK_DOWN && looks < 5; looks++) {
		ASSERT_EQ(1, poll(&pollfd, 1, 5000 * slow()));
		EXPECT_EQ(DLPI_ETIMEDOUT, dlpi_recv(self->here, NULL, NULL, NULL, NULL, 0, NULL));
	}
	EXPECT_EQ(DL_NOTE_LINK_DOWN, (int)notes);
	EXPECT_TRUE(hears(self->here, "one"));
	EXPECT_TRUE(hears(self->here, "two"));
	EXPECT_TRUE(hears(self->here, NULL));
}

TEST_F(ends, the_address_changes)
{
	unsigned char mac[DLPI_PHYSADDR_MAX];
	size_t length = sizeof(mac);

	GOOD(dlpi_set_physaddr(self->there, DL_CURR_PHYS_ADDR, stranger, MAC));
	GOOD(dlpi_get_physaddr(self->there, DL_CURR_PHYS_ADDR, mac, &length));
	EXPECT_EQ(0, memcmp(mac, stranger, MAC));
	length = sizeof(mac);
	GOOD(dlpi_get_physaddr(self->there, DL_FACT_PHYS_ADDR, mac, &length));
	EXPECT_EQ(0, memcmp(mac, self->mac_there, MAC));
	GOOD(say(self->here, stranger, "by another name"));
	EXPECT_TRUE(hears(self->there, "by another name"));
	GOOD(dlpi_set_physaddr(self->there, DL_CURR_PHYS_ADDR, self->mac_there, MAC));
}

TEST_F(ends, statistics_count)
{
	struct dlpi_stat before, after;

	GOOD(dlpi_get_statistics(self->there, &before));
	EXPECT_EQ(DLPI_LINK_UP, (int)before.ds_link_state);
	GOOD(say(self->here, self->mac_there, "one"));
	EXPECT_TRUE(hears(self->there, "one"));
	GOOD(dlpi_get_statistics(self->there, &after));
	EXPECT_EQ(1, (int)(after.ds_received - before.ds_received));
	EXPECT_EQ(1, (int)(after.ds_ipackets64 - before.ds_ipackets64));
	EXPECT_EQ(0, (int)(after.ds_sent - before.ds_sent));
}

/* The driver says what the library asks it. */
TEST_F(ends, limits_are_those_of_the_driver)
{
	static char large[20000];
	dlpi_info_t info;

	GOOD(dlpi_info(self->here, &info, DLPI_INFO_VERSION));
	EXPECT_EQ(DL_ETHER, info.di_mactype);
	EXPECT_EQ(DL_BADDATA, dlpi_send(self->here, self->mac_there, MAC, large,
					info.di_max_sdu + 1, NULL));
	GOOD(dlpi_send(self->here, self->mac_there, MAC, large, info.di_max_sdu, NULL));
	EXPECT_EQ(DL_OUTSTATE, dlpi_bind(self->here, TYPE, NULL));
	GOOD(dlpi_unbind(self->here));
	EXPECT_EQ(DL_BADSAP, dlpi_bind(self->here, 70000, NULL));
}

/* An LLC header takes three bytes of the frame, and the library knows before it sends. */
TEST_F(ends, a_sap_may_leave_less_room)
{
	static char large[20000];
	dlpi_info_t ether, llc;

	GOOD(dlpi_info(self->here, &ether, DLPI_INFO_VERSION));
	GOOD(dlpi_unbind(self->here));
	GOOD(dlpi_bind(self->here, 0x42, NULL));
	EXPECT_EQ(DL_BADDATA, dlpi_send(self->here, self->mac_there, MAC, large,
					ether.di_max_sdu - 2, NULL));
	GOOD(dlpi_info(self->here, &llc, DLPI_INFO_VERSION));
	EXPECT_EQ(ether.di_max_sdu - 3, llc.di_max_sdu);
	GOOD(dlpi_send(self->here, self->mac_there, MAC, large, llc.di_max_sdu, NULL));
}

struct walked {
	int	loopeth, others;
};

static boolean_t walk(const char *name, void *arg)
{
	struct walked *walked = arg;

	if (!strncmp(name, "loopeth", 7))
		walked->loopeth++;
	else if (!strncmp(name, "loop", 4))
		walked->others++;
	return walked->loopeth == 2;
}

/* loop0 and loop1 are drivers without DLPI: no link, and who looks writes nothing to them. */
TEST_F(ends, links_are_told_from_other_drivers)
{
	struct walked walked = { 0 };
	dlpi_handle_t dh;
	int loop1 = open(LOOP_NODE "1", O_RDWR | O_NONBLOCK);
	char byte;

	dlpi_walk(walk, &walked, 0);
	EXPECT_EQ(2, walked.loopeth);
	EXPECT_EQ(0, walked.others);
	EXPECT_EQ(-1, read(loop1, &byte, 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(DLPI_EBADLINK, dlpi_open("loop0", &dh, 0));
	close(loop1);
}

/* The other end is not in use, and looking which links there are does not change that. */
TEST_F(ends, looking_for_links_starts_none)
{
	struct walked walked = { 0 };
	unsigned int notes = 0;
	dlpi_notifyid_t id;

	dlpi_close(self->there);
	self->there = NULL;
	GOOD(dlpi_enabnotify(self->here, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN, note, &notes, &id));
	EXPECT_TRUE(hears(self->here, NULL));
	EXPECT_EQ(DL_NOTE_LINK_DOWN, (int)notes);
	dlpi_walk(walk, &walked, 0);
	EXPECT_EQ(2, walked.loopeth);
	EXPECT_TRUE(hears(self->here, NULL));
	EXPECT_EQ(DL_NOTE_LINK_DOWN, (int)notes);
}

TEST_F(ends, only_who_may_is_let_in)
{
	dlpi_handle_t dh;

	ASSERT_EQ(0, seteuid(NOBODY));
	EXPECT_EQ(DL_SYSERR, dlpi_open("loopeth0", &dh, 0));
	EXPECT_EQ(EACCES, errno);
	ASSERT_EQ(0, seteuid(0));
}

TEST_HARNESS_MAIN
