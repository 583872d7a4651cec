// SPDX-License-Identifier: GPL-2.0-only
//
// Memory of messages.
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
// at once, is recognised without touching the count.
#include <streams_core/message/message.hh>

namespace strm {

namespace {

struct Object {
	mblk_t block;
	dblk_t data;
};

// How the memory of a message block was got: b_size_class.
enum SizeClass : u32 {
	Lone,	// a message block alone, from dupb()
	Small,	// an Object from the cache, buffer within
	Medium, // an Object from kmalloc(), buffer within
};

constexpr size_t small_object = 192;
constexpr size_t small_buffer = small_object - sizeof(Object);
constexpr size_t medium_object = 2048;
constexpr size_t medium_buffer = medium_object - sizeof(Object);
constexpr unsigned max_references = 255;

static_assert(sizeof(mblk_t) == 64);
static_assert(sizeof(Object) == 104 && alignof(Object) == 8);

// Written at module load and unload only.
constinit void *small_cache;
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
	if (object->block.b_size_class == Small)
		lin_kmem_cache_free(small_cache, object);
	else
		lin_kfree(object);
}

// One of the two users of the object's memory is gone.
void drop_use(Object *object)
{
	if (__atomic_sub_fetch(&object->data.db_uses, 1, __ATOMIC_ACQ_REL) == 0)
		free_object(object);
}

void release_buffer(dblk_t *data)
{
	if (data->db_free)
		data->db_free(data->db_arg);
}

// The message block no longer points to its data block.
void drop_reference(dblk_t *data)
{
	if (__atomic_sub_fetch(&data->db_ref, 1, __ATOMIC_ACQ_REL) == 0) {
		release_buffer(data);
		drop_use(object_of(data));
	}
}

void free_buffer(void *buffer)
{
	lin_kfree(buffer);
}

Object *allocate_object(size_t size, lin_gfp gfp)
{
	Object *object;

	if (size <= small_buffer || size > medium_buffer) {
		object = static_cast<Object *>(lin_kmem_cache_alloc(small_cache, gfp));
		if (object)
			object->block.b_size_class = Small;
	} else {
		object = static_cast<Object *>(lin_kmalloc(sizeof(Object) + size, gfp));
		if (object)
			object->block.b_size_class = Medium;
	}
	return object;
}

void initialise(Object *object, unsigned char *base, size_t size)
{
	mblk_t &block = object->block;
	dblk_t &data = object->data;

	data.db_base = base;
	data.db_lim = base + size;
	data.db_ref = 1;
	data.db_type = M_DATA;
	data.db_uses = 2;
	data.db_free = nullptr;
	data.db_arg = nullptr;

	block.b_next = nullptr;
	block.b_prev = nullptr;
	block.b_cont = nullptr;
	block.b_rptr = base;
	block.b_wptr = base;
	block.b_datap = &data;
	block.b_band = 0;
	block.b_flag = 0;
	block.b_private = nullptr;
}

} // namespace

mblk_t *allocate_block(size_t size, lin_gfp gfp)
{
	unsigned char *large = nullptr;

	if (size > medium_buffer) {
		large = static_cast<unsigned char *>(lin_kmalloc(size, gfp));
		if (!large)
			return nullptr;
	}

	Object *object = allocate_object(size, gfp);
	if (!object) {
		lin_kfree(large);
		return nullptr;
	}
	if (large) {
		initialise(object, large, size);
		object->data.db_free = free_buffer;
		object->data.db_arg = large;
	} else {
		initialise(object, reinterpret_cast<unsigned char *>(object + 1),
			   size <= small_buffer ? small_buffer : size);
	}
	if (strm_trace_message_on) [[unlikely]]
		lin_trace_allocb(&object->block, size, __builtin_return_address(0));
	return &object->block;
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
	small_cache = lin_kmem_cache_create_usercopy("streams_message", small_object, 64,
						     sizeof(Object), small_buffer);
	lone_cache = lin_kmem_cache_create("streams_mblk", sizeof(mblk_t), 64);
	if (small_cache && lone_cache)
		return 0;
	message_exit();
	return -12;
}

void message_exit()
{
	lin_kmem_cache_destroy(lone_cache);
	lin_kmem_cache_destroy(small_cache);
	lone_cache = nullptr;
	small_cache = nullptr;
}

} // namespace strm

using namespace strm;

extern "C" mblk_t *allocb(size_t size, uint_t)
{
	return allocate_block(size, LIN_GFP_ATOMIC);
}

extern "C" void freeb(mblk_t *bp)
{
	dblk_t *data = bp->b_datap;

	if (strm_trace_message_on) [[unlikely]]
		lin_trace_freeb(bp, __builtin_return_address(0));

	if (bp->b_size_class == Lone) {
		drop_reference(data);
		lin_kmem_cache_free(lone_cache, bp);
		return;
	}
	// The acquiring load pairs with drop_reference() of whoever had the others.
	if (bp == &object_of(data)->block && load_acquire(data->db_ref) == 1) {
		release_buffer(data);
		free_object(object_of(data));
		return;
	}
	drop_reference(data);
	drop_use(object_of(bp));
}

extern "C" void freemsg(mblk_t *mp)
{
	while (mp) {
		mblk_t *next = mp->b_cont;
		freeb(mp);
		mp = next;
	}
}

extern "C" mblk_t *dupb(mblk_t *bp)
{
	dblk_t *data = bp->b_datap;
	unsigned char references = load_relaxed(data->db_ref);

	auto *dup = static_cast<mblk_t *>(lin_kmem_cache_alloc(lone_cache, LIN_GFP_ATOMIC));
	if (!dup)
		return nullptr;
	do {
		if (references == max_references) {
			lin_kmem_cache_free(lone_cache, dup);
			return copyb(bp);
		}
	} while (!__atomic_compare_exchange_n(&data->db_ref, &references,
					      static_cast<unsigned char>(references + 1), false,
					      __ATOMIC_RELAXED, __ATOMIC_RELAXED));

	*dup = *bp;
	dup->b_next = nullptr;
	dup->b_prev = nullptr;
	dup->b_cont = nullptr;
	dup->b_size_class = Lone;
	dup->b_private = nullptr;
	if (strm_trace_message_on) [[unlikely]]
		lin_trace_allocb(dup, 0, __builtin_return_address(0));
	return dup;
}

// Here because it makes a message block change its data block.
extern "C" int pullupmsg(mblk_t *mp, ssize_t len)
{
	const bool aligned = reinterpret_cast<uintptr_t>(mp->b_rptr) % sizeof(long) == 0;

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
	if (copy->b_size_class == Lone)
		lin_kmem_cache_free(lone_cache, copy);
	else
		drop_use(object_of(copy));
	drop_reference(old_data);
	freemsg(old_rest);
	return 1;
}
