// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pushing and popping modules, asking what is there, and traffic meanwhile.
 */
#include "streams_test.h"

FIXTURE(echo)
{
	int fd;
	char name[FMNAMESZ + 1];
};

FIXTURE_SETUP(echo)
{
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(echo)
{
	close_now(self->fd);
}

#define EXPECT_ERROR(error, call)		\
	do {					\
		EXPECT_EQ(-1, call);		\
		EXPECT_EQ(error, errno);	\
	} while (0)

static int push(int fd, const char *name)
{
	return ioctl(fd, I_PUSH, name);
}

static int pop(int fd)
{
	return ioctl(fd, I_POP, 0);
}

TEST_F(echo, names_that_are_no_module)
{
	char endless[64];

	memset(endless, 'x', sizeof(endless));
	EXPECT_ERROR(EINVAL, push(self->fd, "nosuch"));
	EXPECT_ERROR(EINVAL, push(self->fd, ""));
	EXPECT_ERROR(EINVAL, push(self->fd, "nullmodxx"));
	EXPECT_ERROR(EINVAL, push(self->fd, endless));
	EXPECT_ERROR(EINVAL, push(self->fd, "echo"));
	EXPECT_ERROR(EFAULT, push(self->fd, nowhere));
	EXPECT_EQ(1, ioctl(self->fd, I_LIST, NULL));
}

TEST_F(echo, a_name_may_end_where_memory_does)
{
	char *name = edge_of_memory(sizeof("relay"));

	ASSERT_NE(NULL, name);
	memcpy(name, "relay", sizeof("relay"));
	EXPECT_EQ(0, push(self->fd, name));
	EXPECT_EQ(1, ioctl(self->fd, I_FIND, name));
}

TEST_F(echo, the_last_one_pushed_is_on_top)
{
	struct str_mlist names[8];
	struct str_list list = { .sl_nmods = 8, .sl_modlist = names };

	ASSERT_EQ(0, push(self->fd, "nullmod"));
	ASSERT_EQ(0, push(self->fd, "relay"));
	EXPECT_EQ(0, ioctl(self->fd, I_LOOK, self->name));
	EXPECT_STREQ("relay", self->name);

	EXPECT_EQ(3, ioctl(self->fd, I_LIST, NULL));
	EXPECT_EQ(0, ioctl(self->fd, I_LIST, &list));
	EXPECT_EQ(3, list.sl_nmods);
	EXPECT_STREQ("relay", names[0].l_name);
	EXPECT_STREQ("nullmod", names[1].l_name);
	EXPECT_STREQ("echo", names[2].l_name);

	EXPECT_EQ(0, pop(self->fd));
	EXPECT_EQ(0, ioctl(self->fd, I_LOOK, self->name));
	EXPECT_STREQ("nullmod", self->name);
	EXPECT_EQ(0, pop(self->fd));
	EXPECT_ERROR(EINVAL, ioctl(self->fd, I_LOOK, self->name));
	EXPECT_ERROR(EINVAL, pop(self->fd));
}

TEST_F(echo, a_list_with_little_room)
{
	struct str_mlist names[2] = { { "" }, { "keep" } };
	struct str_list list = { .sl_nmods = 1, .sl_modlist = names };

	ASSERT_EQ(0, push(self->fd, "nullmod"));
	EXPECT_EQ(0, ioctl(self->fd, I_LIST, &list));
	EXPECT_EQ(1, list.sl_nmods);
	EXPECT_STREQ("nullmod", names[0].l_name);
	EXPECT_STREQ("keep", names[1].l_name);
	list.sl_nmods = 0;
	EXPECT_ERROR(EINVAL, ioctl(self->fd, I_LIST, &list));
	list.sl_nmods = -1;
	EXPECT_ERROR(EINVAL, ioctl(self->fd, I_LIST, &list));
	list.sl_nmods = 2;
	list.sl_modlist = (void *)nowhere;
	EXPECT_ERROR(EFAULT, ioctl(self->fd, I_LIST, &list));
	EXPECT_ERROR(EFAULT, ioctl(self->fd, I_LIST, nowhere));
	EXPECT_ERROR(EFAULT, ioctl(self->fd, I_LOOK, nowhere));
}

TEST_F(echo, finding_a_module)
{
	EXPECT_EQ(0, ioctl(self->fd, I_FIND, "relay"));
	ASSERT_EQ(0, push(self->fd, "relay"));
	ASSERT_EQ(0, push(self->fd, "nullmod"));
	EXPECT_EQ(1, ioctl(self->fd, I_FIND, "relay"));
	EXPECT_EQ(1, ioctl(self->fd, I_FIND, "nullmod"));
	EXPECT_ERROR(EINVAL, ioctl(self->fd, I_FIND, "nosuch"));
	EXPECT_ERROR(EFAULT, ioctl(self->fd, I_FIND, nowhere));
}

TEST_F(echo, there_is_a_limit)
{
	char text[8] = "";
	int count = 0;

	while (count < 1000 && push(self->fd, "nullmod") == 0)
		count++;
	EXPECT_EQ(EINVAL, errno);
	EXPECT_LE(8, count);
	EXPECT_GT(1000, count);
	EXPECT_EQ(count + 1, ioctl(self->fd, I_LIST, NULL));
	ASSERT_EQ(4, write(self->fd, "deep", 4));
	EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
	EXPECT_EQ(4, read(self->fd, text, sizeof(text)));
	EXPECT_STREQ("deep", text);
	while (count > 0 && pop(self->fd) == 0)
		count--;
	EXPECT_EQ(0, count);
	EXPECT_ERROR(EINVAL, pop(self->fd));
}

TEST_F_TIMEOUT(echo, messages_pass_through_modules_in_order, 10)
{
	struct got got;
	char text[16];

	ASSERT_EQ(0, push(self->fd, "relay"));
	ASSERT_EQ(0, push(self->fd, "nullmod"));
	ASSERT_EQ(0, push(self->fd, "relay"));
	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), "%d", i);
		ASSERT_EQ(0, put_text(self->fd, i % 3 ? text : NULL, text, i % 2, MSG_BAND));
		got = get_any(self->fd);
		ASSERT_EQ(0, got.result);
		ASSERT_STREQ(text, got.data);
		ASSERT_STREQ(i % 3 ? text : "", got.ctl);
		ASSERT_EQ(i % 2, got.band);
	}
}

TEST_F(echo, high_priority_overtakes_in_a_module)
{
	/* Full: the relay now holds ordinary messages back, but not this one. */
	ASSERT_EQ(0, push(self->fd, "relay"));
	ASSERT_LT(0, fill(self->fd, 64));
	ASSERT_EQ(0, put_text(self->fd, "urgent", NULL, 0, MSG_HIPRI));
	EXPECT_EQ(POLLPRI, events_of(self->fd, POLLPRI, 5));
	EXPECT_STREQ("urgent", get_any(self->fd).ctl);
}

TEST_F(echo, what_waits_in_a_module_survives_its_pop)
{
	long total;

	ASSERT_EQ(0, push(self->fd, "relay"));
	ASSERT_EQ(0, push(self->fd, "relay"));
	total = fill(self->fd, 100);
	ASSERT_LT(TEST_HIWAT, total);
	EXPECT_EQ(0, pop(self->fd));
	EXPECT_EQ(0, pop(self->fd));
	EXPECT_EQ(total, drain_exactly(self->fd, total));
	EXPECT_TRUE(empty(self->fd));
}

TEST_F(echo, a_push_beside_waiting_messages)
{
	long total = fill(self->fd, 100);

	ASSERT_LT(0, total);
	EXPECT_EQ(0, push(self->fd, "relay"));
	EXPECT_EQ(0, push(self->fd, "nullmod"));
	EXPECT_EQ(total, drain_exactly(self->fd, total));
	EXPECT_TRUE(empty(self->fd));
}

/* count_up - write this many numbers, each a message */
static void count_up(int fd, int count)
{
	for (int i = 0; i < count; i++)
		if (write(fd, &i, sizeof(i)) != sizeof(i))
			_exit(1);
	_exit(0);
}

/* expect_count - read numbers, until as many have come in order as were written */
static void expect_count(int fd, int count)
{
	for (int i = 0, seen; i < count; i++)
		if (read(fd, &seen, sizeof(seen)) != sizeof(seen) || seen != i)
			_exit(1);
	_exit(0);
}

TEST_F_TIMEOUT(echo, modules_come_and_go_on_a_live_stream, 30)
{
	static const char *const names[] = { "relay", "nullmod" };
	const int count = 3000;
	int end[2], height[2] = { 0 }, turns = 0;
	pid_t writer, reader;

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	writer = fork();
	if (writer == 0)
		count_up(end[0], count);
	reader = fork();
	if (reader == 0)
		expect_count(end[1], count);

	for (; turns < 20 || alive(reader); turns++) {
		int side = turns & 1;

		if (height[side] < 3 && turns % 7 < 4) {
			ASSERT_EQ(0, push(end[side], names[turns / 2 % 2]));
			height[side]++;
		} else if (height[side] > 0) {
			ASSERT_EQ(0, pop(end[side]));
			height[side]--;
		}
	}
	EXPECT_EQ(0, child_status(writer, 10));
	EXPECT_EQ(0, child_status(reader, 10));
}

static int insert(int fd, int pos, const char *name)
{
	struct strmodconf at = { .pos = pos, .mod_name = (char *)name };

	return ioctl(fd, _I_INSERT, &at);
}

static int remove_at(int fd, int pos, const char *name)
{
	struct strmodconf at = { .pos = pos, .mod_name = (char *)name };

	return ioctl(fd, _I_REMOVE, &at);
}

/* is - what is on the stream, one letter for each, from the top */
static bool is(int fd, const char *letters)
{
	struct str_mlist names[20];
	struct str_list list = { .sl_nmods = 20, .sl_modlist = names };
	int count = strlen(letters);

	if (ioctl(fd, I_LIST, &list) < 0 || list.sl_nmods != count + 1)
		return false;
	for (int i = 0; i < count; i++)
		if (names[i].l_name[0] != letters[i])
			return false;
	return !strcmp(names[count].l_name, "echo");
}

TEST_F(echo, modules_come_and_go_anywhere)
{
	char c;

	ASSERT_EQ(0, insert(self->fd, 0, "nullmod"));
	ASSERT_EQ(0, insert(self->fd, 1, "relay"));
	EXPECT_TRUE(is(self->fd, "nr"));
	ASSERT_EQ(0, insert(self->fd, 0, "relay"));
	ASSERT_EQ(0, insert(self->fd, 2, "nullmod"));
	EXPECT_TRUE(is(self->fd, "rnnr"));
	EXPECT_EQ(1, write(self->fd, "x", 1));
	EXPECT_EQ(1, read(self->fd, &c, 1));

	EXPECT_EQ(0, remove_at(self->fd, 3, "relay"));
	EXPECT_TRUE(is(self->fd, "rnn"));
	EXPECT_EQ(0, remove_at(self->fd, 1, "nullmod"));
	EXPECT_EQ(0, remove_at(self->fd, 0, "relay"));
	EXPECT_TRUE(is(self->fd, "n"));
	EXPECT_EQ(0, pop(self->fd));
	EXPECT_TRUE(is(self->fd, ""));
}

TEST_F(echo, places_that_there_are_not)
{
	ASSERT_EQ(0, push(self->fd, "nullmod"));
	EXPECT_ERROR(EINVAL, insert(self->fd, -1, "relay"));
	EXPECT_ERROR(EINVAL, insert(self->fd, 2, "relay"));
	EXPECT_ERROR(EINVAL, insert(self->fd, 1, "nosuchmod"));
	EXPECT_ERROR(EINVAL, insert(self->fd, 1, "toolongname"));
	EXPECT_ERROR(EFAULT, insert(self->fd, 1, nowhere));
	EXPECT_ERROR(EFAULT, ioctl(self->fd, _I_INSERT, nowhere));

	EXPECT_ERROR(EINVAL, remove_at(self->fd, 0, "relay"));
	EXPECT_ERROR(EINVAL, remove_at(self->fd, 1, "echo"));
	EXPECT_ERROR(EINVAL, remove_at(self->fd, 2, "nullmod"));
	EXPECT_ERROR(EINVAL, remove_at(self->fd, -1, "nullmod"));
	EXPECT_ERROR(EFAULT, remove_at(self->fd, 0, nowhere));
	EXPECT_ERROR(EFAULT, ioctl(self->fd, _I_REMOVE, nowhere));
	EXPECT_TRUE(is(self->fd, "n"));
}

TEST_F(echo, a_hung_up_stream_keeps_its_modules)
{
	int end[2];

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	ASSERT_EQ(0, push(end[0], "nullmod"));
	close(end[1]);
	ASSERT_EQ(POLLHUP, events_of(end[0], 0, 5));
	EXPECT_ERROR(ENXIO, push(end[0], "relay"));
	EXPECT_ERROR(ENXIO, pop(end[0]));
	EXPECT_EQ(0, ioctl(end[0], I_LOOK, self->name));
	EXPECT_STREQ("nullmod", self->name);
	EXPECT_EQ(2, ioctl(end[0], I_LIST, NULL));
	EXPECT_EQ(1, ioctl(end[0], I_FIND, "nullmod"));
}

TEST_HARNESS_MAIN
