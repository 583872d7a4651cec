// SPDX-License-Identifier: GPL-2.0-only
//
// bufmod: gathers messages that come up into chunks, so that a program reads
// many of them at a time.
//
// Every message changes what belongs to the stream: the chunk, the timer, and a
// write may send what has been read.  So one thread at a time is inside a pair
// (D_MTQPAIR), the callback of the timer included, and there is no lock.
#include "buffer.hh"

using strm::Message;
using strm::WriteQueue;
using strm::bufmod::Buffer;

namespace {

Buffer &buffer_of(queue_t *q)
{
	return *static_cast<Buffer *>(q->q_ptr);
}

int bufmod_open(queue_t *q, dev_t *, int, int sflag, cred_t *)
{
	if (q->q_ptr)
		return 0;
	if (sflag != MODOPEN)
		return EINVAL;
	q->q_ptr = new (kmem_alloc(sizeof(Buffer), KM_SLEEP)) Buffer(q);
	WR(q)->q_ptr = q->q_ptr;
	qprocson(q);
	return 0;
}

int bufmod_close(queue_t *q, int, cred_t *)
{
	Buffer &buffer = buffer_of(q);

	buffer.close();
	qprocsoff(q);
	buffer.~Buffer();
	kmem_free(&buffer, sizeof(buffer));
	q->q_ptr = nullptr;
	WR(q)->q_ptr = nullptr;
	return 0;
}

int bufmod_rput(queue_t *q, mblk_t *mp)
{
	buffer_of(q).read(Message(mp));
	return 0;
}

int bufmod_rsrv(queue_t *q)
{
	buffer_of(q).serve();
	return 0;
}

int bufmod_wput(queue_t *q, mblk_t *mp)
{
	buffer_of(q).write(WriteQueue(q), Message(mp));
	return 0;
}

constinit module_info bufmod_info = { 0x4246, "bufmod", 0, INFPSZ, STRHIGH, STRLOW };

constinit qinit bufmod_rinit = { bufmod_rput, bufmod_rsrv,  bufmod_open, bufmod_close,
				 nullptr,     &bufmod_info, nullptr };

constinit qinit bufmod_winit = { bufmod_wput, nullptr,	    nullptr, nullptr,
				 nullptr,     &bufmod_info, nullptr };

constinit streamtab bufmod_tab = { &bufmod_rinit, &bufmod_winit, nullptr, nullptr };

constexpr fmodsw bufmod_module = { "bufmod", &bufmod_tab, D_MP | D_MTQPAIR };

} // namespace

STRM_MODINFO(description, "STREAMS module that gathers messages into chunks");
STREAMS_MODULE(bufmod_module, "bufmod", "GPL");
