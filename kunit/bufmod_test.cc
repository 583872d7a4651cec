// SPDX-License-Identifier: GPL-2.0-only
//
// Chunks of bufmod: what they are made of, byte for byte, and what happens without
// memory and without room.
#include <kunit/test.hh>
#include <modules/bufmod/buffer.hh>
#include <sys/strsun.h>

namespace strm::testing::of_bufmod {

namespace {

using bufmod::Buffer;
using bufmod::Chunk;

// ----------------------------------------------------------------------- chunks

u8 pattern(size_t at)
{
	return static_cast<u8>(at * 7 + 1);
}

// A block with bytes of the pattern, in a buffer that has more room.
mblk_t *block(size_t bytes, size_t begin = 0, size_t spare = 0)
{
	mblk_t *mp = allocb(bytes + spare, BPRI_MED);

	for (size_t i = 0; mp && i < bytes; i++)
		*mp->b_wptr++ = pattern(begin + i);
	return mp;
}

sb_hdr header_for(size_t bytes, size_t keep)
{
	sb_hdr header = {};

	header.sbh_origlen = static_cast<u32>(bytes);
	header.sbh_msglen = static_cast<u32>(keep);
	header.sbh_totlen = static_cast<u32>(Chunk::size_of(keep, true));
	return header;
}

u8 byte_of(const mblk_t *mp, size_t at)
{
	for (; mp; mp = mp->b_cont) {
		if (at < static_cast<size_t>(MBLKL(mp)))
			return mp->b_rptr[at];
		at -= static_cast<size_t>(MBLKL(mp));
	}
	return 0xee;
}

void read_header(const mblk_t *mp, size_t at, sb_hdr &header)
{
	for (size_t i = 0; i < sizeof(header); i++)
		reinterpret_cast<u8 *>(&header)[i] = byte_of(mp, at + i);
}

// From `at`, a message of so many bytes of which these are kept; and then zeros.
bool has_message(const mblk_t *chunk, size_t &at, size_t bytes, size_t keep)
{
	sb_hdr header;

	read_header(chunk, at, header);
	if (header.sbh_origlen != bytes || header.sbh_msglen != keep ||
	    header.sbh_totlen != sizeof(header) + (keep + 7) / 8 * 8)
		return false;
	for (size_t i = 0; i < header.sbh_totlen - sizeof(header); i++) {
		if (byte_of(chunk, at + sizeof(header) + i) != (i < keep ? pattern(i) : 0))
			return false;
	}
	at += header.sbh_totlen;
	return true;
}

bool is_all_data(const mblk_t *mp)
{
	for (; mp; mp = mp->b_cont) {
		if (DB_TYPE(mp) != M_DATA)
			return false;
	}
	return true;
}

bool add(Chunk &chunk, mblk_t *mp, size_t keep = ~0ul, size_t room = 8192)
{
	Message message(mp);
	const size_t bytes = msgsize(mp);
	const sb_hdr header = header_for(bytes, min(bytes, keep));

	return message && chunk.add(move(message), &header, keep, room);
}

int blocks_of(const mblk_t *mp)
{
	int count = 0;

	for (; mp; mp = mp->b_cont)
		count++;
	return count;
}

void every_size_is_padded(kunit *test)
{
	for (size_t bytes = 0; bytes <= 600; bytes++) {
		Chunk chunk;
		if (!EXPECT(test, add(chunk, block(bytes)) && add(chunk, block(3))))
			return;
		EXPECT_EQ(test, chunk.bytes(), 24 + (bytes + 7) / 8 * 8 + 32);
		EXPECT_EQ(test, chunk.messages(), 2);
		Message mp = chunk.take();
		EXPECT(test, chunk.empty() && chunk.bytes() == 0 && chunk.messages() == 0);
		size_t at = 0;
		EXPECT_EQ(test, msgsize(mp.get()), 24 + (bytes + 7) / 8 * 8 + 32);
		EXPECT(test, has_message(mp.get(), at, bytes, bytes));
		EXPECT(test, has_message(mp.get(), at, 3, 3));
		EXPECT(test, is_all_data(mp.get()));
	}
}

void small_messages_are_copied_into_one_block(kunit *test)
{
	Chunk chunk;

	for (int i = 0; i < 20; i++)
		EXPECT(test, add(chunk, block(64)));
	Message mp = chunk.take();
	EXPECT_EQ(test, blocks_of(mp.get()), 1);
}

void large_messages_stay_where_they_are(kunit *test)
{
	Chunk chunk;
	mblk_t *large = block(1500, 0, 8);
	mblk_t *exact = block(1501);

	EXPECT(test, add(chunk, large) && add(chunk, exact));
	Message mp = chunk.take();
	if (!EXPECT_EQ(test, blocks_of(mp.get()), 4 + (MBLKTAIL(exact) < 3)))
		return;
	EXPECT_EQ(test, mp->b_cont, large);
	EXPECT_EQ(test, mp->b_cont->b_cont->b_cont, exact);
	EXPECT(test, MBLKL(large) >= 1500);
}

// A little data in a large buffer would keep the buffer.
void what_wastes_its_buffer_is_copied(kunit *test)
{
	Chunk chunk;
	size_t buffers = 0;

	for (size_t i = 0; i < 200; i++)
		EXPECT(test, add(chunk, block(i % 2 ? 1 : 300 + i * 3, 0, i % 5 * 4000)));
	const size_t bytes = chunk.bytes();
	Message mp = chunk.take();
	EXPECT_EQ(test, msgsize(mp.get()), bytes);
	for (const mblk_t *bp = mp.get(); bp; bp = bp->b_cont)
		buffers += static_cast<size_t>(MBLKSIZE(bp));
	EXPECT(test, buffers < 10 * bytes);
}

void a_snapshot_may_end_in_any_block(kunit *test)
{
	constexpr size_t parts[] = { 1, 300, 0, 40, 700, 5 };
	constexpr size_t all = 1 + 300 + 40 + 700 + 5;

	for (size_t keep = 0; keep <= all + 1; keep++) {
		Chunk chunk;
		Message mp;
		size_t begin = 0;
		for (size_t part : parts) {
			mp.append(Message(block(part, begin)));
			begin += part;
		}
		if (!EXPECT(test, msgsize(mp.get()) == all && add(chunk, mp.release(), keep)) ||
		    !EXPECT(test, add(chunk, block(9))))
			return;
		Message made = chunk.take();
		size_t at = 0;
		EXPECT(test, has_message(made.get(), at, all, min(keep, all)));
		EXPECT(test, has_message(made.get(), at, 9, 9));
		EXPECT_EQ(test, at, msgsize(made.get()));
	}
}

void without_headers_there_is_only_data(kunit *test)
{
	Chunk chunk;
	Message first(block(301)), second(block(5)), third(block(400, 5));

	if (!EXPECT(test, first && second && third))
		return;
	second.append(move(third));
	EXPECT(test, chunk.add(move(first), nullptr, 301, 1000));
	EXPECT(test, chunk.add(move(second), nullptr, 402, 1000));
	EXPECT_EQ(test, chunk.bytes(), 301 + 402);
	Message mp = chunk.take();
	EXPECT_EQ(test, msgsize(mp.get()), 301 + 402);
	for (size_t i = 0; i < 301 + 402; i++)
		EXPECT_EQ(test, byte_of(mp.get(), i), pattern(i < 301 ? i : i - 301));
}

// Nobody else's data, type or padding is written to.
void what_is_shared_is_not_written_to(kunit *test)
{
	Message control(block(30, 0, 20)), data(block(1001, 30, 20));

	if (!EXPECT(test, control && data))
		return;
	DB_TYPE(control.get()) = M_PROTO;
	for (Message *message : List{ &control, &data }) {
		for (int i = 0; i < 20; i++)
			message->get()->b_wptr[i] = 0xaa;
	}
	control.append(move(data));
	Message dup(dupmsg(control.get()));
	Chunk chunk;
	if (!EXPECT(test, dup && add(chunk, dup.release())))
		return;
	Message mp = chunk.take();
	size_t at = 0;
	EXPECT(test, has_message(mp.get(), at, 1031, 1031));
	EXPECT(test, is_all_data(mp.get()));
	EXPECT_EQ(test, DB_TYPE(control.get()), M_PROTO);
	EXPECT_EQ(test, msgsize(control.get()), 1031);
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(test, control->b_wptr[i], 0xaa);
		EXPECT_EQ(test, control->b_cont->b_wptr[i], 0xaa);
	}
}

// Without memory at any place, the message is gone and the chunk is as it was.
void a_failure_leaves_the_chunk_as_it_was(kunit *test)
{
	constexpr size_t sizes[] = { 10, 1503, 100, 701, 2000, 255 };
	int failures = 0;

	for (size_t before = 0; before <= 3; before++) {
		bool failed = true;
		for (int nth = 1; failed && nth < 20; nth++) {
			Chunk chunk;
			for (size_t i = 0; i < before; i++)
				EXPECT(test, add(chunk, block(sizes[i]), ~0ul, 64));
			Message mp(block(sizes[before]));
			mp.append(Message(block(sizes[before + 1], sizes[before])));
			mp.append(Message(block(40, sizes[before] + sizes[before + 1])));
			const size_t bytes = msgsize(mp.get());
			const size_t was = chunk.bytes();

			strm_test_fail_allocation(nth);
			failed = !add(chunk, mp.release(), ~0ul, 64);
			strm_test_fail_allocation(0);
			failures += failed;
			EXPECT_EQ(test, chunk.messages(), before + !failed);
			if (failed)
				EXPECT_EQ(test, chunk.bytes(), was);
			EXPECT(test, add(chunk, block(77)));
			Message made = chunk.take();
			size_t at = 0;
			for (size_t i = 0; i < before; i++)
				EXPECT(test, has_message(made.get(), at, sizes[i], sizes[i]));
			if (!failed)
				EXPECT(test, has_message(made.get(), at, bytes, bytes));
			EXPECT(test, has_message(made.get(), at, 77, 77));
			EXPECT_EQ(test, at, msgsize(made.get()));
		}
		EXPECT(test, !failed);
	}
	EXPECT(test, failures > 4);
}

// ------------------------------------------------------------------ the read side

// A head that keeps what it gets, and the module below it, in a perimeter that lets
// everybody in: there is only this thread.
struct Stream {
	Pair head{ serving };
	Pair module{ serving, D_MP, &head };
	Buffer buffer{ module ? module.rd() : nullptr };

	Stream()
	{
		if (!*this)
			return;
		head.up.on_put = keep;
		module.up.more = &buffer;
		module.up.on_put = [](Watch &watch, queue_t *, mblk_t *mp) {
			static_cast<Buffer *>(watch.more)->read(Message(mp));
		};
		module.up.on_service = [](Watch &watch, queue_t *) {
			static_cast<Buffer *>(watch.more)->serve();
		};
		module.down.more = &buffer;
		module.down.on_put = [](Watch &watch, queue_t *q, mblk_t *mp) {
			static_cast<Buffer *>(watch.more)->write(WriteQueue(q), Message(mp));
		};
		strm_test_softirqs();
	}
	~Stream()
	{
		if (module)
			buffer.close();
	}
	explicit operator bool() const { return head && module; }

	void comes(size_t bytes) { put(module.rd(), block(bytes)); }
	Message got() { return Message(getq(head.rd())); }

	// A setting, by an ioctl without data to return; what it was answered with.
	int set(int command, u32 value)
	{
		mblk_t *mp = mkiocb(static_cast<uint_t>(command));
		if (!mp)
			return -1;
		mp->b_cont = allocb(sizeof(value), BPRI_MED);
		if (!mp->b_cont) {
			freemsg(mp);
			return -1;
		}
		__builtin_memcpy(mp->b_cont->b_wptr, &value, sizeof(value));
		mp->b_cont->b_wptr += sizeof(value);
		reinterpret_cast<iocblk *>(mp->b_rptr)->ioc_count = sizeof(value);
		put(module.wr(), mp);
		return answer();
	}
	int answer()
	{
		int error = -1;
		Message rest;

		strm_test_softirqs();
		while (Message mp = got()) {
			if (mp.type() == M_IOCACK || mp.type() == M_IOCNAK)
				error = reinterpret_cast<iocblk *>(mp->b_rptr)->ioc_error;
			else if (mp.type() == M_SETOPTS)
				marks = *reinterpret_cast<stroptions *>(mp->b_rptr);
		}
		return error;
	}
	stroptions marks = {};
};

void without_memory_messages_are_counted(kunit *test)
{
	Stream stream;
	sb_hdr header;

	if (!EXPECT(test, bool(stream)) || !EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 0), 0))
		return;
	for (int i = 0; i < 3; i++) {
		mblk_t *mp = block(10);
		strm_test_fail_allocation(1);
		put(stream.module.rd(), mp);
		EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
	}
	EXPECT_EQ(test, qsize(stream.head.rd()), 0);
	stream.comes(10);
	Message mp = stream.got();
	if (!EXPECT(test, bool(mp)))
		return;
	read_header(mp.get(), 0, header);
	EXPECT_EQ(test, header.sbh_drops, 3);
	EXPECT(test, header.sbh_timestamp.tv_sec != 0);
}

void without_memory_for_a_timer_nothing_waits(kunit *test)
{
	Stream stream;
	mblk_t *mp = mkiocb(SBIOCSTIME);

	if (!EXPECT(test, bool(stream) && mp != nullptr)) {
		freemsg(mp);
		return;
	}
	mp->b_cont = allocb(16, BPRI_MED);
	__builtin_memset(mp->b_cont->b_wptr, 0, 16);
	mp->b_cont->b_wptr[8] = 100; // microseconds
	mp->b_cont->b_wptr += 16;
	reinterpret_cast<iocblk *>(mp->b_rptr)->ioc_count = 16;
	put(stream.module.wr(), mp);
	EXPECT_EQ(test, stream.answer(), 0);

	// The first allocations are for the chunk, and the message is dropped; the next is
	// for the timer, and the message goes up at once.
	int nth = 0;
	while (nth < 5 && !qsize(stream.head.rd())) {
		mblk_t *first = block(10);
		strm_test_fail_allocation(++nth);
		put(stream.module.rd(), first);
		EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
	}
	EXPECT_EQ(test, qsize(stream.head.rd()), 1);
	Message got = stream.got();
	sb_hdr header;
	read_header(got.get(), 0, header);
	EXPECT_EQ(test, header.sbh_drops, nth - 1);
	stream.comes(10);
	EXPECT_EQ(test, qsize(stream.head.rd()), 0);
	EXPECT(test, eventually([&] { return qsize(stream.head.rd()) == 1; }));
}

void settings_fail_without_memory_and_change_nothing(kunit *test)
{
	Stream stream;

	if (!EXPECT(test, bool(stream)) || !EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 0), 0))
		return;
	mblk_t *mp = mkiocb(SBIOCSCHUNK);
	if (!EXPECT(test, mp != nullptr))
		return;
	mp->b_cont = allocb(4, BPRI_MED);
	__builtin_memset(mp->b_cont->b_wptr, 1, 2);
	__builtin_memset(mp->b_cont->b_wptr + 2, 0, 2);
	mp->b_cont->b_wptr += 4;
	reinterpret_cast<iocblk *>(mp->b_rptr)->ioc_count = 4;
	strm_test_fail_allocation(1);
	put(stream.module.wr(), mp);
	EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
	EXPECT_EQ(test, stream.answer(), ENOSR);
	stream.comes(10);
	EXPECT_EQ(test, qsize(stream.head.rd()), 1);
}

// What a setting does to the marks of the head: it takes those that come.
struct Marked : Stream {
	Marked(size_t high, size_t low) { apply(high, low); }

	int set(int command, u32 value)
	{
		marks = {};
		const int error = Stream::set(command, value);
		if (marks.so_flags == (SO_HIWAT | SO_LOWAT))
			apply(marks.so_hiwat, marks.so_lowat);
		return error;
	}
	size_t high() { return head.rd()->q_hiwat; }
	size_t low() { return head.rd()->q_lowat; }

private:
	void apply(size_t high, size_t low)
	{
		if (!*this)
			return;
		strqset(head.rd(), QHIWAT, 0, static_cast<intptr_t>(high));
		strqset(head.rd(), QLOWAT, 0, static_cast<intptr_t>(low));
	}
};

void the_head_gets_room_for_chunks(kunit *test)
{
	Marked stream(STRHIGH, STRLOW);

	if (!EXPECT(test, bool(stream)))
		return;
	EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 65536), 0);
	EXPECT_EQ(test, stream.high(), 4 * 65536);
	EXPECT_EQ(test, stream.low(), 2 * 65536);
	EXPECT_EQ(test, stream.set(SBIOCSSNAP, 0xffffffff), 0);
	EXPECT_EQ(test, stream.marks.so_flags, 0);
	EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 0), 0);
	EXPECT_EQ(test, stream.high(), 4 * (65536 + 24));
	EXPECT_EQ(test, stream.set(SBIOCSCHUNK, bufmod::largest_chunk + 1), EINVAL);
	EXPECT_EQ(test, stream.set(SBIOCSFLAGS, 32), EINVAL);
	EXPECT_EQ(test, stream.high(), 4 * (65536 + 24));
}

// Be it from the driver, as with DLPI, or from a chunk size of before.
void the_head_keeps_the_room_it_has(kunit *test)
{
	Marked stream(512 * 1024, 1000);

	if (!EXPECT(test, bool(stream)))
		return;
	EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 100), 0);
	EXPECT_EQ(test, stream.marks.so_flags, 0);
	EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 65536), 0);
	EXPECT_EQ(test, stream.high(), 512 * 1024);
	EXPECT_EQ(test, stream.low(), 2 * 65536);
	EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 1000000), 0);
	EXPECT_EQ(test, stream.high(), 4000000);
	for (u32 chunk : List{ 8192u, 0u }) {
		EXPECT_EQ(test, stream.set(SBIOCSCHUNK, chunk), 0);
		EXPECT_EQ(test, stream.marks.so_flags, 0);
	}
	EXPECT_EQ(test, stream.set(SBIOCSSNAP, 96), 0);
	EXPECT_EQ(test, stream.high(), 4000000);
	EXPECT_EQ(test, stream.low(), 2000000);
}

// The head is full after one chunk: the next stays here, and behind it is nothing but a
// count, until there is room.
void a_full_head_is_waited_for(kunit *test)
{
	Stream stream;
	sb_hdr header;

	if (!EXPECT(test, bool(stream)) || !EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 128), 0))
		return;
	for (int i = 0; i < 20; i++)
		stream.comes(40);
	EXPECT_EQ(test, qsize(stream.head.rd()), 1);
	EXPECT_EQ(test, qsize(stream.module.rd()), 0);
	Message first = stream.got();
	EXPECT_EQ(test, msgsize(first.get()), 128);
	EXPECT(test, eventually([&] { return qsize(stream.head.rd()) == 1; }));
	Message second = stream.got();
	EXPECT_EQ(test, msgsize(second.get()), 128);
	EXPECT(test, !stream.got());
	EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 0), 0);
	stream.comes(40);
	Message last = stream.got();
	if (!EXPECT(test, bool(last)))
		return;
	read_header(last.get(), 0, header);
	EXPECT_EQ(test, header.sbh_drops, 16);
}

void or_chunks_are_queued(kunit *test)
{
	Stream stream;
	size_t bytes = 0;

	if (!EXPECT(test, bool(stream)) || !EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 128), 0) ||
	    !EXPECT_EQ(test, stream.set(SBIOCSFLAGS, SB_NO_DROPS), 0))
		return;
	for (int i = 0; i < 20; i++)
		stream.comes(40);
	EXPECT_EQ(test, qsize(stream.head.rd()), 1);
	EXPECT(test, !canput(stream.module.rd()));
	const bool all = eventually([&] {
		while (Message mp = stream.got()) {
			sb_hdr header;
			read_header(mp.get(), 0, header);
			EXPECT_EQ(test, header.sbh_drops, 0);
			bytes += msgsize(mp.get());
		}
		return bytes == 20 * 64;
	});
	EXPECT(test, all);
}

// A message that belongs in no chunk does not overtake one, be it full or not.
void the_order_is_kept(kunit *test)
{
	Stream stream;

	if (!EXPECT(test, bool(stream)) || !EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 128), 0))
		return;
	for (int i = 0; i < 3; i++)
		stream.comes(40);
	mblk_t *mp = letter('c', M_CTL);
	if (!EXPECT(test, mp != nullptr))
		return;
	put(stream.module.rd(), mp);
	stream.comes(40);
	stream.comes(40);
	EXPECT_EQ(test, qsize(stream.head.rd()), 1);
	EXPECT_EQ(test, qsize(stream.module.rd()), 2);
	constexpr size_t sizes[] = { 128, 64, 1, 128 };
	for (size_t size : sizes) {
		EXPECT(test, eventually([&] { return qsize(stream.head.rd()) != 0; }));
		Message got = stream.got();
		if (!EXPECT(test, bool(got)))
			return;
		EXPECT_EQ(test, msgsize(got.get()), size);
	}
}

void a_flush_empties_it(kunit *test)
{
	Stream stream;

	if (!EXPECT(test, bool(stream)))
		return;
	for (unsigned char band : List{ 3, 0 }) {
		stream.comes(10);
		mblk_t *mp = allocb(2, BPRI_MED);
		if (!EXPECT(test, mp != nullptr))
			return;
		DB_TYPE(mp) = M_FLUSH;
		*mp->b_wptr++ = FLUSHR | FLUSHBAND;
		*mp->b_wptr++ = band;
		put(stream.module.rd(), mp);
		Message flush = stream.got();
		EXPECT(test, flush && flush.type() == M_FLUSH);
	}
	EXPECT_EQ(test, stream.set(SBIOCSCHUNK, 0), 0);
	EXPECT_EQ(test, qsize(stream.head.rd()), 0);
}

} // namespace

} // namespace strm::testing::of_bufmod

extern "C" const strm_case strm_bufmod_cases[] = {
	CASE_OF(of_bufmod, every_size_is_padded),
	CASE_OF(of_bufmod, small_messages_are_copied_into_one_block),
	CASE_OF(of_bufmod, large_messages_stay_where_they_are),
	CASE_OF(of_bufmod, what_wastes_its_buffer_is_copied),
	CASE_OF(of_bufmod, a_snapshot_may_end_in_any_block),
	CASE_OF(of_bufmod, without_headers_there_is_only_data),
	CASE_OF(of_bufmod, what_is_shared_is_not_written_to),
	CASE_OF(of_bufmod, a_failure_leaves_the_chunk_as_it_was),
	CASE_OF(of_bufmod, without_memory_messages_are_counted),
	CASE_OF(of_bufmod, without_memory_for_a_timer_nothing_waits),
	CASE_OF(of_bufmod, settings_fail_without_memory_and_change_nothing),
	CASE_OF(of_bufmod, the_head_gets_room_for_chunks),
	CASE_OF(of_bufmod, the_head_keeps_the_room_it_has),
	CASE_OF(of_bufmod, a_full_head_is_waited_for),
	CASE_OF(of_bufmod, or_chunks_are_queued),
	CASE_OF(of_bufmod, the_order_is_kept),
	CASE_OF(of_bufmod, a_flush_empties_it),
	{ nullptr, nullptr },
};
