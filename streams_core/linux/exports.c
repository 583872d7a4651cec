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
#include <sys/kmem.h>
#include <sys/stream.h>
#include <sys/strsun.h>

EXPORT_SYMBOL_GPL(strm_adjmsg);
EXPORT_SYMBOL_GPL(strm_allocb);
EXPORT_SYMBOL_GPL(strm_allocb_cred);
EXPORT_SYMBOL_GPL(strm_allocb_cred_wait);
EXPORT_SYMBOL_GPL(strm_allocb_tmpl);
EXPORT_SYMBOL_GPL(strm_allocb_wait);
EXPORT_SYMBOL_GPL(strm_backq);
EXPORT_SYMBOL_GPL(strm_bcanput);
EXPORT_SYMBOL_GPL(strm_bcanputnext);
EXPORT_SYMBOL_GPL(strm_bufcall);
EXPORT_SYMBOL_GPL(strm_canput);
EXPORT_SYMBOL_GPL(strm_canputnext);
EXPORT_SYMBOL_GPL(strm_cmn_err);
EXPORT_SYMBOL_GPL(strm_copyb);
EXPORT_SYMBOL_GPL(strm_copymsg);
EXPORT_SYMBOL_GPL(strm_desballoc);
EXPORT_SYMBOL_GPL(strm_desballoca);
EXPORT_SYMBOL_GPL(strm_driver_register);
EXPORT_SYMBOL_GPL(strm_driver_unregister);
EXPORT_SYMBOL_GPL(strm_drv_priv);
EXPORT_SYMBOL_GPL(strm_dupb);
EXPORT_SYMBOL_GPL(strm_dupmsg);
EXPORT_SYMBOL_GPL(strm_enableok);
EXPORT_SYMBOL_GPL(strm_esballoc);
EXPORT_SYMBOL_GPL(strm_esballoca);
EXPORT_SYMBOL_GPL(strm_flushband);
EXPORT_SYMBOL_GPL(strm_flushq);
EXPORT_SYMBOL_GPL(strm_freeb);
EXPORT_SYMBOL_GPL(strm_freemsg);
EXPORT_SYMBOL_GPL(strm_freemsgchain);
EXPORT_SYMBOL_GPL(strm_freezestr);
EXPORT_SYMBOL_GPL(strm_getq);
EXPORT_SYMBOL_GPL(strm_insq);
EXPORT_SYMBOL_GPL(strm_kmem_alloc);
EXPORT_SYMBOL_GPL(strm_kmem_free);
EXPORT_SYMBOL_GPL(strm_kmem_zalloc);
EXPORT_SYMBOL_GPL(strm_linkb);
EXPORT_SYMBOL_GPL(strm_mcopyin);
EXPORT_SYMBOL_GPL(strm_mcopymsg);
EXPORT_SYMBOL_GPL(strm_mcopyout);
EXPORT_SYMBOL_GPL(strm_merror);
EXPORT_SYMBOL_GPL(strm_mexchange);
EXPORT_SYMBOL_GPL(strm_mioc2ack);
EXPORT_SYMBOL_GPL(strm_miocack);
EXPORT_SYMBOL_GPL(strm_miocnak);
EXPORT_SYMBOL_GPL(strm_miocpullup);
EXPORT_SYMBOL_GPL(strm_mkiocb);
EXPORT_SYMBOL_GPL(strm_module_register);
EXPORT_SYMBOL_GPL(strm_module_unregister);
EXPORT_SYMBOL_GPL(strm_msg_getcred);
EXPORT_SYMBOL_GPL(strm_msgdsize);
EXPORT_SYMBOL_GPL(strm_msgpullup);
EXPORT_SYMBOL_GPL(strm_msgsize);
EXPORT_SYMBOL_GPL(strm_noenable);
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
EXPORT_SYMBOL_GPL(strm_strqget);
EXPORT_SYMBOL_GPL(strm_strqset);
EXPORT_SYMBOL_GPL(strm_testb);
EXPORT_SYMBOL_GPL(strm_unbufcall);
EXPORT_SYMBOL_GPL(strm_unfreezestr);
EXPORT_SYMBOL_GPL(strm_unlinkb);
