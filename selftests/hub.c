// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver hub: many streams, one list of them, and no lock but its perimeter.
 */
#include "streams_test.h"

#include <pthread.h>
#include <sys/hub.h>

#define HUB_NODE "/dev/streams/hub"
#define PORTS 4

static int hub_stat(int fd, struct hub_stat *stat)
{
	int len = sizeof(*stat);

	return str_ioctl(fd, HUB_STAT, stat, &len, 5 * slow()) < 0 || len != sizeof(*stat) ? -1 : 0;
}

static int join(int fd, uint32_t group)
{
	int len = sizeof(group);

	return str_ioctl(fd, HUB_JOIN, &group, &len, 5 * slow());
}

/* send_to - with a control part; the data is a string */
static int send_to(int fd, uint32_t port, const char *text, int band, int flags)
{
	struct hub_message message = { .hub_primitive = HUB_SEND, .hub_port = port };
	struct strbuf ctl = { .len = sizeof(message), .buf = (char *)&message };
	struct strbuf data = part_of(text);

	return putpmsg(fd, &ctl, &data, band, flags);
}

/* heard - the next message is this text with this label; -1 if it is another */
static int heard(int fd, uint32_t primitive, uint32_t port, const char *text)
{
	struct hub_message *label;
	struct got got;

	if (!(events_of(fd, POLLIN | POLLPRI, 5) & (POLLIN | POLLPRI)))
		return -1;
	got = get_any(fd);
	label = (struct hub_message *)got.ctl;
	if (got.result || got.ctl_len != sizeof(*label) || strcmp(got.data, text))
		return -1;
	return label->hub_primitive == primitive && label->hub_port == port ? 0 : -1;
}

/* reads - the next message is this text, without a label */
static bool reads(int fd, const char *text)
{
	char got[256] = "";

	return events_of(fd, POLLIN, 5) & POLLIN &&
	       read(fd, got, sizeof(got) - 1) == (ssize_t)strlen(text) && !strcmp(got, text);
}

FIXTURE(hub)
{
	int	port[PORTS];
	int	number[PORTS];
};

FIXTURE_SETUP(hub)
{
	if (geteuid())
		SKIP(return, "the hub's node is root's");
	for (int i = 0; i < PORTS; i++) {
		self->port[i] = open(HUB_NODE, O_RDWR);
		ASSERT_LE(0, self->port[i]);
		self->number[i] = ioctl(self->port[i], HUB_PORT, 0);
		ASSERT_LE(0, self->number[i]);
	}
}

FIXTURE_TEARDOWN(hub)
{
	for (int i = 0; i < PORTS; i++)
		close_now(self->port[i]);
}

TEST_F(hub, gives_each_open_a_number)
{
	struct hub_stat stat;
	int again, freed = self->number[1];

	for (int i = 0; i < PORTS; i++) {
		for (int k = 0; k < i; k++)
			EXPECT_NE(self->number[k], self->number[i]);
		ASSERT_EQ(0, hub_stat(self->port[i], &stat));
		EXPECT_EQ(self->number[i], (int)stat.hub_number);
		EXPECT_EQ(PORTS, (int)stat.hub_members);
		EXPECT_EQ(0, (int)stat.hub_group);
	}
	EXPECT_EQ(0, close(self->port[1]));
	again = open(HUB_NODE, O_RDWR);
	EXPECT_EQ(freed, ioctl(again, HUB_PORT, 0));
	self->port[1] = again;
}

TEST_F(hub, passes_what_is_written_to_all_others)
{
	ASSERT_EQ(5, write(self->port[0], "hello", 5));
	for (int i = 1; i < PORTS; i++)
		EXPECT_TRUE(reads(self->port[i], "hello"));
	EXPECT_TRUE(empty(self->port[0]));
	for (int i = 1; i < PORTS; i++)
		EXPECT_TRUE(empty(self->port[i]));
}

TEST_F(hub, passes_a_labelled_message_to_the_one_it_is_for)
{
	ASSERT_EQ(0, send_to(self->port[0], self->number[2], "for you", 3, MSG_BAND));
	EXPECT_EQ(0, heard(self->port[2], HUB_HEARD, self->number[0], "for you"));
	ASSERT_EQ(0, send_to(self->port[2], HUB_EVERYONE, "for all", 0, MSG_BAND));
	for (int i = 0; i < PORTS; i++) {
		if (i != 2)
			EXPECT_EQ(0, heard(self->port[i], HUB_HEARD, self->number[2], "for all"));
	}
	ASSERT_EQ(0, send_to(self->port[3], self->number[1], "now", 0, MSG_HIPRI));
	EXPECT_EQ(0, heard(self->port[1], HUB_HEARD, self->number[3], "now"));
	for (int i = 0; i < PORTS; i++)
		EXPECT_TRUE(empty(self->port[i]));
}

TEST_F(hub, says_so_where_nobody_is)
{
	struct hub_stat before, after;

	ASSERT_EQ(0, hub_stat(self->port[0], &before));
	ASSERT_EQ(0, send_to(self->port[0], 9999, "anybody", 0, MSG_BAND));
	EXPECT_EQ(0, heard(self->port[0], HUB_REFUSED, 9999, "anybody"));
	/* Not to oneself either, nor to somebody of another group. */
	ASSERT_EQ(0, send_to(self->port[0], self->number[0], "me", 0, MSG_BAND));
	EXPECT_EQ(0, heard(self->port[0], HUB_REFUSED, self->number[0], "me"));
	ASSERT_EQ(0, join(self->port[1], 7));
	ASSERT_EQ(0, send_to(self->port[0], self->number[1], "you", 0, MSG_BAND));
	EXPECT_EQ(0, heard(self->port[0], HUB_REFUSED, self->number[1], "you"));
	/* And to all, where there are none, is to nobody. */
	ASSERT_EQ(4, write(self->port[1], "void", 4));
	ASSERT_EQ(0, hub_stat(self->port[0], &after));
	EXPECT_EQ(before.hub_unheard + 4, after.hub_unheard);
	EXPECT_EQ(before.hub_sent, after.hub_sent);
}

TEST_F(hub, does_not_take_what_it_does_not_know)
{
	struct strbuf ctl = part_of("x");
	struct hub_stat stat;

	EXPECT_EQ(-1, ioctl(self->port[0], HUB_STAT, &stat));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->port[0], ('h' << 8) | 99, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, str_ioctl(self->port[0], HUB_JOIN, NULL, NULL, 5));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(0, putmsg(self->port[0], &ctl, NULL, 0));
	EXPECT_EQ(POLLERR, events_of(self->port[0], POLLERR, 5) & POLLERR);
	EXPECT_EQ(-1, write(self->port[0], "x", 1));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_TRUE(empty(self->port[1]));
}

TEST_F(hub, keeps_groups_apart)
{
	ASSERT_EQ(0, join(self->port[0], 7));
	ASSERT_EQ(0, join(self->port[1], 7));
	ASSERT_EQ(5, write(self->port[0], "seven", 5));
	ASSERT_EQ(4, write(self->port[2], "zero", 4));
	EXPECT_TRUE(reads(self->port[1], "seven"));
	EXPECT_TRUE(reads(self->port[3], "zero"));
	for (int i = 0; i < PORTS; i++)
		EXPECT_TRUE(empty(self->port[i]));
}

/* A reader who does not read holds the writers of his group, and them alone. */
TEST_F(hub, holds_writers_while_one_does_not_read)
{
	char block[100];
	long written;

	ASSERT_EQ(0, join(self->port[3], 7));
	written = fill(self->port[0], 100);
	ASSERT_LT(0, written);
	EXPECT_EQ(0, events_of(self->port[0], POLLOUT, 0));
	EXPECT_EQ(POLLOUT, events_of(self->port[3], POLLOUT, 0));
	/* One of two has read what came: the other still holds it. */
	set_nonblock(self->port[1], true);
	while (read(self->port[1], block, sizeof(block)) > 0)
		;
	pause_ms(50);
	EXPECT_EQ(0, events_of(self->port[0], POLLOUT, 0));
	EXPECT_EQ(written, drain_exactly(self->port[2], written));
	EXPECT_EQ(POLLOUT, events_of(self->port[0], POLLOUT, 5));
}

TEST_F(hub, goes_on_when_who_held_it_leaves)
{
	long written;

	for (int left = 0; left < 2; left++) { /* the group, then the hub */
		int reader = open(HUB_NODE, O_RDWR);

		/* Of the group there are the writer, and two who hold him. */
		ASSERT_LE(0, reader);
		ASSERT_EQ(0, join(reader, 7));
		ASSERT_EQ(0, join(self->port[0], 7));
		ASSERT_EQ(0, join(self->port[1], 7));
		written = fill(self->port[0], 100);
		ASSERT_LT(0, written);
		EXPECT_EQ(EBUSY, join(self->port[0], 0) ? errno : 0);
		EXPECT_EQ(TEST_HIWAT, drain_exactly(self->port[1], TEST_HIWAT));
		EXPECT_EQ(0, events_of(self->port[0], POLLOUT, 0));
		EXPECT_EQ(0, left ? close(reader) : join(reader, 8));
		EXPECT_EQ(written - TEST_HIWAT,
			  drain_exactly(self->port[1], written - TEST_HIWAT));
		EXPECT_EQ(POLLOUT, events_of(self->port[0], POLLOUT, 5));
		if (!left)
			close(reader);
	}
}

TEST_F(hub, hangs_up_when_the_leader_closes)
{
	char block[16];

	ASSERT_EQ(0, join(self->port[3], 7));
	ASSERT_EQ(0, ioctl(self->port[0], HUB_LEAD, 0));
	EXPECT_EQ(-1, ioctl(self->port[1], HUB_LEAD, 0));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(EBUSY, join(self->port[0], 7) ? errno : 0);
	ASSERT_EQ(3, write(self->port[0], "bye", 3));
	ASSERT_EQ(0, close(self->port[0]));
	self->port[0] = -1;
	for (int i = 1; i < 3; i++) {
		EXPECT_TRUE(reads(self->port[i], "bye"));
		EXPECT_EQ(POLLHUP, events_of(self->port[i], POLLIN, 5) & POLLHUP);
		EXPECT_EQ(0, read(self->port[i], block, sizeof(block)));
		EXPECT_EQ(-1, write(self->port[i], "x", 1));
		EXPECT_EQ(EIO, errno);
	}
	EXPECT_EQ(POLLOUT, events_of(self->port[3], POLLOUT | POLLIN, 0));
	EXPECT_EQ(0, ioctl(self->port[3], HUB_LEAD, 0));
}

TEST_F(hub, flushes)
{
	long written;

	ASSERT_EQ(0, join(self->port[2], 7));
	ASSERT_EQ(0, join(self->port[3], 7));
	written = fill(self->port[0], 100);
	ASSERT_LT(TEST_HIWAT, written);
	/* What waits in the hub goes, what the reader has stays. */
	ASSERT_EQ(0, ioctl(self->port[0], I_FLUSH, FLUSHW));
	EXPECT_EQ(POLLOUT, events_of(self->port[0], POLLOUT, 5));
	ASSERT_EQ(0, ioctl(self->port[1], I_FLUSH, FLUSHR));
	EXPECT_TRUE(empty(self->port[1]));
	ASSERT_EQ(4, write(self->port[0], "next", 4));
	EXPECT_TRUE(reads(self->port[1], "next"));
}

/*
 * Everybody talks and listens at once, and others come and go.  Each hears all of
 * each other's messages, in order; two who hear the same two talkers hear them in the
 * same order, as each message goes to all before the next goes to any; and the
 * statistics have counted them.  There is no lock around any of it but the perimeter.
 */
#define WORDS 2000

struct talker {
	struct {
		unsigned int port, number;
	} said;
	int		fd, wrong;
	pthread_t	talks, listens;
	int		heard;
	unsigned char	order[(PORTS - 1) * WORDS];	/* of the talkers */
};

static void *talk(void *arg)
{
	struct talker *talker = arg;

	for (unsigned int i = 1; i <= WORDS; i++) {
		talker->said.number = i;
		if (write(talker->fd, &talker->said, sizeof(talker->said)) !=
		    sizeof(talker->said))
			talker->wrong++;
	}
	return NULL;
}

static void *listen_to_all(void *arg)
{
	struct talker *talker = arg;
	unsigned int last[PORTS] = { 0 };
	__typeof__(talker->said) said;

	while (talker->heard < (PORTS - 1) * WORDS) {
		if (!(events_of(talker->fd, POLLIN, 10) & POLLIN) ||
		    read(talker->fd, &said, sizeof(said)) != sizeof(said) ||
		    said.port >= PORTS || said.number != last[said.port] + 1) {
			talker->wrong++;
			break;
		}
		last[said.port] = said.number;
		talker->order[talker->heard++] = said.port;
	}
	return NULL;
}

/* next_of_others - the next in what one has heard that is of neither; -1 at the end */
static int next_of_others(const struct talker *one, int *at, int a, int b)
{
	while (*at < one->heard) {
		int port = one->order[(*at)++];

		if (port != a && port != b)
			return port;
	}
	return -1;
}

static bool same_order(const struct talker *all, int a, int b)
{
	int at_a = 0, at_b = 0, port;

	do {
		port = next_of_others(&all[a], &at_a, a, b);
		if (next_of_others(&all[b], &at_b, a, b) != port)
			return false;
	} while (port >= 0);
	return true;
}

/*
 * come_and_go - until told to stop.  A guest hears the others until it has joined a
 * group of its own, where nobody hears it.
 */
static volatile bool enough;

struct guest {
	uint32_t	group;
	long		visits, wrong;
	pthread_t	thread;
};

static void *come_and_go(void *arg)
{
	struct guest *guest = arg;

	for (; !enough; guest->visits++) {
		int fd = open(HUB_NODE, O_RDWR);

		if (fd < 0 || join(fd, guest->group) || write(fd, "x", 1) != 1 || close(fd))
			guest->wrong++;
	}
	return NULL;
}

TEST_F_TIMEOUT(hub, needs_no_lock, 60)
{
	struct guest guest[2] = { { .group = 8 }, { .group = 9 } };
	static struct talker talker[PORTS];
	struct hub_stat before, after;

	ASSERT_EQ(0, hub_stat(self->port[0], &before));
	enough = false;
	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&guest[i].thread, NULL, come_and_go, &guest[i]));
	for (int i = 0; i < PORTS; i++) {
		talker[i].fd = self->port[i];
		talker[i].said.port = i;
		ASSERT_EQ(0, pthread_create(&talker[i].listens, NULL, listen_to_all, &talker[i]));
		ASSERT_EQ(0, pthread_create(&talker[i].talks, NULL, talk, &talker[i]));
	}
	for (int i = 0; i < PORTS; i++) {
		pthread_join(talker[i].talks, NULL);
		pthread_join(talker[i].listens, NULL);
		EXPECT_EQ(0, talker[i].wrong);
	}
	for (int i = 0; i < PORTS; i++) {
		for (int k = 0; k < i; k++)
			EXPECT_TRUE(same_order(talker, i, k));
	}
	enough = true;
	for (int i = 0; i < 2; i++) {
		pthread_join(guest[i].thread, NULL);
		EXPECT_EQ(0, guest[i].wrong);
		EXPECT_LT(0, guest[i].visits);
	}
	ASSERT_EQ(0, hub_stat(self->port[0], &after));
	EXPECT_EQ(PORTS * WORDS + 0UL, after.hub_sent - before.hub_sent);
	EXPECT_EQ(guest[0].visits + guest[1].visits + 0UL, after.hub_unheard - before.hub_unheard);
	/* Guests have heard some as well. */
	EXPECT_LE(PORTS * WORDS * (PORTS - 1UL), after.hub_heard - before.hub_heard);
	EXPECT_EQ(PORTS, (int)after.hub_ports);
	EXPECT_EQ(before.hub_lost, after.hub_lost);
}

TEST_HARNESS_MAIN
