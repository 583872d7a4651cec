/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _STRM_STAT_H
#define _STRM_STAT_H

struct seq_file;

int strm_stat_show(struct seq_file *seq, void *data);

#endif /* _STRM_STAT_H */
