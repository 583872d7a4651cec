// SPDX-License-Identifier: GPL-2.0-only
//
// What the device is: DL_INFO_REQ, and its address: DL_PHYS_ADDR_REQ,
// DL_SET_PHYS_ADDR_REQ.
#include "dlpi.hh"

namespace dlpi {

namespace {

constexpr u32 usual_sdu = 1500; // of an Ethernet that is not yet known

u32 sdu_of(const Stream &s)
{
	if (!attached(s))
		return usual_sdu;
	return is_lsap(s.sap) ? static_cast<u32>(most_data(*s.device, s.sap)) :
				s.device->max_sdu.relaxed();
}

} // namespace

// The DLSAP is there while the stream is bound; the broadcast address always.
Outcome serve_info(Stream &s, Request &r)
{
	const bool bound = s.state == DL_IDLE;
	const size_t dlsap = bound ? dlsap_size : 0;
	auto &ack = begin_answer<dl_info_ack_t>(r, DL_INFO_ACK, dlsap + address_size);
	u8 *parts = reinterpret_cast<u8 *>(&ack + 1);

	ack.dl_max_sdu = sdu_of(s);
	ack.dl_min_sdu = attached(s) ? s.device->min_sdu : 0;
	ack.dl_addr_length = dlsap_size;
	ack.dl_mac_type = DL_ETHER;
	ack.dl_current_state = s.state;
	ack.dl_sap_length = -static_cast<t_scalar_t>(sizeof(s.sap));
	ack.dl_service_mode = DL_CLDLS;
	ack.dl_provider_style = s.style1 ? DL_STYLE1 : DL_STYLE2;
	ack.dl_version = DL_VERSION_2;
	if (bound) {
		ack.dl_addr_offset = sizeof(ack);
		store_dlsap(parts, address_of(*s.device), s.sap);
	}
	ack.dl_brdcst_addr_length = address_size;
	ack.dl_brdcst_addr_offset = static_cast<u32>(sizeof(ack) + dlsap);
	Address::broadcast().store(parts + dlsap);
	return send_answer(r);
}

Outcome serve_phys_addr(Stream &s, Request &r)
{
	const Device &d = *s.device;
	const u32 type = r.p.phys_addr_req.dl_addr_type;

	if (type != DL_FACT_PHYS_ADDR && type != DL_CURR_PHYS_ADDR)
		return refuse(DL_UNSUPPORTED);
	auto &ack = begin_answer<dl_phys_addr_ack_t>(r, DL_PHYS_ADDR_ACK, address_size);
	ack.dl_addr_length = address_size;
	ack.dl_addr_offset = sizeof(ack);
	const Address address = type == DL_FACT_PHYS_ADDR ? d.factory : address_of(d);
	address.store(reinterpret_cast<u8 *>(&ack + 1));
	return send_answer(r);
}

// For all streams of the device, so that it takes more than to see frames.
Outcome serve_set_phys_addr(Stream &s, Request &r)
{
	const dl_set_phys_addr_req_t &req = r.p.set_phys_addr_req;
	Device &d = *s.device;
	const u8 *from = part_of(r, req.dl_addr_offset, req.dl_addr_length);

	if (!s.may_configure)
		return system_error(EPERM);
	if (!from || req.dl_addr_length != address_size)
		return refuse(DL_BADADDR);
	const Address address = Address::of(from);
	if (address.group() || address == Address())
		return refuse(DL_BADADDR);
	u8 bytes[address_size];
	address.store(bytes);
	if (int error = d.callbacks.mc_unicst(d.argument, bytes))
		return device_outcome(error);
	if (!(address == address_of(d))) {
		d.address.set_relaxed(address.word());
		owe_all(d, owed_address);
	}
	return done;
}

} // namespace dlpi
