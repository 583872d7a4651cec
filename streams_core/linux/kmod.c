// SPDX-License-Identifier: GPL-2.0-only
/* Modules that are loaded and held, and the user who asks for it. */
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/init_task.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include "shim.h"

int lin_try_module_get(struct module *owner)
{
	return try_module_get(owner);
}

void lin_module_put(struct module *owner)
{
	module_put(owner);
}

/* The prefix sees to it that a user can load STREAMS modules, and nothing else. */
int lin_request_module(const char *prefix, const char *name)
{
	return request_module("%s%s", prefix, name);
}

const cred_t *lin_current_cred(void)
{
	return (const cred_t *)current_cred();
}

/* The first task's, which never change. */
const cred_t *lin_kernel_cred(void)
{
	return (const cred_t *)rcu_access_pointer(init_task.real_cred);
}

/* Of the process, in the first name space. */
pid_t lin_current_pid(void)
{
	return task_tgid_nr(current);
}

const cred_t *lin_get_cred(const cred_t *cred)
{
	/* it clears non_rcu by a plain store, whoever else does so meanwhile */
	return (const cred_t *)data_race(get_cred((const struct cred *)cred));
}

void lin_put_cred(const cred_t *cred)
{
	put_cred((const struct cred *)cred);
}

int lin_in_compat_syscall(void)
{
	return in_compat_syscall();
}
