/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/ddi.h>: the driver interface around STREAMS, as far as it has begun. */
#ifndef _SYS_DDI_H
#define _SYS_DDI_H

#include <sys/types.h>
#include <sys/names.h>
#include <sys/conf.h>
#include <sys/errno.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * drv_priv() - is this a privileged user, drv_priv(9F)
 * @crp: credentials, as open or an M_IOCTL brings them
 *
 * Context: any.
 * Return: 0 for a user with CAP_SYS_ADMIN, EPERM for others.
 */
int drv_priv(cred_t *crp);

#define bcopy(from, to, n)	__builtin_memmove((to), (from), (n))
#define bzero(to, n)		__builtin_memset((to), 0, (n))
#define bcmp(a, b, n)		__builtin_memcmp((a), (b), (n))

#ifdef __cplusplus
}
#endif

#endif /* _SYS_DDI_H */
