/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of libdlpi share, and nobody else sees.
 */
#ifndef LIBDLPI_HANDLE_H
#define LIBDLPI_HANDLE_H

#include <libdlpi.h>

/* Large enough for every answer: the structure, and two addresses of the longest kind. */
#define DLPI_CTL_MAX	(sizeof(union DL_primitives) + 4 * DLPI_PHYSADDR_MAX)

/* A control part, and room for one. */
union dlpi_ctl {
	union DL_primitives	dlp;
	unsigned char		bytes[DLPI_CTL_MAX];
};

struct dlpi_message {
	union dlpi_ctl	ctl;
	int		ctllen;		/* -1: none */
	size_t		length, total;	/* of the data: what is here, and what there was */
};

/* Data that came before the notification that was looked for, so many at most. */
#define DLPI_HELD_MAX	64

struct dlpi_held {
	struct dlpi_held	*next;
	struct dlpi_message	message;
	unsigned char		data[];
};

/* Of data that is held, more than this is lost. */
#define DLPI_HELD_BYTES	65536

struct dlpi_handle {
	int		fd;
	int		timeout;	/* seconds that an answer may take */
	uint_t		flags;		/* of dlpi_open() */
	char		linkname[DLPI_LINKNAME_MAX];
	uint_t		sap;		/* once bound; maybe DLPI_ANY_SAP */
	uint_t		promiscuous;	/* bit (1 << level) for each level that is on */
	int		late;		/* an answer did not come in time, and may still come */
	dl_info_ack_t	info;		/* as it was last asked for */
	dlpi_notifyid_t	notes;		/* who wants to be told what */
	int		telling;	/* calls of dlpi_notified() that look at them */
	struct dlpi_held *held;		/* data for who wants it, in order */
	void		*room;		/* DLPI_HELD_BYTES, or NULL: where that comes first */
};

struct dlpi_note {
	dlpi_notifyid_t		next;
	uint_t			notes;		/* 0: disabled, and to be freed */
	dlpi_notifyfunc_t	*fn;
	void			*arg;
};

#define dlpi_local __attribute__((visibility("hidden")))

/* A moment on the clock of dlpi_left(), so many milliseconds from now; -1: never. */
dlpi_local long long dlpi_deadline(int msec);
/* Milliseconds until then, for poll(2). */
dlpi_local int dlpi_left(long long deadline);

/*
 * Sends a request and waits for its answer, which must be of this size at least; what
 * acknowledges another request is no answer.  The result is DLPI_SUCCESS, or that
 * of the function which is to be returned.
 */
dlpi_local int dlpi_request(dlpi_handle_t dh, union dlpi_ctl *ctl, size_t length, uint_t answer,
			    size_t least, size_t *got);
/* The same for requests that are answered by DL_OK_ACK. */
dlpi_local int dlpi_simple_request(dlpi_handle_t dh, union dlpi_ctl *ctl, size_t length);
/* DL_INFO_REQ: leaves the answer in ctl and in dh->info. */
dlpi_local int dlpi_ask_info(dlpi_handle_t dh, union dlpi_ctl *ctl, size_t *got);
/* I_STR with data in and out: the result, or -1 and errno. */
dlpi_local int dlpi_ioctl(dlpi_handle_t dh, int command, void *data, int length);

/* Is [offset, offset + length) inside a control part of this size? */
static inline int dlpi_inside(size_t size, t_uscalar_t offset, t_uscalar_t length)
{
	return offset <= size && length <= size - offset;
}

/* Data that nobody wants now.  DL_SYSERR without memory, and then it is lost. */
dlpi_local int dlpi_hold(dlpi_handle_t dh, const struct dlpi_message *message, const void *data);
/* The first of dh->held, of which there is one: so much of its data as there is room for. */
dlpi_local void dlpi_take_held(dlpi_handle_t dh, struct dlpi_message *message, void *data,
			       size_t room);
dlpi_local void dlpi_forget_held(dlpi_handle_t dh);

/* Bytes of the SAP in a DLSAP. */
static inline size_t dlpi_saplen(dlpi_handle_t dh)
{
	return dh->info.dl_sap_length < 0 ? -dh->info.dl_sap_length : dh->info.dl_sap_length;
}

/* The address in a DLSAP: it is behind the SAP, or before it. */
static inline size_t dlpi_split(dlpi_handle_t dh, const unsigned char *dlsap, size_t length,
				const unsigned char **address)
{
	size_t sap = dlpi_saplen(dh);

	if (length < sap)
		sap = 0;
	*address = dh->info.dl_sap_length > 0 ? dlsap + sap : dlsap;
	return length - sap;
}

/* A DL_NOTIFY_IND has come: tells who wanted to know. */
dlpi_local void dlpi_notified(dlpi_handle_t dh, const union dlpi_ctl *ctl, size_t length);

#endif /* LIBDLPI_HANDLE_H */
