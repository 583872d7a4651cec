// SPDX-License-Identifier: GPL-2.0-only
//
// Registration, and streams that come together and apart while messages pass.
#include <kunit/test.hh>
#include <streams_core/plumbing/stream.hh>
#include <sys/errno.h>
#include <sys/file.h>

namespace strm::testing {

namespace {

// ------------------------------------------------- a module and a driver to register

// What open finds prepared and close leaves behind; one at a time.
struct Instance {
	Watch up, down;
	int opens = 0;
	int closes = 0;
	int open_error = 0;
	int flags = -1; // as the last open or close was told
	bool procs_on = true;
	void (*in_open)(queue_t *q) = nullptr;
	void (*in_close)(queue_t *q) = nullptr;
};

constinit Instance module_instance, driver_instance;
constinit Text closing; // who was closed, in order

int open_as(Instance &instance, queue_t *q)
{
	instance.opens++;
	if (instance.open_error)
		return instance.open_error;
	q->q_ptr = &instance.up;
	WR(q)->q_ptr = &instance.down;
	if (instance.in_open)
		instance.in_open(q);
	if (instance.procs_on)
		qprocson(q);
	return 0;
}

int close_as(Instance &instance, queue_t *q, char name)
{
	instance.closes++;
	closing.add(name);
	if (instance.in_close)
		instance.in_close(q);
	qprocsoff(q);
	return 0;
}

int module_open(queue_t *q, dev_t *, int oflag, int, cred_t *)
{
	module_instance.flags = oflag;
	return open_as(module_instance, q);
}

int module_close(queue_t *q, int flag, cred_t *)
{
	module_instance.flags = flag;
	return close_as(module_instance, q, 'm');
}

int driver_open(queue_t *q, dev_t *, int oflag, int, cred_t *)
{
	driver_instance.flags = oflag;
	return open_as(driver_instance, q);
}

int driver_close(queue_t *q, int flag, cred_t *)
{
	driver_instance.flags = flag;
	return close_as(driver_instance, q, 'd');
}

constinit qinit module_read = { watched_put, nullptr,	 module_open, module_close,
				nullptr,     &test_info, nullptr };
constinit qinit driver_read = { watched_put, nullptr,	 driver_open, driver_close,
				nullptr,     &test_info, nullptr };
constinit streamtab module_tab = { &module_read, &passing, nullptr, nullptr };
constinit streamtab driver_tab = { &driver_read, &passing, nullptr, nullptr };

constinit fmodsw test_module = { "tmod", &module_tab, D_MP };
constinit strm_driver test_driver = { "tdrv", &driver_tab, D_MP, 0, 0600, 0, nullptr };
constinit LockClass plumbing_class{ "streams_test_plumbing", {} };

Registered *driver_by_name(const char *name)
{
	for (major_t major = 0; major < 4096; major++) {
		Registered *found = find_driver(major);
		if (found && __builtin_strcmp(found->name, name) == 0)
			return found;
		if (found)
			release(found);
	}
	return nullptr;
}

// A stream over the test driver, with the test module registered.
struct Assembly {
	explicit Assembly(int module_flags = D_MP)
	{
		module_instance = Instance();
		driver_instance = Instance();
		module_instance.up.on_put = pass;
		module_instance.down.on_put = pass;
		closing = Text();
		test_module.f_flag = module_flags;
		registered = strm_module_register(&test_module, nullptr) == 0 &&
			     strm_driver_register(&test_driver, nullptr) == 0;
		stream.driver = driver_by_name("tdrv");
		Perimeter *perimeter = Perimeter::create(modes(D_MP));
		if (!registered || !stream.driver || !perimeter)
			return;
		stream.head = create_pair<QueuePair>(
			{ "head", &passing, &serving, modes(D_MP), *perimeter, nullptr, nullptr });
		perimeter->put();
		if (!stream.head)
			return;
		stream.head->rd()->q_ptr = &up;
		stream.head->wr()->q_ptr = &down;
		MutexGuard guard(stream.plumbing);
		dev_t dev = 0;
		opened = open_driver(stream, dev, 0, 0, nullptr) == 0;
	}
	~Assembly()
	{
		if (stream.head) {
			MutexGuard guard(stream.plumbing);
			dismantle(stream, 0, nullptr);
			stream.head->put();
		}
		if (stream.driver)
			release(stream.driver);
		strm_driver_unregister(&test_driver);
		strm_module_unregister(&test_module);
	}
	explicit operator bool() const { return opened; }

	int push(const char *name = "tmod")
	{
		MutexGuard guard(stream.plumbing);
		return insert(stream, 0, name, 0, nullptr);
	}
	int pop()
	{
		MutexGuard guard(stream.plumbing);
		return remove(stream, 0, 0, nullptr);
	}
	void send(char c) { putnext(stream.head->wr(), letter(c)); }
	// The driver's write queue has no room left; freed with the stream.
	bool fill()
	{
		mblk_t *mp = allocb(test_hiwat, BPRI_MED);
		if (!mp)
			return false;
		mp->b_wptr += test_hiwat;
		return putq(stream.head->wr()->q_next, mp);
	}

	Stream stream{ plumbing_class };
	Watch up, down;
	bool registered = false;
	bool opened = false;
};

// ------------------------------------------------------------------ registration

fmodsw named(const char *name)
{
	fmodsw fm{ {}, &module_tab, D_MP };
	for (size_t i = 0; i < sizeof(fm.f_name) && name[i]; i++)
		fm.f_name[i] = name[i];
	return fm;
}

void a_name_is_one_to_eight_plain_characters(kunit *test)
{
	constexpr struct {
		const char *name;
		int error;
	} rows[] = {
		{ "", EINVAL },		 { "a", 0 },	    { "eight_ch", 0 },
		{ "nine_char", EINVAL }, { "a b", EINVAL }, { "a/b", EINVAL },
		{ "a.b", EINVAL },	 { "a;b", EINVAL }, { "Az09_-", 0 },
	};

	for (const auto &row : rows) {
		const fmodsw fm = named(row.name);
		EXPECT_EQ(test, strm_module_register(&fm, nullptr), row.error);
		if (!row.error)
			EXPECT_EQ(test, strm_module_unregister(&fm), 0);
	}
}

void a_name_is_registered_once_and_unregistered_once(kunit *test)
{
	const fmodsw fm = named("twice");
	EXPECT_EQ(test, strm_module_unregister(&fm), ENOENT);
	EXPECT_EQ(test, strm_module_register(&fm, nullptr), 0);
	EXPECT_EQ(test, strm_module_register(&fm, nullptr), EEXIST);
	EXPECT_EQ(test, strm_module_unregister(&fm), 0);
	EXPECT_EQ(test, strm_module_unregister(&fm), ENOENT);
}

void modules_and_drivers_have_names_of_their_own(kunit *test)
{
	const fmodsw fm = named("tdrv");
	EXPECT_EQ(test, strm_driver_register(&test_driver, nullptr), 0);
	EXPECT_EQ(test, strm_module_register(&fm, nullptr), 0);
	EXPECT_EQ(test, strm_driver_register(&test_driver, nullptr), EEXIST);
	EXPECT_EQ(test, strm_module_unregister(&fm), 0);
	EXPECT_EQ(test, strm_driver_unregister(&test_driver), 0);
	EXPECT_EQ(test, strm_driver_unregister(&test_driver), ENOENT);
}

void an_illegal_or_unsupported_flag_word_is_refused(kunit *test)
{
	for (int flags : List{ 0, D_MTQPAIR, D_MP | _D_OLD, D_MP | D_MTPUTSHARED, D_MP | D_MTOCEXCL,
			       D_MP | D_MTPERMOD | D_MTOUTPERIM }) {
		fmodsw fm = named("flags");
		fm.f_flag = flags;
		EXPECT_EQ(test, strm_module_register(&fm, nullptr), EINVAL);
		strm_driver driver = test_driver;
		driver.d_flag = flags;
		EXPECT_EQ(test, strm_driver_register(&driver, nullptr), EINVAL);
	}
}

void a_streamtab_without_its_procedures_is_refused(kunit *test)
{
	void (*const breaks[])(streamtab & tab, qinit & read, qinit & write) = {
		[](streamtab &tab, qinit &, qinit &) { tab.st_rdinit = nullptr; },
		[](streamtab &tab, qinit &, qinit &) { tab.st_wrinit = nullptr; },
		[](streamtab &, qinit &read, qinit &) { read.qi_putp = nullptr; },
		[](streamtab &, qinit &read, qinit &) { read.qi_qopen = nullptr; },
		[](streamtab &, qinit &read, qinit &) { read.qi_qclose = nullptr; },
		[](streamtab &, qinit &read, qinit &) { read.qi_minfo = nullptr; },
		[](streamtab &, qinit &, qinit &write) { write.qi_putp = nullptr; },
		[](streamtab &, qinit &, qinit &write) { write.qi_minfo = nullptr; },
	};

	fmodsw fm = named("tab");
	fm.f_str = nullptr;
	EXPECT_EQ(test, strm_module_register(&fm, nullptr), EINVAL);
	for (auto *break_it : breaks) {
		qinit read = module_read, write = passing;
		streamtab tab = { &read, &write, nullptr, nullptr };
		break_it(tab, read, write);
		fm.f_str = &tab;
		EXPECT_EQ(test, strm_module_register(&fm, nullptr), EINVAL);
	}
}

void registering_without_memory_leaves_nothing(kunit *test)
{
	fmodsw fm = named("nomem");
	fm.f_flag = D_MP | D_MTPERMOD;
	for (int nth : List{ 1, 2 }) {
		strm_test_fail_allocation(nth);
		EXPECT_EQ(test, strm_module_register(&fm, nullptr), ENOMEM);
		strm_test_fail_allocation(0);
		EXPECT_EQ(test, strm_module_unregister(&fm), ENOENT);
	}
}

// ----------------------------------------------------------------- push and pop

void messages_pass_what_is_pushed_and_no_longer_what_is_popped(kunit *test)
{
	Assembly assembly;
	if (!EXPECT(test, bool(assembly)))
		return;
	driver_instance.down.on_put = [](Watch &, queue_t *q, mblk_t *mp) { qreply(q, mp); };
	assembly.send('a');
	EXPECT_EQ(test, assembly.push(), 0);
	assembly.send('b');
	EXPECT_EQ(test, assembly.pop(), 0);
	assembly.send('c');
	EXPECT_TEXT(test, driver_instance.down.seen, "abc");
	EXPECT_TEXT(test, assembly.up.seen, "abc");
	EXPECT_TEXT(test, module_instance.down.seen, "b");
	EXPECT_TEXT(test, module_instance.up.seen, "b");
	EXPECT_EQ(test, module_instance.opens, 1);
	EXPECT_EQ(test, module_instance.closes, 1);
}

void a_stream_is_closed_from_the_top(kunit *test)
{
	{
		Assembly assembly;
		if (!EXPECT(test, bool(assembly)))
			return;
		EXPECT_EQ(test, assembly.push(), 0);
		EXPECT_EQ(test, assembly.push(), 0);
	}
	EXPECT_TEXT(test, closing, "mmd");
}

void reopening_calls_every_open_procedure(kunit *test)
{
	Assembly assembly;
	if (!EXPECT(test, bool(assembly)))
		return;
	EXPECT_EQ(test, assembly.push(), 0);
	MutexGuard guard(assembly.stream.plumbing);
	EXPECT_EQ(test, reopen(assembly.stream, 0, nullptr), 0);
	EXPECT_EQ(test, module_instance.opens, 2);
	EXPECT_EQ(test, driver_instance.opens, 2);
	EXPECT_EQ(test, module_instance.closes, 0);
}

void reading_and_writing_are_bits_of_their_own(kunit *test)
{
	constexpr struct {
		int open2, ddi;
	} rows[] = { { 0, FREAD },
		     { 1, FWRITE },
		     { 2, FREAD | FWRITE },
		     { LIN_O_NONBLOCK | 2, FNONBLOCK | FREAD | FWRITE } };
	{
		Assembly assembly;
		if (!EXPECT(test, bool(assembly)))
			return;
		for (auto &row : rows) {
			MutexGuard guard(assembly.stream.plumbing);
			EXPECT_EQ(test, reopen(assembly.stream, row.open2, nullptr), 0);
			EXPECT_EQ(test, driver_instance.flags, row.ddi);
		}
		driver_instance.flags = -1;
	}
	EXPECT_EQ(test, driver_instance.flags, FREAD); // closed as opened with 0
}

void an_open_that_fails_leaves_the_stream_as_it_was(kunit *test)
{
	Assembly assembly;
	if (!EXPECT(test, bool(assembly)))
		return;
	module_instance.open_error = EACCES;
	EXPECT_EQ(test, assembly.push(), -EACCES);
	EXPECT_EQ(test, module_instance.closes, 0);
	assembly.send('a');
	EXPECT_TEXT(test, driver_instance.down.seen, "a");
	EXPECT_EQ(test, assembly.pop(), -EINVAL);
}

void a_push_without_memory_leaves_the_stream_as_it_was(kunit *test)
{
	Assembly assembly;
	if (!EXPECT(test, bool(assembly)))
		return;
	for (int nth : List{ 1, 2 }) { // the perimeter, the pair
		strm_test_fail_allocation(nth);
		EXPECT_EQ(test, assembly.push(), -ENOMEM);
		strm_test_fail_allocation(0);
	}
	EXPECT_EQ(test, module_instance.opens, 0);
	assembly.send('a');
	EXPECT_TEXT(test, driver_instance.down.seen, "a");
}

void unknown_modules_and_more_than_sixteen_are_refused(kunit *test)
{
	Assembly assembly;
	if (!EXPECT(test, bool(assembly)))
		return;
	EXPECT_EQ(test, assembly.push("nosuch"), -EINVAL);
	EXPECT_EQ(test, assembly.push("no/such"), -EINVAL);
	EXPECT_EQ(test, assembly.pop(), -EINVAL);
	for (u32 i = 0; i < most_pushed; i++)
		EXPECT_EQ(test, assembly.push(), 0);
	EXPECT_EQ(test, assembly.push(), -EINVAL);
	for (u32 i = 0; i < most_pushed; i++)
		EXPECT_EQ(test, assembly.pop(), 0);
	EXPECT_EQ(test, assembly.pop(), -EINVAL);
}

void only_a_module_perimeter_is_shared_by_two_instances(kunit *test)
{
	for (int flags :
	     List{ D_MP, D_MP | D_MTQPAIR, D_MP | D_MTPERMOD, D_MP | D_MTPERMOD | D_MTPUTSHARED }) {
		Assembly assembly(flags);
		if (!EXPECT(test, bool(assembly)))
			return;
		EXPECT_EQ(test, assembly.push(), 0);
		EXPECT_EQ(test, assembly.push(), 0);
		Component *top = assembly.stream.top;
		EXPECT_EQ(test, &top->perimeter() == &top->below->perimeter(),
			  (flags & D_MTPERMOD) == D_MTPERMOD);
		EXPECT_EQ(test, top->perimeter().sole(), modes(flags).put == Access::Exclusive);
	}
}

// ---------------------------------------------------------- qprocson and qprocsoff

// From the head, which driver_instance.up.more points to.
void send_through(char c)
{
	putnext(static_cast<queue_t *>(driver_instance.up.more), letter(c));
}

void messages_flow_around_until_qprocson_and_after_qprocsoff(kunit *test)
{
	Assembly assembly;
	if (!EXPECT(test, bool(assembly)))
		return;
	driver_instance.up.more = assembly.stream.head->wr();
	module_instance.procs_on = false; // in_open does it
	module_instance.in_open = [](queue_t *q) {
		send_through('a');
		qprocson(q);
		send_through('b');
	};
	module_instance.in_close = [](queue_t *q) {
		send_through('c');
		qprocsoff(q);
		send_through('d');
		qprocsoff(q); // idempotent
	};
	EXPECT_EQ(test, assembly.push(), 0);
	EXPECT_EQ(test, assembly.pop(), 0);
	EXPECT_TEXT(test, module_instance.down.seen, "bc");
	EXPECT_TEXT(test, driver_instance.down.seen, "abcd");
}

void an_open_without_qprocson_has_it_done(kunit *test)
{
	Assembly assembly;
	if (!EXPECT(test, bool(assembly)))
		return;
	module_instance.procs_on = false;
	EXPECT_EQ(test, assembly.push(), 0);
	assembly.send('a');
	EXPECT_TEXT(test, module_instance.down.seen, "a");
}

// Its perimeter is exclusive: what it is sent while it closes waits there.
void what_waits_at_a_closing_queue_goes_on_in_order(kunit *test)
{
	Pair head(passing);
	Pair driver(passing, D_MP, &head);
	Pair module(passing, D_MP | D_MTQPAIR, &head);
	if (!EXPECT(test, head && driver && module))
		return;
	module.perimeter().enter(Access::Exclusive);
	for (char c : List{ 'a', 'b', 'c' })
		putnext(head.wr(), letter(c));
	putnext(driver.rd(), letter('u'));
	EXPECT_TEXT(test, driver.down.seen, "");
	module.get().procs_off();
	EXPECT_TEXT(test, driver.down.seen, "abc");
	EXPECT_TEXT(test, head.up.seen, "u");
	putnext(head.wr(), letter('d')); // past it, although it is still owned
	EXPECT_TEXT(test, driver.down.seen, "abcd");
	module.perimeter().exit(Access::Exclusive);
	EXPECT_TEXT(test, module.down.seen, "");
	EXPECT_TEXT(test, module.up.seen, "");
}

// It comes as from an interrupt that is faster than the put procedure behind the queue.
void a_queue_closes_although_more_comes_all_the_time(kunit *test)
{
	struct Below {
		queue_t *head;
		QueuePair *closing;
		Text while_it_closed;
	} below{};
	Pair head(passing);
	Pair driver(passing, D_MP, &head);
	Pair module(passing, D_MP | D_MTQPAIR, &head);
	if (!EXPECT(test, head && driver && module))
		return;
	below.head = head.wr();
	below.closing = &module.get();
	driver.down.more = &below;
	driver.down.on_put = [](Watch &watch, queue_t *, mblk_t *mp) {
		auto *it = static_cast<Below *>(watch.more);
		const char c = letter_of(mp);
		freemsg(mp);
		if (!it->closing->retired().relaxed())
			it->while_it_closed.add(c);
		if (c < 'z')
			putnext(it->head, letter(static_cast<char>(c + 1)));
	};
	module.perimeter().enter(Access::Exclusive);
	putnext(head.wr(), letter('a'));
	module.get().procs_off();
	EXPECT_TEXT(test, below.while_it_closed, "a"); // and no more of them
	module.perimeter().exit(Access::Exclusive);
	EXPECT(test, eventually([&] { return driver.down.seen.length == 26; }));
	EXPECT_TEXT(test, driver.down.seen, "abcdefghijklmnopqrstuvwxyz");
	EXPECT_TEXT(test, module.down.seen, "");
}

void closing_waits_for_who_is_inside_and_keeps_the_order(kunit *test)
{
	Pair head(passing);
	Pair driver(passing, D_MP, &head);
	Pair module(passing, D_MP, &head);
	if (!EXPECT(test, head && driver && module))
		return;
	module.down.on_put = pass;
	putnext(head.wr(), letter('a'));
	module.perimeter().enter(Access::Shared);
	strm_test_thread *closer = strm_test_start(
		[](void *pair) { static_cast<Pair *>(pair)->close(); }, &module, 0);
	if (EXPECT(test, closer != nullptr)) {
		EXPECT(test, strm_test_asleep(closer));
		putnext(head.wr(), letter('b'));
		putnext(head.wr(), letter('c'));
		EXPECT_TEXT(test, driver.down.seen, "a");
	}
	module.perimeter().exit(Access::Shared);
	if (closer)
		strm_test_join(closer);
	putnext(head.wr(), letter('d'));
	EXPECT_TEXT(test, driver.down.seen, "abcd");
	EXPECT_TEXT(test, module.down.seen, "a");
}

// Somebody has read a pointer to the queue before it was taken out.
void a_late_message_to_a_closed_queue_goes_on_to_the_next(kunit *test)
{
	for (int flags : List{ D_MP, D_MP | D_MTQPAIR }) {
		Pair head(passing);
		Pair driver(passing, D_MP, &head);
		Pair module(passing, flags, &head);
		if (!EXPECT(test, head && driver && module))
			return;
		QueuePair &kept = module.get();
		if (!EXPECT(test, kept.try_get()))
			return;
		module.close();
		put(kept.wr(), letter('a'));
		put(kept.rd(), letter('b'));
		EXPECT_TEXT(test, driver.down.seen, "a");
		EXPECT_TEXT(test, head.up.seen, "b");
		EXPECT_TEXT(test, module.down.seen, "");
		kept.put();
	}
}

void what_is_queued_is_freed_with_the_pair(kunit *test)
{
	const int before = strm_test_live();
	{
		Pair pair(serving, D_MP, nullptr, false);
		if (!EXPECT(test, bool(pair)))
			return;
		for (unsigned char band : List{ 0, 1, 5 })
			putq(pair.rd(), letter('a', M_DATA, band));
		putq(pair.wr(), letter('b', M_PCPROTO));
		EXPECT(test, strm_test_live() > before);
	}
	EXPECT(test, eventually([before] {
		       lin_rcu_barrier();
		       return strm_test_live() == before;
	       }));
}

void a_push_enables_the_writer_who_waits_above(kunit *test)
{
	Assembly assembly;
	if (!EXPECT(test, bool(assembly)) || !EXPECT(test, assembly.fill()))
		return;
	EXPECT_EQ(test, canputnext(assembly.stream.head->wr()), 0);
	const int before = assembly.down.services;
	EXPECT_EQ(test, assembly.push(), 0);
	EXPECT_EQ(test, assembly.down.services, before + 1);
}

// Between the two a module comes in: the mark is gone, and who walks from the driver
// to the waiter will find the module in the way.
void a_push_enables_whose_mark_was_taken(kunit *test)
{
	Assembly assembly;
	if (!EXPECT(test, bool(assembly)) || !EXPECT(test, assembly.fill()))
		return;
	EXPECT_EQ(test, canputnext(assembly.stream.head->wr()), 0);
	{
		queue_t *driver = assembly.stream.head->wr()->q_next;
		SpinGuard guard(inner(driver).lock);
		change_flags(driver, 0, QWANTW);
	}
	const int before = assembly.down.services;
	EXPECT_EQ(test, assembly.push(), 0);
	EXPECT_EQ(test, assembly.down.services, before + 1);
	EXPECT_EQ(test, assembly.pop(), 0);
	EXPECT_EQ(test, assembly.down.services, before + 2);
}

// What a close waits for.
void what_waits_at_the_perimeter_is_not_drained(kunit *test)
{
	Pair pair(passing, sole_pair);
	if (!EXPECT(test, bool(pair)))
		return;
	EXPECT(test, drained(pair.wr()));
	pair.perimeter().enter(Access::Exclusive);
	put(pair.wr(), letter('a'));
	const bool while_waiting = drained(pair.wr());
	pair.perimeter().exit(Access::Exclusive);
	EXPECT(test, !while_waiting);
	EXPECT(test, drained(pair.wr()));
	EXPECT_TEXT(test, pair.down.seen, "a");
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_plumbing_cases[] = {
	CASE(a_name_is_one_to_eight_plain_characters),
	CASE(a_name_is_registered_once_and_unregistered_once),
	CASE(modules_and_drivers_have_names_of_their_own),
	CASE(an_illegal_or_unsupported_flag_word_is_refused),
	CASE(a_streamtab_without_its_procedures_is_refused),
	CASE(registering_without_memory_leaves_nothing),
	CASE(messages_pass_what_is_pushed_and_no_longer_what_is_popped),
	CASE(a_stream_is_closed_from_the_top),
	CASE(reopening_calls_every_open_procedure),
	CASE(reading_and_writing_are_bits_of_their_own),
	CASE(an_open_that_fails_leaves_the_stream_as_it_was),
	CASE(a_push_without_memory_leaves_the_stream_as_it_was),
	CASE(unknown_modules_and_more_than_sixteen_are_refused),
	CASE(only_a_module_perimeter_is_shared_by_two_instances),
	CASE(messages_flow_around_until_qprocson_and_after_qprocsoff),
	CASE(an_open_without_qprocson_has_it_done),
	CASE(what_waits_at_a_closing_queue_goes_on_in_order),
	CASE(a_queue_closes_although_more_comes_all_the_time),
	CASE(closing_waits_for_who_is_inside_and_keeps_the_order),
	CASE(a_late_message_to_a_closed_queue_goes_on_to_the_next),
	CASE(what_is_queued_is_freed_with_the_pair),
	CASE(a_push_enables_the_writer_who_waits_above),
	CASE(what_waits_at_the_perimeter_is_not_drained),
	CASE(a_push_enables_whose_mark_was_taken),
	{ nullptr, nullptr },
};
