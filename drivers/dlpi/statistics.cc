// SPDX-License-Identifier: GPL-2.0-only
//
// DL_GET_STATISTICS_REQ: the device's counts, with what the core has lost added, and the
// stream's own.
#include "dlpi.hh"

namespace dlpi {

namespace {

u32 link_word(link_state_t state)
{
	switch (state) {
	case LINK_STATE_UP:
		return DLPI_LINK_UP;
	case LINK_STATE_DOWN:
		return DLPI_LINK_DOWN;
	default:
		return DLPI_LINK_UNKNOWN;
	}
}

u32 duplex_word(u64 duplex)
{
	switch (duplex) {
	case LINK_DUPLEX_FULL:
		return DLPI_DUPLEX_FULL;
	case LINK_DUPLEX_HALF:
		return DLPI_DUPLEX_HALF;
	default:
		return DLPI_DUPLEX_UNKNOWN;
	}
}

constexpr struct {
	u32 stat;
	uint64_t dlpi_stat::*field;
} fields[] = {
	{ MAC_STAT_IFSPEED, &dlpi_stat::ds_ifspeed },
	{ MAC_STAT_IPACKETS, &dlpi_stat::ds_ipackets64 },
	{ MAC_STAT_RBYTES, &dlpi_stat::ds_rbytes64 },
	{ MAC_STAT_OPACKETS, &dlpi_stat::ds_opackets64 },
	{ MAC_STAT_OBYTES, &dlpi_stat::ds_obytes64 },
	{ MAC_STAT_MULTIRCV, &dlpi_stat::ds_multircv },
	{ MAC_STAT_BRDCSTRCV, &dlpi_stat::ds_brdcstrcv },
	{ MAC_STAT_MULTIXMT, &dlpi_stat::ds_multixmt },
	{ MAC_STAT_BRDCSTXMT, &dlpi_stat::ds_brdcstxmt },
	{ MAC_STAT_NORCVBUF, &dlpi_stat::ds_norcvbuf },
	{ MAC_STAT_IERRORS, &dlpi_stat::ds_ierrors },
	{ MAC_STAT_UNKNOWNS, &dlpi_stat::ds_unknowns },
	{ MAC_STAT_NOXMTBUF, &dlpi_stat::ds_noxmtbuf },
	{ MAC_STAT_OERRORS, &dlpi_stat::ds_oerrors },
	{ MAC_STAT_COLLISIONS, &dlpi_stat::ds_collisions },
};

} // namespace

// 0 for what is not counted.
u64 device_stat(const Device &d, u32 stat)
{
	uint64_t value = 0;

	return d.callbacks.mc_getstat(d.argument, stat, &value) ? 0 : value;
}

Outcome serve_statistics(Stream &s, Request &r)
{
	const Device &d = *s.device;
	dlpi_stat stat{};

	stat.ds_version = DLPI_STAT_VERSION;
	stat.ds_size = sizeof(stat);
	stat.ds_link_state = link_word(load_relaxed(d.link));
	stat.ds_link_duplex = duplex_word(device_stat(d, ETHER_STAT_LINK_DUPLEX));
	for (const auto &it : fields)
		stat.*it.field = device_stat(d, it.stat);
	stat.ds_norcvbuf += load_relaxed(d.overrun) + load_relaxed(d.lost);
	stat.ds_ierrors += load_relaxed(d.short_frames);
	stat.ds_unknowns += load_relaxed(d.unknown);
	stat.ds_oerrors += d.refused.relaxed();
	stat.ds_received = load_relaxed(s.received) + s.overheard.relaxed();
	stat.ds_sent = s.sent;
	stat.ds_dropped = s.dropped.relaxed();

	auto &ack = begin_answer<dl_get_statistics_ack_t>(r, DL_GET_STATISTICS_ACK, sizeof(stat));
	ack.dl_stat_length = sizeof(stat);
	ack.dl_stat_offset = sizeof(ack);
	__builtin_memcpy(&ack + 1, &stat, sizeof(stat));
	return send_answer(r);
}

} // namespace dlpi
