/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this room share.
 *
 * They include Linux's headers and after them the DDI's; a name that both have is
 * then Linux's, and the DDI's is written with its prefix: see <sys/names.h>.
 */
#ifndef _STRM_DDI_LOCAL_H
#define _STRM_DDI_LOCAL_H

#include <linux/irqflags.h>
#include <linux/kconfig.h>
#include <linux/preempt.h>
#include <streams_core/linux/shim.h>

/* A put or service procedure, a holder of a lock, or an interrupt. */
static inline bool strm_cannot_sleep(void)
{
	return in_interrupt() || irqs_disabled() ||
	       (IS_ENABLED(CONFIG_PREEMPT_COUNT) && !preemptible());
}

int strm_callout_init(void);
void strm_callout_exit(void);

#endif /* _STRM_DDI_LOCAL_H */
