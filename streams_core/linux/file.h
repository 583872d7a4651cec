/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _STRM_FILE_H
#define _STRM_FILE_H

struct file_operations;

extern const struct file_operations strm_fops;

#endif /* _STRM_FILE_H */
