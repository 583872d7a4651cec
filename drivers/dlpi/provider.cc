// SPDX-License-Identifier: GPL-2.0-only
//
// mac_register() and its relatives: drivers and their devices come and go.
//
// The registry's lock is where a device that goes meets a stream that attaches.  The
// device is taken from the list, so that nobody finds it any more; what found it before
// holds it, and the last to let go wakes who unregisters.
#include "dlpi.hh"

namespace dlpi {

namespace {

constinit kmutex_t registry_lock{};
constinit kcondvar_t let_go{}; // a device is held no more

class RegistryGuard : strm::NoCopy {
public:
	RegistryGuard() { mutex_enter(&registry_lock); }
	~RegistryGuard() { mutex_exit(&registry_lock); }
};

// With the registry's lock, as are the next two.
Device *find(Driver &driver, u32 ppa)
{
	for (Device *d = driver.devices; d; d = d->next) {
		if (d->ppa == ppa)
			return d;
	}
	return nullptr;
}

bool enlist(Device &d)
{
	if (find(d.driver, d.ppa))
		return false;
	d.next = d.driver.devices;
	d.driver.devices = &d;
	return true;
}

void unlist(Device &d)
{
	Device **link = &d.driver.devices;

	while (*link && *link != &d)
		link = &(*link)->next;
	if (*link)
		*link = d.next;
}

bool complete(const mac_callbacks_t &c)
{
	return c.mc_getstat && c.mc_start && c.mc_stop && c.mc_setpromisc && c.mc_multicst &&
	       c.mc_unicst && c.mc_tx && (!(c.mc_callbacks & MC_IOCTL) || c.mc_ioctl) &&
	       (!(c.mc_callbacks & MC_POLL) || c.mc_poll) &&
	       (!(c.mc_callbacks & MC_SETSENT) || c.mc_setsent);
}

bool acceptable(const mac_register_t *reg)
{
	return reg && reg->m_version == MAC_VERSION && reg->m_type_ident &&
	       __builtin_strcmp(reg->m_type_ident, MAC_PLUGIN_IDENT_ETHER) == 0 && reg->m_of &&
	       reg->m_of->md_core && reg->m_instance <= MAC_PPA_MAX && reg->m_src_addr &&
	       !(reg->m_src_addr[0] & 1) && reg->m_callbacks && complete(*reg->m_callbacks) &&
	       reg->m_max_sdu >= least_sdu && reg->m_max_sdu <= largest_sdu &&
	       reg->m_min_sdu <= reg->m_max_sdu && reg->m_margin <= largest_sdu;
}

Device *make_device(const mac_register_t &reg)
{
	void *memory = kmem_zalloc(sizeof(Device), KM_SLEEP);
	if (!memory)
		return nullptr;
	auto *d = new (memory) Device(*static_cast<Driver *>(reg.m_of->md_core), reg);
	d->parting = allocb(sizeof(Device *), BPRI_HI);
	mutex_init(&d->lock, nullptr, MUTEX_DRIVER, &let_go); // any cookie: interrupts take it
	return d;
}

// Nobody has it, or can find it.
void destroy(Device *d)
{
	forget_arrived(*d);
	freemsg(d->parting);
	mutex_destroy(&d->lock);
	d->~Device();
	kmem_free(d, sizeof(*d));
}

// Nobody finds it any more.  Whoever has it leaves it: the streams at the hands of
// their leader.
void retire(Device &d)
{
	{
		RegistryGuard guard;
		unlist(d);
	}
	raise(d, event_leave);
	RegistryGuard guard;
	while (d.holds)
		cv_wait(&let_go, &registry_lock);
}

} // namespace

Device::Device(Driver &of, const mac_register_t &reg)
	: tx(reg.m_callbacks->mc_tx),
	  poll(reg.m_callbacks->mc_callbacks & MC_POLL ? reg.m_callbacks->mc_poll : nullptr),
	  argument(reg.m_driver), address(Address::of(reg.m_src_addr).word()),
	  max_sdu(reg.m_max_sdu), min_sdu(reg.m_min_sdu), margin(reg.m_margin),
	  echoes(reg.m_echoes), driver(of), callbacks(*reg.m_callbacks), ppa(reg.m_instance),
	  factory(Address::of(reg.m_fact_addr ?: reg.m_src_addr))
{
}

Device *find_and_hold(Driver &driver, u32 ppa)
{
	RegistryGuard guard;
	Device *d = find(driver, ppa);

	if (d)
		d->holds++;
	return d;
}

void hold(Device &d)
{
	RegistryGuard guard;
	d.holds++;
}

void release(Device &d)
{
	RegistryGuard guard;
	if (--d.holds == 0)
		cv_broadcast(&let_go); // with the lock: then `d` may be gone
}

extern "C" void dlpi_init()
{
	mutex_init(&registry_lock, nullptr, MUTEX_DRIVER, nullptr);
	cv_init(&let_go, nullptr, CV_DRIVER, nullptr);
}

extern "C" void dlpi_fini()
{
	cv_destroy(&let_go);
	mutex_destroy(&registry_lock);
}

extern "C" int mac_driver_register(mac_driver *md, module *owner)
{
	auto *driver = static_cast<Driver *>(kmem_zalloc(sizeof(Driver), KM_SLEEP));
	if (!driver)
		return ENOMEM;
	prepare_tables(*driver);
	__builtin_memcpy(driver->registration.d_name, md->md_name, sizeof(md->md_name));
	md->md_core = driver;
	int error = strm_driver_register(&driver->registration, owner);
	if (error) {
		md->md_core = nullptr;
		kmem_free(driver, sizeof(*driver));
	}
	return error;
}

extern "C" void mac_driver_unregister(mac_driver *md)
{
	auto *driver = static_cast<Driver *>(md->md_core);

	if (!driver)
		return;
	if (int error = strm_driver_unregister(&driver->registration)) {
		cmn_err(CE_WARN, "%s: still in use: error %d", md->md_name, error);
		return;
	}
	md->md_core = nullptr;
	kmem_free(driver, sizeof(*driver));
}

extern "C" mac_register_t *mac_alloc(uint_t mac_version)
{
	if (mac_version != MAC_VERSION)
		return nullptr;
	auto *reg = static_cast<mac_register_t *>(kmem_zalloc(sizeof(mac_register_t), KM_SLEEP));
	if (reg)
		reg->m_version = mac_version;
	return reg;
}

extern "C" void mac_free(mac_register_t *mregp)
{
	kmem_free(mregp, sizeof(*mregp));
}

extern "C" int mac_register(mac_register_t *mregp, mac_handle_t *mhp)
{
	if (!acceptable(mregp))
		return EINVAL;
	Device *d = make_device(*mregp);
	if (!d)
		return ENOMEM;
	if (!d->parting) {
		destroy(d);
		return ENOMEM;
	}
	*mhp = reinterpret_cast<mac_handle_t>(d);
	bool listed;
	{
		RegistryGuard guard;
		listed = enlist(*d);
	}
	if (!listed) {
		destroy(d);
		return EEXIST;
	}
	int error = strm_driver_add_node(&d->driver.registration, d->ppa);
	if (error) {
		retire(*d); // somebody may have attached to it
		destroy(d);
	}
	return error;
}

extern "C" int mac_unregister(mac_handle_t mh)
{
	Device *d = device_of(mh);

	strm_driver_remove_node(&d->driver.registration, d->ppa);
	retire(*d);
	destroy(d);
	return 0;
}

} // namespace dlpi
