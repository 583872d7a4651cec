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
 * b_band of the first block: only promiscuous streams see such a frame.
 */
#ifndef _SYS_MAC_PROVIDER_H
#define _SYS_MAC_PROVIDER_H

#include <sys/conf.h>
#include <sys/stream.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MAC_VERSION			0x1
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

enum ether_stat {
	ETHER_STAT_ALIGN_ERRORS = 2000,
	ETHER_STAT_FCS_ERRORS,
	ETHER_STAT_TOOLONG_ERRORS,
	ETHER_STAT_TOOSHORT_ERRORS,
	ETHER_STAT_LINK_DUPLEX		/* link_duplex_t, now */
};

/*
 * The callbacks.  @driver is the m_driver of the registration.  Contexts: stream, which
 * means bottom halves off, maybe in softirq; no callback may sleep.
 *
 * "Alone": the core holds the outer perimeter of the driver exclusively.  No other
 * callback of any device of this driver runs meanwhile, mc_tx and mc_poll included.
 */

/*
 * mc_start(9E): begin to receive and send.  The first stream is being attached.  0, or
 * an error number, with which DL_ATTACH_REQ fails.  Alone.
 */
typedef int (*mac_start_t)(void *driver);

/*
 * mc_stop(9E): no more.  The last stream has been detached; also before mac_unregister()
 * returns, if mac_start_t was called.  Afterwards mac_rx_schedule() has no effect until
 * the next start.  Alone.
 */
typedef void (*mac_stop_t)(void *driver);

/* mc_setpromisc(9E): receive all frames, or what is addressed to us.  Alone. */
typedef int (*mac_setpromisc_t)(void *driver, boolean_t on);

/*
 * mc_multicst(9E): receive frames to this group address, or no longer.  Each address is
 * added once, whatever number of streams wants it.  Alone.
 */
typedef int (*mac_multicst_t)(void *driver, boolean_t add, const uint8_t *addr);

/* mc_unicst(9E): this is our address from now on.  Alone. */
typedef int (*mac_unicst_t)(void *driver, const uint8_t *addr);

/*
 * mc_tx(9E): send frames.  Called on several CPUs at a time, and beside mc_poll.  The
 * driver owns what it takes.  A frame that it cannot send at all (too long) it takes,
 * counts and frees.  What is left of the chain for want of room it returns, NULL for
 * nothing: the core keeps that, and tries again after mac_tx_update().
 */
typedef mblk_t *(*mac_tx_t)(void *driver, mblk_t *chain);

/*
 * Not in mac(9E): fetch received frames, @budget of them at most, linked by b_next.
 * Called after mac_rx_schedule(), by one thread at a time for each device, beside mc_tx.
 * Sets *@more if it stopped at the budget: then it is called again after others had
 * their turn.  If not, it has unmasked the interrupt before it returns, such that what
 * arrived meanwhile makes a new one.
 */
typedef mblk_t *(*mac_poll_t)(void *driver, uint_t budget, boolean_t *more);

/* mc_getstat(9E): 0, or ENOTSUP for what is not counted.  Beside everything else. */
typedef int (*mac_getstat_t)(void *driver, uint_t stat, uint64_t *value);

/*
 * mc_ioctl(9E): an M_IOCTL that the core does not know.  The driver answers it with
 * qreply(); the credentials are in it.  Beside everything but the alone ones.
 */
typedef void (*mac_ioctl_t)(void *driver, queue_t *q, mblk_t *mp);

/* Which of the optional ones are there. */
#define MC_IOCTL	0x001
#define MC_POLL		0x100

/**
 * struct mac_callbacks_s - entry points of a network driver, mac_callbacks(9S)
 * @mc_callbacks: MC_IOCTL and MC_POLL, if they are there
 * @mc_getstat: mandatory
 * @mc_start: mandatory
 * @mc_stop: mandatory
 * @mc_setpromisc: mandatory
 * @mc_multicst: mandatory
 * @mc_unicst: mandatory
 * @mc_tx: mandatory
 * @mc_ioctl: with MC_IOCTL
 * @mc_poll: with MC_POLL
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
 * @m_version: MAC_VERSION
 * @m_type_ident: MAC_PLUGIN_IDENT_ETHER
 * @m_driver: what the callbacks are called with
 * @m_of: the driver it belongs to (in place of m_dip)
 * @m_instance: its number among those of the driver, the PPA; up to MAC_PPA_MAX
 * @m_src_addr: its present address, 6 bytes
 * @m_fact_addr: the address it was made with, 6 bytes; NULL: as @m_src_addr
 * @m_callbacks: entry points; stay as they are until mac_unregister()
 * @m_min_sdu: 0
 * @m_max_sdu: most bytes behind the header of 14
 * @m_margin: bytes that a frame may be longer than header and @m_max_sdu (a VLAN tag)
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
} mac_register_t;

/**
 * mac_alloc() - an empty registration, mac_alloc(9F)
 * @mac_version: MAC_VERSION
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
 * asked for by mc_getstat(MAC_STAT_IFSPEED), which is called soon afterwards.
 *
 * Context: any, interrupt included; the driver's locks may be held.
 */
void mac_link_update(mac_handle_t mh, link_state_t new_state);

/**
 * mac_maxsdu_update() - the largest SDU is this now, mac_maxsdu_update(9F)
 * @mh: handle
 * @sdu_max: most bytes behind the header
 *
 * Streams that asked for it are told.
 *
 * Context: any, interrupt included.
 * Return: 0; EINVAL for 0.
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
