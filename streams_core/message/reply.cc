// SPDX-License-Identifier: GPL-2.0-only
//
// <sys/strsun.h>: a message is made into its own answer.
//
// An M_IOCTL, M_COPYIN, M_COPYOUT and M_IOCDATA begin alike and turn into each
// other in the block that the stream head made, which has room for each.
#include <streams_core/message/message.hh>
#include <sys/errno.h>
#include <sys/strsun.h>

namespace strm {

namespace {

template <typename T> T &contents(mblk_t *mp)
{
	return *reinterpret_cast<T *>(mp->b_rptr);
}

void free_rest(mblk_t *mp)
{
	freemsg(unlinkb(mp));
}

// Replaces what follows the first block.
void set_rest(mblk_t *mp, mblk_t *rest)
{
	free_rest(mp);
	mp->b_cont = rest;
}

// `bytes` of a block that has been filled through its b_rptr.
void set_length(mblk_t *bp, size_t bytes)
{
	if (bytes <= static_cast<size_t>(bp->b_datap->db_lim - bp->b_rptr))
		bp->b_wptr = bp->b_rptr + bytes;
}

void make_answer(mblk_t *mp, int type, size_t count, int rval, int error)
{
	auto &ioc = contents<iocblk>(mp);

	mp->b_datap->db_type = static_cast<unsigned char>(type);
	ioc.ioc_count = count;
	ioc.ioc_rval = rval;
	ioc.ioc_error = error;
}

// The only argument of a transparent ioctl is an address.
caddr_t transparent_argument(const mblk_t *mp)
{
	const mblk_t *bp = mp->b_cont;
	caddr_t address = nullptr;

	if (bp && MBLKL(bp) >= static_cast<ssize_t>(sizeof(address)))
		__builtin_memcpy(&address, bp->b_rptr, sizeof(address));
	return address;
}

void make_request(mblk_t *mp, int type, void *state, size_t size, caddr_t address)
{
	auto &request = contents<copyreq>(mp);

	mp->b_datap->db_type = static_cast<unsigned char>(type);
	mp->b_wptr = mp->b_rptr + sizeof(request);
	request.cq_private = static_cast<mblk_t *>(state);
	request.cq_size = size;
	request.cq_addr = address;
}

// Of the last M_IOCTL that was made.
constinit Atomic<u32> last_ioctl_id;

union IoctlBody {
	iocblk ioc;
	copyreq request;
	copyresp response;
};

} // namespace

u32 new_ioctl_id()
{
	u32 id;
	do {
		id = last_ioctl_id.fetch_add(1) + 1;
	} while (id == 0);
	return id;
}

} // namespace strm

using namespace strm;

extern "C" mblk_t *mkiocb(uint_t command)
{
	mblk_t *mp = allocate_with_cred(sizeof(IoctlBody), LIN_GFP_ATOMIC, lin_kernel_cred(),
					NOPID);
	if (!mp)
		return nullptr;
	__builtin_memset(mp->b_rptr, 0, sizeof(IoctlBody));
	mp->b_datap->db_type = M_IOCTL;
	mp->b_wptr = mp->b_rptr + sizeof(iocblk);
	auto &ioc = contents<iocblk>(mp);
	ioc.ioc_cmd = static_cast<int>(command);
	ioc.ioc_cr = const_cast<cred_t *>(lin_kernel_cred());
	ioc.ioc_id = new_ioctl_id();
	ioc.ioc_flag = IOC_NATIVE;
	return mp;
}

extern "C" void miocack(queue_t *wq, mblk_t *mp, int count, int rval)
{
	if (count == 0)
		free_rest(mp);
	make_answer(mp, M_IOCACK, static_cast<size_t>(count), rval, 0);
	qreply(wq, mp);
}

extern "C" void miocnak(queue_t *wq, mblk_t *mp, int, int error)
{
	free_rest(mp);
	make_answer(mp, M_IOCNAK, 0, 0, error ? error : EINVAL);
	qreply(wq, mp);
}

extern "C" void mioc2ack(mblk_t *mp, mblk_t *dp, size_t count, int rval)
{
	set_rest(mp, dp);
	if (dp)
		set_length(dp, count);
	make_answer(mp, M_IOCACK, count, rval, 0);
}

extern "C" int miocpullup(mblk_t *mp, size_t size)
{
	if (MBLKL(mp) < static_cast<ssize_t>(sizeof(iocblk)))
		return EINVAL;
	if (contents<iocblk>(mp).ioc_count == TRANSPARENT)
		return EINVAL;
	if (size == 0)
		return 0;
	mblk_t *data = mp->b_cont;
	if (!data)
		return EINVAL;
	if (MBLKL(data) >= 0 && static_cast<size_t>(MBLKL(data)) >= size)
		return 0;
	if (msgdsize(data) < size)
		return EINVAL;
	mblk_t *joined = msgpullup(data, static_cast<ssize_t>(size));
	if (!joined)
		return ENOMEM;
	set_rest(mp, joined);
	return 0;
}

extern "C" void mcopyin(mblk_t *mp, void *state, size_t size, void *addr)
{
	auto *address = addr ? static_cast<caddr_t>(addr) : transparent_argument(mp);

	free_rest(mp);
	make_request(mp, M_COPYIN, state, size, address);
}

extern "C" void mcopyout(mblk_t *mp, void *state, size_t size, void *addr, mblk_t *data)
{
	auto *address = addr ? static_cast<caddr_t>(addr) : transparent_argument(mp);

	if (data) {
		set_rest(mp, data);
		set_length(data, size);
	}
	make_request(mp, M_COPYOUT, state, size, address);
}

extern "C" void mcopymsg(mblk_t *mp, void *buf)
{
	auto *to = static_cast<unsigned char *>(buf);

	for (const mblk_t *bp = mp; bp; bp = bp->b_cont) {
		if (bp->b_wptr <= bp->b_rptr)
			continue;
		const auto bytes = static_cast<size_t>(bp->b_wptr - bp->b_rptr);
		__builtin_memcpy(to, bp->b_rptr, bytes);
		to += bytes;
	}
	freemsg(mp);
}

extern "C" mblk_t *mexchange(queue_t *wq, mblk_t *mp, size_t size, uchar_t type, int primtype)
{
	if (!mp || DB_REF(mp) > 1 || static_cast<size_t>(MBLKSIZE(mp)) < size) {
		mblk_t *fresh = allocb(size, BPRI_MED);
		if (!fresh) {
			if (wq)
				merror(wq, mp, ENOSR);
			else
				freemsg(mp);
			return nullptr;
		}
		freemsg(mp);
		mp = fresh;
	}
	mp->b_datap->db_type = type;
	mp->b_rptr = DB_BASE(mp);
	mp->b_wptr = mp->b_rptr + size;
	if (primtype >= 0 && size >= sizeof(primtype))
		__builtin_memcpy(mp->b_rptr, &primtype, sizeof(primtype));
	return mp;
}

extern "C" void merror(queue_t *wq, mblk_t *mp, int error)
{
	mp = mexchange(nullptr, mp, 1, M_ERROR, -1);
	if (!mp)
		return;
	free_rest(mp);
	*mp->b_rptr = static_cast<unsigned char>(error);
	qreply(wq, mp);
}
