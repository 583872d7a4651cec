// SPDX-License-Identifier: GPL-2.0-only
//
// Open and close procedures: how they enter the perimeters, are alone in them, and
// wait outside of them, qwait(9F).
//
// With D_MTOCEXCL they own the outer perimeter, and are alone in the inner ones
// without entering them.  With D_MTPERQ there are two inner perimeters.  One is
// entered after the other; as nobody may wait for an inner perimeter with a claim of
// the outer one, that is given up in between.
#include <streams_core/queue/queue.hh>
#include <strm/rules.h>

namespace strm {

bool QueuePair::owns_outer()
{
	return modes_.outer && modes_.outer_open_close == Access::Exclusive;
}

void QueuePair::enter_open_close()
{
	const Access access = modes_.open_close;

	if (owns_outer()) {
		perimeter().outer()->enter(Access::Exclusive);
		// What came before us runs before us.
		perimeter().run_waiting();
		if (per_queue())
			write_perimeter().run_waiting();
		return;
	}
	perimeter().enter(access);
	if (per_queue()) {
		perimeter().lend_outer();
		write_perimeter().enter(access);
		perimeter().claim_outer_again();
	}
}

void QueuePair::exit_open_close()
{
	const Access access = modes_.open_close;

	if (owns_outer()) {
		perimeter().outer()->exit(Access::Exclusive);
		return;
	}
	perimeter().exit(access);
	if (per_queue())
		write_perimeter().exit(access);
}

// In close, after which nothing of the pair runs.  Between giving up what was shared
// and being alone others may be alone inside.
void QueuePair::be_alone()
{
	if (owns_outer() || modes_.open_close == Access::Exclusive)
		return;
	exit_open_close();
	perimeter().enter(Access::Exclusive);
	if (per_queue()) {
		perimeter().lend_outer();
		write_perimeter().enter(Access::Exclusive);
		perimeter().claim_outer_again();
	}
}

void QueuePair::be_as_before()
{
	if (owns_outer() || modes_.open_close == Access::Exclusive)
		return;
	perimeter().downgrade();
	if (per_queue())
		write_perimeter().downgrade();
}

// A procedure that returns after watch() wakes us, whichever of the queues it is of.
int QueuePair::wait_outside(bool interruptible)
{
	Perimeter &read = perimeter();
	Perimeter &write = write_perimeter();
	Perimeter::Watcher watcher(read, write);

	exit_open_close();
	const bool woken = watcher.wait(interruptible);
	enter_open_close();
	return woken;
}

} // namespace strm

using namespace strm;

extern "C" void qwait(queue_t *q)
{
	if (strm_rules_on) [[unlikely]]
		strm_rules_waiting(q, "qwait");
	QueuePair::of(q).wait_outside(false);
}

extern "C" int qwait_sig(queue_t *q)
{
	if (strm_rules_on) [[unlikely]]
		strm_rules_waiting(q, "qwait_sig");
	return QueuePair::of(q).wait_outside(true);
}
