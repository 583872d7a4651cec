// SPDX-License-Identifier: GPL-2.0-only
#include "pool.hh"
#include <sys/kmem.h>

namespace e1000g {

void Pool::free_buffer(Buffer *buffer)
{
	kmem_free(buffer->data, buffer_size);
	kmem_free(buffer, sizeof(Buffer));
}

void Pool::free_pool(Pool *pool)
{
	pool->~Pool();
	kmem_free(pool, sizeof(Pool));
}

// 2048 bytes from the slab are aligned to 2048: no buffer shares a cache line with
// anything else.
Buffer *Pool::make(int flag)
{
	auto *buffer = static_cast<Buffer *>(kmem_zalloc(sizeof(Buffer), flag));
	if (!buffer)
		return nullptr;
	buffer->data = static_cast<u8 *>(kmem_alloc(buffer_size, flag));
	int sync = 0;
	if (!buffer->data ||
	    e1000g_hw_map_rx(hw_, buffer->data, buffer_size, &buffer->dma, &sync) != 0) {
		free_buffer(buffer);
		return nullptr;
	}
	buffer->sync = sync != 0;
	buffer->pool = this;
	buffer->routine = { came_back, reinterpret_cast<caddr_t>(buffer) };
	buffer->created = created_;
	created_ = buffer;
	made_++;
	return buffer;
}

Pool *Pool::create(e1000g_hw *hw, u32 buffers, u32 limit)
{
	void *memory = kmem_zalloc(sizeof(Pool), KM_SLEEP);
	if (!memory)
		return nullptr;
	auto *pool = new (memory) Pool(hw, limit);
	while (pool->made_ < buffers) {
		Buffer *buffer = pool->make(KM_SLEEP);
		if (!buffer) {
			pool->close();
			return nullptr;
		}
		pool->put(buffer);
	}
	return pool;
}

Buffer *Pool::get()
{
	if (!home_ && returned_.relaxed()) {
		home_ = returned_.exchange(nullptr);
		for (Buffer *it = home_; it; it = it->next)
			for_device(*it);
	}
	Buffer *buffer = home_;
	if (!buffer)
		return made_ < limit_ ? make(KM_NOSLEEP) : nullptr;
	home_ = buffer->next;
	return buffer;
}

mblk_t *Pool::send_up(Buffer *buffer, u32 length)
{
	mblk_t *mp = desballoc(buffer->data, buffer_size, BPRI_MED, &buffer->routine);
	if (mp)
		mp->b_wptr += length;
	return mp;
}

void Pool::came_back(caddr_t arg)
{
	auto *buffer = reinterpret_cast<Buffer *>(arg);
	Pool *pool = buffer->pool;

	Buffer *head = pool->returned_.relaxed();
	while (head != closed()) {
		buffer->next = head;
		if (pool->returned_.compare_exchange(head, buffer))
			return;
	}
	free_buffer(buffer);
	if (pool->away_.fetch_sub(1) == 1)
		free_pool(pool);
}

void Pool::close()
{
	for (Buffer *it = created_; it; it = it->created)
		e1000g_hw_unmap_rx(hw_, it->dma, buffer_size);

	int away = static_cast<int>(made_);
	Buffer *const home[] = { home_, returned_.exchange(closed()) };
	for (Buffer *list : home) {
		while (list) {
			Buffer *next = list->next;
			free_buffer(list);
			list = next;
			away--;
		}
	}
	if (away_.fetch_add(away) + away == 0)
		free_pool(this);
}

} // namespace e1000g
