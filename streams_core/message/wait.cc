// SPDX-License-Identifier: GPL-2.0-only
//
// Allocations that wait for memory: allocb_wait(), allocb_cred_wait().
#include <streams_core/message/message.hh>
#include <strm/rules.h>
#include <sys/errno.h>

namespace strm {

namespace {

constexpr unsigned shortest_wait = 10; // ms
constexpr unsigned longest_wait = 1000;

// One that rather fails than has a process killed is tried until it succeeds.
template <typename Allocate>
mblk_t *wait_for_block(size_t size, uint_t flags, int *error, Allocate allocate)
{
	const bool interruptible = !(flags & STR_NOSIG);
	int reason = size > largest_message ? ENOSR : 0; // waiting will not help

	if (strm_rules_on) [[unlikely]]
		strm_rules_sleeping("allocb_wait");
	for (unsigned wait = shortest_wait; !reason; wait = min(2 * wait, longest_wait)) {
		if (mblk_t *mp = allocate())
			return mp;
		if (interruptible)
			lin_msleep_interruptible(wait);
		else
			lin_msleep(wait);
		if (interruptible && lin_signal_pending())
			reason = EINTR;
	}
	if (error)
		*error = reason;
	return nullptr;
}

} // namespace

} // namespace strm

using namespace strm;

extern "C" mblk_t *allocb_wait(size_t size, uint_t, uint_t flags, int *error)
{
	return wait_for_block(size, flags, error,
			      [=] { return allocate_block(size, LIN_GFP_TRY); });
}

extern "C" mblk_t *allocb_cred_wait(size_t size, uint_t flags, int *error, cred_t *cr, pid_t cpid)
{
	return wait_for_block(size, flags, error,
			      [=] { return allocate_with_cred(size, LIN_GFP_TRY, cr, cpid); });
}
