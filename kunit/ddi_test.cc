// SPDX-License-Identifier: GPL-2.0-only
//
// The driver interface around STREAMS: memory, soft state, conversions, text,
// credentials, copies, byte order.  sync_test.cc has locks and timeouts.
#include <kunit/test.hh>
#include <strm/linux.h>
#include <sys/atomic.h>
#include <sys/byteorder.h>
#include <sys/ddi.h>
#include <sys/debug.h>
#include <sys/fcntl.h>
#include <sys/inttypes.h>
#include <sys/param.h>
#include <sys/policy.h>

namespace strm::testing {

namespace {

// ------------------------------------------------------------- data models

} // namespace

} // namespace strm::testing

// Names of structures, as a driver has them.
struct test_request {
	long count;
	char *buffer;
	short kind;
};

struct test_request32 {
	int32_t count;
	uint32_t buffer;
	short kind;
};

namespace strm::testing {

namespace {

void a_structure_of_either_model(kunit *test)
{
	char byte = 0;
	STRUCT_DECL(test_request, request);

	STRUCT_INIT(request, IOC_ILP32 | 1u);
	EXPECT_EQ(test, STRUCT_SIZE(request), 12);
	*static_cast<test_request32 *>(static_cast<void *>(STRUCT_BUF(request))) = { -7, 0x9000000,
										     3 };
	EXPECT_EQ(test, STRUCT_FGET(request, count), -7);
	EXPECT_EQ(test, STRUCT_FGET(request, kind), 3);
	EXPECT_EQ(test, number(STRUCT_FGETP(request, buffer)), 0x9000000);
	STRUCT_FSET(request, count, 8);
	STRUCT_FSETP(request, buffer, reinterpret_cast<char *>(0x1000));
	EXPECT_EQ(test, request_room.ilp32.count, 8);
	EXPECT_EQ(test, request_room.ilp32.buffer, 0x1000);
	EXPECT_EQ(test, number(STRUCT_FADDR(request, kind)), number(&request_room.ilp32.kind));

	test_request native = { 5, &byte, 2 };
	STRUCT_HANDLE(test_request, other);
	STRUCT_SET_HANDLE(other, IOC_NATIVE, &native);
	EXPECT_EQ(test, STRUCT_SIZE(other), sizeof(test_request));
	EXPECT_EQ(test, STRUCT_FGET(other, count), 5);
	EXPECT_EQ(test, number(STRUCT_FGETP(other, buffer)), number(&byte));
	STRUCT_FSET(other, count, -6);
	EXPECT_EQ(test, native.count, -6);
}

void sizes_by_model(kunit *test)
{
	EXPECT_EQ(test, SIZEOF_STRUCT(test_request, DATAMODEL_ILP32), 12);
	EXPECT_EQ(test, SIZEOF_STRUCT(test_request, DATAMODEL_NATIVE), 24);
	EXPECT_EQ(test, SIZEOF_PTR(FILP32), 4);
	EXPECT_EQ(test, SIZEOF_PTR(FNATIVE), 8);
	EXPECT_EQ(test, ddi_model_convert_from(FILP32 | FNONBLOCK), DDI_MODEL_ILP32);
	EXPECT_EQ(test, ddi_model_convert_from(FNATIVE), DDI_MODEL_NONE);
}

// ------------------------------------------------------------------ memory

void no_memory_for_nothing_or_too_much(kunit *test)
{
	for (int flag : List{ KM_SLEEP, KM_NOSLEEP, KM_NOSLEEP_LAZY }) {
		EXPECT_EQ(test, kmem_alloc(0, flag), nullptr);
		EXPECT_EQ(test, kmem_zalloc(0, flag), nullptr);
		EXPECT_EQ(test, kmem_alloc(1ul << 40, flag), nullptr);
	}
	kmem_free(nullptr, 0);
	kmem_free(nullptr, 8);
}

bool all_zero(const void *memory, size_t size)
{
	auto *byte = static_cast<const unsigned char *>(memory);

	for (size_t i = 0; i < size; i++)
		if (byte[i])
			return false;
	return true;
}

constexpr size_t kmem_sizes[] = { 1, 100, 4096, 70000, 9u << 20 };

void zeroed_memory_is_zero_at_any_size(kunit *test)
{
	for (size_t size : kmem_sizes) {
		void *memory = kmem_zalloc(size, KM_SLEEP);
		if (!EXPECT(test, memory))
			return;
		EXPECT(test, all_zero(memory, size));
		EXPECT_EQ(test, number(memory) % 8, 0);
		memset(memory, 0xa5, size);
		kmem_free(memory, size);
	}
}

// Nine megabytes are more than the page allocator has in one piece.
void large_memory_is_freed_where_nothing_sleeps(kunit *test)
{
	for (bool irq : List{ false, true }) {
		kmutex_t lock;
		void *memory = kmem_alloc(9u << 20, KM_SLEEP);
		if (!EXPECT(test, memory))
			return;
		mutex_init(&lock, NULL, MUTEX_DRIVER, irq ? &lock : NULL);
		mutex_enter(&lock);
		kmem_free(memory, 9u << 20);
		mutex_exit(&lock);
		mutex_destroy(&lock);
	}
}

void sleeping_for_memory_with_a_mutex_does_not_sleep(kunit *test)
{
	kmutex_t lock;

	mutex_init(&lock, NULL, MUTEX_DRIVER, NULL);
	mutex_enter(&lock);
	void *memory = kmem_zalloc(64, KM_SLEEP);
	mutex_exit(&lock);
	mutex_destroy(&lock);
	EXPECT(test, memory && all_zero(memory, 64));
	kmem_free(memory, 64);
}

struct Made {
	int alive = 0;
	int refuse = 0;
	int flag = -1;
};

int construct(void *buf, void *arg, int flag)
{
	auto &made = *static_cast<Made *>(arg);

	made.flag = flag;
	if (made.refuse)
		return -1;
	made.alive++;
	*static_cast<int *>(buf) = 4711;
	return 0;
}

void destruct(void *buf, void *arg)
{
	static_cast<Made *>(arg)->alive -= *static_cast<int *>(buf) == 4711;
}

void a_cache_constructs_and_destructs(kunit *test)
{
	Made made;
	char name[] = "streams_test_made";
	kmem_cache_t *cache = kmem_cache_create(name, 200, 0, construct, destruct, NULL, &made,
						NULL, 0);
	if (!EXPECT(test, cache))
		return;
	void *one = kmem_cache_alloc(cache, KM_SLEEP);
	EXPECT_EQ(test, made.flag, KM_SLEEP);
	void *two = kmem_cache_alloc(cache, KM_NOSLEEP);
	EXPECT_EQ(test, made.flag, KM_NOSLEEP);
	EXPECT_EQ(test, made.alive, 2);
	made.refuse = 1;
	EXPECT_EQ(test, kmem_cache_alloc(cache, KM_SLEEP), nullptr);
	if (one)
		kmem_cache_free(cache, one);
	if (two)
		kmem_cache_free(cache, two);
	EXPECT_EQ(test, made.alive, 0);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(nullptr);
}

// -------------------------------------------------------------- soft state

void soft_state_wants_a_place_and_a_size(kunit *test)
{
	void *state = nullptr;

	EXPECT_EQ(test, ddi_soft_state_init(nullptr, 8, 1), EINVAL);
	EXPECT_EQ(test, ddi_soft_state_init(&state, 0, 1), EINVAL);
	EXPECT_EQ(test, state, nullptr);
	EXPECT_EQ(test, ddi_soft_state_zalloc(nullptr, 0), DDI_FAILURE);
	EXPECT_EQ(test, ddi_get_soft_state(nullptr, 0), nullptr);
	ddi_soft_state_free(nullptr, 0);
	ddi_soft_state_fini(nullptr);
	ddi_soft_state_fini(&state);
}

void soft_state_grows_to_any_number(kunit *test)
{
	const auto items = List{ 0, 1, 3, 64, 1000, 70000, INT_MAX };
	void *state = nullptr;

	if (!EXPECT_EQ(test, ddi_soft_state_init(&state, 5000, 1), 0))
		return;
	for (int item : items) {
		EXPECT_EQ(test, ddi_get_soft_state(state, item), nullptr);
		EXPECT_EQ(test, ddi_soft_state_zalloc(state, item), DDI_SUCCESS);
		void *structure = ddi_get_soft_state(state, item);
		if (EXPECT(test, structure) && EXPECT(test, all_zero(structure, 5000)))
			memset(structure, item & 0x7f, 5000);
	}
	for (int item : items) {
		auto *bytes = static_cast<unsigned char *>(ddi_get_soft_state(state, item));
		EXPECT(test, bytes && bytes[0] == (item & 0x7f) && bytes[4999] == (item & 0x7f));
	}
	EXPECT_EQ(test, ddi_get_soft_state(state, 2), nullptr);
	ddi_soft_state_fini(&state);
	EXPECT_EQ(test, state, nullptr);
}

void soft_state_refuses_what_is_there_and_what_is_no_number(kunit *test)
{
	void *state = nullptr;

	if (!EXPECT_EQ(test, ddi_soft_state_init(&state, 16, 4), 0))
		return;
	EXPECT_EQ(test, ddi_soft_state_zalloc(state, 2), DDI_SUCCESS);
	void *structure = ddi_get_soft_state(state, 2);
	EXPECT_EQ(test, ddi_soft_state_zalloc(state, 2), DDI_FAILURE);
	EXPECT_EQ(test, ddi_get_soft_state(state, 2), structure);
	for (int item : List{ -1, INT_MIN }) {
		EXPECT_EQ(test, ddi_soft_state_zalloc(state, item), DDI_FAILURE);
		EXPECT_EQ(test, ddi_get_soft_state(state, item), nullptr);
		ddi_soft_state_free(state, item);
	}
	ddi_soft_state_fini(&state);
}

void soft_state_is_freed_once_and_made_again(kunit *test)
{
	void *state = nullptr;

	if (!EXPECT_EQ(test, ddi_soft_state_init(&state, 16, 4), 0))
		return;
	EXPECT_EQ(test, ddi_soft_state_zalloc(state, 7), DDI_SUCCESS);
	ddi_soft_state_free(state, 7);
	EXPECT_EQ(test, ddi_get_soft_state(state, 7), nullptr);
	ddi_soft_state_free(state, 7);
	ddi_soft_state_free(state, 8);
	EXPECT_EQ(test, ddi_soft_state_zalloc(state, 7), DDI_SUCCESS);
	EXPECT(test, ddi_get_soft_state(state, 7));
	ddi_soft_state_fini(&state);
}

void soft_state_is_made_with_a_mutex_held(kunit *test)
{
	void *state = nullptr;
	kmutex_t lock;

	if (!EXPECT_EQ(test, ddi_soft_state_init(&state, 16, 4), 0))
		return;
	mutex_init(&lock, NULL, MUTEX_DRIVER, NULL);
	mutex_enter(&lock);
	int made = ddi_soft_state_zalloc(state, 300);
	mutex_exit(&lock);
	mutex_destroy(&lock);
	EXPECT_EQ(test, made, DDI_SUCCESS);
	EXPECT(test, ddi_get_soft_state(state, 300));
	ddi_soft_state_fini(&state);
}

// ------------------------------------------------------------- conversions

void microseconds_become_ticks_rounded_up(kunit *test)
{
	const clock_t tick = 1000000 / hz;

	EXPECT_EQ(test, drv_usectohz(0), 0);
	EXPECT_EQ(test, drv_usectohz(-5), 0);
	EXPECT_EQ(test, drv_usectohz(1), 1);
	EXPECT_EQ(test, drv_usectohz(tick), 1);
	EXPECT_EQ(test, drv_usectohz(tick + 1), 2);
	EXPECT_EQ(test, drv_usectohz(1000000), hz);
	EXPECT_EQ(test, drv_usectohz(1000001), hz + 1);
	EXPECT_EQ(test, drv_usectohz(LONG_MAX),
		  LONG_MAX / 1000000 * hz + (LONG_MAX % 1000000 * hz + 999999) / 1000000);
}

void ticks_become_microseconds_as_far_as_they_fit(kunit *test)
{
	EXPECT_EQ(test, drv_hztousec(0), 0);
	EXPECT_EQ(test, drv_hztousec(-1), 0);
	EXPECT_EQ(test, drv_hztousec(1), 1000000 / hz);
	EXPECT_EQ(test, drv_hztousec(hz), 1000000);
	EXPECT_EQ(test, drv_hztousec(7l * hz), 7000000);
	EXPECT_EQ(test, drv_hztousec(LONG_MAX), LONG_MAX);
	EXPECT_EQ(test, drv_hztousec(LONG_MAX / 1000000 * hz), LONG_MAX / 1000000 * 1000000);
	EXPECT_EQ(test, drv_hztousec((LONG_MAX / 1000000 + 1) * hz), LONG_MAX);
	EXPECT_EQ(test, drv_sectohz(3), 3 * hz);
	EXPECT_EQ(test, drv_sectohz(-3), 0);
	EXPECT_EQ(test, drv_sectohz(LONG_MAX), LONG_MAX);
}

void the_macros_of_time_agree(kunit *test)
{
	EXPECT_EQ(test, TICK_TO_SEC(SEC_TO_TICK(5)), 5);
	EXPECT_EQ(test, TICK_TO_MSEC(hz), 1000);
	EXPECT_EQ(test, TICK_TO_USEC(hz), 1000000);
	EXPECT_EQ(test, TICK_TO_NSEC(hz), 1000000000);
	EXPECT_EQ(test, MSEC_TO_TICK(999), hz * 999 / 1000);
	EXPECT_EQ(test, USEC_TO_TICK(1), 0);
	EXPECT_EQ(test, USEC_TO_TICK_ROUNDUP(1), 1);
	EXPECT_EQ(test, NSEC_TO_TICK_ROUNDUP(1000000001), hz + 1);
	EXPECT_EQ(test, NSEC_TO_TICK(1000000001), hz);
	EXPECT_EQ(test, MSEC_TO_TICK_ROUNDUP(1000), hz);
	// a product of these does not fit 64 bits
	EXPECT_EQ(test, NSEC_TO_TICK(INT64_MAX),
		  INT64_MAX / 1000000000 * hz + INT64_MAX % 1000000000 * hz / 1000000000);
}

void clocks_go_on(kunit *test)
{
	const clock_t lbolt = ddi_get_lbolt();
	const hrtime_t before = gethrtime();
	timestruc_t now;

	delay(2);
	EXPECT(test, ddi_get_lbolt() >= lbolt + 2);
	EXPECT(test, gethrtime() - before >= 1000000000 / hz);
	drv_usecwait(3000);
	EXPECT(test, gethrtime() - before >= 3000000);
	EXPECT_EQ(test, delay_sig(1), 0);
	delay(0);
	delay(-1);
	// the machine was started less than a year ago
	EXPECT(test, lbolt > 0 && lbolt < 365l * 86400 * hz);
	gethrestime(&now);
	EXPECT(test, now.tv_sec - ddi_get_time() <= 1 && ddi_get_time() - now.tv_sec <= 1);
	EXPECT(test, now.tv_nsec >= 0 && now.tv_nsec < 1000000000);
}

void parameters_are_those_of_the_caller(kunit *test)
{
	clock_t lbolt = 0;
	time_t time = 0;
	pid_t pid = 0;
	cred_t *cr = nullptr;

	EXPECT_EQ(test, drv_getparm(LBOLT, &lbolt), 0);
	EXPECT(test, ddi_get_lbolt() - lbolt <= hz);
	EXPECT_EQ(test, drv_getparm(TIME, &time), 0);
	EXPECT(test, ddi_get_time() - time <= 1);
	EXPECT_EQ(test, drv_getparm(PPID, &pid), 0);
	EXPECT_EQ(test, pid, ddi_get_pid());
	EXPECT_EQ(test, drv_getparm(PPGRP, &pid), 0);
	EXPECT_EQ(test, drv_getparm(PSID, &pid), 0);
	EXPECT_EQ(test, drv_getparm(UCRED, &cr), 0);
	EXPECT_EQ(test, cr, CRED());
	lbolt = 4711;
	for (unsigned int what : List{ 0u, 1u, 3u, 5u, 10u, UINT_MAX })
		EXPECT_EQ(test, drv_getparm(what, &lbolt), -1);
	EXPECT_EQ(test, lbolt, 4711);
}

// ------------------------------------------------------------ the caller

void a_kernel_thread_is_root(kunit *test)
{
	cred_t *cr = ddi_get_cred();

	crhold(cr);
	for (uid_t uid : List{ crgetuid(cr), crgetruid(cr), crgetsuid(cr) })
		EXPECT_EQ(test, uid, 0);
	for (gid_t gid : List{ crgetgid(cr), crgetrgid(cr), crgetsgid(cr) })
		EXPECT_EQ(test, gid, 0);
	EXPECT_EQ(test, crgetngroups(cr), 0);
	EXPECT_EQ(test, groupmember(0, cr), 1);
	EXPECT_EQ(test, groupmember(5, cr), 0);
	EXPECT_EQ(test, drv_priv(cr), 0);
	EXPECT_EQ(test, secpolicy_net_config(cr, B_FALSE), 0);
	EXPECT_EQ(test, secpolicy_net_rawaccess(cr), 0);
	EXPECT_EQ(test, secpolicy_sys_config(cr, B_TRUE), 0);
	crfree(cr);
}

// The caller, a kernel thread, has no memory of its own: what is tried reaches
// beyond the last address.
void a_bad_address_is_minus_one(kunit *test)
{
	void *nowhere = reinterpret_cast<void *>(~3ul);
	char buf[8] = "kept";
	char other[8] = "kept";
	kmutex_t lock;

	EXPECT_EQ(test, copyin(nowhere, other, sizeof(other)), -1);
	EXPECT_EQ(test, copyout(buf, nowhere, sizeof(buf)), -1);
	EXPECT_EQ(test, ddi_copyin(nowhere, other, sizeof(other), 0), -1);
	EXPECT_EQ(test, ddi_copyout(buf, nowhere, sizeof(buf), FREAD), -1);
	mutex_init(&lock, NULL, MUTEX_DRIVER, NULL);
	mutex_enter(&lock);
	int in = copyin(nowhere, other, sizeof(other));
	int out = copyout(buf, nowhere, sizeof(buf));
	mutex_exit(&lock);
	mutex_destroy(&lock);
	EXPECT_EQ(test, in, -1);
	EXPECT_EQ(test, out, -1);
	EXPECT_TEXT(test, buf, "kept");
}

void a_caller_in_the_kernel_is_copied_plainly(kunit *test)
{
	char from[8] = "abc", to[8] = {};

	EXPECT_EQ(test, ddi_copyin(from, to, sizeof(to), FKIOCTL), 0);
	EXPECT_TEXT(test, to, "abc");
	from[0] = 'x';
	EXPECT_EQ(test, ddi_copyout(from, to, sizeof(to), FKIOCTL | FWRITE), 0);
	EXPECT_TEXT(test, to, "xbc");
}

void a_process_that_is_known_can_be_signalled(kunit *test)
{
	void *me = proc_ref();

	EXPECT_EQ(test, proc_signal(me, 0), 0);
	proc_unref(me);
}

// -------------------------------------------------------------------- text

void numbers_become_digits_and_back(kunit *test)
{
	char buf[24];

	numtos(0, buf);
	EXPECT_TEXT(test, buf, "0");
	numtos(ULONG_MAX, buf);
	EXPECT_TEXT(test, buf, "18446744073709551615");
	struct {
		char text[8];
		int value;
		int used;
	} rows[] = { { "0", 0, 1 },  { "42", 42, 2 }, { "007x", 7, 3 }, { "", 0, 0 },
		     { "x1", 0, 0 }, { "-1", 0, 0 },  { "12 3", 12, 2 } };
	for (auto &row : rows) {
		char *s = row.text;
		EXPECT_EQ(test, stoi(&s), row.value);
		EXPECT_EQ(test, s - row.text, row.used);
	}
}

struct TextRow {
	const char *text;
	int base;
	int error;
	long value;
	long used;
};

constexpr TextRow text_rows[] = {
	{ "0", 0, 0, 0, 1 },
	{ "  +42;", 0, 0, 42, 5 },
	{ "-42", 10, 0, -42, 3 },
	{ "0x1F", 0, 0, 31, 4 },
	{ "0x1f", 16, 0, 31, 4 },
	{ "1f", 16, 0, 31, 2 },
	{ "0xg", 16, 0, 0, 1 },
	{ "0x", 0, 0, 0, 1 },
	{ "017", 0, 0, 15, 3 },
	{ "018", 0, 0, 1, 2 },
	{ "zz", 36, 0, 1295, 2 },
	{ "102", 2, 0, 2, 2 },
	{ "9223372036854775807", 10, 0, LONG_MAX, 19 },
	{ "-9223372036854775808", 10, 0, LONG_MIN, 20 },
	{ "", 10, EINVAL, 0, 0 },
	{ "-", 10, EINVAL, 0, 0 },
	{ "x", 10, EINVAL, 0, 0 },
	{ "5", 1, EINVAL, 0, 0 },
	{ "5", 37, EINVAL, 0, 0 },
	{ "5", -2, EINVAL, 0, 0 },
	{ "9223372036854775808", 10, ERANGE, 0, 19 },
	{ "-9223372036854775809", 10, ERANGE, 0, 20 },
	{ "99999999999999999999", 10, ERANGE, 0, 20 },
	{ "36893488147419103232", 10, ERANGE, 0, 20 }, // twice 2^64: 0 if it wrapped
};

void text_becomes_a_signed_number(kunit *test)
{
	for (const TextRow &row : text_rows) {
		long value = 4711;
		char *end = nullptr;

		EXPECT_EQ(test, ddi_strtol(row.text, &end, row.base, &value), row.error);
		EXPECT_EQ(test, value, row.error ? 4711 : row.value);
		EXPECT_EQ(test, end - row.text, row.used);
	}
}

void text_becomes_an_unsigned_number(kunit *test)
{
	unsigned long value = 4711;
	char *end = nullptr;

	EXPECT_EQ(test, ddi_strtoul("18446744073709551615", &end, 10, &value), 0);
	EXPECT_EQ(test, value, ULONG_MAX);
	EXPECT_EQ(test, ddi_strtoul("18446744073709551616", &end, 10, &value), ERANGE);
	EXPECT_EQ(test, value, ULONG_MAX);
	EXPECT_EQ(test, ddi_strtoul("0777", nullptr, 0, &value), 0);
	EXPECT_EQ(test, value, 0777);
	EXPECT_EQ(test, ddi_strtoul("", &end, 0, &value), EINVAL);
}

void copied_text_ends_in_its_buffer(kunit *test)
{
	char buf[4] = "xyz";

	EXPECT_EQ(test, strlcpy(buf, "ab", sizeof(buf)), 2);
	EXPECT_TEXT(test, buf, "ab");
	EXPECT_EQ(test, strlcpy(buf, "abcdef", sizeof(buf)), 6);
	EXPECT_TEXT(test, buf, "abc");
	EXPECT_EQ(test, strlcpy(buf, "q", 0), 1);
	EXPECT_TEXT(test, buf, "abc");
}

// -------------------------------------------------------- arithmetic, bytes

void bytes_have_the_order_of_the_name(kunit *test)
{
	unsigned char bytes[9] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	void *odd = bytes + 1; // on no boundary

	EXPECT_EQ(test, BE_IN8(odd), 1);
	EXPECT_EQ(test, BE_IN16(odd), 0x0102);
	EXPECT_EQ(test, LE_IN16(odd), 0x0201);
	EXPECT_EQ(test, BE_IN32(odd), 0x01020304);
	EXPECT_EQ(test, LE_IN32(odd), 0x04030201);
	EXPECT_EQ(test, BE_IN64(odd), 0x0102030405060708);
	EXPECT_EQ(test, LE_IN64(odd), 0x0807060504030201);
	BE_OUT32(odd, 0xa1b2c3d4);
	EXPECT(test, bytes[1] == 0xa1 && bytes[4] == 0xd4 && bytes[5] == 5 && bytes[0] == 0);
	LE_OUT16(odd, 0x1122);
	EXPECT(test, bytes[1] == 0x22 && bytes[2] == 0x11 && bytes[3] == 0xc3);
	uint32_t wire = htonl(0x01020304);
	EXPECT_EQ(test, BE_IN32(&wire), 0x01020304);
	EXPECT_EQ(test, ntohl(htonl(0xdeadbeef)), 0xdeadbeef);
	EXPECT_EQ(test, ntohs(htons(0xbeef)), 0xbeef);
	EXPECT_EQ(test, BSWAP_64(0x0102030405060708), 0x0807060504030201);
}

static_assert(P2ROUNDUP(13u, 8u) == 16 && P2ROUNDUP(16u, 8u) == 16 && P2ALIGN(13u, 8u) == 8);
static_assert(P2PHASE(13u, 8u) == 5 && P2NPHASE(13u, 8u) == 3 && ISP2(64) && !ISP2(65));
static_assert(P2ROUNDUP_TYPED(0x100000001, 8, uint64_t) == 0x100000008);
static_assert(roundup(13, 5) == 15 && howmany(13, 5) == 3 && howmany(15, 5) == 3);
static_assert(MIN(-1, 2) == -1 && MAX(-1, 2) == 2 && ABS(-3) == 3 && SIGNOF(-3) == -1);
static_assert(getmajor(makedevice(0xabc, 0xdef01)) == 0xabc);
static_assert(getminor(makedevice(0xabc, 0xdef01)) == 0xdef01);

void atomic_operations_give_old_or_new_values(kunit *test)
{
	volatile uint32_t word = 5;
	volatile ulong_t bits = 0;
	int a, b;
	int *volatile pointer = &a;

	atomic_add_32(&word, -2);
	EXPECT_EQ(test, word, 3);
	EXPECT_EQ(test, atomic_add_32_nv(&word, 4), 7);
	EXPECT_EQ(test, atomic_inc_32_nv(&word), 8);
	EXPECT_EQ(test, atomic_dec_32_nv(&word), 7);
	EXPECT_EQ(test, atomic_or_32_nv(&word, 8), 15);
	EXPECT_EQ(test, atomic_and_32_nv(&word, 6), 6);
	EXPECT_EQ(test, atomic_cas_32(&word, 5, 9), 6);
	EXPECT_EQ(test, atomic_cas_32(&word, 6, 9), 6);
	EXPECT_EQ(test, atomic_swap_32(&word, 1), 9);
	EXPECT_EQ(test, word, 1);
	EXPECT_EQ(test, atomic_cas_ptr(&pointer, &b, &b), &a);
	EXPECT_EQ(test, atomic_cas_ptr(&pointer, &a, &b), &a);
	EXPECT_EQ(test, atomic_swap_ptr(&pointer, nullptr), &b);
	EXPECT_EQ(test, atomic_set_long_excl(&bits, 40), 0);
	EXPECT_EQ(test, atomic_set_long_excl(&bits, 40), -1);
	EXPECT_EQ(test, bits, 1l << 40);
	EXPECT_EQ(test, atomic_clear_long_excl(&bits, 40), 0);
	EXPECT_EQ(test, atomic_clear_long_excl(&bits, 40), -1);
}

void what_holds_is_verified_once(kunit *test)
{
	int evaluated = 0;

	VERIFY(++evaluated);
	VERIFY3U(++evaluated, ==, 2);
	VERIFY3S(-1, <, 0);
	VERIFY0(evaluated - 2);
	EXPECT_EQ(test, evaluated, 2);
}

} // namespace

} // namespace strm::testing

extern "C" const strm_case strm_ddi_cases[] = {
	CASE(a_structure_of_either_model),
	CASE(sizes_by_model),
	CASE(no_memory_for_nothing_or_too_much),
	CASE(zeroed_memory_is_zero_at_any_size),
	CASE(large_memory_is_freed_where_nothing_sleeps),
	CASE(sleeping_for_memory_with_a_mutex_does_not_sleep),
	CASE(a_cache_constructs_and_destructs),
	CASE(soft_state_wants_a_place_and_a_size),
	CASE(soft_state_grows_to_any_number),
	CASE(soft_state_refuses_what_is_there_and_what_is_no_number),
	CASE(soft_state_is_freed_once_and_made_again),
	CASE(soft_state_is_made_with_a_mutex_held),
	CASE(microseconds_become_ticks_rounded_up),
	CASE(ticks_become_microseconds_as_far_as_they_fit),
	CASE(the_macros_of_time_agree),
	CASE(clocks_go_on),
	CASE(parameters_are_those_of_the_caller),
	CASE(a_kernel_thread_is_root),
	CASE(a_bad_address_is_minus_one),
	CASE(a_caller_in_the_kernel_is_copied_plainly),
	CASE(a_process_that_is_known_can_be_signalled),
	CASE(numbers_become_digits_and_back),
	CASE(text_becomes_a_signed_number),
	CASE(text_becomes_an_unsigned_number),
	CASE(copied_text_ends_in_its_buffer),
	CASE(bytes_have_the_order_of_the_name),
	CASE(atomic_operations_give_old_or_new_values),
	CASE(what_holds_is_verified_once),
	{ nullptr, nullptr },
};
