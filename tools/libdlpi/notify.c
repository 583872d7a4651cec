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

/* Frees what is disabled, unless somebody further out is on his way through the list. */
static void sweep(dlpi_handle_t dh)
{
	dlpi_notifyid_t *link = &dh->notes, note;

	while (!dh->telling && *link) {
		note = *link;
		if (note->notes) {
			link = &note->next;
			continue;
		}
		*link = note->next;
		free(note);
	}
}

int dlpi_disabnotify(dlpi_handle_t dh, dlpi_notifyid_t id, void **arg)
{
	dlpi_notifyid_t note;
	uint_t before, supported;

	if (!dh)
		return DLPI_EINHANDLE;
	before = registered(dh);
	for (note = dh->notes; note && note != id; note = note->next)
		;
	if (!note || !note->notes)
		return DLPI_ENOTEIDINVAL;
	note->notes = 0;
	if (arg)
		*arg = note->arg;
	sweep(dh);
	if (registered(dh) == before)
		return DLPI_SUCCESS;
	return ask_for(dh, registered(dh), &supported);
}

/*
 * Who is told may disable any registration: it stays in the list until the end.  And what
 * he calls may bring the next notification, which is told from inside.
 */
dlpi_local void dlpi_notified(dlpi_handle_t dh, const union dlpi_ctl *ctl, size_t length)
{
	const dl_notify_ind_t *ind = &ctl->dlp.notify_ind;
	dlpi_notifyinfo_t info = { 0 };
	dlpi_notifyid_t note;

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
	dh->telling++;
	for (note = dh->notes; note; note = note->next) {
		if (note->notes & info.dni_note)
			note->fn(dh, &info, note->arg);
	}
	dh->telling--;
	sweep(dh);
}
