// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receiving: data, and whatever else comes up a stream.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <stropts.h>

#include "handle.h"

/* Where dlpi_recv() puts what has come. */
struct receipt {
	void		*saddr;
	size_t		*saddrlen;
	void		*msg;
	size_t		*msglen;
	dlpi_recvinfo_t	*recvinfo;
};

/* The address of a DLSAP in a control part; *length is 0 if there is none. */
static int take_address(dlpi_handle_t dh, const union dlpi_ctl *ctl, size_t got,
			t_uscalar_t offset, t_uscalar_t dlsaplen, void *to, size_t *length)
{
	const unsigned char *address;

	*length = 0;
	if (!dlsaplen)
		return DLPI_SUCCESS;
	if (!dlpi_inside(got, offset, dlsaplen))
		return DLPI_EBADMSG;
	*length = dlpi_split(dh, ctl->bytes + offset, dlsaplen, &address);
	if (*length > DLPI_PHYSADDR_MAX)
		return DLPI_EBADMSG;
	memcpy(to, address, *length);
	return DLPI_SUCCESS;
}

static int take_addresses(dlpi_handle_t dh, const union dlpi_ctl *ctl, size_t got,
			  const struct receipt *to)
{
	const dl_unitdata_ind_t *ind = &ctl->dlp.unitdata_ind;
	dlpi_recvinfo_t *info = to->recvinfo;
	int result = DLPI_SUCCESS;
	size_t length;

	if (got < DL_UNITDATA_IND_SIZE)
		return DLPI_EBADMSG;
	if (to->saddr)
		result = take_address(dh, ctl, got, ind->dl_src_addr_offset,
				      ind->dl_src_addr_length, to->saddr, to->saddrlen);
	if (!info || result != DLPI_SUCCESS)
		return result;
	result = take_address(dh, ctl, got, ind->dl_dest_addr_offset, ind->dl_dest_addr_length,
			      info->dri_destaddr, &length);
	info->dri_destaddrlen = length;
	info->dri_destaddrtype = ind->dl_group_address ? DLPI_ADDRTYPE_GROUP :
							 DLPI_ADDRTYPE_UNICAST;
	return result;
}

/* Data without a control part: a raw frame, or what a module made of frames. */
static void take_no_address(const struct receipt *to)
{
	if (to->saddrlen)
		*to->saddrlen = 0;
	if (to->recvinfo)
		to->recvinfo->dri_destaddrlen = 0;
}

/* What did not fit is fetched, counted and forgotten; a message is never left half. */
static int skip_rest(dlpi_handle_t dh, size_t *skipped)
{
	char rest_of_control[64], rest_of_data[2048];
	struct strbuf control = { .maxlen = sizeof(rest_of_control), .buf = rest_of_control };
	struct strbuf data = { .maxlen = sizeof(rest_of_data), .buf = rest_of_data };
	int flags = 0, more;

	do {
		more = getmsg(dh->fd, &control, &data, &flags);
		if (more < 0 && errno != EINTR)
			return DL_SYSERR;
		if (more >= 0 && data.len > 0)
			*skipped += data.len;
	} while (more);
	return DLPI_SUCCESS;
}

/* One message, whatever it is: its data goes to buffer. */
static int fetch(dlpi_handle_t dh, struct dlpi_message *message, void *buffer, size_t room)
{
	struct strbuf control = { .maxlen = sizeof(message->ctl), .buf = (char *)&message->ctl };
	struct strbuf data = { .maxlen = room < INT_MAX ? room : INT_MAX, .buf = buffer };
	int flags = 0, more = getmsg(dh->fd, &control, &data, &flags);
	size_t skipped = 0;
	int result;

	if (more < 0)
		return DL_SYSERR;
	if (more) {
		result = skip_rest(dh, &skipped);
		if (result != DLPI_SUCCESS)
			return result;
	}
	message->ctllen = control.len;
	message->length = data.len > 0 ? data.len : 0;
	message->total = message->length + skipped;
	return DLPI_SUCCESS;
}

static int is_data(const struct dlpi_message *message)
{
	return message->ctllen < 0 || (message->ctllen >= (int)sizeof(t_uscalar_t) &&
				       message->ctl.dlp.dl_primitive == DL_UNITDATA_IND);
}

/*
 * A message that is no data.  DLPI_FAILURE, which nobody else sees: there may be another
 * behind it.  A stream that is hung up has nothing to say.
 */
static int take_event(dlpi_handle_t dh, const struct dlpi_message *message)
{
	const union DL_primitives *dlp = &message->ctl.dlp;

	if (message->ctllen < (int)sizeof(dlp->dl_primitive)) {
		errno = ENXIO;
		return DL_SYSERR;
	}
	if (dlp->dl_primitive == DL_NOTIFY_IND)
		dlpi_notified(dh, &message->ctl, message->ctllen);
	if (dlp->dl_primitive != DL_UDERROR_IND)
		return DLPI_FAILURE;
	if (message->ctllen < (int)DL_UDERROR_IND_SIZE)
		return DLPI_EBADMSG;
	errno = dlp->uderror_ind.dl_unix_errno;
	return dlp->uderror_ind.dl_errno;
}

/* The data is in its place; now what is known about it. */
static int take_data(dlpi_handle_t dh, const struct dlpi_message *message, const struct receipt *to)
{
	*to->msglen = message->length;
	if (to->recvinfo)
		to->recvinfo->dri_totmsglen = message->total;
	if (message->ctllen >= 0)
		return take_addresses(dh, &message->ctl, message->ctllen, to);
	take_no_address(to);
	return DLPI_SUCCESS;
}

static int take_message(dlpi_handle_t dh, const struct receipt *to)
{
	struct dlpi_message message;
	int result = fetch(dh, &message, to->msg, *to->msglen);

	if (result != DLPI_SUCCESS)
		return result;
	return is_data(&message) ? take_data(dh, &message, to) : take_event(dh, &message);
}

/* DLPI_SUCCESS if it was data, and that is held until somebody wants it. */
static int hold_message(dlpi_handle_t dh)
{
	struct dlpi_message message;
	int result;

	if (!dh->room)
		dh->room = malloc(DLPI_HELD_BYTES);
	if (!dh->room) {
		errno = ENOMEM;
		return DL_SYSERR;
	}
	result = fetch(dh, &message, dh->room, DLPI_HELD_BYTES);
	if (result != DLPI_SUCCESS)
		return result;
	return is_data(&message) ? dlpi_hold(dh, &message, dh->room) : take_event(dh, &message);
}

static int wait_for_message(dlpi_handle_t dh, long long deadline)
{
	struct pollfd pollfd = { .fd = dh->fd, .events = POLLIN | POLLPRI };
	int ready = poll(&pollfd, 1, dlpi_left(deadline));

	if (ready < 0)
		return DL_SYSERR;
	return ready ? DLPI_SUCCESS : DLPI_ETIMEDOUT;
}

/*
 * For who wants no data.  Data ends the wait, but not the look: a notification may be behind
 * it.  There is an end, though more may come all the time.
 */
static int look_for_events(dlpi_handle_t dh, int msec)
{
	long long deadline = dlpi_deadline(msec);
	int result, held = 0;

	while (held < DLPI_HELD_MAX) {
		result = wait_for_message(dh, deadline);
		if (result == DLPI_SUCCESS)
			result = hold_message(dh);
		if (result == DLPI_SUCCESS) {
			deadline = dlpi_deadline(0);
			held++;
		} else if (result != DLPI_FAILURE) {
			return result;
		}
	}
	return DLPI_ETIMEDOUT;
}

static int look_for_data(dlpi_handle_t dh, int msec, const struct receipt *to)
{
	long long deadline = dlpi_deadline(msec);
	struct dlpi_message message;
	int result;

	if (dh->held) {
		dlpi_take_held(dh, &message, to->msg, *to->msglen);
		return take_data(dh, &message, to);
	}
	do {
		result = wait_for_message(dh, deadline);
		if (result == DLPI_SUCCESS)
			result = take_message(dh, to);
	} while (result == DLPI_FAILURE);
	return result;
}

int dlpi_recv(dlpi_handle_t dh, void *saddr, size_t *saddrlen, void *msg, size_t *msglen, int msec,
	      dlpi_recvinfo_t *recvinfo)
{
	struct receipt to = { saddr, saddrlen, msg, msglen, recvinfo };

	if (!dh)
		return DLPI_EINHANDLE;
	if ((saddr && (!saddrlen || *saddrlen < DLPI_PHYSADDR_MAX)) || !msg != !msglen)
		return DLPI_EINVAL;
	if (!msg)
		return look_for_events(dh, msec);
	if (dh->info.dl_current_state != DL_IDLE && !dh->promiscuous)
		return DL_OUTSTATE;
	return look_for_data(dh, msec, &to);
}
