// SPDX-License-Identifier: GPL-2.0-only
//
// What the perimeters cost on real CPUs.  Prints rows: ROW name value unit.
//
// Other programs may have the machine too.  Times of one thread are the least of many
// rounds, in which all that is compared takes turns.  Two threads count only when an
// empty loop beside them scaled as on two free CPUs.
#include "inside.hh"
#include "loops.h"
#include "tests.hh"

#include <streams_core/queue/queue.hh>
#include <strm/perimeters.h>
#include <sys/conf.h>

alignas(64) static volatile int bench_mark; // written around what lackey shall look at

extern "C" void bench_counted(void (*run)(strm::u64 times), strm::u64 times);

namespace strm::test {

namespace {

constexpr u64 per_round = 40'000; // repetitions
constexpr int rounds = 60;
constexpr double free_scaling = 1.85; // of an empty loop on two CPUs

void row(const char *name, double value, const char *unit)
{
	lin_printk(LIN_INFO, "ROW %s %.4f %s\n", name, value, unit);
}

// A stream that is one queue pair, and a message that comes back when it is delivered.
struct Line {
	QueuePair *pair = nullptr;
	u32 body = 0; // turns of a loop in the put procedure

	void open(int flags, Perimeter *outer = nullptr, qinit *read = nullptr);
	void close();
	Perimeter &perimeter() { return pair->perimeter(); }
};

// About a nanosecond a turn; no memory is touched.
void work(u32 turns)
{
	u64 value = turns;
	for (u32 i = 0; i < turns; i++)
		asm volatile("imul %0, %0" : "+r"(value));
}

int deliver(queue_t *q, mblk_t *mp)
{
	work(static_cast<Line *>(q->q_ptr)->body);
	store_release(mp->b_band, uchar_t(1));
	return 0;
}

constinit module_info info = { 1, "bench", 0, INFPSZ, 1024, 512 };
constinit qinit delivering = { deliver, nullptr, nullptr, nullptr, nullptr, &info, nullptr };

void Line::open(int flags, Perimeter *outer, qinit *read)
{
	const Modes its_modes = modes(flags);
	Perimeter *perimeter = Perimeter::create(its_modes, outer);

	pair = create_pair<QueuePair>({ "bench", read ? read : &delivering, &delivering, its_modes,
					*perimeter, nullptr });
	if (!perimeter->sole())
		perimeter->open_now();
	perimeter->put();
	pair->rd()->q_ptr = this;
	pair->wr()->q_ptr = this;
	pair->procs_on();
}

void Line::close()
{
	pair->enter_open_close();
	pair->procs_off();
	pair->exit_open_close();
	pair->put();
}

mblk_t *message()
{
	mblk_t *mp = allocb(0, BPRI_MED);
	mp->b_band = 1;
	return mp;
}

void puts(queue_t *q, mblk_t *mp, u64 times)
{
	while (times--)
		put(q, mp);
}

void enters(Perimeter &perimeter, u64 times)
{
	while (times--) {
		if (!perimeter.try_enter(Access::Exclusive, false))
			broken("the perimeter is taken", &perimeter);
		perimeter.leave(Access::Exclusive);
	}
}

// --- what is measured -----------------------------------------------------------------

struct Things {
	Line counted, sole, nested, nested_sole;
	Perimeter *outer;
	loop_lock lock, word_lock;
	mblk_t *mp;
};
Things things;

struct Measured {
	const char *name;
	void (*run)(u64 times);
};

const Measured measured[] = {
	{ "user-empty", [](u64 times) { loop_empty(times); } },
	{ "user-spin", [](u64 times) { loop_spin(&things.lock, times); } },
	{ "user-test-and-set", [](u64 times) { loop_test_and_set(&things.word_lock, times); } },
	{ "user-claim", [](u64 times) { loop_claim(things.counted.perimeter().gate(), times); } },
	{ "user-exclusive", [](u64 times) { enters(things.sole.perimeter(), times); } },
	{ "user-put-shared", [](u64 times) { puts(things.counted.pair->wr(), things.mp, times); } },
	{ "user-put-exclusive", [](u64 times) { puts(things.sole.pair->wr(), things.mp, times); } },
	{ "user-put-outer-shared",
	  [](u64 times) { puts(things.nested.pair->wr(), things.mp, times); } },
	{ "user-put-outer-exclusive",
	  [](u64 times) { puts(things.nested_sole.pair->wr(), things.mp, times); } },
};
constexpr int measured_count = sizeof(measured) / sizeof(measured[0]);

void open_things()
{
	things.outer = Perimeter::create_outer();
	things.outer->open_now();
	things.counted.open(D_MP | D_MTQPAIR | D_MTPUTSHARED);
	things.sole.open(D_MP | D_MTQPAIR);
	things.nested.open(D_MP | D_MTQPAIR | D_MTPUTSHARED | D_MTOUTPERIM, things.outer);
	things.nested_sole.open(D_MP | D_MTQPAIR | D_MTOUTPERIM, things.outer);
	things.mp = message();
}

void close_things()
{
	Line *const all[] = { &things.counted, &things.sole, &things.nested, &things.nested_sole };
	for (Line *line : all)
		line->close();
	things.outer->put();
	freemsg(things.mp);
}

double nanoseconds_of(const Measured &it)
{
	BottomHalvesOff off;
	const u64 begin = machine_nanoseconds();
	it.run(per_round);
	return static_cast<double>(machine_nanoseconds() - begin) / per_round;
}

void one_thread()
{
	double least[measured_count];

	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < measured_count; i++) {
			const double time = nanoseconds_of(measured[i]);
			if (!round || time < least[i])
				least[i] = time;
		}
	}
	for (int i = 0; i < measured_count; i++)
		row(measured[i].name, least[i], "ns");
}

// --- two threads ------------------------------------------------------------------------

constexpr u64 race_time = 2'000'000; // ns
constexpr double most_away = 0.03;   // of it, that a thread may have been kept from its CPU

// One or two threads that do something as often as they can, for the same time.
struct Runner {
	int number;
	void (*run)(int thread, u64 times);
	u64 batch;
	u64 begin;
	double rate;
	bool alone; // on its CPU
	machine_thread *thread;
};

void race_thread(void *arg)
{
	Runner &me = *static_cast<Runner *>(arg);
	u64 done = 0, now;

	machine_urgent();
	machine_sleep_until(me.begin);
	const u64 begin = machine_nanoseconds(), ran = machine_thread_nanoseconds();
	do {
		me.run(me.number, me.batch);
		done += me.batch;
		now = machine_nanoseconds();
	} while (now < me.begin + race_time);
	const double time = static_cast<double>(now - begin);
	const double own = static_cast<double>(machine_thread_nanoseconds() - ran);
	me.rate = static_cast<double>(done) / time;
	me.alone = own > time * (1 - most_away) && begin < me.begin + race_time / 20;
}

// Repetitions for each nanosecond; 0: others had the CPUs as well.
double race(int threads, void (*run)(int thread, u64 times), u64 batch)
{
	const u64 begin = machine_nanoseconds() + 300'000;
	Runner runners[2];
	double sum = 0;
	bool alone = true;

	for (int i = 0; i < threads; i++) {
		runners[i] = { i, run, batch, begin, 0, false, nullptr };
		runners[i].thread = machine_run(i, race_thread, &runners[i]);
	}
	for (int i = 0; i < threads; i++) {
		machine_join(runners[i].thread);
		sum += runners[i].rate;
		alone &= runners[i].alone;
	}
	return alone ? sum : 0;
}

void sort(double *values, int count)
{
	for (int i = 1; i < count; i++) {
		for (int j = i; j > 0 && values[j] < values[j - 1]; j--) {
			const double smaller = values[j];
			values[j] = values[j - 1];
			values[j - 1] = smaller;
		}
	}
}

// How many are done by two threads for each that one does.
void scaling(const char *name, void (*run)(int thread, u64 times), u64 batch, bool to_empty)
{
	constexpr int wanted = 15, least_wanted = 5, most_tries = 300;
	const auto empty = [](int, u64 times) {
		BottomHalvesOff off;
		loop_empty(times);
	};
	double found[wanted];
	int count = 0;

	for (int tries = 0; tries < most_tries && count < wanted; tries++) {
		const double empty_1 = race(1, empty, 20'000), run_1 = race(1, run, batch);
		const double run_2 = race(2, run, batch), empty_2 = race(2, empty, 20'000);
		if (!empty_1 || !run_1 || !run_2 || empty_2 < free_scaling * empty_1)
			continue;
		found[count++] = run_2 / run_1 / (to_empty ? empty_2 / empty_1 : 1);
	}
	sort(found, count);
	if (count >= least_wanted)
		row(name, found[count / 2], "ratio");
	else
		lin_printk(LIN_INFO, "# %s: the CPUs were never free\n", name);
}

// --- G4, G11, G12 -------------------------------------------------------------------------

Line lines[2];
loop_lock shared_lock;
constexpr int ring = 64;
mblk_t *rings[2][ring];

void put_own_line(int thread, u64 times)
{
	BottomHalvesOff off;
	puts(lines[thread].pair->wr(), rings[thread][0], times);
}

// All to one queue.  A message that is deferred is not there for a while: the next one in
// the ring is waited for, with few looks, as each look takes its cache line away.
void put_same_line(int thread, u64 times)
{
	static u32 next[2][32]; // each in a line of its own
	u32 &slot = next[thread][0];

	for (u64 i = 0; i < times;) {
		BottomHalvesOff off;
		for (; i < times; i++) {
			mblk_t *mp = rings[thread][slot % ring];
			if (!load_acquire(mp->b_band))
				break;
			mp->b_band = 0;
			put(lines[0].pair->wr(), mp);
			slot++;
		}
		if (i < times)
			spin(50);
	}
}

// What people would use instead: a spin lock around the same.
void spin_same_lock(int, u64 times)
{
	BottomHalvesOff off;
	while (times--)
		spin_around(&shared_lock, work, lines[0].body);
}

void claim_same_gate(int, u64 times)
{
	BottomHalvesOff off;
	loop_claim(lines[0].perimeter().gate(), times);
}

void all_back()
{
	for (auto &of_thread : rings) {
		for (mblk_t *mp : of_thread) {
			while (!load_acquire(mp->b_band))
				machine_yield();
		}
	}
}

void two_threads()
{
	for (auto &of_thread : rings) {
		for (mblk_t *&mp : of_thread)
			mp = message();
	}

	lines[0].open(D_MP | D_MTQPAIR | D_MTPUTSHARED);
	scaling("user-claim-scaling", claim_same_gate, 20'000, true);
	lines[0].close();

	Perimeter *outer = Perimeter::create_outer();
	outer->open_now();
	for (Line &line : lines)
		line.open(D_MP | D_MTQPAIR | D_MTPUTSHARED | D_MTOUTPERIM, outer);
	scaling("user-streams-scaling", put_own_line, 5'000, false);
	for (Line &line : lines)
		line.close();
	outer->put();

	lines[0].open(D_MP | D_MTQPAIR);
	lines[0].body = 50;
	const u64 begin = machine_nanoseconds();
	work(50'000'000);
	const double turn = static_cast<double>(machine_nanoseconds() - begin) / 50e6;
	lines[0].body = static_cast<u32>(50 / turn);
	scaling("user-exclusive-scaling", put_same_line, 500, false);
	scaling("user-spin-scaling", spin_same_lock, 500, false);
	all_back();
	lines[0].close();
	lines[0].body = 0;

	for (auto &of_thread : rings) {
		for (mblk_t *mp : of_thread)
			freemsg(mp);
	}
}

// From asking, in a put procedure beside which others run on another CPU, to being alone.
struct Latency {
	Line line;
	Atomic<u32> stop;
	Atomic<u64> done; // when the function ran
};
Latency latency;

void alone(queue_t *, mblk_t *mp)
{
	latency.done.release(machine_nanoseconds());
	store_release(mp->b_band, uchar_t(1));
}

int ask(queue_t *q, mblk_t *mp)
{
	qwriter(q, mp, alone, PERIM_INNER);
	return 0;
}

constinit qinit asking = { ask, nullptr, nullptr, nullptr, nullptr, &info, nullptr };

void keep_busy(void *)
{
	queue_t *q = latency.line.pair->wr();
	mblk_t *mp = message();

	while (!latency.stop.acquire()) {
		BottomHalvesOff off;
		for (int i = 0; i < 64; i++) {
			if (!load_acquire(mp->b_band))
				break; // deferred, and not back yet
			mp->b_band = 0;
			put(q, mp);
		}
	}
	while (!load_acquire(mp->b_band))
		machine_yield();
	freemsg(mp);
}

u64 ask_once(queue_t *q, mblk_t *mp)
{
	latency.done.set_relaxed(0);
	const u64 begin = machine_nanoseconds();
	{
		BottomHalvesOff off;
		put(q, mp);
	}
	while (!latency.done.acquire())
		lin_cpu_relax();
	return latency.done.acquire() - begin;
}

// The part of it that is the machine's.
u64 fence_once()
{
	const u64 begin = machine_nanoseconds();
	machine_fence();
	return machine_nanoseconds() - begin;
}

// In units of 10 ns.
struct Histogram {
	static constexpr u32 buckets = 100'000;
	u32 count[buckets];
	u32 samples;

	void add(u64 time)
	{
		count[min(time / 10, u64(buckets - 1))]++;
		samples++;
	}
	double median_us() const
	{
		u32 seen = 0, at = 0;
		while ((seen += count[at]) < samples / 2)
			at++;
		return at / 100.0;
	}
};
Histogram entries, fences;

void exclusive_latency()
{
	mblk_t *mp = message();
	Line &line = latency.line;

	line.open(D_MP | D_MTQPAIR | D_MTPUTSHARED, nullptr, &asking);
	const u32 &word = line.perimeter().gate()->word;
	machine_thread *busy = machine_run(1, keep_busy, nullptr);
	for (int i = 0; i < 3000; i++) {
		// The other has just claimed enough: it runs, and claims are cheap.
		while (load_relaxed(word))
			lin_cpu_relax();
		if (i % 2)
			entries.add(ask_once(line.pair->rd(), mp));
		else
			fences.add(fence_once());
		if (i % 2 == 0)
			(void)ask_once(line.pair->rd(), mp);
	}
	latency.stop.release(1);
	machine_join(busy);
	row("user-exclusive-entry", entries.median_us(), "us");
	row("user-fence", fences.median_us(), "us");
	line.close();
	freemsg(mp);
}

} // namespace

void bench(const Settings &)
{
	open_things();
	one_thread();
	close_things();
	exclusive_latency();
	two_threads();
}

// For callgrind: `seed` is what, the time is how often.
void count(const Settings &settings)
{
	open_things();
	{
		BottomHalvesOff off;
		bench_counted(measured[settings.seed].run, settings.milliseconds);
	}
	close_things();
}

// --- which memory two threads share, for lackey --------------------------------------------

namespace {

constexpr int traced_puts = 64, traced_turns = 6;

struct Turns {
	int thread;
	machine_thread *started;
};
Atomic<int> turn;

void put_when_it_is_my_turn(void *arg)
{
	const int thread = static_cast<Turns *>(arg)->thread;

	for (int mine = thread; mine < traced_turns; mine += 2) {
		while (turn.acquire() != mine)
			machine_yield();
		{
			BottomHalvesOff off;
			queue_t *q = lines[thread].pair->wr();
			mblk_t *mp = rings[thread][0];
			puts(q, mp, 4);
			bench_mark = 1;
			puts(q, mp, traced_puts);
			bench_mark = 2;
		}
		turn.release(mine + 1);
	}
}

} // namespace

void lines_touched(const Settings &)
{
	Perimeter *outer = Perimeter::create_outer();
	Turns turns[2];

	outer->open_now();
	for (int i = 0; i < 2; i++) {
		lines[i].open(D_MP | D_MTQPAIR | D_MTPUTSHARED | D_MTOUTPERIM, outer);
		rings[i][0] = message();
	}
	lin_printk(LIN_INFO, "MARK %lx %d\n", reinterpret_cast<uintptr_t>(&bench_mark),
		   traced_puts);
	for (int i = 0; i < 2; i++) {
		turns[i] = { i, nullptr };
		turns[i].started = machine_run(i, put_when_it_is_my_turn, &turns[i]);
	}
	for (int i = 0; i < 2; i++) {
		machine_join(turns[i].started);
		freemsg(rings[i][0]);
		lines[i].close();
	}
	outer->put();
}

} // namespace strm::test

// callgrind counts what this calls.
extern "C" [[gnu::noinline]] void bench_counted(void (*run)(strm::u64 times), strm::u64 times)
{
	run(times);
	asm volatile("");
}
