/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The symbol behind each DDI name.
 *
 * The kernel has one name space for exported symbols.  So that "put" or "getq"
 * can never collide with somebody else's, what streams.ko exports carries the
 * prefix strm_, and the headers give it back its DDI name here.  The names that
 * Linux's own headers have as well are given in the header that declares them
 * (mutex_init, sema_init, kmem_cache_alloc), and so are words that are common as names
 * of members (timeout, delay, hz).
 *
 * A C file that includes Linux's headers includes them first.
 */
#ifndef _SYS_NAMES_H
#define _SYS_NAMES_H

#define adjmsg		strm_adjmsg
#define allocb		strm_allocb
#define allocb_cred	strm_allocb_cred
#define allocb_cred_wait	strm_allocb_cred_wait
#define allocb_tmpl	strm_allocb_tmpl
#define allocb_wait	strm_allocb_wait
#define assfail		strm_assfail
#define assfail3	strm_assfail3
#define backq		strm_backq
#define bcanput		strm_bcanput
#define bcanputnext	strm_bcanputnext
#define canput		strm_canput
#define canputnext	strm_canputnext
#define cmn_err		strm_cmn_err
#define copyb		strm_copyb
#define copyin		strm_copyin
#define copymsg		strm_copymsg
#define copyout		strm_copyout
#define crfree		strm_crfree
#define crgetgid	strm_crgetgid
#define crgetgroups	strm_crgetgroups
#define crgetngroups	strm_crgetngroups
#define crgetrgid	strm_crgetrgid
#define crgetruid	strm_crgetruid
#define crgetsgid	strm_crgetsgid
#define crgetsuid	strm_crgetsuid
#define crgetuid	strm_crgetuid
#define crhold		strm_crhold
#define cv_broadcast	strm_cv_broadcast
#define cv_destroy	strm_cv_destroy
#define cv_init		strm_cv_init
#define cv_reltimedwait	strm_cv_reltimedwait
#define cv_reltimedwait_sig strm_cv_reltimedwait_sig
#define cv_signal	strm_cv_signal
#define cv_timedwait	strm_cv_timedwait
#define cv_timedwait_sig strm_cv_timedwait_sig
#define cv_wait		strm_cv_wait
#define cv_wait_sig	strm_cv_wait_sig
#define ddi_copyin	strm_ddi_copyin
#define ddi_copyout	strm_ddi_copyout
#define ddi_create_minor_node strm_ddi_create_minor_node
#define ddi_create_priv_minor_node strm_ddi_create_priv_minor_node
#define ddi_driver_major strm_ddi_driver_major
#define ddi_driver_name strm_ddi_driver_name
#define ddi_get_cred	strm_ddi_get_cred
#define ddi_get_driver_private strm_ddi_get_driver_private
#define ddi_get_instance strm_ddi_get_instance
#define ddi_get_lbolt	strm_ddi_get_lbolt
#define ddi_get_lbolt64	strm_ddi_get_lbolt64
#define ddi_get_pid	strm_ddi_get_pid
#define ddi_get_soft_state strm_ddi_get_soft_state
#define ddi_get_time	strm_ddi_get_time
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
#define ddi_soft_state_fini strm_ddi_soft_state_fini
#define ddi_soft_state_free strm_ddi_soft_state_free
#define ddi_soft_state_init strm_ddi_soft_state_init
#define ddi_soft_state_zalloc strm_ddi_soft_state_zalloc
#define ddi_strtol	strm_ddi_strtol
#define ddi_strtoul	strm_ddi_strtoul
#define delay_sig	strm_delay_sig
#define drv_getparm	strm_drv_getparm
#define drv_hztousec	strm_drv_hztousec
#define drv_priv	strm_drv_priv
#define drv_sectohz	strm_drv_sectohz
#define drv_usectohz	strm_drv_usectohz
#define drv_usecwait	strm_drv_usecwait
#define dupb		strm_dupb
#define dupmsg		strm_dupmsg
#define enableok	strm_enableok
#define flushband	strm_flushband
#define flushq		strm_flushq
#define freeb		strm_freeb
#define freemsg		strm_freemsg
#define freemsgchain	strm_freemsgchain
#define freezestr	strm_freezestr
#define gethrestime	strm_gethrestime
#define gethrtime	strm_gethrtime
#define getq		strm_getq
#define groupmember	strm_groupmember
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
#define mod_driverops strm_mod_driverops
#define mod_miscops strm_mod_miscops
#define mod_strmodops strm_mod_strmodops
#define msg_getcred	strm_msg_getcred
#define msgdsize	strm_msgdsize
#define msgpullup	strm_msgpullup
#define msgsize		strm_msgsize
#define mutex_enter	strm_mutex_enter
#define mutex_exit	strm_mutex_exit
#define mutex_owned	strm_mutex_owned
#define mutex_tryenter	strm_mutex_tryenter
#define noenable	strm_noenable
#define numtos		strm_numtos
#define proc_ref	strm_proc_ref
#define proc_signal	strm_proc_signal
#define proc_unref	strm_proc_unref
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
#define rw_destroy	strm_rw_destroy
#define rw_downgrade	strm_rw_downgrade
#define rw_enter	strm_rw_enter
#define rw_exit		strm_rw_exit
#define rw_lock_held	strm_rw_lock_held
#define rw_read_locked	strm_rw_read_locked
#define rw_tryenter	strm_rw_tryenter
#define rw_tryupgrade	strm_rw_tryupgrade
#define rw_write_held	strm_rw_write_held
#define secpolicy_net_config strm_secpolicy_net_config
#define secpolicy_net_rawaccess strm_secpolicy_net_rawaccess
#define secpolicy_sys_config strm_secpolicy_sys_config
#define sema_destroy	strm_sema_destroy
#define sema_p		strm_sema_p
#define sema_p_sig	strm_sema_p_sig
#define sema_tryp	strm_sema_tryp
#define sema_v		strm_sema_v
#define stoi		strm_stoi
#define strlog		strm_strlog
#define strqget		strm_strqget
#define strqset		strm_strqset
#define testb		strm_testb
#define unbufcall	strm_unbufcall
#define unfreezestr	strm_unfreezestr
#define unlinkb		strm_unlinkb
#define vcmn_err	strm_vcmn_err

#endif /* _SYS_NAMES_H */
