// SPDX-License-Identifier: GPL-2.0-only
//
// The messages on a queue: their order, their count, and when that count lets
// the queue be full or not.
//
// Order: messages of high priority, first in first out; then bands from 255
// down to 1; then band 0.  Band 0 and high priority are counted in the queue
// itself, band n in a record of its own that is made when first needed.
#include <streams_core/queue/queue.hh>
#include <strm/rules.h>

namespace strm {

namespace {

// What flow control knows of one band: the queue's own fields or a qband's.
struct Counter {
	size_t &bytes;
	size_t &blocks;
	size_t high;
	size_t low;

	bool full() const { return bytes >= high || blocks >= high; }
	bool below_high() const { return bytes < high && blocks < high; }
	bool below_low() const { return low == 0 || (bytes < low && blocks < low); }
};

struct Size {
	size_t bytes = 0;
	size_t blocks = 0;

	explicit Size(const mblk_t *mp)
	{
		for (; mp; mp = mp->b_cont) {
			bytes += static_cast<size_t>(mp->b_wptr - mp->b_rptr);
			blocks++;
		}
	}
};

unsigned band_of(const mblk_t *mp)
{
	return high_priority(mp) ? 0 : mp->b_band;
}

// Order of a message on a queue; higher goes first.
unsigned rank(const mblk_t *mp)
{
	return high_priority(mp) ? 256 : mp->b_band;
}

} // namespace

// The rest runs under the queue's lock.

qband_t *find_band(queue_t *q, unsigned band)
{
	qband_t *record = q->q_bandp;
	while (record && --band)
		record = record->qb_next;
	return record;
}

bool make_bands(queue_t *q, unsigned band)
{
	qband_t **link = &q->q_bandp;
	while (*link)
		link = &(*link)->qb_next;
	while (q->q_nband < band) {
		auto *record = static_cast<qband_t *>(lin_kzalloc(sizeof(qband_t), LIN_GFP_ATOMIC));
		if (!record)
			return false;
		record->qb_hiwat = q->q_hiwat;
		record->qb_lowat = q->q_lowat;
		*link = record;
		link = &record->qb_next;
		store_relaxed(q->q_nband, static_cast<uchar_t>(q->q_nband + 1));
		lin_count(LIN_STAT_bands_made);
	}
	return true;
}

namespace {

Counter counter(queue_t *q, unsigned band)
{
	if (band == 0)
		return { q->q_count, q->q_mblkcnt, q->q_hiwat, q->q_lowat };
	qband_t *record = find_band(q, band);
	return { record->qb_count, record->qb_mblkcnt, record->qb_hiwat, record->qb_lowat };
}

void set_full(queue_t *q, unsigned band, bool full)
{
	if (band == 0) {
		change_flags(q, full ? QFULL : 0, full ? 0 : QFULL);
		return;
	}
	uint_t &flag = find_band(q, band)->qb_flag;
	flag = full ? flag | QB_FULL : flag & ~uint_t(QB_FULL);
}

void count_in(queue_t *q, const mblk_t *mp)
{
	const unsigned band = band_of(mp);
	const Size size(mp);
	Counter count = counter(q, band);

	store_relaxed(count.bytes, count.bytes + size.bytes);
	count.blocks += size.blocks;
	if (count.full())
		set_full(q, band, true);
	inner(q).blocks += size.blocks;
}

void count_out(queue_t *q, const mblk_t *mp)
{
	const unsigned band = band_of(mp);
	const Size size(mp);
	Counter count = counter(q, band);

	store_relaxed(count.bytes, count.bytes - size.bytes);
	count.blocks -= size.blocks;
	if (count.below_high())
		set_full(q, band, false);
	inner(q).blocks -= size.blocks;
}

void insert_before(queue_t *q, mblk_t *place, mblk_t *mp)
{
	mblk_t *before = place ? place->b_prev : q->q_last;

	mp->b_next = place;
	mp->b_prev = before;
	if (before)
		before->b_next = mp;
	else
		store_relaxed(q->q_first, mp);
	if (place)
		place->b_prev = mp;
	else
		q->q_last = mp;
	count_in(q, mp);
}

// As far as its neighbours tell.
bool is_on(const queue_t *q, const mblk_t *mp)
{
	return (mp->b_prev ? mp->b_prev->b_next : q->q_first) == mp &&
	       (mp->b_next ? mp->b_next->b_prev : q->q_last) == mp;
}

void remove(queue_t *q, mblk_t *mp)
{
	if (mp->b_prev)
		mp->b_prev->b_next = mp->b_next;
	else
		store_relaxed(q->q_first, mp->b_next);
	if (mp->b_next)
		mp->b_next->b_prev = mp->b_prev;
	else
		q->q_last = mp->b_prev;
	mp->b_next = nullptr;
	mp->b_prev = nullptr;
	count_out(q, mp);
}

// Is back-enabling due, and does anybody wait for it?  Forgets that they do.
bool back_enable_wanted(queue_t *q, unsigned band)
{
	if (band && !find_band(q, band))
		return false;
	if (!counter(q, band).below_low())
		return false;
	if (band == 0) {
		const bool wanted = q->q_flag & QWANTW;
		change_flags(q, 0, QWANTW);
		return wanted;
	}
	uint_t &flag = find_band(q, band)->qb_flag;
	const bool wanted = flag & QB_WANTW;
	flag &= ~uint_t(QB_WANTW);
	return wanted;
}

bool may_enable(const queue_t *q)
{
	return !(q->q_flag & QNOENB);
}

// Message blocks that all bands of a queue may hold together: far more than the
// watermarks let one band have.  At half of it writers go on.
size_t most_blocks(const queue_t *q)
{
	return max(size_t(16384), 2 * q->q_hiwat);
}

// Is what choked the queue gone?
bool may_unchoke(queue_t *q)
{
	return (q->q_flag & (QCHOKED | QWCLOSE)) == QCHOKED &&
	       inner(q).blocks <= most_blocks(q) / 2 && inner(q).deferred.relaxed() <= few_deferred;
}

bool must_choke(queue_t *q)
{
	return inner(q).blocks >= most_blocks(q) && !(q->q_flag & QCHOKED);
}

// A high-priority message has no band.
bool prepare(queue_t *q, mblk_t *mp)
{
	if (high_priority(mp))
		mp->b_band = 0;
	return mp->b_band <= q->q_nband || make_bands(q, mp->b_band);
}

bool flushed(const mblk_t *mp, int flag)
{
	return flag == FLUSHALL || datamsg(mp->b_datap->db_type);
}

// Takes off `q` every message that `doomed` names, frees them, and back-enables
// each band where that is due, highest first.
template <typename Doomed> void flush_where(queue_t *q, Doomed doomed)
{
	mblk_t *dead = nullptr;
	BandSet due;
	bool room;
	{
		QueueGuard guard(q);
		mblk_t *next;
		for (mblk_t *mp = q->q_first; mp; mp = next) {
			next = mp->b_next;
			if (!doomed(mp))
				continue;
			remove(q, mp);
			mp->b_next = dead;
			dead = mp;
		}
		for (unsigned band = 0; band <= q->q_nband; band++) {
			if (back_enable_wanted(q, band))
				due.add(band);
		}
		room = may_unchoke(q);
	}
	while (dead) {
		mblk_t *mp = dead;
		dead = mp->b_next;
		mp->b_next = nullptr;
		freemsg(mp);
	}
	if (due.any())
		enable_behind(q, due); // one run of the service procedure serves all
	if (room)
		unchoke(q);
}

void mark_back_enabled(queue_t *q, const BandSet &bands)
{
	SpinGuard guard(inner(q).lock);

	for (unsigned band = 0; band <= q->q_nband; band++) {
		if (!bands.has(band))
			continue;
		if (band == 0)
			change_flags(q, QBACK, 0);
		else
			find_band(q, band)->qb_flag |= QB_BACK;
	}
}

} // namespace

bool BandSet::any() const
{
	for (u32 word : words) {
		if (word)
			return true;
	}
	return false;
}

void enable_behind(queue_t *q, const BandSet &bands)
{
	BottomHalvesOff off;

	for (queue_t *prev = backq(q); prev; prev = backq(prev)) {
		if (has_service(prev)) {
			lin_count(LIN_STAT_back_enables);
			if (strm_trace_queue_on) [[unlikely]]
				lin_trace_back_enable(prev, q);
			mark_back_enabled(prev, bands);
			qenable(prev);
			return;
		}
	}
}

void enable_behind(queue_t *q, unsigned band)
{
	BandSet bands;
	bands.add(band);
	enable_behind(q, bands);
}

// The service procedure has run: it has seen what there was to see.
void forget_back_enabled(queue_t *q)
{
	if (!(load_relaxed(q->q_flag) & QBACK) && !load_relaxed(q->q_nband))
		return;
	SpinGuard guard(inner(q).lock);
	change_flags(q, 0, QBACK);
	for (qband_t *record = q->q_bandp; record; record = record->qb_next)
		record->qb_flag &= ~uint_t(QB_BACK);
}

mblk_t *take_first_if(queue_t *q, bool (*wanted)(const mblk_t *mp, const void *arg),
		      const void *arg)
{
	QueueGuard guard(q);
	mblk_t *mp = q->q_first;

	if (!mp) {
		change_flags(q, QWANTR, 0);
		return nullptr;
	}
	if (!wanted(mp, arg))
		return nullptr;
	remove(q, mp);
	if (strm_trace_queue_on) [[unlikely]]
		lin_trace_getq(q, mp, counter(q, band_of(mp)).bytes);
	change_flags(q, 0, QWANTR);
	return mp;
}

mblk_t *take_first(queue_t *q)
{
	return take_first_if(
		q, [](const mblk_t *, const void *) { return true; }, nullptr);
}

void back_enable_due(queue_t *q, unsigned band)
{
	bool due;
	bool room;

	// Who waited when the caller took its message off is seen, by the lock that this
	// needed; who came later found the queue full even so, or looks again (choke()).
	if (band == 0 && !(load_relaxed(q->q_flag) & (QWANTW | QCHOKED))) [[likely]]
		return;
	{
		SpinGuard guard(inner(q).lock);
		due = back_enable_wanted(q, band);
		room = may_unchoke(q);
	}
	if (due)
		enable_behind(q, band);
	if (room)
		unchoke(q);
}

// Room in `q` itself; the mark that asks for back-enabling is set where not.
bool room_here(queue_t *q, unsigned band)
{
	SpinGuard guard(inner(q).lock);

	if (q->q_flag & QCHOKED) {
		change_flags(q, QWANTW, 0);
		return false;
	}
	if (band == 0) {
		if (!(q->q_flag & QFULL))
			return true;
		change_flags(q, QWANTW, 0);
		return false;
	}
	if (band > q->q_nband)
		return true;
	uint_t &flag = find_band(q, band)->qb_flag;
	if (!(flag & QB_FULL))
		return true;
	flag |= QB_WANTW;
	return false;
}

void choke(queue_t *q)
{
	// One RCU section: who unlinks meanwhile stops where a queue decides, and
	// leaves what is ahead of it to this.
	BottomHalvesOff off;

	lin_count(LIN_STAT_chokes);
	{
		SpinGuard guard(inner(q).lock);
		change_flags(q, QCHOKED, 0);
	}
	QueuePair::of(q).refresh_flow(q);
	// What choked it may be gone already, and then nobody else would see that.
	lin_smp_mb(); // the flag, before the count; pairs with uncount_deferred()
	unchoke(q);
}

// Whoever waits for any band is enabled: the mark does not say which.
void unchoke(queue_t *q)
{
	BottomHalvesOff off; // as choke()
	bool wanted;
	{
		SpinGuard guard(inner(q).lock);
		if (!may_unchoke(q))
			return;
		wanted = q->q_flag & QWANTW;
		change_flags(q, 0, QCHOKED | QWANTW);
	}
	QueuePair::of(q).refresh_flow(q);
	if (wanted)
		enable_behind(q, 0u);
}

// Nobody else can see the queue.
void free_messages(queue_t *q)
{
	while (mblk_t *mp = q->q_first) {
		q->q_first = mp->b_next;
		mp->b_next = nullptr;
		freemsg(mp);
	}
}

void free_bands(queue_t *q)
{
	while (qband_t *record = q->q_bandp) {
		q->q_bandp = record->qb_next;
		lin_kfree(record);
	}
	q->q_nband = 0;
}

} // namespace strm

using namespace strm;

extern "C" int putq(queue_t *q, mblk_t *mp)
{
	bool enable;
	bool overfull;

	if (strm_rules_on) [[unlikely]] {
		if (strm_rules_freed(mp, q, "putq"))
			return 1;
		strm_rules_queueing(q, "putq");
	}
	if (lin_cannot_enter()) {
		do_later(q, mp, Later::Putq);
		return 1;
	}
	{
		QueueGuard guard(q);
		if (!prepare(q, mp))
			return 0;
		mblk_t *before = q->q_last;
		while (before && rank(before) < rank(mp))
			before = before->b_prev;
		insert_before(q, before ? before->b_next : q->q_first, mp);
		if (strm_trace_queue_on) [[unlikely]]
			lin_trace_putq(q, mp, counter(q, band_of(mp)).bytes);
		enable = high_priority(mp) ||
			 (may_enable(q) && ((q->q_flag & QWANTR) || mp->b_band));
		overfull = must_choke(q);
	}
	if (overfull)
		choke(q);
	if (enable)
		qenable(q);
	return 1;
}

extern "C" int putbq(queue_t *q, mblk_t *mp)
{
	bool enable;

	if (strm_rules_on) [[unlikely]] {
		if (strm_rules_freed(mp, q, "putbq"))
			return 1;
		strm_rules_putting_back(q, mp);
	}
	{
		QueueGuard guard(q);
		if (!prepare(q, mp))
			return 0;
		mblk_t *place = q->q_first;
		while (place && rank(place) > rank(mp))
			place = place->b_next;
		insert_before(q, place, mp);
		if (strm_trace_queue_on) [[unlikely]]
			lin_trace_putbq(q, mp, counter(q, band_of(mp)).bytes);
		enable = high_priority(mp) || (may_enable(q) && (q->q_flag & QWANTR));
	}
	if (enable)
		qenable(q);
	return 1;
}

extern "C" mblk_t *getq(queue_t *q)
{
	mblk_t *mp = take_first(q);

	if (strm_rules_on) [[unlikely]]
		strm_rules_took(q, mp);
	if (mp)
		back_enable_due(q, band_of(mp));
	return mp;
}

extern "C" int insq(queue_t *q, mblk_t *emp, mblk_t *mp)
{
	bool enable;

	if (strm_rules_on) [[unlikely]] {
		if (strm_rules_freed(mp, q, "insq"))
			return 1;
		strm_rules_obstacle();
	}
	{
		QueueGuard guard(q);
		const mblk_t *before = emp ? emp->b_prev : q->q_last;
		if ((emp && rank(emp) > rank(mp)) || (before && rank(before) < rank(mp)))
			return 0;
		if (!prepare(q, mp))
			return 0;
		insert_before(q, emp, mp);
		enable = may_enable(q) && (q->q_flag & QWANTR);
	}
	if (enable)
		qenable(q);
	return 1;
}

extern "C" void rmvq(queue_t *q, mblk_t *mp)
{
	const unsigned band = band_of(mp);
	{
		QueueGuard guard(q);
		if (!is_on(q, mp)) {
			lin_warn("rmvq: the message is not on the queue");
			return;
		}
		remove(q, mp);
	}
	back_enable_due(q, band);
}

extern "C" void flushq(queue_t *q, int flag)
{
	flush_where(q, [flag](const mblk_t *mp) { return flushed(mp, flag); });
}

extern "C" void flushband(queue_t *q, uchar_t pri, int flag)
{
	flush_where(q, [pri, flag](const mblk_t *mp) {
		return mp->b_band == pri && flushed(mp, flag);
	});
}

extern "C" int qsize(queue_t *q)
{
	SpinGuard guard(inner(q).lock);
	int messages = 0;

	for (const mblk_t *mp = q->q_first; mp; mp = mp->b_next)
		messages++;
	return messages;
}

extern "C" void noenable(queue_t *q)
{
	SpinGuard guard(inner(q).lock);
	change_flags(q, QNOENB, 0);
}

extern "C" void enableok(queue_t *q)
{
	SpinGuard guard(inner(q).lock);
	change_flags(q, 0, QNOENB);
}
