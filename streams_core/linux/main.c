// SPDX-License-Identifier: GPL-2.0-only
/* streams.ko: loading and unloading. */
#include <linux/init.h>
#include <linux/kconfig.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/version.h>
#include <streams_core/ddi/local.h>
#include "debug.h"
#include <streams_core/rules/rules.h>
#include "shim.h"

/*
 * What belongs to a CPU (perimeter/runner.cc, queue/freeze.cc) is used with bottom
 * halves off, and that no other task on this CPU has them off then, too, is true of
 * PREEMPT_RT only with this lock.  Before 6.18 it was always there.
 */
static bool __init bottom_halves_exclude(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) || LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0) ||
	       IS_ENABLED(CONFIG_PREEMPT_RT_NEEDS_BH_LOCK);
}

static int __init streams_init(void)
{
	int error;

	if (!bottom_halves_exclude()) {
		pr_err("streams: this kernel has PREEMPT_RT without PREEMPT_RT_NEEDS_BH_LOCK, which is needed\n");
		return -EOPNOTSUPP;
	}
	strm_rules_init();
	error = strm_callout_init();
	if (error)
		return error;
	error = strm_core_init();
	if (error)
		goto no_core;
	error = lin_nodes_init();
	if (error)
		goto no_nodes;
	strm_debug_init();
	return 0;

no_nodes:
	strm_core_exit();
no_core:
	strm_callout_exit();
	return error;
}

static void __exit streams_exit(void)
{
	strm_debug_exit();
	lin_nodes_exit();
	strm_rules_watch_exit();
	strm_core_exit();
	strm_callout_exit();
	strm_rules_exit();
}

module_init(streams_init);
module_exit(streams_exit);
MODULE_DESCRIPTION("MT STREAMS");
MODULE_LICENSE("GPL");
