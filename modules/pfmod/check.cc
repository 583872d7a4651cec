// SPDX-License-Identifier: GPL-2.0-only
//
// Which programs may be run.
//
// Jumps go forward, so one look from the first word to the last sees every way
// to a word before it sees the word.  A word may be reached with the stack at
// different depths; the fewest and the most words that it can have there are
// enough: no instruction may find too few with the fewest, nor too little room
// with the most.  So the machine looks neither at the depth nor at where in the
// program it is; what it has to look at is the end of the message.
#include "filter.hh"

namespace strm::pfmod {

namespace {

// What an instruction does to the stack: it finds `takes` words at least, and leaves
// `takes - pops` of them, plus `pushes`.
struct Effect {
	bool known;
	bool operand; // the next word belongs to it
	bool branch;
	u8 takes;
	u8 pops;
	u8 pushes;
};

constexpr Effect unknown = { false, false, false, 0, 0, 0 };

constexpr Effect effect_of_action(unsigned action)
{
	switch (action) {
	case ENF_NOPUSH:
		return { true, false, false, 0, 0, 0 };
	case ENF_PUSHZERO:
	case ENF_PUSHONE:
	case ENF_PUSHFFFF:
	case ENF_PUSHFF00:
	case ENF_PUSH00FF:
		return { true, false, false, 0, 0, 1 };
	case ENF_PUSHLIT:
		return { true, true, false, 0, 0, 1 };
	case ENF_LOAD_OFFSET:
		return { true, true, false, 0, 0, 0 };
	case ENF_BRTR:
	case ENF_BRFL:
		return { true, true, true, 1, 0, 0 };
	case ENF_POP:
		return { true, false, false, 1, 1, 0 };
	default:
		return action >= ENF_PUSHWORD ? Effect{ true, false, false, 0, 0, 1 } : unknown;
	}
}

constexpr Effect effect_of_operator(unsigned op)
{
	switch (op) {
	case ENF_NOP:
		return { true, false, false, 0, 0, 0 };
	case ENF_EQ:
	case ENF_NEQ:
	case ENF_LT:
	case ENF_LE:
	case ENF_GT:
	case ENF_GE:
	case ENF_AND:
	case ENF_OR:
	case ENF_XOR:
		return { true, false, false, 2, 2, 1 };
	case ENF_COR:
	case ENF_CAND:
	case ENF_CNOR:
	case ENF_CNAND:
		return { true, false, false, 2, 2, 0 };
	default:
		return unknown;
	}
}

// The stack after it; false if there may be too few words on it, or too many.
bool apply(const Effect &effect, Depths &depths)
{
	if (depths.fewest < effect.takes || depths.most - effect.pops + effect.pushes > most_depth)
		return false;
	depths.fewest = static_cast<u8>(depths.fewest - effect.pops + effect.pushes);
	depths.most = static_cast<u8>(depths.most - effect.pops + effect.pushes);
	return true;
}

// One more way to a word.
void join(Depths &to, const Depths &from)
{
	to.fewest = min(to.fewest, from.fewest);
	to.most = max(to.most, from.most);
}

static_assert(most_depth <= 255, "Depths has bytes");

} // namespace

bool Filter::set(const u16 *words, size_t length, Depths *depths)
{
	constexpr unsigned actions = (1 << ENF_NBPA) - 1;

	for (size_t at = 1; at <= length; at++)
		depths[at] = { 255, 0 };
	depths[0] = { 0, 0 };
	for (size_t at = 0; at < length; at++) {
		Depths now = depths[at];
		if (now.fewest > now.most)
			continue; // an operand
		const Effect action = effect_of_action(words[at] & actions);
		const Effect op = effect_of_operator(words[at] & ~actions);
		const size_t next = at + 1 + action.operand;

		// Is an operator done before a branch, or behind it?  Nobody says.
		if (!action.known || !op.known || next > length || (action.branch && op.takes))
			return false;
		if (!apply(action, now) || !apply(op, now))
			return false;
		join(depths[next], now);
		if (action.branch) {
			if (words[at + 1] > length - next)
				return false;
			join(depths[next + words[at + 1]], now);
		}
	}
	words_ = words;
	length_ = length;
	return true;
}

} // namespace strm::pfmod
