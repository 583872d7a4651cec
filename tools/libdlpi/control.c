// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be asked of a link: its properties, a SAP, addresses, promiscuous mode.
 */
#include <string.h>

#include "handle.h"

dlpi_local int dlpi_ask_info(dlpi_handle_t dh, union dlpi_ctl *ctl, size_t *got)
{
	int result;

	ctl->dlp.info_req.dl_primitive = DL_INFO_REQ;
	result = dlpi_request(dh, ctl, DL_INFO_REQ_SIZE, DL_INFO_ACK, DL_INFO_ACK_SIZE, got);
	if (result == DLPI_SUCCESS)
		dh->info = ctl->dlp.info_ack;
	return result;
}

/* copy_address - the bytes of an answer that are the address; none where it has none */
static int copy_address(const union dlpi_ctl *ctl, size_t got, t_uscalar_t offset,
			t_uscalar_t length, uchar_t *to, uchar_t *copied)
{
	*copied = 0;
	if (!length || !offset)
		return DLPI_SUCCESS;
	if (!dlpi_inside(got, offset, length) || length > DLPI_PHYSADDR_MAX)
		return DLPI_EBADMSG;
	memcpy(to, ctl->bytes + offset, length);
	*copied = length;
	return DLPI_SUCCESS;
}

/*
 * A quality of service is copied if it is of the kind that connectionless links have.  Else
 * nothing is known of it but its kind.
 */
static void copy_qos(const union dlpi_ctl *ctl, size_t got, t_uscalar_t offset, t_uscalar_t length,
		     uint_t kind, void *to, size_t size)
{
	t_uscalar_t type = kind;

	memset(to, 0xff, size);			/* DL_UNKNOWN */
	memcpy(to, &type, sizeof(type));
	if (length != size || !dlpi_inside(got, offset, length))
		return;
	memcpy(&type, ctl->bytes + offset, sizeof(type));
	if (type == kind)
		memcpy(to, ctl->bytes + offset, size);
}

static int copy_dlsap(dlpi_handle_t dh, const union dlpi_ctl *ctl, size_t got, dlpi_info_t *info)
{
	const dl_info_ack_t *ack = &ctl->dlp.info_ack;
	const unsigned char *address;
	size_t length;

	if (!ack->dl_addr_offset || !ack->dl_addr_length)
		return DLPI_SUCCESS;
	if (!dlpi_inside(got, ack->dl_addr_offset, ack->dl_addr_length))
		return DLPI_EBADMSG;
	length = dlpi_split(dh, ctl->bytes + ack->dl_addr_offset, ack->dl_addr_length, &address);
	if (length > DLPI_PHYSADDR_MAX)
		return DLPI_EBADMSG;
	memcpy(info->di_physaddr, address, length);
	info->di_physaddrlen = length;
	return DLPI_SUCCESS;
}

int dlpi_info(dlpi_handle_t dh, dlpi_info_t *info, uint_t version)
{
	const dl_info_ack_t *ack;
	union dlpi_ctl ctl;
	size_t got;
	int result;

	if (!dh)
		return DLPI_EINHANDLE;
	if (!info || version != DLPI_INFO_VERSION)
		return DLPI_EINVAL;
	result = dlpi_ask_info(dh, &ctl, &got);
	if (result != DLPI_SUCCESS)
		return result;
	ack = &ctl.dlp.info_ack;
	memset(info, 0, sizeof(*info));
	info->di_max_sdu = ack->dl_max_sdu;
	info->di_min_sdu = ack->dl_min_sdu ?: 1;
	info->di_state = ack->dl_current_state;
	info->di_mactype = ack->dl_mac_type;
	info->di_sap = dh->sap;
	info->di_timeout = dh->timeout;
	strcpy(info->di_linkname, dh->linkname);
	copy_qos(&ctl, got, ack->dl_qos_offset, ack->dl_qos_length, DL_QOS_CL_SEL1,
		 &info->di_qos_sel, sizeof(info->di_qos_sel));
	copy_qos(&ctl, got, ack->dl_qos_range_offset, ack->dl_qos_range_length, DL_QOS_CL_RANGE1,
		 &info->di_qos_range, sizeof(info->di_qos_range));
	result = copy_dlsap(dh, &ctl, got, info);
	if (result != DLPI_SUCCESS)
		return result;
	return copy_address(&ctl, got, ack->dl_brdcst_addr_offset, ack->dl_brdcst_addr_length,
			    info->di_bcastaddr, &info->di_bcastaddrlen);
}

int dlpi_bind(dlpi_handle_t dh, uint_t sap, uint_t *boundsap)
{
	union dlpi_ctl ctl = { .dlp.bind_req = {
		.dl_primitive = DL_BIND_REQ,
		.dl_sap = sap == DLPI_ANY_SAP ? 0 : sap,
		.dl_service_mode = DL_CLDLS,
	} };
	uint_t bound;
	size_t got;
	int result;

	if (!dh)
		return DLPI_EINHANDLE;
	result = dlpi_request(dh, &ctl, DL_BIND_REQ_SIZE, DL_BIND_ACK, DL_BIND_ACK_SIZE, &got);
	if (result != DLPI_SUCCESS)
		return result;
	bound = ctl.dlp.bind_ack.dl_sap;
	dh->info.dl_current_state = DL_IDLE;
	dh->sap = sap == DLPI_ANY_SAP ? sap : bound;
	if (boundsap) {
		*boundsap = bound;
	} else if (dh->sap != sap) {
		result = dlpi_unbind(dh);
		return result == DLPI_SUCCESS ? DLPI_EUNAVAILSAP : result;
	}
	/* How much fits into a frame depends on the SAP: some have an LLC header. */
	return dlpi_ask_info(dh, &ctl, &got);
}

int dlpi_unbind(dlpi_handle_t dh)
{
	union dlpi_ctl ctl = { .dlp.unbind_req.dl_primitive = DL_UNBIND_REQ };
	int result;

	if (!dh)
		return DLPI_EINHANDLE;
	result = dlpi_simple_request(dh, &ctl, DL_UNBIND_REQ_SIZE);
	if (result != DLPI_SUCCESS)
		return result;
	dh->info.dl_current_state = DL_UNBOUND;
	dh->sap = 0;
	dlpi_forget_held(dh);	/* the driver has flushed what was behind it */
	return DLPI_SUCCESS;
}

/*
 * Three requests differ in their number only: enable and disable a group address, set
 * the own one.  The address follows the structure.
 */
static int address_request(dlpi_handle_t dh, uint_t primitive, const void *addr, size_t addrlen)
{
	union dlpi_ctl ctl = { .dlp.enabmulti_req = {
		.dl_primitive = primitive,
		.dl_addr_length = addrlen,
		.dl_addr_offset = DL_ENABMULTI_REQ_SIZE,
	} };

	if (!dh)
		return DLPI_EINHANDLE;
	if (!addr || !addrlen || addrlen > DLPI_PHYSADDR_MAX)
		return DLPI_EINVAL;
	memcpy(ctl.bytes + DL_ENABMULTI_REQ_SIZE, addr, addrlen);
	return dlpi_simple_request(dh, &ctl, DL_ENABMULTI_REQ_SIZE + addrlen);
}

int dlpi_enabmulti(dlpi_handle_t dh, const void *addr, size_t addrlen)
{
	return address_request(dh, DL_ENABMULTI_REQ, addr, addrlen);
}

int dlpi_disabmulti(dlpi_handle_t dh, const void *addr, size_t addrlen)
{
	return address_request(dh, DL_DISABMULTI_REQ, addr, addrlen);
}

int dlpi_set_physaddr(dlpi_handle_t dh, uint_t type, const void *addr, size_t addrlen)
{
	if (dh && type != DL_CURR_PHYS_ADDR)
		return DLPI_EINVAL;
	return address_request(dh, DL_SET_PHYS_ADDR_REQ, addr, addrlen);
}

static int promiscuous_request(dlpi_handle_t dh, uint_t primitive, uint_t level)
{
	union dlpi_ctl ctl = { .dlp.promiscon_req = {
		.dl_primitive = primitive,
		.dl_level = level,
	} };

	if (!dh)
		return DLPI_EINHANDLE;
	if (level < DL_PROMISC_PHYS || level > DL_PROMISC_MULTI)
		return DLPI_EINVAL;
	return dlpi_simple_request(dh, &ctl, DL_PROMISCON_REQ_SIZE);
}

int dlpi_promiscon(dlpi_handle_t dh, uint_t level)
{
	int result = promiscuous_request(dh, DL_PROMISCON_REQ, level);

	if (result == DLPI_SUCCESS)
		dh->promiscuous |= 1U << level;
	return result;
}

int dlpi_promiscoff(dlpi_handle_t dh, uint_t level)
{
	int result = promiscuous_request(dh, DL_PROMISCOFF_REQ, level);

	if (result == DLPI_SUCCESS)
		dh->promiscuous &= ~(1U << level);
	return result;
}

int dlpi_get_physaddr(dlpi_handle_t dh, uint_t type, void *addr, size_t *addrlen)
{
	union dlpi_ctl ctl = { .dlp.physaddr_req = {
		.dl_primitive = DL_PHYS_ADDR_REQ,
		.dl_addr_type = type,
	} };
	const dl_phys_addr_ack_t *ack = &ctl.dlp.physaddr_ack;
	uchar_t length;
	size_t got;
	int result;

	if (!dh)
		return DLPI_EINHANDLE;
	if (!addr || !addrlen || *addrlen < DLPI_PHYSADDR_MAX)
		return DLPI_EINVAL;
	if (type != DL_FACT_PHYS_ADDR && type != DL_CURR_PHYS_ADDR)
		return DLPI_EINVAL;
	result = dlpi_request(dh, &ctl, DL_PHYS_ADDR_REQ_SIZE, DL_PHYS_ADDR_ACK,
			      DL_PHYS_ADDR_ACK_SIZE, &got);
	if (result == DLPI_SUCCESS)
		result = copy_address(&ctl, got, ack->dl_addr_offset, ack->dl_addr_length, addr,
				      &length);
	if (result == DLPI_SUCCESS)
		*addrlen = length;
	return result;
}

int dlpi_get_statistics(dlpi_handle_t dh, struct dlpi_stat *stat)
{
	union dlpi_ctl ctl = { .dlp.get_statistics_req.dl_primitive = DL_GET_STATISTICS_REQ };
	const dl_get_statistics_ack_t *ack = &ctl.dlp.get_statistics_ack;
	size_t got;
	int result;

	if (!dh)
		return DLPI_EINHANDLE;
	if (!stat)
		return DLPI_EINVAL;
	result = dlpi_request(dh, &ctl, DL_GET_STATISTICS_REQ_SIZE, DL_GET_STATISTICS_ACK,
			      DL_GET_STATISTICS_ACK_SIZE, &got);
	if (result != DLPI_SUCCESS)
		return result;
	if (ack->dl_stat_length < sizeof(*stat) ||
	    !dlpi_inside(got, ack->dl_stat_offset, sizeof(*stat)))
		return DLPI_EBADMSG;
	memcpy(stat, ctl.bytes + ack->dl_stat_offset, sizeof(*stat));
	return stat->ds_version == DLPI_STAT_VERSION ? DLPI_SUCCESS : DLPI_EBADMSG;
}
