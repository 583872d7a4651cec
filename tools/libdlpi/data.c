// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending and receiving.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <stropts.h>

#include "handle.h"

/* The SAP in a DLSAP is a number of 1, 2 or 4 bytes, as the host has them. */
static void put_sap(unsigned char *to, uint_t sap, size_t length)
{
	uint8_t byte = sap;
	uint16_t word = sap;

	if (length == sizeof(byte))
		memcpy(to, &byte, sizeof(byte));
	else if (length == sizeof(word))
		memcpy(to, &word, sizeof(word));
	else if (length == sizeof(sap))
		memcpy(to, &sap, sizeof(sap));
}

/* put_dlsap - an address and a SAP in the order of this link; the length of both */
static size_t put_dlsap(dlpi_handle_t dh, unsigned char *to, const void *addr, size_t addrlen,
			uint_t sap)
{
	size_t saplen = dlpi_saplen(dh);
	int sap_first = dh->info.dl_sap_length > 0;

	memcpy(to + (sap_first ? saplen : 0), addr, addrlen);
	put_sap(to + (sap_first ? 0 : addrlen), sap, saplen);
	return addrlen + saplen;
}

/* Is this much inside the limits of the link?  They may have changed since we asked. */
static int check_length(dlpi_handle_t dh, size_t length)
{
	union dlpi_ctl ctl;
	size_t got;
	int result;

	if (length > dh->info.dl_max_sdu) {
		result = dlpi_ask_info(dh, &ctl, &got);
		if (result != DLPI_SUCCESS)
			return result;
	}
	if (length < dh->info.dl_min_sdu || length > dh->info.dl_max_sdu)
		return DL_BADDATA;
	return DLPI_SUCCESS;
}

static int send_unitdata(dlpi_handle_t dh, const void *daddr, size_t daddrlen,
			 const struct strbuf *data, const dlpi_sendinfo_t *sendinfo)
{
	union dlpi_ctl ctl = { .dlp.unitdata_req = {
		.dl_primitive = DL_UNITDATA_REQ,
		.dl_dest_addr_offset = DL_UNITDATA_REQ_SIZE,
	} };
	struct strbuf control = { .buf = (char *)&ctl };
	uint_t sap = sendinfo ? sendinfo->dsi_sap : dh->sap;
	size_t length;

	if (dh->info.dl_current_state != DL_IDLE)
		return DL_OUTSTATE;
	if (sap == DLPI_ANY_SAP)
		return DL_BADSAP;
	if (!daddr || !daddrlen || daddrlen > DLPI_PHYSADDR_MAX)
		return DL_BADADDR;
	if (sendinfo)
		ctl.dlp.unitdata_req.dl_priority = sendinfo->dsi_prio;
	length = put_dlsap(dh, ctl.bytes + DL_UNITDATA_REQ_SIZE, daddr, daddrlen, sap);
	ctl.dlp.unitdata_req.dl_dest_addr_length = length;
	control.len = DL_UNITDATA_REQ_SIZE + length;
	return putmsg(dh->fd, &control, data, 0) ? DL_SYSERR : DLPI_SUCCESS;
}

int dlpi_send(dlpi_handle_t dh, const void *daddr, size_t daddrlen, const void *msg, size_t msglen,
	      const dlpi_sendinfo_t *sendinfo)
{
	struct strbuf data = { .len = msglen, .buf = (char *)msg };
	int result;

	if (!dh)
		return DLPI_EINHANDLE;
	if (!msg || !msglen)
		return DLPI_EINVAL;
	if (dh->flags & DLPI_RAW)
		return putmsg(dh->fd, NULL, &data, 0) ? DL_SYSERR : DLPI_SUCCESS;
	result = check_length(dh, msglen);
	if (result != DLPI_SUCCESS)
		return result;
	return send_unitdata(dh, daddr, daddrlen, &data, sendinfo);
}

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

/* What did not fit is fetched, counted and forgotten; a message is never left half. */
static int skip_rest(dlpi_handle_t dh, size_t *skipped)
{
	char rest_of_control[64], rest_of_data[2048];
	struct strbuf control = { .maxlen = sizeof(rest_of_control), .buf = rest_of_control };
	struct strbuf data = { .maxlen = sizeof(rest_of_data), .buf = rest_of_data };
	int flags = 0, more;

	*skipped = 0;
	do {
		more = getmsg(dh->fd, &control, &data, &flags);
		if (more < 0 && errno != EINTR)
			return DL_SYSERR;
		if (more >= 0 && data.len > 0)
			*skipped += data.len;
	} while (more);
	return DLPI_SUCCESS;
}

/* Data without a control part: a raw frame, or what a module made of frames. */
static void take_no_address(const struct receipt *to)
{
	if (to->saddrlen)
		*to->saddrlen = 0;
	if (to->recvinfo)
		to->recvinfo->dri_destaddrlen = 0;
}

/*
 * What a control part says.  DLPI_FAILURE, which nobody else sees: it does not belong to
 * data.  A stream that is hung up has nothing to say.
 */
static int take_control(dlpi_handle_t dh, const union dlpi_ctl *ctl, size_t got,
			const struct receipt *to)
{
	if (got < sizeof(ctl->dlp.dl_primitive)) {
		errno = ENXIO;
		return DL_SYSERR;
	}
	switch (ctl->dlp.dl_primitive) {
	case DL_UNITDATA_IND:
		return take_addresses(dh, ctl, got, to);
	case DL_NOTIFY_IND:
		dlpi_notified(dh, ctl, got);
		return DLPI_FAILURE;
	case DL_UDERROR_IND:
		if (got < DL_UDERROR_IND_SIZE)
			return DLPI_EBADMSG;
		errno = ctl->dlp.uderror_ind.dl_unix_errno;
		return ctl->dlp.uderror_ind.dl_errno;
	default:
		return DLPI_FAILURE;
	}
}

/* One message, whatever it is. */
static int take_message(dlpi_handle_t dh, const struct receipt *to)
{
	union dlpi_ctl ctl;
	struct strbuf control = { .maxlen = sizeof(ctl), .buf = (char *)&ctl };
	struct strbuf data = { .maxlen = *to->msglen, .buf = to->msg };
	int flags = 0, more, result = DLPI_SUCCESS;
	size_t skipped = 0;

	if (*to->msglen > INT_MAX)
		data.maxlen = INT_MAX;
	more = getmsg(dh->fd, &control, &data, &flags);
	if (more < 0)
		return DL_SYSERR;
	if (more)
		result = skip_rest(dh, &skipped);
	if (result != DLPI_SUCCESS)
		return result;
	if (control.len < 0)
		take_no_address(to);
	else
		result = take_control(dh, &ctl, control.len, to);
	if (result != DLPI_SUCCESS)
		return result;
	*to->msglen = data.len > 0 ? data.len : 0;
	if (to->recvinfo)
		to->recvinfo->dri_totmsglen = *to->msglen + skipped;
	return DLPI_SUCCESS;
}

/*
 * For who wants no data: takes what is before the first data, and leaves that alone.
 * DLPI_FAILURE: there may be more of it.
 */
static int take_event(dlpi_handle_t dh)
{
	union dlpi_ctl ctl;
	struct strpeek peek = {
		.ctlbuf = { .maxlen = sizeof(ctl), .buf = (char *)&ctl },
		.databuf = { .maxlen = -1 },
	};
	char none;
	size_t length = 0;
	struct receipt nowhere = { .msg = &none, .msglen = &length };
	int there = ioctl(dh->fd, I_PEEK, &peek);

	if (there < 0)
		return DL_SYSERR;
	if (!there || peek.ctlbuf.len < (int)sizeof(t_uscalar_t) ||
	    ctl.dlp.dl_primitive == DL_UNITDATA_IND)
		return DLPI_ETIMEDOUT;
	return take_message(dh, &nowhere);
}

int dlpi_recv(dlpi_handle_t dh, void *saddr, size_t *saddrlen, void *msg, size_t *msglen, int msec,
	      dlpi_recvinfo_t *recvinfo)
{
	struct receipt to = { saddr, saddrlen, msg, msglen, recvinfo };
	long long deadline = dlpi_deadline(msec);
	struct pollfd pollfd;
	int ready, result;

	if (!dh)
		return DLPI_EINHANDLE;
	if ((saddr && (!saddrlen || *saddrlen < DLPI_PHYSADDR_MAX)) || !msg != !msglen)
		return DLPI_EINVAL;
	if (msg && dh->info.dl_current_state != DL_IDLE && !dh->promiscuous)
		return DL_OUTSTATE;
	do {
		pollfd = (struct pollfd){ .fd = dh->fd, .events = POLLIN | POLLPRI };
		ready = poll(&pollfd, 1, dlpi_left(deadline));
		if (ready < 0)
			return DL_SYSERR;
		if (!ready)
			return DLPI_ETIMEDOUT;
		result = msg ? take_message(dh, &to) : take_event(dh);
	} while (result == DLPI_FAILURE);
	return result;
}
