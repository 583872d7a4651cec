// SPDX-License-Identifier: GPL-2.0-only
//
// Small messages, from the C library instead of the magazines of linux/magazine.c:
// so that a sanitizer sees one that is used after it was freed.
#include <strm/linux.h>
#include <strm/object.h>

namespace {

long blocks; // that are not freed; by atomics

} // namespace

extern "C" {

mblk_t *strm_allocb_slow(size_t size);
void strm_freeb_slow(mblk_t *mp);

int strm_magazine_init()
{
	return 0;
}

void strm_magazine_exit()
{
	if (blocks)
		lin_warn("messages are left");
}

mblk_t *strm_object_alloc(lin_gfp gfp)
{
	auto *object = static_cast<strm_object *>(lin_kmalloc(sizeof(strm_object), gfp));

	strm_construct(object);
	object->block.b_rptr = object->buffer;
	object->block.b_wptr = object->buffer;
	strm_count_block(1);
	return &object->block;
}

mblk_t *strm_allocb(size_t size, uint_t)
{
	return strm_allocb_slow(size);
}

void strm_freemsg(mblk_t *mp)
{
	while (mp) {
		mblk_t *next = mp->b_cont;
		mp->b_cont = nullptr;
		strm_freeb_slow(mp);
		mp = next;
	}
}

void strm_object_free(mblk_t *mp)
{
	strm_count_block(-1);
	lin_kfree(mp);
}

void strm_count_block(int change)
{
	__atomic_fetch_add(&blocks, change, __ATOMIC_RELAXED);
}

void strm_count_failure() {}

void strm_count_external(int) {}

} // extern "C"
