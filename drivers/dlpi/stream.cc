// SPDX-License-Identifier: GPL-2.0-only
//
// Streams are opened and closed, and what comes down one is told apart.
//
// Every open makes a stream, that of a style 1 node too: the answer is a minor number
// of the stream's own, above those of the nodes.
#include "dlpi.hh"

extern "C" int dlpi_rsrv(queue_t *q);
extern "C" int dlpi_wsrv(queue_t *q);

namespace dlpi {

namespace {

constexpr minor_t first_minor = MAC_PPA_MAX + 1;

// Alone, as is the next.  0: too many are open.
minor_t take_minor(Driver &driver)
{
	for (u32 i = 0; i < most_streams / 64; i++) {
		if (~driver.minors[i] == 0)
			continue;
		const int bit = __builtin_ctzll(~driver.minors[i]);
		driver.minors[i] |= 1ull << bit;
		driver.streams++;
		return first_minor + i * 64 + static_cast<minor_t>(bit);
	}
	return 0;
}

void give_minor_back(Driver &driver, minor_t minor)
{
	const u32 index = minor - first_minor;

	driver.minors[index / 64] &= ~(1ull << (index % 64));
	driver.streams--;
}

void destroy(Stream *s)
{
	freemsg(s->hangup);
	freemsg(s->reserve);
	s->~Stream();
	kmem_free(s, sizeof(*s));
}

// Not one that sleeps: all streams of the driver stand still meanwhile.
Stream *make(Driver &driver, queue_t *q, const cred_t *crp)
{
	void *memory = kmem_zalloc(sizeof(Stream), KM_NOSLEEP);
	if (!memory)
		return nullptr;
	auto *s = new (memory) Stream(driver, q);
	s->may_configure = secpolicy_net_config(crp, B_FALSE) == 0;
	s->hangup = allocb(0, BPRI_HI);
	s->reserve = allocb(largest_answer, BPRI_HI);
	if (!s->hangup || !s->reserve) {
		destroy(s);
		return nullptr;
	}
	s->hangup->b_datap->db_type = M_HANGUP;
	return s;
}

mblk_t *head_options()
{
	mblk_t *mp = allocb(sizeof(stroptions), BPRI_HI);
	if (!mp)
		return nullptr;
	stroptions options{};
	options.so_flags = SO_HIWAT | SO_LOWAT;
	options.so_hiwat = reader_hiwat;
	options.so_lowat = reader_lowat;
	__builtin_memcpy(mp->b_rptr, &options, sizeof(options));
	mp->b_wptr += sizeof(options);
	mp->b_datap->db_type = M_SETOPTS;
	return mp;
}

int attach_to(Stream &s, minor_t ppa)
{
	StreamContext context;
	const Outcome outcome = attach(s, ppa);

	if (ok(outcome))
		return 0;
	return outcome.error == DL_SYSERR ? outcome.sys : ENXIO;
}

// Everything that does not fail without memory has been done when procedures go on.
int open(queue_t *q, dev_t *devp, bool style1, const cred_t *crp)
{
	Driver &driver = driver_of(q);
	Stream *s = make(driver, q, crp);
	mblk_t *options = head_options();
	const minor_t minor = s && options ? take_minor(driver) : 0;

	if (!minor) {
		const int error = s && options ? ENXIO : ENOSR;
		freemsg(options);
		if (s)
			destroy(s);
		return error;
	}
	s->minor = minor;
	s->style1 = style1;
	q->q_ptr = WR(q)->q_ptr = s;
	qprocson(q);
	if (int error = style1 ? attach_to(*s, getminor(*devp)) : 0) {
		qprocsoff(q);
		q->q_ptr = WR(q)->q_ptr = nullptr;
		give_minor_back(driver, minor);
		freemsg(options);
		destroy(s);
		return error;
	}
	putnext(q, options);
	*devp = makedevice(getmajor(*devp), minor);
	return 0;
}

void flush(queue_t *q, mblk_t *mp)
{
	if (*mp->b_rptr & FLUSHW) {
		if (*mp->b_rptr & FLUSHBAND)
			flushband(q, mp->b_rptr[1], FLUSHDATA);
		else
			flushq(q, FLUSHDATA);
		*mp->b_rptr &= static_cast<u8>(~FLUSHW);
	}
	if (*mp->b_rptr & FLUSHR)
		qreply(q, mp); // the read side keeps nothing
	else
		freemsg(mp);
}

u32 primitive_of(const mblk_t *mp)
{
	u32 primitive = ~0u;

	if (MBLKL(mp) >= static_cast<ssize_t>(sizeof(primitive)))
		__builtin_memcpy(&primitive, mp->b_rptr, sizeof(primitive));
	return primitive;
}

} // namespace

extern "C" {

// Before the perimeter: who may not open it shall not disturb those who have.  Devices are
// the whole machine's, and the privilege of who is in a network namespace of his own is not.
static int dlpi_admit(cred_t *crp)
{
	return secpolicy_net_rawaccess(crp) || !dlpi_in_first_network() ? EACCES : 0;
}

static int dlpi_open(queue_t *q, dev_t *devp, int, int sflag, cred_t *crp)
{
	if (q->q_ptr)
		return 0;
	if (sflag == MODOPEN || (sflag != CLONEOPEN && getminor(*devp) > MAC_PPA_MAX))
		return ENXIO;
	return open(q, devp, sflag != CLONEOPEN, crp);
}

static int dlpi_close(queue_t *q, int, cred_t *)
{
	Stream &s = stream_of(q);
	{
		StreamContext context;
		if (attached(s))
			detach(s);
	}
	stop_telling(s);
	qprocsoff(q);
	q->q_ptr = WR(q)->q_ptr = nullptr;
	give_minor_back(s.driver, s.minor);
	destroy(&s);
	return 0;
}

static int dlpi_wput(queue_t *q, mblk_t *mp)
{
	if (DB_TYPE(mp) == M_DATA) [[likely]] {
		send_data(stream_of(q), q, mp);
		return 0;
	}
	switch (DB_TYPE(mp)) {
	case M_PROTO:
	case M_PCPROTO:
		if (primitive_of(mp) == DL_UNITDATA_REQ)
			send_unitdata(stream_of(q), q, mp);
		else
			serve_request(q, mp);
		break;
	case M_FLUSH:
		flush(q, mp);
		break;
	case M_IOCTL:
		serve_ioctl(q, mp);
		break;
	case M_IOCDATA:
		serve_iocdata(q, mp);
		break;
	default:
		freemsg(mp);
	}
	return 0;
}

} // extern "C"

StreamContext::StreamContext()
{
	dlpi_bottom_halves_off();
}

StreamContext::~StreamContext()
{
	dlpi_bottom_halves_on();
}

// Each driver has tables of its own, and so an outer perimeter of its own.
void prepare_tables(Driver &driver)
{
	driver.info = { 0x444c, driver.registration.d_name, 0, INFPSZ, writer_hiwat, writer_lowat };
	driver.read.qi_srvp = dlpi_rsrv;
	driver.read.qi_qopen = dlpi_open;
	driver.read.qi_qclose = dlpi_close;
	driver.read.qi_minfo = &driver.info;
	driver.write.qi_putp = dlpi_wput;
	driver.write.qi_srvp = dlpi_wsrv;
	driver.write.qi_minfo = &driver.info;
	driver.tab = { &driver.read, &driver.write, nullptr, nullptr };
	driver.registration.d_str = &driver.tab;
	driver.registration.d_flag = D_MP | D_MTPERQ | D_MTOUTPERIM | D_MTOCEXCL;
	driver.registration.d_mode = 0666; // dlpi_admit() says who may
	driver.registration.d_admit = dlpi_admit;
	driver.registration.d_clones = first_minor;
}

} // namespace dlpi
