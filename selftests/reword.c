// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module reword: one table of rules for all streams, read inside an outer
 * perimeter and changed by who is alone in it.
 */
#include "streams_test.h"

#include <pthread.h>
#include <sys/reword.h>

static int set_rules(int fd, const struct reword_rule *rules, int count)
{
	int len = count * sizeof(*rules);

	return str_ioctl(fd, REWORD_SET, (void *)rules, &len, 10 * slow());
}

#define SET(fd, ...)							\
	({								\
		static const struct reword_rule _rules[] = { __VA_ARGS__ };	\
		set_rules(fd, _rules, sizeof(_rules) / sizeof(struct reword_rule));	\
	})

static int get_rules(int fd, struct reword_rule rules[REWORD_RULES], int *tables)
{
	int len = 0;

	*tables = str_ioctl(fd, REWORD_GET, rules, &len, 10 * slow());
	return *tables < 0 ? -1 : len / (int)sizeof(*rules);
}

static int reword_stat(int fd, struct reword_stat *stat)
{
	int len = 0;

	return str_ioctl(fd, REWORD_STAT, stat, &len, 10 * slow()) < 0 ||
	       len != sizeof(*stat) ? -1 : 0;
}

/* reads - what comes, however it is cut, is this text */
static bool reads(int fd, const char *text)
{
	char got[1024] = "";
	size_t have = 0, len = strlen(text);

	while (have < len && events_of(fd, POLLIN, 5) & POLLIN) {
		ssize_t more = read(fd, got + have, sizeof(got) - 1 - have);

		if (more <= 0)
			break;
		have += more;
	}
	if (have == len && !strcmp(got, text))
		return true;
	printf("# \"%s\" came, not \"%s\"\n", got, text);
	return false;
}

static bool becomes(int from, int to, const char *text, const char *other)
{
	return write(from, text, strlen(text)) == (ssize_t)strlen(text) && reads(to, other);
}

FIXTURE(reword)
{
	int	end[2];		/* what is written to 0 is reworded at 1 */
};

FIXTURE_SETUP(reword)
{
	if (geteuid())
		SKIP(return, "the rules are root's");
	ASSERT_EQ(0, open_pair(self->end, O_RDWR));
	ASSERT_EQ(0, ioctl(self->end[1], I_PUSH, "reword"));
	ASSERT_LE(0, SET(self->end[1], { "cat", "dog" }, { "kitten", "puppy" }, { "not", "" },
			 { "x", "fifteen15letter" }));
}

FIXTURE_TEARDOWN(reword)
{
	set_rules(self->end[1], NULL, 0);
	close_now(self->end[0]);
	close_now(self->end[1]);
}

TEST_F(reword, replaces_whole_words)
{
	EXPECT_TRUE(becomes(self->end[0], self->end[1], "a cat, a kitten.\n",
			    "a dog, a puppy.\n"));
	EXPECT_TRUE(becomes(self->end[0], self->end[1], "cats concat Cat cat2\n",
			    "cats concat Cat cat2\n"));
	EXPECT_TRUE(becomes(self->end[0], self->end[1], "(cat)cat-cat not x\n",
			    "(dog)dog-dog  fifteen15letter\n"));
	EXPECT_TRUE(becomes(self->end[0], self->end[1], "\n\n\t\n", "\n\n\t\n"));
	EXPECT_TRUE(becomes(self->end[0], self->end[1],
			    "xxxxxxxxxxxxxxx xxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxxxxxxxcat\n",
			    "xxxxxxxxxxxxxxx xxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxxxxxxxcat\n"));
	/* What goes down is not its business. */
	EXPECT_TRUE(becomes(self->end[1], self->end[0], "cat\n", "cat\n"));
}

TEST_F(reword, knows_a_word_that_comes_in_pieces)
{
	static const char text[] = "the cat and the kitten\n";

	for (const char *c = text; *c; c++)
		ASSERT_EQ(1, write(self->end[0], c, 1));
	EXPECT_TRUE(reads(self->end[1], "the dog and the puppy\n"));
	ASSERT_EQ(2, write(self->end[0], "ki", 2));
	EXPECT_TRUE(becomes(self->end[0], self->end[1], "ttttttttttttttttttten ca",
			    "kittttttttttttttttttten ca"));
}

/* Nothing follows the word: after a while it is over, and comes up. */
TEST_F(reword, does_not_keep_a_word_for_ever)
{
	long long begin = now_ms();

	EXPECT_TRUE(becomes(self->end[0], self->end[1], "cat", "dog"));
	EXPECT_LE(90, now_ms() - begin);
	EXPECT_TRUE(becomes(self->end[0], self->end[1], "my cat", "my dog"));
	EXPECT_TRUE(empty(self->end[1]));
}

TEST_F(reword, ends_a_word_where_something_else_comes)
{
	struct got got;

	ASSERT_EQ(3, write(self->end[0], "cat", 3));
	ASSERT_EQ(0, put_text(self->end[0], "control cat", "cat", 0, MSG_BAND));
	EXPECT_TRUE(reads(self->end[1], "dog"));
	got = get_any(self->end[1]);
	EXPECT_STREQ("control cat", got.ctl);
	EXPECT_STREQ("cat", got.data);

	ASSERT_EQ(3, write(self->end[0], "cat", 3));
	ASSERT_EQ(0, close(self->end[0]));
	EXPECT_TRUE(reads(self->end[1], "dog"));
	EXPECT_EQ(POLLHUP, events_of(self->end[1], 0, 5));
}

TEST_F(reword, loses_nothing_when_it_is_popped)
{
	long written;
	char got[8];

	ASSERT_EQ(3, write(self->end[0], "cat", 3));
	ASSERT_EQ(0, ioctl(self->end[1], I_POP, 0));
	EXPECT_EQ(3, read(self->end[1], got, sizeof(got)));
	EXPECT_EQ(0, memcmp(got, "dog", 3));

	ASSERT_EQ(0, ioctl(self->end[1], I_PUSH, "reword"));
	written = fill(self->end[0], 100);
	ASSERT_LT(2 * TEST_HIWAT, written);
	ASSERT_EQ(0, ioctl(self->end[1], I_POP, 0));
	EXPECT_EQ(written, drain_exactly(self->end[1], written));
}

TEST_F(reword, holds_back_and_flushes)
{
	long written = fill(self->end[0], 100);

	ASSERT_LT(TEST_HIWAT, written);
	EXPECT_EQ(0, events_of(self->end[0], POLLOUT, 0));
	EXPECT_EQ(written, drain_exactly(self->end[1], written));
	EXPECT_EQ(POLLOUT, events_of(self->end[0], POLLOUT, 5));

	EXPECT_TRUE(becomes(self->end[0], self->end[1], "\n", "\n"));
	ASSERT_EQ(2, write(self->end[0], "ca", 2));
	ASSERT_EQ(0, ioctl(self->end[1], I_FLUSH, FLUSHR));
	EXPECT_TRUE(becomes(self->end[0], self->end[1], "t\n", "t\n"));
}

TEST_F(reword, has_one_table_for_all_streams)
{
	struct reword_rule rules[REWORD_RULES];
	struct reword_stat stat;
	int other[2], tables, again;

	ASSERT_EQ(0, open_pair(other, O_RDWR));
	ASSERT_EQ(0, ioctl(other[1], I_PUSH, "reword"));
	EXPECT_TRUE(becomes(other[0], other[1], "cat\n", "dog\n"));
	ASSERT_LT(0, SET(other[1], { "cat", "bird" }));
	EXPECT_TRUE(becomes(self->end[0], self->end[1], "cat kitten\n", "bird kitten\n"));
	EXPECT_EQ(1, get_rules(self->end[1], rules, &tables));
	EXPECT_STREQ("cat", rules[0].reword_from);
	EXPECT_STREQ("bird", rules[0].reword_to);
	EXPECT_EQ(tables + 1, set_rules(other[1], NULL, 0));
	EXPECT_EQ(0, get_rules(self->end[1], rules, &again));
	EXPECT_EQ(tables + 1, again);
	EXPECT_TRUE(becomes(other[0], other[1], "cat\n", "cat\n"));

	ASSERT_EQ(0, reword_stat(self->end[1], &stat));
	EXPECT_EQ(1, (int)stat.reword_messages);
	EXPECT_EQ(2, (int)stat.reword_words);
	EXPECT_EQ(1, (int)stat.reword_replaced);
	EXPECT_EQ(0, (int)stat.reword_rules);
	EXPECT_EQ(again, (int)stat.reword_tables);
	close(other[0]);
	close(other[1]);
}

static int try_as_nobody(int fd)
{
	pid_t child = fork();

	if (!child) {
		if (setgid(65534) || setuid(65534))
			_exit(99);
		_exit(SET(fd, { "dog", "cat" }) < 0 ? errno : 0);
	}
	return child_status(child, 10);
}

TEST_F(reword, takes_no_table_that_is_wrong)
{
	static const struct reword_rule many[REWORD_RULES + 1];
	struct reword_rule rules[REWORD_RULES];
	int fd = self->end[1], before, after, len = sizeof(rules[0]) - 1;

	EXPECT_EQ(4, get_rules(fd, rules, &before));
#define EXPECT_REFUSED(error, call)			\
	do {						\
		EXPECT_EQ(-1, call);			\
		EXPECT_EQ(error, errno);		\
	} while (0)
	EXPECT_REFUSED(EINVAL, SET(fd, { "dog", "a" }, { "", "b" }));
	EXPECT_REFUSED(EINVAL, SET(fd, { "two words", "b" }));
	EXPECT_REFUSED(EINVAL, SET(fd, { "0123456789abcdef", "b" }));
	EXPECT_REFUSED(EINVAL, SET(fd, { "b", "0123456789abcdef" }));
	EXPECT_REFUSED(EINVAL, set_rules(fd, many, REWORD_RULES + 1));
	EXPECT_REFUSED(EINVAL, str_ioctl(fd, REWORD_SET, rules, &len, 5));
	EXPECT_REFUSED(EINVAL, ioctl(fd, REWORD_SET, rules));
	EXPECT_REFUSED(EINVAL, ioctl(fd, REWORD_GET, rules));
	EXPECT_REFUSED(EINVAL, ioctl(fd, REWORD_STAT, rules));
	EXPECT_EQ(EPERM, try_as_nobody(fd));
	EXPECT_EQ(4, get_rules(fd, rules, &after));
	EXPECT_EQ(before, after);
	EXPECT_TRUE(becomes(self->end[0], fd, "cat dog\n", "dog dog\n"));
}

/*
 * Streams that are under load while others set the rules, again and again.  Two
 * tables map every word of a line to "even" or every word to "odd", so that a line
 * that met parts of both shows it.  The lines are numbered.
 */
#define WORDS	8
#define LINES	3000
#define LINE	"one two three four five six seven eight"

static struct reword_rule tables[2][WORDS];

static void make_tables(void)
{
	static const char *const words[WORDS] = {
		"one", "two", "three", "four", "five", "six", "seven", "eight"
	};

	for (int t = 0; t < 2; t++) {
		for (int i = 0; i < WORDS; i++) {
			strcpy(tables[t][i].reword_from, words[i]);
			strcpy(tables[t][i].reword_to, t ? "odd" : "even");
		}
	}
}

struct stream {
	int		end[2], wrong;
	int		met[2];		/* lines that met each table */
	pthread_t	writes, reads;
};

static void *write_lines(void *arg)
{
	struct stream *stream = arg;
	char line[128];

	for (int i = 0; i < LINES; i++) {
		int len = snprintf(line, sizeof(line), "%d " LINE "\n", i);

		if (write(stream->end[0], line, len) != len)
			stream->wrong++;
	}
	return NULL;
}

/* table_of - the table that a line met as a whole; -1 if it did not, or is not this one */
static int table_of(const char *line, int number)
{
	static const char *const words[2] = { "even", "odd" };
	char whole[128];

	for (int t = 0; t < 2; t++) {
		int len = snprintf(whole, sizeof(whole), "%d", number);

		for (int i = 0; i < WORDS; i++)
			len += snprintf(whole + len, sizeof(whole) - len, " %s", words[t]);
		snprintf(whole + len, sizeof(whole) - len, "\n");
		if (!strcmp(line, whole))
			return t;
	}
	return -1;
}

static void *read_lines(void *arg)
{
	struct stream *stream = arg;
	char line[256];

	if (ioctl(stream->end[1], I_SRDOPT, RMSGN))
		stream->wrong++;
	for (int i = 0; i < LINES; i++) {
		ssize_t len = events_of(stream->end[1], POLLIN, 10) & POLLIN ?
			read(stream->end[1], line, sizeof(line) - 1) : 0;
		int table;

		line[len < 0 ? 0 : len] = '\0';
		if (len <= 0) {
			stream->wrong++;
			break;
		}
		table = table_of(line, i);
		if (table >= 0)
			stream->met[table]++;
		else if (stream->wrong++ == 0)
			printf("# line %d came as \"%s\"\n", i, line);
	}
	return NULL;
}

static volatile bool enough;

struct changer {
	int		fd, changes, wrong;
	pthread_t	thread;
};

static void *change_rules(void *arg)
{
	struct changer *changer = arg;
	struct reword_rule rules[REWORD_RULES];

	for (; !enough; changer->changes++) {
		int number, count;

		changer->wrong += set_rules(changer->fd, tables[changer->changes % 2], WORDS) < 0;
		count = get_rules(changer->fd, rules, &number);
		if (count != WORDS || (memcmp(rules, tables[0], sizeof(tables[0])) &&
				       memcmp(rules, tables[1], sizeof(tables[1]))))
			changer->wrong++;
	}
	return NULL;
}

/* push_and_pop - instances that come and go: their open and close are inside, too */
static void *push_and_pop(void *arg)
{
	struct changer *changer = arg;

	for (; !enough; changer->changes++) {
		if (ioctl(changer->fd, I_PUSH, "reword") || ioctl(changer->fd, I_POP, 0))
			changer->wrong++;
	}
	return NULL;
}

#define STREAMS 3
#define CHANGERS 2

TEST_F_TIMEOUT(reword, changes_its_rules_for_all_at_once, 60)
{
	struct stream stream[STREAMS] = { 0 };
	struct changer changer[CHANGERS + 1] = { 0 };
	struct reword_stat stat;
	int before, changes = 0, met[2] = { 0 };

	make_tables();
	enough = false;
	before = set_rules(self->end[1], tables[0], WORDS);
	ASSERT_LT(0, before);
	for (int i = 0; i < STREAMS; i++) {
		ASSERT_EQ(0, open_pair(stream[i].end, O_RDWR));
		ASSERT_EQ(0, ioctl(stream[i].end[1], I_PUSH, "reword"));
	}
	for (int i = 0; i <= CHANGERS; i++) {
		/* One on a stream of its own, one on one that is under load. */
		changer[i].fd = i == 0 ? self->end[1] :
				i == 1 ? stream[0].end[1] : self->end[0];
		ASSERT_EQ(0, pthread_create(&changer[i].thread, NULL,
					    i < CHANGERS ? change_rules : push_and_pop,
					    &changer[i]));
	}
	for (int i = 0; i < STREAMS; i++) {
		ASSERT_EQ(0, pthread_create(&stream[i].reads, NULL, read_lines, &stream[i]));
		ASSERT_EQ(0, pthread_create(&stream[i].writes, NULL, write_lines, &stream[i]));
	}
	for (int i = 0; i < STREAMS; i++) {
		pthread_join(stream[i].writes, NULL);
		pthread_join(stream[i].reads, NULL);
		EXPECT_EQ(0, stream[i].wrong);
		met[0] += stream[i].met[0];
		met[1] += stream[i].met[1];
	}
	enough = true;
	for (int i = 0; i <= CHANGERS; i++) {
		pthread_join(changer[i].thread, NULL);
		EXPECT_EQ(0, changer[i].wrong);
		EXPECT_LT(0, changer[i].changes);
		changes += i < CHANGERS ? changer[i].changes : 0;
	}
	/* Each change was made once, and there were lines before and after one. */
	ASSERT_EQ(0, reword_stat(self->end[1], &stat));
	EXPECT_EQ(before + changes, (int)stat.reword_tables);
	EXPECT_EQ(STREAMS * LINES, met[0] + met[1]);
	EXPECT_LT(0, met[0]);
	EXPECT_LT(0, met[1]);
	for (int i = 0; i < STREAMS; i++) {
		EXPECT_EQ(0, reword_stat(stream[i].end[1], &stat));
		EXPECT_EQ(LINES, (int)stat.reword_messages);
		EXPECT_EQ(LINES * (WORDS + 1), (int)stat.reword_words);
		EXPECT_EQ(LINES * WORDS, (int)stat.reword_replaced);
		close_now(stream[i].end[0]);
		close_now(stream[i].end[1]);
	}
}

/* A timer that is due at any moment of the close: it is cancelled, or was called. */
TEST_F_TIMEOUT(reword, closes_beside_its_timer, 60)
{
	for (int i = 0; i < 60; i++) {
		char got[16];

		ASSERT_EQ(3, write(self->end[0], "cat", 3));
		/* around the tenth of a second after which the timer is due */
		pause_ms(70 + i);
		ASSERT_EQ(0, ioctl(self->end[1], I_POP, 0));
		ASSERT_EQ(3, read(self->end[1], got, sizeof(got)));
		EXPECT_EQ(0, memcmp("dog", got, 3));
		ASSERT_EQ(0, ioctl(self->end[1], I_PUSH, "reword"));
	}
	EXPECT_TRUE(empty(self->end[1]));
}

TEST_HARNESS_MAIN
