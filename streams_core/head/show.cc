// SPDX-License-Identifier: GPL-2.0-only
//
// A picture of the streams that are open, for who wonders where messages are.
//
//	stream loop 0, opens 1
//	  head     read     0/5120       0 messages           write    0/5120  ...
//	  relay    read     0/5120       0 messages           write 5200/5120  ... full
//	  loop     ...
//
// One line for each queue pair, from the top down: bytes in band 0 of the high
// water mark, and messages.  `full`: at the mark; `wanted`: somebody waits for
// room; `choked`: messages wait at the perimeter; `bands`: band records.
#include <streams_core/head/head.hh>
#include <sys/conf.h>

namespace strm {

namespace {

void show_side(seq_file *seq, const char *side, queue_t *q)
{
	uint_t flag;
	size_t bytes;
	size_t most;
	int messages;
	unsigned bands;
	{
		SpinGuard guard(inner(q).lock);
		flag = q->q_flag;
		bytes = q->q_count;
		most = q->q_hiwat;
		bands = q->q_nband;
		messages = 0;
		for (const mblk_t *mp = q->q_first; mp; mp = mp->b_next)
			messages++;
	}
	lin_seq_printf(seq, "  %s %6zu/%-6zu %4d messages", side, bytes, most, messages);
	if (bands)
		lin_seq_printf(seq, " bands %u", bands);
	lin_seq_printf(seq, "%s%s%s", flag & QFULL ? " full" : "", flag & QWANTW ? " wanted" : "",
		       flag & QCHOKED ? " choked" : "");
}

void show_pair(seq_file *seq, const char *name, QueuePair &pair)
{
	const char *entry = pair.perimeter().sole() ? "exclusive" : "shared";

	lin_seq_printf(seq, "  %-8s %-9s", name, entry);
	show_side(seq, "read", pair.rd());
	show_side(seq, "write", pair.wr());
	lin_seq_printf(seq, "\n");
}

void show_stream(seq_file *seq, StreamHead &head)
{
	TryMutexGuard plumbing(head.stream.plumbing, false);
	if (!plumbing.ok())
		return; // a signal: who looked wants to go
	head.stream.plumbing.held();
	if (head.stream.dead)
		return;
	const HeadState state = head.snapshot();
	lin_seq_printf(seq, "stream %s %u, opens %u%s", head.stream.driver->name,
		       getminor(head.stream.dev), head.stream.opens,
		       state.hung_up ? ", hung up" : "");
	if (state.read_error || state.write_error)
		lin_seq_printf(seq, ", errors %d and %d", state.read_error, state.write_error);
	lin_seq_printf(seq, "\n");
	show_pair(seq, "head", *head.stream.head);
	for (const Component *it = head.stream.top; it; it = it->below)
		show_pair(seq, it->registered->name, *it->pair);
}

} // namespace

} // namespace strm

using namespace strm;

extern "C" void strm_show_streams(seq_file *seq)
{
	Stream *stream = next_of_all(nullptr);

	while (stream) {
		StreamHead *head = STRM_CONTAINER(stream, StreamHead, stream);
		show_stream(seq, *head);
		stream = next_of_all(stream);
		drop_head(head);
	}
}
