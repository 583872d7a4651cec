// SPDX-License-Identifier: GPL-2.0-only
//
// Messages: memory, references, and the functions that take them apart and put
// them together.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

constexpr size_t sizes[] = {
	0,    1,    64,	  87,	88,   89,   191,   192,	  193,	 1943,	 1944,
	1945, 2047, 2048, 2049, 4096, 8192, 65535, 65536, 65537, 131072, 1048576,
};

void fill(mblk_t *bp, unsigned char seed, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		*bp->b_wptr++ = static_cast<unsigned char>(seed + i);
}

bool filled(const mblk_t *bp, unsigned char seed, size_t bytes)
{
	if (MBLKL(bp) != static_cast<ssize_t>(bytes))
		return false;
	for (size_t i = 0; i < bytes; i++) {
		if (bp->b_rptr[i] != static_cast<unsigned char>(seed + i))
			return false;
	}
	return true;
}

void allocb_of_every_size_is_empty_data_of_that_room(kunit *test)
{
	for (size_t size : sizes) {
		mblk_t *mp = allocb(size, BPRI_HI);
		if (!EXPECT(test, mp != nullptr))
			return;
		EXPECT_EQ(test, DB_TYPE(mp), M_DATA);
		EXPECT_EQ(test, DB_REF(mp), 1);
		EXPECT_EQ(test, mp->b_band, 0);
		EXPECT_EQ(test, mp->b_flag, 0);
		EXPECT_EQ(test, mp->b_cont, nullptr);
		EXPECT_EQ(test, mp->b_next, nullptr);
		EXPECT_EQ(test, mp->b_prev, nullptr);
		EXPECT_EQ(test, mp->b_rptr, DB_BASE(mp));
		EXPECT_EQ(test, mp->b_wptr, DB_BASE(mp));
		EXPECT_EQ(test, reinterpret_cast<uintptr_t>(DB_BASE(mp)) & 7, 0);
		EXPECT(test, MBLKSIZE(mp) >= static_cast<ssize_t>(size));
		fill(mp, 7, static_cast<size_t>(MBLKSIZE(mp)));
		EXPECT(test, filled(mp, 7, static_cast<size_t>(MBLKSIZE(mp))));
		freeb(mp);
	}
}

void two_messages_do_not_share_a_byte(kunit *test)
{
	for (size_t size : sizes) {
		mblk_t *one = allocb(size, BPRI_MED);
		mblk_t *two = allocb(size, BPRI_MED);
		if (EXPECT(test, one && two)) {
			fill(one, 1, size);
			fill(two, 99, size);
			EXPECT(test, filled(one, 1, size));
			EXPECT(test, filled(two, 99, size));
		}
		freemsg(one);
		freemsg(two);
	}
}

void allocb_without_memory_answers_null(kunit *test)
{
	for (size_t size : sizes) {
		strm_test_fail_allocation(1);
		EXPECT_EQ(test, allocb(size, BPRI_MED), nullptr);
	}
	// A large one needs two objects; the first must not be left behind.
	strm_test_fail_allocation(2);
	EXPECT_EQ(test, allocb(65536, BPRI_MED), nullptr);
}

void dupb_shares_the_data_and_counts(kunit *test)
{
	mblk_t *mp = spell("<abc");
	if (!EXPECT(test, mp != nullptr))
		return;
	mp->b_band = 3;
	mp->b_flag = MSGDELIM;
	mp->b_cont = spell("rest");
	mblk_t *dup = dupb(mp);
	if (EXPECT(test, dup != nullptr)) {
		EXPECT_EQ(test, dup->b_datap, mp->b_datap);
		EXPECT_EQ(test, DB_REF(mp), 2);
		EXPECT_EQ(test, dup->b_band, 3);
		EXPECT_EQ(test, dup->b_flag, MSGDELIM);
		EXPECT_EQ(test, dup->b_cont, nullptr);
		EXPECT_EQ(test, dup->b_rptr, mp->b_rptr);
		EXPECT_EQ(test, dup->b_wptr, mp->b_wptr);
		mp->b_rptr++;
		EXPECT_EQ(test, MBLKL(dup), 3);
		freeb(dup);
		EXPECT_EQ(test, DB_REF(mp), 1);
	}
	freemsg(mp);
}

void dupb_at_255_references_copies(kunit *test)
{
	mblk_t *chain = spell("abc");
	if (!EXPECT(test, chain != nullptr))
		return;
	mblk_t *first = chain;
	for (int references = 2; references <= 255; references++) {
		mblk_t *dup = dupb(first);
		if (!EXPECT(test, dup != nullptr))
			break;
		EXPECT_EQ(test, dup->b_datap, first->b_datap);
		EXPECT_EQ(test, DB_REF(first), references);
		dup->b_cont = chain;
		chain = dup;
	}
	mblk_t *copy = dupb(first);
	if (EXPECT(test, copy != nullptr)) {
		EXPECT(test, copy->b_datap != first->b_datap);
		EXPECT_EQ(test, DB_REF(first), 255);
		EXPECT_EQ(test, DB_REF(copy), 1);
		EXPECT_TEXT(test, spelled(copy), "abc");
	}
	freemsg(copy);
	freemsg(chain);
}

void dupmsg_is_all_or_nothing(kunit *test)
{
	mblk_t *mp = spell("<ab|cd|ef");
	if (!EXPECT(test, mp != nullptr))
		return;
	mblk_t *dup = dupmsg(mp);
	EXPECT_TEXT(test, spelled(dup), "<ab|cd|ef");
	for (mblk_t *bp = mp; bp; bp = bp->b_cont)
		EXPECT_EQ(test, DB_REF(bp), 2);
	freemsg(dup);

	for (int nth = 1; nth <= 3; nth++) {
		const int before = strm_test_live();
		strm_test_fail_allocation(nth);
		EXPECT_EQ(test, dupmsg(mp), nullptr);
		EXPECT_EQ(test, strm_test_live(), before);
		for (mblk_t *bp = mp; bp; bp = bp->b_cont)
			EXPECT_EQ(test, DB_REF(bp), 1);
	}
	freemsg(mp);
}

// Four blocks share one data block: the original, two of its duplicates, and a
// duplicate of a duplicate.  They are freed in `order`; while one is left, so is
// what it needs, and no more.
void free_in_order(kunit *test, size_t size, const int (&order)[4])
{
	const int before = strm_test_live();
	mblk_t *blocks[4];

	blocks[0] = allocb(size, BPRI_MED);
	if (!EXPECT(test, blocks[0] != nullptr))
		return;
	const int data_objects = strm_test_live() - before; // 1, or 2 with a large buffer
	fill(blocks[0], 42, size);
	blocks[1] = dupb(blocks[0]);
	blocks[2] = dupb(blocks[0]);
	blocks[3] = dupb(blocks[1]);

	int duplicates = 3;
	for (int left = 3; left >= 0; left--) {
		const int victim = order[3 - left];
		freeb(blocks[victim]);
		blocks[victim] = nullptr;
		duplicates -= victim != 0;
		const int needed = left ? data_objects + duplicates : 0;
		EXPECT_EQ(test, strm_test_live() - before, needed);
		for (mblk_t *bp : blocks) {
			if (bp) {
				EXPECT(test, filled(bp, 42, size));
				EXPECT_EQ(test, DB_REF(bp), left);
			}
		}
	}
}

void original_and_duplicates_are_freed_in_every_order(kunit *test)
{
	for (size_t size : List{ size_t(16), size_t(500), size_t(5000) }) {
		for (int code = 0; code < 256; code++) {
			const int order[4] = { code & 3, code >> 2 & 3, code >> 4 & 3,
					       code >> 6 & 3 };
			int seen = 0;
			for (int victim : order)
				seen |= 1 << victim;
			if (seen == 15)
				free_in_order(test, size, order);
		}
	}
}

void pullup_of_a_shared_message_leaves_the_duplicate_whole(kunit *test)
{
	for (size_t size : List{ size_t(16), size_t(500), size_t(5000) }) {
		for (bool original_first : List{ true, false }) {
			mblk_t *mp = allocb(size, BPRI_MED);
			if (!EXPECT(test, mp != nullptr))
				return;
			fill(mp, 9, size);
			mblk_t *dup = dupb(mp);
			mp->b_cont = spell("tail");
			EXPECT_EQ(test, pullupmsg(mp, -1), 1);
			EXPECT_EQ(test, MBLKL(mp), size + 4);
			EXPECT_EQ(test, mp->b_cont, nullptr);
			EXPECT_EQ(test, DB_REF(dup), 1);
			EXPECT_EQ(test, DB_REF(mp), 1);
			freemsg(original_first ? mp : dup);
			mp = original_first ? dup : mp;
			if (original_first)
				EXPECT(test, filled(mp, 9, size));
			mblk_t *again = dupb(mp);
			freemsg(mp);
			if (EXPECT(test, again != nullptr))
				EXPECT_EQ(test, *again->b_rptr, 9);
			freemsg(again);
		}
	}
}

struct PullupRow {
	const char *message;
	ssize_t length;
	const char *pulled; // null: refused
};

constexpr PullupRow pullup_rows[] = {
	{ "abc", -1, "abc" },
	{ "abc|def", -1, "abcdef" },
	{ "a|b|c|d", -1, "abcd" },
	{ "a||b", -1, "ab" },
	{ "|", -1, "" },
	{ "<a|<b|c|d", -1, "<ab|c|d" },
	{ "<a|b", -1, "<a|b" },
	{ "abc|def", 3, "abc|def" },
	{ "abc|def", 4, "abcd|ef" },
	{ "abc|def", 6, "abcdef" },
	{ "abc|def", 7, nullptr },
	{ "abc|def|ghi", 5, "abcde|f|ghi" },
	{ "abc|def|ghi", 6, "abcdef|ghi" },
	{ "<ab|<cd|ef", 4, "<abcd|ef" },
	{ "<ab|<cd|ef", 5, nullptr },
	{ "<ab|cd", 3, nullptr },
	{ "abc", 4, nullptr },
};

void pullupmsg_joins_the_leading_blocks_of_one_type(kunit *test)
{
	for (const PullupRow &row : pullup_rows) {
		mblk_t *mp = spell(row.message);
		if (!EXPECT(test, mp != nullptr))
			return;
		mp->b_band = 5;
		EXPECT_EQ(test, pullupmsg(mp, row.length), row.pulled ? 1 : 0);
		EXPECT_TEXT(test, spelled(mp), row.pulled ? row.pulled : row.message);
		EXPECT_EQ(test, mp->b_band, 5);
		freemsg(mp);
	}
}

void msgpullup_leaves_its_argument_alone(kunit *test)
{
	for (const PullupRow &row : pullup_rows) {
		mblk_t *mp = spell(row.message);
		if (!EXPECT(test, mp != nullptr))
			return;
		mp->b_band = 5;
		mblk_t *copy = msgpullup(mp, row.length);
		EXPECT_TEXT(test, spelled(mp), row.message);
		EXPECT_EQ(test, copy != nullptr, row.pulled != nullptr);
		if (copy) {
			EXPECT_TEXT(test, spelled(copy), row.pulled);
			EXPECT_EQ(test, copy->b_band, 5);
			EXPECT(test, copy->b_datap != mp->b_datap);
		}
		freemsg(copy);
		freemsg(mp);
	}
}

void pullupmsg_aligns_what_begins_at_an_odd_address(kunit *test)
{
	for (ssize_t length : List{ ssize_t(-1), ssize_t(2) }) {
		mblk_t *mp = spell("xabc");
		if (!EXPECT(test, mp != nullptr))
			return;
		mp->b_rptr++;
		EXPECT_EQ(test, pullupmsg(mp, length), 1);
		EXPECT_EQ(test, reinterpret_cast<uintptr_t>(mp->b_rptr) & 7, 0);
		EXPECT_TEXT(test, spelled(mp), "abc");
		freemsg(mp);
	}
}

void pullupmsg_without_memory_changes_nothing(kunit *test)
{
	for (int nth = 1; nth <= 2; nth++) {
		mblk_t *mp = spell("abc|def|ghi");
		if (!EXPECT(test, mp != nullptr))
			return;
		strm_test_fail_allocation(nth);
		EXPECT_EQ(test, pullupmsg(mp, 5), 0);
		EXPECT_TEXT(test, spelled(mp), "abc|def|ghi");
		freemsg(mp);
	}
}

// adjmsg() may or may not take out the blocks that it has emptied.
Text without_empty_blocks(const mblk_t *mp)
{
	Text text;
	for (const mblk_t *bp = mp; bp; bp = bp->b_cont) {
		if (bp == mp || bp->b_wptr > bp->b_rptr) {
			mblk_t alone = *bp;
			alone.b_cont = nullptr;
			if (bp != mp)
				text.add('|');
			const Text one = spelled(&alone);
			for (size_t i = 0; i < one.length; i++)
				text.add(one.chars[i]);
		}
	}
	return text;
}

void adjmsg_trims_the_leading_blocks_of_one_type(kunit *test)
{
	constexpr struct {
		const char *message;
		ssize_t length;
		const char *trimmed; // null: refused
	} rows[] = {
		{ "abc", 0, "abc" },	     { "abc", 2, "c" },
		{ "abc", -2, "a" },	     { "abc", 3, "" },
		{ "abc", -3, "" },	     { "abc", 4, nullptr },
		{ "abc", -4, nullptr },	     { "abc|def", 2, "c|def" },
		{ "abc|def", 4, "|ef" },     { "abc|def|gh", 7, "|h" },
		{ "abc|def", 6, "" },	     { "abc|def", 7, nullptr },
		{ "abc|def", -2, "abc|d" },  { "abc|def", -4, "ab" },
		{ "abc|def|gh", -7, "a" },   { "abc|def", -6, "" },
		{ "abc|def", -7, nullptr },  { "<ab|cd", 2, "<|cd" },
		{ "<ab|cd", 3, nullptr },    { "<ab|cd", -1, "<a|cd" },
		{ "<ab|cd", -2, "<|cd" },    { "<ab|cd", -3, nullptr },
		{ "<ab|<cd|e", -3, "<a|e" }, { "ab|<cd|ef", -2, "|<cd|ef" },
	};

	for (const auto &row : rows) {
		mblk_t *mp = spell(row.message);
		if (!EXPECT(test, mp != nullptr))
			return;
		EXPECT_EQ(test, adjmsg(mp, row.length), row.trimmed ? 1 : 0);
		EXPECT_TEXT(test, without_empty_blocks(mp),
			    row.trimmed ? row.trimmed : row.message);
		freemsg(mp);
	}
}

void copyb_keeps_type_band_flags_and_alignment(kunit *test)
{
	for (size_t offset = 0; offset < 8; offset++) {
		mblk_t *mp = spell("<0123456789");
		if (!EXPECT(test, mp != nullptr))
			return;
		mp->b_rptr += offset;
		mp->b_band = 4;
		mp->b_flag = MSGMARK;
		mblk_t *copy = copyb(mp);
		if (EXPECT(test, copy != nullptr)) {
			EXPECT_EQ(test, reinterpret_cast<uintptr_t>(copy->b_rptr) & 7,
				  reinterpret_cast<uintptr_t>(mp->b_rptr) & 7);
			EXPECT_TEXT(test, spelled(copy), spelled(mp));
			EXPECT_EQ(test, copy->b_band, 4);
			EXPECT_EQ(test, copy->b_flag, MSGMARK);
			EXPECT_EQ(test, DB_REF(mp), 1);
			*copy->b_rptr = 'x';
			EXPECT_EQ(test, *mp->b_rptr, '0' + offset);
		}
		freemsg(copy);
		freemsg(mp);
	}
}

void copymsg_is_all_or_nothing(kunit *test)
{
	mblk_t *mp = spell("<ab|cd|!ef");
	if (!EXPECT(test, mp != nullptr))
		return;
	mblk_t *copy = copymsg(mp);
	EXPECT_TEXT(test, spelled(copy), "<ab|cd|!ef");
	freemsg(copy);
	for (int nth = 1; nth <= 3; nth++) {
		strm_test_fail_allocation(nth);
		EXPECT_EQ(test, copymsg(mp), nullptr);
	}
	freemsg(mp);
}

void linkb_appends_and_unlinkb_takes_the_first_off(kunit *test)
{
	mblk_t *mp = spell("ab|cd");
	mblk_t *more = spell("<ef|gh");
	if (!EXPECT(test, mp && more))
		return;
	linkb(mp, more);
	EXPECT_TEXT(test, spelled(mp), "ab|cd|<ef|gh");
	mblk_t *rest = unlinkb(mp);
	EXPECT_TEXT(test, spelled(mp), "ab");
	EXPECT_TEXT(test, spelled(rest), "cd|<ef|gh");
	EXPECT_EQ(test, unlinkb(mp), nullptr);
	freemsg(mp);
	freemsg(rest);
}

void rmvb_takes_out_first_middle_last_and_only(kunit *test)
{
	constexpr struct {
		const char *message;
		int victim;
		const char *left;
	} rows[] = {
		{ "a|b|c", 0, "b|c" },
		{ "a|b|c", 1, "a|c" },
		{ "a|b|c", 2, "a|b" },
		{ "a", 0, "" },
	};

	for (const auto &row : rows) {
		mblk_t *mp = spell(row.message);
		mblk_t *victim = mp;
		for (int i = 0; victim && i < row.victim; i++)
			victim = victim->b_cont;
		if (!EXPECT(test, victim != nullptr))
			return;
		mblk_t *left = rmvb(mp, victim);
		EXPECT_TEXT(test, spelled(left), row.left);
		EXPECT_EQ(test, victim->b_cont, nullptr);
		if (left != mp)
			EXPECT_EQ(test, victim, mp);
		freemsg(left);
		freemsg(victim);
	}
}

void rmvb_of_a_stranger_is_minus_one(kunit *test)
{
	mblk_t *mp = spell("a|b");
	mblk_t *stranger = spell("c");
	if (EXPECT(test, mp && stranger))
		EXPECT_EQ(test, rmvb(mp, stranger), reinterpret_cast<void *>(-1L));
	EXPECT_TEXT(test, spelled(mp), "a|b");
	freemsg(mp);
	freemsg(stranger);
}

void msgdsize_counts_data_blocks_and_msgsize_all(kunit *test)
{
	constexpr struct {
		const char *message;
		size_t data;
		size_t all;
	} rows[] = {
		{ "", 0, 0 },	      { "abc", 3, 3 },	 { "abc|de", 5, 5 }, { "<abc|de", 2, 5 },
		{ "ab|<cd|e", 3, 5 }, { "<a|!b", 0, 2 }, { "||a||", 1, 1 },
	};

	for (const auto &row : rows) {
		mblk_t *mp = spell(row.message);
		EXPECT_EQ(test, msgdsize(mp), row.data);
		EXPECT_EQ(test, msgsize(mp), row.all);
		freemsg(mp);
	}
}

void datamsg_knows_the_four_data_types(kunit *test)
{
	for (int type = 0; type < 256; type++)
		EXPECT_EQ(test, datamsg(type) ? 1 : 0,
			  type == 0x00 || type == 0x01 || type == 0x83 || type == 0x0c);
}

void freemsg_of_null_does_nothing(kunit *test)
{
	const int before = strm_test_live();
	freemsg(nullptr);
	EXPECT_EQ(test, strm_test_live(), before);
}

void a_long_message_is_handled_without_recursion(kunit *test)
{
	Message mp(allocb(1, BPRI_MED));
	mblk_t *tail = mp.get();
	for (int i = 1; tail && i < 20000; i++) {
		tail->b_cont = dupb(mp.get());
		if (!tail->b_cont)
			tail->b_cont = allocb(1, BPRI_MED);
		tail = tail->b_cont;
	}
	if (!EXPECT(test, tail != nullptr))
		return;
	Message copy(copymsg(mp.get()));
	Message dup(dupmsg(mp.get()));
	EXPECT(test, copy && dup);
	for (mblk_t *bp = copy.get(); bp; bp = bp->b_cont)
		*bp->b_wptr++ = 'x';
	EXPECT_EQ(test, msgdsize(copy.get()), 20000);
	EXPECT_EQ(test, pullupmsg(copy.get(), -1), 1);
	EXPECT_EQ(test, MBLKL(copy.get()), 20000);
}

// What a message of the walk should hold: runs of bytes, one a block, with its
// type.  Too simple to be wrong.
struct Bytes {
	static constexpr int most_blocks = 12;
	static constexpr int most_bytes = 400;

	struct Block {
		int type = M_DATA;
		int from = 0, to = 0;
	} blocks[most_blocks];
	int count = 0;
	unsigned char bytes[most_bytes];

	bool is(const mblk_t *mp) const
	{
		const mblk_t *bp = mp;
		for (int i = 0; i < count; i++, bp = bp->b_cont) {
			if (!bp || DB_TYPE(bp) != blocks[i].type ||
			    MBLKL(bp) != blocks[i].to - blocks[i].from ||
			    __builtin_memcmp(bp->b_rptr, bytes + blocks[i].from,
					     static_cast<size_t>(MBLKL(bp))))
				return false;
		}
		return !bp;
	}
	int run() const // bytes of the blocks that have the type of the first
	{
		int sum = 0;
		for (int i = 0; i < count && blocks[i].type == blocks[0].type; i++)
			sum += blocks[i].to - blocks[i].from;
		return sum;
	}
	void add(int type, int length, unsigned char first, int &used)
	{
		Block &block = blocks[count++];
		block = { type, used, used + length };
		for (; used < block.to; used++)
			bytes[used] = first++;
	}
	void trim_front(int length)
	{
		for (int i = 0; length; i++) {
			const int part = min(length, blocks[i].to - blocks[i].from);
			blocks[i].from += part;
			length -= part;
		}
	}
	void trim_back(int length)
	{
		int last = 0;
		while (last + 1 < count && blocks[last + 1].type == blocks[0].type)
			last++;
		for (; length; last--) {
			const int part = min(length, blocks[last].to - blocks[last].from);
			blocks[last].to -= part;
			length -= part;
		}
	}
	void drop_first()
	{
		count--;
		for (int i = 0; i < count; i++)
			blocks[i] = blocks[i + 1];
	}
	// The first `length` bytes become one block; what is left of the next stays.
	void pull(int length)
	{
		Bytes old = *this;
		int taken = 0, at = 0, used = 0;
		count = 0;
		add(old.blocks[0].type, 0, 0, used);
		while (taken < length) {
			Block &block = old.blocks[at];
			const int part = min(length - taken, block.to - block.from);
			__builtin_memcpy(bytes + used, old.bytes + block.from,
					 static_cast<size_t>(part));
			used += part;
			taken += part;
			block.from += part;
			if (block.from == block.to)
				at++;
		}
		blocks[0].to = used;
		for (; at < old.count; at++) {
			const Block &block = old.blocks[at];
			blocks[count] = { block.type, used, used + block.to - block.from };
			__builtin_memcpy(bytes + used, old.bytes + block.from,
					 static_cast<size_t>(block.to - block.from));
			used += block.to - block.from;
			count++;
		}
	}
};

// A message and its model, built alike.
mblk_t *make_both(Bytes &model, Dice &dice)
{
	Message message;
	int used = 0;
	const u32 blocks = 1 + dice.below(5);
	const bool mixed = dice.below(3) == 0;

	model.count = 0;
	for (u32 i = 0; i < blocks; i++) {
		const int type = mixed && dice.below(2) ? M_PROTO : M_DATA;
		const auto length = static_cast<int>(1 + dice.below(70));
		mblk_t *bp = allocb(static_cast<size_t>(length) + dice.below(2000), BPRI_MED);
		if (!bp)
			return nullptr;
		bp->b_datap->db_type = static_cast<unsigned char>(type);
		bp->b_rptr += dice.below(4) == 0 && MBLKSIZE(bp) > length + 8 ? 3 : 0;
		bp->b_wptr = bp->b_rptr;
		const auto first = static_cast<unsigned char>(dice.below(256));
		fill(bp, first, static_cast<size_t>(length));
		model.add(type, length, first, used);
		message.append(Message(bp));
	}
	return message.release();
}

// One step on both; false where they differ.  `held` keeps duplicates, so that
// data is shared when the next step comes.
bool step(mblk_t *&mp, Bytes &model, mblk_t *&held, Dice &dice)
{
	const auto length = static_cast<int>(dice.below(90));
	const bool possible = length <= model.run();

	switch (dice.below(8)) {
	case 0:
		if (adjmsg(mp, length) != possible)
			return false;
		if (possible)
			model.trim_front(length);
		break;
	case 1:
		if (adjmsg(mp, -length) != possible)
			return false;
		if (possible)
			model.trim_back(length);
		break;
	case 2:
		if (length <= model.blocks[0].to - model.blocks[0].from)
			break;
		if (pullupmsg(mp, length) != possible)
			return false;
		if (possible)
			model.pull(length);
		break;
	case 3: {
		mblk_t *other = copymsg(mp);
		freemsg(mp);
		mp = other;
		break;
	}
	case 4: {
		mblk_t *other = dupmsg(mp);
		freemsg(held);
		held = mp;
		mp = other;
		break;
	}
	case 5:
		freemsg(held);
		held = nullptr;
		break;
	case 6:
		if (model.count > 1) {
			mblk_t *rest = unlinkb(mp);
			freemsg(mp);
			mp = rest;
			model.drop_first();
		}
		break;
	case 7: {
		if (length <= model.blocks[0].to - model.blocks[0].from || !possible)
			break;
		mblk_t *other = msgpullup(mp, length);
		freemsg(mp);
		mp = other;
		model.pull(length);
		break;
	}
	}
	return mp && model.is(mp) && msgsize(mp) == [&] {
		size_t sum = 0;
		for (int i = 0; i < model.count; i++)
			sum += static_cast<size_t>(model.blocks[i].to - model.blocks[i].from);
		return sum;
	}();
}

void random_steps_agree_with_a_string_of_bytes(kunit *test)
{
	auto *model = static_cast<Bytes *>(lin_kzalloc(sizeof(Bytes), LIN_GFP_KERNEL));
	if (!EXPECT(test, model != nullptr))
		return;
	for (u32 seed = 1; seed <= 300; seed++) {
		Dice dice(seed);
		mblk_t *held = nullptr;
		mblk_t *mp = make_both(*model, dice);
		bool same = mp && model->is(mp);
		for (int i = 0; same && i < 25; i++)
			same = step(mp, *model, held, dice);
		freemsg(mp);
		freemsg(held);
		if (!EXPECT_EQ(test, same ? 0u : seed, 0u))
			break;
	}
	lin_kfree(model);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_message_cases[] = {
	CASE(allocb_of_every_size_is_empty_data_of_that_room),
	CASE(two_messages_do_not_share_a_byte),
	CASE(allocb_without_memory_answers_null),
	CASE(dupb_shares_the_data_and_counts),
	CASE(dupb_at_255_references_copies),
	CASE(dupmsg_is_all_or_nothing),
	CASE(original_and_duplicates_are_freed_in_every_order),
	CASE(pullup_of_a_shared_message_leaves_the_duplicate_whole),
	CASE(pullupmsg_joins_the_leading_blocks_of_one_type),
	CASE(msgpullup_leaves_its_argument_alone),
	CASE(pullupmsg_aligns_what_begins_at_an_odd_address),
	CASE(pullupmsg_without_memory_changes_nothing),
	CASE(adjmsg_trims_the_leading_blocks_of_one_type),
	CASE(copyb_keeps_type_band_flags_and_alignment),
	CASE(copymsg_is_all_or_nothing),
	CASE(linkb_appends_and_unlinkb_takes_the_first_off),
	CASE(rmvb_takes_out_first_middle_last_and_only),
	CASE(rmvb_of_a_stranger_is_minus_one),
	CASE(msgdsize_counts_data_blocks_and_msgsize_all),
	CASE(datamsg_knows_the_four_data_types),
	CASE(freemsg_of_null_does_nothing),
	CASE(a_long_message_is_handled_without_recursion),
	CASE(random_steps_agree_with_a_string_of_bytes),
	{ nullptr, nullptr },
};
