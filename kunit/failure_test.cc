// SPDX-License-Identifier: GPL-2.0-only
//
// No memory.  Every operation is tried with its first allocation failing, then
// with its second, and so on until it goes through.  Each time it says what is
// documented, leaves everything as it was, keeps nothing and loses nothing.
#include <kunit/test.hh>
#include <streams_core/head/head.hh>

namespace strm::testing {

namespace {

void all_is_freed()
{
	strm_test_softirqs();
	lin_rcu_barrier();
}

// `attempt` has an allocation fail in each round, and none in the last one;
// `undone` looks at what a failure has left.  Returns how many rounds failed: -1
// where they do not come to an end, or leave objects.
template <typename Attempt, typename Undone>
int failures(kunit *test, Attempt attempt, Undone undone)
{
	for (int nth = 1; nth < 40; nth++) {
		all_is_freed();
		const int before = strm_test_live();
		strm_test_fail_allocation(nth);
		const long answer = attempt();
		if (strm_test_fail_allocation(0))
			return nth - 1; // there was no nth
		undone(answer);
		const bool freed = eventually([before] {
			all_is_freed();
			return strm_test_live() == before;
		});
		if (!EXPECT(test, freed))
			return -1;
	}
	return -1;
}

// ------------------------------------------------------------------ registration

constexpr int perimeter_kinds[] = { D_MP, D_MP | D_MTQPAIR, D_MP | D_MTPERMOD,
				    D_MP | D_MTPERMOD | D_MTPUTSHARED };

// What the module and the driver below have seen, by letter.
constinit Text module_seen, driver_seen;
constinit int opened, closed;

// With a message of its own, as a driver that wants one for its close has.
int careful_open(queue_t *q, dev_t *dev, int, int sflag, cred_t *)
{
	if (q->q_ptr)
		return 0;
	mblk_t *mp = allocb(0, BPRI_HI);
	if (!mp)
		return ENOSR;
	q->q_ptr = mp;
	opened++;
	if (sflag == CLONEOPEN)
		*dev = makedevice(getmajor(*dev), 7);
	qprocson(q);
	return 0;
}

int careful_close(queue_t *q, int, cred_t *)
{
	qprocsoff(q);
	freemsg(static_cast<mblk_t *>(q->q_ptr));
	closed++;
	return 0;
}

int echoing_put(queue_t *q, mblk_t *mp)
{
	driver_seen.add(letter_of(mp));
	qreply(q, mp);
	return 0;
}

int noting_put(queue_t *q, mblk_t *mp)
{
	module_seen.add(letter_of(mp));
	putnext(q, mp);
	return 0;
}

constinit qinit careful_read = { noting_put, nullptr,	 careful_open, careful_close,
				 nullptr,    &test_info, nullptr };
constinit qinit careful_write = { noting_put, nullptr,	  nullptr, nullptr,
				  nullptr,    &test_info, nullptr };
constinit qinit echoing_write = { echoing_put, nullptr,	   nullptr, nullptr,
				  nullptr,     &test_info, nullptr };
constinit streamtab careful_tab = { &careful_read, &careful_write, nullptr, nullptr };
constinit streamtab echoing_tab = { &careful_read, &echoing_write, nullptr, nullptr };

void registering_a_module(kunit *test)
{
	for (int kind : perimeter_kinds) {
		const fmodsw fm = { "careful", &careful_tab, kind };
		const int failed = failures(
			test, [&] { return strm_module_register(&fm, nullptr); },
			[&](long answer) {
				EXPECT_EQ(test, answer, ENOMEM);
				EXPECT_EQ(test, strm_module_unregister(&fm), ENOENT);
			});
		const bool module_wide = (kind & D_MTPERMOD) == D_MTPERMOD;
		EXPECT(test, failed >= (module_wide ? 2 : 1));
		EXPECT_EQ(test, strm_module_unregister(&fm), 0);
	}
}

// ---------------------------------------------------------------------- the head

// The driver, the module, and a file that is open or not.
class Files {
public:
	explicit Files(int kind)
		: module_{ "careful", &careful_tab, kind }, driver_{ "fdrv", &echoing_tab, kind,
								     1,	     0600,	   0,
								     nullptr }
	{
		opened = closed = 0;
		module_seen = driver_seen = Text();
		good_ = strm_module_register(&module_, nullptr) == 0 &&
			strm_driver_register(&driver_, nullptr) == 0;
		find_major();
		file_ = strm_test_file(LIN_O_NONBLOCK | 2);
	}
	~Files()
	{
		if (open_)
			strm_head_release(file_);
		strm_test_file_free(file_);
		strm_driver_unregister(&driver_);
		strm_module_unregister(&module_);
	}
	explicit operator bool() const { return good_ && file_; }

	int open(bool clone)
	{
		const int error = strm_head_open(file_, clone ? lin_clone_major() : major_,
						 clone ? major_ : 0);
		open_ = error == 0;
		return error;
	}
	void close()
	{
		strm_head_release(file_);
		open_ = false;
	}
	file *get() { return file_; }
	Stream &stream() { return head_of(file_).stream; }
	queue_t *driver_read()
	{
		MutexGuard guard(stream().plumbing);
		Component *it = stream().top;
		while (it->below)
			it = it->below;
		return it->rd();
	}
	int push()
	{
		MutexGuard guard(stream().plumbing);
		return insert(stream(), 0, "careful", 0, nullptr);
	}
	int pop()
	{
		MutexGuard guard(stream().plumbing);
		return remove(stream(), 0, 0, nullptr);
	}

	// 0 where nothing is there.
	char read()
	{
		char c = 0;
		return strm_test_read(file_, &c, 1) == 1 ? c : 0;
	}

private:
	void find_major()
	{
		for (major_t major = 1; major < 4096; major++) {
			Registered *found = find_driver(major);
			if (!found)
				continue;
			if (__builtin_strcmp(found->name, driver_.d_name) == 0)
				major_ = major;
			release(found);
		}
	}

	fmodsw module_;
	strm_driver driver_;
	major_t major_ = 0;
	file *file_ = nullptr;
	bool good_ = false, open_ = false;
};

// A pair needs a perimeter, unless that is the module's.  Its counters, if it has
// any, come from a block that is there, or may be made.
int for_perimeter(int flags)
{
	return modes(flags).scope == Scope::Module ? 0 : 1;
}

// The head, the pair of the driver, the perimeter; and what the driver wants.
void opening(kunit *test)
{
	for (int kind : perimeter_kinds) {
		for (bool clone : List{ false, true }) {
			Files files(kind);
			if (!EXPECT(test, bool(files)))
				return;
			const int failed = failures(
				test, [&] { return files.open(clone); },
				[&](long answer) {
					EXPECT(test, answer == -ENOMEM || answer == -ENOSR);
				});
			EXPECT(test, failed >= 2 + for_perimeter(kind));
			EXPECT_EQ(test, opened, 1);
			EXPECT_EQ(test, closed, 0);
			EXPECT_EQ(test, strm_test_write(files.get(), "a", 1), 1);
			EXPECT_EQ(test, files.read(), 'a');
			files.close();
			EXPECT_EQ(test, closed, 1);
		}
	}
}

void opening_again(kunit *test)
{
	Files files(D_MP);
	file *second = strm_test_file(2);
	if (EXPECT(test, files && second && files.open(true) == 0)) {
		const dev_t dev = files.stream().dev;
		const int failed = failures(
			test, [&] { return strm_head_open(second, getmajor(dev), getminor(dev)); },
			[](long) {});
		EXPECT_EQ(test, failed, 0); // it needs none
		EXPECT_EQ(test, opened, 1);
		strm_head_release(second);
	}
	strm_test_file_free(second);
}

void pushing(kunit *test)
{
	for (int kind : perimeter_kinds) {
		Files files(kind);
		if (!EXPECT(test, files && files.open(true) == 0))
			return;
		const int failed = failures(
			test, [&] { return files.push(); },
			[&](long answer) {
				EXPECT(test, answer == -ENOMEM || answer == -ENOSR);
				EXPECT_EQ(test, files.pop(), -EINVAL);
				EXPECT_EQ(test, strm_test_write(files.get(), "a", 1), 1);
				EXPECT_EQ(test, files.read(), 'a');
			});
		EXPECT(test, failed >= 1 + for_perimeter(kind));
		EXPECT_TEXT(test, module_seen, "aaaaaaaaaa" + (10 - module_seen.length));
		module_seen = Text();
		EXPECT_EQ(test, strm_test_write(files.get(), "b", 1), 1);
		EXPECT_EQ(test, files.read(), 'b');
		EXPECT(test, module_seen.length >= 2);
	}
}

void popping(kunit *test)
{
	for (int kind : perimeter_kinds) {
		Files files(kind);
		if (!EXPECT(test, files && files.open(true) == 0 && files.push() == 0))
			return;
		EXPECT_EQ(test,
			  failures(
				  test, [&] { return files.pop(); }, [](long) {}),
			  0);
		EXPECT_EQ(test, closed, 1);
	}
}

// A large one has its buffer apart.
void writing(kunit *test)
{
	static constinit char block[5000] = { 'w' };

	for (size_t size : List{ size_t(1), size_t(500), sizeof(block) }) {
		Files files(D_MP);
		if (!EXPECT(test, files && files.open(true) == 0))
			return;
		const int failed = failures(
			test, [&] { return strm_test_write(files.get(), block, size); },
			[&](long answer) {
				EXPECT_EQ(test, answer, -EAGAIN);
				EXPECT_TEXT(test, driver_seen, "");
				EXPECT_EQ(test, files.read(), 0);
			});
		EXPECT_EQ(test, failed, size == sizeof(block) ? 2 : 1);
		EXPECT_TEXT(test, driver_seen, "w");
		EXPECT_EQ(test, files.read(), 'w');
	}
}

// Of what is written in several messages, those before the failure are written.
void writing_more_than_one_message(kunit *test)
{
	static constinit char block[4] = { 'a', 'b', 'c', 'd' };
	Files files(D_MP);
	if (!EXPECT(test, files && files.open(true) == 0))
		return;
	WR(files.driver_read())->q_maxpsz = 1;
	for (int nth = 2; nth <= 4; nth++) {
		driver_seen = Text();
		strm_test_fail_allocation(nth);
		EXPECT_EQ(test, strm_test_write(files.get(), block, sizeof(block)), nth - 1);
		EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
		EXPECT_EQ(test, driver_seen.length, nth - 1);
		for (int i = 0; i < nth - 1; i++)
			EXPECT_EQ(test, files.read(), block[i]);
		EXPECT_EQ(test, files.read(), 0);
	}
}

void reading_and_closing(kunit *test)
{
	Files files(D_MP);
	if (!EXPECT(test, files && files.open(true) == 0))
		return;
	EXPECT_EQ(test, strm_test_write(files.get(), "ab", 2), 2);
	EXPECT_EQ(test,
		  failures(
			  test, [&] { return long(files.read()); }, [](long) {}),
		  0);
	EXPECT_EQ(test, files.read(), 'b');
	EXPECT_EQ(test, strm_test_write(files.get(), "c", 1), 1); // is still there at the end
	EXPECT_EQ(test,
		  failures(
			  test, [&] { return files.close(), 0; }, [](long) {}),
		  0);
}

// The head has no record of the band, and gets none: the message is kept all the
// same, and behind what came before it.
void a_band_comes_up(kunit *test)
{
	Files files(D_MP);
	if (!EXPECT(test, files && files.open(true) == 0))
		return;
	for (int nth = 1; nth <= 4; nth++) {
		putnext(files.driver_read(), letter('a'));
		mblk_t *mp = letter('b', M_DATA, 3);
		strm_test_fail_allocation(nth);
		putnext(files.driver_read(), mp);
		strm_test_fail_allocation(0);
		char both[3] = {};
		EXPECT_EQ(test, strm_test_read(files.get(), both, 2), 2);
		EXPECT(test,
		       (both[0] == 'a' && both[1] == 'b') || (both[0] == 'b' && both[1] == 'a'));
	}
}

// M_ERROR makes the head send a flush, which may fail; the error stands.
void an_error_comes_up(kunit *test)
{
	for (int nth : List{ 0, 1 }) {
		Files files(D_MP);
		if (!EXPECT(test, files && files.open(true) == 0))
			return;
		mblk_t *mp = letter(EPROTO, M_ERROR);
		strm_test_fail_allocation(nth);
		putnext(files.driver_read(), mp);
		EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
		char c;
		EXPECT_EQ(test, strm_test_read(files.get(), &c, 1), -EPROTO);
		EXPECT_EQ(test, strm_test_write(files.get(), "a", 1), -EPROTO);
	}
}

// ------------------------------------------------------------------------ queues

// Bands whose records could be made stay; the message is the caller's, and what
// was on the queue is as it was.
void queueing_in_a_band(kunit *test)
{
	int (*const ways[])(queue_t * q, mblk_t * mp) = {
		putq,
		putbq,
		[](queue_t *q, mblk_t *mp) { return insq(q, q->q_first, mp); },
	};

	for (auto *way : ways) {
		for (int nth = 1; nth <= 5; nth++) {
			Pair pair(serving);
			if (!EXPECT(test, bool(pair)))
				return;
			queue_t *q = pair.rd();
			putq(q, letter('a'));
			strm_test_softirqs();
			pair.up.services = 0;
			mblk_t *mp = letter('b', M_DATA, 4);

			strm_test_fail_allocation(nth);
			const int answer = way(q, mp);
			const bool failed = strm_test_fail_allocation(0) == 0;
			EXPECT_EQ(test, failed, nth <= 4);
			EXPECT_EQ(test, answer, !failed);
			strm_test_softirqs();
			if (failed) {
				EXPECT_TEXT(test, queued(q), "a");
				EXPECT_EQ(test, q->q_count, 1);
				EXPECT_EQ(test, q->q_mblkcnt, 1);
				EXPECT_EQ(test, q->q_nband, nth - 1);
				EXPECT_EQ(test, q->q_flag & QWANTR, QWANTR);
				EXPECT_EQ(test, pair.up.services, 0);
				EXPECT(test, !mp->b_next && !mp->b_prev && mp->b_band == 4);
				EXPECT_EQ(test, way(q, mp), 1);
			}
			EXPECT_TEXT(test, queued(q), "ba");
		}
	}
}

void control_messages(kunit *test)
{
	int (*const ways[])(queue_t * q) = {
		[](queue_t *q) { return putctl(q, M_HANGUP); },
		[](queue_t *q) { return putctl1(q, M_ERROR, 'x'); },
		[](queue_t *q) { return putnextctl(q, M_HANGUP); },
		[](queue_t *q) { return putnextctl1(q, M_ERROR, 'x'); },
	};

	for (auto *way : ways) {
		Pair head(passing);
		Pair driver(passing, D_MP, &head);
		if (!EXPECT(test, head && driver))
			return;
		const int failed = failures(
			test, [&] { return way(driver.rd()); },
			[&](long answer) {
				EXPECT_EQ(test, answer, 0);
				EXPECT_EQ(test, head.up.seen.length + driver.up.seen.length, 0);
			});
		EXPECT_EQ(test, failed, 1);
		EXPECT_EQ(test, head.up.seen.length + driver.up.seen.length, 1);
	}
}

// Without memory for a band an interrupt handler's putq() sends the message on:
// nobody is there who could be told.
void putq_from_an_interrupt(kunit *test)
{
	Pair head(passing);
	Pair module(serving, D_MP, &head);
	if (!EXPECT(test, head && module))
		return;
	struct Call {
		queue_t *q;
		mblk_t *mp;
	} call{ module.rd(), letter('b', M_DATA, 2) };

	strm_test_fail_allocation(1);
	strm_test_in_interrupt(
		[](void *data) {
			const Call &it = *static_cast<Call *>(data);
			putq(it.q, it.mp);
		},
		&call);
	// It goes no other way than the others: it is of a band that has a record.
	EXPECT(test, eventually([&] { return module.up.services == 1; }));
	EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
	EXPECT_TEXT(test, queued(module.rd()), "b");
	EXPECT_EQ(test, module.rd()->q_first->b_band, 0);
	EXPECT_TEXT(test, head.up.seen, "");
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_failure_cases[] = {
	CASE(registering_a_module),
	CASE(opening),
	CASE(opening_again),
	CASE(pushing),
	CASE(popping),
	CASE(writing),
	CASE(writing_more_than_one_message),
	CASE(reading_and_closing),
	CASE(a_band_comes_up),
	CASE(an_error_comes_up),
	CASE(queueing_in_a_band),
	CASE(control_messages),
	CASE(putq_from_an_interrupt),
	{ nullptr, nullptr },
};
