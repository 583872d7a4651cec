/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/cred.h>: who makes a request.  A cred_t is opaque.  Numbers of users and groups
 * are those of the initial user name space.
 */
#ifndef _SYS_CRED_H
#define _SYS_CRED_H

#include <sys/types.h>
#include <sys/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * crgetuid() - effective user, ddi_cred(9F)
 * @cr: credentials
 *
 * Context: any.
 * Return: number of the user.
 */
uid_t crgetuid(const cred_t *cr);

/**
 * crgetruid() - real user, ddi_cred(9F)
 * @cr: credentials
 *
 * Context: any.
 * Return: number of the user.
 */
uid_t crgetruid(const cred_t *cr);

/**
 * crgetsuid() - saved user, ddi_cred(9F)
 * @cr: credentials
 *
 * Context: any.
 * Return: number of the user.
 */
uid_t crgetsuid(const cred_t *cr);

/**
 * crgetgid() - effective group, ddi_cred(9F)
 * @cr: credentials
 *
 * Context: any.
 * Return: number of the group.
 */
gid_t crgetgid(const cred_t *cr);

/**
 * crgetrgid() - real group, ddi_cred(9F)
 * @cr: credentials
 *
 * Context: any.
 * Return: number of the group.
 */
gid_t crgetrgid(const cred_t *cr);

/**
 * crgetsgid() - saved group, ddi_cred(9F)
 * @cr: credentials
 *
 * Context: any.
 * Return: number of the group.
 */
gid_t crgetsgid(const cred_t *cr);

/**
 * crgetngroups() - how many supplementary groups, ddi_cred(9F)
 * @cr: credentials
 *
 * Context: any.
 * Return: their number.
 */
int crgetngroups(const cred_t *cr);

/**
 * crgetgroups() - the supplementary groups, ddi_cred(9F)
 * @cr: credentials
 *
 * Context: any.
 * Return: crgetngroups() numbers, which are there as long as @cr is.
 */
const gid_t *crgetgroups(const cred_t *cr);

/**
 * groupmember() - is somebody in a group
 * @gid: number of the group
 * @cr: credentials
 *
 * Context: any.
 * Return: 1 if it is the effective group or a supplementary one, 0 if not.
 */
int groupmember(gid_t gid, const cred_t *cr);

/**
 * crhold() - keep credentials, crhold(9F)
 * @cr: credentials; give them back by crfree()
 *
 * Context: any.
 */
void crhold(cred_t *cr);

/**
 * crfree() - give credentials back, crhold(9F)
 * @cr: credentials
 *
 * Context: any.
 */
void crfree(cred_t *cr);

/**
 * ddi_get_cred() - who makes this request, ddi_get_cred(9F)
 *
 * Context: process.
 * Return: the caller's credentials, which are there until the request is done;
 * crhold() keeps them longer.
 */
cred_t *ddi_get_cred(void);

#define CRED()		ddi_get_cred()

/**
 * drv_priv() - is this a privileged user, drv_priv(9F)
 * @crp: credentials, as open or an M_IOCTL brings them
 *
 * Context: any.
 * Return: 0 for who has CAP_SYS_ADMIN in the initial user name space, EPERM for others.
 */
int drv_priv(cred_t *crp);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_CRED_H */
