// SPDX-License-Identifier: GPL-2.0-only
#include "module.hh"

#include <perimeter/modes.hh>
#include <strm/perimeters.h>
#include <sys/conf.h>

namespace strm::test {

constinit Done done;

namespace {

Instance &instance_of(queue_t *q)
{
	return *static_cast<Instance *>(q->q_ptr);
}

void begin(Inside &inside, Access access)
{
	access == Access::Shared ? inside.begin_shared() : inside.begin_alone();
}

void end(Inside &inside, Access access)
{
	access == Access::Shared ? inside.end_shared() : inside.end_alone();
}

// A procedure, or a callback, is inside.
class Visit : NoCopy {
public:
	Visit(queue_t *q, EntryPoint point)
		: it_(instance_of(q)), inner_(it_.inside(q)), access_(it_.pair.access(point))
	{
		if (it_.closed)
			broken("something runs after close", q);
		if (it_.kind.outer)
			it_.kind.around.begin_shared();
		begin(inner_, access_);
	}
	~Visit() { end(); }

	void end()
	{
		if (over_)
			return;
		over_ = true;
		strm::test::end(inner_, access_);
		if (it_.kind.outer)
			it_.kind.around.end_shared();
	}

private:
	Instance &it_;
	Inside &inner_;
	Access access_;
	bool over_ = false;
};

// The function of a qwriter() runs.
class Alone : NoCopy {
public:
	Alone(queue_t *q, bool outer)
		: inside_(outer ? instance_of(q).kind.around : instance_of(q).inside(q))
	{
		if (instance_of(q).closed)
			broken("a qwriter() function runs after close", q);
		inside_.begin_alone();
	}
	~Alone() { inside_.end_alone(); }

private:
	Inside &inside_;
};

void go_on(queue_t *q, mblk_t *mp)
{
	if (instance_of(q).kind.queues)
		putq(q, mp);
	else
		putnext(q, mp);
}

template <bool outer> void written(queue_t *q, mblk_t *mp)
{
	Instance &it = instance_of(q);
	{
		Alone alone(q, outer);
		spin(payload_of(mp).dice % 16);
		it.writers.fetch_sub(1);
	}
	go_on(q, mp);
}

void write(queue_t *q, mblk_t *mp, bool outer)
{
	instance_of(q).writers.fetch_add(1);
	done.writers.fetch_add(1);
	if (outer)
		qwriter(q, mp, written<true>, PERIM_OUTER);
	else
		qwriter(q, mp, written<false>, PERIM_INNER);
}

// A message that stays in the module, and comes back to it `times`.
void nudge(queue_t *q, u32 times)
{
	mblk_t *mp = allocb(sizeof(Payload), BPRI_MED);
	mp->b_datap->db_type = M_CTL;
	mp->b_wptr += sizeof(Payload);
	payload_of(mp) = {};
	payload_of(mp).number = times;
	put(q, mp);
}

Timer &timer_of(queue_t *q)
{
	return instance_of(q).timers[!instance_of(q).is_read(q)];
}

void timed_out(void *arg)
{
	auto *q = static_cast<queue_t *>(arg);
	Visit visit(q, EntryPoint::Callback);
	Timer &timer = timer_of(q);

	done.timers.fetch_add(1);
	while (timer.state.acquire() == Timer::Arming)
		lin_cpu_relax();
	timer.state.release(Timer::Free);
}

void set_timer(queue_t *q, u32 ticks)
{
	Timer &timer = timer_of(q);
	u32 free = Timer::Free;

	if (!timer.state.compare_exchange(free, Timer::Arming))
		return;
	timer.id.set_relaxed(qtimeout(q, timed_out, q, ticks));
	timer.state.release(Timer::Armed);
}

void cancel_timer(queue_t *q)
{
	Timer &timer = timer_of(q);
	u32 armed = Timer::Armed;

	if (!timer.state.compare_exchange(armed, Timer::Cancelling))
		return;
	if (quntimeout(q, timer.id.relaxed()) < 0)
		return; // it has been called
	done.cancelled.fetch_add(1);
	timer.state.release(Timer::Free);
}

// Where open and close are shared, nobody could say when the last is cancelled.
bool may_set_timers(const Kind &kind)
{
	return kind.modes.open_close == Access::Exclusive;
}

// True: the message is somewhere else.
bool act(queue_t *q, mblk_t *mp, Visit &visit)
{
	Kind &kind = instance_of(q).kind;
	const u32 dice = payload_of(mp).dice;

	// The same message does something else at each of its places.
	payload_of(mp).dice = dice * 1664525u + 1013904223u;
	if ((dice >> 20) % instance_of(q).calm)
		return false;
	switch (dice >> 8 & 127) {
	case 0:
	case 1:
		visit.end();
		write(q, mp, false);
		return true;
	case 2:
		visit.end();
		write(q, mp, kind.outer);
		return true;
	case 3:
		nudge(q, 1);
		break;
	case 4:
		if (!(dice >> 16 & 7))
			nudge(q, 60);
		break;
	case 5:
		if (may_set_timers(kind))
			set_timer(q, 1 + (dice >> 16 & 3));
		break;
	case 6:
		cancel_timer(q);
		break;
	case 7:
		spin(dice >> 16 & 255);
		break;
	}
	return false;
}

int module_put(queue_t *q, mblk_t *mp)
{
	Instance &it = instance_of(q);
	Visit visit(q, EntryPoint::Put);
	Payload &payload = payload_of(mp);

	if (mp->b_datap->db_type == M_CTL) {
		if (payload.number-- == 0)
			freemsg(mp);
		else
			put(q, mp);
		return 0;
	}

	Lane &lane = it.lanes[!it.is_read(q)][payload.flow];
	const u32 number = payload.number;
	lane.begin(number, false);
	lane.end(number);
	if (!act(q, mp, visit))
		go_on(q, mp);
	return 0;
}

int module_service(queue_t *q)
{
	Visit visit(q, EntryPoint::Service);

	while (mblk_t *mp = getq(q)) {
		if (!canputnext(q)) {
			putbq(q, mp);
			break;
		}
		putnext(q, mp);
	}
	return 0;
}

constinit module_info info = { 1, "test", 0, INFPSZ, 64 * sizeof(Payload), 16 * sizeof(Payload) };
constinit qinit passing = { module_put, nullptr, nullptr, nullptr, nullptr, &info, nullptr };
constinit qinit serving = { module_put, module_service, nullptr, nullptr, nullptr, &info, nullptr };

// --- head and driver ---------------------------------------------------------------

int head_write(queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
	return 0;
}

void deliver(Lane &lane, mblk_t *mp)
{
	const u32 number = payload_of(mp).number;

	lane.begin(number, true);
	freemsg(mp);
	lane.end(number);
}

// A nudge has flowed around a module that was closed.
bool lost_nudge(mblk_t *mp)
{
	if (mp->b_datap->db_type != M_CTL)
		return false;
	freemsg(mp);
	return true;
}

int head_read(queue_t *q, mblk_t *mp)
{
	if (lost_nudge(mp))
		return 0;
	deliver(static_cast<Stream *>(q->q_ptr)->up[payload_of(mp).flow], mp);
	return 0;
}

int driver_write(queue_t *q, mblk_t *mp)
{
	Stream &stream = *static_cast<Stream *>(q->q_ptr);
	if (lost_nudge(mp))
		return 0;
	Payload &payload = payload_of(mp);

	if (!payload.reflects) {
		deliver(stream.down[payload.flow], mp);
		return 0;
	}
	Lane &lane = stream.down[payload.flow];
	const u32 number = payload.number;
	lane.begin(number, true);
	lane.end(number);
	qreply(q, mp);
	return 0;
}

int driver_read(queue_t *q, mblk_t *)
{
	broken("a message that nobody sent", q);
}

constinit qinit head_reads = { head_read, nullptr, nullptr, nullptr, nullptr, &info, nullptr };
constinit qinit head_writes = { head_write, nullptr, nullptr, nullptr, nullptr, &info, nullptr };
constinit qinit driver_reads = { driver_read, nullptr, nullptr, nullptr, nullptr, &info, nullptr };
constinit qinit driver_writes = {
	driver_write, nullptr, nullptr, nullptr, nullptr, &info, nullptr
};

// --- open and close -------------------------------------------------------------------

void begin_process(Inside &inside, Access access)
{
	access == Access::Shared ? inside.begin_process() : inside.begin_alone();
}

void end_process(Inside &inside, Access access)
{
	access == Access::Shared ? inside.end_process() : inside.end_alone();
}

// An open or close procedure is inside.
class ProcessVisit : NoCopy {
public:
	explicit ProcessVisit(Instance &it) : it_(it) { begin(); }
	~ProcessVisit() { end(); }

	void begin()
	{
		if (it_.kind.outer)
			begin_process(it_.kind.around, it_.kind.modes.outer_open_close);
		for (int i = 0; i < perimeters(); i++)
			begin_process(it_.inside(i ? it_.pair.wr() : it_.pair.rd()), access());
	}
	void end()
	{
		for (int i = 0; i < perimeters(); i++)
			end_process(it_.inside(i ? it_.pair.wr() : it_.pair.rd()), access());
		if (it_.kind.outer)
			end_process(it_.kind.around, it_.kind.modes.outer_open_close);
	}

private:
	int perimeters() const { return it_.kind.modes.scope == Scope::Queue ? 2 : 1; }
	// Who owns the outer perimeter is alone in the inner ones.
	Access access() const
	{
		return it_.kind.outer && it_.kind.modes.outer_open_close == Access::Exclusive ?
			       Access::Exclusive :
			       it_.kind.modes.open_close;
	}

	Instance &it_;
};

// A service procedure that is to come would find nothing.
void drain_queues(QueuePair &pair)
{
	queue_t *const queues[] = { pair.rd(), pair.wr() };
	for (queue_t *q : queues) {
		while (mblk_t *mp = getq(q))
			putnext(q, mp);
	}
}

QueuePair *make_end(const char *name, qinit &read, qinit &write, QueuePair *head)
{
	Perimeter *perimeter = Perimeter::create(modes(D_MP));
	QueuePair *pair = create_pair<QueuePair>(
		{ name, &read, &write, modes(D_MP), *perimeter, head });

	perimeter->put();
	return pair;
}

void close_end(QueuePair *pair)
{
	pair->enter_open_close();
	pair->procs_off();
	pair->exit_open_close();
	pair->empty();
	pair->put();
}

} // namespace

Inside &Instance::inside(const queue_t *q)
{
	if (kind.shared)
		return kind.inside;
	return own[kind.modes.scope == Scope::Queue && !is_read(q)];
}

void Kind::begin(int its_flags, bool its_queues)
{
	flags = its_flags;
	queues = its_queues;
	if (validate(flags))
		broken(validate(flags), this);
	modes = strm::modes(flags);
	if (modes.outer)
		outer = Perimeter::create_outer();
	if (modes.scope == Scope::Module)
		shared = Perimeter::create(modes, outer);
}

void Kind::end()
{
	Perimeter *const perimeters[] = { shared, outer };
	for (Perimeter *perimeter : perimeters) {
		if (!perimeter)
			continue;
		const Perimeter::Picture now = perimeter->picture();
		const u32 idle = STRM_GATE_SOLE | STRM_GATE_NESTED | STRM_GATE_FENCED;
		if (now.claims || (now.word & ~idle))
			broken("a perimeter is not idle in the end", perimeter);
		perimeter->put();
	}
	if (!inside.idle() || !around.idle())
		broken("somebody is inside in the end", this);
}

void Stream::begin(int)
{
	head_ = make_end("head", head_reads, head_writes, nullptr);
	driver_ = make_end("driver", driver_reads, driver_writes, head_);
	QueuePair *const ends[] = { head_, driver_ };
	for (QueuePair *pair : ends) {
		pair->rd()->q_ptr = this;
		pair->wr()->q_ptr = this;
		pair->procs_on();
	}
}

void Stream::end()
{
	while (pushed_)
		pop(0);
	close_end(driver_);
	head_->head_off();
	head_->empty();
	head_->put();
}

void Stream::push(Kind &kind, Random &random)
{
	const bool per_queue = kind.modes.scope == Scope::Queue;
	Perimeter *read = kind.shared ? kind.shared : Perimeter::create(kind.modes, kind.outer);
	Perimeter *write = per_queue ? Perimeter::create(kind.modes, kind.outer) : nullptr;
	qinit &init = kind.queues ? serving : passing;
	QueuePair *pair = create_pair<QueuePair>(
		{ "test", &init, &init, kind.modes, *read, head_, write });
	if (!kind.shared)
		read->put();
	if (write)
		write->put();

	auto *it = new (lin_kzalloc(sizeof(Instance), LIN_GFP_KERNEL)) Instance{ kind, *pair };
	// So that some gates open, and are closed again.
	it->calm = random.one_in(2) ? 1 : random.one_in(2) ? 64 : 2048;
	pair->rd()->q_ptr = it;
	pair->wr()->q_ptr = it;
	modules_[pushed_++] = it;

	pair->enter_open_close();
	{
		ProcessVisit visit(*it);
		qprocson(pair->rd());
		if (random.one_in(4)) {
			visit.end();
			qwait(random.one_in(2) ? pair->rd() : pair->wr());
			done.waits.fetch_add(1);
			visit.begin();
		}
		if (random.one_in(4))
			machine_sleep(random.below(200));
	}
	pair->exit_open_close();
}

void Stream::reopen(int which, Random &random)
{
	Instance &it = *modules_[which];

	it.pair.enter_open_close();
	{
		ProcessVisit visit(it);
		if (random.one_in(4))
			machine_sleep(random.below(200));
	}
	it.pair.exit_open_close();
}

void Stream::pop(int which)
{
	Instance &it = *modules_[which];
	QueuePair &pair = it.pair;

	pair.enter_open_close();
	{
		ProcessVisit visit(it);
		if (it.kind.modes.open_close == Access::Exclusive && it.writers.acquire())
			broken("a qwriter() is still to come when close begins", &it);
		cancel_timer(pair.rd());
		cancel_timer(pair.wr());
		drain_queues(pair);
	}
	qprocsoff(pair.rd());
	if (it.writers.acquire())
		broken("a qwriter() is still to come after qprocsoff()", &it);
	it.closed = true;
	pair.exit_open_close();
	for (Inside &inside : it.own) {
		if (!inside.idle())
			broken("somebody is inside after close", &it);
	}
	pair.empty();
	pair.put();
	lin_kfree(&it);
	pushed_--;
	for (int i = which; i < pushed_; i++)
		modules_[i] = modules_[i + 1];
}

} // namespace strm::test
