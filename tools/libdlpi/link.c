// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of links, and handles for them.
 *
 * The link "e1000g0" is PPA 0 of the provider "e1000g".  Its node of style 1 is
 * /dev/streams/e1000g0; where that is missing, /dev/streams/e1000g is opened and attached.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stropts.h>
#include <unistd.h>

#include "handle.h"

#define NODES		"/dev/streams/"
#define KNOWN_FLAGS	(DLPI_PASSIVE | DLPI_RAW | DLPI_SERIAL | DLPI_NOATTACH | DLPI_NATIVE | \
			 DLPI_DEVIPNET | DLPI_IPNETINFO)

/* Letters, digits and _, beginning with a letter, and a number that does not begin with 0. */
int dlpi_parselink(const char *linkname, char *provider, uint_t *ppa)
{
	size_t length = linkname ? strlen(linkname) : 0, name = length;
	unsigned long number;

	if (!length || length >= DLPI_LINKNAME_MAX || !isalpha((unsigned char)*linkname))
		return DLPI_ELINKNAMEINVAL;
	for (const char *p = linkname; *p; p++) {
		if (!isalnum((unsigned char)*p) && *p != '_')
			return DLPI_ELINKNAMEINVAL;
	}
	while (isdigit((unsigned char)linkname[name - 1]))
		name--;
	if (name == length || (linkname[name] == '0' && length - name > 1))
		return DLPI_ELINKNAMEINVAL;
	number = strtoul(linkname + name, NULL, 10);
	if (length - name > 9)
		return DLPI_ELINKNAMEINVAL;
	if (provider) {
		memcpy(provider, linkname, name);
		provider[name] = '\0';
	}
	if (ppa)
		*ppa = number;
	return DLPI_SUCCESS;
}

/*
 * What is no provider does not know this ioctl.  So who looks for links sends no DL_INFO_REQ:
 * to a driver like loop that is data, and who reads that may be anybody.  A provider of
 * old need not know it either: who opens a link by its name is taken at his word.
 */
static int knows_dlpi(dlpi_handle_t dh)
{
	return dlpi_ioctl(dh, DLIOCNATIVE, NULL, 0) >= 0;
}

/* open_node - DLPI_ENOLINK where there is no such node, or nothing behind it */
static int open_node(dlpi_handle_t dh, const char *name)
{
	char path[sizeof(NODES) + DLPI_LINKNAME_MAX];

	snprintf(path, sizeof(path), NODES "%s", name);
	do {
		dh->fd = open(path, O_RDWR | O_CLOEXEC);
	} while (dh->fd < 0 && errno == EINTR);
	if (dh->fd < 0)
		return errno == ENOENT || errno == ENXIO || errno == ENODEV ? DLPI_ENOLINK :
									      DL_SYSERR;
	return isastream(dh->fd) == 1 ? DLPI_SUCCESS : DLPI_EBADLINK;
}

static int attach(dlpi_handle_t dh, uint_t ppa)
{
	union dlpi_ctl ctl = { .dlp.attach_req = {
		.dl_primitive = DL_ATTACH_REQ,
		.dl_ppa = ppa,
	} };
	int result = dlpi_simple_request(dh, &ctl, DL_ATTACH_REQ_SIZE);

	return result == DL_BADPPA ? DLPI_ENOLINK : result;
}

/* Is this a driver that we can talk with? */
static int check_info(dlpi_handle_t dh)
{
	union dlpi_ctl ctl;
	size_t got, saplen;
	int result = dlpi_ask_info(dh, &ctl, &got);

	if (result == DLPI_ETIMEDOUT && !knows_dlpi(dh))
		return DLPI_EBADLINK;
	if (result != DLPI_SUCCESS)
		return result;
	saplen = dlpi_saplen(dh);
	if (dh->info.dl_version != DL_VERSION_2)
		return DLPI_EVERNOTSUP;
	if (!(dh->info.dl_service_mode & DL_CLDLS))
		return DLPI_EMODENOTSUP;
	if (saplen > sizeof(uint_t) || saplen == 3)
		return DLPI_EBADLINK;
	return DLPI_SUCCESS;
}

/* Style 1 by preference; style 2 is attached, unless it is wanted as it is. */
static int open_style(dlpi_handle_t dh, const char *provider, uint_t ppa)
{
	int result = DLPI_ENOLINK;

	if (!(dh->flags & DLPI_NOATTACH))
		result = open_node(dh, dh->linkname);
	if (result == DLPI_SUCCESS)
		return check_info(dh);
	if (result != DLPI_ENOLINK)
		return result;
	result = open_node(dh, provider);
	if (result == DLPI_SUCCESS)
		result = check_info(dh);
	if (result != DLPI_SUCCESS)
		return result;
	if (dh->info.dl_provider_style != DL_STYLE2)
		return dh->flags & DLPI_NOATTACH ? DLPI_ENOTSTYLE2 : DLPI_EBADLINK;
	if (dh->flags & DLPI_NOATTACH)
		return DLPI_SUCCESS;
	result = attach(dh, ppa);
	return result == DLPI_SUCCESS ? check_info(dh) : result;
}

/* Passive and native are wishes: a driver without them does as it always does. */
static int set_modes(dlpi_handle_t dh)
{
	union dlpi_ctl ctl = { .dlp.passive_req.dl_primitive = DL_PASSIVE_REQ };
	int result;

	if (dh->flags & DLPI_PASSIVE) {
		result = dlpi_simple_request(dh, &ctl, DL_PASSIVE_REQ_SIZE);
		if (result != DLPI_SUCCESS && result != DL_UNSUPPORTED &&
		    result != DL_NOTSUPPORTED && result != DL_BADPRIM)
			return result;
	}
	if (dh->flags & DLPI_RAW && dlpi_ioctl(dh, DLIOCRAW, NULL, 0) < 0)
		return DLPI_ERAWNOTSUP;
	if (dh->flags & DLPI_NATIVE)
		dlpi_ioctl(dh, DLIOCNATIVE, NULL, 0);
	return DLPI_SUCCESS;
}

int dlpi_open(const char *linkname, dlpi_handle_t *dhp, uint_t flags)
{
	char provider[DLPI_LINKNAME_MAX];
	uint_t ppa;
	dlpi_handle_t dh;
	int result, error;

	if (!dhp || flags & ~KNOWN_FLAGS)
		return DLPI_EINVAL;
	if (flags & DLPI_IPNETINFO)
		return DLPI_EIPNETINFONOTSUP;
	result = dlpi_parselink(linkname, provider, &ppa);
	if (result != DLPI_SUCCESS)
		return result;
	if (flags & DLPI_DEVIPNET)
		return DLPI_ENOLINK;
	dh = calloc(1, sizeof(*dh));
	if (!dh)
		return DL_SYSERR;
	dh->fd = -1;
	dh->timeout = DLPI_DEF_TIMEOUT;
	dh->flags = flags;
	strcpy(dh->linkname, linkname);
	result = open_style(dh, provider, ppa);
	if (result == DLPI_SUCCESS)
		result = set_modes(dh);
	if (result != DLPI_SUCCESS) {
		error = errno;
		dlpi_close(dh);
		errno = error;
		return result;
	}
	*dhp = dh;
	return DLPI_SUCCESS;
}

void dlpi_close(dlpi_handle_t dh)
{
	dlpi_notifyid_t note;

	if (!dh)
		return;
	while (dh->notes) {
		note = dh->notes;
		dh->notes = note->next;
		free(note);
	}
	if (dh->fd >= 0)
		close(dh->fd);
	dlpi_forget_held(dh);
	free(dh->room);
	free(dh);
}

int dlpi_set_timeout(dlpi_handle_t dh, int seconds)
{
	if (!dh)
		return DLPI_EINHANDLE;
	if (seconds < 1 || seconds > 1000000)
		return DLPI_EINVAL;
	dh->timeout = seconds;
	return DLPI_SUCCESS;
}

int dlpi_fd(dlpi_handle_t dh)
{
	return dh ? dh->fd : -1;
}

const char *dlpi_linkname(dlpi_handle_t dh)
{
	return dh ? dh->linkname : NULL;
}

/*
 * Nodes of style 1 are found by their names.  To open one starts its device; so it is the
 * driver's other node that is asked whether this is a provider, if there is one.
 */
static int is_link(const char *name)
{
	struct dlpi_handle dh = { .fd = -1, .timeout = DLPI_DEF_TIMEOUT };
	char provider[DLPI_LINKNAME_MAX];
	int result, known;

	if (dlpi_parselink(name, provider, NULL) != DLPI_SUCCESS)
		return 0;
	result = open_node(&dh, provider);
	if (result == DLPI_ENOLINK)
		result = open_node(&dh, name);
	known = result == DLPI_SUCCESS && knows_dlpi(&dh);
	if (dh.fd >= 0)
		close(dh.fd);
	return known;
}

void dlpi_walk(dlpi_walkfunc_t *fn, void *arg, uint_t flags)
{
	struct dirent **entries;
	int count = scandir(NODES, &entries, NULL, alphasort), done = 0;

	(void)flags;		/* for what may come: 0 */
	for (int i = 0; i < count; i++) {
		if (!done && is_link(entries[i]->d_name))
			done = fn(entries[i]->d_name, arg);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}
