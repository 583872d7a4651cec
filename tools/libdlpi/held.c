// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data that came while notifications alone were looked for.  A stream has one queue for
 * both, so what is in front is taken off and kept, in order, for who wants data.  Who
 * never does keeps no more than a few: the others are lost, as those are that a full stream
 * has no room for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"

dlpi_local int dlpi_hold(dlpi_handle_t dh, const struct dlpi_message *message, const void *data)
{
	struct dlpi_held **end = &dh->held, *held;
	int count = 0;

	for (; *end; end = &(*end)->next)
		count++;
	if (count == DLPI_HELD_MAX)
		return DLPI_SUCCESS;
	held = malloc(sizeof(*held) + message->length);
	if (!held) {
		errno = ENOMEM;
		return DL_SYSERR;
	}
	held->next = NULL;
	held->message = *message;
	memcpy(held->data, data, message->length);
	*end = held;
	return DLPI_SUCCESS;
}

dlpi_local void dlpi_take_held(dlpi_handle_t dh, struct dlpi_message *message, void *data,
			       size_t room)
{
	struct dlpi_held *held = dh->held;

	*message = held->message;
	if (message->length > room)
		message->length = room;
	memcpy(data, held->data, message->length);
	dh->held = held->next;
	free(held);
}

dlpi_local void dlpi_forget_held(dlpi_handle_t dh)
{
	struct dlpi_held *held;

	while ((held = dh->held)) {
		dh->held = held->next;
		free(held);
	}
}
