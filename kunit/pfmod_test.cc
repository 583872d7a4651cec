// SPDX-License-Identifier: GPL-2.0-only
//
// The machine of pfmod, beside one that is as plain as can be and looks at
// everything before it does it.
//
// Which programs may be run is held to what it should mean: those that no way
// through them, whatever a message has, leads outside of the stack or the program.
#include <kunit/test.hh>
#include <modules/pfmod/filter.hh>

namespace strm::testing::of_pfmod {

namespace {

using pfmod::Depths;
using pfmod::Filter;

constexpr size_t longest = PF_MAXFILTERS;

// ------------------------------------------------------------ the plain machine

enum class End { Accept, Reject, Wrong };

struct Plain {
	const u16 *words;
	size_t length;
	const u8 *data;
	size_t bytes;
	bool all_ways = false; // of a branch; then the message does not matter

	size_t at = 0;
	size_t offset = 0;
	int depth = 0;
	u16 stack[16] = {}; // programs here have no more words

	bool push(u16 value)
	{
		if (depth == 16)
			return false;
		stack[depth++] = value;
		return true;
	}
	End run();
	End act(unsigned action, bool &goes_on);
	End operate(unsigned op, bool &goes_on);
	End branch(bool wanted, bool &goes_on);
};

// With all_ways every message accepts or rejects; only what is wrong is told.
End Plain::branch(bool wanted, bool &goes_on)
{
	if (depth < 1 || at >= length)
		return End::Wrong;
	const size_t target = at + 1 + words[at];
	if (target > length)
		return End::Wrong;
	at++;
	if (all_ways) {
		Plain other = *this;
		other.at = target;
		if (other.run() == End::Wrong)
			return End::Wrong;
	} else if ((stack[depth - 1] != 0) == wanted) {
		at = target;
	}
	goes_on = true;
	return End::Accept;
}

End Plain::act(unsigned action, bool &goes_on)
{
	u16 value = 0;

	goes_on = false;
	switch (action) {
	case ENF_NOPUSH:
		goes_on = true;
		return End::Accept;
	case ENF_POP:
		if (depth < 1)
			return End::Wrong;
		depth--;
		goes_on = true;
		return End::Accept;
	case ENF_BRTR:
		return branch(true, goes_on);
	case ENF_BRFL:
		return branch(false, goes_on);
	case ENF_LOAD_OFFSET:
		if (at >= length)
			return End::Wrong;
		offset = words[at++];
		goes_on = true;
		return End::Accept;
	case ENF_PUSHLIT:
		if (at >= length)
			return End::Wrong;
		value = words[at++];
		break;
	case ENF_PUSHZERO:
		break;
	case ENF_PUSHONE:
		value = 1;
		break;
	case ENF_PUSHFFFF:
		value = 0xffff;
		break;
	case ENF_PUSHFF00:
		value = 0xff00;
		break;
	case ENF_PUSH00FF:
		value = 0xff;
		break;
	default:
		if (action < ENF_PUSHWORD)
			return End::Wrong;
		const size_t from = 2 * (offset + action - ENF_PUSHWORD);
		if (!all_ways && from + 2 > bytes)
			return End::Reject;
		if (!all_ways)
			__builtin_memcpy(&value, data + from, 2);
	}
	goes_on = push(value);
	return End::Wrong;
}

End Plain::operate(unsigned op, bool &goes_on)
{
	goes_on = true;
	if (op == ENF_NOP)
		return End::Accept;
	goes_on = false;
	if (op > ENF_NEQ || depth < 2)
		return End::Wrong;
	const u16 right = stack[--depth];
	const u16 left = stack[--depth];
	goes_on = true;
	switch (op) {
	case ENF_EQ:
		push(left == right);
		break;
	case ENF_NEQ:
		push(left != right);
		break;
	case ENF_LT:
		push(left < right);
		break;
	case ENF_LE:
		push(left <= right);
		break;
	case ENF_GT:
		push(left > right);
		break;
	case ENF_GE:
		push(left >= right);
		break;
	case ENF_AND:
		push(left & right);
		break;
	case ENF_OR:
		push(left | right);
		break;
	case ENF_XOR:
		push(left ^ right);
		break;
	default:
		if (all_ways)
			return End::Accept;
		const bool ends_if_equal = op == ENF_COR || op == ENF_CNOR;
		goes_on = (left == right) != ends_if_equal;
		return op == ENF_COR || op == ENF_CNAND ? End::Accept : End::Reject;
	}
	return End::Accept;
}

End Plain::run()
{
	while (at < length) {
		const unsigned word = words[at++];
		const unsigned action = word & 0x3ff;
		const unsigned op = word & ~0x3ffu;
		bool goes_on;

		if ((action == ENF_BRTR || action == ENF_BRFL) && op)
			return End::Wrong;
		End end = act(action, goes_on);
		if (!goes_on)
			return end;
		end = operate(op, goes_on);
		if (!goes_on)
			return end;
	}
	return !depth || stack[depth - 1] ? End::Accept : End::Reject;
}

// Does any way through it lead outside?
bool plainly_right(const u16 *words, size_t length)
{
	Plain plain = { words, length, nullptr, 0, true };
	return plain.run() != End::Wrong;
}

// ------------------------------------------------------------------ the machine

// A program in memory that ends where it ends, so that KASAN sees a word too many.
class Program : NoCopy {
public:
	Program(const u16 *words, size_t length) : bytes_(length * 2)
	{
		room_ = (length + 1) * sizeof(Depths);
		words_ = static_cast<u16 *>(kmem_alloc(bytes_ ? bytes_ : 1, KM_SLEEP));
		depths_ = static_cast<Depths *>(kmem_alloc(room_, KM_SLEEP));
		if (!words_ || !depths_)
			return;
		__builtin_memcpy(words_, words, bytes_);
		valid_ = filter_.set(words_, length, depths_);
	}
	~Program()
	{
		kmem_free(words_, bytes_ ? bytes_ : 1);
		kmem_free(depths_, room_);
	}
	bool valid() const { return valid_; }
	const Filter &filter() const { return filter_; }

private:
	size_t bytes_, room_;
	u16 *words_;
	Depths *depths_;
	Filter filter_;
	bool valid_ = false;
};

mblk_t *block_of(const void *data, size_t bytes, size_t head = 0)
{
	mblk_t *mp = allocb(head + bytes + 16, BPRI_MED);

	if (mp) {
		// What a machine that reads too far would find.
		__builtin_memset(mp->b_rptr, 0xff, head + bytes + 16);
		mp->b_rptr += head;
		mp->b_wptr = mp->b_rptr + bytes;
		__builtin_memcpy(mp->b_rptr, data, bytes);
	}
	return mp;
}

template <size_t length> bool accepts(const u16 (&words)[length], const char *data)
{
	Program program(words, length);
	Message mp(block_of(data, __builtin_strlen(data)));

	return program.valid() && mp && program.filter().accepts(mp.get());
}

constexpr u16 word_of(char first, char second)
{
	const u16 low = static_cast<u8>(first);
	const u16 high = static_cast<u8>(second);

	return static_cast<u16>(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? low | high << 8 :
									    high | low << 8);
}

constexpr u16 W = ENF_PUSHWORD;

void an_empty_filter_accepts(kunit *test)
{
	Message mp(block_of("", 0));
	Filter filter;
	Depths depths[1];

	if (!EXPECT(test, bool(mp)))
		return;
	EXPECT(test, filter.empty() && filter.accepts(mp.get()));
	EXPECT(test, filter.set(nullptr, 0, depths));
	EXPECT(test, filter.empty() && filter.accepts(mp.get()));
}

void each_action_pushes_what_it_says(kunit *test)
{
	const struct {
		u16 words[4];
		u16 top;
	} rows[] = {
		{ { ENF_PUSHLIT, 0x1234 }, 0x1234 },
		{ { ENF_PUSHZERO, ENF_NOP }, 0 },
		{ { ENF_PUSHONE, ENF_NOP }, 1 },
		{ { ENF_PUSHFFFF, ENF_NOP }, 0xffff },
		{ { ENF_PUSHFF00, ENF_NOP }, 0xff00 },
		{ { ENF_PUSH00FF, ENF_NOP }, 0x00ff },
		{ { W + 0, ENF_NOP }, word_of('a', 'b') },
		{ { W + 2, ENF_NOP }, word_of('e', 'f') },
	};
	for (const auto &row : rows) {
		const u16 right[] = { row.words[0], row.words[1], ENF_PUSHLIT | ENF_EQ, row.top };
		const u16 wrong[] = { row.words[0], row.words[1], ENF_PUSHLIT | ENF_EQ,
				      static_cast<u16>(row.top ^ 1) };
		EXPECT(test, accepts(right, "abcdef"));
		EXPECT(test, !accepts(wrong, "abcdef"));
	}
}

void each_operator_has_its_result(kunit *test)
{
	constexpr u16 values[] = { 0, 1, 2, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff };

	for (u16 l : values) {
		for (u16 r : values) {
			const struct {
				u16 op;
				int result;
			} rows[] = {
				{ ENF_EQ, l == r }, { ENF_NEQ, l != r }, { ENF_LT, l < r },
				{ ENF_LE, l <= r }, { ENF_GT, l > r },	 { ENF_GE, l >= r },
				{ ENF_AND, l & r }, { ENF_OR, l | r },	 { ENF_XOR, l ^ r },
			};
			for (const auto &row : rows) {
				const u16 words[] = {
					ENF_PUSHLIT,
					l,
					static_cast<u16>(ENF_PUSHLIT | row.op),
					r,
					ENF_PUSHLIT | ENF_EQ,
					static_cast<u16>(row.result),
				};
				EXPECT(test, accepts(words, ""));
			}
		}
	}
}

// They leave nothing: what was below is on top again.
void four_operators_end_a_program(kunit *test)
{
	constexpr struct {
		u16 op;
		bool equal;	// accepted, of two that are equal ...
		bool different; // ... and not; in programs that would reject otherwise
		bool goes_on_if_equal;
	} rows[] = {
		{ ENF_COR, true, false, false },
		{ ENF_CAND, false, false, true },
		{ ENF_CNOR, false, false, false },
		{ ENF_CNAND, false, true, true },
	};
	for (const auto &row : rows) {
		for (u16 below : List{ 0, 1 }) {
			for (bool equal : List{ false, true }) {
				const u16 words[] = {
					ENF_PUSHLIT,
					below,
					ENF_PUSHONE,
					static_cast<u16>((equal ? ENF_PUSHONE : ENF_PUSHZERO) |
							 row.op),
				};
				const bool ended = equal != row.goes_on_if_equal;
				const bool expected = ended ? (equal ? row.equal : row.different) :
							      below != 0;
				EXPECT_EQ(test, accepts(words, ""), expected);
			}
		}
	}
}

void branches_look_at_the_top_and_leave_it(kunit *test)
{
	for (u16 branch : List{ ENF_BRTR, ENF_BRFL }) {
		for (u16 top : List{ 0, 7 }) {
			const bool skips = (top != 0) == (branch == ENF_BRTR);
			const u16 words[] = { ENF_PUSHLIT,
					      top,
					      branch,
					      2,
					      ENF_PUSHLIT,
					      9,
					      ENF_PUSHLIT | ENF_EQ,
					      static_cast<u16>(skips ? top : 9) };
			EXPECT(test, accepts(words, ""));
		}
	}
	const u16 to_the_end[] = { ENF_PUSHONE, ENF_BRTR, 1, ENF_PUSHZERO };
	const u16 nowhere[] = { ENF_PUSHONE, ENF_BRTR, 0, ENF_PUSHZERO };
	EXPECT(test, accepts(to_the_end, ""));
	EXPECT(test, !accepts(nowhere, ""));
}

void an_offset_moves_the_words_that_follow(kunit *test)
{
	const u16 words[] = {
		ENF_LOAD_OFFSET, 2, W,	   ENF_PUSHLIT | ENF_CAND, word_of('e', 'f'),
		ENF_LOAD_OFFSET, 1, W + 1, ENF_PUSHLIT | ENF_CAND, word_of('e', 'f'),
		ENF_LOAD_OFFSET, 0, W,	   ENF_PUSHLIT | ENF_EQ,   word_of('a', 'b')
	};
	const u16 far[] = { ENF_LOAD_OFFSET, 0xffff, 0x3ff, ENF_POP };

	EXPECT(test, accepts(words, "abcdef"));
	EXPECT(test, !accepts(words, "abcde"));
	EXPECT(test, !accepts(far, "abcdef"));
}

void a_word_that_is_not_all_there_rejects(kunit *test)
{
	const u16 words[] = { W + 1, ENF_POP };
	const u16 far[] = { 0x3ff, ENF_POP };

	EXPECT(test, !accepts(words, ""));
	EXPECT(test, !accepts(words, "ab"));
	EXPECT(test, !accepts(words, "abc"));
	EXPECT(test, accepts(words, "abcd"));
	EXPECT(test, !accepts(far, "abcd"));
}

// Every way to cut it into blocks, beginning at even and odd addresses, and with empty
// blocks in between.
void data_is_read_across_blocks(kunit *test)
{
	constexpr size_t bytes = 8;
	const char text[bytes + 1] = "abcdefgh";
	u16 words[12];
	size_t length = 0;

	for (size_t i = 0; i < bytes / 2; i++) {
		words[length++] = static_cast<u16>(W + i);
		words[length++] = ENF_PUSHLIT | ENF_CAND;
		words[length++] = word_of(text[2 * i], text[2 * i + 1]);
	}
	Program program(words, length);
	if (!EXPECT(test, program.valid()))
		return;
	for (unsigned cuts = 0; cuts < 1 << (bytes - 1); cuts++) {
		Message mp(block_of(text, 1, cuts & 1));
		for (size_t i = 1; i < bytes && mp; i++) {
			mblk_t *last = mp.get();
			while (last->b_cont)
				last = last->b_cont;
			if (cuts & 1 << (i - 1)) {
				last->b_cont = block_of("", 0);
				mp.append(Message(block_of(text + i, 1, (cuts + i) & 1)));
			} else {
				*last->b_wptr++ = static_cast<u8>(text[i]);
			}
		}
		if (!EXPECT(test, mp && program.filter().accepts(mp.get())))
			return;
		mblk_t *last = mp.get();
		while (last->b_cont)
			last = last->b_cont;
		last->b_wptr--;
		EXPECT(test, !program.filter().accepts(mp.get()));
	}
}

void data_begins_behind_control(kunit *test)
{
	Message control(spell("<ab"));
	Message both(spell("<ab|<cd|ef|gh"));
	Message data(spell("ab"));

	if (!EXPECT(test, control && both && data))
		return;
	EXPECT_EQ(test, pfmod::data_portion(control.get()), nullptr);
	EXPECT_TEXT(test, spelled(pfmod::data_portion(both.get())), "ef|gh");
	EXPECT_EQ(test, pfmod::data_portion(data.get()), data.get());
}

void what_is_wrong_changes_nothing(kunit *test)
{
	const struct {
		size_t length;
		u16 words[4];
	} rows[] = {
		{ 1, { 11 } },
		{ 1, { 15 } },
		{ 3, { ENF_PUSHONE, ENF_PUSHONE, 14 << ENF_NBPA } },
		{ 3, { ENF_PUSHONE, ENF_PUSHONE, 63 << ENF_NBPA } },
		{ 1, { ENF_PUSHLIT } },
		{ 1, { ENF_LOAD_OFFSET } },
		{ 1, { ENF_EQ } },
		{ 1, { ENF_PUSHONE | ENF_EQ } },
		{ 2, { ENF_PUSHONE, ENF_CAND } },
		{ 4, { ENF_PUSHONE, ENF_PUSHONE | ENF_CAND, ENF_POP } },
		{ 1, { ENF_POP } },
		{ 2, { ENF_BRTR, 0 } },
		{ 2, { ENF_PUSHONE, ENF_BRFL } },
		{ 3, { ENF_PUSHONE, ENF_BRFL, 1 } },
		{ 4, { ENF_PUSHONE, ENF_BRFL, 0xffff } },
		{ 4, { ENF_PUSHONE, ENF_PUSHONE, ENF_BRFL | ENF_EQ, 0 } },
	};
	const u16 reject[] = { ENF_PUSHZERO };
	Message mp(block_of("", 0));
	Filter filter;
	Depths depths[8];

	if (!EXPECT(test, mp && filter.set(reject, 1, depths)))
		return;
	for (const auto &row : rows) {
		EXPECT(test, !filter.set(row.words, row.length, depths));
		EXPECT(test, !filter.accepts(mp.get()));
	}
	// One of the two ways has nothing left to pop.
	const u16 uneven[] = { ENF_PUSHONE, ENF_BRTR, 1, ENF_POP, ENF_POP };
	EXPECT(test, !filter.set(uneven, 5, depths));
	EXPECT(test, !filter.accepts(mp.get()));
	EXPECT(test, filter.set(uneven, 4, depths));
	EXPECT(test, filter.accepts(mp.get()));
}

void the_stack_has_an_end(kunit *test)
{
	constexpr size_t most = pfmod::most_depth;
	auto *words = static_cast<u16 *>(kmem_alloc(longest * 2, KM_SLEEP));

	if (!EXPECT(test, words != nullptr))
		return;
	for (size_t i = 0; i < longest; i++)
		words[i] = ENF_PUSHONE;
	EXPECT(test, Program(words, most).valid());
	EXPECT(test, !Program(words, most + 1).valid());
	words[most] |= ENF_AND;
	EXPECT(test, !Program(words, most + 1).valid());
	words[most] = ENF_AND;
	EXPECT(test, Program(words, most + 2).valid());
	EXPECT(test, !Program(words, most + 3).valid());
	// Full, and down again.
	for (size_t i = most; i < 2 * most - 1; i++)
		words[i] = ENF_AND;
	Program full(words, 2 * most - 1);
	Message mp(block_of("", 0));
	EXPECT(test, full.valid() && mp && full.filter().accepts(mp.get()));
	kmem_free(words, longest * 2);
}

// ---------------------------------------------------------------- all of them

constexpr u16 alphabet[] = {
	ENF_NOP,
	ENF_PUSHLIT,
	ENF_PUSHZERO,
	ENF_PUSHONE,
	ENF_LOAD_OFFSET,
	ENF_BRTR,
	ENF_BRFL,
	ENF_POP,
	W + 0,
	W + 1,
	ENF_EQ,
	(W + 1) | ENF_XOR,
	ENF_PUSHONE | ENF_COR,
	(W + 0) | ENF_CAND,
	11,
	14 << ENF_NBPA,
	ENF_BRTR | ENF_EQ,
	ENF_PUSHLIT | ENF_CNAND,
};
constexpr size_t letters = sizeof(alphabet) / sizeof(*alphabet);

struct Sample {
	u8 data[5];
	size_t bytes;
};

constexpr Sample samples[] = {
	{ {}, 0 },
	{ { 1, 0, 1 }, 3 },
	{ { 0, 0, 1, 0 }, 4 },
	{ { 2, 0, 2, 0, 2 }, 5 },
};

struct Samples {
	Message blocks[4];

	Samples()
	{
		for (size_t i = 0; i < 4; i++)
			blocks[i] = Message(block_of(samples[i].data, samples[i].bytes, i & 1));
	}
	explicit operator bool() const { return blocks[0] && blocks[1] && blocks[2] && blocks[3]; }
};

// Both machines agree; false, and a line in the log, where they do not.
bool agree(kunit *test, const Samples &messages, const u16 *words, size_t length, int &valid)
{
	Filter filter;
	Depths depths[17];
	const bool right = filter.set(words, length, depths);

	if (!EXPECT_EQ(test, right, plainly_right(words, length)))
		return false;
	if (!right)
		return true;
	valid++;
	for (size_t i = 0; i < 4; i++) {
		Plain plain = { words, length, samples[i].data, samples[i].bytes };
		const End end = plain.run();
		if (!EXPECT(test, end != End::Wrong) ||
		    !EXPECT_EQ(test, filter.accepts(messages.blocks[i].get()), end == End::Accept))
			return false;
	}
	return true;
}

void all_short_programs_are_understood(kunit *test)
{
	const Samples messages;
	int valid = 0;

	if (!EXPECT(test, bool(messages)))
		return;
	for (size_t length = 0, count = 1; length <= 4; length++, count *= letters) {
		for (size_t n = 0; n < count; n++) {
			u16 words[4];
			size_t rest = n;
			for (size_t i = 0; i < length; i++, rest /= letters)
				words[i] = alphabet[rest % letters];
			if (!agree(test, messages, words, length, valid))
				return;
		}
	}
	EXPECT(test, valid > 1000);
}

// Longer ones: mostly of words that have a chance to be right where they are.
void random_programs_are_understood(kunit *test)
{
	const Samples messages;
	Dice dice(12345);
	int valid = 0;

	if (!EXPECT(test, bool(messages)))
		return;
	for (int n = 0; n < 100000; n++) {
		u16 words[16];
		size_t length = 0;
		const auto random = [&dice](size_t below) {
			return dice.below(static_cast<u32>(below));
		};
		const size_t wanted = 5 + random(8);
		int depth = 0;
		while (length < wanted) {
			const u16 word = alphabet[random(random(16) ? 14 : letters)];
			if (depth < 2 && (word == ENF_POP || word == ENF_EQ) && random(8))
				continue;
			words[length++] = word;
			depth += word >= W ? 0 : word == ENF_PUSHONE || word == ENF_PUSHZERO;
			if (word == ENF_PUSHLIT || word == ENF_LOAD_OFFSET || word == ENF_BRTR ||
			    word == ENF_BRFL)
				words[length++] = static_cast<u16>(random(4));
		}
		if (!agree(test, messages, words, length, valid))
			return;
	}
	EXPECT(test, valid > 1000);
}

} // namespace

} // namespace strm::testing::of_pfmod

extern "C" const strm_case strm_pfmod_cases[] = {
	CASE_OF(of_pfmod, an_empty_filter_accepts),
	CASE_OF(of_pfmod, each_action_pushes_what_it_says),
	CASE_OF(of_pfmod, each_operator_has_its_result),
	CASE_OF(of_pfmod, four_operators_end_a_program),
	CASE_OF(of_pfmod, branches_look_at_the_top_and_leave_it),
	CASE_OF(of_pfmod, an_offset_moves_the_words_that_follow),
	CASE_OF(of_pfmod, a_word_that_is_not_all_there_rejects),
	CASE_OF(of_pfmod, data_is_read_across_blocks),
	CASE_OF(of_pfmod, data_begins_behind_control),
	CASE_OF(of_pfmod, what_is_wrong_changes_nothing),
	CASE_OF(of_pfmod, the_stack_has_an_end),
	CASE_OF(of_pfmod, all_short_programs_are_understood),
	CASE_OF(of_pfmod, random_programs_are_understood),
	{ nullptr, nullptr },
};
