/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/conf.h>: how STREAMS modules and drivers are described and registered.
 */
#ifndef _SYS_CONF_H
#define _SYS_CONF_H

#include <sys/types.h>
#include <sys/devops.h>
#include <sys/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The MT STREAMS flag word: cb_flag of a driver, f_flag of a module.
 * perimeter/modes.hh says which combinations are legal and what they mean.
 */
#define D_NEW		0x000000
#define _D_OLD		0x000001
#define D_HOTPLUG	0x000004	/* not for STREAMS: without effect */
#define D_TAPE		0x000008	/* not for STREAMS: without effect */
#define D_MP		0x000020
#define D_MTSAFE	D_MP
#define _D_QNEXTLESS	0x000040
#define _D_MTOCSHARED	0x000080
#define D_DEVMAP	0x000100	/* not for STREAMS: without effect */
#define D_64BIT		0x000200
#define D_SYNCSTR	0x000400
#define D_MTOCEXCL	0x000800
#define D_MTPUTSHARED	0x001000
#define D_MTPERQ	0x002000
#define D_MTQPAIR	0x004000
#define D_MTPERMOD	0x006000
#define D_MTOUTPERIM	0x008000
#define _D_MTCBSHARED	0x010000
#define _D_MTSVCSHARED	0x020000
#define D_U64BIT	0x040000	/* not for STREAMS: without effect */
#define _D_DIRECT	0x080000
#define D_OPEN_RETURNS_EINTR 0x100000
#define _D_SINGLE_INSTANCE 0x200000

/**
 * struct fmodsw - a STREAMS module, fmodsw(9S)
 * @f_name: name that I_PUSH uses, at most FMNAMESZ characters
 * @f_str: its queues
 * @f_flag: D_MP ...
 */
struct fmodsw {
	char		f_name[FMNAMESZ + 1];
	struct streamtab *f_str;
	int		f_flag;
};

/**
 * struct strm_driver - a STREAMS driver, and the nodes it wants
 * @d_name: name; /dev/streams/<name> is its clone node
 * @d_str: its queues
 * @d_flag: D_MP ...
 * @d_minors: nodes /dev/streams/<name>0 ... that exist from the start
 * @d_mode: permission bits of the nodes
 * @d_admit: may this user open a node: 0, or the error number that open(2) fails with;
 *	process context, before anybody is disturbed by the open; NULL: all may
 * @d_clones: the driver answers opens of minors below this one with another, unused minor
 *
 * This is the native registration.  Every open of the clone node calls the
 * driver's open with CLONEOPEN; the driver answers with a minor number in
 * ``*devp``.  Opens of one minor share a stream.  A driver may answer an open of any
 * minor with another one, and so make each a clone.  If it has said by @d_clones that
 * it will, such opens do not wait for each other.
 */
struct strm_driver {
	char		d_name[16];
	struct streamtab *d_str;
	int		d_flag;
	uint_t		d_minors;
	uint_t		d_mode;
	uint_t		d_clones;
	int		(*d_admit)(cred_t *crp);
};

struct module;

/**
 * strm_module_register() - let a STREAMS module be pushed by its name
 * @fm: the module; stays as it is until it is unregistered
 * @owner: the .ko that it is in, which no stream lets go that has the module
 *
 * STREAMS_MODULE() and mod_install() come to this.
 *
 * Context: process; may sleep.
 * Return: 0; EINVAL for a name, tables or flags that are not right, and a line in
 * the log says which rule the flags break; EEXIST where the name is taken; ENOMEM.
 */
int strm_module_register(const struct fmodsw *fm, struct module *owner);

/**
 * strm_module_unregister() - let a STREAMS module not be pushed any more
 * @fm: as it was registered
 *
 * No stream has it: Linux would not unload its .ko.
 *
 * Context: process; may sleep.
 * Return: 0; ENOENT where there is no such module.
 */
int strm_module_unregister(const struct fmodsw *fm);

/**
 * strm_driver_register() - let a STREAMS driver be opened
 * @drv: the driver; stays as it is until it is unregistered
 * @owner: the .ko that it is in, which no stream lets go that is the driver's
 *
 * Its nodes are there when this returns.  STREAMS_DRIVER() comes to this.
 *
 * Context: process; may sleep.
 * Return: as strm_module_register(), or what kept the nodes from being made.
 */
int strm_driver_register(const struct strm_driver *drv, struct module *owner);

/**
 * strm_driver_unregister() - let a STREAMS driver not be opened any more
 * @drv: as it was registered
 *
 * No stream has it: Linux would not unload its .ko.
 *
 * Context: process; may sleep.
 * Return: 0; ENOENT where there is no such driver.
 */
int strm_driver_unregister(const struct strm_driver *drv);

/**
 * strm_driver_add_node() - a node /dev/streams/<name><minor> of a driver
 * @drv: the driver, registered
 * @minor: minor number, below 2^20
 *
 * Context: process; may sleep.
 * Return: 0; EINVAL; EEXIST where the number or the name is taken; ENOENT where
 *	there is no such driver; ENOMEM.
 */
int strm_driver_add_node(const struct strm_driver *drv, minor_t minor);

/**
 * strm_driver_remove_node() - take it away again
 * @drv: the driver
 * @minor: as it was added
 *
 * What is open stays open.
 *
 * Context: process; may sleep.
 */
void strm_driver_remove_node(const struct strm_driver *drv, minor_t minor);

#define getmajor(dev)		((major_t)((dev) >> 20))
#define getminor(dev)		((minor_t)((dev) & 0xfffff))
#define makedevice(major, minor) ((dev_t)((major) << 20 | ((minor) & 0xfffff)))

#ifdef __cplusplus
}
#endif

#endif /* _SYS_CONF_H */
