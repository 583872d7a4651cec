// SPDX-License-Identifier: GPL-2.0-only
//
// Rounds of interrupts.  See fence.hh.
#include <perimeter/fence.hh>
#include <perimeter/runner.hh>
#include <strm/atomic.hh>

namespace strm {

namespace {

struct FenceEngine {
	explicit FenceEngine(LockClass &kind) : lock(kind) {}

	RawLock lock;
	FenceRequest *gathering STRM_GUARDED_BY(lock) = nullptr; // for the next round
	FenceRequest *serving STRM_GUARDED_BY(lock) = nullptr;	 // of the round under way
	bool busy STRM_GUARDED_BY(lock) = false;

	// CPUs that have not fenced yet in this round, and one for the sender
	// until it has sent all.  Whoever takes it to 0 finishes the round.
	unsigned int outstanding = 0;
	Work finish{};
	lin_rcu_head head; // PREEMPT_RT
};

constinit LockClass fence_lock_class{ "streams_fence", {} };
constinit Late<FenceEngine> engine;

void round_part_done()
{
	// Full order: what each CPU's fence made visible is visible to whoever
	// runs the requests.
	if (__atomic_sub_fetch(&engine->outstanding, 1, __ATOMIC_SEQ_CST) == 0)
		runner_add(engine->finish);
}

void finish_round(Work &);

// On another CPU, in its hard interrupt.  (B) of the gate protocol.
void fence_here(void *)
{
	lin_smp_mb();
	round_part_done();
}

// `serving` is set and `busy` is true: this caller alone starts the round.
void start_round()
{
	lin_count(LIN_STAT_fence_rounds);
	if constexpr (LIN_PREEMPT_RT) {
		// Interrupts that the other CPUs need not have.  Whoever has claimed is a
		// reader of RCU, and so is who leaves: after a grace period the claims of
		// those who have not seen the gate closed are visible.
		lin_call_rcu(&engine->head, [](lin_rcu_head *) { finish_round(engine->finish); });
		return;
	}
	// The fence of this CPU, and the order of the gate's closing before the
	// interrupts.
	lin_smp_mb();
	__atomic_store_n(&engine->outstanding, 1, __ATOMIC_RELAXED);
	lin_ipi_other_cpus(&engine->outstanding);
	round_part_done();
}

void finish_round(Work &)
{
	FenceRequest *done;
	bool again;
	{
		IrqGuard guard(engine->lock);
		done = engine->serving;
		engine->serving = engine->gathering;
		engine->gathering = nullptr;
		again = engine->serving != nullptr;
		engine->busy = again;
	}
	if (again)
		start_round();
	while (done) {
		FenceRequest *request = done;
		done = request->next;
		request->done(*request); // may make the same request again
	}
}

} // namespace

void fence_request(FenceRequest &request)
{
	{
		IrqGuard guard(engine->lock);
		FenceRequest *&list = engine->busy ? engine->gathering : engine->serving;
		request.next = list;
		list = &request;
		if (engine->busy)
			return;
		engine->busy = true;
	}
	start_round();
}

// A round whose asker has gone may still be under way.
void fence_stop()
{
	for (;;) {
		{
			IrqGuard guard(engine->lock);
			if (!engine->busy)
				return;
		}
		lin_msleep(1);
	}
}

int fence_init()
{
	engine.make(fence_lock_class);
	engine->finish.run = finish_round;
	return lin_ipi_init(fence_here);
}

} // namespace strm
