/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/policy.h>: may they?  Each asks for one capability in the initial user name space. */
#ifndef _SYS_POLICY_H
#define _SYS_POLICY_H

#include <sys/types.h>
#include <sys/names.h>
#include <sys/cred.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * secpolicy_net_config() - may somebody configure the network
 * @cr: credentials
 * @checkonly: ignored; nothing is logged
 *
 * Context: any.
 * Return: 0 with CAP_NET_ADMIN, EPERM without.
 */
int secpolicy_net_config(const cred_t *cr, boolean_t checkonly);

/**
 * secpolicy_net_rawaccess() - may somebody see and send raw packets
 * @cr: credentials
 *
 * Context: any.
 * Return: 0 with CAP_NET_RAW, EPERM without.
 */
int secpolicy_net_rawaccess(const cred_t *cr);

/**
 * secpolicy_sys_config() - may somebody configure the system
 * @cr: credentials
 * @checkonly: ignored; nothing is logged
 *
 * Context: any.
 * Return: 0 with CAP_SYS_ADMIN, EPERM without.
 */
int secpolicy_sys_config(const cred_t *cr, boolean_t checkonly);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_POLICY_H */
