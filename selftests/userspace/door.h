/* SPDX-License-Identifier: GPL-2.0-only */
/* <strm/linux.h> for the files that implement it with what a C library has. */
#ifndef _USERSPACE_DOOR_H
#define _USERSPACE_DOOR_H

#include <sys/types.h>

/* Names of the DDI's <sys/types.h>, which is not the one that was included here. */
typedef unsigned int major_t;
typedef unsigned int minor_t;
typedef void *timeout_id_t;
typedef struct strm_cred cred_t;

#include <strm/linux.h>
#include "machine.h"

/* machine.c: this thread has a CPU, any; and no interrupt comes. */
void machine_irqs_off(void);
void machine_irqs_on(void);
void machine_may_sleep(const char *what);

/* locks.c */
void machine_spin(unsigned int *lock);
void machine_unspin(unsigned int *lock);

/* wait.c */
void machine_wake(unsigned int *word, unsigned int number);
void machine_wait_while(unsigned int *word, unsigned int value, unsigned int number);

/* timer.c */
void machine_start_timers(void);
void machine_stop_timers(void);

#endif /* _USERSPACE_DOOR_H */
