// SPDX-License-Identifier: GPL-2.0-only
//
// What the suites share: expectations, messages spelled as text, and queue
// pairs whose procedures a test writes and watches.
#pragma once

#include <kunit/check.h>
#include <streams_core/queue/queue.hh>
#include <sys/conf.h>

namespace strm::testing {

template <typename T> long long number(T *pointer)
{
	return static_cast<long long>(reinterpret_cast<uintptr_t>(pointer));
}
inline long long number(decltype(nullptr))
{
	return 0;
}
template <typename T> long long number(T value)
{
	return static_cast<long long>(value);
}

// True where the expectation holds, so that a case can return early.  KUnit
// sleeps to report one that does not: nothing is expected with bottom halves
// off.
#define EXPECT(test, condition) \
	((condition) ? true : (strm_test_fail((test), __FILE_NAME__, __LINE__, #condition), false))

#define EXPECT_EQ(test, left, right)                                                        \
	([&](long long l, long long r) {                                                    \
		if (l != r)                                                                 \
			strm_test_fail_equal((test), __FILE_NAME__, __LINE__, #left, l, r); \
		return l == r;                                                              \
	}(strm::testing::number(left), strm::testing::number(right)))

#define EXPECT_TEXT(test, left, right)                                                     \
	([&](const char *l, const char *r) {                                               \
		const bool same = __builtin_strcmp(l, r) == 0;                             \
		if (!same)                                                                 \
			strm_test_fail_text((test), __FILE_NAME__, __LINE__, #left, l, r); \
		return same;                                                               \
	}((left), (right)))

// for (int i : List{ 1, 2, 3 })
template <typename T, size_t N> struct List {
	T items[N];

	constexpr const T *begin() const { return items; }
	constexpr const T *end() const { return items + N; }
};
template <typename T, typename... More> List(T, More...) -> List<T, 1 + sizeof...(More)>;

struct Text {
	char chars[96] = {}; // on the stack, several at a time
	size_t length = 0;

	void add(char c)
	{
		if (length + 1 < sizeof(chars))
			chars[length++] = c;
	}
	operator const char *() const { return chars; }
};

// A message spelled as text: '|' separates blocks, and a block that begins with
// '<' is M_PROTO, with '!' M_PCPROTO.  "<ab|cd" is M_PROTO "ab", M_DATA "cd".
inline mblk_t *spell(const char *text)
{
	Message message;
	mblk_t *tail = nullptr;

	for (;;) {
		mblk_t *bp = allocb(__builtin_strlen(text), BPRI_MED);
		if (!bp)
			return nullptr;
		if (tail)
			tail->b_cont = bp;
		else
			message = Message(bp);
		tail = bp;
		if (*text == '<' || *text == '!')
			bp->b_datap->db_type = *text++ == '<' ? M_PROTO : M_PCPROTO;
		while (*text && *text != '|')
			*bp->b_wptr++ = static_cast<unsigned char>(*text++);
		if (!*text++)
			return message.release();
	}
}

// The reverse.
inline Text spelled(const mblk_t *mp)
{
	Text text;

	for (const mblk_t *bp = mp; bp; bp = bp->b_cont) {
		if (bp != mp)
			text.add('|');
		if (bp->b_datap->db_type == M_PROTO)
			text.add('<');
		else if (bp->b_datap->db_type == M_PCPROTO)
			text.add('!');
		for (const unsigned char *c = bp->b_rptr; c < bp->b_wptr; c++)
			text.add(static_cast<char>(*c));
	}
	return text;
}

// A message of one letter, for tests of order.
inline mblk_t *letter(char c, int type = M_DATA, unsigned char band = 0)
{
	mblk_t *mp = allocb(1, BPRI_MED);
	if (!mp)
		return nullptr;
	mp->b_datap->db_type = static_cast<unsigned char>(type);
	mp->b_band = band;
	*mp->b_wptr++ = static_cast<unsigned char>(c);
	return mp;
}

inline char letter_of(const mblk_t *mp)
{
	return mp && mp->b_wptr > mp->b_rptr ? static_cast<char>(*mp->b_rptr) : '-';
}

// What a pair's procedures do, and what has happened to it.  `seen` has a
// letter for each message that came, in order.
struct Watch {
	void (*on_put)(Watch &watch, queue_t *q, mblk_t *mp) = nullptr; // default: free
	void (*on_service)(Watch &watch, queue_t *q) = nullptr;		// default: nothing
	Text seen;
	int services = 0;
	void *more = nullptr;
};

inline Watch &watch_of(queue_t *q)
{
	return *static_cast<Watch *>(q->q_ptr);
}

inline int watched_put(queue_t *q, mblk_t *mp)
{
	Watch &watch = watch_of(q);

	watch.seen.add(letter_of(mp));
	if (watch.on_put)
		watch.on_put(watch, q, mp);
	else
		freemsg(mp);
	return 0;
}

inline int watched_service(queue_t *q)
{
	Watch &watch = watch_of(q);

	watch.services++;
	if (watch.on_service)
		watch.on_service(watch, q);
	return 0;
}

// Ready made actions for on_put.
inline void pass(Watch &, queue_t *q, mblk_t *mp)
{
	putnext(q, mp);
}

inline void keep(Watch &, queue_t *q, mblk_t *mp)
{
	if (!putq(q, mp))
		freemsg(mp);
}

constexpr Access S = Access::Shared;
constexpr Access X = Access::Exclusive;

constexpr int sole_pair = D_MP | D_MTQPAIR;
constexpr size_t test_hiwat = 100;
constexpr size_t test_lowat = 50;

inline constinit module_info test_info = { 1, "test", 0, INFPSZ, test_hiwat, test_lowat };
inline constinit qinit passing = { watched_put, nullptr,    nullptr, nullptr,
				   nullptr,	&test_info, nullptr };
inline constinit qinit serving = { watched_put, watched_service, nullptr, nullptr,
				   nullptr,	&test_info,	 nullptr };

// A queue pair in a stream of the test's own, linked right below `head`.
// Closed, and what is on it freed, when it goes.
class Pair : NoCopy {
public:
	// `shared`: its perimeter, with D_MTPERMOD; `outer`: with D_MTOUTPERIM, if it is
	// not to have one of its own.
	explicit Pair(qinit &init, int flags = D_MP, Pair *head = nullptr, bool linked = true,
		      Perimeter *shared = nullptr, Perimeter *outer = nullptr)
		: modes_(modes(flags))
	{
		const bool per_queue = modes_.scope == Scope::Queue;
		if (outer)
			outer->get();
		else if (modes_.outer)
			outer = Perimeter::create_outer();
		if (shared)
			shared->get();
		Perimeter *read = shared ? shared : Perimeter::create(modes_, outer);
		Perimeter *write = per_queue ? Perimeter::create(modes_, outer) : nullptr;
		if (read && (write || !per_queue))
			pair_ = create_pair<QueuePair>({ "test", &init, &init, modes_, *read,
							 head ? head->pair_ : nullptr, write });
		for (Perimeter *mine : List{ read, write, outer }) {
			if (mine)
				mine->put();
		}
		if (!pair_)
			return;
		rd()->q_ptr = &up;
		wr()->q_ptr = &down;
		if (linked)
			pair_->procs_on();
	}
	~Pair() { close(); }

	void close()
	{
		if (!pair_)
			return;
		pair_->enter_open_close();
		pair_->procs_off();
		pair_->exit_open_close();
		pair_->empty();
		pair_->put();
		pair_ = nullptr;
	}

	explicit operator bool() const { return pair_ != nullptr; }
	queue_t *rd() { return pair_->rd(); }
	queue_t *wr() { return pair_->wr(); }
	QueuePair &get() { return *pair_; }
	Perimeter &perimeter() { return pair_->perimeter(); }
	Perimeter &write_perimeter() { return pair_->write_perimeter(); }

	Watch up;   // the read queue's
	Watch down; // the write queue's

private:
	Modes modes_;
	QueuePair *pair_ = nullptr;
};

// Messages on a queue, front to back, by letter.
inline Text queued(queue_t *q)
{
	Text text;
	for (const mblk_t *mp = q->q_first; mp; mp = mp->b_next)
		text.add(letter_of(mp));
	return text;
}

// Waits for what another thread or CPU brings about, two seconds at most.
template <typename Condition> bool eventually(Condition condition)
{
	for (int tries = 0; tries < 500; tries++) {
		strm_test_softirqs();
		if (condition())
			return true;
		strm_test_pause();
	}
	return false;
}

inline void let_some_time_pass(int ticks = 10)
{
	for (int i = 0; i < ticks; i++) {
		strm_test_softirqs();
		strm_test_pause();
	}
}

// A thread that enters a perimeter and stays there until it is let go.
class Insider : NoCopy {
public:
	Insider(Perimeter &perimeter, Access access, void (*inside)(Insider &) = nullptr)
		: perimeter_(perimeter), access_(access), inside_(inside)
	{
		thread_ = strm_test_start(run, this, 0);
	}
	~Insider()
	{
		let_go();
		if (thread_)
			strm_test_join(thread_);
	}

	// It sleeps at the gate.
	bool waits() { return thread_ && strm_test_asleep(thread_) && !entered_.acquire(); }
	bool is_inside()
	{
		return eventually([this] { return entered_.acquire() != 0; });
	}
	void let_go() { leave_.release(1); }
	bool has_left()
	{
		let_go();
		return eventually([this] { return left_.acquire() != 0; });
	}
	Perimeter &perimeter() { return perimeter_; }

private:
	static void run(void *self)
	{
		Insider &me = *static_cast<Insider *>(self);

		me.perimeter_.enter(me.access_);
		if (me.inside_)
			me.inside_(me);
		me.entered_.release(1);
		while (!me.leave_.acquire())
			strm_test_pause();
		me.perimeter_.exit(me.access_);
		me.left_.release(1);
	}

	Perimeter &perimeter_;
	Access access_;
	void (*inside_)(Insider &);
	Atomic<u32> entered_, leave_, left_;
	strm_test_thread *thread_;
};

// A number that is the same in every run.
class Dice {
public:
	explicit Dice(u32 seed) : state_(seed) {}
	u32 below(u32 limit)
	{
		state_ = state_ * 1664525u + 1013904223u;
		return (state_ >> 8) % limit;
	}

private:
	u32 state_;
};

} // namespace strm::testing

// A row of the table that a suite ends with.
#define CASE(name)                         \
	{                                  \
#name, strm::testing::name \
	}

// The same, for a suite that keeps its names in a namespace of its own.
#define CASE_OF(space, name)                      \
	{                                         \
#name, strm::testing::space::name \
	}
