// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: of the link, the speed, the address, the largest SDU.
 *
 * The driver keeps one set of notifications for the stream: it is asked for the sum of
 * what the registrations of the handle want, each time that changes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"

#define ALL_NOTES	((DL_NOTE_CAPAB_RENEG << 1) - 1)

/* ask_for - have the driver tell these; says which of them it can */
static int ask_for(dlpi_handle_t dh, uint_t notes, uint_t *supported)
{
	union dlpi_ctl ctl = { .dlp.notify_req = {
		.dl_primitive = DL_NOTIFY_REQ,
		.dl_notifications = notes,
	} };
	size_t got;
	int result;

	result = dlpi_request(dh, &ctl, DL_NOTIFY_REQ_SIZE, DL_NOTIFY_ACK, DL_NOTIFY_ACK_SIZE,
			      &got);
	if (result == DLPI_SUCCESS)
		*supported = ctl.dlp.notify_ack.dl_notifications;
	return result;
}

static uint_t registered(dlpi_handle_t dh)
{
	uint_t notes = 0;

	for (dlpi_notifyid_t note = dh->notes; note; note = note->next)
		notes |= note->notes;
	return notes;
}

int dlpi_enabnotify(dlpi_handle_t dh, uint_t notes, dlpi_notifyfunc_t *fn, void *arg,
		    dlpi_notifyid_t *id)
{
	dlpi_notifyid_t note;
	uint_t supported;
	int result;

	if (!dh)
		return DLPI_EINHANDLE;
	if (!fn || !id)
		return DLPI_EINVAL;
	if (!notes || notes & ~ALL_NOTES)
		return DLPI_ENOTEINVAL;
	note = malloc(sizeof(*note));
	if (!note) {
		errno = ENOMEM;
		return DL_SYSERR;
	}
	result = ask_for(dh, registered(dh) | notes, &supported);
	if (result == DLPI_SUCCESS && notes & ~supported) {
		result = ask_for(dh, registered(dh), &supported);
		if (result == DLPI_SUCCESS)
			result = DLPI_ENOTENOTSUP;
	}
	if (result != DLPI_SUCCESS) {
		free(note);
		return result;
	}
	*note = (struct dlpi_note){ .next = dh->notes, .notes = notes, .fn = fn, .arg = arg };
	dh->notes = note;
	*id = note;
	return DLPI_SUCCESS;
}

int dlpi_disabnotify(dlpi_handle_t dh, dlpi_notifyid_t id, void **arg)
{
	dlpi_notifyid_t *link;
	uint_t before, supported;

	if (!dh)
		return DLPI_EINHANDLE;
	before = registered(dh);
	for (link = &dh->notes; *link && *link != id; link = &(*link)->next)
		;
	if (!id || !*link)
		return DLPI_ENOTEIDINVAL;
	*link = id->next;
	if (arg)
		*arg = id->arg;
	free(id);
	if (registered(dh) == before)
		return DLPI_SUCCESS;
	return ask_for(dh, registered(dh), &supported);
}

/* Whoever disables his registration from inside is not looked at afterwards. */
dlpi_local void dlpi_notified(dlpi_handle_t dh, const union dlpi_ctl *ctl, size_t length)
{
	const dl_notify_ind_t *ind = &ctl->dlp.notify_ind;
	dlpi_notifyinfo_t info = { 0 };
	dlpi_notifyid_t note, next;

	if (length < DL_NOTIFY_IND_SIZE)
		return;
	info.dni_note = ind->dl_notification;
	switch (ind->dl_notification) {
	case DL_NOTE_SPEED:
		info.dni_speed = ind->dl_data;
		break;
	case DL_NOTE_SDU_SIZE:
		info.dni_size = ind->dl_data;
		dh->info.dl_max_sdu = ind->dl_data;
		break;
	case DL_NOTE_PHYS_ADDR:
		if (!dlpi_inside(length, ind->dl_addr_offset, ind->dl_addr_length) ||
		    ind->dl_addr_length > DLPI_PHYSADDR_MAX)
			return;
		info.dni_physaddrlen = ind->dl_addr_length;
		memcpy(info.dni_physaddr, ctl->bytes + ind->dl_addr_offset, ind->dl_addr_length);
		break;
	}
	for (note = dh->notes; note; note = next) {
		next = note->next;
		if (note->notes & info.dni_note)
			note->fn(dh, &info, note->arg);
	}
}
