// SPDX-License-Identifier: GPL-2.0-only
//
// mod_install() and its relatives: what a .ko brings, together or not at all.
#include <streams_core/plumbing/devinfo.hh>
#include <sys/errno.h>
#include <sys/modctl.h>

namespace strm {

namespace {

constexpr unsigned fini_again_milliseconds = 100;

// One element of a linkage, whichever kind it is: its kind comes first in all.
const mod_ops *kind_of(const void *element)
{
	return *static_cast<const mod_ops *const *>(element);
}

const modlstrmod &as_module(const void *element)
{
	return *static_cast<const modlstrmod *>(element);
}

const modldrv &as_driver(const void *element)
{
	return *static_cast<const modldrv *>(element);
}

// What the registry knows it by, or a null pointer for what it does not hold.
const void *origin_of(const void *element)
{
	if (kind_of(element) == &mod_strmodops)
		return as_module(element).strmod_fmodsw;
	if (kind_of(element) == &mod_driverops)
		return as_driver(element).drv_dev_ops;
	return nullptr;
}

const char *info_of(const void *element)
{
	return static_cast<const modlmisc *>(element)->misc_linkinfo;
}

bool complete(const void *element)
{
	const mod_ops *kind = kind_of(element);

	if (kind == &mod_strmodops)
		return as_module(element).strmod_fmodsw;
	if (kind == &mod_driverops) {
		const dev_ops *ops = as_driver(element).drv_dev_ops;
		return ops && ops->devo_cb_ops && ops->devo_cb_ops->cb_str;
	}
	return kind == &mod_miscops;
}

size_t number_of(const modlinkage &linkage)
{
	size_t number = 0;

	while (number < MODMAXLINK && linkage.ml_linkage[number])
		number++;
	return number;
}

bool acceptable_linkage(const modlinkage &linkage, const char *name)
{
	const size_t number = number_of(linkage);

	if (linkage.ml_rev != MODREV_1 || number == 0) {
		lin_printk(LIN_WARN, "%s: modlinkage of revision %d with %zu elements refused\n",
			   name, linkage.ml_rev, number);
		return false;
	}
	for (size_t i = 0; i < number; i++) {
		if (!complete(linkage.ml_linkage[i])) {
			lin_printk(LIN_WARN,
				   "%s: element %zu of the modlinkage is no STREAMS module or "
				   "driver\n",
				   name, i);
			return false;
		}
	}
	return true;
}

int enlist_module(const modlstrmod &element, const strm_linked &linked, Registered *&made)
{
	const fmodsw *fm = element.strmod_fmodsw;

	return enlist({ fm->f_name, fm->f_str, fm->f_flag, linked.owner, fm, false }, made);
}

int enlist_driver(const modldrv &element, const strm_linked &linked, Registered *&made)
{
	const dev_ops *ops = element.drv_dev_ops;
	const cb_ops *cb = ops->devo_cb_ops;
	int error = enlist({ linked.name, cb->cb_str, cb->cb_flag, linked.owner, ops, true }, made);

	if (!error) {
		error = make_devinfo(*made, ops, linked.conf ? *linked.conf : nullptr);
		if (error)
			discard(*made);
	}
	return error;
}

// What one call is about: away, until it is decided.
struct Batch {
	Registered *members[MODMAXLINK];
	size_t number = 0;

	void add(Registered *registered) { members[number++] = registered; }
	int enlist_all(const modlinkage &linkage, const strm_linked &linked);
	int attach_all();
	int withdraw_all(const modlinkage &linkage);
	bool detach_all();
	void publish_all();
	void discard_all();
	void undo_all();
};

int Batch::enlist_all(const modlinkage &linkage, const strm_linked &linked)
{
	for (size_t i = 0; i < number_of(linkage); i++) {
		const void *element = linkage.ml_linkage[i];
		Registered *made = nullptr;
		int error = 0;

		if (kind_of(element) == &mod_strmodops)
			error = enlist_module(as_module(element), linked, made);
		else if (kind_of(element) == &mod_driverops)
			error = enlist_driver(as_driver(element), linked, made);
		if (error)
			return error;
		if (made)
			add(made);
	}
	return 0;
}

int Batch::attach_all()
{
	for (size_t i = 0; i < number; i++) {
		int error = members[i]->devinfo ? attach(*members[i]) : 0;
		if (error)
			return error;
	}
	return 0;
}

int Batch::withdraw_all(const modlinkage &linkage)
{
	for (size_t i = 0; i < number_of(linkage); i++) {
		const void *origin = origin_of(linkage.ml_linkage[i]);
		if (!origin)
			continue;
		Registered *found = find_by_origin(origin);
		if (!found)
			return ENOENT;
		if (!withdraw(*found))
			return EBUSY;
		add(found);
	}
	return 0;
}

// A driver that was detached before another one refused stays so, and open says
// ENXIO, until the next attempt.
bool Batch::detach_all()
{
	for (size_t i = 0; i < number; i++) {
		if (!detach(*members[i]))
			return false;
	}
	return true;
}

void Batch::publish_all()
{
	for (size_t i = 0; i < number; i++)
		publish(*members[i]);
}

void Batch::discard_all()
{
	while (number > 0)
		discard(*members[--number]);
}

// A driver that has attached and now does not detach stays for the moment.
void Batch::undo_all()
{
	while (number > 0) {
		Registered &last = *members[--number];
		if (detach(last))
			discard(last);
		else
			publish(last);
	}
}

void say_once(bool &said, const strm_linked &linked, const char *what, int error)
{
	if (!said)
		lin_printk(LIN_WARN, "%s: %s (%d): waiting until it can be unloaded\n", linked.name,
			   what, error);
	said = true;
}

// What its author has left installed must not outlive the .ko.
void remove_leftovers(const strm_linked &linked, bool said)
{
	while (Registered *left = find_by_owner(linked.owner)) {
		if (!withdraw(*left)) {
			say_once(said, linked, "is in use", EBUSY);
		} else if (!detach(*left)) {
			publish(*left);
			say_once(said, linked, "does not detach", EBUSY);
		} else {
			discard(*left);
			continue;
		}
		lin_msleep(fini_again_milliseconds);
	}
}

} // namespace

} // namespace strm

using namespace strm;

extern "C" {
constinit mod_ops strm_mod_strmodops{ 1 };
constinit mod_ops strm_mod_driverops{ 2 };
constinit mod_ops strm_mod_miscops{ 3 };
}

extern "C" int strm_mod_install(modlinkage *linkage, const strm_linked *linked)
{
	Batch batch;

	if (!acceptable_linkage(*linkage, linked->name))
		return EINVAL;
	int error = batch.enlist_all(*linkage, *linked);
	if (!error)
		error = batch.attach_all();
	if (error)
		batch.undo_all();
	else
		batch.publish_all();
	return error;
}

extern "C" int strm_mod_remove(modlinkage *linkage)
{
	Batch batch;
	int error = batch.withdraw_all(*linkage);

	if (!error && !batch.detach_all())
		error = EBUSY;
	if (error)
		batch.publish_all();
	else
		batch.discard_all();
	return error;
}

extern "C" int strm_mod_info(modlinkage *linkage, modinfo *modinfop, const strm_linked *linked)
{
	if (linkage->ml_rev != MODREV_1)
		return 0;
	__builtin_memset(modinfop, 0, sizeof(*modinfop));
	modinfop->mi_rev = MODREV_1;
	lin_snprintf(modinfop->mi_name, MODMAXNAMELEN, "%s", linked->name);
	for (size_t i = 0; i < number_of(*linkage); i++) {
		const char *info = info_of(linkage->ml_linkage[i]);
		lin_snprintf(modinfop->mi_linkinfo[i], MODMAXLINKINFOLEN, "%s", info ? info : "");
	}
	return 1;
}

extern "C" int strm_linked_init(const strm_linked *linked, int (*init)(void))
{
	const int error = init();

	if (error == 0)
		return 0;
	remove_leftovers(*linked, false);
	return error > 0 && error < 4096 ? -error : -EINVAL;
}

extern "C" void strm_linked_exit(const strm_linked *linked, int (*fini)(void))
{
	bool said = false;

	for (;;) {
		const int error = fini();
		if (error == 0)
			break;
		say_once(said, *linked, "_fini refuses", error);
		lin_msleep(fini_again_milliseconds);
	}
	remove_leftovers(*linked, said);
}
