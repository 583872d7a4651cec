// SPDX-License-Identifier: GPL-2.0-only
//
// Registration.  The flag word is validated here, once; see perimeter/modes.hh.
#include <streams_core/plumbing/registry.hh>
#include <sys/errno.h>

namespace strm {

namespace {

constinit LockClass registry_lock_class{ "streams_registry", {} };
constinit Late<Mutex> registry_lock;
constinit Registered *registry; // under registry_lock

bool same(const char *a, const char *b)
{
	return __builtin_strcmp(a, b) == 0;
}

// A name travels to modprobe as part of an alias: nothing but plain characters.
bool plain_name(const char *name, size_t longest)
{
	size_t length = 0;

	for (; name[length]; length++) {
		const char c = name[length];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || c == '-'))
			return false;
		if (length >= longest)
			return false;
	}
	return length != 0;
}

bool acceptable_flags(const char *name, int flags)
{
	const char *broken = validate(flags);
	if (!broken)
		broken = unsupported(flags);
	if (broken)
		lin_printk(LIN_WARN, "%s: flags %#x refused: %s\n", name, flags, broken);
	return !broken;
}

bool acceptable_tab(const streamtab *tab)
{
	return tab && tab->st_rdinit && tab->st_wrinit && tab->st_rdinit->qi_putp &&
	       tab->st_wrinit->qi_putp && tab->st_rdinit->qi_qopen && tab->st_rdinit->qi_qclose &&
	       tab->st_rdinit->qi_minfo && tab->st_wrinit->qi_minfo;
}

Registered *search(const char *name, bool driver)
{
	for (Registered *it = registry; it; it = it->next) {
		if (it->driver == driver && same(it->name, name))
			return it;
	}
	return nullptr;
}

void destroy(Registered *registered)
{
	if (registered->perimeter)
		registered->perimeter->put();
	lin_xa_destroy(&registered->streams); // nobody holds it: no stream is left
	lin_kfree(registered);
}

Registered *make(const char *name, streamtab *tab, int flags, module *owner, bool driver)
{
	auto *made = static_cast<Registered *>(lin_kzalloc(sizeof(Registered), LIN_GFP_KERNEL));
	if (!made)
		return nullptr;
	__builtin_strcpy(made->name, name);
	made->tab = tab;
	made->owner = owner;
	made->modes = modes(flags);
	made->driver = driver;
	lin_xa_init(&made->streams);
	if (made->modes.scope == Scope::Module) {
		made->perimeter = Perimeter::create(made->modes.sole());
		if (!made->perimeter) {
			lin_kfree(made);
			return nullptr;
		}
	}
	return made;
}

// Returns an error number, positive as everywhere in the DDI.
int add(const char *name, size_t longest, streamtab *tab, int flags, module *owner,
	const strm_driver *drv)
{
	if (!plain_name(name, longest) || !acceptable_tab(tab) || !acceptable_flags(name, flags))
		return EINVAL;

	MutexGuard guard(*registry_lock);
	if (search(name, drv != nullptr))
		return EEXIST;
	Registered *made = make(name, tab, flags, owner, drv != nullptr);
	if (!made)
		return ENOMEM;
	if (drv) {
		made->minors = drv->d_minors;
		int error = lin_driver_nodes_create(name, drv->d_minors, drv->d_mode, &made->major);
		if (error) {
			destroy(made);
			return -error;
		}
	}
	made->next = registry;
	registry = made;
	return 0;
}

// Nobody holds it: the .ko could not be unloaded otherwise.
int remove(const char *name, bool driver)
{
	Registered *found = nullptr;
	{
		MutexGuard guard(*registry_lock);
		for (Registered **link = &registry; *link; link = &(*link)->next) {
			if ((*link)->driver == driver && same((*link)->name, name)) {
				found = *link;
				*link = found->next;
				break;
			}
		}
	}
	if (!found)
		return ENOENT;
	if (driver)
		lin_driver_nodes_destroy(found->name, found->minors, found->major);
	destroy(found);
	return 0;
}

Registered *hold(Registered *found)
{
	return found && lin_try_module_get(found->owner) ? found : nullptr;
}

Registered *hold_module(const char *name)
{
	MutexGuard guard(*registry_lock);
	return hold(search(name, false));
}

} // namespace

Perimeter *Registered::perimeter_for_pair()
{
	if (modes.scope != Scope::Module)
		return Perimeter::create(modes.sole());
	perimeter->get();
	return perimeter;
}

Registered *find_module(const char *name)
{
	if (!plain_name(name, FMNAMESZ))
		return nullptr;
	Registered *found = hold_module(name);
	if (found)
		return found;
	lin_request_module("streams-module-", name);
	return hold_module(name);
}

Registered *find_driver(major_t major)
{
	MutexGuard guard(*registry_lock);
	for (Registered *it = registry; it; it = it->next) {
		if (it->driver && it->major == major)
			return hold(it);
	}
	return nullptr;
}

Registered *driver_from(major_t major)
{
	MutexGuard guard(*registry_lock);
	Registered *found = nullptr;
	for (Registered *it = registry; it; it = it->next) {
		if (it->driver && it->major >= major && (!found || it->major < found->major))
			found = it;
	}
	return hold(found);
}

void release(Registered *registered)
{
	lin_module_put(registered->owner);
}

int registry_init()
{
	registry_lock.make(registry_lock_class);
	return 0;
}

} // namespace strm

using namespace strm;

extern "C" int strm_module_register(const fmodsw *fm, module *owner)
{
	return add(fm->f_name, FMNAMESZ, fm->f_str, fm->f_flag, owner, nullptr);
}

extern "C" int strm_module_unregister(const fmodsw *fm)
{
	return remove(fm->f_name, false);
}

extern "C" int strm_driver_register(const strm_driver *drv, module *owner)
{
	return add(drv->d_name, sizeof(drv->d_name) - 1, drv->d_str, drv->d_flag, owner, drv);
}

extern "C" int strm_driver_unregister(const strm_driver *drv)
{
	return remove(drv->d_name, true);
}
