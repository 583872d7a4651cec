/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/devinfo.h>: the instance of a driver, its nodes and properties: the part
 * of <sys/sunddi.h> that attach and detach procedures use.
 *
 * A driver has one instance, number 0.  All of the functions here are called in
 * process context, and may sleep, where nothing else is said.
 */
#ifndef _SYS_DEVINFO_H
#define _SYS_DEVINFO_H

#include <sys/devops.h>
#include <sys/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds of nodes; accepted, without effect. */
#define DDI_PSEUDO		"ddi_pseudo"
#define DDI_NT_NET		"ddi_network"
#define DDI_NT_SERIAL		"ddi_serial"
#define DDI_NT_PRINTER		"ddi_printer"

/* ddi_create_minor_node(): flag */
#define CLONE_DEV		0x01	/* each open makes a stream of its own */

/**
 * ddi_create_minor_node() - make a node in /dev/streams, ddi_create_minor_node(9F)
 * @dip: the instance
 * @name: what the node is called; a minor called like the driver is called
 *	<driver><minor>
 * @spec_type: S_IFCHR
 * @minor_num: minor number, below 2^20
 * @node_type: DDI_PSEUDO ...; without effect
 * @flag: 0; CLONE_DEV makes a clone node, and @minor_num counts for nothing
 *
 * A driver that has made no clone node when it is attached gets one that is
 * called like itself.  The permission bits are those of the parameter node_mode
 * of streams.ko, 0600 if nobody set it.
 *
 * Context: process; attach procedures as a rule.
 * Return: DDI_SUCCESS; DDI_FAILURE for a bad name or type, a name that is taken,
 *	a second node for one number, or without memory.
 */
int ddi_create_minor_node(dev_info_t *dip, const char *name, int spec_type, minor_t minor_num,
			  const char *node_type, int flag);

/**
 * ddi_create_priv_minor_node() - ddi_create_minor_node() with permission bits
 * @dip: the instance
 * @name: what the node is called
 * @spec_type: S_IFCHR
 * @minor_num: minor number, below 2^20
 * @node_type: DDI_PSEUDO ...; without effect
 * @flag: 0 or CLONE_DEV
 * @rdpriv: without effect
 * @wrpriv: without effect
 * @priv_mode: permission bits of the node
 *
 * Context: process; attach procedures as a rule.
 * Return: as ddi_create_minor_node().
 */
int ddi_create_priv_minor_node(dev_info_t *dip, const char *name, int spec_type,
			       minor_t minor_num, const char *node_type, int flag,
			       const char *rdpriv, const char *wrpriv, int priv_mode);

/**
 * ddi_remove_minor_node() - remove nodes, ddi_remove_minor_node(9F)
 * @dip: the instance
 * @name: as it was made; NULL for all
 *
 * What is open stays open.  Nodes that a driver has left go when it is removed.
 *
 * Context: process; detach procedures as a rule.
 */
void ddi_remove_minor_node(dev_info_t *dip, const char *name);

/**
 * ddi_get_instance() - number of an instance, ddi_get_instance(9F)
 * @dip: the instance
 *
 * Context: any, interrupt included.
 * Return: 0.
 */
int ddi_get_instance(dev_info_t *dip);

/**
 * ddi_driver_name() - name of the driver, ddi_driver_name(9F)
 * @dip: the instance
 *
 * Context: any, interrupt included.
 * Return: the name, which is that of its .ko without ``streams_``.
 */
const char *ddi_driver_name(dev_info_t *dip);

/**
 * ddi_driver_major() - major number of the driver, ddi_driver_major(9F)
 * @dip: the instance
 *
 * Context: any, interrupt included.
 * Return: the number.
 */
major_t ddi_driver_major(dev_info_t *dip);

#define ddi_get_name(dip)	((char *)ddi_driver_name(dip))
#define ddi_binding_name(dip)	((char *)ddi_driver_name(dip))
#define ddi_node_name(dip)	((char *)ddi_driver_name(dip))

/**
 * ddi_name_to_major() - major number of a driver, ddi_name_to_major(9F)
 * @name: its name
 *
 * Context: process.
 * Return: the number; DDI_MAJOR_T_NONE where no driver of that name is there.
 */
major_t ddi_name_to_major(const char *name);

#define DDI_MAJOR_T_NONE	((major_t)-1)

/**
 * ddi_set_driver_private() - keep a pointer, ddi_set_driver_private(9F)
 * @dip: the instance
 * @data: the driver's own
 *
 * Context: any, interrupt included.
 */
void ddi_set_driver_private(dev_info_t *dip, void *data);

/**
 * ddi_get_driver_private() - what ddi_set_driver_private() kept
 * @dip: the instance
 *
 * Context: any, interrupt included.
 * Return: the pointer; NULL where none was kept.
 */
void *ddi_get_driver_private(dev_info_t *dip);

/**
 * ddi_report_dev() - say in the log that the instance is there, ddi_report_dev(9F)
 * @dip: the instance
 *
 * Context: process.
 */
void ddi_report_dev(dev_info_t *dip);

/**
 * qassociate() - tie a queue to an instance, qassociate(9F)
 * @q: a queue of the driver
 * @instance: number of the instance; -1 unties
 *
 * An open stream keeps the only instance from being detached in any case.
 *
 * Context: process.
 * Return: 0; -1 where there is no such instance.
 */
static inline int qassociate(queue_t *q, int instance)
{
	(void)q;
	return instance == 0 || instance == -1 ? 0 : -1;
}

/*
 * Properties.  They come from the parameter "conf" of the driver's .ko, which
 * stands for a driver.conf, and from the driver itself.  All belong to the
 * instance; the device number that these functions take has no effect.
 */
#define DDI_DEV_T_NONE		((dev_t)-1)
#define DDI_DEV_T_ANY		((dev_t)-2)

#define DDI_PROP_DONTPASS	0x0001	/* flags; without effect */
#define DDI_PROP_CANSLEEP	0x0002
#define DDI_PROP_NOTPROM	0x0008

#define DDI_PROP_SUCCESS	0
#define DDI_PROP_NOT_FOUND	1
#define DDI_PROP_UNDEFINED	2
#define DDI_PROP_NO_MEMORY	3
#define DDI_PROP_INVAL_ARG	4
#define DDI_PROP_CANNOT_DECODE	7

/**
 * ddi_prop_get_int() - value of an integer property, ddi_prop_get_int(9F)
 * @dev: DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS ...
 * @name: of the property
 * @defvalue: what to return where there is none
 *
 * Context: process and stream.
 * Return: the value, the first one of an array; @defvalue where there is no
 *	property of that name, or it is a string.
 */
int ddi_prop_get_int(dev_t dev, dev_info_t *dip, uint_t flags, const char *name, int defvalue);

#define ddi_getprop(dev, dip, flags, name, defvalue)	\
	ddi_prop_get_int((dev), (dip), (flags), (name), (defvalue))

/**
 * ddi_prop_lookup_int_array() - values of an integer property,
 *	ddi_prop_lookup_int_array(9F)
 * @dev: DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS ...
 * @name: of the property
 * @datap: gets a copy of the values; give it to ddi_prop_free()
 * @nelementsp: gets how many there are
 *
 * Context: process and stream.
 * Return: DDI_PROP_SUCCESS; DDI_PROP_NOT_FOUND; DDI_PROP_CANNOT_DECODE for a
 *	string; DDI_PROP_NO_MEMORY.
 */
int ddi_prop_lookup_int_array(dev_t dev, dev_info_t *dip, uint_t flags, const char *name,
			      int **datap, uint_t *nelementsp);

/**
 * ddi_prop_lookup_string() - value of a string property, ddi_prop_lookup_string(9F)
 * @dev: DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS ...
 * @name: of the property
 * @datap: gets a copy of the string; give it to ddi_prop_free()
 *
 * Context: process and stream.
 * Return: DDI_PROP_SUCCESS; DDI_PROP_NOT_FOUND; DDI_PROP_CANNOT_DECODE for
 *	integers; DDI_PROP_NO_MEMORY.
 */
int ddi_prop_lookup_string(dev_t dev, dev_info_t *dip, uint_t flags, const char *name,
			   char **datap);

/**
 * ddi_prop_free() - give back what ddi_prop_lookup_string() and its like returned
 * @data: the copy
 *
 * Context: process and stream.
 */
void ddi_prop_free(void *data);

/**
 * ddi_prop_exists() - is there such a property, ddi_prop_exists(9F)
 * @dev: DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS ...
 * @name: of the property
 *
 * Context: process and stream.
 * Return: 1 or 0.
 */
int ddi_prop_exists(dev_t dev, dev_info_t *dip, uint_t flags, const char *name);

/**
 * ddi_prop_update_int_array() - set an integer property, ddi_prop_update_int_array(9F)
 * @dev: DDI_DEV_T_NONE
 * @dip: the instance
 * @name: of the property, at most 31 characters
 * @data: the values
 * @nelements: how many, 1 at least
 *
 * Context: process and stream.
 * Return: DDI_PROP_SUCCESS; DDI_PROP_INVAL_ARG; DDI_PROP_NO_MEMORY.
 */
int ddi_prop_update_int_array(dev_t dev, dev_info_t *dip, const char *name, int *data,
			      uint_t nelements);

/**
 * ddi_prop_update_int() - set an integer property, ddi_prop_update_int(9F)
 * @dev: DDI_DEV_T_NONE
 * @dip: the instance
 * @name: of the property, at most 31 characters
 * @data: the value
 *
 * Context: process and stream.
 * Return: as ddi_prop_update_int_array().
 */
int ddi_prop_update_int(dev_t dev, dev_info_t *dip, const char *name, int data);

/**
 * ddi_prop_update_string() - set a string property, ddi_prop_update_string(9F)
 * @dev: DDI_DEV_T_NONE
 * @dip: the instance
 * @name: of the property, at most 31 characters
 * @data: the string
 *
 * Context: process and stream.
 * Return: as ddi_prop_update_int_array().
 */
int ddi_prop_update_string(dev_t dev, dev_info_t *dip, const char *name, const char *data);

/**
 * ddi_prop_remove() - remove a property, ddi_prop_remove(9F)
 * @dev: DDI_DEV_T_NONE
 * @dip: the instance
 * @name: of the property
 *
 * Context: process and stream.
 * Return: DDI_PROP_SUCCESS; DDI_PROP_NOT_FOUND.
 */
int ddi_prop_remove(dev_t dev, dev_info_t *dip, const char *name);

/**
 * ddi_prop_remove_all() - remove all properties, ddi_prop_remove_all(9F)
 * @dip: the instance
 *
 * Context: process and stream.
 */
void ddi_prop_remove_all(dev_info_t *dip);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_DEVINFO_H */
