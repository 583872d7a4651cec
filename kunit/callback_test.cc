// SPDX-License-Identifier: GPL-2.0-only
//
// qtimeout() and qbufcall(): called once and inside the perimeters, or not at all once
// they are cancelled, whatever they were doing then.
#include <kunit/test.hh>
#include <sys/ddi.h>
#include <sys/param.h>

namespace strm::testing {

namespace {

enum class Asked { Timeout, Bufcall };
constexpr Asked either[] = { Asked::Timeout, Asked::Bufcall };

constexpr int calls_alone = D_MP | D_MTQPAIR | D_MTPUTSHARED;
constexpr int calls_shared = calls_alone | _D_MTCBSHARED;
constexpr int per_queue = D_MP | D_MTPERQ;
constexpr int with_outer = sole_pair | D_MTOUTPERIM;
constexpr clock_t never = 1000000; // ticks

bool calls_back_alone(int flags)
{
	return modes(flags).access(EntryPoint::Callback) == Access::Exclusive;
}

struct Request {
	Request(Asked which, queue_t *queue) : kind(which), q(queue) {}

	void ask(clock_t ticks = 1, void (*func)(void *) = called)
	{
		asked = ddi_get_lbolt();
		if (kind == Asked::Timeout)
			id = reinterpret_cast<uintptr_t>(qtimeout(q, func, this, ticks));
		else
			id = qbufcall(q, 64, BPRI_MED, func, this);
	}
	clock_t cancel() { return cancel_for(q); }
	clock_t cancel_for(queue_t *queue)
	{
		if (kind == Asked::Timeout)
			return quntimeout(queue, reinterpret_cast<timeout_id_t>(id));
		qunbufcall(queue, id);
		return unknown;
	}
	// Does quntimeout() answer so?  qunbufcall() has no answer.
	bool cancel_answers(clock_t answer_then)
	{
		const clock_t got = cancel();
		return kind == Asked::Bufcall || got == answer_then;
	}
	static void called(void *arg)
	{
		auto &me = *static_cast<Request *>(arg);
		strm_gate &gate = *me.q->q_gate;

		Perimeter *outer = Perimeter::of(&gate).outer();

		me.alone = load_relaxed(gate.word) & STRM_GATE_OWNED;
		me.outer_claims = outer ? strm_gate_sum(outer->gate()) : 0;
		me.claims = me.alone ? 0 : strm_gate_sum(&gate);
		me.when = ddi_get_lbolt();
		me.outside = lin_cannot_enter() || !lin_in_softirq();
		watch_of(me.q).seen.add('!');
		me.calls.fetch_add(1);
	}
	static void alone_now(queue_t *q, mblk_t *mp)
	{
		Perimeter &inner = Perimeter::of(q->q_gate);
		Watch &watch = watch_of(q);

		watch.seen.add(letter_of(mp));
		if (inner.is_owned() || inner.outer()->is_owned())
			watch.more = &watch;
		freemsg(mp);
	}
	static void called_and_cancels_itself(void *arg)
	{
		auto &me = *static_cast<Request *>(arg);

		me.answer = me.cancel();
		called(arg);
	}
	static void called_and_cancels_the_other(void *arg)
	{
		auto &me = *static_cast<Request *>(arg);

		me.answer = me.other->cancel();
		called(arg);
	}
	static void called_and_asks_again(void *arg)
	{
		auto &me = *static_cast<Request *>(arg);

		if (me.calls.acquire() < 3)
			me.ask(1, called_and_asks_again);
		called(arg);
	}
	static void called_and_stays(void *arg)
	{
		auto &me = *static_cast<Request *>(arg);

		me.inside.release(1);
		for (int i = 0; i < 1000000; i++)
			lin_cpu_relax();
		called(arg);
	}
	u32 times() const { return calls.acquire(); }
	bool comes()
	{
		return eventually([this] { return times() != 0; });
	}

	static constexpr clock_t unknown = 4711;

	Asked kind;
	queue_t *q;
	uintptr_t id = 0;
	Request *other = nullptr;
	Atomic<u32> calls, inside;
	clock_t asked = 0, when = 0, answer = unknown;
	bool alone = false, outside = false;
	int perimeter = PERIM_INNER; // of qwriter()
	u32 claims = 0, outer_claims = 0;
};

// Until so many callbacks wait at the perimeter.
bool wait_for(Perimeter &perimeter, u32 callbacks)
{
	return eventually([&perimeter, callbacks] {
		return perimeter.picture().count(Entry::Tag::Callback) == callbacks;
	});
}

// In the way of an exclusive callback: the owner of a sole perimeter, or a claim.
struct InTheWay : NoCopy {
	explicit InTheWay(Pair &pair)
		: perimeter(pair.perimeter()),
		  access(perimeter.sole() ? Access::Exclusive : Access::Shared)
	{
		perimeter.enter(access);
	}
	~InTheWay() { leave(); }
	void leave()
	{
		if (!left)
			perimeter.exit(access);
		left = true;
	}
	bool wait(u32 callbacks = 1) { return wait_for(perimeter, callbacks); }

	Perimeter &perimeter;
	Access access;
	bool left = false;
};

void it_is_called_once_and_inside(kunit *test)
{
	for (Asked kind : either) {
		for (int flags :
		     List{ D_MP, sole_pair, calls_alone, calls_shared, per_queue, with_outer,
			   D_MP | D_MTOUTPERIM, calls_shared | D_MTOUTPERIM }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Request request(kind, pair.rd());
			request.ask(3);
			EXPECT(test, request.id != 0);
			EXPECT(test, request.comes());
			EXPECT_EQ(test, request.alone, calls_back_alone(flags));
			EXPECT_EQ(test, request.claims, calls_back_alone(flags) ? 0 : 1);
			EXPECT_EQ(test, request.outer_claims, modes(flags).outer);
			EXPECT(test, !request.outside);
			if (kind == Asked::Timeout)
				EXPECT(test, request.when - request.asked >= 3);
			let_some_time_pass(4);
			EXPECT_EQ(test, request.times(), 1);
			EXPECT(test, request.cancel_answers(-1));
		}
	}
}

void it_waits_its_turn_behind_what_came_before(kunit *test)
{
	for (Asked kind : either) {
		for (int flags : List{ sole_pair, calls_alone }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Request request(kind, pair.rd());
			InTheWay way(pair);
			if (pair.perimeter().sole())
				put(pair.rd(), letter('a'));
			request.ask();
			EXPECT(test, way.wait());
			put(pair.rd(), letter('b'));
			EXPECT_EQ(test, request.times(), 0);
			way.leave();
			EXPECT(test, eventually([&] { return pair.up.seen.length >= 2; }));
			EXPECT(test, request.comes());
			EXPECT_TEXT(test, pair.up.seen, pair.perimeter().sole() ? "a!b" : "!b");
			EXPECT(test, request.alone);
			let_some_time_pass(4);
			EXPECT_EQ(test, request.times(), 1);
		}
	}
}

void what_is_cancelled_in_time_is_not_called(kunit *test)
{
	for (Asked kind : either) {
		Pair pair(passing, sole_pair);
		if (!EXPECT(test, bool(pair)))
			return;
		Request request(kind, pair.rd());
		request.ask(never);
		const clock_t left = request.cancel();
		const u32 before = request.times(); // of qbufcall(), as a rule 0
		EXPECT(test, left > never / 2 || kind == Asked::Bufcall);
		EXPECT(test, request.cancel_answers(-1));
		let_some_time_pass(4);
		EXPECT_EQ(test, request.times(), before);
	}
}

void what_waits_at_the_perimeter_is_taken_away(kunit *test)
{
	for (Asked kind : either) {
		for (int flags : List{ sole_pair, calls_alone, per_queue, with_outer }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Request request(kind, pair.rd());
			InTheWay way(pair);
			request.ask();
			EXPECT(test, way.wait());
			EXPECT(test, request.cancel_answers(0));
			EXPECT(test, request.cancel_answers(-1));
			way.leave();
			let_some_time_pass(4);
			EXPECT_EQ(test, request.times(), 0);
		}
	}
}

// The put procedure is alone inside, and the callback waits behind it.
void a_put_procedure_takes_it_away(kunit *test)
{
	for (Asked kind : either) {
		for (int flags : List{ sole_pair, calls_alone, per_queue, with_outer }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Request first(kind, pair.rd()), second(kind, pair.rd());
			pair.up.more = &second;
			pair.up.on_put = [](Watch &watch, queue_t *, mblk_t *mp) {
				auto &it = *static_cast<Request *>(watch.more);
				it.answer = it.cancel();
				freemsg(mp);
			};
			InTheWay way(pair);
			first.ask();
			EXPECT(test, way.wait());
			put(pair.rd(), letter('a'));
			second.ask();
			EXPECT(test, way.wait(2)); // the second is behind the message
			way.leave();
			let_some_time_pass(4);
			EXPECT_TEXT(test, pair.up.seen, "!a");
			EXPECT_EQ(test, second.answer,
				  kind == Asked::Timeout ? 0 : Request::unknown);
			EXPECT_EQ(test, second.times(), 0);
		}
	}
}

void it_may_cancel_itself(kunit *test)
{
	for (Asked kind : either) {
		for (int flags : List{ D_MP, sole_pair, calls_shared, per_queue, with_outer }) {
			for (bool waits : List{ false, true }) {
				Pair pair(passing, flags);
				if (!EXPECT(test, bool(pair)))
					return;
				Request request(kind, pair.rd());
				if (waits) {
					InTheWay way(pair);
					request.ask(1, Request::called_and_cancels_itself);
					EXPECT(test, way.wait(calls_back_alone(flags)));
				} else {
					request.ask(1, Request::called_and_cancels_itself);
				}
				EXPECT(test, request.comes());
				EXPECT_EQ(test, request.answer,
					  kind == Asked::Timeout ? -1 : Request::unknown);
			}
		}
	}
}

void one_takes_another_away(kunit *test)
{
	for (Asked kind : either) {
		Pair pair(passing, calls_alone);
		if (!EXPECT(test, bool(pair)))
			return;
		Request first(kind, pair.rd()), second(kind, pair.rd());
		first.other = &second;
		InTheWay way(pair);
		first.ask(1, Request::called_and_cancels_the_other);
		EXPECT(test, way.wait());
		second.ask();
		EXPECT(test, way.wait(2));
		way.leave();
		EXPECT(test, first.comes());
		let_some_time_pass(4);
		EXPECT_EQ(test, first.answer, kind == Asked::Timeout ? 0 : Request::unknown);
		EXPECT_EQ(test, second.times(), 0);
	}
}

void it_may_ask_again(kunit *test)
{
	for (Asked kind : either) {
		for (int flags : List{ D_MP, sole_pair, calls_alone, calls_shared }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Request request(kind, pair.rd());
			request.ask(1, Request::called_and_asks_again);
			EXPECT(test, eventually([&] { return request.times() == 4; }));
			let_some_time_pass(4);
			EXPECT_EQ(test, request.times(), 4);
		}
	}
}

// A thread, elsewhere where there are two CPUs, asks for one that stays inside; it
// stays on that CPU.
bool one_is_inside_elsewhere(Request &request)
{
	strm_test_thread *thread = strm_test_start(
		[](void *arg) { static_cast<Request *>(arg)->ask(1, Request::called_and_stays); },
		&request, 1);
	if (!thread)
		return false;
	strm_test_join(thread);
	return eventually([&] { return request.inside.acquire() == 1; });
}

void one_that_runs_is_waited_for(kunit *test)
{
	for (Asked kind : either) {
		for (int flags : List{ D_MP, calls_shared }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Request request(kind, pair.rd());
			EXPECT(test, one_is_inside_elsewhere(request));
			const bool answered = request.cancel_answers(-1);
			EXPECT_EQ(test, request.times(), 1);
			EXPECT(test, answered);
		}
	}
}

// What it runs is in the module: that cannot go before.
void close_waits_for_one_that_runs(kunit *test)
{
	for (Asked kind : either) {
		for (int flags : List{ D_MP, calls_shared, sole_pair }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Request request(kind, pair.rd());
			EXPECT(test, one_is_inside_elsewhere(request));
			pair.close();
			EXPECT_EQ(test, request.times(), 1);
		}
	}
}

void what_close_has_not_cancelled_is_never_called(kunit *test)
{
	for (Asked kind : either) {
		for (int flags : List{ D_MP, sole_pair, calls_shared, per_queue, with_outer,
				       sole_pair | D_MTOUTPERIM | D_MTOCEXCL }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Request up(kind, pair.rd()), down(kind, pair.wr()), late(kind, pair.rd());
			up.ask(2);
			down.ask(never);
			late.ask(3);
			pair.close();
			const u32 before = up.times() + down.times() + late.times();
			let_some_time_pass(4);
			EXPECT_EQ(test, up.times() + down.times() + late.times(), before);
		}
	}
}

// The owner takes the pair out; the callback waits for the owner.
void what_waits_when_the_pair_goes_is_never_called(kunit *test)
{
	for (Asked kind : either) {
		Pair pair(passing, sole_pair);
		if (!EXPECT(test, bool(pair)))
			return;
		Request early(kind, pair.rd()), late(kind, pair.wr());
		InTheWay way(pair);
		early.ask();
		EXPECT(test, way.wait());
		late.ask();
		EXPECT(test, way.wait(2));
		pair.get().procs_off();
		EXPECT(test, early.cancel_answers(-1));
		way.leave();
		let_some_time_pass(4);
		EXPECT_EQ(test, early.times() + late.times(), 0);
	}
}

// The owner of the outer perimeter is alone; what waits for the inner one waits for it.
void who_owns_the_outer_perimeter_takes_it_away(kunit *test)
{
	for (Asked kind : either) {
		for (bool cancels : List{ false, true }) {
			Pair pair(passing, with_outer);
			if (!EXPECT(test, bool(pair)))
				return;
			Perimeter &outer = *pair.perimeter().outer();
			Request request(kind, pair.rd());
			outer.enter(Access::Exclusive);
			request.ask();
			EXPECT(test, wait_for(pair.perimeter(), 1));
			if (cancels)
				EXPECT(test, request.cancel_answers(0));
			let_some_time_pass(4);
			EXPECT_EQ(test, request.times(), 0);
			outer.exit(Access::Exclusive);
			let_some_time_pass(4);
			EXPECT_EQ(test, request.times(), !cancels);
		}
	}
}

// From shared to alone: the function of qwriter() runs inside the callback if that is
// the only one inside, and soon afterwards if not.
void it_may_go_on_alone(kunit *test)
{
	for (Asked kind : either) {
		for (int perimeter : List{ PERIM_INNER, PERIM_OUTER }) {
			Pair pair(passing, calls_shared | D_MTOUTPERIM);
			if (!EXPECT(test, bool(pair)))
				return;
			Request request(kind, pair.rd());
			request.perimeter = perimeter;
			request.ask(1, [](void *arg) {
				auto &me = *static_cast<Request *>(arg);
				mblk_t *mp = letter('w');

				me.calls.fetch_add(1);
				if (mp)
					qwriter(me.q, mp, Request::alone_now, me.perimeter);
			});
			EXPECT(test, request.comes());
			EXPECT(test, eventually([&] { return pair.up.seen.length == 1; }));
			EXPECT_TEXT(test, pair.up.seen, "w");
			EXPECT(test, pair.up.more);
		}
	}
}

// qwait() in open or close, until the callback has run.
struct WaitingOpen {
	explicit WaitingOpen(Request &what) : request(what) {}

	static void open(void *arg)
	{
		auto &me = *static_cast<WaitingOpen *>(arg);
		QueuePair &pair = QueuePair::of(me.request.q);

		pair.enter_open_close();
		me.request.ask();
		while (!me.request.times())
			qwait(me.request.q);
		pair.exit_open_close();
	}

	Request &request;
};

void a_process_in_qwait_is_woken(kunit *test)
{
	for (Asked kind : either) {
		for (int flags :
		     List{ sole_pair, calls_alone, calls_shared, per_queue, with_outer }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Request request(kind, pair.wr());
			WaitingOpen opener(request);
			strm_test_thread *thread = strm_test_start(WaitingOpen::open, &opener, 1);
			if (!EXPECT(test, thread != nullptr))
				return;
			strm_test_join(thread);
			EXPECT_EQ(test, request.times(), 1);
		}
	}
}

// With two CPUs its time comes while this one has frozen the stream.
void it_does_not_begin_while_the_stream_is_frozen(kunit *test)
{
	constexpr clock_t soon = 6;
	Pair pair(passing, sole_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	Request request(Asked::Timeout, pair.rd());
	strm_test_thread *thread = strm_test_start(
		[](void *arg) { static_cast<Request *>(arg)->ask(soon); }, &request, 1);
	if (!EXPECT(test, thread != nullptr))
		return;
	strm_test_join(thread);
	freezestr(pair.rd());
	const u32 before = request.times(); // as a rule 0
	while (ddi_get_lbolt() < request.asked + soon + 4)
		lin_cpu_relax();
	const u32 frozen = request.times();
	unfreezestr(pair.rd());
	EXPECT_EQ(test, frozen, before);
	EXPECT(test, request.comes());
}

void it_is_refused_where_procedures_do_not_run(kunit *test)
{
	for (Asked kind : either) {
		Pair pair(passing, sole_pair, nullptr, false);
		if (!EXPECT(test, bool(pair)))
			return;
		Request request(kind, pair.rd());
		request.ask();
		EXPECT_EQ(test, request.id, 0);
		InTheWay way(pair);
		pair.get().procs_on();
		pair.get().procs_off();
		request.ask();
		EXPECT_EQ(test, request.id, 0);
		way.leave();
		let_some_time_pass(4);
		EXPECT_EQ(test, request.times(), 0);
	}
}

void a_number_of_something_else_cancels_nothing(kunit *test)
{
	Pair pair(passing, sole_pair), other(passing, sole_pair);
	if (!EXPECT(test, pair && other))
		return;
	Request timed(Asked::Timeout, pair.rd()), buffer(Asked::Bufcall, pair.rd());
	const timeout_id_t plain = timeout(Request::called, &timed, never);
	InTheWay way(pair);
	timed.ask(2);
	buffer.ask();
	EXPECT_EQ(test, timed.cancel_for(pair.wr()), -1);
	EXPECT_EQ(test, timed.cancel_for(other.rd()), -1);
	buffer.cancel_for(pair.wr());
	buffer.cancel_for(other.rd());
	EXPECT_EQ(test, untimeout(reinterpret_cast<timeout_id_t>(timed.id)), -1);
	unbufcall(buffer.id);
	EXPECT_EQ(test, quntimeout(pair.rd(), reinterpret_cast<timeout_id_t>(buffer.id)), -1);
	qunbufcall(pair.rd(), timed.id);
	EXPECT_EQ(test, quntimeout(pair.rd(), plain), -1);
	for (uintptr_t id :
	     List{ uintptr_t(0), timed.id - 2, timed.id + 2, ~uintptr_t(1), ~uintptr_t(0) }) {
		EXPECT_EQ(test, quntimeout(pair.rd(), reinterpret_cast<timeout_id_t>(id)), -1);
		if (id != buffer.id)
			qunbufcall(pair.rd(), id);
	}
	way.leave();
	EXPECT(test, timed.comes());
	EXPECT(test, buffer.comes());
	EXPECT(test, untimeout(plain) > 0);
}

void ids_differ_and_are_not_used_again(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	uintptr_t last = 0;
	for (int i = 0; i < 1000; i++) {
		Request request(i % 3 ? Asked::Timeout : Asked::Bufcall,
				i & 1 ? pair.rd() : pair.wr());
		request.ask(never);
		EXPECT_EQ(test, request.id & 1, request.kind == Asked::Bufcall);
		// Nor are they numbers of timeout(), which fit an int.
		if (!EXPECT(test, request.id > last && request.id > INT_MAX))
			return;
		last = request.id;
		request.cancel();
	}
}

void without_memory_there_is_no_id(kunit *test)
{
	Pair pair(passing);
	if (!EXPECT(test, bool(pair)))
		return;
	for (Asked kind : either) {
		Request request(kind, pair.rd());
		strm_test_fail_allocation(1);
		request.ask();
		EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
		EXPECT_EQ(test, request.id, 0);
		EXPECT(test, request.cancel_answers(-1));
		let_some_time_pass(4);
		EXPECT_EQ(test, request.times(), 0);
	}
	Request request(Asked::Bufcall, pair.rd());
	strm_test_fail_allocation(2); // the record, then the request of bufcall()
	request.ask();
	EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
	EXPECT_EQ(test, request.id, 0);
	EXPECT_EQ(test, qbufcall(pair.rd(), ~size_t(0), BPRI_MED, Request::called, &request), 0);
	let_some_time_pass(4);
	EXPECT_EQ(test, request.times(), 0);
}

void many_wait_together(kunit *test)
{
	constexpr int many = 100;
	Pair pair(passing, sole_pair);
	auto *memory = lin_kzalloc(many * sizeof(Request), LIN_GFP_KERNEL);
	auto *requests = static_cast<Request *>(memory);
	Dice dice(5);
	if (!EXPECT(test, pair && memory)) {
		lin_kfree(memory);
		return;
	}
	{
		InTheWay way(pair);
		for (int i = 0; i < many; i++)
			(new (&requests[i]) Request(either[dice.below(2)], pair.rd()))->ask();
		EXPECT(test, way.wait(many));
		for (int i = 0; i < many; i += 3)
			EXPECT(test, requests[i].cancel_answers(0));
	}
	EXPECT(test, eventually([&] {
		       u32 calls = 0;
		       for (int i = 0; i < many; i++)
			       calls += requests[i].times();
		       return calls == many - (many + 2) / 3;
	       }));
	let_some_time_pass(4);
	for (int i = 0; i < many; i++)
		EXPECT_EQ(test, requests[i].times(), i % 3 != 0);
	pair.close();
	lin_kfree(memory);
}

// Asked for on one CPU, cancelled on another, in every state that chance brings.
struct Duel : NoCopy {
	static constexpr u32 rounds = 20;

	explicit Duel(Pair &pair, Asked kind) : request(kind, pair.rd()) {}

	static void ask_and_put(void *arg)
	{
		auto &me = *static_cast<Duel *>(arg);
		Dice dice(me.asked.acquire());

		me.request.ask(1 + dice.below(2));
		me.asked.fetch_add(1);
		for (u32 i = dice.below(200); i > 0; i--)
			put(me.request.q, letter('a'));
	}

	Request request;
	Atomic<u32> asked;
};

void whoever_cancels_knows_whether_it_was_called(kunit *test)
{
	for (Asked kind : either) {
		for (int flags : List{ D_MP, sole_pair, calls_alone, calls_shared }) {
			Pair pair(passing, flags);
			if (!EXPECT(test, bool(pair)))
				return;
			Dice dice(17);
			Duel duel(pair, kind);
			for (u32 round = 1; round <= Duel::rounds; round++) {
				const u32 before = duel.request.times();
				strm_test_thread *thread = strm_test_start(Duel::ask_and_put, &duel,
									   1);
				while (duel.asked.acquire() != round)
					strm_test_pause();
				for (u32 i = dice.below(30000); i > 0; i--)
					lin_cpu_relax();
				const clock_t left = duel.request.cancel();
				const u32 calls = duel.request.times() - before;
				strm_test_join(thread);
				EXPECT(test, calls <= 1);
				if (kind == Asked::Timeout)
					EXPECT_EQ(test, calls == 1, left == -1);
				EXPECT_EQ(test, duel.request.times() - before, calls);
			}
			let_some_time_pass(4);
			EXPECT(test, duel.request.times() <= Duel::rounds);
		}
	}
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_callback_cases[] = {
	CASE(it_is_called_once_and_inside),
	CASE(it_waits_its_turn_behind_what_came_before),
	CASE(what_is_cancelled_in_time_is_not_called),
	CASE(what_waits_at_the_perimeter_is_taken_away),
	CASE(a_put_procedure_takes_it_away),
	CASE(it_may_cancel_itself),
	CASE(one_takes_another_away),
	CASE(it_may_ask_again),
	CASE(one_that_runs_is_waited_for),
	CASE(close_waits_for_one_that_runs),
	CASE(what_close_has_not_cancelled_is_never_called),
	CASE(what_waits_when_the_pair_goes_is_never_called),
	CASE(who_owns_the_outer_perimeter_takes_it_away),
	CASE(it_may_go_on_alone),
	CASE(a_process_in_qwait_is_woken),
	CASE(it_does_not_begin_while_the_stream_is_frozen),
	CASE(it_is_refused_where_procedures_do_not_run),
	CASE(a_number_of_something_else_cancels_nothing),
	CASE(ids_differ_and_are_not_used_again),
	CASE(without_memory_there_is_no_id),
	CASE(many_wait_together),
	CASE(whoever_cancels_knows_whether_it_was_called),
	{ nullptr, nullptr },
};
