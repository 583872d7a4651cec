/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/mac_provider.h>: what a network driver tells the DLPI core, and what it is
 * told.
 *
 * The driver moves frames; streams_dlpi.ko does everything that a DLPI program
 * sees: nodes, streams, primitives, addresses, demultiplexing, promiscuous mode.
 * The names and meanings are those of mac(9E) and mac(9F); what is different is
 * said where it is declared:
 *
 *  - Nothing here sleeps.  The callbacks run inside the perimeters of the streams,
 *    with bottom halves off.
 *  - Received frames are fetched (mc_poll), by a service procedure and up to a
 *    budget.  mac_rx() is for who has no ring that could be left alone meanwhile.
 *  - Devices may be pulled out: mac_unregister() does not fail.
 *
 * A driver that has ring and interrupt:
 *
 *	interrupt:	lock; read and mask the cause; unlock; mac_rx_schedule(mh)
 *	mc_poll:	lock; reap what was sent, harvest up to budget frames; unmask;
 *			unlock; mac_tx_update(mh) when there is room again;
 *			return the chain
 *	mc_tx:		lock; fill descriptors, ring the bell; unlock; return what
 *			found no room
 *
 * A frame is a message of M_DATA blocks that begins with the Ethernet header and has
 * no checksum at its end; a chain is frames linked by b_next.  Where a driver hands up
 * what was not received, but sent by somebody else than a stream (by Linux's own
 * protocols, on a device that is shared with them), it says so by MAC_BAND_SENT in
 * b_band of the first block: only promiscuous streams see such a frame, and mc_setsent
 * says while there are some.
 */
#ifndef _SYS_MAC_PROVIDER_H
#define _SYS_MAC_PROVIDER_H

#include <sys/conf.h>
#include <sys/stream.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MAC_VERSION_V1			0x1
#define MAC_VERSION			MAC_VERSION_V1
#define MAC_PLUGIN_IDENT_ETHER		"mac_ether"

#define MAC_PPA_MAX			4095	/* the largest m_instance */

#define MAC_BAND_SENT			1

typedef struct mac_impl *mac_handle_t;
typedef struct mac_resource *mac_resource_handle_t;

typedef enum {
	LINK_STATE_UNKNOWN = -1,
	LINK_STATE_DOWN,
	LINK_STATE_UP
} link_state_t;

typedef enum {
	LINK_DUPLEX_UNKNOWN = 0,
	LINK_DUPLEX_HALF,
	LINK_DUPLEX_FULL
} link_duplex_t;

/* Statistics that mc_getstat() is asked for; since the device was registered. */
enum mac_stat {
	MAC_STAT_IFSPEED = 1000,	/* bits per second, now */
	MAC_STAT_MULTIRCV,		/* frames */
	MAC_STAT_BRDCSTRCV,
	MAC_STAT_MULTIXMT,
	MAC_STAT_BRDCSTXMT,
	MAC_STAT_NORCVBUF,		/* lost: no buffer */
	MAC_STAT_IERRORS,
	MAC_STAT_UNKNOWNS,
	MAC_STAT_NOXMTBUF,
	MAC_STAT_OERRORS,
	MAC_STAT_COLLISIONS,
	MAC_STAT_RBYTES,
	MAC_STAT_IPACKETS,
	MAC_STAT_OBYTES,
	MAC_STAT_OPACKETS,
	MAC_STAT_UNDERFLOWS,
	MAC_STAT_OVERFLOWS
};

/*
 * The core asks for those of the first group.  The others are there for drivers that have
 * them, and are named as mc_getstat(9E) and ieee802.3(5) name them.
 */
enum ether_stat {
	ETHER_STAT_ALIGN_ERRORS = 2000,
	ETHER_STAT_FCS_ERRORS,
	ETHER_STAT_TOOLONG_ERRORS,
	ETHER_STAT_TOOSHORT_ERRORS,
	ETHER_STAT_LINK_DUPLEX,		/* link_duplex_t, now */

	/* frames */
	ETHER_STAT_FIRST_COLLISIONS,
	ETHER_STAT_MULTI_COLLISIONS,
	ETHER_STAT_SQE_ERRORS,
	ETHER_STAT_DEFER_XMTS,
	ETHER_STAT_TX_LATE_COLLISIONS,
	ETHER_STAT_EX_COLLISIONS,
	ETHER_STAT_MACXMT_ERRORS,
	ETHER_STAT_CARRIER_ERRORS,
	ETHER_STAT_MACRCV_ERRORS,
	ETHER_STAT_JABBER_ERRORS,

	/* the transceiver */
	ETHER_STAT_XCVR_ADDR,
	ETHER_STAT_XCVR_ID,
	ETHER_STAT_XCVR_INUSE,

	/* what the device can do */
	ETHER_STAT_CAP_1000FDX,
	ETHER_STAT_CAP_1000HDX,
	ETHER_STAT_CAP_100FDX,
	ETHER_STAT_CAP_100HDX,
	ETHER_STAT_CAP_10FDX,
	ETHER_STAT_CAP_10HDX,
	ETHER_STAT_CAP_10GFDX,
	ETHER_STAT_CAP_100T4,
	ETHER_STAT_CAP_PAUSE,
	ETHER_STAT_CAP_ASMPAUSE,
	ETHER_STAT_CAP_AUTONEG,
	ETHER_STAT_CAP_REMFAULT,

	/* what it tells the other end that it can */
	ETHER_STAT_ADV_CAP_1000FDX,
	ETHER_STAT_ADV_CAP_1000HDX,
	ETHER_STAT_ADV_CAP_100FDX,
	ETHER_STAT_ADV_CAP_100HDX,
	ETHER_STAT_ADV_CAP_10FDX,
	ETHER_STAT_ADV_CAP_10HDX,
	ETHER_STAT_ADV_CAP_10GFDX,
	ETHER_STAT_ADV_CAP_100T4,
	ETHER_STAT_ADV_CAP_PAUSE,
	ETHER_STAT_ADV_CAP_ASMPAUSE,
	ETHER_STAT_ADV_CAP_AUTONEG,
	ETHER_STAT_ADV_REMFAULT,

	/* what the other end says */
	ETHER_STAT_LP_CAP_1000FDX,
	ETHER_STAT_LP_CAP_1000HDX,
	ETHER_STAT_LP_CAP_100FDX,
	ETHER_STAT_LP_CAP_100HDX,
	ETHER_STAT_LP_CAP_10FDX,
	ETHER_STAT_LP_CAP_10HDX,
	ETHER_STAT_LP_CAP_10GFDX,
	ETHER_STAT_LP_CAP_100T4,
	ETHER_STAT_LP_CAP_PAUSE,
	ETHER_STAT_LP_CAP_ASMPAUSE,
	ETHER_STAT_LP_CAP_AUTONEG,
	ETHER_STAT_LP_REMFAULT,

	/* what came of it, now */
	ETHER_STAT_LINK_ASMPAUSE,
	ETHER_STAT_LINK_PAUSE,
	ETHER_STAT_LINK_AUTONEG
};

/*
 * The callbacks.  What they are called with first is the m_driver of the registration.
 *
 * Their context is stream: bottom halves off, maybe in softirq, so no callback may sleep,
 * and a lock that an interrupt handler takes too turns interrupts off.
 *
 * "Alone": the core holds the outer perimeter of the driver exclusively.  No other
 * callback of any device of this driver runs meanwhile, mc_tx and mc_poll included.
 * Interrupts, timers and Linux know nothing of perimeters: what is shared with those
 * needs a lock in any case.
 */

/*
 * Frames, linked by b_next; NULL for none.  The chain belongs to who was given it: he
 * passes it on, or frees each of its frames.  Data that is shared (db_ref above 1) is only
 * read.  (The name is for kernel-doc, which sees no function type that returns a pointer.)
 */
typedef mblk_t *mac_chain_t;

/**
 * typedef mac_start_t - begin to receive and send, mc_start(9E)
 * @driver: m_driver of the device
 *
 * The first stream is being attached.
 *
 * Context: stream; alone.
 * Return: 0, or an error number, with which DL_ATTACH_REQ fails.
 */
typedef int (*mac_start_t)(void *driver);

/**
 * typedef mac_stop_t - receive and send no more, mc_stop(9E)
 * @driver: m_driver of the device
 *
 * The last stream has been detached, or the device is being unregistered: a device that
 * was started is stopped before mac_unregister() returns.  Afterwards mac_rx_schedule()
 * has no effect until the next start.
 *
 * Context: stream; alone.
 */
typedef void (*mac_stop_t)(void *driver);

/**
 * typedef mac_setpromisc_t - receive all frames, or no longer, mc_setpromisc(9E)
 * @driver: m_driver of the device
 * @on: all of them, or what is addressed to us
 *
 * Context: stream; alone.
 * Return: 0, or an error number, with which DL_PROMISCON_REQ fails.  What it returns when
 *	it is switched off is not looked at.
 */
typedef int (*mac_setpromisc_t)(void *driver, boolean_t on);

/**
 * typedef mac_multicst_t - receive frames to a group, or no longer, mc_multicst(9E)
 * @driver: m_driver of the device
 * @add: begin; or cease
 * @addr: the group address, 6 bytes
 *
 * Each address is added once, whatever number of streams wants it, and taken away when
 * none does.  To let more through than was asked for is allowed.
 *
 * Context: stream; alone.
 * Return: 0, or an error number, with which DL_ENABMULTI_REQ fails.
 */
typedef int (*mac_multicst_t)(void *driver, boolean_t add, const uint8_t *addr);

/**
 * typedef mac_unicst_t - this is our address from now on, mc_unicst(9E)
 * @driver: m_driver of the device
 * @addr: 6 bytes, no group
 *
 * Context: stream; alone.
 * Return: 0, or an error number, with which DL_SET_PHYS_ADDR_REQ fails; ENOTSUP, which
 *	becomes DL_NOTSUPPORTED, where the address cannot be changed.
 */
typedef int (*mac_unicst_t)(void *driver, const uint8_t *addr);

/**
 * typedef mac_tx_t - send frames, mc_tx(9E)
 * @driver: m_driver of the device
 * @chain: at least one frame, linked by b_next; the driver's from now on, but for what it
 *	returns
 *
 * A frame is a message of M_DATA blocks that begins with the Ethernet header.  Data that is
 * shared (db_ref above 1) is only read.
 *
 * A frame that it cannot send at all (too long, no link) the driver takes, counts and
 * frees.  What finds no room it returns: the first such frame and all behind it, as they
 * came, so that they keep their order.  The core keeps these, and calls again after
 * mac_tx_update().  That somebody waits is to be noted under the lock under which there
 * was no room, or the update is missed.
 *
 * A frame that has been sent is freed when the device has read it, with no lock held:
 * its free routine may be anybody's.
 *
 * Context: stream; on several CPUs at a time, and beside mc_poll.
 * Return: what is left for want of room; NULL for nothing.
 */
typedef mac_chain_t (*mac_tx_t)(void *driver, mac_chain_t chain);

/**
 * typedef mac_poll_t - fetch received frames; not in mac(9E)
 * @driver: m_driver of the device
 * @budget: how many frames at most
 * @more: set to B_TRUE if there are more than that, to B_FALSE if not
 *
 * The interrupt handler has masked its interrupt and called mac_rx_schedule(); this is
 * called soon afterwards.  With @more it is called again when others had their turn, and
 * the interrupt stays masked.  Without, it has unmasked the interrupt before it returns,
 * such that what arrived since it looked into the ring makes a new one: with a device
 * that forgets causes which are masked it looks once more after unmasking.
 *
 * It is also the place to take back what has been sent, and to call mac_tx_update().
 *
 * Context: stream; one thread at a time for each device, beside mc_tx.
 * Return: the frames, linked by b_next, the core's from now on; NULL for none.
 */
typedef mac_chain_t (*mac_poll_t)(void *driver, uint_t budget, boolean_t *more);

/**
 * typedef mac_getstat_t - what the device has counted, mc_getstat(9E)
 * @driver: m_driver of the device
 * @stat: of enum mac_stat or enum ether_stat
 * @value: gets it
 *
 * Context: stream; beside everything but what is alone, and on several CPUs at a time.
 * Return: 0; ENOTSUP for what is not counted.
 */
typedef int (*mac_getstat_t)(void *driver, uint_t stat, uint64_t *value);

/**
 * typedef mac_ioctl_t - an ioctl that the core does not know, mc_ioctl(9E)
 * @driver: m_driver of the device
 * @q: the write queue that it came to
 * @mp: the M_IOCTL, the driver's from now on; the caller's credentials are in it
 *
 * The driver answers it, by miocack(), miocnak() or qreply().
 *
 * Context: stream; beside everything but what is alone, and on several CPUs at a time.
 */
typedef void (*mac_ioctl_t)(void *driver, queue_t *q, mblk_t *mp);

/**
 * typedef mac_setsent_t - hand up what others send, or no longer; not in mac(9E)
 * @driver: m_driver of the device
 * @on: from now on; or no longer, which is how it begins
 *
 * For a device that is shared: as long as there is a promiscuous stream, in whatever way,
 * frames that somebody else than a stream sends are wanted, with MAC_BAND_SENT.  Not called
 * for a device with @m_echoes, which brings them as received.
 *
 * Context: stream; alone.
 */
typedef void (*mac_setsent_t)(void *driver, boolean_t on);

/* Which of the optional ones are there. */
#define MC_IOCTL	0x001
#define MC_POLL		0x100
#define MC_SETSENT	0x200

/**
 * struct mac_callbacks_s - entry points of a network driver, mac_callbacks(9S)
 * @mc_callbacks: MC_IOCTL, MC_POLL and MC_SETSENT, if they are there
 * @mc_getstat: &typedef mac_getstat_t; mandatory
 * @mc_start: &typedef mac_start_t; mandatory
 * @mc_stop: &typedef mac_stop_t; mandatory
 * @mc_setpromisc: &typedef mac_setpromisc_t; mandatory
 * @mc_multicst: &typedef mac_multicst_t; mandatory
 * @mc_unicst: &typedef mac_unicst_t; mandatory
 * @mc_tx: &typedef mac_tx_t; mandatory
 * @mc_ioctl: &typedef mac_ioctl_t; with MC_IOCTL
 * @mc_poll: &typedef mac_poll_t; with MC_POLL
 * @mc_setsent: &typedef mac_setsent_t; with MC_SETSENT
 */
typedef struct mac_callbacks_s {
	uint_t		mc_callbacks;
	mac_getstat_t	mc_getstat;
	mac_start_t	mc_start;
	mac_stop_t	mc_stop;
	mac_setpromisc_t mc_setpromisc;
	mac_multicst_t	mc_multicst;
	mac_unicst_t	mc_unicst;
	mac_tx_t	mc_tx;
	mac_ioctl_t	mc_ioctl;
	mac_poll_t	mc_poll;
	mac_setsent_t	mc_setsent;
} mac_callbacks_t;

/**
 * struct mac_driver - a network driver, as a driver of STREAMS
 * @md_name: its name; /dev/streams/<name> is the node of style 2
 * @md_core: the core's
 *
 * In place of mac_init_ops(9F).
 */
struct mac_driver {
	char		md_name[16];
	void		*md_core;
};

/**
 * mac_driver_register() - let a network driver have devices
 * @md: the driver; stays as it is until it is unregistered
 * @owner: the .ko that it is in (THIS_MODULE), which no stream lets go that is the
 *	driver's
 *
 * The node of style 2 is there when this returns.
 *
 * Context: process; may sleep.
 * Return: 0 or an error number: those of strm_driver_register().
 */
int mac_driver_register(struct mac_driver *md, struct module *owner);

/**
 * mac_driver_unregister() - take it back
 * @md: as it was registered; its devices are unregistered
 *
 * Context: process; may sleep.
 */
void mac_driver_unregister(struct mac_driver *md);

/**
 * struct mac_register_s - a device, as it is registered, mac_register(9S)
 * @m_version: MAC_VERSION, as mac_alloc() has set it
 * @m_type_ident: MAC_PLUGIN_IDENT_ETHER
 * @m_driver: what the callbacks are called with
 * @m_of: the driver it belongs to (in place of m_dip)
 * @m_instance: its number among those of the driver, the PPA; up to MAC_PPA_MAX
 * @m_src_addr: its present address, 6 bytes
 * @m_fact_addr: the address it was made with, 6 bytes; NULL: as @m_src_addr
 * @m_callbacks: entry points; stay as they are until mac_unregister()
 * @m_min_sdu: fewest bytes behind the header; 0 as a rule
 * @m_max_sdu: most bytes behind the header of 14; 64 to 65521
 * @m_margin: bytes that a frame may be longer than header and @m_max_sdu (a VLAN tag)
 * @m_echoes: what is sent is received as well, as on a loopback interface; then the core
 *	shows it to no other stream when it is sent
 */
typedef struct mac_register_s {
	uint_t		m_version;
	const char	*m_type_ident;
	void		*m_driver;
	struct mac_driver *m_of;
	uint_t		m_instance;
	const uint8_t	*m_src_addr;
	const uint8_t	*m_fact_addr;
	mac_callbacks_t	*m_callbacks;
	uint_t		m_min_sdu;
	uint_t		m_max_sdu;
	uint32_t	m_margin;
	boolean_t	m_echoes;
} mac_register_t;

/**
 * mac_alloc() - an empty registration, mac_alloc(9F)
 * @mac_version: MAC_VERSION, or MAC_VERSION_V1, which is the same
 *
 * Context: process; may sleep.
 * Return: the structure; NULL for another version or without memory.
 */
mac_register_t *mac_alloc(uint_t mac_version);

/**
 * mac_free() - free what mac_alloc() returned, mac_free(9F)
 * @mregp: the structure; the registration does not need it
 *
 * Context: any but hard interrupt.
 */
void mac_free(mac_register_t *mregp);

/**
 * mac_register() - offer a device to DLPI programs, mac_register(9F)
 * @mregp: describes it; not needed afterwards
 * @mhp: gets its handle
 *
 * Programs may attach to it before this returns; *@mhp is set before that.
 * The node /dev/streams/<name><instance> is there when it returns.  The link state
 * is LINK_STATE_UNKNOWN until mac_link_update().
 *
 * Context: process; may sleep.
 * Return: 0; EINVAL for what is missing or not right; EEXIST for an instance that is
 *	there already; ENOMEM; what kept the node from being made.
 */
int mac_register(mac_register_t *mregp, mac_handle_t *mhp);

/**
 * mac_unregister() - the device goes, mac_unregister(9F)
 * @mh: its handle; not good any more when this returns
 *
 * Streams that are attached get M_HANGUP and are unattached from then on.  No callback
 * runs when this returns, or ever again.  Unlike that of mac(9F) it does not fail while
 * there are streams.  The handle's functions may be called until it is called, and by
 * interrupt handlers until the driver has stopped them, which it does before.
 *
 * Context: process; sleeps until those who are inside have left.
 * Return: 0.
 */
int mac_unregister(mac_handle_t mh);

/**
 * mac_rx() - here are received frames, mac_rx(9F)
 * @mh: handle
 * @mrh: NULL
 * @chain: the frames; the core's from now on
 *
 * A service procedure will look at them.  When too many wait, the rest is freed and
 * counted (MAC_STAT_NORCVBUF adds them).  Not for who has mc_poll.
 *
 * Context: any, interrupt included; does not sleep.
 */
void mac_rx(mac_handle_t mh, mac_resource_handle_t mrh, mblk_t *chain);

/**
 * mac_rx_schedule() - have mc_poll called; not in mac(9F)
 * @mh: handle
 *
 * Runs nothing itself: a service procedure of a stream of this device is enabled.
 *
 * Context: any, interrupt included; the driver's locks may be held.
 */
void mac_rx_schedule(mac_handle_t mh);

/**
 * mac_tx_update() - there is room for frames again, mac_tx_update(9F)
 * @mh: handle
 *
 * Streams that wait for it go on, soon.
 *
 * Context: any, interrupt included; the driver's locks may be held.
 */
void mac_tx_update(mac_handle_t mh);

/**
 * mac_link_update() - the state of the link is this, mac_link_update(9F)
 * @mh: handle
 * @new_state: the state
 *
 * Streams that asked for it are told, once for each change.  Speed and duplex are
 * asked for by mc_getstat(MAC_STAT_IFSPEED), which is called soon afterwards; so a call
 * with the state as it was means that the speed may be another.
 *
 * Context: any, interrupt included; the driver's locks may be held.
 */
void mac_link_update(mac_handle_t mh, link_state_t new_state);

/**
 * mac_maxsdu_update() - the largest SDU is this now, mac_maxsdu_update(9F)
 * @mh: handle
 * @sdu_max: most bytes behind the header; 64 to 65521
 *
 * Streams that asked for it are told.
 *
 * Context: any, interrupt included.
 * Return: 0; EINVAL if it is not 64 to 65521, and then it is as it was.
 */
int mac_maxsdu_update(mac_handle_t mh, uint_t sdu_max);

/**
 * mac_unicst_update() - the address is this now, mac_unicst_update(9F)
 * @mh: handle
 * @addr: 6 bytes
 *
 * It was changed by somebody else than a DLPI program.  Streams that asked are told.
 *
 * Context: any, interrupt included.
 */
void mac_unicst_update(mac_handle_t mh, const uint8_t *addr);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_MAC_PROVIDER_H */
