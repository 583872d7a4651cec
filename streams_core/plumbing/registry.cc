// SPDX-License-Identifier: GPL-2.0-only
//
// Registration.  The flag word is validated here, once; see perimeter/modes.hh.
#include <streams_core/plumbing/devinfo.hh>
#include <strm/rules.h>
#include <sys/errno.h>

namespace strm {

namespace {

constexpr major_t most_majors = 1 << major_bits;
constexpr u32 away = 1u << 31;

constinit LockClass registry_lock_class{ "streams_registry", {} };
constinit LockClass return_class{ "streams_return", {} };
constinit Late<Mutex> registry_lock;
constinit Registered *registry; // under registry_lock

// Drivers by major number, so that an open takes no lock.  Written under
// registry_lock, read under RCU; freed a grace period after it has left.
constinit Registered *driver_of_major[most_majors];

// Who waits for a driver that is away.
constinit lin_waitqueue returned{};

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

// The read side of a driver needs no put procedure: nobody is below it.
const char *missing_in(const streamtab *tab, bool driver)
{
	if (!tab || !tab->st_rdinit || !tab->st_wrinit)
		return "a streamtab with both sides";
	if ((!driver && !tab->st_rdinit->qi_putp) || !tab->st_wrinit->qi_putp)
		return "a put procedure";
	if (!tab->st_rdinit->qi_qopen || !tab->st_rdinit->qi_qclose)
		return "an open or close procedure";
	if (!tab->st_rdinit->qi_minfo || !tab->st_wrinit->qi_minfo)
		return "a module_info";
	return nullptr;
}

bool acceptable(const Candidate &candidate)
{
	const size_t longest = candidate.driver ? sizeof(Registered::name) - 1 : FMNAMESZ;

	if (!plain_name(candidate.name, longest)) {
		lin_printk(LIN_WARN,
			   "\"%.16s\" refused: a name is 1 to %zu letters, digits, - or _\n",
			   candidate.name, longest);
		return false;
	}
	if (const char *missing = missing_in(candidate.tab, candidate.driver)) {
		lin_printk(LIN_WARN, "%s: refused without %s\n", candidate.name, missing);
		return false;
	}
	return acceptable_flags(candidate.name, candidate.flags);
}

// With registry_lock.
template <typename Matches> Registered *search(Matches matches)
{
	for (Registered *it = registry; it; it = it->next) {
		if (matches(*it))
			return it;
	}
	return nullptr;
}

void destroy(Registered *registered)
{
	free_devinfo(registered->devinfo);
	if (registered->perimeter)
		registered->perimeter->put();
	if (registered->outer)
		registered->outer->put();
	lin_xa_destroy(&registered->streams); // nobody holds it: no stream is left
	lin_kfree(registered);
}

// What is of the whole module is of its streamtab: a module and a driver that share
// one share it, and so have to agree about it.  With registry_lock.
int take_perimeters(Registered &made)
{
	const bool whole = made.modes.scope == Scope::Module;

	if (!whole && !made.modes.outer)
		return 0;
	const Registered *other = search([&](const Registered &it) { return it.tab == made.tab; });
	if (other && !(other->modes == made.modes)) {
		lin_printk(LIN_WARN, "%s: refused: its streamtab is %s's, whose flags are others\n",
			   made.name, other->name);
		return EINVAL;
	}
	if (other) {
		made.perimeter = other->perimeter;
		made.outer = other->outer;
		if (made.perimeter)
			made.perimeter->get();
		if (made.outer)
			made.outer->get();
		return 0;
	}
	if (whole)
		made.perimeter = Perimeter::create(made.modes);
	else
		made.outer = Perimeter::create_outer();
	return made.perimeter || made.outer ? 0 : ENOMEM;
}

int make_registered(const Candidate &candidate, Registered *&made)
{
	made = static_cast<Registered *>(lin_kzalloc(sizeof(Registered), LIN_GFP_KERNEL));
	if (!made)
		return ENOMEM;
	__builtin_strcpy(made->name, candidate.name);
	made->tab = candidate.tab;
	made->owner = candidate.owner;
	made->origin = candidate.origin;
	made->modes = modes(candidate.flags);
	made->driver = candidate.driver;
	made->uses.set_relaxed(away);
	lin_xa_init(&made->streams);
	int error = take_perimeters(*made);
	if (!error && made->driver)
		error = -lin_chrdev_register(made->name, &made->major);
	if (error)
		destroy(made);
	return error;
}

void wake_waiters()
{
	lin_wake_up_poll(&returned, 0);
}

Registered *hold_module(const char *name)
{
	MutexGuard guard(*registry_lock);
	Registered *found = search(
		[name](const Registered &it) { return !it.driver && same(it.name, name); });
	return found && hold(found) ? found : nullptr;
}

// `waits` says that the driver is there, and away.
Registered *hold_driver(major_t major, bool &waits)
{
	BottomHalvesOff rcu; // matches lin_synchronize_rcu() in discard()
	Registered *found = load_acquire(driver_of_major[major]);

	waits = false;
	if (!found || hold(found))
		return found;
	waits = found->uses.acquire() & away;
	return nullptr;
}

} // namespace

Perimeter *Registered::new_perimeter()
{
	if (modes.scope != Scope::Module)
		return Perimeter::create(modes, outer);
	perimeter->get();
	return perimeter;
}

// The reference of the .ko comes first: while it is unloaded, `uses` is left
// alone, and withdraw() finds it 0.
bool hold(Registered *registered)
{
	u32 seen = registered->uses.relaxed();

	if (!lin_try_module_get(registered->owner))
		return false;
	while (!(seen & away)) {
		if (registered->uses.compare_exchange(seen, seen + 1))
			return true;
	}
	lin_module_put(registered->owner);
	return false;
}

void release(Registered *registered)
{
	module *owner = registered->owner;

	if (strm_rules_on && registered->uses.relaxed() == 1) [[unlikely]]
		strm_rules_unused(owner, registered->name);
	registered->uses.fetch_sub(1);
	lin_module_put(owner);
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

// A driver is away while it attaches or detaches, which ends.
Registered *find_driver(major_t major)
{
	bool waits = false;
	lin_wait_entry entry;

	if (major >= most_majors)
		return nullptr;
	Registered *found = hold_driver(major, waits);
	if (!waits)
		return found;

	lin_init_wait(&entry);
	while (waits) {
		lin_prepare_to_wait(&returned, &entry, 0);
		found = hold_driver(major, waits);
		if (waits)
			lin_schedule_timeout(LIN_MAX_TIMEOUT);
	}
	lin_finish_wait(&returned, &entry);
	return found;
}

// For who walks over all: one that is away is passed over.
Registered *driver_from(major_t major)
{
	for (; major < most_majors; major++) {
		bool waits;
		if (Registered *found = hold_driver(major, waits))
			return found;
	}
	return nullptr;
}

Registered *find_by_origin(const void *origin)
{
	MutexGuard guard(*registry_lock);
	return search([origin](const Registered &it) { return it.origin == origin; });
}

Registered *find_by_owner(const module *owner)
{
	MutexGuard guard(*registry_lock);
	return search([owner](const Registered &it) { return it.owner == owner; });
}

int major_of_driver(const char *name)
{
	MutexGuard guard(*registry_lock);
	const Registered *found = search(
		[name](const Registered &it) { return it.driver && same(it.name, name); });
	return found ? static_cast<int>(found->major) : -1;
}

int enlist(const Candidate &candidate, Registered *&made)
{
	if (!acceptable(candidate))
		return EINVAL;

	MutexGuard guard(*registry_lock);
	if (search([&](const Registered &it) {
		    return it.driver == candidate.driver && same(it.name, candidate.name);
	    }))
		return EEXIST;
	int error = make_registered(candidate, made);
	if (error)
		return error;
	made->next = registry;
	registry = made;
	if (made->driver)
		store_release(driver_of_major[made->major], made);
	return 0;
}

void publish(Registered &registered)
{
	registered.uses.release(0);
	wake_waiters();
}

bool withdraw(Registered &registered)
{
	u32 unused = 0;

	return registered.uses.compare_exchange(unused, away);
}

void discard(Registered &registered)
{
	{
		MutexGuard guard(*registry_lock);
		for (Registered **link = &registry; *link; link = &(*link)->next) {
			if (*link == &registered) {
				*link = registered.next;
				break;
			}
		}
		if (registered.driver)
			store_relaxed(driver_of_major[registered.major],
				      static_cast<Registered *>(nullptr));
	}
	wake_waiters();
	if (registered.driver) {
		remove_all_nodes(registered);
		lin_chrdev_unregister(registered.name, registered.major);
		lin_synchronize_rcu(); // hold_driver() may still look at it
	}
	destroy(&registered);
}

int registry_init()
{
	registry_lock.make(registry_lock_class);
	lin_init_waitqueue_head(&returned, return_class.name, &return_class.key);
	nodes_init();
	return properties_init();
}

} // namespace strm

using namespace strm;

namespace {

int add_native_nodes(Registered &made, const strm_driver &drv)
{
	int error = have_clone_node(made, drv.d_mode);

	for (minor_t i = 0; !error && i < drv.d_minors; i++)
		error = add_minor_node(made, made.name, i, drv.d_mode);
	return error;
}

int unregister(const void *origin)
{
	Registered *found = find_by_origin(origin);

	if (!found)
		return ENOENT;
	if (!withdraw(*found))
		return EBUSY;
	discard(*found);
	return 0;
}

} // namespace

extern "C" int strm_module_register(const fmodsw *fm, module *owner)
{
	Registered *made;
	int error = enlist({ fm->f_name, fm->f_str, fm->f_flag, owner, fm, false }, made);

	if (!error)
		publish(*made);
	return error;
}

extern "C" int strm_module_unregister(const fmodsw *fm)
{
	return unregister(fm);
}

extern "C" int strm_driver_register(const strm_driver *drv, module *owner)
{
	Registered *made;
	int error = enlist({ drv->d_name, drv->d_str, drv->d_flag, owner, drv, true }, made);

	if (error)
		return error;
	made->clones = drv->d_clones;
	made->admit = drv->d_admit;
	error = add_native_nodes(*made, *drv);
	if (error)
		discard(*made);
	else
		publish(*made);
	return error;
}

extern "C" int strm_driver_unregister(const strm_driver *drv)
{
	return unregister(drv);
}

extern "C" int strm_driver_add_node(const strm_driver *drv, minor_t minor)
{
	Registered *found = find_by_origin(drv);

	return found ? add_minor_node(*found, found->name, minor, drv->d_mode) : ENOENT;
}

extern "C" void strm_driver_remove_node(const strm_driver *drv, minor_t minor)
{
	if (Registered *found = find_by_origin(drv))
		remove_minor_node(*found, minor);
}
