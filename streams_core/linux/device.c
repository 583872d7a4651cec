// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes under /dev/streams.
 *
 * A driver has a major number of its own.  Its clone node belongs to the clone
 * major, whose minor numbers are the majors of drivers, as elsewhere.  devtmpfs
 * makes the nodes, with the mode that the driver asks for; no daemon is needed.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/version.h>
#include "file.h"
#include "shim.h"

static struct class *streams_class;
static int clone_major;

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static char *streams_devnode(struct device *dev, umode_t *mode)
#else
static char *streams_devnode(const struct device *dev, umode_t *mode)
#endif
{
	if (mode)
		*mode = (umode_t)(unsigned long)dev_get_drvdata(dev);
	return kasprintf(GFP_KERNEL, "streams/%s", dev_name(dev));
}

static struct class *make_class(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	return class_create(THIS_MODULE, "streams");
#else
	return class_create("streams");
#endif
}

int lin_nodes_init(void)
{
	streams_class = make_class();
	if (IS_ERR(streams_class))
		return PTR_ERR(streams_class);
	streams_class->devnode = streams_devnode;
	clone_major = __register_chrdev(0, 0, 1 << MINORBITS, "streams", &strm_fops);
	if (clone_major < 0) {
		class_destroy(streams_class);
		return clone_major;
	}
	return 0;
}

void lin_nodes_exit(void)
{
	__unregister_chrdev(clone_major, 0, 1 << MINORBITS, "streams");
	class_destroy(streams_class);
}

major_t lin_clone_major(void)
{
	return clone_major;
}

int lin_chrdev_register(const char *name, major_t *major)
{
	int number = __register_chrdev(0, 0, 1 << MINORBITS, name, &strm_fops);

	if (number < 0)
		return number;
	*major = number;
	return 0;
}

void lin_chrdev_unregister(const char *name, major_t major)
{
	__unregister_chrdev(major, 0, 1 << MINORBITS, name);
}

/* The caller lets one thread at a time make nodes: so a name that is free stays free. */
int lin_node_create(major_t major, minor_t minor, unsigned int mode, const char *name)
{
	struct device *node = class_find_device_by_name(streams_class, name);

	if (node) {
		put_device(node);
		return -EEXIST;
	}
	node = device_create(streams_class, NULL, MKDEV(major, minor),
			     (void *)(unsigned long)mode, "%s", name);
	return PTR_ERR_OR_ZERO(node);
}

void lin_node_destroy(major_t major, minor_t minor)
{
	device_destroy(streams_class, MKDEV(major, minor));
}

/* For drivers that say nothing of their nodes' modes; udev rules may say more. */
static ushort node_mode = 0600;
module_param(node_mode, ushort, 0644);
MODULE_PARM_DESC(node_mode, "permission bits of nodes whose driver does not say");

unsigned int lin_node_mode(void)
{
	return node_mode & 0777;
}
