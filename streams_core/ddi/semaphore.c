// SPDX-License-Identifier: GPL-2.0-only
/* ksema_t: Linux's semaphore. */
#include <linux/semaphore.h>
#include <strm/rules.h>
#include "local.h"
#include "sync.h"
#include <sys/semaphore.h>

static struct semaphore *to_semaphore(ksema_t *sp)
{
	return &to_linux(struct strm_semaphore, sp)->semaphore;
}

void strm_sema_init(ksema_t *sp, uint_t value, char *name, ksema_type_t type, void *arg)
{
	sema_init(to_semaphore(sp), value);
}

void sema_destroy(ksema_t *sp)
{
	WARN_ONCE(!list_empty(&to_semaphore(sp)->wait_list),
		  "streams: a semaphore is destroyed while somebody waits\n");
}

void sema_p(ksema_t *sp)
{
	if (strm_rules_on)
		strm_rules_sleeping("sema_p");
	down(to_semaphore(sp));
}

int sema_p_sig(ksema_t *sp)
{
	if (strm_rules_on)
		strm_rules_sleeping("sema_p_sig");
	return down_interruptible(to_semaphore(sp)) != 0;
}

int sema_tryp(ksema_t *sp)
{
	return !down_trylock(to_semaphore(sp));
}

void sema_v(ksema_t *sp)
{
	up(to_semaphore(sp));
}
