// SPDX-License-Identifier: GPL-2.0-only
/* streams.ko: loading and unloading. */
#include <linux/init.h>
#include <linux/module.h>
#include <streams_core/ddi/local.h>
#include "debug.h"
#include "rules.h"
#include "shim.h"

static int __init streams_init(void)
{
	int error;

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
