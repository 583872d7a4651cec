// SPDX-License-Identifier: GPL-2.0-only
/* What the stream head asks of a file, without a file system or a process. */
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <strm/linux.h>
#include "check.h"

struct file *strm_test_file(unsigned int flags)
{
	struct file *file = kzalloc(sizeof(*file), GFP_KERNEL);

	if (file)
		file->f_flags = flags;
	return file;
}

void strm_test_file_free(struct file *file)
{
	kfree(file);
}

long strm_test_write(struct file *file, const void *from, unsigned long bytes)
{
	struct kvec vec = { .iov_base = (void *)from, .iov_len = bytes };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_SOURCE, &vec, 1, bytes);
	return strm_head_write(file, &iter, bytes);
}

long strm_test_read(struct file *file, void *to, unsigned long bytes)
{
	struct kvec vec = { .iov_base = to, .iov_len = bytes };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, bytes);
	return strm_head_read(file, &iter, bytes);
}
