// SPDX-License-Identifier: GPL-2.0-only
//
// Runs a program over the data of a message.
//
// The data is read where it lies, across blocks and at odd addresses: it may be
// shared with other messages, and pulling it up would copy it, or fail.
#include "filter.hh"

namespace strm::pfmod {

namespace {

// The words of a message: two bytes each, as the machine reads them.
class Words {
public:
	explicit Words(const mblk_t *data) : first_(data) {}

	// Word n; false where it is not all there.
	bool get(size_t n, u16 &word) const
	{
		const size_t from = n * 2;

		if (MBLKIN(first_, from, 2)) [[likely]] {
			__builtin_memcpy(&word, first_->b_rptr + from, 2);
			return true;
		}
		return get_further(from, word);
	}

private:
	bool get_further(size_t from, u16 &word) const;

	const mblk_t *first_;
};

// A byte, or -1.
int byte_at(const mblk_t *mp, size_t at)
{
	for (; mp; mp = mp->b_cont) {
		const size_t bytes = MBLKL(mp) > 0 ? static_cast<size_t>(MBLKL(mp)) : 0;
		if (at < bytes)
			return mp->b_rptr[at];
		at -= bytes;
	}
	return -1;
}

bool Words::get_further(size_t from, u16 &word) const
{
	const int first = byte_at(first_, from);
	const int second = byte_at(first_, from + 1);
	const u8 bytes[2] = { static_cast<u8>(first), static_cast<u8>(second) };

	__builtin_memcpy(&word, bytes, 2);
	return second >= 0;
}

// Of the operators that leave a word.
u16 result_of(unsigned op, u16 left, u16 right)
{
	switch (op) {
	case ENF_EQ:
		return left == right;
	case ENF_NEQ:
		return left != right;
	case ENF_LT:
		return left < right;
	case ENF_LE:
		return left <= right;
	case ENF_GT:
		return left > right;
	case ENF_GE:
		return left >= right;
	case ENF_AND:
		return left & right;
	case ENF_OR:
		return left | right;
	default: // ENF_XOR
		return left ^ right;
	}
}

enum class Verdict { None, Accept, Reject };

// Of the operators that end a program, or do nothing.
Verdict verdict_of(unsigned op, bool equal)
{
	switch (op) {
	case ENF_COR:
		return equal ? Verdict::Accept : Verdict::None;
	case ENF_CAND:
		return equal ? Verdict::None : Verdict::Reject;
	case ENF_CNOR:
		return equal ? Verdict::Reject : Verdict::None;
	default: // ENF_CNAND
		return equal ? Verdict::None : Verdict::Accept;
	}
}

constexpr bool may_end(unsigned op)
{
	return op >= ENF_COR && op <= ENF_CNAND;
}

// The state of the machine.  Nothing here looks at the depth of the stack, nor whether
// an operand is there: Filter::set() has.
class Machine {
public:
	Machine(const u16 *words, size_t length) : at_(words), end_(words + length) {}

	Verdict run(const Words &message)
	{
		while (at_ < end_) {
			const unsigned word = *at_++;
			const unsigned op = word & ~actions;

			if (!act(word & actions, message))
				return Verdict::Reject;
			if (op == ENF_NOP)
				continue;
			const u16 right = *--top_;
			const u16 left = *--top_;
			if (!may_end(op)) {
				*top_++ = result_of(op, left, right);
				continue;
			}
			const Verdict verdict = verdict_of(op, left == right);
			if (verdict != Verdict::None)
				return verdict;
		}
		return top_ == stack_ || top_[-1] ? Verdict::Accept : Verdict::Reject;
	}

private:
	static constexpr unsigned actions = (1 << ENF_NBPA) - 1;
	static constexpr u16 constants[] = { 0, 1, 0xffff, 0xff00, 0x00ff };
	static_assert(ENF_PUSHZERO + 5 == ENF_PUSH00FF + 1, "they follow each other");

	bool act(unsigned action, const Words &message);
	void skip_if(bool condition)
	{
		const u16 words = *at_++;

		if (condition)
			at_ += words;
	}

	const u16 *at_;
	const u16 *end_;
	size_t offset_ = 0; // in words
	u16 *top_ = stack_;
	u16 stack_[most_depth];
};

// False where the message has no such word.
bool Machine::act(unsigned action, const Words &message)
{
	switch (action) {
	case ENF_NOPUSH:
		return true;
	case ENF_PUSHLIT:
		*top_++ = *at_++;
		return true;
	case ENF_PUSHZERO:
	case ENF_PUSHONE:
	case ENF_PUSHFFFF:
	case ENF_PUSHFF00:
	case ENF_PUSH00FF:
		*top_++ = constants[action - ENF_PUSHZERO];
		return true;
	case ENF_LOAD_OFFSET:
		offset_ = *at_++;
		return true;
	case ENF_BRTR:
		skip_if(top_[-1] != 0);
		return true;
	case ENF_BRFL:
		skip_if(top_[-1] == 0);
		return true;
	case ENF_POP:
		top_--;
		return true;
	default:
		return message.get(offset_ + action - ENF_PUSHWORD, *top_++);
	}
}

} // namespace

// Not inline: half a kilobyte of stack is given back before the message goes on.  What is
// read of it has been written before, so that it need not be cleared first.
[[gnu::noinline]] bool Filter::accepts(const mblk_t *data) const
{
	__attribute__((uninitialized)) Machine machine(words_, length_);

	return machine.run(Words(data)) == Verdict::Accept;
}

} // namespace strm::pfmod
