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
#include <sys/devinfo.h>
#include <sys/kmem.h>
#include <sys/modctl.h>
#include <sys/stream.h>

EXPORT_SYMBOL_GPL(strm_adjmsg);
EXPORT_SYMBOL_GPL(strm_allocb);
EXPORT_SYMBOL_GPL(strm_backq);
EXPORT_SYMBOL_GPL(strm_bcanput);
EXPORT_SYMBOL_GPL(strm_bcanputnext);
EXPORT_SYMBOL_GPL(strm_canput);
EXPORT_SYMBOL_GPL(strm_canputnext);
EXPORT_SYMBOL_GPL(strm_cmn_err);
EXPORT_SYMBOL_GPL(strm_copyb);
EXPORT_SYMBOL_GPL(strm_copymsg);
EXPORT_SYMBOL_GPL(strm_ddi_create_minor_node);
EXPORT_SYMBOL_GPL(strm_ddi_create_priv_minor_node);
EXPORT_SYMBOL_GPL(strm_ddi_driver_major);
EXPORT_SYMBOL_GPL(strm_ddi_driver_name);
EXPORT_SYMBOL_GPL(strm_ddi_get_driver_private);
EXPORT_SYMBOL_GPL(strm_ddi_get_instance);
EXPORT_SYMBOL_GPL(strm_ddi_name_to_major);
EXPORT_SYMBOL_GPL(strm_ddi_prop_exists);
EXPORT_SYMBOL_GPL(strm_ddi_prop_free);
EXPORT_SYMBOL_GPL(strm_ddi_prop_get_int);
EXPORT_SYMBOL_GPL(strm_ddi_prop_lookup_int_array);
EXPORT_SYMBOL_GPL(strm_ddi_prop_lookup_string);
EXPORT_SYMBOL_GPL(strm_ddi_prop_remove);
EXPORT_SYMBOL_GPL(strm_ddi_prop_remove_all);
EXPORT_SYMBOL_GPL(strm_ddi_prop_update_int);
EXPORT_SYMBOL_GPL(strm_ddi_prop_update_int_array);
EXPORT_SYMBOL_GPL(strm_ddi_prop_update_string);
EXPORT_SYMBOL_GPL(strm_ddi_remove_minor_node);
EXPORT_SYMBOL_GPL(strm_ddi_report_dev);
EXPORT_SYMBOL_GPL(strm_ddi_set_driver_private);
EXPORT_SYMBOL_GPL(strm_driver_register);
EXPORT_SYMBOL_GPL(strm_driver_unregister);
EXPORT_SYMBOL_GPL(strm_drv_priv);
EXPORT_SYMBOL_GPL(strm_dupb);
EXPORT_SYMBOL_GPL(strm_dupmsg);
EXPORT_SYMBOL_GPL(strm_enableok);
EXPORT_SYMBOL_GPL(strm_flushband);
EXPORT_SYMBOL_GPL(strm_flushq);
EXPORT_SYMBOL_GPL(strm_freeb);
EXPORT_SYMBOL_GPL(strm_freemsg);
EXPORT_SYMBOL_GPL(strm_getq);
EXPORT_SYMBOL_GPL(strm_insq);
EXPORT_SYMBOL_GPL(strm_kmem_alloc);
EXPORT_SYMBOL_GPL(strm_kmem_free);
EXPORT_SYMBOL_GPL(strm_kmem_zalloc);
EXPORT_SYMBOL_GPL(strm_linkb);
EXPORT_SYMBOL_GPL(strm_linked_exit);
EXPORT_SYMBOL_GPL(strm_linked_init);
EXPORT_SYMBOL_GPL(strm_mod_driverops);
EXPORT_SYMBOL_GPL(strm_mod_info);
EXPORT_SYMBOL_GPL(strm_mod_install);
EXPORT_SYMBOL_GPL(strm_mod_miscops);
EXPORT_SYMBOL_GPL(strm_mod_remove);
EXPORT_SYMBOL_GPL(strm_mod_strmodops);
EXPORT_SYMBOL_GPL(strm_module_register);
EXPORT_SYMBOL_GPL(strm_module_unregister);
EXPORT_SYMBOL_GPL(strm_msgdsize);
EXPORT_SYMBOL_GPL(strm_msgpullup);
EXPORT_SYMBOL_GPL(strm_msgsize);
EXPORT_SYMBOL_GPL(strm_nodev);
EXPORT_SYMBOL_GPL(strm_noenable);
EXPORT_SYMBOL_GPL(strm_nulldev);
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
EXPORT_SYMBOL_GPL(strm_unlinkb);
