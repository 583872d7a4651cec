// SPDX-License-Identifier: GPL-2.0-only
/*
 * mirror: a network driver as small as one can be.  It has one device, mirror0, and what
 * that sends it receives.
 *
 * All that programs see is done by streams_dlpi.ko; this says what the device is, takes
 * frames, and hands frames up.  It is Linux that loads and unloads the driver, so Linux's
 * headers come first, then those of the DDI.
 */
#include <linux/init.h>
#include <linux/module.h>

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/ethernet.h>
#include <sys/mac_ether.h>
#include <sys/mac_provider.h>

static struct mac_driver mirror_driver = { .md_name = "mirror" };
static mac_handle_t mirror_handle;
static uint64_t mirror_frames;

/* Several CPUs are here at a time: what they share takes atomic operations, or a lock. */
static mblk_t *mirror_tx(void *driver, mblk_t *chain)
{
	const mblk_t *mp;

	for (mp = chain; mp; mp = mp->b_next)
		atomic_inc_64(&mirror_frames);
	mac_rx(mirror_handle, NULL, chain);
	return NULL;		/* all of it has been taken */
}

static int mirror_getstat(void *driver, uint_t stat, uint64_t *value)
{
	if (stat != MAC_STAT_OPACKETS && stat != MAC_STAT_IPACKETS)
		return ENOTSUP;
	*value = atomic_add_64_nv(&mirror_frames, 0);
	return 0;
}

/* A device with hardware begins and ceases to receive here. */
static int mirror_start(void *driver)
{
	return 0;
}

static void mirror_stop(void *driver)
{
}

/*
 * A device with a filter sets it in these three.  One that lets everything through may do
 * so: the core sorts out what nobody wants.
 */
static int mirror_setpromisc(void *driver, boolean_t on)
{
	return 0;
}

static int mirror_multicst(void *driver, boolean_t add, const uint8_t *addr)
{
	return 0;
}

static int mirror_unicst(void *driver, const uint8_t *addr)
{
	return 0;
}

static mac_callbacks_t mirror_callbacks = {
	.mc_getstat = mirror_getstat,
	.mc_start = mirror_start,
	.mc_stop = mirror_stop,
	.mc_setpromisc = mirror_setpromisc,
	.mc_multicst = mirror_multicst,
	.mc_unicst = mirror_unicst,
	.mc_tx = mirror_tx,
};

/* mirror_register - make mirror0; 0 or an error number */
static int mirror_register(void)
{
	static const uint8_t address[ETHERADDRL] = { 0x02, 'm', 'i', 'r', 'r', 0 };
	mac_register_t *mregp = mac_alloc(MAC_VERSION);
	int error;

	if (!mregp)
		return ENOMEM;
	mregp->m_type_ident = MAC_PLUGIN_IDENT_ETHER;
	mregp->m_of = &mirror_driver;
	mregp->m_instance = 0;
	mregp->m_src_addr = address;
	mregp->m_callbacks = &mirror_callbacks;
	mregp->m_max_sdu = ETHERMTU;
	error = mac_register(mregp, &mirror_handle);
	mac_free(mregp);
	return error;
}

/* Error numbers of the DDI are positive, those of Linux negative. */
static int __init mirror_init(void)
{
	int error = mac_driver_register(&mirror_driver, THIS_MODULE);

	if (error)
		return -error;
	error = mirror_register();
	if (error)
		mac_driver_unregister(&mirror_driver);
	else
		mac_link_update(mirror_handle, LINK_STATE_UP);
	return -error;
}

static void __exit mirror_exit(void)
{
	mac_unregister(mirror_handle);
	mac_driver_unregister(&mirror_driver);
}

module_init(mirror_init);
module_exit(mirror_exit);
MODULE_DESCRIPTION("STREAMS network driver that receives what it sends");
MODULE_LICENSE("GPL");
