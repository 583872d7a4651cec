// SPDX-License-Identifier: GPL-2.0-only
//
// Flag words: which are legal, and what each means.
//
// The rules are stated here a second time, in another form than in
// perimeter/modes.hh, and compared with it for every combination.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

constexpr int all_flags[] = {
	_D_OLD,	   D_MP,	 _D_MTOCSHARED, D_MTOCEXCL,	D_MTPUTSHARED, D_MTPERQ,
	D_MTQPAIR, D_MTOUTPERIM, _D_MTCBSHARED, _D_MTSVCSHARED, _D_DIRECT,
};
constexpr int number_of_flags = sizeof(all_flags) / sizeof(all_flags[0]);

// A word is refused where it has all of `has` and none of `lacks`.
constexpr struct Refusal {
	int has;
	int lacks;
} refusals[] = {
	{ _D_OLD, 0 },
	{ 0, D_MP },
	{ D_MTPERQ | D_MTQPAIR | D_MTOUTPERIM, 0 },
	{ D_MTPUTSHARED, D_MTPERQ | D_MTQPAIR },
	{ _D_MTOCSHARED, D_MTPERQ | D_MTQPAIR },
	{ _D_MTCBSHARED, D_MTPERQ | D_MTQPAIR },
	{ _D_MTSVCSHARED, D_MTPERQ | D_MTQPAIR },
	{ _D_MTOCSHARED, D_MTPUTSHARED },
	{ _D_MTCBSHARED, D_MTPUTSHARED },
	{ _D_MTSVCSHARED, D_MTPUTSHARED },
	{ _D_MTSVCSHARED, D_MTPERQ },
	{ _D_MTSVCSHARED, D_MTQPAIR },
	{ D_MTOCEXCL, D_MTOUTPERIM },
	{ _D_DIRECT | D_MTPERQ, 0 },
	{ _D_DIRECT | D_MTQPAIR, 0 },
};

bool legal(int flags)
{
	for (const Refusal &refusal : refusals) {
		if ((flags & refusal.has) == refusal.has && !(flags & refusal.lacks))
			return false;
	}
	return true;
}

int combination(int bits)
{
	int flags = 0;
	for (int i = 0; i < number_of_flags; i++)
		flags |= bits & 1 << i ? all_flags[i] : 0;
	return flags;
}

void every_combination_is_judged_by_the_rules(kunit *test)
{
	int legal_ones = 0;

	for (int bits = 0; bits < 1 << number_of_flags; bits++) {
		const int flags = combination(bits);
		if (!EXPECT_EQ(test, validate(flags) == nullptr, legal(flags)))
			strm_test_fail_equal(test, __FILE_NAME__, __LINE__, "flags", flags, 0);
		legal_ones += legal(flags);
	}
	// Plain D_MP: 2 (direct) * 3 (outer).  PERQ, QPAIR: each 3 (outer) * (1
	// + 4).  PERMOD: 1 + 8.
	EXPECT_EQ(test, legal_ones, 6 + 2 * 15 + 9);
}

void flags_without_effect_change_nothing(kunit *test)
{
	for (int flag : List{ _D_QNEXTLESS, D_64BIT, D_OPEN_RETURNS_EINTR, _D_SINGLE_INSTANCE }) {
		EXPECT(test, !validate(D_MP | flag));
		EXPECT(test, !unsupported(D_MP | flag));
		EXPECT(test, validate(flag) != nullptr);
	}
}

constexpr int PUT = D_MTPUTSHARED, OC = _D_MTOCSHARED, CB = _D_MTCBSHARED, SVC = _D_MTSVCSHARED;

// What each legal word says of the inner perimeter.
constexpr struct {
	int flags;
	Scope scope;
	Access put, service, open_close, callback;
} inner_rows[] = {
	{ 0, Scope::Open, S, S, S, S },
	{ D_MTPERQ, Scope::Queue, X, X, X, X },
	{ D_MTPERQ | PUT, Scope::Queue, S, X, X, X },
	{ D_MTPERQ | PUT | OC, Scope::Queue, S, X, S, X },
	{ D_MTPERQ | PUT | CB, Scope::Queue, S, X, X, S },
	{ D_MTPERQ | PUT | OC | CB, Scope::Queue, S, X, S, S },
	{ D_MTQPAIR, Scope::Pair, X, X, X, X },
	{ D_MTQPAIR | PUT, Scope::Pair, S, X, X, X },
	{ D_MTQPAIR | PUT | OC, Scope::Pair, S, X, S, X },
	{ D_MTQPAIR | PUT | CB, Scope::Pair, S, X, X, S },
	{ D_MTQPAIR | PUT | OC | CB, Scope::Pair, S, X, S, S },
	{ D_MTPERMOD, Scope::Module, X, X, X, X },
	{ D_MTPERMOD | PUT, Scope::Module, S, X, X, X },
	{ D_MTPERMOD | PUT | SVC, Scope::Module, S, S, X, X },
	{ D_MTPERMOD | PUT | OC, Scope::Module, S, X, S, X },
	{ D_MTPERMOD | PUT | CB, Scope::Module, S, X, X, S },
	{ D_MTPERMOD | PUT | OC | CB, Scope::Module, S, X, S, S },
	{ D_MTPERMOD | PUT | OC | SVC, Scope::Module, S, S, S, X },
	{ D_MTPERMOD | PUT | CB | SVC, Scope::Module, S, S, X, S },
	{ D_MTPERMOD | PUT | OC | CB | SVC, Scope::Module, S, S, S, S },
};

// And of the outer one.
constexpr struct {
	int flags;
	bool outer;
	Access open_close;
} outer_rows[] = {
	{ 0, false, S },
	{ D_MTOUTPERIM, true, S },
	{ D_MTOUTPERIM | D_MTOCEXCL, true, X },
};

void each_legal_word_has_the_modes_of_the_tables(kunit *test)
{
	int words = 0;

	for (const auto &row : inner_rows) {
		for (const auto &outer : outer_rows) {
			const int flags = D_MP | row.flags | outer.flags;
			if (outer.outer && row.scope == Scope::Module) {
				EXPECT(test, validate(flags) != nullptr);
				continue;
			}
			const Modes is = modes(flags);
			EXPECT(test, !validate(flags) && !unsupported(flags));
			EXPECT_EQ(test, is.scope, row.scope);
			EXPECT_EQ(test, is.access(EntryPoint::Put), row.put);
			EXPECT_EQ(test, is.access(EntryPoint::Service), row.service);
			EXPECT_EQ(test, is.access(EntryPoint::OpenClose), row.open_close);
			EXPECT_EQ(test, is.access(EntryPoint::Callback), row.callback);
			EXPECT_EQ(test, is.sole(), row.put == X);
			EXPECT_EQ(test, is.outer, outer.outer);
			EXPECT_EQ(test, is.outer_open_close, outer.open_close);
			words++;
		}
	}
	// All that are legal: 3 without an inner perimeter, 3 * 5 each of PERQ and
	// QPAIR, 9 of PERMOD.
	EXPECT_EQ(test, words, 3 + 2 * 15 + 9);
}

void what_is_not_built_is_refused_too(kunit *test)
{
	EXPECT(test, unsupported(D_MP | D_SYNCSTR) != nullptr);
	EXPECT(test, unsupported(D_MP | _D_DIRECT) != nullptr);
}

// What a perimeter without a counter of claims relies on.
void put_is_the_most_concurrent_entry_point_of_every_legal_word(kunit *test)
{
	for (int bits = 0; bits < 1 << number_of_flags; bits++) {
		const int flags = combination(bits);
		if (!legal(flags) || !modes(flags).sole())
			continue;
		for (EntryPoint entry :
		     List{ EntryPoint::Service, EntryPoint::OpenClose, EntryPoint::Callback })
			EXPECT_EQ(test, modes(flags).access(entry), Access::Exclusive);
	}
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_modes_cases[] = {
	CASE(every_combination_is_judged_by_the_rules),
	CASE(flags_without_effect_change_nothing),
	CASE(each_legal_word_has_the_modes_of_the_tables),
	CASE(what_is_not_built_is_refused_too),
	CASE(put_is_the_most_concurrent_entry_point_of_every_legal_word),
	{ nullptr, nullptr },
};
