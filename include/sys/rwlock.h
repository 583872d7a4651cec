/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/rwlock.h>: locks for many readers or one writer, rwlock(9F).
 *
 * Like a mutex it is a spin lock: no holder sleeps, and bottom halves are off, or
 * interrupts if it has an interrupt cookie.  Readers and writers get it in the order
 * in which they come; so who holds it as a reader must not ask for it again.  On
 * PREEMPT_RT there is one reader at a time.
 */
#ifndef _SYS_RWLOCK_H
#define _SYS_RWLOCK_H

#include <sys/types.h>
#include <sys/names.h>
#include <sys/lock_class.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct strm_krwlock {
	STRM_STORAGE(LIN_KRWLOCK_SIZE, LIN_KRWLOCK_ALIGN);
} krwlock_t;

typedef enum { RW_DRIVER = 2, RW_DEFAULT = 4 } krw_type_t;
typedef enum { RW_WRITER = 0, RW_READER = 1 } krw_t;

void strm_rw_init_class(krwlock_t *rwlp, krw_type_t type, void *cookie, const char *name,
			struct strm_lock_class *lock_class);
void strm_rw_init_plain(krwlock_t *rwlp, char *name, krw_type_t type, void *cookie);

/**
 * rw_init() - make a readers/writer lock, rw_init(9F)
 * @rwlp: the lock
 * @name: ignored, NULL
 * @type: RW_DRIVER; all types are the same
 * @cookie: NULL, or the interrupt cookie or priority of a handler that takes it too
 *
 * Also there as a function, (rw_init)(), whose locks are one class to lockdep.
 *
 * Context: any.
 */
#define rw_init(rwlp, name, type, cookie)					\
	((void)(name), strm_rw_init_class((rwlp), (type), (void *)(cookie), #rwlp,	\
					  STRM_LOCK_CLASS()))

static inline void (rw_init)(krwlock_t *rwlp, char *name, krw_type_t type, void *cookie)
{
	strm_rw_init_plain(rwlp, name, type, cookie);
}

/**
 * rw_destroy() - a readers/writer lock is not used any more, rw_destroy(9F)
 * @rwlp: the lock; nobody holds it
 *
 * Context: any.
 */
void rw_destroy(krwlock_t *rwlp);

/**
 * rw_enter() - take a readers/writer lock, rw_enter(9F)
 * @rwlp: the lock; the caller does not hold it in any way
 * @how: RW_READER or RW_WRITER
 *
 * Context: any, interrupt only if it has an interrupt cookie.
 */
void rw_enter(krwlock_t *rwlp, krw_t how);

/**
 * rw_tryenter() - take a readers/writer lock if that is possible at once, rw_tryenter(9F)
 * @rwlp: the lock
 * @how: RW_READER or RW_WRITER
 *
 * Context: as rw_enter().
 * Return: nonzero if the caller has it now; 0 if it is held in a way that excludes
 * this, or a writer waits.
 */
int rw_tryenter(krwlock_t *rwlp, krw_t how);

/**
 * rw_exit() - release a readers/writer lock, rw_exit(9F)
 * @rwlp: the lock, which the caller holds
 *
 * Context: that of rw_enter(), on the same CPU.
 */
void rw_exit(krwlock_t *rwlp);

/**
 * rw_downgrade() - go on as a reader, rw_downgrade(9F)
 * @rwlp: the lock, which the caller holds as the writer
 *
 * No writer gets in between.  Readers that wait get in.
 *
 * Context: that of rw_enter().
 */
void rw_downgrade(krwlock_t *rwlp);

/**
 * rw_tryupgrade() - go on as the writer if that is possible at once, rw_tryupgrade(9F)
 * @rwlp: the lock, which the caller holds as a reader
 *
 * No writer gets in between.
 *
 * Context: that of rw_enter().
 * Return: nonzero if the caller is the writer now; 0 if there are other readers or
 * a writer waits, and the caller is a reader still.
 */
int rw_tryupgrade(krwlock_t *rwlp);

/**
 * rw_read_locked() - is the lock held by readers, rw_read_locked(9F)
 * @rwlp: the lock, which the caller holds in some way
 *
 * Context: that of rw_enter().
 * Return: nonzero if by readers, 0 if by a writer.
 */
int rw_read_locked(krwlock_t *rwlp);

/**
 * rw_lock_held() - is the lock held by anybody
 * @rwlp: the lock
 *
 * Context: any; for assertions.
 * Return: nonzero if so.
 */
int rw_lock_held(krwlock_t *rwlp);

/**
 * rw_write_held() - is the caller the writer
 * @rwlp: the lock
 *
 * Context: any; for assertions.
 * Return: nonzero if so.
 */
int rw_write_held(krwlock_t *rwlp);

#define rw_read_held(rwlp)	rw_read_locked(rwlp)
#define RW_READ_HELD(rwlp)	rw_read_locked(rwlp)
#define RW_WRITE_HELD(rwlp)	rw_write_held(rwlp)
#define RW_LOCK_HELD(rwlp)	rw_lock_held(rwlp)
#define RW_ISWRITER(rwlp)	rw_write_held(rwlp)

#ifdef __cplusplus
}
#endif

#endif /* _SYS_RWLOCK_H */
