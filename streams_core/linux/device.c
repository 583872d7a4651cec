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

static int make_node(dev_t dev, unsigned int mode, const char *name)
{
	struct device *node = device_create(streams_class, NULL, dev,
					    (void *)(unsigned long)mode, "%s", name);

	return PTR_ERR_OR_ZERO(node);
}

static void remove_nodes(major_t major, unsigned int minors)
{
	while (minors--)
		device_destroy(streams_class, MKDEV(major, minors));
	device_destroy(streams_class, MKDEV(clone_major, major));
}

int lin_driver_nodes_create(const char *name, unsigned int minors, unsigned int mode,
			    major_t *major)
{
	int number = __register_chrdev(0, 0, 1 << MINORBITS, name, &strm_fops);
	char node[32];
	int error;
	unsigned int i;

	if (number < 0)
		return number;
	*major = number;
	error = make_node(MKDEV(clone_major, number), mode, name);
	for (i = 0; !error && i < minors; i++) {
		snprintf(node, sizeof(node), "%s%u", name, i);
		error = make_node(MKDEV(number, i), mode, node);
	}
	if (error) {
		remove_nodes(number, minors);
		__unregister_chrdev(number, 0, 1 << MINORBITS, name);
	}
	return error;
}

void lin_driver_nodes_destroy(const char *name, unsigned int minors, major_t major)
{
	remove_nodes(major, minors);
	__unregister_chrdev(major, 0, 1 << MINORBITS, name);
}
