// SPDX-License-Identifier: GPL-2.0-only
/* File operations: each is one call of the stream head. */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/uio.h>
#include <strm/poll.h>
#include "file.h"
#include "shim.h"

static_assert(LIN_POLLIN == (__force unsigned int)EPOLLIN);
static_assert(LIN_POLLPRI == (__force unsigned int)EPOLLPRI);
static_assert(LIN_POLLOUT == (__force unsigned int)EPOLLOUT);
static_assert(LIN_POLLERR == (__force unsigned int)EPOLLERR);
static_assert(LIN_POLLHUP == (__force unsigned int)EPOLLHUP);
static_assert(LIN_POLLRDNORM == (__force unsigned int)EPOLLRDNORM);
static_assert(LIN_POLLRDBAND == (__force unsigned int)EPOLLRDBAND);
static_assert(LIN_POLLWRNORM == (__force unsigned int)EPOLLWRNORM);
static_assert(LIN_POLLWRBAND == (__force unsigned int)EPOLLWRBAND);
static_assert(LIN_O_NONBLOCK == O_NONBLOCK && LIN_O_ACCMODE == O_ACCMODE);
static_assert(LIN_ERESTARTSYS == ERESTARTSYS);

unsigned int lin_file_flags(const struct file *file)
{
	return file->f_flags;
}

void lin_file_set_private(struct file *file, void *head)
{
	file->private_data = head;
}

void *lin_file_private(const struct file *file)
{
	return file->private_data;
}

static int streams_open(struct inode *inode, struct file *file)
{
	int error = strm_head_open(file, imajor(inode), iminor(inode));

	return error ?: stream_open(inode, file);
}

static int streams_release(struct inode *inode, struct file *file)
{
	strm_head_release(file);
	return 0;
}

static ssize_t streams_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return strm_head_read(iocb->ki_filp, to, iov_iter_count(to));
}

static ssize_t streams_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return strm_head_write(iocb->ki_filp, from, iov_iter_count(from));
}

static __poll_t streams_poll(struct file *file, struct poll_table_struct *table)
{
	return (__force __poll_t)strm_head_poll(file, table);
}

static long streams_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return strm_head_ioctl(file, cmd, arg);
}

const struct file_operations strm_fops = {
	.owner = THIS_MODULE,
	.open = streams_open,
	.release = streams_release,
	.read_iter = streams_read_iter,
	.write_iter = streams_write_iter,
	.poll = streams_poll,
	.unlocked_ioctl = streams_ioctl,
	.compat_ioctl = streams_ioctl,
};
