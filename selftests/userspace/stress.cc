// SPDX-License-Identifier: GPL-2.0-only
//
// Perimeters under stress on real CPUs.
//
//	stress CPUS SECONDS SEED signals|membarrier|no-fence
#include "room.hh"

namespace strm::test {

void set_rooms(Room *rooms);
void tight(int cpus, unsigned long long deadline);

namespace {

constexpr int ring = 64;

Room rooms[most_rooms];
Inside insides[most_rooms];
u64 seed;
int cpus;
unsigned long long deadline;

bool time_is_up()
{
	return machine_nanoseconds() >= deadline;
}

// A thread that puts messages, in every way that a process can.  Each producer has
// a flow of its own to each room, and one that goes on to another room.
struct Producer {
	int number = 0;
	u32 next[most_rooms] = {};
	u32 second = 0;
	u64 sent = 0;
	Message messages[ring] = {};
	machine_thread *thread = nullptr;

	Message *unused(Random &random)
	{
		Message &message = messages[random.below(ring)];
		return load_acquire(message.in_use) ? nullptr : &message;
	}
	void put_one(Random &random);
	void run();
};

// Rooms 0 .. 2 are put to at random, and messages go on from 0 to 3, so that there is
// one way by which a flow comes to a room.
constexpr int first_rooms = 3;

void Producer::put_one(Random &random)
{
	Message *message = unused(random);
	if (!message)
		return;
	const int to = static_cast<int>(random.below(first_rooms));

	message->flow = number;
	message->number = ++next[to];
	message->spin = random.one_in(8) ? random.below(64) : 0;
	message->enable = random.one_in(16);
	message->then = to == 0 ? 3 : -1;
	message->in_use = 1;
	sent++;
	rooms[to].take(*message);
}

void Producer::run()
{
	Random random(seed + number);

	while (!time_is_up()) {
		const u32 burst = random.below(64);
		if (random.one_in(4)) {
			Section section;
			for (u32 i = 0; i < burst; i++)
				put_one(random);
		} else {
			BottomHalvesOff off;
			for (u32 i = 0; i < burst; i++)
				put_one(random);
		}
		if (random.one_in(32))
			machine_sleep(random.below(200));
		else if (random.one_in(4))
			machine_move(static_cast<int>(random.below(cpus)));
	}
}

// A process that opens, closes, and does what is between.
struct Process {
	int number = 0;
	u64 entered = 0;
	u64 closed = 0;
	unsigned long long longest = 0;
	machine_thread *thread = nullptr;

	void run();
};

void visit(Random &random, Inside &inside, Perimeter &perimeter, Access access)
{
	const unsigned long long begin = machine_nanoseconds();
	perimeter.enter(access);
	access == Access::Shared ? inside.begin_process() : inside.begin_alone();
	if (random.one_in(8))
		machine_sleep(random.below(300));
	access == Access::Shared ? inside.end_process() : inside.end_alone();
	machine_move(static_cast<int>(random.below(cpus)));
	perimeter.exit(access);
	(void)begin;
}

// Process 0 closes; a room is closed by nobody else, or its pair would be gone.
void Process::run()
{
	Random random(seed + 1000 + number);

	while (!time_is_up()) {
		Room &room = rooms[random.below(most_rooms)];
		if (number == 0 && random.one_in(4)) {
			room.close();
			closed++;
		} else if (room.perimeter) {
			const Access access = !room.perimeter->sole() && random.one_in(2) ?
						      Access::Shared :
						      Access::Exclusive;
			visit(random, *room.inside, *room.perimeter, access);
			entered++;
		}
		if (random.one_in(4))
			machine_sleep(random.below(1000));
		machine_move(static_cast<int>(random.below(cpus)));
	}
}

template <typename Actor> void actor(void *arg)
{
	static_cast<Actor *>(arg)->run();
}

constexpr int producers_count = 4;
constexpr int processes_count = 3;
Producer producers[producers_count];
Process processes[processes_count];

void make_rooms()
{
	const int flags[most_rooms] = {
		D_MP | D_MTQPAIR | D_MTPUTSHARED,
		D_MP | D_MTPERMOD | D_MTPUTSHARED | _D_MTSVCSHARED,
		D_MP | D_MTPERMOD,
		D_MP | D_MTQPAIR | D_MTPUTSHARED,
		D_MP | D_MTQPAIR,
		D_MP,
	};

	for (int i = 0; i < most_rooms; i++) {
		rooms[i].flags = flags[i];
		rooms[i].inside = &insides[i];
		if (scope_flags(flags[i]) == D_MTPERMOD)
			rooms[i].perimeter = Perimeter::create(modes(flags[i]).sole());
		rooms[i].open();
	}
	set_rooms(rooms);
}

// Softirqs that are still to run are run by the CPUs' own threads.
void wait_until_idle()
{
	const unsigned long long late = machine_nanoseconds() + 20'000'000'000ull;

	for (Producer &producer : producers) {
		for (Message &message : producer.messages) {
			while (load_acquire(message.in_use)) {
				if (machine_nanoseconds() > late)
					broken("a message is lost", &message);
				machine_sleep(100);
			}
		}
	}
	for (Room &room : rooms) {
		while (room.pair->enabled.acquire()) {
			if (machine_nanoseconds() > late)
				broken("a service procedure is lost", &room);
			machine_sleep(100);
		}
	}
	for (int i = 0; i < 2; i++)
		lin_synchronize_rcu();
}

void look_at_the_end()
{
	for (Room &room : rooms) {
		const Perimeter::Picture now = room.pair->perimeter->picture();
		if (!room.inside->idle() || now.claims || now.messages || now.services ||
		    now.processes || (now.word & ~u32(STRM_GATE_SOLE)))
			broken("a perimeter is not idle in the end", &room);
	}
	for (int i = 0; i < first_rooms; i++) {
		for (Producer &producer : producers) {
			if (rooms[i].lanes[producer.number].last != producer.next[i])
				broken("a message is lost", &rooms[i]);
		}
	}
}

void close_rooms()
{
	for (Room &room : rooms) {
		lin_call_rcu(&room.pair->rcu, [](lin_rcu_head *head) {
			Pair *pair = STRM_CONTAINER(head, Pair, rcu);
			pair->perimeter->put();
			lin_kfree(pair);
		});
		if (room.perimeter)
			room.perimeter->put();
	}
}

void stress()
{
	u64 sent = 0, entered = 0, closed = 0;

	make_rooms();
	for (int i = 0; i < producers_count; i++) {
		producers[i].number = i;
		producers[i].thread = machine_run(i % cpus, actor<Producer>, &producers[i]);
	}
	for (int i = 0; i < processes_count; i++) {
		processes[i].number = i;
		processes[i].thread = machine_run(i % cpus, actor<Process>, &processes[i]);
	}
	for (Producer &producer : producers) {
		machine_join(producer.thread);
		sent += producer.sent;
	}
	for (Process &process : processes) {
		machine_join(process.thread);
		entered += process.entered;
		closed += process.closed;
	}
	wait_until_idle();
	look_at_the_end();
	close_rooms();
	lin_printk(LIN_INFO, "# %llu messages, %lu deferred; %llu visits of processes, %llu closes, "
		   "%lu fences, %lu sleeps\n", sent, machine_stat(LIN_STAT_gate_closes), entered,
		   closed, machine_stat(LIN_STAT_fence_rounds),
		   machine_stat(LIN_STAT_perimeter_sleeps));
}

} // namespace

extern "C" void stress_main(int wanted_cpus, unsigned int milliseconds, unsigned long long seeded)
{
	cpus = wanted_cpus;
	seed = seeded;
	deadline = machine_nanoseconds() + milliseconds * 1'000'000ull;
	counters_init();
	runner_init();
	fence_init();
	perimeter_init();
	if (seeded)
		stress();
	else
		tight(cpus, deadline);
	lin_rcu_barrier();
	runner_stop();
	perimeter_exit();
	runner_exit();
}

} // namespace strm::test
