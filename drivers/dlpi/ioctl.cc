// SPDX-License-Identifier: GPL-2.0-only
//
// ioctls: DLIOCRAW, DLIOCNATIVE, DLIOCMARGININFO, DLIOCHDRINFO; what is unknown here is
// the device's.
#include "dlpi.hh"

namespace dlpi {

namespace {

iocblk &ioc_of(mblk_t *mp)
{
	return *reinterpret_cast<iocblk *>(mp->b_rptr);
}

bool transparent(mblk_t *mp)
{
	return ioc_of(mp).ioc_count == TRANSPARENT;
}

// Alone: who delivers frames looks at it.
void become_raw(queue_t *q, mblk_t *mp)
{
	Stream &s = stream_of(q);

	s.raw = true;
	set_packet_limits(s);
	miocack(q, mp, 0, 0);
}

mblk_t *margin_of(const Stream &s)
{
	const u32 margin = attached(s) ? s.device->margin : 0;
	mblk_t *data = allocb(sizeof(margin), BPRI_MED);

	if (data)
		__builtin_memcpy(data->b_rptr, &margin, sizeof(margin));
	return data;
}

// Directly the number is copied to where the argument points.
void margin_info(const Stream &s, queue_t *q, mblk_t *mp)
{
	mblk_t *data = attached(s) ? margin_of(s) : nullptr;

	if (!data) {
		miocnak(q, mp, 0, attached(s) ? ENOSR : EINVAL);
		return;
	}
	if (transparent(mp))
		mcopyout(mp, nullptr, sizeof(u32), nullptr, data);
	else
		mioc2ack(mp, data, sizeof(u32), 0);
	qreply(q, mp);
}

// The header that frames to a given DLSAP begin with.  From now on the user may send
// frames that begin so as M_DATA.
int header_info(Stream &s, mblk_t *mp, Header &header)
{
	dl_unitdata_req_t req;
	Address dest;
	u16 sap;

	if (s.state != DL_IDLE)
		return EINVAL;
	if (int error = miocpullup(mp, sizeof(req)))
		return error;
	__builtin_memcpy(&req, mp->b_cont->b_rptr, sizeof(req));
	if (req.dl_primitive != DL_UNITDATA_REQ)
		return EINVAL;
	const size_t whole = msgdsize(mp->b_cont);
	if (int error = miocpullup(mp, whole))
		return error;
	if (!read_destination(s, mp->b_cont, req.dl_dest_addr_offset, req.dl_dest_addr_length, dest,
			      sap) ||
	    sap <= largest_length)
		return EINVAL; // the header of 802.3 differs from frame to frame
	header = make_header(*s.device, dest, sap, 0);
	return 0;
}

void header_info(Stream &s, queue_t *q, mblk_t *mp)
{
	Header header;
	int error = header_info(s, mp, header);
	mblk_t *data = error ? nullptr : allocb(header.size, BPRI_MED);

	if (!data) {
		miocnak(q, mp, 0, error ? error : ENOSR);
		return;
	}
	__builtin_memcpy(data->b_rptr, header.bytes, header.size);
	s.fast = true;
	mioc2ack(mp, data, header.size, 0);
	qreply(q, mp);
}

void ask_device(const Stream &s, queue_t *q, mblk_t *mp)
{
	if (attached(s) && (s.device->callbacks.mc_callbacks & MC_IOCTL))
		s.device->callbacks.mc_ioctl(s.device->argument, q, mp);
	else
		miocnak(q, mp, 0, EINVAL);
}

} // namespace

void serve_ioctl(queue_t *q, mblk_t *mp)
{
	Stream &s = stream_of(q);

	switch (ioc_of(mp).ioc_cmd) {
	case DLIOCRAW:
		qwriter(q, mp, become_raw, PERIM_OUTER);
		break;
	case DLIOCNATIVE: // there is no other form than that of the medium
		miocack(q, mp, 0, DL_ETHER);
		break;
	case DLIOCMARGININFO:
		margin_info(s, q, mp);
		break;
	case DLIOCHDRINFO:
		header_info(s, q, mp);
		break;
	default:
		ask_device(s, q, mp);
	}
}

// What mcopyout() was asked for has been done, or not.
void serve_iocdata(queue_t *q, mblk_t *mp)
{
	const auto &response = *reinterpret_cast<copyresp *>(mp->b_rptr);

	if (response.cp_cmd != DLIOCMARGININFO)
		ask_device(stream_of(q), q, mp);
	else if (response.cp_rval)
		freemsg(mp); // the head has answered the program
	else
		miocack(q, mp, 0, 0);
}

} // namespace dlpi
