// SPDX-License-Identifier: GPL-2.0-only
//
// The locks of the driver interface, condition variables, semaphores and timeouts.
#include <kunit/test.hh>
#include <strm/linux.h>
#include <sys/ddi.h>
#include <sys/param.h>

namespace strm::testing {

namespace {

// A softirq that says whether it could run.
struct Softirq {
	lin_tasklet tasklet;
	Atomic<u32> runs;

	Softirq() { lin_tasklet_init(&tasklet, run, reinterpret_cast<unsigned long>(this)); }
	~Softirq() { lin_tasklet_kill(&tasklet); }
	void raise() { lin_tasklet_schedule(&tasklet); }
	u32 ran() { return runs.acquire(); }
	static void run(unsigned long self)
	{
		reinterpret_cast<Softirq *>(self)->runs.fetch_add(1);
	}
};

// ----------------------------------------------------------------- mutexes

struct TwoMutexes : NoCopy {
	kmutex_t a, b;

	TwoMutexes(bool a_irq, bool b_irq)
	{
		mutex_init(&a, NULL, MUTEX_DRIVER, a_irq ? this : NULL);
		mutex_init(&b, NULL, MUTEX_DRIVER, b_irq ? this : NULL);
	}
	~TwoMutexes()
	{
		mutex_destroy(&a);
		mutex_destroy(&b);
	}
};

// Nothing is expected, and so nothing reported, with a lock held.
void mutexes_keep_interrupts_off_until_the_last_is_released(kunit *test)
{
	for (bool first : List{ false, true }) {
		TwoMutexes two(true, true);

		EXPECT_EQ(test, lin_cannot_enter(), 0);
		mutex_enter(&two.a);
		int one_held = lin_cannot_enter();
		mutex_enter(&two.b);
		mutex_exit(first ? &two.a : &two.b);
		int still_one = lin_cannot_enter();
		mutex_exit(first ? &two.b : &two.a);
		EXPECT_EQ(test, one_held, 1);
		EXPECT_EQ(test, still_one, 1);
		EXPECT_EQ(test, lin_cannot_enter(), 0);
	}
}

void a_mutex_without_cookie_keeps_softirqs_off(kunit *test)
{
	TwoMutexes two(false, false);
	Softirq softirq;

	mutex_enter(&two.a);
	softirq.raise();
	int interrupts = lin_cannot_enter();
	mutex_enter(&two.b);
	mutex_exit(&two.a);
	u32 early = softirq.ran();
	mutex_exit(&two.b);
	EXPECT_EQ(test, interrupts, 0);
	EXPECT_EQ(test, early, 0);
	EXPECT_EQ(test, softirq.ran(), 1);
}

void softirqs_wait_for_the_last_of_mixed_mutexes(kunit *test)
{
	for (bool irq_first : List{ false, true }) {
		TwoMutexes two(irq_first, !irq_first);
		Softirq softirq;

		mutex_enter(&two.a);
		mutex_enter(&two.b);
		softirq.raise();
		mutex_exit(&two.a);
		u32 early = softirq.ran();
		int interrupts = lin_cannot_enter();
		mutex_exit(&two.b);
		EXPECT_EQ(test, early, 0);
		EXPECT_EQ(test, interrupts, irq_first ? 0 : 1);
		EXPECT_EQ(test, softirq.ran(), 1);
		EXPECT_EQ(test, lin_cannot_enter(), 0);
	}
}

void a_held_mutex_cannot_be_tried(kunit *test)
{
	for (bool irq : List{ false, true }) {
		TwoMutexes two(irq, irq);

		EXPECT(test, !mutex_owned(&two.a));
		int free = mutex_tryenter(&two.a);
		int owned = mutex_owned(&two.a), other = mutex_owned(&two.b);
		int held = mutex_tryenter(&two.a);
		mutex_exit(&two.a);
		EXPECT(test, free && owned);
		EXPECT(test, !held && !other);
		EXPECT(test, !mutex_owned(&two.a));
		EXPECT_EQ(test, lin_cannot_enter(), 0);
	}
}

void mutex_init_is_also_a_function(kunit *test)
{
	void (*init)(kmutex_t *, char *, kmutex_type_t, void *) = mutex_init;
	kmutex_t lock;

	init(&lock, NULL, MUTEX_DEFAULT, NULL);
	mutex_enter(&lock);
	int owned = mutex_owned(&lock);
	mutex_destroy(&lock); // by its owner
	EXPECT(test, owned);
	EXPECT(test, !mutex_owned(&lock));
	Softirq softirq;
	softirq.raise();
	strm_test_softirqs();
	EXPECT_EQ(test, softirq.ran(), 1);
}

struct Counting {
	kmutex_t lock;
	long count = 0;

	static void interrupt(void *self)
	{
		auto &me = *static_cast<Counting *>(self);

		mutex_enter(&me.lock);
		me.count++;
		mutex_exit(&me.lock);
	}
	static void run(void *self)
	{
		for (int i = 0; i < 20000; i++)
			interrupt(self);
	}
};

void a_mutex_excludes_other_cpus_and_interrupts(kunit *test)
{
	Counting counting;

	mutex_init(&counting.lock, NULL, MUTEX_DRIVER, &counting);
	strm_test_thread *other = strm_test_start(Counting::run, &counting, 1);
	for (int i = 0; i < 200; i++)
		strm_test_in_interrupt(Counting::interrupt, &counting);
	Counting::run(&counting);
	strm_test_join(other);
	EXPECT_EQ(test, counting.count, 40200);
	mutex_destroy(&counting.lock);
}

// ---------------------------------------------------- readers/writer locks

struct Rw : NoCopy {
	krwlock_t lock;

	explicit Rw(bool irq = false) { rw_init(&lock, NULL, RW_DRIVER, irq ? this : NULL); }
	~Rw() { rw_destroy(&lock); }
};

// What a third party would get: bit 0, to read; bit 1, to write.
int available(krwlock_t *lock)
{
	int got = 0;

	if (rw_tryenter(lock, RW_READER)) {
		got |= 1;
		rw_exit(lock);
	}
	if (rw_tryenter(lock, RW_WRITER)) {
		got |= 2;
		rw_exit(lock);
	}
	return got;
}

void readers_share_and_a_writer_is_alone(kunit *test)
{
	for (bool irq : List{ false, true }) {
		Rw rw(irq);

		EXPECT_EQ(test, available(&rw.lock), 3);
		rw_enter(&rw.lock, RW_READER);
		int reading = available(&rw.lock);
		int read_locked = rw_read_locked(&rw.lock), as_writer = rw_write_held(&rw.lock);
		rw_exit(&rw.lock);
		EXPECT_EQ(test, reading, 1);
		EXPECT(test, read_locked && !as_writer && !rw_lock_held(&rw.lock));
		rw_enter(&rw.lock, RW_WRITER);
		int writing = available(&rw.lock);
		read_locked = rw_read_locked(&rw.lock), as_writer = rw_write_held(&rw.lock);
		int held = rw_lock_held(&rw.lock);
		rw_exit(&rw.lock);
		EXPECT_EQ(test, writing, 0);
		EXPECT(test, !read_locked && as_writer && held);
		EXPECT_EQ(test, available(&rw.lock), 3);
		EXPECT_EQ(test, lin_cannot_enter(), 0);
	}
}

void a_writer_goes_on_as_a_reader(kunit *test)
{
	Rw rw;

	rw_enter(&rw.lock, RW_WRITER);
	rw_downgrade(&rw.lock);
	int reading = available(&rw.lock), read_locked = rw_read_locked(&rw.lock);
	rw_exit(&rw.lock);
	EXPECT_EQ(test, reading, 1);
	EXPECT(test, read_locked);
	EXPECT_EQ(test, available(&rw.lock), 3);
}

void a_reader_that_is_alone_goes_on_as_the_writer(kunit *test)
{
	Rw rw;

	rw_enter(&rw.lock, RW_READER);
	int second = rw_tryenter(&rw.lock, RW_READER);
	int not_alone = rw_tryupgrade(&rw.lock), still_reader = rw_read_locked(&rw.lock);
	rw_exit(&rw.lock);
	int alone = rw_tryupgrade(&rw.lock);
	int writing = available(&rw.lock), as_writer = rw_write_held(&rw.lock);
	rw_exit(&rw.lock);
	EXPECT(test, second && !not_alone && still_reader);
	EXPECT(test, alone && as_writer);
	EXPECT_EQ(test, writing, 0);
	EXPECT_EQ(test, available(&rw.lock), 3);
}

// Writers change two numbers at a time; whoever holds the lock sees them equal.
struct Pairwise {
	Rw rw;
	volatile long one = 0, two = 0;
	Atomic<u32> torn, writes;

	void write()
	{
		if (one != two)
			torn.fetch_add(1);
		one = one + 1;
		writes.fetch_add(1);
		two = two + 1;
	}
	void step(u32 what)
	{
		rw_enter(&rw.lock, what == 0 ? RW_WRITER : RW_READER);
		if (what == 0) {
			write();
			rw_downgrade(&rw.lock);
		} else if (what == 1 && rw_tryupgrade(&rw.lock)) {
			write();
		}
		if (one != two)
			torn.fetch_add(1);
		rw_exit(&rw.lock);
	}
	static void run(void *self)
	{
		Dice dice(static_cast<u32>(ddi_get_lbolt()));

		for (int i = 0; i < 20000; i++)
			static_cast<Pairwise *>(self)->step(dice.below(4));
	}
};

void writers_are_alone_through_downgrades_and_upgrades(kunit *test)
{
	Pairwise pairwise;

	strm_test_thread *other = strm_test_start(Pairwise::run, &pairwise, 1);
	Pairwise::run(&pairwise);
	strm_test_join(other);
	EXPECT_EQ(test, pairwise.torn.acquire(), 0);
	EXPECT_EQ(test, pairwise.one, pairwise.writes.acquire());
	EXPECT_EQ(test, pairwise.two, pairwise.writes.acquire());
	EXPECT_EQ(test, available(&pairwise.rw.lock), 3);
}

// ------------------------------------------- condition variables, semaphores

// A thread that sleeps on the condition variable of `Place`.
struct Place : NoCopy {
	kmutex_t lock;
	kcondvar_t cv;
	clock_t ticks = 0; // 0: cv_wait()
	clock_t result = 0;
	Atomic<u32> woken;

	explicit Place(bool irq = false)
	{
		mutex_init(&lock, NULL, MUTEX_DRIVER, irq ? this : NULL);
		cv_init(&cv, NULL, CV_DRIVER, NULL);
	}
	~Place()
	{
		cv_destroy(&cv);
		mutex_destroy(&lock);
	}
	static void sleep(void *self)
	{
		auto &me = *static_cast<Place *>(self);

		mutex_enter(&me.lock);
		clock_t result = 1;
		if (me.ticks)
			result = cv_reltimedwait(&me.cv, &me.lock, me.ticks, TR_CLOCK_TICK);
		else
			cv_wait(&me.cv, &me.lock);
		me.result = mutex_owned(&me.lock) ? result : -4711;
		mutex_exit(&me.lock);
		me.woken.fetch_add(1);
	}
	static void signal(void *self) { cv_signal(&static_cast<Place *>(self)->cv); }
};

void a_sleeper_releases_the_mutex_and_is_woken(kunit *test)
{
	for (bool irq : List{ false, true }) {
		Place place(irq);
		strm_test_thread *sleeper = strm_test_start(Place::sleep, &place, 0);

		EXPECT(test, strm_test_asleep(sleeper));
		mutex_enter(&place.lock);
		cv_signal(&place.cv);
		mutex_exit(&place.lock);
		strm_test_join(sleeper);
		EXPECT_EQ(test, place.result, 1);
	}
}

void an_interrupt_wakes_a_sleeper(kunit *test)
{
	Place place;
	strm_test_thread *sleeper = strm_test_start(Place::sleep, &place, 1);

	EXPECT(test, strm_test_asleep(sleeper));
	strm_test_in_interrupt(Place::signal, &place);
	strm_test_join(sleeper);
	EXPECT_EQ(test, place.result, 1);
}

void a_signal_wakes_one_and_a_broadcast_all(kunit *test)
{
	Place place;
	strm_test_thread *sleepers[3];

	for (auto &sleeper : sleepers) {
		sleeper = strm_test_start(Place::sleep, &place, 1);
		EXPECT(test, strm_test_asleep(sleeper));
	}
	cv_signal(&place.cv);
	EXPECT(test, eventually([&] { return place.woken.acquire() == 1; }));
	delay(3);
	EXPECT_EQ(test, place.woken.acquire(), 1);
	cv_broadcast(&place.cv);
	for (auto &sleeper : sleepers)
		strm_test_join(sleeper);
	EXPECT_EQ(test, place.woken.acquire(), 3);
}

void a_signal_that_comes_too_early_is_lost(kunit *test)
{
	Place place;
	const clock_t before = ddi_get_lbolt();

	cv_signal(&place.cv);
	cv_broadcast(&place.cv);
	mutex_enter(&place.lock);
	clock_t left = cv_timedwait(&place.cv, &place.lock, before + 5);
	int owned = mutex_owned(&place.lock);
	mutex_exit(&place.lock);
	EXPECT_EQ(test, left, -1);
	EXPECT(test, owned);
	EXPECT(test, ddi_get_lbolt() >= before + 5);
}

void a_time_that_is_over_is_not_waited_for(kunit *test)
{
	Place place;

	mutex_enter(&place.lock);
	const clock_t now = ddi_get_lbolt();
	clock_t results[] = {
		cv_timedwait(&place.cv, &place.lock, now),
		cv_timedwait(&place.cv, &place.lock, now - 10),
		cv_timedwait_sig(&place.cv, &place.lock, 0),
		cv_reltimedwait(&place.cv, &place.lock, 0, TR_SEC),
		cv_reltimedwait_sig(&place.cv, &place.lock, -1, TR_NANOSEC),
	};
	mutex_exit(&place.lock);
	for (clock_t result : results)
		EXPECT_EQ(test, result, -1);
}

void who_is_woken_learns_the_ticks_that_were_left(kunit *test)
{
	Place place;

	place.ticks = 1000;
	strm_test_thread *sleeper = strm_test_start(Place::sleep, &place, 0);
	EXPECT(test, strm_test_asleep(sleeper));
	cv_signal(&place.cv);
	strm_test_join(sleeper);
	EXPECT(test, place.result > 0 && place.result <= 1000);
}

struct SemaphoreGate {
	ksema_t sema;
	Atomic<u32> passed;

	static void pass(void *self)
	{
		auto &me = *static_cast<SemaphoreGate *>(self);

		sema_p(&me.sema);
		me.passed.fetch_add(1);
	}
	static void open(void *self) { sema_v(&static_cast<SemaphoreGate *>(self)->sema); }
};

void a_semaphore_lets_as_many_pass_as_it_counts(kunit *test)
{
	SemaphoreGate gate;

	sema_init(&gate.sema, 2, NULL, SEMA_DRIVER, NULL);
	EXPECT(test, sema_tryp(&gate.sema));
	EXPECT_EQ(test, sema_p_sig(&gate.sema), 0);
	EXPECT(test, !sema_tryp(&gate.sema));
	strm_test_thread *thread = strm_test_start(SemaphoreGate::pass, &gate, 1);
	EXPECT(test, strm_test_asleep(thread));
	EXPECT_EQ(test, gate.passed.acquire(), 0);
	strm_test_in_interrupt(SemaphoreGate::open, &gate);
	strm_test_join(thread);
	EXPECT_EQ(test, gate.passed.acquire(), 1);
	EXPECT(test, !sema_tryp(&gate.sema));
	sema_v(&gate.sema);
	EXPECT(test, sema_tryp(&gate.sema));
	sema_destroy(&gate.sema);
}

// ---------------------------------------------------------------- timeouts

struct Timed {
	Atomic<u32> calls;
	Atomic<u32> finished;
	timeout_id_t id = nullptr;
	clock_t armed = 0, called = 0;
	clock_t answer = 4711; // of untimeout() within the function
	u32 again = 0;	       // how often it arms itself again
	int interrupts_off = -1;

	void arm(clock_t ticks)
	{
		armed = ddi_get_lbolt();
		id = timeout(call, this, ticks);
	}
	static void call(void *self)
	{
		auto &me = *static_cast<Timed *>(self);

		me.called = ddi_get_lbolt();
		me.interrupts_off = lin_cannot_enter();
		me.calls.fetch_add(1);
		if (me.again) {
			me.again--;
			me.arm(1);
		}
		me.finished.fetch_add(1);
	}
};

void a_timeout_is_called_once_and_not_early(kunit *test)
{
	for (clock_t ticks : List{ 1l, 3l, 20l }) {
		Timed timed;

		timed.arm(ticks);
		EXPECT(test, timed.id);
		EXPECT_EQ(test, timed.calls.acquire(), 0);
		EXPECT(test, eventually([&] { return timed.finished.acquire() == 1; }));
		EXPECT(test, timed.called - timed.armed >= ticks);
		EXPECT_EQ(test, timed.interrupts_off, 0);
		delay(3);
		EXPECT_EQ(test, timed.calls.acquire(), 1);
		EXPECT_EQ(test, untimeout(timed.id), -1);
	}
}

void no_time_is_one_tick(kunit *test)
{
	for (clock_t ticks : List{ 0l, -1l, LONG_MIN }) {
		Timed timed;

		timed.arm(ticks);
		EXPECT(test, eventually([&] { return timed.finished.acquire() == 1; }));
		EXPECT(test, timed.called > timed.armed);
	}
}

void a_cancelled_timeout_is_not_called(kunit *test)
{
	Timed timed;

	timed.arm(6);
	clock_t left = untimeout(timed.id);
	EXPECT(test, left >= 0 && left <= 6);
	EXPECT_EQ(test, untimeout(timed.id), -1);
	timed.arm(LONG_MAX);
	EXPECT(test, untimeout(timed.id) > 1000000);
	delay(10);
	EXPECT_EQ(test, timed.calls.acquire(), 0);
}

void an_id_of_nothing_is_refused(kunit *test)
{
	for (uintptr_t id : List<uintptr_t, 5>{ { 0, 0x7fffffff, 0x80000000, ~0ul, 1ul << 40 } })
		EXPECT_EQ(test, untimeout(reinterpret_cast<timeout_id_t>(id)), -1);
}

void ids_differ_and_fit_an_int(kunit *test)
{
	Timed timed[6];

	for (Timed &one : timed)
		one.arm(1000);
	for (Timed &one : timed) {
		EXPECT(test, number(one.id) > 0 && number(one.id) <= INT_MAX);
		EXPECT_EQ(test, number(one.id) - number(timed[0].id), &one - timed);
		EXPECT(test, untimeout(one.id) > 0);
	}
}

void a_timeout_that_cancels_itself_goes_on(kunit *test)
{
	Timed timed;

	timed.id = timeout(
		[](void *self) {
			auto &me = *static_cast<Timed *>(self);
			me.answer = untimeout(me.id);
			me.finished.release(1);
		},
		&timed, 2);
	EXPECT(test, eventually([&] { return timed.finished.acquire() == 1; }));
	EXPECT_EQ(test, timed.answer, -1);
}

void a_timeout_cancels_another(kunit *test)
{
	Timed other;
	Timed timed;

	other.arm(1000);
	timed.id = other.id;
	timeout(
		[](void *self) {
			auto &me = *static_cast<Timed *>(self);
			me.answer = untimeout(me.id);
			me.finished.release(1);
		},
		&timed, 1);
	EXPECT(test, eventually([&] { return timed.finished.acquire() == 1; }));
	EXPECT(test, timed.answer > 0);
	EXPECT_EQ(test, untimeout(other.id), -1);
	EXPECT_EQ(test, other.calls.acquire(), 0);
}

void a_timeout_that_arms_itself_again_can_be_stopped(kunit *test)
{
	Timed timed;

	timed.again = 3;
	timed.arm(1);
	EXPECT(test, eventually([&] { return timed.finished.acquire() == 4; }));
	timed.again = 1;
	timed.arm(1000);
	EXPECT(test, untimeout(timed.id) > 0);
	EXPECT_EQ(test, timed.calls.acquire(), 4);
}

void timeouts_are_armed_and_cancelled_in_interrupts(kunit *test)
{
	Timed timed;

	strm_test_in_interrupt([](void *self) { static_cast<Timed *>(self)->arm(1000); }, &timed);
	EXPECT(test, timed.id);
	strm_test_in_interrupt(
		[](void *self) {
			auto &me = *static_cast<Timed *>(self);
			me.answer = untimeout(me.id);
		},
		&timed);
	EXPECT(test, timed.answer > 0);
	EXPECT_EQ(test, timed.calls.acquire(), 0);
}

// Armed on another CPU, where it is called as well; it takes a while from when it was
// seen to run, which may be late on a busy machine.
struct Slow {
	Atomic<u32> running, seen, finished, armed;
	timeout_id_t id = nullptr;

	static void call(void *self)
	{
		auto &me = *static_cast<Slow *>(self);

		me.running.release(1);
		for (int tries = 0; !me.seen.acquire() && tries < 500000; tries++)
			drv_usecwait(10);
		drv_usecwait(20000);
		me.finished.release(1);
	}
	static void arm(void *self)
	{
		auto &me = *static_cast<Slow *>(self);

		me.id = timeout(call, self, 1);
		me.armed.release(1);
		while (!me.finished.acquire())
			strm_test_pause();
	}
};

void cancelling_waits_for_a_call_on_another_cpu(kunit *test)
{
	Slow slow;

	if (lin_nr_cpu_ids() < 2)
		return; // here nothing runs beside a softirq
	strm_test_thread *other = strm_test_start(Slow::arm, &slow, 1);
	while (!slow.running.acquire())
		drv_usecwait(10);
	u32 before = slow.finished.acquire();
	slow.seen.release(1);
	clock_t answer = untimeout(slow.id);
	u32 after = slow.finished.acquire();
	strm_test_join(other);
	EXPECT_EQ(test, before, 0);
	EXPECT_EQ(test, answer, -1);
	EXPECT_EQ(test, after, 1);
}

void each_timeout_is_either_called_or_cancelled(kunit *test)
{
	Dice dice(5);
	u32 cancelled = 0;
	Timed timed;

	for (int i = 0; i < 300; i++) {
		// Some are cancelled and some are called however time goes by here.
		timed.arm(i % 10 == 0 ? 1000 : 1);
		if (i % 10 == 1)
			EXPECT(test, eventually([&] {
				       return timed.finished.acquire() + cancelled == u32(i) + 1;
			       }));
		else if (i % 10)
			drv_usecwait(dice.below(2000000u / static_cast<u32>(hz)));
		u32 before = timed.calls.acquire();
		if (untimeout(timed.id) >= 0) {
			cancelled++;
			EXPECT_EQ(test, timed.calls.acquire(), before);
		} else {
			EXPECT_EQ(test, timed.finished.acquire() + cancelled, i + 1);
		}
	}
	delay(3);
	EXPECT_EQ(test, timed.finished.acquire() + cancelled, 300);
	EXPECT(test, cancelled > 0 && cancelled < 300);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_sync_cases[] = {
	CASE(mutexes_keep_interrupts_off_until_the_last_is_released),
	CASE(a_mutex_without_cookie_keeps_softirqs_off),
	CASE(softirqs_wait_for_the_last_of_mixed_mutexes),
	CASE(a_held_mutex_cannot_be_tried),
	CASE(mutex_init_is_also_a_function),
	CASE(a_mutex_excludes_other_cpus_and_interrupts),
	CASE(readers_share_and_a_writer_is_alone),
	CASE(a_writer_goes_on_as_a_reader),
	CASE(a_reader_that_is_alone_goes_on_as_the_writer),
	CASE(writers_are_alone_through_downgrades_and_upgrades),
	CASE(a_sleeper_releases_the_mutex_and_is_woken),
	CASE(an_interrupt_wakes_a_sleeper),
	CASE(a_signal_wakes_one_and_a_broadcast_all),
	CASE(a_signal_that_comes_too_early_is_lost),
	CASE(a_time_that_is_over_is_not_waited_for),
	CASE(who_is_woken_learns_the_ticks_that_were_left),
	CASE(a_semaphore_lets_as_many_pass_as_it_counts),
	CASE(a_timeout_is_called_once_and_not_early),
	CASE(no_time_is_one_tick),
	CASE(a_cancelled_timeout_is_not_called),
	CASE(an_id_of_nothing_is_refused),
	CASE(ids_differ_and_fit_an_int),
	CASE(a_timeout_that_cancels_itself_goes_on),
	CASE(a_timeout_cancels_another),
	CASE(a_timeout_that_arms_itself_again_can_be_stopped),
	CASE(timeouts_are_armed_and_cancelled_in_interrupts),
	CASE(cancelling_waits_for_a_call_on_another_cpu),
	CASE(each_timeout_is_either_called_or_cancelled),
	{ nullptr, nullptr },
};
