/* SPDX-License-Identifier: GPL-2.0-only */
/* <sys/stat.h>: kinds of files, for ddi_create_minor_node(9F), and permissions. */
#ifndef _SYS_STAT_H
#define _SYS_STAT_H

#include <sys/types.h>

/* Linux's header has these, with the same values. */
#ifndef S_IFMT
#define S_IFMT		0170000
#define S_IFSOCK	0140000
#define S_IFLNK		0120000
#define S_IFREG		0100000
#define S_IFBLK		0060000
#define S_IFDIR		0040000
#define S_IFCHR		0020000
#define S_IFIFO		0010000
#define S_ISUID		0004000
#define S_ISGID		0002000
#define S_ISVTX		0001000
#endif
#ifndef S_IRWXU
#define S_IRWXU		00700
#define S_IRUSR		00400
#define S_IWUSR		00200
#define S_IXUSR		00100
#define S_IRWXG		00070
#define S_IRGRP		00040
#define S_IWGRP		00020
#define S_IXGRP		00010
#define S_IRWXO		00007
#define S_IROTH		00004
#define S_IWOTH		00002
#define S_IXOTH		00001
#endif

#endif /* _SYS_STAT_H */
