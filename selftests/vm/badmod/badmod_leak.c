// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocates and forgets: kmemleak must report it. Several objects, since a stale
 * pointer in a register or on a stack may hide one.
 */
#include <linux/module.h>
#include <linux/slab.h>

static int __init badmod_leak_init(void)
{
	int i;

	for (i = 0; i < 16; i++) {
		void *lost = kmalloc(200, GFP_KERNEL);

		OPTIMIZER_HIDE_VAR(lost);
		if (!lost)
			return -ENOMEM;
	}
	return 0;
}

static void __exit badmod_leak_exit(void)
{
}

module_init(badmod_leak_init);
module_exit(badmod_leak_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Leaks memory, to test the test harness");
