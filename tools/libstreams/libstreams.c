// SPDX-License-Identifier: GPL-2.0-only
/*
 * libstreams: getmsg(3), putmsg(3) and their kin as functions of the C library.
 *
 * Each is one ioctl.  What takes thought is a descriptor that is no stream: the
 * ioctls have a magic of their own, so asking a stranger is harmless, but his
 * refusal may be any error (ENOTTY by convention, EINVAL from some drivers).
 * Only after a refusal is a second question spent to find out whether the
 * descriptor is a stream at all; a call that succeeds costs one system call.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stropts.h>
#include <sys/strm.h>

int isastream(int fd)
{
	int answer = ioctl(fd, STRM_ISASTREAM);

	if (answer < 0 && errno == EBADF)
		return -1;
	return answer == 1;
}

/* These three never mean "I am no stream". */
static int refusal_is_plain(int error)
{
	return error == EAGAIN || error == EINTR || error == EBADF;
}

static int stream_ioctl(int fd, unsigned int command, struct strm_msg *msg)
{
	int result = ioctl(fd, command, msg);
	int error;

	if (result >= 0 || refusal_is_plain(errno))
		return result;
	error = errno;
	errno = isastream(fd) == 0 ? ENOSTR : error;
	return -1;
}

static uint32_t describe(struct strm_strbuf *to, const struct strbuf *from, uint32_t bit)
{
	if (!from)
		return 0;
	to->maxlen = from->maxlen;
	to->len = from->len;
	to->buf = (uintptr_t)from->buf;
	return bit;
}

static struct strm_msg message(const struct strbuf *ctl, const struct strbuf *data)
{
	struct strm_msg msg = { 0 };

	msg.has = describe(&msg.ctl, ctl, STRM_HAS_CTL) | describe(&msg.data, data, STRM_HAS_DATA);
	return msg;
}

static int receive(int fd, unsigned int command, struct strm_msg *msg, struct strbuf *ctl,
		   struct strbuf *data)
{
	int more = stream_ioctl(fd, command, msg);

	if (more < 0)
		return -1;
	if (ctl)
		ctl->len = msg->ctl.len;
	if (data)
		data->len = msg->data.len;
	return more;
}

int getmsg(int fd, struct strbuf *restrict ctl, struct strbuf *restrict data, int *restrict flags)
{
	struct strm_msg msg = message(ctl, data);
	int more;

	msg.flags = *flags;
	more = receive(fd, STRM_GETMSG, &msg, ctl, data);
	if (more >= 0)
		*flags = msg.flags;
	return more;
}

int getpmsg(int fd, struct strbuf *restrict ctl, struct strbuf *restrict data, int *restrict band,
	    int *restrict flags)
{
	struct strm_msg msg = message(ctl, data);
	int more;

	msg.flags = *flags;
	msg.band = *band;
	more = receive(fd, STRM_GETPMSG, &msg, ctl, data);
	if (more >= 0) {
		*flags = msg.flags;
		*band = msg.band;
	}
	return more;
}

int putmsg(int fd, const struct strbuf *ctl, const struct strbuf *data, int flags)
{
	struct strm_msg msg = message(ctl, data);

	msg.flags = flags;
	return stream_ioctl(fd, STRM_PUTMSG, &msg);
}

int putpmsg(int fd, const struct strbuf *ctl, const struct strbuf *data, int band, int flags)
{
	struct strm_msg msg = message(ctl, data);

	msg.flags = flags;
	msg.band = band;
	return stream_ioctl(fd, STRM_PUTPMSG, &msg);
}
