// SPDX-License-Identifier: GPL-2.0-only
//
// Counters: no two alike, blocks that come and go, and nothing left behind.
#include <kunit/test.hh>
#include <perimeter/counters.hh>

namespace strm::testing {

namespace {

constexpr size_t many = 200; // three blocks and some

// Counters, each with a number of its own on this CPU.
struct Counters {
	~Counters()
	{
		while (taken)
			give_counter(at[--taken]);
	}
	bool take(size_t number)
	{
		while (taken < number) {
			Counter counter = take_counter();
			if (!counter.claims)
				return false;
			at[taken++] = counter;
		}
		return true;
	}
	void give(size_t number)
	{
		give_counter(at[number]);
		at[number] = at[--taken];
	}
	bool all_differ() const
	{
		for (size_t i = 0; i < taken; i++) {
			for (size_t j = 0; j < i; j++) {
				if (at[i].claims == at[j].claims)
					return false;
			}
		}
		return true;
	}

	Counter at[many] = {};
	size_t taken = 0;
};

void no_two_are_the_same(kunit *test)
{
	auto *counters = new (lin_kzalloc(sizeof(Counters), LIN_GFP_KERNEL)) Counters;
	EXPECT(test, counters->take(many));
	EXPECT(test, counters->all_differ());
	// Some of each block go back and are taken again.
	for (size_t i = many; i-- > 0; i -= min<size_t>(i, 2))
		counters->give(i);
	EXPECT(test, counters->all_differ());
	EXPECT(test, counters->take(many));
	EXPECT(test, counters->all_differ());
	counters->~Counters();
	lin_kfree(counters);
}

void one_block_serves_sixty_four(kunit *test)
{
	auto *counters = new (lin_kzalloc(sizeof(Counters), LIN_GFP_KERNEL)) Counters;
	EXPECT(test, counters->take(1));
	EXPECT(test, counters->take(many)); // blocks begin to be full
	const int live = strm_test_live();
	for (int i = 0; i < 10; i++) {
		counters->give(0);
		EXPECT(test, counters->take(many));
	}
	EXPECT_EQ(test, strm_test_live(), live);
	counters->~Counters();
	lin_kfree(counters);
}

void without_memory_there_is_none(kunit *test)
{
	auto *counters = new (lin_kzalloc(sizeof(Counters), LIN_GFP_KERNEL)) Counters;
	size_t failed = 0;

	// Until a block is full nothing is allocated; then it takes two.
	for (int nth = 1; nth <= 2; nth++) {
		strm_test_fail_allocation(nth);
		while (counters->taken < many && counters->take(counters->taken + 1)) {}
		strm_test_fail_allocation(0);
		failed += counters->taken < many;
		EXPECT(test, counters->take(counters->taken + 1));
	}
	EXPECT_EQ(test, failed, 2);
	EXPECT(test, counters->all_differ());
	counters->~Counters();
	lin_kfree(counters);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_counters_cases[] = {
	CASE(no_two_are_the_same),
	CASE(one_block_serves_sixty_four),
	CASE(without_memory_there_is_none),
	{ nullptr, nullptr },
};
