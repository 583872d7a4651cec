/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/ksynch.h>: all of the locks. */
#ifndef _SYS_KSYNCH_H
#define _SYS_KSYNCH_H

#include <sys/mutex.h>
#include <sys/rwlock.h>
#include <sys/condvar.h>
#include <sys/semaphore.h>

#endif /* _SYS_KSYNCH_H */
