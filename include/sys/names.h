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
#define backq		strm_backq
#define bcanput		strm_bcanput
#define bcanputnext	strm_bcanputnext
#define canput		strm_canput
#define canputnext	strm_canputnext
#define cmn_err		strm_cmn_err
#define copyb		strm_copyb
#define copymsg		strm_copymsg
#define ddi_create_minor_node strm_ddi_create_minor_node
#define ddi_create_priv_minor_node strm_ddi_create_priv_minor_node
#define ddi_driver_major strm_ddi_driver_major
#define ddi_driver_name strm_ddi_driver_name
#define ddi_get_driver_private strm_ddi_get_driver_private
#define ddi_get_instance strm_ddi_get_instance
#define ddi_name_to_major strm_ddi_name_to_major
#define ddi_prop_exists strm_ddi_prop_exists
#define ddi_prop_free strm_ddi_prop_free
#define ddi_prop_get_int strm_ddi_prop_get_int
#define ddi_prop_lookup_int_array strm_ddi_prop_lookup_int_array
#define ddi_prop_lookup_string strm_ddi_prop_lookup_string
#define ddi_prop_remove strm_ddi_prop_remove
#define ddi_prop_remove_all strm_ddi_prop_remove_all
#define ddi_prop_update_int strm_ddi_prop_update_int
#define ddi_prop_update_int_array strm_ddi_prop_update_int_array
#define ddi_prop_update_string strm_ddi_prop_update_string
#define ddi_remove_minor_node strm_ddi_remove_minor_node
#define ddi_report_dev strm_ddi_report_dev
#define ddi_set_driver_private strm_ddi_set_driver_private
#define drv_priv	strm_drv_priv
#define dupb		strm_dupb
#define dupmsg		strm_dupmsg
#define enableok	strm_enableok
#define flushband	strm_flushband
#define flushq		strm_flushq
#define freeb		strm_freeb
#define freemsg		strm_freemsg
#define getq		strm_getq
#define insq		strm_insq
#define kmem_alloc	strm_kmem_alloc
#define kmem_free	strm_kmem_free
#define kmem_zalloc	strm_kmem_zalloc
#define linkb		strm_linkb
#define mod_driverops strm_mod_driverops
#define mod_miscops strm_mod_miscops
#define mod_strmodops strm_mod_strmodops
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
#define unlinkb		strm_unlinkb

#endif /* _SYS_NAMES_H */
