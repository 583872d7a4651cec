// SPDX-License-Identifier: GPL-2.0-only
//
// Blocks of per-CPU counters.  See counters.hh.
#include <perimeter/counters.hh>
#include <strm/lock.hh>

namespace strm {

struct CounterBlock {
	CounterBlock *next; // of those with a free counter
	CounterBlock **link;
	u32 *base; // per-CPU
	u64 free;  // one bit for each
};

namespace {

constexpr unsigned counters_in_block = 64;
constexpr u64 all_free = ~u64(0);

constinit LockClass counters_lock_class{ "streams_counters", {} };
constinit Late<SpinLock> counters_lock; // blocks, and all that is in them
constinit CounterBlock *blocks;		// that have a free counter

void list(CounterBlock &block)
{
	block.next = blocks;
	block.link = &blocks;
	if (blocks)
		blocks->link = &block.next;
	blocks = &block;
}

void unlist(CounterBlock &block)
{
	*block.link = block.next;
	if (block.next)
		block.next->link = block.link;
}

CounterBlock *make_block()
{
	auto *block = static_cast<CounterBlock *>(lin_kmalloc(sizeof(CounterBlock), LIN_GFP_USER));
	if (!block)
		return nullptr;
	block->free = all_free;
	block->base = static_cast<u32 *>(lin_alloc_percpu(counters_in_block * sizeof(u32), 64));
	if (block->base)
		return block;
	lin_kfree(block);
	return nullptr;
}

void free_block(CounterBlock *block)
{
	lin_free_percpu(block->base);
	lin_kfree(block);
}

// With counters_lock.
Counter take_from(CounterBlock &block)
{
	const int number = __builtin_ctzll(block.free);

	block.free &= block.free - 1;
	if (!block.free)
		unlist(block);
	return { block.base + number, &block };
}

} // namespace

Counter take_counter()
{
	{
		SpinGuard guard(*counters_lock);
		if (blocks)
			return take_from(*blocks);
	}
	CounterBlock *block = make_block();
	if (!block)
		return {};
	SpinGuard guard(*counters_lock);
	list(*block);
	return take_from(*block);
}

void give_counter(Counter counter)
{
	CounterBlock *block = counter.block;
	{
		SpinGuard guard(*counters_lock);
		if (!block->free)
			list(*block);
		block->free |= u64(1) << (counter.claims - block->base);
		if (block->free != all_free)
			return;
		unlist(*block);
	}
	free_block(block);
}

int counters_init()
{
	counters_lock.make(counters_lock_class);
	return 0;
}

} // namespace strm
