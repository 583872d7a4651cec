// SPDX-License-Identifier: GPL-2.0-only
//
// bufcall(): called back once, or not at all once unbufcall() has returned.
#include <kunit/test.hh>
#include <sys/errno.h>

namespace strm::testing {

namespace {

struct Caller {
	Atomic<u32> calls, inside;
	bufcall_id_t id = 0;
	bool cannot_enter = false;
	bool found_memory = false;

	static void called(void *arg)
	{
		auto &me = *static_cast<Caller *>(arg);
		me.cannot_enter = lin_cannot_enter();
		mblk_t *mp = allocb(64, BPRI_MED);
		me.found_memory = mp != nullptr;
		freemsg(mp);
		me.calls.fetch_add(1);
	}
	// Cancels itself.
	static void called_and_cancels(void *arg)
	{
		auto &me = *static_cast<Caller *>(arg);
		unbufcall(me.id);
		me.calls.fetch_add(1);
	}
	// Stays for a while.
	static void called_and_stays(void *arg)
	{
		auto &me = *static_cast<Caller *>(arg);
		me.inside.release(1);
		for (int i = 0; i < 1000000; i++)
			lin_cpu_relax();
		me.calls.fetch_add(1);
	}
	static void called_and_asks_again(void *arg)
	{
		auto &me = *static_cast<Caller *>(arg);
		if (me.calls.fetch_add(1) < 3)
			me.id = bufcall(64, BPRI_MED, called_and_asks_again, arg);
	}

	u32 called_times() { return calls.acquire(); }
};

void it_is_called_once_outside_of_interrupts(kunit *test)
{
	for (size_t size : List{ size_t(0), size_t(64), size_t(1500), size_t(100000) }) {
		Caller caller;
		caller.id = bufcall(size, BPRI_MED, Caller::called, &caller);
		EXPECT_EQ(test, caller.id & 1, 1);
		EXPECT(test, eventually([&] { return caller.called_times() == 1; }));
		EXPECT(test, !caller.cannot_enter);
		EXPECT(test, caller.found_memory);
		let_some_time_pass();
		EXPECT_EQ(test, caller.called_times(), 1);
		unbufcall(caller.id); // done: nothing to undo
	}
}

void esbbcall_calls_when_there_is_a_block(kunit *test)
{
	Caller caller;
	EXPECT(test, esbbcall(BPRI_HI, Caller::called, &caller) != 0);
	EXPECT(test, eventually([&] { return caller.called_times() == 1; }));
}

void the_module_is_held_while_it_waits(kunit *test)
{
	const int references = strm_test_module_references();
	Caller caller;
	caller.id = bufcall(64, BPRI_MED, Caller::called, &caller);
	EXPECT_EQ(test, strm_test_module_references(), references + 1);
	unbufcall(caller.id);
	EXPECT_EQ(test, strm_test_module_references(), references);

	caller.id = bufcall(64, BPRI_MED, Caller::called, &caller);
	EXPECT(test, eventually([&] { return caller.called_times() > 0; }));
	EXPECT(test, eventually([&] { return strm_test_module_references() == references; }));
}

void ids_differ(kunit *test)
{
	Caller caller[3];
	for (Caller &it : caller)
		it.id = bufcall(64, BPRI_MED, Caller::called, &it);
	EXPECT(test, caller[0].id != caller[1].id && caller[1].id != caller[2].id);
	for (Caller &it : caller)
		unbufcall(it.id);
}

void what_is_cancelled_is_not_called(kunit *test)
{
	Caller caller[3];
	for (Caller &it : caller)
		it.id = bufcall(64, BPRI_MED, Caller::called, &it);
	unbufcall(caller[1].id);
	const u32 before = caller[1].called_times(); // as a rule 0
	EXPECT(test,
	       eventually([&] { return caller[0].called_times() && caller[2].called_times(); }));
	let_some_time_pass();
	EXPECT_EQ(test, caller[1].called_times(), before);
}

void an_unknown_id_cancels_nobody(kunit *test)
{
	Caller caller;
	caller.id = bufcall(64, BPRI_MED, Caller::called, &caller);
	for (bufcall_id_t id :
	     List{ bufcall_id_t(0), caller.id - 1, caller.id + 1, caller.id + 2, ~bufcall_id_t(0) })
		unbufcall(id);
	EXPECT(test, eventually([&] { return caller.called_times() == 1; }));
}

void a_callback_may_cancel_itself(kunit *test)
{
	Caller caller;
	caller.id = bufcall(64, BPRI_MED, Caller::called_and_cancels, &caller);
	EXPECT(test, eventually([&] { return caller.called_times() == 1; }));
}

void a_callback_may_ask_again(kunit *test)
{
	Caller caller;
	EXPECT(test, bufcall(64, BPRI_MED, Caller::called_and_asks_again, &caller) != 0);
	EXPECT(test, eventually([&] { return caller.called_times() == 4; }));
	let_some_time_pass();
	EXPECT_EQ(test, caller.called_times(), 4);
}

// One that runs is waited for; where there are two CPUs, it runs on the other.
void cancelling_waits_for_the_callback(kunit *test)
{
	Caller caller;
	strm_test_thread *thread = strm_test_start(
		[](void *arg) {
			auto &it = *static_cast<Caller *>(arg);
			it.id = bufcall(64, BPRI_MED, Caller::called_and_stays, arg);
		},
		&caller, 1);
	if (!EXPECT(test, thread != nullptr))
		return;
	strm_test_join(thread);
	EXPECT(test, eventually([&] { return caller.inside.acquire() == 1; }));
	unbufcall(caller.id);
	EXPECT_EQ(test, caller.called_times(), 1);
}

// The size cannot be had now; the others are not held up, and it is called when
// it can.
void no_memory_is_tried_again(kunit *test)
{
	Caller large, small;
	strm_test_fail_allocation(3); // two requests, then the first attempt
	EXPECT(test, bufcall(1500, BPRI_MED, Caller::called, &large) != 0);
	EXPECT(test, bufcall(64, BPRI_MED, Caller::called, &small) != 0);
	EXPECT(test, eventually([&] { return small.called_times() == 1; }));
	EXPECT(test, eventually([&] { return large.called_times() == 1; }));
	EXPECT_EQ(test, strm_test_fail_allocation(0), 0); // it did fail
}

void without_memory_for_the_request_there_is_no_id(kunit *test)
{
	const int references = strm_test_module_references();
	Caller caller;
	strm_test_fail_allocation(1);
	EXPECT_EQ(test, bufcall(64, BPRI_MED, Caller::called, &caller), 0);
	EXPECT_EQ(test, bufcall(~size_t(0), BPRI_MED, Caller::called, &caller), 0);
	EXPECT_EQ(test, strm_test_module_references(), references);
}

void requests_come_and_go_in_any_order(kunit *test)
{
	constexpr int many = 40;
	auto *callers = static_cast<Caller *>(lin_kzalloc(many * sizeof(Caller), LIN_GFP_KERNEL));
	Dice dice(11);
	u32 cancelled = 0;

	if (!EXPECT(test, callers != nullptr))
		return;
	for (int i = 0; i < many; i++) {
		callers[i].id = bufcall(dice.below(3000), BPRI_MED, Caller::called, &callers[i]);
		if (dice.below(3) == 0)
			strm_test_pause();
		const u32 victim = dice.below(static_cast<u32>(i) + 1);
		if (dice.below(2)) {
			unbufcall(callers[victim].id);
			const u32 calls = callers[victim].called_times();
			cancelled += calls == 0;
			strm_test_pause();
			EXPECT_EQ(test, callers[victim].called_times(), calls);
		}
	}
	for (int i = 0; i < many; i++) {
		unbufcall(callers[i].id);
		EXPECT(test, callers[i].called_times() <= 1);
	}
	lin_kfree(callers);
}

void testb_tells_whether_there_is_memory(kunit *test)
{
	EXPECT_EQ(test, testb(64, BPRI_MED), 1);
	EXPECT_EQ(test, testb(~size_t(0), BPRI_MED), 0);
	strm_test_fail_allocation(1);
	EXPECT_EQ(test, testb(64, BPRI_MED), 0);
}

void allocb_wait_waits(kunit *test)
{
	for (uint_t flags : List{ 0u, uint_t(STR_NOSIG) }) {
		int error = 0;
		strm_test_fail_allocation(1);
		Message mp(allocb_wait(1500, BPRI_MED, flags, &error));
		EXPECT(test, bool(mp));
		EXPECT_EQ(test, error, 0);
		EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
	}
}

void allocb_wait_does_not_wait_for_what_never_comes(kunit *test)
{
	for (size_t size : List{ ~size_t(0), ~size_t(0) - 64, size_t(LIN_KMALLOC_MAX_SIZE) }) {
		int error = 0;
		EXPECT_EQ(test, allocb_wait(size, BPRI_MED, STR_NOSIG, &error), nullptr);
		EXPECT_EQ(test, error, ENOSR);
		error = 0;
		EXPECT_EQ(test, allocb_cred_wait(size, 0, &error, nullptr, NOPID), nullptr);
		EXPECT_EQ(test, error, ENOSR);
		EXPECT_EQ(test, allocb_wait(size, BPRI_MED, STR_NOSIG, nullptr), nullptr);
	}
}

void allocb_wait_ends_at_a_signal(kunit *test)
{
	struct Waiter {
		int error = 0;
		bool found = true;
	} waiter;
	strm_test_thread *thread = strm_test_start(
		[](void *arg) {
			auto &it = *static_cast<Waiter *>(arg);
			strm_test_signal();
			strm_test_fail_allocation(1);
			mblk_t *mp = allocb_wait(64, BPRI_MED, 0, &it.error);
			it.found = mp != nullptr;
			freemsg(mp);
		},
		&waiter, 0);
	if (!EXPECT(test, thread != nullptr))
		return;
	strm_test_join(thread);
	EXPECT(test, !waiter.found);
	EXPECT_EQ(test, waiter.error, EINTR);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_bufcall_cases[] = {
	CASE(it_is_called_once_outside_of_interrupts),
	CASE(esbbcall_calls_when_there_is_a_block),
	CASE(the_module_is_held_while_it_waits),
	CASE(ids_differ),
	CASE(what_is_cancelled_is_not_called),
	CASE(an_unknown_id_cancels_nobody),
	CASE(a_callback_may_cancel_itself),
	CASE(a_callback_may_ask_again),
	CASE(cancelling_waits_for_the_callback),
	CASE(no_memory_is_tried_again),
	CASE(without_memory_for_the_request_there_is_no_id),
	CASE(requests_come_and_go_in_any_order),
	CASE(testb_tells_whether_there_is_memory),
	CASE(allocb_wait_waits),
	CASE(allocb_wait_does_not_wait_for_what_never_comes),
	CASE(allocb_wait_ends_at_a_signal),
	{ nullptr, nullptr },
};
