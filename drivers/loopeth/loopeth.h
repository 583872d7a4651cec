/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What loopeth_linux.c, which has the parameters, asks of loopeth.c.  All of these
 * sleep, and are called one at a time.  Results are 0 or an error number.
 */
#ifndef _LOOPETH_H
#define _LOOPETH_H

#include <sys/types.h>

struct module;

#define LOOPETH_PAIRS_MAX	128
#define LOOPETH_SDU_MIN		1500
#define LOOPETH_SDU_MAX		16000
#define LOOPETH_MBITS_MAX	100000

int loopeth_load(struct module *owner, uint_t pairs, uint_t max_sdu, uint_t mbits);
void loopeth_unload(void);

/* As if a card were put into its slot, or pulled out. */
int loopeth_plug(uint_t instance);
int loopeth_unplug(uint_t instance);

/* Of all wires, from now on. */
void loopeth_set_max_sdu(uint_t max_sdu);
void loopeth_set_speed(uint_t mbits);

#endif /* _LOOPETH_H */
