/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The door: the whole of Linux as the core sees it.
 *
 * C++ never includes a kernel header and a shim never contains STREAMS logic.
 * Each lin_* function is one statement or one loop, is named after what the
 * kernel calls it, and lives in the file of streams_core/linux/ that heads its
 * group.  The second half lists the few places where Linux calls the core.
 */
#ifndef _STRM_LINUX_H
#define _STRM_LINUX_H

#include <sys/types.h>
#include <strm/generated/layout.h>

#ifdef __cplusplus
extern "C" {
#endif

struct file;
struct iov_iter;
struct module;
struct msgb;
struct poll_table_struct;
struct queue;
struct seq_file;
struct strm_gate;

/*
 * Kernel objects that the core embeds: storage whose size and alignment
 * layout.c has generated, so that debug kernels get their larger ones.
 */
#define LIN_OBJECT(name, SIZE, ALIGN)					\
	struct name {							\
		unsigned char storage[SIZE] __attribute__((aligned(ALIGN))); \
	}

LIN_OBJECT(lin_spinlock, LIN_SPINLOCK_SIZE, LIN_SPINLOCK_ALIGN);
LIN_OBJECT(lin_raw_spinlock, LIN_RAW_SPINLOCK_SIZE, LIN_RAW_SPINLOCK_ALIGN);
LIN_OBJECT(lin_turn, LIN_SPINLOCK_SIZE, LIN_SPINLOCK_ALIGN);
LIN_OBJECT(lin_mutex, LIN_MUTEX_SIZE, LIN_MUTEX_ALIGN);
LIN_OBJECT(lin_lock_class, LIN_LOCK_CLASS_SIZE, 8);
LIN_OBJECT(lin_waitqueue, LIN_WAITQUEUE_SIZE, LIN_WAITQUEUE_ALIGN);
LIN_OBJECT(lin_wait_entry, LIN_WAIT_ENTRY_SIZE, LIN_WAIT_ENTRY_ALIGN);
LIN_OBJECT(lin_completion, LIN_COMPLETION_SIZE, LIN_COMPLETION_ALIGN);
LIN_OBJECT(lin_rcu_head, LIN_RCU_HEAD_SIZE, 8);
LIN_OBJECT(lin_tasklet, LIN_TASKLET_SIZE, 8);
LIN_OBJECT(lin_delayed_work, LIN_DELAYED_WORK_SIZE, LIN_DELAYED_WORK_ALIGN);
LIN_OBJECT(lin_xarray, LIN_XARRAY_SIZE, LIN_XARRAY_ALIGN);

/* memory.c: slab and copies of user memory */
enum lin_gfp {
	LIN_GFP_ATOMIC,		/* does not sleep */
	LIN_GFP_KERNEL,		/* may sleep */
	LIN_GFP_TRY,		/* may sleep, and rather fails than have a process killed */
	LIN_GFP_USER		/* may sleep, and is charged to the caller's cgroup */
};

void *lin_kmalloc(size_t size, enum lin_gfp gfp);
void *lin_kzalloc(size_t size, enum lin_gfp gfp);
void lin_kfree(const void *memory);
void *lin_kmem_cache_create(const char *name, size_t size, size_t align);
void *lin_kmem_cache_alloc(void *cache, enum lin_gfp gfp);
void lin_kmem_cache_free(void *cache, void *object);
void lin_kmem_cache_destroy(void *cache);
int lin_copy_from_user(void *to, const void *from, size_t bytes);
int lin_copy_to_user(void *to, const void *from, size_t bytes);
size_t lin_copy_to_iter(const void *from, size_t bytes, struct iov_iter *iter);
int lin_copy_from_iter_full(void *to, size_t bytes, struct iov_iter *iter);
void lin_iov_iter_revert(struct iov_iter *iter, size_t bytes);

/* magazine.c: small messages, see <strm/object.h>; and counts of all messages */
struct strm_message_sums {
	unsigned long	allocated;	/* message blocks; less those freed, they are in use */
	unsigned long	freed;
	unsigned long	failed;		/* allocations that found no memory */
	long		external;	/* buffers of esballoc() that are not given back yet */
};

int strm_magazine_init(void);
void strm_magazine_exit(void);
struct msgb *strm_object_alloc(enum lin_gfp gfp);
void strm_object_free(struct msgb *mp);
void strm_count_block(int change);
void strm_count_failure(void);
void strm_count_external(int change);
void strm_message_counts(struct strm_message_sums *sum);

/* percpu.c: one object per possible CPU */
void *lin_alloc_percpu(size_t size, size_t align);
void lin_free_percpu(void *base);
void *lin_this_cpu_ptr(void *base);
void *lin_per_cpu_ptr(void *base, int cpu);
int lin_nr_cpu_ids(void);

/* xarray.c: tables by number */
void lin_xa_init(struct lin_xarray *xa);
void lin_xa_destroy(struct lin_xarray *xa);
void *lin_xa_load(struct lin_xarray *xa, unsigned long index);
void *lin_xa_find(struct lin_xarray *xa, unsigned long *index);
int lin_xa_cmpxchg(struct lin_xarray *xa, unsigned long index, void *expected, void *object,
		   void **found);
int lin_xa_replace(struct lin_xarray *xa, unsigned long index, void *expected, void *object);

/* lock.c */
void lin_spin_lock_init(struct lin_spinlock *lock, const char *name,
			struct lin_lock_class *key);
void lin_spin_lock_bh(struct lin_spinlock *lock);
void lin_spin_unlock_bh(struct lin_spinlock *lock);
void lin_raw_spin_lock_init(struct lin_raw_spinlock *lock, const char *name,
			    struct lin_lock_class *key);
unsigned long lin_raw_spin_lock_irqsave(struct lin_raw_spinlock *lock);
void lin_raw_spin_unlock_irqrestore(struct lin_raw_spinlock *lock, unsigned long flags);
void lin_mutex_init(struct lin_mutex *mutex, const char *name, struct lin_lock_class *key);
void lin_mutex_lock(struct lin_mutex *mutex);
int lin_mutex_lock_interruptible(struct lin_mutex *mutex);
int lin_mutex_trylock(struct lin_mutex *mutex);
void lin_mutex_unlock(struct lin_mutex *mutex);

/* turn.c: waiting until what another CPU runs is over */
void lin_turn_init(struct lin_turn *turn);
void lin_turn_begin(struct lin_turn *turn);
void lin_turn_end(struct lin_turn *turn);
void lin_turn_wait(struct lin_turn *turn);

/* ddi/callout.c: what <sys/callout.h> does not offer */
clock_t strm_untimeout_at_once(timeout_id_t id);

/* wait.c: sleeping, and being woken */
void lin_init_waitqueue_head(struct lin_waitqueue *wq, const char *name,
			     struct lin_lock_class *key);
void lin_init_wait(struct lin_wait_entry *entry);
void lin_prepare_to_wait(struct lin_waitqueue *wq, struct lin_wait_entry *entry,
			 int interruptible);
void lin_finish_wait(struct lin_waitqueue *wq, struct lin_wait_entry *entry);
void lin_wake_up_poll(struct lin_waitqueue *wq, unsigned int events);
void lin_poll_wait(struct file *file, struct lin_waitqueue *wq,
		   struct poll_table_struct *table);
long lin_schedule_timeout(long jiffies);
void lin_msleep_interruptible(unsigned int milliseconds);
void lin_msleep(unsigned int milliseconds);
void lin_usleep_range(unsigned long least, unsigned long most);
long lin_msecs_to_jiffies(unsigned int milliseconds);
unsigned long lin_jiffies(void);
int lin_signal_pending(void);
void lin_send_sigpipe(void);
void lin_init_completion(struct lin_completion *completion);
void lin_complete(struct lin_completion *completion);
void lin_wait_for_completion(struct lin_completion *completion);

#define LIN_MAX_TIMEOUT	((long)(~0UL >> 1))

/* context.c: what kind of context is this, and how to run in another */
void lin_local_bh_disable(void);
void lin_local_bh_enable(void);
void lin_preempt_disable(void);
void lin_preempt_enable(void);
int lin_cannot_enter(void);
int lin_in_softirq(void);
int lin_smp_processor_id(void);
void lin_cpu_relax(void);
const void *lin_current(void);
void lin_call_rcu(struct lin_rcu_head *head, void (*func)(struct lin_rcu_head *head));
void lin_rcu_barrier(void);
void lin_synchronize_rcu(void);
void lin_tasklet_init(struct lin_tasklet *tasklet, void (*func)(unsigned long),
		      unsigned long data);
void lin_tasklet_schedule(struct lin_tasklet *tasklet);
void lin_tasklet_kill(struct lin_tasklet *tasklet);
void lin_smp_mb(void);
int lin_ipi_init(void (*func)(void *data));
void lin_ipi_other_cpus(unsigned int *outstanding);

/* work.c: what runs later in a thread of the kernel's, and may sleep */
void lin_init_delayed_work(struct lin_delayed_work *work,
			   void (*func)(struct lin_delayed_work *work));
void lin_schedule_delayed_work(struct lin_delayed_work *work, long jiffies);
void lin_mod_delayed_work(struct lin_delayed_work *work, long jiffies);
void lin_cancel_delayed_work_sync(struct lin_delayed_work *work);

/* claim.c: the per-CPU counters of a gate */
unsigned int *strm_gate_no_claims(void);
unsigned int strm_gate_claim(struct strm_gate *gate);
int strm_gate_give_back(struct strm_gate *gate);
void strm_gate_count(struct strm_gate *gate);
void strm_gate_uncount(struct strm_gate *gate);
unsigned int strm_gate_sum(const struct strm_gate *gate);
void strm_gate_kick(struct strm_gate *gate);	/* in perimeter.cc, and the next */
void strm_gate_left(struct strm_gate *gate);
void strm_gate_fenced_claim(struct strm_gate *gate);
void strm_gate_leave_alone(struct strm_gate *gate);
void strm_gate_turn_back(struct strm_gate *gate);

/* log.c */
enum lin_level { LIN_WARN, LIN_INFO };

void lin_printk(enum lin_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void lin_warn(const char *what);
int lin_snprintf(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* kmod.c: modules and who asks for them */
int lin_try_module_get(struct module *owner);
void lin_module_put(struct module *owner);
int lin_request_module(const char *prefix, const char *name);
const cred_t *lin_current_cred(void);
const cred_t *lin_kernel_cred(void);
pid_t lin_current_pid(void);
const cred_t *lin_get_cred(const cred_t *cred);
void lin_put_cred(const cred_t *cred);
int lin_in_compat_syscall(void);

/* device.c: nodes under /dev/streams */
int lin_nodes_init(void);
void lin_nodes_exit(void);
major_t lin_clone_major(void);
int lin_chrdev_register(const char *name, major_t *major);
void lin_chrdev_unregister(const char *name, major_t major);
int lin_node_create(major_t major, minor_t minor, unsigned int mode, const char *name);
void lin_node_destroy(major_t major, minor_t minor);
unsigned int lin_node_mode(void);

/* file.c: what the core asks of an open file */
unsigned int lin_file_flags(const struct file *file);
void lin_file_set_private(struct file *file, void *head);
void *lin_file_private(const struct file *file);

#define LIN_O_NONBLOCK	04000
#define LIN_O_ACCMODE	03

/* Returned inside the kernel only: a signal came, and nothing was done. */
#define LIN_ERESTARTSYS	512

/* debug.c: /sys/kernel/debug/streams */
void lin_seq_printf(struct seq_file *seq, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* stat.c: counters */
#define STAT(name) LIN_STAT_##name
enum lin_stat {
#include <strm/stats.h>
	LIN_STAT_END
};

#undef STAT

void lin_count(enum lin_stat what);

/* trace.c: tracepoints that C++ reaches; the flags say whether anyone listens */
extern unsigned char strm_trace_queue_on;
extern unsigned char strm_trace_message_on;
extern unsigned char strm_trace_perimeter_on;

void lin_trace_putq(const struct queue *q, const struct msgb *mp, size_t count);
void lin_trace_putbq(const struct queue *q, const struct msgb *mp, size_t count);
void lin_trace_getq(const struct queue *q, const struct msgb *mp, size_t count);
void lin_trace_enable(const struct queue *q, const char *was);
void lin_trace_back_enable(const struct queue *q, const struct queue *room);
void lin_trace_service_begin(const struct queue *q);
void lin_trace_service_end(const struct queue *q);
void lin_trace_turned_away(const struct queue *q, const void *perimeter, unsigned int word);
void lin_trace_defer(const void *perimeter, unsigned int word, const char *what);
void lin_trace_drain_begin(const void *perimeter, unsigned int word);
void lin_trace_drain_end(const void *perimeter, unsigned int word, unsigned int ran);
void lin_trace_exclusive_wait_begin(const void *perimeter, unsigned int word);
void lin_trace_exclusive_wait_end(const void *perimeter, unsigned int word);
void lin_trace_qwriter_immediate(const struct queue *q, const struct msgb *mp, int which);
void lin_trace_qwriter_deferred(const struct queue *q, const struct msgb *mp, int which);
void lin_trace_qwriter_run(const struct queue *q, const struct msgb *mp, int which);
void lin_trace_allocb(const struct msgb *mp, size_t size, const void *caller);
void lin_trace_freeb(const struct msgb *mp, const void *caller);
void lin_trace_open(const void *stream, const char *driver, unsigned int minor, int error);
void lin_trace_push(const void *stream, const char *driver, unsigned int minor,
		    const char *module, int error);
void lin_trace_pop(const void *stream, const char *driver, unsigned int minor,
		   const char *module);
void lin_trace_close(const void *stream, const char *driver, unsigned int minor,
		     const char *module);

/*
 * Where Linux calls the core.  All return negative error numbers.
 */
int strm_core_init(void);
void strm_core_exit(void);

int strm_head_open(struct file *file, major_t major, minor_t minor);
void strm_head_release(struct file *file);
ssize_t strm_head_read(struct file *file, struct iov_iter *to, size_t bytes);
ssize_t strm_head_write(struct file *file, struct iov_iter *from, size_t bytes);
unsigned int strm_head_poll(struct file *file, struct poll_table_struct *table);
long strm_head_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
void *strm_picture_start(long long *pos);
void *strm_picture_next(void *stream, long long *pos);
void strm_picture_stop(void *stream);
void strm_picture_show(struct seq_file *seq, void *stream);
const char *strm_queue_name(const struct queue *q);

#ifdef __cplusplus
}
#endif

#endif /* _STRM_LINUX_H */
