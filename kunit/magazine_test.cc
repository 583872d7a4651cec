// SPDX-License-Identifier: GPL-2.0-only
//
// The magazine: what lies ready is as good as new, whoever comes in between.
// Cases about its filling mean little with KASAN, where there is none.
#include <kunit/test.hh>

namespace strm::testing {

namespace {

constexpr int plenty = 200; // more than a magazine holds

void fill_to_the_brim(mblk_t *bp)
{
	while (bp->b_wptr < DB_LIM(bp))
		*bp->b_wptr++ = 0xa5;
}

// As allocb() promises, and nothing of what somebody did to it before.
bool as_new(const mblk_t *mp)
{
	return mp->b_next == nullptr && mp->b_prev == nullptr && mp->b_cont == nullptr &&
	       mp->b_rptr == DB_BASE(mp) && mp->b_wptr == DB_BASE(mp) && mp->b_band == 0 &&
	       mp->b_flag == 0 && mp->b_pending == 0 && DB_TYPE(mp) == M_DATA && DB_REF(mp) == 1 &&
	       mp->b_datap->db_floor == 0 && mp->b_datap->db_uses == 2 &&
	       mp->b_datap->db_free == nullptr && mp->b_datap == mp->b_own &&
	       DB_BASE(mp) == reinterpret_cast<const unsigned char *>(mp) + 104 &&
	       MBLKSIZE(mp) == 88;
}

// What a module may do to a message before it frees it.
void change_band(mblk_t *mp)
{
	mp->b_band = 200;
}
void change_flag(mblk_t *mp)
{
	mp->b_flag = MSGMARK | MSGDELIM;
}
void change_type(mblk_t *mp)
{
	mp->b_datap->db_type = M_PCPROTO;
}
void change_pointers(mblk_t *mp)
{
	fill_to_the_brim(mp);
	mp->b_rptr = mp->b_wptr;
}
void leave_links(mblk_t *mp)
{
	mp->b_next = mp;
	mp->b_prev = mp;
}
void share_and_unshare(mblk_t *mp)
{
	freemsg(dupb(mp));
}
void link_another(mblk_t *mp)
{
	mp->b_cont = allocb(8, BPRI_MED);
}
void pull_up(mblk_t *mp)
{
	mp->b_cont = spell("abc|def");
	(void)pullupmsg(mp, -1);
}
void keep_the_data(mblk_t *mp)
{
	mblk_t *dup = dupb(mp);
	mblk_t *other = spell("xyz");
	if (other)
		other->b_cont = dup; // freed after mp, and not by freeb() of its own
	freemsg(other);
}

void a_used_object_comes_back_as_new(kunit *test)
{
	for (auto change :
	     List{ change_band, change_flag, change_type, change_pointers, leave_links,
		   share_and_unshare, link_another, pull_up, keep_the_data }) {
		mblk_t *mp = allocb(64, BPRI_MED);
		if (!EXPECT(test, mp != nullptr))
			return;
		change(mp);
		freemsg(mp);
		for (int i = 0; i < 3; i++) {
			mblk_t *again = allocb(64, BPRI_MED);
			if (EXPECT(test, again != nullptr))
				EXPECT(test, as_new(again));
			freemsg(again);
		}
	}
}

// Freed first, then the duplicate that holds its data.
void an_object_whose_data_lives_on_is_not_given_out(kunit *test)
{
	mblk_t *mp = allocb(64, BPRI_MED);
	mblk_t *dup = mp ? dupb(mp) : nullptr;
	if (!EXPECT(test, mp && dup))
		return;
	freeb(mp);
	mblk_t *next = allocb(64, BPRI_MED);
	EXPECT(test, next && next != mp);
	fill_to_the_brim(dup);
	if (next)
		EXPECT(test, as_new(next));
	freemsg(dup);
	freemsg(next);
	next = allocb(64, BPRI_MED);
	if (EXPECT(test, next != nullptr))
		EXPECT(test, as_new(next));
	freemsg(next);
}

void freed_last_is_allocated_first(kunit *test)
{
	mblk_t *mp = allocb(64, BPRI_MED);
	freemsg(mp);
	mblk_t *again = allocb(1, BPRI_MED);
	if (strm_test_magazine_size())
		EXPECT_EQ(test, again, mp);
	freemsg(again);
}

struct Heap {
	mblk_t *blocks[plenty] = {};

	bool allocate(int from = 0, int to = plenty)
	{
		for (int i = from; i < to; i++) {
			blocks[i] = allocb(64, BPRI_MED);
			if (!blocks[i] || !as_new(blocks[i]))
				return false;
			fill_to_the_brim(blocks[i]);
		}
		return true;
	}
	void free(int from = 0, int to = plenty)
	{
		for (int i = from; i < to; i++) {
			freemsg(blocks[i]);
			blocks[i] = nullptr;
		}
	}
};

Heap *make_heap()
{
	return static_cast<Heap *>(lin_kzalloc(sizeof(Heap), LIN_GFP_KERNEL));
}

void no_object_is_given_out_twice(kunit *test)
{
	Heap *heap = make_heap();
	if (!EXPECT(test, heap != nullptr))
		return;
	for (int round = 0; round < 3; round++) {
		EXPECT(test, heap->allocate());
		for (int i = 0; i < plenty; i++) {
			for (int j = 0; j < i; j++) {
				if (heap->blocks[i] == heap->blocks[j])
					EXPECT_EQ(test, i, j);
			}
		}
		heap->free();
	}
	lin_kfree(heap);
}

void a_magazine_has_a_size(kunit *test)
{
	Heap *heap = make_heap();
	if (!EXPECT(test, heap != nullptr))
		return;
	EXPECT(test, heap->allocate());
	for (int i = 0; i < plenty; i++) {
		heap->free(i, i + 1);
		EXPECT(test, strm_test_magazine() <= strm_test_magazine_size());
	}
	// full once, so at least half of it is left
	EXPECT(test, strm_test_magazine() >= strm_test_magazine_size() / 2);
	lin_kfree(heap);
}

void without_a_refill_each_comes_from_the_slab(kunit *test)
{
	Heap *heap = make_heap();
	if (!EXPECT(test, heap != nullptr))
		return;
	strm_test_magazine_no_refill(1);
	EXPECT(test, heap->allocate());
	EXPECT_EQ(test, strm_test_magazine(), 0);
	heap->free();
	strm_test_magazine_no_refill(0);
	EXPECT(test, heap->allocate());
	heap->free();
	lin_kfree(heap);
}

// An interrupt finds somebody at the stack.
void who_comes_in_between_leaves_it_alone(kunit *test)
{
	Heap *heap = make_heap();
	if (!EXPECT(test, heap != nullptr))
		return;
	EXPECT(test, heap->allocate(0, plenty / 2));
	heap->free(0, 10);
	mblk_t *spare = allocb(64, BPRI_MED);
	const int before = strm_test_magazine();
	strm_test_magazine_busy(1);
	EXPECT(test, heap->allocate(plenty / 2, plenty));
	EXPECT_EQ(test, strm_test_magazine(), before);
	heap->free(plenty / 2, plenty);
	EXPECT(test, strm_test_magazine() <= before + 1); // the spare one
	strm_test_magazine_busy(0);
	freemsg(spare);
	heap->free();
	lin_kfree(heap);
}

struct InInterrupt {
	Heap *heap;
	bool good = false;
};

void hard_interrupts_allocate_and_free(kunit *test)
{
	Heap *heap = make_heap();
	if (!EXPECT(test, heap != nullptr))
		return;
	InInterrupt it{ heap };
	for (int round = 0; round < 3; round++) {
		strm_test_in_interrupt(
			[](void *arg) {
				auto &in = *static_cast<InInterrupt *>(arg);
				in.good = in.heap->allocate(0, plenty / 2);
				in.heap->free(0, plenty / 4);
			},
			&it);
		EXPECT(test, it.good);
		EXPECT(test, heap->allocate(plenty / 2, plenty));
		heap->free();
	}
	lin_kfree(heap);
}

// One thread allocates what another frees.
void what_another_cpu_frees_is_its_own(kunit *test)
{
	Heap *heap = make_heap();
	if (!EXPECT(test, heap != nullptr))
		return;
	for (int round = 0; round < 3; round++) {
		EXPECT(test, heap->allocate());
		strm_test_thread *thread = strm_test_start(
			[](void *arg) { static_cast<Heap *>(arg)->free(); }, heap, 1);
		if (!EXPECT(test, thread != nullptr)) {
			heap->free();
			break;
		}
		strm_test_join(thread);
	}
	lin_kfree(heap);
}

// Counted are blocks, each once, wherever it came from and went to.
void every_block_is_counted(kunit *test)
{
	strm_message_sums before, now;
	Message all;

	strm_message_counts(&before);
	for (size_t size : List{ size_t(0), size_t(88), size_t(89), size_t(2000), size_t(70000) })
		all.append(Message(allocb(size, BPRI_MED)));
	Message shared(dupmsg(all.get()));
	Message pulled(msgpullup(all.get(), -1));
	strm_message_counts(&now);
	EXPECT_EQ(test, now.allocated - before.allocated, 11);
	EXPECT_EQ(test, now.freed - before.freed, 0);

	all = Message();
	shared = Message();
	pulled = Message();
	strm_message_counts(&now);
	EXPECT_EQ(test, now.allocated - before.allocated, now.freed - before.freed);
	EXPECT_EQ(test, now.failed, before.failed);

	strm_test_fail_allocation(1);
	EXPECT_EQ(test, allocb(64, BPRI_MED), nullptr);
	strm_message_counts(&now);
	EXPECT_EQ(test, now.failed, before.failed + 1);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_magazine_cases[] = {
	CASE(a_used_object_comes_back_as_new),
	CASE(an_object_whose_data_lives_on_is_not_given_out),
	CASE(freed_last_is_allocated_first),
	CASE(no_object_is_given_out_twice),
	CASE(a_magazine_has_a_size),
	CASE(without_a_refill_each_comes_from_the_slab),
	CASE(who_comes_in_between_leaves_it_alone),
	CASE(hard_interrupts_allocate_and_free),
	CASE(what_another_cpu_frees_is_its_own),
	CASE(every_block_is_counted),
	{ nullptr, nullptr },
};
