// SPDX-License-Identifier: GPL-2.0-only
//
// Buffers that are not the framework's own, and who is asked for memory.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

// What its free routine saw.
struct Buffer {
	unsigned char bytes[256];
	frtn_t routine{ give_back, reinterpret_cast<caddr_t>(this) };
	int given_back = 0;
	int held_then = 0; // this module's references while the routine ran

	static void give_back(caddr_t arg)
	{
		auto &buffer = *reinterpret_cast<Buffer *>(arg);
		buffer.given_back++;
		buffer.held_then = strm_test_module_references();
	}
};

using Make = mblk_t *(*)(Buffer &buffer);

mblk_t *es(Buffer &buffer)
{
	return esballoc(buffer.bytes, sizeof(buffer.bytes), BPRI_MED, &buffer.routine);
}
mblk_t *des(Buffer &buffer)
{
	return desballoc(buffer.bytes, sizeof(buffer.bytes), BPRI_MED, &buffer.routine);
}
mblk_t *esa(Buffer &buffer)
{
	return esballoca(buffer.bytes, sizeof(buffer.bytes), BPRI_MED, &buffer.routine);
}
mblk_t *desa(Buffer &buffer)
{
	return desballoca(buffer.bytes, sizeof(buffer.bytes), BPRI_MED, &buffer.routine);
}

struct Kind {
	Make make;
	bool at_once;
	int references;
};
constexpr Kind kinds[] = {
	{ es, false, 1 },
	{ des, true, 1 },
	{ esa, false, 2 },
	{ desa, true, 2 },
};

long external_buffers()
{
	strm_message_sums counts;
	strm_message_counts(&counts);
	return counts.external;
}

void an_external_buffer_is_what_the_block_shows(kunit *test)
{
	for (const Kind &kind : kinds) {
		Buffer buffer;
		mblk_t *mp = kind.make(buffer);
		if (!EXPECT(test, mp != nullptr))
			return;
		EXPECT_EQ(test, DB_BASE(mp), buffer.bytes);
		EXPECT_EQ(test, DB_LIM(mp), buffer.bytes + sizeof(buffer.bytes));
		EXPECT_EQ(test, mp->b_rptr, buffer.bytes);
		EXPECT_EQ(test, mp->b_wptr, buffer.bytes);
		EXPECT_EQ(test, DB_TYPE(mp), M_DATA);
		EXPECT_EQ(test, DB_REF(mp), kind.references);
		EXPECT_EQ(test, MBLKSIZE(mp), sizeof(buffer.bytes));
		lin_local_bh_disable();
		freeb(mp);
		const int at_once = buffer.given_back;
		lin_local_bh_enable();
		EXPECT_EQ(test, at_once, kind.at_once);
		EXPECT(test, eventually([&] { return buffer.given_back == 1; }));
	}
}

void its_module_is_held_until_the_routine_has_returned(kunit *test)
{
	for (const Kind &kind : kinds) {
		const int references = strm_test_module_references();
		const long outstanding = external_buffers();
		Buffer buffer;
		mblk_t *mp = kind.make(buffer);
		if (!EXPECT(test, mp != nullptr))
			return;
		EXPECT_EQ(test, strm_test_module_references(), references + 1);
		EXPECT_EQ(test, external_buffers(), outstanding + 1);
		freeb(mp);
		EXPECT(test, eventually([&] { return buffer.given_back == 1; }));
		EXPECT_EQ(test, buffer.held_then, references + 1);
		EXPECT_EQ(test, strm_test_module_references(), references);
		EXPECT_EQ(test, external_buffers(), outstanding);
	}
}

void the_buffer_goes_with_the_last_of_its_blocks(kunit *test)
{
	for (const Kind &kind : kinds) {
		for (bool original_first : List{ false, true }) {
			Buffer buffer;
			mblk_t *mp = kind.make(buffer);
			mblk_t *dup = mp ? dupb(mp) : nullptr;
			if (!EXPECT(test, mp && dup))
				return;
			EXPECT_EQ(test, DB_REF(mp), kind.references + 1);
			freeb(original_first ? mp : dup);
			strm_test_softirqs();
			EXPECT_EQ(test, buffer.given_back, 0);
			freeb(original_first ? dup : mp);
			EXPECT(test, eventually([&] { return buffer.given_back == 1; }));
		}
	}
}

void pullupmsg_gives_the_buffer_back_and_keeps_the_block(kunit *test)
{
	for (const Kind &kind : kinds) {
		Buffer buffer;
		mblk_t *mp = kind.make(buffer);
		if (!EXPECT(test, mp != nullptr))
			return;
		for (char c : List{ 'a', 'b' })
			*mp->b_wptr++ = static_cast<unsigned char>(c);
		mp->b_cont = spell("cd");
		EXPECT_EQ(test, pullupmsg(mp, -1), 1);
		EXPECT(test, eventually([&] { return buffer.given_back == 1; }));
		EXPECT_TEXT(test, spelled(mp), "abcd");
		EXPECT_EQ(test, DB_REF(mp), 1);
		freemsg(mp);
		strm_test_softirqs();
		EXPECT_EQ(test, buffer.given_back, 1);
	}
}

void without_memory_the_routine_is_not_called(kunit *test)
{
	for (const Kind &kind : kinds) {
		const int references = strm_test_module_references();
		Buffer buffer;
		strm_test_fail_allocation(1);
		EXPECT_EQ(test, kind.make(buffer), nullptr);
		strm_test_fail_allocation(0);
		strm_test_softirqs();
		EXPECT_EQ(test, buffer.given_back, 0);
		EXPECT_EQ(test, strm_test_module_references(), references);
	}
}

void without_buffer_or_routine_there_is_no_block(kunit *test)
{
	Buffer buffer;
	EXPECT_EQ(test, esballoc(nullptr, 1, BPRI_MED, &buffer.routine), nullptr);
	EXPECT_EQ(test, esballoc(buffer.bytes, 1, BPRI_MED, nullptr), nullptr);
	EXPECT_EQ(test, buffer.given_back, 0);
}

void external_buffers_are_freed_in_an_interrupt(kunit *test)
{
	for (const Kind &kind : kinds) {
		Buffer buffer;
		mblk_t *mp = kind.make(buffer);
		if (!EXPECT(test, mp != nullptr))
			return;
		strm_test_in_interrupt([](void *bp) { freemsg(static_cast<mblk_t *>(bp)); }, mp);
		EXPECT(test, eventually([&] { return buffer.given_back == 1; }));
	}
}

// More than one run of the softirq has time for.
void many_at_once_are_all_given_back(kunit *test)
{
	constexpr int many = 200;
	auto *buffers = static_cast<Buffer *>(lin_kzalloc(many * sizeof(Buffer), LIN_GFP_KERNEL));
	Message all;

	if (!EXPECT(test, buffers != nullptr))
		return;
	for (int i = 0; i < many; i++)
		all.append(Message(es(*new (&buffers[i]) Buffer)));
	all = Message();
	EXPECT(test, eventually([&] {
		       int given_back = 0;
		       for (int i = 0; i < many; i++)
			       given_back += buffers[i].given_back == 1;
		       return given_back == many;
	       }));
	lin_kfree(buffers);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_buffer_cases[] = {
	CASE(an_external_buffer_is_what_the_block_shows),
	CASE(its_module_is_held_until_the_routine_has_returned),
	CASE(the_buffer_goes_with_the_last_of_its_blocks),
	CASE(pullupmsg_gives_the_buffer_back_and_keeps_the_block),
	CASE(without_memory_the_routine_is_not_called),
	CASE(without_buffer_or_routine_there_is_no_block),
	CASE(external_buffers_are_freed_in_an_interrupt),
	CASE(many_at_once_are_all_given_back),
	{ nullptr, nullptr },
};
