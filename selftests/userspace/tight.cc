// SPDX-License-Identifier: GPL-2.0-only
//
// The narrowest place: shared claims one after the other against exclusive entries,
// where a claim that is not visible yet when the counters are summed lets an owner in
// beside it.  Before each claim the sharer fills its store buffer with stores that
// wait for memory, so that the claim waits behind them.
#include "inside.hh"
#include "tests.hh"
#include <streams_core/queue/queue.hh>
#include <sys/conf.h>

namespace strm::test {

namespace {

constexpr u32 volley = 40;	    // about as many as a store buffer holds
constexpr u32 far_words = 1u << 24; // 64 MiB

struct Tight {
	Inside inside;
	QueuePair *pair;
	u32 *far;
	unsigned long long deadline;
	u64 claims;
	u64 entries;
};

int visit(queue_t *q, mblk_t *mp)
{
	Tight &it = *static_cast<Tight *>(q->q_ptr);

	it.inside.begin_shared();
	spin(4);
	it.inside.end_shared();
	store_release(mp->b_band, uchar_t(1)); // its sender may have it again
	return 0;
}

constinit module_info info = { 1, "test", 0, INFPSZ, 1024, 512 };
constinit qinit visited = { visit, nullptr, nullptr, nullptr, nullptr, &info, nullptr };

void share(void *arg)
{
	Tight &it = *static_cast<Tight *>(arg);
	Random random(machine_nanoseconds());
	mblk_t *mp = allocb(0, BPRI_MED);
	u64 claims = 0;

	mp->b_band = 1;
	while (machine_nanoseconds() < it.deadline) {
		BottomHalvesOff off;
		for (int i = 0; i < 100 && load_acquire(mp->b_band); i++) {
			u32 place[volley];
			for (u32 &where : place)
				where = random.below(far_words);
			mp->b_band = 0;
			for (u32 where : place)
				store_relaxed(it.far[where], 1u);
			put(it.pair->wr(), mp);
			claims++;
		}
	}
	while (!load_acquire(mp->b_band))
		machine_yield();
	freemsg(mp);
	__atomic_fetch_add(&it.claims, claims, __ATOMIC_RELAXED);
}

void own(void *arg)
{
	Tight &it = *static_cast<Tight *>(arg);
	Perimeter &perimeter = it.pair->perimeter();
	Random random(it.deadline);

	while (machine_nanoseconds() < it.deadline) {
		// An open gate has to be fenced; another is FENCED, and the claims fence.
		if (random.one_in(2)) {
			perimeter.open_now();
			spin(random.below(400));
		}
		perimeter.enter(Access::Exclusive);
		it.inside.begin_alone();
		spin(40);
		it.inside.end_alone();
		perimeter.exit(Access::Exclusive);
		it.entries++;
	}
}

} // namespace

void tight(const Settings &settings)
{
	Tight it{};
	machine_thread *threads[MOST_CPUS];

	Perimeter *perimeter = Perimeter::create(modes(D_MP));
	it.pair = create_pair<QueuePair>(
		{ "test", &visited, &visited, modes(D_MP), *perimeter, nullptr });
	perimeter->put();
	it.pair->wr()->q_ptr = &it;
	it.pair->procs_on();
	it.far = static_cast<u32 *>(lin_kzalloc(far_words * sizeof(u32), LIN_GFP_KERNEL));
	it.deadline = machine_nanoseconds() + settings.milliseconds * 1'000'000ull;
	threads[0] = machine_run(0, own, &it);
	for (int i = 1; i < settings.cpus; i++)
		threads[i] = machine_run(i, share, &it);
	for (int i = 0; i < settings.cpus; i++)
		machine_join(threads[i]);
	it.pair->head_off();
	it.pair->put();
	lin_kfree(it.far);
	lin_printk(LIN_INFO, "# %llu claims against %llu owners\n", it.claims, it.entries);
}

} // namespace strm::test
