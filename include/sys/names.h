/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The symbol behind each DDI name.
 *
 * The kernel has one name space for exported symbols.  So that "put" or "getq"
 * can never collide with somebody else's, what streams.ko exports carries the
 * prefix strm_, and the headers give it back its DDI name here.
 */
#ifndef _SYS_NAMES_H
#define _SYS_NAMES_H

#define adjmsg		strm_adjmsg
#define allocb		strm_allocb
#define allocb_cred	strm_allocb_cred
#define allocb_cred_wait	strm_allocb_cred_wait
#define allocb_tmpl	strm_allocb_tmpl
#define allocb_wait	strm_allocb_wait
#define backq		strm_backq
#define bcanput		strm_bcanput
#define bcanputnext	strm_bcanputnext
#define canput		strm_canput
#define canputnext	strm_canputnext
#define cmn_err		strm_cmn_err
#define copyb		strm_copyb
#define copymsg		strm_copymsg
#define drv_priv	strm_drv_priv
#define dupb		strm_dupb
#define dupmsg		strm_dupmsg
#define enableok	strm_enableok
#define flushband	strm_flushband
#define flushq		strm_flushq
#define freeb		strm_freeb
#define freemsg		strm_freemsg
#define freemsgchain	strm_freemsgchain
#define freezestr	strm_freezestr
#define getq		strm_getq
#define insq		strm_insq
#define kmem_alloc	strm_kmem_alloc
#define kmem_free	strm_kmem_free
#define kmem_zalloc	strm_kmem_zalloc
#define linkb		strm_linkb
#define mcopyin		strm_mcopyin
#define mcopymsg	strm_mcopymsg
#define mcopyout	strm_mcopyout
#define merror		strm_merror
#define mexchange	strm_mexchange
#define mioc2ack	strm_mioc2ack
#define miocack		strm_miocack
#define miocnak		strm_miocnak
#define miocpullup	strm_miocpullup
#define mkiocb		strm_mkiocb
#define msg_getcred	strm_msg_getcred
#define msgdsize	strm_msgdsize
#define msgpullup	strm_msgpullup
#define msgsize		strm_msgsize
#define noenable	strm_noenable
#define pullupmsg	strm_pullupmsg
#define put		strm_put
#define putbq		strm_putbq
#define putctl		strm_putctl
#define putctl1		strm_putctl1
#define putnext		strm_putnext
#define putnextctl	strm_putnextctl
#define putnextctl1	strm_putnextctl1
#define putq		strm_putq
#define qenable		strm_qenable
#define qprocsoff	strm_qprocsoff
#define qprocson	strm_qprocson
#define qreply		strm_qreply
#define qsize		strm_qsize
#define rmvb		strm_rmvb
#define rmvq		strm_rmvq
#define strqget		strm_strqget
#define strqset		strm_strqset
#define testb		strm_testb
#define unbufcall	strm_unbufcall
#define unfreezestr	strm_unfreezestr
#define unlinkb		strm_unlinkb

#endif /* _SYS_NAMES_H */
