// SPDX-License-Identifier: GPL-2.0-only
//
// Which streams shall have a frame.
//
// By its SAP: the Ethernet type, or the DSAP of an 802.3 frame.  A table by SAP names the
// streams that are bound to it; those bound to SAP 0 are found there for all 802.3
// frames.  Streams that want all SAPs are on a list of their own, the wide ones.  What it
// takes to find somebody does not depend on how many others there are.
//
// And by its destination: the device's filter may let more through than anybody wants,
// and lets everything through for the sake of one promiscuous stream.
#include "dlpi.hh"

namespace dlpi {

namespace {

u32 bucket_of(u32 sap)
{
	return (sap ^ sap >> 6) & (buckets - 1);
}

// More than the SAPs that it is bound to.
bool wants_all_saps(const Stream &s)
{
	return attached(s) && ((s.promiscuous & promisc_sap) ||
			       (s.state == DL_UNBOUND && (s.promiscuous & promisc_phys)));
}

inline Reach reach_of(const Device &d, Address dest)
{
	if (!dest.group()) [[likely]]
		return dest == address_of(d) ? Reach::Ours : Reach::Foreign;
	return dest == Address::broadcast() ? Reach::Broadcast : Reach::Group;
}

inline Frame look_at(const Device &d, const u8 *header, size_t bytes)
{
	Frame f;

	f.dest = Address::of_frame(header);
	f.source = Address::of_frame(header + address_size);
	f.type = load_be16(header + 2 * address_size);
	f.sap = f.type;
	f.ssap = 0;
	f.control = 0;
	f.llc = f.type <= largest_length;
	f.reach = reach_of(d, f.dest);
	f.answered = false;
	if (f.llc) [[unlikely]] {
		const bool whole = bytes >= header_size + llc_size;
		f.sap = whole ? header[header_size] : 0;
		f.ssap = whole ? header[header_size + 1] : 0;
		f.control = whole ? header[header_size + 2] : 0;
	}
	return f;
}

inline bool hears(const Stream &s, const Frame &f)
{
	if (s.promiscuous & promisc_phys)
		return true;
	switch (f.reach) {
	case Reach::Group:
		return (s.promiscuous & promisc_multi) || is_member(s, f.dest);
	case Reach::Foreign:
		return false;
	default:
		return true;
	}
}

// A data block has at most 255 references.
mblk_t *another(mblk_t *mp)
{
	mblk_t *copy = dupmsg(mp);

	return copy ? copy : copymsg(mp);
}

// The frame itself is for the last of its recipients, copies are for those before: so
// one is kept at hand until the next is known.
class Recipients {
public:
	Recipients(Device &d, mblk_t *mp, Frame &f) : device_(d), mp_(mp), frame_(f) {}

	void offer(Stream &s)
	{
		if (!hears(s, frame_))
			return;
		wanted_ = true;
		if (!canputnext(s.rq)) [[unlikely]] {
			s.dropped.fetch_add(1);
			return;
		}
		if (last_) [[unlikely]]
			give_copy();
		last_ = &s;
	}
	// False: nobody wanted it.
	bool finish()
	{
		if (last_) [[likely]]
			give(device_, *last_, mp_, frame_, From::Wire);
		else
			freemsg(mp_);
		return wanted_;
	}

private:
	void give_copy()
	{
		if (mblk_t *copy = another(mp_))
			give(device_, *last_, copy, frame_, From::Wire);
		else
			last_->dropped.fetch_add(1);
	}

	Device &device_;
	mblk_t *mp_;
	Frame &frame_;
	Stream *last_ = nullptr;
	bool wanted_ = false;
};

// A stream that is wide is found on that list.
inline void offer_to_bound(const Device &d, u16 sap, Recipients &to)
{
	for (const Binding *b = d.table[bucket_of(sap)]; b; b = b->next) {
		if (b->sap == sap && !b->stream->wide)
			to.offer(*b->stream);
	}
}

// Bound to 0, and not found by its DSAP already.
void offer_to_all_llc(const Device &d, u16 sap, Recipients &to)
{
	for (const Binding *b = d.table[bucket_of(0)]; b; b = b->next) {
		if (b->sap == 0 && !b->stream->wide && (sap == 0 || !bound_to(*b->stream, sap)))
			to.offer(*b->stream);
	}
}

// Enough at the beginning to look at.  If not, the frame is gone.
bool has_header(Device &d, mblk_t *mp)
{
	constexpr size_t enough = header_size + llc_size;
	const size_t first = static_cast<size_t>(MBLKL(mp));

	if (first >= enough || (first >= header_size && !mp->b_cont)) [[likely]]
		return true;
	const size_t bytes = msgdsize(mp);
	if (bytes < header_size)
		store_relaxed(d.short_frames, d.short_frames + 1);
	else if (pullupmsg(mp, static_cast<ssize_t>(strm::min(bytes, enough))))
		return true;
	else
		store_relaxed(d.lost, d.lost + 1);
	freemsg(mp);
	return false;
}

// The first bytes of a message, wherever its blocks end.
size_t peek(const mblk_t *mp, u8 *to, size_t most)
{
	size_t have = 0;

	for (; mp && have < most; mp = mp->b_cont) {
		if (mp->b_wptr <= mp->b_rptr)
			continue;
		const size_t bytes = strm::min(static_cast<size_t>(MBLKL(mp)), most - have);
		__builtin_memcpy(to + have, mp->b_rptr, bytes);
		have += bytes;
	}
	return have;
}

bool wants_sap(const Stream &s, const Frame &f)
{
	return s.wide || bound_to(s, f.sap) || (f.llc && bound_to(s, 0));
}

// Whether the device shall hand up what is not sent by streams.
void ask_for_sent(Device &d, bool snooped)
{
	if ((d.callbacks.mc_callbacks & MC_SETSENT) && !d.echoes)
		d.callbacks.mc_setsent(d.argument, snooped ? B_TRUE : B_FALSE);
}

} // namespace

void enter_table(Device &d, Binding &binding)
{
	Binding **link = &d.table[bucket_of(binding.sap)];

	binding.next = *link;
	*link = &binding;
}

void leave_table(Device &d, Binding &binding)
{
	Binding **link = &d.table[bucket_of(binding.sap)];

	while (*link && *link != &binding)
		link = &(*link)->next;
	if (*link)
		*link = binding.next;
}

bool bound_to(const Stream &s, u16 sap)
{
	const Binding *binding = s.bindings;

	if (binding->stream && binding->sap == sap)
		return true;
	if (!s.peers)
		return false;
	for (u32 i = 1; i <= most_peers; i++) {
		if (s.bindings[i].stream && s.bindings[i].sap == sap)
			return true;
	}
	return false;
}

// Its state or what it is promiscuous about has changed.
void place(Stream &s)
{
	Device &d = *s.device;
	const bool wide = wants_all_saps(s);

	if (wide != s.wide) {
		if (wide)
			d.wide.add(s);
		else
			d.wide.remove(s);
		s.wide = wide;
	}
	const bool snooped = d.snoopers.first;
	d.snoopers.remove(s);
	if (s.promiscuous)
		d.snoopers.add(s);
	if (snooped != !!d.snoopers.first)
		ask_for_sent(d, !snooped);
}

// The leader's.
void deliver(Device &d, mblk_t *mp)
{
	if (!has_header(d, mp)) [[unlikely]]
		return;
	if (mp->b_band) [[unlikely]] {
		const bool sent = mp->b_band == MAC_BAND_SENT;
		mp->b_band = 0; // or it would pass the flow control of the others
		if (sent) {
			show_to_snoopers(d, nullptr, mp);
			freemsg(mp);
			return;
		}
	}
	Frame f = look_at(d, mp->b_rptr, static_cast<size_t>(MBLKL(mp)));
	Recipients to(d, mp, f);

	if (!f.llc || f.sap != 0) [[likely]]
		offer_to_bound(d, f.sap, to);
	if (f.llc) [[unlikely]]
		offer_to_all_llc(d, f.sap, to);
	for (Stream *s = d.wide.first; s; s = s->next_wide)
		to.offer(*s);
	if (!to.finish())
		store_relaxed(d.unknown, d.unknown + 1);
}

// What one stream sends, or none but the host itself, the promiscuous others see.
void show_to_snoopers(Device &d, const Stream *sender, const mblk_t *mp)
{
	u8 header[header_size + llc_size] = {};
	const size_t bytes = peek(mp, header, sizeof(header));
	Frame f = look_at(d, header, bytes);

	for (Stream *s = d.snoopers.first; s; s = s->next_snooper) {
		if (s == sender || !wants_sap(*s, f) || !hears(*s, f))
			continue;
		mblk_t *copy = canputnext(s->rq) ? another(const_cast<mblk_t *>(mp)) : nullptr;
		if (copy)
			give(d, *s, copy, f, From::Neighbour);
		else
			s->dropped.fetch_add(1);
	}
}

} // namespace dlpi
