// SPDX-License-Identifier: GPL-2.0-only
//
// DL_ENABMULTI_REQ, DL_DISABMULTI_REQ: group addresses.  The device is told of each
// once, however many streams want it.
#include "dlpi.hh"

namespace dlpi {

namespace {

template <typename T> T *make()
{
	void *memory = kmem_zalloc(sizeof(T), KM_NOSLEEP);

	return memory ? new (memory) T : nullptr;
}

Group **find_group(Device &d, Address address)
{
	Group **link = &d.groups[address.hash()];

	while (*link && !((*link)->address == address))
		link = &(*link)->next;
	return link;
}

int tell_device(Device &d, bool add, Address address)
{
	u8 bytes[address_size];

	address.store(bytes);
	return d.callbacks.mc_multicst(d.argument, add ? B_TRUE : B_FALSE, bytes);
}

int add_group(Device &d, Group **link, Address address)
{
	auto *group = make<Group>();
	if (!group)
		return ENOSR;
	group->address = address;
	if (int error = tell_device(d, true, address)) {
		kmem_free(group, sizeof(*group));
		return error;
	}
	*link = group;
	return 0;
}

void drop_group(Device &d, Group *group)
{
	if (--group->wanted)
		return;
	tell_device(d, false, group->address);
	Group **link = find_group(d, group->address);
	*link = group->next;
	kmem_free(group, sizeof(*group));
}

Membership **find_membership(Stream &s, Address address)
{
	Membership **link = &s.memberships;

	while (*link && !((*link)->group->address == address))
		link = &(*link)->next;
	return link;
}

int join(Stream &s, Membership **link, Address address)
{
	Group **group = find_group(*s.device, address);
	auto *membership = make<Membership>();
	if (!membership)
		return ENOSR;
	if (!*group) {
		if (int error = add_group(*s.device, group, address)) {
			kmem_free(membership, sizeof(*membership));
			return error;
		}
	}
	(*group)->wanted++;
	membership->group = *group;
	*link = membership;
	s.groups++;
	s.group_bits |= 1ull << address.hash();
	return 0;
}

void leave(Stream &s, Membership **link)
{
	Membership *membership = *link;

	*link = membership->next;
	drop_group(*s.device, membership->group);
	kmem_free(membership, sizeof(*membership));
	s.groups--;
	s.group_bits = 0;
	for (const Membership *m = s.memberships; m; m = m->next)
		s.group_bits |= 1ull << m->group->address.hash();
}

// The broadcast address is one, too: nobody needs to ask for it, and some do.
bool read_group(const Request &r, u32 offset, u32 length, Address &address)
{
	const u8 *from = length == address_size ? part_of(r, offset, length) : nullptr;

	if (from)
		address = Address::of(from);
	return from && address.group();
}

} // namespace

bool is_member(const Stream &s, Address address)
{
	if (!(s.group_bits & 1ull << address.hash()))
		return false;
	for (const Membership *m = s.memberships; m; m = m->next) {
		if (m->group->address == address)
			return true;
	}
	return false;
}

void leave_all(Stream &s)
{
	while (s.memberships)
		leave(s, &s.memberships);
}

Outcome serve_enabmulti(Stream &s, Request &r)
{
	const dl_enabmulti_req_t &req = r.p.enabmulti_req;
	Address address;

	if (!read_group(r, req.dl_addr_offset, req.dl_addr_length, address))
		return refuse(DL_BADADDR);
	Membership **link = find_membership(s, address);
	if (*link)
		return done;
	if (s.groups == most_groups)
		return refuse(DL_TOOMANY);
	return device_outcome(join(s, link, address));
}

Outcome serve_disabmulti(Stream &s, Request &r)
{
	const dl_disabmulti_req_t &req = r.p.disabmulti_req;
	Address address;

	if (!read_group(r, req.dl_addr_offset, req.dl_addr_length, address))
		return refuse(DL_BADADDR);
	Membership **link = find_membership(s, address);
	if (!*link)
		return refuse(DL_NOTENAB);
	leave(s, link);
	return done;
}

} // namespace dlpi
