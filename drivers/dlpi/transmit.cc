// SPDX-License-Identifier: GPL-2.0-only
//
// Frames are sent.
//
// A frame goes to the device at once unless others of the stream wait already.  What the
// device has no room for waits on the stream's write queue, whole frames ready to go, and
// fills it: so the writer waits, too.  The service procedure sends it on in batches.
//
// No wake-up is lost: the service procedure puts its stream on the list of those who
// wait (A) before it tries the device (B).  A device that finds no room remembers that,
// under the lock that it takes there anyway, and calls mac_tx_update() when there is room
// again: what reads the list then comes after (A).
#include "dlpi.hh"

namespace dlpi {

namespace {

// The service procedure tries again, with the stream listed.  putq() alone would not
// enable it after a flush.  A writer is held at the high water mark, unless he sends with
// high priority or in a band: then what is too much is lost.
void queue(Device &d, queue_t *q, mblk_t *mp)
{
	const bool first = !q->q_first;

	if (q->q_count > 2 * writer_hiwat) {
		d.refused.fetch_add(1);
		freemsg(mp);
		return;
	}
	if (!putq(q, mp))
		freemsg(mp); // cannot be: band 0 needs no record
	if (first)
		qenable(q);
}

// Front of the queue, in order.
void put_back(queue_t *q, mblk_t *chain)
{
	mblk_t *backwards = nullptr;

	while (chain) {
		mblk_t *mp = chain;
		chain = mp->b_next;
		mp->b_next = backwards;
		backwards = mp;
	}
	while (backwards) {
		mblk_t *mp = backwards;
		backwards = mp->b_next;
		mp->b_next = nullptr;
		if (!putbq(q, mp))
			freemsg(mp); // as above
	}
}

u32 length(const mblk_t *chain)
{
	u32 frames = 0;

	for (; chain; chain = chain->b_next)
		frames++;
	return frames;
}

void start_waiting(Device &d, Stream &s)
{
	IrqGuard guard(d); // (A)
	if (!s.waiting) {
		s.waiting = true;
		d.starved.add(s);
	}
}

// A getq() that finds nothing would have put_back() enable the service procedure, and
// that try again and again.
mblk_t *take_batch(queue_t *q)
{
	mblk_t *chain = nullptr;
	mblk_t **link = &chain;

	for (u32 i = 0; i < transmit_batch && q->q_first; i++) {
		*link = getq(q);
		link = &(*link)->b_next;
	}
	return chain;
}

// The length of a raw frame is right for the device.
bool sendable(const Device &d, size_t bytes)
{
	return bytes >= header_size && bytes <= header_size + d.max_sdu.relaxed() + d.margin;
}

// Data that can be sent to this SAP.  A frame may be longer by the device's margin, where
// the header has no length in it.
size_t most_sent(const Device &d, u16 sap)
{
	return most_data(d, sap) + (sap > largest_length ? d.margin : 0);
}

// 0, or why a DL_UNITDATA_REQ cannot be done.
u32 check_unitdata(const Stream &s, const mblk_t *mp, Address &dest, u16 &sap, size_t &bytes)
{
	dl_unitdata_req_t req;

	__builtin_memcpy(&req, mp->b_rptr, sizeof(req));
	if (s.state != DL_IDLE)
		return DL_OUTSTATE;
	if (!read_destination(s, mp, req.dl_dest_addr_offset, req.dl_dest_addr_length, dest, sap))
		return DL_BADADDR;
	bytes = data_bytes(mp->b_cont);
	return bytes > most_sent(*s.device, sap) || bytes < s.device->min_sdu ? u32(DL_BADDATA) : 0;
}

// The request becomes the answer; the address stays where it is.  A writer who does not
// read is told no more than his queue holds.
void refuse_unitdata(Stream &s, queue_t *q, mblk_t *mp, u32 error, int sys)
{
	dl_unitdata_req_t req;

	if (!canputnext(RD(q))) {
		freemsg(mp);
		mp = nullptr;
	} else if (DB_REF(mp) > 1) {
		mblk_t *own = copyb(mp);
		freemsg(mp);
		mp = own;
	} else {
		freemsg(unlinkb(mp));
	}
	if (!mp) {
		s.dropped.fetch_add(1);
		return;
	}
	__builtin_memcpy(&req, mp->b_rptr, sizeof(req));
	dl_uderror_ind_t ind{};
	ind.dl_primitive = DL_UDERROR_IND;
	ind.dl_errno = error;
	ind.dl_unix_errno = static_cast<u32>(sys);
	if (part_of(mp, req.dl_dest_addr_offset, req.dl_dest_addr_length) &&
	    req.dl_dest_addr_offset >= sizeof(ind)) {
		ind.dl_dest_addr_length = req.dl_dest_addr_length;
		ind.dl_dest_addr_offset = req.dl_dest_addr_offset;
	}
	__builtin_memcpy(mp->b_rptr, &ind, sizeof(ind));
	mp->b_datap->db_type = M_PROTO;
	mp->b_band = 0;
	qreply(q, mp);
}

} // namespace

// A DLSAP that this stream can send to.  Of LLC only a stream that has an LSAP sends.
// One that is bound to 0 brings the LLC header in its data; programs give the length of
// the frame as SAP then.
bool read_destination(const Stream &s, const mblk_t *mp, u32 offset, u32 length, Address &dest,
		      u16 &sap)
{
	const u8 *dlsap = length == dlsap_size ? part_of(mp, offset, length) : nullptr;

	if (!dlsap)
		return false;
	dest = Address::of_frame(dlsap);
	__builtin_memcpy(&sap, dlsap + address_size, sizeof(sap));
	if (s.state == DL_IDLE && s.sap == 0 && sap <= largest_length)
		sap = 0;
	return plausible_sap(sap) && !(is_lsap(sap) && s.sap > largest_lsap);
}

// What the length of 802.3 can say is less than what a device with jumbo frames can send.
size_t most_data(const Device &d, u16 sap)
{
	const u32 sdu = d.max_sdu.relaxed();

	if (sap > largest_length)
		return sdu;
	return is_lsap(sap) ? most_llc_data(d) : strm::min(sdu, largest_length);
}

size_t most_llc_data(const Device &d)
{
	return strm::min(d.max_sdu.relaxed(), largest_length) - llc_size;
}

// What drivers rely on: blocks of data and nothing else, none of a negative length.
// no_size where it is not so.
size_t data_bytes(const mblk_t *mp)
{
	size_t bytes = 0;

	for (; mp; mp = mp->b_cont) {
		if (DB_TYPE(mp) != M_DATA || MBLKL(mp) < 0)
			return no_size;
		bytes += static_cast<size_t>(MBLKL(mp));
	}
	return bytes;
}

namespace {

Header addressed(const Device &d, Address dest, u32 type)
{
	Header header;

	dest.store(header.bytes);
	address_of(d).store(header.bytes + address_size);
	store_be16(header.bytes + 2 * address_size, type);
	header.size = header_size;
	return header;
}

} // namespace

// To SAP 0 an 802.3 frame goes whose LLC header is the first of the data.
Header make_header(const Device &d, Address dest, u16 sap, size_t data)
{
	return addressed(d, dest, sap > largest_length ? sap : static_cast<u32>(data));
}

Header make_llc_header(const Device &d, Address dest, u16 dsap, u8 ssap, u8 control, size_t data)
{
	Header header = addressed(d, dest, static_cast<u32>(data + llc_size));
	u8 *llc = header.bytes + header_size;

	llc[0] = static_cast<u8>(dsap);
	llc[1] = ssap;
	llc[2] = control;
	header.size += llc_size;
	return header;
}

// A request becomes a frame: its header goes before the data if there is room, else
// into the block of the request.  NULL without memory, then the request is as it was.
mblk_t *put_header(mblk_t *mp, const Header &header)
{
	mblk_t *data = mp->b_cont;
	mblk_t *at = mp;

	if (data && DB_REF(data) == 1 && MBLKHEAD(data) >= static_cast<ssize_t>(header.size)) {
		data->b_rptr -= header.size;
		__builtin_memcpy(data->b_rptr, header.bytes, header.size);
		mp->b_cont = nullptr;
		freeb(mp);
		return data;
	}
	if (DB_REF(mp) > 1 || static_cast<size_t>(MBLKSIZE(mp)) < header.size) {
		at = allocb(header.size, BPRI_MED);
		if (!at)
			return nullptr;
		at->b_cont = data;
		mp->b_cont = nullptr;
		freeb(mp);
	}
	at->b_datap->db_type = M_DATA;
	at->b_rptr = DB_BASE(at);
	at->b_wptr = at->b_rptr + header.size;
	__builtin_memcpy(at->b_rptr, header.bytes, header.size);
	return at;
}

// The stream is attached.
void send(Stream &s, queue_t *q, mblk_t *frame)
{
	Device &d = *s.device;

	frame->b_band = 0; // frames keep their order, here and where they arrive
	if (shows_sent(d)) [[unlikely]]
		show_to_snoopers(d, &s, frame);
	if (!q->q_first) [[likely]] {
		frame = d.tx(d.argument, frame);
		if (!frame) [[likely]] {
			store_relaxed(s.sent, s.sent + 1);
			return;
		}
	}
	queue(d, q, frame);
}

// M_DATA: whole frames, from who has said that he sends such.
void send_data(Stream &s, queue_t *q, mblk_t *mp)
{
	const bool welcome = attached(s) && (s.raw || (s.fast && s.state == DL_IDLE));

	if (welcome && sendable(*s.device, data_bytes(mp))) [[likely]] {
		send(s, q, mp);
		return;
	}
	if (attached(s))
		s.device->refused.fetch_add(1);
	freemsg(mp);
}

void send_unitdata(Stream &s, queue_t *q, mblk_t *mp)
{
	Address dest;
	u16 sap = 0;
	size_t bytes = 0;

	if (MBLKL(mp) < static_cast<ssize_t>(sizeof(dl_unitdata_req_t))) {
		serve_request(q, mp); // which knows nothing so short
		return;
	}
	if (u32 error = check_unitdata(s, mp, dest, sap, bytes)) {
		refuse_unitdata(s, q, mp, error, 0);
		return;
	}
	const Device &d = *s.device;
	mblk_t *frame = put_header(mp, is_lsap(sap) ?
					       make_llc_header(d, dest, sap, static_cast<u8>(s.sap),
							       llc_ui, bytes) :
					       make_header(d, dest, sap, bytes));
	if (frame)
		send(s, q, frame);
	else
		refuse_unitdata(s, q, mp, DL_SYSERR, ENOSR);
}

// The leader's.  Who finds no room again waits again, behind those who are listed now.
void wake_starved(Device &d)
{
	u32 now;
	{
		IrqGuard guard(d);
		now = d.starved.length();
	}
	for (; now; now--) {
		IrqGuard guard(d);
		Stream *s = d.starved.first();
		if (!s)
			return;
		d.starved.remove(*s);
		s->waiting = false;
		qenable(WR(s->rq));
	}
}

void stop_waiting(Device &d, Stream &s)
{
	IrqGuard guard(d);
	if (s.waiting) {
		d.starved.remove(s);
		s.waiting = false;
	}
}

// A write(2) of more than a frame shall fail, and not become two.
void set_packet_limits(Stream &s)
{
	queue_t *q = WR(s.rq);
	const bool limited = s.raw && attached(s);
	const size_t most = limited ? header_size + s.device->max_sdu.relaxed() + s.device->margin :
				      0;

	strqset(q, QMINPSZ, 0, limited ? 1 : 0);
	strqset(q, QMAXPSZ, 0, limited ? static_cast<intptr_t>(most) : INFPSZ);
}

extern "C" int dlpi_wsrv(queue_t *q)
{
	Stream &s = stream_of(q);

	if (!attached(s)) {
		flushq(q, FLUSHALL);
		return 0;
	}
	Device &d = *s.device;
	if (q->q_first)
		start_waiting(d, s);
	while (mblk_t *chain = take_batch(q)) {
		const u32 frames = length(chain);
		mblk_t *rest = d.tx(d.argument, chain); // (B)
		const u32 left = length(rest);
		store_relaxed(s.sent, s.sent + frames - left);
		if (rest) {
			put_back(q, rest);
			return 0;
		}
	}
	stop_waiting(d, s);
	return 0;
}

extern "C" void mac_tx_update(mac_handle_t mh)
{
	raise(*device_of(mh), event_room);
}

} // namespace dlpi
