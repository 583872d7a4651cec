// SPDX-License-Identifier: GPL-2.0-only
/*
 * loopeth: network interfaces without hardware.  PPA 0 and 1 are the ends of a wire, 2
 * and 3 those of another, and so on: what one end sends the other receives.
 *
 * It is the loopback driver with the face of DLPI, and a provider of
 * <sys/mac_provider.h> with as little as one needs.  An end does what a network card
 * does: it knows its address and lets frames in that are for it, it has a ring of
 * limited size where they wait until they are fetched, it sends as fast as its wire is,
 * and its link is up while both ends are started.  Everything that a program sees is the
 * DLPI core's.
 *
 * One lock for each wire guards both of its ends, and is the only one here.
 * mac_rx_schedule(), mac_tx_update() and mac_link_update() run nothing themselves, so
 * they are called with it held.  That also says when a handle may be used: while its end
 * is started, which changes under the lock.
 */
#include <sys/ddi.h>
#include <sys/mac_provider.h>
#include <sys/strsun.h>
#include <sys/sunddi.h>
#include "loopeth.h"

#define LOOPETH_RING	256	/* frames */
#define LOOPETH_MARGIN	4	/* a VLAN tag */
#define LOOPETH_HEADER	14
#define LOOPETH_ADDRESS	6

struct loopeth_wire;

/* An end of a wire.  What is not constant is guarded by the lock of the wire. */
struct loopeth_end {
	struct loopeth_wire *wire;
	struct loopeth_end *other;
	uint_t instance;
	mac_handle_t mh;	/* set before, and unset after, all callbacks */
	int plugged;
	int started;
	int promiscuous;
	uint8_t address[LOOPETH_ADDRESS];
	uint_t groups[64];	/* group addresses wanted, by hash */

	/* Received and not fetched yet. */
	mblk_t *first;
	mblk_t **last;
	uint_t waiting;
	int sender_waits;	/* the other end found no room */
	long credit;		/* bytes that the wire can have carried by now */
	clock_t credited;	/* when that was, in ticks */
	timeout_id_t tick;	/* the last one: until it can have carried more */
	int ticking;

	/* Since it was plugged. */
	uint64_t ipackets, rbytes, multircv, brdcstrcv;
	uint64_t opackets, obytes, multixmt, brdcstxmt, oerrors;
};

struct loopeth_wire {
	kmutex_t lock;
	uint_t max_sdu;
	uint_t mbits;
	struct loopeth_end end[2];
};

/* Set while nothing is registered. */
static struct mac_driver loopeth_driver = { .md_name = "loopeth" };
static struct loopeth_wire *loopeth_wires;
static uint_t loopeth_pairs;

static struct loopeth_end *loopeth_end(uint_t instance)
{
	return &loopeth_wires[instance / 2].end[instance % 2];
}

/* ---------------------------------------------------------------- addresses */

static void loopeth_destination(const mblk_t *mp, uint8_t *address)
{
	uint_t have = 0;
	uint_t some;

	for (; mp && have < LOOPETH_ADDRESS; mp = mp->b_cont) {
		some = MIN((uint_t)MBLKL(mp), LOOPETH_ADDRESS - have);
		bcopy(mp->b_rptr, address + have, some);
		have += some;
	}
	bzero(address + have, LOOPETH_ADDRESS - have);
}

static int loopeth_is_broadcast(const uint8_t *address)
{
	static const uint8_t everybody[LOOPETH_ADDRESS] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	return bcmp(address, everybody, LOOPETH_ADDRESS) == 0;
}

static int loopeth_is_group(const uint8_t *address)
{
	return address[0] & 1;
}

/* Imperfect, as that of a chip: other addresses may pass as well. */
static uint_t *loopeth_group(struct loopeth_end *end, const uint8_t *address)
{
	return &end->groups[(address[3] ^ address[4] ^ address[5]) % 64];
}

static int loopeth_lets_in(struct loopeth_end *end, const uint8_t *address)
{
	if (end->promiscuous || loopeth_is_broadcast(address))
		return 1;
	if (loopeth_is_group(address))
		return *loopeth_group(end, address) != 0;
	return bcmp(address, end->address, LOOPETH_ADDRESS) == 0;
}

static void loopeth_count(const uint8_t *address, uint64_t *group, uint64_t *broadcast)
{
	if (loopeth_is_broadcast(address))
		++*broadcast;
	else if (loopeth_is_group(address))
		++*group;
}

/* ------------------------------------------------------------------ sending */

/*
 * One frame onto the wire.  It may be too long for it, or the other end not be there:
 * then it is lost, and so is one that the other end does not let in.
 */
static int loopeth_carry(struct loopeth_end *end, mblk_t *mp)
{
	struct loopeth_end *to = end->other;
	size_t size = msgdsize(mp);
	uint8_t address[LOOPETH_ADDRESS];

	if (!to->started || size > LOOPETH_HEADER + end->wire->max_sdu + LOOPETH_MARGIN) {
		end->oerrors++;
		return 0;
	}
	loopeth_destination(mp, address);
	end->opackets++;
	end->obytes += size;
	loopeth_count(address, &end->multixmt, &end->brdcstxmt);
	if (!loopeth_lets_in(to, address))
		return 0;
	to->ipackets++;
	to->rbytes += size;
	loopeth_count(address, &to->multircv, &to->brdcstrcv);
	/* Who fetches has left nothing behind, and looks again when told. */
	if (!to->first)
		mac_rx_schedule(to->mh);
	*to->last = mp;
	to->last = &mp->b_next;
	to->waiting++;
	return 1;
}

static void loopeth_free_chain(mblk_t *chain)
{
	mblk_t *next;

	for (; chain; chain = next) {
		next = chain->b_next;
		chain->b_next = NULL;
		freemsg(chain);
	}
}

static mblk_t *loopeth_tx(void *driver, mblk_t *chain)
{
	struct loopeth_end *end = driver;
	mblk_t *lost = NULL;
	mblk_t *mp;

	mutex_enter(&end->wire->lock);
	while ((mp = chain) != NULL) {
		if (end->other->waiting == LOOPETH_RING) {
			end->other->sender_waits = 1;
			break;
		}
		chain = mp->b_next;
		mp->b_next = NULL;
		if (!loopeth_carry(end, mp)) {
			mp->b_next = lost;
			lost = mp;
		}
	}
	mutex_exit(&end->wire->lock);
	/* Not with the lock: somebody's free routine may be called. */
	loopeth_free_chain(lost);
	return chain;
}

/* ---------------------------------------------------------------- receiving */

static void loopeth_tick(void *arg)
{
	struct loopeth_end *end = arg;

	mutex_enter(&end->wire->lock);
	end->ticking = 0;
	if (end->started)
		mac_rx_schedule(end->mh);
	mutex_exit(&end->wire->lock);
}

/* What the wire can have carried since this was asked last; no more than in one tick. */
static void loopeth_credit(struct loopeth_end *end)
{
	long each_tick = MAX(end->wire->mbits * 125000L / hz, 1);
	clock_t now = ddi_get_lbolt();
	long ticks = MIN(now - end->credited, (long)hz);

	end->credit = MIN(end->credit + ticks * each_tick, each_tick);
	end->credited = now;
}

static mblk_t *loopeth_fetch(struct loopeth_end *end)
{
	mblk_t *mp = end->first;

	end->first = mp->b_next;
	if (!end->first)
		end->last = &end->first;
	mp->b_next = NULL;
	end->waiting--;
	end->credit -= msgdsize(mp);
	return mp;
}

static void loopeth_make_room(struct loopeth_end *end)
{
	if (!end->sender_waits || end->waiting > LOOPETH_RING / 2)
		return;
	end->sender_waits = 0;
	if (end->other->started)
		mac_tx_update(end->other->mh);
}

static mblk_t *loopeth_poll(void *driver, uint_t budget, boolean_t *more)
{
	struct loopeth_end *end = driver;
	mblk_t *chain = NULL;
	mblk_t **last = &chain;

	mutex_enter(&end->wire->lock);
	loopeth_credit(end);
	for (; end->first && budget && end->credit > 0; budget--) {
		*last = loopeth_fetch(end);
		last = &(*last)->b_next;
	}
	*more = end->first && !budget;
	if (end->first && budget && !end->ticking) {
		end->tick = timeout(loopeth_tick, end, 1);
		end->ticking = !!end->tick;
		*more = !end->ticking;
	}
	loopeth_make_room(end);
	mutex_exit(&end->wire->lock);
	return chain;
}

/* ------------------------------------------------------- the other callbacks */

static void loopeth_link(struct loopeth_end *end)
{
	link_state_t state = end->other->started ? LINK_STATE_UP : LINK_STATE_DOWN;

	if (end->started)
		mac_link_update(end->mh, state);
}

static int loopeth_start(void *driver)
{
	struct loopeth_end *end = driver;
	int error = ENXIO;

	mutex_enter(&end->wire->lock);
	if (end->plugged) {
		end->started = 1;
		loopeth_link(end);
		loopeth_link(end->other);
		error = 0;
	}
	mutex_exit(&end->wire->lock);
	return error;
}

/* Nobody sends to it any more, nor is it told of anything. */
static void loopeth_stop(void *driver)
{
	struct loopeth_end *end = driver;
	mblk_t *left;

	mutex_enter(&end->wire->lock);
	end->started = 0;
	left = end->first;
	end->first = NULL;
	end->last = &end->first;
	end->waiting = 0;
	loopeth_make_room(end);
	loopeth_link(end->other);
	mutex_exit(&end->wire->lock);
	loopeth_free_chain(left);
}

static int loopeth_setpromisc(void *driver, boolean_t on)
{
	struct loopeth_end *end = driver;

	mutex_enter(&end->wire->lock);
	end->promiscuous = on;
	mutex_exit(&end->wire->lock);
	return 0;
}

static int loopeth_multicst(void *driver, boolean_t add, const uint8_t *address)
{
	struct loopeth_end *end = driver;

	mutex_enter(&end->wire->lock);
	*loopeth_group(end, address) += add ? 1 : -1;
	mutex_exit(&end->wire->lock);
	return 0;
}

static int loopeth_unicst(void *driver, const uint8_t *address)
{
	struct loopeth_end *end = driver;

	mutex_enter(&end->wire->lock);
	bcopy(address, end->address, LOOPETH_ADDRESS);
	mutex_exit(&end->wire->lock);
	return 0;
}

static const uint64_t *loopeth_counter(const struct loopeth_end *end, uint_t stat)
{
	switch (stat) {
	case MAC_STAT_IPACKETS:
		return &end->ipackets;
	case MAC_STAT_RBYTES:
		return &end->rbytes;
	case MAC_STAT_MULTIRCV:
		return &end->multircv;
	case MAC_STAT_BRDCSTRCV:
		return &end->brdcstrcv;
	case MAC_STAT_OPACKETS:
		return &end->opackets;
	case MAC_STAT_OBYTES:
		return &end->obytes;
	case MAC_STAT_MULTIXMT:
		return &end->multixmt;
	case MAC_STAT_BRDCSTXMT:
		return &end->brdcstxmt;
	case MAC_STAT_OERRORS:
		return &end->oerrors;
	}
	return NULL;
}

static int loopeth_getstat(void *driver, uint_t stat, uint64_t *value)
{
	struct loopeth_end *end = driver;
	const uint64_t *counter = loopeth_counter(end, stat);
	int error = 0;

	mutex_enter(&end->wire->lock);
	if (counter)
		*value = *counter;
	else if (stat == MAC_STAT_IFSPEED)
		*value = end->wire->mbits * 1000000ULL;
	else if (stat == ETHER_STAT_LINK_DUPLEX)
		*value = LINK_DUPLEX_FULL;
	else
		error = ENOTSUP;
	mutex_exit(&end->wire->lock);
	return error;
}

static mac_callbacks_t loopeth_callbacks = {
	.mc_callbacks = MC_POLL,
	.mc_getstat = loopeth_getstat,
	.mc_start = loopeth_start,
	.mc_stop = loopeth_stop,
	.mc_setpromisc = loopeth_setpromisc,
	.mc_multicst = loopeth_multicst,
	.mc_unicst = loopeth_unicst,
	.mc_tx = loopeth_tx,
	.mc_poll = loopeth_poll,
};

/* ------------------------------------------------------------ ends come and go */

/* A local address: the second bit of the first byte says so. */
static void loopeth_make_address(const struct loopeth_end *end, uint8_t *address)
{
	const uint8_t made[] = { 0x02, 'l', 'o', 'o', end->instance >> 8, end->instance & 0xff };

	bcopy(made, address, sizeof(made));
}

static void loopeth_reset(struct loopeth_end *end)
{
	struct loopeth_wire *wire = end->wire;
	uint_t instance = end->instance;

	mutex_enter(&wire->lock);
	bzero(end, sizeof(*end));
	end->wire = wire;
	end->instance = instance;
	end->other = loopeth_end(instance ^ 1);
	end->last = &end->first;
	end->plugged = 1;
	loopeth_make_address(end, end->address);
	mutex_exit(&wire->lock);
}

int loopeth_plug(uint_t instance)
{
	struct loopeth_end *end;
	mac_register_t *mregp;
	int error;

	if (instance >= 2 * loopeth_pairs)
		return ENXIO;
	end = loopeth_end(instance);
	if (end->plugged)
		return EEXIST;
	mregp = mac_alloc(MAC_VERSION);
	if (!mregp)
		return ENOMEM;
	loopeth_reset(end);
	mregp->m_type_ident = MAC_PLUGIN_IDENT_ETHER;
	mregp->m_driver = end;
	mregp->m_of = &loopeth_driver;
	mregp->m_instance = instance;
	mregp->m_src_addr = end->address;
	mregp->m_callbacks = &loopeth_callbacks;
	mregp->m_max_sdu = end->wire->max_sdu;
	mregp->m_margin = LOOPETH_MARGIN;
	error = mac_register(mregp, &end->mh);
	mac_free(mregp);
	if (error) {
		mutex_enter(&end->wire->lock);
		end->plugged = 0;
		mutex_exit(&end->wire->lock);
		untimeout(end->tick);	/* somebody may have had it for a while */
	}
	return error;
}

int loopeth_unplug(uint_t instance)
{
	struct loopeth_end *end;

	if (instance >= 2 * loopeth_pairs || !loopeth_end(instance)->plugged)
		return ENXIO;
	end = loopeth_end(instance);
	/* From here on nobody starts it, and the other end does not use its handle. */
	mutex_enter(&end->wire->lock);
	end->plugged = 0;
	end->started = 0;
	mutex_exit(&end->wire->lock);
	mac_unregister(end->mh);
	untimeout(end->tick);	/* mc_poll does not make another */
	return 0;
}

/* --------------------------------------------------------------- all of them */

static void loopeth_make_wires(uint_t max_sdu, uint_t mbits)
{
	uint_t i;

	for (i = 0; i < loopeth_pairs; i++) {
		mutex_init(&loopeth_wires[i].lock, NULL, MUTEX_DRIVER, NULL);
		loopeth_wires[i].max_sdu = max_sdu;
		loopeth_wires[i].mbits = mbits;
	}
	for (i = 0; i < 2 * loopeth_pairs; i++) {
		loopeth_end(i)->wire = &loopeth_wires[i / 2];
		loopeth_end(i)->instance = i;
	}
}

void loopeth_set_max_sdu(uint_t max_sdu)
{
	struct loopeth_end *end;
	uint_t i;

	for (i = 0; i < 2 * loopeth_pairs; i++) {
		end = loopeth_end(i);
		mutex_enter(&end->wire->lock);
		end->wire->max_sdu = max_sdu;
		mutex_exit(&end->wire->lock);
		if (end->plugged)
			mac_maxsdu_update(end->mh, max_sdu);
	}
}

void loopeth_set_speed(uint_t mbits)
{
	uint_t i;

	for (i = 0; i < loopeth_pairs; i++) {
		mutex_enter(&loopeth_wires[i].lock);
		loopeth_wires[i].mbits = mbits;
		/* As up as they were, and yet there is something to tell. */
		loopeth_link(&loopeth_wires[i].end[0]);
		loopeth_link(&loopeth_wires[i].end[1]);
		mutex_exit(&loopeth_wires[i].lock);
	}
}

void loopeth_unload(void)
{
	uint_t i;

	for (i = 0; i < 2 * loopeth_pairs; i++)
		loopeth_unplug(i);
	mac_driver_unregister(&loopeth_driver);
	for (i = 0; i < loopeth_pairs; i++)
		mutex_destroy(&loopeth_wires[i].lock);
	kmem_free(loopeth_wires, loopeth_pairs * sizeof(*loopeth_wires));
	loopeth_pairs = 0;
}

int loopeth_load(struct module *owner, uint_t pairs, uint_t max_sdu, uint_t mbits)
{
	int error;
	uint_t i;

	loopeth_wires = kmem_zalloc(pairs * sizeof(*loopeth_wires), KM_SLEEP);
	loopeth_pairs = pairs;
	loopeth_make_wires(max_sdu, mbits);
	error = mac_driver_register(&loopeth_driver, owner);
	if (error) {
		kmem_free(loopeth_wires, pairs * sizeof(*loopeth_wires));
		return error;
	}
	for (i = 0; !error && i < 2 * pairs; i++)
		error = loopeth_plug(i);
	if (error)
		loopeth_unload();
	return error;
}
