/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/semaphore.h>: counting semaphores, semaphore(9F).
 *
 * In a file that has included linux/semaphore.h, sema_init is Linux's, and the
 * DDI's is strm_sema_init().
 */
#ifndef _SYS_SEMAPHORE_H
#define _SYS_SEMAPHORE_H

#include <sys/types.h>
#include <sys/names.h>
#include <sys/lock_class.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct strm_ksema {
	STRM_STORAGE(LIN_KSEMA_SIZE, LIN_KSEMA_ALIGN);
} ksema_t;

typedef enum { SEMA_DEFAULT = 0, SEMA_DRIVER = 1 } ksema_type_t;

#ifndef __LINUX_SEMAPHORE_H
#define sema_init	strm_sema_init
#endif

/**
 * strm_sema_init() - make a semaphore, sema_init(9F)
 * @sp: the semaphore
 * @value: how many may pass before the first sema_v()
 * @name: ignored, NULL
 * @type: SEMA_DRIVER; all types are the same
 * @arg: ignored, NULL
 *
 * Modules call it sema_init().
 *
 * Context: any.
 */
void strm_sema_init(ksema_t *sp, uint_t value, char *name, ksema_type_t type, void *arg);

/**
 * sema_destroy() - a semaphore is not used any more, sema_destroy(9F)
 * @sp: the semaphore; nobody waits
 *
 * Context: any.
 */
void sema_destroy(ksema_t *sp);

/**
 * sema_p() - take one, sleep until there is one, sema_p(9F)
 * @sp: the semaphore
 *
 * Context: process; no lock held.
 */
void sema_p(ksema_t *sp);

/**
 * sema_p_sig() - take one, sleep until there is one or a signal comes, sema_p_sig(9F)
 * @sp: the semaphore
 *
 * Context: process; no lock held.
 * Return: 0 if taken; nonzero for a signal, and nothing is taken.
 */
int sema_p_sig(ksema_t *sp);

/**
 * sema_tryp() - take one if there is one, sema_tryp(9F)
 * @sp: the semaphore
 *
 * Context: any, interrupt included.
 * Return: nonzero if taken, 0 if there is none.
 */
int sema_tryp(ksema_t *sp);

/**
 * sema_v() - give one, sema_v(9F)
 * @sp: the semaphore
 *
 * Context: any, interrupt included.
 */
void sema_v(ksema_t *sp);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_SEMAPHORE_H */
