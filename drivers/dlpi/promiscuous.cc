// SPDX-License-Identifier: GPL-2.0-only
//
// DL_PROMISCON_REQ, DL_PROMISCOFF_REQ: more than what is addressed to a stream.
//
// The device hears everything while a stream wants frames to all addresses, or to all
// groups: what is too much is sorted out in demux.cc.
#include "dlpi.hh"

namespace dlpi {

namespace {

bool hears_all(u8 levels)
{
	return levels & (promisc_phys | promisc_multi);
}

// The device first, as it may fail when more is asked of it.
int set_levels(Stream &s, u8 levels)
{
	Device &d = *s.device;
	const int more = int(hears_all(levels)) - int(hears_all(s.promiscuous));
	const int phys = int(!!(levels & promisc_phys)) - int(!!(s.promiscuous & promisc_phys));
	const u32 before = d.hearing_all;
	const u32 after = before + static_cast<u32>(more);

	if (!before != !after) {
		int error = d.callbacks.mc_setpromisc(d.argument, after ? B_TRUE : B_FALSE);
		if (error && after)
			return error;
	}
	d.hearing_all = after;
	d.promiscuous += static_cast<u32>(phys);
	s.promiscuous = levels;
	place(s);
	if (phys && d.promiscuous == (phys > 0 ? 1 : 0))
		owe_all(d, owed_promisc);
	return 0;
}

constexpr bool is_level(u32 level)
{
	return level == DL_PROMISC_PHYS || level == DL_PROMISC_SAP || level == DL_PROMISC_MULTI;
}

} // namespace

void not_promiscuous(Stream &s)
{
	if (s.promiscuous)
		set_levels(s, 0);
}

Outcome serve_promiscon(Stream &s, Request &r)
{
	const u32 level = r.p.promiscon_req.dl_level;

	if (!is_level(level))
		return refuse(DL_UNSUPPORTED);
	return device_outcome(set_levels(s, s.promiscuous | level_bit(level)));
}

Outcome serve_promiscoff(Stream &s, Request &r)
{
	const u32 level = r.p.promiscoff_req.dl_level;

	if (!is_level(level))
		return refuse(DL_UNSUPPORTED);
	if (!(s.promiscuous & level_bit(level)))
		return refuse(DL_NOTENAB);
	set_levels(s, s.promiscuous & static_cast<u8>(~level_bit(level)));
	return done;
}

} // namespace dlpi
