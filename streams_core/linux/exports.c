// SPDX-License-Identifier: GPL-2.0-only
/*
 * What modules and drivers may call.  All of it is exported here, from C, where
 * the tool that computes symbol versions sees complete types.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <sys/cmn_err.h>
#include <sys/conf.h>
#include <sys/ddi.h>
#include <sys/debug.h>
#include <sys/kmem.h>
#include <sys/ksynch.h>
#include <sys/policy.h>
#include <sys/stream.h>
#include <sys/strlog.h>

EXPORT_SYMBOL_GPL(strm_adjmsg);
EXPORT_SYMBOL_GPL(strm_allocb);
EXPORT_SYMBOL_GPL(strm_assfail);
EXPORT_SYMBOL_GPL(strm_assfail3);
EXPORT_SYMBOL_GPL(strm_backq);
EXPORT_SYMBOL_GPL(strm_bcanput);
EXPORT_SYMBOL_GPL(strm_bcanputnext);
EXPORT_SYMBOL_GPL(strm_canput);
EXPORT_SYMBOL_GPL(strm_canputnext);
EXPORT_SYMBOL_GPL(strm_cmn_err);
EXPORT_SYMBOL_GPL(strm_copyb);
EXPORT_SYMBOL_GPL(strm_copyin);
EXPORT_SYMBOL_GPL(strm_copymsg);
EXPORT_SYMBOL_GPL(strm_copyout);
EXPORT_SYMBOL_GPL(strm_crfree);
EXPORT_SYMBOL_GPL(strm_crgetgid);
EXPORT_SYMBOL_GPL(strm_crgetgroups);
EXPORT_SYMBOL_GPL(strm_crgetngroups);
EXPORT_SYMBOL_GPL(strm_crgetrgid);
EXPORT_SYMBOL_GPL(strm_crgetruid);
EXPORT_SYMBOL_GPL(strm_crgetsgid);
EXPORT_SYMBOL_GPL(strm_crgetsuid);
EXPORT_SYMBOL_GPL(strm_crgetuid);
EXPORT_SYMBOL_GPL(strm_crhold);
EXPORT_SYMBOL_GPL(strm_cv_broadcast);
EXPORT_SYMBOL_GPL(strm_cv_destroy);
EXPORT_SYMBOL_GPL(strm_cv_init);
EXPORT_SYMBOL_GPL(strm_cv_reltimedwait);
EXPORT_SYMBOL_GPL(strm_cv_reltimedwait_sig);
EXPORT_SYMBOL_GPL(strm_cv_signal);
EXPORT_SYMBOL_GPL(strm_cv_timedwait);
EXPORT_SYMBOL_GPL(strm_cv_timedwait_sig);
EXPORT_SYMBOL_GPL(strm_cv_wait);
EXPORT_SYMBOL_GPL(strm_cv_wait_sig);
EXPORT_SYMBOL_GPL(strm_ddi_copyin);
EXPORT_SYMBOL_GPL(strm_ddi_copyout);
EXPORT_SYMBOL_GPL(strm_ddi_get_cred);
EXPORT_SYMBOL_GPL(strm_ddi_get_lbolt);
EXPORT_SYMBOL_GPL(strm_ddi_get_lbolt64);
EXPORT_SYMBOL_GPL(strm_ddi_get_pid);
EXPORT_SYMBOL_GPL(strm_ddi_get_soft_state);
EXPORT_SYMBOL_GPL(strm_ddi_get_time);
EXPORT_SYMBOL_GPL(strm_ddi_soft_state_fini);
EXPORT_SYMBOL_GPL(strm_ddi_soft_state_free);
EXPORT_SYMBOL_GPL(strm_ddi_soft_state_init);
EXPORT_SYMBOL_GPL(strm_ddi_soft_state_zalloc);
EXPORT_SYMBOL_GPL(strm_ddi_strtol);
EXPORT_SYMBOL_GPL(strm_ddi_strtoul);
EXPORT_SYMBOL_GPL(strm_delay);
EXPORT_SYMBOL_GPL(strm_delay_sig);
EXPORT_SYMBOL_GPL(strm_driver_register);
EXPORT_SYMBOL_GPL(strm_driver_unregister);
EXPORT_SYMBOL_GPL(strm_drv_getparm);
EXPORT_SYMBOL_GPL(strm_drv_hztousec);
EXPORT_SYMBOL_GPL(strm_drv_priv);
EXPORT_SYMBOL_GPL(strm_drv_sectohz);
EXPORT_SYMBOL_GPL(strm_drv_usectohz);
EXPORT_SYMBOL_GPL(strm_drv_usecwait);
EXPORT_SYMBOL_GPL(strm_dupb);
EXPORT_SYMBOL_GPL(strm_dupmsg);
EXPORT_SYMBOL_GPL(strm_enableok);
EXPORT_SYMBOL_GPL(strm_flushband);
EXPORT_SYMBOL_GPL(strm_flushq);
EXPORT_SYMBOL_GPL(strm_freeb);
EXPORT_SYMBOL_GPL(strm_freemsg);
EXPORT_SYMBOL_GPL(strm_gethrestime);
EXPORT_SYMBOL_GPL(strm_gethrtime);
EXPORT_SYMBOL_GPL(strm_getq);
EXPORT_SYMBOL_GPL(strm_groupmember);
EXPORT_SYMBOL_GPL(strm_hz);
EXPORT_SYMBOL_GPL(strm_insq);
EXPORT_SYMBOL_GPL(strm_kmem_alloc);
EXPORT_SYMBOL_GPL(strm_kmem_cache_alloc);
EXPORT_SYMBOL_GPL(strm_kmem_cache_create);
EXPORT_SYMBOL_GPL(strm_kmem_cache_destroy);
EXPORT_SYMBOL_GPL(strm_kmem_cache_free);
EXPORT_SYMBOL_GPL(strm_kmem_free);
EXPORT_SYMBOL_GPL(strm_kmem_zalloc);
EXPORT_SYMBOL_GPL(strm_linkb);
EXPORT_SYMBOL_GPL(strm_module_register);
EXPORT_SYMBOL_GPL(strm_module_unregister);
EXPORT_SYMBOL_GPL(strm_msgdsize);
EXPORT_SYMBOL_GPL(strm_msgpullup);
EXPORT_SYMBOL_GPL(strm_msgsize);
EXPORT_SYMBOL_GPL(strm_mutex_destroy);
EXPORT_SYMBOL_GPL(strm_mutex_enter);
EXPORT_SYMBOL_GPL(strm_mutex_exit);
EXPORT_SYMBOL_GPL(strm_mutex_init_class);
EXPORT_SYMBOL_GPL(strm_mutex_init_plain);
EXPORT_SYMBOL_GPL(strm_mutex_owned);
EXPORT_SYMBOL_GPL(strm_mutex_tryenter);
EXPORT_SYMBOL_GPL(strm_noenable);
EXPORT_SYMBOL_GPL(strm_numtos);
EXPORT_SYMBOL_GPL(strm_proc_ref);
EXPORT_SYMBOL_GPL(strm_proc_signal);
EXPORT_SYMBOL_GPL(strm_proc_unref);
EXPORT_SYMBOL_GPL(strm_pullupmsg);
EXPORT_SYMBOL_GPL(strm_put);
EXPORT_SYMBOL_GPL(strm_putbq);
EXPORT_SYMBOL_GPL(strm_putctl);
EXPORT_SYMBOL_GPL(strm_putctl1);
EXPORT_SYMBOL_GPL(strm_putnext);
EXPORT_SYMBOL_GPL(strm_putnextctl);
EXPORT_SYMBOL_GPL(strm_putnextctl1);
EXPORT_SYMBOL_GPL(strm_putq);
EXPORT_SYMBOL_GPL(strm_qenable);
EXPORT_SYMBOL_GPL(strm_qprocsoff);
EXPORT_SYMBOL_GPL(strm_qprocson);
EXPORT_SYMBOL_GPL(strm_qreply);
EXPORT_SYMBOL_GPL(strm_qsize);
EXPORT_SYMBOL_GPL(strm_rmvb);
EXPORT_SYMBOL_GPL(strm_rmvq);
EXPORT_SYMBOL_GPL(strm_rw_destroy);
EXPORT_SYMBOL_GPL(strm_rw_downgrade);
EXPORT_SYMBOL_GPL(strm_rw_enter);
EXPORT_SYMBOL_GPL(strm_rw_exit);
EXPORT_SYMBOL_GPL(strm_rw_init_class);
EXPORT_SYMBOL_GPL(strm_rw_init_plain);
EXPORT_SYMBOL_GPL(strm_rw_lock_held);
EXPORT_SYMBOL_GPL(strm_rw_read_locked);
EXPORT_SYMBOL_GPL(strm_rw_tryenter);
EXPORT_SYMBOL_GPL(strm_rw_tryupgrade);
EXPORT_SYMBOL_GPL(strm_rw_write_held);
EXPORT_SYMBOL_GPL(strm_secpolicy_net_config);
EXPORT_SYMBOL_GPL(strm_secpolicy_net_rawaccess);
EXPORT_SYMBOL_GPL(strm_secpolicy_sys_config);
EXPORT_SYMBOL_GPL(strm_sema_destroy);
EXPORT_SYMBOL_GPL(strm_sema_init);
EXPORT_SYMBOL_GPL(strm_sema_p);
EXPORT_SYMBOL_GPL(strm_sema_p_sig);
EXPORT_SYMBOL_GPL(strm_sema_tryp);
EXPORT_SYMBOL_GPL(strm_sema_v);
EXPORT_SYMBOL_GPL(strm_stoi);
EXPORT_SYMBOL_GPL(strm_strlog);
EXPORT_SYMBOL_GPL(strm_timeout);
EXPORT_SYMBOL_GPL(strm_unlinkb);
EXPORT_SYMBOL_GPL(strm_untimeout);
EXPORT_SYMBOL_GPL(strm_vcmn_err);
