// SPDX-License-Identifier: GPL-2.0-only
//
// Nobody starves.  Under constant shared traffic an exclusive entrant gets in, and after
// a burst of exclusive entries the traffic is what it was before: each thread enters
// for itself again, instead of leaving its messages to a drainer.
#include "module.hh"
#include "tests.hh"

#include <sys/conf.h>

namespace strm::test {

namespace {

constexpr u64 most_wait = 1'000'000'000; // ns; of one exclusive entrant

// Put by the thread that delivers it, or by a drainer?
struct Traffic {
	u64 straight;
	u64 deferred;
	u64 time; // ns that the thread has run: others may have the machine as well
};

struct Recovery {
	QueuePair *pair;
	Inside inside;
	Atomic<u32> stop;
	Atomic<u32> phase;
	Traffic traffic[MOST_CPUS][3]; // of each thread, in each phase
};

// Of this thread, while it puts.
__thread bool putting __attribute__((tls_model("initial-exec")));
__thread bool delivered __attribute__((tls_model("initial-exec")));

Recovery &of(queue_t *q)
{
	return *static_cast<Recovery *>(q->q_ptr);
}

int deliver(queue_t *q, mblk_t *mp)
{
	Recovery &it = of(q);

	it.inside.begin_shared();
	spin(8);
	it.inside.end_shared();
	delivered = putting;
	freemsg(mp);
	return 0;
}

constinit module_info info = { 1, "test", 0, INFPSZ, 1024, 512 };
constinit qinit put_only = { deliver, nullptr, nullptr, nullptr, nullptr, &info, nullptr };

struct Putter {
	Recovery *it;
	int cpu;
	machine_thread *thread;
};

void put_all_the_time(void *arg)
{
	Putter &me = *static_cast<Putter *>(arg);
	Recovery &it = *me.it;
	queue_t *q = it.pair->wr();

	while (!it.stop.acquire()) {
		BottomHalvesOff off;
		Traffic &traffic = it.traffic[me.cpu][it.phase.acquire()];
		const u64 begin = machine_thread_nanoseconds();
		for (int i = 0; i < 100; i++) {
			if (!canput(q))
				break;
			mblk_t *mp = allocb(0, BPRI_MED);
			putting = true;
			delivered = false;
			put(q, mp);
			putting = false;
			(delivered ? traffic.straight : traffic.deferred)++;
		}
		traffic.time += machine_thread_nanoseconds() - begin;
	}
}

// Of all threads.
Traffic sum(const Recovery &it, int phase)
{
	Traffic sum{};

	for (const Traffic(&of_thread)[3] : it.traffic) {
		sum.straight += of_thread[phase].straight;
		sum.deferred += of_thread[phase].deferred;
		sum.time += of_thread[phase].time;
	}
	return sum;
}

u64 percent_straight(const Traffic &traffic)
{
	return 100 * traffic.straight / (traffic.straight + traffic.deferred + 1);
}

u64 per_millisecond(const Traffic &traffic)
{
	return 1'000'000 * (traffic.straight + traffic.deferred) / (traffic.time + 1);
}

// As many as there is time for; the longest wait.
u64 burst(Recovery &it, unsigned long long until, u64 &entries)
{
	u64 longest = 0;

	while (machine_nanoseconds() < until) {
		const unsigned long long begin = machine_nanoseconds();
		it.pair->perimeter().enter(Access::Exclusive);
		longest = max(longest, u64(machine_nanoseconds() - begin));
		it.inside.begin_alone();
		it.inside.end_alone();
		it.pair->perimeter().exit(Access::Exclusive);
		entries++;
	}
	return longest;
}

} // namespace

void recovery(const Settings &settings)
{
	static Recovery it;
	Putter putters[MOST_CPUS];
	const Modes modes = strm::modes(D_MP | D_MTQPAIR | D_MTPUTSHARED);
	const u32 phase = settings.milliseconds / 3;
	Perimeter *perimeter = Perimeter::create(modes);
	u64 entries = 0;

	it.pair = create_pair<QueuePair>(
		{ "test", &put_only, &put_only, modes, *perimeter, nullptr });
	perimeter->put();
	it.pair->rd()->q_ptr = &it;
	it.pair->wr()->q_ptr = &it;
	it.pair->procs_on();
	for (int i = 0; i < settings.cpus; i++)
		putters[i] = { &it, i, nullptr };
	for (int i = 0; i < settings.cpus; i++)
		putters[i].thread = machine_run(i, put_all_the_time, &putters[i]);

	machine_sleep(phase * 1000);
	it.phase.release(1);
	const u64 longest = burst(it, machine_nanoseconds() + phase * 1'000'000ull, entries);
	it.phase.release(2);
	machine_sleep(phase * 1000);
	it.stop.release(1);
	for (int i = 0; i < settings.cpus; i++)
		machine_join(putters[i].thread);

	const Traffic before = sum(it, 0), beside = sum(it, 1), after = sum(it, 2);
	lin_printk(
		LIN_INFO,
		"# messages per millisecond, and went straight in: %llu, %llu %%; %llu, %llu %% "
		"beside %llu exclusive entries; %llu, %llu %% after them; longest wait %llu us\n",
		per_millisecond(before), percent_straight(before), per_millisecond(beside),
		percent_straight(beside), entries, per_millisecond(after), percent_straight(after),
		longest / 1000);
	it.pair->enter_open_close();
	it.pair->procs_off();
	it.pair->exit_open_close();
	it.pair->put();

	if (entries < 10 || longest > most_wait)
		broken("exclusive entries starve", &it);
	if (percent_straight(after) < 95)
		broken("shared entries do not go straight in again", &it);
	if (per_millisecond(after) * 2 < per_millisecond(before))
		broken("throughput does not come back", &it);
}

} // namespace strm::test
