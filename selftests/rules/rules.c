// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modules of wrong/ are caught by the rule checker, once each, and told what they
 * did.  They are pushed on one end of a pair of joined streams.
 */
#include <sched.h>

#include "streams_test.h"
#include "oot/talk.h"

#define REPORT	"streams: rule broken by "

#define NOTHING		"(no report)"
#define IN_PUT		", write side, in its put procedure: "
#define IN_SERVICE	", write side, in its service procedure: "
#define OPENING		", in its open procedure: "
#define CLOSING		", in its close procedure: "

enum { NEAR, FAR };

FIXTURE(rules)
{
	int end[2], log;
};

FIXTURE_SETUP(rules)
{
	ASSERT_EQ(0, open_pair(self->end, O_RDWR));
	self->log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	ASSERT_LE(0, self->log);
	ASSERT_LE(0, lseek(self->log, 0, SEEK_END));
}

FIXTURE_TEARDOWN(rules)
{
	close_now(self->end[NEAR]);
	close_now(self->end[FAR]);
	close(self->log);
}

/* next_report - the next one of the log without what all have; NULL: there is none now */
static const char *next_report(int log)
{
	static char record[8192];
	ssize_t length;
	char *found;

	while ((length = read(log, record, sizeof(record) - 1)) > 0 || errno == EPIPE) {
		record[length > 0 ? length : 0] = '\0';
		found = strstr(record, REPORT);
		if (found) {
			*strchrnul(found, '\n') = '\0';
			return found + strlen(REPORT);
		}
	}
	return NULL;
}

static const char *wait_for_report(int log, int seconds)
{
	long long deadline = now_ms() + 1000LL * seconds * slow();
	const char *report;

	while (!(report = next_report(log)) && now_ms() < deadline)
		pause_ms(20);
	return report ?: NOTHING;
}

static const char *caught(int log)
{
	return wait_for_report(log, 5);
}

static const char *now(int log)
{
	return next_report(log) ?: NOTHING;
}

/* use - push a module, send what it does wrong with, twice, and pop it */
static int use(int near, const char *module)
{
	if (ioctl(near, I_PUSH, module))
		return -1;
	if (say(near, "once") || say(near, "twice"))
		return -1;
	return ioctl(near, I_POP, 0);
}

TEST_F(rules, a_lock_across_putnext)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_lock"));
	EXPECT_STREQ("r_lock" IN_PUT "it holds a lock across putnext()",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, sleeping_in_put)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_sleep"));
	EXPECT_STREQ("r_sleep" IN_PUT "kmem_alloc() may sleep there", caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, putq_without_a_service_procedure)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_putq"));
	EXPECT_STREQ("r_putq" IN_PUT "putq() on its own queue, which has no service procedure",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, a_service_procedure_that_stops_halfway)
{
	ASSERT_EQ(0, ioctl(self->end[NEAR], I_PUSH, "r_left"));
	ASSERT_EQ(0, say(self->end[NEAR], "this"));
	EXPECT_STREQ("this", hear(self->end[FAR]));
	EXPECT_STREQ("r_left" IN_SERVICE
		     "left_service [r_left] left messages on the queue that it could have taken",
		     wait_for_report(self->log, 10));
	ASSERT_EQ(0, say(self->end[NEAR], "and that"));
	pause_ms(5000);
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, putting_a_message_of_high_priority_back)
{
	ASSERT_EQ(0, ioctl(self->end[NEAR], I_PUSH, "r_putbq"));
	ASSERT_EQ(0, say(self->end[NEAR], "ordinary"));
	EXPECT_STREQ("ordinary", hear(self->end[FAR]));
	EXPECT_STREQ(NOTHING, now(self->log));
	ASSERT_EQ(0, put_text(self->end[NEAR], "urgent", NULL, 0, MSG_HIPRI));
	EXPECT_STREQ("urgent", get_any(self->end[FAR]).ctl);
	EXPECT_STREQ("r_putbq" IN_SERVICE
		     "putbq() of a message of high priority, which enables it for ever",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, qwriter_in_open)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_qwrite"));
	EXPECT_STREQ("r_qwrite, read side" OPENING "qwriter() is not for open and close",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, qwriter_of_a_queue_whose_perimeter_is_another)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_mate"));
	EXPECT_STREQ("r_mate" IN_PUT "qwriter() on a queue whose perimeter it is not in",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
	EXPECT_EQ(9, drain_exactly(self->end[FAR], 9));
}

TEST_F(rules, qwriter_of_an_outer_perimeter_that_is_not_there)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_outer"));
	EXPECT_STREQ("r_outer" IN_PUT "qwriter() of PERIM_OUTER without an outer perimeter",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, qwriter_outside_of_the_perimeter)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_late"));
	EXPECT_STREQ("r_late, write side, in no procedure of its own: "
		     "qwriter() outside of its perimeter",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, a_callback_that_is_not_cancelled)
{
	const char *report;

	ASSERT_EQ(0, use(self->end[NEAR], "r_timer"));
	report = caught(self->log);
	EXPECT_EQ(report, strstr(report, "r_timer, write side" CLOSING "the callback too_late"));
	EXPECT_NE(NULL, strstr(report, " is not cancelled"));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, putnext_before_qprocson)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_next"));
	EXPECT_STREQ("r_next, write side" OPENING "putnext() before qprocson()",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
	ASSERT_EQ(0, use(self->end[NEAR], "r_next"));
	EXPECT_STREQ(NOTHING, now(self->log));
}

/* KASAN sees for itself what is done with freed memory, which is then really free. */
static bool kasan(void)
{
	return getenv("STREAMS_KASAN");
}

TEST_F(rules, freeing_a_message_twice)
{
	const char *report;

	if (kasan())
		SKIP(return, "KASAN sees it");
	ASSERT_EQ(0, use(self->end[NEAR], "r_twice"));
	report = caught(self->log);
	EXPECT_EQ(report, strstr(report, "r_twice" IN_PUT "twice_put"));
	EXPECT_NE(NULL, strstr(report, " frees a message that is freed already"));
	EXPECT_STREQ(NOTHING, now(self->log));
	EXPECT_EQ(9, drain_exactly(self->end[FAR], 9));
}

TEST_F(rules, using_a_message_that_is_freed)
{
	if (kasan())
		SKIP(return, "KASAN sees it");
	ASSERT_EQ(0, use(self->end[NEAR], "r_used"));
	EXPECT_STREQ("r_used" IN_PUT "putnext() of a message that is freed already",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
	EXPECT_TRUE(empty(self->end[FAR]));
}

/* Seen when the memory is given back, after some hundred others of the same CPU. */
TEST_F(rules, writing_into_a_message_that_is_freed)
{
	cpu_set_t one;

	if (kasan())
		SKIP(return, "KASAN sees it");
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(one), &one));
	ASSERT_EQ(0, use(self->end[NEAR], "r_touch"));
	EXPECT_STREQ(NOTHING, now(self->log));
	for (int i = 0; i < 600; i++) {
		ASSERT_EQ(0, say(self->end[NEAR], "next"));
		ASSERT_NE(0, strlen(hear(self->end[FAR])));
	}
	EXPECT_STREQ("r_touch: a message that it freed was written to later", caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, buffers_that_stay_out)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_extern"));
	EXPECT_STREQ(NOTHING, now(self->log));
	EXPECT_STREQ("r_extern: 1 buffers of esballoc() are out after its last close; "
		     "it cannot be unloaded",
		     wait_for_report(self->log, 10));
	/* frees it, so that it can */
	ASSERT_EQ(0, ioctl(self->end[NEAR], I_PUSH, "r_extern"));
	ASSERT_EQ(0, ioctl(self->end[NEAR], I_POP, 0));
	pause_ms(5000);
	EXPECT_STREQ(NOTHING, now(self->log));
}

/* With lockdep its report follows, which the run looks for. */
TEST_F(rules, a_lock_across_qprocsoff)
{
	ASSERT_EQ(0, use(self->end[NEAR], "r_order"));
	EXPECT_STREQ("r_order, read side" CLOSING "it holds a lock across qprocsoff()",
		     caught(self->log));
	EXPECT_STREQ(NOTHING, now(self->log));
}

/* send - messages that are there at once, so that the first may leave the others */
static int send(int near, const char *messages)
{
	for (; *messages; messages++)
		if (write(near, messages, 1) != 1)
			return -1;
	return 0;
}

TEST_F(rules, what_only_looks_wrong)
{
	const char *const all[] = { "pabc", "babc", "pp", "bbb" };
	long bytes;

	ASSERT_EQ(0, ioctl(self->end[NEAR], I_PUSH, "r_right"));
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, send(self->end[NEAR], all[i]));
		EXPECT_EQ((long)strlen(all[i]), drain_exactly(self->end[FAR], strlen(all[i])));
	}
	bytes = fill(self->end[NEAR], 64);
	ASSERT_LT(0, bytes);
	pause_ms(4000);
	EXPECT_STREQ(NOTHING, now(self->log));
	EXPECT_EQ(bytes, drain_exactly(self->end[FAR], bytes));

	/* enabled from below, and in the end not at all */
	ASSERT_EQ(0, send(self->end[NEAR], "www"));
	for (int i = 0; i < 3; i++) {
		pause_ms(100);
		ASSERT_EQ(0, say(self->end[FAR], "go on"));
	}
	ASSERT_EQ(0, send(self->end[NEAR], "nabc"));
	ASSERT_EQ(0, say(self->end[FAR], "go on"));
	pause_ms(4000);
	ASSERT_EQ(0, ioctl(self->end[NEAR], I_POP, 0));
	EXPECT_STREQ(NOTHING, now(self->log));
}

TEST_F(rules, what_is_wrong_is_counted_each_time)
{
	char text[4096];
	FILE *stat = fopen("/sys/kernel/debug/streams/stat", "r");
	int broken = -1;

	ASSERT_NE(NULL, stat);
	while (fgets(text, sizeof(text), stat))
		if (sscanf(text, "rules_broken %d", &broken) == 1)
			break;
	fclose(stat);
	EXPECT_LE(12, broken);
}

TEST_HARNESS_MAIN
