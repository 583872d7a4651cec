// SPDX-License-Identifier: GPL-2.0-only
//
// Messages, as the core handles them.
#pragma once

#include <strm/atomic.hh>
#include <strm/linux.h>
#include <strm/message.hh>
#include <strm/object.h>
#include <sys/stream.h>

namespace strm {

// What is larger can never be had, with what the framework adds to it.
constexpr size_t largest_message = LIN_KMALLOC_MAX_SIZE - 64;

// allocb() with a say in how hard to try.
mblk_t *allocate_block(size_t size, lin_gfp gfp);

// A message of one block and a given type, or a null pointer.
mblk_t *allocate_typed(size_t size, int type, lin_gfp gfp);

// The same, with a reference of the credentials that goes with the data block.
mblk_t *allocate_with_cred(size_t size, lin_gfp gfp, const cred_t *cred, pid_t pid);

// With the type of `original`'s first block, and its credentials where it has
// any.
mblk_t *allocate_like(size_t size, const mblk_t *original);

// A message block for a buffer that is somewhere else; db_free is the caller's to
// set.  Failure is the caller's to count.
mblk_t *allocate_around(unsigned char *base, size_t size, lin_gfp gfp);

// Room in such a block's own memory for what db_free must know:
// STRM_SMALL_BUFFER bytes, as long as the data block lives.
void *spare_room(dblk_t *data);

// The buffer of a data block without references has been given back.
void data_block_done(dblk_t *data);

// Never 0, and no two ioctls under way have the same.
u32 new_ioctl_id();

inline bool high_priority(const mblk_t *mp)
{
	return mp->b_datap->db_type >= QPCTL;
}

int message_init();
void message_exit(); // every message is freed by then

int bufcall_init();
void bufcall_exit();

// As unbufcall(), but waits for nobody.  False: it is called, or was, or there is none.
bool cancel_bufcall(bufcall_id_t id);

} // namespace strm
