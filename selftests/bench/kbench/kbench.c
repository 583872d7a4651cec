// SPDX-License-Identifier: GPL-2.0-only
/*
 * kbench: a driver that repeats one operation between marks, in the context in
 * which put procedures run: bottom halves are off.
 *
 * The operation is named by the command of an I_STR.  The driver is also the
 * least that a driver can be, of which any number of streams can be open; what a
 * stream costs is measured with it.
 */
#include <linux/atomic.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <sys/ddi.h>
#include <sys/stream.h>
#include <sys/strsun.h>

#include "kbench.h"
#include "marks.h"

#define SIZE	64

/* What an operation works on. */
struct subject {
	queue_t	*q;	/* read queue of the stream */
	mblk_t	*mp;	/* a message of SIZE bytes */
};

/* Each is a function of its own, so that none is optimized with its neighbours. */
#define REPEATED(name, operation)				\
static noinline void name(const struct subject *on, int n)	\
{								\
	while (n--) {						\
		operation;					\
		barrier();					\
	}							\
}

static DEFINE_SPINLOCK(kbench_lock);

static inline void kmalloc_kfree(void)
{
	void *memory = kmalloc(128, GFP_ATOMIC);

	OPTIMIZER_HIDE_VAR(memory);
	kfree(memory);
}

REPEATED(kbench_empty, (void)on)
REPEATED(kbench_spin, spin_lock(&kbench_lock); barrier(); spin_unlock(&kbench_lock))
REPEATED(kbench_kmalloc, kmalloc_kfree())
REPEATED(kbench_skb, kfree_skb(alloc_skb(SIZE, GFP_ATOMIC)))
REPEATED(kbench_allocb, freemsg(allocb(SIZE, BPRI_MED)))
REPEATED(kbench_dupmsg, freemsg(dupmsg(on->mp)))
REPEATED(kbench_copymsg, freemsg(copymsg(on->mp)))
REPEATED(kbench_putq, putq(on->q, on->mp); (void)getq(on->q))
REPEATED(kbench_call, on->q->q_qinfo->qi_putp(on->q, on->mp))
REPEATED(kbench_put, put(on->q, on->mp))

static void (*const operations[])(const struct subject *on, int n) = {
	[KBENCH_EMPTY - KBENCH_EMPTY]	= kbench_empty,
	[KBENCH_SPIN - KBENCH_EMPTY]	= kbench_spin,
	[KBENCH_KMALLOC - KBENCH_EMPTY]	= kbench_kmalloc,
	[KBENCH_SKB - KBENCH_EMPTY]	= kbench_skb,
	[KBENCH_ALLOCB - KBENCH_EMPTY]	= kbench_allocb,
	[KBENCH_DUPMSG - KBENCH_EMPTY]	= kbench_dupmsg,
	[KBENCH_COPYMSG - KBENCH_EMPTY]	= kbench_copymsg,
	[KBENCH_PUTQ - KBENCH_EMPTY]	= kbench_putq,
	[KBENCH_CALL - KBENCH_EMPTY]	= kbench_call,
	[KBENCH_PUT - KBENCH_EMPTY]	= kbench_put,
	[KBENCH_PUT_SOLE - KBENCH_EMPTY] = kbench_put,
	[KBENCH_PUT_OUTER - KBENCH_EMPTY] = kbench_put,
	[KBENCH_QWRITER - KBENCH_EMPTY]	= kbench_put,
	[KBENCH_QWRITER_OUTER - KBENCH_EMPTY] = kbench_put,
};

/*
 * The queue that an operation is about, where it is not that of the stream that asks:
 * of a stream of another driver of ours, which stays open.  A put procedure that asked
 * for its own queue would be inside already.
 */
static queue_t *targets[ARRAY_SIZE(operations)];

static void kbench_repeat(const struct subject *on, unsigned int operation)
{
	operations[operation](on, KBENCH_REPETITIONS / 10);	/* warm the caches */
	mark_begin();
	operations[operation](on, KBENCH_REPETITIONS);
	mark_end();
}

/*
 * memcpy() goes another way where the low bits of its arguments say so.  So two
 * messages take turns at being the one that is worked on, and the other's place
 * is where the next will be; the least that was counted is reported.
 */
static int kbench_measure(queue_t *q, unsigned int operation)
{
	static atomic_t turns[ARRAY_SIZE(operations)];
	struct subject on = { .q = q };
	mblk_t *spare;

	if (operation >= ARRAY_SIZE(operations))
		return EINVAL;
	on.mp = allocb(SIZE, BPRI_MED);
	spare = allocb(SIZE, BPRI_MED);
	if (atomic_inc_return(&turns[operation]) % 2)
		swap(on.mp, spare);
	freemsg(spare);
	if (!on.mp)
		return ENOSR;
	on.mp->b_wptr += SIZE;
	if (targets[operation])
		on.q = targets[operation];
	noenable(on.q);
	kbench_repeat(&on, operation);
	freemsg(on.mp);
	return 0;
}

static int kbench_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)
{
	/* Never given back: a machine does not open a million before it ends. */
	static atomic_t minors;

	if (sflag != CLONEOPEN)
		return ENXIO;
	*devp = makedevice(getmajor(*devp), atomic_inc_return(&minors));
	qprocson(q);
	return 0;
}

static int kbench_close(queue_t *q, int flag, cred_t *crp)
{
	qprocsoff(q);
	return 0;
}

static int kbench_wput(queue_t *q, mblk_t *mp)
{
	int error;

	if (DB_TYPE(mp) != M_IOCTL) {
		freemsg(mp);
		return 0;
	}
	error = kbench_measure(RD(q), ((struct iocblk *)mp->b_rptr)->ioc_cmd - KBENCH_EMPTY);
	if (error)
		miocnak(q, mp, 0, error);
	else
		miocack(q, mp, 0, 0);
	return 0;
}

/* The target of KBENCH_PUT, which keeps its message. */
static int kbench_rput(queue_t *q, mblk_t *mp)
{
	return 0;
}

static struct module_info kbench_info = {
	.mi_idname = "kbench",
	.mi_maxpsz = INFPSZ,
	.mi_hiwat = STRHIGH,
	.mi_lowat = STRLOW,
};

static struct qinit kbench_rinit = {
	.qi_putp = kbench_rput,
	.qi_qopen = kbench_open,
	.qi_qclose = kbench_close,
	.qi_minfo = &kbench_info,
};

static struct qinit kbench_winit = {
	.qi_putp = kbench_wput,
	.qi_minfo = &kbench_info,
};

static struct streamtab kbench_tab = { &kbench_rinit, &kbench_winit, NULL, NULL };

static const struct strm_driver kbench = {
	.d_name = "kbench",
	.d_str = &kbench_tab,
	.d_flag = D_MP,
	.d_mode = 0600,
};

static void alone(queue_t *q, mblk_t *mp)
{
}

static int inner_rput(queue_t *q, mblk_t *mp)
{
	qwriter(q, mp, alone, PERIM_INNER);
	return 0;
}

static int outer_rput(queue_t *q, mblk_t *mp)
{
	qwriter(q, mp, alone, PERIM_OUTER);
	return 0;
}

static int target_close(queue_t *q, int flag, cred_t *crp)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		if (targets[i] == q)
			targets[i] = NULL;
	}
	qprocsoff(q);
	return 0;
}

/* A driver whose streams are the target of one operation, the last one opened. */
#define TARGET(name, operation, procedure, flags)					\
static int name##_open(queue_t *q, dev_t *devp, int oflag, int sflag, cred_t *crp)	\
{											\
	targets[(operation) - KBENCH_EMPTY] = q;					\
	return kbench_open(q, devp, oflag, sflag, crp);					\
}											\
											\
static struct qinit name##_rinit = {							\
	.qi_putp = (procedure),								\
	.qi_qopen = name##_open,							\
	.qi_qclose = target_close,							\
	.qi_minfo = &kbench_info,							\
};											\
											\
static struct streamtab name##_tab = { &name##_rinit, &kbench_winit, NULL, NULL };	\
											\
static const struct strm_driver name = {						\
	.d_name = #name,								\
	.d_str = &name##_tab,								\
	.d_flag = D_MP | (flags),							\
	.d_mode = 0600,									\
}

TARGET(kb_sole, KBENCH_PUT_SOLE, kbench_rput, D_MTQPAIR);
TARGET(kb_outer, KBENCH_PUT_OUTER, kbench_rput, D_MTQPAIR | D_MTPUTSHARED | D_MTOUTPERIM);
TARGET(kb_writer, KBENCH_QWRITER, inner_rput, D_MTQPAIR | D_MTPUTSHARED);
TARGET(kb_owriter, KBENCH_QWRITER_OUTER, outer_rput, D_MTQPAIR | D_MTOUTPERIM);

static const struct strm_driver *const drivers[] = {
	&kbench, &kb_sole, &kb_outer, &kb_writer, &kb_owriter,
};

static void unregister(int count)
{
	while (count--)
		strm_driver_unregister(drivers[count]);
}

static int __init kbench_init(void)
{
	int error, i;

	for (i = 0; i < ARRAY_SIZE(drivers); i++) {
		error = strm_driver_register(drivers[i], THIS_MODULE);
		if (error) {
			unregister(i);
			return -error;
		}
	}
	return 0;
}

static void __exit kbench_exit(void)
{
	unregister(ARRAY_SIZE(drivers));
}

module_init(kbench_init);
module_exit(kbench_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("STREAMS driver that measures operations inside the kernel");
