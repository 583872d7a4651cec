// SPDX-License-Identifier: GPL-2.0-only
//
// linecut: cuts what comes up into lines, one message a line.
//
// A stream of bytes has no boundaries; a reader that wants lines has to find
// them.  With linecut pushed, and message mode set (I_SRDOPT with RMSGN or
// RMSGD), each read(2) returns one line, however the writer cut its writes.
//
// No byte is copied: a line is one or more message blocks that share the data
// of what came (dupb).  The perimeter (D_MTQPAIR) lets one thread at a time into
// the object of a stream, so that it needs no lock.
#include <strm/module.hh>

using strm::Message;
using strm::ReadQueue;

namespace {

// A line that is longer is passed on in parts.
constexpr size_t longest_line = 4096;

class LineCut {
public:
	void read(ReadQueue q, Message mp);
	void close(ReadQueue q) { send(q); } // a pop loses nothing

private:
	void cut(ReadQueue q, Message block);
	void gather(ReadQueue q, Message part);
	void send(ReadQueue q);

	Message line_; // what has come since the last newline
	size_t length_ = 0;
};

// One past the first newline of a block, or its end, or a null pointer.
unsigned char *after_newline(mblk_t *mp)
{
	for (unsigned char *p = mp->b_rptr; p < mp->b_wptr; p++) {
		if (*p == '\n')
			return p + 1;
	}
	return nullptr;
}

void LineCut::send(ReadQueue q)
{
	if (line_)
		q.put_next(strm::move(line_));
	length_ = 0;
}

void LineCut::gather(ReadQueue q, Message part)
{
	length_ += part.bytes();
	line_.append(strm::move(part));
	if (length_ >= longest_line)
		send(q);
}

void LineCut::cut(ReadQueue q, Message block)
{
	while (unsigned char *end = after_newline(block.get())) {
		Message head;

		if (end < block->b_wptr)
			head = Message(dupb(block.get()));
		if (!head)
			break; // ends with a newline, or no memory: two lines in one
		head->b_wptr = end;
		block->b_rptr = end;
		gather(q, strm::move(head));
		send(q);
	}
	const bool whole = after_newline(block.get());
	gather(q, strm::move(block));
	if (whole)
		send(q);
}

void LineCut::read(ReadQueue q, Message mp)
{
	if (mp.type() == M_FLUSH && (*mp->b_rptr & FLUSHR)) {
		line_ = Message();
		length_ = 0;
	}
	const bool overtakes = mp->b_band || (mp.high_priority() && mp.type() != M_HANGUP);
	if (mp.type() != M_DATA || mp->b_band || mp.bytes() == 0) {
		if (!overtakes)
			send(q);
		q.put_next(strm::move(mp));
		return;
	}
	while (mp) {
		Message rest = mp.split_rest();
		cut(q, strm::move(mp));
		mp = strm::move(rest);
	}
}

} // namespace

STRM_MODINFO(description, "STREAMS module that makes each line a message");
STRM_CXX_MODULE(LineCut, "linecut", D_MP | D_MTQPAIR, "GPL");
