// SPDX-License-Identifier: GPL-2.0-only
//
// The nodes of a driver: clone nodes, and those of its minors.
//
// All drivers share one folder, and so one space of names: a name that is taken
// is refused, never shared.  And a device number has one node: the kernel's
// device model knows no aliases.
#include <streams_core/plumbing/registry.hh>
#include <sys/errno.h>

namespace strm {

namespace {

constexpr minor_t most_minors = 1 << 20;
constexpr minor_t clone_step = 1 << major_bits;

constinit LockClass nodes_lock_class{ "streams_nodes", {} };
constinit Late<Mutex> nodes_lock; // the lists of nodes of all drivers

// A file name, and one that a shell script can be trusted with.
bool acceptable_node_name(const char *name)
{
	size_t length = 0;

	for (; name[length]; length++) {
		const char c = name[length];
		if (c <= ' ' || c > '~' || c == '/' || c == '!' || length + 1 >= sizeof(Node::name))
			return false;
	}
	return length != 0 && name[0] != '.' && name[0] != '-';
}

// With nodes_lock, as are the next two.
bool has_node(const Registered &driver, major_t major, minor_t minor)
{
	for (const Node *it = driver.nodes; it; it = it->next) {
		if (it->major == major && it->minor == minor)
			return true;
	}
	return false;
}

int add_node(Registered &driver, Node *node, u32 mode)
{
	if (has_node(driver, node->major, node->minor))
		return EEXIST;
	int error = -lin_node_create(node->major, node->minor, mode, node->name);
	if (error)
		return error;
	node->next = driver.nodes;
	driver.nodes = node;
	return 0;
}

// The minor number of another clone node, or one that does not exist.
minor_t free_clone(const Registered &driver)
{
	minor_t minor = driver.major;

	while (minor < most_minors && has_node(driver, lin_clone_major(), minor))
		minor += clone_step;
	return minor;
}

Node *make_node(const char *name)
{
	auto *node = static_cast<Node *>(lin_kzalloc(sizeof(Node), LIN_GFP_KERNEL));

	if (node) {
		__builtin_strcpy(node->name, name);
		__builtin_strcpy(node->asked, name);
	}
	return node;
}

int add_clone(Registered &driver, Node *node, u32 mode)
{
	node->major = lin_clone_major();
	node->minor = free_clone(driver);
	return node->minor < most_minors ? add_node(driver, node, mode) : ENOSPC;
}

template <typename Unwanted> void remove_nodes_if(Registered &driver, Unwanted unwanted)
{
	MutexGuard guard(*nodes_lock);

	for (Node **link = &driver.nodes; *link;) {
		Node *node = *link;
		if (!unwanted(*node)) {
			link = &node->next;
			continue;
		}
		lin_node_destroy(node->major, node->minor);
		*link = node->next;
		lin_kfree(node);
	}
}

} // namespace

// The driver's own name is that of its clone node: a minor called like the
// driver gets its number behind it.
int add_minor_node(Registered &driver, const char *name, minor_t minor, u32 mode)
{
	if (!acceptable_node_name(name) || minor >= most_minors)
		return EINVAL;
	Node *node = make_node(name);
	if (!node)
		return ENOMEM;
	node->major = driver.major;
	node->minor = minor;
	if (__builtin_strcmp(name, driver.name) == 0)
		lin_snprintf(node->name, sizeof(node->name), "%s%u", name, minor);
	int error;
	{
		MutexGuard guard(*nodes_lock);
		error = add_node(driver, node, mode);
	}
	if (error)
		lin_kfree(node);
	return error;
}

int add_clone_node(Registered &driver, const char *name, u32 mode)
{
	if (!acceptable_node_name(name))
		return EINVAL;
	Node *node = make_node(name);
	if (!node)
		return ENOMEM;
	int error;
	{
		MutexGuard guard(*nodes_lock);
		error = add_clone(driver, node, mode);
	}
	if (error)
		lin_kfree(node);
	return error;
}

int have_clone_node(Registered &driver, u32 mode)
{
	Node *node = make_node(driver.name);
	if (!node)
		return ENOMEM;
	node->asked[0] = '\0';
	int error = 0;
	bool there;
	{
		MutexGuard guard(*nodes_lock);
		there = free_clone(driver) != driver.major;
		if (!there)
			error = add_clone(driver, node, mode);
	}
	if (there || error)
		lin_kfree(node);
	return error;
}

void remove_node(Registered &driver, const char *asked)
{
	remove_nodes_if(driver, [asked](const Node &node) {
		return node.asked[0] && (!asked || __builtin_strcmp(node.asked, asked) == 0);
	});
}

void remove_minor_node(Registered &driver, minor_t minor)
{
	remove_nodes_if(driver, [&driver, minor](const Node &node) {
		return node.major == driver.major && node.minor == minor;
	});
}

void remove_all_nodes(Registered &driver)
{
	remove_nodes_if(driver, [](const Node &) { return true; });
}

int nodes_init()
{
	nodes_lock.make(nodes_lock_class);
	return 0;
}

} // namespace strm
