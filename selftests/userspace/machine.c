// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs, interrupts, softirqs and RCU, made of threads.  machine.h says what a CPU is.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <asm/prctl.h>
#include <linux/membarrier.h>

#include "door.h"

#define SOFTIRQ_OFFSET		0x100
#define SOFTIRQ_DISABLE_OFFSET	(2 * SOFTIRQ_OFFSET)
#define SOFTIRQ_MASK		0xff00
#define HARDIRQ_OFFSET		0x10000
#define HARDIRQ_MASK		0xf0000

#define SIGNAL_INTERRUPT	SIGUSR1
#define MOST_RESTARTS		10	/* of softirqs, before the CPU's own thread gets them */

struct tasklet {
	struct tasklet	*next;
	unsigned int	scheduled;
	unsigned int	running;
	void		(*func)(unsigned long data);
	unsigned long	data;
};

struct cpu {
	/* Who wants the CPU takes a number; all by atomics. */
	unsigned int	next_number;
	unsigned int	serving;
	pid_t		holder;		/* 0: nobody */
	unsigned int	interrupt;	/* sent, and not taken yet */

	/* Who has the CPU, with interrupts off. */
	struct tasklet	*first;
	struct tasklet	**last;

	sem_t		wake;		/* of the thread that is the CPU's own */
	pthread_t	own;
	int		stop;
} __attribute__((aligned(128)));

struct machine_thread {
	pthread_t	pthread;
	int		cpu;
	void		(*func)(void *arg);
	void		*arg;
};

struct callback {
	struct callback	*next;
	void		(*func)(struct lin_rcu_head *head);
};

__thread unsigned long percpu_offset;
__thread unsigned int context_count;

static __thread struct {
	pid_t		tid;
	int		cpu;		/* where it is, or goes next */
	volatile int	on_cpu;		/* it has that CPU, and takes its interrupts */
	volatile unsigned int held;	/* times that it has been asked for */
	volatile int	irqs_off;
	unsigned long	gs;
} self;

static struct cpu cpus[MOST_CPUS];
static int nr_cpus;
static int pinned;
static enum machine_interrupts interrupts;
static void (*interrupt_func)(void *data);

/* ------------------------------------------------------------------ machine */

/* The first failure is told, in one piece, and ends all. */
void machine_fail(const char *format, ...)
{
	static int failed;
	char text[512] = "# ";
	va_list args;

	va_start(args, format);
	vsnprintf(text + 2, sizeof(text) - 3, format, args);
	va_end(args);
	strcat(text, "\n");
	if (__atomic_exchange_n(&failed, 1, __ATOMIC_SEQ_CST) == 0) {
		fflush(stdout);
		if (write(STDERR_FILENO, text, strlen(text)) < 0 || getenv("ABORT"))
			abort();
		_exit(1);
	}
	for (;;)
		pause();
}

/* The thread has the CPU: what was sent meanwhile is taken. */
static void take_interrupts(void)
{
	struct cpu *cpu = &cpus[self.cpu];

	while (!self.irqs_off && __atomic_load_n(&cpu->interrupt, __ATOMIC_RELAXED)) {
		self.irqs_off = 1;
		if (__atomic_exchange_n(&cpu->interrupt, 0, __ATOMIC_SEQ_CST)) {
			context_count += HARDIRQ_OFFSET;
			interrupt_func(NULL);
			context_count -= HARDIRQ_OFFSET;
		}
		self.irqs_off = 0;
	}
}

static void on_signal(int signal)
{
	int error = errno;

	if (self.on_cpu)
		take_interrupts();
	errno = error;
}

static void go_to_cpu(int number)
{
	percpu_offset = number * PERCPU_STRIDE;
#ifndef __SANITIZE_THREAD__
	if (self.gs != percpu_offset) {
		syscall(SYS_arch_prctl, ARCH_SET_GS, percpu_offset);
		self.gs = percpu_offset;
	}
#endif
}

static void take_cpu(void)
{
	struct cpu *cpu = &cpus[self.cpu];
	unsigned int number = __atomic_fetch_add(&cpu->next_number, 1, __ATOMIC_RELAXED);
	unsigned int serving;

	while ((serving = __atomic_load_n(&cpu->serving, __ATOMIC_ACQUIRE)) != number)
		machine_wait_while(&cpu->serving, serving, number);
	go_to_cpu(self.cpu);
	self.on_cpu = 1;
	/* Pairs with interrupt(): it sees the holder, or the interrupt is seen here. */
	__atomic_exchange_n(&cpu->holder, self.tid, __ATOMIC_SEQ_CST);
	take_interrupts();
}

static void give_cpu(void)
{
	struct cpu *cpu = &cpus[self.cpu];
	unsigned int served = cpu->serving + 1;

	/* Pairs with interrupt(), as above. */
	__atomic_exchange_n(&cpu->holder, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&cpu->serving, served, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&cpu->next_number, __ATOMIC_SEQ_CST) != served)
		machine_wake(&cpu->serving, served);
	if (__atomic_load_n(&cpu->interrupt, __ATOMIC_SEQ_CST))
		sem_post(&cpu->wake);
}

static void hold(void)
{
	if (self.held++ == 0)
		take_cpu();
}

/* An interrupt finds the CPU held, or is for somebody else. */
static void let_go(void)
{
	if (self.held > 1) {
		self.held--;
		return;
	}
	self.on_cpu = 0;
	self.held = 0;
	give_cpu();
}

void machine_irqs_off(void)
{
	hold();
	self.irqs_off++;
}

void machine_irqs_on(void)
{
	if (--self.irqs_off == 0)
		take_interrupts();
	let_go();
}

void machine_may_sleep(const char *what)
{
	if (context_count || self.held)
		machine_fail("%s in context %x", what, context_count);
}

static void interrupt(struct cpu *cpu)
{
	pid_t holder;

	__atomic_exchange_n(&cpu->interrupt, 1, __ATOMIC_SEQ_CST);
	holder = __atomic_load_n(&cpu->holder, __ATOMIC_SEQ_CST);
	if (holder)
		syscall(SYS_tgkill, getpid(), holder, SIGNAL_INTERRUPT);
	else
		sem_post(&cpu->wake);
}

static void pin_to(int cpu)
{
	cpu_set_t set;

	if (!pinned)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu % machine_host_cpus(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void begin_thread(int cpu)
{
	self.tid = gettid();
	self.cpu = cpu;
	pin_to(cpu);
}

static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0 && errno == EINTR)
		;
}

/* Has the CPU when nobody else has, for what is to be done in it. */
static void *own_thread(void *arg)
{
	struct cpu *cpu = arg;

	begin_thread(cpu - cpus);
	while (wait_for(&cpu->wake), !__atomic_load_n(&cpu->stop, __ATOMIC_ACQUIRE)) {
		lin_local_bh_disable();
		lin_local_bh_enable();
	}
	return NULL;
}

static void *process_thread(void *arg)
{
	struct machine_thread *thread = arg;

	begin_thread(thread->cpu);
	thread->func(thread->arg);
	if (self.held || context_count)
		machine_fail("a thread ends with context %x", context_count);
	return NULL;
}

struct machine_thread *machine_run(int cpu, void (*func)(void *arg), void *arg)
{
	struct machine_thread *thread = malloc(sizeof(*thread));

	*thread = (struct machine_thread){ .cpu = cpu, .func = func, .arg = arg };
	if (pthread_create(&thread->pthread, NULL, process_thread, thread))
		machine_fail("no thread");
	return thread;
}

void machine_join(struct machine_thread *thread)
{
	pthread_join(thread->pthread, NULL);
	free(thread);
}

void machine_move(int cpu)
{
	if (self.held)
		machine_fail("a thread would leave the CPU that it has");
	self.cpu = cpu;
}

int machine_cpu(void)
{
	return self.cpu;
}

int machine_host_cpus(void)
{
	static int host;
	cpu_set_t set;

	if (!host) {
		sched_getaffinity(getpid(), sizeof(set), &set);
		host = CPU_COUNT(&set);
	}
	return host;
}

static unsigned long long clock_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

unsigned long long machine_nanoseconds(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

unsigned long long machine_thread_nanoseconds(void)
{
	return clock_of(CLOCK_THREAD_CPUTIME_ID);
}

void machine_sleep(unsigned int microseconds)
{
	usleep(microseconds);
}

void machine_sleep_until(unsigned long long nanoseconds)
{
	struct timespec then = { nanoseconds / 1000000000, nanoseconds % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL) == EINTR)
		;
}

void machine_urgent(void)
{
	struct sched_param first = { .sched_priority = 1 };

	sched_setscheduler(0, SCHED_FIFO, &first);
}

void machine_yield(void)
{
	sched_yield();
}

/* ------------------------------------------------------------ context.c, smp */

void lin_preempt_disable(void)
{
	hold();
	context_count++;
}

void lin_preempt_enable(void)
{
	context_count--;
	let_go();
}

void lin_local_bh_disable(void)
{
	hold();
	context_count += SOFTIRQ_DISABLE_OFFSET;
}

static struct tasklet *take_tasklets(struct cpu *cpu)
{
	struct tasklet *all;

	machine_irqs_off();
	all = cpu->first;
	cpu->first = NULL;
	cpu->last = &cpu->first;
	machine_irqs_on();
	return all;
}

static void run_softirqs(struct cpu *cpu)
{
	struct tasklet *tasklet, *next;

	for (tasklet = take_tasklets(cpu); tasklet; tasklet = next) {
		next = tasklet->next;
		__atomic_store_n(&tasklet->running, 1, __ATOMIC_SEQ_CST);
		__atomic_store_n(&tasklet->scheduled, 0, __ATOMIC_SEQ_CST);
		tasklet->func(tasklet->data);
		__atomic_store_n(&tasklet->running, 0, __ATOMIC_SEQ_CST);
	}
}

void lin_local_bh_enable(void)
{
	struct cpu *cpu = &cpus[self.cpu];
	int restarts;

	if (context_count & HARDIRQ_MASK || self.irqs_off)
		machine_fail("local_bh_enable() with interrupts off");
	if ((context_count & SOFTIRQ_MASK) == SOFTIRQ_DISABLE_OFFSET) {
		context_count -= SOFTIRQ_OFFSET; /* serving one */
		for (restarts = 0; cpu->first && restarts < MOST_RESTARTS; restarts++)
			run_softirqs(cpu);
		context_count -= SOFTIRQ_OFFSET;
		if (*(struct tasklet *volatile *)&cpu->first)
			sem_post(&cpu->wake);
	} else {
		context_count -= SOFTIRQ_DISABLE_OFFSET;
	}
	let_go();
}

int lin_in_softirq(void)
{
	return (context_count & SOFTIRQ_MASK) && !(context_count & HARDIRQ_MASK);
}

int lin_cannot_enter(void)
{
	return (context_count & HARDIRQ_MASK) || self.irqs_off;
}

int lin_nr_cpu_ids(void)
{
	return nr_cpus;
}

int lin_smp_processor_id(void)
{
	return self.cpu;
}

const void *lin_current(void)
{
	return &self;
}

void lin_cpu_relax(void)
{
	__builtin_ia32_pause();
}

void lin_tasklet_init(struct lin_tasklet *tasklet, void (*func)(unsigned long),
		      unsigned long data)
{
	*(struct tasklet *)tasklet = (struct tasklet){ .func = func, .data = data };
}

/* The caller has the CPU. */
void lin_tasklet_schedule(struct lin_tasklet *opaque)
{
	struct tasklet *tasklet = (struct tasklet *)opaque;
	struct cpu *cpu = &cpus[self.cpu];

	if (!self.held)
		machine_fail("tasklet_schedule() on no CPU");
	if (__atomic_exchange_n(&tasklet->scheduled, 1, __ATOMIC_SEQ_CST))
		return;
	machine_irqs_off();
	tasklet->next = NULL;
	*cpu->last = tasklet;
	cpu->last = &tasklet->next;
	machine_irqs_on();
	if (!(context_count & SOFTIRQ_MASK))
		sem_post(&cpu->wake);
}

void lin_tasklet_kill(struct lin_tasklet *opaque)
{
	struct tasklet *tasklet = (struct tasklet *)opaque;

	while (__atomic_load_n(&tasklet->scheduled, __ATOMIC_SEQ_CST) ||
	       __atomic_load_n(&tasklet->running, __ATOMIC_SEQ_CST))
		sched_yield();
}

void lin_smp_mb(void)
{
	if (interrupts == MACHINE_NO_BARRIER)
		return;
	asm volatile("lock; addl $0,-4(%%rsp)" : : : "memory", "cc");
}

int lin_ipi_init(void (*func)(void *data))
{
	interrupt_func = func;
	return 0;
}

/* The sender runs what the others should: in a hard interrupt, as they would. */
static void call_instead(void)
{
	self.irqs_off++;
	context_count += HARDIRQ_OFFSET;
	interrupt_func(NULL);
	context_count -= HARDIRQ_OFFSET;
	self.irqs_off--;
}

void machine_fence(void)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0))
		machine_fail("membarrier: %m");
}

void lin_ipi_other_cpus(unsigned int *outstanding)
{
	int cpu;

	hold();
	if (interrupts == MACHINE_MEMBARRIER || interrupts == MACHINE_NO_BARRIER)
		machine_fence();
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		if (cpu == self.cpu)
			continue;
		__atomic_fetch_add(outstanding, 1, __ATOMIC_SEQ_CST);
		if (interrupts == MACHINE_SIGNALS)
			interrupt(&cpus[cpu]);
		else
			call_instead();
	}
	let_go();
}

/* ---------------------------------------------------------------------- RCU */

static struct {
	pthread_mutex_t	lock;
	struct callback	*first;
	struct callback	**last;
	sem_t		wake;
	pthread_t	thread;
	int		stop;
} rcu = { .lock = PTHREAD_MUTEX_INITIALIZER, .last = &rcu.first };

/* Bottom halves off is a read side section: each CPU has been somebody else's. */
void lin_synchronize_rcu(void)
{
	int before = self.cpu;

	for (int cpu = 0; cpu < nr_cpus; cpu++) {
		machine_move(cpu);
		lin_preempt_disable();
		lin_preempt_enable();
	}
	machine_move(before);
}

void lin_call_rcu(struct lin_rcu_head *head, void (*func)(struct lin_rcu_head *head))
{
	struct callback *callback = (struct callback *)head;

	machine_irqs_off(); /* no interrupt takes the lock again */
	callback->next = NULL;
	callback->func = func;
	pthread_mutex_lock(&rcu.lock);
	*rcu.last = callback;
	rcu.last = &callback->next;
	pthread_mutex_unlock(&rcu.lock);
	machine_irqs_on();
	sem_post(&rcu.wake);
}

static void run_callbacks(void)
{
	struct callback *callback, *next;

	pthread_mutex_lock(&rcu.lock);
	callback = rcu.first;
	rcu.first = NULL;
	rcu.last = &rcu.first;
	pthread_mutex_unlock(&rcu.lock);
	if (callback)
		lin_synchronize_rcu();
	for (; callback; callback = next) {
		next = callback->next;
		lin_local_bh_disable();
		callback->func((struct lin_rcu_head *)callback);
		lin_local_bh_enable();
	}
}

static void *rcu_thread(void *arg)
{
	begin_thread(0);
	while (wait_for(&rcu.wake), !__atomic_load_n(&rcu.stop, __ATOMIC_ACQUIRE))
		run_callbacks();
	return NULL;
}

struct barrier {
	struct lin_rcu_head head;
	sem_t		done;
};

static void barrier_done(struct lin_rcu_head *head)
{
	sem_post(&((struct barrier *)head)->done);
}

void lin_rcu_barrier(void)
{
	struct barrier barrier;

	sem_init(&barrier.done, 0, 0);
	lin_call_rcu(&barrier.head, barrier_done);
	wait_for(&barrier.done);
}

/* -------------------------------------------------------------- start and stop */

static void membarrier_ready(void)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0))
		machine_fail("membarrier: %m");
}

void machine_start(int wanted, enum machine_interrupts kind, int pin)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (wanted > MOST_CPUS)
		machine_fail("%d CPUs are too many", wanted);
	nr_cpus = wanted;
	interrupts = kind;
	pinned = pin;
	machine_host_cpus(); /* before a thread is pinned */
	membarrier_ready();
	sigaction(SIGNAL_INTERRUPT, &action, NULL);
	for (int i = 0; i < nr_cpus; i++) {
		struct cpu *cpu = &cpus[i];

		memset(cpu, 0, sizeof(*cpu));
		cpu->last = &cpu->first;
		sem_init(&cpu->wake, 0, 0);
		if (pthread_create(&cpu->own, NULL, own_thread, cpu))
			machine_fail("no thread");
	}
	rcu.stop = 0;
	sem_init(&rcu.wake, 0, 0);
	if (pthread_create(&rcu.thread, NULL, rcu_thread, NULL))
		machine_fail("no thread");
	begin_thread(0);
	machine_start_timers();
}

void machine_stop(void)
{
	machine_stop_timers();
	lin_rcu_barrier();
	__atomic_store_n(&rcu.stop, 1, __ATOMIC_RELEASE);
	sem_post(&rcu.wake);
	pthread_join(rcu.thread, NULL);
	for (int i = 0; i < nr_cpus; i++) {
		__atomic_store_n(&cpus[i].stop, 1, __ATOMIC_RELEASE);
		sem_post(&cpus[i].wake);
		pthread_join(cpus[i].own, NULL);
		if (cpus[i].first)
			machine_fail("CPU %d stops with a tasklet to run", i);
	}
}

