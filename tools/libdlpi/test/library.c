// SPDX-License-Identifier: GPL-2.0-only
/*
 * libdlpi against a fake driver: what it sends, what it makes of answers that are late,
 * strange or missing, and what it leaves alone.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider.h"

static int wrong;

#define EXPECT(condition)							\
	do {									\
		if (!(condition)) {						\
			printf("# line %d: %s\n", __LINE__, #condition);	\
			wrong = 1;						\
		}								\
	} while (0)

#define GOOD(call)	EXPECT((call) == DLPI_SUCCESS)

static const unsigned char peer[6] = { 2, 0, 0, 0, 0, 9 };

static dlpi_handle_t open_link(uint_t flags)
{
	dlpi_handle_t dh = NULL;

	if (dlpi_open("nic7", &dh, flags) != DLPI_SUCCESS) {
		printf("# nic7 does not open\n");
		exit(1);
	}
	return dh;
}

static dlpi_handle_t open_bound(void)
{
	dlpi_handle_t dh = open_link(0);

	GOOD(dlpi_bind(dh, 0x800, NULL));
	return dh;
}

static void names_are_taken_apart(void)
{
	char provider_name[DLPI_LINKNAME_MAX];
	uint_t ppa;

	GOOD(dlpi_parselink("e1000g12", provider_name, &ppa));
	EXPECT(!strcmp(provider_name, "e1000g") && ppa == 12);
	GOOD(dlpi_parselink("net0", NULL, NULL));
	EXPECT(dlpi_parselink("", provider_name, &ppa) == DLPI_ELINKNAMEINVAL);
	EXPECT(dlpi_parselink("net", provider_name, &ppa) == DLPI_ELINKNAMEINVAL);
	EXPECT(dlpi_parselink("7", provider_name, &ppa) == DLPI_ELINKNAMEINVAL);
	EXPECT(dlpi_parselink("net07", provider_name, &ppa) == DLPI_ELINKNAMEINVAL);
	EXPECT(dlpi_parselink("../net0", provider_name, &ppa) == DLPI_ELINKNAMEINVAL);
	EXPECT(dlpi_parselink("net99999999999", provider_name, &ppa) == DLPI_ELINKNAMEINVAL);
	EXPECT(dlpi_parselink("a23456789012345678901234567890x1", NULL, NULL) ==
	       DLPI_ELINKNAMEINVAL);
}

static void style_1_is_preferred(void)
{
	dlpi_handle_t dh = open_link(0);

	EXPECT(!strcmp(provider.nodes, "/dev/streams/nic7 "));
	EXPECT(!strcmp(provider.asked, "0 "));
	EXPECT(dlpi_fd(dh) == FAKE_FD);
	EXPECT(!strcmp(dlpi_linkname(dh), "nic7"));
	dlpi_close(dh);
	EXPECT(provider.closed == 1);
}

static void style_2_is_attached(void)
{
	provider.style1 = ENOENT;
	dlpi_close(open_link(0));
	EXPECT(!strcmp(provider.nodes, "/dev/streams/nic "));
	EXPECT(provider.ppa_attached == 7);
	provider_reset();
	dlpi_close(open_link(DLPI_NOATTACH));
	EXPECT(!strcmp(provider.nodes, "/dev/streams/nic "));
	EXPECT(provider.ppa_attached == ~0U);
}

/* opens - what dlpi_open() says, and that it leaves nothing open */
static int opens(uint_t flags)
{
	dlpi_handle_t dh = NULL;
	int result = dlpi_open("nic7", &dh, flags);

	EXPECT(result == DLPI_SUCCESS || !dh);
	EXPECT(result == DLPI_SUCCESS || !provider.nodes[0] || provider.closed == 1);
	dlpi_close(dh);
	return result;
}

static void what_is_no_link_is_refused(void)
{
	provider.style1 = provider.style2 = ENOENT;
	EXPECT(opens(0) == DLPI_ENOLINK);
	provider_reset();
	provider.style1 = EACCES;
	EXPECT(opens(0) == DL_SYSERR && errno == EACCES);
	provider_reset();
	provider.is_stream = 0;
	EXPECT(opens(0) == DLPI_EBADLINK);
	provider_reset();
	provider.mute_primitive = DL_INFO_REQ;
	EXPECT(opens(0) == DLPI_ETIMEDOUT);
	provider_reset();
	provider.mute_primitive = DL_INFO_REQ;
	provider.native_errno = EINVAL;
	EXPECT(opens(0) == DLPI_EBADLINK);
	provider_reset();
	provider.native_errno = EINVAL;	/* it knows DLPI, and no more */
	EXPECT(opens(0) == DLPI_SUCCESS);
	provider_reset();
	EXPECT(opens(DLPI_DEVIPNET) == DLPI_ENOLINK && !provider.nodes[0]);
	EXPECT(opens(DLPI_DEVIPNET | DLPI_IPNETINFO) == DLPI_EIPNETINFONOTSUP);
	EXPECT(!provider.nodes[0]);
	provider_reset();
	provider.version = 1;
	EXPECT(opens(0) == DLPI_EVERNOTSUP);
	provider_reset();
	provider.mode = DL_CODLS;
	EXPECT(opens(0) == DLPI_EMODENOTSUP);
	provider_reset();
	provider.style1 = ENOENT;
	provider.fail_primitive = DL_ATTACH_REQ;
	provider.fail_errno = DL_BADPPA;
	EXPECT(opens(0) == DLPI_ENOLINK);
	provider_reset();
	provider.raw_errno = EINVAL;
	EXPECT(opens(DLPI_RAW) == DLPI_ERAWNOTSUP);
	EXPECT(opens(0x8000) == DLPI_EINVAL);
	provider_reset();
	provider.fail_primitive = DL_PASSIVE_REQ;
	provider.fail_errno = DL_UNSUPPORTED;
	EXPECT(opens(DLPI_PASSIVE) == DLPI_SUCCESS);
	provider_reset();
	provider.fail_primitive = DL_PASSIVE_REQ;
	provider.fail_errno = DL_OUTSTATE;
	EXPECT(opens(DLPI_PASSIVE) == DL_OUTSTATE);
}

static char walked[64];

static boolean_t walk(const char *name, void *arg)
{
	strcat(strcat(walked, name), " ");
	return !strcmp(name, arg);
}

/* Who looks which links there are starts none of them, unless there is no other way. */
static void looking_for_links_starts_none(void)
{
	dlpi_walk(walk, "", 0);
	EXPECT(!strcmp(walked, "nic7 nic8 "));
	EXPECT(!strcmp(provider.nodes, "/dev/streams/nic /dev/streams/nic "));
	EXPECT(provider.closed == 2 && !provider.asked[0]);
	provider_reset();
	*walked = '\0';
	dlpi_walk(walk, "nic7", 0);
	EXPECT(!strcmp(walked, "nic7 "));
	provider_reset();
	*walked = '\0';
	provider.style2 = ENOENT;
	provider.ioctl_interrupts = 3;
	dlpi_walk(walk, "nic7", 0);
	EXPECT(!strcmp(walked, "nic7 ") && !provider.ioctl_interrupts);
	EXPECT(!strcmp(provider.nodes, "/dev/streams/nic7 "));
	provider_reset();
	*walked = '\0';
	provider.native_errno = EINVAL;
	dlpi_walk(walk, "", 0);
	EXPECT(!*walked && provider.closed == 2);
}

static void information_is_complete(void)
{
	dlpi_handle_t dh = open_link(0);
	dlpi_info_t info;

	GOOD(dlpi_info(dh, &info, DLPI_INFO_VERSION));
	EXPECT(info.di_state == DL_UNBOUND && info.di_physaddrlen == 0);
	GOOD(dlpi_bind(dh, 0x800, NULL));
	GOOD(dlpi_info(dh, &info, DLPI_INFO_VERSION));
	EXPECT(info.di_state == DL_IDLE && info.di_sap == 0x800);
	EXPECT(info.di_max_sdu == 1500 && info.di_mactype == DL_ETHER);
	EXPECT(info.di_physaddrlen == 6 && info.di_physaddr[5] == 1);
	EXPECT(info.di_bcastaddrlen == 6 && info.di_bcastaddr[5] == 255);
	EXPECT(info.di_timeout == DLPI_DEF_TIMEOUT && !strcmp(info.di_linkname, "nic7"));
	EXPECT(dlpi_info(dh, &info, 99) == DLPI_EINVAL);
	EXPECT(dlpi_info(NULL, &info, 0) == DLPI_EINHANDLE);
	dlpi_close(dh);
}

static void what_the_driver_does_not_tell_is_unknown(void)
{
	static const dl_qos_cl_sel1_t unknown = { DL_QOS_CL_SEL1, -1, -1, -1, -1 };
	static const dl_qos_cl_range1_t unknown_range = {
		DL_QOS_CL_RANGE1, { -1, -1 }, { -1, -1 }, { -1, -1 }, -1
	};
	dlpi_handle_t dh = open_link(0);
	dlpi_info_t info;

	GOOD(dlpi_info(dh, &info, DLPI_INFO_VERSION));
	EXPECT(DL_UNKNOWN == -1 && info.di_min_sdu == 1);
	EXPECT(!memcmp(&info.di_qos_sel, &unknown, sizeof(unknown)));
	EXPECT(!memcmp(&info.di_qos_range, &unknown_range, sizeof(unknown_range)));
	provider.tells_qos = 1;
	provider.min_sdu = 46;
	GOOD(dlpi_info(dh, &info, DLPI_INFO_VERSION));
	EXPECT(info.di_min_sdu == 46 && info.di_qos_sel.dl_qos_type == DL_QOS_CL_SEL1);
	EXPECT(info.di_qos_sel.dl_trans_delay == 1 && info.di_qos_sel.dl_residual_error == 4);
	EXPECT(info.di_qos_range.dl_priority.dl_max == 8);
	EXPECT(info.di_qos_range.dl_residual_error == 11);
	dlpi_close(dh);
}

static void another_sap_is_given_back(void)
{
	dlpi_handle_t dh = open_link(0);
	uint_t bound;

	provider.bound_sap = 0x900;
	EXPECT(dlpi_bind(dh, 0x800, NULL) == DLPI_EUNAVAILSAP);
	EXPECT(provider.state == DL_UNBOUND);
	GOOD(dlpi_bind(dh, 0x800, &bound));
	EXPECT(bound == 0x900);
	dlpi_close(dh);
}

static void an_answer_overtakes_data(void)
{
	static const dl_unitdata_ind_t ind = { .dl_primitive = DL_UNITDATA_IND };
	dlpi_handle_t dh = open_bound();
	char text[8];
	size_t length = sizeof(text);

	provider_queue(0, &ind, sizeof(ind), "early", 5);
	GOOD(dlpi_promiscon(dh, DL_PROMISC_PHYS));
	EXPECT(provider_queued() == 1);
	GOOD(dlpi_recv(dh, NULL, NULL, text, &length, 0, NULL));
	EXPECT(length == 5 && !memcmp(text, "early", 5));
	dlpi_close(dh);
}

static void a_late_answer_is_none(void)
{
	static const dl_ok_ack_t late = { DL_OK_ACK, DL_PROMISCON_REQ };
	static const dl_error_ack_t refused = { DL_ERROR_ACK, DL_PROMISCON_REQ, DL_BADPRIM, 0 };
	dlpi_handle_t dh = open_link(0);
	long long before = provider.now;

	provider.mute_primitive = DL_PROMISCON_REQ;
	EXPECT(dlpi_promiscon(dh, DL_PROMISC_PHYS) == DLPI_ETIMEDOUT);
	EXPECT(provider.now - before == 5000);
	provider_queue(1, &late, sizeof(late), NULL, 0);
	GOOD(dlpi_enabmulti(dh, "\1\0\136\0\0\1", 6));
	EXPECT(provider_queued() == 0);
	provider.mute_primitive = DL_DISABMULTI_REQ;	/* and one for something else */
	provider_queue(1, &late, sizeof(late), NULL, 0);
	EXPECT(dlpi_disabmulti(dh, "\1\0\136\0\0\1", 6) == DLPI_ETIMEDOUT);
	provider_queue(1, &refused, sizeof(refused), NULL, 0);
	GOOD(dlpi_unbind(dh));				/* which finds it there */
	provider_queue(1, &refused, sizeof(refused), NULL, 0);
	EXPECT(dlpi_disabmulti(dh, "\1\0\136\0\0\1", 6) == DLPI_ETIMEDOUT);
	GOOD(dlpi_set_timeout(dh, 1));
	before = provider.now;
	EXPECT(dlpi_disabmulti(dh, "\1\0\136\0\0\1", 6) == DLPI_ETIMEDOUT);
	EXPECT(provider.now - before == 1000);
	EXPECT(dlpi_set_timeout(dh, 0) == DLPI_EINVAL);
	dlpi_close(dh);
}

static void interruptions_change_nothing(void)
{
	dlpi_handle_t dh = open_link(0);
	long long before = provider.now;

	provider.interrupts = 5;
	GOOD(dlpi_promiscon(dh, DL_PROMISC_SAP));
	EXPECT(provider.interrupts == 0);
	provider.mute_primitive = DL_PROMISCOFF_REQ;
	before = provider.now;
	provider.interrupts = 20;
	EXPECT(dlpi_promiscoff(dh, DL_PROMISC_SAP) == DLPI_ETIMEDOUT);
	EXPECT(provider.now - before == 5000);
	dlpi_close(dh);
}

static void refusals_say_why(void)
{
	dlpi_handle_t dh = open_link(0);

	provider.fail_primitive = DL_BIND_REQ;
	provider.fail_errno = DL_SYSERR;
	provider.fail_unix_errno = EPERM;
	EXPECT(dlpi_bind(dh, 0x800, NULL) == DL_SYSERR && errno == EPERM);
	EXPECT(!strcmp(dlpi_strerror(DL_SYSERR), strerror(EPERM)));
	provider.fail_errno = DL_BADSAP;
	EXPECT(dlpi_bind(dh, 0x800, NULL) == DL_BADSAP);
	provider.hung_up = 1;
	EXPECT(dlpi_bind(dh, 0x800, NULL) == DL_SYSERR && errno == ENXIO);
	EXPECT(dlpi_promiscon(dh, 9) == DLPI_EINVAL);
	EXPECT(dlpi_enabmulti(dh, NULL, 6) == DLPI_EINVAL);
	EXPECT(dlpi_enabmulti(dh, "x", DLPI_PHYSADDR_MAX + 1) == DLPI_EINVAL);
	dlpi_close(dh);
}

static void strange_answers_are_seen(void)
{
	static const dl_phys_addr_ack_t outside = { DL_PHYS_ADDR_ACK, 6, 4000 };
	static const dl_phys_addr_ack_t wraps = { DL_PHYS_ADDR_ACK, 6, 0xfffffffc };
	unsigned char address[DLPI_PHYSADDR_MAX];
	size_t length = sizeof(address);
	dlpi_handle_t dh = open_link(0);

	provider.mute_primitive = DL_PHYS_ADDR_REQ;
	provider_queue(1, &outside, sizeof(outside), NULL, 0);
	EXPECT(dlpi_get_physaddr(dh, DL_CURR_PHYS_ADDR, address, &length) == DLPI_EBADMSG);
	provider_queue(1, &wraps, sizeof(wraps), NULL, 0);
	EXPECT(dlpi_get_physaddr(dh, DL_CURR_PHYS_ADDR, address, &length) == DLPI_EBADMSG);
	provider_queue(1, &outside, 8, NULL, 0);
	EXPECT(dlpi_get_physaddr(dh, DL_CURR_PHYS_ADDR, address, &length) == DLPI_EBADMSG);
	provider.mute_primitive = ~0U;
	GOOD(dlpi_get_physaddr(dh, DL_FACT_PHYS_ADDR, address, &length));
	EXPECT(length == 6 && address[5] == 1);
	length = 6;
	EXPECT(dlpi_get_physaddr(dh, DL_FACT_PHYS_ADDR, address, &length) == DLPI_EINVAL);
	dlpi_close(dh);
}

static void statistics_may_have_grown(void)
{
	dlpi_handle_t dh = open_link(0);
	struct dlpi_stat stat;

	GOOD(dlpi_get_statistics(dh, &stat));
	EXPECT(stat.ds_ipackets64 == 42 && stat.ds_dropped == 7);
	dlpi_close(dh);
}

static void a_message_goes_out_whole(void)
{
	const dl_unitdata_req_t *req = (const dl_unitdata_req_t *)provider.sent_ctl;
	dlpi_sendinfo_t sendinfo = { .dsi_sap = 0x806, .dsi_prio = { 1, 2 } };
	dlpi_handle_t dh = open_link(0);
	static char large[2000];
	uint16_t sap;

	EXPECT(dlpi_send(dh, peer, 6, "data", 4, NULL) == DL_OUTSTATE);
	GOOD(dlpi_bind(dh, 0x800, NULL));
	GOOD(dlpi_send(dh, peer, 6, "data", 4, NULL));
	EXPECT(provider.sent_ctllen == 28 && provider.sent_datalen == 4);
	EXPECT(req->dl_dest_addr_length == 8 && req->dl_dest_addr_offset == 20);
	EXPECT(!memcmp(provider.sent_ctl + 20, peer, 6));
	memcpy(&sap, provider.sent_ctl + 26, 2);
	EXPECT(sap == 0x800 && !memcmp(provider.sent_data, "data", 4));
	GOOD(dlpi_send(dh, peer, 6, "data", 4, &sendinfo));
	memcpy(&sap, provider.sent_ctl + 26, 2);
	EXPECT(sap == 0x806 && req->dl_priority.dl_max == 2);
	EXPECT(dlpi_send(dh, peer, 6, large, 1501, NULL) == DL_BADDATA);
	provider.max_sdu = 9000;
	GOOD(dlpi_send(dh, peer, 6, large, 1501, NULL));
	EXPECT(dlpi_send(dh, peer, 0, "data", 4, NULL) == DL_BADADDR);
	EXPECT(dlpi_send(dh, peer, 6, NULL, 4, NULL) == DLPI_EINVAL);
	GOOD(dlpi_unbind(dh));
	GOOD(dlpi_bind(dh, DLPI_ANY_SAP, NULL));
	EXPECT(dlpi_send(dh, peer, 6, "data", 4, NULL) == DL_BADSAP);
	GOOD(dlpi_send(dh, peer, 6, "data", 4, &sendinfo));
	dlpi_close(dh);
}

/* As with an LLC header: the driver would say so only after the message was sent. */
static void a_sap_may_leave_less_room(void)
{
	dlpi_handle_t dh = open_link(0);
	static char large[1500];

	provider.max_sdu = 1497;
	GOOD(dlpi_bind(dh, 0x42, NULL));
	EXPECT(dlpi_send(dh, peer, 6, large, 1498, NULL) == DL_BADDATA);
	GOOD(dlpi_send(dh, peer, 6, large, 1497, NULL));
	GOOD(dlpi_unbind(dh));
	provider.max_sdu = 1500;
	GOOD(dlpi_bind(dh, 0x800, NULL));
	GOOD(dlpi_send(dh, peer, 6, large, 1500, NULL));
	dlpi_close(dh);
}

static void a_raw_frame_has_no_control_part(void)
{
	dlpi_handle_t dh = open_link(DLPI_RAW);
	size_t length = 64, saddrlen = DLPI_PHYSADDR_MAX;
	unsigned char saddr[DLPI_PHYSADDR_MAX];
	char frame[64];

	GOOD(dlpi_bind(dh, 0, NULL));
	GOOD(dlpi_send(dh, NULL, 0, "frame", 5, NULL));
	EXPECT(provider.sent_ctllen == -1 && provider.sent_datalen == 5);
	provider_queue(0, NULL, 0, "back", 4);
	GOOD(dlpi_recv(dh, saddr, &saddrlen, frame, &length, 0, NULL));
	EXPECT(length == 4 && saddrlen == 0 && !memcmp(frame, "back", 4));
	dlpi_close(dh);
}

struct unitdata {
	dl_unitdata_ind_t	ind;
	unsigned char		dest[6];
	uint16_t		dest_sap;
	unsigned char		src[6];
	uint16_t		src_sap;
};

static const struct unitdata to_all = {
	.ind = { DL_UNITDATA_IND, 8, 24, 8, 32, 1 },
	.dest = { 255, 255, 255, 255, 255, 255 }, .dest_sap = 0x800,
	.src = { 2, 0, 0, 0, 0, 9 }, .src_sap = 0x800,
};

static void what_comes_has_addresses(void)
{
	dlpi_handle_t dh = open_bound();
	unsigned char saddr[DLPI_PHYSADDR_MAX];
	size_t saddrlen = sizeof(saddr), length = 4;
	struct unitdata strange = to_all;
	dlpi_recvinfo_t info;
	char text[4];

	provider_queue(0, &to_all, sizeof(to_all), "longer than four", 16);
	provider_queue(0, &to_all, sizeof(to_all), "next", 4);
	GOOD(dlpi_recv(dh, saddr, &saddrlen, text, &length, 0, &info));
	EXPECT(saddrlen == 6 && !memcmp(saddr, peer, 6));
	EXPECT(length == 4 && info.dri_totmsglen == 16 && !memcmp(text, "long", 4));
	EXPECT(info.dri_destaddrlen == 6 && info.dri_destaddr[0] == 255);
	EXPECT(info.dri_destaddrtype == DLPI_ADDRTYPE_GROUP);
	GOOD(dlpi_recv(dh, NULL, NULL, text, &length, 0, &info));
	EXPECT(length == 4 && info.dri_totmsglen == 4 && !memcmp(text, "next", 4));
	strange.ind.dl_src_addr_offset = 1000;
	provider_queue(0, &strange, sizeof(strange), "x", 1);
	saddrlen = sizeof(saddr);
	EXPECT(dlpi_recv(dh, saddr, &saddrlen, text, &length, 0, NULL) == DLPI_EBADMSG);
	dlpi_close(dh);
}

static void nothing_comes(void)
{
	dl_uderror_ind_t uderror = { DL_UDERROR_IND, 0, 0, 0, DL_UNDELIVERABLE };
	dlpi_handle_t dh = open_link(0);
	long long before;
	char text[4];
	size_t length = 4;

	EXPECT(dlpi_recv(dh, NULL, NULL, text, &length, 0, NULL) == DL_OUTSTATE);
	GOOD(dlpi_bind(dh, 0x800, NULL));
	before = provider.now;
	EXPECT(dlpi_recv(dh, NULL, NULL, text, &length, 700, NULL) == DLPI_ETIMEDOUT);
	EXPECT(provider.now - before == 700);
	provider.interrupts = 1;
	EXPECT(dlpi_recv(dh, NULL, NULL, text, &length, 700, NULL) == DL_SYSERR && errno == EINTR);
	provider_queue(0, &uderror, sizeof(uderror), NULL, 0);
	EXPECT(dlpi_recv(dh, NULL, NULL, text, &length, 0, NULL) == DL_UNDELIVERABLE);
	EXPECT(dlpi_recv(dh, text, NULL, text, &length, 0, NULL) == DLPI_EINVAL);
	EXPECT(dlpi_recv(dh, NULL, NULL, text, NULL, 0, NULL) == DLPI_EINVAL);
	provider.hung_up = 1;
	EXPECT(dlpi_recv(dh, NULL, NULL, text, &length, -1, NULL) == DL_SYSERR && errno == ENXIO);
	dlpi_close(dh);
}

static char told[256];

static void tell(dlpi_handle_t dh, dlpi_notifyinfo_t *info, void *arg)
{
	(void)dh;
	sprintf(told + strlen(told), "%s:%x", (const char *)arg, info->dni_note);
	if (info->dni_note == DL_NOTE_SPEED)
		sprintf(told + strlen(told), "=%u", info->dni_speed);
	if (info->dni_note == DL_NOTE_PHYS_ADDR)
		sprintf(told + strlen(told), "=%u.%u", info->dni_physaddrlen,
			info->dni_physaddr[5]);
	strcat(told, " ");
}

static void queue_note(uint_t note, uint_t data)
{
	struct {
		dl_notify_ind_t	ind;
		unsigned char	address[6];
	} message = { { DL_NOTIFY_IND, note, data, 6, sizeof(dl_notify_ind_t) },
		      { 2, 0, 0, 0, 0, 5 } };

	provider_queue(0, &message, sizeof(message.ind) + 6, NULL, 0);
}

static void who_asked_is_told(void)
{
	dlpi_handle_t dh = open_bound();
	unsigned char saddr[DLPI_PHYSADDR_MAX];
	size_t saddrlen = sizeof(saddr), length = 2;
	dlpi_notifyid_t link, speed;
	dlpi_recvinfo_t info;
	char text[2];
	void *arg;

	GOOD(dlpi_enabnotify(dh, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN, tell, "link", &link));
	GOOD(dlpi_enabnotify(dh, DL_NOTE_SPEED | DL_NOTE_PHYS_ADDR, tell, "more", &speed));
	EXPECT(provider.notes_wanted == (DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN | DL_NOTE_SPEED |
					 DL_NOTE_PHYS_ADDR));
	queue_note(DL_NOTE_LINK_UP, 0);
	queue_note(DL_NOTE_SPEED, 1000000);
	queue_note(DL_NOTE_PHYS_ADDR, DL_CURR_PHYS_ADDR);
	provider_queue(0, &to_all, sizeof(to_all), "data", 4);
	queue_note(DL_NOTE_LINK_DOWN, 0);
	EXPECT(dlpi_recv(dh, NULL, NULL, NULL, NULL, 0, NULL) == DLPI_ETIMEDOUT);
	EXPECT(!strcmp(told, "link:10 more:100=1000000 more:1=6.5 link:8 "));
	EXPECT(provider_queued() == 0);
	EXPECT(dlpi_recv(dh, NULL, NULL, NULL, NULL, 0, NULL) == DLPI_ETIMEDOUT);
	GOOD(dlpi_recv(dh, saddr, &saddrlen, text, &length, 0, &info));
	EXPECT(length == 2 && info.dri_totmsglen == 4 && !memcmp(text, "da", 2));
	EXPECT(saddrlen == 6 && !memcmp(saddr, peer, 6));
	GOOD(dlpi_disabnotify(dh, speed, &arg));
	EXPECT(!strcmp(arg, "more"));
	EXPECT(provider.notes_wanted == (DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN));
	EXPECT(dlpi_disabnotify(dh, speed, &arg) == DLPI_ENOTEIDINVAL);
	EXPECT(dlpi_enabnotify(dh, DL_NOTE_AGGR_AVAIL, tell, NULL, &speed) == DLPI_ENOTENOTSUP);
	EXPECT(provider.notes_wanted == (DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN));
	EXPECT(dlpi_enabnotify(dh, 0x80000000, tell, NULL, &speed) == DLPI_ENOTEINVAL);
	dlpi_close(dh);
}

static void queue_number(int number)
{
	provider_queue(0, &to_all, sizeof(to_all), &number, sizeof(number));
}

/* expect_number - it is the next, and was all there is of its message */
static void expect_number(dlpi_handle_t dh, int number)
{
	size_t length = sizeof(number);
	dlpi_recvinfo_t info;
	int got = -1;

	GOOD(dlpi_recv(dh, NULL, NULL, &got, &length, 0, &info));
	EXPECT(got == number && length == sizeof(got) && info.dri_totmsglen == length);
}

/* One who polls and looks for notifications alone sees those behind data, and comes to an end. */
static void notifications_behind_data_are_found(void)
{
	dlpi_handle_t dh = open_bound();
	struct pollfd pollfd = { .fd = dlpi_fd(dh), .events = POLLIN };
	dlpi_notifyid_t id;
	int looks = 0;

	GOOD(dlpi_enabnotify(dh, DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN, tell, "", &id));
	*told = '\0';
	queue_number(0);
	queue_note(DL_NOTE_LINK_DOWN, 0);
	queue_number(1);
	queue_number(2);
	queue_note(DL_NOTE_LINK_UP, 0);
	while (poll(&pollfd, 1, 0) && looks++ < 10)
		EXPECT(dlpi_recv(dh, NULL, NULL, NULL, NULL, -1, NULL) == DLPI_ETIMEDOUT);
	EXPECT(looks == 1);
	EXPECT(!strcmp(told, ":8 :10 "));
	queue_number(3);
	for (int i = 0; i < 4; i++)
		expect_number(dh, i);
	dlpi_close(dh);
}

/* One who never wants data still comes to an end, and has a few messages at most. */
static void what_is_held_has_an_end(void)
{
	dlpi_handle_t dh = open_bound();
	dlpi_notifyid_t id;
	size_t length = 4;
	char text[4];

	GOOD(dlpi_enabnotify(dh, DL_NOTE_LINK_DOWN, tell, "", &id));
	*told = '\0';
	for (int i = 0; i < 200; i++)
		queue_number(i);
	EXPECT(dlpi_recv(dh, NULL, NULL, NULL, NULL, 0, NULL) == DLPI_ETIMEDOUT);
	EXPECT(provider_queued() == 200 - 64);
	queue_note(DL_NOTE_LINK_DOWN, 0);
	for (int i = 0; i < 3; i++)
		EXPECT(dlpi_recv(dh, NULL, NULL, NULL, NULL, 0, NULL) == DLPI_ETIMEDOUT);
	EXPECT(!strcmp(told, ":8 ") && provider_queued() == 0);
	for (int i = 0; i < 64; i++)
		expect_number(dh, i);
	EXPECT(dlpi_recv(dh, NULL, NULL, text, &length, 0, NULL) == DLPI_ETIMEDOUT);
	queue_number(200);
	expect_number(dh, 200);
	queue_number(201);
	EXPECT(dlpi_recv(dh, NULL, NULL, NULL, NULL, 0, NULL) == DLPI_ETIMEDOUT);
	dlpi_close(dh);			/* frees it; the sanitizer would say */
}

/* Nothing of one SAP is seen by whoever has bound another one. */
static void nothing_is_left_of_a_sap(void)
{
	dlpi_handle_t dh = open_bound();
	size_t length = 4;
	dlpi_info_t info;
	char text[4];

	queue_number(1);
	EXPECT(dlpi_recv(dh, NULL, NULL, NULL, NULL, 0, NULL) == DLPI_ETIMEDOUT);
	EXPECT(provider_queued() == 0);
	GOOD(dlpi_unbind(dh));
	GOOD(dlpi_info(dh, &info, DLPI_INFO_VERSION));
	EXPECT(info.di_state == DL_UNBOUND && info.di_sap == 0);
	GOOD(dlpi_bind(dh, 0x806, NULL));
	EXPECT(dlpi_recv(dh, NULL, NULL, text, &length, 0, NULL) == DLPI_ETIMEDOUT);
	dlpi_close(dh);
}

static dlpi_notifyid_t doomed[3];

/* The first that is told disables all, itself too. */
static void disable_all(dlpi_handle_t dh, dlpi_notifyinfo_t *info, void *arg)
{
	tell(dh, info, arg);
	for (int i = 0; i < 3; i++) {
		GOOD(dlpi_disabnotify(dh, doomed[i], NULL));
		EXPECT(dlpi_disabnotify(dh, doomed[i], NULL) == DLPI_ENOTEIDINVAL);
	}
}

static void who_is_told_may_disable_others(void)
{
	dlpi_handle_t dh = open_bound();

	for (int i = 0; i < 3; i++)
		GOOD(dlpi_enabnotify(dh, DL_NOTE_LINK_UP, disable_all, "one", &doomed[i]));
	queue_note(DL_NOTE_LINK_UP, 0);
	queue_note(DL_NOTE_LINK_UP, 0);
	*told = '\0';
	EXPECT(dlpi_recv(dh, NULL, NULL, NULL, NULL, 0, NULL) == DLPI_ETIMEDOUT);
	EXPECT(!strcmp(told, "one:10 "));
	EXPECT(provider.notes_wanted == 0 && provider_queued() == 0);
	EXPECT(dlpi_disabnotify(dh, doomed[0], NULL) == DLPI_ENOTEIDINVAL);
	GOOD(dlpi_enabnotify(dh, DL_NOTE_LINK_UP, tell, "again", &doomed[0]));
	queue_note(DL_NOTE_LINK_UP, 0);
	EXPECT(dlpi_recv(dh, NULL, NULL, NULL, NULL, 0, NULL) == DLPI_ETIMEDOUT);
	EXPECT(!strcmp(told, "one:10 again:10 "));
	dlpi_close(dh);
}

static void everything_has_words(void)
{
	for (int error = 0; error <= DL_PENDING; error++)
		EXPECT(strcmp(dlpi_strerror(error), "Unknown DLPI error"));
	for (int error = DLPI_SUCCESS; error < DLPI_ERRMAX; error++)
		EXPECT(strcmp(dlpi_strerror(error), "Unknown DLPI error"));
	EXPECT(!strcmp(dlpi_strerror(DL_PENDING + 1), "Unknown DLPI error"));
	EXPECT(!strcmp(dlpi_strerror(-1), "Unknown DLPI error"));
	EXPECT(!strcmp(dlpi_strerror(DLPI_ERRMAX), "Unknown DLPI error"));
	EXPECT(!strcmp(dlpi_mactype(DL_ETHER), "Ethernet") && dlpi_iftype(DL_ETHER) == 6);
	EXPECT(dlpi_arptype(DL_ETHER) == 1 && dlpi_arptype(9999) == 0);
	EXPECT(!strcmp(dlpi_mactype(9999), "Unknown MAC Type"));
}

static const struct {
	const char	*name;
	void		(*run)(void);
} tests[] = {
	{ "names of links are taken apart", names_are_taken_apart },
	{ "style 1 is preferred", style_1_is_preferred },
	{ "style 2 is attached, or left alone", style_2_is_attached },
	{ "what is no link is refused", what_is_no_link_is_refused },
	{ "looking for links starts none of them", looking_for_links_starts_none },
	{ "information is complete", information_is_complete },
	{ "what the driver does not tell is unknown", what_the_driver_does_not_tell_is_unknown },
	{ "another SAP is given back", another_sap_is_given_back },
	{ "an answer overtakes data", an_answer_overtakes_data },
	{ "a late answer is none", a_late_answer_is_none },
	{ "interruptions change nothing", interruptions_change_nothing },
	{ "refusals say why", refusals_say_why },
	{ "strange answers are seen", strange_answers_are_seen },
	{ "statistics may have grown", statistics_may_have_grown },
	{ "a message goes out whole", a_message_goes_out_whole },
	{ "a SAP may leave less room", a_sap_may_leave_less_room },
	{ "a raw frame has no control part", a_raw_frame_has_no_control_part },
	{ "what comes has addresses", what_comes_has_addresses },
	{ "nothing comes", nothing_comes },
	{ "who asked is told", who_asked_is_told },
	{ "notifications behind data are found", notifications_behind_data_are_found },
	{ "what is held has an end", what_is_held_has_an_end },
	{ "nothing is left of a SAP", nothing_is_left_of_a_sap },
	{ "who is told may disable others", who_is_told_may_disable_others },
	{ "everything has words", everything_has_words },
};

int main(void)
{
	int count = sizeof(tests) / sizeof(*tests), failed = 0;

	for (int i = 0; i < count; i++) {
		wrong = 0;
		provider_reset();
		tests[i].run();
		printf("%s%s\n", wrong ? "not ok " : "ok ", tests[i].name);
		failed += wrong;
	}
	return failed != 0;
}
