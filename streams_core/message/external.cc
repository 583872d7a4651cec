// SPDX-License-Identifier: GPL-2.0-only
//
// Messages around a buffer that a module owns: esballoc() and its kin.
//
// When the last message block is freed, the module's free routine gives the
// buffer back.  Until that has returned, the framework holds the module: a
// message may be on its way long after the stream that it came from is closed,
// and the text of the routine must not go meanwhile.
//
// esballoc() calls the routine later, in softirq with no lock held, so that
// freeb() is never the cause of a deadlock.  desballoc() calls it from freeb(),
// in whatever context and under whatever locks that is called.
#include <perimeter/runner.hh>
#include <streams_core/message/message.hh>
#include <strm/rules.h>

namespace strm {

namespace {

// In the spare room of the data block.
struct External : Work {
	dblk_t *data;
	free_rtn *routine; // the module's, often within the buffer itself
	module *owner;
};
static_assert(sizeof(External) <= STRM_SMALL_BUFFER);

External &external_of(dblk_t *data)
{
	return *static_cast<External *>(data->db_arg);
}

// The routine may free what `routine` points to.
void call_routine(const External &external)
{
	external.routine->free_func(external.routine->free_arg);
	if (strm_rules_on) [[unlikely]]
		strm_rules_external(external.owner, -1);
	lin_module_put(external.owner);
	strm_count_external(-1);
}

int free_external_now(dblk_t *data)
{
	call_routine(external_of(data));
	return 1;
}

void run_external(Work &work)
{
	auto &external = static_cast<External &>(work);
	call_routine(external);
	data_block_done(external.data);
}

int free_external_later(dblk_t *data)
{
	runner_add(external_of(data));
	return 0;
}

mblk_t *allocate_external(unsigned char *base, size_t size, free_rtn *routine, module *owner,
			  int (*give_back)(dblk_t *data))
{
	if (!base || !routine || !lin_try_module_get(owner))
		return nullptr;
	mblk_t *mp = allocate_around(base, size, LIN_GFP_ATOMIC);
	if (!mp) {
		lin_module_put(owner);
		strm_count_failure();
		return nullptr;
	}
	dblk_t *data = mp->b_datap;
	data->db_arg = new (spare_room(data))
		External{ { nullptr, run_external }, data, routine, owner };
	data->db_free = give_back;
	strm_count_external(1);
	if (strm_rules_on) [[unlikely]]
		strm_rules_external(owner, 1);
	if (strm_trace_message_on) [[unlikely]]
		lin_trace_allocb(mp, size, __builtin_return_address(0));
	return mp;
}

// One reference that nobody has: DB_REF() is never 1, so nobody writes.
mblk_t *never_writable(mblk_t *mp)
{
	if (mp) {
		mp->b_datap->db_ref = 2;
		mp->b_datap->db_floor = 1;
	}
	return mp;
}

} // namespace

} // namespace strm

using namespace strm;

extern "C" mblk_t *strm_esballoc(unsigned char *base, size_t size, uint_t, frtn_t *fr_rtnp,
				 struct module *owner)
{
	return allocate_external(base, size, fr_rtnp, owner, free_external_later);
}

extern "C" mblk_t *strm_desballoc(unsigned char *base, size_t size, uint_t, frtn_t *fr_rtnp,
				  struct module *owner)
{
	return allocate_external(base, size, fr_rtnp, owner, free_external_now);
}

extern "C" mblk_t *strm_esballoca(unsigned char *base, size_t size, uint_t, frtn_t *fr_rtnp,
				  struct module *owner)
{
	return never_writable(allocate_external(base, size, fr_rtnp, owner, free_external_later));
}

extern "C" mblk_t *strm_desballoca(unsigned char *base, size_t size, uint_t, frtn_t *fr_rtnp,
				   struct module *owner)
{
	return never_writable(allocate_external(base, size, fr_rtnp, owner, free_external_now));
}
