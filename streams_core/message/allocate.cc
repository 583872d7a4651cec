// SPDX-License-Identifier: GPL-2.0-only
//
// Memory of messages, where it does not come from or go to a magazine.
//
// allocb() makes one object for everything: the message block, the data block
// and, up to a size, the buffer.
//
//	[ msgb | datab | buffer ... ]
//
// What makes this hard is that the two blocks can part: dupb() gives the data
// block a second message block, and the first may be freed before it; and
// pullupmsg() gives a message block another data block.  So the object counts
// who uses its memory (db_uses): one for its message block while that is alive,
// one for its data block while that has references.  The usual case, both end
// at once, is recognised without touching the count, and for a small object in
// linux/magazine.c without coming here.
//
// A data block is at its end when its references are down to db_floor, which is
// 0, and 1 where all must see that it is not theirs to write to (esballoca).
// Then db_free, if there is one, gives the buffer back; it answers 0 where it
// will do so later, and then calls data_block_done() itself.
#include <streams_core/message/message.hh>
#include <strm/rules.h>

namespace strm {

namespace {

using Object = strm_object;

constexpr size_t medium_object = 2048;
constexpr size_t medium_header = sizeof(mblk_t) + sizeof(dblk_t);
constexpr size_t medium_buffer = medium_object - medium_header;
constexpr unsigned max_references = 255;

static_assert(sizeof(mblk_t) == 64);
static_assert(medium_header == 104 && alignof(Object) == 8);
static_assert(__builtin_offsetof(Object, buffer) == medium_header);

// Written at module load and unload only.
constinit void *lone_cache;

Object *object_of(dblk_t *data)
{
	return STRM_CONTAINER(data, Object, data);
}

Object *object_of(mblk_t *block)
{
	return STRM_CONTAINER(block, Object, block);
}

void free_object(Object *object)
{
	if (object->block.b_size_class == STRM_SMALL) {
		strm_construct(object);
		strm_object_free(&object->block);
	} else {
		strm_count_block(-1);
		if (strm_rules_on) [[unlikely]]
			strm_rules_keep(&object->block);
		else
			lin_kfree(object);
	}
}

void free_lone(mblk_t *bp)
{
	strm_count_block(-1);
	if (strm_rules_on) [[unlikely]]
		strm_rules_keep(bp);
	else
		lin_kmem_cache_free(lone_cache, bp);
}

// One of the two users of the object's memory is gone.
void drop_use(Object *object)
{
	if (__atomic_sub_fetch(&object->data.db_uses, 1, __ATOMIC_ACQ_REL) == 0)
		free_object(object);
}

// The last reference is gone.  False where the data block lives on for a while.
bool give_back_buffer(dblk_t *data)
{
	return !data->db_free || data->db_free(data);
}

// The message block no longer points to its data block.
void drop_reference(dblk_t *data)
{
	if (__atomic_sub_fetch(&data->db_ref, 1, __ATOMIC_ACQ_REL) == data->db_floor &&
	    give_back_buffer(data))
		data_block_done(data);
}

int free_large_buffer(dblk_t *data)
{
	lin_kfree(data->db_base);
	return 1;
}

Object *allocate_medium(size_t size, lin_gfp gfp)
{
	auto *object = static_cast<Object *>(lin_kmalloc(medium_header + size, gfp));
	if (!object)
		return nullptr;
	strm_construct(object);
	object->data.db_lim = object->data.db_base + size;
	object->block.b_rptr = object->data.db_base;
	object->block.b_wptr = object->data.db_base;
	object->block.b_size_class = STRM_MEDIUM;
	object->block.b_own = nullptr;
	strm_count_block(1);
	return object;
}

mblk_t *allocate_large(size_t size, lin_gfp gfp)
{
	if (size > LIN_KMALLOC_MAX_SIZE)
		return nullptr;
	void *buffer = lin_kmalloc(size, gfp);
	if (!buffer)
		return nullptr;
	mblk_t *mp = allocate_around(static_cast<unsigned char *>(buffer), size, gfp);
	if (!mp) {
		lin_kfree(buffer);
		return nullptr;
	}
	mp->b_datap->db_free = free_large_buffer;
	return mp;
}

mblk_t *allocate_any(size_t size, lin_gfp gfp)
{
	if (size <= STRM_SMALL_BUFFER)
		return strm_object_alloc(gfp);
	if (size > medium_buffer)
		return allocate_large(size, gfp);
	Object *object = allocate_medium(size, gfp);
	return object ? &object->block : nullptr;
}

} // namespace

mblk_t *allocate_block(size_t size, lin_gfp gfp)
{
	mblk_t *mp = allocate_any(size, gfp);
	if (!mp)
		strm_count_failure();
	else if (strm_trace_message_on) [[unlikely]]
		lin_trace_allocb(mp, size, __builtin_return_address(0));
	return mp;
}

mblk_t *allocate_around(unsigned char *base, size_t size, lin_gfp gfp)
{
	mblk_t *mp = strm_object_alloc(gfp);
	if (!mp)
		return nullptr;
	mp->b_datap->db_base = base;
	mp->b_datap->db_lim = base + size;
	mp->b_rptr = base;
	mp->b_wptr = base;
	mp->b_own = nullptr;
	return mp;
}

void *spare_room(dblk_t *data)
{
	return object_of(data)->buffer;
}

void data_block_done(dblk_t *data)
{
	drop_use(object_of(data));
}

mblk_t *allocate_typed(size_t size, int type, lin_gfp gfp)
{
	mblk_t *mp = allocate_block(size, gfp);
	if (mp)
		mp->b_datap->db_type = static_cast<unsigned char>(type);
	return mp;
}

int message_init()
{
	lone_cache = lin_kmem_cache_create("streams_mblk", sizeof(mblk_t), 64);
	if (!lone_cache)
		return -12;
	int error = strm_magazine_init();
	if (error)
		lin_kmem_cache_destroy(lone_cache);
	return error;
}

void message_exit()
{
	strm_magazine_exit();
	lin_kmem_cache_destroy(lone_cache);
	lone_cache = nullptr;
}

} // namespace strm

using namespace strm;

extern "C" mblk_t *strm_allocb_slow(size_t size)
{
	return allocate_block(size, LIN_GFP_ATOMIC);
}

extern "C" void strm_freeb_slow(mblk_t *bp)
{
	dblk_t *data = bp->b_datap;

	if (bp->b_size_class == STRM_LONE) {
		drop_reference(data);
		free_lone(bp);
		return;
	}
	// The acquiring load pairs with drop_reference() of whoever had the others.
	if (bp == &object_of(data)->block && load_acquire(data->db_ref) == data->db_floor + 1) {
		if (give_back_buffer(data))
			free_object(object_of(data));
		else
			drop_use(object_of(bp));
		return;
	}
	drop_reference(data);
	drop_use(object_of(bp));
}

extern "C" mblk_t *dupb(mblk_t *bp)
{
	dblk_t *data = bp->b_datap;
	unsigned char references = load_relaxed(data->db_ref);

	auto *dup = static_cast<mblk_t *>(lin_kmem_cache_alloc(lone_cache, LIN_GFP_ATOMIC));
	if (!dup) {
		strm_count_failure();
		return nullptr;
	}
	strm_count_block(1);
	dup->b_size_class = STRM_LONE; // whoever frees it looks at that
	do {
		if (references == max_references) {
			free_lone(dup);
			return copyb(bp);
		}
	} while (!__atomic_compare_exchange_n(&data->db_ref, &references,
					      static_cast<unsigned char>(references + 1), false,
					      __ATOMIC_RELAXED, __ATOMIC_RELAXED));

	*dup = *bp;
	dup->b_next = nullptr;
	dup->b_prev = nullptr;
	dup->b_cont = nullptr;
	dup->b_size_class = STRM_LONE; // what it had was of `bp`
	dup->b_own = nullptr;
	if (strm_trace_message_on) [[unlikely]]
		lin_trace_allocb(dup, 0, __builtin_return_address(0));
	return dup;
}

// Here because it makes a message block change its data block.
extern "C" int pullupmsg(mblk_t *mp, ssize_t len)
{
	const bool aligned = reinterpret_cast<uintptr_t>(mp->b_rptr) % sizeof(long) == 0;

	if (len < -1)
		return 0;
	if (len == -1 && !mp->b_cont && aligned)
		return 1;
	if (len != -1 && MBLKL(mp) >= len) {
		if (aligned)
			return 1;
		len = MBLKL(mp); // what was contiguous stays so
	}

	Message joined(msgpullup(mp, len));
	if (!joined)
		return 0;

	// `mp` takes the data block of the copy; the copy's own message block
	// goes, and with it what `mp` had.
	mblk_t *copy = joined.get();
	dblk_t *old_data = mp->b_datap;
	mblk_t *old_rest = mp->b_cont;

	mp->b_datap = copy->b_datap;
	mp->b_rptr = copy->b_rptr;
	mp->b_wptr = copy->b_wptr;
	mp->b_cont = copy->b_cont;
	(void)joined.release();
	if (strm_trace_message_on) [[unlikely]]
		lin_trace_freeb(copy, __builtin_return_address(0));
	drop_use(object_of(copy)); // it is no duplicate
	drop_reference(old_data);
	freemsg(old_rest);
	return 1;
}
