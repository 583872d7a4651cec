// SPDX-License-Identifier: GPL-2.0-only
//
// Streams under stress: producers send, and processes push, pop and open modules of
// all kinds meanwhile.
#include "module.hh"
#include "tests.hh"

namespace strm {

int message_init();
void message_exit();

namespace test {

namespace {

constexpr int streams_count = 3;
constexpr int producers_count = 4;
constexpr u32 most_under_way = 256;

constexpr int inner_flags[] = {
	D_MP,
	D_MP | D_MTPERQ,
	D_MP | D_MTQPAIR,
	D_MP | D_MTPERMOD,
	D_MP | D_MTPERQ | D_MTPUTSHARED,
	D_MP | D_MTQPAIR | D_MTPUTSHARED,
	D_MP | D_MTPERMOD | D_MTPUTSHARED,
	D_MP | D_MTPERMOD | D_MTPUTSHARED | _D_MTSVCSHARED,
	D_MP | D_MTQPAIR | D_MTPUTSHARED | _D_MTOCSHARED,
	D_MP | D_MTQPAIR | D_MTPUTSHARED | _D_MTCBSHARED,
	D_MP | D_MTOUTPERIM,
	D_MP | D_MTPERQ | D_MTOUTPERIM,
	D_MP | D_MTQPAIR | D_MTOUTPERIM,
	D_MP | D_MTQPAIR | D_MTPUTSHARED | D_MTOUTPERIM,
	D_MP | D_MTPERQ | D_MTPUTSHARED | D_MTOUTPERIM | _D_MTOCSHARED,
	D_MP | D_MTOUTPERIM | D_MTOCEXCL,
	D_MP | D_MTQPAIR | D_MTOUTPERIM | D_MTOCEXCL,
	D_MP | D_MTPERQ | D_MTPUTSHARED | D_MTOUTPERIM | D_MTOCEXCL,
};
constexpr int flags_count = sizeof(inner_flags) / sizeof(inner_flags[0]);

Kind kinds[2 * flags_count];
int kinds_count;
Stream streams[streams_count];
u64 seed;
int cpus;
unsigned long long deadline;
Atomic<u32> processes_left; // producers go on until there are none: qwait() wants that

bool time_is_up()
{
	return machine_nanoseconds() >= deadline;
}

// A thread that sends on all streams.  Of its two flows on each one comes back.
struct Producer {
	int number;
	u32 sent[streams_count][2];
	machine_thread *thread;

	int flow(bool reflects) const { return 2 * number + reflects; }
	Lane &end_of(int stream, bool reflects)
	{
		return reflects ? streams[stream].up[flow(true)] :
				  streams[stream].down[flow(false)];
	}
	void send(Random &random);
	void run();
	u64 all() const;
};

void Producer::send(Random &random)
{
	const int to = static_cast<int>(random.below(streams_count));
	const bool reflects = random.one_in(2);
	u32 &count = sent[to][reflects];

	if (count - end_of(to, reflects).last() >= most_under_way || !streams[to].has_room())
		return;
	mblk_t *mp = allocb(sizeof(Payload), BPRI_MED);
	mp->b_wptr += sizeof(Payload);
	payload_of(mp) = { static_cast<u32>(flow(reflects)), ++count, random.below(1u << 31),
			   reflects };
	put(streams[to].writer(), mp);
}

void Producer::run()
{
	Random random(seed + number);

	while (processes_left.acquire()) {
		const u32 burst = random.below(64);
		if (random.one_in(4)) {
			Section section;
			for (u32 i = 0; i < burst; i++)
				send(random);
		} else if (random.one_in(2)) {
			BottomHalvesOff off;
			for (u32 i = 0; i < burst; i++)
				send(random);
		} else {
			send(random);
		}
		if (random.one_in(32))
			machine_sleep(random.below(200));
		else if (random.one_in(4))
			machine_move(static_cast<int>(random.below(cpus)));
	}
}

u64 Producer::all() const
{
	u64 sum = 0;
	for (const u32(&both)[2] : sent)
		sum += both[0] + both[1];
	return sum;
}

// A process that has a stream for itself.
struct Process {
	int number;
	u64 pushes, pops, opens;
	machine_thread *thread;

	void run();
};

void Process::run()
{
	Random random(seed + 1000 + number);
	Stream &stream = streams[number];

	while (!time_is_up()) {
		const u32 what = random.below(4);
		const int pushed = stream.pushed();
		if (what == 0 && pushed < depth) {
			stream.push(kinds[random.below(kinds_count)], random);
			pushes++;
		} else if (what == 1 && pushed) {
			stream.pop(static_cast<int>(random.below(pushed)));
			pops++;
		} else if (pushed) {
			stream.reopen(static_cast<int>(random.below(pushed)), random);
			opens++;
		}
		if (random.one_in(4))
			machine_sleep(random.below(1000));
		machine_move(static_cast<int>(random.below(cpus)));
	}
	processes_left.fetch_sub(1);
}

Producer producers[producers_count];
Process processes[streams_count];

template <typename Actor> void actor(void *arg)
{
	static_cast<Actor *>(arg)->run();
}

template <typename Actor, int count> void start(Actor (&actors)[count])
{
	for (int i = 0; i < count; i++) {
		actors[i].number = i;
		actors[i].thread = machine_run(i % cpus, actor<Actor>, &actors[i]);
	}
}

// What softirqs have still to do is done by the CPUs' own threads.
void wait_for_messages()
{
	const unsigned long long late = machine_nanoseconds() + 20'000'000'000ull;

	for (Producer &producer : producers) {
		for (int i = 0; i < 2 * streams_count; i++) {
			Lane &lane = producer.end_of(i / 2, i % 2);
			while (lane.last() != producer.sent[i / 2][i % 2]) {
				if (machine_nanoseconds() > late)
					broken("a message is lost", &lane);
				machine_sleep(100);
			}
		}
	}
}

void begin()
{
	for (int flags : inner_flags) {
		kinds[kinds_count++].begin(flags, false);
		if (modes(flags).open_close == Access::Exclusive)
			kinds[kinds_count++].begin(flags, true);
	}
	for (Stream &stream : streams)
		stream.begin(0);
	processes_left.set_relaxed(streams_count);
}

void end()
{
	for (Stream &stream : streams)
		stream.end();
	lin_synchronize_rcu();
	runner_stop();
	lin_rcu_barrier();
	for (int i = 0; i < kinds_count; i++)
		kinds[i].end();
}

} // namespace

void stress(const Settings &settings)
{
	u64 sent = 0, pushes = 0, opens = 0;

	seed = settings.seed;
	cpus = settings.cpus;
	deadline = machine_nanoseconds() + settings.milliseconds * 1'000'000ull;
	begin();
	start(processes);
	start(producers);
	for (Process &process : processes) {
		machine_join(process.thread);
		pushes += process.pushes;
		opens += process.opens;
	}
	for (Producer &producer : producers) {
		machine_join(producer.thread);
		sent += producer.all();
	}
	wait_for_messages();
	end();
	lin_printk(LIN_INFO,
		   "# %llu messages, %lu deferred, %lu of them for depth; %llu pushes, %llu "
		   "other opens, %llu waits; %lu sleeps at a perimeter\n",
		   sent, machine_stat(LIN_STAT_messages_deferred),
		   machine_stat(LIN_STAT_messages_deep), pushes, opens, done.waits.relaxed(),
		   machine_stat(LIN_STAT_perimeter_sleeps));
	lin_printk(LIN_INFO,
		   "# %llu writers, %lu deferred; %llu timeouts, %lu deferred, %llu cancelled; "
		   "%lu services; %lu gates closed by %lu fences\n",
		   done.writers.relaxed(), machine_stat(LIN_STAT_writers_deferred),
		   done.timers.relaxed(), machine_stat(LIN_STAT_callbacks_deferred),
		   done.cancelled.relaxed(), machine_stat(LIN_STAT_services),
		   machine_stat(LIN_STAT_gate_closes), machine_stat(LIN_STAT_fence_rounds));
}

} // namespace test
} // namespace strm
