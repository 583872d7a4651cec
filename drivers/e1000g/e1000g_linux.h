/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The border between the driver, which is C++ and knows the chips, and
 * e1000g_linux.c, which knows Linux: PCI, DMA, interrupts, timers.  The KUnit suite
 * plays the second with a model of the chip.
 *
 * How often what happens for each frame crosses it: see Documentation/writing-a-driver.rst.
 */
#ifndef _E1000G_LINUX_H
#define _E1000G_LINUX_H

#include <sys/mac_provider.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct e1000g_device;	/* the driver's half of a device */
struct e1000g_hw;		/* Linux's */

enum e1000g_chip {
	E1000G_82540,		/* 82540EM: PCI, INTx */
	E1000G_82545,		/* 82545EM: PCI or PCI-X, INTx */
	E1000G_82574		/* 82574L: PCI Express, MSI-X */
};

enum e1000g_irq {
	E1000G_INTX,
	E1000G_MSI,
	E1000G_MSIX		/* two vectors: e1000g_irq_queue() and e1000g_irq_other() */
};

/* What the driver is to know when a device is found; parameters have been checked. */
struct e1000g_found {
	enum e1000g_chip chip;
	enum e1000g_irq irq;
	uint_t instance;	/* the PPA */
	uint_t mtu;		/* most bytes behind the header of 14 */
	uint_t rx_ring;		/* descriptors, multiples of 8 */
	uint_t tx_ring;
	uint_t speed;		/* in Mbit/s, the only one to be advertised; 0: all */
	uint_t duplex;		/* 1 half, 2 full, the only one; 0: both */
};

/* ----------------------------------------------- what the driver is called for */

/*
 * Those return 0 or a negative error number.  All but the interrupts and the tick run
 * in process context and may sleep.
 */
int e1000g_driver_init(struct module *owner);
void e1000g_driver_exit(void);

/* Reset the chip, read its address, make the rings; interrupts come from now on. */
int e1000g_attach(struct e1000g_hw *hw, const struct e1000g_found *found,
		  struct e1000g_device **dp);
/* Let programs have it. */
int e1000g_register(struct e1000g_device *d);
/* Mask the interrupts; from here on nothing asks for a tick or a reset. */
void e1000g_quiesce(struct e1000g_device *d);
/* After interrupts, timer and work have been stopped: hang up, stop DMA, free. */
void e1000g_detach(struct e1000g_device *d);

/* Sleep and errors of the bus: no DMA and no interrupt between the two. */
void e1000g_suspend(struct e1000g_device *d);
int e1000g_resume(struct e1000g_device *d);

/* Interrupt handlers: nonzero if it was this device. */
int e1000g_irq_all(struct e1000g_device *d);
int e1000g_irq_queue(struct e1000g_device *d);
int e1000g_irq_other(struct e1000g_device *d);

/* What e1000g_hw_tick() asked for; softirq. */
void e1000g_tick(struct e1000g_device *d);
/* What e1000g_hw_want_reset() and e1000g_hw_want_check() asked for: one at a time. */
void e1000g_reset(struct e1000g_device *d);
void e1000g_check(struct e1000g_device *d);

/* ------------------------------------------------------- what it asks of Linux */

uint32_t e1000g_hw_read(struct e1000g_hw *hw, uint32_t offset);
void e1000g_hw_write(struct e1000g_hw *hw, uint32_t offset, uint32_t value);
/* The same through I/O space: 0 where the device has none. */
int e1000g_hw_io_write(struct e1000g_hw *hw, uint32_t offset, uint32_t value);

/* Memory that device and CPU see alike; zeroed; NULL without memory.  May sleep. */
void *e1000g_hw_ring_alloc(struct e1000g_hw *hw, size_t size, uint64_t *dma);
void e1000g_hw_ring_free(struct e1000g_hw *hw, size_t size, void *ring, uint64_t dma);

/*
 * Memory that the device writes to.  e1000g_hw_map_rx() answers 0 or a negative error
 * number, and in *@sync whether the next two have to be called at all.
 */
int e1000g_hw_map_rx(struct e1000g_hw *hw, void *buffer, size_t size, uint64_t *dma, int *sync);
void e1000g_hw_for_cpu(struct e1000g_hw *hw, uint64_t dma, size_t size);
void e1000g_hw_for_device(struct e1000g_hw *hw, uint64_t dma, size_t size);
/* The CPU may be reading it meanwhile. */
void e1000g_hw_unmap_rx(struct e1000g_hw *hw, uint64_t dma, size_t size);

/* Memory that it reads; 0, or a negative error number for memory it cannot reach. */
int e1000g_hw_map_tx(struct e1000g_hw *hw, const void *data, size_t size, uint64_t *dma);
void e1000g_hw_unmap_tx(struct e1000g_hw *hw, uint64_t dma, size_t size);

void e1000g_hw_udelay(uint_t microseconds);
void e1000g_hw_msleep(uint_t milliseconds);
/* Have e1000g_tick() called once, in so many milliseconds. */
void e1000g_hw_tick(struct e1000g_hw *hw, uint_t milliseconds);
/* Have e1000g_reset(), or e1000g_check(), called, soon. */
void e1000g_hw_want_reset(struct e1000g_hw *hw);
void e1000g_hw_want_check(struct e1000g_hw *hw);
/* From now on the device can read and write no memory, whatever it wants. */
void e1000g_hw_no_dma(struct e1000g_hw *hw);
/* Wait for handlers that run. */
void e1000g_hw_synchronize_irq(struct e1000g_hw *hw);
/* The parameter "itr", which can change: interrupts in a second, 0 for no limit. */
uint_t e1000g_hw_interrupt_rate(struct e1000g_hw *hw);

enum e1000g_level { E1000G_INFO, E1000G_ERR };
void e1000g_hw_log(struct e1000g_hw *hw, enum e1000g_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif /* _E1000G_LINUX_H */
