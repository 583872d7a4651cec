// SPDX-License-Identifier: GPL-2.0-only
/* The .ko of the DLPI core: what it needs of Linux, and what it offers to drivers. */
#include <linux/bottom_half.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <net/net_namespace.h>
#include <sys/mac_provider.h>

/* provider.cc, stream.cc */
void dlpi_init(void);
void dlpi_fini(void);
void dlpi_bottom_halves_off(void);
void dlpi_bottom_halves_on(void);
int dlpi_in_first_network(void);

void dlpi_bottom_halves_off(void)
{
	local_bh_disable();
}

void dlpi_bottom_halves_on(void)
{
	local_bh_enable();
}

/* Of who opens, in his context.  A kernel without namespaces has but one. */
int dlpi_in_first_network(void)
{
	return !IS_ENABLED(CONFIG_NET_NS) || net_eq(current->nsproxy->net_ns, &init_net);
}

static int __init dlpi_module_init(void)
{
	dlpi_init();
	return 0;
}

static void __exit dlpi_module_exit(void)
{
	dlpi_fini();
}

module_init(dlpi_module_init);
module_exit(dlpi_module_exit);

EXPORT_SYMBOL_GPL(strm_mac_alloc);
EXPORT_SYMBOL_GPL(strm_mac_driver_register);
EXPORT_SYMBOL_GPL(strm_mac_driver_unregister);
EXPORT_SYMBOL_GPL(strm_mac_free);
EXPORT_SYMBOL_GPL(strm_mac_link_update);
EXPORT_SYMBOL_GPL(strm_mac_maxsdu_update);
EXPORT_SYMBOL_GPL(strm_mac_register);
EXPORT_SYMBOL_GPL(strm_mac_rx);
EXPORT_SYMBOL_GPL(strm_mac_rx_schedule);
EXPORT_SYMBOL_GPL(strm_mac_tx_update);
EXPORT_SYMBOL_GPL(strm_mac_unicst_update);
EXPORT_SYMBOL_GPL(strm_mac_unregister);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("STREAMS: the data link provider interface, for network drivers");
