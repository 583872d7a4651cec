// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unloading: refused while in use, clean afterwards, and nothing stays behind
 * that keeps the module from being loaded again.
 *
 * The kernel modules are loaded from STREAMS_MODDIR; by default from where they
 * are installed, or else from /modules.
 */
#include "streams_test.h"

#include <sys/hub.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

static int load_from(const char *folder, const char *module)
{
	char path[256];
	int fd, result;

	snprintf(path, sizeof(path), "%s/%s.ko", folder, module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = syscall(SYS_finit_module, fd, "", 0);
	close(fd);
	return result;
}

static int load(const char *module)
{
	const char *folder = getenv("STREAMS_MODDIR");
	char installed[128];
	struct utsname system;

	if (folder)
		return load_from(folder, module);
	uname(&system);
	snprintf(installed, sizeof(installed), "/lib/modules/%s/extra", system.release);
	return load_from(access(installed, F_OK) ? "/modules" : installed, module);
}

static int unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK);
}

/* unload_soon - the last reference may go a moment after the last close */
static int unload_soon(const char *module)
{
	long long deadline = now_ms() + 3000LL * slow();

	while (unload(module)) {
		if (errno != EWOULDBLOCK || now_ms() > deadline)
			return -1;
		pause_ms(10);
	}
	return 0;
}

/* In the order in which they need each other.  Not all of them are on each system. */
static const char *const all[] = {
	"streams", "streams_nullmod", "streams_relay", "streams_reword", "streams_pfmod",
	"streams_bufmod", "streams_echo", "streams_hub", "streams_loop", "streams_dlpi",
	"streams_loopeth", "streams_netdev", "streams_e1000g",
};

#define ALL ((int)(sizeof(all) / sizeof(*all)))

/* gone_soon - unload it, if it is there */
static int gone_soon(const char *module)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	return access(path, F_OK) ? 0 : unload_soon(module);
}

FIXTURE(modules)
{
	int fd;
};

FIXTURE_SETUP(modules)
{
	if (geteuid())
		SKIP(return, "needs root, to unload modules");
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(modules)
{
	close_now(self->fd);
	/* Whatever was taken out comes back, for the tests after this one. */
	for (int i = 0; i < ALL; i++)
		load(all[i]);
}

#define EXPECT_ERROR(error, call)		\
	do {					\
		EXPECT_EQ(-1, call);		\
		EXPECT_EQ(error, errno);	\
	} while (0)

TEST_F(modules, a_pushed_module_stays)
{
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "relay"));
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_relay"));
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "nullmod"));
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_relay"));
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_nullmod"));
	ASSERT_EQ(0, ioctl(self->fd, I_POP, 0));
	EXPECT_EQ(0, unload_soon("streams_nullmod"));
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_relay"));
	ASSERT_EQ(0, ioctl(self->fd, I_POP, 0));
	EXPECT_EQ(0, unload_soon("streams_relay"));

	ASSERT_EQ(0, load("streams_relay"));
	EXPECT_EQ(0, ioctl(self->fd, I_PUSH, "relay"));
	EXPECT_EQ(4, write(self->fd, "back", 4));
	EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
}

TEST_F(modules, the_last_close_lets_modules_go)
{
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "relay"));
	ASSERT_LT(0, fill(self->fd, 100));
	EXPECT_EQ(0, close_now(self->fd));
	EXPECT_EQ(0, unload_soon("streams_relay"));
}

/* A word is kept back and its timer is pending: the module stays, and then goes at once. */
TEST_F(modules, a_module_with_a_timer_stays)
{
	ASSERT_EQ(0, ioctl(self->fd, I_PUSH, "reword"));
	ASSERT_EQ(4, write(self->fd, "word", 4));
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_reword"));
	ASSERT_EQ(0, ioctl(self->fd, I_POP, 0));
	EXPECT_EQ(0, unload_soon("streams_reword"));
	EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
}

TEST_F(modules, a_failed_push_holds_nothing)
{
	while (ioctl(self->fd, I_PUSH, "nullmod") == 0)
		;
	EXPECT_EQ(EINVAL, errno);
	while (ioctl(self->fd, I_POP, 0) == 0)
		;
	EXPECT_EQ(0, ioctl(self->fd, I_FIND, "nullmod"));
	EXPECT_EQ(0, unload_soon("streams_nullmod"));
}

TEST_F(modules, an_open_driver_stays)
{
	int second = dup(self->fd);

	EXPECT_ERROR(EWOULDBLOCK, unload("streams_echo"));
	close(self->fd);
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_echo"));
	close(second);
	EXPECT_EQ(0, unload_soon("streams_echo"));
	EXPECT_EQ(-1, access(ECHO_NODE, F_OK));

	ASSERT_EQ(0, load("streams_echo"));
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(4, write(self->fd, "back", 4));
	EXPECT_EQ(POLLIN, events_of(self->fd, POLLIN, 5));
}

TEST_F(modules, two_joined_streams_hold_their_driver)
{
	int end[2];

	ASSERT_EQ(0, open_pair(end, O_RDWR));
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_loop"));
	close(end[0]);
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_loop"));
	close(end[1]);
	EXPECT_EQ(0, unload_soon("streams_loop"));
}

/* Also with messages in it that nobody reads, and after it has hung others up. */
TEST_F(modules, ports_of_a_hub_hold_their_driver)
{
	int port[3];

	for (int i = 0; i < 3; i++) {
		port[i] = open("/dev/streams/hub", O_RDWR);
		ASSERT_LE(0, port[i]);
	}
	ASSERT_LT(0, fill(port[0], 100));
	ASSERT_EQ(0, ioctl(port[2], HUB_LEAD, 0));
	close(port[2]);
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_hub"));
	close_now(port[0]);
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_hub"));
	close_now(port[1]);
	EXPECT_EQ(0, unload_soon("streams_hub"));
	EXPECT_EQ(-1, access("/dev/streams/hub", F_OK));
}

TEST_F(modules, the_core_stays_while_it_is_needed)
{
	EXPECT_ERROR(EWOULDBLOCK, unload("streams"));
	close(self->fd);
	for (int i = ALL - 1; i > 1; i--) {
		EXPECT_EQ(0, gone_soon(all[i]))
			TH_LOG("%s", all[i]);
	}
	EXPECT_ERROR(EWOULDBLOCK, unload("streams"));
	EXPECT_EQ(0, unload_soon("streams_nullmod"));
	EXPECT_EQ(0, unload_soon("streams"));
	EXPECT_EQ(-1, access("/sys/module/streams", F_OK));

	ASSERT_EQ(0, load("streams"));
	ASSERT_EQ(0, load("streams_echo"));
	self->fd = open(ECHO_NODE, O_RDWR);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(1, isastream(self->fd));
}

TEST_F(modules, a_network_driver_stays_while_it_has_a_stream)
{
	int fd[2];

	if (access("/dev/streams/loopeth", F_OK))
		SKIP(return, "needs the driver loopeth");
	fd[0] = open("/dev/streams/loopeth", O_RDWR);
	fd[1] = open("/dev/streams/loopeth1", O_RDWR);
	ASSERT_LE(0, fd[0]);
	ASSERT_LE(0, fd[1]);
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_loopeth"));
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_dlpi"));
	close(fd[0]);
	EXPECT_ERROR(EWOULDBLOCK, unload("streams_loopeth"));
	close(fd[1]);
	EXPECT_EQ(0, unload_soon("streams_loopeth"));
	EXPECT_EQ(-1, access("/dev/streams/loopeth", F_OK));
	EXPECT_EQ(-1, access("/dev/streams/loopeth1", F_OK));
	ASSERT_EQ(0, load("streams_loopeth"));
	fd[1] = open("/dev/streams/loopeth1", O_RDWR);
	EXPECT_LE(0, fd[1]);
	close(fd[1]);
}

/* modprobe_knows - the kernel has a modprobe to call, and it finds the module */
static bool modprobe_knows(const char *alias)
{
	char path[256] = "", command[512];
	int fd = open("/proc/sys/kernel/modprobe", O_RDONLY);
	ssize_t len = fd < 0 ? -1 : read(fd, path, sizeof(path) - 1);

	close(fd);
	if (len <= 1)
		return false;
	path[strcspn(path, "\n")] = 0;
	if (access(path, X_OK))
		return false;
	snprintf(command, sizeof(command), "%s -D %s >/dev/null 2>&1", path, alias);
	return system(command) == 0;
}

TEST_F(modules, a_push_loads_what_is_missing)
{
	ASSERT_EQ(0, unload_soon("streams_nullmod"));
	if (!modprobe_knows("streams-module-nullmod"))
		SKIP(return, "no modprobe that knows streams-module-nullmod");
	EXPECT_EQ(0, ioctl(self->fd, I_PUSH, "nullmod"));
	EXPECT_EQ(0, access("/sys/module/streams_nullmod", F_OK));
}

TEST_F(modules, a_push_without_the_module)
{
	ASSERT_EQ(0, unload_soon("streams_nullmod"));
	if (modprobe_knows("streams-module-nullmod"))
		SKIP(return, "modprobe would load it");
	EXPECT_ERROR(EINVAL, ioctl(self->fd, I_PUSH, "nullmod"));
	ASSERT_EQ(0, load("streams_nullmod"));
	EXPECT_EQ(0, ioctl(self->fd, I_PUSH, "nullmod"));
}

TEST_HARNESS_MAIN
