// SPDX-License-Identifier: GPL-2.0-only
//
// Messages, as the core handles them.
#pragma once

#include <strm/atomic.hh>
#include <strm/linux.h>
#include <strm/message.hh>
#include <sys/stream.h>

namespace strm {

// allocb() with a say in how hard to try.
mblk_t *allocate_block(size_t size, lin_gfp gfp);

// A message of one block and a given type, or a null pointer.
mblk_t *allocate_typed(size_t size, int type, lin_gfp gfp);

inline bool high_priority(const mblk_t *mp)
{
	return mp->b_datap->db_type >= QPCTL;
}

int message_init();
void message_exit(); // every message is freed by then

} // namespace strm
