// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes two locks in both orders, one after the other: nothing hangs, and lockdep
 * must report the cycle.
 */
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);

static int __init badmod_locks_init(void)
{
	spin_lock(&first);
	spin_lock(&second);
	spin_unlock(&second);
	spin_unlock(&first);

	spin_lock(&second);
	spin_lock(&first);
	spin_unlock(&first);
	spin_unlock(&second);
	return 0;
}

static void __exit badmod_locks_exit(void)
{
}

module_init(badmod_locks_init);
module_exit(badmod_locks_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Inverts the order of two locks, to test the test harness");
