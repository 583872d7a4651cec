// SPDX-License-Identifier: GPL-2.0-only
//
// What a flag word means: which perimeters a module has, and how each kind of
// entry point enters them.
//
// The DDI gives an author one word of flags (mt-streams(9F)).  It is read once,
// when the module registers: validate() refuses what the rules forbid, modes()
// turns the rest into the table that every entry goes by afterwards.  No flag
// is looked at again.
#pragma once

#include <strm/cxx.hh>
#include <sys/conf.h>

namespace strm {

enum class Scope : u8 { Open, Queue, Pair, Module }; // D_MP, D_MTPERQ, D_MTQPAIR, D_MTPERMOD
enum class Access : u8 { Shared, Exclusive };
enum class EntryPoint : u8 { Put, Service, OpenClose, Callback };

struct Modes {
	Scope scope;
	Access put;
	Access service;
	Access open_close;
	Access callback;
	bool outer; // there is an outer perimeter; all but this enter it shared:
	Access outer_open_close;

	constexpr bool operator==(const Modes &) const = default;

	constexpr Access access(EntryPoint entry) const
	{
		switch (entry) {
		case EntryPoint::Put:
			return put;
		case EntryPoint::Service:
			return service;
		case EntryPoint::OpenClose:
			return open_close;
		case EntryPoint::Callback:
			return callback;
		}
		return Access::Exclusive;
	}

	// Put is the most concurrent entry point (rules 5 and 6): where it is
	// exclusive all are, and the perimeter needs no counter of claims.
	constexpr bool sole() const { return put == Access::Exclusive; }
};

constexpr int scope_flags(int flags)
{
	return flags & D_MTPERMOD; // D_MTPERMOD is D_MTPERQ | D_MTQPAIR
}

// The rule that a flag word breaks, in words, or a null pointer.
constexpr const char *validate(int flags)
{
	const int scope = scope_flags(flags);
	const int inner = D_MTPUTSHARED | _D_MTOCSHARED | _D_MTCBSHARED | _D_MTSVCSHARED;

	if (flags & _D_OLD)
		return "_D_OLD: the interface before SVR4 is not supported";
	if (!(flags & D_MP))
		return "D_MP is missing";
	if ((flags & D_MTOUTPERIM) && scope == D_MTPERMOD)
		return "D_MTOUTPERIM does not go with D_MTPERMOD";
	if ((flags & inner) && !scope)
		return "a modifier of the inner perimeter without an inner perimeter";
	if ((flags & _D_MTOCSHARED) && !(flags & D_MTPUTSHARED))
		return "_D_MTOCSHARED needs D_MTPUTSHARED";
	if ((flags & _D_MTCBSHARED) && !(flags & D_MTPUTSHARED))
		return "_D_MTCBSHARED needs D_MTPUTSHARED";
	if ((flags & _D_MTSVCSHARED) && (!(flags & D_MTPUTSHARED) || scope != D_MTPERMOD))
		return "_D_MTSVCSHARED needs D_MTPERMOD and D_MTPUTSHARED";
	if ((flags & D_MTOCEXCL) && !(flags & D_MTOUTPERIM))
		return "D_MTOCEXCL needs D_MTOUTPERIM";
	if ((flags & _D_DIRECT) && scope)
		return "_D_DIRECT needs plain D_MP";
	return nullptr;
}

// A legal flag word that this version cannot keep the promise of, in words.
constexpr const char *unsupported(int flags)
{
	if (flags & (D_SYNCSTR | _D_DIRECT))
		return "D_SYNCSTR and _D_DIRECT are not built";
	return nullptr;
}

constexpr Modes modes(int flags)
{
	const auto shared_if = [](bool shared) {
		return shared ? Access::Shared : Access::Exclusive;
	};

	const bool open = scope_flags(flags) == 0;
	return {
		open				? Scope::Open :
		scope_flags(flags) == D_MTPERQ	? Scope::Queue :
		scope_flags(flags) == D_MTQPAIR ? Scope::Pair :
						  Scope::Module,
		shared_if(open || (flags & D_MTPUTSHARED)),
		shared_if(open || (flags & _D_MTSVCSHARED)),
		shared_if(open || (flags & _D_MTOCSHARED)),
		shared_if(open || (flags & _D_MTCBSHARED)),
		(flags & D_MTOUTPERIM) != 0,
		shared_if(!(flags & D_MTOCEXCL)),
	};
}

static_assert(!validate(D_MP) && modes(D_MP).put == Access::Shared);
static_assert(!validate(D_MP | D_MTQPAIR) && modes(D_MP | D_MTQPAIR).sole());
static_assert(validate(0) && validate(D_MTQPAIR) && validate(D_MP | D_MTPUTSHARED));

} // namespace strm
