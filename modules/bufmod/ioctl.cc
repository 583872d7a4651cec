// SPDX-License-Identifier: GPL-2.0-only
//
// The write side of bufmod: what programs set and ask for, by I_STR or by an ioctl of
// its own.  Everything else goes on.
#include "buffer.hh"

#include <sys/model.h>
#include <sys/strsun.h>

namespace strm::bufmod {

namespace {

constexpr long million = 1000000;

bool is_ours(int command)
{
	return command >= SBIOCSTIME && command <= SBIOCGFLAGS;
}

bool is_question(int command)
{
	return command == SBIOCGTIME || command == SBIOCGCHUNK || command == SBIOCGSNAP ||
	       command == SBIOCGFLAGS;
}

bool is_ilp32(uint_t flag)
{
	return (flag & IOC_MODELS) == IOC_ILP32;
}

// A program of 32 bits may have a time of 64: where a length is given it says which.
bool is_short_time(uint_t flag, size_t given)
{
	return is_ilp32(flag) && given != sizeof(Time64);
}

// Bytes of the argument.
size_t size_of(int command, bool short_time)
{
	if (command == SBIOCCTIME)
		return 0;
	if (command != SBIOCSTIME && command != SBIOCGTIME)
		return sizeof(u32);
	return short_time ? sizeof(Time32) : sizeof(Time64);
}

void refuse(WriteQueue q, Message mp, int error)
{
	miocnak(q.raw(), mp.release(), 0, error);
}

void accept(WriteQueue q, Message mp)
{
	miocack(q.raw(), mp.release(), 0, 0);
}

// How many bytes come at a time, if they are more than usual; or 0.
u32 bytes_at_a_time(u32 chunk, u32 snap)
{
	constexpr u32 more_than_any_frame = 65536;

	if (chunk)
		return chunk;
	return snap ? min(snap, more_than_any_frame) + static_cast<u32>(sizeof(sb_hdr)) : 0;
}

struct Marks {
	size_t high = 0;
	size_t low = 0;

	bool operator==(const Marks &) const = default;
};

// The stream head is the last on the way up; a frozen stream keeps it there.
Marks marks_of_head(queue_t *q)
{
	queue_t *head = q;
	Marks marks;

	freezestr(q);
	while (head->q_next)
		head = head->q_next;
	(void)strqget(head, QHIWAT, 0, &marks.high);
	(void)strqget(head, QLOWAT, 0, &marks.low);
	unfreezestr(q);
	return marks;
}

Message message_for(const Marks &marks)
{
	Message mp = Message::allocate(sizeof(stroptions));

	if (!mp)
		return mp;
	DB_TYPE(mp.get()) = M_SETOPTS;
	auto *options = new (mp->b_wptr) stroptions{};
	options->so_flags = SO_HIWAT | SO_LOWAT;
	options->so_hiwat = marks.high;
	options->so_lowat = marks.low;
	mp->b_wptr += sizeof(*options);
	return mp;
}

} // namespace

// Room for a few of what comes, at the head.  It may have more from the driver, or
// because of another chunk size, and keeps it.  ENOSR.
int Buffer::make_room(u32 bytes)
{
	const Marks now = marks_of_head(q_.raw());
	const Marks wanted = { max<size_t>(now.high, 4ul * bytes),
			       max<size_t>(now.low, 2ul * bytes) };

	if (wanted == now)
		return 0;
	Message mp = message_for(wanted);
	if (!mp)
		return ENOSR;
	q_.put_next(move(mp));
	return 0;
}

// Fails without memory, and then nothing has changed.
int Buffer::set_sizes(u32 chunk, u32 snap)
{
	if (chunk > largest_chunk)
		return EINVAL;
	if (int error = make_room(bytes_at_a_time(chunk, snap)))
		return error;
	set_.chunk = chunk;
	set_.snap = snap;
	if (chunk_.bytes() >= chunk)
		(void)send();
	return 0;
}

int Buffer::set_time(long seconds, long microseconds)
{
	if (seconds < 0 || microseconds < 0)
		return EINVAL;
	if (!seconds && !microseconds) {
		if (int error = set_sizes(0, set_.snap))
			return error;
	}
	// Programs give milliseconds as so many thousand microseconds.
	if (__builtin_add_overflow(seconds, microseconds / million, &seconds))
		return EINVAL;
	set_.timed = true;
	set_.seconds = seconds;
	set_.microseconds = microseconds % million;
	stop_timer();
	start_timer();
	return 0;
}

// A chunk is of one kind: what is there goes up, or waits, as it is.
int Buffer::set_flags(u32 flags)
{
	if (flags & ~known_flags)
		return EINVAL;
	if (!send())
		hold();
	end_interval();
	set_.flags = flags;
	return 0;
}

int Buffer::set(int command, const Value &value, bool short_time)
{
	switch (command) {
	case SBIOCSTIME:
		if (short_time)
			return set_time(value.time32.tv_sec, value.time32.tv_usec);
		return set_time(value.time.seconds, value.time.microseconds);
	case SBIOCCTIME:
		set_.timed = false;
		stop_timer();
		return 0;
	case SBIOCSCHUNK:
		return set_sizes(value.number, set_.snap);
	case SBIOCSSNAP:
		return set_sizes(set_.chunk, value.number);
	default: // SBIOCSFLAGS
		return set_flags(value.number);
	}
}

int Buffer::get(int command, Value &value, bool short_time) const
{
	switch (command) {
	case SBIOCGTIME:
		if (!set_.timed)
			return ERANGE;
		if (short_time)
			value.time32 = { static_cast<int32_t>(min(set_.seconds, 0x7fffffffl)),
					 static_cast<int32_t>(set_.microseconds) };
		else
			value.time = { set_.seconds, set_.microseconds };
		return 0;
	case SBIOCGCHUNK:
		value.number = set_.chunk;
		return 0;
	case SBIOCGSNAP:
		value.number = set_.snap;
		return 0;
	default: // SBIOCGFLAGS
		value.number = set_.flags;
		return 0;
	}
}

void Buffer::answer(WriteQueue q, Message mp, const iocblk &request)
{
	const bool short_time = is_short_time(request.ioc_flag, request.ioc_count);
	const size_t size = size_of(request.ioc_cmd, short_time);
	Message data = Message::allocate(size);

	if (!data)
		return refuse(q, move(mp), ENOSR);
	Value value = {};
	if (int error = get(request.ioc_cmd, value, short_time))
		return refuse(q, move(mp), error);
	__builtin_memcpy(data->b_wptr, &value, size);
	data->b_wptr += size;
	if (request.ioc_count == TRANSPARENT)
		mcopyout(mp.get(), nullptr, size, nullptr, data.release());
	else
		mioc2ack(mp.get(), data.release(), size, 0);
	q.reply(move(mp));
}

// The argument is behind `mp`, an M_IOCTL or M_IOCDATA.
void Buffer::take(WriteQueue q, Message mp, int command, uint_t flag)
{
	const size_t given = msgsize(mp->b_cont);
	const bool short_time = is_short_time(flag, given);
	Value value = {};

	if (given != size_of(command, short_time))
		return refuse(q, move(mp), EINVAL);
	mcopymsg(mp.split_rest().release(), &value);
	if (int error = set(command, value, short_time))
		return refuse(q, move(mp), error);
	accept(q, move(mp));
}

void Buffer::start(WriteQueue q, Message mp)
{
	const auto request = *reinterpret_cast<const iocblk *>(mp->b_rptr);

	if (is_question(request.ioc_cmd)) {
		answer(q, move(mp), request);
	} else if (request.ioc_cmd == SBIOCCTIME) {
		(void)set(SBIOCCTIME, Value{}, false);
		accept(q, move(mp));
	} else if (request.ioc_count == TRANSPARENT) {
		mcopyin(mp.get(), nullptr, size_of(request.ioc_cmd, is_ilp32(request.ioc_flag)),
			nullptr);
		q.reply(move(mp));
	} else {
		take(q, move(mp), request.ioc_cmd, request.ioc_flag);
	}
}

// The head has moved the argument of a transparent ioctl, or could not.
void Buffer::copied(WriteQueue q, Message mp)
{
	const auto answer = *reinterpret_cast<const copyresp *>(mp->b_rptr);

	if (answer.cp_rval)
		return;
	if (is_question(answer.cp_cmd))
		accept(q, move(mp));
	else
		take(q, move(mp), answer.cp_cmd, answer.cp_flag);
}

void Buffer::write(WriteQueue q, Message mp)
{
	if (set_.has(SB_SEND_ON_WRITE) && mp.type() != M_FLUSH) {
		end_interval();
		(void)send();
	}
	if (mp.type() == M_IOCTL && is_ours(reinterpret_cast<iocblk *>(mp->b_rptr)->ioc_cmd))
		start(q, move(mp));
	else if (mp.type() == M_IOCDATA &&
		 is_ours(reinterpret_cast<copyresp *>(mp->b_rptr)->cp_cmd))
		copied(q, move(mp));
	else
		q.put_next(move(mp));
}

} // namespace strm::bufmod
