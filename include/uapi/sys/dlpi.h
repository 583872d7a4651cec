/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * <sys/dlpi.h>: the data link provider interface, version 2: what a program and a
 * network driver say to each other.
 *
 * A request and its answer are control parts of messages (putmsg, getmsg).  Each begins
 * with its number; addresses, and what else has no fixed length, are named by offset and
 * length in bytes, counted from the beginning of the control part.  Answers are
 * high-priority messages; an arrow below points from a request to its answer, in whose
 * place a DL_ERROR_ACK may come.
 *
 * Drivers here are connectionless: what belongs to connections and to acknowledged data
 * is declared, so that programs compile which can do both, and refused by name.
 *
 * A DLSAP of an Ethernet is 8 bytes: the address, then the SAP, 16 bits, as the host
 * has them (dl_sap_length is -2).  A SAP above 1500 is an Ethernet type; one of 1 to 255
 * is that of an LLC header in an 802.3 frame, which the driver makes and takes off; 0 is
 * all 802.3 frames, with their LLC headers.
 */
#ifndef _SYS_DLPI_H
#define _SYS_DLPI_H

#include <sys/stropts.h>
#include <sys/types.h>
#ifndef __KERNEL__
#include <stdint.h>

#ifndef __t_scalar_t_defined
#define __t_scalar_t_defined
typedef int32_t		t_scalar_t;
typedef uint32_t	t_uscalar_t;
#endif
#endif /* !__KERNEL__ */

#define DL_VERSION_2		0x02
#define DL_CURRENT_VERSION	DL_VERSION_2

/* ---- primitives: local management ------------------------------------------ */
#define DL_INFO_REQ		0x00		/* -> DL_INFO_ACK */
#define DL_BIND_REQ		0x01		/* -> DL_BIND_ACK */
#define DL_UNBIND_REQ		0x02		/* -> DL_OK_ACK */
#define DL_INFO_ACK		0x03
#define DL_BIND_ACK		0x04
#define DL_ERROR_ACK		0x05		/* a request has failed, and why */
#define DL_OK_ACK		0x06		/* a request has succeeded */
#define DL_ATTACH_REQ		0x0b		/* style 2: -> DL_OK_ACK */
#define DL_DETACH_REQ		0x0c		/* style 2: -> DL_OK_ACK */
#define DL_SUBS_UNBIND_REQ	0x15		/* -> DL_OK_ACK */
#define DL_SUBS_BIND_REQ	0x1b		/* -> DL_SUBS_BIND_ACK */
#define DL_SUBS_BIND_ACK	0x1c
#define DL_ENABMULTI_REQ	0x1d		/* -> DL_OK_ACK */
#define DL_DISABMULTI_REQ	0x1e		/* -> DL_OK_ACK */
#define DL_PROMISCON_REQ	0x1f		/* -> DL_OK_ACK */
#define DL_PROMISCOFF_REQ	0x20		/* -> DL_OK_ACK */
#define DL_PHYS_ADDR_REQ	0x31		/* -> DL_PHYS_ADDR_ACK */
#define DL_PHYS_ADDR_ACK	0x32
#define DL_SET_PHYS_ADDR_REQ	0x33		/* -> DL_OK_ACK */
#define DL_GET_STATISTICS_REQ	0x34		/* -> DL_GET_STATISTICS_ACK */
#define DL_GET_STATISTICS_ACK	0x35

/* ---- primitives: data without connection ----------------------------------- */
#define DL_UNITDATA_REQ		0x07		/* send; no answer if all is well */
#define DL_UNITDATA_IND		0x08		/* received */
#define DL_UDERROR_IND		0x09		/* a DL_UNITDATA_REQ could not be done */
#define DL_UDQOS_REQ		0x0a		/* -> DL_OK_ACK */
#define DL_XID_REQ		0x29
#define DL_XID_IND		0x2a
#define DL_XID_RES		0x2b
#define DL_XID_CON		0x2c
#define DL_TEST_REQ		0x2d
#define DL_TEST_IND		0x2e
#define DL_TEST_RES		0x2f
#define DL_TEST_CON		0x30

/* ---- primitives: Solaris' additions ---------------------------------------- */
#define DL_NOTIFY_REQ		0x0100		/* -> DL_NOTIFY_ACK, then DL_NOTIFY_IND */
#define DL_NOTIFY_ACK		0x0101
#define DL_NOTIFY_IND		0x0102
#define DL_AGGR_REQ		0x0103
#define DL_AGGR_IND		0x0104
#define DL_UNAGGR_REQ		0x0105
#define DL_CAPABILITY_REQ	0x0110		/* -> DL_CAPABILITY_ACK */
#define DL_CAPABILITY_ACK	0x0111
#define DL_CONTROL_REQ		0x0112		/* -> DL_CONTROL_ACK */
#define DL_CONTROL_ACK		0x0113
#define DL_PASSIVE_REQ		0x0114		/* -> DL_OK_ACK */

/* ---- primitives: connections, and acknowledged data; refused here ---------- */
#define DL_CONNECT_REQ		0x0d
#define DL_CONNECT_IND		0x0e
#define DL_CONNECT_RES		0x0f
#define DL_CONNECT_CON		0x10
#define DL_TOKEN_REQ		0x11
#define DL_TOKEN_ACK		0x12
#define DL_DISCONNECT_REQ	0x13
#define DL_DISCONNECT_IND	0x14
#define DL_RESET_REQ		0x17
#define DL_RESET_IND		0x18
#define DL_RESET_RES		0x19
#define DL_RESET_CON		0x1a
#define DL_DATA_ACK_REQ		0x21
#define DL_DATA_ACK_IND		0x22
#define DL_DATA_ACK_STATUS_IND	0x23
#define DL_REPLY_REQ		0x24
#define DL_REPLY_IND		0x25
#define DL_REPLY_STATUS_IND	0x26
#define DL_REPLY_UPDATE_REQ	0x27
#define DL_REPLY_UPDATE_STATUS_IND	0x28

/* ---- states of a stream: dl_current_state ---------------------------------- */
#define DL_UNATTACHED		0x04		/* style 2: no PPA yet */
#define DL_ATTACH_PENDING	0x05
#define DL_DETACH_PENDING	0x06
#define DL_UNBOUND		0x00		/* attached, no SAP */
#define DL_BIND_PENDING		0x01
#define DL_UNBIND_PENDING	0x02
#define DL_IDLE			0x03		/* bound: data may be sent and received */
#define DL_UDQOS_PENDING	0x07
#define DL_OUTCON_PENDING	0x08
#define DL_INCON_PENDING	0x09
#define DL_CONN_RES_PENDING	0x0a
#define DL_DATAXFER		0x0b
#define DL_USER_RESET_PENDING	0x0c
#define DL_PROV_RESET_PENDING	0x0d
#define DL_RESET_RES_PENDING	0x0e
#define DL_DISCON8_PENDING	0x0f
#define DL_DISCON9_PENDING	0x10
#define DL_DISCON11_PENDING	0x11
#define DL_DISCON12_PENDING	0x12
#define DL_DISCON13_PENDING	0x13
#define DL_SUBS_BIND_PND	0x14
#define DL_SUBS_UNBIND_PND	0x15

/* ---- errors: dl_errno ------------------------------------------------------ */
#define DL_BADSAP		0x00		/* no such SAP, or it is not for you */
#define DL_BADADDR		0x01		/* an address of the wrong length or kind */
#define DL_ACCESS		0x02		/* not permitted */
#define DL_OUTSTATE		0x03		/* not in this state */
#define DL_SYSERR		0x04		/* dl_unix_errno has the reason */
#define DL_BADCORR		0x05		/* no such correlation number */
#define DL_BADDATA		0x06		/* too much or too little data */
#define DL_UNSUPPORTED		0x07		/* not done here */
#define DL_BADPPA		0x08		/* no such PPA */
#define DL_BADPRIM		0x09		/* no such primitive */
#define DL_BADQOSPARAM		0x0a
#define DL_BADQOSTYPE		0x0b
#define DL_BADTOKEN		0x0c
#define DL_BOUND		0x0d		/* bound already */
#define DL_INITFAILED		0x0e		/* the hardware did not come up */
#define DL_NOADDR		0x0f		/* no address could be given */
#define DL_NOTINIT		0x10		/* the hardware is not up */
#define DL_UNDELIVERABLE	0x11		/* not sent */
#define DL_NOTSUPPORTED		0x12		/* a primitive known, and not done here */
#define DL_TOOMANY		0x13		/* no more of these */
#define DL_NOTENAB		0x14		/* this group address is not enabled */
#define DL_BUSY			0x15		/* in use */
#define DL_NOAUTO		0x16		/* no automatic XID and TEST */
#define DL_NOXIDAUTO		0x17
#define DL_NOTESTAUTO		0x18
#define DL_XIDAUTO		0x19		/* XID is answered by the driver */
#define DL_TESTAUTO		0x1a		/* TEST is answered by the driver */
#define DL_PENDING		0x1b

/* ---- kinds of link: dl_mac_type -------------------------------------------- */
#define DL_CSMACD		0x00		/* 802.3 */
#define DL_TPB			0x01
#define DL_TPR			0x02
#define DL_METRO		0x03
#define DL_ETHER		0x04		/* Ethernet */
#define DL_HDLC			0x05
#define DL_CHAR			0x06
#define DL_CTCA			0x07
#define DL_FDDI			0x08
#define DL_OTHER		0x09
#define DL_FRAME		0x0a
#define DL_MPFRAME		0x0b
#define DL_ASYNC		0x0c
#define DL_IPX25		0x0d
#define DL_LOOP			0x0e
#define DL_FC			0x10
#define DL_ATM			0x11
#define DL_IPATM		0x12
#define DL_X25			0x13
#define DL_ISDN			0x14
#define DL_HIPPI		0x15
#define DL_100VG		0x16
#define DL_100VGTPR		0x17
#define DL_ETH_CSMA		0x18
#define DL_100BT		0x19
#define DL_IB			0x1a

/* ---- other words ----------------------------------------------------------- */

/* dl_provider_style */
#define DL_STYLE1		0x0500		/* the node names the PPA */
#define DL_STYLE2		0x0501		/* DL_ATTACH_REQ names it */

/* dl_service_mode: bits, as a driver may have several */
#define DL_CODLS		0x01		/* with connections */
#define DL_CLDLS		0x02		/* without */
#define DL_ACLDLS		0x04		/* without, acknowledged */

/* dl_level of DL_PROMISCON_REQ: what this stream wants of what is not addressed to it */
#define DL_PROMISC_PHYS		0x01		/* frames to all addresses */
#define DL_PROMISC_SAP		0x02		/* frames of all SAPs */
#define DL_PROMISC_MULTI	0x03		/* frames to all group addresses */

/* dl_addr_type of DL_PHYS_ADDR_REQ */
#define DL_FACT_PHYS_ADDR	0x01		/* that it was made with */
#define DL_CURR_PHYS_ADDR	0x02		/* that it has now */

/* dl_subs_bind_class */
#define DL_PEER_BIND		0x01		/* another SAP of the same kind */
#define DL_HIERARCHICAL_BIND	0x02		/* one below the SAP that is bound */

/* dl_xidtest_flg: who answers XID and TEST */
#define DL_AUTO_XID		0x01		/* the driver; else the user of the SAP */
#define DL_AUTO_TEST		0x02

/* dl_flag of DL_XID_REQ and its kin */
#define DL_POLL_FINAL		0x01

/* dl_notifications: what one asks to be told; dl_notification: what is told */
#define DL_NOTE_PHYS_ADDR	0x0001		/* the address is another; dl_data: which */
#define DL_NOTE_PROMISC_ON_PHYS	0x0002		/* somebody receives everything */
#define DL_NOTE_PROMISC_OFF_PHYS	0x0004	/* nobody does any more */
#define DL_NOTE_LINK_DOWN	0x0008
#define DL_NOTE_LINK_UP		0x0010
#define DL_NOTE_AGGR_AVAIL	0x0020
#define DL_NOTE_AGGR_UNAVAIL	0x0040
#define DL_NOTE_SDU_SIZE	0x0080		/* dl_data: the largest SDU, bytes */
#define DL_NOTE_SPEED		0x0100		/* dl_data: kilobits a second */
#define DL_NOTE_FASTPATH_FLUSH	0x0200
#define DL_NOTE_CAPAB_RENEG	0x0400		/* ask for the capabilities again */

/* dl_originator: who has disconnected or reset */
#define DL_PROVIDER		0x0700
#define DL_USER			0x0701

/* dl_reason of DL_DISCONNECT_REQ and DL_DISCONNECT_IND */
#define DL_CONREJ_DEST_UNKNOWN		0x0800
#define DL_CONREJ_DEST_UNREACH_PERMANENT	0x0801
#define DL_CONREJ_DEST_UNREACH_TRANSIENT	0x0802
#define DL_CONREJ_QOS_UNAVAIL_PERMANENT	0x0803
#define DL_CONREJ_QOS_UNAVAIL_TRANSIENT	0x0804
#define DL_CONREJ_PERMANENT_COND	0x0805
#define DL_CONREJ_TRANSIENT_COND	0x0806
#define DL_DISC_ABNORMAL_CONDITION	0x0807
#define DL_DISC_NORMAL_CONDITION	0x0808
#define DL_DISC_PERMANENT_CONDITION	0x0809
#define DL_DISC_TRANSIENT_CONDITION	0x080a
#define DL_DISC_UNSPECIFIED		0x080b

/* dl_reason of DL_RESET_IND */
#define DL_RESET_FLOW_CONTROL	0x0900
#define DL_RESET_LINK_ERROR	0x0901
#define DL_RESET_RESYNCH	0x0902

/* dl_service_class of acknowledged data: by the medium itself */
#define DL_RQST_RSP		0x01
#define DL_RQST_NORSP		0x02

/* dl_status of acknowledged data: what came of the command, and of the response */
#define DL_CMD_MASK		0x0f
#define DL_CMD_OK		0x00
#define DL_CMD_RS		0x01		/* no such service */
#define DL_CMD_UE		0x05		/* misused */
#define DL_CMD_PE		0x06		/* against the protocol */
#define DL_CMD_IP		0x07		/* fails, and will again */
#define DL_CMD_UN		0x09		/* nothing left for it just now */
#define DL_CMD_IT		0x0f		/* fails just now */
#define DL_RSP_MASK		0xf0
#define DL_RSP_OK		0x00
#define DL_RSP_RS		0x10
#define DL_RSP_NE		0x30		/* there is none */
#define DL_RSP_NR		0x40		/* nobody asked for it */
#define DL_RSP_UE		0x50
#define DL_RSP_IP		0x70
#define DL_RSP_UN		0x90
#define DL_RSP_IT		0xf0

/* quality of service: what is not asked for, or not known */
#define DL_UNKNOWN		(-1)
#define DL_QOS_DONT_CARE	(-2)
#define DL_QOS_CO_RANGE1	0x0101
#define DL_QOS_CO_SEL1		0x0102
#define DL_QOS_CL_RANGE1	0x0103
#define DL_QOS_CL_SEL1		0x0104
#define DL_NONE			0x0b01
#define DL_MONITOR		0x0b02
#define DL_MAXIMUM		0x0b03

/* dl_cap: kinds of capability */
#define DL_CAPAB_ID_WRAPPER	0x00		/* a capability of one module: dl_capab_id_t */
#define DL_CAPAB_HCKSUM		0x01		/* checksums: dl_capab_hcksum_t */
#define DL_CAPAB_ZEROCOPY	0x05		/* sent without copying: dl_capab_zerocopy_t */

/* hcksum_txflags */
#define HCKSUM_VERSION_1	1
#define HCKSUM_CURRENT_VERSION	HCKSUM_VERSION_1
#define HCKSUM_ENABLE		0x01		/* asked for */
#define HCKSUM_INET_PARTIAL	0x02		/* one checksum, where one says */
#define HCKSUM_INET_FULL_V4	0x04		/* TCP and UDP over IPv4 */
#define HCKSUM_INET_FULL_V6	0x08		/* TCP and UDP over IPv6 */
#define HCKSUM_IPHDRCKSUM	0x10		/* the header of IPv4 */

/* zerocopy_flags */
#define ZEROCOPY_VERSION_1	1
#define ZEROCOPY_CURRENT_VERSION	ZEROCOPY_VERSION_1
#define DL_CAPAB_VMSAFE_MEM	0x01

/* dl_operation of DL_CONTROL_REQ */
#define DL_CO_ADD		0x01
#define DL_CO_DELETE		0x02
#define DL_CO_FLUSH		0x03
#define DL_CO_GET		0x04
#define DL_CO_UPDATE		0x05
#define DL_CO_SET		0x06

/* ---- ioctls: I_STR, or directly -------------------------------------------- */

#define DLIOC			('D' << 8)
#define DLIOCRAW		(DLIOC | 0x01)	/* M_DATA is whole frames from now on */
#define DLIOCNATIVE		(DLIOC | 0x02)	/* as the medium has them; returns dl_mac_type */
#define DLIOCMARGININFO		(DLIOC | 0x03)	/* uint32_t: bytes a frame may be longer */
#define DLIOCHDRINFO		(DLIOC | 0x0a)	/* in: a DL_UNITDATA_REQ; out: the header for it */

/* ---- structures ------------------------------------------------------------ */

typedef struct {
	t_scalar_t	dl_min;
	t_scalar_t	dl_max;
} dl_priority_t;

typedef struct {
	t_scalar_t	dl_min;
	t_scalar_t	dl_max;
} dl_protect_t;

typedef struct {
	t_scalar_t	dl_target_value;
	t_scalar_t	dl_accept_value;
} dl_transdelay_t;

typedef struct {
	t_scalar_t	dl_target_value;
	t_scalar_t	dl_accept_value;
} dl_through_t;

typedef struct {
	t_scalar_t	dl_disc_prob;
	t_scalar_t	dl_reset_prob;
} dl_resilience_t;

typedef struct {
	t_uscalar_t	dl_qos_type;	/* DL_QOS_CO_RANGE1 */
	dl_through_t	dl_rcv_throughput;
	dl_transdelay_t	dl_rcv_trans_delay;
	dl_through_t	dl_xmt_throughput;
	dl_transdelay_t	dl_xmt_trans_delay;
	dl_priority_t	dl_priority;
	dl_protect_t	dl_protection;
	t_scalar_t	dl_residual_error;
	dl_resilience_t	dl_resilience;
} dl_qos_co_range1_t;

typedef struct {
	t_uscalar_t	dl_qos_type;	/* DL_QOS_CO_SEL1 */
	t_scalar_t	dl_rcv_throughput;
	t_scalar_t	dl_rcv_trans_delay;
	t_scalar_t	dl_xmt_throughput;
	t_scalar_t	dl_xmt_trans_delay;
	t_scalar_t	dl_priority;
	t_scalar_t	dl_protection;
	t_scalar_t	dl_residual_error;
	dl_resilience_t	dl_resilience;
} dl_qos_co_sel1_t;

typedef struct {
	t_uscalar_t	dl_qos_type;	/* DL_QOS_CL_RANGE1 */
	dl_transdelay_t	dl_trans_delay;
	dl_priority_t	dl_priority;
	dl_protect_t	dl_protection;
	t_scalar_t	dl_residual_error;
} dl_qos_cl_range1_t;

typedef struct {
	t_uscalar_t	dl_qos_type;	/* DL_QOS_CL_SEL1 */
	t_scalar_t	dl_trans_delay;
	t_scalar_t	dl_priority;
	t_scalar_t	dl_protection;
	t_scalar_t	dl_residual_error;
} dl_qos_cl_sel1_t;

/* What dl_qos_offset and dl_qos_range_offset point to. */
union DL_qos_types {
	t_uscalar_t		dl_qos_type;
	dl_qos_co_range1_t	qos_co_range1;
	dl_qos_co_sel1_t	qos_co_sel1;
	dl_qos_cl_range1_t	qos_cl_range1;
	dl_qos_cl_sel1_t	qos_cl_sel1;
};

typedef struct {
	t_uscalar_t	dl_primitive;
} dl_info_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_max_sdu;	/* bytes behind the header */
	t_uscalar_t	dl_min_sdu;
	t_uscalar_t	dl_addr_length;	/* of a DLSAP */
	t_uscalar_t	dl_mac_type;	/* DL_ETHER ... */
	t_uscalar_t	dl_reserved;
	t_uscalar_t	dl_current_state;	/* DL_UNATTACHED ... */
	t_scalar_t	dl_sap_length;	/* < 0: the SAP is behind the address */
	t_uscalar_t	dl_service_mode;	/* DL_CLDLS ... */
	t_uscalar_t	dl_qos_length;
	t_uscalar_t	dl_qos_offset;
	t_uscalar_t	dl_qos_range_length;
	t_uscalar_t	dl_qos_range_offset;
	t_uscalar_t	dl_provider_style;	/* DL_STYLE1, DL_STYLE2 */
	t_uscalar_t	dl_addr_offset;	/* 0: no DLSAP, not bound */
	t_uscalar_t	dl_version;	/* DL_VERSION_2 */
	t_uscalar_t	dl_brdcst_addr_length;
	t_uscalar_t	dl_brdcst_addr_offset;
	t_uscalar_t	dl_growth;
} dl_info_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_ppa;
} dl_attach_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
} dl_detach_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_sap;
	t_uscalar_t	dl_max_conind;	/* 0: no connections */
	uint16_t	dl_service_mode;	/* DL_CLDLS */
	uint16_t	dl_conn_mgmt;
	t_uscalar_t	dl_xidtest_flg;	/* DL_AUTO_XID, DL_AUTO_TEST */
} dl_bind_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_sap;
	t_uscalar_t	dl_addr_length;	/* the DLSAP */
	t_uscalar_t	dl_addr_offset;
	t_uscalar_t	dl_max_conind;
	t_uscalar_t	dl_xidtest_flg;
} dl_bind_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
} dl_unbind_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_subs_sap_offset;
	t_uscalar_t	dl_subs_sap_length;
	t_uscalar_t	dl_subs_bind_class;	/* DL_PEER_BIND ... */
} dl_subs_bind_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_subs_sap_offset;
	t_uscalar_t	dl_subs_sap_length;
} dl_subs_bind_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_subs_sap_offset;
	t_uscalar_t	dl_subs_sap_length;
} dl_subs_unbind_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_correct_primitive;	/* the request */
} dl_ok_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_error_primitive;	/* the request */
	t_uscalar_t	dl_errno;	/* DL_BADSAP ... */
	t_uscalar_t	dl_unix_errno;	/* with DL_SYSERR; else 0 */
} dl_error_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_addr_length;
	t_uscalar_t	dl_addr_offset;
} dl_enabmulti_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_addr_length;
	t_uscalar_t	dl_addr_offset;
} dl_disabmulti_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_level;	/* DL_PROMISC_PHYS ... */
} dl_promiscon_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_level;
} dl_promiscoff_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_addr_type;	/* DL_FACT_PHYS_ADDR ... */
} dl_phys_addr_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_addr_length;
	t_uscalar_t	dl_addr_offset;
} dl_phys_addr_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_addr_length;
	t_uscalar_t	dl_addr_offset;
} dl_set_phys_addr_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
} dl_get_statistics_req_t;

/* What is at dl_stat_offset is in <sys/dlpi_stat.h>. */
typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_stat_length;
	t_uscalar_t	dl_stat_offset;
} dl_get_statistics_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_dest_addr_length;	/* a DLSAP */
	t_uscalar_t	dl_dest_addr_offset;
	dl_priority_t	dl_priority;
} dl_unitdata_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_dest_addr_length;	/* DLSAPs */
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_src_addr_length;
	t_uscalar_t	dl_src_addr_offset;
	t_uscalar_t	dl_group_address;	/* not 0: to a group, or to all */
} dl_unitdata_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_unix_errno;	/* with DL_SYSERR */
	t_uscalar_t	dl_errno;	/* DL_BADADDR ... */
} dl_uderror_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_qos_length;
	t_uscalar_t	dl_qos_offset;
} dl_udqos_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_flag;	/* DL_POLL_FINAL or 0 */
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
} dl_test_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_flag;
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_src_addr_length;
	t_uscalar_t	dl_src_addr_offset;
} dl_test_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_flag;
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
} dl_test_res_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_flag;
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_src_addr_length;
	t_uscalar_t	dl_src_addr_offset;
} dl_test_con_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_flag;	/* DL_POLL_FINAL or 0 */
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
} dl_xid_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_flag;
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_src_addr_length;
	t_uscalar_t	dl_src_addr_offset;
} dl_xid_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_flag;
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
} dl_xid_res_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_flag;
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_src_addr_length;
	t_uscalar_t	dl_src_addr_offset;
} dl_xid_con_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_notifications;	/* DL_NOTE_* wanted */
	t_uscalar_t	dl_timelimit;	/* for what needs an answer, ms */
} dl_notify_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_notifications;	/* DL_NOTE_* that can be told */
} dl_notify_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_notification;	/* one of DL_NOTE_* */
	t_uscalar_t	dl_data;
	t_uscalar_t	dl_addr_length;
	t_uscalar_t	dl_addr_offset;
} dl_notify_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_sub_offset;	/* a dl_capability_sub_t behind the other */
	t_uscalar_t	dl_sub_length;
} dl_capability_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_sub_offset;
	t_uscalar_t	dl_sub_length;
} dl_capability_ack_t;

typedef struct {
	t_uscalar_t	dl_cap;		/* DL_CAPAB_* */
	t_uscalar_t	dl_length;	/* bytes that follow */
} dl_capability_sub_t;

/* Which module of the stream answered: the first above the driver that understands it. */
typedef struct {
	t_uscalar_t	mid[4];
} dl_mid_t;

typedef struct {
	dl_mid_t	id_mid;
	dl_capability_sub_t	id_subcap;
} dl_capab_id_t;

typedef struct {
	t_uscalar_t	hcksum_version;
	t_uscalar_t	hcksum_txflags;
	dl_mid_t	hcksum_mid;
} dl_capab_hcksum_t;

typedef struct {
	t_uscalar_t	zerocopy_version;
	t_uscalar_t	zerocopy_flags;
	dl_mid_t	zerocopy_mid;
} dl_capab_zerocopy_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_operation;	/* DL_CO_ADD ... */
	t_uscalar_t	dl_type;	/* DL_CAPAB_* */
	t_uscalar_t	dl_key_offset;
	t_uscalar_t	dl_key_length;
	t_uscalar_t	dl_data_offset;
	t_uscalar_t	dl_data_length;
} dl_control_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_operation;
	t_uscalar_t	dl_type;
	t_uscalar_t	dl_key_offset;
	t_uscalar_t	dl_key_length;
	t_uscalar_t	dl_data_offset;
	t_uscalar_t	dl_data_length;
} dl_control_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
} dl_passive_req_t;

/* Connections. */
typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_dest_addr_length;	/* a DLSAP */
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_qos_length;
	t_uscalar_t	dl_qos_offset;
	t_uscalar_t	dl_growth;
} dl_connect_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_correlation;	/* for DL_CONNECT_RES */
	t_uscalar_t	dl_called_addr_length;	/* DLSAPs */
	t_uscalar_t	dl_called_addr_offset;
	t_uscalar_t	dl_calling_addr_length;
	t_uscalar_t	dl_calling_addr_offset;
	t_uscalar_t	dl_qos_length;
	t_uscalar_t	dl_qos_offset;
	t_uscalar_t	dl_growth;
} dl_connect_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_correlation;	/* of the DL_CONNECT_IND */
	t_uscalar_t	dl_resp_token;	/* the stream that takes it; 0: this one */
	t_uscalar_t	dl_qos_length;
	t_uscalar_t	dl_qos_offset;
	t_uscalar_t	dl_growth;
} dl_connect_res_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_resp_addr_length;	/* a DLSAP */
	t_uscalar_t	dl_resp_addr_offset;
	t_uscalar_t	dl_qos_length;
	t_uscalar_t	dl_qos_offset;
	t_uscalar_t	dl_growth;
} dl_connect_con_t;

typedef struct {
	t_uscalar_t	dl_primitive;
} dl_token_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_token;	/* names this stream */
} dl_token_ack_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_reason;	/* DL_DISC_* or DL_CONREJ_* */
	t_uscalar_t	dl_correlation;	/* of a DL_CONNECT_IND, or 0 */
} dl_disconnect_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_originator;	/* DL_USER, DL_PROVIDER */
	t_uscalar_t	dl_reason;
	t_uscalar_t	dl_correlation;
} dl_disconnect_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
} dl_reset_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_originator;
	t_uscalar_t	dl_reason;	/* DL_RESET_* */
} dl_reset_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
} dl_reset_res_t;

typedef struct {
	t_uscalar_t	dl_primitive;
} dl_reset_con_t;

/* Acknowledged data. */
typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_correlation;	/* for its DL_DATA_ACK_STATUS_IND */
	t_uscalar_t	dl_dest_addr_length;	/* DLSAPs */
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_src_addr_length;
	t_uscalar_t	dl_src_addr_offset;
	t_uscalar_t	dl_priority;
	t_uscalar_t	dl_service_class;	/* DL_RQST_* */
} dl_data_ack_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_src_addr_length;
	t_uscalar_t	dl_src_addr_offset;
	t_uscalar_t	dl_priority;
	t_uscalar_t	dl_service_class;
} dl_data_ack_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_correlation;
	t_uscalar_t	dl_status;	/* DL_CMD_* */
} dl_data_ack_status_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_correlation;	/* for its DL_REPLY_STATUS_IND */
	t_uscalar_t	dl_dest_addr_length;	/* DLSAPs */
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_src_addr_length;
	t_uscalar_t	dl_src_addr_offset;
	t_uscalar_t	dl_priority;
	t_uscalar_t	dl_service_class;
} dl_reply_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_dest_addr_length;
	t_uscalar_t	dl_dest_addr_offset;
	t_uscalar_t	dl_src_addr_length;
	t_uscalar_t	dl_src_addr_offset;
	t_uscalar_t	dl_priority;
	t_uscalar_t	dl_service_class;
} dl_reply_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_correlation;
	t_uscalar_t	dl_status;	/* DL_CMD_* and DL_RSP_* */
} dl_reply_status_ind_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_correlation;	/* for its DL_REPLY_UPDATE_STATUS_IND */
	t_uscalar_t	dl_src_addr_length;	/* a DLSAP */
	t_uscalar_t	dl_src_addr_offset;
} dl_reply_update_req_t;

typedef struct {
	t_uscalar_t	dl_primitive;
	t_uscalar_t	dl_correlation;
	t_uscalar_t	dl_status;
} dl_reply_update_status_ind_t;

/*
 * Any of them.  The names are those of Solaris; where other systems have others, both
 * are there.
 */
union DL_primitives {
	t_uscalar_t		dl_primitive;
	dl_info_req_t		info_req;
	dl_info_ack_t		info_ack;
	dl_attach_req_t		attach_req;
	dl_detach_req_t		detach_req;
	dl_bind_req_t		bind_req;
	dl_bind_ack_t		bind_ack;
	dl_unbind_req_t		unbind_req;
	dl_subs_bind_req_t	subs_bind_req;
	dl_subs_bind_ack_t	subs_bind_ack;
	dl_subs_unbind_req_t	subs_unbind_req;
	dl_ok_ack_t		ok_ack;
	dl_error_ack_t		error_ack;
	dl_enabmulti_req_t	enabmulti_req;
	dl_disabmulti_req_t	disabmulti_req;
	dl_promiscon_req_t	promiscon_req;
	dl_promiscoff_req_t	promiscoff_req;
	dl_phys_addr_req_t	physaddr_req;
	dl_phys_addr_req_t	phys_addr_req;
	dl_phys_addr_ack_t	physaddr_ack;
	dl_phys_addr_ack_t	phys_addr_ack;
	dl_set_phys_addr_req_t	set_physaddr_req;
	dl_set_phys_addr_req_t	set_phys_addr_req;
	dl_get_statistics_req_t	get_statistics_req;
	dl_get_statistics_ack_t	get_statistics_ack;
	dl_unitdata_req_t	unitdata_req;
	dl_unitdata_ind_t	unitdata_ind;
	dl_uderror_ind_t	uderror_ind;
	dl_udqos_req_t		udqos_req;
	dl_test_req_t		test_req;
	dl_test_ind_t		test_ind;
	dl_test_res_t		test_res;
	dl_test_con_t		test_con;
	dl_xid_req_t		xid_req;
	dl_xid_ind_t		xid_ind;
	dl_xid_res_t		xid_res;
	dl_xid_con_t		xid_con;
	dl_notify_req_t		notify_req;
	dl_notify_ack_t		notify_ack;
	dl_notify_ind_t		notify_ind;
	dl_capability_req_t	capability_req;
	dl_capability_ack_t	capability_ack;
	dl_control_req_t	control_req;
	dl_control_ack_t	control_ack;
	dl_passive_req_t	passive_req;
	dl_connect_req_t	connect_req;
	dl_connect_ind_t	connect_ind;
	dl_connect_res_t	connect_res;
	dl_connect_con_t	connect_con;
	dl_token_req_t		token_req;
	dl_token_ack_t		token_ack;
	dl_disconnect_req_t	disconnect_req;
	dl_disconnect_ind_t	disconnect_ind;
	dl_reset_req_t		reset_req;
	dl_reset_ind_t		reset_ind;
	dl_reset_res_t		reset_res;
	dl_reset_con_t		reset_con;
	dl_data_ack_req_t	data_ack_req;
	dl_data_ack_ind_t	data_ack_ind;
	dl_data_ack_status_ind_t	data_ack_status_ind;
	dl_reply_req_t		reply_req;
	dl_reply_ind_t		reply_ind;
	dl_reply_status_ind_t	reply_status_ind;
	dl_reply_update_req_t	reply_update_req;
	dl_reply_update_status_ind_t	reply_update_status_ind;
};

#define DL_INFO_REQ_SIZE		sizeof(dl_info_req_t)
#define DL_INFO_ACK_SIZE		sizeof(dl_info_ack_t)
#define DL_ATTACH_REQ_SIZE		sizeof(dl_attach_req_t)
#define DL_DETACH_REQ_SIZE		sizeof(dl_detach_req_t)
#define DL_BIND_REQ_SIZE		sizeof(dl_bind_req_t)
#define DL_BIND_ACK_SIZE		sizeof(dl_bind_ack_t)
#define DL_UNBIND_REQ_SIZE		sizeof(dl_unbind_req_t)
#define DL_SUBS_BIND_REQ_SIZE		sizeof(dl_subs_bind_req_t)
#define DL_SUBS_BIND_ACK_SIZE		sizeof(dl_subs_bind_ack_t)
#define DL_SUBS_UNBIND_REQ_SIZE		sizeof(dl_subs_unbind_req_t)
#define DL_OK_ACK_SIZE			sizeof(dl_ok_ack_t)
#define DL_ERROR_ACK_SIZE		sizeof(dl_error_ack_t)
#define DL_ENABMULTI_REQ_SIZE		sizeof(dl_enabmulti_req_t)
#define DL_DISABMULTI_REQ_SIZE		sizeof(dl_disabmulti_req_t)
#define DL_PROMISCON_REQ_SIZE		sizeof(dl_promiscon_req_t)
#define DL_PROMISCOFF_REQ_SIZE		sizeof(dl_promiscoff_req_t)
#define DL_PHYS_ADDR_REQ_SIZE		sizeof(dl_phys_addr_req_t)
#define DL_PHYS_ADDR_ACK_SIZE		sizeof(dl_phys_addr_ack_t)
#define DL_SET_PHYS_ADDR_REQ_SIZE	sizeof(dl_set_phys_addr_req_t)
#define DL_GET_STATISTICS_REQ_SIZE	sizeof(dl_get_statistics_req_t)
#define DL_GET_STATISTICS_ACK_SIZE	sizeof(dl_get_statistics_ack_t)
#define DL_UNITDATA_REQ_SIZE		sizeof(dl_unitdata_req_t)
#define DL_UNITDATA_IND_SIZE		sizeof(dl_unitdata_ind_t)
#define DL_UDERROR_IND_SIZE		sizeof(dl_uderror_ind_t)
#define DL_UDQOS_REQ_SIZE		sizeof(dl_udqos_req_t)
#define DL_TEST_REQ_SIZE		sizeof(dl_test_req_t)
#define DL_TEST_IND_SIZE		sizeof(dl_test_ind_t)
#define DL_TEST_RES_SIZE		sizeof(dl_test_res_t)
#define DL_TEST_CON_SIZE		sizeof(dl_test_con_t)
#define DL_XID_REQ_SIZE			sizeof(dl_xid_req_t)
#define DL_XID_IND_SIZE			sizeof(dl_xid_ind_t)
#define DL_XID_RES_SIZE			sizeof(dl_xid_res_t)
#define DL_XID_CON_SIZE			sizeof(dl_xid_con_t)
#define DL_NOTIFY_REQ_SIZE		sizeof(dl_notify_req_t)
#define DL_NOTIFY_ACK_SIZE		sizeof(dl_notify_ack_t)
#define DL_NOTIFY_IND_SIZE		sizeof(dl_notify_ind_t)
#define DL_CAPABILITY_REQ_SIZE		sizeof(dl_capability_req_t)
#define DL_CAPABILITY_ACK_SIZE		sizeof(dl_capability_ack_t)
#define DL_CONTROL_REQ_SIZE		sizeof(dl_control_req_t)
#define DL_CONTROL_ACK_SIZE		sizeof(dl_control_ack_t)
#define DL_PASSIVE_REQ_SIZE		sizeof(dl_passive_req_t)
#define DL_CONNECT_REQ_SIZE		sizeof(dl_connect_req_t)
#define DL_CONNECT_IND_SIZE		sizeof(dl_connect_ind_t)
#define DL_CONNECT_RES_SIZE		sizeof(dl_connect_res_t)
#define DL_CONNECT_CON_SIZE		sizeof(dl_connect_con_t)
#define DL_TOKEN_REQ_SIZE		sizeof(dl_token_req_t)
#define DL_TOKEN_ACK_SIZE		sizeof(dl_token_ack_t)
#define DL_DISCONNECT_REQ_SIZE		sizeof(dl_disconnect_req_t)
#define DL_DISCONNECT_IND_SIZE		sizeof(dl_disconnect_ind_t)
#define DL_RESET_REQ_SIZE		sizeof(dl_reset_req_t)
#define DL_RESET_IND_SIZE		sizeof(dl_reset_ind_t)
#define DL_RESET_RES_SIZE		sizeof(dl_reset_res_t)
#define DL_RESET_CON_SIZE		sizeof(dl_reset_con_t)
#define DL_DATA_ACK_REQ_SIZE		sizeof(dl_data_ack_req_t)
#define DL_DATA_ACK_IND_SIZE		sizeof(dl_data_ack_ind_t)
#define DL_DATA_ACK_STATUS_IND_SIZE	sizeof(dl_data_ack_status_ind_t)
#define DL_REPLY_REQ_SIZE		sizeof(dl_reply_req_t)
#define DL_REPLY_IND_SIZE		sizeof(dl_reply_ind_t)
#define DL_REPLY_STATUS_IND_SIZE	sizeof(dl_reply_status_ind_t)
#define DL_REPLY_UPDATE_REQ_SIZE	sizeof(dl_reply_update_req_t)
#define DL_REPLY_UPDATE_STATUS_IND_SIZE	sizeof(dl_reply_update_status_ind_t)

/* ---- the layouts are promises ---------------------------------------------- */

__STR_SIZE(dl_qos_co_range1_t, 64);
__STR_SIZE(dl_qos_co_sel1_t, 40);
__STR_SIZE(dl_qos_cl_range1_t, 32);
__STR_SIZE(dl_qos_cl_sel1_t, 20);
__STR_SIZE(dl_info_req_t, 4);
__STR_SIZE(dl_info_ack_t, 76);
__STR_SIZE(dl_attach_req_t, 8);
__STR_SIZE(dl_detach_req_t, 4);
__STR_SIZE(dl_bind_req_t, 20);
__STR_SIZE(dl_bind_ack_t, 24);
__STR_SIZE(dl_unbind_req_t, 4);
__STR_SIZE(dl_subs_bind_req_t, 16);
__STR_SIZE(dl_subs_bind_ack_t, 12);
__STR_SIZE(dl_subs_unbind_req_t, 12);
__STR_SIZE(dl_ok_ack_t, 8);
__STR_SIZE(dl_error_ack_t, 16);
__STR_SIZE(dl_enabmulti_req_t, 12);
__STR_SIZE(dl_disabmulti_req_t, 12);
__STR_SIZE(dl_promiscon_req_t, 8);
__STR_SIZE(dl_promiscoff_req_t, 8);
__STR_SIZE(dl_phys_addr_req_t, 8);
__STR_SIZE(dl_phys_addr_ack_t, 12);
__STR_SIZE(dl_set_phys_addr_req_t, 12);
__STR_SIZE(dl_get_statistics_req_t, 4);
__STR_SIZE(dl_get_statistics_ack_t, 12);
__STR_SIZE(dl_unitdata_req_t, 20);
__STR_SIZE(dl_unitdata_ind_t, 24);
__STR_SIZE(dl_uderror_ind_t, 20);
__STR_SIZE(dl_udqos_req_t, 12);
__STR_SIZE(dl_test_req_t, 16);
__STR_SIZE(dl_test_ind_t, 24);
__STR_SIZE(dl_test_res_t, 16);
__STR_SIZE(dl_test_con_t, 24);
__STR_SIZE(dl_xid_req_t, 16);
__STR_SIZE(dl_xid_ind_t, 24);
__STR_SIZE(dl_xid_res_t, 16);
__STR_SIZE(dl_xid_con_t, 24);
__STR_SIZE(dl_notify_req_t, 12);
__STR_SIZE(dl_notify_ack_t, 8);
__STR_SIZE(dl_notify_ind_t, 20);
__STR_SIZE(dl_capability_req_t, 12);
__STR_SIZE(dl_capability_ack_t, 12);
__STR_SIZE(dl_capability_sub_t, 8);
__STR_SIZE(dl_capab_id_t, 24);
__STR_SIZE(dl_capab_hcksum_t, 24);
__STR_SIZE(dl_capab_zerocopy_t, 24);
__STR_SIZE(dl_control_req_t, 28);
__STR_SIZE(dl_control_ack_t, 28);
__STR_SIZE(dl_passive_req_t, 4);
__STR_SIZE(dl_connect_req_t, 24);
__STR_SIZE(dl_connect_ind_t, 36);
__STR_SIZE(dl_connect_res_t, 24);
__STR_SIZE(dl_connect_con_t, 24);
__STR_SIZE(dl_token_req_t, 4);
__STR_SIZE(dl_token_ack_t, 8);
__STR_SIZE(dl_disconnect_req_t, 12);
__STR_SIZE(dl_disconnect_ind_t, 16);
__STR_SIZE(dl_reset_req_t, 4);
__STR_SIZE(dl_reset_ind_t, 12);
__STR_SIZE(dl_reset_res_t, 4);
__STR_SIZE(dl_reset_con_t, 4);
__STR_SIZE(dl_data_ack_req_t, 32);
__STR_SIZE(dl_data_ack_ind_t, 28);
__STR_SIZE(dl_data_ack_status_ind_t, 12);
__STR_SIZE(dl_reply_req_t, 32);
__STR_SIZE(dl_reply_ind_t, 28);
__STR_SIZE(dl_reply_status_ind_t, 12);
__STR_SIZE(dl_reply_update_req_t, 16);
__STR_SIZE(dl_reply_update_status_ind_t, 12);
__STR_SIZE(union DL_qos_types, 64);

__STR_AT(dl_info_ack_t, dl_sap_length, 28);
__STR_AT(dl_info_ack_t, dl_provider_style, 52);
__STR_AT(dl_info_ack_t, dl_brdcst_addr_offset, 68);
__STR_AT(dl_bind_req_t, dl_service_mode, 12);
__STR_AT(dl_bind_req_t, dl_xidtest_flg, 16);
__STR_AT(dl_unitdata_req_t, dl_priority, 12);
__STR_AT(dl_unitdata_ind_t, dl_group_address, 20);
__STR_AT(dl_error_ack_t, dl_unix_errno, 12);
__STR_AT(dl_uderror_ind_t, dl_errno, 16);
__STR_AT(dl_qos_co_range1_t, dl_xmt_throughput, 20);
__STR_AT(dl_qos_co_range1_t, dl_resilience, 56);
__STR_AT(dl_qos_co_sel1_t, dl_resilience, 32);
__STR_AT(dl_connect_req_t, dl_dest_addr_length, 4);
__STR_AT(dl_connect_req_t, dl_qos_length, 12);
__STR_AT(dl_connect_ind_t, dl_calling_addr_length, 16);
__STR_AT(dl_connect_ind_t, dl_qos_length, 24);
__STR_AT(dl_connect_res_t, dl_resp_token, 8);
__STR_AT(dl_connect_con_t, dl_resp_addr_length, 4);
__STR_AT(dl_disconnect_req_t, dl_correlation, 8);
__STR_AT(dl_disconnect_ind_t, dl_reason, 8);
__STR_AT(dl_reset_ind_t, dl_reason, 8);
__STR_AT(dl_data_ack_req_t, dl_src_addr_length, 16);
__STR_AT(dl_data_ack_req_t, dl_service_class, 28);
__STR_AT(dl_data_ack_ind_t, dl_service_class, 24);
__STR_AT(dl_data_ack_status_ind_t, dl_status, 8);
__STR_AT(dl_reply_req_t, dl_src_addr_length, 16);
__STR_AT(dl_reply_req_t, dl_service_class, 28);
__STR_AT(dl_reply_ind_t, dl_service_class, 24);
__STR_AT(dl_reply_status_ind_t, dl_status, 8);
__STR_AT(dl_reply_update_req_t, dl_src_addr_length, 8);
__STR_AT(dl_reply_update_status_ind_t, dl_status, 8);
__STR_SIZE(union DL_primitives, 76);

#endif /* _SYS_DLPI_H */
