// SPDX-License-Identifier: GPL-2.0-only
//
// qwriter(9F): to go on alone.
//
// The caller is inside.  If it is the only one, or the owner, its function is called
// at once; otherwise the message waits in the FIFO, in front of what is no writer,
// and the caller's leaving is what makes it run.  Who owns the outer perimeter is
// alone in all inner ones.
//
// A writer has run when close begins: as long as one waits nobody enters the inner
// perimeter of its queue, and so neither does the process that closes.
#include <streams_core/queue/queue.hh>
#include <strm/object.h>
#include <strm/rules.hh>

namespace strm {

namespace {

// A message that waits is not freed: where its function is, it has b_own otherwise,
// which is a null pointer or its own data block.
void keep_function(mblk_t *mp, void (*func)(queue_t *q, mblk_t *mp))
{
	mp->b_pending = mp->b_own != nullptr;
	mp->b_writer = func;
}

auto take_function(mblk_t *mp)
{
	auto *func = mp->b_writer;

	mp->b_own = mp->b_pending ? &reinterpret_cast<strm_object *>(mp)->data : nullptr;
	mp->b_pending = 0;
	mp->b_next = nullptr;
	mp->b_prev = nullptr;
	return func;
}

void call(void (*func)(queue_t *q, mblk_t *mp), queue_t *q, mblk_t *mp)
{
	Inside inside(q, STRM_IN_WRITER);
	func(q, mp);
}

} // namespace

// Inside, and alone.
void run_writer(Entry &entry)
{
	queue_t *q = entry.target<queue_t>();
	Perimeter &perimeter = perimeter_of(q);
	const bool outer = entry.tag() == Entry::Tag::OuterWriter;
	auto *mp = reinterpret_cast<mblk_t *>(&entry);

	lin_count(LIN_STAT_writers_deferred);
	if (strm_trace_perimeter_on) [[unlikely]]
		lin_trace_qwriter_run(q, mp, outer ? PERIM_OUTER : PERIM_INNER);
	call(take_function(mp), q, mp);
	inner(q).writers.fetch_sub(1); // what it has sent is there; pairs with waits_outside()
	if (outer)
		perimeter.writer_has_run();
}

} // namespace strm

using namespace strm;

extern "C" void qwriter(queue_t *q, mblk_t *mp, void (*func)(queue_t *q, mblk_t *mp), int perimeter)
{
	Perimeter &inner = perimeter_of(q);
	Perimeter *outer = inner.outer();

	if (strm_rules_on) [[unlikely]]
		strm_rules_qwriter(q, perimeter == PERIM_OUTER, outer);
	if (perimeter == PERIM_OUTER && !outer)
		lin_printk(LIN_WARN, "%s: qwriter(PERIM_OUTER) without D_MTOUTPERIM\n",
			   QueuePair::of(q).name());
	const bool wants_outer = perimeter == PERIM_OUTER && outer;
	Perimeter &wanted = wants_outer || (outer && outer->is_owned()) ? *outer : inner;
	const auto how = wanted.begin_writing();
	if (how != Perimeter::Writing::Refused) {
		if (strm_trace_perimeter_on) [[unlikely]]
			lin_trace_qwriter_immediate(q, mp, perimeter);
		call(func, q, mp);
		wanted.end_writing(how);
		return;
	}

	if (strm_trace_perimeter_on) [[unlikely]]
		lin_trace_qwriter_deferred(q, mp, perimeter);
	auto &entry = *reinterpret_cast<Entry *>(mp);
	keep_function(mp, func);
	strm::inner(q).writers.fetch_add(1);
	entry.aim(q, wants_outer ? Entry::Tag::OuterWriter : Entry::Tag::Writer);
	wanted.defer_writer(entry, wants_outer ? &inner : nullptr);
}
