/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <sys/strsun.h>: the usual ways to answer an ioctl, and to make one message
 * into another.  The macros for the parts of a block (DB_BASE, MBLKL ...) are in
 * <sys/stream.h>.
 */
#ifndef _SYS_STRSUN_H
#define _SYS_STRSUN_H

#include <sys/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * mkiocb() - make an M_IOCTL of one's own, mkiocb(9F)
 * @command: the command
 *
 * The message is for putnext() down a stream, with data linked behind it if the
 * command has some, and ioc_count set to its bytes.  It has the kernel's
 * credentials and an ioc_id of its own, by which the answer is known.
 *
 * Context: any, interrupt included; does not sleep.
 * Return: the message, or NULL without memory.
 */
mblk_t *mkiocb(uint_t command);

/**
 * miocack() - answer an M_IOCTL with success, miocack(9F)
 * @wq: queue that it came in by
 * @mp: the M_IOCTL; the stream's when this returns
 * @count: bytes of data in @mp->b_cont to return; with 0 it is freed
 * @rval: what ioctl(2) returns
 *
 * Context: any, interrupt included; see put().
 */
void miocack(queue_t *wq, mblk_t *mp, int count, int rval);

/**
 * miocnak() - answer an M_IOCTL with an error, miocnak(9F)
 * @wq: queue that it came in by
 * @mp: the M_IOCTL; the stream's when this returns
 * @count: ignored, an error brings no data
 * @error: error number; 0 means EINVAL
 *
 * Context: any, interrupt included; see put().
 */
void miocnak(queue_t *wq, mblk_t *mp, int count, int error);

/**
 * mioc2ack() - turn an M_IOCTL into an M_IOCACK that brings data, mioc2ack(9F)
 * @mp: the M_IOCTL; send it with qreply()
 * @dp: block with the data, or NULL; replaces what @mp->b_cont has
 * @count: bytes of data in @dp
 * @rval: what ioctl(2) returns
 *
 * Context: any, interrupt included.
 */
void mioc2ack(mblk_t *mp, mblk_t *dp, size_t count, int rval);

/**
 * miocpullup() - make the data of an M_IOCTL contiguous, miocpullup(9F)
 * @mp: the M_IOCTL
 * @size: bytes that the command needs
 *
 * Context: any, interrupt included.
 * Return: 0 when @mp->b_cont has at least @size bytes in its first block; EINVAL
 * where there is less data, or the ioctl is transparent; ENOMEM.  On error @mp is
 * unchanged.
 */
int miocpullup(mblk_t *mp, size_t size);

/**
 * mcopyin() - turn an M_IOCTL or M_IOCDATA into an M_COPYIN, mcopyin(9F)
 * @mp: the message; send it with qreply()
 * @state: comes back in cp_private
 * @size: bytes to copy
 * @addr: user address; NULL takes it from the data of a transparent M_IOCTL
 *
 * Context: any, interrupt included.
 */
void mcopyin(mblk_t *mp, void *state, size_t size, void *addr);

/**
 * mcopyout() - turn an M_IOCTL or M_IOCDATA into an M_COPYOUT, mcopyout(9F)
 * @mp: the message; send it with qreply()
 * @state: comes back in cp_private
 * @size: bytes to copy
 * @addr: user address; NULL takes it from the data of a transparent M_IOCTL
 * @data: message with the bytes; NULL leaves what @mp->b_cont has
 *
 * Context: any, interrupt included.
 */
void mcopyout(mblk_t *mp, void *state, size_t size, void *addr, mblk_t *data);

/**
 * mcopymsg() - copy the bytes of a message out of it and free it, mcopymsg(9F)
 * @mp: message
 * @buf: room for msgsize(@mp) bytes
 *
 * Context: any, interrupt included.
 */
void mcopymsg(mblk_t *mp, void *buf);

/**
 * mexchange() - turn a message into one of another type and size, mexchange(9F)
 * @wq: where to send an M_ERROR of ENOSR from without memory, or NULL
 * @mp: message, or NULL; used where it is large enough and not shared, else freed
 * @size: bytes of the new message
 * @type: its message type
 * @primtype: its first 4 bytes, or -1
 *
 * Context: any, interrupt included; with @wq see put().
 * Return: the message, @size bytes long; NULL without memory, @mp is gone.
 */
mblk_t *mexchange(queue_t *wq, mblk_t *mp, size_t size, uchar_t type, int primtype);

/**
 * merror() - turn a message into an M_ERROR and send it back, merror(9F)
 * @wq: queue that it came in by
 * @mp: message; the stream's when this returns
 * @error: error number, for both sides of the stream
 *
 * Context: any, interrupt included; see put().
 */
void merror(queue_t *wq, mblk_t *mp, int error);

#ifdef __cplusplus
}
#endif

#endif /* _SYS_STRSUN_H */
