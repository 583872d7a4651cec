// SPDX-License-Identifier: GPL-2.0-only
//
// pfmod: of the messages that come up, those go on that a filter accepts.
//
// Every message looks at the filter, hardly anybody changes it: so put
// procedures share the perimeter of the stream (D_MTQPAIR D_MTPUTSHARED), frames
// that go up beside those that go down, and who sets another filter is alone in it by
// qwriter().  A filter is checked while others go on; what is left to do alone cannot
// fail.  No message sees half a filter, and nothing here has a lock.
#include <strm/module.hh>
#include <sys/strsun.h>

#include "filter.hh"

using strm::Message;
using strm::ReadQueue;
using strm::WriteQueue;

namespace {

// A filter, and the structure that its words are in: the data of a message, so that it
// waits for its turn behind the M_IOCTL.
struct Program {
	strm::pfmod::Filter filter;
	union {
		packetfilt basic;
		Pf_ext_packetfilt extended;
	};
};

constexpr size_t program_size(size_t form)
{
	return __builtin_offsetof(Program, basic) + form;
}

class PacketFilter {
public:
	void read(ReadQueue q, Message mp);
	void write(WriteQueue q, Message mp);

private:
	static void start(WriteQueue q, Message mp);
	static void copied_in(WriteQueue q, Message mp);
	static void check_and_set(WriteQueue q, Message mp, size_t size);
	static void set(queue_t *q, mblk_t *mp);

	// Inside the inner perimeter: read by who shares it, changed by who is alone.
	// Empty accepts everything.
	Message program_;
};

Program &program_in(const Message &mp)
{
	return *reinterpret_cast<Program *>(mp->b_rptr);
}

void refuse(WriteQueue q, Message mp, int error)
{
	miocnak(q.raw(), mp.release(), 0, error);
}

// Makes a program of the structure in it, which is `size` bytes; an error number.
int check(Program &program, size_t size)
{
	const bool basic = size == sizeof(packetfilt);
	const strm::u16 *words = basic ? program.basic.Pf_Filter : program.extended.Pf_Filter;
	const size_t length = basic ? program.basic.Pf_FilterLen : program.extended.Pf_FilterLen;

	if (length > (basic ? ENMAXFILTERS : PF_MAXFILTERS))
		return EINVAL;
	const Message room = Message::allocate((length + 1) * sizeof(strm::pfmod::Depths));
	if (!room)
		return ENOSR;
	auto *depths = reinterpret_cast<strm::pfmod::Depths *>(room->b_rptr);
	return program.filter.set(words, length, depths) ? 0 : EINVAL;
}

// Alone in the perimeter of the stream: no message is between two filters.
void PacketFilter::set(queue_t *q, mblk_t *mp)
{
	auto &me = *static_cast<PacketFilter *>(q->q_ptr);

	me.program_ = Message(unlinkb(mp));
	miocack(q, mp, 0, 0);
}

// The structure is behind `mp`, an M_IOCTL or M_IOCDATA.
void PacketFilter::check_and_set(WriteQueue q, Message mp, size_t size)
{
	if ((size != sizeof(packetfilt) && size != sizeof(Pf_ext_packetfilt)) ||
	    msgsize(mp->b_cont) != size)
		return refuse(q, strm::move(mp), EINVAL);
	Message program = Message::allocate(program_size(size));
	if (!program)
		return refuse(q, strm::move(mp), ENOSR);
	Program &made = program_in(program);
	new (&made.filter) strm::pfmod::Filter;
	mcopymsg(mp.split_rest().release(), &made.basic);
	program->b_wptr += program_size(size);
	if (int error = check(made, size))
		return refuse(q, strm::move(mp), error);
	mp.append(strm::move(program));
	qwriter(q.raw(), mp.release(), set, PERIM_INNER);
}

void PacketFilter::start(WriteQueue q, Message mp)
{
	const auto &request = *reinterpret_cast<const iocblk *>(mp->b_rptr);

	if (request.ioc_count != TRANSPARENT)
		return check_and_set(q, strm::move(mp), request.ioc_count);
	// Which of the two forms it is nothing tells; it is the older one.
	mcopyin(mp.get(), nullptr, sizeof(packetfilt), nullptr);
	q.reply(strm::move(mp));
}

void PacketFilter::copied_in(WriteQueue q, Message mp)
{
	const auto &answer = *reinterpret_cast<const copyresp *>(mp->b_rptr);

	if (!answer.cp_rval)
		check_and_set(q, strm::move(mp), sizeof(packetfilt));
}

void PacketFilter::write(WriteQueue q, Message mp)
{
	if (mp.type() == M_IOCTL && reinterpret_cast<iocblk *>(mp->b_rptr)->ioc_cmd == PFIOCSETF)
		start(q, strm::move(mp));
	else if (mp.type() == M_IOCDATA &&
		 reinterpret_cast<copyresp *>(mp->b_rptr)->cp_cmd == PFIOCSETF)
		copied_in(q, strm::move(mp));
	else
		q.put_next(strm::move(mp));
}

void PacketFilter::read(ReadQueue q, Message mp)
{
	if (program_ && (mp.type() == M_DATA || mp.type() == M_PROTO)) {
		const mblk_t *data = strm::pfmod::data_portion(mp.get());
		if (data && !program_in(program_).filter.accepts(data))
			return; // and it is freed
	}
	q.put_next(strm::move(mp));
}

} // namespace

STRM_MODINFO(description, "STREAMS packet filter");
STRM_CXX_MODULE(PacketFilter, "pfmod", D_MP | D_MTQPAIR | D_MTPUTSHARED, "GPL");
