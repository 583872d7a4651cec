/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/devops.h>: how a driver written the Solaris way describes itself.
 *
 * Of struct cb_ops a STREAMS driver fills in cb_str and cb_flag; the other
 * procedures are there so that its source compiles, and are never called.
 */
#ifndef _SYS_DEVOPS_H
#define _SYS_DEVOPS_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

struct strm_dev_info;
struct streamtab;
struct aio_req;
struct as;
struct buf;
struct bus_ops;
struct pollhead;
struct uio;

/* An instance of a driver; opaque. */
typedef struct strm_dev_info dev_info_t;

typedef enum { DDI_ATTACH = 0, DDI_RESUME = 1, DDI_PM_RESUME = 2 } ddi_attach_cmd_t;
typedef enum { DDI_DETACH = 0, DDI_SUSPEND = 1, DDI_PM_SUSPEND = 2 } ddi_detach_cmd_t;
typedef enum { DDI_INFO_DEVT2DEVINFO = 0, DDI_INFO_DEVT2INSTANCE = 1 } ddi_info_cmd_t;
typedef enum { DDI_RESET_FORCE = 0 } ddi_reset_cmd_t;
typedef enum {
	PROP_LEN = 0, PROP_LEN_AND_VAL_BUF, PROP_LEN_AND_VAL_ALLOC, PROP_EXISTS
} ddi_prop_op_t;

#ifndef DDI_SUCCESS
#define DDI_SUCCESS		0
#define DDI_FAILURE		(-1)
#endif

/* probe(9E) */
#define DDI_PROBE_FAILURE	ENXIO
#define DDI_PROBE_DONTCARE	0
#define DDI_PROBE_PARTIAL	1
#define DDI_PROBE_SUCCESS	2

/* identify(9E), which nobody calls any more */
#define DDI_IDENTIFIED		0
#define DDI_NOT_IDENTIFIED	(-1)

#define CB_REV			1
#define DEVO_REV		4

/**
 * struct cb_ops - entry points of a driver, cb_ops(9S)
 * @cb_open: unused
 * @cb_close: unused
 * @cb_strategy: unused
 * @cb_print: unused
 * @cb_dump: unused
 * @cb_read: unused
 * @cb_write: unused
 * @cb_ioctl: unused
 * @cb_devmap: unused
 * @cb_mmap: unused
 * @cb_segmap: unused
 * @cb_chpoll: unused
 * @cb_prop_op: unused
 * @cb_str: the driver's queues; a driver without is not a STREAMS driver
 * @cb_flag: D_MP ...
 * @cb_rev: CB_REV
 * @cb_aread: unused
 * @cb_awrite: unused
 */
struct cb_ops {
	int	(*cb_open)(dev_t *devp, int flag, int otyp, cred_t *crp);
	int	(*cb_close)(dev_t dev, int flag, int otyp, cred_t *crp);
	int	(*cb_strategy)(struct buf *bp);
	int	(*cb_print)(dev_t dev, char *str);
	int	(*cb_dump)(dev_t dev, caddr_t addr, long blkno, int nblk);
	int	(*cb_read)(dev_t dev, struct uio *uiop, cred_t *crp);
	int	(*cb_write)(dev_t dev, struct uio *uiop, cred_t *crp);
	int	(*cb_ioctl)(dev_t dev, int cmd, long arg, int mode, cred_t *crp, int *rvalp);
	int	(*cb_devmap)(dev_t dev, void *dhp, offset_t off, size_t len, size_t *maplen,
			     uint_t model);
	int	(*cb_mmap)(dev_t dev, long off, int prot);
	int	(*cb_segmap)(dev_t dev, long off, struct as *as, caddr_t *addrp, long len,
			     uint_t prot, uint_t maxprot, uint_t flags, cred_t *crp);
	int	(*cb_chpoll)(dev_t dev, short events, int anyyet, short *reventsp,
			     struct pollhead **phpp);
	int	(*cb_prop_op)(dev_t dev, dev_info_t *dip, ddi_prop_op_t op, int flags,
			      char *name, caddr_t valuep, int *lengthp);
	struct streamtab *cb_str;
	int	cb_flag;
	int	cb_rev;
	int	(*cb_aread)(dev_t dev, struct aio_req *aio, cred_t *crp);
	int	(*cb_awrite)(dev_t dev, struct aio_req *aio, cred_t *crp);
};

/**
 * struct dev_ops - a driver, dev_ops(9S)
 * @devo_rev: DEVO_REV
 * @devo_refcnt: 0
 * @devo_getinfo: which instance has a device number; called when a minor node is
 *	opened, never for the clone node
 * @devo_identify: unused
 * @devo_probe: called before attach; DDI_PROBE_FAILURE or DDI_PROBE_PARTIAL: no attach
 * @devo_attach: called once, for instance 0, when the driver is installed
 * @devo_detach: called once, when the driver is removed
 * @devo_reset: unused
 * @devo_cb_ops: entry points
 * @devo_bus_ops: unused
 * @devo_power: unused
 * @devo_quiesce: unused
 *
 * All of them are called in process context, where they may sleep.
 */
struct dev_ops {
	int	devo_rev;
	int	devo_refcnt;
	int	(*devo_getinfo)(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg, void **result);
	int	(*devo_identify)(dev_info_t *dip);
	int	(*devo_probe)(dev_info_t *dip);
	int	(*devo_attach)(dev_info_t *dip, ddi_attach_cmd_t cmd);
	int	(*devo_detach)(dev_info_t *dip, ddi_detach_cmd_t cmd);
	int	(*devo_reset)(dev_info_t *dip, ddi_reset_cmd_t cmd);
	struct cb_ops *devo_cb_ops;
	struct bus_ops *devo_bus_ops;
	int	(*devo_power)(dev_info_t *dip, int component, int level);
	int	(*devo_quiesce)(dev_info_t *dip);
};

/**
 * strm_nulldev() - fills a slot of the tables above where nothing is to be done,
 *	nulldev(9F)
 *
 * Write nulldev.  It goes into slots of many types, and a table is initialised with
 * the bare name, so that the name has to fit all of them.
 *
 * Context: any.
 * Return: 0.
 */
int strm_nulldev(void);

/**
 * strm_nodev() - fills a slot of the tables above that must not be used, nodev(9F)
 *
 * Write nodev; see nulldev.
 *
 * Context: any.
 * Return: ENXIO.
 */
int strm_nodev(void);

#define nulldev				((void *)strm_nulldev)	/* succeeds */
#define nodev				((void *)strm_nodev)	/* ENXIO */
#define nochpoll			((void *)strm_nodev)
#define ddi_prop_op			((void *)strm_nodev)
#define ddi_quiesce_not_needed		((void *)strm_nulldev)
#define ddi_quiesce_not_supported	((void *)strm_nodev)

/**
 * DDI_DEFINE_STREAM_OPS() - the struct dev_ops and struct cb_ops of a STREAMS driver
 * @XXname: what the struct dev_ops shall be called
 * @XXidentify: identify(9E), or nulldev
 * @XXprobe: probe(9E), or nulldev
 * @XXattach: attach(9E)
 * @XXdetach: detach(9E)
 * @XXreset: nodev
 * @XXgetinfo: getinfo(9E)
 * @XXflag: D_MP ...
 * @XXstream_tab: address of its struct streamtab
 * @XXquiesce: ddi_quiesce_not_needed
 */
#define DDI_DEFINE_STREAM_OPS(XXname, XXidentify, XXprobe, XXattach, XXdetach,	\
			      XXreset, XXgetinfo, XXflag, XXstream_tab, XXquiesce) \
	static struct cb_ops cb_##XXname = {					\
		.cb_open = nulldev, .cb_close = nulldev, .cb_strategy = nodev,	\
		.cb_print = nodev, .cb_dump = nodev, .cb_read = nodev,		\
		.cb_write = nodev, .cb_ioctl = nodev, .cb_devmap = nodev,	\
		.cb_mmap = nodev, .cb_segmap = nodev, .cb_chpoll = nochpoll,	\
		.cb_prop_op = ddi_prop_op, .cb_str = (XXstream_tab),		\
		.cb_flag = (XXflag), .cb_rev = CB_REV,				\
		.cb_aread = nodev, .cb_awrite = nodev,				\
	};									\
	static struct dev_ops XXname = {					\
		.devo_rev = DEVO_REV, .devo_refcnt = 0,				\
		.devo_getinfo = (XXgetinfo), .devo_identify = (XXidentify),	\
		.devo_probe = (XXprobe), .devo_attach = (XXattach),		\
		.devo_detach = (XXdetach), .devo_reset = (XXreset),		\
		.devo_cb_ops = &cb_##XXname, .devo_bus_ops = NULL,		\
		.devo_power = NULL, .devo_quiesce = (XXquiesce),		\
	}

#ifdef __cplusplus
}
#endif

#endif /* _SYS_DEVOPS_H */
