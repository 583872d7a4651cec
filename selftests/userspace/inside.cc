// SPDX-License-Identifier: GPL-2.0-only
#include "inside.hh"

#include <strm/linux.h>

namespace strm::test {

void broken(const char *promise, const void *where)
{
	machine_fail("BROKEN: %s (%p, CPU %d)", promise, where, machine_cpu());
}

void spin(u32 turns)
{
	for (u32 i = 0; i < turns; i++)
		lin_cpu_relax();
}

void Inside::look_shared() const
{
	if (load_relaxed(owned_))
		broken("a shared claim inside an owned perimeter", this);
	if (written_[0] != written_[1])
		broken("what the owner did is seen half done", this);
}

void Inside::look_alone() const
{
	for (const Visits &visits : visits_) {
		if (load_relaxed(visits.count))
			broken("an owner beside a shared claim", this);
	}
	if (processes_.relaxed())
		broken("an owner beside a process with a shared claim", this);
}

void Inside::begin_shared()
{
	u32 &count = visits_[machine_cpu()].count;

	store_relaxed(count, load_relaxed(count) + 1);
	look_shared();
}

void Inside::end_shared()
{
	u32 &count = visits_[machine_cpu()].count;

	look_shared();
	store_relaxed(count, load_relaxed(count) - 1);
}

void Inside::begin_process()
{
	processes_.fetch_add(1);
	look_shared();
}

void Inside::end_process()
{
	look_shared();
	processes_.fetch_sub(1);
}

void Inside::begin_alone()
{
	if (load_relaxed(owned_))
		broken("two owners", this);
	store_relaxed(owned_, 1u);
	look_alone();
	written_[0]++;
}

void Inside::end_alone()
{
	look_alone();
	written_[1]++;
	if (written_[0] != written_[1] || !load_relaxed(owned_))
		broken("two owners", this);
	store_relaxed(owned_, 0u);
}

bool Inside::idle() const
{
	for (const Visits &visits : visits_) {
		if (load_relaxed(visits.count))
			return false;
	}
	return !load_relaxed(owned_) && !processes_.relaxed();
}

void Lane::begin(u32 number, bool all)
{
	const u32 before = last();

	if (busy_)
		broken("two messages of one producer at a time", this);
	if (number <= before)
		machine_fail("BROKEN: a message was overtaken, or came twice: %u after %u%s (%p, "
			     "CPU %d)",
			     number, before, all ? ", in the end" : "", static_cast<void *>(this),
			     machine_cpu());
	if (all && number != before + 1)
		machine_fail("BROKEN: a message overtook another, or one is lost: %u after %u (%p, "
			     "CPU %d)",
			     number, before, static_cast<void *>(this), machine_cpu());
	busy_ = true;
}

} // namespace strm::test
