/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one object that a small message is.  C's magazine and C++'s allocator
 * both make and take it apart, and agree here on what it looks like.
 */
#ifndef _STRM_OBJECT_H
#define _STRM_OBJECT_H

#include <sys/stream.h>

#define STRM_OBJECT_SIZE	192
#define STRM_SMALL_BUFFER	(STRM_OBJECT_SIZE - sizeof(struct msgb) - sizeof(struct datab))

struct strm_object {
	struct msgb	block;
	struct datab	data;
	unsigned char	buffer[STRM_SMALL_BUFFER];
};

/* How the memory of a message block was got: b_size_class. */
enum strm_size_class {
	STRM_LONE,	/* a message block alone, from dupb() */
	STRM_SMALL,	/* a struct strm_object */
	STRM_MEDIUM	/* its beginning, with a larger buffer, from kmalloc() */
};

/*
 * The state that a small object has while it lies in a magazine, and in which
 * allocb() hands it out but for the two pointers into the buffer.
 */
static inline void strm_construct(struct strm_object *object)
{
	struct msgb *block = &object->block;
	struct datab *data = &object->data;

	data->db_base = object->buffer;
	data->db_lim = object->buffer + sizeof(object->buffer);
	data->db_ref = 1;
	data->db_type = M_DATA;
	data->db_floor = 0;
	data->db_pad = 0;
	data->db_uses = 2;
	data->db_free = NULL;
	data->db_arg = NULL;

	block->b_next = NULL;
	block->b_prev = NULL;
	block->b_cont = NULL;
	block->b_datap = data;
	block->b_band = 0;
	block->b_pending = 0;
	block->b_flag = 0;
	block->b_size_class = STRM_SMALL;
	block->b_own = data;
}

#endif /* _STRM_OBJECT_H */
