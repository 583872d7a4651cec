/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine that linux.c makes of threads.
 *
 * A *CPU* is something that one thread at a time has: from local_bh_disable() to the
 * local_bh_enable() that undoes it, likewise with preemption or interrupts off.  Who
 * wants it meanwhile sleeps, in the order of coming.  Threads go to another CPU by
 * machine_move().  So what the kernel says of a CPU is true here: nobody else runs on
 * it while bottom halves are off, and all that was done on it is seen by who comes
 * after.  Each CPU has a thread besides that has it when an interrupt or a softirq finds
 * nobody, as ksoftirqd does.
 *
 * An interrupt is a signal to the thread that has the CPU; the other kind, for
 * ThreadSanitizer, which holds signals back, and for times, is membarrier(2) and a
 * call by the sender.
 */
#ifndef _USERSPACE_MACHINE_H
#define _USERSPACE_MACHINE_H

#ifdef __cplusplus
extern "C" {
#endif

#define MOST_CPUS		16
#define PERCPU_STRIDE	(256 * 1024UL)	/* bytes from one CPU's copy to the next one's */

/* Of this thread: the distance to the copies of its CPU, and the kind of context. */
extern __thread unsigned long percpu_offset __attribute__((tls_model("initial-exec")));
extern __thread unsigned int context_count __attribute__((tls_model("initial-exec")));

/* The last two break what they are named after, to see that a test finds it. */
enum machine_interrupts {
	MACHINE_SIGNALS, MACHINE_MEMBARRIER,
	MACHINE_NO_FENCE, MACHINE_NO_BARRIER
};

/* @pinned: CPU n stays on CPU n of the host, as far as it has one. */
void machine_start(int cpus, enum machine_interrupts interrupts, int pinned);
void machine_stop(void);	/* all threads are joined, all work is done */

/* A thread of a process, which begins on @cpu. */
struct machine_thread;
struct machine_thread *machine_run(int cpu, void (*func)(void *arg), void *arg);
void machine_join(struct machine_thread *thread);
void machine_move(int cpu);
int machine_cpu(void);

int machine_host_cpus(void);
unsigned long long machine_nanoseconds(void);
unsigned long long machine_thread_nanoseconds(void);	/* that this thread has run */
void machine_sleep(unsigned int microseconds);
void machine_sleep_until(unsigned long long nanoseconds);
void machine_yield(void);
void machine_urgent(void);	/* this thread goes before all others, if that is allowed */
void machine_fence(void);	/* what MACHINE_MEMBARRIER sends, alone */
unsigned long machine_stat(int what);	/* what lin_count() has counted */
void machine_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#ifdef __cplusplus
}
#endif

#endif /* _USERSPACE_MACHINE_H */
