/* SPDX-License-Identifier: GPL-2.0-only */
/* Poll events, with Linux's values; asserted in linux/file.c. */
#ifndef _STRM_POLL_H
#define _STRM_POLL_H

#define LIN_POLLIN	0x0001
#define LIN_POLLPRI	0x0002
#define LIN_POLLOUT	0x0004
#define LIN_POLLERR	0x0008
#define LIN_POLLHUP	0x0010
#define LIN_POLLNVAL	0x0020
#define LIN_POLLRDNORM	0x0040
#define LIN_POLLRDBAND	0x0080
#define LIN_POLLWRNORM	0x0100
#define LIN_POLLWRBAND	0x0200

#endif /* _STRM_POLL_H */
