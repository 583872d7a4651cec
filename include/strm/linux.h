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
struct poll_table_struct;
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
LIN_OBJECT(lin_mutex, LIN_MUTEX_SIZE, LIN_MUTEX_ALIGN);
LIN_OBJECT(lin_lock_class, LIN_LOCK_CLASS_SIZE, 8);
LIN_OBJECT(lin_waitqueue, LIN_WAITQUEUE_SIZE, LIN_WAITQUEUE_ALIGN);
LIN_OBJECT(lin_wait_entry, LIN_WAIT_ENTRY_SIZE, LIN_WAIT_ENTRY_ALIGN);
LIN_OBJECT(lin_completion, LIN_COMPLETION_SIZE, LIN_COMPLETION_ALIGN);
LIN_OBJECT(lin_rcu_head, LIN_RCU_HEAD_SIZE, 8);
LIN_OBJECT(lin_tasklet, LIN_TASKLET_SIZE, 8);

/* memory.c: slab and copies of user memory */
enum lin_gfp {
	LIN_GFP_ATOMIC,		/* does not sleep */
	LIN_GFP_KERNEL,		/* may sleep */
	LIN_GFP_USER		/* may sleep, and is charged to the caller's cgroup */
};

void *lin_kmalloc(size_t size, enum lin_gfp gfp);
void *lin_kzalloc(size_t size, enum lin_gfp gfp);
void lin_kfree(const void *memory);
void *lin_kmem_cache_create(const char *name, size_t size, size_t align);
void *lin_kmem_cache_create_usercopy(const char *name, size_t size, size_t align,
				     size_t useroffset, size_t usersize);
void *lin_kmem_cache_alloc(void *cache, enum lin_gfp gfp);
void lin_kmem_cache_free(void *cache, void *object);
void lin_kmem_cache_destroy(void *cache);
int lin_copy_from_user(void *to, const void *from, size_t bytes);
int lin_copy_to_user(void *to, const void *from, size_t bytes);
size_t lin_copy_to_iter(const void *from, size_t bytes, struct iov_iter *iter);
int lin_copy_from_iter_full(void *to, size_t bytes, struct iov_iter *iter);
void lin_iov_iter_revert(struct iov_iter *iter, size_t bytes);

/* percpu.c: one object per possible CPU */
void *lin_alloc_percpu(size_t size, size_t align);
void lin_free_percpu(void *base);
void *lin_this_cpu_ptr(void *base);
void *lin_per_cpu_ptr(void *base, int cpu);
int lin_nr_cpu_ids(void);

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
void lin_msleep(unsigned int milliseconds);
long lin_msecs_to_jiffies(unsigned int milliseconds);
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

/* claim.c: the per-CPU counters of a gate */
int strm_gate_try_share(struct strm_gate *gate);
void strm_gate_unshare(struct strm_gate *gate);
void strm_gate_count(struct strm_gate *gate);
unsigned int strm_gate_sum(const struct strm_gate *gate);
void strm_gate_kick(struct strm_gate *gate);	/* in perimeter.cc */

/* log.c */
enum lin_level { LIN_WARN, LIN_INFO };

void lin_printk(enum lin_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int lin_snprintf(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* kmod.c: modules and who asks for them */
int lin_try_module_get(struct module *owner);
void lin_module_put(struct module *owner);
int lin_request_module(const char *prefix, const char *name);
const char *lin_module_name(const struct module *owner);
const cred_t *lin_current_cred(void);
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

/* trace.c: tracepoints that C++ reaches; the flags say whether anyone listens */
extern unsigned char strm_trace_queue_on;

void lin_trace_putq(const void *queue, const void *mp, int type);
void lin_trace_getq(const void *queue, const void *mp, int type);
void lin_trace_service(const void *queue, const char *module);
void lin_trace_plumb(const char *what, const void *head, const char *module);

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
void strm_show_streams(struct seq_file *seq);

#ifdef __cplusplus
}
#endif

#endif /* _STRM_LINUX_H */
