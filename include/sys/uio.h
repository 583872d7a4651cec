/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/uio.h>: the types in the prototypes of read(9E) and write(9E).  The stream
 * head reads and writes for STREAMS drivers, so that no struct uio reaches them.
 */
#ifndef _SYS_UIO_H
#define _SYS_UIO_H

#include <sys/types.h>

/* linux/uio.h has one for itself. */
#ifndef _UAPI__LINUX_UIO_H
/**
 * struct iovec - a piece of memory, iovec(9S)
 * @iov_base: where it begins
 * @iov_len: its length in bytes
 */
struct iovec {
	caddr_t		iov_base;
	size_t		iov_len;
};
#endif
typedef struct iovec iovec_t;

typedef enum { UIO_USERSPACE, UIO_SYSSPACE, UIO_USERISPACE } uio_seg_t;
typedef enum { UIO_READ, UIO_WRITE } uio_rw_t;

/**
 * struct uio - a request to read or write, uio(9S)
 * @uio_iov: pieces of memory
 * @uio_iovcnt: how many
 * @uio_loffset: place in the file
 * @uio_segflg: whose memory it is
 * @uio_fmode: how the file was opened
 * @uio_extflg: unused
 * @uio_llimit: where the file must end
 * @uio_resid: bytes that are left to do
 */
typedef struct uio {
	iovec_t		*uio_iov;
	int		uio_iovcnt;
	offset_t	uio_loffset;
	uio_seg_t	uio_segflg;
	uint16_t	uio_fmode;
	uint16_t	uio_extflg;
	offset_t	uio_llimit;
	ssize_t		uio_resid;
} uio_t;

#define uio_offset	uio_loffset
#define uio_limit	uio_llimit

#endif /* _SYS_UIO_H */
