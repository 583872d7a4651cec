// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests and their answers.
 *
 * Answers are high-priority messages, and only such are fetched here: data that came
 * before the answer stays where it is, for dlpi_recv().  An answer that came too late for
 * its request is recognised by the primitive that it answers, and thrown away.
 */
#include <errno.h>
#include <poll.h>
#include <stropts.h>
#include <time.h>

#include "handle.h"

dlpi_local long long dlpi_deadline(int msec)
{
	struct timespec now;

	if (msec < 0)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000 + msec;
}

dlpi_local int dlpi_left(long long deadline)
{
	long long left;

	if (deadline < 0)
		return -1;
	left = deadline - dlpi_deadline(0);
	return left > 0 ? left : 0;
}

/*
 * Waits for one of these events; a hangup or an error is one, too, and the call that
 * follows will say which.  Interruptions do not shorten the wait.
 */
static int wait_until(dlpi_handle_t dh, short events, long long deadline)
{
	struct pollfd pollfd = { .fd = dh->fd, .events = events };
	int ready;

	do {
		ready = poll(&pollfd, 1, dlpi_left(deadline));
	} while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return DL_SYSERR;
	return ready ? DLPI_SUCCESS : DLPI_ETIMEDOUT;
}

/*
 * One high-priority message; what does not fit is of no use.  Nothing comes from a stream
 * that is hung up: no control part, no error.
 */
static int fetch_answer(dlpi_handle_t dh, union dlpi_ctl *ctl, size_t *got)
{
	unsigned char rest[64];
	struct strbuf control = { .maxlen = sizeof(*ctl), .buf = (char *)ctl };
	struct strbuf data = { .maxlen = sizeof(rest), .buf = (char *)rest };
	int flags = RS_HIPRI, more;

	do {
		more = getmsg(dh->fd, &control, &data, &flags);
	} while (more < 0 && errno == EINTR);
	if (more < 0)
		return DL_SYSERR;
	if (control.len <= 0) {
		errno = ENXIO;
		return DL_SYSERR;
	}
	*got = control.len;
	while (more > 0) {
		control.buf = (char *)rest;
		control.maxlen = sizeof(rest);
		flags = RS_HIPRI;
		more = getmsg(dh->fd, &control, &data, &flags);
	}
	return DLPI_SUCCESS;
}

/* What came too late for an earlier request would stand in the way of the next answer. */
static void forget_late_answers(dlpi_handle_t dh)
{
	struct pollfd pollfd = { .fd = dh->fd, .events = POLLPRI };
	union dlpi_ctl ctl;
	size_t got;

	if (!dh->late)
		return;
	while (poll(&pollfd, 1, 0) == 1 && pollfd.revents == POLLPRI) {
		if (fetch_answer(dh, &ctl, &got) != DLPI_SUCCESS)
			return;
	}
	dh->late = 0;
}

/* The control part goes out; full queues are waited for no longer than until then. */
static int send_request(dlpi_handle_t dh, union dlpi_ctl *ctl, size_t length, long long deadline)
{
	struct strbuf control = { .len = length, .buf = (char *)ctl };
	int flags = ctl->dlp.dl_primitive == DL_INFO_REQ ? RS_HIPRI : 0;
	int result;

	for (;;) {
		result = flags ? DLPI_SUCCESS : wait_until(dh, POLLOUT, deadline);
		if (result != DLPI_SUCCESS)
			return result;
		if (!putmsg(dh->fd, &control, NULL, flags))
			return DLPI_SUCCESS;
		if (errno != EINTR)
			return DL_SYSERR;
	}
}

static int refuses(const union DL_primitives *dlp, size_t got, uint_t asked)
{
	return dlp->dl_primitive == DL_ERROR_ACK && got >= DL_ERROR_ACK_SIZE &&
	       dlp->error_ack.dl_error_primitive == asked;
}

static int answers(const union DL_primitives *dlp, size_t got, uint_t answer, uint_t asked)
{
	if (dlp->dl_primitive != answer)
		return 0;
	return answer != DL_OK_ACK || got < DL_OK_ACK_SIZE ||
	       dlp->ok_ack.dl_correct_primitive == asked;
}

/* The driver has refused. */
static int refusal(const dl_error_ack_t *ack)
{
	if (ack->dl_errno == DL_SYSERR)
		errno = ack->dl_unix_errno;
	return ack->dl_errno;
}

dlpi_local int dlpi_request(dlpi_handle_t dh, union dlpi_ctl *ctl, size_t length, uint_t answer,
			    size_t least, size_t *got)
{
	long long deadline = dlpi_deadline(dh->timeout * 1000);
	uint_t asked = ctl->dlp.dl_primitive;
	const union DL_primitives *dlp = &ctl->dlp;
	int result;

	forget_late_answers(dh);
	result = send_request(dh, ctl, length, deadline);
	while (result == DLPI_SUCCESS) {
		result = wait_until(dh, POLLPRI, deadline);
		if (result == DLPI_SUCCESS)
			result = fetch_answer(dh, ctl, got);
		if (result != DLPI_SUCCESS)
			break;
		if (*got < sizeof(dlp->dl_primitive))
			return DLPI_EBADMSG;
		if (dlp->dl_primitive == DL_NOTIFY_IND)
			dlpi_notified(dh, ctl, *got);
		else if (refuses(dlp, *got, asked))
			return refusal(&dlp->error_ack);
		else if (answers(dlp, *got, answer, asked))
			return *got < least ? DLPI_EBADMSG : DLPI_SUCCESS;
	}
	if (result == DLPI_ETIMEDOUT)
		dh->late = 1;
	return result;
}

dlpi_local int dlpi_simple_request(dlpi_handle_t dh, union dlpi_ctl *ctl, size_t length)
{
	size_t got;

	return dlpi_request(dh, ctl, length, DL_OK_ACK, DL_OK_ACK_SIZE, &got);
}

dlpi_local int dlpi_ioctl(dlpi_handle_t dh, int command, void *data, int length)
{
	struct strioctl request = {
		.ic_cmd = command, .ic_timout = dh->timeout, .ic_len = length, .ic_dp = data,
	};
	int result;

	do {
		result = ioctl(dh->fd, I_STR, &request);
	} while (result < 0 && errno == EINTR);
	return result;
}
