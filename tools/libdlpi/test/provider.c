// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake driver and stream head.  See provider.h.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "provider.h"

static const unsigned char own_address[6] = { 2, 0, 0, 0, 0, 1 };
static const unsigned char broadcast[6] = { 255, 255, 255, 255, 255, 255 };

struct provider provider;

struct message {
	struct message	*next;
	int		hipri, ctllen, datalen;	/* -1: no such part */
	unsigned char	ctl[512], data[4096];
};

static struct message *queue;

void provider_queue(int hipri, const void *ctl, int ctllen, const void *data, int datalen)
{
	struct message *message, **place = &queue;

	if (hipri && queue && queue->hipri)
		return;
	message = calloc(1, sizeof(*message));
	message->hipri = hipri;
	message->ctllen = ctl ? ctllen : -1;
	message->datalen = data ? datalen : -1;
	if (ctl)
		memcpy(message->ctl, ctl, ctllen);
	if (data)
		memcpy(message->data, data, datalen);
	while (*place && (*place)->hipri >= hipri)
		place = &(*place)->next;
	message->next = *place;
	*place = message;
}

int provider_queued(void)
{
	int count = 0;

	for (struct message *message = queue; message; message = message->next)
		count++;
	return count;
}

static void forget(struct message *message)
{
	queue = message->next;
	free(message);
}

void provider_reset(void)
{
	while (queue)
		forget(queue);
	provider = (struct provider){
		.is_stream = 1, .version = DL_VERSION_2, .mode = DL_CLDLS, .ppa_attached = ~0U,
		.max_sdu = 1500, .fail_primitive = ~0U, .mute_primitive = ~0U, .now = 1000000,
		.notes = DL_NOTE_LINK_UP | DL_NOTE_LINK_DOWN | DL_NOTE_SPEED | DL_NOTE_SDU_SIZE |
			 DL_NOTE_PHYS_ADDR,
		.state = DL_UNBOUND,
	};
}

static int interrupted(void)
{
	if (!provider.interrupts)
		return 0;
	provider.interrupts--;
	errno = EINTR;
	return 1;
}

/* ---- the driver ------------------------------------------------------------ */

static void answer(const void *ctl, int length)
{
	provider_queue(1, ctl, length, NULL, 0);
}

static void answer_ok(uint32_t primitive)
{
	dl_ok_ack_t ack = { DL_OK_ACK, primitive };

	answer(&ack, sizeof(ack));
}

static void answer_info(void)
{
	struct info {
		dl_info_ack_t	ack;
		unsigned char	broadcast[6], address[6];
		uint16_t	sap;
		dl_qos_cl_sel1_t qos;
		dl_qos_cl_range1_t range;
	} info = { .ack = {
		.dl_primitive = DL_INFO_ACK, .dl_max_sdu = provider.max_sdu,
		.dl_min_sdu = provider.min_sdu,
		.dl_addr_length = 8, .dl_mac_type = DL_ETHER, .dl_sap_length = -2,
		.dl_current_state = provider.state, .dl_service_mode = provider.mode,
		.dl_provider_style = strcmp(provider.nodes, "/dev/streams/nic7 ") ? DL_STYLE2 :
										     DL_STYLE1,
		.dl_version = provider.version, .dl_brdcst_addr_length = 6,
		.dl_brdcst_addr_offset = sizeof(dl_info_ack_t),
	},
		.qos = { DL_QOS_CL_SEL1, 1, 2, 3, 4 },
		.range = { DL_QOS_CL_RANGE1, { 5, 6 }, { 7, 8 }, { 9, 10 }, 11 },
	};

	memcpy(info.broadcast, broadcast, 6);
	if (provider.tells_qos) {
		info.ack.dl_qos_length = sizeof(info.qos);
		info.ack.dl_qos_offset = offsetof(struct info, qos);
		info.ack.dl_qos_range_length = sizeof(info.range);
		info.ack.dl_qos_range_offset = offsetof(struct info, range);
	}
	if (provider.state == DL_IDLE) {
		info.ack.dl_addr_offset = sizeof(dl_info_ack_t) + 6;
		memcpy(info.address, own_address, 6);
		info.sap = 0x800;
	}
	answer(&info, sizeof(info));
}

static void answer_bind(uint32_t sap)
{
	struct {
		dl_bind_ack_t	ack;
		unsigned char	address[6];
		uint16_t	sap;
	} bound = { .ack = {
		.dl_primitive = DL_BIND_ACK, .dl_sap = provider.bound_sap ?: sap,
		.dl_addr_length = 8, .dl_addr_offset = sizeof(dl_bind_ack_t),
	}, .sap = sap };

	memcpy(bound.address, own_address, 6);
	provider.state = DL_IDLE;
	answer(&bound, sizeof(bound));
}

static void answer_address(void)
{
	struct {
		dl_phys_addr_ack_t	ack;
		unsigned char		address[6];
	} reply = { .ack = { DL_PHYS_ADDR_ACK, 6, sizeof(dl_phys_addr_ack_t) } };

	memcpy(reply.address, own_address, 6);
	answer(&reply, sizeof(reply.ack) + 6);
}

static void answer_statistics(void)
{
	struct {
		dl_get_statistics_ack_t	ack;
		unsigned char		stat[sizeof(struct dlpi_stat) + 8];	/* a later one */
	} reply = { .ack = { DL_GET_STATISTICS_ACK, sizeof(reply.stat),
			     sizeof(dl_get_statistics_ack_t) } };
	struct dlpi_stat stat = { .ds_version = DLPI_STAT_VERSION, .ds_size = sizeof(reply.stat),
				  .ds_ipackets64 = 42, .ds_dropped = 7 };

	memcpy(reply.stat, &stat, sizeof(stat));
	answer(&reply, sizeof(reply));
}

static void request(const union DL_primitives *dlp)
{
	dl_notify_ack_t noted = { DL_NOTIFY_ACK, provider.notes };
	dl_error_ack_t error = { DL_ERROR_ACK, dlp->dl_primitive, provider.fail_errno,
				 provider.fail_unix_errno };

	sprintf(provider.asked + strlen(provider.asked), "%x ", dlp->dl_primitive);
	if (dlp->dl_primitive == provider.mute_primitive)
		return;
	if (dlp->dl_primitive == provider.fail_primitive) {
		answer(&error, sizeof(error));
		return;
	}
	switch (dlp->dl_primitive) {
	case DL_INFO_REQ:
		answer_info();
		return;
	case DL_BIND_REQ:
		answer_bind(dlp->bind_req.dl_sap);
		return;
	case DL_PHYS_ADDR_REQ:
		answer_address();
		return;
	case DL_GET_STATISTICS_REQ:
		answer_statistics();
		return;
	case DL_NOTIFY_REQ:
		provider.notes_wanted = dlp->notify_req.dl_notifications;
		answer(&noted, sizeof(noted));
		return;
	case DL_ATTACH_REQ:
		provider.ppa_attached = dlp->attach_req.dl_ppa;
		break;
	case DL_UNBIND_REQ:
		provider.state = DL_UNBOUND;
		break;
	}
	answer_ok(dlp->dl_primitive);
}

/* ---- the calls of libdlpi --------------------------------------------------- */

int isastream(int fd)
{
	return fd == FAKE_FD && provider.is_stream;
}

int putmsg(int fd, const struct strbuf *ctl, const struct strbuf *data, int flags)
{
	union DL_primitives dlp = { 0 };

	(void)fd;
	(void)flags;
	if (interrupted())
		return -1;
	if (provider.hung_up) {
		errno = ENXIO;
		return -1;
	}
	if (ctl)
		memcpy(&dlp, ctl->buf, ctl->len < (int)sizeof(dlp) ? ctl->len : (int)sizeof(dlp));
	if (ctl && dlp.dl_primitive != DL_UNITDATA_REQ)
		provider.sent_datalen = -1;
	provider.sent_ctllen = ctl ? ctl->len : -1;
	if (ctl)
		memcpy(provider.sent_ctl, ctl->buf, ctl->len);
	if (ctl && dlp.dl_primitive != DL_UNITDATA_REQ) {
		request(&dlp);
		return 0;
	}
	provider.sent_datalen = data->len;
	memcpy(provider.sent_data, data->buf, data->len);
	return 0;
}

/* take_part - as much of it as there is room for; says if more is left */
static int take_part(struct strbuf *to, unsigned char *from, int *length)
{
	int taken = *length < to->maxlen ? *length : to->maxlen;

	to->len = *length < 0 ? -1 : taken;
	if (*length < 0)
		return 0;
	memcpy(to->buf, from, taken);
	memmove(from, from + taken, *length - taken);
	*length -= taken;
	if (!*length)
		*length = -1;
	return *length > 0;
}

int getmsg(int fd, struct strbuf *restrict ctl, struct strbuf *restrict data, int *restrict flags)
{
	struct message *message = queue;
	int more;

	(void)fd;
	if (!message && provider.hung_up) {
		ctl->len = 0;
		data->len = 0;
		return 0;
	}
	if (!message || (*flags == RS_HIPRI && !message->hipri)) {
		errno = EAGAIN;
		return -1;
	}
	more = take_part(ctl, message->ctl, &message->ctllen) ? MORECTL : 0;
	more |= take_part(data, message->data, &message->datalen) ? MOREDATA : 0;
	*flags = message->hipri ? RS_HIPRI : 0;
	if (!more)
		forget(message);
	return more;
}

int __wrap_open(const char *path, int flags, ...)
{
	int error = strcmp(path, "/dev/streams/nic7") ? provider.style2 : provider.style1;

	(void)flags;
	if (interrupted())
		return -1;
	if (error) {
		errno = error;
		return -1;
	}
	strcat(strcat(provider.nodes, path), " ");
	return FAKE_FD;
}

int __wrap_close(int fd)
{
	provider.closed += fd == FAKE_FD;
	return 0;
}

/* Nothing changes while one waits: what is not there will not come. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int msec)
{
	(void)count;
	fds->revents = 0;
	if (interrupted()) {
		provider.now += 100;
		return -1;
	}
	if (provider.hung_up)
		fds->revents |= POLLHUP;
	else if (fds->events & POLLOUT)
		fds->revents |= POLLOUT;
	if (queue && queue->hipri)
		fds->revents |= fds->events & POLLPRI;
	else if (queue)
		fds->revents |= fds->events & POLLIN;
	if (!fds->revents)
		provider.now += msec;
	return fds->revents != 0;
}

int __wrap_ioctl(int fd, unsigned long command, ...)
{
	const struct strioctl *request;
	va_list args;

	(void)fd;
	va_start(args, command);
	request = va_arg(args, const struct strioctl *);
	va_end(args);
	errno = provider.ioctl_interrupts ? EINTR : 0;
	if (errno && provider.ioctl_interrupts--)
		return -1;
	if (command == I_STR && request->ic_cmd == DLIOCRAW)
		errno = provider.raw_errno;
	if (command == I_STR && request->ic_cmd == DLIOCNATIVE)
		errno = provider.native_errno;
	return errno ? -1 : 0;
}

/* Names of nodes, for dlpi_walk(). */
int __wrap_scandir(const char *folder, struct dirent ***entries,
		   int (*filter)(const struct dirent *),
		   int (*order)(const struct dirent **, const struct dirent **))
{
	static const char *const names[] = { "nic", "nic7", "nic8" };
	int count = sizeof(names) / sizeof(*names);

	(void)folder;
	(void)filter;
	(void)order;
	*entries = calloc(count, sizeof(**entries));
	for (int i = 0; i < count; i++) {
		(*entries)[i] = calloc(1, sizeof(***entries));
		strcpy((*entries)[i]->d_name, names[i]);
	}
	return count;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	(void)clock;
	now->tv_sec = provider.now / 1000;
	now->tv_nsec = provider.now % 1000 * 1000000;
	return 0;
}
