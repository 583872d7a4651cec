// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words for errors and kinds of link.
 */
#include <errno.h>
#include <string.h>

#include "handle.h"

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

/* dl_errno; DL_SYSERR has the words of errno */
static const char *const driver_errors[] = {
	[DL_BADSAP] = "No such SAP",
	[DL_BADADDR] = "Address of the wrong length or kind",
	[DL_ACCESS] = "Not permitted",
	[DL_OUTSTATE] = "Not in this state",
	[DL_BADCORR] = "No such correlation number",
	[DL_BADDATA] = "Too much or too little data",
	[DL_UNSUPPORTED] = "Not supported by the driver",
	[DL_BADPPA] = "No such PPA",
	[DL_BADPRIM] = "No such primitive",
	[DL_BADQOSPARAM] = "Parameters of the quality of service",
	[DL_BADQOSTYPE] = "Kind of the quality of service",
	[DL_BADTOKEN] = "No such token",
	[DL_BOUND] = "Bound already",
	[DL_INITFAILED] = "The device did not come up",
	[DL_NOADDR] = "No address could be given",
	[DL_NOTINIT] = "The device is not up",
	[DL_UNDELIVERABLE] = "Not delivered",
	[DL_NOTSUPPORTED] = "Known, and not supported by the driver",
	[DL_TOOMANY] = "Too many",
	[DL_NOTENAB] = "Group address not enabled",
	[DL_BUSY] = "In use",
	[DL_NOAUTO] = "No automatic XID and TEST",
	[DL_NOXIDAUTO] = "No automatic XID",
	[DL_NOTESTAUTO] = "No automatic TEST",
	[DL_XIDAUTO] = "XID is automatic",
	[DL_TESTAUTO] = "TEST is automatic",
	[DL_PENDING] = "Not yet done",
};

static const char *const library_errors[] = {
	[DLPI_SUCCESS - DLPI_SUCCESS] = "Success",
	[DLPI_EINVAL - DLPI_SUCCESS] = "Invalid argument",
	[DLPI_ELINKNAMEINVAL - DLPI_SUCCESS] = "Not the name of a link",
	[DLPI_ENOLINK - DLPI_SUCCESS] = "No such link",
	[DLPI_EBADLINK - DLPI_SUCCESS] = "Not a DLPI link",
	[DLPI_EINHANDLE - DLPI_SUCCESS] = "Invalid handle",
	[DLPI_ETIMEDOUT - DLPI_SUCCESS] = "Timed out",
	[DLPI_EVERNOTSUP - DLPI_SUCCESS] = "Not DLPI version 2",
	[DLPI_EMODENOTSUP - DLPI_SUCCESS] = "Not connectionless",
	[DLPI_EUNAVAILSAP - DLPI_SUCCESS] = "SAP not available",
	[DLPI_FAILURE - DLPI_SUCCESS] = "Failed",
	[DLPI_ENOTSTYLE2 - DLPI_SUCCESS] = "Not a link of style 2",
	[DLPI_EBADMSG - DLPI_SUCCESS] = "Strange message from the driver",
	[DLPI_ERAWNOTSUP - DLPI_SUCCESS] = "No raw mode",
	[DLPI_ENOTEINVAL - DLPI_SUCCESS] = "No such notification",
	[DLPI_ENOTENOTSUP - DLPI_SUCCESS] = "Notification not supported by the driver",
	[DLPI_ENOTEIDINVAL - DLPI_SUCCESS] = "No such registration",
	[DLPI_EIPNETINFONOTSUP - DLPI_SUCCESS] = "No headers of IP observability",
};

const char *dlpi_strerror(int result)
{
	const char *text = NULL;

	if (result == DL_SYSERR)
		return strerror(errno);
	if (result >= 0 && result < (int)COUNT(driver_errors))
		text = driver_errors[result];
	else if (result >= DLPI_SUCCESS && result < DLPI_ERRMAX)
		text = library_errors[result - DLPI_SUCCESS];
	return text ? text : "Unknown DLPI error";
}

/*
 * What <net/if_types.h> and <net/if_arp.h> say of a kind of link, if they know it: the
 * numbers are those of IANA.
 */
static const struct {
	uint_t		mactype;
	const char	*name;
	uint_t		iftype;
	uint_t		arptype;
} kinds[] = {
	{ DL_CSMACD, "CSMA/CD", 0x07, 1 },
	{ DL_TPB, "Token Bus", 0x08, 0 },
	{ DL_TPR, "Token Ring", 0x09, 6 },
	{ DL_METRO, "Metro Net", 0, 0 },
	{ DL_ETHER, "Ethernet", 0x06, 1 },
	{ DL_HDLC, "HDLC", 0x76, 17 },
	{ DL_CHAR, "Sync Character", 0, 0 },
	{ DL_CTCA, "CTCA", 0, 0 },
	{ DL_FDDI, "FDDI", 0x0f, 6 },
	{ DL_FRAME, "Frame Relay LAPF", 0x20, 15 },
	{ DL_ASYNC, "Async Character", 0x54, 0 },
	{ DL_X25, "X.25", 0x05, 0 },
	{ DL_LOOP, "Software Loopback", 0x18, 0 },
	{ DL_FC, "Fibre Channel", 0x38, 18 },
	{ DL_ATM, "ATM", 0x25, 16 },
	{ DL_IPATM, "Classical IP over ATM", 0x72, 16 },
	{ DL_ISDN, "ISDN", 0x3f, 0 },
	{ DL_HIPPI, "HIPPI", 0x2f, 0 },
	{ DL_100VG, "100BaseVG Ethernet", 0x06, 1 },
	{ DL_100VGTPR, "100BaseVG Token Ring", 0x09, 6 },
	{ DL_ETH_CSMA, "Ethernet and IEEE 802.3", 0x06, 1 },
	{ DL_100BT, "100BaseT", 0x06, 1 },
	{ DL_IB, "InfiniBand", 0xc7, 32 },
	{ DL_OTHER, "Other", 0x01, 0 },
};

const char *dlpi_mactype(uint_t mactype)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].mactype == mactype)
			return kinds[i].name;
	}
	return "Unknown MAC Type";
}

uint_t dlpi_iftype(uint_t mactype)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].mactype == mactype)
			return kinds[i].iftype;
	}
	return 0;
}

uint_t dlpi_arptype(uint_t mactype)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].mactype == mactype)
			return kinds[i].arptype;
	}
	return 0;
}
