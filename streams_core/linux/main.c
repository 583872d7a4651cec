// SPDX-License-Identifier: GPL-2.0-only
/* streams.ko: loading and unloading. */
#include <linux/init.h>
#include <linux/module.h>
#include "debug.h"
#include "shim.h"

static int __init streams_init(void)
{
	int error = strm_core_init();

	if (error)
		return error;
	error = lin_nodes_init();
	if (error) {
		strm_core_exit();
		return error;
	}
	strm_debug_init();
	return 0;
}

static void __exit streams_exit(void)
{
	strm_debug_exit();
	lin_nodes_exit();
	strm_core_exit();
}

module_init(streams_init);
module_exit(streams_exit);
MODULE_DESCRIPTION("MT STREAMS");
MODULE_LICENSE("GPL");
