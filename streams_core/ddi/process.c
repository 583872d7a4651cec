// SPDX-License-Identifier: GPL-2.0-only
/* The process that calls: its memory, its numbers, and signals to it. */
#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "local.h"
#include <sys/ddi.h>

/* Where one cannot sleep, a page that is not there cannot be waited for. */
int copyin(const void *from, void *to, size_t n)
{
	const void __user *user = (const void __user __force *)from;

	if (strm_cannot_sleep())
		return copy_from_user_nofault(to, user, n) ? -1 : 0;
	return copy_from_user(to, user, n) ? -1 : 0;
}

int copyout(const void *from, void *to, size_t n)
{
	void __user *user = (void __user __force *)to;

	if (strm_cannot_sleep())
		return copy_to_user_nofault(user, from, n) ? -1 : 0;
	return copy_to_user(user, from, n) ? -1 : 0;
}

int ddi_copyin(const void *from, void *to, size_t n, int flags)
{
	if (!(flags & FKIOCTL))
		return copyin(from, to, n);
	memcpy(to, from, n);
	return 0;
}

int ddi_copyout(const void *from, void *to, size_t n, int flags)
{
	if (!(flags & FKIOCTL))
		return copyout(from, to, n);
	memcpy(to, from, n);
	return 0;
}

pid_t ddi_get_pid(void)
{
	return task_tgid_nr(current);
}

int drv_getparm(unsigned int what, void *value_p)
{
	switch (what) {
	case LBOLT:
		*(clock_t *)value_p = ddi_get_lbolt();
		return 0;
	case TIME:
		*(time_t *)value_p = ddi_get_time();
		return 0;
	case PPID:
		*(pid_t *)value_p = ddi_get_pid();
		return 0;
	case PPGRP:
		*(pid_t *)value_p = task_pgrp_nr_ns(current, &init_pid_ns);
		return 0;
	case PSID:
		*(pid_t *)value_p = task_session_nr_ns(current, &init_pid_ns);
		return 0;
	case UCRED:
		*(cred_t **)value_p = ddi_get_cred();
		return 0;
	}
	return -1;
}

void *proc_ref(void)
{
	return get_pid(task_tgid(current));
}

int proc_signal(void *pref, int sig)
{
	return kill_pid(pref, sig, 1) ? -1 : 0;
}

void proc_unref(void *pref)
{
	put_pid(pref);
}
