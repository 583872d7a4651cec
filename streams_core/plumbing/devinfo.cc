// SPDX-License-Identifier: GPL-2.0-only
//
// Attach, detach, getinfo, and what those procedures call.
//
// A pseudo driver has one instance, number 0, which is attached when the driver
// is installed and detached when it is removed.
#include <streams_core/plumbing/devinfo.hh>
#include <sys/errno.h>

namespace strm {

namespace {

constexpr int character_special = 0020000; // S_IFCHR
constexpr u32 permission_bits = 0777;

// A slot of struct dev_ops that has something to call.
template <typename Procedure> bool has_work(Procedure procedure)
{
	const void *address = reinterpret_cast<const void *>(procedure);

	return address && address != nulldev && address != nodev;
}

bool probed(dev_info_t *dip)
{
	if (!has_work(dip->ops->devo_probe))
		return true;
	const int found = dip->ops->devo_probe(dip);
	return found != DDI_PROBE_FAILURE && found != DDI_PROBE_PARTIAL;
}

int create_node(dev_info_t *dip, const char *name, int spec_type, minor_t minor, int flag, u32 mode)
{
	Registered &driver = *dip->driver;
	int error = EINVAL;

	if (spec_type == character_special && (flag & ~CLONE_DEV) == 0)
		error = flag & CLONE_DEV ? add_clone_node(driver, name, mode) :
					   add_minor_node(driver, name, minor, mode);
	if (error)
		lin_printk(LIN_WARN, "%s: no node \"%.31s\" for minor %u: error %d\n", driver.name,
			   name, minor, error);
	return error ? DDI_FAILURE : DDI_SUCCESS;
}

} // namespace

int make_devinfo(Registered &driver, const dev_ops *ops, const char *conf)
{
	auto *info = static_cast<strm_dev_info *>(
		lin_kzalloc(sizeof(strm_dev_info), LIN_GFP_KERNEL));
	if (!info)
		return ENOMEM;
	info->driver = &driver;
	info->ops = ops;
	driver.devinfo = info;
	return properties_of_conf(*info, conf);
}

void free_devinfo(strm_dev_info *info)
{
	if (!info)
		return;
	ddi_prop_remove_all(info);
	lin_kfree(info);
}

int attach(Registered &driver)
{
	dev_info_t *dip = driver.devinfo;

	if (!probed(dip) || (has_work(dip->ops->devo_attach) &&
			     dip->ops->devo_attach(dip, DDI_ATTACH) != DDI_SUCCESS)) {
		lin_printk(LIN_WARN, "%s: instance 0 did not attach\n", driver.name);
		return ENXIO;
	}
	dip->attached = true;
	return have_clone_node(driver, lin_node_mode());
}

bool detach(Registered &driver)
{
	dev_info_t *dip = driver.devinfo;

	if (!dip || !dip->attached)
		return true;
	if (has_work(dip->ops->devo_detach) &&
	    dip->ops->devo_detach(dip, DDI_DETACH) != DDI_SUCCESS)
		return false;
	dip->attached = false;
	return true;
}

int admit(const Registered &driver, dev_t dev, bool clone, cred_t *cred)
{
	dev_info_t *dip = driver.devinfo;
	void *instance = nullptr;

	if (!dip)
		return driver.admit ? -driver.admit(cred) : 0;
	if (!dip->attached)
		return -ENXIO;
	if (clone || !has_work(dip->ops->devo_getinfo))
		return 0;
	if (dip->ops->devo_getinfo(dip, DDI_INFO_DEVT2INSTANCE,
				   reinterpret_cast<void *>(static_cast<uintptr_t>(dev)),
				   &instance) != DDI_SUCCESS)
		return -ENXIO;
	return instance ? -ENXIO : 0;
}

} // namespace strm

using namespace strm;

extern "C" int strm_nulldev(void)
{
	return 0;
}

extern "C" int strm_nodev(void)
{
	return ENXIO;
}

extern "C" int ddi_create_minor_node(dev_info_t *dip, const char *name, int spec_type,
				     minor_t minor_num, const char *, int flag)
{
	return create_node(dip, name, spec_type, minor_num, flag, lin_node_mode());
}

extern "C" int ddi_create_priv_minor_node(dev_info_t *dip, const char *name, int spec_type,
					  minor_t minor_num, const char *, int flag, const char *,
					  const char *, int priv_mode)
{
	return create_node(dip, name, spec_type, minor_num, flag,
			   static_cast<u32>(priv_mode) & permission_bits);
}

extern "C" void ddi_remove_minor_node(dev_info_t *dip, const char *name)
{
	remove_node(*dip->driver, name);
}

extern "C" int ddi_get_instance(dev_info_t *)
{
	return 0;
}

extern "C" const char *ddi_driver_name(dev_info_t *dip)
{
	return dip->driver->name;
}

extern "C" major_t ddi_driver_major(dev_info_t *dip)
{
	return dip->driver->major;
}

extern "C" major_t ddi_name_to_major(const char *name)
{
	return static_cast<major_t>(major_of_driver(name)); // -1 is DDI_MAJOR_T_NONE
}

extern "C" void ddi_set_driver_private(dev_info_t *dip, void *data)
{
	store_release(dip->driver_private, data);
}

extern "C" void *ddi_get_driver_private(dev_info_t *dip)
{
	return load_acquire(dip->driver_private);
}

extern "C" void ddi_report_dev(dev_info_t *dip)
{
	lin_printk(LIN_INFO, "%s0 is there, major %u\n", dip->driver->name, dip->driver->major);
}
