// SPDX-License-Identifier: GPL-2.0-only
//
// The narrowest place: shared claims one after the other against exclusive entries,
// where a claim that is not visible yet when the counters are summed lets an owner in
// beside it.  Before each claim the sharer fills its store buffer with stores that
// wait for memory, so that the claim waits behind them.
#include "inside.hh"
#include "tests.hh"
#include <perimeter/perimeter.hh>
#include <sys/conf.h>

namespace strm::test {

namespace {

constexpr u32 volley = 40;			// about as many as a store buffer holds
constexpr u32 far_words = 1u << 24;		// 64 MiB

struct Tight {
	Inside inside;
	Perimeter *perimeter;
	u32 *far;
	unsigned long long deadline;
	u64 claims;
	u64 entries;
};

void share(void *arg)
{
	Tight &it = *static_cast<Tight *>(arg);
	Random random(machine_nanoseconds());
	u64 claims = 0;

	while (machine_nanoseconds() < it.deadline) {
		BottomHalvesOff off;
		for (int i = 0; i < 100; i++) {
			u32 place[volley];
			for (u32 &where : place)
				where = random.below(far_words);
			for (u32 where : place)
				store_relaxed(it.far[where], 1u);
			if (!it.perimeter->try_enter(Access::Shared, false))
				continue;
			it.inside.begin_shared();
			spin(4);
			it.inside.end_shared();
			it.perimeter->leave(Access::Shared);
			claims++;
		}
	}
	__atomic_fetch_add(&it.claims, claims, __ATOMIC_RELAXED);
}

void own(void *arg)
{
	Tight &it = *static_cast<Tight *>(arg);

	while (machine_nanoseconds() < it.deadline) {
		it.perimeter->enter(Access::Exclusive);
		it.inside.begin_alone();
		spin(40);
		it.inside.end_alone();
		it.perimeter->exit(Access::Exclusive);
		it.entries++;
	}
}

} // namespace

void tight(const Settings &settings)
{
	Tight it{};
	machine_thread *threads[NR_CPUS];

	it.perimeter = Perimeter::create(modes(D_MP));
	it.far = static_cast<u32 *>(lin_kzalloc(far_words * sizeof(u32), LIN_GFP_KERNEL));
	it.deadline = machine_nanoseconds() + settings.milliseconds * 1'000'000ull;
	threads[0] = machine_run(0, own, &it);
	for (int i = 1; i < settings.cpus; i++)
		threads[i] = machine_run(i, share, &it);
	for (int i = 0; i < settings.cpus; i++)
		machine_join(threads[i]);
	it.perimeter->put();
	lin_kfree(it.far);
	lin_printk(LIN_INFO, "# %llu claims against %llu owners\n", it.claims, it.entries);
}

} // namespace strm::test
