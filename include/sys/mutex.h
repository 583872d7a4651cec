/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/mutex.h>: locks that one holds, mutex(9F).
 *
 * Put and service procedures run with bottom halves off and cannot sleep, so a
 * mutex is a spin lock: whoever holds one does not sleep either (cv_wait()
 * releases it).  Without an interrupt cookie bottom halves are off while
 * it is held, with one interrupts are.
 *
 * In a file that has included linux/mutex.h, mutex_init and mutex_destroy are Linux's,
 * and the DDI's are strm_mutex_init_plain() and strm_mutex_destroy().
 */
#ifndef _SYS_MUTEX_H
#define _SYS_MUTEX_H

#include <sys/types.h>
#include <sys/names.h>
#include <sys/lock_class.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct strm_kmutex {
	STRM_STORAGE(LIN_KMUTEX_SIZE, LIN_KMUTEX_ALIGN);
} kmutex_t;

typedef enum {
	MUTEX_ADAPTIVE = 0,
	MUTEX_SPIN = 1,
	MUTEX_DRIVER = 4,
	MUTEX_DEFAULT = 6
} kmutex_type_t;

void strm_mutex_init_class(kmutex_t *mp, kmutex_type_t type, void *cookie, const char *name,
			   struct strm_lock_class *lock_class);
void strm_mutex_init_plain(kmutex_t *mp, char *name, kmutex_type_t type, void *cookie);
void strm_mutex_destroy(kmutex_t *mp);

#ifndef __LINUX_MUTEX_H
/**
 * mutex_init() - make a mutex, mutex_init(9F)
 * @mp: the mutex
 * @name: ignored, NULL
 * @type: MUTEX_DRIVER; all types are the same
 * @cookie: NULL, or the interrupt cookie or priority of a handler that takes it too
 *
 * Also there as a function, (mutex_init)(), whose mutexes are one class to lockdep.
 *
 * Context: any.
 */
#define mutex_init(mp, name, type, cookie)					\
	((void)(name), strm_mutex_init_class((mp), (type), (void *)(cookie), #mp,	\
					     STRM_LOCK_CLASS()))

static inline void (mutex_init)(kmutex_t *mp, char *name, kmutex_type_t type, void *cookie)
{
	strm_mutex_init_plain(mp, name, type, cookie);
}

/**
 * mutex_destroy() - a mutex is not used any more, mutex_destroy(9F)
 *
 * Its argument is the mutex, which nobody holds but perhaps the caller.
 *
 * Context: any.
 */
#define mutex_destroy	strm_mutex_destroy
#endif /* __LINUX_MUTEX_H */

/**
 * mutex_enter() - take a mutex, mutex_enter(9F)
 * @mp: the mutex; the caller does not hold it
 *
 * Mutexes may be released in another order than they were taken.
 *
 * Context: any, interrupt only if it has an interrupt cookie.
 */
void mutex_enter(kmutex_t *mp);

/**
 * mutex_tryenter() - take a mutex if it is free, mutex_tryenter(9F)
 * @mp: the mutex
 *
 * Context: as mutex_enter().
 * Return: nonzero if the caller has it now, 0 if another has.
 */
int mutex_tryenter(kmutex_t *mp);

/**
 * mutex_exit() - release a mutex, mutex_exit(9F)
 * @mp: the mutex, which the caller holds
 *
 * Context: that of mutex_enter(), on the same CPU.
 */
void mutex_exit(kmutex_t *mp);

/**
 * mutex_owned() - does the caller hold a mutex, mutex_owned(9F)
 * @mp: the mutex
 *
 * For assertions.
 *
 * Context: any.
 * Return: nonzero if so.
 */
int mutex_owned(const kmutex_t *mp);

#define MUTEX_HELD(mp)		mutex_owned(mp)
#define MUTEX_NOT_HELD(mp)	(!mutex_owned(mp))

#ifdef __cplusplus
}
#endif

#endif /* _SYS_MUTEX_H */
