// SPDX-License-Identifier: GPL-2.0-only
//
// The rules of a queue, one row for each: its words, operations that show it, and
// what they lead to.
//
// The operations are spelled.  A message is a capital letter, then what it is:
// a band, a type (p M_PROTO, y M_DELAY, c M_CTL, all else M_DATA; of high
// priority ! M_PCPROTO, k M_IOCACK), *n bytes, ~n empty blocks.
//
//	+A2	putq()			-	getq()
//	^A2	putbq()			-A	rmvq()
//	A2<B	insq() before B		A2<	insq() at the end
//	can2	bcanput(), of band 0	all data all2 data2
//		canput()		flushq() and flushband()
//
// and noenable, enableok; high=n, low=n: the queue's water marks; nomem: the
// next allocation fails; count: tell the bytes and blocks of each band.  What is
// before | is preparation.
//
// The outcome: the messages on the queue, "no" where an operation refused or
// found nothing, "enabled" and "back" where the service procedure ran or that of
// the writer behind did, and the marks that are set.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

struct Rule {
	const char *words;
	const char *script;
	const char *outcome;
};

void add_number(Text &text, size_t number)
{
	if (number >= 10)
		add_number(text, number / 10);
	text.add(static_cast<char>('0' + number % 10));
}

void add_word(Text &text, const char *word)
{
	if (text.length)
		text.add(' ');
	while (*word)
		text.add(*word++);
}

// A queue that has been served and found a message: QWANTR is not set.
class Table {
public:
	explicit operator bool() { return writer_ && queue_ && ready_; }

	Table()
	{
		if (!writer_ || !queue_)
			return;
		ready_ = putq(q(), letter('0')) == 1;
		freemsg(getq(q()));
		forget();
	}

	Text play(const char *script)
	{
		while (*script) {
			const char *word = script;
			while (*script && *script != ' ')
				script++;
			act(word, script);
			strm_test_softirqs();
			while (*script == ' ')
				script++;
		}
		strm_test_fail_allocation(0);
		return outcome();
	}

private:
	queue_t *q() { return queue_.wr(); }

	void forget()
	{
		strm_test_softirqs();
		queue_.down.services = 0;
		writer_.down.services = 0;
		refused_ = false;
	}

	static bool begins(const char *&at, const char *end, const char *word)
	{
		const size_t length = __builtin_strlen(word);
		if (static_cast<size_t>(end - at) < length || __builtin_strncmp(at, word, length))
			return false;
		at += length;
		return true;
	}
	static size_t number_at(const char *&at)
	{
		size_t value = 0;
		while (*at >= '0' && *at <= '9')
			value = value * 10 + static_cast<size_t>(*at++ - '0');
		return value;
	}

	mblk_t *message_at(const char *&at)
	{
		const char name = *at++;
		const auto band = static_cast<unsigned char>(number_at(at));
		int type = M_DATA;
		constexpr struct {
			char letter;
			int type;
		} types[] = { { 'p', M_PROTO },
			      { 'y', M_DELAY },
			      { 'c', M_CTL },
			      { '!', M_PCPROTO },
			      { 'k', M_IOCACK } };
		for (const auto &it : types) {
			if (*at == it.letter)
				type = it.type;
		}
		at += type != M_DATA;
		mblk_t *mp = letter(name, type, band);
		if (mp && *at == '*')
			mp->b_wptr = mp->b_rptr + number_at(++at);
		if (mp && *at == '~') {
			mp->b_wptr = mp->b_rptr;
			for (size_t more = number_at(++at); more > 1; more--)
				linkb(mp, allocb(0, BPRI_MED));
		}
		if (mp)
			*mp->b_rptr = static_cast<unsigned char>(name); // even where it is empty
		return named_[name - 'A'] = mp;
	}

	void given(int answer, mblk_t *mp)
	{
		refused_ |= !answer;
		if (!answer)
			freemsg(mp);
	}

	void act(const char *at, const char *end)
	{
		if (begins(at, end, "|"))
			forget();
		else if (begins(at, end, "noenable"))
			noenable(q());
		else if (begins(at, end, "enableok"))
			enableok(q());
		else if (begins(at, end, "nomem"))
			no_memory_ = true;
		else if (begins(at, end, "count"))
			tell_figures_ = true;
		else if (begins(at, end, "high="))
			q()->q_hiwat = number_at(at);
		else if (begins(at, end, "low="))
			q()->q_lowat = number_at(at);
		else if (begins(at, end, "can"))
			refused_ |= !(at == end ?
					      canput(q()) :
					      bcanput(q(), static_cast<uchar_t>(number_at(at))));
		else if (begins(at, end, "all"))
			flush(at, end, FLUSHALL);
		else if (begins(at, end, "data"))
			flush(at, end, FLUSHDATA);
		else
			move_message(at, end);
	}

	void flush(const char *at, const char *end, int flag)
	{
		if (at == end)
			flushq(q(), flag);
		else
			flushband(q(), static_cast<uchar_t>(number_at(at)), flag);
	}

	void move_message(const char *at, const char *end)
	{
		if (begins(at, end, "-")) {
			mblk_t *mp = at == end ? getq(q()) : named_[*at - 'A'];
			if (at != end)
				rmvq(q(), mp);
			refused_ |= !mp;
			freemsg(mp);
			return;
		}
		const bool front = begins(at, end, "^");
		const bool back = begins(at, end, "+");
		mblk_t *mp = message_at(at);
		strm_test_fail_allocation(no_memory_);
		no_memory_ = false;
		if (front)
			given(putbq(q(), mp), mp);
		else if (back)
			given(putq(q(), mp), mp);
		else if (begins(at, end, "<"))
			given(insq(q(), at == end ? nullptr : named_[*at - 'A'], mp), mp);
	}

	Text outcome()
	{
		Text text;
		for (const mblk_t *mp = q()->q_first; mp; mp = mp->b_next)
			text.add(static_cast<char>(*mp->b_rptr));
		if (!text.length)
			text.add('-');
		const uint_t flags = q()->q_flag;
		const struct {
			bool is;
			const char *word;
		} words[] = {
			{ refused_, "no" },
			{ queue_.down.services != 0, "enabled" },
			{ queue_.down.services > 1, "twice" },
			{ writer_.down.services != 0, "back" },
			{ writer_.down.services > 1, "twice" },
			{ (flags & QFULL) != 0, "FULL" },
			{ (flags & QWANTW) != 0, "WANTW" },
			{ (flags & QWANTR) != 0, "WANTR" },
		};
		for (const auto &word : words) {
			if (word.is)
				add_word(text, word.word);
		}
		size_t band = 0;
		for (const qband_t *it = q()->q_bandp; it; it = it->qb_next) {
			band++;
			for (const char *word : List{ it->qb_flag & QB_FULL ? "FULL" : "",
						      it->qb_flag & QB_WANTW ? "WANTW" : "" }) {
				if (!*word)
					continue;
				add_word(text, word);
				add_number(text, band);
			}
		}
		if (tell_figures_)
			tell_figures(text);
		return text;
	}

	void tell_figures(Text &text)
	{
		size_t band = 0;
		add_figures(text, 0, q()->q_count, q()->q_mblkcnt);
		for (const qband_t *it = q()->q_bandp; it; it = it->qb_next)
			add_figures(text, ++band, it->qb_count, it->qb_mblkcnt);
	}
	static void add_figures(Text &text, size_t band, size_t bytes, size_t blocks)
	{
		text.add(' ');
		add_number(text, band);
		text.add(':');
		add_number(text, bytes);
		text.add('/');
		add_number(text, blocks);
	}

	Pair writer_{ serving };
	Pair queue_{ serving, D_MP, &writer_ };
	mblk_t *named_[26] = {};
	bool ready_ = false, refused_ = false, no_memory_ = false, tell_figures_ = false;
};

void play(kunit *test, const Rule *rules, size_t count)
{
	for (const Rule *rule = rules; rule < rules + count; rule++) {
		Table stage;
		if (!EXPECT(test, bool(stage)))
			return;
		const Text got = stage.play(rule->script);
		if (__builtin_strcmp(got, rule->outcome) == 0)
			continue;
		strm_test_fail_text(test, rule->words, __LINE__, rule->script, got, rule->outcome);
	}
}

template <size_t N> void play(kunit *test, const Rule (&rules)[N])
{
	play(test, rules, N);
}

void rules_of_class_and_band(kunit *test)
{
	constexpr Rule rules[] = {
		{ "high priority first, bands from 255 down, band 0; each first in first out",
		  "+A +B1 +C255 +D! +E1 +F +Gk +H255 +I2 |", "DGCHIBEAF" },
		{ "by putq(): high priority has no band", "| +A7! count", "A enabled 0:1/1" },
		{ "by putbq(): high priority has no band", "| ^A7k count", "A enabled 0:1/1" },
		{ "by insq(): high priority has no band", "| A7!< count", "A 0:1/1" },
		{ "a band brings the records of all bands below it", "+A3 | count",
		  "A 0:0/0 1:0/0 2:0/0 3:1/1" },
		{ "a new band inherits the high mark", "high=7 +A2*7 |", "A FULL2" },
		{ "a new band inherits the low mark", "low=1 +A2*100 +B2*3 can2 | -A", "B WANTW2" },
		{ "a band keeps its marks when the queue's change", "+A2 high=3 +B2*9 |", "AB" },
		{ "the 255th band", "+A255*100 | can255 can254 can", "A no FULL255 WANTW255" },
		{ "without memory for a band putq() refuses", "+A | nomem +B2 count",
		  "A no 0:1/1" },
		{ "without memory for a band putbq() refuses", "+A | nomem ^B2 count",
		  "A no 0:1/1" },
		{ "without memory for a band insq() refuses", "+A | nomem B2<A count",
		  "A no 0:1/1" },
		{ "no memory is needed for a band that is there", "+A2 - | nomem +B2",
		  "B enabled" },
	};
	play(test, rules);
}

void rules_of_accounting(kunit *test)
{
	constexpr Rule rules[] = {
		{ "bytes of every block, whatever its type", "+Ap*5 +Bc*3 +C!*2 +Dk*4 | count",
		  "CDAB 0:14/4" },
		{ "every block of a message is counted", "+A~3 +B2~5 | count",
		  "BA 0:0/3 1:0/0 2:0/5" },
		{ "and no longer when it has left", "+A~3 +B2~5 +C~2 +D2~2 | -A -B count",
		  "DC 0:0/2 1:0/0 2:0/2" },
		{ "high priority counts in the queue", "+A!*60 +B9!*40 | count",
		  "AB FULL 0:100/2" },
		{ "band n counts in band n alone", "+A2*60 +B1*10 | count",
		  "AB 0:0/0 1:10/1 2:60/1" },
		{ "one byte below the high mark is not full", "+A*99 | can", "A" },
		{ "full at the high mark, in bytes", "+A*99 +B*1 |", "AB FULL" },
		{ "one block below the high mark is not full", "+A~99 | can", "A" },
		{ "full at the high mark, in blocks", "+A~99 +B~1 |", "AB FULL" },
		{ "band: one byte below", "+A2*99 | can2", "A" },
		{ "band: full in bytes", "+A2*99 +B2*1 |", "AB FULL2" },
		{ "band: one block below", "+A2~99 | can2", "A" },
		{ "band: full in blocks", "+A2~99 +B2~1 |", "AB FULL2" },
		{ "high priority can make the queue full", "+A!*100 | can", "A no FULL WANTW" },
		{ "below the high mark in bytes, not in blocks: still full",
		  "+A*100 +B~99 | -A +C~1 can", "BC no FULL WANTW" },
		{ "both below the high mark: no longer full", "+A*100 +B~98 | -A", "B" },
		{ "bytes below, blocks at the mark: full stays", "+A*99 +B~99 | -A", "B" },
		{ "blocks below, bytes at the mark: full stays", "+A*100 +B~99 | -B", "A FULL" },
		{ "blocks at the mark, bytes below: full stays", "+A*100 +B~100 | -A", "B FULL" },
		{ "band: blocks at the mark, bytes below: full stays", "+A2*100 +B2~100 | -A",
		  "B FULL2" },
		{ "band: both below", "+A2*100 +B2~98 | -A", "B" },
		{ "marks that change say nothing until the next message", "+A*50 high=10 | can",
		  "A" },
		{ "nor do they end what is full", "+A*100 high=200 | can", "A no FULL WANTW" },
		{ "what is taken leaves no count", "+A*10 +B2*10 +C!*10 | - - - count",
		  "- 0:0/0 1:0/0 2:0/0" },
	};
	play(test, rules);
}

void rules_of_back_enabling(kunit *test)
{
	constexpr Rule rules[] = {
		{ "due when both are below the low mark and somebody asked", "+A*60 +B*49 can | -A",
		  "B back" },
		{ "at the low mark in bytes: not yet", "+A*60 +B*50 can | -A", "B WANTW" },
		{ "at the low mark in blocks: not yet", "+A*100 +B~50 can | -A", "B WANTW" },
		{ "below it in blocks as well", "+A*100 +B~49 can | -A", "B back" },
		{ "nobody asked: nobody is enabled", "+A*100 | -", "-" },
		{ "who asked and got room is not enabled", "+A*99 can | -", "-" },
		{ "once, then the mark is gone", "+A*100 +B*10 can | - -", "- back" },
		{ "a low mark of 0: at every removal", "low=0 +A*100 +B*100 can | -",
		  "B back FULL" },
		{ "band: both below and asked", "+A2*60 +B2*49 can2 | -A", "B back" },
		{ "band: at the low mark in bytes", "+A2*60 +B2*50 can2 | -A", "B WANTW2" },
		{ "band: at the low mark in blocks", "+A2*100 +B2~50 can2 | -A", "B WANTW2" },
		{ "band: a low mark of 0", "low=0 +A2*100 +B2*100 can2 | -", "B back FULL2" },
		{ "another band is emptied: not due", "+A2*100 +B1*100 can2 | -B",
		  "A FULL2 WANTW2" },
		{ "band 0 is emptied: a band that is full still is", "+A2*100 +B*100 can2 can | -B",
		  "A back FULL2 WANTW2" },
		{ "high priority leaves: band 0 is looked at", "+A!*100 can | -", "- back" },
		{ "rmvq() does it too", "+A*100 +B2*100 can2 can | -B", "A back FULL WANTW" },
		{ "putq() does not", "low=0 +A*100 can | +B", "AB FULL WANTW" },
	};
	play(test, rules);
}

void rules_of_enabling(kunit *test)
{
	// `-` finds nothing and asks; what is there and found does not.
	constexpr Rule rules[] = {
		{ "putq(): not where nobody asked", "| +A", "A" },
		{ "putq(): when getq() found nothing", "- | +A", "A enabled WANTR" },
		{ "putq(): a band above 0 always", "| +A1", "A enabled" },
		{ "putq(): high priority always", "| +A!", "A enabled" },
		{ "putq(), noenable: not when asked", "- noenable | +A", "A WANTR" },
		{ "putq(), noenable: not a band", "- noenable | +A1", "A WANTR" },
		{ "putq(), noenable: high priority even so", "noenable | +A!", "A enabled" },
		{ "putbq(): not where nobody asked", "| ^A", "A" },
		{ "putbq(): when getq() found nothing", "- | ^A", "A enabled WANTR" },
		{ "putbq(): a band is nothing special", "| ^A1", "A" },
		{ "putbq(): high priority always", "| ^A!", "A enabled" },
		{ "putbq(), noenable: not when asked", "- noenable | ^A", "A WANTR" },
		{ "putbq(), noenable: high priority even so", "noenable | ^A!", "A enabled" },
		{ "insq(): not where nobody asked", "| A<", "A" },
		{ "insq(): when getq() found nothing", "- | A<", "A enabled WANTR" },
		{ "insq(): a band is nothing special", "| A1<", "A" },
		{ "insq(): nor is high priority", "| A!<", "A" },
		{ "insq(), noenable: not when asked", "- noenable | A<", "A WANTR" },
		{ "enableok() ends noenable", "- noenable enableok | +A", "A enabled WANTR" },
		{ "enableok() alone enables nothing", "- noenable +A | enableok", "A WANTR" },
		{ "getq() that finds a message stops asking", "- +A | - +B", "B" },
		{ "getq() that finds nothing asks", "| -", "- no WANTR" },
		{ "rmvq() does not stop asking", "- +A | -A +B", "B enabled WANTR" },
		{ "rmvq() does not ask", "+A | -A", "-" },
		{ "a flush does not ask", "+A | all", "-" },
		{ "a flush does not stop asking", "- +A | all +B", "B enabled WANTR" },
		{ "what is refused enables nothing", "- | nomem +A2", "- no WANTR" },
	};
	play(test, rules);
}

void rules_of_placing(kunit *test)
{
	constexpr Rule rules[] = {
		{ "putq(): behind its own kind", "+A! +B2 +C | +D! +E2 +F",
		  "ADBECF enabled twice" },
		{ "putbq(): in front of its own kind", "+A! +B2 +C | ^D! ^E2 ^F",
		  "DAEBFC enabled" },
		{ "putbq(): a kind that is not there", "+A! +B2 +C | ^D1", "ABDC" },
		{ "insq(): before a message", "+A +B | C<B", "ACB" },
		{ "insq(): at the end", "+A +B | C<", "ABC" },
		{ "insq(): first of its band", "+A2 +B | C2<A", "CAB" },
		{ "insq(): last of its band", "+A2 +B | C2<B", "ACB" },
		{ "insq(): a band of its own", "+A3 +B1 | C2<B", "ACB" },
		{ "insq(): counts", "+A2 | C2*7< D*5< count", "ACD 0:5/1 1:0/0 2:8/2" },
		{ "insq(): high priority before the rest", "+A! +B2 | C!<B", "ACB" },
		{ "insq() refuses: behind a lower band", "+A2 +B | C1<A", "AB no" },
		{ "insq() refuses: before a higher band", "+A2 | C<A", "A no" },
		{ "insq() refuses: high priority behind the rest", "+A | C!<", "A no" },
		{ "insq() refuses: before high priority", "+A! | C5<A", "A no" },
		{ "insq() refuses: a band at the end behind band 0", "+A | C1<", "A no" },
		{ "insq() refuses: nothing changes, and no band is made", "+A | C5< count",
		  "A no 0:1/1" },
		{ "rmvq(): from the front", "+A +B +C | -A", "BC" },
		{ "rmvq(): from the middle", "+A +B +C | -B", "AC" },
		{ "rmvq(): from the end", "+A +B +C | -C", "AB" },
		{ "getq(): the first", "+A +B2 +C! | -", "BA" },
	};
	play(test, rules);
}

void rules_of_canput(kunit *test)
{
	constexpr Rule rules[] = {
		{ "room: no mark", "+A*99 | can can0 can1", "A" },
		{ "full: no, and the mark", "+A*100 | can", "A no FULL WANTW" },
		{ "bcanput() of band 0 is canput()", "+A*100 | can0", "A no FULL WANTW" },
		{ "a band without a record has room", "+A*100 | can1 can255", "A FULL" },
		{ "a full band 0 closes no band", "+A*100 +B2 | can2 can1", "BA FULL" },
		{ "a full band closes that band alone", "+A2*100 | can1 can3 can", "A FULL2" },
		{ "a full band: no, and its mark", "+A2*100 | can2", "A no FULL2 WANTW2" },
		{ "asking makes no band", "| can200 count", "- 0:0/0" },
	};
	play(test, rules);
}

void rules_of_flushing(kunit *test)
{
	// One of each kind that a flush tells apart.
#define ONE_OF_EACH "+A +Bp +Cy +Dc +E1 +F1c +G2p +H! +Ik "
	constexpr Rule rules[] = {
		{ "flushq() of all", ONE_OF_EACH "| all count", "- 0:0/0 1:0/0 2:0/0" },
		{ "flushq() of data: M_DATA, M_PROTO, M_PCPROTO, M_DELAY",
		  ONE_OF_EACH "| data count", "IFD 0:2/2 1:1/1 2:0/0" },
		{ "flushband() of band 0: high priority too", ONE_OF_EACH "| all0", "GEF" },
		{ "flushband() of band 0, data", ONE_OF_EACH "| data0", "IGEFD" },
		{ "flushband() of a band", ONE_OF_EACH "| all1 count",
		  "HIGABCD 0:6/6 1:0/0 2:1/1" },
		{ "flushband() of a band, data", ONE_OF_EACH "| data1", "HIGFABCD" },
		{ "flushband() of the highest band", ONE_OF_EACH "| all2", "HIEFABCD" },
		{ "flushband() above the highest band: nothing", ONE_OF_EACH "| all3 data255 count",
		  "HIGEFABCD 0:6/6 1:2/2 2:1/1" },
		{ "an empty queue", "| all data all0 data9 count", "- 0:0/0" },
		{ "flushq(): the writer of band 0 is enabled", "+A*100 can | all", "- back" },
		{ "flushq(): the writer of a band is enabled", "+A2*100 can2 | all", "- back" },
		{ "flushq(): the writer of each band, once",
		  "+A*100 +B2*100 +C1*100 can can1 can2 | all", "- back" },
		{ "flushq(): what stays keeps the queue full", "+A*10 +Bc*100 can | data",
		  "B FULL WANTW" },
		{ "flushq(): what stays is below the low mark", "+A*100 +Bc*49 can | data",
		  "B back" },
		{ "flushband(): its writer is enabled", "+A2*100 +B1*100 can2 can1 | all2",
		  "B back FULL1 WANTW1" },
		{ "flushband() of band 0: its writer is enabled", "+A*100 can | all0", "- back" },
		{ "nobody asked: nobody is enabled", "+A*100 +B2*100 | all", "-" },
	};
#undef ONE_OF_EACH
	play(test, rules);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_rules_cases[] = {
	CASE(rules_of_class_and_band), CASE(rules_of_accounting), CASE(rules_of_back_enabling),
	CASE(rules_of_enabling),       CASE(rules_of_placing),	  CASE(rules_of_canput),
	CASE(rules_of_flushing),       { nullptr, nullptr },
};
