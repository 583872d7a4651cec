// SPDX-License-Identifier: GPL-2.0-only
/* Credentials: a cred_t is Linux's struct cred. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include "local.h"
#include <sys/cred.h>
#include <sys/errno.h>
#include <sys/policy.h>

static const struct cred *to_cred(const cred_t *cr)
{
	return (const struct cred *)cr;
}

uid_t crgetuid(const cred_t *cr)
{
	return __kuid_val(to_cred(cr)->euid);
}

uid_t crgetruid(const cred_t *cr)
{
	return __kuid_val(to_cred(cr)->uid);
}

uid_t crgetsuid(const cred_t *cr)
{
	return __kuid_val(to_cred(cr)->suid);
}

gid_t crgetgid(const cred_t *cr)
{
	return __kgid_val(to_cred(cr)->egid);
}

gid_t crgetrgid(const cred_t *cr)
{
	return __kgid_val(to_cred(cr)->gid);
}

gid_t crgetsgid(const cred_t *cr)
{
	return __kgid_val(to_cred(cr)->sgid);
}

int crgetngroups(const cred_t *cr)
{
	return to_cred(cr)->group_info->ngroups;
}

const gid_t *crgetgroups(const cred_t *cr)
{
	BUILD_BUG_ON(sizeof(kgid_t) != sizeof(gid_t)); /* a gid_t in a wrapper */
	return (const gid_t *)to_cred(cr)->group_info->gid;
}

int groupmember(gid_t gid, const cred_t *cr)
{
	const gid_t *groups = crgetgroups(cr);
	int i;

	if (gid == crgetgid(cr))
		return 1;
	for (i = 0; i < crgetngroups(cr); i++) {
		if (gid == groups[i])
			return 1;
	}
	return 0;
}

void crhold(cred_t *cr)
{
	data_race(get_cred(to_cred(cr))); /* as lin_get_cred() */
}

void crfree(cred_t *cr)
{
	put_cred(to_cred(cr));
}

cred_t *ddi_get_cred(void)
{
	return (cred_t *)current_cred();
}

/* Capabilities of a user name space that any user can make count for nothing here. */
static int need(const cred_t *cr, int capability)
{
	const struct cred *cred = to_cred(cr);

	return cred->user_ns == &init_user_ns && cap_raised(cred->cap_effective, capability) ?
		0 : EPERM;
}

int drv_priv(cred_t *crp)
{
	return need(crp, CAP_SYS_ADMIN);
}

int secpolicy_net_config(const cred_t *cr, boolean_t checkonly)
{
	return need(cr, CAP_NET_ADMIN);
}

int secpolicy_net_rawaccess(const cred_t *cr)
{
	return need(cr, CAP_NET_RAW);
}

int secpolicy_sys_config(const cred_t *cr, boolean_t checkonly)
{
	return need(cr, CAP_SYS_ADMIN);
}
