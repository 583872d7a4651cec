// SPDX-License-Identifier: GPL-2.0-only
//
// Messages made into their own answers: <sys/strsun.h>; and whose they are.
#include <kunit/test.hh>
#include <sys/errno.h>
#include <sys/strsun.h>

namespace strm::testing {

namespace {

constexpr int command = 0x5301;

iocblk &ioc_of(mblk_t *mp)
{
	return *reinterpret_cast<iocblk *>(mp->b_rptr);
}
copyreq &request_of(mblk_t *mp)
{
	return *reinterpret_cast<copyreq *>(mp->b_rptr);
}

// An M_IOCTL as it comes down, with `data` spelled behind it.
mblk_t *an_ioctl(const char *data = nullptr)
{
	Message mp(mkiocb(command));
	if (!mp)
		return nullptr;
	if (data) {
		mblk_t *bp = spell(data);
		if (!bp)
			return nullptr;
		ioc_of(mp.get()).ioc_count = msgsize(bp);
		mp->b_cont = bp;
	}
	return mp.release();
}

mblk_t *a_transparent_ioctl(void *argument)
{
	mblk_t *mp = an_ioctl("01234567");
	if (!mp)
		return nullptr;
	ioc_of(mp).ioc_count = TRANSPARENT;
	__builtin_memcpy(mp->b_cont->b_rptr, &argument, sizeof(argument));
	return mp;
}

// A driver's write queue, and the head that sees what it sends back.
struct Answers {
	Pair head{ passing };
	Pair driver{ passing, D_MP, &head };
	mblk_t *got = nullptr;

	Answers()
	{
		head.up.more = this;
		head.up.on_put = [](Watch &watch, queue_t *, mblk_t *mp) {
			auto &me = *static_cast<Answers *>(watch.more);
			freemsg(me.got);
			me.got = mp;
		};
	}
	~Answers() { freemsg(got); }
	explicit operator bool() const { return head && driver; }
	queue_t *wq() { return driver.wr(); }
	bool come()
	{
		return eventually([this] { return got != nullptr; });
	}
	void forget()
	{
		freemsg(got);
		got = nullptr;
	}
};

void mkiocb_makes_an_ioctl_of_the_kernel(kunit *test)
{
	mblk_t *one = mkiocb(command);
	mblk_t *two = mkiocb(command);
	if (EXPECT(test, one && two)) {
		EXPECT_EQ(test, DB_TYPE(one), M_IOCTL);
		EXPECT_EQ(test, MBLKL(one), sizeof(iocblk));
		EXPECT_EQ(test, one->b_cont, nullptr);
		EXPECT(test, MBLKSIZE(one) >= static_cast<ssize_t>(sizeof(copyreq)));
		EXPECT(test, MBLKSIZE(one) >= static_cast<ssize_t>(sizeof(copyresp)));
		EXPECT_EQ(test, ioc_of(one).ioc_cmd, command);
		EXPECT_EQ(test, ioc_of(one).ioc_count, 0);
		EXPECT_EQ(test, ioc_of(one).ioc_error, 0);
		EXPECT_EQ(test, ioc_of(one).ioc_rval, 0);
		EXPECT_EQ(test, ioc_of(one).ioc_flag, IOC_NATIVE);
		EXPECT(test, ioc_of(one).ioc_cr != nullptr);
		EXPECT_EQ(test, msg_getcred(one, nullptr), ioc_of(one).ioc_cr);
		EXPECT(test, ioc_of(one).ioc_id != 0);
		EXPECT(test, ioc_of(one).ioc_id != ioc_of(two).ioc_id);
	}
	freemsg(one);
	freemsg(two);
	strm_test_fail_allocation(1);
	EXPECT_EQ(test, mkiocb(command), nullptr);
}

void miocack_answers_with_success(kunit *test)
{
	constexpr struct {
		const char *data; // null: none
		int count;
		const char *left;
	} rows[] = {
		{ nullptr, 0, "" },
		{ "abc", 0, "" },
		{ "abc", 3, "abc" },
		{ "ab|cd", 3, "ab|cd" },
	};
	Answers answers;
	if (!EXPECT(test, bool(answers)))
		return;
	for (const auto &row : rows) {
		mblk_t *mp = an_ioctl(row.data);
		if (!EXPECT(test, mp != nullptr))
			return;
		const uint_t id = ioc_of(mp).ioc_id;
		ioc_of(mp).ioc_error = EIO;
		miocack(answers.wq(), mp, row.count, 42);
		if (!EXPECT(test, answers.come()))
			return;
		EXPECT_EQ(test, DB_TYPE(answers.got), M_IOCACK);
		EXPECT_EQ(test, ioc_of(answers.got).ioc_id, id);
		EXPECT_EQ(test, ioc_of(answers.got).ioc_count, row.count);
		EXPECT_EQ(test, ioc_of(answers.got).ioc_rval, 42);
		EXPECT_EQ(test, ioc_of(answers.got).ioc_error, 0);
		EXPECT_TEXT(test, spelled(answers.got->b_cont), row.left);
		answers.forget();
	}
}

void miocnak_answers_with_an_error_and_no_data(kunit *test)
{
	constexpr struct {
		int error;
		int answered;
	} rows[] = { { EPERM, EPERM }, { 0, EINVAL } };
	Answers answers;
	if (!EXPECT(test, bool(answers)))
		return;
	for (const auto &row : rows) {
		mblk_t *mp = an_ioctl("abc");
		if (!EXPECT(test, mp != nullptr))
			return;
		ioc_of(mp).ioc_rval = 3;
		miocnak(answers.wq(), mp, 3, row.error);
		if (!EXPECT(test, answers.come()))
			return;
		EXPECT_EQ(test, DB_TYPE(answers.got), M_IOCNAK);
		EXPECT_EQ(test, ioc_of(answers.got).ioc_count, 0);
		EXPECT_EQ(test, ioc_of(answers.got).ioc_rval, 0);
		EXPECT_EQ(test, ioc_of(answers.got).ioc_error, row.answered);
		EXPECT_EQ(test, answers.got->b_cont, nullptr);
		answers.forget();
	}
}

void mioc2ack_brings_other_data(kunit *test)
{
	for (bool some : List{ false, true }) {
		mblk_t *mp = an_ioctl("abc");
		mblk_t *data = some ? spell("12345678") : nullptr;
		if (!EXPECT(test, mp != nullptr))
			return;
		ioc_of(mp).ioc_error = EIO;
		mioc2ack(mp, data, some ? 4 : 0, 7);
		EXPECT_EQ(test, DB_TYPE(mp), M_IOCACK);
		EXPECT_EQ(test, mp->b_cont, data);
		EXPECT_TEXT(test, spelled(mp->b_cont), some ? "1234" : "");
		EXPECT_EQ(test, ioc_of(mp).ioc_count, some ? 4 : 0);
		EXPECT_EQ(test, ioc_of(mp).ioc_rval, 7);
		EXPECT_EQ(test, ioc_of(mp).ioc_error, 0);
		freemsg(mp);
	}
}

void miocpullup_answers_as_the_table_says(kunit *test)
{
	constexpr struct {
		const char *data; // null: none
		size_t size;
		int result;
		const char *then;
	} rows[] = {
		{ nullptr, 0, 0, "" },
		{ nullptr, 1, EINVAL, "" },
		{ "abc", 0, 0, "abc" },
		{ "abc", 3, 0, "abc" },
		{ "abc", 4, EINVAL, "abc" },
		{ "ab|cd", 2, 0, "ab|cd" },
		{ "ab|cd", 3, 0, "abc|d" },
		{ "ab|cd|ef", 4, 0, "abcd|ef" },
		{ "ab|cd", 5, EINVAL, "ab|cd" },
		{ "ab|cd", ~size_t(0) >> 1, EINVAL, "ab|cd" },
		{ "ab|cd", ~size_t(0), EINVAL, "ab|cd" },
	};
	for (const auto &row : rows) {
		mblk_t *mp = an_ioctl(row.data);
		if (!EXPECT(test, mp != nullptr))
			return;
		EXPECT_EQ(test, miocpullup(mp, row.size), row.result);
		EXPECT_TEXT(test, spelled(mp->b_cont), row.then);
		freemsg(mp);
	}
}

void miocpullup_refuses_what_is_no_plain_ioctl(kunit *test)
{
	mblk_t *mp = a_transparent_ioctl(nullptr);
	if (!EXPECT(test, mp != nullptr))
		return;
	EXPECT_EQ(test, miocpullup(mp, 1), EINVAL);
	EXPECT_EQ(test, miocpullup(mp, 0), EINVAL);
	ioc_of(mp).ioc_count = 8;
	EXPECT_EQ(test, miocpullup(mp, 8), 0);
	mp->b_wptr--;
	EXPECT_EQ(test, miocpullup(mp, 8), EINVAL); // too short for its header
	freemsg(mp);
}

void miocpullup_without_memory_changes_nothing(kunit *test)
{
	for (int nth = 1; nth <= 2; nth++) {
		mblk_t *mp = an_ioctl("ab|cd|ef");
		if (!EXPECT(test, mp != nullptr))
			return;
		strm_test_fail_allocation(nth);
		EXPECT_EQ(test, miocpullup(mp, 4), ENOMEM);
		EXPECT_EQ(test, strm_test_fail_allocation(0), 0);
		EXPECT_TEXT(test, spelled(mp->b_cont), "ab|cd|ef");
		freemsg(mp);
	}
}

void mcopyin_asks_for_bytes_of_the_user(kunit *test)
{
	int there, state;
	for (void *address : List{ static_cast<void *>(&there), static_cast<void *>(nullptr) }) {
		mblk_t *mp = a_transparent_ioctl(&there);
		if (!EXPECT(test, mp != nullptr))
			return;
		const uint_t id = ioc_of(mp).ioc_id;
		cred_t *cr = ioc_of(mp).ioc_cr;
		mcopyin(mp, &state, 24, address);
		EXPECT_EQ(test, DB_TYPE(mp), M_COPYIN);
		EXPECT_EQ(test, MBLKL(mp), sizeof(copyreq));
		EXPECT_EQ(test, mp->b_cont, nullptr);
		EXPECT_EQ(test, request_of(mp).cq_cmd, command);
		EXPECT_EQ(test, request_of(mp).cq_id, id);
		EXPECT_EQ(test, request_of(mp).cq_cr, cr);
		EXPECT_EQ(test, request_of(mp).cq_addr, &there);
		EXPECT_EQ(test, request_of(mp).cq_size, 24);
		EXPECT_EQ(test, request_of(mp).cq_private, &state);
		freemsg(mp);
	}
}

void mcopyout_brings_bytes_to_the_user(kunit *test)
{
	int there, state;
	for (bool own_data : List{ false, true }) {
		mblk_t *mp = a_transparent_ioctl(&there);
		mblk_t *data = own_data ? spell("abcdef") : nullptr;
		if (!EXPECT(test, mp != nullptr))
			return;
		mblk_t *expected = own_data ? data : mp->b_cont;
		mcopyout(mp, &state, 4, nullptr, data);
		EXPECT_EQ(test, DB_TYPE(mp), M_COPYOUT);
		EXPECT_EQ(test, MBLKL(mp), sizeof(copyreq));
		EXPECT_EQ(test, mp->b_cont, expected);
		EXPECT_EQ(test, MBLKL(mp->b_cont), own_data ? 4 : 8);
		EXPECT_EQ(test, request_of(mp).cq_addr, &there);
		EXPECT_EQ(test, request_of(mp).cq_size, 4);
		EXPECT_EQ(test, request_of(mp).cq_private, &state);
		freemsg(mp);
	}
}

void mcopyin_without_an_address_asks_for_none(kunit *test)
{
	mblk_t *mp = an_ioctl("abc"); // less than an address
	if (!EXPECT(test, mp != nullptr))
		return;
	mcopyin(mp, nullptr, 1, nullptr);
	EXPECT_EQ(test, request_of(mp).cq_addr, nullptr);
	freemsg(mp);
}

void mcopymsg_copies_every_block_and_frees(kunit *test)
{
	constexpr struct {
		const char *message;
		const char *bytes;
	} rows[] = { { "abc", "abc" }, { "<ab|cd|!ef", "abcdef" }, { "a||b|", "ab" }, { "", "" } };
	for (const auto &row : rows) {
		const int before = strm_test_live();
		char bytes[16] = {};
		mcopymsg(spell(row.message), bytes);
		EXPECT_TEXT(test, bytes, row.bytes);
		EXPECT_EQ(test, strm_test_live(), before);
	}
}

void mexchange_uses_a_block_that_is_its_own(kunit *test)
{
	mblk_t *mp = spell("abc|def");
	if (!EXPECT(test, mp != nullptr))
		return;
	mp->b_rptr++;
	mblk_t *then = mexchange(nullptr, mp, 8, M_PCPROTO, 0x11223344);
	EXPECT_EQ(test, then, mp);
	EXPECT_EQ(test, DB_TYPE(then), M_PCPROTO);
	EXPECT_EQ(test, then->b_rptr, DB_BASE(then));
	EXPECT_EQ(test, MBLKL(then), 8);
	EXPECT_EQ(test, *reinterpret_cast<int *>(then->b_rptr), 0x11223344);
	EXPECT_TEXT(test, spelled(then->b_cont), "def");
	freemsg(then);
}

void mexchange_makes_another_where_it_must(kunit *test)
{
	mblk_t *shared = spell("abc");
	if (!EXPECT(test, shared != nullptr))
		return;
	mblk_t *dup = dupb(shared);
	for (mblk_t *mp : List{ static_cast<mblk_t *>(nullptr), spell("short"), dup }) {
		const size_t size = mp == dup ? 4 : 1000;
		mblk_t *then = mexchange(nullptr, mp, size, M_PROTO, -1);
		if (!EXPECT(test, then != nullptr))
			break;
		EXPECT_EQ(test, DB_TYPE(then), M_PROTO);
		EXPECT_EQ(test, MBLKL(then), size);
		EXPECT_EQ(test, DB_REF(then), 1);
		freemsg(then);
	}
	EXPECT_EQ(test, DB_REF(shared), 1);
	EXPECT_TEXT(test, spelled(shared), "abc");
	freemsg(shared);
}

void mexchange_without_memory_reports_it_upstream(kunit *test)
{
	Answers answers;
	if (!EXPECT(test, bool(answers)))
		return;
	for (bool told : List{ false, true }) {
		for (mblk_t *mp : List{ spell("abc"), static_cast<mblk_t *>(nullptr) }) {
			strm_test_fail_allocation(1);
			EXPECT_EQ(test,
				  mexchange(told ? answers.wq() : nullptr, mp, 5000, M_PROTO, 1),
				  nullptr);
			strm_test_fail_allocation(0);
			strm_test_softirqs();
			if (told && EXPECT(test, answers.come())) {
				EXPECT_EQ(test, DB_TYPE(answers.got), M_ERROR);
				EXPECT_EQ(test, MBLKL(answers.got), 1);
				EXPECT_EQ(test, *answers.got->b_rptr, ENOSR);
			}
			EXPECT_EQ(test, answers.got != nullptr, told);
			answers.forget();
		}
	}
}

void merror_sends_an_error_of_one_byte(kunit *test)
{
	Answers answers;
	if (!EXPECT(test, bool(answers)))
		return;
	for (mblk_t *mp : List{ spell("abc|def"), static_cast<mblk_t *>(nullptr) }) {
		merror(answers.wq(), mp, EPROTO);
		if (!EXPECT(test, answers.come()))
			return;
		EXPECT_EQ(test, DB_TYPE(answers.got), M_ERROR);
		EXPECT_EQ(test, MBLKL(answers.got), 1);
		EXPECT_EQ(test, *answers.got->b_rptr, EPROTO);
		EXPECT_EQ(test, answers.got->b_cont, nullptr);
		answers.forget();
	}
	strm_test_fail_allocation(1);
	merror(answers.wq(), nullptr, EPROTO);
	EXPECT_EQ(test, answers.got, nullptr);
}

void the_macros_measure_a_block(kunit *test)
{
	mblk_t *mp = allocb(500, BPRI_MED);
	if (!EXPECT(test, mp != nullptr))
		return;
	mp->b_rptr += 10;
	mp->b_wptr += 40;
	EXPECT_EQ(test, MBLKL(mp), 30);
	EXPECT_EQ(test, MBLKHEAD(mp), 10);
	EXPECT_EQ(test, MBLKTAIL(mp), 460);
	EXPECT_EQ(test, MBLKSIZE(mp), 500);
	EXPECT_EQ(test, DB_LIM(mp) - DB_BASE(mp), 500);
	constexpr struct {
		size_t offset, length;
		bool in;
	} rows[] = {
		{ 0, 0, true },	  { 0, 30, true },	    { 0, 31, false },
		{ 29, 1, true },  { 30, 0, true },	    { 30, 1, false },
		{ 31, 0, false }, { ~size_t(0), 2, false }, { 2, ~size_t(0), false },
	};
	for (const auto &row : rows)
		EXPECT_EQ(test, MBLKIN(mp, row.offset, row.length), row.in);
	freemsg(mp);
}

void credentials_go_with_the_data(kunit *test)
{
	auto *cred = const_cast<cred_t *>(lin_kernel_cred());
	for (size_t size : List{ size_t(0), size_t(5), size_t(64), size_t(65), size_t(500),
				 size_t(5000), size_t(100000) }) {
		mblk_t *mp = allocb_cred(size, cred, 17);
		if (!EXPECT(test, mp != nullptr))
			return;
		EXPECT_EQ(test, MBLKSIZE(mp), size);
		for (size_t i = 0; i < size; i++)
			*mp->b_wptr++ = 0xff;
		mp->b_datap->db_type = M_PROTO;
		pid_t pid = 0;
		EXPECT_EQ(test, msg_getcred(mp, &pid), cred);
		EXPECT_EQ(test, pid, 17);

		for (mblk_t *like :
		     List{ copymsg(mp), dupmsg(mp), msgpullup(mp, -1), allocb_tmpl(30, mp) }) {
			pid = 0;
			if (EXPECT(test, like != nullptr)) {
				EXPECT_EQ(test, msg_getcred(like, &pid), cred);
				EXPECT_EQ(test, pid, 17);
				EXPECT_EQ(test, DB_TYPE(like), M_PROTO);
			}
			freemsg(like);
		}
		freemsg(mp);
	}
}

void a_message_of_nobody_has_no_credentials(kunit *test)
{
	for (mblk_t *mp : List{ spell("<abc|def"), allocb_cred(64, nullptr, 17) }) {
		pid_t pid = 0;
		if (!EXPECT(test, mp != nullptr))
			return;
		EXPECT_EQ(test, msg_getcred(mp, &pid), nullptr);
		EXPECT_EQ(test, pid, NOPID);
		mblk_t *like = allocb_tmpl(10, mp);
		EXPECT_EQ(test, msg_getcred(like, nullptr), nullptr);
		EXPECT_EQ(test, DB_TYPE(like), DB_TYPE(mp));
		freemsg(like);
		freemsg(mp);
	}
}

void allocb_cred_without_memory_answers_null(kunit *test)
{
	auto *cred = const_cast<cred_t *>(lin_kernel_cred());
	for (size_t size : List{ size_t(10), size_t(500), size_t(5000) }) {
		strm_test_fail_allocation(1);
		EXPECT_EQ(test, allocb_cred(size, cred, NOPID), nullptr);
	}
	for (size_t size : List{ ~size_t(0), ~size_t(0) - 8, ~size_t(0) - 24, ~size_t(0) >> 1 })
		EXPECT_EQ(test, allocb_cred(size, cred, NOPID), nullptr);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_strsun_cases[] = {
	CASE(mkiocb_makes_an_ioctl_of_the_kernel),
	CASE(miocack_answers_with_success),
	CASE(miocnak_answers_with_an_error_and_no_data),
	CASE(mioc2ack_brings_other_data),
	CASE(miocpullup_answers_as_the_table_says),
	CASE(miocpullup_refuses_what_is_no_plain_ioctl),
	CASE(miocpullup_without_memory_changes_nothing),
	CASE(mcopyin_asks_for_bytes_of_the_user),
	CASE(mcopyout_brings_bytes_to_the_user),
	CASE(mcopyin_without_an_address_asks_for_none),
	CASE(mcopymsg_copies_every_block_and_frees),
	CASE(mexchange_uses_a_block_that_is_its_own),
	CASE(mexchange_makes_another_where_it_must),
	CASE(mexchange_without_memory_reports_it_upstream),
	CASE(merror_sends_an_error_of_one_byte),
	CASE(the_macros_measure_a_block),
	CASE(credentials_go_with_the_data),
	CASE(a_message_of_nobody_has_no_credentials),
	CASE(allocb_cred_without_memory_answers_null),
	{ nullptr, nullptr },
};
