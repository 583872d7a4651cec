// SPDX-License-Identifier: GPL-2.0-only
//
// DL_NOTIFY_REQ, and what the streams that asked are told.
//
// News are owed to a stream until it has room for them and there is memory: a bit for
// each kind, so that a reader who is slow costs nothing.  He is told what is so by then.
// A stream's own read service procedure tells it.
#include "dlpi.hh"

namespace dlpi {

namespace {

constexpr u32 link_notes = DL_NOTE_LINK_DOWN | DL_NOTE_LINK_UP;
constexpr u32 all_notes = link_notes | DL_NOTE_PHYS_ADDR | DL_NOTE_PROMISC_ON_PHYS |
			  DL_NOTE_PROMISC_OFF_PHYS | DL_NOTE_SDU_SIZE | DL_NOTE_SPEED;
constexpr clock_t retry_microseconds = 100000;

constexpr struct {
	u32 owed;
	u32 notes;
} kinds[] = {
	{ owed_link, link_notes },
	{ owed_speed, DL_NOTE_SPEED },
	{ owed_sdu, DL_NOTE_SDU_SIZE },
	{ owed_address, DL_NOTE_PHYS_ADDR },
	{ owed_promisc, DL_NOTE_PROMISC_ON_PHYS | DL_NOTE_PROMISC_OFF_PHYS },
};

// What an IND says; a note of 0 says nothing.
struct News {
	u32 note;
	u32 data;
	bool has_address;
};

News link_news(const Stream &s)
{
	switch (load_relaxed(s.device->link)) {
	case LINK_STATE_UP:
		return { DL_NOTE_LINK_UP, 0, false };
	case LINK_STATE_DOWN:
		return { DL_NOTE_LINK_DOWN, 0, false };
	default:
		return { 0, 0, false };
	}
}

News speed_news(const Stream &s)
{
	const u64 kilobits = device_stat(*s.device, MAC_STAT_IFSPEED) / 1000;

	if (load_relaxed(s.device->link) != LINK_STATE_UP || kilobits == 0)
		return { 0, 0, false };
	return { DL_NOTE_SPEED, static_cast<u32>(kilobits), false };
}

News news_of(const Stream &s, u32 kind)
{
	switch (kind) {
	case owed_link:
		return link_news(s);
	case owed_speed:
		return speed_news(s);
	case owed_sdu:
		return { DL_NOTE_SDU_SIZE, s.device->max_sdu.relaxed(), false };
	case owed_address:
		return { DL_NOTE_PHYS_ADDR, DL_CURR_PHYS_ADDR, true };
	default:
		return { s.device->promiscuous ? u32(DL_NOTE_PROMISC_ON_PHYS) :
						 u32(DL_NOTE_PROMISC_OFF_PHYS),
			 0, false };
	}
}

constexpr size_t indication_size = sizeof(dl_notify_ind_t) + address_size;

void indicate(Stream &s, mblk_t *mp, const News &news)
{
	auto &ind = *reinterpret_cast<dl_notify_ind_t *>(mp->b_rptr);

	ind = {};
	ind.dl_primitive = DL_NOTIFY_IND;
	ind.dl_notification = news.note;
	ind.dl_data = news.data;
	mp->b_wptr += sizeof(ind);
	if (news.has_address) {
		ind.dl_addr_length = address_size;
		ind.dl_addr_offset = sizeof(ind);
		address_of(*s.device).store(mp->b_wptr);
		mp->b_wptr += address_size;
	}
	mp->b_datap->db_type = M_PROTO;
	putnext(s.rq, mp);
}

void try_again(void *arg)
{
	auto &s = *static_cast<Stream *>(arg);

	s.memory = 0;
	s.retry = nullptr;
	qenable(s.rq);
}

// Where not even a callback can be had, the next that enables the stream tells: another
// piece of news, or a reader who makes room.
void wait_for_memory(Stream &s)
{
	if (s.memory || s.retry)
		return;
	s.memory = qbufcall(s.rq, indication_size, BPRI_MED, try_again, &s);
	if (!s.memory)
		s.retry = qtimeout(s.rq, try_again, &s, drv_usectohz(retry_microseconds));
}

// The bit goes before the news are looked at: what changes later is told again.
void settle(Stream &s, u32 kind)
{
	u32 found = s.owed.relaxed();

	while (!s.owed.compare_exchange(found, found & ~kind)) {}
}

} // namespace

// Alone, or in the leader's service.
void owe(Stream &s, u32 news)
{
	u32 wanted = 0;

	for (const auto &kind : kinds) {
		if (s.notes & kind.notes)
			wanted |= kind.owed;
	}
	if (!(news & wanted))
		return;
	u32 found = s.owed.relaxed();
	while (!s.owed.compare_exchange(found, found | (news & wanted))) {}
	qenable(s.rq);
}

void owe_all(Device &d, u32 news)
{
	for (Stream *s = d.streams.first; s; s = s->next_attached)
		owe(*s, news);
}

// How things are now.  Alone; the stream is attached.
void owe_present(Stream &s)
{
	owe(s, owed_link | owed_speed | owed_sdu | owed_address | owed_promisc);
}

// In the stream's read service.  Since something was owed the stream may have asked for
// less, and what there is to say may be what it does not want.
void tell(Stream &s)
{
	while (u32 owed = s.owed.relaxed()) {
		const u32 kind = owed & -owed;
		if (!canputnext(s.rq))
			return; // comes again when there is room
		mblk_t *mp = allocb(indication_size, BPRI_MED);
		if (!mp) {
			wait_for_memory(s);
			return;
		}
		settle(s, kind);
		const News news = news_of(s, kind);
		if (news.note & s.notes)
			indicate(s, mp, news);
		else
			freemsg(mp);
	}
}

// Before the stream's procedures go off.
void stop_telling(Stream &s)
{
	if (s.memory)
		qunbufcall(s.rq, s.memory);
	if (s.retry)
		quntimeout(s.rq, s.retry);
	s.memory = 0;
	s.retry = nullptr;
}

// How things are is told at once, behind the answer.
Outcome serve_notify(Stream &s, Request &r)
{
	s.notes = r.p.notify_req.dl_notifications & all_notes;
	begin_answer<dl_notify_ack_t>(r, DL_NOTIFY_ACK).dl_notifications = all_notes;
	send_answer(r);
	owe_present(s);
	return answered;
}

} // namespace dlpi
