// SPDX-License-Identifier: GPL-2.0-only
//
// A picture of the streams that are open, for who wonders where messages are.
// Documentation/seeing.rst explains its lines.
//
// Who looks must not disturb: no lock is held but a queue's or a perimeter's for
// a moment, a stream is kept from going away only while its lines are written,
// and the plumbing mutex is not wanted: a stream whose close hangs is what one
// wants to see most.  So modules may come and go meanwhile.
#include <streams_core/head/head.hh>
#include <sys/conf.h>

namespace strm {

namespace {

// The position in the file is the device number of the stream that comes next.
dev_t dev_of(const Stream &stream)
{
	return load_relaxed(stream.dev);
}

Stream *show_from(long long *pos)
{
	Stream *stream = *pos < 0xffffffff ? stream_from(static_cast<dev_t>(*pos)) : nullptr;

	if (stream)
		*pos = dev_of(*stream);
	return stream;
}

struct FlagName {
	uint_t flag;
	const char *name;
};

constexpr FlagName queue_flags[] = {
	{ QWANTR, "WANTR" },   { QWANTW, "WANTW" },   { QFULL, "FULL" },
	{ QNOENB, "NOENB" },   { QBACK, "BACK" },     { QPROCS, "PROCS" },
	{ QWCLOSE, "WCLOSE" }, { QCHOKED, "CHOKED" }, { QFROZEN, "FROZEN" },
};

constexpr FlagName band_flags[] = {
	{ QB_FULL, "FULL" },
	{ QB_WANTW, "WANTW" },
	{ QB_BACK, "BACK" },
};

// False: there are none, and nothing is said.
template <size_t count>
bool show_bits(seq_file *seq, const char *before, u32 flags, const FlagName (&names)[count])
{
	bool any = false;

	for (const FlagName &it : names) {
		if (flags & it.flag) {
			lin_seq_printf(seq, "%s%s", any ? "," : before, it.name);
			any = true;
		}
	}
	return any;
}

template <size_t count> void show_flags(seq_file *seq, uint_t flags, const FlagName (&names)[count])
{
	show_bits(seq, " flags=", flags, names);
	lin_seq_printf(seq, "\n");
}

// A record that was made lives as long as its queue: between two of them the
// lock is given back.
void show_bands(seq_file *seq, queue_t *q, const qband_t *record)
{
	for (unsigned number = 1; record; number++) {
		qband_t band;
		{
			SpinGuard guard(inner(q).lock);
			band = *record;
		}
		lin_seq_printf(seq, "      band=%u bytes=%zu high=%zu low=%zu blocks=%zu", number,
			       band.qb_count, band.qb_hiwat, band.qb_lowat, band.qb_mblkcnt);
		show_flags(seq, band.qb_flag, band_flags);
		record = band.qb_next;
	}
}

// Of a retired pair the module's tables may be gone; while it is not, seen inside an
// RCU section, they are there until that ends.
bool serves(queue_t *q)
{
	BottomHalvesOff off;
	return !QueuePair::of(q).retired(q).relaxed() && has_service(q);
}

void show_queue(seq_file *seq, const char *side, queue_t *q)
{
	queue_t now;
	{
		SpinGuard guard(inner(q).lock);
		now.q_flag = q->q_flag;
		now.q_count = q->q_count;
		now.q_mblkcnt = q->q_mblkcnt;
		now.q_hiwat = q->q_hiwat;
		now.q_lowat = q->q_lowat;
		now.q_bandp = q->q_bandp;
		now.q_nband = q->q_nband;
	}
	lin_seq_printf(
		seq,
		"    %-5s bytes=%zu high=%zu low=%zu blocks=%zu bands=%u deferred=%u service=%s",
		side, now.q_count, now.q_hiwat, now.q_lowat, now.q_mblkcnt, unsigned(now.q_nband),
		inner(q).deferred.relaxed(),
		serves(q) ? schedule_name(inner(q).schedule.relaxed()) : "none");
	show_flags(seq, now.q_flag, queue_flags);
	show_bands(seq, q, now.q_bandp);
}

const char *scope_name(Scope scope)
{
	switch (scope) {
	case Scope::Open:
		return "open";
	case Scope::Queue:
		return "queue";
	case Scope::Pair:
		return "pair";
	case Scope::Module:
		return "module";
	}
	return "";
}

constexpr FlagName gate_bits[] = {
	{ STRM_GATE_OWNED, "owned" },	  { STRM_GATE_PENDING, "pending" },
	{ STRM_GATE_BACKLOG, "backlog" }, { STRM_GATE_FENCED, "fenced" },
	{ STRM_GATE_WATCHED, "watched" },
};

// `others` have a reference that are no pairs.
void show_perimeter(seq_file *seq, const char *name, Scope scope, Perimeter &perimeter, u32 others)
{
	const Perimeter::Picture now = perimeter.picture();

	lin_seq_printf(seq, "  %s perimeter=%p scope=%s pairs=%u kind=%s", name,
		       static_cast<void *>(&perimeter), scope_name(scope), now.references - others,
		       perimeter.sole() ? "sole" : "counted");
	if (!show_bits(seq, " gate=", now.word, gate_bits))
		lin_seq_printf(seq, " gate=open");
	lin_seq_printf(seq,
		       " claims=%u messages=%u services=%u processes=%u writers=%u callbacks=%u\n",
		       now.claims, now.count(Entry::Tag::Message), now.count(Entry::Tag::Service),
		       now.count(Entry::Tag::Waiter),
		       now.count(Entry::Tag::Writer) + now.count(Entry::Tag::OuterWriter),
		       now.count(Entry::Tag::Callback));
}

void show_pair(seq_file *seq, QueuePair &pair, bool is_head)
{
	// The module, or the core for the heads, has a reference too.
	const u32 others = pair.scope() == Scope::Module || is_head ? 1 : 0;

	show_perimeter(seq, pair.name(), pair.scope(), pair.perimeter(), others);
	if (&pair.write_perimeter() != &pair.perimeter())
		show_perimeter(seq, pair.name(), pair.scope(), pair.write_perimeter(), others);
	show_queue(seq, "read", pair.rd());
	show_queue(seq, "write", pair.wr());
}

// The pair below, with a reference taken.  Only a pair that is not retired
// knows its neighbours; a null pointer may also be that.
QueuePair *hold_below(QueuePair &pair)
{
	BottomHalvesOff off;

	if (pair.retired().relaxed())
		return nullptr;
	queue_t *below = load_acquire(pair.wr()->q_next);
	return below && QueuePair::of(below).try_get() ? &QueuePair::of(below) : nullptr;
}

void show_pairs(seq_file *seq, QueuePair &head)
{
	QueuePair *pair = head.try_get() ? &head : nullptr;

	while (pair) {
		show_pair(seq, *pair, pair == &head);
		QueuePair *below = hold_below(*pair);
		if (!below && pair->retired().relaxed())
			lin_seq_printf(seq, "  changing\n");
		pair->put();
		pair = below;
	}
}

void show_stream(seq_file *seq, StreamHead &head)
{
	const HeadState state = head.snapshot();

	lin_seq_printf(seq, "stream %s %u opens=%u", head.stream.driver->name,
		       getminor(load_relaxed(head.stream.dev)), load_relaxed(head.stream.opens));
	if (head.stream.closing.relaxed())
		lin_seq_printf(seq, " closing");
	if (state.hung_up)
		lin_seq_printf(seq, " hung-up");
	if (state.read_error || state.write_error)
		lin_seq_printf(seq, " errors=%d,%d", state.read_error, state.write_error);
	lin_seq_printf(seq, "\n");
	show_pairs(seq, *head.stream.head);
}

} // namespace

} // namespace strm

using namespace strm;

// From start to stop a use of one stream is held.
extern "C" void *strm_picture_start(long long *pos)
{
	return show_from(pos);
}

extern "C" void *strm_picture_next(void *previous, long long *pos)
{
	auto *stream = static_cast<Stream *>(previous);

	++*pos;
	Stream *next = show_from(pos);
	drop_head(&head_of(*stream));
	return next;
}

extern "C" void strm_picture_stop(void *last)
{
	if (auto *stream = static_cast<Stream *>(last))
		drop_head(&head_of(*stream));
}

extern "C" void strm_picture_show(seq_file *seq, void *shown)
{
	auto *stream = static_cast<Stream *>(shown);

	if (!load_relaxed(stream->dead))
		show_stream(seq, head_of(*stream));
}

extern "C" const char *strm_queue_name(const queue_t *q)
{
	return QueuePair::of(const_cast<queue_t *>(q)).name();
}
