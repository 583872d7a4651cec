// SPDX-License-Identifier: GPL-2.0-only
/* /sys/kernel/debug/streams/streams: a picture of the streams that are open. */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include "debug.h"
#include "shim.h"

static struct dentry *folder;

void lin_seq_printf(struct seq_file *seq, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(seq, fmt, args);
	va_end(args);
}

static int streams_show(struct seq_file *seq, void *data)
{
	strm_show_streams(seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(streams);

/* Without debugfs there is no picture; nothing else changes. */
void strm_debug_init(void)
{
	folder = debugfs_create_dir("streams", NULL);
	debugfs_create_file("streams", 0400, folder, NULL, &streams_fops);
}

void strm_debug_exit(void)
{
	debugfs_remove(folder);
}
