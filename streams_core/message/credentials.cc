// SPDX-License-Identifier: GPL-2.0-only
//
// Whose message this is: allocb_cred() and its kin.
//
// What is remembered lies behind the buffer, in the same memory, where few
// messages have it and none pays for it that does not.
#include <streams_core/message/message.hh>

namespace strm {

namespace {

struct Credentials {
	const cred_t *cred; // a reference, or a null pointer
	pid_t pid;
	int (*then)(dblk_t *data); // how the buffer was to be given back otherwise
};

int release_credentials(dblk_t *data)
{
	const auto *held = static_cast<Credentials *>(data->db_arg);

	if (held->cred)
		lin_put_cred(held->cred);
	return !held->then || held->then(data);
}

const Credentials *credentials_of(const mblk_t *bp)
{
	const dblk_t *data = bp->b_datap;
	if (data->db_free != release_credentials)
		return nullptr;
	return static_cast<const Credentials *>(data->db_arg);
}

// Of the first block that has any.
const Credentials *find_credentials(const mblk_t *mp)
{
	for (; mp; mp = mp->b_cont) {
		const Credentials *held = credentials_of(mp);
		if (held && held->cred)
			return held;
	}
	return nullptr;
}

} // namespace

mblk_t *allocate_with_cred(size_t size, lin_gfp gfp, const cred_t *cred, pid_t pid)
{
	const size_t mask = alignof(Credentials) - 1;
	const size_t offset = (size + mask) & ~mask;

	if (size > largest_message) {
		strm_count_failure();
		return nullptr;
	}
	mblk_t *mp = allocate_block(offset + sizeof(Credentials), gfp);
	if (!mp)
		return nullptr;

	dblk_t *data = mp->b_datap;
	void *end = data->db_base + offset;
	data->db_lim = data->db_base + size;
	data->db_arg = new (end)
		Credentials{ cred ? lin_get_cred(cred) : nullptr, pid, data->db_free };
	data->db_free = release_credentials;
	mp->b_own = nullptr;
	return mp;
}

mblk_t *allocate_like(size_t size, const mblk_t *original)
{
	const Credentials *held = find_credentials(original);
	mblk_t *mp = held ? allocate_with_cred(size, LIN_GFP_ATOMIC, held->cred, held->pid) :
			    allocb(size, BPRI_MED);
	if (mp)
		mp->b_datap->db_type = original->b_datap->db_type;
	return mp;
}

} // namespace strm

using namespace strm;

extern "C" mblk_t *allocb_cred(size_t size, cred_t *cr, pid_t cpid)
{
	return allocate_with_cred(size, LIN_GFP_ATOMIC, cr, cpid);
}

extern "C" mblk_t *allocb_tmpl(size_t size, const mblk_t *tmpl)
{
	return allocate_like(size, tmpl);
}

extern "C" cred_t *msg_getcred(const mblk_t *mp, pid_t *cpidp)
{
	const Credentials *held = find_credentials(mp);

	if (cpidp)
		*cpidp = held ? held->pid : NOPID;
	return held ? const_cast<cred_t *>(held->cred) : nullptr;
}
