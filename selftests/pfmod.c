// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module pfmod: of the messages that come up, those go on that a filter
 * accepts.
 */
#include "streams_test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/pfmod.h>

static int set_filter(int fd, const uint16_t *words, size_t count)
{
	struct packetfilt form = { .Pf_FilterLen = count };
	int len = sizeof(form), result;

	memcpy(form.Pf_Filter, words, 2 * count);
	result = str_ioctl(fd, PFIOCSETF, &form, &len, -1);
	return result || !len ? result : -2;
}

static int set_extended(int fd, const uint16_t *words, size_t count)
{
	struct Pf_ext_packetfilt form = { .Pf_FilterLen = count };
	int len = sizeof(form), result;

	memcpy(form.Pf_Filter, words, 2 * count);
	result = str_ioctl(fd, PFIOCSETF, &form, &len, 5 * slow());
	return result || !len ? result : -2;
}

#define SET(fd, ...)							\
	({								\
		const uint16_t _words[] = { __VA_ARGS__ };		\
		set_filter(fd, _words, sizeof(_words) / sizeof(uint16_t));	\
	})

#define SET_EXTENDED(fd, ...)						\
	({								\
		const uint16_t _words[] = { __VA_ARGS__ };		\
		set_extended(fd, _words, sizeof(_words) / sizeof(uint16_t));	\
	})

/* passes - this comes before a message that has no data, and so is not filtered */
static bool passes(int from, int to, const void *data, int size)
{
	bool passed = false;
	struct got got;

	if (write(from, data, size) != size || put_text(from, "end", NULL, 0, MSG_BAND))
		return false;
	while (events_of(to, POLLIN, 5) & POLLIN) {
		got = get_any(to);
		if (got.result)
			break;
		if (got.data_len < 0 && !strcmp(got.ctl, "end"))
			return passed;
		passed = got.data_len == size && !memcmp(got.data, data, size);
	}
	printf("# the end did not come\n");
	return false;
}

#define PASSES(text)	passes(self->end[0], self->end[1], text, sizeof(text) - 1)

FIXTURE(pfmod)
{
	int	end[2];		/* what is written to 0 is filtered at 1 */
};

FIXTURE_SETUP(pfmod)
{
	ASSERT_EQ(0, open_pair(self->end, O_RDWR));
	ASSERT_EQ(0, ioctl(self->end[1], I_PUSH, "pfmod"));
	ASSERT_EQ(0, ioctl(self->end[0], I_SRDOPT, RMSGD));
	ASSERT_EQ(0, ioctl(self->end[1], I_SRDOPT, RMSGD));
}

FIXTURE_TEARDOWN(pfmod)
{
	close_now(self->end[0]);
	close_now(self->end[1]);
}

TEST_F(pfmod, passes_everything_without_a_filter_and_with_an_empty_one)
{
	EXPECT_TRUE(PASSES("a"));
	EXPECT_TRUE(PASSES("abcdef"));
	ASSERT_EQ(0, set_filter(self->end[1], NULL, 0));
	EXPECT_TRUE(PASSES("abcdef"));
	ASSERT_EQ(0, set_extended(self->end[1], NULL, 0));
	EXPECT_TRUE(PASSES("abcdef"));
}

TEST_F(pfmod, compares_words_as_they_lie_in_memory)
{
	ASSERT_EQ(0, SET(self->end[1], ENF_PUSHWORD + 1, ENF_PUSHLIT | ENF_EQ, htons(0x6364)));
	EXPECT_TRUE(PASSES("abcdef"));
	EXPECT_TRUE(PASSES("abcd"));
	EXPECT_FALSE(PASSES("abdcef"));
	EXPECT_FALSE(PASSES("abc"));
	EXPECT_FALSE(PASSES("a"));
	/* What goes down is not its business. */
	EXPECT_TRUE(passes(self->end[1], self->end[0], "ab", 2));
}

/* The example of pfmod(7): IPv4, UDP, no later fragment, port 68. */
TEST_F(pfmod, finds_one_protocol_in_frames)
{
	const uint16_t program[] = {
		ENF_PUSHWORD + 6,  ENF_PUSHLIT | ENF_CAND, htons(0x0800),
		ENF_PUSHWORD + 11, ENF_PUSHLIT | ENF_AND,  htons(0x00ff),
				   ENF_PUSHLIT | ENF_CAND, htons(17),
		ENF_PUSHWORD + 10, ENF_PUSHLIT | ENF_AND,  htons(0x1fff),
				   ENF_PUSHZERO | ENF_CAND,
		ENF_PUSHWORD + 18, ENF_PUSHLIT | ENF_EQ,   htons(68),
	};
	static const struct {
		int at;
		uint8_t byte;
		bool passes;
	} rows[] = {
		{ 37, 67, false }, { 36, 1, false }, { 20, 0x40, true }, { 21, 1, false },
		{ 20, 0x1f, false }, { 13, 6, false }, { 22, 64, true }, { 23, 6, false },
	};
	const uint8_t frame[60] = { [12] = 8, [14] = 0x45, [23] = 17, [37] = 68 };
	uint8_t other[60];

	ASSERT_EQ(15, sizeof(program) / 2);
	ASSERT_EQ(0, set_filter(self->end[1], program, 15));
	EXPECT_TRUE(passes(self->end[0], self->end[1], frame, sizeof(frame)));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		memcpy(other, frame, sizeof(frame));
		other[rows[i].at] = rows[i].byte;
		EXPECT_EQ(rows[i].passes,
			  passes(self->end[0], self->end[1], other, sizeof(other)));
	}
	EXPECT_FALSE(passes(self->end[0], self->end[1], frame, 37));
}

/* A word in place of the one that a header in between has moved. */
TEST_F(pfmod, branches_and_adds_an_offset)
{
	ASSERT_EQ(0, SET_EXTENDED(self->end[1],
				  ENF_PUSHWORD + 0, ENF_PUSHLIT | ENF_EQ, htons('v' << 8 | 'l'),
				  ENF_BRFL, 2, ENF_LOAD_OFFSET, 2,
				  ENF_POP,
				  ENF_PUSHWORD + 1, ENF_PUSHLIT | ENF_EQ, htons('i' << 8 | 'p')));
	EXPECT_TRUE(PASSES("xxip"));
	EXPECT_TRUE(PASSES("vlxxxxip"));
	EXPECT_FALSE(PASSES("vlip"));
	EXPECT_FALSE(PASSES("xxxxxxip"));
}

TEST_F(pfmod, looks_at_the_data_behind_a_control_part)
{
	struct got got;

	ASSERT_EQ(0, SET(self->end[1], ENF_PUSHWORD + 0, ENF_PUSHLIT | ENF_EQ, htons(0x6162)));
	ASSERT_EQ(0, put_text(self->end[0], "ab", "cd", 0, MSG_BAND));
	ASSERT_EQ(0, put_text(self->end[0], "xy", "ab", 0, MSG_BAND));
	ASSERT_EQ(0, put_text(self->end[0], "no data", NULL, 0, MSG_BAND));
	ASSERT_EQ(0, put_text(self->end[0], "urgent", "cd", 0, MSG_HIPRI));
	got = get_any(self->end[1]);
	EXPECT_STREQ("urgent", got.ctl);
	EXPECT_STREQ("cd", got.data);
	got = get_any(self->end[1]);
	EXPECT_STREQ("xy", got.ctl);
	EXPECT_STREQ("ab", got.data);
	got = get_any(self->end[1]);
	EXPECT_STREQ("no data", got.ctl);
	EXPECT_EQ(-1, got.data_len);
	EXPECT_TRUE(empty(self->end[1]));
}

TEST_F(pfmod, takes_the_older_form_by_an_ioctl_of_its_own)
{
	struct packetfilt form = { .Pf_FilterLen = 1, .Pf_Filter = { ENF_PUSHZERO } };

	ASSERT_EQ(0, ioctl(self->end[1], PFIOCSETF, &form));
	EXPECT_FALSE(PASSES("abcdef"));
	form.Pf_FilterLen = 0;
	ASSERT_EQ(0, ioctl(self->end[1], PFIOCSETF, &form));
	EXPECT_TRUE(PASSES("abcdef"));
	EXPECT_EQ(-1, ioctl(self->end[1], PFIOCSETF, nowhere));
	EXPECT_EQ(EFAULT, errno);
}

#define EXPECT_REFUSED(call)			\
	do {					\
		EXPECT_EQ(-1, call);		\
		EXPECT_EQ(EINVAL, errno);	\
	} while (0)

TEST_F(pfmod, keeps_its_filter_when_another_is_refused)
{
	struct Pf_ext_packetfilt form = { .Pf_FilterLen = PF_MAXFILTERS + 1 };
	int fd = self->end[1], lengths[] = { 0, 1, 4, 16, 511, 513, 4102, 4103 };
	uint16_t much[PF_MAXFILTERS];

	ASSERT_EQ(0, SET(fd, ENF_PUSHZERO));
	EXPECT_REFUSED(SET(fd, 11));
	EXPECT_REFUSED(SET(fd, ENF_PUSHZERO, ENF_PUSHZERO, 14 << ENF_NBPA));
	EXPECT_REFUSED(SET(fd, ENF_EQ));
	EXPECT_REFUSED(SET(fd, ENF_PUSHONE | ENF_EQ));
	EXPECT_REFUSED(SET(fd, ENF_PUSHLIT));
	EXPECT_REFUSED(SET(fd, ENF_POP));
	EXPECT_REFUSED(SET(fd, ENF_BRTR, 0));
	EXPECT_REFUSED(SET(fd, ENF_PUSHONE, ENF_BRTR, 1));
	EXPECT_REFUSED(SET(fd, ENF_PUSHONE, ENF_BRTR, 0xffff));
	EXPECT_REFUSED(SET(fd, ENF_PUSHONE, ENF_PUSHONE, ENF_BRTR | ENF_EQ, 0));
	for (size_t i = 0; i < PF_MAXFILTERS; i++)
		much[i] = ENF_PUSHONE;
	EXPECT_REFUSED(set_extended(fd, much, PF_MAXFILTERS));
	EXPECT_REFUSED(set_extended(fd, much, ENMAXFILTERS + 1));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
		EXPECT_REFUSED(str_ioctl(fd, PFIOCSETF, &form, &lengths[i], 5));
	lengths[0] = sizeof(form);
	EXPECT_REFUSED(str_ioctl(fd, PFIOCSETF, &form, &lengths[0], 5));
	EXPECT_FALSE(PASSES("abcdef"));

	EXPECT_EQ(0, set_extended(fd, much, ENMAXFILTERS));
	EXPECT_TRUE(PASSES("abcdef"));
	for (size_t i = 1; i < PF_MAXFILTERS; i++)
		much[i] = i % 2 ? ENF_PUSHONE : ENF_POP;
	EXPECT_EQ(0, set_extended(fd, much, PF_MAXFILTERS));
	EXPECT_TRUE(PASSES("abcdef"));
}

TEST_F(pfmod, leaves_other_ioctls_alone)
{
	int len = sizeof(int), minor = -1;

	EXPECT_EQ(0, str_ioctl(self->end[1], LOOP_MINOR, &minor, &len, 5));
	EXPECT_EQ(loop_minor(self->end[1]), minor);
	EXPECT_EQ(-1, ioctl(self->end[1], PFIOCSETF + 1, &len));
}

/*
 * Under load, from two CPUs: one sends numbered messages of which every other is accepted,
 * another sets filters that agree on that, and pops and pushes the module.  The odd
 * ones come all and in order; of the even ones only those that came while there was none.
 */
#define MESSAGES	20000

struct numbered {
	uint16_t	parity;
	uint16_t	same;
	uint32_t	number;
};

struct load {
	int	from, to;
	long	even, wrong, last;
	long	changes;
	bool	pop, done;
};

static void *send_numbered(void *arg)
{
	struct load *load = arg;

	for (uint32_t i = 0; i < MESSAGES; i++) {
		struct numbered one = { i % 2, i % 2, i };

		if (write(load->from, &one, sizeof(one)) != sizeof(one))
			break;
	}
	return NULL;
}

static void *receive_numbered(void *arg)
{
	struct load *load = arg;
	struct numbered one;

	load->last = -1;
	while (load->last != MESSAGES - 1 && events_of(load->to, POLLIN, 20) & POLLIN) {
		if (read(load->to, &one, sizeof(one)) != sizeof(one))
			break;
		load->even += one.parity == 0;
		if (one.parity) {
			load->wrong += one.number != (load->last < 0 ? 1 : load->last + 2);
			load->last = one.number;
		}
	}
	__atomic_store_n(&load->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void change_filters(struct load *load)
{
	while (!__atomic_load_n(&load->done, __ATOMIC_ACQUIRE)) {
		if (load->pop && (ioctl(load->to, I_POP, 0) || ioctl(load->to, I_PUSH, "pfmod")))
			break;
		if (SET(load->to, ENF_PUSHWORD + 0) ||
		    SET_EXTENDED(load->to, ENF_PUSHWORD + 1, ENF_PUSHONE | ENF_CAND) ||
		    SET(load->to, ENF_PUSHWORD, ENF_BRTR, 1, ENF_PUSHWORD + 1))
			break;
		load->changes++;
	}
}

static void run_load(struct __test_metadata *_metadata, struct load *load)
{
	pthread_t sender, receiver;

	ASSERT_EQ(0, SET(load->to, ENF_PUSHWORD + 0));
	ASSERT_EQ(0, pthread_create(&receiver, NULL, receive_numbered, load));
	ASSERT_EQ(0, pthread_create(&sender, NULL, send_numbered, load));
	change_filters(load);
	pthread_join(sender, NULL);
	pthread_join(receiver, NULL);
	EXPECT_EQ(MESSAGES - 1, load->last);
	EXPECT_EQ(0, load->wrong);
	EXPECT_LT(0, load->changes);
}

TEST_F_TIMEOUT(pfmod, changes_its_filter_under_load, 240)
{
	struct load load = { .from = self->end[0], .to = self->end[1] };

	run_load(_metadata, &load);
	EXPECT_EQ(0, load.even);
}

TEST_F_TIMEOUT(pfmod, is_popped_and_pushed_under_load, 240)
{
	struct load load = { .from = self->end[0], .to = self->end[1], .pop = true };

	run_load(_metadata, &load);
}

TEST_HARNESS_MAIN
