// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the driver asks of Linux, and what Linux asks of the driver: PCI, DMA,
 * interrupts, a timer, a work.  Nothing is decided here about the chips but which of
 * them there are.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include "e1000g_linux.h"

#define E1000G_RING_MIN	64
#define E1000G_RING_MAX	4096
#define E1000G_MTU_MIN	68
#define E1000G_MTU_MAX	9000

static unsigned int mtu = 1500;
module_param(mtu, uint, 0444);
MODULE_PARM_DESC(mtu, "most bytes behind the Ethernet header, 68 to 9000 (1500)");

static unsigned int rx_ring = 256;
module_param(rx_ring, uint, 0444);
MODULE_PARM_DESC(rx_ring, "receive descriptors, 64 to 4096 (256)");

static unsigned int tx_ring = 256;
module_param(tx_ring, uint, 0444);
MODULE_PARM_DESC(tx_ring, "transmit descriptors, 64 to 4096 (256)");

static unsigned int itr = 20000;
module_param(itr, uint, 0644);
MODULE_PARM_DESC(itr, "most interrupts in a second, 0 for no limit (20000)");

static char *irq = "auto";
module_param(irq, charp, 0444);
MODULE_PARM_DESC(irq, "intx, msi or msix: no better ones than these (auto)");

static unsigned int speed;
module_param(speed, uint, 0444);
MODULE_PARM_DESC(speed, "offer this speed alone: 10, 100 or 1000 Mbit/s (0: all)");

static unsigned int duplex;
module_param(duplex, uint, 0444);
MODULE_PARM_DESC(duplex, "offer this alone: 1 half, 2 full duplex (0: both)");

struct e1000g_hw {
	struct pci_dev *pdev;
	int bars;		/* that are ours, a bit for each */
	void __iomem *regs;
	void __iomem *io;	/* NULL without I/O space */
	struct e1000g_device *device;
	int instance;
	int vectors;		/* with a handler */
	struct timer_list tick;
	struct work_struct work;
	unsigned long wanted;	/* of it: bits of these */
};

enum { WANTED_RESET, WANTED_CHECK };

static DEFINE_IDA(instances);

/* ---------------------------------------------------------------- registers */

uint32_t e1000g_hw_read(struct e1000g_hw *hw, uint32_t offset)
{
	return readl(hw->regs + offset);
}

void e1000g_hw_write(struct e1000g_hw *hw, uint32_t offset, uint32_t value)
{
	writel(value, hw->regs + offset);
}

/* I/O space is a window: an address and a word. */
int e1000g_hw_io_write(struct e1000g_hw *hw, uint32_t offset, uint32_t value)
{
	if (!hw->io)
		return 0;
	iowrite32(offset, hw->io);
	iowrite32(value, hw->io + 4);
	return 1;
}

/* ---------------------------------------------------------------------- DMA */

void *e1000g_hw_ring_alloc(struct e1000g_hw *hw, size_t size, uint64_t *dma)
{
	dma_addr_t address = 0;
	void *ring = dma_alloc_coherent(&hw->pdev->dev, size, &address, GFP_KERNEL);

	*dma = address;
	return ring;
}

void e1000g_hw_ring_free(struct e1000g_hw *hw, size_t size, void *ring, uint64_t dma)
{
	dma_free_coherent(&hw->pdev->dev, size, ring, dma);
}

int e1000g_hw_map_rx(struct e1000g_hw *hw, void *buffer, size_t size, uint64_t *dma, int *sync)
{
	struct device *dev = &hw->pdev->dev;
	dma_addr_t address = dma_map_single(dev, buffer, size, DMA_FROM_DEVICE);

	if (dma_mapping_error(dev, address))
		return -ENOMEM;
	*dma = address;
	*sync = dma_need_sync(dev, address);
	return 0;
}

void e1000g_hw_for_cpu(struct e1000g_hw *hw, uint64_t dma, size_t size)
{
	dma_sync_single_for_cpu(&hw->pdev->dev, dma, size, DMA_FROM_DEVICE);
}

void e1000g_hw_for_device(struct e1000g_hw *hw, uint64_t dma, size_t size)
{
	dma_sync_single_for_device(&hw->pdev->dev, dma, size, DMA_FROM_DEVICE);
}

void e1000g_hw_unmap_rx(struct e1000g_hw *hw, uint64_t dma, size_t size)
{
	dma_unmap_single_attrs(&hw->pdev->dev, dma, size, DMA_FROM_DEVICE,
			       DMA_ATTR_SKIP_CPU_SYNC);
}

/* The data of a message may be anybody's memory, and memory of vmalloc() is in pieces. */
int e1000g_hw_map_tx(struct e1000g_hw *hw, const void *data, size_t size, uint64_t *dma)
{
	struct device *dev = &hw->pdev->dev;
	dma_addr_t address;

	if (!virt_addr_valid(data))
		return -EFAULT;
	address = dma_map_single(dev, (void *)data, size, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, address))
		return -ENOMEM;
	*dma = address;
	return 0;
}

void e1000g_hw_unmap_tx(struct e1000g_hw *hw, uint64_t dma, size_t size)
{
	dma_unmap_single(&hw->pdev->dev, dma, size, DMA_TO_DEVICE);
}

void e1000g_hw_no_dma(struct e1000g_hw *hw)
{
	pci_clear_master(hw->pdev);
}

/* --------------------------------------------------------- time, work, the log */

void e1000g_hw_udelay(uint_t microseconds)
{
	udelay(microseconds);
}

void e1000g_hw_msleep(uint_t milliseconds)
{
	usleep_range(milliseconds * 1000, milliseconds * 1100);
}

static void tick(struct timer_list *timer)
{
	struct e1000g_hw *hw = container_of(timer, struct e1000g_hw, tick);

	e1000g_tick(hw->device);
}

void e1000g_hw_tick(struct e1000g_hw *hw, uint_t milliseconds)
{
	mod_timer(&hw->tick, round_jiffies(jiffies + msecs_to_jiffies(milliseconds)));
}

/* One after the other: both talk to the PHY. */
static void work(struct work_struct *work)
{
	struct e1000g_hw *hw = container_of(work, struct e1000g_hw, work);

	if (test_and_clear_bit(WANTED_RESET, &hw->wanted))
		e1000g_reset(hw->device);
	if (test_and_clear_bit(WANTED_CHECK, &hw->wanted))
		e1000g_check(hw->device);
}

static void want(struct e1000g_hw *hw, int what)
{
	set_bit(what, &hw->wanted);
	schedule_work(&hw->work);
}

void e1000g_hw_want_reset(struct e1000g_hw *hw)
{
	want(hw, WANTED_RESET);
}

void e1000g_hw_want_check(struct e1000g_hw *hw)
{
	want(hw, WANTED_CHECK);
}

uint_t e1000g_hw_interrupt_rate(struct e1000g_hw *hw)
{
	return READ_ONCE(itr);
}

void e1000g_hw_log(struct e1000g_hw *hw, enum e1000g_level level, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	if (level == E1000G_INFO)
		dev_info(&hw->pdev->dev, "%pV", &vaf);
	else
		dev_err(&hw->pdev->dev, "%pV", &vaf);
	va_end(args);
}

/* --------------------------------------------------------------- interrupts */

static irqreturn_t irq_all(int number, void *data)
{
	struct e1000g_hw *hw = data;

	return IRQ_RETVAL(e1000g_irq_all(hw->device));
}

static irqreturn_t irq_queue(int number, void *data)
{
	struct e1000g_hw *hw = data;

	return IRQ_RETVAL(e1000g_irq_queue(hw->device));
}

static irqreturn_t irq_other(int number, void *data)
{
	struct e1000g_hw *hw = data;

	return IRQ_RETVAL(e1000g_irq_other(hw->device));
}

/* The best that chip, machine and parameter allow. */
static int alloc_vectors(struct pci_dev *pdev, bool msix, enum e1000g_irq *kind)
{
	bool no_msix = !msix || !strcmp(irq, "msi") || !strcmp(irq, "intx");
	bool no_msi = !msix || !strcmp(irq, "intx");

	if (!no_msix && pci_alloc_irq_vectors(pdev, 2, 2, PCI_IRQ_MSIX) == 2) {
		*kind = E1000G_MSIX;
		return 0;
	}
	if (!no_msi && pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI) == 1) {
		*kind = E1000G_MSI;
		return 0;
	}
	*kind = E1000G_INTX;
	pci_intx(pdev, 1); /* somebody before us may have turned it off */
	return pdev->irq ? 0 : -ENODEV;
}

static void free_handlers(struct e1000g_hw *hw)
{
	while (hw->vectors > 0)
		pci_free_irq(hw->pdev, --hw->vectors, hw);
}

static int request_handlers(struct e1000g_hw *hw, enum e1000g_irq kind)
{
	int wanted = kind == E1000G_MSIX ? 2 : 1;
	int error = 0;

	while (!error && hw->vectors < wanted) {
		irq_handler_t handler = kind != E1000G_MSIX ? irq_all :
					hw->vectors == 0 ? irq_queue : irq_other;

		error = pci_request_irq(hw->pdev, hw->vectors, handler, NULL, hw, "e1000g%d%s",
					hw->instance, handler == irq_other ? "-other" : "");
		if (!error)
			hw->vectors++;
	}
	if (error)
		free_handlers(hw);
	return error;
}

void e1000g_hw_synchronize_irq(struct e1000g_hw *hw)
{
	int i;

	for (i = 0; i < hw->vectors; i++)
		synchronize_irq(pci_irq_vector(hw->pdev, i));
}

/* ----------------------------------------------------------- probe and remove */

static unsigned int within(const char *name, unsigned int value, unsigned int least,
			   unsigned int most)
{
	unsigned int good = clamp(value, least, most);

	if (good != value)
		pr_warn("e1000g: %s=%u is not possible: %u\n", name, value, good);
	return good;
}

/* The chips count the length of a ring in units of eight descriptors. */
static unsigned int ring_of(const char *name, unsigned int value)
{
	return round_down(within(name, value, E1000G_RING_MIN, E1000G_RING_MAX), 8);
}

static void fill_found(struct e1000g_found *found, enum e1000g_chip chip)
{
	found->chip = chip;
	found->mtu = within("mtu", mtu, E1000G_MTU_MIN, E1000G_MTU_MAX);
	found->rx_ring = ring_of("rx_ring", rx_ring);
	found->tx_ring = ring_of("tx_ring", tx_ring);
	found->speed = speed == 10 || speed == 100 || speed == 1000 ? speed : 0;
	found->duplex = duplex <= 2 && found->speed != 1000 ? duplex : 0; /* that is full */
}

/* An 8254x puts more than 32 bits on the bus in two cycles, which not all bridges do. */
static int set_masks(struct pci_dev *pdev, enum e1000g_chip chip)
{
	if (chip == E1000G_82574 && !dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64)))
		return 0;
	return dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
}

/* I/O space is BAR 2, or 4 where the registers have an address of 64 bits. */
static void map_io(struct e1000g_hw *hw)
{
	int bar;

	for (bar = 1; bar <= 5 && !hw->io; bar++) {
		if (hw->bars & BIT(bar) &&
		    pci_resource_flags(hw->pdev, bar) & IORESOURCE_IO)
			hw->io = pci_iomap(hw->pdev, bar, 8);
	}
}

static int claim_bars(struct e1000g_hw *hw, unsigned long types)
{
	struct pci_dev *pdev = hw->pdev;
	int error = types & IORESOURCE_IO ? pci_enable_device(pdev) : pci_enable_device_mem(pdev);

	if (error)
		return error;
	hw->bars = pci_select_bars(pdev, types);
	error = pci_request_selected_regions(pdev, hw->bars, "e1000g");
	if (error)
		pci_disable_device(pdev);
	return error;
}

/* I/O space is scarce: the 82574 has no use for it, and the others can do without. */
static int claim_space(struct e1000g_hw *hw, enum e1000g_chip chip)
{
	if (chip != E1000G_82574 && !claim_bars(hw, IORESOURCE_MEM | IORESOURCE_IO))
		return 0;
	return claim_bars(hw, IORESOURCE_MEM);
}

static void leave_space(struct e1000g_hw *hw)
{
	pci_release_selected_regions(hw->pdev, hw->bars);
	pci_disable_device(hw->pdev);
}

static int map_regs(struct e1000g_hw *hw)
{
	hw->regs = pci_iomap(hw->pdev, 0, 0);
	if (!hw->regs)
		return -EIO;
	map_io(hw);
	return 0;
}

static void unmap_regs(struct e1000g_hw *hw)
{
	if (hw->io)
		pci_iounmap(hw->pdev, hw->io);
	pci_iounmap(hw->pdev, hw->regs);
}

/* Nothing calls the driver from here on but the DLPI core. */
static void hold_still(struct e1000g_hw *hw)
{
	e1000g_quiesce(hw->device);
	del_timer_sync(&hw->tick);
	cancel_work_sync(&hw->work);
	hw->wanted = 0;
}

static int start(struct e1000g_hw *hw, enum e1000g_chip chip)
{
	struct e1000g_found found = { .instance = hw->instance };
	int error;

	fill_found(&found, chip);
	error = alloc_vectors(hw->pdev, chip == E1000G_82574, &found.irq);
	if (error)
		return error;
	error = e1000g_attach(hw, &found, &hw->device);
	if (error)
		goto no_device;
	error = request_handlers(hw, found.irq);
	if (error)
		goto no_handlers;
	error = e1000g_register(hw->device);
	if (!error)
		return 0;
	free_handlers(hw);
no_handlers:
	e1000g_detach(hw->device);
no_device:
	pci_free_irq_vectors(hw->pdev);
	return error;
}

static bool link_may_sleep(struct pci_dev *pdev)
{
	u16 control = 0;

	pcie_capability_read_word(pdev, PCI_EXP_LNKCTL, &control);
	return control & PCI_EXP_LNKCTL_ASPMC;
}

/*
 * The 82574 loses completions where its link sleeps, says its specification update.
 * Where the firmware has not left that to Linux the registers are written here, those
 * of the device before those of the other end.
 */
static void keep_link_awake(struct pci_dev *pdev)
{
	struct pci_dev *bridge = pci_upstream_bridge(pdev);

	pci_disable_link_state(pdev, PCIE_LINK_STATE_L0S | PCIE_LINK_STATE_L1);
	if (!link_may_sleep(pdev))
		return;
	pcie_capability_clear_word(pdev, PCI_EXP_LNKCTL, PCI_EXP_LNKCTL_ASPMC);
	if (bridge)
		pcie_capability_clear_word(bridge, PCI_EXP_LNKCTL, PCI_EXP_LNKCTL_ASPMC);
}

/* The 82545 cannot do with what some firmware lets it read at once in PCI-X mode. */
static void limit_reads(struct pci_dev *pdev)
{
	if (pcix_get_mmrbc(pdev) > 2048)
		pcix_set_mmrbc(pdev, 2048);
}

static int enable(struct e1000g_hw *hw, enum e1000g_chip chip)
{
	struct pci_dev *pdev = hw->pdev;
	int error = claim_space(hw, chip);

	if (error)
		return error;
	error = set_masks(pdev, chip);
	if (!error)
		error = map_regs(hw);
	if (error) {
		leave_space(hw);
		return error;
	}
	if (chip == E1000G_82574)
		keep_link_awake(pdev);
	if (chip == E1000G_82545)
		limit_reads(pdev);
	pci_set_master(pdev);
	pci_save_state(pdev);
	return 0;
}

static void disable(struct e1000g_hw *hw)
{
	pci_clear_master(hw->pdev);
	unmap_regs(hw);
	leave_space(hw);
}

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	enum e1000g_chip chip = id->driver_data;
	struct e1000g_hw *hw = kzalloc(sizeof(*hw), GFP_KERNEL);
	int error;

	if (!hw)
		return -ENOMEM;
	hw->pdev = pdev;
	timer_setup(&hw->tick, tick, 0);
	INIT_WORK(&hw->work, work);
	hw->instance = ida_alloc_max(&instances, MAC_PPA_MAX, GFP_KERNEL);
	if (hw->instance < 0) {
		error = hw->instance;
		goto no_instance;
	}
	error = enable(hw, chip);
	if (error)
		goto not_enabled;
	pci_set_drvdata(pdev, hw);
	error = start(hw, chip);
	if (!error)
		return 0;
	disable(hw);
not_enabled:
	ida_free(&instances, hw->instance);
no_instance:
	kfree(hw);
	return dev_err_probe(&pdev->dev, error, "cannot be used\n");
}

static void remove(struct pci_dev *pdev)
{
	struct e1000g_hw *hw = pci_get_drvdata(pdev);

	e1000g_quiesce(hw->device);
	free_handlers(hw);
	hold_still(hw);
	e1000g_detach(hw->device);
	pci_free_irq_vectors(pdev);
	disable(hw);
	ida_free(&instances, hw->instance);
	kfree(hw);
}

/* -------------------------------------------------------------- sleep, errors */

static void sleep(struct e1000g_hw *hw)
{
	hold_still(hw);
	e1000g_suspend(hw->device);
	pci_clear_master(hw->pdev);
}

static int go_on(struct e1000g_hw *hw)
{
	pci_set_master(hw->pdev);
	return e1000g_resume(hw->device);
}

static int suspend(struct device *dev)
{
	sleep(dev_get_drvdata(dev));
	return 0;
}

static int resume(struct device *dev)
{
	return go_on(dev_get_drvdata(dev));
}

static DEFINE_SIMPLE_DEV_PM_OPS(pm_ops, suspend, resume);

static void shutdown(struct pci_dev *pdev)
{
	sleep(pci_get_drvdata(pdev));
}

static pci_ers_result_t error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	sleep(pci_get_drvdata(pdev));
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	pci_save_state(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

static void error_resume(struct pci_dev *pdev)
{
	go_on(pci_get_drvdata(pdev));
}

static void reset_prepare(struct pci_dev *pdev)
{
	sleep(pci_get_drvdata(pdev));
}

static void reset_done(struct pci_dev *pdev)
{
	go_on(pci_get_drvdata(pdev));
}

static const struct pci_error_handlers error_handlers = {
	.error_detected = error_detected,
	.slot_reset = slot_reset,
	.resume = error_resume,
	.reset_prepare = reset_prepare,
	.reset_done = reset_done,
};

/*
 * No MODULE_DEVICE_TABLE: with it udev would load this beside Linux's own drivers for
 * the same devices, and who came first would have the network.  It is loaded by hand.
 */
static const struct pci_device_id ids[] = {
	{ PCI_VDEVICE(INTEL, 0x100e), E1000G_82540 },
	{ PCI_VDEVICE(INTEL, 0x100f), E1000G_82545 },
	{ PCI_VDEVICE(INTEL, 0x10d3), E1000G_82574 },
	{}
};

static struct pci_driver pci_driver = {
	.name = "streams_e1000g",
	.id_table = ids,
	.probe = probe,
	.remove = remove,
	.shutdown = shutdown,
	.err_handler = &error_handlers,
	.driver.pm = pm_sleep_ptr(&pm_ops),
};

static int __init init(void)
{
	int error = e1000g_driver_init(THIS_MODULE);

	if (error)
		return error;
	error = pci_register_driver(&pci_driver);
	if (error)
		e1000g_driver_exit();
	return error;
}

static void __exit exit_module(void)
{
	pci_unregister_driver(&pci_driver);
	e1000g_driver_exit();
}

module_init(init);
module_exit(exit_module);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("STREAMS: Intel 8254x and 82574");
MODULE_ALIAS("streams-driver-e1000g");
