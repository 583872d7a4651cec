// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending.
 */
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
