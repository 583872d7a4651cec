// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/streams: a picture of the streams that are open, and the
 * statistics.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include "debug.h"
#include "shim.h"
#include "stat.h"

static struct dentry *folder;

void lin_seq_printf(struct seq_file *seq, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(seq, fmt, args);
	va_end(args);
}

static void *streams_start(struct seq_file *seq, loff_t *pos)
{
	return strm_picture_start(pos);
}

static void *streams_next(struct seq_file *seq, void *stream, loff_t *pos)
{
	return strm_picture_next(stream, pos);
}

static void streams_stop(struct seq_file *seq, void *stream)
{
	strm_picture_stop(stream);
}

static int streams_show(struct seq_file *seq, void *stream)
{
	strm_picture_show(seq, stream);
	return 0;
}

static const struct seq_operations streams_sops = {
	.start = streams_start,
	.next = streams_next,
	.stop = streams_stop,
	.show = streams_show,
};
DEFINE_SEQ_ATTRIBUTE(streams);
DEFINE_SHOW_ATTRIBUTE(strm_stat);

/* Without debugfs there is nothing to see; nothing else changes. */
void strm_debug_init(void)
{
	folder = debugfs_create_dir("streams", NULL);
	debugfs_create_file("streams", 0400, folder, NULL, &streams_fops);
	debugfs_create_file("stat", 0444, folder, NULL, &strm_stat_fops);
}

void strm_debug_exit(void)
{
	debugfs_remove(folder);
}
