// SPDX-License-Identifier: GPL-2.0-only
/*
 * DLPI with everything going on at once: frames both ways on one CPU, and on the other
 * requests, opens and closes, nonsense, or a device that is pulled out.
 */
#include "dlpi_test.h"

#include <pthread.h>
#include <sched.h>

#define STORM_MS	1500	/* of each kind, on a machine of any speed */

static volatile bool over;

/* run_on - on this CPU, if there is more than one */
static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* ----------------------------------------------------------------------------- traffic */

struct flood {
	pthread_t	thread;
	int		fd;
	unsigned int	ppa;
	unsigned long	sent;
};

/* Broadcasts, so that every stream of the SAP gets them, of changing size. */
static void *flooding(void *arg)
{
	static const char data[SDU];
	struct flood *flood = arg;

	run_on(0);
	set_nonblock(flood->fd, true);
	while (!over) {
		for (int i = 0; i < 16; i++)
			flood->sent += !send_unitdata(flood->fd, everybody, TEST_TYPE, data,
						      1 + flood->sent % 200);
		for (int i = 0; i < 32 && get_message(flood->fd).result >= 0; i++)
			;
	}
	return NULL;
}

static int flood_start(struct flood *flood, unsigned int ppa)
{
	*flood = (struct flood){ .fd = open_bound(ppa, TEST_TYPE), .ppa = ppa };
	return flood->fd < 0 ? -1 : pthread_create(&flood->thread, NULL, flooding, flood);
}

static void flood_stop(struct flood *flood)
{
	pthread_join(flood->thread, NULL);
	close_now(flood->fd);
}

/* A test with frames on the wire between 0 and 1, both ways. */
FIXTURE(storm)
{
	struct flood	flood[2];
	long long	until;
};

FIXTURE_SETUP(storm)
{
	LOOPETH_OR_SKIP();
	over = false;
	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, flood_start(&self->flood[i], i));
	run_on(1);
	self->until = now_ms() + STORM_MS;
}

FIXTURE_TEARDOWN(storm)
{
	int fd;

	over = true;
	for (int i = 0; i < 2; i++) {
		flood_stop(&self->flood[i]);
		EXPECT_LT(0, self->flood[i].sent);
		/* And it all works as before. */
		fd = open_bound(i, IP);
		EXPECT_LE(0, fd);
		EXPECT_EQ(0, send_text(fd, everybody, IP, "calm"));
		close(fd);
	}
}

/*
 * Each answer is at the stream head when putmsg() returns, in front of the frames that
 * are there in masses: ask() takes what comes first, and does not wait.
 */
TEST_F(storm, answers_are_there_at_once)
{
	unsigned char group[MAC] = { 0x01, 0, 0x5e, 7, 7, 7 }, address[MAC];
	int rounds = 0, fd = open_attached(0);

	ASSERT_LE(0, fd);
	for (; now_ms() < self->until || rounds < 20; rounds++) {
		ASSERT_EQ(0, dl_bind(fd, TEST_TYPE)) TH_LOG("round %d", rounds);
		ASSERT_EQ(POLLIN, events_of(fd, POLLIN, 5));
		ASSERT_EQ(DL_IDLE, dl_state(fd)) TH_LOG("round %d", rounds);
		ASSERT_EQ(0, dl_promiscuous(fd, 1 + rounds % 3)) TH_LOG("round %d", rounds);
		ASSERT_EQ(0, ask_address(fd, DL_ENABMULTI_REQ, group, MAC));
		ASSERT_EQ(REFUSED(DL_OUTSTATE), dl_bind(fd, TEST_TYPE)) TH_LOG("round %d", rounds);
		ASSERT_EQ(0, dl_address(fd, DL_CURR_PHYS_ADDR, address));
		ASSERT_EQ(0, ask_address(fd, DL_DISABMULTI_REQ, group, MAC));
		ASSERT_EQ(0, dl_not_promiscuous(fd, 1 + rounds % 3)) TH_LOG("round %d", rounds);
		ASSERT_EQ(0, dl_unbind(fd)) TH_LOG("round %d", rounds);
		if (rounds % 4 == 3) {
			ASSERT_EQ(0, dl_detach(fd)) TH_LOG("round %d", rounds);
			ASSERT_EQ(0, dl_attach(fd, rounds / 4 % 2)) TH_LOG("round %d", rounds);
		}
	}
	close(fd);
}

/* opens_and_closes - as fast as one can */
static void *opens_and_closes(void *arg)
{
	unsigned int seed = (uintptr_t)arg, turns = 0;
	int fd[8], state[8] = { 0 };

	run_on(seed % 2);
	memset(fd, -1, sizeof(fd));
	for (; !over; turns++) {
		int i = rand_r(&seed) % 8;

		if (fd[i] < 0) {
			fd[i] = rand_r(&seed) % 2 ? open_style1(rand_r(&seed) % 2) :
						    open_attached(rand_r(&seed) % 2);
			state[i] = 0;
			if (fd[i] < 0)
				return "open";
		} else if (!state[i]) {
			state[i] = 1;
			if (rand_r(&seed) % 3 == 0 && dl_promiscuous(fd[i], DL_PROMISC_PHYS))
				return "DL_PROMISCON_REQ";
			if (dl_bind(fd[i], TEST_TYPE + rand_r(&seed) % 2))
				return "DL_BIND_REQ";
		} else if (rand_r(&seed) % 4) {
			state[i] = 0;
			if (dl_unbind(fd[i]))
				return "DL_UNBIND_REQ";
		} else {
			close_now(fd[i]);
			fd[i] = -1;
		}
	}
	for (int i = 0; i < 8; i++)
		if (fd[i] >= 0)
			close_now(fd[i]);
	return turns ? NULL : "nothing done";
}

TEST_F(storm, streams_come_and_go_on_two_cpus)
{
	pthread_t thread[2];
	void *fault;

	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, opens_and_closes,
					    (void *)(uintptr_t)(i + 1)));
	while (now_ms() < self->until)
		pause_ms(20);
	over = true;
	for (int i = 0; i < 2; i++) {
		pthread_join(thread[i], &fault);
		EXPECT_EQ(NULL, fault) TH_LOG("%s", (char *)fault);
	}
}

/* One asks, the other sends, on the same stream. */
static void *sends_on_it(void *arg)
{
	struct flood *flood = arg;

	run_on(0);
	while (!over) {
		if (!send_text(flood->fd, everybody, TEST_TYPE, "from the other thread"))
			flood->sent++;
		/* An error it may be, if it is unbound at the moment, but no answer of ours. */
	}
	return NULL;
}

TEST_F(storm, two_threads_share_a_stream)
{
	struct flood other = { .fd = open_bound(0, IP) };
	struct message got;
	int rounds = 0;

	ASSERT_LE(0, other.fd);
	ASSERT_EQ(0, pthread_create(&other.thread, NULL, sends_on_it, &other));
	for (; now_ms() < self->until; rounds++) {
		ASSERT_EQ(0, dl_info(other.fd, &got)) TH_LOG("round %d", rounds);
		ASSERT_EQ(DL_IDLE, (int)got.dl.info_ack.dl_current_state);
		ASSERT_EQ(0, dl_promiscuous(other.fd, DL_PROMISC_SAP)) TH_LOG("round %d", rounds);
		ASSERT_EQ(0, dl_not_promiscuous(other.fd, DL_PROMISC_SAP));
	}
	over = true;
	pthread_join(other.thread, NULL);
	EXPECT_LT(0, (int)other.sent);
	EXPECT_LT(0, rounds);
	close_now(other.fd);
}

/* --------------------------------------------------------------------------- nonsense */

static const unsigned int primitives[] = {
	DL_INFO_REQ, DL_BIND_REQ, DL_UNBIND_REQ, DL_ATTACH_REQ, DL_DETACH_REQ,
	DL_SUBS_BIND_REQ, DL_SUBS_UNBIND_REQ, DL_ENABMULTI_REQ, DL_DISABMULTI_REQ,
	DL_PROMISCON_REQ, DL_PROMISCOFF_REQ, DL_PHYS_ADDR_REQ, DL_SET_PHYS_ADDR_REQ,
	DL_GET_STATISTICS_REQ, DL_UNITDATA_REQ, DL_UDQOS_REQ, DL_XID_REQ, DL_XID_RES,
	DL_TEST_REQ, DL_TEST_RES, DL_NOTIFY_REQ, DL_NOTIFY_ACK, DL_CAPABILITY_REQ,
	DL_CONTROL_REQ, DL_PASSIVE_REQ, DL_CONNECT_REQ, DL_OK_ACK, DL_UNITDATA_IND,
};

/* A number that may mean something: small, the size of something, or anything. */
static unsigned int likely(unsigned int *seed)
{
	switch (rand_r(seed) % 4) {
	case 0:
		return rand_r(seed) % 32;
	case 1:
		return rand_r(seed) % 2048;
	case 2:
		return 0u - rand_r(seed) % 32;
	default:
		return rand_r(seed);
	}
}

static int put_nonsense(int fd, unsigned int *seed)
{
	unsigned int words[32];
	static const char data[2000];
	struct strbuf ctl = { .len = rand_r(seed) % sizeof(words), .buf = (char *)words };
	struct strbuf rest = { .len = rand_r(seed) % 3 ? -1 : (int)(rand_r(seed) % sizeof(data)),
			       .buf = (char *)data };

	words[0] = rand_r(seed) % 10 ? primitives[rand_r(seed) % (sizeof(primitives) / 4)] :
				       likely(seed);
	for (int i = 1; i < 32; i++)
		words[i] = likely(seed);
	return putmsg(fd, &ctl, &rest, rand_r(seed) % 8 ? 0 : RS_HIPRI);
}

static const int ioctls[] = { DLIOCRAW, DLIOCNATIVE, DLIOCMARGININFO, DLIOCHDRINFO, DLIOC | 0x20 };

static void ask_nonsense(int fd, unsigned int *seed)
{
	unsigned int words[16];
	int length = rand_r(seed) % (sizeof(words) + 1);

	for (int i = 0; i < 16; i++)
		words[i] = likely(seed);
	words[0] = rand_r(seed) % 2 ? DL_UNITDATA_REQ : words[0];
	str_ioctl(fd, ioctls[rand_r(seed) % 5], words, &length, 5 * slow());
}

static void *talks_nonsense(void *arg)
{
	unsigned int seed = (uintptr_t)arg;
	struct message got;
	char frame[64];
	int fd = -1;

	run_on(seed % 2);
	for (int turn = 0; !over; turn++) {
		/* A stream that was told something fatal, or is stuck somewhere, goes. */
		if (fd < 0 || rand_r(&seed) % 100 == 0) {
			if (fd >= 0)
				close_now(fd);
			fd = rand_r(&seed) % 2 ? open_style1(2 + rand_r(&seed) % 2) :
						 open_bound(2 + rand_r(&seed) % 2, TEST_TYPE);
			if (fd < 0)
				return "open";
			set_nonblock(fd, true);
		}
		put_nonsense(fd, &seed);
		if (rand_r(&seed) % 8 == 0)
			ask_nonsense(fd, &seed);
		if (rand_r(&seed) % 8 == 0 && write(fd, frame, rand_r(&seed) % sizeof(frame)) < 0)
			continue;
		while (rand_r(&seed) % 4 && (got = get_message(fd), got.result >= 0))
			;
	}
	close_now(fd);
	return NULL;
}

/* On the other wire, whose devices are as new ones afterwards. */
TEST_F(storm, nonsense_harms_nobody)
{
	unsigned char address[2][MAC];
	pthread_t thread[4];
	void *fault;
	int fd;

	for (int i = 0; i < 2; i++) {
		fd = open_attached(2 + i);
		ASSERT_EQ(0, dl_address(fd, DL_FACT_PHYS_ADDR, address[i]));
		close(fd);
	}
	for (int i = 0; i < 4; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, talks_nonsense,
					    (void *)(uintptr_t)(i + 1)));
	while (now_ms() < self->until + STORM_MS)
		pause_ms(20);
	over = true;
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], &fault);
		EXPECT_EQ(NULL, fault) TH_LOG("%s", (char *)fault);
	}
	for (int i = 0; i < 2; i++) {
		fd = open_bound(2 + i, TEST_TYPE);
		ASSERT_LE(0, fd);
		EXPECT_EQ(0, ask_address(fd, DL_SET_PHYS_ADDR_REQ, address[i], MAC));
		close(fd);
	}
}

/* ----------------------------------------------------------------- pulled out, put back */

/* Streams are lost and opened again. */
static void *comes_back(void *arg)
{
	unsigned int ppa = (uintptr_t)arg;
	struct message got;
	int fd = -1;

	run_on(ppa % 2);
	while (!over) {
		if (fd < 0)
			fd = open_bound(ppa, TEST_TYPE);
		if (fd < 0)
			continue;
		set_nonblock(fd, true);
		if (send_text(fd, everybody, TEST_TYPE, "still here") && errno == ENXIO) {
			close_now(fd);
			fd = -1;
			continue;
		}
		got = get_message(fd);
		if (got.result < 0 && errno != EAGAIN)
			return "getmsg";
	}
	if (fd >= 0)
		close_now(fd);
	return NULL;
}

TEST_F(storm, devices_are_pulled_out_with_frames_on_the_wire)
{
	pthread_t thread[4];
	int turns = 0, fd;
	void *fault;

	for (int i = 0; i < 4; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, comes_back,
					    (void *)(uintptr_t)(2 + i % 2)));
	for (; now_ms() < self->until || turns < 4; turns++) {
		ASSERT_EQ(0, set_parameter("unplug", 2 + turns % 2));
		pause_ms(turns % 5);
		ASSERT_EQ(0, set_parameter("plug", 2 + turns % 2));
		pause_ms(turns % 7);
	}
	over = true;
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], &fault);
		EXPECT_EQ(NULL, fault) TH_LOG("%s", (char *)fault);
	}
	fd = open_bound(3, TEST_TYPE);
	EXPECT_LE(0, fd);
	close(fd);
}

TEST_HARNESS_MAIN
